import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from nordic_tui.errors import NewerDatabase, StoreBusy, StoreDamaged, StoreError, StoreUnwritable
from nordic_tui.model import Source
from nordic_tui.store.connection import (
    Database,
    attach,
    attach_library,
    connect,
    one_moment,
    sqlite_errors,
)
from nordic_tui.store.rescue import set_aside
from nordic_tui.store.store import Store

from .helpers import NEWS, NOW, HandClock, entry, ids, query, save, titles


@pytest.fixture(params=[0o000, 0o277], ids=oct)
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_umask")
def test_nobody_else_may_read_the_files(tmp_path: Path, clock: HandClock) -> None:
    home = tmp_path / "new" / "deep"
    store = Store.open(home / "cache.db", home / "history.db", home / "library.db", clock=clock)
    store.follow_now([Source(NEWS)])
    save(store, NEWS, entry("a"))
    store.mark([ids(store)["a"]], True).result(timeout=5)
    store.star([ids(store)["a"]], True).result(timeout=5)
    files = {path.name: path.stat().st_mode & 0o777 for path in home.iterdir()}
    store.close()
    names = {
        f"{name}.db{side}" for name in ("cache", "history", "library") for side in ("", "-wal")
    }
    assert names <= files.keys()
    assert set(files.values()) == {0o600}
    assert home.stat().st_mode & 0o777 == 0o700
    assert home.parent.stat().st_mode & 0o777 == 0o700


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path, clock: HandClock) -> None:
    file = tmp_path / "cache.db"
    file.touch(mode=0o644)
    Store.open(file, None, clock=clock).close()
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", [b"not a database at all" * 100, None])
@pytest.mark.parametrize("name", ["cache.db", "history.db", "library.db"])
def test_a_damaged_file_is_set_aside_and_made_anew(
    tmp_path: Path, clock: HandClock, name: str, damage: bytes | None
) -> None:
    files = tmp_path / "cache.db", tmp_path / "history.db", tmp_path / "library.db"
    Store.open(*files, clock=clock).close()
    file = tmp_path / name
    # Without other damage: the header is left whole and the schema is not.
    damage = damage or file.read_bytes()[:100] + b"\xff" * 3996
    file.write_bytes(damage)

    store = Store.open(*files, clock=clock)
    store.follow_now([Source(NEWS)])
    save(store, NEWS, entry("a"))
    assert store.mark(list(ids(store).values()), True).result(timeout=5) == 1
    assert store.star(list(ids(store).values()), True).result(timeout=5) == 1
    store.close()

    aside = tmp_path / f"{name}.corrupt-20240601-120000"
    assert aside.read_bytes() == damage
    assert store.problems == [
        f"{file} was damaged and has been made anew; nothing could be saved from it. "
        f"What it held is in {aside.name}."
    ]
    assert query(file, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("name", ["cache.db", "history.db", "library.db"])
def test_a_newer_file_is_left_untouched(tmp_path: Path, clock: HandClock, name: str) -> None:
    files = tmp_path / "cache.db", tmp_path / "history.db", tmp_path / "library.db"
    Store.open(*files, clock=clock).close()
    file = tmp_path / name
    query(file, "PRAGMA user_version = 99")
    before = file.read_bytes()
    with pytest.raises(
        NewerDatabase, match=r"newer version .* 99, .* knows [134]\).* left untouched"
    ):
        Store.open(*files, clock=clock)
    assert file.read_bytes() == before


def test_a_database_of_another_program_is_left_untouched(tmp_path: Path, clock: HandClock) -> None:
    file = tmp_path / "cache.db"
    query(file, "CREATE TABLE accounts (name)")
    before = file.read_bytes()
    with pytest.raises(StoreError, match=r"cache\.db is a database of another program"):
        Store.open(file, None, clock=clock)
    assert file.read_bytes() == before


def test_what_cannot_be_written_is_kept_in_memory(tmp_path: Path, clock: HandClock) -> None:
    (tmp_path / "occupied").write_text("a file where a directory should be")
    (tmp_path / "history.db").mkdir()
    (tmp_path / "library.db").mkdir()
    store = Store.open(
        tmp_path / "occupied" / "cache.db",
        tmp_path / "history.db",
        tmp_path / "library.db",
        clock=clock,
    )
    store.follow_now([Source(NEWS)])
    save(store, NEWS, entry("a"))
    assert titles(store) == ["a"]
    assert store.mark(list(ids(store).values()), True).result(timeout=5) == 1
    assert store.star(list(ids(store).values()), True).result(timeout=5) == 1
    store.close()
    assert len(store.problems) == 3
    assert str(tmp_path / "occupied" / "cache.db") in store.problems[0]
    assert store.problems[0].endswith("it keeps the posts in memory only.")
    assert store.problems[1].endswith("it keeps the reading history in memory only.")
    assert store.problems[2].endswith("it keeps what you starred and tagged in memory only.")


def test_what_is_starred_is_on_the_disk_when_it_is_said(tmp_path: Path, clock: HandClock) -> None:
    """FULL (2): also after a power cut (sqlite.org/pragma.html#pragma_synchronous)."""
    store = Store.open(None, None, tmp_path / "library.db", clock=clock)

    def synchronous(connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA library.synchronous").fetchone()[0])

    assert store._submit(Database.library(None), synchronous).result(timeout=5) == 2
    store.close()


def test_damage_that_shows_later_is_gone_after_a_restart(tmp_path: Path, clock: HandClock) -> None:
    file = tmp_path / "cache.db"
    store = Store.open(file, None, clock=clock)
    store.follow_now([Source(NEWS)])
    save(store, NEWS, *(entry(f"p{n}", content="x" * 3000) for n in range(50)))
    store.close()
    whole = file.read_bytes()
    ((number,),) = query(file, "SELECT rootpage FROM sqlite_schema WHERE name = 'post_list'")
    page = slice(4096 * (number - 1), 4096 * number)
    file.write_bytes(whole[: page.start] + b"\xff" * 4096 + whole[page.stop :])

    store = Store.open(file, None, clock=clock)
    assert store.problems == []
    with pytest.raises(StoreDamaged, match=r"cache\.db is damaged\. Restart"):
        titles(store)
    store.close()

    store = Store.open(file, None, clock=clock)
    store.follow_now([Source(NEWS)])
    assert sorted(titles(store)) == sorted(f"p{n}" for n in range(50))
    store.close()
    (aside,) = tmp_path.glob("cache.db.corrupt-*")
    assert store.problems == [
        f"{file} was damaged and has been made anew with 50 posts from it; the damaged file is "
        f"{aside.name}."
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache.db", aside.name]


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "cache.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.execute("PRAGMA max_page_count = 3")
        with (
            pytest.raises(StoreUnwritable, match=r"disk is full: the posts could not be stored"),
            sqlite_errors(Database.cache(file)),
        ):
            connection.execute("INSERT INTO t VALUES (zeroblob(100000))")


def test_a_locked_file_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "cache.db"
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as other,
        closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as connection,
    ):
        other.execute("BEGIN EXCLUSIVE")
        with (
            pytest.raises(StoreBusy, match=r"Another program is writing to .*cache\.db"),
            sqlite_errors(Database.cache(file)),
        ):
            connection.execute("BEGIN IMMEDIATE")


def test_a_disk_that_fails_under_a_reader_is_a_sentence(tmp_path: Path) -> None:
    """SQLite ends the transaction itself then: there is none left to roll back."""
    file = tmp_path / "cache.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE t (x)")
        connection.execute("INSERT INTO t VALUES (zeroblob(100000))")
    database = Database.cache(file)

    def read(connection: sqlite3.Connection) -> None:
        with sqlite_errors(database), one_moment(connection):
            connection.execute("SELECT rowid FROM t").fetchall()
            make_unreadable(file)
            connection.execute("SELECT x FROM t").fetchall()

    with (
        closing(connect(database, 1.0)) as connection,
        pytest.raises(StoreUnwritable, match=r"cannot be read and written: disk I/O error"),
    ):
        read(connection)


def make_unreadable(file: Path) -> None:
    """Let this process have the file open for nothing but writing."""
    held = [int(path.name) for path in Path("/dev/fd").iterdir()]
    writing = os.open(file, os.O_WRONLY)
    for descriptor in held:
        try:
            is_file = os.path.samestat(os.fstat(descriptor), file.stat())
        except OSError:
            continue  # that of the listing itself
        if is_file:
            os.dup2(writing, descriptor)
    os.close(writing)


@pytest.mark.parametrize(
    ("attached", "database"),
    [(attach, Database.history), (attach_library, Database.library)],
    ids=["history", "library"],
)
def test_a_file_that_can_not_be_attached_is_a_sentence(
    attached: Callable[[sqlite3.Connection, Database], None],
    database: Callable[[Path], Database],
    tmp_path: Path,
) -> None:
    """As where there are no descriptors left for it."""
    with (
        closing(connect(Database.cache(None), 0)) as connection,
        pytest.raises(StoreUnwritable, match=r"gone\.db cannot be read and written"),
    ):
        attached(connection, database(tmp_path / "gone.db"))


def test_a_python_without_full_text_search_is_a_sentence(tmp_path: Path) -> None:
    error = sqlite3.OperationalError("no such module: fts5")
    error.sqlite_errorcode = sqlite3.SQLITE_ERROR
    words = (
        r"cache\.db needs SQLite with full-text search \(FTS5\), which this Python's has not\. Inst"
    )
    with (
        pytest.raises(StoreError, match=words),
        sqlite_errors(Database.cache(tmp_path / "cache.db")),
    ):
        raise error


def test_misuse_is_not_disguised() -> None:
    connection = sqlite3.connect(":memory:")
    connection.close()
    with pytest.raises(sqlite3.ProgrammingError), sqlite_errors(Database.cache(None)):
        connection.execute("SELECT 1")


def test_setting_aside_that_is_broken_off_loses_no_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite removes a log that lies beside a new file."""
    file, log = tmp_path / "a.db", tmp_path / "a.db-wal"
    file.write_bytes(b"damaged")
    log.write_bytes(b"the log")
    rename = Path.rename
    renamed: list[Path] = []

    def killed_after_one(path: Path, target: Path) -> Path:
        if renamed:
            raise KeyboardInterrupt
        renamed.append(path)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", killed_after_one)
    with pytest.raises(KeyboardInterrupt):
        set_aside(file, NOW, 1.0)
    assert renamed == [log]
    assert file.read_bytes() == b"damaged"
