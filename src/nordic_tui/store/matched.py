"""How many posts answer each saved search, and how many of them are unread.

To search again after each mark would cost as much as all searches together (20 of them: 200 ms
and more at 100,000 posts). So it is kept which posts answer, read or not, until posts change; a
mark is looked up among them.
"""

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from nordic_tui.model import Snapshot
from nordic_tui.store.tally import Count, Ledger
from nordic_tui.store.walks import Scope, last_batch, walk_scope

KEPT: Final = 100
"""So many searches are remembered."""
FEW_MARKS: Final = 1_000
"""So many new marks are looked up one by one (0.5 µs each in each search); more, all at once."""


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
    revision: int
    batch: int


class Matched:
    """Counts for one thread. What is counted while the writer works is not kept: it asks
    `fit_together` of its caller."""

    def __init__(self, connection: sqlite3.Connection, ledger: Ledger) -> None:
        self._connection = connection
        self._ledger = ledger
        self._kept: dict[Scope, _Kept] = {}
        self._marks: tuple[tuple[int, int], frozenset[int]] | None = None
        """All that is read, with the revision and the batch at which it was."""

    def count(self, meant: Scope, snapshot: Snapshot, *, may_keep: bool) -> Count:
        """Of a searched place: all posts in it, and the unread ones."""
        meant = meant._replace(unread_only=False)
        if meant.search is not None and meant.search.from_marks:
            return self._anew(meant, snapshot)
        ledger = self._ledger
        indexed = ledger.indexed if meant.search is not None and meant.search.match else 0
        state = _State(snapshot.horizon, ledger.stored, indexed)
        revision, batch = ledger.revision, last_batch(self._connection)
        kept = self._kept.get(meant)
        if kept is not None and kept.state == state:
            unread = self._unread_now(kept, revision, batch)
            kept = kept._replace(unread=unread, revision=revision, batch=batch)
        else:
            ids = self._find(meant, snapshot)
            unread = len(ids) - _how_many(ids, self._read(revision, batch))
            kept = _Kept(state, ids, unread, revision, batch)
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
        rows = self._connection.execute(f"SELECT {posts.id} {posts.where()}", posts.values)
        return array("q", sorted([id_ for (id_,) in rows]))

    def _unread_now(self, kept: _Kept, revision: int, batch: int) -> int:
        if (kept.revision, kept.batch) == (revision, batch):
            return kept.unread
        if kept.revision == revision:
            new = self._read_after(kept.batch)
            if len(new) <= FEW_MARKS:
                return kept.unread - sum(_holds(kept.ids, id_) for id_ in new)
        return len(kept.ids) - _how_many(kept.ids, self._read(revision, batch))

    def _read_after(self, batch: int) -> list[int]:
        rows = self._connection.execute(
            "SELECT post FROM history.read_mark WHERE batch > ? LIMIT ?", (batch, FEW_MARKS + 1)
        )
        return [post for (post,) in rows]

    def _read(self, revision: int, batch: int) -> frozenset[int]:
        """All posts that are read."""
        if self._marks is None or self._marks[0] != (revision, batch):
            rows = self._connection.execute("SELECT post FROM history.read_mark")
            self._marks = (revision, batch), frozenset([post for (post,) in rows])
        return self._marks[1]


def _holds(ids: "array[int]", id_: int) -> bool:
    place = bisect_left(ids, id_)
    return place < len(ids) and ids[place] == id_


def _how_many(ids: Iterable[int], among: Collection[int]) -> int:
    return sum([id_ in among for id_ in ids]) if among else 0
