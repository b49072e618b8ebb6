"""Texts of pages that a person asked for tell what was read: where they are, and where not."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from nordic_tui.model import KeptSize, Rule, SavedView, Source, View
from nordic_tui.store import two_threads
from nordic_tui.store.connection import Database, prepare
from nordic_tui.store.schema import HISTORY
from nordic_tui.store.store import Store

from .helpers import NEWS, HandClock, entry, ids, save

WORD = "quizzaciously"
TEXT = f"<p>Nobody but the page says {WORD}.</p>"

Begin = Callable[[bool], AbstractContextManager[Store]]


@pytest.fixture
def begin(tmp_path: Path, clock: HandClock) -> Begin:
    """A store on files, its history in memory unless it is kept."""

    @contextmanager
    def begin(kept: bool) -> Iterator[Store]:
        file = tmp_path / "history.db" if kept else None
        names = (tmp_path / "cache.db", file, tmp_path / "library.db")
        with closing(Store.open(*names, clock=clock)) as store:
            store.follow_now([Source(NEWS)])
            yield store

    return begin


def ask(store: Store) -> None:
    save(store, NEWS, entry("a", content="<p>What the feed says.</p>"), entry("b"))
    store.save_asked_text(ids(store)["a"], TEXT).result(timeout=5)


def text(store: Store) -> str:
    post = store.post(ids(store)["a"])
    assert post is not None
    return post.full_text


def found(store: Store, search: str) -> int:
    store.index_all().result(timeout=5)
    return len(store.find(View(search=search), store.snapshot()).result(timeout=5).ids)


def told_by(folder: Path) -> set[str]:
    """The files that hold the word, as it is or as the index has it."""
    return {file.name for file in folder.iterdir() if WORD[1:].encode() in file.read_bytes()}


def test_without_a_history_it_is_there_and_found_until_the_end_and_on_no_disk(
    begin: Begin, tmp_path: Path
) -> None:
    with begin(False) as store:
        ask(store)
        assert text(store) == TEXT
        assert (found(store, WORD), found(store, "has:fulltext")) == (1, 1)
        assert told_by(tmp_path) == set()
    with begin(False) as store:
        assert (text(store), found(store, "has:fulltext"), found(store, WORD)) == ("", 0, 0)


def test_with_a_history_it_is_kept_and_found_and_erased_with_it(
    begin: Begin, tmp_path: Path
) -> None:
    with begin(False) as store:
        ask(store)
        store.use_history(tmp_path / "history.db")
        assert (text(store), found(store, WORD), store.stored().texts) == (TEXT, 1, 1)
    with begin(True) as store:
        assert (text(store), found(store, WORD)) == (TEXT, 1)
        assert {name.partition("-")[0] for name in told_by(tmp_path)} == {"history.db"}
        store.use_history(None)
        assert told_by(tmp_path) == set()
        assert (found(store, ""), found(store, WORD), found(store, "feed")) == (2, 0, 1)
    assert told_by(tmp_path) == set()


@pytest.mark.parametrize("kept", [False, True])
def test_when_the_feed_brings_other_words_the_page_is_forgotten(
    begin: Begin, tmp_path: Path, kept: bool
) -> None:
    with begin(kept) as store:
        ask(store)
        assert found(store, WORD) == 1
        save(store, NEWS, entry("a", content="<p>Something else.</p>"), entry("b"))
        assert (text(store), found(store, WORD), found(store, "else")) == ("", 0, 1)
    assert told_by(tmp_path) == set()


def test_it_is_forgotten_when_it_is_too_old(begin: Begin, tmp_path: Path, clock: HandClock) -> None:
    with begin(True) as store:
        ask(store)
        assert found(store, WORD) == 1
        clock.pass_(days=366)
        # What says that it is as late as that.
        save(store, NEWS, entry("today", published=clock.now))
        assert store.prune_history().result(timeout=5) == 1
        assert (text(store), found(store, WORD), store.stored().texts) == ("", 0, 0)
        assert store.export_history()["full_texts"] == []
        assert told_by(tmp_path) == set()


def test_words_of_a_history_that_was_saved_from_damage_are_found_again(
    begin: Begin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two_threads, "SAVED_AT_START_S", 600.0)  # however slow the machine is
    with begin(True) as store:
        ask(store)
        assert found(store, WORD) == 1
    file = tmp_path / "history.db"
    file.write_bytes(bytes(100) + file.read_bytes()[100:])
    with begin(True) as store:
        assert len(store.problems) == 1
        assert (text(store), found(store, WORD)) == (TEXT, 1)


# ── found as any other post ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("search", "posts"),
    [
        (WORD, ["a"]),
        (f"a {WORD}", ["a"]),
        (f"{WORD} -b", ["a"]),
        (f"{WORD} OR b", ["b", "a"]),
        (f"-{WORD}", ["b", "c"]),
        (f"{WORD} OR is:starred", ["a"]),
        ("has:fulltext", ["a"]),
        (f"title:{WORD}", []),
        ("says", ["b", "a", "c"]),
    ],
)
def test_its_words_are_found_in_the_order_of_the_list(
    begin: Begin, search: str, posts: list[str]
) -> None:
    with begin(False) as store:
        save(
            store,
            NEWS,
            entry("a", day=2, content="<p>Little.</p>"),
            entry("b", day=3, title="b says", content="<p>All.</p>"),
            entry("c", day=1, content="<p>It says more.</p>"),
        )
        store.save_asked_text(ids(store)["a"], TEXT).result(timeout=5)
        store.index_all().result(timeout=5)
        names = {id_: title[:1] for title, id_ in ids(store).items()}
        given = store.find(View(search=search), store.snapshot()).result(timeout=5).ids
        assert [names[id_] for id_ in given] == posts


def test_what_its_post_says_beside_it_is_found_anew(begin: Begin, tmp_path: Path) -> None:
    with begin(False) as store:
        ask(store)
        assert found(store, f"category:police {WORD}") == 0
        post = entry("a", content="<p>What the feed says.</p>", categories=("Police",))
        save(store, NEWS, post, entry("b"))
        assert (found(store, f"category:police {WORD}"), text(store)) == (1, TEXT)
        assert told_by(tmp_path) == set()


def test_a_saved_search_counts_it(begin: Begin) -> None:
    with begin(False) as store:
        store.follow_now([Source(NEWS)], [SavedView("Odd", search=WORD)])

        def count() -> int:
            places = store.count_places().result(timeout=5)
            return next(place.total for place in places if place.name == "Odd")

        save(store, NEWS, entry("a", content="<p>What the feed says.</p>"), entry("b"))
        store.index_all().result(timeout=5)
        assert count() == 0
        store.save_asked_text(ids(store)["a"], TEXT).result(timeout=5)
        assert count() == 1
        store.use_history(None)
        assert count() == 0


# ── and by no rule ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("search", [WORD, "has:fulltext", f"{WORD} OR nothing", f"a {WORD}"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_no_rule_sees_it(begin: Begin, tmp_path: Path, search: str, when: str) -> None:
    """Its star, tag, or what it hides would outlast the history."""
    rule = Rule("r", search=search, star=True, hide=True, tag="odd")
    with begin(True) as store:
        if when == "before":
            store.follow_now([Source(NEWS)], (), [rule])
        ask(store)
        store.index_all().result(timeout=5)
        if when == "after":
            store.follow_now([Source(NEWS)], (), [rule])
            store.index_all().result(timeout=5)
        assert store.kept_size() == KeptSize(0, 0)
        assert store.count(View(), store.snapshot()) == 2
        assert store.try_searches([search]).result(timeout=5)[0].found == 0
        assert found(store, search) == 1


# ── files of version 2 ──────────────────────────────────────────────────────────────────────


def test_words_that_a_history_of_version_2_left_in_the_cache_leave_it(
    tmp_path: Path, begin: Begin
) -> None:
    with begin(False) as store:
        save(store, NEWS, entry("a"), entry("b"))
        store.index_all().result(timeout=5)
        number = ids(store)["a"]
    old = Database.history(tmp_path / "history.db")
    prepare(old._replace(schema=HISTORY._replace(steps=HISTORY.steps[:2])), 1).close()
    with closing(sqlite3.connect(tmp_path / "history.db", isolation_level=None)) as connection:
        connection.execute("INSERT INTO asked_text VALUES (?, 1, ?)", (number, TEXT))
    with closing(sqlite3.connect(tmp_path / "cache.db", isolation_level=None)) as connection:
        connection.execute("INSERT INTO found (rowid, text) VALUES (7, ?)", (WORD,))
    assert "cache.db" in told_by(tmp_path)
    with begin(True) as store:
        assert found(store, WORD) == 1
        assert "cache.db" not in {name.partition("-")[0] for name in told_by(tmp_path)}
        store.use_history(None)
        assert told_by(tmp_path) == set()
