"""What is kept beside the posts is what counting them would give, after whatever happened."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from nordic_tui.clock import Moments
from nordic_tui.model import Acts, ArchiveState, Entry, Feed, Source, SourceState, Term
from nordic_tui.store import hiding, history, library, posts, sources, taking_back
from nordic_tui.store.connection import transaction
from nordic_tui.store.identity import post_id
from nordic_tui.store.tally import Ledger, Outcome, Tally, count_read
from nordic_tui.store.walks import take_snapshot

from .helpers import ALL, NEWS, NOW, POLICE, entry, in_memory

MOMENTS = Moments(lambda: NOW)
KNOWN = [post_id(address, entry(f"p{n}")) for address in (NEWS, POLICE) for n in range(5)]
NAMES = [(), ("A",), ("a", "B"), ("C",)]
TERMS = [Term(1, "A", "a"), Term(2, "B", "b", 1), Term(3, "b", "b-2"), Term(4, "D", "d")]


@dataclass
class Happening:
    """What is done to the store; its own text is what hypothesis shows of a failure."""

    what: str
    source: str
    days: list[int]
    """One for each post; they decide on its categories and its link too, so that all change.
    The link decides whether it is the same post as that of the other source."""

    def entry(self, number: int, day: int) -> Entry:
        names = NAMES[day % 4]
        slugs = tuple(name.lower() for name in names) if self.what == "page" else ()
        link = f"https://news.example/{day // 6}"
        return entry(f"p{number}", day=day, link=link, categories=names, slugs=slugs)

    def run(self, connection: sqlite3.Connection) -> Outcome[object]:
        entries = tuple(self.entry(n, day) for n, day in enumerate(self.days))
        touched = [KNOWN[day] for day in self.days]
        doings: dict[str, Callable[[], Outcome[object]]] = {
            "save": lambda: posts.save_feed(
                connection, self.source, Feed(entries=entries), SourceState(self.source), NOW
            ),
            "page": lambda: posts.save_page(
                connection, self.source, Feed(entries=entries), ArchiveState(self.source), NOW
            ),
            "terms": lambda: posts.save_terms(connection, self.source, TERMS[: len(self.days)]),
            "seed": lambda: posts.seed(connection, self.source, Feed(entries=entries)),
            "follow": lambda: self.follow(connection),
            "read": lambda: history.mark(
                connection, touched, NOW, MOMENTS, read=True, undoable=True
            ),
            "unread": lambda: history.mark(
                connection, touched, NOW, MOMENTS, read=False, undoable=True
            ),
            "read all": lambda: history.mark_view(
                connection, ALL, take_snapshot(connection), NOW, MOMENTS
            ),
            "undo": lambda: taking_back.undo(connection, MOMENTS, 0),
            "redo": lambda: taking_back.redo(connection, Acts()),
            "star": lambda: library.star(connection, touched, NOW, MOMENTS, on=True),
            "hide": lambda: self.hide(connection),
            "prune": lambda: history.prune(connection, NOW, retention_days=-1),
        }
        return doings[self.what]()

    def follow(self, connection: sqlite3.Connection) -> Outcome[None]:
        both = [Source(self.source)] if len(self.days) < 3 else [Source(NEWS), Source(POLICE)]
        sources.follow(connection, both)
        return Outcome(None)

    def hide(self, connection: sqlite3.Connection) -> Outcome[None]:
        """Let a rule hide these posts and no others; the number of another rule is the source's."""
        rule = len(self.source)
        connection.execute("DELETE FROM main.hidden_by WHERE rule = ?", (rule,))
        connection.executemany(
            "INSERT OR IGNORE INTO main.hidden_by (rule, seq)"
            " SELECT ?, seq FROM main.post WHERE id = ?",
            [(rule, KNOWN[day]) for day in self.days],
        )
        return Outcome(None, hiding.settle(connection) or Tally())


WHAT = [
    "save",
    "save",
    "save",
    "page",
    "terms",
    "seed",
    "follow",
    "read",
    "read",
    "unread",
    "read all",
    "undo",
    "undo",
    "redo",
    "star",
    "hide",
    "hide",
    "hide",
    "prune",
]

happenings = st.builds(
    Happening,
    st.sampled_from(WHAT),
    st.sampled_from([NEWS, POLICE]),
    st.lists(st.integers(1, 9), max_size=5),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(happenings, max_size=12))
def test_what_is_kept_is_what_is_counted(happened: list[Happening]) -> None:
    with in_memory() as connection:
        tally = Tally()
        for happening in happened:
            with transaction(connection):
                tally = tally.plus(happening.run(connection).tally)
        counted = count_read(connection)
        wrong_sources = connection.execute(
            "SELECT address FROM main.source AS s"
            " WHERE total <> (SELECT COUNT(*) FROM main.post WHERE source = s.id"
            " AND seq NOT IN (SELECT seq FROM main.hidden))"
        ).fetchall()
        wrong_categories = connection.execute(
            "SELECT name FROM main.category AS k"
            " WHERE total <> (SELECT COUNT(*) FROM main.post_category WHERE category = k.id)"
        ).fetchall()
        moved_apart = connection.execute(
            "SELECT p.label FROM main.post AS p JOIN main.post_category AS c USING (seq)"
            " WHERE (c.ord, c.post) <> (p.ord, p.id)"
        ).fetchall()
        without_body = connection.execute(
            "SELECT COUNT(*) FROM main.post LEFT JOIN main.body AS b USING (seq)"
            " WHERE b.seq IS NULL"
        ).fetchone()
        wrong_overlaps = connection.execute(
            "SELECT sources FROM main.overlap AS o WHERE total <>"
            " (SELECT COUNT(DISTINCT same) FROM main.post WHERE overlap = o.id)"
        ).fetchall()
        wrongly_hidden = connection.execute(
            """
            SELECT p.label FROM main.post AS p JOIN main.source AS s ON s.id = p.source
            WHERE p.shown <> (s.followed AND p.seq NOT IN (SELECT seq FROM main.hidden_by))
                OR (p.seq IN (SELECT seq FROM main.hidden)) <>
                    (p.seq IN (SELECT seq FROM main.hidden_by))
                OR (p.seq IN (SELECT seq FROM main.hidden) AND p.overlap + p.twin <> 0)
                OR (p.seq NOT IN (SELECT seq FROM main.hidden) AND p.seq IN
                    (SELECT seq FROM main.hidden_category))
            """
        ).fetchall()
        wrong_groups = connection.execute(
            """
            SELECT p.label FROM main.post AS p WHERE
                (SELECT sources FROM main.overlap WHERE id = p.overlap) IS NOT
                    (SELECT group_concat(source) FROM
                        (SELECT source FROM main.post WHERE same = p.same ORDER BY source)
                    HAVING COUNT(*) > 1)
                OR twin <> (shown AND EXISTS (SELECT 1 FROM main.post AS q
                    WHERE q.same = p.same AND q.shown AND q.seq < p.seq))
            """
        ).fetchall()
        uneven = connection.execute(
            """
            SELECT same FROM main.post WHERE same IS NOT NULL GROUP BY same
            HAVING COUNT(DISTINCT id IN (SELECT post FROM history.read_mark)) > 1
                OR COUNT(DISTINCT id IN (SELECT post FROM library.star)) > 1
            """
        ).fetchall()
        by_what_is_no_category = connection.execute(
            "SELECT category FROM main.post_category"
            " WHERE category NOT IN (SELECT id FROM main.category)"
        ).fetchall()
    assert wrongly_hidden == []
    assert (wrong_overlaps, wrong_groups, uneven, by_what_is_no_category) == ([], [], [], [])
    assert (wrong_sources, wrong_categories, moved_apart, without_body) == ([], [], [], (0,))
    assert {k: n for k, n in tally.sources.items() if n} == counted.sources
    assert {k: n for k, n in tally.categories.items() if n} == counted.categories
    assert {k: n for k, n in tally.overlaps.items() if n} == counted.overlaps


def test_marks_of_long_ago_are_not_known_one_by_one() -> None:
    ledger = Ledger()
    for post in range(25):
        ledger.note([(post, 1)])
    assert ledger.marks_since(20) == [(post, 1) for post in range(20, 25)]
    assert ledger.marks_since(0) is None
