"""What a view holds, as the pieces of a query that walks an index in the order of the list.

Of a post that several of a view's sources have, the one that came first is in it.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from nordic_tui.model import PlaceKind, Snapshot, View
from nordic_tui.text.fold import fold

FEW_POSTS: Final = 1_000
"""A folder of so many posts or less is gathered from its sources and sorted (0.3 ms); a larger
one is met often enough on the way through all posts."""

_SETS: Final = {PlaceKind.FOLDER: "folder", PlaceKind.SAVED: "saved"}


def take_snapshot(connection: sqlite3.Connection) -> Snapshot:
    return Snapshot(horizon=last_seq(connection), batch=last_batch(connection))


def last_seq(connection: sqlite3.Connection) -> int:
    """The number of the newest post; 0: there is none."""
    row = connection.execute("SELECT IFNULL(MAX(seq), 0) FROM main.post").fetchone()
    return int(row[0])


def last_batch(connection: sqlite3.Connection) -> int:
    """The number of the last act of marking, also when its row is gone; 0: none yet."""
    row = connection.execute(
        "SELECT seq FROM history.sqlite_sequence WHERE name = 'batch'"
    ).fetchone()
    return int(row[0]) if row else 0


# ── overlaps ────────────────────────────────────────────────────────────────────────────────


class Overlap(NamedTuple):
    """So many posts are in just these sources."""

    id: int
    sources: frozenset[int]
    total: int


def overlaps(connection: sqlite3.Connection) -> list[Overlap]:
    rows = connection.execute("SELECT id, sources, total FROM main.overlap WHERE total > 0")
    return [
        Overlap(id_, frozenset(map(int, sources.split(","))), total) for id_, sources, total in rows
    ]


# ── the scope of a view ─────────────────────────────────────────────────────────────────────


class Scope(NamedTuple):
    """A view looked up in what is followed."""

    kind: PlaceKind
    """ALL, SOURCE, CATEGORY, or FOLDER: several sources, but not all."""
    id: int
    sources: frozenset[int] | None = None
    """Of a folder or saved view; None for others and for one that chooses all sources."""
    unread_only: bool = False
    titles: tuple[str, ...] = ()
    """Folded words that a title must hold."""
    has_repeats: bool = False
    """Whether some posts are in several of its sources."""
    is_small: bool = False
    """Whether its posts are better gathered than met."""


def scope(connection: sqlite3.Connection, view: View) -> Scope:
    """Which posts the view means. What isn't there (any more) holds none."""
    unread_only = view.unread_only or view.kind is PlaceKind.UNREAD
    titles: tuple[str, ...] = (fold(view.title),) if fold(view.title) else ()
    if view.kind not in _SETS:
        kind = PlaceKind.ALL if view.kind is PlaceKind.UNREAD else view.kind
        return Scope(kind, view.id, None, unread_only, titles)
    row = connection.execute(
        "SELECT unread_only, title, tag, address FROM main.collection WHERE id = ? AND kind = ?",
        (view.id, _SETS[view.kind]),
    ).fetchone()
    if row is None:
        return Scope(PlaceKind.FOLDER, view.id, frozenset(), unread_only, titles, is_small=True)
    saved_unread, title, tag, address = row
    unread_only = unread_only or bool(saved_unread)
    titles += (fold(title),) if fold(title) else ()
    if view.kind is PlaceKind.SAVED and not tag and not address:
        return Scope(PlaceKind.ALL, 0, None, unread_only, titles)
    totals = dict(
        connection.execute(
            """
            SELECT d.source, s.total
            FROM main.collected AS d CROSS JOIN main.source AS s ON s.id = d.source
            WHERE d.collection = ?
            """,
            (view.id,),
        ).fetchall()
    )
    sources = frozenset(totals)
    if len(sources) == 1:
        (only,) = sources
        return Scope(PlaceKind.SOURCE, only, sources, unread_only, titles)
    return Scope(
        PlaceKind.FOLDER,
        view.id,
        sources,
        unread_only,
        titles,
        has_repeats=any(len(each.sources & sources) > 1 for each in overlaps(connection)),
        is_small=sum(totals.values()) <= FEW_POSTS,
    )


# ── a view as SQL ───────────────────────────────────────────────────────────────────────────

_MARK = "FROM history.read_mark AS m WHERE m.post = "

_CHOSEN = "(SELECT d.source FROM main.collected AS d WHERE d.collection = :id)"

_FIRST = f"""(p.overlap = 0 OR NOT EXISTS (
    SELECT 1 FROM main.post AS o CROSS JOIN main.post AS q ON q.same = o.same
    WHERE o.seq = p.seq AND q.seq < p.seq AND q.shown = 1 AND q.source IN {_CHOSEN}))"""  # noqa: S608  constants of this file
"""Whether no other source of the folder had the post before."""


def in_scope(scope: Scope) -> list[str]:
    """The conditions under which a post `p` is in a place at all, at whatever time.

    They ask for the value :id, but for a category, which has rows of its own.
    """
    conditions = ["p.shown = 1"]
    if scope.kind is PlaceKind.ALL:
        conditions.append("p.twin = 0")
    elif scope.kind is PlaceKind.SOURCE:
        conditions.insert(0, "p.source = :id")
    elif scope.kind is PlaceKind.FOLDER:
        conditions.append(f"p.source IN {_CHOSEN}")
        if scope.has_repeats:
            conditions.append(_FIRST)
    return conditions


class Walk(NamedTuple):
    """A view's posts as the pieces of a query: FROM, WHERE, and the columns to go by.

    Every piece is a constant of this file; what comes from outside is in `values`.
    """

    tables: str
    conditions: Sequence[str]
    ord: str
    seq: str
    id: str
    values: dict[str, Any]
    has_rows: bool = True
    """Whether what a row of the list shows is at hand on the way, and isn't to be looked up."""

    def where(self, *more: str) -> str:
        return f"FROM {self.tables} WHERE " + " AND ".join([*self.conditions, *more])

    def order(self, *, backwards: bool = False) -> str:
        way = "ASC" if backwards else "DESC"
        return f"ORDER BY {self.ord} {way}, {self.seq} {way}"

    @property
    def is_unread(self) -> str:
        return "NOT EXISTS (SELECT 1 " + _MARK + self.id + ")"


def walk(connection: sqlite3.Connection, view: View, snapshot: Snapshot) -> Walk:
    """What `view` holds at `snapshot`."""
    return walk_scope(scope(connection, view), snapshot)


def walk_scope(scope: Scope, snapshot: Snapshot) -> Walk:
    values: dict[str, Any] = {"id": scope.id, "horizon": snapshot.horizon}
    columns = ("p.ord", "p.seq", "p.id")
    has_rows = True
    if scope.kind is PlaceKind.CATEGORY:
        tables = "main.post_category AS c"
        conditions = [
            "c.category = :id",
            "c.seq <= :horizon",
            "EXISTS (SELECT 1 FROM main.category AS k JOIN main.source AS s ON s.id = k.source"
            " WHERE k.id = :id AND s.followed)",
        ]
        columns = ("c.ord", "c.seq", "c.post")
        has_rows = False
        if scope.titles:
            tables += " CROSS JOIN main.post AS p ON p.seq = c.seq"
    elif scope.kind is PlaceKind.FOLDER and scope.is_small:
        tables = (
            "main.collected AS f"
            " CROSS JOIN main.post AS p INDEXED BY post_source ON p.source = f.source"
        )
        conditions = ["f.collection = :id", "p.shown = 1", "+p.seq <= :horizon"]
        if scope.has_repeats:
            conditions.append(_FIRST)
        has_rows = False
    else:
        # The plus keeps SQLite from taking the table's own order instead of the index.
        tables = "main.post AS p"
        if scope.kind is PlaceKind.SOURCE:
            tables += " INDEXED BY post_source"
        elif scope.kind is PlaceKind.FOLDER:
            tables += " INDEXED BY post_list"
        conditions = [*in_scope(scope), "+p.seq <= :horizon"]
    if scope.unread_only:
        conditions.append("NOT EXISTS (SELECT 1 " + _MARK + columns[2] + " AND m.batch <= :batch)")
        values["batch"] = snapshot.batch
    for number, title in enumerate(scope.titles):
        conditions.append(f"instr(p.folded, :title{number})")
        values[f"title{number}"] = title
    return Walk(tables, conditions, *columns, values, has_rows)


# ── a place, looked at from the posts that are in question ──────────────────────────────────


def arrived_after(scope: Scope) -> tuple[str, list[str]]:
    """FROM and WHERE for the posts `p` of a place that arrived after :horizon."""
    conditions = ["p.seq > :horizon", *in_scope(scope)]
    if scope.kind is PlaceKind.CATEGORY:
        conditions.append(
            "EXISTS (SELECT 1 FROM main.post_category AS c"
            " WHERE c.seq = p.seq AND c.category = :id)"
        )
    return "main.post AS p NOT INDEXED", conditions


def read_after(scope: Scope) -> tuple[str, list[str]]:
    """FROM and WHERE for the posts `p` of a place that were read after :batch."""
    tables = "history.read_mark AS m CROSS JOIN main.post AS p ON p.id = m.post"
    conditions = ["m.batch > :batch", *in_scope(scope)]
    if scope.kind is PlaceKind.CATEGORY:
        tables += " CROSS JOIN main.post_category AS c ON c.seq = p.seq"
        conditions.append("c.category = :id")
    return tables, conditions
