"""What a view holds, as the pieces of a query that walks an index in the order of the list.

Of a post that several of a view's sources have, the one that came first is in it.

What is starred, tagged or to be read later outlives its source: where a view of all posts asks for
nothing else (Starred, Read later, `is:starred`, `is:later`, `tag:`), posts of sources that are
followed no more are in it.
"""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, NamedTuple

from nordic_tui.model import LATER, PlaceKind, Snapshot, View
from nordic_tui.store import asked_texts
from nordic_tui.store.identity import seconds, to_json
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


# ── what a view's posts must answer ─────────────────────────────────────────────────────────

Values = tuple[tuple[str, Any], ...]
"""Values of a statement by their names."""


class Search(NamedTuple):
    """A search looked up in what is followed (search.py)."""

    match: str = ""
    """What is asked of `found`; "": nothing, and `conditions` say it all."""
    titles: str = ""
    """The same asked of titles alone; "": it makes no difference."""
    titles_alone: bool = False
    """Whether `found_title` knows enough to answer `titles`."""
    conditions: tuple[str, ...] = ()
    """On a post `p`; they may ask for :batch."""
    values: Values = ()
    unread_only: bool = False
    starred: bool = False
    """Whether only starred posts are asked for: then `library.star` is the shortest way."""
    tags: str = ""
    """Of a tag that is asked for: its spellings, as a JSON array."""
    from_marks: bool = False
    """Whether what it holds follows from marks, stars or tags as well, and not from posts only."""
    in_asked: bool = False
    """Whether `match` finds texts of pages, too, that a person asked for (asked_texts.py)."""

    @property
    def asks_index(self) -> bool:
        """Whether posts that are not in the index yet may be missed."""
        return bool(self.match) or any("main.found" in each for each in self.conditions)

    @property
    def is_of_kept(self) -> bool:
        """Whether only posts with a star, or with a tag, answer."""
        return self.starred or bool(self.tags)

    def within(self, other: "Search") -> "Search":
        """What answers both; the other one is a built-in place's."""
        conditions = (*self.conditions, *other.conditions)
        if other.starred:
            conditions += (STARRED,)
        if other.tags:
            conditions += (TAGGED.format(name="tags"),)
        return self._replace(
            conditions=conditions,
            values=(*self.values, *other.values),
            starred=self.starred or other.starred,
            tags=other.tags or self.tags,
            from_marks=self.from_marks or other.from_marks,
        )


BUILT_IN: Final = frozenset((PlaceKind.TODAY, PlaceKind.WEEK, PlaceKind.STARRED, PlaceKind.LATER))
"""The places that are searches."""

STARRED: Final = "p.id IN (SELECT l.post FROM library.star AS l)"
TAGGED: Final = (
    "p.id IN (SELECT l.post FROM library.tagged AS l"
    " WHERE l.tag IN (SELECT value FROM json_each(:{name})))"
)
"""Conditions on a post `p`."""


def _built_in(kind: PlaceKind, today: date) -> Search:
    """What "after:today", "after:week", "is:starred" and "is:later" say, without reading it.

    Bundled posts, which are older than any week, stand at the end of the list.
    """
    if kind is PlaceKind.STARRED:
        return Search(starred=True, from_marks=True)
    if kind is PlaceKind.LATER:
        return Search(tags=to_json([LATER]), from_marks=True)
    days = today.weekday() if kind is PlaceKind.WEEK else 0
    since = begin(today - timedelta(days=days))
    return Search(conditions=("p.ord >= :since",), values=(("since", since),))


def local_day(now: datetime) -> date:
    """The day in the local time zone."""
    return now.astimezone().date()


def begin(day: date) -> int:
    """When a day begins in the local time zone, in seconds since 1970."""
    try:
        return int(datetime.combine(day, time()).timestamp())
    except (ValueError, OverflowError, OSError):  # before there were time zones
        at = seconds(datetime.combine(day, time(), UTC))
        assert at is not None
        return at


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
    search: Search | None = None
    """What they must answer besides."""

    @property
    def is_of_kept(self) -> bool:
        """Whether posts count whose sources are followed no more: what is kept of all posts."""
        search = self.search
        return self.kind is PlaceKind.ALL and search is not None and search.is_of_kept

    @property
    def is_searched(self) -> bool:
        """Whether all posts of the place have to be looked at to know which it holds."""
        return bool(self.titles) or self.search is not None


def scope(connection: sqlite3.Connection, view: View, today: date) -> Scope:
    """Which posts the view means. What isn't there (any more) holds none.

    today: the day in the local time zone that searches go by.
    """
    place = _place(connection, view)
    if view.kind in BUILT_IN:
        place = place._replace(search=_built_in(view.kind, today))
    if not searches(connection, view):
        return place
    from nordic_tui.store import search

    found = search.look_up(connection, search.query_of(connection, view, today))
    if place.search is not None:
        found = found.within(place.search)
    return place._replace(search=found, unread_only=place.unread_only or found.unread_only)


def searches(connection: sqlite3.Connection, view: View) -> list[tuple[str, bool]]:
    """What a view searches for: its own words, and those of the saved view that it shows; each
    with whether the last word is still being typed."""
    found = [(view.search, view.typing)]
    if view.kind is PlaceKind.SAVED:
        found.append((_saved_search(connection, view.id), False))
    return [(text, typing) for text, typing in found if text.strip()]


def _saved_search(connection: sqlite3.Connection, id_: int) -> str:
    row = connection.execute("SELECT search FROM main.collection WHERE id = ?", (id_,)).fetchone()
    return str(row[0]) if row else ""


def _place(connection: sqlite3.Connection, view: View) -> Scope:
    unread_only = view.unread_only or view.kind is PlaceKind.UNREAD
    titles: tuple[str, ...] = (fold(view.title),) if fold(view.title) else ()
    if view.kind not in _SETS:
        is_all = view.kind is PlaceKind.UNREAD or view.kind in BUILT_IN
        kind = PlaceKind.ALL if is_all else view.kind
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


_NOT_HIDDEN = "p.seq NOT IN (SELECT h.seq FROM main.hidden AS h)"

_KEPT_ONCE = """iif(p.shown, p.twin = 0, p.overlap = 0 OR NOT EXISTS (
    SELECT 1 FROM main.post AS o CROSS JOIN main.post AS q ON q.same = o.same
    WHERE o.seq = p.seq AND q.seq <= :horizon AND (q.shown = 1 OR q.seq < p.seq)))"""
"""Of a post that several sources have, the one of a followed source, else that which came first."""


def in_scope(scope: Scope) -> list[str]:
    """The conditions under which a post `p` is in a place at all, at whatever time.

    They ask for the value :id, but for a category, which has rows of its own, and for what is kept
    of all posts, which is asked about at a :horizon.
    """
    if scope.is_of_kept:
        return [_NOT_HIDDEN, _KEPT_ONCE]
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

    @property
    def was_read(self) -> str:
        """Whether it was at the snapshot."""
        return "EXISTS (SELECT 1 " + _MARK + self.id + " AND m.batch <= :batch)"


def walk(connection: sqlite3.Connection, view: View, snapshot: Snapshot, today: date) -> Walk:
    """What `view` holds at `snapshot`."""
    return walk_scope(scope(connection, view, today), snapshot)


IN_INDEX: Final = (
    "SELECT d.seq FROM main.found AS w CROSS JOIN main.indexed AS d ON d.doc = w.rowid"
    " WHERE w.found MATCH :"
)
"""The `seq` of posts that a MATCH finds; the name of that value comes behind it. The index is `w`
here: `f` is the one that the whole search goes through, which may be the index of titles."""


def _found_first(search: Search) -> tuple[str, list[str]] | None:
    """FROM and WHERE that come upon the posts of a search and few others; None: there are none."""
    if search.match and search.in_asked:
        # Few posts have such a text, so few searches go this way, which knows no order.
        return (
            f"({IN_INDEX}match UNION {asked_texts.FOUND}match) AS f"
            " CROSS JOIN main.post AS p ON p.seq = f.seq",
            ["f.seq <= :horizon"],
        )
    if search.match:
        return (
            "main.found AS f CROSS JOIN main.indexed AS i ON i.doc = f.rowid"
            " CROSS JOIN main.post AS p ON p.seq = i.seq",
            ["f.found MATCH :match", "i.seq <= :horizon"],
        )
    if search.starred:
        return "library.star AS l CROSS JOIN main.post AS p ON p.id = l.post", ["p.seq <= :horizon"]
    if search.tags:
        return (
            "(SELECT DISTINCT t.post FROM library.tagged AS t WHERE t.tag IN"
            " (SELECT value FROM json_each(:tags))) AS l"
            " CROSS JOIN main.post AS p ON p.id = l.post",
            ["p.seq <= :horizon"],
        )
    return None


_IN_CATEGORY = """EXISTS (SELECT 1 FROM main.post_category AS c
    CROSS JOIN main.category AS k ON k.id = c.category
    CROSS JOIN main.source AS s ON s.id = k.source
    WHERE c.seq = p.seq AND c.category = :id AND s.followed)"""


def walk_scope(scope: Scope, snapshot: Snapshot) -> Walk:
    values: dict[str, Any] = {"id": scope.id, "horizon": snapshot.horizon}
    columns = ("p.ord", "p.seq", "p.id")
    has_rows = True
    search = scope.search or Search()
    if (way := _found_first(search)) is not None:
        tables, conditions = way
        conditions += in_scope(scope)
        if scope.kind is PlaceKind.CATEGORY:
            conditions.append(_IN_CATEGORY)
        values["match"] = search.match
    elif scope.kind is PlaceKind.CATEGORY:
        tables = "main.post_category AS c"
        conditions = [
            "c.category = :id",
            "c.seq <= :horizon",
            "EXISTS (SELECT 1 FROM main.category AS k JOIN main.source AS s ON s.id = k.source"
            " WHERE k.id = :id AND s.followed)",
        ]
        columns = ("c.ord", "c.seq", "c.post")
        has_rows = False
        if scope.is_searched:
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
        conditions.append(f"NOT EXISTS (SELECT 1 {_MARK}{columns[2]} AND m.batch <= :batch)")
    conditions += search.conditions
    values.update({"tags": search.tags} | dict(search.values), batch=snapshot.batch)
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
