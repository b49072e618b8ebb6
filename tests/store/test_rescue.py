"""Damage that is met while the program runs, and a rescue that is interrupted."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from nordic_tui.errors import StoreBusy, StoreDamaged, StoreUnwritable
from nordic_tui.model import Source, View
from nordic_tui.store import rescue, salvage, saving, two_threads, writer
from nordic_tui.store.connection import REINDEXING
from nordic_tui.store.store import Store

from .helpers import NEWS, HandClock, entry, found, ids, query, save, titles

NAMES = ("cache.db", "history.db", "library.db")
EVERYTHING = {f"p{n}" for n in range(200)}


class Killed(BaseException):
    """Nothing of what follows happens."""


def start(folder: Path, clock: HandClock) -> Store:
    store = Store.open(*(folder / name for name in NAMES), clock=clock)
    store.follow_now([Source(NEWS)])
    return store


@pytest.fixture
def home(tmp_path: Path, clock: HandClock) -> Path:
    """A library with 200 posts, all of them marked as read and starred."""
    with closing(start(tmp_path, clock)) as store:
        save(store, NEWS, *(entry(f"p{n}", day=1 + n % 28, excerpt="x" * 99) for n in range(200)))
        every = [*ids(store).values()]
        store.mark(every, True).result(timeout=5)
        store.star(every, True).result(timeout=5)
        store.index_all().result(timeout=20)
    return tmp_path


def break_header(file: Path) -> None:
    file.write_bytes(bytes(100) + file.read_bytes()[100:])


def all_is_there(folder: Path, clock: HandClock) -> bool:
    with closing(start(folder, clock)) as store:
        everything = set(titles(store)) == EVERYTHING
        unread = store.unread(View(), store.snapshot())
        stars = store.kept_size().stars
    whole = all(query(folder / name, "PRAGMA integrity_check") == [("ok",)] for name in NAMES)
    return everything and unread == 0 and stars == 200 and whole


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, a start saves all."""
    monkeypatch.setattr(two_threads, "SAVED_AT_START_S", 600.0)


# ── interrupted ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("step", range(1, 7))
def test_a_move_that_is_interrupted_is_finished_by_the_next_start(
    home: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch, name: str, step: int
) -> None:
    break_header(home / name)
    (home / f"{name}-wal").write_bytes(b"whatever stood in the log")
    steps = []

    def until_killed(do: Callable[..., Any]) -> Callable[..., Any]:
        def once(path: Path, *args: Any, **more: Any) -> Any:
            steps.append(path.name)
            if len(steps) == step:
                raise Killed
            return do(path, *args, **more)

        return once

    for method in ("rename", "replace", "unlink"):
        monkeypatch.setattr(Path, method, until_killed(getattr(Path, method)))
    with pytest.raises(Killed):
        start(home, clock).close()
    monkeypatch.undo()
    assert all_is_there(home, clock)
    assert not [path.name for path in home.iterdir() if path.suffix in (".damaged", ".rescue")]
    aside = next(home.glob("*.corrupt-20240601-120000-wal"))
    assert aside.read_bytes() == b"whatever stood in the log"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_salvage_that_is_interrupted_begins_again(
    home: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch, name: str, step: int
) -> None:
    monkeypatch.setattr(salvage, "PAGES_AT_ONCE", 1)
    break_header(home / name)
    steps = []

    def killed(self: saving.Saving, connection: sqlite3.Connection) -> Any:
        steps.append(1)
        outcome = go_on(self, connection)
        if len(steps) == (step if name == "cache.db" else 1):
            raise Killed  # what was put in is rolled back
        return outcome

    go_on = saving.Saving.go_on
    monkeypatch.setattr(saving.Saving, "go_on", killed)
    with pytest.raises(Killed):
        start(home, clock)
    monkeypatch.setattr(saving.Saving, "go_on", go_on)
    assert (home / f"{name}.rescue").exists()
    assert all_is_there(home, clock)
    assert not (home / f"{name}.rescue").exists()


@pytest.mark.parametrize("name", NAMES)
def test_what_cannot_be_stored_now_is_saved_by_the_next_start(
    home: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    break_header(home / name)

    def full(self: saving.Saving, connection: sqlite3.Connection) -> Any:
        raise StoreUnwritable("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(saving.Saving, "go_on", full)
        store = start(home, clock)
        store.close()
    assert store.problems == [
        f"{home / name} was damaged and has been made anew, but what "
        f"{name}.corrupt-20240601-120000 holds could not be put into it yet; the next start tries "
        "again. The disk is full."
    ]
    assert all_is_there(home, clock)


def test_what_cannot_be_read_is_said(
    home: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_header(home / "library.db")

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(saving, "Pages", refused)
    with closing(start(home, clock)) as store:
        (problem,) = store.problems
    assert problem.endswith("corrupt-20240601-120000 cannot be read: Permission denied.")


@pytest.mark.parametrize("state", ["moved elsewhere.db", "", "\xff", "moved library.db.corrupt-1"])
def test_a_note_that_leads_nowhere_is_no_harm(home: Path, clock: HandClock, state: str) -> None:
    (home / "library.db.rescue").write_bytes(state.encode("latin-1"))
    assert all_is_there(home, clock)


# ── a large cache ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def _slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start has no time; what there is to do besides begins at once."""
    monkeypatch.setattr(two_threads, "SAVED_AT_START_S", -1.0)
    monkeypatch.setattr(salvage, "PAGES_AT_ONCE", 1)
    monkeypatch.setattr(writer, "QUIET_S", 0.0)


@pytest.mark.usefixtures("_slow")
def test_the_rest_of_a_large_cache_is_saved_while_the_program_runs(
    home: Path, clock: HandClock
) -> None:
    older = home / "cache.db.corrupt-20230101-000000"
    older.touch()
    break_header(home / "cache.db")
    store = Store.open(*(home / name for name in NAMES), clock=clock)
    indexed = Event()
    store.on_indexed = indexed.set
    with closing(store):
        assert store.problems == [
            f"{home / 'cache.db'} was damaged and has been made anew with none of its posts so "
            "far; more are saved while the program runs. The damaged file is "
            "cache.db.corrupt-20240601-120000."
        ]
        store.follow_now([Source(NEWS)])
        now = store.snapshot()
        # Meanwhile a feed brings some of them, and a new one.
        save(store, NEWS, entry("p7", day=8, excerpt="x" * 99), entry("new", day=29))
        assert indexed.wait(timeout=20)
        assert set(titles(store)) == EVERYTHING | {"new"}
        assert found(store, "new") == ["new"]
        # Only that one is new.
        assert store.arrivals(View(), now) <= 2
        assert store.unread(View(), store.snapshot()) == 1
    assert not older.exists()
    assert not (home / "cache.db.rescue").exists()
    assert query(home / "cache.db", "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.usefixtures("_slow")
def test_a_program_that_ends_before_all_is_saved_goes_on_at_the_next_start(
    home: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "QUIET_S", 60.0)
    break_header(home / "cache.db")
    store = Store.open(*(home / name for name in NAMES), clock=clock)
    store.close()
    monkeypatch.undo()
    assert (home / "cache.db.rescue").exists()
    assert all_is_there(home, clock)


@pytest.mark.usefixtures("_slow")
def test_what_cannot_be_stored_while_the_program_runs_waits_for_the_next_start(
    home: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_header(home / "cache.db")
    go_on, tried = saving.Saving.go_on, Event()

    def full(self: saving.Saving, connection: sqlite3.Connection) -> Any:
        if self._posts is None:
            return go_on(self, connection)
        tried.set()
        raise StoreUnwritable("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(saving.Saving, "go_on", full)
        with closing(Store.open(*(home / name for name in NAMES), clock=clock)) as store:
            assert tried.wait(timeout=20)
            store.index_all().result(timeout=20)
    monkeypatch.undo()
    assert all_is_there(home, clock)


# ── met while the program runs ──────────────────────────────────────────────────────────────


def search_in_vain(home: Path, clock: HandClock, damage: str) -> None:
    """Damage the index of words: SQLite finds the file in order, as it does not look into it."""
    with closing(sqlite3.connect(home / "cache.db")) as connection, connection:
        connection.execute(f"UPDATE found_data SET block = x'ffffffffffff' WHERE {damage}")  # noqa: S608  of these tests
    with closing(start(home, clock)) as store:
        asked = store.find(View(search="p7"), store.snapshot())
        with pytest.raises(StoreDamaged, match="Restart the program"):
            asked.result(timeout=5)
    assert {path.name for path in home.glob("*.damaged")} == {f"{name}.damaged" for name in NAMES}
    assert {path.stat().st_mode & 0o777 for path in home.glob("*.damaged")} == {0o600}


def test_an_index_of_words_that_is_damaged_is_made_anew(home: Path, clock: HandClock) -> None:
    search_in_vain(home, clock, "id > 10")
    with closing(start(home, clock)) as store:
        assert store.problems == []
        assert len(found(store, "p7")) == 1
    assert {path.name for path in home.iterdir()} == {*NAMES}


def test_where_making_the_index_anew_is_no_help_all_is_saved(home: Path, clock: HandClock) -> None:
    search_in_vain(home, clock, "id >= 10")
    with closing(start(home, clock)) as store:
        assert "cache.db is damaged. Restart the program" in store.problems[0]
    with closing(start(home, clock)) as store:
        assert "with 200 posts from it" in store.problems[0]
        assert len(found(store, "p7")) == 1


def test_a_table_that_is_gone_is_damage(home: Path, clock: HandClock) -> None:
    with closing(sqlite3.connect(home / "library.db")) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_schema WHERE name = 'star'")
    with closing(start(home, clock)) as store, pytest.raises(StoreDamaged):
        store.kept_size()
    assert all_is_there(home, clock)


def test_a_text_that_is_no_text_any_more_is_damage(home: Path, clock: HandClock) -> None:
    with closing(sqlite3.connect(home / "cache.db")) as connection, connection:
        connection.execute("UPDATE body SET title = CAST(x'ff41' AS TEXT) WHERE seq = 9")
    with closing(start(home, clock)) as store, pytest.raises(StoreDamaged):
        all(map(store.post, ids(store).values()))
    with closing(start(home, clock)) as store:
        assert "with 199 posts from it" in store.problems[0]
        store.put_back_kept()  # it is starred
        assert set(titles(store)) == EVERYTHING


def test_what_no_query_stumbles_over_is_found_while_nothing_else_is_done(
    home: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home / "history.db"
    ((page,),) = query(file, "SELECT rootpage FROM sqlite_schema WHERE name = 'read_mark_batch'")
    data = bytearray(file.read_bytes())
    data[4096 * page - 1] ^= 1
    file.write_bytes(data)
    monkeypatch.setattr(writer, "QUIET_S", 0.0)
    marked, mark = Event(), rescue.mark

    def noted(file: Path, text: str = "") -> None:
        mark(file, text)
        if file.name == "library.db":  # the last of the three
            marked.set()

    monkeypatch.setattr(rescue, "mark", noted)
    with closing(start(home, clock)) as store:
        store.save_position(1, 0.5).result(timeout=5)
        assert marked.wait(timeout=20)
    monkeypatch.undo()
    assert all_is_there(home, clock)


def test_damage_that_is_met_again_is_noted_once(
    home: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(home / "library.db")) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_schema WHERE name = 'star'")
    noted: list[str] = []
    monkeypatch.setattr(rescue, "mark", lambda file, text="": noted.append(file.name))
    with closing(start(home, clock)) as store:
        for _ in range(3):
            with pytest.raises(StoreDamaged, match="Restart the program"):
                store.kept_size()
    assert noted == [*NAMES]


def test_a_mark_that_cannot_be_made_is_no_harm(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    rescue.mark(home / "cache.db")
    assert rescue.marked(home / "cache.db") is None


def test_a_history_that_is_damaged_is_saved_when_it_is_agreed_to(
    home: Path, clock: HandClock
) -> None:
    break_header(home / "history.db")
    with closing(Store.open(home / "cache.db", None, clock=clock)) as store:
        store.follow_now([Source(NEWS)])
        assert store.stored().marks == 0
        store.use_history(home / "history.db")
        assert store.stored().marks == 200
        assert "with 200 marks from it" in store.problems[0]
        store.use_history(None)
    assert not list(home.glob("history.db*"))


# ── another instance ────────────────────────────────────────────────────────────────────────

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT * FROM post").fetchone()
print("open", flush=True)
sys.stdin.readline()
"""


def test_a_file_that_another_window_has_open_is_not_taken_from_it(
    home: Path, clock: HandClock
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home / "cache.db")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == b"open\n"
        rescue.mark(home / "cache.db", REINDEXING)
        with pytest.raises(StoreBusy, match="another window of this program has it open"):
            Store.open(*(home / name for name in NAMES), clock=clock, busy_timeout_s=0.1)
        assert not list(home.glob("*.corrupt-*"))
        other.stdin.write(b"\n")
    assert all_is_there(home, clock)


def test_what_another_instance_has_set_aside_is_not_set_aside_again(
    home: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home / "library.db"
    break_header(file)
    lock = rescue._lock

    def other_is_faster(descriptor: int, path: Path, busy_timeout_s: float) -> None:
        monkeypatch.setattr(rescue, "_lock", lock)
        start(home, clock).close()
        lock(descriptor, path, busy_timeout_s)

    monkeypatch.setattr(rescue, "_lock", other_is_faster)
    assert all_is_there(home, clock)
    assert len(list(home.glob("library.db.corrupt-*"))) == 1
    rescue.set_aside(home / "gone.db", clock.now, 0.0)
    assert not list(home.glob("gone*"))


def test_two_that_are_set_aside_in_one_second_are_both_there(home: Path, clock: HandClock) -> None:
    for _ in range(2):
        break_header(home / "library.db")
        start(home, clock).close()
    assert {path.name for path in home.glob("*.corrupt-*")} == {
        "library.db.corrupt-20240601-120000",
        "library.db.corrupt-20240601-120000-2",
    }
    assert all_is_there(home, clock)


@pytest.mark.parametrize("call", ["open", "lock", "rename"])
def test_what_cannot_be_set_aside_is_kept_in_memory(
    home: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    break_header(home / "library.db")
    before = (home / "library.db").read_bytes()

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    if call == "rename":
        monkeypatch.setattr(Path, "rename", refused)
    elif call == "open":
        monkeypatch.setattr(os, "open", refused)
    else:
        monkeypatch.setattr(rescue, "_lock", refused)
    with closing(start(home, clock)) as store:
        assert store.problems == [
            f"{home / 'library.db'} is damaged and could not be set aside: Permission denied. Make "
            "room in its directory, or move the file away by hand. Until the program ends, it "
            "keeps what you starred and tagged in memory only."
        ]
    assert (home / "library.db").read_bytes() == before
    monkeypatch.undo()
    assert all_is_there(home, clock)


def test_a_move_that_cannot_be_finished_is_said_and_finished_later(
    home: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_header(home / "library.db")
    (home / "library.db.rescue").write_text("moving library.db.corrupt-1")

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refused)
        with closing(start(home, clock)) as store:
            assert "could not be set aside: Permission denied" in store.problems[0]
    assert all_is_there(home, clock)
    assert (home / "library.db.corrupt-1").exists()
