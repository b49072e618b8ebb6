"""A link where there is no browser: copied, clickable, and as a code that a camera reads."""

import pytest
import segno
from textual.color import Color

from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.screens.hand_off import HandOffScreen
from tests.fakes import NEWS, make_services

from ..helpers import (
    NARROW,
    SIZES,
    SMALL,
    STACKED,
    entry,
    find,
    lines,
    of,
    on_screen,
    press,
    run,
    running_text,
    said,
    still,
    strips,
    style_at,
    text,
    until,
)

LINK = "https://news.example/new-initiatives/how-the-war-affects-safety/"
FEED = of(entry("War", link=LINK))
LIGHT = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}


def seen_by_a_camera(app: NordicApp) -> list[list[int]]:
    """The code on the screen without its border: 1 where it is dark."""
    wanted = len(segno.make(LINK, error="l", micro=False).matrix)
    page = lines(app, app.screen.query_one("#link-page"))
    top = next(n for n, line in enumerate(page) if "█" * (wanted + 4) in line)
    left = page[top].index("█")
    width = len(page[top][left:]) - len(page[top][left:].lstrip("█"))
    quiet = (width - wanted) // 2
    halves = []
    for line in page[top : top + (width + 1) // 2]:
        for half in (0, 1):
            row = line[left + quiet : left + quiet + wanted]
            halves.append([1 - LIGHT[sign][half] for sign in row])
    return halves[quiet : quiet + wanted]


@pytest.mark.parametrize("size", [size for size in SIZES if size != NARROW], ids=str)
@pytest.mark.parametrize("theme", ["fjord", "snow"])
async def test_the_code_on_the_screen_is_the_link(size: tuple[int, int], theme: str) -> None:
    with make_services({NEWS: FEED}, preferences=still(theme=theme)) as fake:
        fake.hands.no_browser = True
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "o")
            assert on_screen(app, HandOffScreen)
            await until(pilot, lambda: said(app) == f"Copied: {LINK}")
            assert fake.hands.copied == [LINK]
            wanted = segno.make(LINK, error="l", micro=False).matrix
            assert seen_by_a_camera(app) == [list(row) for row in wanted]
            assert "There is no browser" in text(app)
            x, y = find(app, "████")
            white, black = (Color.parse(name).rich_color for name in ("#ffffff", "#000000"))
            assert style_at(app, x, y).bgcolor == white
            x, y = find(app, "▄▄▄▄▄", app.screen.query_one("#link-page"))
            assert (style_at(app, x, y).color, style_at(app, x, y).bgcolor) == (white, black)
            await press(pilot, "q")
            assert app.screen is app.reader


async def test_the_link_can_be_clicked_on_in_the_terminal() -> None:
    with make_services({NEWS: FEED}) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            await press(pilot, "Q")
            pieces = [
                segment.text
                for strip in strips(app)
                for segment in strip
                if segment.style is not None and segment.style.link == LINK
            ]
            assert "".join(pieces) == LINK
            assert len(pieces) > 1, "it was broken, and each piece leads to all of it"
            assert fake.hands.copied == []


async def test_where_it_does_not_fit_that_is_said() -> None:
    with make_services({NEWS: FEED}) as fake:
        fake.hands.no_browser = True
        async with run(fake.services, NARROW) as (app, pilot):
            await press(pilot, "o")
            page = app.screen.query_one("#link-page")
            shown = [running_text(app, page)]
            for _ in range(10):
                await press(pilot, "j")
                shown.append(running_text(app, page))
            assert "does not fit" in " ".join(shown)
            assert "█" not in text(app, page)


async def test_it_comes_with_a_larger_window() -> None:
    with make_services({NEWS: FEED}) as fake:
        async with run(fake.services, NARROW) as (app, pilot):
            await press(pilot, "Q")
            await pilot.resize_terminal(*STACKED)
            await until(pilot, lambda: "████" in text(app))
            await pilot.resize_terminal(*NARROW)
            await until(pilot, lambda: "████" not in text(app))
            await pilot.resize_terminal(10, 4)
            await until(pilot, lambda: "larger" in running_text(app))


async def test_dark_and_light_change_places() -> None:
    with make_services({NEWS: FEED}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "Q", "i")
            inverted = [[1 - m for m in row] for row in _inverted(app)]
            wanted = segno.make(LINK, error="l", micro=False).matrix
            assert inverted == [list(row) for row in wanted]
            await press(pilot, "i")
            assert seen_by_a_camera(app) == [list(row) for row in wanted]


def _inverted(app: NordicApp) -> list[list[int]]:
    wanted = len(segno.make(LINK, error="l", micro=False).matrix)
    page = lines(app, app.screen.query_one("#link-page"))
    halves = [
        [1 - LIGHT[sign][half] for sign in line[1 + 4 : 1 + 4 + wanted]]
        for line in page[: (wanted + 9) // 2]
        for half in (0, 1)
    ]
    return halves[4 : 4 + wanted]


@pytest.mark.parametrize(("theme", "border"), [("fjord", "█"), ("snow", " ")])
async def test_without_colours_the_theme_tells_what_is_light(
    theme: str, border: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with make_services({NEWS: FEED}, preferences=still(theme=theme)) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "Q")
            row = lines(app, app.screen.query_one("#link-page"))[0]
            assert row[1:10] == border * 9


async def test_the_link_is_copied_again() -> None:
    with make_services({NEWS: FEED}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "Q", "y")
            await until(pilot, lambda: fake.hands.copied == [LINK])
            await press(pilot, "escape")
            assert app.screen is app.reader
