"""Opening database files: who may read them, which version they are, what if they are damaged.

This is the one place where an error of SQLite becomes an error of this program.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from nordic_tui.errors import NewerDatabase, StoreBusy, StoreDamaged, StoreError, StoreUnwritable
from nordic_tui.store import pages, rescue
from nordic_tui.store.schema import CACHE, HISTORY, LIBRARY, Schema, migrate

SQLITE_VERSION: Final = sqlite3.sqlite_version
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
    a defect of this program and not something that is expected to go wrong. Nor does a text that
    is no UTF-8 any more: it was when it was written.
    """
    try:
        yield
    except UnicodeDecodeError as error:
        raise damaged(database) from error  # in what SQLite says of a damaged schema
    except sqlite3.Error as error:
        if str(error).startswith("Could not decode to UTF-8"):
            raise damaged(database) from error
        if not hasattr(error, "sqlite_errorcode"):
            raise
        raise _store_error(error, database) from error


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
        return StoreUnwritable(
            f"{database} cannot be read and written: {error}. See whether its disk is full, "
            "failing or read-only, and whether the file is yours."
        )
    # A table of ours that is not there was in a page that holds something else now.
    if code in _DAMAGED or str(error).startswith("no such table"):
        return damaged(database)
    if "no such module: fts5" in str(error):
        return StoreError(
            f"{database} needs SQLite with full-text search (FTS5), which this Python's has not. "
            "Install the program with another Python."
        )
    return StoreError(f"{database} could not be used: {error}.")


def damaged(database: Database) -> StoreDamaged:
    return StoreDamaged(
        f"{database} is damaged. Restart the program: it sets the file aside, and saves from it "
        "what can be saved."
    )


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
    """Attach a library that `prepare` has seen under the name that all queries use.

    Raises StoreError.
    """
    with sqlite_errors(library):
        connection.execute("ATTACH ? AS library", (library.name,))
        connection.execute("PRAGMA library.synchronous = FULL")
        connection.execute("PRAGMA library.secure_delete = ON")  # what lost its star is gone


def attach(connection: sqlite3.Connection, history: Database) -> None:
    """Attach a history that `prepare` has seen under the name that all queries use.

    Raises StoreError.
    """
    with sqlite_errors(history):
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
        header = _peek(database)
        _refuse(database, header)
        if _is_none(database.file) or (header is not None and header.foreign_log):
            raise damaged(database)
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
                _bring_up(connection, database, busy_timeout_s)
        except BaseException:
            connection.close()
            raise
    return connection


def _bring_up(connection: sqlite3.Connection, database: Database, busy_timeout_s: float) -> None:
    """Run what leads to the present version, in one transaction, after a copy was made."""
    backed_up = 0
    with transaction(connection):
        # Read again: another program may have been faster.
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if 0 < version < database.schema.version and database.file is not None:
            _back_up(database, backup_file(database.file, version), busy_timeout_s)
            backed_up = version
        migrate(connection, database.schema)
    if database.file is not None:
        for older in range(1, backed_up):  # one copy is enough
            backup_file(database.file, older).unlink(missing_ok=True)


def _peek(database: Database) -> pages.Header | None:
    """What a file is by its first page. SQLite would write to it as it closes: the log into it."""
    if database.file is None or _opened[database.name]:
        return None
    try:
        return pages.peek(database.file, database.schema.application_id)
    except OSError:
        return None  # missing, or not to be read: that is told where it is opened


def _is_none(file: Path) -> bool:
    """Whether what SQLite would take for an empty database is what is left of something."""
    try:
        size = file.stat().st_size
        log = file.with_name(f"{file.name}-wal")
        return 0 < size < pages.HEADER_BYTES or (not size and log.stat().st_size > 0)
    except OSError:
        return False


def _refuse(database: Database, header: pages.Header | None) -> None:
    """Raise StoreError for what is not this version's to open."""
    if header is None:
        return
    if header.in_use and header.application_id != database.schema.application_id:
        raise StoreError(f"{database} is a database of another program. It was left untouched.")
    if header.in_use and header.version > database.schema.version:
        raise NewerDatabase(
            f"{database} was written by a newer version of this program (its format is "
            f"{header.version}, this version knows {database.schema.version}). It was left "
            "untouched: update the program, or name another directory."
        )


def _checked_version(connection: sqlite3.Connection, database: Database) -> int:
    version: int
    # Of one moment: another program may be making the tables now.
    with one_moment(connection):
        (application_id,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        in_use = connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is not None
    _refuse(database, pages.Header(application_id, version, in_use))
    return version


def prepare_or_fall_back(
    make: Callable[[Path | None], Database],
    file: Path | None,
    now: datetime,
    busy_timeout_s: float,
) -> tuple[Database, sqlite3.Connection, str]:
    """`prepare` that gets by: a damaged file is set aside, an unwritable one becomes memory.

    make: which kind of database, given its file. Gives the database that is in use, the
    connection, and a sentence about what happened (empty: nothing). What was set aside is told,
    and saved from, by who has opened all files (`rescue.pending`).
    """
    database = make(file)
    try:
        return database, prepare_sound(database, now, busy_timeout_s), ""
    except StoreUnwritable as error:
        database = make(None)
        problem = f"{error} Until the program ends, it keeps {database.holds} in memory only."
    return database, prepare(database, busy_timeout_s), problem


def prepare_sound(database: Database, now: datetime, busy_timeout_s: float) -> sqlite3.Connection:
    """`prepare`, with what was damaged set aside."""
    file = database.file
    if file is None:
        return prepare(database, busy_timeout_s)
    try:
        rescue.pending(file)  # finishes what was begun
        _look_at_marked(database, file, busy_timeout_s)
        return prepare(database, busy_timeout_s)
    except StoreDamaged:
        rescue.set_aside(file, now, busy_timeout_s)
    return prepare(database, busy_timeout_s)


def _look_at_marked(database: Database, file: Path, busy_timeout_s: float) -> None:
    """Raise StoreDamaged if damage was met in the file before; a cache that is sound keeps its
    mark: the damage was in its index of words, which is to be made anew."""
    text = rescue.marked(file)
    if text is None:
        return
    if text == REINDEXING or not is_sound(database, busy_timeout_s):
        raise damaged(database)
    if database.schema is not CACHE:
        rescue.unmark(file)


REINDEXING: Final = "reindexing"
"""In the mark of a cache: its index of words was about to be made anew. Where that failed, making
it anew is no help."""

_opened: Counter[str] = Counter()
"""How often each database is open in this process, by its name."""


def opened(database: Database) -> None:
    _opened[database.name] += 1


def closed(database: Database) -> None:
    _opened[database.name] -= 1


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
    start at once must not write one copy. Raises StoreUnwritable and sqlite3.Error, and then
    leaves the copy that there was."""
    made = file.with_name(f"{file.name}-new")
    try:
        made.unlink(missing_ok=True)
        make_private(made)
        with (
            closing(connect(database, busy_timeout_s)) as before,
            closing(sqlite3.connect(made)) as copy,
        ):
            before.backup(copy)
        made.replace(file)
    except OSError as error:
        raise StoreUnwritable(
            f"{database} is of an earlier version, and no copy of it could be made before it is "
            f"changed: {error.strerror}."
        ) from error
    finally:
        made.unlink(missing_ok=True)


def is_sound(database: Database, busy_timeout_s: float) -> bool:
    """Whether SQLite finds the whole file in order, with all of its tables and texts. Reads all of
    it: only after an error. Raises StoreError for what is no damage."""
    try:
        with sqlite_errors(database), closing(connect(database, busy_timeout_s)) as connection:
            version = _checked_version(connection, database)
            (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            there = _names(connection)
            for (table,) in connection.execute(
                "SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE TABLE%'"
            ).fetchall():
                for _ in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608  a name of the schema
                    pass
    except StoreDamaged:
        return False
    with closing(sqlite3.connect(":memory:")) as empty:
        migrate(empty, database.schema._replace(steps=database.schema.steps[:version]))
        return answer == "ok" and _names(empty) <= there


def _names(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
