"""Three columns, two, one pane at a time, a plain notice: in every window, and back."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from rich.cells import cell_len

from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.widgets.bars import TitleBar
from nordic_tui.tui.widgets.lines import RULE_AT_RIGHT
from tests.fakes import NEWS, feed, make_services
from tests.tui.helpers import (
    NARROW,
    SIZES,
    SMALL,
    STACKED,
    WIDE,
    cursor_row,
    entry,
    focused_pane,
    lines,
    of,
    on_post,
    press,
    run,
    running_text,
    text,
    until,
)

LONG = "How the war in Ukraine affects safety and security in our member cities, and in others"
POSTS = of(
    *(
        entry(
            f"Post {number}" if number else LONG,
            published=datetime(2026, 9, 12, tzinfo=UTC) - timedelta(days=number),
            categories=("New initiatives", "Events"),
        )
        for number in range(40)
    )
)
NOTICE = "Make the window a little larger."
ODD_SIZES = [(1, 1), (19, 5), (21, 7), (80, 10), (139, 40)]


# ── what stands where ───────────────────────────────────────────────────────────────────────


async def test_three_columns() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, WIDE) as (app, _):
            reader = app.reader
            panes = [reader.categories.region, reader.posts.region, reader.excerpt.region]
            assert [pane.x for pane in panes] == sorted({pane.x for pane in panes})
            assert panes[0].right == panes[1].x
            assert panes[1].right == panes[2].x
            assert panes[2].right == WIDE[0]
            for words, pane in (("Events", reader.categories), ("Post 1", reader.posts)):
                assert words in text(app, pane)
            assert "Posted in New initiatives, Events" in text(app, reader.excerpt)


async def test_two_columns_the_list_over_the_excerpt() -> None:
    with make_services({NEWS: POSTS}) as fake:
        for size in (STACKED, SMALL):
            async with run(fake.services, size) as (app, _):
                reader = app.reader
                side, posts, excerpt = (
                    reader.categories.region, reader.posts.region, reader.excerpt.region,
                )  # fmt: skip
                assert side.right == posts.x == excerpt.x
                assert posts.bottom == excerpt.y
                assert side.bottom == excerpt.bottom
                assert posts.right == excerpt.right == size[0]
                assert "Events" in text(app, reader.categories)
                assert "Posted in" in text(app, reader.excerpt)


async def test_one_pane_at_a_time_with_a_way_back() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, NARROW) as (app, pilot):

            async def shown(*keys: str) -> str:
                await press(pilot, *keys)
                drawn = text(app)
                assert (
                    sum(words in drawn for words in ("Unread  ", " ● Post 1", "Posted in")) == 1
                ), f"one pane:\n{drawn}"
                title = lines(app)[0].split("  ")[0].strip()
                assert focused_pane(app) == {"News": "categories", "‹ Categories": "posts"}.get(
                    title, "excerpt"
                )
                return title

            assert await shown() == "‹ Categories"
            assert await shown("l") == "‹ All posts"
            assert await shown("h") == "‹ Categories"
            assert await shown("h") == "News"
            assert await shown("h") == "News"
            assert await shown("l", "l") == "‹ All posts"
            assert await shown("escape") == "‹ Categories"
            assert await shown("escape") == "News"
            assert await shown("3") == "‹ All posts"
            assert await shown("q") == "‹ Categories"
            assert await shown("q") == "News"
            assert await shown("2") == "‹ Categories"
            assert await shown("1") == "News"
            assert await shown("tab") == "‹ Categories"
            assert await shown("tab") == "‹ All posts"
            assert await shown("tab") == "News"
            assert await shown("shift+tab") == "‹ All posts"
            assert await shown("1", "enter") == "‹ Categories"
            assert not app._exit


async def test_below_20_by_6_there_is_a_plain_notice() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, (19, 30)) as (app, pilot):
            assert running_text(app) == NOTICE
            await pilot.resize_terminal(120, 5)
            assert running_text(app) == NOTICE
            await pilot.resize_terminal(20, 6)
            assert NOTICE not in running_text(app)
            assert "● How the" in text(app)
            await press(pilot, "enter")
            await pilot.resize_terminal(10, 10)
            assert running_text(app) == NOTICE


# ── columns and lines ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_dates_stand_in_one_column(size: tuple[int, int]) -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, size) as (app, _):
            rows = [line.rstrip(f" {RULE_AT_RIGHT}") for line in lines(app, app.reader.posts)]
            dates = [re.search(r" {2}(\d{1,2} [A-Z][a-z]{2} (?:20)?\d\d)$", row) for row in rows]
            assert all(dates), rows
            assert {len(row) for row in rows} == {len(rows[0])}
            widths = {len(date[1]) for date in dates if date}
            assert len(widths) == 2, "days of one digit and of two"
            assert "…  " in rows[0], "a title that is too long ends before the dates"


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_numbers_of_the_sidebar_stand_in_columns(size: tuple[int, int]) -> None:
    with make_services({NEWS: POSTS}) as fake:
        fake.services.history.mark(fake.post_id("Post 3"), True).result()
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "1")
            rows = [line.rstrip(f" {RULE_AT_RIGHT}") for line in lines(app, app.reader.categories)]
            whole, unread, _, events, initiatives = rows[:5]
            assert whole.endswith(" 39 40")
            assert events.endswith(" 39 40")
            assert events.lstrip().startswith("Events")
            assert initiatives.lstrip().startswith("New initiatives")
            assert len({len(row) for row in (whole, events, initiatives)}) == 1
            assert unread.endswith("39")
            assert unread.rindex("39") == whole.rindex("39 40")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_line_is_as_wide_as_the_window(size: tuple[int, int]) -> None:
    with make_services({NEWS: POSTS}, consent=None) as fake:
        async with run(fake.services, size) as (app, pilot):
            # The question, the reader, a filter, the excerpt, the post, help.
            for keys in ("", "escape", "/", "escape", "3", "enter", "?"):
                if keys:
                    await press(pilot, keys)
                drawn = lines(app)
                assert len(drawn) == size[1]
                assert {cell_len(line) for line in drawn} == {size[0]}


async def test_the_heading_is_the_archives() -> None:
    mixed = of(
        *(entry(f"A{n}", categories=("New initiatives",)) for n in range(7)),
        entry("B", categories=("Events",)),
    )
    with make_services({NEWS: mixed}) as fake:
        for number in range(4):
            fake.services.history.mark(fake.post_id(f"A{number}"), True).result()
        for size in SIZES:
            async with run(fake.services, size) as (app, pilot):
                await press(pilot, "]", "]", "]")
                heading = text(app, app.reader.heading).strip(f" \n{RULE_AT_RIGHT}")
                assert heading.startswith("New initiatives · 7 posts · 3 unread")


# ── sizes that change ───────────────────────────────────────────────────────────────────────


async def test_down_to_one_cell_and_back() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, STACKED) as (app, pilot):
            await press(pilot, *["j"] * 9)
            assert on_post(app) == "Post 9"
            for size in ((60, 20), (19, 5), (1, 1), (5, 3), (30, 8), WIDE, SMALL, STACKED):
                await pilot.resize_terminal(*size)
                await until(pilot, partial(is_drawn, app, size))
                if size[0] >= 20 and size[1] >= 6:
                    assert "Post 9" in cursor_row(app, app.reader.posts)
            assert "Post 9" in text(app, app.reader.excerpt)
            await press(pilot, "j")
            assert on_post(app) == "Post 10"


async def test_keys_have_a_target_in_a_window_without_one() -> None:
    with make_services({NEWS: POSTS}) as fake:
        for keys in ((), ("enter",)):
            async with run(fake.services, (1, 1)) as (app, pilot):
                await press(pilot, *keys)
                await pilot.resize_terminal(19, 5)
                await press(pilot, "j", "space", "l", "j", "h")
                assert running_text(app) == NOTICE


async def test_the_pane_that_was_clicked_is_the_one_that_stays() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, STACKED) as (app, pilot):
            await pilot.click("#excerpt", offset=(4, 8))
            await pilot.resize_terminal(*NARROW)
            assert focused_pane(app) == "excerpt"
            await pilot.resize_terminal(1, 1)
            await pilot.resize_terminal(*STACKED)
            assert focused_pane(app) == "excerpt"


async def test_the_focus_is_seen_whatever_the_window_becomes() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, STACKED) as (app, pilot):
            for pane, number in (("categories", "1"), ("posts", "2"), ("excerpt", "3")):
                await press(pilot, number)
                for size in (NARROW, WIDE, STACKED):
                    await pilot.resize_terminal(*size)
                    assert focused_pane(app) == pane


def is_drawn(app: NordicApp, size: tuple[int, int]) -> bool:
    """Whether the screen has so many lines, each as wide."""
    drawn = lines(app)
    return len(drawn) == size[1] and {cell_len(line) for line in drawn} == {size[0]}


@pytest.mark.parametrize("keys", [(), ("escape", "?"), ("escape", "enter"), ("escape", "H"),
                                  ("escape", "c"), ("escape", "/", "P")], ids=str)  # fmt: skip
async def test_every_screen_is_drawn_in_every_window(keys: tuple[str, ...]) -> None:
    with make_services({NEWS: POSTS}, consent=None) as fake:
        async with run(fake.services, STACKED) as (app, pilot):
            await press(pilot, *keys)

            def seen() -> str:
                # A box lies over the reader; the focus may have left a filter for the list, whose
                # keys the last line shows then.
                boxes = app.screen.query("#box")
                drawn = lines(app, boxes.first()) if boxes else lines(app)[:-1]
                return re.sub("[▌▎]", " ", "\n".join(drawn))

            before = seen()
            for size in ODD_SIZES:
                await pilot.resize_terminal(*size)
                # It is laid out somewhat later: in a busy machine other events come first.
                await until(pilot, partial(is_drawn, app, size))
            await pilot.resize_terminal(*STACKED)
            await until(pilot, lambda: seen() == before)


@pytest.mark.parametrize("size", ODD_SIZES, ids=str)
async def test_it_starts_in_every_window(size: tuple[int, int]) -> None:
    with make_services({NEWS: POSTS}, consent=None) as fake:
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "escape", "j", "tab", "enter", "q")
            drawn = lines(app)
            assert {cell_len(line) for line in drawn} == {size[0]}
            await pilot.resize_terminal(*STACKED)
            assert "Post 1" in text(app, app.reader.excerpt)


async def test_z_gives_a_pane_the_whole_window_and_back() -> None:
    with make_services({NEWS: feed(*"abc")}) as fake:
        async with run(fake.services, WIDE) as (app, pilot):
            before = text(app)
            await press(pilot, "z")
            assert app.reader.posts.region.width == WIDE[0]
            assert not app.reader.categories.display
            await press(pilot, "l")
            assert app.reader.excerpt.region.width == WIDE[0]
            await press(pilot, "h", "z")
            assert text(app) == before


async def test_what_fails_leaves_room_for_the_way_back() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, NARROW) as (app, _):
            bar = app.reader.query_one(TitleBar)
            bar.show_status("1 source failed · next try 12:15", "alarm")
            drawn = lines(app)[0].split()
            assert drawn == ["‹", "Categories", "1", "source", "failed"]
            bar.show_status("3 new · press .", "mark")
            assert lines(app)[0].split() == ["‹", "Categories", "3", "new", "·", "press", "."]
