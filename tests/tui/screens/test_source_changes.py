"""The screen "Sources": every change of what is followed, and what the reader shows then."""

from concurrent.futures import Future

import pytest
from textual.pilot import Pilot

from nordic_tui.errors import SettingsError, StoreError
from nordic_tui.model import Source
from nordic_tui.tui.app import NordicApp
from tests.fakes import FakeServices, feed, make_services

from ..helpers import (
    SIZES,
    lines,
    on_place,
    press,
    run,
    running_text,
    said,
    text,
    until,
)
from .on_sources import FEEDS, A, B, C, D, about, names, on_source, table


def titles(app: NordicApp) -> list[str]:
    """The posts that the reader lists."""
    drawn = lines(app, app.reader.posts)
    return [line[3:].split("   ")[0].strip() for line in drawn if line.strip(" ▕")]


# ── changes ─────────────────────────────────────────────────────────────────────────────────


async def test_a_source_is_removed_and_comes_back() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "j", "D")
            assert said(app) == "Removed “Beta”. u takes it back."
            assert names(app) == ["Alpha", "Gamma", "Delta"]
            assert on_source(app) == "Gamma"
            await press(pilot, "escape")
            await until(pilot, lambda: "Beta" not in text(app))
            await press(pilot, "S", "u")
            await until(pilot, lambda: said(app) == "Took back: Removed “Beta”.")
            await until(pilot, lambda: names(app) == ["Alpha", "Beta", "Gamma", "Delta"])
            await press(pilot, "escape")
            await until(pilot, lambda: "Beta" in text(app, app.reader.categories))


async def test_the_cursor_goes_to_the_source_that_comes_back() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "j", "D", "G", "u")
            await until(pilot, lambda: on_source(app) == "Beta")
            await until(pilot, lambda: "https://b.example/feed/" in about(app))
            await until(pilot, lambda: B in {state.address for state in fake.store.states()})
            await press(pilot, "P", "G", "u")
            await until(pilot, lambda: said(app) == "Took back: Paused “Beta”.")
            assert on_source(app) == "Delta", "nothing came back: the cursor stays"


async def test_a_source_that_was_removed_elsewhere_goes_when_something_is_asked_of_it() -> None:
    for key in "DPXJefiLs":
        with make_services(FEEDS) as fake:
            async with run(fake.services) as (app, pilot):
                await press(pilot, "S", "j")
                followed = fake.subscription_file.following
                others = tuple(s for s in followed.sources if s.address != B)
                fake.subscription_file.following = followed._replace(sources=others)
                await press(pilot, key)
                assert said(app) == "This source is not followed any more.", key
                assert names(app) == ["Alpha", "Gamma", "Delta"]
                assert lines(app)[0].startswith(" Sources · 3 ")
                await press(pilot, "escape")
                await until(pilot, lambda: "Beta" not in text(app, app.reader.categories))


async def test_the_last_source_is_removed() -> None:
    with make_services({A: FEEDS[A]}) as fake:
        async with run(fake.services) as (app, pilot):
            assert lines(app)[0].startswith(" Alpha")
            await press(pilot, "S", "D")
            assert "Nothing is followed yet." in text(app)
            await press(pilot, "e", "D", "P", "x", "R", "enter", "escape", "escape")
            await until(pilot, lambda: lines(app)[0].startswith(" Nordic TUI"))
            await until(pilot, lambda: "Of Alpha" not in text(app))


async def test_nothing_to_take_back() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "u")
            await until(pilot, lambda: said(app) == "There is nothing to take back.")
            await press(pilot, "U")
            await until(pilot, lambda: said(app) == "There is nothing to do again.")


async def test_a_source_is_renamed_at_the_bottom() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "e")
            assert lines(app)[-3].startswith(" Name ")
            assert "Enter keep   Esc leave" in text(app)
            await press(pilot, *["backspace"] * 5, *"Own", "space", *"qjD", "enter")
            assert said(app) == "Renamed “Alpha” to “Own qjD”. u takes it back."
            assert names(app)[0] == "Own qjD"
            assert fake.subscription_file.following.sources[0].name == "Own qjD"
            await press(pilot, "e", "x", "escape")
            assert names(app)[0] == "Own qjD", "Esc leaves it as it was"
            await press(pilot, "escape")
            await until(pilot, lambda: "Own qjD" in text(app, app.reader.categories))


async def test_looking_at_a_name_gives_none() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "e", "enter")
            assert fake.subscription_file.following.sources[0].name == ""
            assert names(app)[0] == "Alpha"


async def test_a_source_is_paused_and_goes_on() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "P")
            assert said(app) == "Paused “Alpha”. u takes it back."
            assert "paused" in table(app)[0]
            assert "It is paused: it is not asked until it goes on." in about(app)
            await press(pilot, "R")
            assert said(app) == "Alpha is paused."
            await press(pilot, "P")
            assert said(app) == "“Alpha” goes on. u takes it back."
            assert "paused" not in table(app)[0]


async def test_a_source_moves_and_the_cursor_with_it() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "J", "J")
            assert names(app) == ["Beta", "Gamma", "Alpha", "Delta"]
            assert on_source(app) == "Alpha"
            await press(pilot, "K")
            assert names(app) == ["Beta", "Alpha", "Gamma", "Delta"]
            await press(pilot, "g", "g", "K")
            assert said(app) == "“Beta” is the first here."
            await press(pilot, "escape")
            await until(
                pilot,
                lambda: (
                    text(app, app.reader.categories).index("Beta")
                    < text(app, app.reader.categories).index("Alpha")
                ),
            )


async def test_a_source_goes_into_a_folder() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "j", "f", *"News/Nordic", "enter")
            assert names(app) == ["Alpha", "News", "  Nordic", "    Beta", "Gamma", "Delta"]
            assert on_source(app) == "Beta"
            assert "Folder: News/Nordic" in about(app)
            await press(pilot, "f", *["backspace"] * 6, "enter")
            words = 'It must be a folder such as "News" or "News/Nordic", not "News/".'
            assert said(app) == words
            await press(pilot, "backspace", "enter")
            assert names(app) == ["Alpha", "News", "  Beta", "Gamma", "Delta"]
            await press(pilot, "k", "e", *["backspace"] * 4, *"World", "enter")
            assert names(app) == ["Alpha", "World", "  Beta", "Gamma", "Delta"]


async def test_what_acts_on_a_source_does_nothing_to_a_folder() -> None:
    with make_services(FEEDS, sources=(Source(A, folder="News"), *map(Source, (B, C, D)))) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "k")
            await until(pilot, lambda: "A folder with 1 source. e renames it." in about(app))
            for key in "DPfisLXxRJK":
                await press(pilot, key)
                assert said(app) == "This is a folder: choose a source in it."
            assert len(fake.subscription_file.following.sources) == 4


async def test_the_interval_is_set_in_minutes() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "i", "5", "enter")
            assert said(app) == 'It must be a number of minutes from 10 to 10080, not "5".'
            await press(pilot, "0", "enter")
            assert fake.subscription_file.following.sources[0].interval_s == 3000.0
            assert "Interval: 50 minutes" in about(app)
            await press(pilot, "i", "backspace", "backspace", "enter")
            assert fake.subscription_file.following.sources[0].interval_s is None


async def test_categories_are_left_out() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "L")
            assert "Keep new posts of “Alpha” in these categories" in text(app)
            await press(pilot, "j", "space", "enter")
            assert fake.subscription_file.following.sources[0].left_out == ("Jobs",)
            assert "Left out: Jobs" in about(app)
            await press(pilot, "L", "space", "escape")
            assert fake.subscription_file.following.sources[0].left_out == ("Jobs",)


def by_hand(fake: FakeServices, address: str, **fields: object) -> None:
    """Edit the settings file as a person would, behind the program."""
    file = fake.subscription_file
    sources = tuple(
        source._replace(**fields) if source.address == address else source  # type: ignore[arg-type]  # fields are Source's own
        for source in file.following.sources
    )
    file.following = file.following._replace(sources=sources)


async def test_a_line_that_is_looked_at_changes_nothing_that_was_edited_by_hand() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S")
            by_hand(fake, A, interval_s=3630.0, folder="News", left_out=("Mine",), name="Own")
            edited = fake.subscription_file.following
            for key, words in (("i", "60.5"), ("f", "News"), ("e", "Own")):
                await press(pilot, key)
                assert lines(app)[-3].rstrip().endswith(words)
                await press(pilot, "enter")
                assert fake.subscription_file.following is edited
            assert "Own" in names(app)[1], "it is drawn as it is now"
            assert "Interval: 60.5 minutes" in about(app)
            await press(pilot, "L")
            assert "[ ] Mine" in text(app)
            await press(pilot, "enter")
            assert fake.subscription_file.following is edited


async def test_categories_that_were_left_out_by_hand_meanwhile_stay_so() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "L", "space")
            by_hand(fake, A, left_out=("Mine",))
            await press(pilot, "enter")
            assert "Left out: Mine, Events" in about(app)
            await press(pilot, "L", "space", "enter")
            assert fake.subscription_file.following.sources[0].left_out == ("Mine",)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_keys_of_leaving_out_are_told_in_every_window(size: tuple[int, int]) -> None:
    feeds = {A: feed("One", title="A name of many words " * 9, categories=("Events", "Jobs"))}
    with make_services(feeds) as fake:
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "S", "L")
            box = app.screen.query_one("#box")
            words = running_text(app, box)
            assert "Space keeps or leaves out, Enter confirms, Esc changes nothing" in words
            assert words.startswith("Keep new posts of “A name of many")
            assert "…” in these categories" in words
            assert "[x] Events" in words
            assert "[x] Jobs" in words


async def test_the_archive_is_kept_from_now_on() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "X")
            assert said(app) == "The whole archive of “Alpha” is kept. u takes it back."
            assert "The whole archive is kept" in about(app)


async def test_a_change_that_can_not_be_kept_is_said_and_changes_nothing() -> None:
    with make_services(FEEDS) as fake:
        fake.subscription_file.error = SettingsError("settings.toml could not be written.")
        async with run(fake.services) as (app, pilot):
            for keys in ("D", "P", "J", "u"):
                await press(pilot, *(["S"] if app.screen is app.reader else []), keys)
                await until(pilot, lambda: said(app) == "settings.toml could not be written.")
                app.reader.bottom.hush()
                assert names(app) == ["Alpha", "Beta", "Gamma", "Delta"]


async def test_addresses_read_once_are_shown_and_not_changed() -> None:
    with make_services(FEEDS, read_once=True) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S")
            words = "Nothing is followed: these addresses are read once."
            assert words in lines(app)[0]
            assert names(app) == ["Alpha", "Beta", "Gamma", "Delta"]
            for key in ("D", "e", "f", "i", "s", "L", "P", "J", "+"):
                await press(pilot, "escape", "S", key)
                assert said(app) == words


async def test_of_two_sources_of_one_name_each_has_its_own_categories() -> None:
    feeds = {
        A: feed("One", title="Twin", categories=("Jobs",)),
        B: feed("Two", title="Twin", categories=("Events",)),
    }
    with make_services(feeds) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "j", "L")
            assert "[x] Events" in text(app)
            assert "Jobs" not in text(app)


async def test_a_change_that_could_not_be_stored_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):

            def full(*_: object) -> Future[None]:
                failed: Future[None] = Future()
                failed.set_exception(StoreError("The disk is full."))
                return failed

            monkeypatch.setattr(fake.store, "follow", full)
            await press(pilot, "S", "D")
            words = "The change is in the settings but could not be stored: The disk is full."
            await until(pilot, lambda: said(app) == words)
            assert names(app) == ["Beta", "Gamma", "Delta"]
            monkeypatch.undo()
            await press(pilot, "u")
            await until(pilot, lambda: said(app) == "Took back: Removed “Alpha”.")


# ── what the reader shows after a source is removed ─────────────────────────────────────────


async def removed(app: NordicApp, pilot: Pilot[int], *keys: str) -> None:
    """Remove a source on the screen "Sources", and go back once the store has heard of it."""
    places = app.reader.categories.places
    await press(pilot, "S", *keys, "D")
    await until(pilot, lambda: app.reader.categories.places != places)
    await press(pilot, "escape")
    assert app.screen is app.reader


async def test_after_the_source_that_was_shown_the_reader_shows_all_posts() -> None:
    for steps in (2, 3):  # the source, one of its categories
        with make_services(FEEDS) as fake:
            async with run(fake.services) as (app, pilot):
                await press(pilot, *["]"] * steps)
                assert titles(app) == ["Of Alpha"]
                await removed(app, pilot)
                assert on_place(app) == "All posts"
                assert "All posts · 3 posts · 3 unread" in text(app, app.reader.heading)
                assert sorted(titles(app)) == ["Of Beta", "Of Delta", "Of Gamma"]
                assert "Alpha" not in text(app)


async def test_after_another_source_the_reader_shows_what_it_showed() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, *["]"] * 5)
            assert on_place(app) == "Beta"
            await removed(app, pilot)
            assert on_place(app) == "Beta"
            assert titles(app) == ["Of Beta"]
            assert "Beta · 1 post · 1 unread" in text(app, app.reader.heading)


async def test_after_a_folders_last_source_the_folder_is_gone_and_all_posts_are_shown() -> None:
    sources = (Source(A, folder="News"), Source(B), Source(C))
    with make_services({a: FEEDS[a] for a in (A, B, C)}, sources=sources) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "]", "]")
            assert on_place(app) == "News"
            await removed(app, pilot)
            assert on_place(app) == "All posts"
            assert sorted(titles(app)) == ["Of Beta", "Of Gamma"]
            assert "News" not in text(app, app.reader.categories)


async def test_the_one_source_that_is_left_needs_no_row_and_is_named_at_the_top() -> None:
    with make_services({A: FEEDS[A], B: FEEDS[B]}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "]", "]")
            assert on_place(app) == "Alpha"
            await removed(app, pilot, "j")
            assert lines(app)[0].startswith(" Alpha")
            assert on_place(app) == "All posts"
            assert titles(app) == ["Of Alpha"]


async def test_after_the_only_source_the_reader_says_how_to_add_one() -> None:
    with make_services({A: FEEDS[A]}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "]", "]")
            assert on_place(app) == "Events"
            await removed(app, pilot)
            assert lines(app)[0].startswith(" Nordic TUI")
            assert on_place(app) == "All posts"
            assert "Nothing is followed yet. + adds a source." in text(app, app.reader.posts)
            assert "Alpha" not in text(app)
            await press(pilot, "S", "u")
            await until(pilot, lambda: fake.store.states() != [])
            await press(pilot, "escape")
            await until(pilot, lambda: titles(app) == ["Of Alpha"])
