"""Putting what a damaged file still holds into the one that took its place.

Everything goes in as if it came for the first time, so that each count, index and group of posts is
made anew and is right whatever was lost; what is there already stays as it is, so that a salvage
that was interrupted can begin again. Kept of the cache are the sources with their states, the
categories of their sites, the posts with their texts, the full texts; not what posts said before,
and not how far an archive came, as it may miss posts now.
"""

import sqlite3
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from nordic_tui.model import Entry, Term
from nordic_tui.store import bodies, kept, posts, shapes
from nordic_tui.store.batch import last_seq
from nordic_tui.store.identity import from_json, numbers, post_id, source_id
from nordic_tui.store.remains import Remains
from nordic_tui.store.tally import Outcome, Tally
from nordic_tui.text import clean

PAGES_AT_ONCE: Final = 8
"""Pages of the table of posts that are put in by one transaction: up to 250 posts."""
MOST_NUMBERS: Final = 1 << 40
"""A number of arrival beyond it makes no sense."""

# ── what a person made ──────────────────────────────────────────────────────────────────────


def _copy(connection: sqlite3.Connection, found: Remains, schema: str, name: str) -> int:
    """Put a table's rows in; gives how many were not there yet."""
    columns = found.columns(name)
    return connection.executemany(
        f"INSERT OR IGNORE INTO {schema}.{name} ({', '.join(columns)})"  # noqa: S608  constants of this file; values are parameters
        f" VALUES ({', '.join('?' for _ in columns)})",
        found.rows(name),
    ).rowcount


def library(connection: sqlite3.Connection, found: Remains) -> str:
    """Put in stars, tags, what the posts said, and what can be undone. Inside a transaction.

    Gives what was saved, in words; "": nothing.
    """
    stars, tags = (_copy(connection, found, "library", name) for name in ("star", "tagged"))
    said = []
    for post, address, text in found.rows("kept"):
        try:
            title, first_seen, entry = kept.from_text(text)
            checked = _checked(entry)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            continue
        if isinstance(title, str) and (first_seen is None or shapes.time(first_seen)):
            said.append((post, address, kept.to_text(clean.line(title), first_seen, checked)))
    kept.insert(connection, said)
    for name in ("act", "act_change", "place", "ruled"):
        _copy(connection, found, "library", name)
    for statement in (
        "DELETE FROM library.act_change WHERE act NOT IN (SELECT id FROM library.act)",
        "DELETE FROM library.act WHERE id NOT IN (SELECT act FROM library.act_change)",
    ):
        connection.execute(statement)
    # What is starred and was not kept any more is kept by what the cache has of it.
    kept.keep(
        connection,
        [
            post
            for (post,) in connection.execute(
                "SELECT post FROM library.star UNION SELECT post FROM library.tagged"
            )
        ],
    )
    return _words((stars, "star"), (tags, "tag"))


def history(connection: sqlite3.Connection, found: Remains) -> str:
    """Put in marks, positions, texts that were asked for, and what can be undone. Inside a
    transaction; gives what was saved, in words; "": nothing."""
    marks, positions, texts = (
        _copy(connection, found, "history", name)
        for name in ("read_mark", "position", "asked_text")
    )
    for name in ("batch", "change", "last_place"):
        _copy(connection, found, "history", name)
    for statement in (
        "DELETE FROM history.change WHERE batch NOT IN (SELECT id FROM history.batch)",
        "DELETE FROM history.batch WHERE id NOT IN (SELECT batch FROM history.change)",
        # A number of a batch never comes twice, also if its row is lost.
        "DELETE FROM history.sqlite_sequence WHERE name = 'batch'",
        """
        INSERT INTO history.sqlite_sequence (name, seq)
        SELECT 'batch', MAX(IFNULL((SELECT MAX(batch) FROM history.read_mark), 0),
            IFNULL((SELECT MAX(id) FROM history.batch), 0))
        """,
    ):
        connection.execute(statement)
    return _words((marks, "mark"), (positions, "reading position"), (texts, "full text"))


def _words(*numbers_: tuple[int, str]) -> str:
    return ", ".join(
        f"{number:,} {name}{'' if number == 1 else 's'}" for number, name in numbers_ if number > 0
    )


# ── the cache ───────────────────────────────────────────────────────────────────────────────

# Validators are left out, and when it is to be asked again: the next answer is to be a whole one,
# as it may bring back what was lost. What a server asked for (`not_before`) holds.
_STATE = (
    *("checked_at", "failures", "error", "stopped", "read_from", "moving_to", "not_before"),
    *("rhythm_s", "update_s", "asked", "spared", "not_modified", "outcome", "warning", "rest"),
    *("asks_old", "missed_since", "answered_by"),
)


class _Source(NamedTuple):
    address: str
    title: str


class Posts:
    """The posts of a damaged cache, put in some at a time, the last that arrived first."""

    def __init__(self, found: Remains) -> None:
        self._found = found
        pages = list(reversed(found.places("post")))
        self._waiting = [
            pages[start : start + PAGES_AT_ONCE] for start in range(0, len(pages), PAGES_AT_ONCE)
        ]
        self._waiting.reverse()
        self._sources: dict[int, _Source] = {}
        self._categories: dict[int, str] = {}
        self._links: dict[int, list[int]] = {}
        self._bodies: dict[int, list[int]] = {}
        self._tags: dict[int, str] = {}
        self._aliases: set[tuple[int, int]] = set()
        self._texts: dict[int, list[int]] = {}
        self._last = 0
        self._seqs: dict[int, int] = {}
        self._begun = False
        self.saved = 0

    def _begin(self, connection: sqlite3.Connection) -> Outcome[int]:
        """Put the sources in and find out where the rest is."""
        found = self._found
        for row in found.rows("source"):
            columns = dict(zip(found.columns("source"), row, strict=True))
            address, id_ = columns["address"], columns["id"]
            if source_id(address) == id_:
                self._sources[id_] = _Source(address, clean.line(columns["title"]))
                self._put_source(connection, columns)
        for address, id_ in found.rows("sqlite_autoindex_source_1"):
            if source_id(address) == id_:
                self._sources.setdefault(id_, _Source(address, ""))
        tally = self._put_terms(connection)
        for name in ("post_category", "hidden_category"):
            links = found.columns(name)
            seq, category = links.index("seq"), links.index("category")
            for row in found.rows(name):
                self._links.setdefault(row[seq], []).append(row[category])
        for id_, _, name, *_ in found.rows("category"):
            self._categories[id_] = clean.line(name)
        for name, places in (("body", self._bodies), ("full_text", self._texts)):
            for page in found.places(name):
                for row in found.on(name, page):
                    places.setdefault(row[0], []).append(page)
        self._reserve_numbers(connection)
        self._tags.update(found.rows("post_tags"))
        self._aliases.update(found.rows("alias"))
        return Outcome(0, tally, moves=True)

    def _reserve_numbers(self, connection: sqlite3.Connection) -> None:
        """Let what arrives from now on have higher numbers than what is put in later: it is no new
        post then."""
        # A number that makes no sense must not use them up.
        seqs = (row[0] for row in self._found.rows("post"))
        self._last = max((seq for seq in seqs if seq < MOST_NUMBERS), default=0)
        if self._last > last_seq(connection):
            connection.execute("DELETE FROM main.sqlite_sequence WHERE name = 'post'")
            connection.execute(
                "INSERT INTO main.sqlite_sequence (name, seq) VALUES ('post', ?)", (self._last,)
            )

    def _put_source(self, connection: sqlite3.Connection, columns: dict[str, Any]) -> None:
        connection.execute(
            "INSERT OR IGNORE INTO main.source (id, address, place, followed, title, site_url)"
            " VALUES (?, ?, -1, 0, ?, ?)",
            (
                columns["id"],
                columns["address"],
                clean.line(columns["title"]),
                clean.url(columns["site_url"]),
            ),
        )
        state = {name: columns[name] for name in _STATE if columns[name] is not None}
        connection.execute(
            f"UPDATE main.source SET {', '.join(f'{name} = ?' for name in state)}"  # noqa: S608  constants of this file; values are parameters
            " WHERE id = ? AND checked_at IS NULL",
            (*state.values(), columns["id"]),
        )

    def _put_terms(self, connection: sqlite3.Connection) -> Tally:
        terms: dict[int, dict[int, Term]] = {}
        for source, number, name, slug, parent in self._found.rows("term"):
            term = Term(number, clean.line(name), clean.line(slug), max(0, parent))
            terms.setdefault(source, {})[number] = term
        tally = Tally()
        for source, of_source in terms.items():
            is_known = "SELECT 1 FROM main.term WHERE source = ? LIMIT 1"
            if (
                source in self._sources
                and connection.execute(is_known, (source,)).fetchone() is None
            ):
                address = self._sources[source].address
                done = posts.save_terms(connection, address, list(of_source.values()))
                tally = tally.plus(done.tally)
        return tally

    @property
    def is_done(self) -> bool:
        return self._begun and not self._waiting

    def go_on(self, connection: sqlite3.Connection) -> Outcome[int]:
        """Put some in. Inside a transaction; gives how many. It counts only once that is over."""
        if not self._begun:
            return self._begin(connection)
        lost = {post.id: post for post in self._read(self._waiting[-1])}
        there = {
            id_
            for (id_,) in connection.execute(
                "SELECT p.id FROM json_each(?) AS e CROSS JOIN main.post AS p ON p.id = e.value",
                (numbers(lost),),
            )
        }
        taken = {
            seq
            for (seq,) in connection.execute(
                "SELECT p.seq FROM json_each(?) AS e CROSS JOIN main.post AS p ON p.seq = e.value",
                (numbers(self._seqs.values()),),
            )
        }
        new = [
            post._replace(seq=None) if post.seq in taken else post
            for post in lost.values()
            if post.id not in there
        ]
        new.sort(key=lambda post: self._seqs[post.id])
        outcome = kept.store_again(connection, new)
        connection.executemany(
            "INSERT OR IGNORE INTO main.full_text (seq, fetched_at, html, failures)"
            " SELECT seq, ?, ?, 0 FROM main.post WHERE id = ?",
            list(self._full_texts(new)),
        )
        return outcome

    def went_on(self, saved: int) -> None:
        """What `go_on` put in is stored."""
        if self._begun:
            self.saved += saved
            self._waiting.pop()
        self._begun = True

    def _read(self, pages: list[int]) -> Iterator[kept.Lost]:
        columns = self._found.columns("post")
        self._seqs = {}
        for page in pages:
            for row in self._found.on("post", page):
                post = dict(zip(columns, row, strict=True))
                source, seq = self._sources.get(post["source"]), post["seq"]
                entries = list(self._entries(seq, post["published"]))
                if source is None or not entries:
                    continue
                id_, entry = self._meant(source.address, post["id"], seq, entries)
                self._seqs[id_] = seq
                first_seen = post["first_seen"]
                yield kept.Lost(
                    id_,
                    source.address,
                    source.title,
                    first_seen,
                    entry,
                    seq if seq <= self._last else None,
                    post["ord"] if post["ord"] <= (first_seen or 0) else None,
                )

    def _meant(self, address: str, id_: int, seq: int, entries: list[Entry]) -> tuple[int, Entry]:
        """Which of the texts that stand under a post's number is its own, and its id: a number that
        was damaged can be another one's."""
        identities = [post_id(address, entry) for entry in entries]
        for identity, entry in zip(identities, entries, strict=True):
            if identity == id_ or (identity, seq) in self._aliases:
                return id_, entry
        return identities[0], entries[0]

    def _rows(self, name: str, places: dict[int, list[int]], seq: int) -> Iterator[tuple[Any, ...]]:
        for page in dict.fromkeys(places.get(seq, ())):
            yield from (row for row in self._found.on(name, page) if row[0] == seq)

    def _entries(self, seq: int, published: int | None) -> Iterator[Entry]:
        """What a post can have said; nothing: its text is lost."""
        names = [
            self._categories[id_] for id_ in self._links.get(seq, ()) if id_ in self._categories
        ]
        for _, *body in self._rows("body", self._bodies, seq):
            try:
                categories = (*names, *from_json(self._tags.get(seq, "")))
                yield _checked(bodies.entry_of(body, published, categories))
            except (ValueError, TypeError):
                continue

    def _full_texts(self, lost: list[kept.Lost]) -> Iterator[tuple[int, str, int]]:
        for post in lost:
            for _, fetched_at, html, _ in self._rows("full_text", self._texts, self._seqs[post.id]):
                if html:
                    yield fetched_at, clean.block(html), post.id


def _checked(entry: Entry) -> Entry:
    """The entry with its texts through the gate once more. Raises TypeError, ValueError."""
    for value in (*entry[:3], *entry.authors, *entry.categories, entry.excerpt, entry.content):
        if not isinstance(value, str):
            raise TypeError(value)
    for file in entry.enclosures:
        if not isinstance(file.url, str) or not isinstance(file.media_type, str):
            raise TypeError(file)
        if file.size_bytes is not None and not shapes.number(file.size_bytes):
            raise TypeError(file)
    link = entry.link
    return entry._replace(
        link=link if clean.url(link) == link else "",
        title=clean.line(entry.title),
        authors=tuple(clean.line(each) for each in entry.authors),
        categories=tuple(clean.line(each) for each in entry.categories),
        excerpt=clean.block(entry.excerpt),
        content=clean.block(entry.content),
    )
