"""What was written down by a clock that was ahead, and how late it can be at all.

A clock that is wrong for a moment (a dead battery, a virtual machine that wakes up, a slip in the
settings) must neither keep posts at the top of every list for years nor erase a reading history.
"""

import sqlite3
from datetime import datetime, timedelta
from typing import Final

from nordic_tui.clock import CLOCK_SLACK
from nordic_tui.store import links
from nordic_tui.store.identity import moment, seconds
from nordic_tui.store.links import Links

SILENCE: Final = timedelta(days=90)
"""So long nothing may have happened that tells how late it is: no post with a date, no mark."""
SETTLED: Final = timedelta(days=1)
"""What was read at least so long ago was not read by a clock that is wrong for a moment."""


def bring_back(connection: sqlite3.Connection, now: datetime) -> bool:
    """Let posts that were first seen later than now be first seen now. Inside a transaction.

    Gives whether there were any. A lookup by index where there are none.
    """
    late = seconds(now + CLOCK_SLACK)
    rows = connection.execute(
        """
        SELECT seq, id, ord, published FROM main.post
        WHERE shown IN (0, 1) AND ord > ?1 AND first_seen > ?1
        """,
        (late,),
    ).fetchall()
    if not rows:
        return False
    at = seconds(now)
    assert at is not None
    stood = links.load(connection, [seq for seq, *_ in rows])
    moving = Links(connection)
    for seq, id_, order, published in rows:
        moved = at if published is None or published > at else published
        connection.execute(
            "UPDATE main.post SET first_seen = ?, ord = ? WHERE seq = ?", (at, moved, seq)
        )
        place, sorted_ = links.Place(seq, id_, order), stood[seq]
        moving.move(place, sorted_, moved, sorted_, is_read=False)
    moving.write()
    return True


def bring_marks_back(connection: sqlite3.Connection, now: datetime) -> None:
    """Let what was read later than now be read now, so that it is kept for as long as all else.
    Inside a transaction."""
    late = seconds(now), seconds(now + CLOCK_SLACK)
    connection.execute("UPDATE history.read_mark SET at = ? WHERE at > ?", late)
    connection.execute("UPDATE history.position SET at = ? WHERE at > ?", late)
    connection.execute("UPDATE history.asked_text SET at = ? WHERE at > ?", late)
    connection.execute("UPDATE history.last_place SET at = ? WHERE at > ?", late)


def time_of(connection: sqlite3.Connection, now: datetime) -> datetime:
    """How late it is at most, by what tells it besides the clock.

    Posts bring their own dates, from other clocks; and what was read on an earlier day was written
    down by this clock when it was no other. Where neither is from the last 90 days, a clock that
    says it is years later is not believed: it may be right, and then the next post with a date, or
    a mark that is a day old, says so.
    """
    (told,) = connection.execute(
        """
        SELECT MAX(at) FROM (
            SELECT (SELECT p.ord FROM main.post AS p
                WHERE p.shown = 1 AND p.ord <= ?1 AND p.published = p.ord
                ORDER BY p.ord DESC LIMIT 1) AS at
            UNION ALL SELECT MAX(at) FROM history.read_mark WHERE at <= ?2
            UNION ALL SELECT MAX(at) FROM history.position WHERE at <= ?2
            UNION ALL SELECT MAX(at) FROM history.asked_text WHERE at <= ?2)
        """,
        (seconds(now), seconds(now - SETTLED)),
    ).fetchone()
    last = moment(told)
    return now if last is None else min(now, last + SILENCE)
