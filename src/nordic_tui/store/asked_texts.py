"""The texts of pages that a person asked for.

That such a text is there tells which post was read. So it stands in the history, which is a file
where a person agreed to that and else is in memory; and its words come into the index, which is in
the cache's file, only where the history is a file too. With the history, all of it is erased.
"""

import sqlite3
from datetime import datetime
from typing import Final

from nordic_tui.store.connection import transaction
from nordic_tui.store.identity import seconds

SOME_POST: Final = 0
"""The number that stands for posts of which it is not known any more which they were."""


def keep(connection: sqlite3.Connection, post_id: int, html: str, now: datetime) -> None:
    """Keep the text of a page that a person asked for. Inside a transaction."""
    connection.execute(
        "INSERT OR REPLACE INTO history.asked_text (post, at, html) VALUES (?, ?, ?)",
        (post_id, seconds(now), html),
    )
    reindex(connection, post_id)


def reindex(connection: sqlite3.Connection, post_id: int | None = None) -> None:
    """Let the words of a page, or of all, that were asked for be searched, where they may be.
    Inside a transaction."""
    if are_searched(connection):
        connection.execute(
            """
            INSERT OR IGNORE INTO main.unindexed
            SELECT p.seq FROM history.asked_text AS a CROSS JOIN main.post AS p ON p.id = a.post
            WHERE ?1 IS NULL OR a.post = ?1
            """,
            (post_id,),
        )


def drop(connection: sqlite3.Connection, seq: int) -> None:
    """Forget what the page of a post said. Inside a transaction."""
    connection.execute(
        """
        UPDATE history.asked_text SET html = ''
        WHERE post = (SELECT id FROM main.post WHERE seq = ?)
        """,
        (seq,),
    )


def prune(connection: sqlite3.Connection, before: datetime) -> int:
    """Forget what was asked for earlier; gives of how many posts. Inside a transaction."""
    gone = connection.execute(
        "DELETE FROM history.asked_text WHERE at < ? AND post <> ? RETURNING post",
        (seconds(before), SOME_POST),
    ).fetchall()
    if gone:
        connection.execute(
            "INSERT OR IGNORE INTO history.asked_text (post, at, html) VALUES (?, 0, '')",
            (SOME_POST,),
        )
        connection.executemany(
            "INSERT OR IGNORE INTO main.unindexed SELECT seq FROM main.post WHERE id = ?", gone
        )
    return len(gone)


def were_any(connection: sqlite3.Connection) -> bool:
    """Whether words of pages that were asked for may be in the index."""
    return connection.execute("SELECT 1 FROM history.asked_text LIMIT 1").fetchone() is not None


def clear_index(connection: sqlite3.Connection) -> None:
    """Make the index anew, and leave nothing of the one before in the cache's file."""
    from nordic_tui.store import index  # only when what was read is erased

    connection.execute("PRAGMA main.secure_delete = ON")
    try:
        with transaction(connection):
            index.make_anew(connection)
    finally:
        connection.execute("PRAGMA main.secure_delete = OFF")
    # The log holds pages as they were.
    connection.execute("PRAGMA main.wal_checkpoint(TRUNCATE)")


def are_searched(connection: sqlite3.Connection) -> bool:
    """Whether their words come into the index: where it is on disk and the history is not, it
    would tell what was read."""
    files = dict(connection.execute("SELECT name, file FROM pragma_database_list"))
    return bool(files["history"]) or not files["main"]
