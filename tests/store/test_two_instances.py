"""Two stores on the same files: each sees what the other has written."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from nordic_tui.errors import StoreError
from nordic_tui.model import Source
from nordic_tui.store.store import Store

from .helpers import BLOG, NEWS, UNREAD, HandClock, counts, entry, found, ids, save, titles

Open = Callable[[], Store]


@pytest.fixture
def start(tmp_path: Path, clock: HandClock) -> Iterator[Open]:
    """Opens one more instance on the files of the test."""
    with ExitStack() as stack:

        def open_() -> Store:
            files = (tmp_path / f"{name}.db" for name in ("cache", "history", "library"))
            store = Store.open(*files, clock=clock)
            stack.callback(store.close)
            store.follow_now([Source(NEWS, "News"), Source(BLOG, "Blog")])
            return store

        yield open_


def noticed(store: Store) -> int:
    """How often a store says that others wrote, once it has looked."""
    heard: list[int] = []
    store.on_others = lambda: heard.append(1)
    store.notice_others()
    store.load_states().result(timeout=5)  # behind the look
    return len(heard)


def test_marks_of_the_other_are_counted_without_a_write_of_ones_own(start: Open) -> None:
    a = start()
    save(a, NEWS, entry("one", day=1), entry("two", day=2))
    b = start()
    assert counts(b)["News"] == (2, 2)
    a.mark([ids(a)["one"]], True).result(timeout=5)
    assert noticed(b) == 1
    assert counts(b)["News"] == (2, 1)
    assert [row.unread for row in b.rows(UNREAD, b.snapshot(), 0, 9)] == [True]


def test_what_the_other_writes_before_ones_own_first_write_is_counted(start: Open) -> None:
    a = start()
    save(a, NEWS, entry("one", day=1), entry("two", day=2), entry("three", day=3))
    b = start()
    a.mark([ids(a)["one"]], True).result(timeout=5)
    b.mark([ids(b)["two"]], True).result(timeout=5)
    assert counts(b)["News"] == (3, 1)


def test_new_posts_stars_and_words_of_the_other_are_there(start: Open) -> None:
    a, b = start(), start()
    noticed(b)
    earlier = b.snapshot()
    save(a, NEWS, entry("one", day=1), entry("two", day=2))
    a.star([ids(a)["two"]], True).result(timeout=5)
    assert noticed(b) == 1
    assert titles(b) == ["two", "one"]
    assert b.arrivals(UNREAD, earlier) == 2
    assert [row.starred for row in b.rows(UNREAD, b.snapshot(), 0, 9)] == [True, False]
    assert found(b, "two") == ["two"]


def test_where_nobody_writes_nothing_is_told(start: Open) -> None:
    a, b = start(), start()
    save(a, NEWS, entry("one", day=1))
    noticed(b)
    assert noticed(b) == 0
    b.star([ids(b)["one"]], True).result(timeout=5)
    assert noticed(b) == 0, "it was this one"
    assert noticed(a) == 1
    a.on_others = None
    b.star([ids(b)["one"]], False).result(timeout=5)
    a.notice_others()  # nobody listens


def test_in_memory_there_are_no_others(clock: HandClock) -> None:
    store = Store.open(None, None, clock=clock)
    save(store, NEWS, entry("one", day=1))
    assert noticed(store) == 0
    store.close()


def test_one_takes_back_what_the_other_did_and_each_act_once(start: Open) -> None:
    a, b = start(), start()
    save(a, NEWS, entry("one", day=1), entry("two", day=2))
    one, two = ids(a)["one"], ids(a)["two"]
    a.star([one], True).result(timeout=5)
    b.star([two], True).result(timeout=5)
    a.mark([one], True).result(timeout=5)
    done = [store.undo().result(timeout=5).act for store in (b, a, b, a)]
    assert [act.done if act else "" for act in done] == [
        "1 post marked as read.",
        "Starred “two”.",
        "Starred “one”.",
        "",
    ]
    for store in (a, b):
        noticed(store)
        assert counts(store)["News"] == (2, 2)
        assert not any(row.starred for row in store.rows(UNREAD, store.snapshot(), 0, 9))


def test_what_one_took_back_the_other_does_again_but_not_after_an_act(start: Open) -> None:
    a, b = start(), start()
    save(a, NEWS, entry("one", day=1), entry("two", day=2))
    one, two = ids(a)["one"], ids(a)["two"]
    a.mark([one], True).result(timeout=5)
    b.undo().result(timeout=5)
    again = a.redo().result(timeout=5).act
    assert again is not None
    assert again.posts == 1
    b.undo().result(timeout=5)
    b.star([two], True).result(timeout=5)
    assert a.redo().result(timeout=5).act is None, "something was done since, though elsewhere"
    noticed(a)
    assert counts(a)["News"] == (2, 2)


def test_a_file_that_another_program_removed_is_not_made_again(start: Open, tmp_path: Path) -> None:
    a = start()
    save(a, NEWS, entry("one", day=1))
    b = start()
    assert titles(b) == ["one"]
    earlier = b.snapshot()
    a.use_history(None)
    assert found(a, "one") == ["one"]
    assert not (tmp_path / "history.db").exists()
    with pytest.raises(StoreError, match="erased by another instance"):
        titles(b)
    b.index_all().exception(timeout=5)
    b.find(UNREAD, earlier).exception(timeout=5)
    assert not list(tmp_path.glob("history.db*"))
