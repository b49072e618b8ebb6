"""How many posts answer each saved search, and how many of them are unread.

To search again after each mark would cost as much as all searches together (20 of them: 200 ms
and more at 100,000 posts). So it is kept which posts answer, read or not, until posts change; a
mark is looked up among them.
"""

import sqlite3
from array import array
from bisect import bisect_left
from typing import Any, Final, NamedTuple

from nordic_tui.model import Snapshot
from nordic_tui.store.identity import from_json, numbers
from nordic_tui.store.tally import Count, Ledger
from nordic_tui.store.walks import Scope, last_batch, walk_scope

KEPT: Final = 100
"""So many searches are remembered."""
FEW_POSTS: Final = 1_000
"""So many posts are looked up among the marks (1 µs each); for more, all marks are read (30 ms for
66,000)."""


class _State(NamedTuple):
    """What the posts that answer follow from."""

    horizon: int
    stored: int
    indexed: int


class _Kept(NamedTuple):
    """The posts that answered, and how many of them were unread after an act of marking."""

    state: _State
    ids: "array[int]"
    """In rising order."""
    unread: int
    acts: int


class Matched:
    """Counts for one thread."""

    def __init__(self, connection: sqlite3.Connection, ledger: Ledger) -> None:
        self._connection = connection
        self._ledger = ledger
        self._kept: dict[Scope, _Kept] = {}
        self._marks: frozenset[int] | None = None
        """All that is read, while searches are counted."""

    def count(self, meant: Scope, snapshot: Snapshot, *, may_keep: bool) -> Count:
        """Of a searched place: all posts in it, and the unread ones.

        may_keep: whether what is read from tables and ledger fits together.
        """
        meant = meant._replace(unread_only=False)
        if meant.search is not None and meant.search.from_marks:
            return self._anew(meant, snapshot)
        ledger = self._ledger
        indexed = ledger.indexed if meant.search is not None and meant.search.asks_index else 0
        state = _State(snapshot.horizon, ledger.stored, indexed)
        acts = ledger.acts
        kept = self._kept.get(meant)
        if kept is not None and kept.state == state:
            kept = kept._replace(unread=self._unread_now(kept), acts=acts)
        else:
            ids = self._find(meant, snapshot)
            kept = _Kept(state, ids, self._unread(ids), acts)
        if may_keep:
            if len(self._kept) >= KEPT and meant not in self._kept:
                self._kept.clear()
            self._kept[meant] = kept
        return Count(len(kept.ids), kept.unread)

    def forget_marks(self) -> None:
        """All is counted: what is read needs not be kept until the next time."""
        self._marks = None

    def _anew(self, meant: Scope, snapshot: Snapshot) -> Count:
        """Counted where the posts are met, as marks decide which they are."""
        now = Snapshot(snapshot.horizon, last_batch(self._connection))
        posts = walk_scope(meant, now)
        total, unread = self._connection.execute(
            f"SELECT COUNT(*), IFNULL(SUM({posts.is_unread}), 0) {posts.where()}", posts.values
        ).fetchone()
        return Count(total, unread)

    def _find(self, meant: Scope, snapshot: Snapshot) -> "array[int]":
        posts = walk_scope(meant, snapshot)
        return array(
            "q", sorted(self._numbers(f"SELECT {posts.id} AS number {posts.where()}", posts.values))
        )

    def _numbers(self, query: str, values: dict[str, Any]) -> list[int]:
        """The one column of a query: as one text, which is three times as fast as row by row."""
        (text,) = self._connection.execute(
            f"SELECT json_group_array(number) FROM ({query})",  # noqa: S608  of `walks` and this file
            values,
        ).fetchone()
        return from_json(text)

    def _unread_now(self, kept: _Kept) -> int:
        marks = self._ledger.marks_since(kept.acts)
        if marks is None:
            return self._unread(kept.ids)
        return kept.unread - sum(step for post, step in marks if _holds(kept.ids, post))

    def _unread(self, ids: "array[int]") -> int:
        if len(ids) <= FEW_POSTS and self._marks is None:
            (read,) = self._connection.execute(
                """
                SELECT COUNT(*)
                FROM json_each(?) AS e CROSS JOIN history.read_mark AS m ON m.post = e.value
                """,
                (numbers(ids),),
            ).fetchone()
            return len(ids) - int(read)
        if self._marks is None:
            query = "SELECT m.post AS number FROM history.read_mark AS m"
            self._marks = frozenset(self._numbers(query, {}))
        return len(ids) - len(self._marks.intersection(ids)) if self._marks else len(ids)


def _holds(ids: "array[int]", id_: int) -> bool:
    place = bisect_left(ids, id_)
    return place < len(ids) and ids[place] == id_
