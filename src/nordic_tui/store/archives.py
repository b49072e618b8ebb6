"""How far the archive of each source has come."""

import sqlite3
from typing import Any

from nordic_tui.model import ArchiveState
from nordic_tui.store.identity import moment, seconds, source_id

_COLUMNS = "a.method, a.cursor, a.fetched, a.total, a.complete, a.at, a.error"


def load(connection: sqlite3.Connection, address: str) -> ArchiveState:
    """The default where it was never begun."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM main.archive AS a WHERE a.source = ?",  # noqa: S608  constants of this file; values are parameters
        (source_id(address),),
    ).fetchone()
    return _state(address, *row) if row else ArchiveState(address)


def load_all(connection: sqlite3.Connection) -> dict[str, ArchiveState]:
    """By address; only of sources whose archive was begun."""
    rows = connection.execute(
        f"""
        SELECT s.address, {_COLUMNS}
        FROM main.archive AS a JOIN main.source AS s ON s.id = a.source
        """  # noqa: S608  constants of this file
    )
    return {address: _state(address, *columns) for address, *columns in rows}


def _state(address: str, *columns: Any) -> ArchiveState:
    method, cursor, fetched, total, complete, at, error = columns
    return ArchiveState(address, method, cursor, fetched, total, bool(complete), moment(at), error)


def save(connection: sqlite3.Connection, state: ArchiveState) -> None:
    """Keep it, also of a source that isn't followed. Inside a transaction."""
    id_ = source_id(state.address)
    connection.execute(
        "INSERT OR IGNORE INTO main.source (id, address, place, followed) VALUES (?, ?, -1, 0)",
        (id_, state.address),
    )
    connection.execute(
        """
        INSERT OR REPLACE INTO main.archive
            (source, method, cursor, fetched, total, complete, at, error)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            id_,
            state.method,
            state.cursor,
            state.fetched,
            state.total,
            int(state.complete),
            seconds(state.at),
            state.error,
        ),
    )


def reopen(connection: sqlite3.Connection, address: str) -> None:
    """What was whole is so no longer. Inside a transaction."""
    connection.execute(
        "UPDATE main.archive SET complete = 0 WHERE source = ?", (source_id(address),)
    )
