"""Where one was is there at the next start: place, search, post, and how far it was scrolled."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from nordic_tui.model import Answer, Entry, Feed, LastPlace, PlaceKind, Source
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.screens.reading import ReadingScreen
from tests.fakes import CAME, NEWS, FakeServices, decided, make_services
from tests.tui.helpers import burst, press, run, text, until

KEEP = decided(Answer.KEEP)
LONG = "<p>Line after line of a long text, more than a window holds.</p>" * 200
POSTS = Feed(
    title="News",
    entries=tuple(
        Entry(
            guid=f"{n}",
            title=f"Post {n}",
            published=CAME - timedelta(days=1 + n),
            content=LONG,
            more=True,
            categories=(("Even", "Odd")[n % 2],),
        )
        for n in range(20)
    ),
)


def row_of(app: NordicApp) -> str:
    row = app.reader.posts.row
    return row.title if row is not None else ""


async def live(fake: FakeServices, *keys: str) -> LastPlace:
    """One session, with these keys pressed in it; gives where it ended."""
    async with run(fake.services) as (app, pilot):
        await press(pilot, *keys)
        screen = app.screen
        if isinstance(screen, ReadingScreen):
            await until(pilot, lambda: screen.page.complete)
            await pilot.pause(0)
        await until(pilot, lambda: getattr(app.screen, "takes_keys", False))
        app.exit()
    fake.store.load_states().result(timeout=5)  # after all that was to be written
    place = fake.services.history.last_place()
    assert place is not None
    return place


async def test_the_first_start_shows_all_posts_from_the_top() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, _):
            assert (app.reader.at, row_of(app)) == ((PlaceKind.ALL, 0), "Post 0")


async def test_the_category_and_the_post_are_there_again() -> None:
    with make_services({NEWS: POSTS}) as fake:
        place = await live(fake, "]", "]", "]", "j", "j", "j")
        assert (place.kind, place.name, place.opened, place.line) == (
            PlaceKind.CATEGORY, "Odd", False, 3,
        )  # fmt: skip
        async with run(fake.services) as (app, pilot):
            assert app.reader.here_name == "Odd"
            assert row_of(app) == "Post 7"
            assert app.reader.posts.cursor - app.reader.posts.first == 3
            assert app.reader.categories.place == app.reader.here
            await press(pilot, "[")
            assert app.reader.here_name == "Even"


async def test_an_open_post_is_open_again_as_far_as_it_was_scrolled() -> None:
    with make_services({NEWS: POSTS}) as fake:
        place = await live(fake, "j", "enter", "space", "space", "space")
        assert place.opened
        async with run(fake.services) as (app, pilot):
            await until(pilot, lambda: isinstance(app.screen, ReadingScreen))
            screen = app.screen
            assert isinstance(screen, ReadingScreen)
            await until(pilot, lambda: screen.takes_keys)
            assert screen.page.fraction == pytest.approx(place.fraction, abs=0.01)
            assert 0 < place.fraction < 0.5
            await press(pilot, "escape")
            assert (row_of(app), app.reader.takes_keys) == ("Post 1", True)
            await press(pilot, "j")
            assert row_of(app) == "Post 2"


async def test_the_end_of_a_post_is_its_end_again() -> None:
    """A position goes back to the beginning there: where one was is another thing."""
    with make_services({NEWS: POSTS}) as fake:
        await live(fake, "enter", "G")
        async with run(fake.services) as (app, pilot):
            await until(pilot, lambda: isinstance(app.screen, ReadingScreen))
            screen = app.screen
            assert isinstance(screen, ReadingScreen)
            await until(pilot, lambda: screen.takes_keys)
            assert screen.page.at_end


async def test_a_search_is_made_again_and_led_out_of() -> None:
    with make_services({NEWS: POSTS}) as fake:
        place = await live(fake, "]", "]", "/", *"odd", "enter", "j")
        assert (place.search, place.name) == ("odd", "Even")
        async with run(fake.services) as (app, pilot):
            await until(pilot, lambda: app.reader.takes_keys and app.reader.view.search == "odd")
            assert (row_of(app), len(app.reader.listing)) == ("Post 3", 10)
            assert not app.reader.search.typing
            await press(pilot, "escape")
            await until(pilot, lambda: not app.reader.view.search)
            assert app.reader.here_name == "Even"


async def test_keys_typed_ahead_go_to_where_one_was() -> None:
    with make_services({NEWS: POSTS}) as fake:
        await live(fake, "enter", "space")
        app = NordicApp(fake.services)
        async with app.run_test(size=(80, 24)) as pilot:
            await burst(pilot, "escape", "j", "j")
            await until(pilot, lambda: row_of(app) == "Post 2")
            assert app.screen is app.reader


async def test_who_quits_before_one_is_back_is_still_there_the_next_time() -> None:
    with make_services({NEWS: POSTS}) as fake:
        place = await live(fake, "j", "enter", "space")
        app = NordicApp(fake.services)
        async with app.run_test(size=(80, 24)):
            app.reader.returning._last = place
            app.exit()
        assert fake.services.history.last_place() == place


async def test_the_excerpt_is_scrolled_as_it_was() -> None:
    posts = POSTS._replace(
        entries=tuple(each._replace(excerpt="Line.\n\n" * 60) for each in POSTS.entries)
    )
    with make_services({NEWS: posts}) as fake:
        place = await live(fake, "j", "tab", "j", "j", "j")
        async with run(fake.services) as (app, pilot):
            await until(pilot, lambda: app.reader.excerpt.first > 0)
            assert app.reader.progress == pytest.approx(place.fraction, abs=0.02)


@pytest.mark.parametrize(
    ("last", "shown"),
    [
        (LastPlace(PlaceKind.CATEGORY, 4711, "Gone"), ("All posts", "Post 0")),
        (LastPlace(PlaceKind.SAVED, 99, "Gone"), ("All posts", "Post 0")),
        (LastPlace(PlaceKind.FOLDER, 99, "North"), ("North", "Post 0")),
        (LastPlace(PlaceKind.UNREAD, 0, post=4711, opened=True), ("Unread", "Post 0")),
    ],
)
async def test_of_what_is_gone_the_rest_is_there(last: LastPlace, shown: Sequence[str]) -> None:
    """Folders and views are known by their names: their numbers change."""
    with make_services({NEWS: POSTS}, sources=[Source(NEWS, folder="North")]) as fake:
        fake.services.history.save_last_place(last).result(timeout=5)
        async with run(fake.services) as (app, pilot):
            await until(pilot, lambda: app.reader.takes_keys)
            assert (app.reader.here_name, row_of(app)) == tuple(shown)
            assert app.screen is app.reader
            await press(pilot, "j")
            assert row_of(app) == "Post 1"


async def test_it_is_kept_on_the_disk_after_a_yes_only(tmp_path: Path) -> None:
    for consent, kept in ((KEEP, True), (decided(Answer.NEVER), False)):
        with make_services({NEWS: POSTS}, consent=consent, home=tmp_path) as fake:
            await live(fake, "j", "j", "j")
            assert (tmp_path / "history.db").exists() == kept
            if kept:
                fake.services.history.erase()
                assert fake.services.history.last_place() is None


async def test_a_place_is_shown_in_a_small_window_too() -> None:
    with make_services({NEWS: POSTS}) as fake:
        await live(fake, "]", "]", "]", "j", "j")
        async with run(fake.services, size=(40, 12)) as (app, _):
            assert "Post 5" in text(app)
