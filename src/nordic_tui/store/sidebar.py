"""The sidebar: All posts, Unread, saved views, and the sources in their folders.

All posts
Unread
Today, This week, Starred, Read later: while there are such posts
  each saved view, in the order of the settings
  a folder, where its first source would stand
    a source
      its categories by name, each below the one that it is part of; one without posts only
        where one below it has some
"""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from nordic_tui.model import BUILT_IN, Place, PlaceKind, View
from nordic_tui.store.counts import Counts
from nordic_tui.store.folders import FOLDER, MAX_DEPTH, SAVED, path_of
from nordic_tui.store.sources import shown_title
from nordic_tui.store.tally import Count

CountView = Callable[[View], Count | None]
"""Counts the posts of a view that is none of a source's or folder's; None: that would take too
long now, and they were never counted."""


class _Source(NamedTuple):
    id: int
    address: str
    title: str
    total: int
    folder: str
    hidden: bool


class _Folder(NamedTuple):
    """What stands in it, in order: sources, and the names of folders."""

    sources: "dict[int, _Source]"
    """All of them, those in folders below as well."""
    rows: "list[_Source | _Folder]"
    id: int
    name: str
    below: "dict[str, _Folder]"


_Category = tuple[int, str, int, int, int | None]
"""id, name, posts, unread posts, and the id of the category that it is below; a plain tuple, as
there are hundreds."""


def places(
    connection: sqlite3.Connection, counts: Counts, count: CountView, today: date
) -> list[Place]:
    """The rows from top to bottom, counted as `counts` does.

    today: the day in the local time zone that saved searches are read on.
    """
    sources = _sources(connection)
    everything = counts.of_sources({source.id: source.total for source in sources})
    rows = [
        Place(PlaceKind.ALL, 0, "All posts", *everything),
        Place(PlaceKind.UNREAD, 0, "Unread", everything.unread, everything.unread),
    ]
    for kind, name in BUILT_IN.items():
        found = count(View(kind))
        if found and found.total:
            rows.append(Place(kind, 0, name, *found))
    collections = connection.execute(
        "SELECT kind, id, name, search FROM main.collection ORDER BY place"
    ).fetchall()
    for kind, id_, name, text in collections:
        if kind == SAVED:
            found = count(View(PlaceKind.SAVED, id_))
            problem = _problem(text, today) if text else ""
            number = found or Count(0, 0)
            is_counted = found is not None
            rows.append(
                Place(PlaceKind.SAVED, id_, name, *number, problem=problem, counted=is_counted)
            )
    visible = [source for source in sources if not source.hidden]
    categories = _categories(connection, counts)
    if len(visible) == 1 and not collections:
        only = visible[0]
        rows += _category_rows(categories.get(only.id, []), only.address, 0)
        return rows
    folder_ids = {name: id_ for kind, id_, name, _ in collections if kind == FOLDER}
    rows += _folder_rows(_tree(visible, folder_ids), counts, categories, 0)
    return rows


def _problem(text: str, today: date) -> str:
    """What of a saved search is not understood."""
    from nordic_tui.store import search

    return " ".join(search.read(text, today).notes)


def places_of_sources(connection: sqlite3.Connection, counts: Counts) -> list[Place]:
    """Every followed source and below it its categories, whatever the sidebar shows: in the order
    of the settings, without folders, those that are hidden among them."""
    of_source = counts.sources()
    categories = _categories(connection, counts)
    rows = []
    for source in _sources(connection):
        count = of_source(source.id, source.total)
        rows.append(Place(PlaceKind.SOURCE, source.id, source.title, *count, 0, source.address))
        rows += _category_rows(categories.get(source.id, []), source.address, 1)
    return rows


def _sources(connection: sqlite3.Connection) -> list[_Source]:
    return [
        _Source(id_, address, shown_title(name, title, address), total, folder, bool(hidden))
        for id_, name, title, address, total, folder, hidden in connection.execute(
            """
            SELECT id, name, title, address, total, folder, hidden
            FROM main.source WHERE followed ORDER BY place
            """
        )
    ]


def _tree(sources: list[_Source], folder_ids: dict[str, int]) -> _Folder:
    root = _Folder({}, [], 0, "", {})
    for source in sources:
        folder, way = root, ""
        for name in path_of(source.folder):
            way = f"{way}/{name}" if way else name
            if name not in folder.below:
                folder.below[name] = _Folder({}, [], folder_ids.get(way, 0), name, {})
                folder.rows.append(folder.below[name])
            folder = folder.below[name]
            folder.sources[source.id] = source
        folder.rows.append(source)
    return root


def _folder_rows(
    folder: _Folder, counts: Counts, categories: dict[int, list[_Category]], depth: int
) -> Iterator[Place]:
    of_source = counts.sources()
    for row in folder.rows:
        if isinstance(row, _Folder):
            totals = {source.id: source.total for source in row.sources.values()}
            count = counts.of_sources(totals)
            yield Place(PlaceKind.FOLDER, row.id, row.name, *count, depth)
            yield from _folder_rows(row, counts, categories, depth + 1)
        else:
            count = of_source(row.id, row.total)
            yield Place(PlaceKind.SOURCE, row.id, row.title, *count, depth, row.address)
            if row.id in categories:
                yield from _category_rows(categories[row.id], row.address, depth + 1)


def _categories(connection: sqlite3.Connection, counts: Counts) -> dict[int, list[_Category]]:
    """By source, in the order of their names; those with posts, and what these are below."""
    found: dict[int, list[_Category]] = {}
    without_posts: set[int] = set()
    """The sources that have such categories."""
    of_category = counts.categories()
    for id_, source, name, total, parent in connection.execute(
        """
        SELECT k.id, k.source, IFNULL(k.label, k.name), k.total, k.parent
        FROM main.source AS s JOIN main.category AS k ON k.source = s.id
        WHERE s.followed ORDER BY k.folded, k.name, k.slug
        """
    ):
        posts, unread = of_category(id_, total)
        if not posts:
            without_posts.add(source)
        category = (id_, name, posts, unread, parent)
        if source in found:
            found[source].append(category)
        else:
            found[source] = [category]
    for source in without_posts:
        found[source] = _with_posts_below(found[source])
    return found


def _with_posts_below(categories: list[_Category]) -> list[_Category]:
    """Without those that have no posts in themselves nor in any category below."""
    parents = {category[0]: category[4] for category in categories}
    shown: set[int] = set()
    for id_, _, posts, _, _ in categories:
        above: int | None = id_ if posts else None
        while above is not None and above in parents and above not in shown:
            shown.add(above)
            above = parents[above]
    return [category for category in categories if category[0] in shown]


def _category_rows(categories: list[_Category], address: str, depth: int) -> Iterator[Place]:
    """Of the source at `address`. A category whose parent has no row stands at the top."""
    if not any(category[4] for category in categories):
        for id_, name, posts, unread, _ in categories:
            yield Place(PlaceKind.CATEGORY, id_, name, posts, unread, depth, address)
        return
    ids = {category[0] for category in categories}
    below: dict[int | None, list[_Category]] = {}
    for category in categories:
        parent = category[4] if category[4] in ids else None
        below.setdefault(parent, []).append(category)

    # What is stored may be deeper than what is made of categories now.
    deepest = depth + MAX_DEPTH
    waiting = [(category, depth) for category in reversed(below.get(None, ()))]
    while waiting:
        (id_, name, posts, unread, _), at = waiting.pop()
        yield Place(PlaceKind.CATEGORY, id_, name, posts, unread, at, address)
        at = min(at + 1, deepest)
        waiting += [(category, at) for category in reversed(below.get(id_, ()))]
