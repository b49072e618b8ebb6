"""What starred and tagged posts say, kept beside the stars: it outlasts the cache.

kept in the library   as soon as a post is starred or tagged, by what the cache has of it then
put back              at a start, and when a star or tag comes back, where the cache knows the
                      post no more; the next feed that brings it has its newest text
gone                  once no star, no tag and no act that can be undone or done again needs it
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from nordic_tui.model import Enclosure, Entry, KeptPost
from nordic_tui.store import bodies
from nordic_tui.store.identity import from_json, moment, numbers, post_id, seconds
from nordic_tui.store.tally import Outcome, Tally

_TIMES = ("published", "updated")
_LISTS = ("authors", "categories")

_IS_WANTED = """(EXISTS (SELECT 1 FROM library.star AS s WHERE s.post = k.post)
    OR EXISTS (SELECT 1 FROM library.tagged AS t WHERE t.post = k.post))"""


def keep(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Keep what these posts say, those that are not kept yet. Inside a transaction."""
    missing = connection.execute(
        """
        SELECT p.id, s.address, p.first_seen
        FROM json_each(?) AS e CROSS JOIN main.post AS p ON p.id = e.value
            JOIN main.source AS s ON s.id = p.source
        WHERE p.id NOT IN (SELECT post FROM library.kept)
        """,
        (numbers(ids),),
    ).fetchall()
    rows = []
    for id_, address, first_seen in missing:
        post = bodies.read_post(connection, id_)
        assert post is not None, "it was in the table just now"
        rows.append((id_, address, to_text(post.source_title, first_seen, post.entry)))
    insert(connection, rows)


def keep_as_given(connection: sqlite3.Connection, posts: Iterable[KeptPost]) -> None:
    """Keep what these say of themselves, those that are not kept yet. Inside a transaction."""
    insert(
        connection,
        [
            (
                post.id,
                post.address,
                to_text(post.source_title, seconds(post.first_seen), post.entry),
            )
            for post in posts
        ],
    )


def insert(connection: sqlite3.Connection, rows: Sequence[tuple[int, str, str]]) -> None:
    """Keep (post, address, what it said), those that are not kept yet."""
    connection.executemany(
        "INSERT OR IGNORE INTO library.kept (post, address, entry) VALUES (?, ?, ?)", rows
    )


def drop_unneeded(connection: sqlite3.Connection) -> None:
    """Let go of what no star, no tag and no act needs. Inside a transaction."""
    connection.execute(
        f"""
        DELETE FROM library.kept AS k WHERE NOT {_IS_WANTED}
            AND NOT EXISTS (SELECT 1 FROM library.act_change AS c WHERE c.post = k.post)
        """  # noqa: S608  constants of this file
    )


def load(connection: sqlite3.Connection) -> list[KeptPost]:
    """All that is starred or tagged, in the order of the ids."""
    rows = connection.execute(
        f"""
        SELECT k.post, k.address, k.entry,
            (SELECT s.at FROM library.star AS s WHERE s.post = k.post),
            (SELECT json_group_array(json_array(t.tag, t.at))
                FROM library.tagged AS t WHERE t.post = k.post)
        FROM library.kept AS k WHERE {_IS_WANTED} ORDER BY k.post
        """  # noqa: S608  constants of this file
    )
    found = []
    for id_, address, entry, starred_at, tags in rows:
        title, first_seen, said = from_text(entry)
        given = sorted((tag, at) for tag, at in from_json(tags))
        found.append(
            KeptPost(
                id_,
                address,
                title,
                said,
                moment(first_seen),
                moment(starred_at),
                tuple((tag, _time(at)) for tag, at in given),
            )
        )
    return found


def _time(at: int) -> datetime:
    time = moment(at)
    assert time is not None
    return time


# ── back into the cache ─────────────────────────────────────────────────────────────────────

_LOST = f"""
    FROM library.kept AS k
    WHERE {_IS_WANTED} AND NOT EXISTS (SELECT 1 FROM main.post AS p WHERE p.id = k.post)
    """  # noqa: S608  constants of this file


def are_lost(connection: sqlite3.Connection) -> bool:
    """Whether the cache knows some starred or tagged post no more."""
    return connection.execute(f"SELECT 1 {_LOST} LIMIT 1").fetchone() is not None


def put_back(connection: sqlite3.Connection) -> Outcome[int]:
    """Store the starred and tagged posts that the cache knows no more. Inside a transaction.

    Each becomes a post of its source again, hidden if that is not followed. Gives how many.
    """
    rows = connection.execute(f"SELECT k.post, k.address, k.entry {_LOST}").fetchall()
    lost = []
    for id_, address, text in rows:
        title, first_seen, entry = from_text(text)
        lost.append(Lost(id_, address, title, first_seen, entry))
    return store_again(connection, sorted(lost, key=lambda each: (each.first_seen or 0, each.id)))


class Lost(NamedTuple):
    """A post that the cache knew once."""

    id: int
    address: str
    """Of its source."""
    source_title: str
    first_seen: int | None
    entry: Entry
    seq: int | None = None
    """Its number in the order of arrival, if it is free; None: it arrives now."""
    ord: int | None = None
    """Where it stood; None: where its date and when it was first seen put it."""


def store_again(connection: sqlite3.Connection, lost: Iterable[Lost]) -> Outcome[int]:
    """Store posts that the cache does not know any more, those that were first seen last at the
    end. Inside a transaction. The next feed that brings one has its newest text.

    Gives how many were stored: not those that are there under another number.
    """
    from nordic_tui.store.batch import (  # a start that puts nothing back does without
        NO_FEED,
        Batch,
        Stood,
    )

    tally, added = Tally(), []
    of_address: dict[str, list[Lost]] = {}
    for post in lost:
        of_address.setdefault(post.address, []).append(post)
    for address, posts in of_address.items():
        batch = Batch(connection, address, first_seen=None)
        batch.describe_source(posts[0].source_title)
        known = batch.known({post_id(address, post.entry): post.entry for post in posts})
        taken: dict[int, int] = {}
        identities: list[tuple[int, int]] = []
        # A batch is given the newest first.
        for post in reversed(posts):
            identity = post_id(address, post.entry)
            if identity != post.id:
                there = known[identity].id if identity in known else taken.get(identity)
                if there is not None:
                    _call(connection, post.id, there)
                    continue
                identities.append((identity, post.id))
            taken[identity] = post.id
            batch.add(post.id, post.entry, post.first_seen, Stood(post.seq, post.ord))
            added.append(post.id)
        tally = tally.plus(batch.write().tally)
        connection.executemany(
            "INSERT OR REPLACE INTO main.alias (identity, seq)"
            " SELECT ?, seq FROM main.post WHERE id = ?",
            identities,
        )
    connection.execute(
        "UPDATE main.post SET fingerprint = ? WHERE id IN (SELECT value FROM json_each(?))",
        (NO_FEED, numbers(added)),
    )
    return Outcome(len(added), tally, moves=bool(of_address), marks=None, kept=True)


def _call(connection: sqlite3.Connection, before: int, now: int) -> None:
    """What was kept of a post by one number is kept by another one from now on."""
    for table in ("star", "tagged", "kept", "act_change"):
        connection.execute(
            f"UPDATE OR REPLACE library.{table} SET post = ? WHERE post = ?",  # noqa: S608  constants of this file; values are parameters
            (now, before),
        )


# ── as JSON ─────────────────────────────────────────────────────────────────────────────────
# {"source_title": …, "first_seen": …, "entry": {fields of an Entry that say something}}, times in
# seconds. Slugs and numbers are left out: names and tags stand together in `categories`.


def to_text(source_title: str, first_seen: int | None, entry: Entry) -> str:
    import json

    said: dict[str, Any] = {
        name: seconds(value) if name in _TIMES else value
        for name, value in entry._asdict().items()
        if value and name not in ("slugs", "number", "category_numbers")
    }
    kept = {"source_title": source_title, "first_seen": first_seen, "entry": said}
    return json.dumps(kept, ensure_ascii=False)


def from_text(text: str) -> tuple[str, int | None, Entry]:
    """The source's title, when the post was first seen, and what it said."""
    import json

    kept = json.loads(text)
    said: dict[str, Any] = kept["entry"]
    for name in _TIMES:
        said[name] = moment(said.get(name))
    for name in _LISTS:
        said[name] = tuple(said.get(name, ()))
    said["enclosures"] = tuple(Enclosure(*values) for values in said.get("enclosures", ()))
    return kept["source_title"], kept["first_seen"], Entry(**said)
