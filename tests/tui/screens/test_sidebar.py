"""The sidebar with folders, nested ones, and saved views."""

from concurrent.futures import Future

import pytest

from nordic_tui.errors import StoreBusy
from nordic_tui.model import Place, SavedView, Source
from nordic_tui.tui.app import NordicApp
from tests.fakes import feed, make_services

from ..helpers import (
    SIZES,
    STACKED,
    find,
    lines,
    on_place,
    on_post,
    press,
    run,
    said,
    style_at,
    text,
    until,
)

A, B, C = (f"https://{name}.example/feed/" for name in "abc")
SOURCES = (
    Source(A, folder="News/Nordic"),
    Source(B, folder="News", tags=("work",)),
    Source(C),
)
FEEDS = {
    A: feed("Of Alpha", title="Alpha", categories=("Events",)),
    B: feed("Of Beta", title="Beta", categories=("Jobs",)),
    C: feed("Of Gamma", title="Gamma"),
}
VIEWS = (SavedView("At work", tag="work"), SavedView("Gammas", title="gamma"))


def sidebar(app: NordicApp) -> list[str]:
    """The names with their indents, without cursor, counts and empty rows at the end."""
    drawn = [line.rstrip(" ▕")[2:] for line in lines(app, app.reader.categories)]
    while drawn and not drawn[-1]:
        drawn.pop()
    return [" " * (len(row) - len(row.lstrip())) + row.strip().split("  ")[0] for row in drawn]


async def test_views_of_all_sources_stand_first_then_folders_and_what_is_in_them() -> None:
    with make_services(FEEDS, sources=SOURCES, views=VIEWS) as fake:
        async with run(fake.services, STACKED) as (app, _):
            assert sidebar(app) == [
                "All posts",
                "Unread",
                "At work",
                "Gammas",
                "",
                "News",
                "  Nordic",
                "    Alpha",
                "      Events",
                "  Beta",
                "    Jobs",
                "Gamma",
            ]


async def test_a_folder_is_quiet_and_a_source_is_not() -> None:
    with make_services(FEEDS, sources=SOURCES) as fake:
        async with run(fake.services) as (app, _):
            sides = {name: find(app, name, app.reader.categories) for name in ("News", "Alpha")}
            muted, ink = (app.palette.style(role).color for role in ("muted", "ink"))
            assert style_at(app, *sides["News"]).color == muted
            assert style_at(app, *sides["Alpha"]).color == ink


async def test_the_next_category_leads_through_every_place() -> None:
    with make_services(FEEDS, sources=SOURCES, views=VIEWS) as fake:
        async with run(fake.services) as (app, pilot):
            heads = []
            for _ in range(11):
                name = on_place(app)
                heading = text(app, app.reader.heading).strip()
                assert heading.startswith(name)
                heads.append(heading)
                await press(pilot, "]")
            assert "At work · 1 post · 1 unread" in heads
            assert "Gammas · 1 post · 1 unread" in heads
            assert "News · 2 posts · 2 unread" in heads
            assert "Nordic · 1 post · 1 unread" in heads


async def test_marks_in_a_saved_view_show_everywhere() -> None:
    with make_services(FEEDS, sources=SOURCES, views=VIEWS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "1", "g", "g", "j", "j")
            assert on_place(app) == "At work"
            await press(pilot, "l")
            assert on_post(app) == "Of Beta"
            await press(pilot, "m")
            await until(pilot, lambda: "1 post · 0 unread" in text(app, app.reader.heading))
            await press(pilot, "1", "g", "g", "l")
            assert "3 posts · 2 unread" in text(app, app.reader.heading)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_however_deep_a_place_is_its_numbers_keep_their_columns(
    size: tuple[int, int],
) -> None:
    deep = Source(A, folder="/".join(f"Folder with a long name {n}" for n in range(12)))
    feeds = {A: feed(*(f"Post {n}" for n in range(12)), title="Alpha", categories=("Events",))}
    with make_services({**feeds, C: FEEDS[C]}, sources=(deep, Source(C))) as fake:
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "1")
            drawn = [line for line in lines(app, app.reader.categories) if line.rstrip(" ▕")]
            width = app.reader.categories.size.width
            assert {len(line) for line in drawn} == {width}
            ends = {line.rstrip(" ▕").rindex("12") for line in drawn if "12" in line}
            assert len(ends) == 1, drawn
            folders = [line for line in drawn if "Fol" in line]
            assert len(folders) >= 5
            assert all("…" in line or width > 30 for line in folders)


async def test_counts_that_take_long_hold_up_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    counting: Future[list[Place]] = Future()
    posts = feed("One", "Two", "Three", title="Alpha", categories=("Events",))
    with make_services({A: posts}) as fake:
        async with run(fake.services, STACKED) as (app, pilot):
            monkeypatch.setattr(fake.services.library, "count_places", lambda: counting)
            await press(pilot, "m")
            await until(pilot, lambda: said(app) == "Marked as read.")
            await press(pilot, "j", "j")
            assert on_post(app) == "Three"
            assert [place.unread for place in app.reader.categories.places] == [3, 3, 3]
            counting.set_result(list(fake.services.library.places()))
            await until(pilot, lambda: app.reader.categories.places[0].unread == 2)
            assert on_post(app) == "Three"
            find(app, "3 posts · 2 unread", app.reader.heading)


async def test_a_saved_search_has_no_number_until_it_is_counted_and_then_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counting: Future[list[Place]] = Future()
    posts = feed("One", "Two", title="Alpha")
    with make_services({A: posts}, views=[SavedView("Ones", search="one")]) as fake:
        library = fake.services.library
        count = library.count_places
        monkeypatch.setattr(library, "count_places", lambda: counting)
        async with run(fake.services, STACKED) as (app, pilot):

            def numbers() -> list[str]:
                row = next(r for r in lines(app, app.reader.categories) if "Ones" in r)
                return row.strip(" ▕").split()[1:]

            assert numbers() == []
            counting.set_result(count().result(timeout=5))
            await until(pilot, lambda: numbers() == ["1", "1"])


async def test_counts_that_cannot_be_had_are_told_and_those_before_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counting: Future[list[Place]] = Future()
    counting.set_exception(StoreBusy("Another program holds the cache."))
    with make_services({A: FEEDS[A]}) as fake:
        async with run(fake.services, STACKED) as (app, pilot):
            monkeypatch.setattr(fake.services.library, "count_places", lambda: counting)
            await press(pilot, "m")
            await until(pilot, lambda: said(app) == "Another program holds the cache.")
            assert [place.unread for place in app.reader.categories.places] == [1, 1, 1]
