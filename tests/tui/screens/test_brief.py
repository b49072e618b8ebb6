"""A brief of chosen posts or of the list, and a post into a command."""

from datetime import timedelta
from pathlib import Path

import pytest

from nordic_tui.errors import HandoffError
from nordic_tui.tui import briefing
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.screens.ask_line import AskLineScreen
from nordic_tui.tui.screens.brief import BriefScreen
from tests.fakes import BLOG, NEWS, NOW, FakeServices, feed, make_services

from ..helpers import (
    SIZES,
    entry,
    find,
    lines,
    of,
    on_post,
    on_screen,
    press,
    run,
    running_text,
    said,
    still,
    style_at,
    text,
    until,
)

POSTS = feed("One", "Two", "Three", title="Nordic Safe Cities", categories=("Events",))


def signs(app: NordicApp) -> list[str]:
    """What stands before each title of the list: the cursor, unread, chosen."""
    rows = [line for line in lines(app, app.reader.posts) if "20" in line]
    return [row[:3] for row in rows]


async def made(pilot: object, fake: FakeServices) -> str:
    """The text that a brief was copied as."""
    await until(pilot, lambda: fake.hands.copied != [])  # type: ignore[arg-type]  # a Pilot
    return fake.hands.copied.pop()


async def test_posts_are_chosen_and_carry_a_sign() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "v")
            assert on_post(app) == "Two", "to the next one"
            assert said(app) == "1 post is chosen. b makes a brief."
            await press(pilot, "j", "v")
            assert said(app) == "2 posts are chosen. b makes a brief."
            assert signs(app) == [" ●✓", " ● ", "▌●✓"]
            await press(pilot, "v")
            assert signs(app) == [" ●✓", " ● ", "▌● "]
            await press(pilot, "B")
            assert signs(app) == [" ● ", " ● ", "▌● "]
            assert said(app) == "No post is chosen."


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("theme", ["fjord", "snow"])
async def test_a_brief_of_the_chosen_posts(size: tuple[int, int], theme: str) -> None:
    with make_services({NEWS: POSTS}, preferences=still(theme=theme)) as fake:
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "2", "j", "j", "v", "g", "g", "v", "b")
            assert on_screen(app, BriefScreen)
            assert "2 posts that you chose." in running_text(app)
            await press(pilot, "enter")
            assert app.screen is app.reader
            brief = await made(pilot, fake)
            await until(pilot, lambda: said(app) == "Copied: a brief of 2 posts")
            assert brief == (
                "# Nordic Safe Cities\n\n1 Oct 2026 · 2 posts\n\n"
                "## [One](https://news.example/0/)\n\n"
                "*31 Aug 2026 · Nordic Safe Cities · Events*\n\nWhat One is about.\n\n"
                "## [Three](https://news.example/2/)\n\n"
                "*29 Aug 2026 · Nordic Safe Cities · Events*\n\nWhat Three is about.\n"
            )


async def test_a_brief_of_the_list() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "]", "]", "]", "b")
            assert "3 posts of “Events”." in text(app)
            await press(pilot, "enter")
            assert (await made(pilot, fake)).startswith(
                "# Nordic Safe Cities: Events\n\n1 Oct 2026 · 3 posts\n\n## [One]"
            )


async def test_a_brief_of_several_sources_goes_by_source() -> None:
    blog = of(entry("Byen", published=NOW - timedelta(hours=1)), title="Blog")
    with make_services({NEWS: POSTS, BLOG: blog}) as fake:
        async with run(fake.services) as (_, pilot):
            await press(pilot, "b", "enter")
            heads = [line for line in (await made(pilot, fake)).splitlines() if line[:1] == "#"]
            assert heads == [
                "# News",
                "## Blog",
                "### Byen",
                "## Nordic Safe Cities",
                "### [One](https://news.example/0/)",
                "### [Two](https://news.example/1/)",
                "### [Three](https://news.example/2/)",
            ]


async def test_how_it_is_written_is_chosen_and_remembered() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "b")
            assert "[Markdown]" in text(app)
            assert "A file is /data/brief.md." in text(app)
            await press(pilot, "f")
            assert "[HTML]" in text(app)
            assert "A file is /data/brief.html." in text(app)
            await press(pilot, "enter")
            assert (await made(pilot, fake)).startswith("<!DOCTYPE html>")
            await press(pilot, "b")
            assert "[HTML]" in text(app)
            await press(pilot, "f", "enter")
            assert (await made(pilot, fake)).startswith("Nordic Safe Cities\n=====")


async def test_into_a_file() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "b", "tab", "enter")
            await until(pilot, lambda: said(app) == "The brief is in /data/brief.md.")
            ((form, brief),) = fake.hands.saved
            assert form == "md"
            assert brief.startswith("# Nordic Safe Cities")


async def test_a_file_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(form: str, text: str) -> str:
        raise OSError(28, "No space left on device")

    with make_services({NEWS: POSTS}) as fake:
        monkeypatch.setattr(fake.hands, "_save", full)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "b", "tab", "enter")
            words = "The brief could not be written: No space left on device."
            await until(pilot, lambda: said(app) == words)


async def test_into_a_command() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "b", "tab", "tab", "enter")
            await until(pilot, lambda: on_screen(app, AskLineScreen))
            assert "Pipe the brief into" in text(app)
            await press(pilot, *"mail", "space", *"kari", "enter")
            await until(pilot, lambda: said(app) == "Piped into mail.")
            ((command, brief),) = fake.hands.piped
            assert command == "mail kari"
            assert brief.startswith("# Nordic Safe Cities")


async def test_a_long_list_is_cut_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(briefing, "NEWEST", 2)
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "b")
            assert "The newest 2 of 3 posts of “All posts”." in text(app)
            await press(pilot, "enter")
            brief = await made(pilot, fake)
            assert "1 Oct 2026 · the newest 2 of 3 posts" in brief
            assert "Three" not in brief


async def test_nothing_to_make_a_brief_of() -> None:
    with make_services({NEWS: of()}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "v", "b")
            assert said(app) == "There are no posts here to make a brief of."


async def test_a_brief_is_left() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "enter", "b")
            assert on_screen(app, BriefScreen), "from the reading view too"
            await press(pilot, "escape", "q")
            assert app.screen is app.reader
            assert (fake.hands.copied, fake.hands.saved) == ([], [])


# ── a post into a command ───────────────────────────────────────────────────────────────────

LONG = entry(
    "War", link="https://a.example/", published=NOW, content="<h2>One</h2><p>Its whole text."
)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_post_is_piped(size: tuple[int, int]) -> None:
    with make_services({NEWS: of(LONG)}) as fake:
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "2", "|")
            assert "Pipe this post into" in text(app)
            assert "no shell reads them" in running_text(app)
            await press(pilot, *"wc", "space", "-", "w", "enter")
            await until(pilot, lambda: said(app) == "Piped into wc.")
            plain = "War\n1 Oct 2026 · News\n\nhttps://a.example/\n\nOne\n\nIts whole text.\n"
            assert fake.hands.piped == [("wc -w", plain)]


async def test_what_is_typed_takes_the_place_of_the_last_command() -> None:
    with make_services({NEWS: of(LONG)}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "|", *"lpr", "enter")
            await until(pilot, lambda: len(fake.hands.piped) == 1)
            await press(pilot, "|")
            assert style_at(app, *find(app, "lpr")).reverse, "seen without colour too"
            await press(pilot, *"wc", "enter")
            await until(pilot, lambda: [c for c, _ in fake.hands.piped] == ["lpr", "wc"])


async def test_the_last_command_is_offered() -> None:
    with make_services({NEWS: of(LONG)}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "|", *"lpr", "enter")
            await until(pilot, lambda: len(fake.hands.piped) == 1)
            await press(pilot, "enter", "|")
            assert "lpr" in text(app, app.screen)
            await press(pilot, "enter")
            await until(pilot, lambda: [c for c, _ in fake.hands.piped] == ["lpr", "lpr"])


@pytest.mark.parametrize("keys", [("escape",), ("enter",), ("space", "enter")])
async def test_no_command_does_nothing(keys: tuple[str, ...]) -> None:
    with make_services({NEWS: of(LONG)}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "|", *keys)
            assert app.screen is app.reader
            assert fake.hands.piped == []


async def test_a_command_that_fails_is_said() -> None:
    with make_services({NEWS: of(LONG)}) as fake:
        fake.hands.error = HandoffError("lpr failed with status 1: no printer [/]")
        async with run(fake.services) as (app, pilot):
            await press(pilot, "|", *"lpr", "enter")
            await until(pilot, lambda: said(app) == "lpr failed with status 1: no printer [/]")


async def test_a_command_that_takes_its_time_holds_nothing_up(tmp_path: Path) -> None:
    with make_services({NEWS: of(LONG, entry("Next"))}) as fake:
        import threading

        released = threading.Event()
        edges = fake.services.open_hand_off()

        def slow(command: str, text: str) -> str:
            assert released.wait(10)
            return "Piped into slow."

        services = fake.services._replace(open_hand_off=lambda: edges._replace(pipe=slow))
        async with run(services) as (app, pilot):
            await press(pilot, "|", *"slow", "enter")
            assert said(app) == "Waiting for the command, 30 s at most …"
            await press(pilot, "j")
            assert on_post(app) == "Next"
            released.set()
            await until(pilot, lambda: said(app) == "Piped into slow.")
