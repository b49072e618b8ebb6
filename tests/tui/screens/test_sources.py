"""The screen "Sources": how sources are doing, and every change of what is followed."""

from datetime import timedelta

import pytest

from nordic_tui.errors import StoreError, TimedOut
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
from .on_sources import FEEDS, A, B, C, D, about, names, on_source, table


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
