"""The links and files of a post: listed, opened by number, copied, shown as a code."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from textual.app import SuspendNotSupported

from nordic_tui.errors import HandoffError
from nordic_tui.model import Enclosure, Entry, Response
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.screens.ask_line import AskLineScreen
from nordic_tui.tui.screens.hand_off import HandOffScreen
from nordic_tui.tui.screens.links import LinkScreen
from tests.fakes import NEWS, make_services

from ..helpers import (
    HOSTILE,
    NARROW,
    SIZES,
    cursor_row,
    entry,
    find,
    of,
    on_screen,
    press,
    run,
    running_text,
    said,
    style_at,
    text,
    until,
    wheel,
)

PAGE = "https://news.example/war/"
EVIL = "https://evil.example/login"
MUNICH = "https://xn--mnchen-3ya.example/a"
TALK = "https://news.example/files/talk.mp3"
PICTURE, OTHER = "https://news.example/a.png", "https://cdn.example/b.jpg"
POST = entry(
    "War",
    link=PAGE,
    content=(
        f'<p><a href="{EVIL}">www.bank.example</a> <a href="{MUNICH}">Munich</a> '
        '<a href="mailto:kari@a.example">Kari</a> <a href="javascript:alert(1)">Never</a></p>'
    ),
    enclosures=(Enclosure(TALK, "audio/mpeg", 12_300_000), Enclosure("javascript:x", "a/b")),
)


def with_links(number: int) -> Entry:
    links = "".join(f'<a href="https://a.example/{n}">Link {n}</a> ' for n in range(1, number + 1))
    return entry("Many", link=PAGE, content=f"<p>{links}</p>")


def listed(app: NordicApp) -> list[str]:
    rows = text(app, app.screen.query_one("#links")).splitlines()
    return [" ".join(row.strip("▌▎ ").split()) for row in rows if row.strip()]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("theme", ["fjord", "snow"])
async def test_links_and_files_are_listed(size: tuple[int, int], theme: str) -> None:
    with make_services({NEWS: of(POST)}) as fake:
        preferences = fake.services.preferences._replace(theme=theme)
        services = fake.services._replace(preferences=preferences)
        async with run(services, size) as (app, pilot):
            await press(pilot, "L")
            assert on_screen(app, LinkScreen)
            assert "‹ Links and files · 5" in text(app)
            rows = listed(app)
            assert [row.split()[0] for row in rows] == ["0", "1", "2", "3", "4"]
            assert rows[1].endswith("! evil.example")
            assert rows[3] == "3 Kari a.example"
            if size != NARROW:
                assert rows[0] == "0 The post's own page news.example"
                assert rows[2] == "2 Munich xn--mnchen-3ya.example"
                assert rows[4] == "4 talk.mp3 audio/mpeg, 12.3 MB"
            assert cursor_row(app, app.screen.query_one("#links"))
            await press(pilot, "q")
            assert app.screen is app.reader


async def test_all_about_the_link_under_the_cursor() -> None:
    with make_services({NEWS: of(POST)}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "L", "j")
            details = app.screen.query_one("#link-details")
            await until(pilot, lambda: EVIL in text(app, details))
            words = "The text names www.bank.example, but the link leads to evil.example."
            assert words in text(app, details)
            x, y = find(app, words)
            caution = app.palette.style("caution").color
            assert style_at(app, x, y).color == caution
            await press(pilot, "j")
            await until(pilot, lambda: "which reads “münchen.example”" in text(app, details))
            assert "Host: xn--mnchen-3ya.example" in text(app, details)
            await press(pilot, "G")
            await until(pilot, lambda: "File: audio/mpeg, 12.3 MB" in text(app, details))


async def test_a_number_opens_a_link_at_once_where_no_other_begins_with_it() -> None:
    with make_services({NEWS: of(with_links(12))}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "L", "5")
            assert fake.opened == ["https://a.example/5"]
            assert said(app) == "Opened in the browser: a.example"
            assert cursor_row(app, app.screen.query_one("#links")).startswith("▌  5")
            await press(pilot, "1")
            assert fake.opened[1:] == [], "it may become 10, 11 or 12"
            assert said(app) == "Link 1 … Enter opens it."
            await press(pilot, "2")
            assert fake.opened[1:] == ["https://a.example/12"]
            await press(pilot, "1", "enter", "0")
            assert fake.opened[2:] == ["https://a.example/1", PAGE]
            assert on_screen(app, LinkScreen), "one may open several"


async def test_a_number_that_is_none() -> None:
    with make_services({NEWS: of(with_links(12))}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "L", "1", "9")
            assert said(app) == "There is no link 19."
            await press(pilot, "enter")
            assert fake.opened == ["https://a.example/1"], "the cursor is on it"
            await press(pilot, "1", "escape")
            assert on_screen(app, LinkScreen), "Esc forgets the number first"
            await press(pilot, "2")
            assert fake.opened[1:] == ["https://a.example/2"]
            await press(pilot, "escape", "escape")
            assert app.screen is app.reader


async def test_moving_on_forgets_a_number() -> None:
    with make_services({NEWS: of(with_links(12))}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "L", "1", "j")
            details = app.screen.query_one("#link-details")
            await until(pilot, lambda: "https://a.example/2" in text(app, details))
            await press(pilot, "2")
            assert fake.opened == ["https://a.example/2"]


async def test_the_reading_view_lists_them_too() -> None:
    with make_services({NEWS: of(POST)}) as fake:
        async with run(fake.services) as (_, pilot):
            await press(pilot, "enter", "L", "2")
            assert fake.opened == [MUNICH]


async def test_links_are_copied() -> None:
    with make_services({NEWS: of(POST)}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "L", "j", "y")
            await until(pilot, lambda: said(app) == f"Copied: {EVIL}")
            await press(pilot, "Y")
            await until(pilot, lambda: len(fake.hands.copied) == 2)
            assert fake.hands.copied == [EVIL, f"[www.bank.example]({EVIL})"]


async def test_a_title_with_its_link_as_markdown() -> None:
    with make_services({NEWS: of(entry("[/] *War*", link=PAGE))}) as fake:
        async with run(fake.services) as (_, pilot):
            await press(pilot, "Y")
            await until(pilot, lambda: fake.hands.copied != [])
            assert fake.hands.copied == [rf"[\[/\] \*War\*]({PAGE})"]


async def test_what_the_terminal_is_to_be_sent_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with make_services({NEWS: of(POST)}) as fake:
        fake.hands.sequence = "\x1b]52;c;eA==\x07"
        async with run(fake.services) as (app, pilot):
            sent: list[str] = []
            monkeypatch.setattr(app, "send", sent.append)
            await press(pilot, "y")
            await until(pilot, lambda: sent != [])
            assert sent == ["\x1b]52;c;eA==\x07"]


async def test_what_cannot_be_copied_is_said() -> None:
    with make_services({NEWS: of(POST)}) as fake:
        fake.hands.error = HandoffError("This is too long for a terminal's clipboard.")
        async with run(fake.services) as (app, pilot):
            await press(pilot, "y")
            await until(pilot, lambda: said(app) == str(fake.hands.error))


async def test_a_post_without_links() -> None:
    with make_services({NEWS: of(entry("Bare", link="javascript:x"))}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "L")
            assert said(app) == "This post has no links."


async def test_the_mouse_opens_what_is_chosen() -> None:
    with make_services({NEWS: of(with_links(3))}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "L")
            at = find(app, "Link 2")
            await pilot.click(offset=at)
            assert fake.opened == []
            await pilot.click(offset=at)
            await until(pilot, lambda: fake.opened == ["https://a.example/2"])
            await wheel(pilot, at)
            assert on_screen(app, LinkScreen)


async def test_hostile_links_are_shown_and_obeyed_by_nobody() -> None:
    nasty = [words for words in HOSTILE if "\ud800" not in words]
    links = "".join(
        f'<a href="https://a.example/{n}?{words}">{words}</a><a href="{words}">x</a>'
        for n, words in enumerate(nasty)
    )
    post = entry("Nasty", link=PAGE, content=links, enclosures=(Enclosure(TALK, nasty[1]),))
    with make_services({NEWS: of(post)}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "L")
            for _ in range(2 * len(nasty)):
                await press(pilot, "j")
                assert not [c for c in text(app) if not c.isprintable() and c != "\n"]
            assert on_screen(app, LinkScreen)


# ── files ───────────────────────────────────────────────────────────────────────────────────


async def test_a_file_is_opened_with_the_program_of_the_settings() -> None:
    with make_services({NEWS: of(POST)}) as fake:
        fake.hands.programs = {"audio": "mpv --quiet %s"}
        async with run(fake.services) as (app, pilot):
            await press(pilot, "L", "G")
            await until(pilot, lambda: "Enter opens it with: mpv --quiet %s" in text(app))
            await press(pilot, "4")
            await until(pilot, lambda: said(app) == "mpv has it now.")
            assert fake.hands.files == [("mpv --quiet %s", TALK)]
            assert fake.opened == []


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_without_one_it_is_asked_for_once(size: tuple[int, int]) -> None:
    with make_services({NEWS: of(POST)}) as fake:
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "L", "4")
            assert on_screen(app, AskLineScreen)
            assert "Open “talk.mp3” with" in text(app)
            assert 'audio = "mpv %s" below [open] in /config/settings.toml' in running_text(app)
            await press(pilot, *"mpv", "enter")
            await until(pilot, lambda: fake.hands.files == [("mpv", TALK)])
            await press(pilot, "4")
            await until(pilot, lambda: len(fake.hands.files) == 2)
            assert on_screen(app, LinkScreen)


async def test_asked_in_vain() -> None:
    with make_services({NEWS: of(POST)}) as fake:
        async with run(fake.services) as (app, pilot):
            for keys in (("escape",), ("enter",), ("space", "enter")):
                await press(pilot, "L", "4", *keys)
                assert on_screen(app, LinkScreen)
                await press(pilot, "q")
            assert fake.hands.files == []


async def test_a_program_that_fails_is_said() -> None:
    with make_services({NEWS: of(POST)}) as fake:
        fake.hands.programs = {"audio": "mpv"}
        fake.hands.error = HandoffError("mpv failed with status 2: no device")
        async with run(fake.services) as (app, pilot):
            await press(pilot, "L", "4")
            await until(pilot, lambda: said(app) == "mpv failed with status 2: no device")


# ── pictures ────────────────────────────────────────────────────────────────────────────────

SHOWN = f'<img src="{PICTURE}" alt="A street">'


@contextmanager
def suspended() -> Iterator[None]:
    yield


def free_terminal(app: NordicApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "suspend", suspended)


async def test_the_picture_of_a_post(monkeypatch: pytest.MonkeyPatch) -> None:
    with make_services({NEWS: of(entry("War", link=PAGE, content=SHOWN))}) as fake:
        fake.fetcher.answers[PICTURE] = Response(PICTURE, body=b"png")
        async with run(fake.services) as (app, pilot):
            free_terminal(app, monkeypatch)
            assert fake.fetcher.asked == [], "nothing is fetched unasked"
            await press(pilot, "i")
            await until(pilot, lambda: fake.hands.terminal.drawn != [])
            ((drawn, words),) = fake.hands.terminal.drawn
            assert (drawn, words) == (b"drawn png", "A street   any key goes back")
            assert [(a.address, a.led_from) for a in fake.fetcher.asked] == [(PICTURE, NEWS)]


async def test_of_several_pictures_one_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    file = Enclosure(OTHER, "image/jpeg")
    post = entry("War", link=PAGE, content=SHOWN, enclosures=(file,))
    with make_services({NEWS: of(post)}) as fake:
        fake.fetcher.answers[OTHER] = Response(OTHER, body=b"jpg")
        async with run(fake.services) as (app, pilot):
            free_terminal(app, monkeypatch)
            await press(pilot, "i")
            assert listed(app) == ["1 A street news.example", f"2 {OTHER} cdn.example"]
            await press(pilot, "2")
            await until(pilot, lambda: fake.hands.terminal.drawn != [])
            assert fake.hands.terminal.drawn[0][0] == b"drawn jpg"
            assert fake.opened == []


async def test_a_terminal_that_shows_none_costs_no_request() -> None:
    with make_services({NEWS: of(entry("War", link=PAGE, content=SHOWN))}) as fake:
        fake.hands.terminal.problem = "tmux does not hand pictures on to the terminal."
        async with run(fake.services) as (app, pilot):
            await press(pilot, "i")
            assert said(app) == (
                f"tmux does not hand pictures on to the terminal. It shows: A street. {PICTURE}"
            )
            assert fake.fetcher.asked == []


async def test_the_terminal_is_asked_before_anything_is_fetched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with make_services({NEWS: of(entry("War", link=PAGE, content=SHOWN))}) as fake:
        fake.hands.terminal.must_ask = True
        fake.hands.terminal.answers = "This terminal says that it shows no pictures."
        async with run(fake.services) as (app, pilot):
            free_terminal(app, monkeypatch)
            await press(pilot, "i")
            assert said(app).startswith("This terminal says that it shows no pictures. It shows:")
            assert not fake.hands.terminal.must_ask
            assert fake.fetcher.asked == []


async def test_why_a_picture_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    with make_services({NEWS: of(entry("War", link=PAGE, content=SHOWN))}) as fake:
        async with run(fake.services) as (app, pilot):
            free_terminal(app, monkeypatch)
            await press(pilot, "i")
            wanted = "The picture at news.example could not be reached. It shows: A street."
            await until(pilot, lambda: said(app).startswith(wanted))


async def test_a_screen_that_cannot_be_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Any:
        raise SuspendNotSupported

    with make_services({NEWS: of(entry("War", link=PAGE, content=SHOWN))}) as fake:
        fake.fetcher.answers[PICTURE] = Response(PICTURE, body=b"png")
        async with run(fake.services) as (app, pilot):
            monkeypatch.setattr(app, "suspend", refuse)
            await press(pilot, "i")
            await until(pilot, lambda: said(app).startswith("This screen cannot be left for"))


async def test_a_post_without_pictures() -> None:
    with make_services({NEWS: of(POST)}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "i")
            assert said(app) == "This post shows no picture."


# ── over SSH ────────────────────────────────────────────────────────────────────────────────


async def test_a_link_of_the_list_without_a_browser() -> None:
    with make_services({NEWS: of(POST)}) as fake:
        fake.hands.no_browser = True
        async with run(fake.services) as (app, pilot):
            await press(pilot, "L", "2")
            assert on_screen(app, HandOffScreen)
            await until(pilot, lambda: fake.hands.copied == [MUNICH])
            await press(pilot, "escape")
            assert on_screen(app, LinkScreen)
