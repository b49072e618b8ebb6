"""What a person keeps: stars, tags, how the list of a place is wanted. In the database `library`.

To be read later is a tag (`model.LATER`). A post that several sources have is one post: all of it
is starred and tagged. Each act is kept with what was in place before it, and can be undone.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from nordic_tui.clock import Moments
from nordic_tui.model import LATER, KeptPost, KeptSize, Order, PlaceKind, Sorting
from nordic_tui.store import acts, kept, twins
from nordic_tui.store.identity import numbers, seconds
from nordic_tui.store.tally import Outcome, Tally
from nordic_tui.text import clean
from nordic_tui.text.fold import fold

ACT_STEPS: Final = 100
"""How many acts of starring and tagging can be taken back, those among them that were and can be
done again."""
MAX_TAG_CHARS: Final = 50
_TITLE_CHARS: Final = 60
"""So much of a post's title stands in what an act did."""

_STAR = ""
"""In `act_change`, the tag that means the star."""

_GROUPED = """
    SELECT DISTINCT q.id
    FROM json_each(?) AS e CROSS JOIN main.post AS p ON p.id = e.value
        CROSS JOIN main.post AS q ON q.same = p.same
    WHERE p.overlap <> 0
    """
"""The same posts in all sources, of those that several have."""


# ── stars and tags ──────────────────────────────────────────────────────────────────────────


def star(
    connection: sqlite3.Connection,
    post_ids: Sequence[int],
    now: datetime,
    moments: Moments,
    *,
    on: bool,
) -> Outcome[int]:
    """Star these posts, or take their stars off; those that the cache knows.

    Inside a transaction. Gives how many changed.
    """
    words = "Starred {}." if on else "Took the star off {}."
    return _change(connection, post_ids, _STAR, now, moments, on=on, words=words)


def tag(
    connection: sqlite3.Connection,
    post_ids: Sequence[int],
    name: str,
    now: datetime,
    moments: Moments,
    *,
    on: bool,
) -> Outcome[int]:
    """Give these posts a tag, or take it off; those that the cache knows.

    Inside a transaction. Gives how many changed.
    """
    name = spelled(connection, name)
    if not name:
        return Outcome(0)
    if name == LATER:
        words = "Kept {} to read later." if on else "Took {} off what is to be read later."
    else:
        marked = name.replace("{", "{{").replace("}", "}}")
        words = f"Tagged {{}} with {marked}." if on else f"Took the tag {marked} off {{}}."
    return _change(connection, post_ids, name, now, moments, on=on, words=words)


def give_by_rule(
    connection: sqlite3.Connection, post_ids: Sequence[int], name: str, now: datetime
) -> int:
    """Star these posts (`name` ""), or give them this tag, as a rule says. Inside a transaction.

    It is no act of a person's: undo does not come upon it, and what was undone can still be done
    again. Gives how many posts changed.
    """
    tag_ = spelled(connection, name) if name else _STAR
    if name and not tag_:
        return 0
    changing = list(_changing(connection, post_ids, tag_, on=True))
    kept.keep(connection, [id_ for id_, _ in changing])
    _give(connection, dict.fromkeys(changing, seconds(now)))
    return len(changing)


def spelled(connection: sqlite3.Connection, name: str) -> str:
    """A person's tag as it was spelled first; "" for one that says nothing."""
    name = clean.line(name, MAX_TAG_CHARS)
    folded = fold(name)
    if not folded:
        return ""
    if folded == fold(LATER):
        return LATER
    known = connection.execute("SELECT tag FROM library.tagged GROUP BY tag ORDER BY MIN(at)")
    return next((each for (each,) in known if fold(each) == folded), name)


def _change(
    connection: sqlite3.Connection,
    post_ids: Sequence[int],
    tag_: str,
    now: datetime,
    moments: Moments,
    *,
    on: bool,
    words: str,
) -> Outcome[int]:
    changing = _changing(connection, post_ids, tag_, on=on)
    if not changing:
        return Outcome(0)
    changed, name = _named(connection, [id_ for id_, _ in changing])
    act = _note(connection, acts.begin(connection, moments), words.format(name))
    connection.executemany(
        "INSERT INTO library.act_change (act, post, tag, was) VALUES (?, ?, ?, ?)",
        [(act, id_, tag_, at) for (id_, _), at in changing.items()],
    )
    if on:
        kept.keep(connection, [id_ for id_, _ in changing])
    _give(connection, {key: seconds(now) if on else None for key in changing})
    _drop_old_acts(connection)
    return Outcome(changed, moves=True, kept=True)


def _changing(
    connection: sqlite3.Connection, post_ids: Sequence[int], tag_: str, *, on: bool
) -> dict[tuple[int, str], int | None]:
    """What is not so yet of these posts, in all sources that have them, and how it is."""
    wanted = (numbers(post_ids),)
    known = connection.execute(
        "SELECT p.id FROM json_each(?) AS e CROSS JOIN main.post AS p ON p.id = e.value", wanted
    ).fetchall()
    ids = sorted({id_ for (id_,) in [*known, *connection.execute(_GROUPED, wanted)]})
    before = _given(connection, [(id_, tag_) for id_ in ids])
    return {key: at for key, at in before.items() if (at is None) == on}


def _named(connection: sqlite3.Connection, ids: Sequence[int]) -> tuple[int, str]:
    """How many posts these are, what is in several sources counted once, and how to call them.

    Those of an act may be posts that the cache knows no more.
    """
    rows = connection.execute(
        """
        SELECT IFNULL(p.label, ''), iif(p.overlap, p.same, e.value), IFNULL(p.overlap, 0) <> 0
        FROM json_each(?) AS e LEFT JOIN main.post AS p ON p.id = e.value
        """,
        (numbers(ids),),
    ).fetchall()
    number = len({row[1:] for row in rows})
    title = clean.line(rows[0][0], _TITLE_CHARS)
    return number, f"“{title}”" if number == 1 else acts.posts_words(number)


def _note(connection: sqlite3.Connection, at: int, done: str) -> int:
    made = connection.execute("INSERT INTO library.act (at, done) VALUES (?, ?)", (at, done))
    assert made.lastrowid is not None
    return made.lastrowid


def _given(
    connection: sqlite3.Connection, keys: Iterable[tuple[int, str]]
) -> dict[tuple[int, str], int | None]:
    """When each of these (post, tag) was given; None: it is not."""
    found: dict[tuple[int, str], int | None] = {}
    for post, tag_ in keys:
        if tag_ == _STAR:
            query, values = "SELECT at FROM library.star WHERE post = ?", (post,)
        else:
            query = "SELECT at FROM library.tagged WHERE post = ? AND tag = ?"
            values = (post, tag_)  # type: ignore[assignment]  # one value more
        row = connection.execute(query, values).fetchone()
        found[post, tag_] = row[0] if row else None
    return found


def _give(connection: sqlite3.Connection, wanted: dict[tuple[int, str], int | None]) -> None:
    """See to it that each of these (post, tag) was given then; None: not at all."""
    for (post, tag_), at in wanted.items():
        if tag_ == _STAR and at is None:
            connection.execute("DELETE FROM library.star WHERE post = ?", (post,))
        elif tag_ == _STAR:
            connection.execute(
                "INSERT OR REPLACE INTO library.star (post, at) VALUES (?, ?)", (post, at)
            )
        elif at is None:
            connection.execute(
                "DELETE FROM library.tagged WHERE post = ? AND tag = ?", (post, tag_)
            )
        else:
            connection.execute(
                "INSERT OR REPLACE INTO library.tagged (post, tag, at) VALUES (?, ?, ?)",
                (post, tag_, at),
            )


def _drop_old_acts(connection: sqlite3.Connection) -> None:
    """Keep only what can still be undone or done again."""
    oldest = connection.execute(
        "SELECT at FROM library.act ORDER BY at DESC LIMIT 1 OFFSET ?", (ACT_STEPS - 1,)
    ).fetchone()
    if oldest is not None:
        connection.execute(
            "DELETE FROM library.act_change WHERE act IN (SELECT id FROM library.act WHERE at < ?)",
            oldest,
        )
        connection.execute("DELETE FROM library.act WHERE at < ?", oldest)
    kept.drop_unneeded(connection)


def swap(connection: sqlite3.Connection, act: int) -> Outcome[int]:
    """Put in place what was before an act, and keep what is there now: the same again does the act
    again. Inside a transaction.

    Gives how many posts changed.
    """
    # Posts of its groups that came after it.
    connection.execute(
        """
        INSERT OR IGNORE INTO library.act_change (act, post, tag, was)
        SELECT c.act, q.id, c.tag, c.was
        FROM library.act_change AS c CROSS JOIN main.post AS p ON p.id = c.post
            CROSS JOIN main.post AS q ON q.same = p.same
        WHERE c.act = ? AND p.overlap <> 0
        """,
        (act,),
    )
    was = {
        (post, tag_): at
        for post, tag_, at in connection.execute(
            "SELECT post, tag, was FROM library.act_change WHERE act = ?", (act,)
        )
    }
    now = _given(connection, was)
    _give(connection, was)
    connection.executemany(
        "UPDATE library.act_change SET was = ? WHERE act = ? AND post = ? AND tag = ?",
        [(at, act, post, tag_) for (post, tag_), at in now.items()],
    )
    kept.keep(connection, {post for (post, _), at in was.items() if at is not None})
    back = kept.put_back(connection) if kept.are_lost(connection) else Outcome(0, Tally())
    changed = {post for (post, tag_), at in was.items() if now[post, tag_] != at}
    number, _ = _named(connection, sorted(changed)) if changed else (0, "")
    return Outcome(number, back.tally, moves=True, marks=None, kept=True)


def even_out(connection: sqlite3.Connection, sames: Iterable[int]) -> None:
    """Star and tag all posts with each of these `same` as any of them is. Inside a transaction."""
    given = numbers(set(sames))
    for table, column in (("star", "NULL"), ("tagged", "t.tag")):
        rows = connection.execute(
            f"""
            SELECT DISTINCT q.id, {column}, t.at
            FROM json_each(?) AS e CROSS JOIN main.post AS p ON p.same = e.value
                CROSS JOIN library.{table} AS t ON t.post = p.id
                CROSS JOIN main.post AS q ON q.same = p.same
            """,  # noqa: S608  constants of this file; values are parameters
            (given,),
        ).fetchall()
        wanted = {(id_, tag_ or _STAR): at for id_, tag_, at in rows}
        missing = {key for key, at in _given(connection, wanted).items() if at is None}
        _give(connection, {key: wanted[key] for key in missing})
        kept.keep(connection, [id_ for id_, _ in missing])


def uneven(connection: sqlite3.Connection) -> list[int]:
    """The `same` of posts of which one is starred or tagged and another one is not.

    So it is where a program ended after a post had come by a second source and before the library
    was written: SQLite commits one file after the other.
    """
    if not twins.exist(connection):
        return []
    rows = connection.execute(
        """
        SELECT p.same
        FROM library.star AS s CROSS JOIN main.post AS p ON p.id = s.post
            CROSS JOIN main.post AS q ON q.same = p.same
        WHERE p.overlap <> 0 AND q.id NOT IN (SELECT post FROM library.star)
        UNION SELECT p.same
        FROM library.tagged AS t CROSS JOIN main.post AS p ON p.id = t.post
            CROSS JOIN main.post AS q ON q.same = p.same
        WHERE p.overlap <> 0 AND NOT EXISTS
            (SELECT 1 FROM library.tagged AS u WHERE u.post = q.id AND u.tag = t.tag)
        """
    )
    return [same for (same,) in rows]


def tags(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """All tags in the order of their names, each with how many posts have it."""
    rows = connection.execute(
        """
        SELECT t.tag, COUNT(DISTINCT iif(p.overlap, p.same, t.post))
        FROM library.tagged AS t LEFT JOIN main.post AS p ON p.id = t.post
        GROUP BY t.tag
        """
    ).fetchall()
    return sorted(rows, key=lambda row: fold(row[0]))


def size(connection: sqlite3.Connection) -> KeptSize:
    """How many posts are starred, and how many are tagged."""
    stars, tagged = (
        connection.execute(
            f"""
            SELECT COUNT(DISTINCT iif(p.overlap, p.same, t.post))
            FROM library.{table} AS t LEFT JOIN main.post AS p ON p.id = t.post
            """  # noqa: S608  constants of this file
        ).fetchone()[0]
        for table in ("star", "tagged")
    )
    return KeptSize(stars, tagged)


# ── another machine ─────────────────────────────────────────────────────────────────────────


def take(
    connection: sqlite3.Connection, posts: Sequence[KeptPost], moments: Moments
) -> Outcome[int]:
    """Keep these too, as one act; what is starred or tagged already stays so.

    Inside a transaction. Posts that the cache does not know are put into it. Gives how many posts
    got a star or tag.
    """
    wanted: dict[tuple[int, str], int | None] = {}
    spellings: dict[str, str] = {}
    for post in posts:
        if post.starred_at is not None:
            wanted[post.id, _STAR] = seconds(post.starred_at)
        for name, at in post.tags:
            folded = fold(name)
            if folded not in spellings:
                spellings[folded] = spelled(connection, name)
            if spellings[folded]:
                wanted[post.id, spellings[folded]] = seconds(at)
    before = _given(connection, wanted)
    new = {key: at for key, at in wanted.items() if before[key] is None}
    if not new:
        return Outcome(0)
    ids = {post for post, _ in new}
    words = f"Imported the stars and tags of {acts.posts_words(len(ids))}."
    act = _note(connection, acts.begin(connection, moments), words)
    connection.executemany(
        "INSERT INTO library.act_change (act, post, tag, was) VALUES (?, ?, ?, NULL)",
        [(act, post, tag_) for post, tag_ in new],
    )
    kept.keep_as_given(connection, [post for post in posts if post.id in ids])
    _give(connection, new)
    back = kept.put_back(connection)
    sames = connection.execute(
        """
        SELECT p.same FROM json_each(?) AS e CROSS JOIN main.post AS p ON p.id = e.value
        WHERE p.overlap <> 0
        """,
        (numbers(ids),),
    )
    even_out(connection, [same for (same,) in sames])
    _drop_old_acts(connection)
    return Outcome(len(ids), back.tally, moves=True, marks=None, kept=True)


# ── places ──────────────────────────────────────────────────────────────────────────────────


def sorting(connection: sqlite3.Connection, kind: PlaceKind, id_: int) -> Sorting:
    """How a person wants the list of a place."""
    row = connection.execute(
        "SELECT unread_only, sorting FROM library.place WHERE kind = ? AND id = ?",
        (kind.value, id_),
    ).fetchone()
    if row is None or row[1] not in {order.value for order in Order}:
        return Sorting()
    return Sorting(bool(row[0]), Order(row[1]))


def save_sorting(
    connection: sqlite3.Connection, kind: PlaceKind, id_: int, wanted: Sorting
) -> None:
    """Keep it; nothing is kept of a place that is as usual. Inside a transaction."""
    connection.execute("DELETE FROM library.place WHERE kind = ? AND id = ?", (kind.value, id_))
    if wanted != Sorting():
        connection.execute(
            "INSERT INTO library.place (kind, id, unread_only, sorting) VALUES (?, ?, ?, ?)",
            (kind.value, id_, int(wanted.unread_only), wanted.order.value),
        )
