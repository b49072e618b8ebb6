"""One post in full, and the way on from it."""

from functools import partial

import pytest
from rich.cells import cell_len

from nordic_tui.model import Enclosure
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.widgets.page import Page
from tests.fakes import NEWS, make_services
from tests.tui.helpers import (
    NARROW,
    SIZES,
    SMALL,
    WIDE,
    burst,
    entry,
    find,
    lines,
    of,
    on_place,
    on_post,
    press,
    run,
    running_text,
    said,
    status,
    text,
    until,
    wheel,
)

PARAGRAPHS = "".join(f"<p>Paragraph {n} tells of Tromsø and Ærø.</p>" for n in range(60))
POSTS = of(
    entry("Long", content=PARAGRAPHS, link="https://news.example/long/", more=True,
          categories=("Events", "Safe cities")),
    entry("Rich", content="<h2>Programme</h2><p>Come <strong>early</strong>.</p><ul><li>Tea</li>"
          "</ul><p><a href='https://example.org/a'>Map</a></p>", categories=("Events",)),
    entry("Plain", excerpt="First.\n\n<b>Second</b> & third.", link="https://news.example/plain/"),
    entry("Files", enclosures=(Enclosure("https://news.example/a.mp3", "audio/mpeg", 12_000),)),
    entry("Locked", excerpt="", protected=True),
)  # fmt: skip


def page(app: NordicApp) -> str:
    return text(app, app.screen.query_one("#reading"))


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_it_shows_the_whole_post(size: tuple[int, int]) -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "enter")
            shown = page(app)
            assert "Long" in shown
            assert "Posted in Events, Safe cities" in shown
            assert lines(app)[0].startswith(" ‹ All posts")
            assert ("Esc back" in text(app)) == (size[0] > 80), "else the title says it"
            await press(pilot, "G")
            assert "Paragraph 59 tells of Tromsø and Ærø." in running_text(app)
            assert "Page: https://news.example/long/" in running_text(app)


async def test_its_lines_keep_to_a_measure_in_the_middle() -> None:
    wide = of(entry("Wide", content=f"<p>{'Byerne i Norden arbejder sammen. ' * 40}</p>"))
    with make_services({NEWS: wide}) as fake:
        async with run(fake.services, WIDE) as (app, pilot):
            await press(pilot, "enter")
            body = [line for line in page(app).splitlines() if "Norden" in line]
            assert 60 <= max(cell_len(line.strip()) for line in body) <= 76
            left = len(body[0]) - len(body[0].lstrip())
            assert 38 <= left <= 48
            assert find(app, "Wide")[0] == left


async def test_html_is_set_as_text() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j", "enter")
            shown = running_text(app)
            for words in ("Programme", "Come early.", "Tea", "Map", "https://example.org/a"):
                assert words in shown
            assert "<" not in shown


async def test_plain_text_stays_what_it_is() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j", "j", "enter")
            rows = [line.strip() for line in page(app).splitlines()]
            assert rows.index("<b>Second</b> & third.") == rows.index("First.") + 2


async def test_files_and_locks_are_told() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j", "j", "j", "enter")
            assert "File: https://news.example/a.mp3 (audio/mpeg, 12 kB)" in page(app)
            await press(pilot, "q", "j", "enter")
            assert "A password protects this post." in page(app)


async def test_scrolling_says_where_one_is() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            await press(pilot, "enter")
            length, _, pages = status(app).partition(" · page 1 of ")
            assert length == "2 min", "420 words at 230 a minute"
            tops = [page(app).splitlines()[0]]
            for number in range(2, int(pages) + 1):
                await press(pilot, "space")
                left = "" if number == int(pages) else f"{'2' if number < 4 else '1'} min left · "
                assert status(app) == f"{left}page {number} of {pages}"
                tops.append(page(app).splitlines()[0])
            await press(pilot, "pagedown")
            assert status(app) == f"page {pages} of {pages}"
            await press(pilot, "pageup")
            assert status(app).endswith(f"page {int(pages) - 1} of {pages}")
            await press(pilot, "home")
            assert page(app).splitlines()[0] == tops[0]
            before = lines(app, app.screen.query_one("#reading"))
            await press(pilot, "j", "ctrl+d", "ctrl+u")
            assert lines(app, app.screen.query_one("#reading"))[:-1] == before[1:]
            await press(pilot, "k")
            assert lines(app, app.screen.query_one("#reading")) == before


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_the_way_back(key: str) -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, NARROW) as (app, pilot):
            await burst(pilot, "j", "enter", key)
            assert app.screen is app.reader
            assert on_post(app) == "Rich"
            assert not app._exit


async def test_it_opens_again_where_it_was_left() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            await press(pilot, "enter", "space", "space", "j")
            left_at = page(app)
            await press(pilot, "q")
            await until(pilot, lambda: fake.services.history.stored().positions == 1)
            await press(pilot, "enter")
            assert page(app) == left_at
            # A post that was read to its end begins anew.
            await press(pilot, "G", "q")
            await until(pilot, lambda: fake.services.history.position_of(fake.post_id("Long")) == 0)
            await press(pilot, "enter")
            assert "Long" in page(app)


async def test_a_resize_keeps_the_place() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            await press(pilot, "enter", "space", "space")
            top = page(app).splitlines()[0]
            for size in ((60, 30), (1, 1), SMALL):
                await pilot.resize_terminal(*size)
                # On a busy machine Pilot takes it for idle before the window is laid out anew.
                await until(pilot, partial(is_laid_out, app, size))
            assert page(app).splitlines()[0] == top
            await press(pilot, "space")
            assert page(app).splitlines()[0] != top


def is_laid_out(app: NordicApp, size: tuple[int, int]) -> bool:
    """Whether the window has this size, and the post what is left of it: nothing of a window
    that is too small."""
    columns = app.screen.query_one("#reading").region.width
    return app.screen.size == size and columns == (size[0] if size[0] > 1 else 0)


async def test_to_the_next_unread_post() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "enter", "n")
            assert "Programme" in page(app)
            await until(pilot, lambda: fake.services.history.stored().marks == 2)
            await press(pilot, "n", "n", "n")
            assert "Locked" in page(app)
            await until(pilot, lambda: fake.services.history.stored().marks == 5)
            await press(pilot, "n")
            assert said(app) == "No more unread posts in this list."
            await press(pilot, "q")
            assert on_post(app) == "Locked", "the list has come along"


async def test_marks_are_made_and_told_here_too() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "enter")
            await until(pilot, lambda: fake.services.history.stored().marks == 1)
            await press(pilot, "m")
            await until(pilot, lambda: said(app) == "Marked as unread.")
            await press(pilot, "u")
            await until(pilot, lambda: said(app) == "Took back: 1 post marked as unread.")
            assert fake.services.history.stored().marks == 1


async def test_the_link_is_opened_and_copied() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (_, pilot):
            await press(pilot, "enter", "o", "y")
            await until(pilot, lambda: fake.hands.copied == ["https://news.example/long/"])
            assert fake.opened == fake.hands.copied


async def test_its_categories_can_be_gone_to() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "enter", "c")
            assert "Go to a category of this post" in text(app)
            await press(pilot, "tab", "enter")
            await until(pilot, lambda: app.screen is app.reader)
            assert (on_place(app), on_post(app)) == ("Safe cities", "Long")
            await press(pilot, "[", "j", "enter", "c")
            await until(pilot, lambda: app.screen is app.reader)
            assert (on_place(app), on_post(app)) == ("Events", "Rich")
            await press(pilot, "[", "[", "enter")
            assert app.screen is not app.reader
            await pilot.click(offset=find(app, "Safe cities"))
            await until(pilot, lambda: app.screen is app.reader)
            assert (on_place(app), on_post(app)) == ("Safe cities", "Long")


async def test_the_next_category_leaves_the_post() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "enter", "]")
            assert app.screen is app.reader
            assert on_place(app) == "Unread"


async def test_the_wheel_scrolls() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            await press(pilot, "enter")
            pane = app.screen.query_one("#reading")
            before = lines(app, pane)
            await wheel(pilot, (9, 9))
            assert lines(app, pane)[:-3] == before[3:]
            await wheel(pilot, (9, 9), up=True)
            assert lines(app, pane) == before


# ── reading on ──────────────────────────────────────────────────────────────────────────────


async def test_space_reads_on_to_the_end_and_then_the_next_unread_post() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            await press(pilot, "enter")
            pages = 1
            while "Paragraph 59" not in page(app) or "Page: https" not in page(app):
                await press(pilot, "space")
                pages += 1
            assert pages > 4
            await press(pilot, "space")
            assert "Programme" in page(app)
            await until(pilot, lambda: fake.services.history.stored().marks == 2)
            await press(pilot, *["space"] * 4)
            assert said(app) == "No more unread posts in this list."
            assert "A password protects this post." in page(app)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=str)
async def test_z_leaves_nothing_but_the_text(size: tuple[int, int]) -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "enter")
            before = lines(app, app.screen.query_one("#reading"))
            await press(pilot, "z")
            assert app.screen.query_one("#reading").region.size == app.size
            assert lines(app)[1].strip() == before[1].strip()
            await press(pilot, "j", "j", "y")
            await until(pilot, lambda: "Copied: " in text(app))  # what happened is said
            await press(pilot, "z")
            assert "‹ All posts" in lines(app)[0]


async def test_of_a_very_long_post_the_first_page_is_there_before_the_rest() -> None:
    text_of_it = "".join(f"<p>Avsnitt {n} om havnen i Malmö.</p>" for n in range(12_000))
    long = of(entry("Long", content=text_of_it, more=True))
    with make_services({NEWS: long}) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            await press(pilot, "enter")
            shown = app.screen.query_one("#reading", Page)
            assert "Avsnitt 3 om" in page(app)
            assert not shown.complete
            assert status(app) == "‹ All posts", "its length is not known yet"
            await press(pilot, *["space"] * 5)
            assert "Avsnitt 55 om" in page(app), "keys are answered meanwhile"
            await until(pilot, lambda: shown.complete)
            await until(pilot, lambda: " min left · page 6 of " in status(app))
            await press(pilot, "G")
            assert "Avsnitt 11999 om" in page(app)


async def test_the_end_of_a_long_post_can_be_gone_to_at_once() -> None:
    text_of_it = "".join(f"<p>Avsnitt {n}.</p>" for n in range(6_000))
    with make_services({NEWS: of(entry("Long", content=text_of_it, more=True))}) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            await burst(pilot, "enter", "G")
            assert "Avsnitt 5999." in page(app)
            await press(pilot, "q")
            await until(pilot, lambda: fake.services.history.stored().positions == 1)


async def test_a_text_that_takes_long_to_set_is_waited_for_in_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nordic_tui.tui.widgets.page.FIRST_S", 0.0)
    table = "<table>" + "<tr><td>Malmö</td><td>tall</td></tr>" * 900 + "</table>"
    with make_services({NEWS: of(entry("Table", content=table, more=True))}) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            await press(pilot, "enter")
            assert "Table" in page(app), "the head is there at once"
            await until(pilot, lambda: "Malmö  tall" in page(app))
