"""What a post said before: kept when a feed brings other words for it, of every post, read or not,
so that it tells nothing about what was read.

Whether the words have changed is asked of plain words: markup, white space, dates and what an
address tells about its reader (`utm_source=…`) count for nothing.
"""

import re
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from nordic_tui.model import Entry, Version, Versions
from nordic_tui.store import asked_texts
from nordic_tui.store.identity import moment, numbers, seconds
from nordic_tui.store.walks import Walk

MAX_VERSIONS: Final = 5
"""Of one post."""
MAX_BYTES: Final = 2_000_000
"""Of all earlier versions of one post together."""

_TRACKING = re.compile(r"[?&](?:utm_\w+|fbclid|gclid|mc_[ce]id|ref|source)=[^\s&]*", re.IGNORECASE)
_CUT_OFF = re.compile(r"\s*(?:\[?(?:…|\.\.\.)\]?)\s*$")


class _Words(NamedTuple):
    """The words of a post, one blank between two."""

    title: str
    excerpt: str
    content: str


def keep(connection: sqlite3.Connection, seq: int, entry: Entry, now: int) -> bool:
    """Keep what a post says in the cache, if `entry` says something else; True if it does.

    Inside a transaction, before the entry is written; now: in seconds.
    """
    title, excerpt, content = connection.execute(
        "SELECT title, excerpt, content FROM main.body WHERE seq = ?", (seq,)
    ).fetchone()
    if not has_changed(Entry(title=title, excerpt=excerpt, content=content), entry):
        return False
    connection.execute(
        "INSERT INTO main.earlier (seq, until, title, excerpt, content) VALUES (?, ?, ?, ?, ?)",
        (seq, now, title, excerpt, content),
    )
    _drop_old(connection, seq)
    connection.execute("UPDATE main.post SET changed_at = ? WHERE seq = ?", (now, seq))
    # What its page said belongs to the words before.
    connection.execute("DELETE FROM main.full_text WHERE seq = ?", (seq,))
    asked_texts.drop(connection, seq)
    return True


def has_changed(before: Entry, after: Entry) -> bool:
    """Whether a post says something else to who reads it.

    What a feed no longer tells (a text that a password keeps from now on, a full text where there
    is only an excerpt left) was not changed.
    """
    if (before.title, before.excerpt, before.content) == (
        after.title,
        after.excerpt,
        after.content,
    ):
        return False
    if after.protected:
        return False
    was, is_ = _words(before), _words(after)
    if was.title != is_.title:
        return True
    if was.content and is_.content and was.content != is_.content:
        return True
    return not _begins_alike(was.excerpt, is_.excerpt)


def _words(entry: Entry) -> _Words:
    content = ""
    if entry.content:
        from nordic_tui.text import html

        content = html.plain(entry.content)
    return _Words(*map(_plain, (entry.title, entry.excerpt, content)))


def _plain(text: str) -> str:
    return " ".join(_TRACKING.sub("", text).split())


def _begins_alike(one: str, other: str) -> bool:
    """Whether two excerpts are the same as far as both go: how much a site shows of a text is
    none of the text's words. An excerpt that appears or goes says nothing either."""
    short, long = sorted((_CUT_OFF.sub("", one), _CUT_OFF.sub("", other)), key=len)
    is_cut = any(_CUT_OFF.search(each) for each in (one, other))
    return long.startswith(short) if is_cut or not short else long == short


def _drop_old(connection: sqlite3.Connection, seq: int) -> None:
    """The oldest versions go, those beyond the number and those beyond the bytes."""
    rows = connection.execute(
        """
        SELECT rowid, length(CAST(title || excerpt || content AS BLOB))
        FROM main.earlier WHERE seq = ? ORDER BY until DESC, rowid DESC
        """,
        (seq,),
    ).fetchall()
    size, gone = 0, []
    for number, (rowid, size_bytes) in enumerate(rows):
        size += size_bytes
        if number >= MAX_VERSIONS or size > MAX_BYTES:
            gone.append((rowid,))
    connection.executemany("DELETE FROM main.earlier WHERE rowid = ?", gone)


def load(connection: sqlite3.Connection, post_id: int) -> Versions:
    """What a post said before, the oldest first, and when it was read."""
    rows = connection.execute(
        """
        SELECT e.until, e.title, e.excerpt, e.content
        FROM main.post AS p JOIN main.earlier AS e ON e.seq = p.seq
        WHERE p.id = ? ORDER BY e.until, e.rowid
        """,
        (post_id,),
    )
    earlier = []
    for until, *texts in rows:
        at = moment(until)
        assert at is not None  # the column is never empty
        earlier.append(Version(at, *texts))
    row = connection.execute(
        "SELECT at FROM history.read_mark WHERE post = ?", (post_id,)
    ).fetchone()
    return Versions(tuple(earlier), moment(row[0]) if row else None)


def read_again(connection: sqlite3.Connection, post_ids: Sequence[int], now: datetime) -> None:
    """Of these posts, those that were read and have changed since are read as they are now; in
    all sources that have them. Inside a transaction.

    It is called where posts are marked as read one by one: what is unread, or did not change, is
    none of its business. A post that is opened is no act to take back; `touch` is for one that is.
    """
    connection.execute(
        """
        UPDATE history.read_mark SET at = ?
        WHERE post IN (
            SELECT t.id FROM json_each(?) AS e CROSS JOIN main.post AS p ON p.id = e.value
                CROSS JOIN main.post AS t ON t.id = p.id OR t.same = p.same
        ) AND at < (SELECT q.changed_at FROM main.post AS q WHERE q.id = read_mark.post)
        """,
        (seconds(now), numbers(post_ids)),
    )


def touch(connection: sqlite3.Connection, posts: Walk) -> int:
    """Put those of a view's posts that `read_again` would be about among `temp.touched`, as posts
    that were read and stay so (step 0); in all sources that have them.

    Gives how many these are; what is in several sources is one post.
    """
    connection.execute(
        f"""
        INSERT OR IGNORE INTO temp.touched (post, step)
        SELECT t.id, 0
        FROM (SELECT {posts.id} AS id {posts.where()}) AS v
            CROSS JOIN main.post AS p ON p.id = v.id
            CROSS JOIN main.post AS t ON t.id = p.id OR t.same = p.same
            CROSS JOIN history.read_mark AS m ON m.post = t.id
        WHERE (p.changed_at IS NOT NULL OR p.overlap <> 0) AND m.at < t.changed_at
        """,  # noqa: S608  constants of `walks`; values are parameters
        posts.values,
    )
    (number,) = connection.execute(
        """
        SELECT COUNT(DISTINCT iif(p.overlap, p.same, p.id))
        FROM temp.touched AS t CROSS JOIN main.post AS p ON p.id = t.post WHERE t.step = 0
        """
    ).fetchone()
    return int(number)
