import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from nordic_tui.errors import StoreError
from nordic_tui.model import Entry, Saved, Source, SourceState, Term, View
from nordic_tui.store import connection
from nordic_tui.store.connection import Database, backup_file, prepare
from nordic_tui.store.identity import category_id, fingerprint, post_id, seconds, source_id
from nordic_tui.store.schema import CACHE, HISTORY, Schema
from nordic_tui.store.store import Store

from .helpers import (
    BLOG,
    NEWS,
    NOW,
    POLICE,
    HandClock,
    counts,
    query,
    save,
    shared,
    titles,
)

FIRST = ("CREATE TABLE thing (name TEXT)", "INSERT INTO thing VALUES ('kept')")
SECOND = ("ALTER TABLE thing ADD COLUMN size INTEGER", "UPDATE thing SET size = 3")
BROKEN = ("UPDATE thing SET name = 'lost'", "UPDATE thing SET missing = ''")


def versioned(file: Path, *steps: tuple[str, ...]) -> Database:
    return Database.cache(file)._replace(schema=Schema(0x1234, steps))


def bring(database: Database) -> None:
    prepare(database, 1.0).close()


def test_a_file_of_an_older_version_is_brought_up_and_backed_up(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    bring(versioned(file, FIRST))
    assert not backup_file(file, 1).exists()

    bring(versioned(file, FIRST, SECOND))

    assert query(file, "SELECT name, size FROM thing") == [("kept", 3)]
    assert query(file, "PRAGMA user_version") == [(2,)]
    backup = backup_file(file, 1)
    assert query(backup, "SELECT * FROM thing") == [("kept",)]
    assert backup.stat().st_mode & 0o777 == 0o600


def test_two_programs_that_start_at_once_bring_it_up_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.db"
    bring(versioned(file, FIRST))
    newer = versioned(file, FIRST, SECOND)
    others: list[Future[None]] = []
    back_up, backed_up = connection._back_up, []

    def while_another_starts(database: Database, copy: Path, busy_timeout_s: float) -> None:
        backed_up.append(copy)
        others.append(threads.submit(lambda: prepare(newer, 10.0).close()))
        back_up(database, copy, busy_timeout_s)

    monkeypatch.setattr(connection, "_back_up", while_another_starts)
    with ThreadPoolExecutor() as threads:
        bring(newer)
        others[0].result(timeout=10)
    assert backed_up == [backup_file(file, 1)]
    assert query(file, "SELECT name, size FROM thing") == [("kept", 3)]
    assert query(backup_file(file, 1), "SELECT * FROM thing") == [("kept",)]


def test_a_file_that_another_program_makes_just_now_is_no_foreign_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tables come between two looks at it."""
    file = tmp_path / "a.db"
    wanted = versioned(file, FIRST)
    connect = connection.connect

    class Slow(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            found = super().execute(sql, *values)
            if sql == "PRAGMA user_version":
                monkeypatch.setattr(connection, "connect", connect)
                bring(wanted)
            return found

    def slowly(database: Database, busy_timeout_s: float) -> sqlite3.Connection:
        made = sqlite3.connect(database.name, factory=Slow, isolation_level=None, uri=True)
        sqlite3.Connection.execute(made, "PRAGMA journal_mode = WAL")
        return made

    monkeypatch.setattr(connection, "connect", slowly)
    bring(wanted)
    assert query(file, "SELECT * FROM thing") == [("kept",)]


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    bring(versioned(file, FIRST))
    with pytest.raises(StoreError, match=r"a\.db could not be used"):
        bring(versioned(file, FIRST, SECOND, BROKEN))
    assert query(file, "SELECT * FROM thing") == [("kept",)]
    assert query(file, "PRAGMA user_version") == [(1,)]


def test_a_file_of_the_present_version_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    bring(versioned(file, FIRST))
    before = file.read_bytes()
    bring(versioned(file, FIRST))
    assert file.read_bytes() == before


def test_the_history_keeps_nothing_but_marks_places_texts_and_undo() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for step in HISTORY.steps:
            for statement in step:
                connection.execute(statement)
        columns = connection.execute(
            """
            SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
            WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE 'asked_found_%'
            """
        ).fetchall()
    assert sorted(columns) == [
        ("asked_found", "author"),
        ("asked_found", "category"),
        ("asked_found", "text"),
        ("asked_found", "title"),
        ("asked_text", "at"),
        ("asked_text", "html"),
        ("asked_text", "post"),
        ("batch", "at"),
        ("batch", "done"),
        ("batch", "id"),
        ("batch", "undoable"),
        ("batch", "undone"),
        ("change", "batch"),
        ("change", "post"),
        ("change", "was_at"),
        ("change", "was_batch"),
        *(
            ("last_place", name)
            for name in (
                *("at", "fraction", "id", "kind", "line"),
                *("name", "one", "opened", "post", "search"),
            )
        ),
        ("position", "at"),
        ("position", "fraction"),
        ("position", "post"),
        ("read_mark", "at"),
        ("read_mark", "batch"),
        ("read_mark", "post"),
    ]


@pytest.fixture
def history_of_version_1(tmp_path: Path) -> Path:
    """A history of version 1: two posts marked as read at once, then one as unread again."""
    file = tmp_path / "history.db"
    bring(Database.history(file)._replace(schema=HISTORY._replace(steps=HISTORY.steps[:1])))
    at = seconds(NOW)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("INSERT INTO read_mark VALUES (1, ?, 1)", (at,))
        for batch, changes in ((1, [(1, None, None), (2, None, None)]), (2, [(2, at, 1)])):
            connection.execute("INSERT INTO batch VALUES (?, ?, 1)", (batch, at))
            connection.executemany(
                "INSERT INTO change VALUES (?, ?, ?, ?)", [(batch, *change) for change in changes]
            )
    return file


def test_a_history_of_version_1_keeps_its_marks_and_their_undo(
    history_of_version_1: Path, clock: HandClock
) -> None:
    with closing(Store.open(None, history_of_version_1, clock=clock)) as store:
        assert store.problems == []
        turns = [store.undo().result(timeout=5).act for _ in range(3)]
        assert [act and (act.done, act.at // 1_000_000) for act in turns] == [
            ("1 post marked as unread.", seconds(NOW)),
            ("2 posts marked as read.", seconds(NOW)),
            None,
        ]
        assert store.stored().marks == 0
        again = [store.redo().result(timeout=5).act for _ in range(3)]
        assert [act.done if act else "" for act in again] == [
            "2 posts marked as read.",
            "1 post marked as unread.",
            "",
        ]
        assert [post["post"] for post in store.export_history()["read"]] == ["1"]


# ── files of earlier versions ───────────────────────────────────────────────────────────────


def put(connection: sqlite3.Connection, address: str, seq: int, post: Entry) -> None:
    """A post with one category and its source, by the columns that version 1 has."""
    source, id_, category = source_id(address), post_id(address, post), category_id(address, "News")
    at = seconds(post.published)
    connection.execute(
        "INSERT INTO source (id, address, place, followed, title, etag, total)"
        " VALUES (?, ?, ?, 1, ?, 'abc', 1)",
        (source, address, seq, f"Title of {seq}"),
    )
    connection.execute(
        "INSERT INTO post (seq, id, source, ord, shown, label, folded, published, first_seen,"
        " bundled, fingerprint) VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, 0, ?)",
        (seq, id_, source, at, post.title, post.title, at, at, fingerprint(post)),
    )
    connection.execute(
        "INSERT INTO body VALUES (?, ?, ?, ?, NULL, '', '', 0, 0, '', 'text')",
        (seq, post.guid, post.link, post.title),
    )
    connection.execute(
        "INSERT INTO category (id, source, name, folded, place, total)"
        " VALUES (?, ?, 'News', 'news', 0, 1)",
        (category, source),
    )
    connection.execute("INSERT INTO post_category VALUES (?, ?, ?, ?)", (category, at, seq, id_))


@pytest.fixture
def version_1(tmp_path: Path) -> Path:
    """A file of version 1 with the same post in two sources of a host and in a third one."""
    file = tmp_path / "cache.db"
    bring(Database.cache(file)._replace(schema=CACHE._replace(steps=CACHE.steps[:1])))
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for seq, address in enumerate((NEWS, POLICE, BLOG), start=1):
            put(connection, address, seq, shared("a", day=2, content="text", categories=("News",)))
    return file


def test_a_cache_of_version_1_keeps_all_that_it_held(version_1: Path, clock: HandClock) -> None:
    with closing(Store.open(version_1, None, clock=clock)) as store:
        assert store.problems == []
        assert [(state.title, state.etag, state.posts) for state in store.states()] == [
            ("Title of 1", "abc", 1),
            ("Title of 2", "abc", 1),
            ("Title of 3", "abc", 1),
        ]
        assert titles(store, View(title="a")) == ["a", "a"]
        assert [place.total for place in store.places()] == [2, 2, 1, 1, 1, 1, 1, 1]
        post = store.post(post_id(POLICE, shared("a")))
        assert post is not None
        assert post.entry == shared("a", day=2, content="text", categories=("News",))

        # The feed says what it said before: nothing is new or changed.
        again = shared("a", day=2, content="text", categories=("News",))
        assert save(store, NEWS, again) == Saved(0, 0)
        store.mark([post_id(NEWS, again)], True).result(timeout=5)
        assert counts(store)["All posts"] == (2, 1)
        store.save_terms(NEWS, [Term(1, "Other", "other")]).result(timeout=5)
        assert len(store.places()) == 7
        store.follow_now([Source(POLICE), Source(BLOG)])
        assert counts(store)["All posts"] == (2, 1)
        state = SourceState(POLICE, title="Title of 2", posts=1, asked=4, not_before=NOW)
        store.save_state(state).result(timeout=5)
        assert store.states()[0] == state
    assert query(version_1, "PRAGMA integrity_check") == [("ok",)]


@pytest.fixture
def version_2(tmp_path: Path) -> Path:
    """A file of version 2 with a source that moved and was asked often."""
    file = tmp_path / "cache.db"
    bring(Database.cache(file)._replace(schema=CACHE._replace(steps=CACHE.steps[:2])))
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        put(connection, NEWS, 1, shared("a", day=2, content="text", categories=("News",)))
        connection.execute(
            "UPDATE source SET asked = 12, spared = 11, outcome = '304: nothing changed',"
            " validated = ?, parser = 3, read_from = ?, failures = 2, terms_at = ?",
            (BLOG, BLOG, seconds(NOW)),
        )
    return file


def test_a_cache_of_version_2_keeps_all_but_what_it_counted_as_one(
    version_2: Path, clock: HandClock
) -> None:
    with closing(Store.open(version_2, None, clock=clock)) as store:
        assert store.problems == []
        before = SourceState(
            NEWS,
            title="Title of 1",
            etag="abc",
            validated=BLOG,
            parser=3,
            read_from=BLOG,
            failures=2,
            outcome="304: nothing changed",
            terms_at=NOW,
            posts=1,
        )
        assert store.states() == [before]
        after = before._replace(
            answered_by=BLOG,
            asks_old=True,
            missed_since=NOW,
            asked=3,
            spared=2,
            not_modified=1,
            warning="The feed is damaged at line 7.",
        )
        store.save_state(after).result(timeout=5)
        assert store.states() == [after]
    assert query(version_2, "PRAGMA integrity_check") == [("ok",)]


def test_posts_of_a_cache_of_version_3_can_be_searched_for(
    tmp_path: Path, clock: HandClock
) -> None:
    file = tmp_path / "cache.db"
    bring(Database.cache(file)._replace(schema=CACHE._replace(steps=CACHE.steps[:3])))
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        put(connection, NEWS, 1, shared("a", day=2))
    with closing(Store.open(file, None, clock=clock)) as store:
        asked, now = View(search="text category:news"), store.snapshot()
        assert store.find(asked, now).result(timeout=5).waiting == 1
        store.index_all().result(timeout=5)
        found = store.find(asked, now).result(timeout=5)
        assert [*found.ids] == [post_id(NEWS, shared("a"))]
    assert query(file, "PRAGMA integrity_check") == [("ok",)]
