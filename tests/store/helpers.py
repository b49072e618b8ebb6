"""A clock that is set by hand, short ways to make values, and a look into the files."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from nordic_tui.model import Entry, Feed, Order, PlaceKind, Saved, SourceState, View
from nordic_tui.store.connection import Database, attach, attach_library, prepare
from nordic_tui.store.store import Store
from nordic_tui.text import words

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
NEWS = "https://news.example/feed/"
BLOG = "https://blog.example/feed/"
POLICE = "http://news.example:8080/police/feed/"
"""Of the same host as NEWS."""
ALL = View()
UNREAD = View(PlaceKind.UNREAD)
ALWAYS = 4
"""Rows of the sidebar: All posts, Unread, Today, This week."""
TODAY = date(2024, 6, 1)


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


def entry(name: str, *, day: int | None = None, **parts: Any) -> Entry:
    """A post with `name` as guid and title, published on a day of May 2024."""
    published = datetime(2024, 5, day, 8, tzinfo=UTC) if day else None
    return Entry(**({"guid": name, "title": name, "published": published} | parts))


def save(store: Store, address: str, *entries: Entry, title: str = "") -> Saved:
    feed = Feed(title=title, entries=entries)
    return store.save_feed(address, feed, SourceState(address)).result(timeout=5)


def shared(name: str, **parts: Any) -> Entry:
    """A post that is the same one in every source of its host."""
    return entry(name, link=f"https://news.example/{name}/", **parts)


def titles(store: Store, view: View = ALL) -> list[str]:
    return [row.title for row in store.rows(view, store.snapshot(), 0, 1000)]


def ids(store: Store, view: View = ALL) -> dict[str, int]:
    return {row.title: row.id for row in store.rows(view, store.snapshot(), 0, 1000)}


def place_id(store: Store, name: str) -> int:
    return next(place.id for place in store.places() if place.name == name)


def sidebar(store: Store) -> list[tuple[int, str, int]]:
    """(depth, name, posts) of the rows below those that are always there."""
    return [(place.depth, place.name, place.total) for place in store.places()[ALWAYS:]]


def counts(store: Store) -> dict[str, tuple[int, int]]:
    """(posts, unread posts) by the names of the sidebar, but of what goes by the day."""
    return {
        place.name: (place.total, place.unread)
        for place in store.places()
        if place.kind not in (PlaceKind.TODAY, PlaceKind.WEEK)
    }


def query(file: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(sql).fetchall()


@contextmanager
def in_memory() -> Iterator[sqlite3.Connection]:
    """One connection to all three databases, for what is seen only at the statements themselves."""
    history, library = Database.history(None), Database.library(None)
    with (
        closing(prepare(Database.cache(None), 1.0)) as connection,
        closing(prepare(history, 1.0)),
        closing(prepare(library, 1.0)),
    ):
        attach(connection, history)
        attach_library(connection, library)
        yield connection


# ── undo ────────────────────────────────────────────────────────────────────────────────────


def undo(store: Store) -> int:
    """Take the last act back; gives how many posts it changed, 0 if there is none."""
    act = store.undo().result(timeout=5).act
    return act.posts if act else 0


def redo(store: Store) -> int:
    """Do the act again that was taken back last; gives how many posts it changed."""
    act = store.redo().result(timeout=5).act
    return act.posts if act else 0


def found(store: Store, text: str = "", **view: Any) -> list[str]:
    """The titles that a search finds, in their order."""
    store.index_all().result(timeout=5)
    asked = View(search=text, **view)
    answer = store.find(asked, store.snapshot()).result(timeout=5)
    assert (answer.complete, answer.waiting) == (True, 0)
    rows = store.rows_of(answer.ids)
    assert [row.id for row in rows] == [*answer.ids]
    if asked.order is Order.NEWEST:
        # The same posts, whichever thread looks.
        assert {row.id for row in rows} == {
            row.id for row in store.rows(asked, store.snapshot(), 0, 1000)
        }
        assert store.count(asked, store.snapshot()) == len(rows)
    return [row.title for row in rows]


def execute(file: Path, sql: str, *values: Any) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(sql, values)


def star(folder: Path, post: int) -> None:
    execute(folder / "library.db", "INSERT INTO star VALUES (?, 1)", post)


def give_tag(folder: Path, post: int, tag: str) -> None:
    execute(folder / "library.db", "INSERT INTO tagged VALUES (?, ?, 1)", post, tag)


def minute(number: int) -> datetime:
    return datetime(2024, 5, 1 + number // 60, 8, number % 60, tzinfo=UTC)


# ── a plain model of the search ─────────────────────────────────────────────────────────────


def any_holds(columns: tuple[str, ...], typed: str, *, begun: bool) -> bool:
    """Whether a column has the words one after another, by what each word may be called."""
    lines = [words.forms_of(column) for column in columns]
    known = {form for line in lines for forms in line for form in forms}

    def same(word: str, asked: str, *, last: bool) -> bool:
        return word.startswith(asked) if last and begun else word == asked

    for phrase in words.phrases(words.forms_of(typed), begun=begun):
        size = len(phrase.words)
        runs = [
            [forms[0] for forms in line[at : at + size]]
            for line in lines
            for at in range(len(line) - size + 1)
        ]
        if size == 1:
            runs = [[word] for word in known]
        if (
            set(phrase.also) <= known
            and any(word.startswith(phrase.also_begun) for word in known)
            and any(
                all(
                    same(word, asked, last=number == size - 1)
                    for number, (word, asked) in enumerate(zip(run, phrase.words, strict=True))
                )
                for run in runs
            )
        ):
            return True
    return False
