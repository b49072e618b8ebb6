"""The finding thread: one question at a time, and what becomes of the one before."""

from concurrent.futures import wait as wait_for
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from nordic_tui.errors import StoreError
from nordic_tui.model import (
    Found,
    Source,
    View,
)
from nordic_tui.store.store import Store

from .helpers import NEWS, HandClock, entry, found, ids, minute, save


def test_the_first_ones_come_at_once_and_a_new_question_takes_the_place(store: Store) -> None:
    save(
        store, NEWS, *(entry(f"word {n}", published=minute(n)) for n in range(150)), entry("other")
    )
    store.index_all().result(timeout=5)
    now = store.snapshot()
    first: list[Found] = []
    asked_again = Event()

    def look(found: Found) -> None:
        first.append(found)
        assert asked_again.wait(5)

    before = store.find(View(search="word"), now, look)
    after = store.find(View(search="other"), now)
    asked_again.set()
    assert before.cancelled()
    assert len(after.result(timeout=5).ids) == 1

    whole = store.find(View(search="word"), now, first.append).result(timeout=5)
    assert [(len(each.ids), each.complete) for each in first[-1:]] == [(100, False)]
    assert (len(whole.ids), whole.complete) == (150, True)
    assert [*whole.ids[:100]] == [*first[-1].ids]


def test_the_search_for_all_waits_for_the_next_letter_once_there_are_first_ones(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(store, NEWS, *(entry(f"word {n}", published=minute(n)) for n in range(101)))
    store.index_all().result(timeout=5)
    now = store.snapshot()
    typed = View(search="wor", typing=True)
    monkeypatch.setattr("nordic_tui.store.finding.TYPING_PAUSE_S", 0.001)
    first: list[Found] = []
    whole = store.find(typed, now, first.append).result(timeout=5)
    assert [len(each.ids) for each in (first[-1], whole)] == [100, 101]

    monkeypatch.setattr("nordic_tui.store.finding.TYPING_PAUSE_S", 3600.0)
    shown = Event()
    before = store.find(typed, now, lambda _: shown.set())
    assert shown.wait(5)
    with pytest.raises(TimeoutError):
        before.result(timeout=0.1)
    # The next letter ends the pause at once.
    after = store.find(View(search="word"), now)
    assert before.cancelled()
    assert len(after.result(timeout=5).ids) == 101


def test_a_search_that_is_under_way_is_interrupted(store: Store) -> None:
    save(store, NEWS, entry("word"))
    now = store.snapshot()
    begun = Event()

    def endless(turn: Any) -> None:
        with turn.reading() as connection:
            begun.set()
            connection.execute(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                " SELECT COUNT(*) FROM n"
            )

    before = store._finder.ask(endless)
    assert begun.wait(5)
    after = store.find(View(), now)
    assert before.cancelled()
    assert len(after.result(timeout=5).ids) == 1


def test_a_reading_whose_end_is_interrupted_too_stops_no_later_question(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ends a reading is a statement like all others."""
    monkeypatch.setattr("nordic_tui.store.finder.STEPS", 1)
    save(store, NEWS, entry("word"))
    now = store.snapshot()
    begun, go_on = Event(), Event()
    was_open: list[bool] = []

    def read(turn: Any) -> None:
        try:
            with turn.reading() as connection:
                begun.set()
                assert go_on.wait(5)
        finally:
            was_open.append(connection.in_transaction)

    before = store._finder.ask(read)
    assert begun.wait(5)
    after = store.find(View(), now)
    go_on.set()
    assert before.cancelled()
    assert len(after.result(timeout=5).ids) == 1
    assert was_open == [True]


def test_a_history_is_changed_under_the_finder(tmp_path: Path, clock: HandClock) -> None:
    history = tmp_path / "history.db"
    with closing(Store.open(tmp_path / "cache.db", history, clock=clock)) as store:
        store.follow_now([Source(NEWS)])
        save(store, NEWS, entry("a"), entry("b"))
        store.mark([ids(store)["a"]], True).result(timeout=5)
        assert found(store, "is:read") == ["a"]
        store.use_history(None)
        assert not history.exists()
        assert found(store, "is:read") == []
        store.use_history(history)
        store.mark([ids(store)["b"]], True).result(timeout=5)
        assert found(store, "is:read") == ["b"]


def test_nothing_is_found_after_the_end(store: Store) -> None:
    now = store.snapshot()
    store.find(View(), now).result(timeout=5)
    store.close()
    assert store.find(View(), now).exception(timeout=5) is not None


def test_who_waits_at_the_end_is_told_that_nothing_comes(store: Store) -> None:
    begun, go_on = Event(), Event()

    def wait(turn: Any) -> None:
        begun.set()
        assert go_on.wait(5)

    under_way = store._finder.ask(wait)
    assert begun.wait(5)
    store._finder.close(0)
    assert under_way.cancelled()
    go_on.set()


def test_nothing_is_searched_after_the_end(store: Store) -> None:
    store.find(View(), store.snapshot()).result(timeout=5)
    now = store.snapshot()
    store.close()
    with pytest.raises(StoreError, match="The store is closed: nothing is searched"):
        store.find(View(), now).result(timeout=5)


def test_what_a_question_raises_is_its_answer_and_the_next_one_is_answered(store: Store) -> None:
    def broken(turn: Any) -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        store._finder.ask(broken).result(timeout=5)
    assert store._finder.ask(lambda _: 1).result(timeout=5) == 1


def test_who_gives_up_waiting_stops_no_later_question(store: Store) -> None:
    begun, go_on = Event(), Event()

    def wait(turn: Any) -> int:
        begun.set()
        assert go_on.wait(5)
        return 1

    before = store._finder.ask(wait)
    assert begun.wait(5)
    assert before.cancel()
    go_on.set()
    assert wait_for([before], timeout=5).done == {before}  # the finder has seen it
    assert store._finder.ask(lambda _: 2).result(timeout=5) == 2


def test_a_question_that_is_asked_while_a_file_is_let_go_is_answered(store: Store) -> None:
    store.find(View(), store.snapshot()).result(timeout=5)
    begun, go_on = Event(), Event()

    def wait(turn: Any) -> None:
        begun.set()
        assert go_on.wait(5)
        turn.go_on()

    before = store._finder.ask(wait)
    assert begun.wait(5)
    before.add_done_callback(lambda _: go_on.set())  # it is on its way until it is called off
    store._finder.let_go()
    assert before.cancelled()
    assert store._finder.ask(lambda _: 3).result(timeout=5) == 3


def test_settle_returns_once_all_that_was_asked_is_done_and_told(store: Store) -> None:
    store.settle()  # nobody has asked for anything
    save(store, NEWS, *(entry(f"word {n}", published=minute(n)) for n in range(150)))
    store.index_all().result(timeout=5)
    order: list[str] = []
    goes_on = Event()

    def settle() -> None:
        store.settle()
        order.append("settled")

    def look(_: Found) -> None:
        assert goes_on.wait(5)

    asked = store.find(View(search="word"), store.snapshot(), look)
    asked.add_done_callback(lambda _: order.append("told"))
    waits = Thread(target=settle)
    waits.start()
    goes_on.set()
    waits.join(5)
    assert order == ["told", "settled"]
