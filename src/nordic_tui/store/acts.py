"""What the acts of both files have in common: of marking (history), of starring and tagging
(library). One begins here; `taking_back` undoes them.
"""

import sqlite3

from nordic_tui.clock import Moments


def newest(connection: sqlite3.Connection) -> int:
    """The moment of the newest act, also of one that was undone; 0: there is none."""
    (moment,) = connection.execute(
        """
        SELECT MAX(IFNULL((SELECT MAX(at) FROM history.batch WHERE undoable), 0),
            IFNULL((SELECT MAX(at) FROM library.act), 0))
        """
    ).fetchone()
    return int(moment)


def latest(connection: sqlite3.Connection) -> int:
    """The last moment that is noted anywhere: of an act, or of its undo; 0: there is none."""
    (moment,) = connection.execute(
        """
        SELECT MAX(IFNULL((SELECT MAX(undone) FROM history.batch), 0),
            IFNULL((SELECT MAX(undone) FROM library.act), 0))
        """
    ).fetchone()
    return max(int(moment), newest(connection))


def begin(connection: sqlite3.Connection, moments: Moments) -> int:
    """The moment of a new act. What was undone can't be done again any more.

    Inside a transaction; for an act that changes something.
    """
    moments.saw(latest(connection))
    for file, act, change, key in (
        ("history", "batch", "change", "batch"),
        ("library", "act", "act_change", "act"),
    ):
        connection.execute(
            f"DELETE FROM {file}.{change} WHERE {key} IN"  # noqa: S608  constants of this file
            f" (SELECT id FROM {file}.{act} WHERE undone IS NOT NULL)"
        )
        connection.execute(f"DELETE FROM {file}.{act} WHERE undone IS NOT NULL")  # noqa: S608  constants of this file
    return moments()


def posts_words(number: int) -> str:
    """ "1 post", "1,234 posts" """
    return f"{number:,} {'post' if number == 1 else 'posts'}"
