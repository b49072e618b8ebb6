"""How many posts are read, for each source, category and overlap of sources.

Counting them anew costs a look-up for each mark; so they are counted once and then adjusted by
whoever marks, takes back or stores. Only the history tells what was read, so these numbers
are in memory and nowhere else.
"""

import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Generic, NamedTuple, TypeVar

NOTHING: Final[Mapping[int, int]] = MappingProxyType({})


class Tally(NamedTuple):
    """Read posts by source id, category id and overlap id; what is missing is 0.

    Those of sources that are not followed count too, those that a rule hides don't.
    Of an overlap every source's own row of a post counts (see twins.py).
    Never changed in place: the reading thread takes the one that is in force.
    """

    sources: Mapping[int, int] = NOTHING
    categories: Mapping[int, int] = NOTHING
    overlaps: Mapping[int, int] = NOTHING

    def plus(self, other: "Tally") -> "Tally":
        return Tally(
            _sum(self.sources, other.sources),
            _sum(self.categories, other.categories),
            _sum(self.overlaps, other.overlaps),
        )


class Count(NamedTuple):
    """Posts, and those of them that are unread."""

    total: int
    unread: int


T_co = TypeVar("T_co", covariant=True)


Marks = Sequence[tuple[int, int]]
"""Posts with +1 (became read) or -1 (became unread)."""
FEW_MARKS: Final = 1_000
"""So many marks are told one by one."""


class Outcome(NamedTuple, Generic[T_co]):
    """What a write gives, and what follows from it for what is kept in memory."""

    result: T_co
    tally: Tally = Tally()
    """What is added to the tally."""
    moves: bool = False
    """Whether posts may have left or joined views at earlier snapshots, or changed places."""
    marks: "Marks | None" = ()
    """What was marked; None: too many to tell."""
    kept: bool = False
    """Whether stars or tags are others now, or posts came into the cache with them."""
    then: Callable[[sqlite3.Connection], None] | None = None
    """What is written afterwards, in a transaction of its own. A transaction is whole in each file
    but not over several: SQLite commits one after the other. So what says that something was done
    in another file is written only then."""


class Ledger:
    """What both threads know: the writing thread changes it, the reading thread looks."""

    def __init__(self, tally: Tally | None = None) -> None:
        self.tally = tally
        """The one in force; None while it is being counted."""
        self.revision = 0
        """Goes up when posts leave, join or change places in views at earlier snapshots."""
        self.acts = 0
        """Goes up with each write, with what it marked."""
        self._marks: deque[Marks | None] = deque(maxlen=20)
        self.stored = 0
        """Goes up when posts change so, or their stars and tags, and not when marks do."""
        self.indexed = 0
        """Goes up when posts are put into the index of words."""
        self.searched: Mapping[int, Count] = {}
        """How many posts saved searches held when they were counted last, by their ids."""
        self.steps = 0
        """Goes up as a write begins and as it ends: odd while one is under way. What was read
        from the tables and from here fits together if this was even and is still the same."""

    def note(self, marks: Marks | None) -> None:
        """A write marked these posts."""
        self._marks.append(marks)
        self.acts += 1

    def marks_since(self, acts: int) -> Marks | None:
        """What was marked since then, each in its order; None: it is not known any more."""
        number = self.acts - acts
        if number > len(self._marks):
            return None
        marks: list[tuple[int, int]] = []
        for each in list(self._marks)[len(self._marks) - number :]:
            if each is None:
                return None
            marks += each
        return marks


def _sum(left: Mapping[int, int], right: Mapping[int, int]) -> Mapping[int, int]:
    if not right:
        return left
    total = dict(left)
    for key, number in right.items():
        total[key] = total.get(key, 0) + number
    return total


def _by_source_and_overlap(
    rows: Iterable[tuple[int, int, int]],
) -> tuple[Counter[int], Counter[int]]:
    """Each from rows of (source, overlap, number)."""
    sources: Counter[int] = Counter()
    overlaps: Counter[int] = Counter()
    for source, overlap, number in rows:
        sources[source] += number
        if overlap:
            overlaps[overlap] += number
    return sources, overlaps


def count_read(connection: sqlite3.Connection) -> Tally:
    """Count all marks on posts that the cache knows. Costs some 3 µs a mark."""
    sources, overlaps = _by_source_and_overlap(
        connection.execute(
            """
            SELECT p.source, p.overlap, COUNT(*)
            FROM history.read_mark AS m CROSS JOIN main.post AS p ON p.id = m.post
            WHERE p.seq NOT IN (SELECT seq FROM main.hidden)
            GROUP BY p.source, p.overlap
            """
        )
    )
    categories = connection.execute(
        """
        SELECT c.category, COUNT(*)
        FROM history.read_mark AS m CROSS JOIN main.post AS p ON p.id = m.post
            CROSS JOIN main.post_category AS c ON c.seq = p.seq
        GROUP BY c.category
        """
    ).fetchall()
    return Tally(sources, dict(categories), overlaps)


def has_at_most(connection: sqlite3.Connection, marks: int) -> bool:
    (found,) = connection.execute(
        "SELECT COUNT(*) FROM (SELECT 1 FROM history.read_mark LIMIT ?)", (marks + 1,)
    ).fetchone()
    return bool(found <= marks)


# ── the posts that one act touches ──────────────────────────────────────────────────────────
# `temp.touched` holds the posts that are about to change, each with +1 (becomes read), -1
# (becomes unread) or 0. It is in memory (`temp_store`) and belongs to the writing connection.


def clear_touched(connection: sqlite3.Connection) -> None:
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS touched (post INTEGER PRIMARY KEY, step INTEGER NOT NULL)"
    )
    connection.execute("DELETE FROM temp.touched")


def touched(connection: sqlite3.Connection) -> Marks | None:
    """The posts that change; None: they are many."""
    marks = connection.execute(
        "SELECT post, step FROM temp.touched WHERE step <> 0 LIMIT ?", (FEW_MARKS + 1,)
    ).fetchall()
    return marks if len(marks) <= FEW_MARKS else None


def count_touched(connection: sqlite3.Connection) -> tuple[int, Tally]:
    """How many posts change, and what that does to the tally.

    What is in several sources is one post.
    """
    (changed,) = connection.execute("SELECT COUNT(*) FROM temp.touched WHERE step <> 0").fetchone()
    sources, overlaps = _by_source_and_overlap(
        connection.execute(
            """
            SELECT p.source, p.overlap, SUM(t.step)
            FROM temp.touched AS t CROSS JOIN main.post AS p ON p.id = t.post
            WHERE p.seq NOT IN (SELECT seq FROM main.hidden)
            GROUP BY p.source, p.overlap
            """
        )
    )
    if overlaps:
        (repeated,) = connection.execute(
            """
            SELECT COUNT(*) - COUNT(DISTINCT p.same)
            FROM temp.touched AS t CROSS JOIN main.post AS p ON p.id = t.post
            WHERE t.step <> 0 AND p.overlap <> 0
            """
        ).fetchone()
        changed -= repeated
    categories = connection.execute(
        """
        SELECT c.category, SUM(t.step)
        FROM temp.touched AS t CROSS JOIN main.post AS p ON p.id = t.post
            CROSS JOIN main.post_category AS c ON c.seq = p.seq
        GROUP BY c.category
        """
    ).fetchall()
    return changed, Tally(sources, dict(categories), overlaps)
