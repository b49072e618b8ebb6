"""Searches that are saved, counted in the sidebar."""

from pathlib import Path

import pytest

from nordic_tui.model import (
    Order,
    PlaceKind,
    SavedView,
    Snapshot,
    Source,
    View,
)
from nordic_tui.store.identity import saved_id
from nordic_tui.store.matched import Matched
from nordic_tui.store.store import Store
from nordic_tui.store.tally import Count, Ledger
from nordic_tui.store.walks import scope

from .helpers import NEWS, TODAY, HandClock, entry, found, give_tag, ids, in_memory, save, star


def counted(store: Store) -> dict[str, tuple[int, int]]:
    places = store.count_places(store.snapshot()).result(timeout=5)
    return {place.name: (place.total, place.unread) for place in places}


def test_saved_searches_are_counted_as_posts_are_marked(store: Store) -> None:
    views = [
        SavedView("Word", search="word"),
        SavedView("New words", search="word is:unread"),
        SavedView("Read", search="word is:read"),
        SavedView("Titles", title="a", search="word"),
    ]
    store.follow_now([Source(NEWS)], views)
    save(store, NEWS, entry("word a"), entry("word b"), entry("c", content="word"), entry("d"))
    store.index_all().result(timeout=5)

    def seen() -> list[tuple[int, int]]:
        now = counted(store)
        # The reading thread has the numbers that were counted last.
        last = {place.name: (place.total, place.unread) for place in store.places()}
        assert last == now
        return [now[view.name] for view in views]

    assert seen() == [(3, 3), (3, 3), (0, 0), (1, 1)]
    a, b = ids(store)["word a"], ids(store)["word b"]
    store.mark([a, ids(store)["d"]], True).result(timeout=5)
    assert seen() == [(3, 2), (2, 2), (1, 0), (1, 0)]
    store.mark([b], True).result(timeout=5)
    store.mark([a], False).result(timeout=5)
    assert seen() == [(3, 2), (2, 2), (1, 0), (1, 1)]
    store.undo().result(timeout=5)
    store.undo().result(timeout=5)
    assert seen() == [(3, 2), (2, 2), (1, 0), (1, 0)]
    save(store, NEWS, entry("word e"), entry("word b", content="x", title="other"))
    store.index_all().result(timeout=5)
    assert seen() == [(3, 2), (2, 2), (1, 0), (1, 0)]


def test_so_many_searches_are_remembered_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nordic_tui.store.matched.KEPT", 2)
    with in_memory() as connection:
        matched = Matched(connection, Ledger())
        said: list[str] = []
        connection.set_trace_callback(said.append)

        def is_asked_again(title: str) -> bool:
            meant = scope(connection, View(title=title), TODAY)
            said.clear()
            assert matched.count(meant, Snapshot(0, 0), may_keep=True) == Count(0, 0)
            return any("json_group_array" in statement for statement in said)

        assert [is_asked_again(title) for title in "abab"] == [True, True, False, False]
        assert [is_asked_again(title) for title in "ccab"] == [True, False, True, True]


def test_a_saved_search_that_is_not_understood_says_so_and_works(store: Store) -> None:
    store.follow_now([Source(NEWS)], [SavedView("Odd", search="is:new"), SavedView("Good")])
    save(store, NEWS, entry("this is new"), entry("b"))
    store.index_all().result(timeout=5)
    places = {place.name: place for place in store.count_places().result(timeout=5)}
    assert places["Odd"].total == 1
    assert places["Odd"].problem.startswith("There is no “is:new”; there are is:unread, ")
    assert places["Good"].problem == ""
    assert store.query(View(PlaceKind.SAVED, saved_id("Odd"))).notes == (places["Odd"].problem,)


def test_today_and_this_week_go_by_the_day(store: Store, clock: HandClock) -> None:
    # A Saturday; the week begins on 27 May.
    save(store, NEWS, entry("monday", day=27), entry("sunday", day=26), entry("today"))
    assert [(n, counted(store)[n]) for n in ("Today", "This week")] == [
        ("Today", (1, 1)),
        ("This week", (2, 2)),
    ]
    assert found(store, kind=PlaceKind.WEEK) == ["today", "monday"]
    assert found(store, "mon*", kind=PlaceKind.WEEK) == ["monday"]
    clock.pass_(days=2)
    assert {"Today", "This week"}.isdisjoint(counted(store)), "they hold nothing any more"


def test_starred_and_later_have_a_row_where_they_hold_something(
    library: Store, tmp_path: Path
) -> None:
    save(library, NEWS, entry("word a", day=1), entry("b", day=2))
    assert {"Starred", "Read later"}.isdisjoint(counted(library))
    a, b = ids(library)["word a"], ids(library)["b"]
    star(tmp_path, a)
    star(tmp_path, b)
    give_tag(tmp_path, a, "later")
    library.mark([a], True).result(timeout=5)
    assert (counted(library)["Starred"], counted(library)["Read later"]) == ((2, 1), (1, 0))
    assert found(library, kind=PlaceKind.STARRED) == ["b", "word a"]
    assert found(library, "word", kind=PlaceKind.STARRED) == ["word a"]
    assert found(library, "word is:starred", kind=PlaceKind.LATER) == ["word a"]
    assert found(library, kind=PlaceKind.LATER, unread_only=True) == []


def test_rows_and_unread_posts_by_their_ids(store: Store) -> None:
    save(store, NEWS, entry("a"), entry("b"), entry("c"))
    a, b, c = (ids(store)[name] for name in "abc")
    store.mark([a, c], True).result(timeout=5)
    assert [row.title for row in store.rows_of([c, 5, a])] == ["c", "a"]
    assert (store.unread_of([a, b, c]), store.unread_of([a])) == (1, 0)
    assert (store.first_unread([a, c, b]), store.first_unread([a, c])) == (2, None)
    assert store.is_found(View(search="x"))
    assert store.is_found(View(order=Order.OLDEST))
    assert store.is_found(View(PlaceKind.TODAY))
    assert not store.is_found(View(title="x"))
