"""Storing what a feed brings, in one transaction: posts, bodies, categories and their totals.

for each entry, an identity that comes twice only once:
  known and its fingerprint unchanged      nothing is written
  known and changed                        its texts, categories and, with its date, place
  unknown, a bundled post has its title    it takes the bundled post's place and id
  unknown                                  inserted, the feed's last first
what the feed no longer carries stays
"""

import sqlite3
from collections import Counter
from collections.abc import Container, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from nordic_tui.model import Category, Enclosure, Entry, Feed, Post, Saved, SourceState
from nordic_tui.store import sources
from nordic_tui.store.identity import (
    category_id,
    fingerprint,
    label,
    moment,
    numbers,
    post_id,
    seconds,
    source_id,
)
from nordic_tui.store.tally import Outcome, Tally
from nordic_tui.text.fold import fold


class _Known(NamedTuple):
    """A stored post that an entry of the feed is the next version of."""

    seq: int
    id: int
    ord: int
    first_seen: int | None
    fingerprint: int


_KNOWN_COLUMNS = "p.seq, p.id, p.ord, p.first_seen, p.fingerprint"


def save_feed(
    connection: sqlite3.Connection, address: str, feed: Feed, state: SourceState, now: datetime
) -> Outcome[Saved]:
    """Store the feed's posts and the source's state. Inside a transaction.

    A source that isn't followed is kept hidden.
    """
    batch = _Batch(connection, address, first_seen=seconds(now))
    batch.describe_source(feed)
    sources.save_state(connection, state)
    entries = _by_identity(address, feed)
    known = batch.known(entries)
    bundled = batch.bundled(besides=entries.keys())
    written: set[int] = set()
    for identity, entry in entries.items():
        before = known.get(identity)
        if before is None and entry.title and bundled:
            before = bundled.pop(fold(label(entry)), None)
            if before is not None:
                batch.add_alias(identity, before.seq)
        if before is None:
            batch.add(identity, entry)
        elif before.seq not in written:
            written.add(before.seq)
            batch.change(before, entry)
    return batch.write()


def seed(connection: sqlite3.Connection, address: str, feed: Feed) -> Outcome[Saved]:
    """Store bundled posts for a source that has none at all. Inside a transaction.

    They have no first_seen and stand below everything that has a time, in the feed's order.
    """
    if has_posts(connection, address):
        return Outcome(Saved(0, 0))
    batch = _Batch(connection, address, first_seen=None)
    batch.describe_source(feed)
    for identity, entry in _by_identity(address, feed).items():
        batch.add(identity, entry)
    return batch.write()


def _by_identity(address: str, feed: Feed) -> dict[int, Entry]:
    """The feed's entries in its order; of two with the same identity the first."""
    entries: dict[int, Entry] = {}
    for entry in feed.entries:
        entries.setdefault(post_id(address, entry), entry)
    return entries


def has_posts(connection: sqlite3.Connection, address: str) -> bool:
    query = "SELECT 1 FROM main.post WHERE source = ? LIMIT 1"
    return connection.execute(query, (source_id(address),)).fetchone() is not None


def _order(published: int | None, first_seen: int | None) -> int:
    """By date where it is plausible, never later than first seen; bundled posts at the end."""
    if first_seen is None:
        return 0
    return first_seen if published is None or published > first_seen else published


class _Batch:
    """The posts of one source that are written together."""

    def __init__(
        self, connection: sqlite3.Connection, address: str, *, first_seen: int | None
    ) -> None:
        self._connection = connection
        self._address = address
        self._source = source_id(address)
        self._first_seen = first_seen
        self._added: list[tuple[int, Entry]] = []
        self._changed: list[tuple[_Known, Entry]] = []
        self._totals: Counter[int] = Counter()
        self._read: Counter[int] = Counter()
        """What is added to each category's total, and to its read posts."""
        self._categories: set[int] | None = None

    # ── what is there ──

    def describe_source(self, feed: Feed) -> None:
        """Make the source known; its first title stays ("… – Page 2 – …" is no new name)."""
        self._connection.execute(
            "INSERT OR IGNORE INTO main.source (id, address, place, followed) VALUES (?, ?, -1, 0)",
            (self._source, self._address),
        )
        self._connection.execute(
            """
            UPDATE main.source SET title = CASE title WHEN '' THEN ?1 ELSE title END,
                site_url = CASE ?2 WHEN '' THEN site_url ELSE ?2 END
            WHERE id = ?3
            """,
            (feed.title, feed.site_url, self._source),
        )

    def known(self, entries: dict[int, Entry]) -> dict[int, _Known]:
        """The stored posts by identity; for most the id, for others what `alias` says."""
        identities = (numbers(entries),)
        rows = self._connection.execute(
            f"""
            SELECT p.id, {_KNOWN_COLUMNS}
            FROM json_each(?) AS e CROSS JOIN main.post AS p ON p.id = e.value
            """,  # noqa: S608  constants of this file; values are parameters
            identities,
        ).fetchall()
        rows += self._connection.execute(
            f"""
            SELECT a.identity, {_KNOWN_COLUMNS}
            FROM json_each(?) AS e CROSS JOIN main.alias AS a ON a.identity = e.value
                CROSS JOIN main.post AS p ON p.seq = a.seq
            """,  # noqa: S608  constants of this file; values are parameters
            identities,
        ).fetchall()
        return {identity: _Known(*row) for identity, *row in rows}

    def bundled(self, besides: Container[int]) -> dict[str, _Known]:
        """The source's bundled posts by folded title, but for those of these ids."""
        rows = self._connection.execute(
            f"""
            SELECT p.folded, {_KNOWN_COLUMNS} FROM main.post AS p JOIN main.body AS b USING (seq)
            WHERE p.source = ? AND p.bundled = 1 AND b.title <> ''
            """,  # noqa: S608  constants of this file; values are parameters
            (self._source,),
        )
        known = {folded: _Known(*row) for folded, *row in rows}
        return {folded: post for folded, post in known.items() if post.id not in besides}

    # ── what is to be written ──

    def add(self, id_: int, entry: Entry) -> None:
        self._added.append((id_, entry))

    def add_alias(self, identity: int, seq: int) -> None:
        self._connection.execute(
            "INSERT INTO main.alias (identity, seq) VALUES (?, ?)", (identity, seq)
        )

    def change(self, before: _Known, entry: Entry) -> None:
        if before.first_seen is None or before.fingerprint != fingerprint(entry):
            self._changed.append((before, entry))

    def write(self) -> Outcome[Saved]:
        touched = [id_ for id_, _ in self._added] + [before.id for before, _ in self._changed]
        if not touched:
            return Outcome(Saved(0, 0))
        # A post may have been read before the cache was lost.
        marked = {
            row[0]
            for row in self._connection.execute(
                "SELECT m.post FROM json_each(?) AS t CROSS JOIN history.read_mark AS m"
                " ON m.post = t.value",
                (numbers(touched),),
            )
        }
        self._insert(marked)
        for before, entry in self._changed:
            self._update(before, entry, was_read=before.id in marked)
        self._connection.executemany(
            "UPDATE main.category SET total = total + ? WHERE id = ?",
            [(step, id_) for id_, step in self._totals.items() if step],
        )
        read = sum(id_ in marked for id_, _ in self._added)
        tally = Tally({self._source: read} if read else {}, dict(self._read))
        saved = Saved(len(self._added), len(self._changed))
        return Outcome(saved, tally, moves=saved.changed > 0)

    def _insert(self, marked: set[int]) -> None:
        if not self._added:
            return
        (shown,) = self._connection.execute(
            "SELECT followed FROM main.source WHERE id = ?", (self._source,)
        ).fetchone()
        seq = _last_seq(self._connection)
        posts, bodies, links = [], [], []
        # The newest gets the highest number, so that ties keep the feed's own order.
        for id_, entry in reversed(self._added):
            seq += 1
            order = _order(seconds(entry.published), self._first_seen)
            name = label(entry)
            posts.append(
                (
                    seq,
                    id_,
                    self._source,
                    order,
                    shown,
                    name,
                    fold(name),
                    seconds(entry.published),
                    self._first_seen,
                    int(self._first_seen is None),
                    fingerprint(entry),
                )
            )
            bodies.append((*_body(entry), seq))
            for category in self._category_ids(entry):
                links.append((category, order, seq, id_))
                self._totals[category] += 1
                if id_ in marked:
                    self._read[category] += 1
        self._connection.executemany(
            """
            INSERT INTO main.post (seq, id, source, ord, shown, label, folded, published,
                first_seen, bundled, fingerprint) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            posts,
        )
        self._connection.executemany(
            """
            INSERT INTO main.body (guid, link, title, updated, authors, enclosures, more,
                protected, excerpt, content, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            bodies,
        )
        self._link(links)
        self._connection.execute(
            "UPDATE main.source SET total = total + ? WHERE id = ?", (len(posts), self._source)
        )

    def _update(self, before: _Known, entry: Entry, *, was_read: bool) -> None:
        published = seconds(entry.published)
        first_seen, order = before.first_seen, before.ord
        if first_seen is None:
            first_seen = self._first_seen
            order = _order(published, first_seen)
        elif published is not None:
            order = _order(published, first_seen)
        name = label(entry)
        self._connection.execute(
            """
            UPDATE main.post SET ord = ?, label = ?, folded = ?, published = ?, first_seen = ?,
                bundled = 0, fingerprint = ?
            WHERE seq = ?
            """,
            (order, name, fold(name), published, first_seen, fingerprint(entry), before.seq),
        )
        self._connection.execute(
            """
            UPDATE main.body SET guid = ?, link = ?, title = ?, updated = ?, authors = ?,
                enclosures = ?, more = ?, protected = ?, excerpt = ?, content = ?
            WHERE seq = ?
            """,
            (*_body(entry), before.seq),
        )
        old = {
            row[0]
            for row in self._connection.execute(
                "SELECT category FROM main.post_category WHERE seq = ?", (before.seq,)
            )
        }
        new = self._category_ids(entry)
        if order == before.ord and old == set(new):
            return
        self._connection.execute("DELETE FROM main.post_category WHERE seq = ?", (before.seq,))
        self._link([(category, order, before.seq, before.id) for category in new])
        for categories, step in ((old, -1), (new, 1)):
            for category in categories:
                self._totals[category] += step
                if was_read:
                    self._read[category] += step

    def _link(self, links: Sequence[tuple[int, int, int, int]]) -> None:
        self._connection.executemany(
            "INSERT INTO main.post_category (category, ord, seq, post) VALUES (?, ?, ?, ?)", links
        )

    def _category_ids(self, entry: Entry) -> list[int]:
        """The entry's categories, each once; one that is seen for the first time is made."""
        if self._categories is None:
            self._categories = {
                row[0]
                for row in self._connection.execute(
                    "SELECT id FROM main.category WHERE source = ?", (self._source,)
                )
            }
        names: dict[int, str] = {}
        for name in entry.categories:
            if name := " ".join(name.split()):
                names.setdefault(category_id(self._address, name), name)
        for id_, name in names.items():
            if id_ not in self._categories:
                self._connection.execute(
                    """
                    INSERT INTO main.category (id, source, name, folded, place, total)
                    VALUES (?, ?, ?, ?, ?, 0)
                    """,
                    (id_, self._source, name, fold(name), len(self._categories)),
                )
                self._categories.add(id_)
        return list(names)


def _last_seq(connection: sqlite3.Connection) -> int:
    """The highest number that was ever given: a number never comes twice."""
    row = connection.execute("SELECT seq FROM main.sqlite_sequence WHERE name = 'post'").fetchone()
    return int(row[0]) if row else 0


# ── bodies ──────────────────────────────────────────────────────────────────────────────────


def _body(entry: Entry) -> tuple[Any, ...]:
    """The columns of `body` but the last, `seq`."""
    enclosures = [[file.url, file.media_type, file.size_bytes] for file in entry.enclosures]
    return (
        entry.guid,
        entry.link,
        entry.title,
        seconds(entry.updated),
        _to_json(entry.authors),
        _to_json(enclosures),
        int(entry.more),
        int(entry.protected),
        entry.excerpt,
        entry.content,
    )


def _to_json(values: Sequence[Any]) -> str:
    """A JSON array; nothing at all for an empty one, so that most posts need no JSON."""
    if not values:
        return ""
    import json

    return json.dumps(values, ensure_ascii=False)


def _from_json(text: str) -> list[Any]:
    if not text:
        return []
    import json

    values: list[Any] = json.loads(text)
    return values


def entry_from(columns: Sequence[Any], published: int | None, categories: Sequence[str]) -> Entry:
    """An Entry as it was stored; times are whole seconds."""
    guid, link, title, updated, authors, enclosures, more, protected, excerpt, content = columns
    return Entry(
        guid=guid,
        link=link,
        title=title,
        published=moment(published),
        updated=moment(updated),
        authors=tuple(_from_json(authors)),
        categories=tuple(categories),
        excerpt=excerpt,
        content=content,
        more=bool(more),
        protected=bool(protected),
        enclosures=tuple(Enclosure(*values) for values in _from_json(enclosures)),
    )


def read_post(connection: sqlite3.Connection, id_: int) -> Post | None:
    row = connection.execute(
        """
        SELECT p.seq, p.source, p.published, p.first_seen, s.name, s.title, s.address,
            EXISTS (SELECT 1 FROM history.read_mark AS m WHERE m.post = p.id),
            b.guid, b.link, b.title, b.updated, b.authors, b.enclosures, b.more, b.protected,
            b.excerpt, b.content
        FROM main.post AS p JOIN main.source AS s ON s.id = p.source
            JOIN main.body AS b ON b.seq = p.seq
        WHERE p.id = ?
        """,
        (id_,),
    ).fetchone()
    if row is None:
        return None
    seq, source, published, first_seen, name, title, address, is_read, *body = row
    categories = tuple(
        Category(*columns)
        for columns in connection.execute(
            """
            SELECT k.id, k.source, k.name, k.total
            FROM main.post_category AS c JOIN main.category AS k ON k.id = c.category
            WHERE c.seq = ? ORDER BY k.place
            """,
            (seq,),
        )
    )
    return Post(
        id=id_,
        source_id=source,
        source_title=sources.shown_title(name, title, address),
        entry=entry_from(body, published, [category.name for category in categories]),
        categories=categories,
        unread=not is_read,
        first_seen=moment(first_seen),
    )
