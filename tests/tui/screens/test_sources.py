"""The screen "Sources": how sources are doing, and every change of what is followed."""

from concurrent.futures import Future
from datetime import timedelta

import pytest
from textual.pilot import Pilot

from nordic_tui.errors import SettingsError, StoreError, TimedOut
from nordic_tui.model import Login, Manner, Source, SourceState
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.present import FOCUS
from nordic_tui.tui.widgets.source_list import SourceList, SourcePane
from tests.fakes import NOW, FakeServices, feed, make_services

from ..helpers import (
    HOSTILE,
    NARROW,
    SIZES,
    SMALL,
    STACKED,
    cursor_row,
    hold,
    lines,
    on_place,
    press,
    run,
    running_text,
    said,
    text,
    until,
)

A, B, C, D = (f"https://{name}.example/feed/" for name in "abcd")
FEEDS = {
    address: feed(f"Of {name}", title=name, categories=("Events", "Jobs"))
    for address, name in ((A, "Alpha"), (B, "Beta"), (C, "Gamma"), (D, "Delta"))
}


def table(app: NordicApp) -> list[str]:
    """The table's rows as they are drawn, without the cursor and the empty ones."""
    drawn = lines(app, app.screen.query_one(SourceList))
    return [line[3:].rstrip(" ▕") for line in drawn if line.strip(" ▕")]


def names(app: NordicApp) -> list[str]:
    """The first column of the table, with its indents."""
    return [row.split("   ")[0] if row[0] != " " else _indented(row) for row in table(app)]


def _indented(row: str) -> str:
    name = row.lstrip()
    return " " * (len(row) - len(name)) + name.split("   ")[0]


def about(app: NordicApp) -> str:
    """What the pane says of the source under the cursor."""
    return running_text(app, app.screen.query_one(SourcePane))


def on_source(app: NordicApp) -> str:
    return cursor_row(app, app.screen.query_one(SourceList))[3:].strip().split("   ")[0]


def titles(app: NordicApp) -> list[str]:
    """The posts that the reader lists."""
    drawn = lines(app, app.reader.posts)
    return [line[3:].split("   ")[0].strip() for line in drawn if line.strip(" ▕")]


def save(fake: FakeServices, state: SourceState) -> None:
    fake.store.save_state(state).result()


# ── how sources are doing ───────────────────────────────────────────────────────────────────


async def test_the_table_tells_how_each_source_is_doing() -> None:
    asked, soon = NOW - timedelta(minutes=15), NOW + timedelta(hours=3)
    with make_services(FEEDS, sources=(*map(Source, (A, B, C)), Source(D, paused=True))) as fake:
        save(fake, SourceState(A, checked_at=asked, next_at=soon, outcome="304: nothing changed"))
        failed = SourceState(B, checked_at=asked, next_at=soon, failures=1)
        save(fake, failed._replace(error="did not answer within 20 s"))
        gone = SourceState(C, checked_at=asked, failures=1, stopped=True)
        save(fake, gone._replace(error="is gone for good (410)"))
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S")
            assert lines(app)[0].startswith(" Sources · 4 ")
            assert [" ".join(row.split()) for row in table(app)] == [
                "Alpha 304: nothing changed 1 11:45 15:00",
                "Beta did not answer within 20 s 1 11:45 15:00",
                "Gamma is gone for good (410): asking stop… 1 11:45 never",
                "Delta paused 1 12:00",
            ]


async def test_the_pane_tells_all_about_the_source_under_the_cursor() -> None:
    with make_services(FEEDS) as fake:
        state = SourceState(A, checked_at=NOW, next_at=NOW + timedelta(hours=2))
        save(
            fake,
            state._replace(outcome="304: nothing changed", asked=40, spared=37, not_modified=37),
        )
        moved = SourceState(B, checked_at=NOW, next_at=NOW + timedelta(hours=2))
        save(fake, moved._replace(read_from="https://new.example/feed/"))
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S")
            assert "What came back: 304: nothing changed." in about(app)
            assert "37 times nothing changed and nothing was sent (304)." in about(app)
            await press(pilot, "j")
            await until(pilot, lambda: "now read from https://new.example/feed/" in about(app))


async def test_a_secret_is_never_shown() -> None:
    address = "https://me:hunter2@a.example/feed/"
    manner = Manner(
        user_agent="Mine/1.0",
        headers=(("X-Key", "hunter3"),),
        login=Login(user="me", command=("pass", "show", "hunter4")),
        max_bytes=50_000_000,
    )
    source = Source(address, left_out=("Jobs",), interval_s=1800, manner=manner)
    with make_services({address: feed("One")}, sources=(source,)) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "enter")
            assert "User agent: Mine/1.0" in about(app)
            assert "Headers: X-Key" in about(app)
            assert "Login: a password from a command" in about(app)
            assert "Left out: Jobs" in about(app)
            assert "Interval: 30 minutes" in about(app)
            assert "Size limit: 50 MB" in about(app)
            assert "https://a.example/feed/" in about(app)
            assert "hunter" not in text(app)


async def test_a_refresh_keeps_the_table_current() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            for address in (A, B, C):
                fake.publish(address, FEEDS[address])
            fake.fetcher.answers[D] = TimedOut("did not answer within 20 s")
            await press(pilot, "S", "j", "r")
            await until(pilot, lambda: "did not answer within 20 s" in table(app)[3])
            assert on_source(app) == "Beta", "nothing moves"
            await until(pilot, lambda: "1 source failed" in lines(app)[0])


async def test_one_source_alone_is_asked() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            fake.publish(B, feed("New", "Of Beta", title="Beta"))
            await press(pilot, "S", "j", "R")
            await until(pilot, lambda: " 2 " in table(app)[1])
            assert [asked.address for asked in fake.fetcher.asked] == [B]


async def test_a_source_that_a_refresh_asks_already_is_not_asked_twice() -> None:
    with make_services(FEEDS) as fake:
        fake.fetcher.silent.add(A)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "r")
            await until(pilot, fake.fetcher.waiting.is_set)
            await press(pilot, "j", "R")
            assert said(app) == "A refresh is going on; Beta is part of it."
            await until(pilot, lambda: "3 of 4 sources" in lines(app)[0])
            assert [asked.address for asked in fake.fetcher.asked].count(B) == 1


async def test_what_a_refresh_leaves_out_is_asked_after_it() -> None:
    with make_services(FEEDS) as fake:
        for address in (A, B, C):
            fake.publish(address, FEEDS[address])
        fake.fetcher.answers[D] = TimedOut("did not answer within 20 s")
        release = hold(fake, D)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "G", "R")
            await until(pilot, lambda: "asking …" in lines(app)[0])
            await press(pilot, "k", "R")
            assert said(app) == "A refresh is going on; Gamma is asked after it."
            await press(pilot, "r")
            assert said(app) == "A refresh is going on; 3 other sources are asked after it."
            assert fake.fetcher.asked == []
            release()
            # What failed before is told at the end of all.
            await until(pilot, lambda: said(app).startswith("Delta did not answer within 20 s."))
            assert sorted(asked.address for asked in fake.fetcher.asked) == [A, B, C, D]
            await until(pilot, lambda: "1 source failed" in lines(app)[0])


async def test_a_source_that_is_removed_while_it_waits_is_not_asked() -> None:
    with make_services(FEEDS) as fake:
        fake.publish(A, FEEDS[A])
        release = hold(fake, A)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "R", "j", "R")
            assert said(app) == "A refresh is going on; Beta is asked after it."
            await press(pilot, "D")
            release()
            await until(pilot, lambda: said(app) == "Nothing new.")
            assert [asked.address for asked in fake.fetcher.asked] == [A]


async def test_who_asked_to_be_left_alone_is_not_asked() -> None:
    with make_services(FEEDS) as fake:
        alone = SourceState(A, checked_at=NOW, failures=1, error="asks to come back (429)")
        save(fake, alone._replace(not_before=NOW + timedelta(minutes=10)))
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "R")
            assert said(app) == "Alpha asked to be left alone until 12:10."
            assert fake.fetcher.asked == []


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


# ── finding one's way ───────────────────────────────────────────────────────────────────────


async def test_the_filter_narrows_the_table_as_one_types() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "slash", *"GAM")
            assert names(app) == ["Gamma"]
            await press(pilot, "enter", "J")
            assert said(app) == "Leave the filter first: only part of the sources is shown."
            await press(pilot, "P", "escape")
            assert names(app) == ["Alpha", "Beta", "Gamma", "Delta"]
            assert on_source(app) == "Gamma"
            await press(pilot, "slash", *"nobody")
            assert "No name holds these words." in text(app)


def marked(app: NordicApp) -> list[str]:
    """The panes that carry the mark of the focus."""
    panes = (app.screen.query_one(SourceList), app.screen.query_one(SourcePane))
    return [pane.id or "" for pane in panes if pane.display and FOCUS in text(app, pane)]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_escape_out_of_words_leads_back_to_the_pane_one_was_in(size: tuple[int, int]) -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "S")
            for keys in (("e",), ("f", "x"), ("i",), ("slash",), ("slash", "a")):
                await press(pilot, *keys, "escape")
                assert marked(app) == ["sources"], keys
                await press(pilot, "j")
                assert on_source(app) == "Beta", keys
                await press(pilot, "k")
            await press(pilot, "enter", "e", "escape")
            assert marked(app) == ["health"]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_escape_leads_back_to_where_one_was(size: tuple[int, int]) -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "1", "j", "j")
            place = on_place(app)
            await press(pilot, "S", "enter", "escape")
            assert len(app.screen_stack) == 2
            await press(pilot, "escape")
            assert app.screen_stack == [app.reader]
            assert on_place(app) == place


@pytest.mark.parametrize("size", [STACKED, SMALL], ids=str)
async def test_q_leads_back_and_leaves_a_filter_first(size: tuple[int, int]) -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "S", "q")
            assert app.screen is app.reader
            await press(pilot, "S", "enter", "q")
            assert app.screen is app.reader
            await press(pilot, "S", "slash", *"gam", "enter", "q")
            assert names(app) == ["Alpha", "Beta", "Gamma", "Delta"]
            await press(pilot, "q")
            assert app.screen is app.reader
            assert not app._exit


async def test_the_most_wanted_keys_have_room_in_a_small_window() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            await press(pilot, "S")
            assert lines(app)[-1].strip() == (
                "Enter details   + add   R refresh   x archive   D remove   s settings   ? help"
            )
            await press(pilot, "enter")
            assert lines(app)[-1].strip() == (
                "R refresh   x archive   D remove   s settings   u undo   Esc back   ? help"
            )


async def test_the_palette_does_what_its_names_say() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "j", "ctrl+p", *"Pause this source")
            await until(pilot, lambda: "Source · P" in text(app))
            await press(pilot, "enter")
            await until(pilot, lambda: said(app) == "Paused “Beta”. u takes it back.")


async def test_a_narrow_window_shows_one_pane_at_a_time() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services, NARROW) as (app, pilot):
            await press(pilot, "S")
            assert "Alpha" in text(app)
            assert "It was last asked" not in text(app)
            await press(pilot, "enter")
            assert "It was last asked at 12:00." in running_text(app)
            assert "Beta" not in text(app)
            await press(pilot, "q")
            assert "Beta" in text(app)


async def test_every_row_fits_its_columns_in_every_window() -> None:
    feeds = {A: FEEDS[A], B: feed("One", title="A name that is longer than any column " * 3)}
    for size in SIZES:
        with make_services(feeds) as fake:
            async with run(fake.services, size) as (app, pilot):
                await press(pilot, "S")
                drawn = lines(app, app.screen.query_one(SourceList))
                assert {len(line) for line in drawn} == {app.screen.query_one(SourceList).size[0]}
                starts = {row.index("not asked") for row in drawn if "not asked" in row}
                assert len(starts) <= 1
                cut = next(row for row in table(app) if row.startswith("A name"))
                assert "…" in cut


async def test_hostile_names_are_only_text() -> None:
    feeds = {
        f"https://{number}.example/feed/": feed("One", title=title)
        for number, title in enumerate(HOSTILE)
        if "\ud800" not in title  # a lone surrogate can't be in SQLite
    }
    with make_services(feeds) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            await press(pilot, "S", *["j"] * len(HOSTILE), "e", "escape", "D")
            assert said(app).startswith("Removed “")
            drawn = "".join(lines(app))
            assert not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 for sign in drawn)
            assert "\u202e" not in drawn


async def test_a_thousand_sources_are_drawn_by_the_window() -> None:
    feeds = {f"https://{n}.example/feed/": feed(title=f"Source {n}") for n in range(1000)}
    with make_services(feeds) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "G")
            assert "Source 999" in cursor_row(app, app.screen.query_one(SourceList))
            drawn: list[int] = []
            widget = app.screen.query_one(SourceList)
            draw_row = widget.draw_row

            def counted(row: int, *rest: object, **how: object) -> object:
                drawn.append(row)
                return draw_row(row, *rest, **how)  # type: ignore[arg-type]  # as it was called

            widget.draw_row = counted  # type: ignore[method-assign, assignment]  # only looked at
            await press(pilot, "k")
            assert sorted(drawn) == [998, 999], "a step draws two rows"


async def test_a_store_that_fails_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S")

            def busy(*_: object) -> None:
                raise StoreError("Another program holds the file.")

            monkeypatch.setattr(fake.services.subscriptions, "remove", busy)
            await press(pilot, "D")
            assert said(app) == "Another program holds the file."
