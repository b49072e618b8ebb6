"""What is kept beside the posts is what counting them would give, after whatever happened."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from nordic_tui.model import Feed, Source, SourceState
from nordic_tui.store import history, posts, sources
from nordic_tui.store.connection import Database, attach, prepare, transaction
from nordic_tui.store.identity import post_id
from nordic_tui.store.tally import Outcome, Tally, count_read
from nordic_tui.store.views import take_snapshot

from .helpers import ALL, BLOG, NEWS, NOW, entry

KNOWN = [post_id(address, entry(f"p{n}")) for address in (NEWS, BLOG) for n in range(5)]


@dataclass
class Happening:
    """What is done to the store; its own text is what hypothesis shows of a failure."""

    what: str
    source: str
    days: list[int]
    """One for each post; they decide on its categories too, so that both change."""

    def run(self, connection: sqlite3.Connection) -> Outcome[object]:
        entries = tuple(
            entry(f"p{n}", day=day, categories=[(), ("A",), ("a", "B"), ("C",)][day % 4])
            for n, day in enumerate(self.days)
        )
        touched = [KNOWN[day] for day in self.days]
        doings: dict[str, Callable[[], Outcome[object]]] = {
            "save": lambda: posts.save_feed(
                connection, self.source, Feed(entries=entries), SourceState(self.source), NOW
            ),
            "seed": lambda: posts.seed(connection, self.source, Feed(entries=entries)),
            "follow": lambda: self.follow(connection),
            "read": lambda: history.mark(connection, touched, NOW, read=True, undoable=True),
            "unread": lambda: history.mark(connection, touched, NOW, read=False, undoable=True),
            "read all": lambda: history.mark_view(connection, ALL, take_snapshot(connection), NOW),
            "undo": lambda: history.undo(connection),
            "prune": lambda: history.prune(connection, NOW, retention_days=-1),
        }
        return doings[self.what]()

    def follow(self, connection: sqlite3.Connection) -> Outcome[None]:
        sources.follow(connection, [Source(self.source)])
        return Outcome(None)


WHAT = [
    "save",
    "save",
    "save",
    "seed",
    "follow",
    "read",
    "read",
    "unread",
    "read all",
    "undo",
    "prune",
]

happenings = st.builds(
    Happening,
    st.sampled_from(WHAT),
    st.sampled_from([NEWS, BLOG]),
    st.lists(st.integers(1, 9), max_size=5),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(happenings, max_size=10))
def test_what_is_kept_is_what_is_counted(happened: list[Happening]) -> None:
    history_ = Database.history(None)
    with (
        closing(prepare(Database.cache(None), 1.0)) as connection,
        closing(prepare(history_, 1.0)),
    ):
        attach(connection, history_)
        tally = Tally()
        for happening in happened:
            with transaction(connection):
                tally = tally.plus(happening.run(connection).tally)
        counted = count_read(connection)
        wrong_sources = connection.execute(
            "SELECT address FROM main.source AS s"
            " WHERE total <> (SELECT COUNT(*) FROM main.post WHERE source = s.id)"
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
    assert (wrong_sources, wrong_categories, moved_apart, without_body) == ([], [], [], (0,))
    assert {k: n for k, n in tally.sources.items() if n} == counted.sources
    assert {k: n for k, n in tally.categories.items() if n} == counted.categories
