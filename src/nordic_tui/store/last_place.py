"""Where a person was when they quit: one row of the history, put in place of the one before."""

import sqlite3
from datetime import datetime
from typing import Any, Final

from nordic_tui.model import LastPlace, PlaceKind
from nordic_tui.store.identity import moment, seconds

_COLUMNS: Final = "kind, id, name, search, post, opened, fraction, line"


def save(connection: sqlite3.Connection, place: LastPlace, now: datetime) -> None:
    connection.execute(
        f"INSERT OR REPLACE INTO history.last_place (one, at, {_COLUMNS})"  # noqa: S608  constants of this file; values are parameters
        " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (seconds(now), place.kind.value, *place[1:]),
    )


def load(connection: sqlite3.Connection, not_before: datetime) -> LastPlace | None:
    """None: nothing is recorded since `not_before`, or nothing that makes sense (a file that was
    damaged)."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM history.last_place WHERE at >= ?",  # noqa: S608  as above
        (seconds(not_before),),
    ).fetchone()
    if row is None:
        return None
    kind, id_, name, search, post, opened, fraction, line = row
    try:
        return LastPlace(
            PlaceKind(kind), id_, name, search, post, bool(opened), float(fraction), line
        )
    except ValueError:
        return None


def export(connection: sqlite3.Connection) -> dict[str, Any] | None:
    """Ready for JSON; ids are texts. The post's title and link are there where the cache still
    knows it."""
    row = connection.execute(
        """
        SELECT h.at, h.kind, h.name, h.search, h.post, h.opened, h.fraction, b.title, b.link
        FROM history.last_place AS h LEFT JOIN main.post AS p ON p.id = h.post
            LEFT JOIN main.body AS b ON b.seq = p.seq
        """
    ).fetchone()
    if row is None:
        return None
    at, kind, name, search, post, opened, fraction, title, link = row
    time = moment(at)
    assert time is not None, "the column may not be empty"
    known = {"title": title, "link": link}
    return {
        "saved_at": time.isoformat(),
        "place": kind,
        "name": name,
        "search": search,
        "post": str(post) if post else None,
        **{key: value for key, value in known.items() if value},
        "opened": bool(opened),
        "fraction": fraction,
    }
