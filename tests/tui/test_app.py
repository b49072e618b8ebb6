"""How the reader begins and ends, and what it says at the bottom."""

import pytest

from nordic_tui.errors import SettingsError
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.screens import base
from tests.fakes import NEWS, feed, make_services

from .helpers import (
    NARROW,
    SMALL,
    lines,
    on_post,
    press,
    run,
    running_text,
    said,
    still,
    text,
    until,
)

POSTS = feed(*(f"Post {n}" for n in range(5)), categories=("Events",))


async def ended_with(*keys: str) -> tuple[bool, int | None, int | None]:
    """Whether it ended, and its two words on how: what it returned, and the crash status."""
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, *keys)
        return app._exit, app.return_value, app.return_code


async def test_q_quits_with_0() -> None:
    assert await ended_with("q") == (True, None, 0)
    assert await ended_with("1", "q") == (True, None, 0)
    assert await ended_with("enter", "q", "q") == (True, None, 0)


@pytest.mark.parametrize("keys", [(), ("enter",), ("?",), ("/",), ("H",), ("ctrl+p",)], ids=str)
async def test_ctrl_c_ends_everywhere_with_130(keys: tuple[str, ...]) -> None:
    ended, status, _ = await ended_with(*keys, "ctrl+c")
    assert (ended, status) == (True, 130)


async def test_escape_never_quits() -> None:
    for size in (SMALL, NARROW):
        with make_services({NEWS: POSTS}, consent=None) as fake:
            async with run(fake.services, size) as (app, pilot):
                for keys in ((), ("enter",), ("?",), ("/",), ("3",), ("a",), ("H",), ("1",)):
                    await press(pilot, *keys, *["escape"] * 3)
                    assert not app._exit
                    assert app.screen is app.reader


async def test_an_error_that_nobody_expected_ends_it_with_1(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> None:
        raise RuntimeError("broken")

    codes: list[int | None] = []

    async def crash() -> None:
        with make_services({NEWS: POSTS}) as fake:
            try:
                async with run(fake.services) as (app, pilot):
                    monkeypatch.setattr(app.reader, "action_mark_view", broken)
                    await press(pilot, "A")
            finally:
                codes.append(app.return_code)

    with pytest.raises(RuntimeError, match="broken"):
        await crash()
    assert codes == [1]


async def test_a_message_stands_for_a_while_in_place_of_the_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(base, "MESSAGE_S", 0.05)
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            before = lines(app)
            await press(pilot, "n", "n", "n", "n", "n", "n", "full_stop")
            assert said(app) == "Nothing new has come in."
            assert "? help" not in text(app)
            await until(pilot, lambda: said(app) == "")
            assert lines(app)[-1] == before[-1]


async def test_what_textual_says_stands_there_too() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            app.notify("Saved [b]here[/b].", title="Screenshot", severity="error")
            await pilot.pause(0)
            assert said(app) == "Saved [b]here[/b]."
            assert "Saved [b]here[/b]." in lines(app)[-1]


async def test_a_long_message_is_wrapped_and_never_cut_off() -> None:
    words = "Nordic Safe Cities did not answer within 20 s. Showing what was kept; next try soon."
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, NARROW) as (app, pilot):
            app.say(words, "alarm")
            await pilot.pause()
            assert words in running_text(app)
            assert on_post(app) == "Post 0"
            await press(pilot, "escape")
            assert "Nordic Safe Cities did" not in text(app)


async def test_what_went_wrong_before_is_said_first() -> None:
    problems = ("The cache was broken and made anew.", "settings.toml can't be read.")
    with make_services({NEWS: POSTS}, problems=problems) as fake:
        async with run(fake.services) as (app, pilot):
            await until(pilot, lambda: said(app) == " ".join(problems))


async def test_a_theme_that_can_not_be_kept_is_told() -> None:
    def locked(_: str) -> None:
        raise SettingsError("settings.toml is not to be written.")

    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services._replace(save_theme=locked)) as (app, pilot):
            await press(pilot, "T")
            assert app.theme == "snow", "it holds meanwhile"
            assert said(app) == ("The theme could not be kept: settings.toml is not to be written.")


async def test_the_palette_opens_finds_and_closes() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "ctrl+p", *"copy")
            await until(pilot, lambda: "Copy the post's link" in running_text(app))
            assert "Read · y" in running_text(app), "with its key, so that one learns it"
            await press(pilot, "escape")
            await until(pilot, lambda: app.screen is app.reader)
            assert not app._exit


async def test_the_footer_is_about_the_pane_with_the_focus() -> None:
    wanted = {
        "1": "Enter read   a all or unread   / search   r refresh   ? help",
        "2": "Enter read   m mark   / search   r refresh   ? help",
        "3": "Enter read   o open the page   y copy link   c category   ? help",
    }
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            for key, keys in wanted.items():
                await press(pilot, key)
                assert lines(app)[-1].strip() == keys


async def test_where_there_is_no_room_for_all_keys_help_stays() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, (30, 10)) as (app, _):
            assert lines(app)[-1].rstrip() == " Enter read   m mark   ? help"


async def test_redraw_draws_the_same() -> None:
    with make_services({NEWS: POSTS}, preferences=still()) as fake:
        async with run(fake.services) as (app, pilot):
            before = lines(app)
            await press(pilot, "ctrl+l")
            assert lines(app) == before


async def test_the_first_frame_has_its_posts_before_anything_is_asked_for() -> None:
    with make_services({NEWS: POSTS}) as fake:
        app = NordicApp(fake.services)
        async with app.run_test(size=SMALL):
            assert fake.fetcher.asked == []
            assert "● Post 0" in text(app)
            assert "What Post 0 is about." in text(app)
