"""Files that earlier versions of the program wrote (versions/make.py), brought to the present."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nordic_tui.errors import NewerDatabase, StoreError, StoreUnwritable
from nordic_tui.model import Source, SourceState, View
from nordic_tui.store import connection
from nordic_tui.store.connection import Database, backup_file, make_private, prepare
from nordic_tui.store.identity import post_id
from nordic_tui.store.schema import CACHE, HISTORY, LIBRARY
from nordic_tui.store.store import Store

from .helpers import (
    BLOG,
    NEWS,
    NOW,
    POLICE,
    HandClock,
    counts,
    entry,
    found,
    ids,
    query,
    redo,
    save,
    titles,
    undo,
)

DUMPS = Path(__file__).parent / "versions"
EARLIER = range(1, CACHE.version)


def dump(file: Path) -> str:
    """All that is in a file, as versions/make.py writes it."""
    with closing(sqlite3.connect(file)) as opened:
        pragmas = [
            f"PRAGMA {pragma} = {opened.execute(f'PRAGMA {pragma}').fetchone()[0]};"
            for pragma in ("application_id", "user_version")
        ]
        return "\n".join([*pragmas, *opened.iterdump()]) + "\n"


def undump(file: Path, text: str) -> None:
    with closing(sqlite3.connect(file)) as opened:
        opened.executescript(text)
        opened.execute("PRAGMA journal_mode = WAL")


@pytest.fixture
def earlier(tmp_path: Path) -> Callable[[int], tuple[Path, Path]]:
    """Puts the files of a version in place: the cache and the history."""

    def put(version: int) -> tuple[Path, Path]:
        files = tmp_path / "cache.db", tmp_path / "history.db"
        for file in files:
            undump(file, (DUMPS / f"{file.stem}-of-{version}.sql").read_text(encoding="utf-8"))
        return files

    return put


def test_there_is_a_file_of_each_earlier_version(tmp_path: Path) -> None:
    assert {path.name for path in DUMPS.glob("cache-*.sql")} == {
        f"cache-of-{version}.sql" for version in EARLIER
    }
    versions = set()
    for dumped in DUMPS.glob("history-*.sql"):
        undump(tmp_path / dumped.name, dumped.read_text(encoding="utf-8"))
        versions |= {row[0] for row in query(tmp_path / dumped.name, "PRAGMA user_version")}
    assert versions == set(range(1, HISTORY.version))
    assert LIBRARY.version == 1  # a later one needs files of this one


@pytest.mark.parametrize(("dumped", "version"), [("history-of-4", 2), ("history-of-5", 3)])
def test_all_that_a_later_history_kept_is_there(
    tmp_path: Path, clock: HandClock, dumped: str, version: int
) -> None:
    file = tmp_path / "history.db"
    undump(file, (DUMPS / f"{dumped}.sql").read_text(encoding="utf-8"))
    with closing(Store.open(None, file, clock=clock)) as store:
        store.follow_now([Source(NEWS), Source(BLOG)])
        posts = [
            entry(name, day=day, link=f"https://news.example/{name}/", title=f"Title {name}")
            for name, day in zip("abc", (9, 8, 7), strict=True)
        ]
        save(store, NEWS, *posts)
        save(store, BLOG, entry("z", title="Title z"))
        assert titles(store, View(unread_only=True)) == ["Title z", "Title b", "Title c"]
        assert store.position_of(ids(store)["Title b"]) == 0.25
        assert store.stored().texts == 1
        assert found(store, "asked words") == ["Title c"], "its words are searched again"
        assert (undo(store), titles(store, View(unread_only=True))) == (
            1,
            ["Title b", "Title c"],
        )
    assert query(file, "PRAGMA user_version") == [(HISTORY.version,)]
    assert query(backup_file(file, version), "PRAGMA user_version") == [(version,)]


@pytest.mark.parametrize("version", EARLIER)
def test_the_steps_are_still_those_that_made_the_file(tmp_path: Path, version: int) -> None:
    """A step that was released is never edited."""
    dumped, made = tmp_path / "dumped.db", tmp_path / "made.db"
    undump(dumped, (DUMPS / f"cache-of-{version}.sql").read_text(encoding="utf-8"))
    now = CACHE._replace(steps=CACHE.steps[:version])
    prepare(Database.cache(made)._replace(schema=now), 1.0).close()
    schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"
    assert query(dumped, schema) == query(made, schema)


@pytest.mark.parametrize("version", EARLIER)
def test_all_that_an_earlier_version_kept_is_there(
    earlier: Callable[[int], tuple[Path, Path]], tmp_path: Path, clock: HandClock, version: int
) -> None:
    files = earlier(version)
    with closing(Store.open(*files, tmp_path / "library.db", clock=clock)) as store:
        assert store.problems == []
        store.index_all().result(timeout=5)  # and what is counted before it
        assert titles(store) == ["Title z", "Title a", "Title b", "Title c", "Ærlig"]
        assert titles(store, View(unread_only=True)) == ["Title z", "Title b", "Title c", "Ærlig"]
        assert counts(store) == {
            "All posts": (5, 4),
            "Unread": (4, 4),
            "Nyheter": (3, 2),
            "Police": (3, 2),
            "Æøå": (3, 2),
            f"Feed of {BLOG}": (2, 2),
        }
        news, blog = store.states()
        assert (news.title, news.etag, news.last_modified) == ("Nyheter", "abc", "Sat")
        assert (news.checked_at, news.next_at, news.posts) == (NOW, NOW, 3)
        assert (blog.failures, blog.error) == (3, "did not answer within 20 s")
        known = ids(store)
        post = store.post(known["Title b"])
        assert post is not None
        said = entry(
            "b",
            link="https://news.example/b/",
            title="Title b",
            published=datetime(2024, 5, 8, 8, tzinfo=UTC),
            content="<p>Text b</p>",
            categories=("Police", "Æøå"),
            authors=("Kari",),
            more=True,
        )
        assert (post.entry, post.first_seen) == (said, NOW)
        assert known["Title b"] == post_id(NEWS, said)
        assert store.position_of(known["Title b"]) == 0.25
        dateless = store.post(known["Title z"])
        assert dateless is not None
        assert dateless.entry == entry("z", title="Title z", excerpt="No date", protected=True)

        # The feed says what it said before: nothing is new or changed.
        assert save(store, NEWS, said).new == 0
        assert found(store, "text police") == ["Title a", "Title b", "Title c"]
        # What was done can be taken back and done again.
        assert (undo(store), titles(store, View(unread_only=True))[0]) == (1, "Title b")
        assert (undo(store), store.stored().marks) == (2, 0)
        assert (redo(store), redo(store)) == (2, 1)
        # A source that was followed before is so again, with its posts read as their twins are.
        store.follow_now([Source(NEWS, "Nyheter"), Source(POLICE), Source(BLOG)])
        assert counts(store)["All posts"] == (5, 4)
        assert counts(store)[f"Feed of {POLICE}"] == (2, 1)
        assert store.star([known["Title a"]], True).result(timeout=5) == 1
        assert store.states()[1] == SourceState(
            POLICE, f"Feed of {POLICE}", read_from=NEWS, stopped=True, posts=2
        )
    for file in files:
        assert query(file, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("version", EARLIER)
def test_the_copy_that_is_made_before_is_the_file_as_it_was(
    earlier: Callable[[int], tuple[Path, Path]], tmp_path: Path, clock: HandClock, version: int
) -> None:
    cache, history = earlier(version)
    # One that was made when an even earlier version was brought up.
    backup_file(cache, version - 1).touch()
    Store.open(cache, history, clock=clock).close()
    copies = backup_file(cache, version), backup_file(history, 1)
    for copy, name in zip(copies, ("cache", "history"), strict=True):
        assert dump(copy) == (DUMPS / f"{name}-of-{version}.sql").read_text(encoding="utf-8")
        assert copy.stat().st_mode & 0o777 == 0o600
    kept = {cache.name, history.name, *(copy.name for copy in copies)}
    # Version 0 is an empty file: there never was a copy of it.
    kept |= {backup_file(cache, 0).name} if version == 1 else set()
    assert {path.name for path in tmp_path.iterdir()} == kept


def test_a_disk_that_is_full_halfway_leaves_the_file_as_it_was(
    earlier: Callable[[int], tuple[Path, Path]], clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, history = earlier(1)
    before = dump(cache)
    connect = connection.connect

    def on_a_full_disk(database: Database, busy_timeout_s: float) -> sqlite3.Connection:
        made = connect(database, busy_timeout_s)
        if database.file == cache:
            made.execute(f"PRAGMA max_page_count = {cache.stat().st_size // 4096 + 3}")
        return made

    with monkeypatch.context() as patch:
        patch.setattr(connection, "connect", on_a_full_disk)
        store = Store.open(cache, history, clock=clock)
        store.close()
    assert store.problems == [
        f"The disk is full: the posts could not be stored. Make room for {cache} and try again. "
        "Until the program ends, it keeps the posts in memory only."
    ]
    assert dump(cache) == before
    with closing(Store.open(cache, history, clock=clock)) as again:
        assert (again.problems, len(titles(again))) == ([], 5)


def test_a_copy_that_cannot_be_made_leaves_everything_as_it_was(
    earlier: Callable[[int], tuple[Path, Path]],
    tmp_path: Path,
    clock: HandClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache, history = earlier(2)
    before = dump(cache)
    backup_file(cache, 2).write_text("an earlier copy")

    def full(file: Path) -> None:
        if file.name.startswith("cache.db.v2"):
            file.touch()
            raise OSError(28, "No space left on device")
        make_private(file)

    monkeypatch.setattr(connection, "make_private", full)
    store = Store.open(cache, history, clock=clock)
    store.close()
    assert store.problems == [
        f"{cache} is of an earlier version, and no copy of it could be made before it is changed: "
        "No space left on device. Until the program ends, it keeps the posts in memory only."
    ]
    assert dump(cache) == before
    assert backup_file(cache, 2).read_text() == "an earlier copy"
    assert len(list(tmp_path.glob("cache.db.v2*"))) == 1
    with pytest.raises(StoreUnwritable):
        prepare(Database.cache(cache), 1.0)


# ── what is not ours to open ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("statement", "in_log"),
    [
        ("PRAGMA user_version = 99", False),
        ("PRAGMA user_version = 99", True),
        ("PRAGMA application_id = 4711", False),
        # A log of another program beside a file of ours is damage.
    ],
)
@pytest.mark.parametrize("name", ["cache", "history", "library"])
def test_a_file_of_a_newer_version_or_another_program_is_left_as_it_is(
    tmp_path: Path, clock: HandClock, name: str, in_log: bool, statement: str
) -> None:
    """Byte for byte, with its log, its times and its mode, and nothing is put beside it."""
    made = tmp_path / "made.db"
    make = {"cache": Database.cache, "history": Database.history, "library": Database.library}
    prepare(make[name](made), 1.0).close()
    folder = tmp_path / "home"
    folder.mkdir()
    file = folder / f"{name}.db"
    with closing(sqlite3.connect(made, isolation_level=None)) as other:
        other.execute(statement)
        if in_log:
            # As a program that was killed leaves it.
            (folder / f"{name}.db-wal").write_bytes(made.with_name("made.db-wal").read_bytes())
        else:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        file.write_bytes(made.read_bytes())
    file.chmod(0o644)

    def seen() -> dict[str, tuple[object, ...]]:
        return {
            path.name: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode)
            for path in folder.iterdir()
        }

    before = seen()
    files = {each: folder / f"{each}.db" if each == name else None for each in make}
    expected = NewerDatabase if "version" in statement else StoreError
    with pytest.raises(expected, match="left untouched"):
        Store.open(*files.values(), clock=clock)
    assert seen() == before
