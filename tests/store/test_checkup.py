"""A look at the cache from outside leaves everything as it is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from nordic_tui.errors import StoreError
from nordic_tui.model import Source, SourceState
from nordic_tui.store.checkup import look
from nordic_tui.store.store import Store

from .helpers import BLOG, NEWS, HandClock


def seen(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.iterdir()}


def test_it_sees_what_is_there_also_while_the_program_runs(
    tmp_path: Path, clock: HandClock
) -> None:
    file = tmp_path / "a %20?b" / "cache.db"
    file.parent.mkdir()
    with closing(Store.open(file, None, clock=clock)) as store:
        store.follow_now([Source(NEWS, "News"), Source(BLOG)])
        store.save_state(SourceState(BLOG, failures=2, error="is gone")).result(timeout=5)
        running = look(file)
    before = seen(file.parent)
    after = look(file)
    assert seen(file.parent) == before
    assert running == after
    assert [(state.address, state.failures, state.error) for state in after] == [
        (NEWS, 0, ""),
        (BLOG, 2, "is gone"),
    ]


@pytest.mark.parametrize(("version", "words"), [(1, "an earlier version"), (99, "a newer version")])
def test_another_version_is_left_alone(
    tmp_path: Path, clock: HandClock, version: int, words: str
) -> None:
    file = tmp_path / "cache.db"
    Store.open(file, None, clock=clock).close()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(StoreError, match=words):
        look(file)


def test_what_is_no_cache_is_said(tmp_path: Path) -> None:
    file = tmp_path / "cache.db"
    file.write_bytes(b"no database " * 1_000)
    with pytest.raises(StoreError, match="could not be read"):
        look(file)
