"""How many posts a place holds, and how many of them are read, from what the writer keeps.

The numbers of a choice of sources are the sum of theirs, less what they have in common. What
arrived after the horizon of a snapshot is counted by looking at it and taken off.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from nordic_tui.model import PlaceKind, Snapshot
from nordic_tui.store.identity import numbers
from nordic_tui.store.tally import NOTHING, Count, Ledger, Tally
from nordic_tui.store.walks import Overlap, Scope, last_seq, overlaps


class _LateGroup(NamedTuple):
    """Sources with a post in common that they had before the horizon, and that came after."""

    early: frozenset[int]
    late: frozenset[int]
    is_read: bool


NO_GROUPS: Final[Mapping[_LateGroup, int]] = MappingProxyType({})


class Late(NamedTuple):
    """What arrived after a horizon: posts and read posts by source and by category, and (with
    how many there are of each) groups of the same post."""

    sources: Mapping[int, int] = NOTHING
    categories: Mapping[int, int] = NOTHING
    read_sources: Mapping[int, int] = NOTHING
    read_categories: Mapping[int, int] = NOTHING
    groups: Mapping[_LateGroup, int] = NO_GROUPS

    def of(self, chosen: frozenset[int]) -> tuple[int, int]:
        """(posts, read posts) that came late into a choice of sources."""
        total = sum(self.sources.get(id_, 0) for id_ in chosen)
        read = sum(self.read_sources.get(id_, 0) for id_ in chosen)
        for group, times in self.groups.items():
            came = len(group.late & chosen)
            repeats = came - 1 if came and not group.early & chosen else came
            total -= repeats * times
            if group.is_read:
                read -= repeats * times
        return total, read


class _LateSoFar(NamedTuple):
    """What was found at `steps` of the ledger; its posts are added to, its marks are not."""

    horizon: int
    revision: int
    steps: int
    up_to: int
    late: Late


class Counts:
    """Counts of places at a snapshot. `at` comes before the first query of a reading."""

    def __init__(self, connection: sqlite3.Connection, ledger: Ledger) -> None:
        self._connection = connection
        self._ledger = ledger
        self._snapshot: Snapshot | None = None
        self._steps = -1
        self._revision = -1
        self._tally: Tally | None = None
        self._so_far: _LateSoFar | None = None
        self._late: Late | None = None
        self._overlaps: list[Overlap] | None = None

    def at(self, snapshot: Snapshot | None) -> None:
        """Count at this snapshot from now on; None: all that there is.

        Until the marks are counted, every post counts as unread.
        """
        self._snapshot = snapshot
        ledger = self._ledger
        self._steps, self._revision, self._tally = ledger.steps, ledger.revision, ledger.tally
        self._late = self._overlaps = None

    @property
    def fit_together(self) -> bool:
        """Whether what was read since `at` is of one state of tables and ledger."""
        return self._steps % 2 == 0 and self._steps == self._ledger.steps

    @property
    def knows_marks(self) -> bool:
        """Whether it is counted what is read."""
        return self._tally is not None

    @property
    def overlaps(self) -> list[Overlap]:
        if self._overlaps is None:
            self._overlaps = overlaps(self._connection)
        return self._overlaps

    @property
    def late(self) -> Late:
        if self._late is None:
            self._late = self._find_late()
        return self._late

    def of_sources(self, totals: Mapping[int, int]) -> Count:
        """Of a choice of sources, given with the total of each."""
        tally = self._tally or Tally()
        total = sum(totals.values())
        read = 0
        if tally.sources:
            read = sum(tally.sources.get(id_, 0) for id_ in totals)
        if self.overlaps or self.late is not NONE_LATE:
            chosen = frozenset(totals)
            for overlap in self.overlaps:
                more = len(overlap.sources & chosen) - 1
                if more > 0:
                    total -= more * overlap.total
                    read -= more * tally.overlaps.get(overlap.id, 0) // len(overlap.sources)
            late, late_read = self.late.of(chosen)
            total -= late
            read -= late_read
        return Count(total, max(0, total - read))

    def sources(self) -> Callable[[int, int], Count]:
        """What counts one source, given its id and total."""
        read = (self._tally or Tally()).sources
        late, late_read = self.late.sources, self.late.read_sources

        def count(id_: int, total: int) -> Count:
            total -= late.get(id_, 0)
            return Count(total, max(0, total - read.get(id_, 0) + late_read.get(id_, 0)))

        return count

    def categories(self) -> Callable[[int, int], Count]:
        """What counts a category, given its id and total."""
        read = (self._tally or Tally()).categories
        late, late_read = self.late.categories, self.late.read_categories

        def count(id_: int, total: int) -> Count:
            total -= late.get(id_, 0)
            return Count(total, max(0, total - read.get(id_, 0) + late_read.get(id_, 0)))

        return count

    def of_scope(self, scope: Scope) -> Count:
        """Of all posts in it, read or not, whatever their titles."""
        if scope.kind is PlaceKind.CATEGORY:
            row = self._connection.execute(
                """
                SELECT k.total FROM main.category AS k JOIN main.source AS s ON s.id = k.source
                WHERE k.id = ? AND s.followed
                """,
                (scope.id,),
            ).fetchone()
            return self.categories()(scope.id, row[0]) if row else Count(0, 0)
        query, values = "SELECT id, total FROM main.source WHERE followed", []
        if scope.kind is PlaceKind.SOURCE:
            query, values = query + " AND id = ?", [scope.id]
        elif scope.kind is PlaceKind.FOLDER:
            query = """
                SELECT s.id, s.total
                FROM main.collected AS d CROSS JOIN main.source AS s ON s.id = d.source
                WHERE d.collection = ?
                """
            values = [scope.id]
        return self.of_sources(dict(self._connection.execute(query, values).fetchall()))

    # ── what came after the horizon ──

    def _find_late(self) -> Late:
        if self._snapshot is None:
            return NONE_LATE
        horizon = self._snapshot.horizon
        up_to = last_seq(self._connection)
        if up_to <= horizon:
            return NONE_LATE
        so_far = self._so_far
        if (
            so_far is None
            or (so_far.horizon, so_far.revision) != (horizon, self._revision)
            or so_far.up_to > up_to
        ):
            so_far = _LateSoFar(horizon, self._revision, -1, horizon, NONE_LATE)
        if (so_far.steps, so_far.up_to) == (self._steps, up_to):
            return so_far.late
        late = self._with_marks(
            Late(
                self._plus(_LATE_BY_SOURCE, so_far.up_to, so_far.late.sources),
                self._plus(_LATE_BY_CATEGORY, so_far.up_to, so_far.late.categories),
            ),
            horizon,
        )
        if self.fit_together:
            self._so_far = _LateSoFar(horizon, self._revision, self._steps, up_to, late)
        return late

    def _plus(self, query: str, after: int, before: Mapping[int, int]) -> Mapping[int, int]:
        found = Counter(dict(self._connection.execute(query, (after,)).fetchall()))
        found.update(before)
        return found

    def _with_marks(self, late: Late, horizon: int) -> Late:
        if not (self._tally and self._tally.sources) and not self.overlaps:
            return late
        rows = self._connection.execute(_LATE_READ_OR_SHARED, (horizon,)).fetchall()
        read = [seq for seq, _, is_read, _ in rows if is_read]
        by_category = self._connection.execute(
            """
            SELECT c.category, COUNT(*)
            FROM json_each(?) AS e CROSS JOIN main.post_category AS c ON c.seq = e.value
            GROUP BY c.category
            """,
            (numbers(read),),
        ).fetchall()
        shared = {same: bool(is_read) for *_, is_read, same in rows if same}
        return late._replace(
            read_sources=Counter(source for _, source, is_read, _ in rows if is_read),
            read_categories=dict(by_category),
            groups=self._groups(shared, horizon) if shared else NO_GROUPS,
        )

    def _groups(self, is_read: Mapping[int, bool], horizon: int) -> Mapping[_LateGroup, int]:
        """The groups with these `same`, of which it is given whether they are read."""
        early: dict[int, set[int]] = {same: set() for same in is_read}
        late: dict[int, set[int]] = {same: set() for same in is_read}
        for same, source, is_late in self._connection.execute(
            """
            SELECT q.same, q.source, q.seq > ?
            FROM json_each(?) AS e CROSS JOIN main.post AS q ON q.same = e.value
            """,
            (horizon, numbers(is_read)),
        ):
            (late if is_late else early)[same].add(source)
        return Counter(
            _LateGroup(frozenset(early[same]), frozenset(late[same]), read)
            for same, read in is_read.items()
        )


NONE_LATE = Late()

_LATE_BY_SOURCE = """
    SELECT p.source, COUNT(*) FROM main.post AS p NOT INDEXED
    WHERE p.seq > ? AND p.seq NOT IN (SELECT seq FROM main.hidden) GROUP BY p.source
    """

_LATE_BY_CATEGORY = """
    SELECT c.category, COUNT(*) FROM main.post_category AS c INDEXED BY post_category_seq
    WHERE c.seq > ? GROUP BY c.category
    """

_LATE_READ_OR_SHARED = """
    SELECT seq, source, is_read, same FROM (
        SELECT p.seq, p.source, iif(p.overlap, p.same, 0) AS same,
            EXISTS (SELECT 1 FROM history.read_mark AS m WHERE m.post = p.id) AS is_read
        FROM main.post AS p NOT INDEXED
        WHERE p.seq > ? AND p.seq NOT IN (SELECT seq FROM main.hidden))
    WHERE is_read OR same
    """
