"""The index of words: which posts are to be put into it, and putting them in.

What changes a post's words or place writes it into `unindexed` (triggers of the schema), and the
writing thread puts it in when it has nothing else to do.

A post stands in the index under a number, its `doc`, that rises with its date. The index knows
words and no posts: what a post said before can't be taken out of it. So a changed post gets another
number, and the row of the old one in `indexed` leads to no post any more (a `seq` below 0); when
such are many, all is made anew.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from nordic_tui.store import asked_texts
from nordic_tui.store.identity import from_json
from nordic_tui.text import markup, words

SLOTS: Final = 16
"""So many numbers each second has: with so many the index is as large as with one (1,350 bytes a
post of 3 kB), with 64 a tenth larger. Posts of the same second beyond it stand in later ones."""
STALE_SHARE: Final = 5
"""All is made anew when one in so many numbers is of no use."""
STALE_ALLOWED: Final = 1_000
"""So many never are too many."""

_INLINE: Final = frozenset(
    [
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn"),
        *("em", "font", "i", "ins", "kbd", "mark", "q", "rb", "ruby", "s", "samp", "small"),
        *("span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
    ]
)
"""Elements that part no word."""


def waiting(connection: sqlite3.Connection) -> int:
    """How many posts are to be put in."""
    (number,) = connection.execute("SELECT COUNT(*) FROM main.unindexed").fetchone()
    return int(number)


def is_waiting(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM main.unindexed LIMIT 1").fetchone() is not None


class _Row(NamedTuple):
    ord: int
    seq: int
    columns: tuple[str, str, str, str]


def put_in(
    connection: sqlite3.Connection, most: int, go_on: Callable[[], bool] = lambda: True
) -> int:
    """Put in posts that wait, those that came last first. Inside a transaction.

    most: so many at most. go_on: asked after each; False: no more this time. Gives how many.
    """
    _make_anew_if_stale(connection)
    chosen = [
        seq
        for (seq,) in connection.execute(
            "SELECT seq FROM main.unindexed ORDER BY seq DESC LIMIT ?", (most,)
        )
    ]
    rows: list[_Row] = []
    done: list[tuple[int]] = []
    for seq in chosen:
        row = _read(connection, seq, with_asked=False)
        if row is not None:
            rows.append(row)
        done.append((seq,))
        if not go_on():
            break
    _drop(connection, done)
    # FTS5 writes what it holds when a number is lower than the one before.
    rows.sort()
    numbered = sorted(zip(_numbers(connection, rows), rows, strict=True))
    connection.executemany(
        "INSERT INTO main.found (rowid, title, text, author, category) VALUES (?, ?, ?, ?, ?)",
        [(doc, *row.columns) for doc, row in numbered],
    )
    connection.executemany(
        "INSERT INTO main.found_title (rowid, title) VALUES (?, ?)",
        [(doc, row.columns[0]) for doc, row in numbered],
    )
    connection.executemany("DELETE FROM main.unindexed WHERE seq = ?", done)
    asked_texts.put_in_again(connection, done)
    return len(done)


def make_anew(connection: sqlite3.Connection) -> None:
    """Empty the index; every post waits. Inside a transaction."""
    connection.execute("INSERT INTO main.found (found) VALUES ('delete-all')")
    connection.execute("INSERT INTO main.found_title (found_title) VALUES ('delete-all')")
    connection.execute("DELETE FROM main.indexed")
    connection.execute("INSERT OR IGNORE INTO main.unindexed SELECT seq FROM main.post")


def _make_anew_if_stale(connection: sqlite3.Connection) -> None:
    (stale,) = connection.execute("SELECT COUNT(*) FROM main.indexed WHERE seq < 0").fetchone()
    if stale > STALE_ALLOWED:
        (of,) = connection.execute("SELECT COUNT(*) FROM main.indexed").fetchone()
        if stale * STALE_SHARE > of:
            make_anew(connection)


def _drop(connection: sqlite3.Connection, seqs: Iterable[tuple[int]]) -> None:
    """Let what the index says of these posts lead nowhere."""
    connection.executemany(
        """
        UPDATE main.indexed SET seq = MIN(0, (SELECT MIN(seq) FROM main.indexed)) - 1
        WHERE seq = ?
        """,
        seqs,
    )


def _numbers(connection: sqlite3.Connection, rows: Iterable[_Row]) -> Iterator[int]:
    """A number for each of these, written down. rows: in the order of their dates."""
    for row in rows:
        doc = _free_number(connection, row)
        connection.execute("INSERT INTO main.indexed (doc, seq) VALUES (?, ?)", (doc, row.seq))
        yield doc


def _free_number(connection: sqlite3.Connection, row: _Row) -> int:
    first = row.ord * SLOTS
    room = SLOTS
    while True:
        (last,) = connection.execute(
            "SELECT MAX(doc) FROM main.indexed WHERE doc BETWEEN ? AND ?", (first, first + room - 1)
        ).fetchone()
        doc = first if last is None else int(last) + 1
        if doc < first + room:
            return doc
        room *= 2


# ── what a post says ────────────────────────────────────────────────────────────────────────


def words_of(connection: sqlite3.Connection, seq: int, *, with_asked: bool) -> Sequence[str]:
    """The words of a post in the columns of the index, folded. with_asked: whether a text of its
    page that a person asked for is its text."""
    row = _read(connection, seq, with_asked=with_asked)
    assert row is not None, "it was in the table just now"
    return row.columns


def _read(connection: sqlite3.Connection, seq: int, *, with_asked: bool) -> _Row | None:
    """None: there is no such post any more."""
    row = connection.execute(
        """
        SELECT p.ord, b.title, b.authors,
            iif(b.content = '' AND f.html IS NULL AND a.html IS NULL, b.excerpt, ''),
            COALESCE(a.html, f.html, b.content),
            (SELECT json_group_array(k.name) FROM (
                    SELECT c.category FROM main.post_category AS c WHERE c.seq = p.seq
                    UNION SELECT h.category FROM main.hidden_category AS h WHERE h.seq = p.seq) AS c
                CROSS JOIN main.category AS k ON k.id = c.category),
            IFNULL((SELECT t.names FROM main.post_tags AS t WHERE t.seq = p.seq), '')
        FROM main.post AS p JOIN main.body AS b ON b.seq = p.seq
            LEFT JOIN main.full_text AS f ON f.seq = p.seq
            LEFT JOIN history.asked_text AS a ON a.post = p.id AND a.html <> '' AND ?
        WHERE p.seq = ?
        """,
        (with_asked, seq),
    ).fetchone()
    if row is None:
        return None
    ord_, title, authors, excerpt, html, categories, tags = row
    return _Row(
        ord_,
        seq,
        (
            words.column(title),
            words.column(excerpt or text_of(html)),
            _each(from_json(authors)),
            _each([*from_json(categories), *from_json(tags)]),
        ),
    )


def _each(names: list[str]) -> str:
    return words.WALL.join(map(words.column, names))


def text_of(html: str) -> str:
    """All words of a text in HTML, in their order; also what is told in place of an image."""
    parts: list[str] = []
    for token in markup.tokens(html):
        if isinstance(token, str):
            parts.append(token)
        elif token.name == "img":
            parts.append(f" {markup.attributes(token.attributes).get('alt', '')} ")
        elif token.name not in _INLINE:
            parts.append(" ")
    return "".join(parts)
