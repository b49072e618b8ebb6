"""The search over all posts: found as one types, marked where it is shown, and left again."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime

import pytest

from nordic_tui.errors import StoreError
from nordic_tui.model import View
from nordic_tui.service.finding import FoundListing
from nordic_tui.tui.app import NordicApp
from tests.fakes import BLOG, NEWS, feed, make_services
from tests.tui.helpers import (
    NARROW,
    SIZES,
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
    style_at,
    text,
    until,
)

OLD = datetime(2026, 3, 1, 8, tzinfo=UTC)
LONG = "".join(f"<p>Avsnitt {n} om annat.</p>" for n in range(60))
POSTS = of(
    entry("Trygga kvällar i Malmö", content="<p>Staden Malmö vill mer.</p>", published=OLD),
    entry("Et møde på Ærø", excerpt="Om øen i Danmark.", published=OLD),
    entry("Havnen", content=f"<p>Fra Malmö til Aarhus.</p>{LONG}<p>Og hjem til Malmö.</p>",
          published=OLD),
    entry("Ingenting", excerpt="Helt stille.", published=OLD),
)  # fmt: skip


def titles(app: NordicApp) -> list[str]:
    rows = [line[3:].split("   ")[0].strip("▕ ") for line in lines(app, app.reader.posts)]
    return [row for row in rows if row]


def has_found(app: NordicApp, count: int) -> bool:
    """Whether so many posts are shown since Enter was typed, and keys act on them."""
    reader = app.reader
    return not reader.listing.view.typing and reader.takes_keys and len(titles(app)) == count


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_posts_are_found_as_one_types(size: tuple[int, int]) -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "/", "m")
            assert len(titles(app)) == 4, "one letter finds nothing yet"
            await press(pilot, "a")
            await until(pilot, lambda: len(titles(app)) == 2)
            await press(pilot, *"lmo")
            await until(pilot, lambda: "Search · 2 posts" in text(app, app.reader.heading))
            assert titles(app) == ["Trygga kvällar i Malmö", "Havnen"], "in the title comes first"


async def test_it_searches_everything_wherever_one_is_and_goes_back_there() -> None:
    posts = {NEWS: POSTS, BLOG: feed("Kveld i Malmö", "Annet", "Mer", title="Blog")}
    with make_services(posts) as fake:
        async with run(fake.services) as (app, pilot):
            while on_place(app) != "Blog":
                await press(pilot, "]")
            await press(pilot, "j")
            assert on_post(app) == "Annet"
            await press(pilot, "/", *"malmo", "enter")
            await until(pilot, lambda: has_found(app, 3))
            assert on_place(app) == "Blog"
            await press(pilot, "escape")
            await until(pilot, lambda: titles(app) == ["Kveld i Malmö", "Annet", "Mer"])
            assert on_post(app) == "Annet"
            assert "Blog · 3 posts" in text(app, app.reader.heading)
            assert "Enter read   m mark" in lines(app)[-1]


async def test_what_is_typed_in_one_burst_acts_on_what_is_found() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await burst(pilot, "/", *"aeroe", "enter", "enter")
            await until(pilot, lambda: app.screen is not app.reader)
            assert "Et møde på Ærø" in text(app)


async def test_found_words_are_marked_in_list_excerpt_and_text() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "/", *"malmo", "enter")
            await until(pilot, lambda: has_found(app, 2))
            excerpt = app.reader.excerpt
            await until(pilot, lambda: bool(style_at(app, *find(app, "Malmö", excerpt)).underline))
            for where in (app.reader.posts, app.reader.excerpt):
                x, y = find(app, "Malmö", where)
                assert style_at(app, x, y).underline
                assert not style_at(app, x - 2, y).underline
            await press(pilot, "enter")
            x, y = find(app, "Malmö vill", app.screen.query_one("#reading"))
            assert style_at(app, x, y).underline
            assert not style_at(app, x + 6, y).underline


async def test_n_goes_through_what_was_found() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "/", *"malmo", "enter")
            await until(pilot, lambda: has_found(app, 2))
            assert lines(app)[-1].strip() == (
                "Enter read   n next found   / other words   V save   Esc no search   ? help"
            )
            await press(pilot, "n")
            assert on_post(app) == "Havnen"
            await press(pilot, "enter")
            assert "Space read on   n next found" in lines(app)[-1]
            await press(pilot, "n")
            assert "Fra Malmö til Aarhus." in running_text(app)
            await press(pilot, "n")
            assert "Og hjem til Malmö." in running_text(app)
            await press(pilot, "n")
            assert said(app) == "No more found words below."
            await press(pilot, "N")
            assert "Fra Malmö til Aarhus." in running_text(app)
            await press(pilot, "N")
            assert said(app) == "No more found words above."


async def test_without_a_search_n_goes_to_unread_posts() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "n")
            assert on_post(app) == "Et møde på Ærø"
            await press(pilot, "N")
            assert on_post(app) == "Et møde på Ærø", "N is for found words alone"


async def test_nothing_found_is_said_and_esc_leads_out() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, NARROW) as (app, pilot):
            await press(pilot, "/", *'"zz (')
            await until(pilot, lambda: "No post fits this search." in text(app))
            await press(pilot, "escape")
            await until(pilot, lambda: len(titles(app)) == 4)
            assert not app.reader.query("#search")


async def test_another_place_ends_a_search() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "/", *"malmo", "enter", "]")
            await until(pilot, lambda: not app.reader.query("#search"))
            assert "Unread · 4 posts" in text(app, app.reader.heading)


async def test_marks_while_searching_leave_the_list_as_it_is() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "/", *"is:unread malmo", "enter")
            await until(pilot, lambda: has_found(app, 2))
            await press(pilot, "m")
            await until(pilot, lambda: said(app) == "Marked as read.")
            assert len(titles(app)) == 2
            await press(pilot, "A")
            await until(pilot, lambda: said(app).startswith("Marked 1 post as read."))


async def test_a_search_that_fails_says_why_and_the_list_stays() -> None:
    with make_services({NEWS: POSTS}) as fake:
        library = fake.services.library

        def fail(
            view: View, first: Callable[[FoundListing], None] | None = None
        ) -> "Future[FoundListing]":
            future: Future[FoundListing] = Future()
            future.set_exception(StoreError("The disk does not answer."))
            return future

        library.find = fail  # type: ignore[method-assign]  # a disk that fails
        async with run(fake.services) as (app, pilot):
            await press(pilot, "/", *"malmo")
            await until(pilot, lambda: said(app) == "The disk does not answer.")
            assert len(titles(app)) == 4


async def test_what_is_not_understood_is_said_once_it_is_searched_for() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, NARROW) as (app, pilot):
            await press(pilot, "/", *"is:new")
            assert said(app) == ""
            await press(pilot, "enter")
            await until(pilot, lambda: said(app).startswith("There is no “is:new”; there are is:"))
            await until(pilot, lambda: "No post fits this search." in text(app))
            await press(pilot, "escape", "/", *"malmo", "enter")
            await until(pilot, lambda: has_found(app, 2))
            assert said(app) == ""


@pytest.mark.parametrize("key", ["/", "f"])
async def test_a_box_for_words_shows_its_keys_whatever_was_said_before(key: str) -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "s")
            await until(pilot, lambda: said(app).startswith("Starred."))
            await press(pilot, key)
            assert "Esc no " in lines(app)[-1]
