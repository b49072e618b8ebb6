"""The texts of pages that a person asked for, and the index of their words.

That such a text is there tells which post was read. So text and words stand in the history, which
is a file where a person agreed to that and else is in memory, and go with it. Nothing of them is
in the cache, and rules do not see them: what a rule stars would outlast the history.

    asked_text     what the page said
    asked_found    the words of the post with that text, folded as in the cache's index

There are few of them, so after each that goes all words are written anew in one piece: what FTS5
deletes otherwise stays in its pages until it merges them.
"""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from nordic_tui.store.connection import transaction
from nordic_tui.store.identity import seconds

SOME_POST: Final = 0
"""The number that says, in a history of version 2, that words of such texts are in the cache's
index, where they stood until then."""

FOUND: Final = (
    "SELECT q.seq FROM history.asked_found AS a CROSS JOIN main.post AS q ON q.id = a.rowid"
    " WHERE a.asked_found MATCH :"
)
"""The `seq` of posts whose asked text answers a MATCH; the name of that value comes behind it."""


def keep(connection: sqlite3.Connection, post_id: int, html: str, now: datetime) -> None:
    """Keep the text of a page that a person asked for. Inside a transaction."""
    _forget_words(connection, [(post_id,)])
    connection.execute(
        "INSERT OR REPLACE INTO history.asked_text (post, at, html) VALUES (?, ?, ?)",
        (post_id, seconds(now), html),
    )
    put_in(connection)


def drop(connection: sqlite3.Connection, seq: int) -> None:
    """Forget what the page of a post said. Inside a transaction."""
    gone = connection.execute(
        """
        DELETE FROM history.asked_text
        WHERE post = (SELECT id FROM main.post WHERE seq = ?) RETURNING post
        """,
        (seq,),
    ).fetchall()
    _forget_words(connection, gone)


def prune(connection: sqlite3.Connection, before: datetime) -> int:
    """Forget what was asked for earlier; gives of how many posts. Inside a transaction."""
    gone = connection.execute(
        "DELETE FROM history.asked_text WHERE at < ? AND post <> ? RETURNING post",
        (seconds(before), SOME_POST),
    ).fetchall()
    _forget_words(connection, gone)
    return len(gone)


# ── their words ─────────────────────────────────────────────────────────────────────────────


_WAITING: Final = """
    SELECT p.id, p.seq
    FROM history.asked_text AS t CROSS JOIN main.post AS p ON p.id = t.post
    WHERE t.html <> '' AND NOT EXISTS
        (SELECT 1 FROM history.asked_found AS a WHERE a.rowid = t.post)
    """


def are_waiting(connection: sqlite3.Connection) -> bool:
    """Whether words of some of these texts are not searched yet."""
    return connection.execute(f"{_WAITING} LIMIT 1").fetchone() is not None


def put_in(connection: sqlite3.Connection) -> None:
    """Let the words of all these texts be searched. Inside a transaction."""
    from nordic_tui.store import index  # few people ask for pages

    for id_, seq in connection.execute(_WAITING).fetchall():
        columns = index.words_of(connection, seq, with_asked=True)
        connection.execute(
            "INSERT INTO history.asked_found (rowid, title, text, author, category)"
            " VALUES (?, ?, ?, ?, ?)",
            (id_, *columns),
        )


def put_in_again(connection: sqlite3.Connection, seqs: Iterable[tuple[int]]) -> None:
    """The same, also of these posts, whose words have changed. Inside a transaction."""
    if not are_any(connection):
        return
    changed = [
        row
        for seq in seqs
        for row in connection.execute(
            """
            SELECT t.post FROM main.post AS p CROSS JOIN history.asked_text AS t ON t.post = p.id
            WHERE p.seq = ?
            """,
            seq,
        )
    ]
    _forget_words(connection, changed)
    put_in(connection)


def are_any(connection: sqlite3.Connection) -> bool:
    """Whether there is any such text."""
    return connection.execute("SELECT 1 FROM history.asked_text LIMIT 1").fetchone() is not None


def answer(connection: sqlite3.Connection, match: str) -> bool:
    """Whether any such text answers a MATCH."""
    row = connection.execute(f"{FOUND}match LIMIT 1", {"match": match}).fetchone()
    return row is not None


def _forget_words(connection: sqlite3.Connection, posts: list[tuple[int]]) -> None:
    if not posts:
        return
    cursor = connection.executemany("DELETE FROM history.asked_found WHERE rowid = ?", posts)
    if cursor.rowcount > 0:
        connection.execute("INSERT INTO history.asked_found (asked_found) VALUES ('optimize')")


# ── where they were before ──────────────────────────────────────────────────────────────────


def clear_cache(connection: sqlite3.Connection) -> None:
    """Where words of such texts are in the cache's index, make it anew, and leave nothing of the
    one before in the cache's file."""
    is_clear = (
        connection.execute(
            "SELECT 1 FROM history.asked_text WHERE post = ?", (SOME_POST,)
        ).fetchone()
        is None
    )
    if is_clear:
        return
    from nordic_tui.store import index

    connection.execute("PRAGMA main.secure_delete = ON")
    try:
        with transaction(connection):
            index.make_anew(connection)
            connection.execute("DELETE FROM history.asked_text WHERE post = ?", (SOME_POST,))
    finally:
        connection.execute("PRAGMA main.secure_delete = OFF")
    # The log holds pages as they were.
    connection.execute("PRAGMA main.wal_checkpoint(TRUNCATE)")
