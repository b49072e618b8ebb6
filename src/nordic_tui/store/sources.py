"""The sources that are followed, and what is kept of each between two requests."""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any

from nordic_tui.model import Source, SourceState
from nordic_tui.store.identity import moment, seconds, source_id


def fallback_title(address: str) -> str:
    """What to call a source that has told nothing: its host, or its file's name."""
    scheme, mark, rest = address.partition("://")
    if not mark:
        return PurePath(scheme).name or address
    authority = rest.partition("/")[0].partition("?")[0]
    return authority.rpartition("@")[2] or address


def shown_title(name: str, title: str, address: str) -> str:
    """The person's word for it, else the feed's own, else made from the address."""
    return name or title or fallback_title(address)


def _wanted(sources: Sequence[Source]) -> list[tuple[str, str]]:
    """(address, name) in order; an address that comes twice counts where it comes first."""
    names: dict[str, str] = {}
    for source in sources:
        names.setdefault(source.address, source.name)
    return list(names.items())


def needs_follow(connection: sqlite3.Connection, sources: Sequence[Source]) -> bool:
    """Whether `follow` with these sources would change anything."""
    followed = connection.execute(
        "SELECT address, name FROM main.source WHERE followed ORDER BY place"
    ).fetchall()
    return followed != _wanted(sources)


def follow(connection: sqlite3.Connection, sources: Sequence[Source]) -> None:
    """Follow exactly these, in this order. Inside a transaction.

    The posts of a source that is left out are hidden and stay; they are shown when it is
    followed again.
    """
    was_followed = {
        row[0] for row in connection.execute("SELECT id FROM main.source WHERE followed")
    }
    wanted = {source_id(address): (address, name) for address, name in _wanted(sources)}
    connection.executemany(
        """
        INSERT INTO main.source (id, address, name, place, followed) VALUES (?, ?, ?, ?, 1)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, place = excluded.place, followed = 1
        """,
        [
            (id_, address, name, place)
            for place, (id_, (address, name)) in enumerate(wanted.items())
        ],
    )
    _show(connection, wanted.keys() - was_followed, shown=True)
    left_out = was_followed - wanted.keys()
    connection.executemany(
        "UPDATE main.source SET followed = 0 WHERE id = ?", [(id_,) for id_ in left_out]
    )
    _show(connection, left_out, shown=False)


def _show(connection: sqlite3.Connection, ids: Iterable[int], *, shown: bool) -> None:
    connection.executemany(
        "UPDATE main.post SET shown = ? WHERE source = ? AND shown = ?",
        [(int(shown), id_, int(not shown)) for id_ in ids],
    )


_STATE_COLUMNS = (
    "address, name, title, etag, last_modified, body_hash, read_from, checked_at, next_at,"
    " failures, error, stopped"
)


def states(connection: sqlite3.Connection) -> list[SourceState]:
    """Of the followed sources, in the order of the settings."""
    rows = connection.execute(
        f"SELECT {_STATE_COLUMNS} FROM main.source WHERE followed ORDER BY place"  # noqa: S608  constants of this file; values are parameters
    )
    return [_state(*row) for row in rows]


def _state(address: str, name: str, title: str, *columns: Any) -> SourceState:
    etag, last_modified, body_hash, read_from, checked_at, next_at, *rest = columns
    failures, error, stopped = rest
    return SourceState(
        address=address,
        title=shown_title(name, title, address),
        etag=etag,
        last_modified=last_modified,
        body_hash=body_hash,
        read_from=read_from,
        checked_at=moment(checked_at),
        next_at=moment(next_at),
        failures=failures,
        error=error,
        stopped=bool(stopped),
    )


def save_state(connection: sqlite3.Connection, state: SourceState) -> None:
    """Keep all of the state but its title, which comes from the settings or the feed."""
    connection.execute(
        """
        UPDATE main.source SET etag = ?, last_modified = ?, body_hash = ?, read_from = ?,
            checked_at = ?, next_at = ?, failures = ?, error = ?, stopped = ?
        WHERE id = ?
        """,
        (
            state.etag,
            state.last_modified,
            state.body_hash,
            state.read_from,
            seconds(state.checked_at),
            seconds(state.next_at),
            state.failures,
            state.error,
            int(state.stopped),
            source_id(state.address),
        ),
    )
