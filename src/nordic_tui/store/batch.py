"""The posts of one source that are written together, in as few statements as there are tables."""

import sqlite3
from collections.abc import Container, Mapping
from typing import Any, NamedTuple

from nordic_tui.model import Entry, Saved
from nordic_tui.store import bodies, hiding, library, links, twins, versions
from nordic_tui.store.categories import Sorted, Sorter
from nordic_tui.store.identity import (
    fingerprint,
    host,
    label,
    numbers,
    same_post,
    seconds,
    source_id,
)
from nordic_tui.store.links import Links
from nordic_tui.store.tally import Outcome, Tally
from nordic_tui.text.fold import fold

NO_FEED = 0
"""The fingerprint of a post that no feed has brought yet: the first that does has its text."""


class Known(NamedTuple):
    """A stored post that an entry of the feed is the next version of."""

    seq: int
    id: int
    ord: int
    first_seen: int | None
    fingerprint: int
    same: int | None

    @property
    def place(self) -> links.Place:
        return links.Place(self.seq, self.id, self.ord)


class Stood(NamedTuple):
    """Where a post stood that is stored again; None: where a new one stands."""

    seq: int | None = None
    """A number that is free."""
    ord: int | None = None


ANEW = Stood()


class _New(NamedTuple):
    """What is inserted."""

    id: int
    entry: Entry
    first_seen: int | None
    stood: Stood


_KNOWN_COLUMNS = "p.seq, p.id, p.ord, p.first_seen, p.fingerprint, p.same"


class _Change(NamedTuple):
    """What is written of a stored post: all of it, or (no `fingerprint`) its categories."""

    before: Known
    entry: Entry
    fingerprint: int | None

    def lifted(self, sames: Mapping[int, int | None]) -> "_Change":
        """The same after posts were lifted out of hiding; sames: theirs, by `seq`."""
        known = self.before
        return self._replace(before=known._replace(same=sames.get(known.seq, known.same)))


def _order(published: int | None, first_seen: int | None) -> int:
    """By date where it is plausible, never later than first seen; bundled posts at the end."""
    if first_seen is None:
        return 0
    return first_seen if published is None or published > first_seen else published


class Batch:
    """Told what is to be written, writes it with `write`. Inside a transaction.

    first_seen: now, in seconds; None: the posts are bundled ones.
    is_archive: they come from an archive page: older than what is there, and not from the feed.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        address: str,
        *,
        first_seen: int | None,
        is_archive: bool = False,
    ) -> None:
        self._connection = connection
        self._address = address
        self._source = source_id(address)
        self._host = host(address)
        self.first_seen = first_seen
        self._is_archive = is_archive
        self._shown = 0
        self._added: list[_New] = []
        self._changes: list[_Change] = []
        self._sorter: Sorter | None = None
        self._links = Links(connection)
        self._joining: list[int] = []
        """The `same` of posts that others may have."""
        self._known = 0
        """How many of the added posts another followed source has."""
        self._tally = Tally()

    # ── what is there ──

    def describe_source(self, title: str = "", site_url: str = "") -> None:
        """Make the source known; its first title stays ("… – Page 2 – …" is no new name)."""
        row = self._connection.execute(
            "SELECT followed, title, site_url FROM main.source WHERE id = ?", (self._source,)
        ).fetchone()
        if row is None:
            self._connection.execute(
                """
                INSERT INTO main.source (id, address, place, followed, title, site_url)
                VALUES (?, ?, -1, 0, ?, ?)
                """,
                (self._source, self._address, title, site_url),
            )
            return
        self._shown, old_title, old_site_url = row
        described = old_title or title, site_url or old_site_url
        if described != (old_title, old_site_url):
            self._connection.execute(
                "UPDATE main.source SET title = ?, site_url = ? WHERE id = ?",
                (*described, self._source),
            )

    def known(self, entries: dict[int, Entry]) -> dict[int, Known]:
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
        return {identity: Known(*row) for identity, *row in rows}

    def bundled(self, besides: Container[int]) -> dict[str, Known]:
        """Bundled posts of the source by folded title, but those that the feed itself has."""
        rows = self._connection.execute(
            f"SELECT p.folded, {_KNOWN_COLUMNS} FROM main.post AS p"  # noqa: S608  constants of this file; values are parameters
            " WHERE p.source = ? AND p.bundled = 1",
            (self._source,),
        )
        known = {folded: Known(*row) for folded, *row in rows}
        return {folded: post for folded, post in known.items() if post.id not in besides}

    # ── what is to be written ──

    def add(self, id_: int, entry: Entry, first_seen: int | None, stood: Stood = ANEW) -> None:
        """A new post; the newest is added first. first_seen: as that of the batch, but of a post
        that was there before."""
        self._added.append(_New(id_, entry, first_seen, stood))

    def add_alias(self, identity: int, seq: int) -> None:
        self._connection.execute(
            "INSERT INTO main.alias (identity, seq) VALUES (?, ?)", (identity, seq)
        )

    def change(self, before: Known, entry: Entry) -> None:
        """Take over the entry, if it is another than the one before."""
        now = self._fingerprint(entry)
        if before.first_seen is None or before.fingerprint != now:
            self._changes.append(_Change(before, entry, now))

    def sort_by_slugs(self, before: Known, entry: Entry) -> None:
        """Take over the entry's categories and nothing else."""
        if entry.slugs:
            self._changes.append(_Change(before, entry, None))

    def _fingerprint(self, entry: Entry) -> int:
        return NO_FEED if self._is_archive else fingerprint(entry)

    def write(self) -> Outcome[Saved]:
        touched = [id_ for id_, *_ in self._added] + [each.before.id for each in self._changes]
        if not touched:
            return Outcome(Saved(0, 0))
        lifted = hiding.lift(self._connection, [each.before.seq for each in self._changes])
        if lifted.sames:
            self._tally = self._tally.plus(lifted.tally)
            self._changes = [each.lifted(lifted.sames) for each in self._changes]
        # A post may have been read before the cache was lost.
        marked = {
            row[0]
            for row in self._connection.execute(
                "SELECT m.post FROM json_each(?) AS t CROSS JOIN history.read_mark AS m"
                " ON m.post = t.value",
                (numbers(touched),),
            )
        }
        self._sorter = Sorter(self._connection, self._address)
        self._insert(self._sorter, marked)
        moves = self._write_changes(self._sorter, marked)
        self._links.write()
        read = sum(id_ in marked for id_, *_ in self._added)
        self._tally = self._tally.plus(
            Tally({self._source: read} if read else {}, dict(self._links.read))
        )
        if self._joining:
            tally, others_read = twins.group(self._connection, self._joining)
            self._tally = self._tally.plus(tally)
            moves = moves or others_read
            library.even_out(self._connection, self._joining)
        self._tally = self._tally.plus(hiding.hide(self._connection, list(lifted.sames)))
        changed = sum(
            each.fingerprint is not None and each.before.fingerprint != NO_FEED
            for each in self._changes
        )
        saved = Saved(len(self._added), changed, self._known)
        return Outcome(saved, self._tally, moves=moves or bool(lifted.sames))

    def _insert(self, sorter: Sorter, marked: set[int]) -> None:
        if not self._added:
            return
        last = last_seq(self._connection)
        oldest = self._oldest() if self._is_archive else None
        rows, texts, sames = [], [], []
        # The newest gets the highest number, so that ties keep the feed's own order.
        for id_, entry, first_seen, stood in reversed(self._added):
            if stood.seq is None:
                last = seq = last + 1
            else:
                seq = stood.seq
            published = seconds(entry.published)
            order = _order(published, first_seen)
            if stood.ord is not None:
                order = stood.ord
            elif published is None and oldest is not None:
                order = oldest
            name = label(entry)
            same = same_post(self._host, entry.guid, entry.link)
            if same is not None:
                sames.append(same)
            sorted_ = sorter.sort(entry)
            rows.append(
                (
                    seq,
                    id_,
                    self._source,
                    order,
                    self._shown,
                    name,
                    fold(name),
                    published,
                    first_seen,
                    int(first_seen is None),
                    self._fingerprint(entry),
                    same,
                    int(sorted_.by_slug),
                )
            )
            texts.append(bodies.columns_of(entry, seq))
            self._links.add(links.Place(seq, id_, order), sorted_, is_read=id_ in marked)
        shared = twins.shared(self._connection, sames)
        self._joining += shared
        self._known = sum(shared.values())
        self._connection.executemany(
            """
            INSERT INTO main.post (seq, id, source, ord, shown, label, folded, published,
                first_seen, bundled, fingerprint, same, by_slug)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            rows,
        )
        bodies.insert(self._connection, texts)
        self._connection.execute(
            "UPDATE main.source SET total = total + ? WHERE id = ?", (len(rows), self._source)
        )

    def _oldest(self) -> int | None:
        """Where posts without a date go that are older than all that is there; None: anywhere."""
        (oldest,) = self._connection.execute(
            "SELECT MIN(ord) FROM main.post WHERE source = ? AND shown = ? AND ord > 0",
            (self._source, self._shown),
        ).fetchone()
        return None if oldest is None else max(1, oldest - 1)

    def _write_changes(self, sorter: Sorter, marked: set[int]) -> bool:
        """Whether any post may have changed its place."""
        if not self._changes:
            return False
        stood = links.load(self._connection, [each.before.seq for each in self._changes])
        moves = False
        for before, entry, written in self._changes:
            is_read = before.id in marked
            was, order = stood[before.seq], before.ord
            if written is None:
                names = [*self._names(was), *was.tags]
                now = sorter.also_called(sorter.sort(entry), names)
            else:
                order = self._update(before, entry, written)
                now = sorter.sort_again(entry, was)
                moves = True
            moved = self._links.move(before.place, was, order, now, is_read=is_read)
            moves = moves or moved
        return moves

    def _names(self, sorted_: Sorted) -> list[str]:
        """The names of the post's categories that are nothing but a name."""
        return [
            row[0]
            for row in self._connection.execute(
                """
                SELECT k.name FROM json_each(?) AS e CROSS JOIN main.category AS k ON k.id = e.value
                WHERE k.slug = '' ORDER BY k.place
                """,
                (numbers(sorted_.categories),),
            )
        ]

    def _update(self, before: Known, entry: Entry, written: int) -> int:
        """Write all but the categories; gives where the post stands now."""
        published = seconds(entry.published)
        first_seen, order = before.first_seen, before.ord
        if first_seen is None:
            first_seen = self.first_seen
            order = _order(published, first_seen)
        elif published is not None:
            order = _order(published, first_seen)
        name = label(entry)
        if before.first_seen is not None and before.fingerprint != NO_FEED:
            assert self.first_seen is not None  # bundled posts are only ever inserted
            versions.keep(self._connection, before.seq, entry, self.first_seen)
        values: tuple[Any, ...] = (order, name, fold(name), published, first_seen, written)
        self._connection.execute(
            """
            UPDATE main.post SET ord = ?, label = ?, folded = ?, published = ?, first_seen = ?,
                bundled = 0, fingerprint = ?
            WHERE seq = ?
            """,
            (*values, before.seq),
        )
        bodies.update(self._connection, bodies.columns_of(entry, before.seq))
        same = same_post(self._host, entry.guid, entry.link)
        if same != before.same:
            self._tally = self._tally.plus(twins.leave(self._connection, before.seq))
            self._connection.execute(
                "UPDATE main.post SET same = ? WHERE seq = ?", (same, before.seq)
            )
            if same is not None:
                self._joining.append(same)
        return order


def last_seq(connection: sqlite3.Connection) -> int:
    """The highest number that was ever given: a number never comes twice."""
    row = connection.execute("SELECT seq FROM main.sqlite_sequence WHERE name = 'post'").fetchone()
    return int(row[0]) if row else 0
