"""Which categories a post is in: as its feed names them, or as its site means them.

a slug                                  the category with this slug
a name, all of the site's are known     the one of this name; else it is a tag
a name, some of them or none are        the one of this name; else a category of this name
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from nordic_tui.model import Entry, Term
from nordic_tui.store.identity import category_id, slug_category_id, source_id
from nordic_tui.text.fold import fold

MAX_DEPTH: Final = 20
"""A category that would be further below others stands at the top."""

MOST_TERMS: Final = 9_900
"""A site that has told so many categories may have more: 10,000 are asked for at most
(service/site.py), and those that move while they are asked for can come twice."""


class Sorted(NamedTuple):
    """Where a post belongs."""

    categories: tuple[int, ...] = ()
    """Ids, each once."""
    tags: tuple[str, ...] = ()
    """What it was called besides."""
    by_slug: bool = False


class _Category(NamedTuple):
    """A category that is told by its slug."""

    id: int
    name: str
    slug: str
    parent: int | None


def _key(name: str) -> str:
    """What is the same for names that differ only in case, marks or escapes.

    Feeds may be escaped twice. For comparison only: taking escapes off can bring back what the
    gate (`text.clean`) took out.
    """
    if "&" in name:
        from html import unescape

        name = unescape(unescape(name))
    return fold(" ".join(name.split()))


class Sorter:
    """Sorts posts of one source, and makes the categories that are seen for the first time."""

    def __init__(self, connection: sqlite3.Connection, address: str) -> None:
        self._connection = connection
        self._address = address
        self._source = source_id(address)
        self._stored: set[int] = set()
        """The ids of all categories of the source that have a row."""
        self._ids: dict[str, int] = {}
        """Of names that are categories as they come, as far as they were asked for."""
        self._by_slug: dict[str, _Category] = {}
        self._alike: dict[str, list[_Category]] = {}
        """Those with a slug by the key of their name; the site's in the order of its numbers."""
        self._keys: dict[int, str] = {}
        """The keys of those with a slug, by id."""
        self._named: dict[str, _Category | None] = {}
        """What was found for a name."""
        self._terms = stored_terms(connection, address)
        self._of_site = {each.id: each for each in _of_terms(address, self._terms)}
        """The site's, by id."""
        for category in self._of_site.values():
            self._know(category)
        for id_, name, slug, parent in connection.execute(
            "SELECT id, name, slug, parent FROM main.category WHERE source = ? ORDER BY place",
            (self._source,),
        ):
            self._stored.add(id_)
            if slug and slug not in self._by_slug:
                self._know(_Category(id_, name, slug, parent))

    def _know(self, category: _Category) -> None:
        key = _key(category.name)
        self._by_slug[category.slug] = category
        self._alike.setdefault(key, []).append(category)
        self._keys[category.id] = key
        self._named.clear()

    def _held(self, ids: Iterable[int]) -> set[str]:
        """The keys of those of the categories that have a slug."""
        return {self._keys[id_] for id_ in ids if id_ in self._keys}

    def sort(self, entry: Entry) -> Sorted:
        """By slugs where the entry has them, else by names."""
        if entry.slugs:
            return self.sort_by_slugs(zip(entry.categories, entry.slugs, strict=False))
        return self.sort_by_names(entry.categories)

    def sort_by_slugs(self, named: Iterable[tuple[str, str]]) -> Sorted:
        """From (name, slug); a slug that is not known yet is a new category."""
        ids: dict[int, None] = {}
        for name, slug in named:
            if slug and (name := " ".join(name.split()) or slug):
                category = self._by_slug.get(slug) or self._make_known(name, slug)
                ids[self._stored_id(category)] = None
        return Sorted(tuple(ids), by_slug=True)

    def sort_by_names(self, names: Iterable[str]) -> Sorted:
        return self.sort_anew((name, "") for name in names)

    def sort_anew(self, called: Iterable[tuple[str, str]]) -> Sorted:
        """From the (name, slug) of the categories that a post was sorted into by names: one that
        has the slug still is the one that was meant, whatever its name is now."""
        ids: dict[int, None] = {}
        tags: dict[str, None] = {}
        for name, slug in called:
            if not (name := " ".join(name.split())):
                continue
            category = self._by_slug.get(slug) or self._find(name)
            if category is not None:
                ids[self._stored_id(category)] = None
            elif self._terms and len(self._terms) < MOST_TERMS:
                tags[name] = None
            else:
                ids[self._id_of(name)] = None
        return Sorted(tuple(ids), tuple(tags))

    def sort_again(self, entry: Entry, before: Sorted) -> Sorted:
        """A later version of a post: one that was sorted by slugs stays where it is, as long as
        the names are those of its categories."""
        if entry.slugs or not before.by_slug:
            return self.sort(entry)
        held = self._held(before.categories)
        names = [" ".join(name.split()) for name in entry.categories]
        keys = {_key(name) for name in names}
        meant = {key for key in keys if key in self._alike}
        if held <= keys and meant <= held:
            tags = dict.fromkeys(name for name in names if name and _key(name) not in held)
            return Sorted(before.categories, tuple(tags), by_slug=True)
        return self.sort_by_names(entry.categories)

    def also_called(self, now: Sorted, names: Iterable[str]) -> Sorted:
        """Keep as tags what a post, sorted by slugs now, was called and is no category."""
        tags = dict.fromkeys(name for name in names if _key(name) not in self._alike)
        return now._replace(tags=tuple(tags))

    def _find(self, name: str) -> _Category | None:
        """The category of this name: spelled so, else the first of those alike."""
        if not self._alike:
            return None
        if name not in self._named:
            alike = self._alike.get(_key(name), [])
            exact = [category for category in alike if category.name == name]
            self._named[name] = next(iter(exact + alike), None)
        return self._named[name]

    def _id_of(self, name: str) -> int:
        """Of a category that is nothing but its name."""
        id_ = self._ids.get(name)
        if id_ is None:
            id_ = self._ids[name] = category_id(self._address, name)
            if id_ not in self._stored:
                self._insert(id_, name, "", None)
        return id_

    def _make_known(self, name: str, slug: str) -> _Category:
        taken = _key(name) in self._alike
        id_ = slug_category_id(self._address, slug) if taken else category_id(self._address, name)
        category = _Category(id_, name, slug, None)
        self._know(category)
        if id_ in self._stored:
            self._describe([category])
            self.relabel()
        return category

    def _stored_id(self, category: _Category) -> int:
        """The category's id; its row is made if it has none."""
        if category.id not in self._stored:
            self._store(category)
            self._store_above(category)
        return category.id

    def _store(self, category: _Category) -> None:
        self._insert(category.id, category.name, category.slug, category.parent)
        if len(self._alike[self._keys[category.id]]) > 1:
            self.relabel()

    def _store_above(self, category: _Category) -> None:
        """Make the rows of those that it is below: it stands there, if they have posts or not."""
        above = self._of_site.get(category.parent or 0)
        while above is not None:
            if above.id not in self._stored:
                self._store(above)
            above = self._of_site.get(above.parent or 0)

    def _insert(self, id_: int, name: str, slug: str, parent: int | None) -> None:
        self._connection.execute(
            """
            INSERT INTO main.category (id, source, name, folded, place, total, slug, parent)
            VALUES (?, ?, ?, ?, ?, 0, ?, ?)
            """,
            (id_, self._source, name, fold(name), len(self._stored), slug, parent),
        )
        self._stored.add(id_)

    # ── when what is known has changed ──

    def describe(self) -> None:
        """Bring the rows of all categories to what is known of them now."""
        self._describe([each for each in self._by_slug.values() if each.id in self._stored])
        self.relabel()
        self.complete()

    def complete(self) -> None:
        """Make the rows that are missing above the categories that have one."""
        for category in self._of_site.values():
            if category.id in self._stored:
                self._store_above(category)

    def _describe(self, categories: Sequence[_Category]) -> None:
        self._connection.executemany(
            "UPDATE main.category SET name = ?, folded = ?, slug = ?, parent = ? WHERE id = ?",
            [(each.name, fold(each.name), each.slug, each.parent, each.id) for each in categories],
        )

    def relabel(self) -> None:
        """Name with its slug whatever its name alone does not tell from another."""
        labels = [
            (f"{each.name} ({each.slug})" if len(alike) > 1 else None, each.id)
            for alike in self._alike.values()
            for each in alike
        ]
        self._connection.executemany(
            "UPDATE main.category SET label = ?1 WHERE id = ?2 AND label IS NOT ?1", labels
        )


# ── what the site has told ──────────────────────────────────────────────────────────────────


def new_slugs(before: Sequence[Term], now: Sequence[Term]) -> dict[str, str]:
    """Which slug a category has now, by the one it had, where that has changed.

    Its number tells that it is the same one. A site that was set up anew gives all numbers anew:
    what another category was called before is no new slug of this one.
    """
    slugs = {term.number: term.slug for term in now}
    there, known = set(slugs.values()), {term.slug for term in before}
    return {
        term.slug: slugs[term.number]
        for term in before
        if term.slug not in there and slugs.get(term.number, "") not in ("", *known)
    }


def stored_terms(connection: sqlite3.Connection, address: str) -> list[Term]:
    """The categories of the source's site by their numbers; none: nothing is known of them."""
    rows = connection.execute(
        "SELECT number, name, slug, parent FROM main.term WHERE source = ? ORDER BY number",
        (source_id(address),),
    )
    return [Term._make(row) for row in rows]


def replace_terms(connection: sqlite3.Connection, address: str, terms: Sequence[Term]) -> bool:
    """Keep these in place of those before; False: nothing changes. Inside a transaction.

    Of two with one number or one slug the first counts; one without a name or slug is left out.
    None at all change nothing: every WordPress site has a category.
    """
    slugs: dict[str, int] = {}
    wanted: dict[int, Term] = {}
    for term in terms:
        name = " ".join(term.name.split()) or term.slug
        if term.slug and slugs.setdefault(term.slug, term.number) == term.number:
            wanted.setdefault(term.number, term._replace(name=name))
    if not wanted or stored_terms(connection, address) == sorted(wanted.values()):
        return False
    source = source_id(address)
    connection.execute("DELETE FROM main.term WHERE source = ?", (source,))
    connection.executemany(
        "INSERT INTO main.term (source, number, name, slug, parent) VALUES (?, ?, ?, ?, ?)",
        [(source, *term) for term in wanted.values()],
    )
    # Which slug is which category is told by these alone.
    connection.execute(
        "UPDATE main.category SET slug = '', label = NULL, parent = NULL WHERE source = ?",
        (source,),
    )
    return True


def _of_terms(address: str, terms: Sequence[Term]) -> list[_Category]:
    """The terms as categories. One whose name is its own has the id of its name, so that it is
    the same category before and after its site was asked."""
    numbers: dict[str, int] = {}
    for term in terms:
        key = _key(term.name)
        numbers[key] = numbers.get(key, 0) + 1
    ids = {
        term.number: category_id(address, term.name)
        if numbers[_key(term.name)] == 1
        else slug_category_id(address, term.slug)
        for term in terms
    }
    parents = _without_cycles({ids[term.number]: ids.get(term.parent, 0) for term in terms})
    return [
        _Category(ids[term.number], term.name, term.slug, parents[ids[term.number]] or None)
        for term in terms
    ]


def _without_cycles(parents: dict[int, int]) -> dict[int, int]:
    """Parents by id; 0 at the top, and where going up would lead back, or on for too long."""
    safe: dict[int, int] = {}
    depths: dict[int, int] = {}
    for id_ in parents:
        # Up to what was looked at before, is above the top, or was passed on this way.
        way: dict[int, None] = {}
        while id_ in parents and id_ not in depths and id_ not in way:
            way[id_] = None
            id_ = parents[id_]
        depth = depths.get(id_, -1)
        for each in reversed(way):
            depth = depth + 1 if depth < MAX_DEPTH else 0
            depths[each] = depth
            safe[each] = parents[each] if depth else 0
    return safe
