"""Reading: which posts a view holds, in which order, and how many.

A view at a snapshot is stable: it holds the posts that had arrived by then, and a post that is
read since stays in a list of unread posts until the next snapshot. (A post that is marked as
unread since does come in, and one that a feed gives another date moves.)

Queries walk an index in the order of the list and stop at the page's end. The far half of a
list is walked from its end.
"""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from nordic_tui.model import Order, Place, PlaceKind, PostRow, Snapshot, View
from nordic_tui.store import sidebar
from nordic_tui.store.counts import Counts
from nordic_tui.store.identity import moment, numbers
from nordic_tui.store.matched import Matched
from nordic_tui.store.tally import Count, Ledger
from nordic_tui.store.walks import (
    Scope,
    Walk,
    arrived_after,
    last_seq,
    read_after,
    scope,
    searches,
    take_snapshot,
    walk_scope,
)


class Counted(NamedTuple):
    """How long a view was at a snapshot, so that a list drawn page by page is counted once.

    True for a revision of the ledger and of its index, and for a day: that posts arrive or are read
    changes no view at an earlier snapshot.
    """

    view: View
    snapshot: Snapshot
    today: date
    revision: tuple[int, int]
    number: int
    seqs: tuple[int, ...] | None
    """The posts themselves, where finding them took a search and they are few."""


SHORT_LIST = 200
"""So many results of a title filter are kept, to not search all titles again for the rows."""


class Views:
    """Questions to the reading connection. Each begins with `_counts.at`."""

    def __init__(
        self, connection: sqlite3.Connection, ledger: Ledger, today: Callable[[], date]
    ) -> None:
        self._connection = connection
        self._ledger = ledger
        self._today = today
        self._counts = Counts(connection, ledger)
        self._counted: Counted | None = None
        self._matched = Matched(connection, ledger)

    def _number(self, query: str, values: Any = ()) -> int:
        number: int
        (number,) = self._connection.execute(query, values).fetchone()
        return number

    def _scope(self, view: View) -> Scope:
        return scope(self._connection, view, self._today())

    # ── the sidebar ──

    def places(self, snapshot: Snapshot | None, *, search: bool = True) -> list[Place]:
        """The sidebar from top to bottom.

        search: whether saved searches are counted, which can take long, or have the numbers that
        were counted last, if they ever were.
        """
        self._counts.at(snapshot)
        at = snapshot or take_snapshot(self._connection)
        searched: dict[int, Count] = {}

        def count(view: View) -> Count | None:
            if view.kind is not PlaceKind.SAVED or not searches(self._connection, view):
                return self._count_of(self._scope(view), at)
            if search:
                searched[view.id] = self._count_of(self._scope(view), at)
                return searched[view.id]
            return self._ledger.searched.get(view.id)

        rows = sidebar.places(self._connection, self._counts, count, self._today())
        self._matched.forget_marks()
        if search:
            self._ledger.searched = searched
        return rows

    def places_of_sources(self, snapshot: Snapshot) -> list[Place]:
        """Every followed source with its categories."""
        self._counts.at(snapshot)
        return sidebar.places_of_sources(self._connection, self._counts)

    def _count_of(self, meant: Scope, snapshot: Snapshot) -> Count:
        if meant.is_searched:
            fits = self._counts.fit_together
            count = self._matched.count(meant, snapshot, may_keep=fits)
        else:
            count = self._counts.of_scope(meant)
        return Count(count.unread, count.unread) if meant.unread_only else count

    # ── how many ──

    def count(self, view: View, snapshot: Snapshot) -> int:
        """How many posts the view holds."""
        self._counts.at(snapshot)
        return self._count(view, snapshot).number

    def _count(self, view: View, snapshot: Snapshot) -> Counted:
        revision, today = (self._ledger.revision, self._ledger.indexed), self._today()
        last = self._counted
        if (
            last is not None
            and last.view == view
            and last.snapshot == snapshot
            and last.today == today
            and last.revision == revision
        ):
            return last
        number, seqs = self._count_anew(self._scope(view), snapshot)
        counted = Counted(view, snapshot, today, revision, number, seqs)
        if self._counts.fit_together:
            self._counted = counted
        return counted

    def _count_anew(self, meant: Scope, snapshot: Snapshot) -> tuple[int, tuple[int, ...] | None]:
        """The number of posts, and their `seq` if they were searched for and are few."""
        if not meant.is_searched:
            kept = self._counts.of_scope(meant)
            if not meant.unread_only:
                return kept.total, None
            if self._counts.knows_marks:
                return kept.unread + self._read_since(meant, snapshot), None
        posts = walk_scope(meant, snapshot)
        first = self._connection.execute(
            f"SELECT {posts.seq} {posts.where()} {posts.order()} LIMIT {SHORT_LIST + 1}",
            posts.values,
        ).fetchall()
        if len(first) <= SHORT_LIST:
            return len(first), tuple(seq for (seq,) in first)
        return self._number(f"SELECT COUNT(*) {posts.where()}", posts.values), None

    def unread(self, view: View, snapshot: Snapshot) -> int:
        """How many posts of the view are unread now."""
        self._counts.at(snapshot)
        meant = self._scope(view)
        if not meant.is_searched:
            return self._counts.of_scope(meant).unread
        posts = walk_scope(meant, snapshot)
        return self._number(f"SELECT COUNT(*) {posts.where(posts.is_unread)}", posts.values)

    def _read_since(self, meant: Scope, snapshot: Snapshot) -> int:
        """How many posts of the place were read since the snapshot."""
        tables, conditions = read_after(meant)
        return self._number(
            f"SELECT COUNT(*) FROM {tables} WHERE {' AND '.join(conditions)}"  # noqa: S608  constants of `walks`; values are parameters
            " AND p.seq <= :horizon",
            {"batch": snapshot.batch, "horizon": snapshot.horizon, "id": meant.id},
        )

    # ── which ──

    def rows(self, view: View, snapshot: Snapshot, start: int, stop: int) -> list[PostRow]:
        """The rows from `start` up to, not including, `stop`; the newest is row 0."""
        self._counts.at(snapshot)
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
        posts = walk_scope(self._scope(view), snapshot)
        backwards = False
        if seqs is not None:
            # json_each gives the page in its order.
            values: dict[str, Any] = {"seqs": numbers(seqs[start:stop])}
            query = _ROWS_OF.format(
                page="SELECT key AS place, value AS seq FROM json_each(:seqs)",
                order="page.place",
            )
        elif not posts.has_rows:
            # Posts are looked up for the page only, not for the rows that are skipped.
            page, backwards = _page(
                posts, f"{posts.ord} AS ord, {posts.seq} AS seq", start, stop, number
            )
            way = "ASC" if backwards else "DESC"
            query = _ROWS_OF.format(page=page, order=f"page.ord {way}, page.seq {way}")
            values = posts.values
        else:
            columns = f"{_COLUMNS}, {posts.is_unread}"
            query, backwards = _page(posts, columns, start, stop, number)
            values = posts.values
        rows = [post_row(*columns) for columns in self._connection.execute(query, values)]
        return rows[::-1] if backwards else rows

    def is_found(self, view: View) -> bool:
        """Whether it takes a search or another order to list the view."""
        return view.order is not Order.NEWEST or self._scope(view).search is not None

    def rows_of(self, ids: Sequence[int]) -> list[PostRow]:
        """The rows of these posts in their order; what is not there any more is left out."""
        query = _ROWS_OF.format(
            page="SELECT e.key AS place, p.seq AS seq"
            " FROM json_each(:ids) AS e CROSS JOIN main.post AS p ON p.id = e.value",
            order="page.place",
        )
        rows = self._connection.execute(query, {"ids": numbers(ids)})
        return [post_row(*columns) for columns in rows]

    def unread_of(self, ids: Sequence[int]) -> int:
        """How many of these posts are unread now."""
        return self._number(
            """
            SELECT COUNT(*) FROM json_each(?) AS e
            WHERE NOT EXISTS (SELECT 1 FROM history.read_mark AS m WHERE m.post = e.value)
            """,
            (numbers(ids),),
        )

    def first_unread(self, ids: Sequence[int]) -> int | None:
        """Which of these posts is the first that is unread now."""
        found = self._connection.execute(
            """
            SELECT e.key FROM json_each(?) AS e
            WHERE NOT EXISTS (SELECT 1 FROM history.read_mark AS m WHERE m.post = e.value) LIMIT 1
            """,
            (numbers(ids),),
        ).fetchone()
        return int(found[0]) if found else None

    def position(self, view: View, snapshot: Snapshot, post_id: int) -> int | None:
        """Which row the post is in; None: the view doesn't hold it."""
        posts = walk_scope(self._scope(view), snapshot)
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
        meant = self._scope(view)
        # To know that there is none spares a search through everything. Not counted there are posts
        # of sources that are followed no more.
        if not meant.is_of_kept and not self._counts.of_scope(meant).unread:
            return None
        posts = walk_scope(meant, snapshot)
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
        self._counts.at(snapshot)
        if last_seq(self._connection) <= snapshot.horizon:
            return 0
        meant = self._scope(view)
        if meant.search is not None:
            now = Snapshot(last_seq(self._connection), snapshot.batch)
            posts = walk_scope(meant, now)
            posts.values["after"] = snapshot.horizon
            return self._number(f"SELECT COUNT(*) {posts.where('p.seq > :after')}", posts.values)
        tables, conditions = arrived_after(meant)
        values: dict[str, Any] = {"horizon": snapshot.horizon, "id": meant.id}
        if meant.unread_only:
            conditions.append(
                "NOT EXISTS (SELECT 1 FROM history.read_mark AS m"
                " WHERE m.post = p.id AND m.batch <= :batch)"
            )
            values["batch"] = snapshot.batch
        for number, title in enumerate(meant.titles):
            conditions.append(f"instr(p.folded, :title{number})")
            values[f"title{number}"] = title
        return self._number(
            f"SELECT COUNT(*) FROM {tables} WHERE {' AND '.join(conditions)}",  # noqa: S608  constants of `walks` and this file; values are parameters
            values,
        )


_COLUMNS = """p.id, p.label, p.published,
    EXISTS (SELECT 1 FROM library.star AS l WHERE l.post = p.id),
    p.changed_at > (SELECT m.at FROM history.read_mark AS m WHERE m.post = p.id)"""

_ROWS_OF = f"""
    SELECT {_COLUMNS}, NOT EXISTS (SELECT 1 FROM history.read_mark AS m WHERE m.post = p.id)
    FROM ({{page}}) AS page CROSS JOIN main.post AS p ON p.seq = page.seq
    ORDER BY {{order}}
"""  # noqa: S608  constants of this file


def post_row(
    id_: int, label: str, published: int | None, starred: int, changed: int | None, unread: int
) -> PostRow:
    """A row from the columns of a query."""
    return PostRow(id_, label, moment(published), bool(unread), bool(starred), bool(changed))


def _page(posts: Walk, columns: str, start: int, stop: int, total: int) -> tuple[str, bool]:
    """A query for these rows of `total`; True: from the end, in reversed order.

    Adds what it needs to `posts.values`.
    """
    backwards = start > total // 2
    offset = total - stop if backwards else start
    posts.values.update(limit=stop - start, offset=offset)
    query = f"SELECT {columns} {posts.where()} {posts.order(backwards=backwards)}"
    return query + " LIMIT :limit OFFSET :offset", backwards
