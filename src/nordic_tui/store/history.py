"""What was read: marks, positions, where one was last, and the undo of marks.

All of it is in the database `history`.

Consent given, `history` is a file; else it is memory. Nothing here asks which of the two.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from nordic_tui.clock import Moments
from nordic_tui.errors import StoreUnwritable
from nordic_tui.model import Snapshot, View
from nordic_tui.store import acts, asked_texts, last_place, twins
from nordic_tui.store.connection import transaction
from nordic_tui.store.identity import moment, numbers, seconds
from nordic_tui.store.tally import Outcome, clear_touched, count_touched, touched
from nordic_tui.store.walks import Walk, last_batch, local_day, walk

UNDO_STEPS: Final = 100
"""How many acts of marking can be taken back, those among them that were and can be done again."""

EXPORT_FORMAT: Final = "nordic-tui-history"
EXPORT_VERSION: Final = 1


# ── marks ───────────────────────────────────────────────────────────────────────────────────


def mark(
    connection: sqlite3.Connection,
    post_ids: Sequence[int],
    now: datetime,
    moments: Moments,
    *,
    read: bool,
    undoable: bool,
) -> Outcome[int]:
    """Mark these posts, those of them that the cache knows and that are not marked so yet.

    Inside a transaction. Gives how many changed; what is in several sources is one post, and all
    of it is marked. What was read and has changed since counts as read now.
    """
    if read:
        from nordic_tui.store import versions  # a start marks nothing

        versions.read_again(connection, post_ids, now)
    clear_touched(connection)
    connection.execute(
        f"""
        INSERT OR IGNORE INTO temp.touched (post, step)
        SELECT p.id, ? FROM json_each(?) AS e CROSS JOIN main.post AS p ON p.id = e.value
        WHERE p.id {"NOT IN" if read else "IN"} (SELECT post FROM history.read_mark)
        """,  # noqa: S608  constants of this file; values are parameters
        (1 if read else -1, numbers(post_ids)),
    )
    return _mark_touched(connection, now, moments, read=read, undoable=undoable)


def mark_view(
    connection: sqlite3.Connection, view: View, snapshot: Snapshot, now: datetime, moments: Moments
) -> Outcome[int]:
    """Mark all posts of the view as read, and as they are now: the unread ones, and those that have
    changed since they were read. Inside a transaction; gives how many these are."""
    clear_touched(connection)
    posts = walk(connection, view, snapshot, local_day(now))
    connection.execute(
        f"INSERT INTO temp.touched (post, step) SELECT {posts.id}, 1"
        f" {posts.where(posts.is_unread)}",
        posts.values,
    )
    return _mark_touched(connection, now, moments, read=True, undoable=True, again=posts)


def _mark_touched(
    connection: sqlite3.Connection,
    now: datetime,
    moments: Moments,
    *,
    read: bool,
    undoable: bool,
    again: Walk | None = None,
) -> Outcome[int]:
    """again: what is read again, where it has changed."""
    twins.touch(connection, read=read)
    changed, tally = count_touched(connection)
    if again is not None:
        from nordic_tui.store import versions  # as above

        changed += versions.touch(connection, again)
    if not changed:
        return Outcome(0)
    at = seconds(now)
    done = f"{acts.posts_words(changed)} marked as {'read' if read else 'unread'}."
    cursor = connection.execute(
        "INSERT INTO history.batch (at, undoable, done) VALUES (?, ?, ?)",
        (acts.begin(connection, moments) if undoable else 0, int(undoable), done),
    )
    batch = cursor.lastrowid
    if undoable:
        connection.execute(
            """
            INSERT INTO history.change (batch, post, was_at, was_batch)
            SELECT ?, t.post, m.at, m.batch
            FROM temp.touched AS t LEFT JOIN history.read_mark AS m ON m.post = t.post
            """,
            (batch,),
        )
    if read:
        # What is read again keeps its batch: at an earlier snapshot it was read as well.
        connection.execute(
            """
            INSERT INTO history.read_mark (post, at, batch)
            SELECT post, ?, ? FROM temp.touched WHERE TRUE
            ON CONFLICT (post) DO UPDATE SET at = excluded.at
            """,
            (at, batch),
        )
    else:
        connection.execute(
            "DELETE FROM history.read_mark WHERE post IN (SELECT post FROM temp.touched)"
        )
    _drop_old_batches(connection)
    return Outcome(changed, tally, moves=not read, marks=touched(connection))


def _drop_old_batches(connection: sqlite3.Connection) -> None:
    """Keep only what can still be undone or done again: what can't be used tells only on the
    reader."""
    connection.execute("DELETE FROM history.batch WHERE NOT undoable")
    oldest = connection.execute(
        "SELECT at FROM history.batch ORDER BY at DESC LIMIT 1 OFFSET ?", (UNDO_STEPS - 1,)
    ).fetchone()
    if oldest is not None:
        connection.execute(
            "DELETE FROM history.change WHERE batch IN (SELECT id FROM history.batch WHERE at < ?)",
            oldest,
        )
        connection.execute("DELETE FROM history.batch WHERE at < ?", oldest)


def swap(connection: sqlite3.Connection, batch: int) -> Outcome[int]:
    """Let the posts of an act be marked as they were before it, and keep how they are marked now:
    the same again does the act again. Inside a transaction.

    Gives how many posts changed.
    """
    twins.undo_too(connection, batch)
    clear_touched(connection)
    connection.execute(
        """
        INSERT INTO temp.touched (post, step)
        SELECT c.post, (c.was_at IS NOT NULL) - (m.post IS NOT NULL)
        FROM history.change AS c LEFT JOIN history.read_mark AS m ON m.post = c.post
        WHERE c.batch = ?
        """,
        (batch,),
    )
    changed, tally = count_touched(connection)
    changed += _count_read_again(connection, batch)
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS now (post INTEGER PRIMARY KEY, at INTEGER, batch INTEGER)"
    )
    connection.execute("DELETE FROM temp.now")
    connection.execute(
        """
        INSERT INTO temp.now (post, at, batch)
        SELECT t.post, m.at, m.batch
        FROM temp.touched AS t LEFT JOIN history.read_mark AS m ON m.post = t.post
        """
    )
    connection.execute(
        "DELETE FROM history.read_mark WHERE post IN (SELECT post FROM temp.touched)"
    )
    connection.execute(
        """
        INSERT INTO history.read_mark (post, at, batch)
        SELECT post, was_at, was_batch FROM history.change
        WHERE batch = ? AND was_at IS NOT NULL
        """,
        (batch,),
    )
    connection.execute(
        """
        UPDATE history.change SET was_at = n.at, was_batch = n.batch
        FROM temp.now AS n WHERE change.batch = ? AND change.post = n.post
        """,
        (batch,),
    )
    connection.execute("DELETE FROM temp.now")
    return Outcome(changed, tally, moves=changed > 0, marks=touched(connection))


def _count_read_again(connection: sqlite3.Connection, batch: int) -> int:
    """How many posts stay read in `swap`, and are marked as changed where they were not, or are so
    no more. What is in several sources is one post."""
    (number,) = connection.execute(
        """
        SELECT COUNT(DISTINCT iif(p.overlap, p.same, p.id))
        FROM history.change AS c CROSS JOIN history.read_mark AS m ON m.post = c.post
            CROSS JOIN main.post AS p ON p.id = c.post
        WHERE c.batch = ? AND (p.changed_at > m.at) <> (p.changed_at > c.was_at)
        """,
        (batch,),
    ).fetchone()
    return int(number)


# ── positions ───────────────────────────────────────────────────────────────────────────────


def position_of(connection: sqlite3.Connection, post_id: int) -> float:
    """How far the post was read, 0 to 1."""
    row = connection.execute(
        "SELECT fraction FROM history.position WHERE post = ?", (post_id,)
    ).fetchone()
    return float(row[0]) if row else 0.0


def save_position(
    connection: sqlite3.Connection, post_id: int, fraction: float, now: datetime
) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO history.position (post, fraction, at) VALUES (?, ?, ?)",
        (post_id, min(1.0, max(0.0, fraction)), seconds(now)),
    )


# ── the person's data ───────────────────────────────────────────────────────────────────────


class HistorySize(NamedTuple):
    """How much is recorded now, in the file or in memory."""

    marks: int
    positions: int
    oldest: datetime | None
    size_bytes: int
    """On the disk; 0 for memory."""
    texts: int
    """Of pages that were asked for."""
    has_place: bool
    """Whether it is recorded where the person was when they quit."""


def stored(connection: sqlite3.Connection, file: Path | None) -> HistorySize:
    marks, positions, texts, oldest, has_place = connection.execute(
        """
        SELECT (SELECT COUNT(*) FROM history.read_mark), (SELECT COUNT(*) FROM history.position),
            (SELECT COUNT(*) FROM history.asked_text WHERE html <> ''),
            (SELECT MIN(at) FROM (SELECT at FROM history.read_mark
                UNION ALL SELECT at FROM history.position
                UNION ALL SELECT at FROM history.asked_text WHERE html <> '')),
            EXISTS (SELECT 1 FROM history.last_place)
        """
    ).fetchone()
    size_bytes = sum(part.stat().st_size for part in (family(file) if file else ()))
    return HistorySize(marks, positions, moment(oldest), size_bytes, texts, bool(has_place))


def export(connection: sqlite3.Connection, now: datetime) -> dict[str, Any]:
    """All that is recorded, ready for JSON; ids are texts, as they go beyond 2**53.

    Titles, links and sources are there where the cache still knows the post.
    """

    def posts(
        table: str, *columns: str, only: str = "TRUE"
    ) -> Iterator[tuple[dict[str, str], list[Any]]]:
        rows = connection.execute(
            f"""
            SELECT h.post, b.title, b.link, s.address, {", ".join(columns)}
            FROM history.{table} AS h LEFT JOIN main.post AS p ON p.id = h.post
                LEFT JOIN main.body AS b ON b.seq = p.seq
                LEFT JOIN main.source AS s ON s.id = p.source
            WHERE {only} ORDER BY h.post
            """  # noqa: S608  constants of this file; values are parameters
        )
        for post, title, link, address, *rest in rows:
            known = {"title": title, "link": link, "source": address}
            yield {"post": str(post), **{k: v for k, v in known.items() if v}}, rest

    of_acts = ("change", "h.batch", "h.was_at")
    return {
        "format": EXPORT_FORMAT,
        "version": EXPORT_VERSION,
        "exported_at": now.isoformat(),
        "read": [post | {"read_at": _iso(at)} for post, (at,) in posts("read_mark", "h.at")],
        "positions": [
            post | {"fraction": fraction, "saved_at": _iso(at)}
            for post, (fraction, at) in posts("position", "h.fraction", "h.at")
        ],
        "full_texts": [
            post | {"fetched_at": _iso(at)}
            for post, (at,) in posts("asked_text", "h.at", only="h.html <> ''")
        ],
        "undo": [
            post | {"act": batch, "was_read_at": _iso(at)}
            for post, (batch, at) in posts(*of_acts, only=f"NOT {_IS_UNDONE}")
        ],
        "last_place": last_place.export(connection),
        "redo": [
            post | {"act": batch, "becomes_read_at": _iso(at)}
            for post, (batch, at) in posts(*of_acts, only=_IS_UNDONE)
        ],
    }


_IS_UNDONE: Final = (
    "EXISTS (SELECT 1 FROM history.batch AS b WHERE b.id = h.batch AND b.undone IS NOT NULL)"
)


def _iso(at: int | None) -> str | None:
    time = moment(at)
    return time.isoformat() if time else None


def prune(connection: sqlite3.Connection, now: datetime, retention_days: int) -> Outcome[int]:
    """Delete what is older, with its undo. Inside a transaction.

    Gives how many were deleted.
    """
    before = now - timedelta(days=retention_days)
    limit = (seconds(before),)
    clear_touched(connection)
    connection.execute(
        "INSERT INTO temp.touched (post, step) SELECT post, -1 FROM history.read_mark WHERE at < ?",
        limit,
    )
    _, tally = count_touched(connection)
    deleted = 0
    for statement in (
        "DELETE FROM history.read_mark WHERE at < ?",
        "DELETE FROM history.position WHERE at < ?",
        "DELETE FROM history.last_place WHERE at < ?",
    ):
        deleted += connection.execute(statement, limit).rowcount
    texts = asked_texts.prune(connection, before)
    deleted += texts
    connection.execute(
        """
        DELETE FROM history.change
        WHERE was_at < ?1 OR batch IN (SELECT id FROM history.batch WHERE at < ?1 * 1000000)
        """,
        limit,
    )
    connection.execute(
        "DELETE FROM history.batch WHERE id NOT IN (SELECT batch FROM history.change)"
    )
    # A search may have found a text that is gone.
    return Outcome(deleted, tally, moves=deleted > 0, marks=touched(connection), kept=texts > 0)


# ── consent ─────────────────────────────────────────────────────────────────────────────────


def copy_to(connection: sqlite3.Connection, name: str) -> None:
    """Copy what is recorded into another history that `prepare` has seen.

    Where both know a post, the later mark holds. Into an empty one the numbers of the batches
    stay, so that a Snapshot taken before still holds after.
    """
    connection.execute("ATTACH ? AS incoming", (name,))
    try:
        with transaction(connection):
            row = connection.execute(
                "SELECT seq FROM incoming.sqlite_sequence WHERE name = 'batch'"
            ).fetchone()
            offset = int(row[0]) if row else 0
            connection.execute(
                """
                INSERT INTO incoming.read_mark (post, at, batch)
                SELECT post, at, batch + ? FROM history.read_mark WHERE TRUE
                ON CONFLICT (post) DO UPDATE SET at = excluded.at, batch = excluded.batch
                    WHERE excluded.at >= at
                """,
                (offset,),
            )
            connection.execute(
                """
                INSERT INTO incoming.position (post, fraction, at)
                SELECT post, fraction, at FROM history.position WHERE TRUE
                ON CONFLICT (post) DO UPDATE SET fraction = excluded.fraction, at = excluded.at
                    WHERE excluded.at >= at
                """
            )
            connection.execute(
                """
                INSERT INTO incoming.asked_text (post, at, html)
                SELECT post, at, html FROM history.asked_text WHERE TRUE
                ON CONFLICT (post) DO UPDATE SET at = excluded.at, html = excluded.html
                    WHERE excluded.at >= at
                """
            )
            connection.execute(
                """
                INSERT OR REPLACE INTO incoming.last_place
                SELECT * FROM history.last_place AS h
                WHERE NOT EXISTS (SELECT 1 FROM incoming.last_place AS i WHERE i.at > h.at)
                """
            )
            connection.execute(
                """
                INSERT INTO incoming.batch (id, at, undoable, done, undone)
                SELECT id + ?, at, undoable, done, undone FROM history.batch
                """,
                (offset,),
            )
            connection.execute(
                """
                INSERT INTO incoming.change (batch, post, was_at, was_batch)
                SELECT batch + ?1, post, was_at, was_batch + ?1 FROM history.change
                """,
                (offset,),
            )
            # What was numbered and is gone counts too; the row is there from the copied ones.
            connection.execute("DELETE FROM incoming.sqlite_sequence WHERE name = 'batch'")
            connection.execute(
                "INSERT INTO incoming.sqlite_sequence (name, seq) VALUES ('batch', ?)",
                (last_batch(connection) + offset,),
            )
    finally:
        connection.execute("DETACH incoming")


def number_from(connection: sqlite3.Connection, last: int) -> None:
    """Let the next batch of a history that is still empty be `last` + 1.

    So a Snapshot taken before the switch still tells what was read after it.
    """
    connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('batch', ?)", (last,))


COPIES_DAYS: Final = 30
"""So long a copy of the history is kept at most. It has marks as old as the retention allows from
the day on that it was made."""


def _copies(file: Path) -> list[Path]:
    """What was made of the file when it was migrated or found damaged: all that is called as it is
    and a full stop more."""
    return _beginning_with(file.parent, f"{file.name}.")


def family(file: Path) -> list[Path]:
    """The file and all that is called after it."""
    return _beginning_with(file.parent, file.name)


def _exports(file: Path) -> list[Path]:
    """The export that the reader makes beside the file, and what is left of one that was broken
    off (config/files.py)."""
    export = file.with_suffix(".json").name
    return _beginning_with(file.parent, export, f".{export}.")


def _beginning_with(folder: Path, *beginnings: str) -> list[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if path.name.startswith(beginnings))
        return [path for path in found if path.is_file() or path.is_symlink()]
    except OSError:
        return []


def erase_file(file: Path) -> None:
    """Overwrite a history file and all that belongs to it, and remove them.

    The file itself goes last: for as long as it is there, the erasing is not over and can be
    begun again. No connection may be open. Raises StoreUnwritable. What a disk keeps elsewhere
    (journals of the file system, spare cells of an SSD, back-ups) is out of reach.
    """
    try:
        # Exports first: that some of the rest is still there tells that it was broken off.
        for path in (*_exports(file), *reversed(family(file))):
            _erase(path)
    except OSError as error:
        raise StoreUnwritable(
            f"The reading history in {file} could not be erased: {error.strerror}. "
            "Delete the file by hand."
        ) from error


def _erase(path: Path) -> None:
    """Overwrite and remove; of a symbolic link the link, as what it leads to is not ours."""
    if not path.is_symlink():
        descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
        try:
            _overwrite(descriptor)
        finally:
            os.close(descriptor)
    path.unlink()


@contextmanager
def overwriting_log(file: Path | None) -> Iterator[None]:
    """Overwrite the write-ahead log that SQLite removes as the last connection closes inside.

    SQLite unlinks it as it is; held open, it can still be written to without its name.
    """
    log = file.with_name(file.name + "-wal") if file else None
    if log is None or not log.exists():
        yield
        return
    descriptor = os.open(log, os.O_WRONLY)
    try:
        yield
        _overwrite(descriptor)
    finally:
        os.close(descriptor)


def _overwrite(descriptor: int) -> None:
    size_bytes = os.fstat(descriptor).st_size
    os.lseek(descriptor, 0, os.SEEK_SET)
    while size_bytes > 0:
        size_bytes -= os.write(descriptor, bytes(min(size_bytes, 1 << 16)))
    os.fsync(descriptor)


def empty_log(connection: sqlite3.Connection) -> None:
    """Let nothing be in the write-ahead log, which has pages as they were before. Where another
    program reads just now it stays as it is until that program's end."""
    connection.execute("PRAGMA history.wal_checkpoint(TRUNCATE)")


def prune_copies(file: Path, now: datetime, retention_days: int) -> None:
    """Erase copies of the history that are older than they may be. Raises OSError."""
    limit_s = (now - timedelta(days=min(retention_days, COPIES_DAYS))).timestamp()
    for path in _copies(file):
        if path.lstat().st_mtime < limit_s:
            _erase(path)
