"""Opening database files: who may read them, which version they are, what if they are damaged.

This is the one place where an error of SQLite becomes an error of this program.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from nordic_tui.errors import NewerDatabase, StoreBusy, StoreError, StoreUnwritable
from nordic_tui.store.schema import CACHE, HISTORY, LIBRARY, Schema, migrate

SIDE_FILES: Final = ("-wal", "-shm", "-journal")
"""What SQLite puts beside a database file."""

_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_UNWRITABLE: Final = (
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_IOERR,
)


class Database(NamedTuple):
    """One database: a file, or memory that the connections of this process share."""

    name: str
    """What SQLite is given: the URI of a file that is there, or of a database in memory."""
    file: Path | None
    schema: Schema
    holds: str
    """What is in it, as the subject of "… could not be stored"."""

    @classmethod
    def cache(cls, file: Path | None) -> "Database":
        return cls(_name(file), file, CACHE, "the posts")

    @classmethod
    def history(cls, file: Path | None) -> "Database":
        return cls(_name(file), file, HISTORY, "the reading history")

    @classmethod
    def library(cls, file: Path | None) -> "Database":
        return cls(_name(file), file, LIBRARY, "what you starred and tagged")

    def __str__(self) -> str:
        return str(self.file) if self.file else "memory"


def _name(file: Path | None) -> str:
    if file is None:
        return f"file:nordic-{os.urandom(16).hex()}?mode=memory&cache=shared"
    # A file that is gone is not made by whoever happens to open it next: `prepare` makes files.
    return f"{file.absolute().as_uri()}?mode=rw"


# ── errors ──────────────────────────────────────────────────────────────────────────────────


@contextmanager
def sqlite_errors(database: Database) -> Iterator[None]:
    """Turn what SQLite raises inside into a StoreError about this database.

    Misuse (`sqlite3.ProgrammingError` and the like) carries no result code and passes: it is
    a defect of this program and not something that is expected to go wrong.
    """
    try:
        yield
    except sqlite3.Error as error:
        if not hasattr(error, "sqlite_errorcode"):
            raise
        raise _store_error(error, database) from error


def is_damage(error: BaseException | None) -> bool:
    """Whether this error, or the one that it was made from, says that a file is damaged."""
    if isinstance(error, StoreError):
        error = error.__cause__
    return isinstance(error, sqlite3.Error) and _code(error) in _DAMAGED


def _code(error: sqlite3.Error) -> int | None:
    """The primary result code, of which the extended ones are kinds (sqlite.org/rescode.html)."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _store_error(error: sqlite3.Error, database: Database) -> StoreError:
    code = _code(error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusy(f"Another program is writing to {database}. Try again in a moment.")
    if code == sqlite3.SQLITE_FULL:
        return StoreUnwritable(
            f"The disk is full: {database.holds} could not be stored. "
            f"Make room for {database} and try again."
        )
    if code in _UNWRITABLE:
        return StoreUnwritable(f"{database} cannot be read and written: {error}.")
    if code in _DAMAGED:
        return StoreError(
            f"{database} is damaged. Restart the program: it sets the file aside and starts anew."
        )
    if "no such module: fts5" in str(error):
        return StoreError(
            f"{database} needs SQLite with full-text search (FTS5), which this Python's has not. "
            "Install the program with another Python."
        )
    return StoreError(f"{database} could not be used: {error}.")


# ── opening ─────────────────────────────────────────────────────────────────────────────────


def connect(database: Database, busy_timeout_s: float) -> sqlite3.Connection:
    """A connection to a database that `prepare` has seen; transactions begin explicitly."""
    connection = sqlite3.connect(
        database.name, timeout=busy_timeout_s, isolation_level=None, uri=True
    )
    # What SQLite sorts or keeps on the side may tell what was read: never on disk.
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def attach_library(connection: sqlite3.Connection, library: Database) -> None:
    """Attach a library that `prepare` has seen under the name that all queries use."""
    connection.execute("ATTACH ? AS library", (library.name,))
    connection.execute("PRAGMA library.synchronous = FULL")
    connection.execute("PRAGMA library.secure_delete = ON")  # what a star was taken off is gone


def attach(connection: sqlite3.Connection, history: Database) -> None:
    """Attach a history that `prepare` has seen under the name that all queries use."""
    connection.execute("ATTACH ? AS history", (history.name,))
    connection.execute("PRAGMA history.synchronous = FULL")
    connection.execute("PRAGMA history.secure_delete = ON")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing. Begins with the right to write, so that it can't fail halfway."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite has ended the transaction itself after some errors, a full disk among them.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    """What is read inside is of one moment, however many queries it takes."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        # SQLite may have ended it after an error.
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def prepare(database: Database, busy_timeout_s: float) -> sqlite3.Connection:
    """Make or open the database, bring it to the present version, and hand the connection over.

    A database in memory lives as long as a connection to it. Raises NewerDatabase (the file
    is left untouched), StoreError for a database of another program, and what `sqlite_errors`
    makes of the rest; an OSError of the file system becomes StoreUnwritable.
    """
    if database.file is not None:
        try:
            make_private(database.file)
        except OSError as error:
            raise StoreUnwritable(
                f"{database} cannot be made or written: {error.strerror}."
            ) from error
    with sqlite_errors(database):
        connection = connect(database, busy_timeout_s)
        try:
            version = _checked_version(connection, database)
            connection.execute("PRAGMA journal_mode = WAL")
            if version < database.schema.version:
                with transaction(connection):
                    # Read again: another program may have been faster.
                    (version,) = connection.execute("PRAGMA user_version").fetchone()
                    if 0 < version < database.schema.version and database.file is not None:
                        _back_up(database, backup_file(database.file, version), busy_timeout_s)
                    migrate(connection, database.schema)
        except BaseException:
            connection.close()
            raise
    return connection


def _checked_version(connection: sqlite3.Connection, database: Database) -> int:
    version: int
    # Of one moment: another program may be making the tables now.
    with one_moment(connection):
        (application_id,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        in_use = connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is not None
    if in_use and application_id != database.schema.application_id:
        raise StoreError(f"{database} is a database of another program. It was left untouched.")
    if version > database.schema.version:
        raise NewerDatabase(
            f"{database} was written by a newer version of this program (its format is "
            f"{version}, this version knows {database.schema.version}). It was left untouched: "
            "update the program, or name another directory."
        )
    return version


def prepare_or_fall_back(
    make: Callable[[Path | None], Database],
    file: Path | None,
    now: datetime,
    busy_timeout_s: float,
) -> tuple[Database, sqlite3.Connection, str]:
    """`prepare` that gets by: a damaged file is set aside, an unwritable one becomes memory.

    make: which kind of database, given its file. Gives the database that is in use, the
    connection, and a sentence about what happened (empty: nothing).
    """
    database = make(file)
    try:
        return database, prepare(database, busy_timeout_s), ""
    except StoreUnwritable as error:
        database = make(None)
        problem = f"{error} Until the program ends, it keeps {database.holds} in memory only."
    except StoreError as error:
        if file is None or not is_damage(error):
            raise
        aside = set_aside(file, now)
        problem = f"{file} was damaged and has been made anew; what it held is in {aside.name}."
    return database, prepare(database, busy_timeout_s), problem


# ── files ───────────────────────────────────────────────────────────────────────────────────


def make_private(file: Path) -> None:
    """See to it that the file exists and that nobody else may read it.

    Directories that are missing are made with mode 0700, the file gets 0600 whatever the umask
    says; SQLite gives its side files the mode of the file. Raises OSError.
    """
    missing = [folder for folder in file.parents if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
    # An existing file is not opened: closing it again would drop the locks that another
    # connection of this process holds on it (sqlite.org/howtocorrupt.html section 2.2).
    if not file.exists():
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    if file.stat().st_mode & 0o777 != 0o600:
        file.chmod(0o600)


def backup_file(file: Path, version: int) -> Path:
    """Where the file goes as it was, before it is brought to a later version."""
    return file.with_name(f"{file.name}.v{version}-backup")


def _back_up(database: Database, file: Path, busy_timeout_s: float) -> None:
    """Copy a database as it is before a transaction that has begun elsewhere: two programs that
    start at once must not write one copy."""
    file.unlink(missing_ok=True)
    make_private(file)
    with (
        closing(connect(database, busy_timeout_s)) as before,
        closing(sqlite3.connect(file)) as copy,
    ):
        before.backup(copy)


def set_aside(file: Path, now: datetime) -> Path:
    """Rename a damaged file and its side files; gives the new name.

    The file goes last: broken off before, the next start finds it damaged as well. The other way
    round it would find a log beside no file, which SQLite removes.
    """
    aside = file.with_name(f"{file.name}.corrupt-{now:%Y%m%d-%H%M%S}")
    for suffix in (*SIDE_FILES, ""):
        part = file.with_name(file.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    return aside


def is_sound(database: Database, busy_timeout_s: float) -> bool:
    """Whether SQLite finds the whole file in order. Reads all of it: only after an error."""
    try:
        connection = connect(database, busy_timeout_s)
        try:
            (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        return not is_damage(error)
    return bool(answer == "ok")
