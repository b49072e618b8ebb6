"""Which pages are to be fetched by themselves for the full text of their posts, and what they gave.

What a person asked for is kept elsewhere (asked_texts.py).
"""

import sqlite3
from datetime import datetime, timedelta
from typing import Final

from nordic_tui.model import Wanted
from nordic_tui.store.identity import seconds, source_id

NEWEST: Final = 50
"""Only so many of a source's newest posts have their pages fetched by themselves: what is older
belongs to its archive, which is no reason to walk through a whole site."""
MAX_FAILURES: Final = 3
TRIED_AGAIN: Final = timedelta(hours=6)
"""After that, where a page could not be had."""


def wanted(
    connection: sqlite3.Connection, address: str, now: datetime, limit: int
) -> tuple[int, ...]:
    """The ids of the newest posts of a source whose pages were not fetched yet, or could not be
    had and may be tried again; at most `limit`, the newest first."""
    rows = connection.execute(
        """
        SELECT p.id
        FROM (
            SELECT n.seq, n.id, n.ord FROM main.post AS n
            WHERE n.source = ? AND n.shown = 1 AND n.bundled = 0
            ORDER BY n.ord DESC, n.seq DESC LIMIT ?
        ) AS p
            JOIN main.body AS b ON b.seq = p.seq
            LEFT JOIN main.full_text AS f ON f.seq = p.seq
        WHERE b.protected = 0 AND (b.link LIKE 'http://%' OR b.link LIKE 'https://%')
            AND (f.seq IS NULL
                OR (f.failures BETWEEN 1 AND ? AND f.fetched_at NOT BETWEEN ? + 1 AND ?))
        ORDER BY p.ord DESC, p.seq DESC LIMIT ?
        """,
        (
            source_id(address),
            NEWEST,
            MAX_FAILURES - 1,
            seconds(now - TRIED_AGAIN),
            seconds(now),  # a later time was told by a clock that was ahead
            limit,
        ),
    )
    return tuple(id_ for (id_,) in rows)


def load(connection: sqlite3.Connection, post_id: int) -> Wanted | None:
    """What it takes to fetch a post's page; None: the cache doesn't know it."""
    row = connection.execute(
        """
        SELECT p.id, b.title, b.link, b.excerpt, b.content, s.address
        FROM main.post AS p JOIN main.source AS s ON s.id = p.source
            JOIN main.body AS b ON b.seq = p.seq
        WHERE p.id = ?
        """,
        (post_id,),
    ).fetchone()
    return None if row is None else Wanted(*row)


def save(connection: sqlite3.Connection, post_id: int, html: str, now: datetime) -> None:
    """Keep what a post's page gave; empty: no more than the feed. Inside a transaction."""
    _make_row(connection, post_id)
    connection.execute(
        """
        UPDATE main.full_text SET fetched_at = ?, html = ?, failures = 0
        WHERE seq = (SELECT seq FROM main.post WHERE id = ?)
        """,
        (seconds(now), html, post_id),
    )
    _note(connection, post_id, "")


def save_failure(
    connection: sqlite3.Connection, post_id: int, why: str, now: datetime, *, for_good: bool
) -> None:
    """Keep that a page could not be had; what it gave before stays. Inside a transaction.

    for_good: whether it is not tried again by itself.
    """
    _make_row(connection, post_id)
    connection.execute(
        """
        UPDATE main.full_text SET fetched_at = ?, failures = failures + ?
        WHERE seq = (SELECT seq FROM main.post WHERE id = ?)
        """,
        (seconds(now), MAX_FAILURES if for_good else 1, post_id),
    )
    _note(connection, post_id, why)


def _make_row(connection: sqlite3.Connection, post_id: int) -> None:
    # An upsert would make the triggers of the table raise where they mean to ignore.
    connection.execute(
        """
        INSERT OR IGNORE INTO main.full_text (seq, fetched_at, html)
        SELECT seq, 0, '' FROM main.post WHERE id = ?
        """,
        (post_id,),
    )


def _note(connection: sqlite3.Connection, post_id: int, why: str) -> None:
    """What is said of the pages of the post's source."""
    connection.execute(
        """
        UPDATE main.source SET page_error = ?1
        WHERE id = (SELECT source FROM main.post WHERE id = ?2) AND page_error <> ?1
        """,
        (why, post_id),
    )
