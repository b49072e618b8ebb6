"""What can still be read of the tables of a damaged file, row by row.

Where the schema tells where a table begins, its rows are read from there. Pages that nothing leads
to any more (what led there is damaged) are told by the shape of their rows. A row counts only if
each of its values is of the kind that its column has.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from nordic_tui.store.pages import TABLE_LEAF, Pages
from nordic_tui.store.shapes import Table


class Remains:
    """The rows of a file's tables, and where they are. Reads nothing but what it is asked for."""

    def __init__(self, pages: Pages, tables: Iterable[Table]) -> None:
        self._pages = pages
        self._tables = {each.name: each for each in tables}
        roots = pages.roots()
        self._places: dict[str, list[int]] = {
            name: list(pages.walk(roots[name])) if name in roots else [] for name in self._tables
        }
        for name, places in self._places.items():
            self._places[name] = [page for page in places if self._is_of(name, page)]
            pages.seen.difference_update(set(places) - set(self._places[name]))
        for name, root in roots.items():
            if name not in self._tables:
                for _ in pages.walk(root):
                    pass
        for page, kind in pages.strays():
            found = self._told_by_shape(page, has_rowid=kind == TABLE_LEAF)
            if found is not None:
                self._places[found].append(page)

    def _is_of(self, name: str, page: int) -> bool:
        """Whether a page that a table's root led to is not rather of another one."""
        rows = self._pages.rows(page)
        return not rows or any(self._tables[name].reads(row) is not None for row in rows)

    def _told_by_shape(self, page: int, *, has_rowid: bool) -> str | None:
        """The table that most of the page's rows can be of."""
        rows = self._pages.rows(page)
        fits = {
            each.name: sum(each.reads(row) is not None for row in rows)
            for each in self._tables.values()
            if each.strays and each.has_rowid is has_rowid
        }
        best = max(fits, key=lambda name: fits[name], default="")
        return best if best and 2 * fits[best] > len(rows) else None

    def columns(self, name: str) -> list[str]:
        return [column for column, _ in self._tables[name].columns]

    def places(self, name: str) -> list[int]:
        """The pages with rows of a table, in the order of its keys."""
        return self._places[name]

    def on(self, name: str, page: int) -> Iterator[tuple[Any, ...]]:
        """The rows of a table that are on a page."""
        for row in self._pages.rows(page):
            values = self._tables[name].reads(row)
            if values is not None:
                yield values

    def rows(self, name: str) -> Iterator[tuple[Any, ...]]:
        """All rows of a table."""
        for page in self._places[name]:
            yield from self.on(name, page)
