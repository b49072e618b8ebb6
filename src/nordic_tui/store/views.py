"""Reading: which posts a view holds, in which order, and how many.

A view at a snapshot is stable: it holds the posts that had arrived by then, and a post that is
read since stays in a list of unread posts until the next snapshot. (A post that is marked as
unread since does come in, and one that a feed gives another date moves.)

Queries walk an index in the order of the list and stop at the page's end. The far half of a
list is walked from its end.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any, NamedTuple

from nordic_tui.model import Place, PlaceKind, PostRow, Snapshot, View
from nordic_tui.store.identity import moment, numbers
from nordic_tui.store.sources import shown_title
from nordic_tui.store.tally import Ledger, Tally
from nordic_tui.text.fold import fold


def take_snapshot(connection: sqlite3.Connection) -> Snapshot:
    return Snapshot(
        horizon=connection.execute("SELECT IFNULL(MAX(seq), 0) FROM main.post").fetchone()[0],
        batch=last_batch(connection),
    )


def last_batch(connection: sqlite3.Connection) -> int:
    """The number of the last act of marking, also when its row is gone; 0: none yet."""
    row = connection.execute(
        "SELECT seq FROM history.sqlite_sequence WHERE name = 'batch'"
    ).fetchone()
    return int(row[0]) if row else 0


# ── a view as SQL ───────────────────────────────────────────────────────────────────────────


_MARK = "FROM history.read_mark AS m WHERE m.post = "


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

    def where(self, *more: str) -> str:
        return f"FROM {self.tables} WHERE " + " AND ".join([*self.conditions, *more])

    def order(self, *, backwards: bool = False) -> str:
        way = "ASC" if backwards else "DESC"
        return f"ORDER BY {self.ord} {way}, {self.seq} {way}"

    @property
    def is_unread(self) -> str:
        return "NOT EXISTS (SELECT 1 " + _MARK + self.id + ")"


def shows_unread_only(view: View) -> bool:
    return view.unread_only or view.kind is PlaceKind.UNREAD


def walk(view: View, snapshot: Snapshot) -> Walk:
    """What `view` holds at `snapshot`."""
    title = fold(view.title)
    values: dict[str, Any] = {"id": view.id, "horizon": snapshot.horizon}
    if view.kind is PlaceKind.CATEGORY:
        tables = "main.post_category AS c"
        conditions = [
            "c.category = :id",
            "c.seq <= :horizon",
            "EXISTS (SELECT 1 FROM main.category AS k JOIN main.source AS s ON s.id = k.source"
            " WHERE k.id = :id AND s.followed)",
        ]
        columns = ("c.ord", "c.seq", "c.post")
        if title:
            tables += " CROSS JOIN main.post AS p ON p.seq = c.seq"
    else:
        # The plus keeps SQLite from taking the table's own order instead of the index.
        tables = "main.post AS p"
        conditions = ["p.shown = 1", "+p.seq <= :horizon"]
        columns = ("p.ord", "p.seq", "p.id")
        if view.kind is PlaceKind.SOURCE:
            conditions.insert(0, "p.source = :id")
    if shows_unread_only(view):
        conditions.append("NOT EXISTS (SELECT 1 " + _MARK + columns[2] + " AND m.batch <= :batch)")
        values["batch"] = snapshot.batch
    if title:
        conditions.append("instr(p.folded, :title)")
        values["title"] = title
    return Walk(tables, conditions, *columns, values)


# ── reading ─────────────────────────────────────────────────────────────────────────────────


class Counted(NamedTuple):
    """How long a view was at a snapshot, so that a list drawn page by page is counted once.

    True for a revision of the ledger: that posts arrive or are read changes no view at an
    earlier snapshot.
    """

    view: View
    snapshot: Snapshot
    revision: int
    number: int
    seqs: tuple[int, ...] | None
    """The posts themselves, where finding them took a search and they are few."""


SHORT_LIST = 200
"""So many results of a title filter are kept, to not search all titles again for the rows."""


class Views:
    """Questions to the reading connection."""

    def __init__(self, connection: sqlite3.Connection, ledger: Ledger) -> None:
        self._connection = connection
        self._ledger = ledger
        self._counted: Counted | None = None

    def _number(self, query: str, values: Any = ()) -> int:
        number: int
        (number,) = self._connection.execute(query, values).fetchone()
        return number

    def places(self, snapshot: Snapshot | None) -> list[Place]:
        """The sidebar: All posts, Unread, and the categories below their sources."""
        read = self._ledger.tally or Tally()
        late_sources, late_categories = self._late(snapshot)
        sources = self._connection.execute(
            "SELECT id, name, title, address, total FROM main.source WHERE followed ORDER BY place"
        ).fetchall()
        categories: dict[int, list[Place]] = {row[0]: [] for row in sources}
        depth = int(len(sources) > 1)
        for id_, source, name, total in self._connection.execute(
            """
            SELECT k.id, k.source, k.name, k.total
            FROM main.source AS s JOIN main.category AS k ON k.source = s.id
            WHERE s.followed AND k.total > 0 ORDER BY k.folded, k.name
            """
        ):
            place = _place(
                PlaceKind.CATEGORY, id_, name, total, read.categories, late_categories, depth
            )
            if place.total:
                categories[source].append(place)
        below: list[Place] = []
        total = unread = 0
        for id_, name, title, address, source_total in sources:
            shown = shown_title(name, title, address)
            place = _place(PlaceKind.SOURCE, id_, shown, source_total, read.sources, late_sources)
            total += place.total
            unread += place.unread
            if depth:
                below.append(place)
            below += categories[id_]
        return [
            Place(PlaceKind.ALL, 0, "All posts", total, unread),
            Place(PlaceKind.UNREAD, 0, "Unread", unread, unread),
            *below,
        ]

    def _late(
        self, snapshot: Snapshot | None
    ) -> tuple[dict[int, tuple[int, int]], dict[int, tuple[int, int]]]:
        """(posts, read posts) beyond the horizon, by source id and by category id."""
        if snapshot is None or not self._has_late(snapshot):
            return {}, {}
        by_source = self._connection.execute(
            """
            SELECT p.source, COUNT(*), COUNT(m.post)
            FROM main.post AS p NOT INDEXED LEFT JOIN history.read_mark AS m ON m.post = p.id
            WHERE p.seq > ? GROUP BY p.source
            """,
            (snapshot.horizon,),
        ).fetchall()
        by_category = self._connection.execute(
            """
            SELECT c.category, COUNT(*), COUNT(m.post)
            FROM main.post_category AS c INDEXED BY post_category_seq
                LEFT JOIN history.read_mark AS m ON m.post = c.post
            WHERE c.seq > ? GROUP BY c.category
            """,
            (snapshot.horizon,),
        ).fetchall()
        return (
            {id_: (posts, read) for id_, posts, read in by_source},
            {id_: (posts, read) for id_, posts, read in by_category},
        )

    def _has_late(self, snapshot: Snapshot) -> bool:
        return self._number("SELECT IFNULL(MAX(seq), 0) FROM main.post") > snapshot.horizon

    def count(self, view: View, snapshot: Snapshot) -> int:
        """How many posts the view holds."""
        return self._count(view, snapshot).number

    def _count(self, view: View, snapshot: Snapshot) -> Counted:
        steps, revision = self._ledger.steps, self._ledger.revision
        last = self._counted
        if (
            last is not None
            and last.view == view
            and last.snapshot == snapshot
            and last.revision == revision
        ):
            return last
        number, seqs = self._count_anew(view, snapshot)
        counted = Counted(view, snapshot, revision, number, seqs)
        if steps % 2 == 0 and steps == self._ledger.steps:
            self._counted = counted
        return counted

    def _count_anew(self, view: View, snapshot: Snapshot) -> tuple[int, tuple[int, ...] | None]:
        """The number of posts, and their `seq` if they were searched for and are few."""
        kept = None if fold(view.title) else self._kept(view, snapshot)
        if kept is not None:
            total, unread = kept
            if not shows_unread_only(view):
                return total, None
            if self._ledger.tally is not None:
                return unread + self._read_since(view, snapshot), None
        posts = walk(view, snapshot)
        first = self._connection.execute(
            f"SELECT {posts.seq} {posts.where()} {posts.order()} LIMIT {SHORT_LIST + 1}",
            posts.values,
        ).fetchall()
        if len(first) <= SHORT_LIST:
            return len(first), tuple(seq for (seq,) in first)
        return self._number(f"SELECT COUNT(*) {posts.where()}", posts.values), None

    def unread(self, view: View, snapshot: Snapshot) -> int:
        """How many posts of the view are unread now."""
        kept = None if fold(view.title) else self._kept(view, snapshot)
        if kept is not None:
            return kept[1]
        posts = walk(view, snapshot)
        return self._number(f"SELECT COUNT(*) {posts.where(posts.is_unread)}", posts.values)

    def _kept(self, view: View, snapshot: Snapshot) -> tuple[int, int]:
        """(posts, unread posts) of a view's place, from what is kept.

        Until the marks are counted every post counts as unread, as in `places`.
        """
        tally = self._ledger.tally or Tally()
        if view.kind is PlaceKind.CATEGORY:
            row = self._connection.execute(
                """
                SELECT k.total FROM main.category AS k JOIN main.source AS s ON s.id = k.source
                WHERE k.id = ? AND s.followed
                """,
                (view.id,),
            ).fetchone()
            read = tally.categories.get(view.id, 0)
        elif view.kind is PlaceKind.SOURCE:
            row = self._connection.execute(
                "SELECT total FROM main.source WHERE id = ? AND followed", (view.id,)
            ).fetchone()
            read = tally.sources.get(view.id, 0)
        else:
            rows = self._connection.execute(
                "SELECT id, total FROM main.source WHERE followed"
            ).fetchall()
            row = (sum(total for _, total in rows),)
            read = sum(tally.sources.get(id_, 0) for id_, _ in rows)
        if row is None:
            return 0, 0
        late, late_read = self._late_of(view, snapshot)
        total = row[0] - late
        return total, max(0, total - (read - late_read))

    def _late_of(self, view: View, snapshot: Snapshot) -> tuple[int, int]:
        """(posts, read posts) of the view's place beyond the horizon."""
        if not self._has_late(snapshot):
            return 0, 0
        tables, conditions = _beyond(view)
        late: tuple[int, int] = self._connection.execute(
            f"""
            SELECT COUNT(*), COUNT(m.post)
            FROM {tables} LEFT JOIN history.read_mark AS m ON m.post = p.id WHERE {conditions}
            """,  # noqa: S608  constants of this file; values are parameters
            {"horizon": snapshot.horizon, "id": view.id},
        ).fetchone()
        return late

    def _read_since(self, view: View, snapshot: Snapshot) -> int:
        """How many posts of the view's place were read since the snapshot."""
        tables, conditions = {
            PlaceKind.CATEGORY: (
                "CROSS JOIN main.post_category AS c ON c.seq = p.seq",
                "AND c.category = :id",
            ),
            PlaceKind.SOURCE: ("", "AND p.source = :id"),
        }.get(view.kind, ("", ""))
        return self._number(
            f"""
            SELECT COUNT(*)
            FROM history.read_mark AS m CROSS JOIN main.post AS p ON p.id = m.post {tables}
            WHERE m.batch > :batch AND p.shown = 1 AND p.seq <= :horizon {conditions}
            """,  # noqa: S608  constants of this file; values are parameters
            {"batch": snapshot.batch, "horizon": snapshot.horizon, "id": view.id},
        )

    def rows(self, view: View, snapshot: Snapshot, start: int, stop: int) -> list[PostRow]:
        """The rows from `start` up to, not including, `stop`; the newest is row 0."""
        counted = self._count(view, snapshot)
        return self._rows(view, snapshot, start, stop, counted.number, counted.seqs)

    def first_rows(self, view: View, snapshot: Snapshot, limit: int) -> list[PostRow]:
        """The first rows, at most `limit`, without counting the others: while one types the
        beginning of a word, they are most of what there is."""
        return self._rows(view, snapshot, 0, limit, 2 * limit, None)

    def _rows(
        self,
        view: View,
        snapshot: Snapshot,
        start: int,
        stop: int,
        number: int,
        seqs: tuple[int, ...] | None,
    ) -> list[PostRow]:
        start, stop = max(0, start), min(stop, number)
        if start >= stop:
            return []
        posts = walk(view, snapshot)
        backwards = False
        if seqs is not None:
            # json_each gives the page in its order.
            values: dict[str, Any] = {"seqs": numbers(seqs[start:stop])}
            query = _ROWS_OF.format(
                page="SELECT key AS place, value AS seq FROM json_each(:seqs)",
                order="page.place",
            )
        elif view.kind is PlaceKind.CATEGORY:
            # Posts are looked up for the page only, not for the rows that are skipped.
            page, backwards = _page(
                posts, f"{posts.ord} AS ord, {posts.seq} AS seq", start, stop, number
            )
            way = "ASC" if backwards else "DESC"
            query = _ROWS_OF.format(page=page, order=f"page.ord {way}, page.seq {way}")
            values = posts.values
        else:
            columns = f"p.id, p.label, p.published, {posts.is_unread}"
            query, backwards = _page(posts, columns, start, stop, number)
            values = posts.values
        rows = [
            PostRow(id_, label, moment(published), bool(unread))
            for id_, label, published, unread in self._connection.execute(query, values)
        ]
        return rows[::-1] if backwards else rows

    def position(self, view: View, snapshot: Snapshot, post_id: int) -> int | None:
        """Which row the post is in; None: the view doesn't hold it."""
        posts = walk(view, snapshot)
        found = self._connection.execute(
            "SELECT seq, ord FROM main.post WHERE id = ?", (post_id,)
        ).fetchone()
        if found is None:
            return None
        posts.values.update(at_seq=found[0], at_ord=found[1])
        here = posts.where(f"{posts.ord} = :at_ord", f"{posts.seq} = :at_seq")
        if self._connection.execute(f"SELECT 1 {here}", posts.values).fetchone() is None:
            return None
        above = posts.where(f"({posts.ord}, {posts.seq}) > (:at_ord, :at_seq)")
        return self._number(f"SELECT COUNT(*) {above}", posts.values)

    def next_unread(self, view: View, snapshot: Snapshot, position: int, step: int) -> int | None:
        """The nearest row below (step 1) or above (step -1) `position` that is unread."""
        down = step > 0
        total = self.count(view, snapshot)
        if not self._may_be_unread(view, snapshot):
            return None
        posts = walk(view, snapshot)
        if down and position < 0:
            beyond, position = "TRUE", -1
        elif not down and position >= total:
            beyond, position = "TRUE", total
        elif 0 <= position < total:
            key, _ = _page(posts, f"{posts.ord}, {posts.seq}", position, position + 1, total)
            found = self._connection.execute(key, posts.values).fetchone()
            if found is None:
                return None
            posts.values.update(from_ord=found[0], from_seq=found[1])
            sign = "<" if down else ">"
            beyond = f"({posts.ord}, {posts.seq}) {sign} (:from_ord, :from_seq)"
        else:
            return None
        return self._nearest(posts, beyond, down=down, here=position)

    def _may_be_unread(self, view: View, snapshot: Snapshot) -> bool:
        """False spares a search through everything for what isn't there."""
        return self._kept(view, snapshot)[1] > 0

    def _nearest(self, posts: Walk, beyond: str, *, down: bool, here: int) -> int | None:
        found = self._connection.execute(
            f"SELECT {posts.ord}, {posts.seq} {posts.where(beyond, posts.is_unread)}"
            f" {posts.order(backwards=not down)} LIMIT 1",
            posts.values,
        ).fetchone()
        if found is None:
            return None
        posts.values.update(to_ord=found[0], to_seq=found[1])
        sign = ">=" if down else "<="
        between = posts.where(beyond, f"({posts.ord}, {posts.seq}) {sign} (:to_ord, :to_seq)")
        rows = self._number(f"SELECT COUNT(*) {between}", posts.values)
        return here + rows if down else here - rows

    def arrivals(self, view: View, snapshot: Snapshot) -> int:
        """How many posts of the view arrived after the snapshot."""
        if not self._has_late(snapshot):
            return 0
        tables, conditions = _beyond(view)
        values: dict[str, Any] = {"horizon": snapshot.horizon, "id": view.id}
        if shows_unread_only(view):
            conditions += (
                " AND NOT EXISTS (SELECT 1 FROM history.read_mark AS m"
                " WHERE m.post = p.id AND m.batch <= :batch)"
            )
            values["batch"] = snapshot.batch
        if title := fold(view.title):
            conditions += " AND instr(p.folded, :title)"
            values["title"] = title
        return self._number(
            f"SELECT COUNT(*) FROM {tables} WHERE {conditions}",  # noqa: S608  constants of this file; values are parameters
            values,
        )


_ROWS_OF = """
    SELECT p.id, p.label, p.published,
        NOT EXISTS (SELECT 1 FROM history.read_mark AS m WHERE m.post = p.id)
    FROM ({page}) AS page CROSS JOIN main.post AS p ON p.seq = page.seq
    ORDER BY {order}
"""


def _page(posts: Walk, columns: str, start: int, stop: int, total: int) -> tuple[str, bool]:
    """A query for these rows of `total`; True: from the end, in reversed order.

    Adds what it needs to `posts.values`.
    """
    backwards = start > total // 2
    offset = total - stop if backwards else start
    posts.values.update(limit=stop - start, offset=offset)
    query = f"SELECT {columns} {posts.where()} {posts.order(backwards=backwards)}"
    return query + " LIMIT :limit OFFSET :offset", backwards


def _beyond(view: View) -> tuple[str, str]:
    """FROM and WHERE for the posts of a view's place that arrived after :horizon."""
    tables = "main.post AS p NOT INDEXED"
    conditions = "p.seq > :horizon AND p.shown = 1"
    if view.kind is PlaceKind.SOURCE:
        conditions += " AND p.source = :id"
    elif view.kind is PlaceKind.CATEGORY:
        conditions += (
            " AND EXISTS (SELECT 1 FROM main.post_category AS c"
            " WHERE c.seq = p.seq AND c.category = :id)"
        )
    return tables, conditions


def _place(
    kind: PlaceKind,
    id_: int,
    name: str,
    total: int,
    read: Any,
    late: dict[int, tuple[int, int]],
    depth: int = 0,
) -> Place:
    late_posts, late_read = late.get(id_, (0, 0))
    total -= late_posts
    unread = max(0, total - (read.get(id_, 0) - late_read))
    return Place(kind, id_, name, total, unread, depth)
