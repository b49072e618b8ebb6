"""Texts of pages that a person asked for tell what was read: where they are, and where not."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from nordic_tui.model import Source, View
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


def test_without_a_history_it_is_there_until_the_end_and_on_no_disk(
    begin: Begin, tmp_path: Path
) -> None:
    with begin(False) as store:
        ask(store)
        assert text(store) == TEXT
        assert (found(store, WORD), found(store, "has:fulltext")) == (0, 1)
        assert told_by(tmp_path) == set()
    with begin(False) as store:
        assert (text(store), found(store, "has:fulltext")) == ("", 0)


def test_with_a_history_it_is_kept_and_found_and_erased_with_it(
    begin: Begin, tmp_path: Path
) -> None:
    with begin(False) as store:
        ask(store)
        assert found(store, WORD) == 0
        store.use_history(tmp_path / "history.db")
        assert (text(store), found(store, WORD), store.stored().texts) == (TEXT, 1, 1)
    with begin(True) as store:
        assert (text(store), found(store, WORD)) == (TEXT, 1)
        # The feed brings other words: the page is asked again, and the index knows its words yet.
        save(store, NEWS, entry("a", content="<p>Something else.</p>"), entry("b"))
        assert (text(store), found(store, WORD)) == ("", 0)
        assert "cache.db" in told_by(tmp_path) | {"cache.db"}
        store.use_history(None)
        assert told_by(tmp_path) == set()
        assert found(store, "") == 2
        assert found(store, "else") == 1
    assert told_by(tmp_path) == set()


def test_it_is_forgotten_when_it_is_too_old(begin: Begin, tmp_path: Path, clock: HandClock) -> None:
    with begin(True) as store:
        ask(store)
        assert found(store, WORD) == 1
        clock.pass_(days=366)
        assert store.prune_history().result(timeout=5) == 1
        assert (text(store), found(store, WORD), store.stored().texts) == ("", 0, 0)
        assert store.export_history()["full_texts"] == []
        store.use_history(None)
        assert told_by(tmp_path) == set()
