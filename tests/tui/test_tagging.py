"""Stars, tags, and undo and redo, as a person sees them."""

from concurrent.futures import Future

import pytest

from nordic_tui.errors import StoreUnwritable
from nordic_tui.model import LATER, Order, PlaceKind, Sorting
from nordic_tui.service.keeping import parted, toggled
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.screens.reading import ReadingScreen
from nordic_tui.tui.screens.tags import TagsScreen
from nordic_tui.tui.tagging import next_order, offered
from tests.fakes import BLOG, NEWS, FakeServices, feed, make_services

from .helpers import (
    SIZES,
    burst,
    cursor_row,
    entry,
    lines,
    of,
    on_place,
    press,
    run,
    running_text,
    said,
    text,
    until,
)

POSTS = of(entry("One"), entry("Two"), entry("Three"))
LONG = of(entry("One", content="<p>" + "</p><p>".join(f"Line {n}." for n in range(200)) + "</p>"))


def tags_of(fake: FakeServices, title: str) -> tuple[str, ...]:
    post = fake.store.post(fake.post_id(title))
    assert post is not None
    return post.tags


def starred(fake: FakeServices, title: str) -> bool:
    post = fake.store.post(fake.post_id(title))
    assert post is not None
    return post.starred


def excerpt(app: NordicApp) -> str:
    return running_text(app, app.reader.excerpt)


def title_row(app: NordicApp, title: str) -> str:
    return next(line for line in lines(app, app.reader.posts) if f" {title} " in line)


# ── stars ───────────────────────────────────────────────────────────────────────────────────


async def test_s_stars_a_post_and_takes_its_star_off() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            before = title_row(app, "One")
            await press(pilot, "s")
            await until(pilot, lambda: said(app) == "Starred. u takes it back.")
            assert "★" in cursor_row(app, app.reader.posts)
            assert title_row(app, "One").replace("★", " ") == before, "no column moves"
            assert "★" not in title_row(app, "Two")
            assert "★ Starred" in excerpt(app)
            await press(pilot, "s")
            await until(pilot, lambda: said(app) == "Not starred any more.")
            assert "★" not in text(app, app.reader.posts) + excerpt(app)
            await press(pilot, "u")
            await until(pilot, lambda: said(app) == "Took back: Took the star off “One”.")
            assert "★ Starred" in excerpt(app)
            await press(pilot, "u", "u")
            await until(pilot, lambda: said(app) == "There is nothing to take back.")
            assert not starred(fake, "One")
            await press(pilot, "U")
            await until(pilot, lambda: said(app) == "Did again: Starred “One”.")
            assert "★" in cursor_row(app, app.reader.posts)


async def test_a_star_typed_twice_at_once_is_none() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await burst(pilot, "s", "s", "w", "w", "s")
            await until(pilot, lambda: said(app).startswith("Starred"))
            assert (starred(fake, "One"), tags_of(fake, "One")) == (True, ())


async def test_without_a_post_nothing_is_starred() -> None:
    with make_services({NEWS: of()}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "s", "w", "t")
            assert (said(app), app.screen) == ("", app.reader)


async def test_what_could_not_be_starred_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with make_services({NEWS: POSTS}) as fake:

        def full(*_: object) -> Future[int]:
            failed = Future[int]()
            failed.set_exception(StoreUnwritable("The disk is full."))
            return failed

        async with run(fake.services) as (app, pilot):
            monkeypatch.setattr(fake.store, "star", full)
            await press(pilot, "s")
            await until(pilot, lambda: said(app) == "The disk is full.")
            monkeypatch.undo()
            await press(pilot, "s")
            await until(pilot, lambda: starred(fake, "One"))


async def test_stars_are_given_where_a_post_is_read() -> None:
    with make_services({NEWS: LONG}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "enter", "s")
            await until(pilot, lambda: "★ Starred" in text(app))
            await press(pilot, "space", "space")
            page = app.screen.query_one("#reading")
            before = text(app, page)
            assert "Line 3" in before
            await press(pilot, "w")
            await until(pilot, lambda: said(app) == "Kept to read later. u takes it back.")
            assert text(app, page) == before, "the text stays where it is"
            await press(pilot, "g", "g")
            assert "★ Starred · To be read later" in running_text(app)
            await press(pilot, "u", "u")
            await until(pilot, lambda: said(app) == "Took back: Starred “One”.")
            assert "Starred" not in text(app, page)
            assert isinstance(app.screen, ReadingScreen)


# ── tags ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", SIZES)
async def test_tags_are_typed_offered_and_taken_off(size: tuple[int, int]) -> None:
    with make_services({NEWS: POSTS}) as fake:
        for tag in ("Cities", "climate"):
            fake.services.keeping.tag(fake.post_id("Two"), tag, True).result()
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "t")
            assert isinstance(app.screen, TagsScreen)
            assert "No tags yet." in text(app)
            assert "There are: Cities, climate, later" in running_text(app)
            await press(pilot, "c", "l")
            assert "There are: climate" in running_text(app)
            await press(pilot, "tab", "enter")
            await until(pilot, lambda: tags_of(fake, "One") == ("climate",))
            await press(pilot, *"cities", "enter")
            await until(pilot, lambda: tags_of(fake, "One") == ("Cities", "climate"))
            assert "Cities, climate" in text(app), "the spelling that was first"
            await press(pilot, *"CLIMATE", "enter")
            await until(pilot, lambda: tags_of(fake, "One") == ("Cities",))
            await press(pilot, "escape")
            assert app.screen_stack == [app.reader]
            await press(pilot, "3")
            await until(pilot, lambda: "Tagged Cities" in excerpt(app))


async def test_a_comma_parts_tags() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "t", *"budget, møte,", "enter")
            await until(pilot, lambda: tags_of(fake, "One") == ("budget", "møte"))
            assert "budget, møte" in text(app)
    assert parted("A, b", ["a, B"]) == ["A, b"], "a tag that there is, from another reader"


async def test_tab_goes_through_what_is_offered_and_enter_alone_closes() -> None:
    with make_services({NEWS: POSTS}) as fake:
        for tag in ("aa", "ab"):
            fake.services.keeping.tag(fake.post_id("Two"), tag, True).result()
        async with run(fake.services) as (app, pilot):
            await press(pilot, "t", "a", "tab", "tab", "tab", "tab", "enter")
            await until(pilot, lambda: tags_of(fake, "One") == ("ab",))
            await press(pilot, "enter")
            assert app.screen is app.reader


async def test_w_keeps_a_post_to_read_later() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "w")
            await until(pilot, lambda: said(app) == "Kept to read later. u takes it back.")
            assert "To be read later" in excerpt(app)
            assert tags_of(fake, "One") == (LATER,)
            await press(pilot, "w")
            await until(pilot, lambda: said(app) == "Not kept to read later.")
            assert tags_of(fake, "One") == ()


async def test_a_tag_is_only_text() -> None:
    with make_services({NEWS: POSTS}) as fake:
        fake.services.keeping.tag(fake.post_id("One"), "[bold]x[/]", True).result()
        async with run(fake.services) as (app, pilot):
            assert "Tagged [bold]x[/]" in excerpt(app)
            await press(pilot, "t")
            assert "[bold]x[/]" in text(app)


def test_what_a_word_means() -> None:
    assert toggled(("x",), " X ", ["x"]) == ("x", False)
    assert toggled((), "åre", ["Åre"]) == ("Åre", True)
    assert toggled((), "LATER", []) == (LATER, True)
    assert toggled((), "\u200b", []) == ("", False)
    assert offered(["Åre", "b", "ar"], "a", ("ar",)) == ["Åre"]
    assert [next_order(order) for order in Order] == [Order.OLDEST, Order.UNREAD, Order.NEWEST]


# ── undo ────────────────────────────────────────────────────────────────────────────────────


async def test_the_same_undo_everywhere() -> None:
    with make_services({NEWS: feed("a", title="Alpha"), BLOG: feed("b", title="Beta")}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j", "s", "S", "j", "D")
            await until(pilot, lambda: said(app) == "Removed “Beta”. u takes it back.")
            await press(pilot, "escape", "m")
            await until(pilot, lambda: said(app) == "Marked as read.")
            await press(pilot, "S", "u")
            await until(pilot, lambda: said(app) == "Took back: 1 post marked as read.")
            await press(pilot, "escape", "u")
            await until(pilot, lambda: said(app) == "Took back: Removed “Beta”.")
            await until(pilot, lambda: "Beta" in text(app, app.reader.categories))
            await press(pilot, "u")
            await until(pilot, lambda: said(app) == "Took back: Starred “a”.")
            await burst(pilot, "U", "ctrl+r", "U", "U")
            await until(pilot, lambda: said(app) == "There is nothing to do again.")
            await until(pilot, lambda: "Beta" not in text(app, app.reader.categories))
            assert starred(fake, "a")
            assert fake.services.history.stored().marks == 1


# ── how lists are wanted ────────────────────────────────────────────────────────────────────


async def test_each_list_keeps_its_order_and_whether_all_are_shown() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "O")
            await until(pilot, lambda: said(app) == "Oldest first.")
            await until(pilot, lambda: "oldest first" in text(app, app.reader.heading))
            await press(pilot, "a")
            await until(pilot, lambda: "unread only" in text(app, app.reader.heading))
            await press(pilot, "]")
            await until(pilot, lambda: on_place(app) == "Unread")
            assert app.reader.view.order is Order.NEWEST
            assert not app.reader.view.unread_only
            await press(pilot, "[")
            await until(pilot, lambda: "unread only · oldest first" in text(app))
        wanted = fake.store.sorting(PlaceKind.ALL, 0)
        assert wanted == Sorting(unread_only=True, order=Order.OLDEST)
        async with run(fake.services) as (app, pilot):
            # Also at the next start.
            await until(pilot, lambda: "oldest first" in text(app, app.reader.heading))
