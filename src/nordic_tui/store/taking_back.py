"""Undo and redo over both files: the newest act in force is undone first, and done again last.

A third place, the settings file, has acts of its own; the caller tells theirs, and where one of
them comes first nothing is done here. Its acts forget nothing here either: so an act is done again
only if it was undone after the newest act of all places.
"""

import sqlite3

from nordic_tui.clock import Moments
from nordic_tui.model import Act, Acts, Turn
from nordic_tui.store import acts, history, library
from nordic_tui.store.tally import Outcome

_ACTS = """
    SELECT 'history' AS file, id, at, done, undone FROM history.batch WHERE undoable
    UNION ALL SELECT 'library', id, at, done, undone FROM library.act
    """


def undo(connection: sqlite3.Connection, moments: Moments, other: int) -> Outcome[Turn]:
    """Take back the last act that is in force. Inside a transaction.

    other: the moment of the last act of another place: a later one comes first.
    """
    newest = acts.newest(connection)
    row = connection.execute(
        f"SELECT file, id, at, done FROM ({_ACTS}) WHERE undone IS NULL AND at > ?"  # noqa: S608  constants of this file; values are parameters
        " ORDER BY at DESC LIMIT 1",
        (other,),
    ).fetchone()
    if row is None:
        return Outcome(Turn(None, newest))
    file, id_, at, done = row
    moments.saw(acts.latest(connection))
    return _swap(connection, file, id_, Act(at, done, moments()), newest)


def redo(connection: sqlite3.Connection, other: Acts) -> Outcome[Turn]:
    """Do the act again that was undone last, if nothing was done since. Inside a transaction.

    other: the acts of another place; an earlier one that is to be done again there comes first.
    """
    newest = acts.newest(connection)
    since = max(newest, other.newest)
    row = connection.execute(
        f"SELECT file, id, at, done FROM ({_ACTS}) WHERE undone > ? ORDER BY at LIMIT 1",  # noqa: S608  constants of this file; values are parameters
        (since,),
    ).fetchone()
    if row is None:
        return Outcome(Turn(None, newest))
    file, id_, at, done = row
    before = other.undone
    if before is not None and before.at < at and (before.undone or 0) > since:
        return Outcome(Turn(None, newest))
    return _swap(connection, file, id_, Act(at, done), newest)


def _swap(
    connection: sqlite3.Connection, file: str, id_: int, act: Act, newest: int
) -> Outcome[Turn]:
    """Put in place what was before the act, or after it, and note which of both."""
    outcome = (history if file == "history" else library).swap(connection, id_)
    table = "batch" if file == "history" else "act"
    connection.execute(
        f"UPDATE {file}.{table} SET undone = ? WHERE id = ?",  # noqa: S608  constants of this file; values are parameters
        (act.undone, id_),
    )
    turn = Turn(act._replace(posts=outcome.result), newest)
    return Outcome(turn, outcome.tally, outcome.moves, outcome.marks, outcome.kept)
