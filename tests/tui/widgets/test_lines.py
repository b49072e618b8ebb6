"""Lists and texts that draw their own lines: what a step costs, and where it leads."""

from collections import Counter

import pytest

from nordic_tui.tui.widgets.lines import Lines
from nordic_tui.tui.widgets.post_list import PostList
from tests.fakes import NEWS, feed, make_services
from tests.tui.helpers import (
    SMALL,
    STACKED,
    cursor_row,
    find,
    lines,
    on_post,
    press,
    run,
    text,
    until,
    wheel,
)

POSTS = feed(*(f"Post {n}" for n in range(300)), categories=("Events",))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, int]]:
    """How often each line was drawn, by widget and number; to be cleared before a step."""
    times: Counter[tuple[str, int]] = Counter()
    render_line = Lines.render_line

    def count(self: Lines, y: int):  # type: ignore[no-untyped-def]  # as Lines.render_line
        times[type(self).__name__, y] += 1
        return render_line(self, y)

    monkeypatch.setattr(Lines, "render_line", count)
    return times


def rows(drawn: Counter[tuple[str, int]], widget: str = "PostList") -> list[int]:
    return sorted(y for name, y in drawn if name == widget)


async def test_a_step_draws_two_lines_of_the_list(drawn: Counter[tuple[str, int]]) -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, STACKED) as (app, pilot):
            await press(pilot, "j")
            await until(pilot, lambda: not app.reader.posts._rest.waits)
            for key, wanted in (("j", [1, 2]), ("j", [2, 3]), ("k", [2, 3])):
                await pilot.pause()
                drawn.clear()
                await press(pilot, key)
                await pilot.pause()
                assert rows(drawn) == wanted
                # At most once for each time that the window was looked at.
                assert all(times <= 2 for (name, _), times in drawn.items() if name == "PostList")


async def test_a_step_nowhere_draws_nothing(drawn: Counter[tuple[str, int]]) -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, STACKED) as (_, pilot):
            await pilot.pause()
            drawn.clear()
            await press(pilot, "k", "k")
            await pilot.pause()
            assert rows(drawn) == []


async def test_at_the_edge_the_list_jumps_by_half_a_page() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, STACKED) as (app, pilot):
            height = app.reader.posts.size.height
            assert height > 8
            await press(pilot, *["j"] * (height - 1))
            assert find(app, f"Post {height - 1} ", app.reader.posts)
            assert lines(app, app.reader.posts)[0][3:9] == "Post 0"
            await press(pilot, "j")
            line = find(app, f"Post {height} ", app.reader.posts)[1] - app.reader.posts.region.y
            assert line == (height - 1) // 2
            # Half a page of steps until it jumps again.
            top = lines(app, app.reader.posts)[0][3:]
            await press(pilot, *["j"] * (height - 1 - line))
            assert lines(app, app.reader.posts)[0][3:] == top
            await press(pilot, *["k"] * (height - 1))
            assert lines(app, app.reader.posts)[0][3:] == top
            await press(pilot, "k")
            assert lines(app, app.reader.posts)[0][3:] != top


async def test_pages_keep_the_cursor_at_its_line() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, STACKED) as (app, pilot):
            height = app.reader.posts.size.height
            await press(pilot, *["j"] * 5)
            y = find(app, "Post 5 ", app.reader.posts)[1]
            await press(pilot, "space", "space", "ctrl+d")
            number = 5 + 2 * (height - 1) + height // 2
            assert on_post(app) == f"Post {number}"
            assert find(app, f"Post {number} ", app.reader.posts)[1] == y
            await press(pilot, "ctrl+u", "pageup", "pageup")
            assert (on_post(app), find(app, "Post 5 ", app.reader.posts)[1]) == ("Post 5", y)


async def test_the_wheel_scrolls_and_takes_the_cursor_along() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, STACKED) as (app, pilot):
            at = (40, 6)
            await wheel(pilot, at)
            assert lines(app, app.reader.posts)[0][3:9] == "Post 3"
            assert on_post(app) == "Post 3", "the cursor stays to be seen"
            await wheel(pilot, at, up=True)
            assert lines(app, app.reader.posts)[0][3:9] == "Post 0"
            assert on_post(app) == "Post 3", "it moves no more than it must"
            await wheel(pilot, at, up=True)
            assert lines(app, app.reader.posts)[0][3:9] == "Post 0"
            await press(pilot, "end")
            await wheel(pilot, at)
            assert "Post 299" in lines(app, app.reader.posts)[-1]


async def test_the_wheel_leaves_a_short_list_alone() -> None:
    with make_services({NEWS: feed("A", "B")}) as fake:
        async with run(fake.services, STACKED) as (app, pilot):
            await press(pilot, "j")
            await until(pilot, lambda: "What B is about." in text(app))
            before = lines(app)
            await wheel(pilot, (40, 6))
            await wheel(pilot, (5, 4))
            assert lines(app) == before


async def test_a_list_of_100_rows_and_one_of_300_are_drawn_alike(
    drawn: Counter[tuple[str, int]],
) -> None:
    counts = []
    for number in (100, 300):
        with make_services({NEWS: feed(*(f"P {n}" for n in range(number)))}) as fake:
            drawn.clear()
            async with run(fake.services, SMALL) as (app, pilot):
                await press(pilot, "G", "g", "g")
                assert cursor_row(app, app.reader.posts)[3:6] == "P 0"
            counts.append(sum(times for (name, _), times in drawn.items() if name == "PostList"))
    assert counts[0] == counts[1]


def test_a_list_says_what_it_has() -> None:
    empty = PostList()
    assert (empty.row_count(), empty.row) == (0, None)
