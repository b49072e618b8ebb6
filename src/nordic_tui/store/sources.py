"""The sources that are followed, and what is kept of each between two requests."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

from nordic_tui.model import SavedView, Source, SourceState
from nordic_tui.store import folders, twins
from nordic_tui.store.identity import moment, seconds, source_id, to_json


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


_Followed = tuple[str, str, str, int, int, str]
"""address, name, folder, paused, hidden, tags: what is kept of the settings."""


def _each_once(sources: Iterable[Source]) -> dict[str, Source]:
    """By address; an address that comes twice counts where it comes first."""
    wanted: dict[str, Source] = {}
    for source in sources:
        wanted.setdefault(source.address, source)
    return wanted


def _columns(source: Source) -> _Followed:
    return (
        source.address,
        source.name,
        source.folder,
        int(source.paused),
        int(source.hidden),
        to_json(source.tags),
    )


def needs_follow(
    connection: sqlite3.Connection, sources: Sequence[Source], views: Sequence[SavedView] = ()
) -> bool:
    """Whether `follow` with these would change anything."""
    followed = connection.execute(
        """
        SELECT address, name, folder, paused, hidden, tags FROM main.source
        WHERE followed ORDER BY place
        """
    ).fetchall()
    if followed != [_columns(source) for source in _each_once(sources).values()]:
        return True
    return folders.stored_views(connection) != folders.wanted_views(views)


def follow(
    connection: sqlite3.Connection, sources: Sequence[Source], views: Sequence[SavedView] = ()
) -> None:
    """Follow exactly these, in this order, with these saved views. Inside a transaction.

    The posts of a source that is left out are hidden and stay; they are shown when it is
    followed again. A source that had stopped (410) and was paused is asked once more when it goes
    on.
    """
    was_followed = {
        row[0] for row in connection.execute("SELECT id FROM main.source WHERE followed")
    }
    wanted = {source_id(address): source for address, source in _each_once(sources).items()}
    connection.executemany(
        """
        INSERT INTO main.source (id, place, address, name, folder, paused, hidden, tags, followed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)
        ON CONFLICT (id) DO UPDATE SET place = excluded.place, name = excluded.name,
            folder = excluded.folder, paused = excluded.paused, hidden = excluded.hidden,
            tags = excluded.tags, followed = 1,
            stopped = stopped AND NOT (paused AND NOT excluded.paused)
        """,
        [(id_, place, *_columns(source)) for place, (id_, source) in enumerate(wanted.items())],
    )
    _show(connection, wanted.keys() - was_followed, shown=True)
    left_out = was_followed - wanted.keys()
    connection.executemany(
        "UPDATE main.source SET followed = 0 WHERE id = ?", [(id_,) for id_ in left_out]
    )
    _show(connection, left_out, shown=False)
    twins.tell_apart(connection, wanted.keys() ^ was_followed)
    folders.gather(connection, wanted.values(), views)


def _show(connection: sqlite3.Connection, ids: Iterable[int], *, shown: bool) -> None:
    connection.executemany(
        """
        UPDATE main.post SET shown = ?
        WHERE source = ? AND shown = ? AND seq NOT IN (SELECT seq FROM main.hidden)
        """,
        [(int(shown), id_, int(not shown)) for id_ in ids],
    )


_KEPT = (
    "etag",
    "last_modified",
    "body_hash",
    "validated",
    "answered_by",
    "parser",
    "read_from",
    "moving_to",
    "asks_old",
    "missed_since",
    "checked_at",
    "next_at",
    "failures",
    "error",
    "stopped",
    "not_before",
    "next_why",
    "rhythm_s",
    "update_s",
    "asked",
    "spared",
    "not_modified",
    "outcome",
    "warning",
    "rest",
    "terms_at",
)
"""The columns that hold a SourceState's fields, named as these and in their order."""

_READ = (*_KEPT, "page_error", "paused", "posts")
_TIMES = [*map(_READ.index, ("missed_since", "checked_at", "next_at", "not_before", "terms_at"))]
_FLAGS = [*map(_READ.index, ("asks_old", "stopped", "paused"))]

_STATES = f"""
    SELECT name, address, title, {", ".join(_KEPT)}, page_error, paused, total
    FROM main.source WHERE followed ORDER BY place
    """  # noqa: S608  constants of this file

_SAVE_STATE = f"""
    UPDATE main.source SET {", ".join(f"{column} = ?" for column in _KEPT)} WHERE id = ?
    """  # noqa: S608  constants of this file


def states(connection: sqlite3.Connection) -> list[SourceState]:
    """Of the followed sources, in the order of the settings."""
    return [_state(*row) for row in connection.execute(_STATES)]


def _state(name: str, address: str, title: str, *columns: Any) -> SourceState:
    """From a person's name for it, and the fields of a SourceState as they are stored."""
    fields = list(columns)
    for time in _TIMES:
        fields[time] = moment(fields[time])
    for flag in _FLAGS:
        fields[flag] = bool(fields[flag])
    return SourceState(address, shown_title(name, title, address), *fields)


def save_state(connection: sqlite3.Connection, state: SourceState) -> None:
    """Keep all of the state but its title and what only follows from settings and posts."""
    connection.execute(
        _SAVE_STATE,
        (
            state.etag,
            state.last_modified,
            state.body_hash,
            state.validated,
            state.answered_by,
            state.parser,
            state.read_from,
            state.moving_to,
            int(state.asks_old),
            seconds(state.missed_since),
            seconds(state.checked_at),
            seconds(state.next_at),
            state.failures,
            state.error,
            int(state.stopped),
            _until(state.not_before),
            state.next_why,
            state.rhythm_s,
            state.update_s,
            state.asked,
            state.spared,
            state.not_modified,
            state.outcome,
            state.warning,
            state.rest,
            seconds(state.terms_at),
            source_id(state.address),
        ),
    )


def save_site(connection: sqlite3.Connection, address: str, rest: str, terms_at: datetime) -> None:
    connection.execute(
        "UPDATE main.source SET rest = ?, terms_at = ? WHERE id = ?",
        (rest, seconds(terms_at), source_id(address)),
    )


def save_not_before(connection: sqlite3.Connection, address: str, not_before: datetime) -> None:
    connection.execute(
        "UPDATE main.source SET not_before = ? WHERE id = ?",
        (_until(not_before), source_id(address)),
    )


def _until(moment: datetime | None) -> int | None:
    """Whole seconds, rounded up: what may not be earlier does not become so."""
    return None if moment is None else -int(-moment.timestamp() // 1)


def has_posts(connection: sqlite3.Connection, address: str) -> bool:
    query = "SELECT 1 FROM main.post WHERE source = ? LIMIT 1"
    return connection.execute(query, (source_id(address),)).fetchone() is not None
