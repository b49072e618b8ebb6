"""Posts in their categories, with the totals: what was, what is to be, and the difference."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from nordic_tui.store.categories import Sorted
from nordic_tui.store.identity import from_json, numbers, to_json


class Place(NamedTuple):
    """Where a post stands."""

    seq: int
    id: int
    ord: int


def load(connection: sqlite3.Connection, seqs: Iterable[int]) -> dict[int, Sorted]:
    """How these posts are sorted, by their `seq`."""
    asked = (numbers(seqs),)
    categories: dict[int, list[int]] = {}
    for seq, category in connection.execute(
        """
        SELECT c.seq, c.category
        FROM json_each(?) AS e CROSS JOIN main.post_category AS c ON c.seq = e.value
        """,
        asked,
    ):
        categories.setdefault(seq, []).append(category)
    tags = {
        seq: tuple(from_json(names))
        for seq, names in connection.execute(
            """
            SELECT t.seq, t.names
            FROM json_each(?) AS e CROSS JOIN main.post_tags AS t ON t.seq = e.value
            """,
            asked,
        )
    }
    return {
        seq: Sorted(tuple(categories.get(seq, ())), tags.get(seq, ()), bool(by_slug))
        for seq, by_slug in connection.execute(
            """
            SELECT p.seq, p.by_slug
            FROM json_each(?) AS e CROSS JOIN main.post AS p ON p.seq = e.value
            """,
            asked,
        )
    }


class Links:
    """Changes to the categories of posts, written together."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._totals: Counter[int] = Counter()
        self.read: Counter[int] = Counter()
        """What is added to the total, and to the read posts, of each category."""
        self._cut: list[tuple[int]] = []
        self._made: list[tuple[int, int, int, int]] = []
        self._untagged: list[tuple[int]] = []
        self._tagged: list[tuple[int, str]] = []
        self._by_slug: list[tuple[int, int]] = []

    def add(self, place: Place, sorted_: Sorted, *, is_read: bool) -> None:
        """A new post; that it is sorted by slugs is written with the post itself."""
        self._link(place, sorted_.categories, is_read=is_read)
        if sorted_.tags:
            self._tagged.append((place.seq, to_json(sorted_.tags)))

    def move(self, before: Place, was: Sorted, order: int, now: Sorted, *, is_read: bool) -> bool:
        """A stored post, which stands at `order` from now on; False: nothing of it changes."""
        in_others = set(was.categories) != set(now.categories)
        if in_others or order != before.ord:
            self._cut.append((before.seq,))
            for category in was.categories:
                self._count(category, -1, is_read=is_read)
            self._link(before._replace(ord=order), now.categories, is_read=is_read)
        if was.tags != now.tags:
            if was.tags:
                self._untagged.append((before.seq,))
            if now.tags:
                self._tagged.append((before.seq, to_json(now.tags)))
        if was.by_slug != now.by_slug:
            self._by_slug.append((int(now.by_slug), before.seq))
        return in_others

    def _link(self, place: Place, categories: Iterable[int], *, is_read: bool) -> None:
        for category in categories:
            self._made.append((category, place.ord, place.seq, place.id))
            self._count(category, 1, is_read=is_read)

    def _count(self, category: int, step: int, *, is_read: bool) -> None:
        self._totals[category] += step
        if is_read:
            self.read[category] += step

    def write(self) -> None:
        for statement, rows in (
            ("DELETE FROM main.post_category WHERE seq = ?", self._cut),
            (
                "INSERT INTO main.post_category (category, ord, seq, post) VALUES (?, ?, ?, ?)",
                self._made,
            ),
            ("DELETE FROM main.post_tags WHERE seq = ?", self._untagged),
            ("INSERT INTO main.post_tags (seq, names) VALUES (?, ?)", self._tagged),
            ("UPDATE main.post SET by_slug = ? WHERE seq = ?", self._by_slug),
            (
                "UPDATE main.category SET total = total + ? WHERE id = ?",
                [(step, id_) for id_, step in self._totals.items() if step],
            ),
        ):
            if rows:
                self._connection.executemany(statement, rows)
