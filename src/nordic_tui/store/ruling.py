"""Rules: what is done with the posts that a search finds, with those that are there and those that
come in.

switched on   all posts that its search finds are hidden, starred or tagged
a post comes  once its words are in the index, the rules that are on are asked about it and no other
its words     change: the same; a rule that asks for nothing but words lets go of a post that has
              them no more
switched off  what it hid is shown again, where no other rule hides it; stars and tags stay

What a rule asks of the day, of stars or tags counts at that moment; one that asks what was read is
not carried out (effects.py), and texts of pages that a person asked for are none that it sees. It
stars and tags a post once (`ruled`, in the library): what a person takes off stays off, also after
the cache is lost. Until the library has it the post waits (`unruled`, in the cache), and is asked
about again where the program ended between the two files.

None of it is a person's act: undo does not come upon it, and what was undone can still be done
again. To switch a rule on is one, of the settings: taken back, it shows again what the rule hid.
Stars and tags stay, as they do whenever a rule is switched off; what is said of the switch says so.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from nordic_tui.model import PostRow, Rule, Tried
from nordic_tui.store import hiding, index, library, search
from nordic_tui.store.effects import HIDE, Effect, stored, wanted
from nordic_tui.store.identity import moment, numbers
from nordic_tui.store.tally import Outcome, Tally
from nordic_tui.store.walks import Search, last_batch, local_day
from nordic_tui.text.query import NO_RULE, Filter, Query, asks_of_reading

ENOUGH: Final = 1_000
"""So many posts that wait are asked about although more are on their way into the index."""

_OF_THE_POST: Final = ("source", "has")
"""What is asked for besides words and stays true of a post for as long as it says the same."""


# ── which rules are on ──────────────────────────────────────────────────────────────────────


def hold(connection: sqlite3.Connection, rules: Iterable[Rule], now: datetime) -> Outcome[bool]:
    """Let exactly these rules be in force. Inside a transaction; gives whether any post changed."""
    before, after = stored(connection), wanted(rules)
    gone = [(effect.id,) for effect in before - after]
    connection.executemany("DELETE FROM main.rule WHERE id = ?", gone)
    connection.executemany("DELETE FROM main.hidden_by WHERE rule = ?", gone)
    new = sorted(after - before)
    connection.executemany("INSERT INTO main.rule (id, search, kind, tag) VALUES (?, ?, ?, ?)", new)
    if not after:
        connection.execute("DELETE FROM main.unruled")
    outcome, given = _carry_out(connection, new, None, now)
    connection.executemany(
        "INSERT OR IGNORE INTO main.unruled (seq) VALUES (?)", [(seq,) for seq in given]
    )
    return outcome._replace(then=_lets_go(connection, given))


# ── what comes in ───────────────────────────────────────────────────────────────────────────


def is_due(connection: sqlite3.Connection) -> bool:
    """Whether there are posts that the rules are to be asked about now."""
    (number,) = connection.execute(
        "SELECT COUNT(*) FROM (SELECT 1 FROM main.unruled LIMIT ?)", (ENOUGH,)
    ).fetchone()
    return bool(number) and (number == ENOUGH or not index.is_waiting(connection))


def run(connection: sqlite3.Connection, now: datetime) -> Outcome[bool]:
    """Ask the rules about the posts whose words came into the index. Inside a transaction.

    Gives whether anything was done.
    """
    seqs = [seq for (seq,) in connection.execute("SELECT seq FROM main.unruled")]
    outcome, _ = _carry_out(connection, sorted(stored(connection)), seqs, now)
    return outcome._replace(then=_lets_go(connection, seqs))


def _lets_go(
    connection: sqlite3.Connection, seqs: Sequence[int]
) -> Callable[[sqlite3.Connection], None] | None:
    """What is to be done once the library has what the rules gave these posts: they wait no more,
    but for those whose words have become others since."""
    if not seqs:
        return None
    asked = connection.execute(
        """
        SELECT i.seq, i.doc
        FROM json_each(?) AS e CROSS JOIN main.indexed AS i ON i.seq = e.value
        """,
        (numbers(seqs),),
    ).fetchall()

    def let_go(writer: sqlite3.Connection) -> None:
        writer.executemany(
            """
            DELETE FROM main.unruled
            WHERE seq = ? AND (SELECT i.doc FROM main.indexed AS i WHERE i.seq = unruled.seq) = ?
            """,
            asked,
        )

    return let_go


def _carry_out(
    connection: sqlite3.Connection,
    effects: Sequence[Effect],
    among: Sequence[int] | None,
    now: datetime,
) -> tuple[Outcome[bool], list[int]]:
    """Do what these effects say with the posts `among`; None: with all. Gives also the posts that
    got something in the library, by their `seq`."""
    done, in_library = False, list[int]()
    asked: dict[str, _Asked] = {}
    for effect in effects:
        if effect.search not in asked:
            asked[effect.search] = _Asked(connection, effect.search, among, now)
        found = asked[effect.search]
        if effect.kind == HIDE:
            _note_hidden(connection, effect.id, found)
            continue
        given, new = _give(connection, effect, found, now)
        done = done or given > 0
        in_library += new
    hidden = hiding.settle(connection)
    done = done or hidden is not None
    return Outcome(done, hidden or Tally(), moves=done), in_library


def _note_hidden(connection: sqlite3.Connection, rule: int, found: "_Asked") -> None:
    if found.lets_go and found.among is not None:
        connection.execute(
            """
            DELETE FROM main.hidden_by
            WHERE rule = ? AND seq IN (SELECT value FROM json_each(?))
            """,
            (rule, numbers(found.among)),
        )
    connection.executemany(
        "INSERT OR IGNORE INTO main.hidden_by (rule, seq) VALUES (?, ?)",
        [(rule, seq) for seq, _, _ in found.posts],
    )


def _give(
    connection: sqlite3.Connection,
    effect: Effect,
    found: "_Asked",
    now: datetime,
) -> tuple[int, list[int]]:
    """Star or tag the posts of followed sources to which this effect never came before; gives how
    many changed, and these posts by their `seq`."""
    seqs = {id_: seq for seq, id_, is_followed in found.posts if is_followed}
    new = [
        id_
        for (id_,) in connection.execute(
            """
            SELECT e.value FROM json_each(?) AS e
            WHERE NOT EXISTS
                (SELECT 1 FROM library.ruled AS r WHERE r.rule = ? AND r.post = e.value)
            """,
            (numbers(seqs), effect.id),
        )
    ]
    if not new:
        return 0, []
    connection.executemany(
        "INSERT INTO library.ruled (rule, post) VALUES (?, ?)", [(effect.id, id_) for id_ in new]
    )
    given = library.give_by_rule(connection, new, effect.tag, now)
    return given, [seqs[id_] for id_ in new]


# ── what a search finds ─────────────────────────────────────────────────────────────────────


class _Asked:
    """What a rule's search finds: (seq, id, whether the source is followed) of each post."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        text: str,
        among: Sequence[int] | None,
        now: datetime,
    ) -> None:
        self.among = among
        query = search.read(text, local_day(now))
        self.lets_go = _asks_only_of_the_post(query)
        tables, values = _walk(connection, _looked_up(connection, query), among)
        self.posts: list[tuple[int, int, int]] = connection.execute(
            f"SELECT p.seq, p.id, s.followed FROM {tables}",  # noqa: S608  constants of `search` and this file; values are parameters
            values,
        ).fetchall()


def _looked_up(connection: sqlite3.Connection, query: Query) -> Search:
    # What is starred, tagged or hidden outlasts the history, so it must not follow from it.
    return search.look_up(connection, query, of_reading=False)


def _asks_only_of_the_post(query: Query) -> bool:
    return all(
        each.field in _OF_THE_POST
        for group in query.groups
        for each in group
        if isinstance(each, Filter)
    )


def _walk(
    connection: sqlite3.Connection, asked: Search, among: Sequence[int] | None
) -> tuple[str, dict[str, Any]]:
    """What stands behind FROM for the posts `p`, of sources `s`, that a search finds, hidden ones
    too; and the values that are asked for."""
    values: dict[str, Any] = dict(asked.values) | {
        "match": asked.match,
        "tags": asked.tags,
        "batch": last_batch(connection),
    }
    conditions = list(asked.conditions)
    if asked.unread_only:
        conditions.append("NOT EXISTS (SELECT 1 FROM history.read_mark AS m WHERE m.post = p.id)")
    if among is not None:
        values["among"] = numbers(among)
    if asked.match:
        tables = (
            "main.found AS f CROSS JOIN main.indexed AS i ON i.doc = f.rowid"
            " CROSS JOIN main.post AS p ON p.seq = i.seq"
        )
        conditions.append("f.found MATCH :match")
        if among is not None:
            # The numbers of the newest posts are side by side: no other ones are searched.
            conditions += [
                "f.rowid BETWEEN :low AND :high",
                "i.seq IN (SELECT value FROM json_each(:among))",
            ]
            values["low"], values["high"] = connection.execute(
                """
                SELECT MIN(i.doc), MAX(i.doc)
                FROM json_each(?) AS e CROSS JOIN main.indexed AS i ON i.seq = e.value
                """,
                (values["among"],),
            ).fetchone()
    elif among is not None:
        tables = "json_each(:among) AS e CROSS JOIN main.post AS p ON p.seq = e.value"
    else:
        tables = "main.post AS p"
    where = " AND ".join(conditions) or "TRUE"
    return f"{tables} CROSS JOIN main.source AS s ON s.id = p.source WHERE {where}", values


def tried(connection: sqlite3.Connection, text: str, newest: int, now: datetime) -> Tried:
    """What a search would find, of the sources that are followed, also what is hidden by now.

    newest: so many posts are named at most.
    """
    query = search.read(text, local_day(now))
    tables, values = _walk(connection, _looked_up(connection, query), None)
    tables += " AND s.followed AND p.twin = 0"
    (found,) = connection.execute(f"SELECT COUNT(*) FROM {tables}", values).fetchone()  # noqa: S608  as above
    rows = connection.execute(
        f"""
        SELECT p.id, p.label, p.published,
            NOT EXISTS (SELECT 1 FROM history.read_mark AS m WHERE m.post = p.id)
        FROM {tables} ORDER BY p.ord DESC, p.seq DESC LIMIT :newest
        """,  # noqa: S608  as above
        values | {"newest": newest},
    )
    return Tried(
        found,
        tuple(PostRow(id_, label, moment(at), bool(unread)) for id_, label, at, unread in rows),
        " ".join([*query.notes, NO_RULE] if asks_of_reading(query) else query.notes),
        index.waiting(connection),
    )
