"""The texts of a post, which are read one at a time: into the table and out of it."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from nordic_tui.model import Category, Enclosure, Entry, Post
from nordic_tui.store.identity import from_json, moment, seconds, to_json
from nordic_tui.store.sources import shown_title

Body = tuple[Any, ...]
"""The columns of `body` but `seq`, which is the last."""

_INSERT = """
    INSERT INTO main.body (guid, link, title, updated, authors, enclosures, more, protected,
        excerpt, content, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

_UPDATE = """
    UPDATE main.body SET guid = ?, link = ?, title = ?, updated = ?, authors = ?, enclosures = ?,
        more = ?, protected = ?, excerpt = ?, content = ?
    WHERE seq = ?
    """


def columns_of(entry: Entry, seq: int) -> Body:
    return (
        entry.guid,
        entry.link,
        entry.title,
        seconds(entry.updated),
        to_json(entry.authors),
        to_json(entry.enclosures),
        int(entry.more),
        int(entry.protected),
        entry.excerpt,
        entry.content,
        seq,
    )


def insert(connection: sqlite3.Connection, bodies: Sequence[Body]) -> None:
    connection.executemany(_INSERT, bodies)


def update(connection: sqlite3.Connection, body: Body) -> None:
    connection.execute(_UPDATE, body)


def entry_of(columns: Sequence[Any], published: int | None, categories: Sequence[str]) -> Entry:
    """An Entry as it was stored: the columns of `body` from the guid on; times are whole seconds.

    Raises ValueError and TypeError for what was never stored so.
    """
    guid, link, title, updated, authors, enclosures, more, protected, excerpt, content = columns
    return Entry(
        guid=guid,
        link=link,
        title=title,
        published=moment(published),
        updated=moment(updated),
        authors=tuple(from_json(authors)),
        categories=tuple(categories),
        excerpt=excerpt,
        content=content,
        more=bool(more),
        protected=bool(protected),
        enclosures=tuple(Enclosure(*values) for values in from_json(enclosures)),
    )


def read_post(connection: sqlite3.Connection, id_: int) -> Post | None:
    """A post in full; its entry names the categories and after them the tags."""
    row = connection.execute(
        """
        SELECT p.seq, p.source, p.published, p.first_seen, s.name, s.title, s.address,
            EXISTS (SELECT 1 FROM history.read_mark AS m WHERE m.post = p.id),
            IFNULL((SELECT t.names FROM main.post_tags AS t WHERE t.seq = p.seq), ''),
            b.guid, b.link, b.title, b.updated, b.authors, b.enclosures, b.more, b.protected,
            b.excerpt, b.content,
            EXISTS (SELECT 1 FROM library.star AS l WHERE l.post = p.id),
            (SELECT json_group_array(t.tag) FROM library.tagged AS t WHERE t.post = p.id),
            p.changed_at,
            p.changed_at > (SELECT m.at FROM history.read_mark AS m WHERE m.post = p.id),
            COALESCE(
                (SELECT f.html FROM main.full_text AS f WHERE f.seq = p.seq AND f.html <> ''),
                (SELECT a.html FROM history.asked_text AS a WHERE a.post = p.id), '')
        FROM main.post AS p JOIN main.source AS s ON s.id = p.source
            JOIN main.body AS b ON b.seq = p.seq
        WHERE p.id = ?
        """,
        (id_,),
    ).fetchone()
    if row is None:
        return None
    seq, source, published, first_seen, name, title, address, is_read, tags, *body = row
    *body, starred, own_tags, changed_at, changed, full_text = body
    categories = tuple(
        Category(*columns)
        for columns in connection.execute(
            """
            SELECT k.id, k.source, IFNULL(k.label, k.name), k.total
            FROM main.post_category AS c JOIN main.category AS k ON k.id = c.category
            WHERE c.seq = ? ORDER BY k.place
            """,
            (seq,),
        )
    )
    names = [category.name for category in categories] + from_json(tags)
    return Post(
        id=id_,
        source_id=source,
        source_title=shown_title(name, title, address),
        entry=entry_of(body, published, names),
        categories=categories,
        unread=not is_read,
        first_seen=moment(first_seen),
        starred=bool(starred),
        tags=tuple(sorted(from_json(own_tags))),
        changed_at=moment(changed_at),
        changed=bool(changed),
        full_text=full_text,
    )
