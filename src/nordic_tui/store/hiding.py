"""Posts that rules hide: shown nowhere and counted nowhere, for as long as a rule hides them.

A hidden post is not `shown`, is in no category and in no group with the same post of other sources,
and its source's total and the tally go without it. What it takes to show it again stands beside it.
So nothing but `sources.follow`, which shows and hides whole sources, has to know of it; whoever
changes stored posts lifts those among them out of hiding, and hides them again.

    hidden           the post, and what it has in common with the same post of other sources
    hidden_category  what it would be in
    hidden_by        the rules that hide it; they stay while it is lifted
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nordic_tui.store import library, twins
from nordic_tui.store.identity import numbers
from nordic_tui.store.tally import Tally


class Lifted(NamedTuple):
    """Posts that were taken out of hiding for a while, by their `seq` with their `same`."""

    sames: dict[int, int | None]
    tally: Tally = Tally()
    """What is added to the tally."""


def lift(connection: sqlite3.Connection, seqs: Iterable[int]) -> Lifted:
    """Show those of these posts that are hidden. Inside a transaction that hides them again."""
    rows = connection.execute(
        """
        SELECT h.seq, h.same
        FROM json_each(?) AS e CROSS JOIN main.hidden AS h ON h.seq = e.value
        """,
        (numbers(seqs),),
    ).fetchall()
    return Lifted(dict(rows), _show(connection, dict(rows)) if rows else Tally())


def of_source(connection: sqlite3.Connection, source: int) -> list[int]:
    """The hidden posts of a source."""
    rows = connection.execute(
        """
        SELECT h.seq FROM main.hidden AS h CROSS JOIN main.post AS p ON p.seq = h.seq
        WHERE p.source = ?
        """,
        (source,),
    )
    return [seq for (seq,) in rows]


def settle(connection: sqlite3.Connection) -> Tally | None:
    """Hide what a rule hides now, and show what none hides any more. Inside a transaction.

    Gives what is added to the tally; None: everything is as it was.
    """
    free = connection.execute(
        """
        SELECT h.seq, h.same FROM main.hidden AS h
        WHERE NOT EXISTS (SELECT 1 FROM main.hidden_by AS b WHERE b.seq = h.seq)
        """
    ).fetchall()
    caught = connection.execute(
        "SELECT DISTINCT seq FROM main.hidden_by WHERE seq NOT IN (SELECT seq FROM main.hidden)"
    ).fetchall()
    if not free and not caught:
        return None
    tally = _show(connection, dict(free)) if free else Tally()
    return tally.plus(hide(connection, [seq for (seq,) in caught]))


def hide(connection: sqlite3.Connection, seqs: Sequence[int]) -> Tally:
    """Hide posts, none of which is hidden. Inside a transaction; gives what is added to the
    tally."""
    if not seqs:
        return Tally()
    given = (numbers(seqs),)
    waiting = _waiting(connection, seqs)
    grouped = connection.execute(
        """
        SELECT p.seq, p.same
        FROM json_each(?) AS e CROSS JOIN main.post AS p ON p.seq = e.value
        WHERE p.same IS NOT NULL
        """,
        given,
    ).fetchall()
    tally = Tally()
    for seq, _ in grouped:
        tally = tally.plus(twins.leave(connection, seq))
    sames = dict(grouped)
    connection.executemany(
        "INSERT INTO main.hidden (seq, same) VALUES (?, ?)", [(seq, sames.get(seq)) for seq in seqs]
    )
    tally = tally.plus(_count(connection, seqs, -1))
    connection.execute(
        """
        INSERT INTO main.hidden_category (seq, category)
        SELECT c.seq, c.category
        FROM json_each(?) AS e CROSS JOIN main.post_category AS c ON c.seq = e.value
        """,
        given,
    )
    connection.execute(
        "DELETE FROM main.post_category WHERE seq IN (SELECT value FROM json_each(?))", given
    )
    connection.execute(
        "UPDATE main.post SET shown = 0 WHERE seq IN (SELECT value FROM json_each(?))", given
    )
    _forget_waiting(connection, seqs, waiting)
    return tally


def _show(connection: sqlite3.Connection, sames: dict[int, int | None]) -> Tally:
    """Show hidden posts, given with what they have in common with others."""
    given = (numbers(sames),)
    waiting = _waiting(connection, sames)
    connection.execute(
        """
        INSERT INTO main.post_category (category, ord, seq, post)
        SELECT h.category, p.ord, p.seq, p.id
        FROM json_each(?) AS e CROSS JOIN main.hidden_category AS h ON h.seq = e.value
            CROSS JOIN main.post AS p ON p.seq = h.seq
        """,
        given,
    )
    connection.execute(
        "DELETE FROM main.hidden_category WHERE seq IN (SELECT value FROM json_each(?))", given
    )
    connection.execute(
        "DELETE FROM main.hidden WHERE seq IN (SELECT value FROM json_each(?))", given
    )
    connection.executemany(
        """
        UPDATE main.post SET same = ?,
            shown = (SELECT s.followed FROM main.source AS s WHERE s.id = post.source)
        WHERE seq = ?
        """,
        [(same, seq) for seq, same in sames.items()],
    )
    tally = _count(connection, sames, 1)
    together = {same for same in sames.values() if same is not None}
    if together:
        joined, _ = twins.group(connection, together)
        tally = tally.plus(joined)
        library.even_out(connection, together)
    _forget_waiting(connection, sames, waiting)
    return tally


def _count(connection: sqlite3.Connection, seqs: Iterable[int], step: int) -> Tally:
    """Add posts to the totals (step 1), or take them off (-1), while they are in their categories;
    gives what is added to the tally."""
    is_read = "EXISTS (SELECT 1 FROM history.read_mark AS m WHERE m.post = {})"
    given = (numbers(seqs),)
    sources = connection.execute(
        f"""
        SELECT p.source, COUNT(*), SUM({is_read.format("p.id")})
        FROM json_each(?) AS e CROSS JOIN main.post AS p ON p.seq = e.value
        GROUP BY p.source
        """,  # noqa: S608  constants of this function; values are parameters
        given,
    ).fetchall()
    categories = connection.execute(
        f"""
        SELECT c.category, COUNT(*), SUM({is_read.format("c.post")})
        FROM json_each(?) AS e CROSS JOIN main.post_category AS c ON c.seq = e.value
        GROUP BY c.category
        """,  # noqa: S608  constants of this function; values are parameters
        given,
    ).fetchall()
    for table, rows in (("source", sources), ("category", categories)):
        connection.executemany(
            f"UPDATE main.{table} SET total = total + ? WHERE id = ?",  # noqa: S608  a constant of this function
            [(step * number, id_) for id_, number, _ in rows],
        )
    return Tally(
        Counter({id_: step * read for id_, _, read in sources if read}),
        Counter({id_: step * read for id_, _, read in categories if read}),
    )


# ── the index of words ──────────────────────────────────────────────────────────────────────
# It knows the categories of hidden posts as well: that a post leaves its categories so, or comes
# back into them, changes none of its words.


def _waiting(connection: sqlite3.Connection, seqs: Iterable[int]) -> list[int]:
    """Those of these posts that are to be put into the index already."""
    rows = connection.execute(
        "SELECT u.seq FROM json_each(?) AS e CROSS JOIN main.unindexed AS u ON u.seq = e.value",
        (numbers(seqs),),
    )
    return [seq for (seq,) in rows]


def _forget_waiting(
    connection: sqlite3.Connection, seqs: Iterable[int], waiting: Sequence[int]
) -> None:
    connection.execute(
        """
        DELETE FROM main.unindexed WHERE seq IN (SELECT value FROM json_each(?))
            AND seq NOT IN (SELECT value FROM json_each(?))
        """,
        (numbers(seqs), numbers(waiting)),
    )
