"""The same post in several sources; their numbers in views are in test_views and test_tally."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from nordic_tui.model import Entry, Saved, Source
from nordic_tui.store.identity import post_id
from nordic_tui.store.store import Store

from .helpers import (
    ALL,
    BLOG,
    NEWS,
    POLICE,
    UNREAD,
    HandClock,
    counts,
    entry,
    ids,
    save,
    shared,
    titles,
    undo,
)

BOTH = [Source(NEWS, "News"), Source(POLICE, "Police")]
IN_NEWS, IN_POLICE = (post_id(address, shared("a")) for address in (NEWS, POLICE))


@pytest.fixture
def one_post(store: Store) -> Store:
    """A post that two sources of one host have."""
    store.follow_now(BOTH)
    save(store, NEWS, shared("a", categories=("Site",)))
    save(store, POLICE, shared("a", categories=("Police news",)))
    return store


def unread(store: Store) -> list[bool]:
    found = [store.post(id_) for id_ in (IN_NEWS, IN_POLICE)]
    return [post is not None and post.unread for post in found]


def test_the_one_that_came_first_is_shown(one_post: Store) -> None:
    assert ids(one_post) == {"a": IN_NEWS}
    assert counts(one_post) == {
        "All posts": (1, 1),
        "Unread": (1, 1),
        "News": (1, 1),
        "Site": (1, 1),
        "Police": (1, 1),
        "Police news": (1, 1),
    }


def test_to_a_person_a_post_is_new_once(store: Store) -> None:
    store.follow_now(BOTH)
    assert save(store, NEWS, shared("a")) == Saved(1, 0)
    assert save(store, POLICE, shared("a"), shared("b")) == Saved(2, 0, known=1)
    assert save(store, POLICE, shared("a"), shared("b")) == Saved(0, 0)


def test_what_a_source_brought_that_is_not_followed_is_new(store: Store) -> None:
    store.follow_now([BOTH[1]])
    save(store, NEWS, shared("a"))
    assert save(store, POLICE, shared("a")) == Saved(1, 0)


@pytest.mark.parametrize(
    "other",
    [
        entry("a", link="https://news.example/a/?from=feed"),
        entry("other", link="https://news.example/a/"),
        entry("a"),
    ],
    ids=["another link", "another guid", "no link"],
)
def test_what_differs_in_guid_or_link_is_another_post(store: Store, other: Entry) -> None:
    store.follow_now(BOTH)
    save(store, NEWS, shared("a"))
    save(store, POLICE, other)
    assert counts(store)["All posts"] == (2, 2)


@pytest.mark.parametrize("elsewhere", [BLOG, "/home/me/news.xml", "/home/me/copy.xml"])
def test_what_another_host_or_a_file_has_is_another_post(store: Store, elsewhere: str) -> None:
    first = "/home/me/first.xml" if elsewhere.startswith("/") else NEWS
    store.follow_now([Source(first), Source(elsewhere)])
    save(store, first, shared("a"))
    save(store, elsewhere, shared("a"))
    assert counts(store)["All posts"] == (2, 2)


@pytest.mark.parametrize("id_", [IN_NEWS, IN_POLICE])
def test_a_mark_on_one_is_a_mark_on_all_and_so_is_its_undo(one_post: Store, id_: int) -> None:
    store = one_post
    assert store.mark([id_], True).result(timeout=5) == 1
    assert unread(store) == [False, False]
    assert set(counts(store).values()) == {(1, 0), (0, 0)}
    assert store.mark([id_], False).result(timeout=5) == 1
    assert unread(store) == [True, True]
    assert undo(store) == 1
    assert unread(store) == [False, False]
    assert undo(store) == 1
    assert unread(store) == [True, True]


def test_a_view_that_is_marked_marks_what_is_the_same_outside_of_it(one_post: Store) -> None:
    save(one_post, NEWS, shared("b"))
    assert one_post.mark_view(ALL, one_post.snapshot()).result(timeout=5) == 2
    assert unread(one_post) == [False, False]
    assert undo(one_post) == 2
    assert unread(one_post) == [True, True]


def test_what_comes_in_and_was_read_elsewhere_is_read(store: Store) -> None:
    store.follow_now(BOTH)
    save(store, NEWS, shared("a"), shared("b"))
    store.mark([IN_NEWS], True).result(timeout=5)
    save(store, POLICE, shared("a", categories=("Police news",)), shared("b"))
    assert unread(store) == [False, False]
    assert counts(store)["Police"] == (2, 1)
    assert counts(store)["Police news"] == (1, 0)
    assert titles(store, UNREAD) == ["b"]
    # The mark was made before it came, and taking it back reaches it all the same.
    assert undo(store) == 1
    assert unread(store) == [True, True]
    assert counts(store)["Police news"] == (1, 1)


def test_without_the_first_source_the_other_one_counts(one_post: Store) -> None:
    store = one_post
    store.follow_now(BOTH[1:])
    assert ids(store) == {"a": IN_POLICE}
    assert counts(store)["All posts"] == (1, 1)
    # What is not followed is read all the same.
    store.mark([IN_POLICE], True).result(timeout=5)
    store.follow_now(BOTH)
    assert ids(store) == {"a": IN_NEWS}
    assert counts(store)["News"] == counts(store)["All posts"] == (1, 0)


def test_a_post_that_gets_another_link_is_its_own_from_then(one_post: Store) -> None:
    store = one_post
    store.mark([IN_NEWS], True).result(timeout=5)
    moved = shared("a")._replace(link="https://news.example/b/")
    save(store, POLICE, moved)
    assert counts(store)["All posts"] == (2, 0)
    store.mark([IN_POLICE], False).result(timeout=5)
    assert unread(store) == [False, True]
    save(store, NEWS, moved)
    assert counts(store)["All posts"] == (1, 0)
    assert unread(store) == [False, False]


def test_a_post_that_loses_its_link_is_its_own_from_then(one_post: Store) -> None:
    store = one_post
    save(store, POLICE, shared("a")._replace(link=""))
    assert counts(store)["All posts"] == (2, 2)
    store.mark([IN_POLICE], True).result(timeout=5)
    assert unread(store) == [True, False]


def test_three_sources_have_it_once(store: Store) -> None:
    third = "https://news.example/schools/feed/"
    store.follow_now([*BOTH, Source(third, "Schools")])
    for address in (NEWS, POLICE, third):
        save(store, address, shared("a"), shared("b") if address != POLICE else shared("c"))
    assert counts(store)["All posts"] == (3, 3)
    assert store.mark([IN_POLICE], True).result(timeout=5) == 1
    assert counts(store)["All posts"] == (3, 2)
    store.follow_now([BOTH[1], Source(third, "Schools")])
    assert counts(store) == {
        "All posts": (3, 2),
        "Unread": (2, 2),
        "Police": (2, 1),
        "Schools": (2, 1),
    }


def test_an_old_mark_on_one_is_a_mark_on_all_after_the_start(
    tmp_path: Path, clock: HandClock
) -> None:
    files = tmp_path / "cache.db", tmp_path / "history.db"
    store = Store.open(*files, clock=clock)
    store.follow_now(BOTH)
    save(store, NEWS, shared("a"))
    save(store, POLICE, shared("a"))
    store.mark([IN_NEWS], True).result(timeout=5)
    store.close()
    with closing(sqlite3.connect(files[1], isolation_level=None)) as history:
        assert history.execute("DELETE FROM read_mark WHERE post = ?", (IN_POLICE,)).rowcount == 1

    store = Store.open(*files, clock=clock)
    store.prune_history().result(timeout=5)
    assert unread(store) == [False, False]
    assert counts(store)["Police"] == (1, 0)
    store.close()


def test_an_old_mark_that_comes_with_a_post_takes_the_other_out_of_the_unread_list(
    tmp_path: Path, clock: HandClock
) -> None:
    files = tmp_path / "cache.db", tmp_path / "history.db"
    store = Store.open(*files, clock=clock)
    store.follow_now(BOTH)
    save(store, POLICE, shared("a"))
    store.mark([IN_POLICE], True).result(timeout=5)
    store.close()
    files[0].unlink()

    store = Store.open(*files, clock=clock)
    store.follow_now(BOTH)
    save(store, NEWS, shared("a"))
    now = store.snapshot()
    assert store.count(UNREAD, now) == 1
    save(store, POLICE, shared("a"))
    assert unread(store) == [False, False]
    assert store.count(UNREAD, now) == len(store.rows(UNREAD, now, 0, 10)) == 0
    store.close()


def test_marks_of_two_histories_agree(tmp_path: Path, clock: HandClock) -> None:
    cache, kept = tmp_path / "cache.db", tmp_path / "history.db"
    store = Store.open(cache, kept, clock=clock)
    store.follow_now(BOTH)
    save(store, NEWS, shared("a"))
    store.mark([IN_NEWS], True).result(timeout=5)
    store.close()

    store = Store.open(cache, None, clock=clock)
    save(store, POLICE, shared("a"))
    assert unread(store) == [True, True]
    store.use_history(kept)
    assert unread(store) == [False, False]
    assert counts(store)["All posts"] == (1, 0)
    store.close()
