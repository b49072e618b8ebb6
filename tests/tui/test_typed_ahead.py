"""Keys that come in one piece, as over a slow link: each goes where those before it lead."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from unittest.mock import Mock

import pytest
from textual.events import Key, Paste

from nordic_tui.model import Entry, Found, View
from nordic_tui.service.finding import FoundListing
from nordic_tui.tui import typed_ahead
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.screens import listing as listing_screen
from tests.fakes import NEWS, make_services
from tests.tui.helpers import WAIT_S, burst, of, on_post, press, run, still, until

POSTS = of(
    *(
        Entry(
            guid=f"{n}",
            title=f"Post {n} of the harbour",
            link=f"https://news.example/{n}",
            excerpt="Words.",
            content=f"<p>The whole of post {n}, <a href='https://a.example/{n}'>a link</a>, "
            f"<a href='https://b.example/{n}'>another</a>.</p>",
            categories=("Events", f"Kind {n % 3}"),
        )
        for n in range(30)
    )
)


def at_rest(app: NordicApp) -> bool:
    """Whether the list is that of the place under the cursor: it follows once that has rested."""
    place = app.reader.categories.place
    return place is not None and (place.kind, place.id) == app.reader.at


@pytest.mark.parametrize(
    "keys",
    [
        ("?", "escape", "j"),
        ("?", *"mark", "escape", "j", "?", "enter", "j"),
        ("j", "enter", "escape", "j", "enter", "q", "j", "enter", "j", "L", "escape", "q", "k"),
        ("+", "escape", "j", "+", *"jj", "escape", "j"),
        ("S", "j", "escape", "j"),
        ("S", "enter", "j", "escape", "q", "j"),
        ("V", "escape", "j", "V", "j", "q", "j"),
        ("V", "a", "escape", "j", "escape", "j"),
        ("L", "j", "escape", "j", "L", "q", "j"),
        ("L", "Q", "escape", "escape", "j"),
        ("Q", "escape", "j", "Q", "q", "j"),
        ("t", *"harbour", "escape", "j", "t", "escape", "j"),
        ("t", *"ice", "enter", "escape", "j"),
        ("H", "escape", "j", "H", "j", "enter", "escape", "j"),
        ("c", "j", "enter", "j"),
        ("c", "escape", "j"),
        ("D", "escape", "j"),
        ("|", "escape", "j", "|", *"cat", "escape", "j"),
        ("/", *"harbour", "enter", "j", "enter", "q", "j", "escape", "j"),
        ("f", *"1", "enter", "j", "enter", "escape", "j", "escape", "j"),
        ("1", "j", "enter", "j", "enter", "q", "j"),
        ("ctrl+p", "escape", "j"),
        ("tab", "j", "tab", "j", "2", "j", "g", "g", "j"),
    ],
    ids=" ".join,
)
async def test_a_burst_does_what_its_keys_do_one_by_one(keys: tuple[str, ...]) -> None:
    shown = []
    for type_ in (press, burst):
        with make_services({NEWS: POSTS}) as fake:
            async with run(fake.services) as (app, pilot):
                await type_(pilot, *keys)
                await until(pilot, lambda: app.typed.is_idle)
                await until(pilot, lambda: app.screen is app.reader and at_rest(app))
                shown.append((on_post(app), app.reader.view, app.reader.pane))
    assert shown[0] == shown[1]


async def test_keys_behind_a_search_wait_for_more_than_its_first_posts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            library, view = fake.services.library, View(search="harbour")
            whole = library.find(view).result(WAIT_S)
            asked: list[View] = []
            answer: Future[FoundListing] = Future()

            def find(
                wanted: View, first: Callable[[FoundListing], None] | None
            ) -> Future[FoundListing]:
                assert first is not None
                asked.append(wanted)
                first(listing(wanted, whole.ids[:1], complete=False))
                return answer

            def listing(wanted: View, ids: Sequence[int], *, complete: bool) -> FoundListing:
                return FoundListing(fake.store, wanted, whole.snapshot, Found(ids, complete))

            monkeypatch.setattr(listing_screen, "REST_OF_POSTS_S", WAIT_S)
            monkeypatch.setattr(app.reader.finding, "_library", Mock(find=find))
            app.reader.open_view(view, hold=True)
            await burst(pilot, "j", "j")
            await until(pilot, lambda: app.reader.finding.shown)
            answer.set_result(listing(asked[-1], whole.ids, complete=True))
            await until(pilot, lambda: app.typed.is_idle)
            assert app.reader.posts.cursor == 2


async def test_esc_and_a_letter_in_one_piece_are_no_letter_with_alt() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await burst(pilot, "?", "alt+j")
            await until(pilot, lambda: app.screen is app.reader)
            assert "Post 1 " in on_post(app)


async def test_a_key_with_alt_that_the_settings_name_is_that_key() -> None:
    with make_services({NEWS: POSTS}, preferences=still(keys={"down": "alt+j"})) as fake:
        async with run(fake.services) as (app, pilot):
            await burst(pilot, "alt+j", "alt+j")
            assert "Post 2 " in on_post(app)


async def test_a_pasted_text_waits_for_its_turn() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            for event in (Key("f", "f"), Paste("Post 7"), Key("enter", "\r"), Key("j", "j")):
                app.post_message(event)
            await until(pilot, lambda: app.typed.is_idle and app.reader.view.title == "Post 7")
            assert "Post 7 " in on_post(app)


async def test_ctrl_c_waits_for_nothing() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            app.reader.takes_keys = False
            await burst(pilot, "j", "ctrl+c")
            assert app.return_value == 130


async def test_a_widget_that_does_not_answer_keeps_the_keyboard_for_a_moment_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(typed_ahead, "LIMIT_S", 0.01)
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, _):
            answers = asyncio.Event()
            app.reader.posts.call_later(answers.wait)
            for event in (Key("s", "s"), Key("j", "j")):
                app.post_message(event)
            end = asyncio.get_running_loop().time() + WAIT_S
            while "Post 1 " not in on_post(app):
                assert asyncio.get_running_loop().time() < end
                await asyncio.sleep(0.001)
            answers.set()
