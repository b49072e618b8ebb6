"""The same post in several sources: kept in each, shown and counted once, read in all or none.

Posts with the same `same` are a group. Each knows by `overlap` which sources its group is in, and
by `twin` whether a followed source brought the group before it. So a post that no other source
has (`overlap` 0) costs nothing, and how many posts any choice of sources holds follows from
the sources' totals and the few rows of `overlap`.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from nordic_tui.store.identity import numbers
from nordic_tui.store.tally import Tally


class _Member(NamedTuple):
    """A post of a group."""

    same: int
    seq: int
    id: int
    source: int
    shown: int
    twin: int
    overlap: int
    at: int | None
    """When it was read, and in which batch; None: it is unread."""
    batch: int | None


def shared(connection: sqlite3.Connection, sames: Iterable[int]) -> dict[int, bool]:
    """Those of these `same` that some stored post has, and whether one of a followed source has."""
    return {
        same: bool(shown)
        for same, shown in connection.execute(
            """
            SELECT q.same, MAX(q.shown)
            FROM json_each(?) AS e CROSS JOIN main.post AS q ON q.same = e.value
            GROUP BY q.same
            """,
            (numbers(sames),),
        )
    }


def group(connection: sqlite3.Connection, sames: Iterable[int]) -> tuple[Tally, bool]:
    """See to it that the posts with each of these `same` are one group. Inside a transaction.

    If one of them was read, all of them are from now on. Gives what is added to the tally, and
    whether a post became read so.
    """
    rows = connection.execute(
        """
        SELECT q.same, q.seq, q.id, q.source, q.shown, q.twin, q.overlap, m.at, m.batch
        FROM json_each(?) AS e CROSS JOIN main.post AS q ON q.same = e.value
            LEFT JOIN history.read_mark AS m ON m.post = q.id
        ORDER BY q.same, q.seq
        """,
        (numbers(set(sames)),),
    ).fetchall()
    totals: Counter[int] = Counter()
    read: Counter[int] = Counter()
    changed: list[tuple[int, int, int]] = []
    also_read: list[tuple[_Member, _Member]] = []
    for _, grouped in groupby(map(_Member._make, rows), key=lambda member: member.same):
        members = list(grouped)
        before = max(member.overlap for member in members)
        after = _overlap_id(connection, members)
        marked = next((member for member in members if member.at is not None), None)
        for overlap, step in ((before, -1), (after, 1)):
            if overlap:
                totals[overlap] += step
        first = True
        for member in members:
            twin = int(not first) if after and member.shown else 0
            first = first and not member.shown
            if (member.overlap, member.twin) != (after, twin):
                changed.append((after, twin, member.seq))
            if member.at is not None and member.overlap:
                read[member.overlap] -= 1
            if marked is not None and after:
                read[after] += 1
                if member.at is None:
                    also_read.append((member, marked))
    connection.executemany("UPDATE main.post SET overlap = ?, twin = ? WHERE seq = ?", changed)
    connection.executemany(
        "UPDATE main.overlap SET total = total + ? WHERE id = ?",
        [(step, id_) for id_, step in totals.items() if step],
    )
    return Tally(overlaps=read).plus(_read_too(connection, also_read)), bool(also_read)


def _overlap_id(connection: sqlite3.Connection, members: list[_Member]) -> int:
    """The id of the overlap of the members' sources, made if need be; 0 for one alone."""
    if len(members) < 2:
        return 0
    sources = ",".join(map(str, sorted(member.source for member in members)))
    row = connection.execute("SELECT id FROM main.overlap WHERE sources = ?", (sources,)).fetchone()
    if row is not None:
        return int(row[0])
    made = connection.execute("INSERT INTO main.overlap (sources, total) VALUES (?, 0)", (sources,))
    assert made.lastrowid is not None
    return made.lastrowid


def _read_too(connection: sqlite3.Connection, also_read: list[tuple[_Member, _Member]]) -> Tally:
    """Mark each of these posts as the one beside it is marked."""
    if not also_read:
        return Tally()
    connection.executemany(
        "INSERT INTO history.read_mark (post, at, batch) VALUES (?, ?, ?)",
        [(member.id, marked.at, marked.batch) for member, marked in also_read],
    )
    categories = connection.execute(
        """
        SELECT c.category, COUNT(*)
        FROM json_each(?) AS e CROSS JOIN main.post_category AS c ON c.seq = e.value
        GROUP BY c.category
        """,
        (numbers(member.seq for member, _ in also_read),),
    ).fetchall()
    return Tally(Counter(member.source for member, _ in also_read), dict(categories))


def leave(connection: sqlite3.Connection, seq: int) -> Tally:
    """Take a post out of its group: it is no longer the same post. Inside a transaction.

    Gives what is added to the tally.
    """
    same, overlap, is_read = connection.execute(
        """
        SELECT p.same, p.overlap, EXISTS (SELECT 1 FROM history.read_mark AS m WHERE m.post = p.id)
        FROM main.post AS p WHERE p.seq = ?
        """,
        (seq,),
    ).fetchone()
    connection.execute(
        "UPDATE main.post SET same = NULL, overlap = 0, twin = 0 WHERE seq = ?", (seq,)
    )
    if not overlap:
        return Tally()
    tally, _ = group(connection, [same])
    return tally.plus(Tally(overlaps={overlap: -1 if is_read else 0}))


def tell_apart(connection: sqlite3.Connection, sources: Iterable[int]) -> None:
    """Find out anew which post of each group came first, after these sources came or went."""
    connection.execute(
        """
        UPDATE main.post SET twin = shown AND EXISTS (
            SELECT 1 FROM main.post AS q
            WHERE q.same = post.same AND q.shown = 1 AND q.seq < post.seq)
        WHERE same IN (
            SELECT p.same FROM json_each(?) AS e CROSS JOIN main.post AS p ON p.source = e.value
            WHERE p.overlap <> 0)
        """,
        (numbers(sources),),
    )


def exist(connection: sqlite3.Connection) -> bool:
    """Whether any post is in more than one source."""
    query = "SELECT 1 FROM main.overlap WHERE total > 0 LIMIT 1"
    return connection.execute(query).fetchone() is not None


# ── marks ───────────────────────────────────────────────────────────────────────────────────

_UNEVEN = """
    FROM history.read_mark AS m CROSS JOIN main.post AS p ON p.id = m.post
        CROSS JOIN main.post AS q ON q.same = p.same
    WHERE p.overlap <> 0 AND q.id NOT IN (SELECT post FROM history.read_mark)
    """
"""Read posts `p` with an unread post `q` of their group."""


def are_uneven(connection: sqlite3.Connection) -> bool:
    """Whether of some group one post is marked as read and another isn't.

    So it may be after posts came that were read before these groups were known, or after two
    histories were joined.
    """
    return (
        exist(connection)
        and connection.execute(f"SELECT 1 {_UNEVEN} LIMIT 1").fetchone() is not None
    )


def even_out(connection: sqlite3.Connection) -> None:
    """Mark all posts of a group as read if one of them is. Inside a transaction.

    The tally is to be counted anew.
    """
    if exist(connection):
        connection.execute(
            f"""
            INSERT OR IGNORE INTO history.read_mark (post, at, batch)
            SELECT q.id, m.at, m.batch {_UNEVEN}
            """
        )


def touch(connection: sqlite3.Connection, *, read: bool) -> None:
    """Let what is about to happen to `temp.touched` happen to their groups as well.

    read: whether the posts become read (or unread).
    """
    if exist(connection):
        connection.execute(
            f"""
            INSERT OR IGNORE INTO temp.touched (post, step)
            SELECT q.id, t.step
            FROM temp.touched AS t CROSS JOIN main.post AS p ON p.id = t.post
                CROSS JOIN main.post AS q ON q.same = p.same
            WHERE p.overlap <> 0
                AND q.id {"NOT IN" if read else "IN"} (SELECT post FROM history.read_mark)
            """  # noqa: S608  constants of this file
        )


def undo_too(connection: sqlite3.Connection, batch: int) -> None:
    """Let the undo of a batch reach posts of its groups that came after it."""
    if exist(connection):
        connection.execute(
            """
            INSERT OR IGNORE INTO history.change (batch, post, was_at, was_batch)
            SELECT c.batch, q.id, c.was_at, c.was_batch
            FROM history.change AS c CROSS JOIN main.post AS p ON p.id = c.post
                CROSS JOIN main.post AS q ON q.same = p.same
            WHERE c.batch = ? AND p.overlap <> 0
            """,
            (batch,),
        )
