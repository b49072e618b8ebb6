"""A locked database, a full disk, a file that may not be written: every method, with what it says.

What fails says so in a sentence and leaves all as it was; what is tried again afterwards succeeds.
"""

import os
import re
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from nordic_tui.errors import StoreBusy, StoreUnwritable
from nordic_tui.model import Feed, PlaceKind, Snapshot, Source, SourceState, View
from nordic_tui.store import two_threads
from nordic_tui.store.connection import Database
from nordic_tui.store.store import Store

from .helpers import ALL, NEWS, HandClock, entry, ids, query, save, titles
from .test_store import POST, WRITES

NAMES = ("cache.db", "history.db", "library.db")
Call = Callable[[Store, Snapshot], Any]

READS: dict[str, Call] = {
    "needs_follow": lambda store, _: store.needs_follow([Source(NEWS)]),
    "try_searches": lambda store, _: store.try_searches(["a"]),
    "states": lambda store, _: store.states(),
    "load_states": lambda store, _: store.load_states(),
    "notice_others": lambda store, _: store.notice_others(),
    "load_archive": lambda store, _: store.load_archive(NEWS),
    "archives": lambda store, _: store.archives(),
    "has_posts": lambda store, _: store.has_posts(NEWS),
    "snapshot": lambda store, _: store.snapshot(),
    "places": lambda store, now: store.places(now),
    "places_of_sources": lambda store, now: store.places_of_sources(now),
    "count_places": lambda store, now: store.count_places(now),
    "count": lambda store, now: store.count(ALL, now),
    "unread": lambda store, now: store.unread(ALL, now),
    "rows": lambda store, now: store.rows(ALL, now, 0, 10),
    "first_rows": lambda store, now: store.first_rows(ALL, now, 10),
    "position": lambda store, now: store.position(ALL, now, POST),
    "next_unread": lambda store, now: store.next_unread(ALL, now, -1, 1),
    "arrivals": lambda store, now: store.arrivals(ALL, now),
    "find": lambda store, now: store.find(View(search="a"), now),
    "is_found": lambda store, _: store.is_found(ALL),
    "rows_of": lambda store, _: store.rows_of([POST]),
    "unread_of": lambda store, _: store.unread_of([POST]),
    "first_unread": lambda store, _: store.first_unread([POST]),
    "query": lambda store, _: store.query(View(search="a")),
    "post": lambda store, _: store.post(POST),
    "tags": lambda store, _: store.tags(),
    "sorting": lambda store, _: store.sorting(PlaceKind.ALL, 0),
    "kept_posts": lambda store, _: store.kept_posts(),
    "kept_size": lambda store, _: store.kept_size(),
    "versions": lambda store, _: store.versions(POST),
    "pages_wanted": lambda store, _: store.pages_wanted(NEWS, 5),
    "page_wanted": lambda store, _: store.page_wanted(POST),
    "position_of": lambda store, _: store.position_of(POST),
    "last_place": lambda store, _: store.last_place(),
    "stored": lambda store, _: store.stored(),
    "export_history": lambda store, _: store.export_history(),
    "history_files": lambda store, _: store.history_files(Path("nowhere") / "history.db"),
    "erase_history": lambda store, _: store.erase_history(Path("nowhere") / "history.db"),
    "tally_ready": lambda store, _: store.tally_ready,
    # There is nothing for these to write: they only look.
    "seed": lambda store, _: store.seed(NEWS, Feed(entries=(entry("c"),))),
    "follow_now": lambda store, _: store.follow_now([Source(NEWS)]),
    "put_back_kept": lambda store, _: store.put_back_kept(),
    "index_all": lambda store, _: store.index_all(),
}
"""What only reads: it is answered whatever happens to who writes."""

MORE_WRITES: dict[str, Call] = {
    "seed": lambda store, _: store.seed("https://other.example/", Feed(entries=(entry("c"),))),
    "follow_now": lambda store, _: store.follow_now([]),
}
"""What writes and is done when it returns."""

ALL_WRITES: dict[str, Call] = {**WRITES, **MORE_WRITES}


def test_every_method_is_tried() -> None:
    """A new one needs a row above, or in WRITES (test_store.py)."""
    public = {
        name
        for each in Store.__mro__[:-1]
        for name, member in vars(each).items()
        if not name.startswith("_")
        and (callable(member) or isinstance(member, property | cached_property))
    }
    # Tried below: they make or end what the others need; and so does the class method `open`.
    lifecycle = {"close", "use_history", "settle"}
    assert public == READS.keys() | WRITES.keys() | lifecycle


def done(result: Any) -> Any:
    return result.result(timeout=5) if isinstance(result, Future) else result


def seen(store: Store, now: Snapshot) -> tuple[Any, ...]:
    """What a person would miss."""
    return (
        store.snapshot(),
        store.rows(ALL, now, 0, 10),
        store.post(POST),
        store.states(),
        store.export_history() | {"exported_at": ""},
        store.kept_posts(),
        store.tags(),
        [store.sorting(PlaceKind.ALL, 0), store.archives(), store.places()],
    )


@pytest.fixture
def made(tmp_path: Path, clock: HandClock) -> Iterator[Store]:
    with closing(
        Store.open(*(tmp_path / name for name in NAMES), clock=clock, busy_timeout_s=0.01)
    ) as store:
        store.follow_now([Source(NEWS)])
        save(store, NEWS, entry("a"))
        store.mark([POST], True, undoable=False).result(timeout=5)
        store.index_all().result(timeout=5)
        yield store


# ── the trouble ─────────────────────────────────────────────────────────────────────────────


def on_writer(store: Store, *statements: str) -> None:
    def job(writer: sqlite3.Connection) -> None:
        for statement in statements:
            writer.execute(statement)

    store._submit(Database.cache(None), job).result(timeout=5)


@contextmanager
def locked(store: Store, folder: Path, name: str) -> Iterator[None]:
    """Another program writes to one of the files."""
    with closing(sqlite3.connect(folder / name, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def full(store: Store, folder: Path, name: str) -> Iterator[None]:
    """One of the files can't grow. What of it is free is used up first."""
    schema = {"cache.db": "main"}.get(name, name.removesuffix(".db"))
    limit = query(folder / name, "PRAGMA page_count")[0][0]
    on_writer(store, f"PRAGMA {schema}.max_page_count = {limit}")
    yield
    on_writer(store, f"PRAGMA {schema}.max_page_count = 1000000")


@contextmanager
def read_only(store: Store, folder: Path, name: str) -> Iterator[None]:
    """SQLite refuses to write, as it does on a disk that went read-only."""
    on_writer(store, "PRAGMA query_only = ON")
    yield
    on_writer(store, "PRAGMA query_only = OFF")


Trouble = Callable[[Store, Path, str], Any]
TROUBLES: dict[str, tuple[Trouble, type[Exception], str]] = {
    "locked": (locked, StoreBusy, r"Another program is writing to .*\. Try again in a moment\."),
    "full": (full, StoreUnwritable, r"The disk is full: .* could not be stored\. Make room for "),
    "read-only": (read_only, StoreUnwritable, r"cannot be read and written: .*See whether its "),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_only_reads_is_answered(made: Store, tmp_path: Path, trouble: str, name: str) -> None:
    now = made.snapshot()
    with TROUBLES[trouble][0](made, tmp_path, name):
        for method, call in READS.items():
            if trouble == "read-only" and method == "index_all":
                continue  # there is nothing to be put in, and it is asked in a transaction
            done(call(made, now))


@pytest.mark.parametrize("method", ALL_WRITES)
@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_writes_succeeds_or_says_why_not_and_leaves_all_as_it_was(
    made: Store, tmp_path: Path, trouble: str, method: str
) -> None:
    make, error, sentence = TROUBLES[trouble]
    now = made.snapshot()
    before = seen(made, now)
    call = ALL_WRITES[method]
    for name in NAMES:
        with make(made, tmp_path, name):
            try:
                done(call(made, now))
            except error as raised:
                said = str(raised)
            else:
                # A page that has room left is no full disk.
                assert trouble == "full"
                return
            assert re.search(sentence, said)
            assert seen(made, now) == before
    done(call(made, now))


def test_a_full_disk_stops_a_large_feed_and_loses_nothing(made: Store, tmp_path: Path) -> None:
    large = [entry(f"x{n}", content="long " * 2000) for n in range(50)]
    with full(made, tmp_path, "cache.db"):
        with pytest.raises(StoreUnwritable, match="disk is full: the posts could not be stored"):
            save(made, NEWS, *large)
        assert titles(made) == ["a"]
        assert made.mark([POST], False).result(timeout=5) == 1
    assert save(made, NEWS, *large).new == 50


def test_what_was_recorded_stays_where_the_new_history_has_no_room(
    made: Store, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere.db").mkdir()
    with pytest.raises(StoreUnwritable, match="elsewhere"):
        made.use_history(tmp_path / "elsewhere.db")
    assert made.stored().marks == 1
    made.mark([POST], False).result(timeout=5)
    assert made.stored().marks == 0


# ── the disk itself ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("room", [0, 20_000, 200_000])
def test_a_quota_that_is_used_up_halfway_leaves_whole_files(
    made: Store, tmp_path: Path, room: int
) -> None:
    """Of every write that goes beyond it the kernel takes a part, or none (RLIMIT_FSIZE)."""
    largest = max(path.stat().st_size for path in tmp_path.iterdir())
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    feed = Feed(entries=tuple(entry(f"x{n}", content="long " * 2000) for n in range(60)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + room, most))
    try:
        saving = made.save_feed(NEWS, feed, SourceState(NEWS))
        with pytest.raises(StoreUnwritable, match="See whether its disk is full"):
            saving.result(timeout=20)
        assert titles(made) == ["a"]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))
    assert made.save_feed(NEWS, feed, SourceState(NEWS)).result(timeout=20).new == 60
    made.close()
    for name in NAMES:
        assert query(tmp_path / name, "PRAGMA integrity_check") == [("ok",)]


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that a person without special rights can reach; root is such a one here."""
    folder = Path(tempfile.mkdtemp())
    inner = folder / "data"
    inner.mkdir()
    is_root = os.geteuid() == 0
    if is_root:
        folder.chmod(0o755)
        os.chown(inner, 65534, -1)
        os.seteuid(65534)
    yield inner
    if is_root:
        os.seteuid(0)
    inner.chmod(0o700)
    shutil.rmtree(folder)


@pytest.mark.parametrize("mode", [0o500, 0o000], ids=oct)
@pytest.mark.parametrize("is_there", [True, False], ids=["files", "no files"])
def test_a_folder_that_may_not_be_written_is_said_and_nothing_is_lost(
    home: Path, clock: HandClock, mode: int, is_there: bool
) -> None:
    files = [home / name for name in NAMES]
    if is_there:
        with closing(Store.open(*files, clock=clock)) as store:
            store.follow_now([Source(NEWS)])
            save(store, NEWS, entry("a"))
            store.star([POST], True).result(timeout=5)
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    home.chmod(mode)
    with closing(Store.open(*files, clock=clock)) as store:
        for file, problem, holds in zip(
            files,
            store.problems,
            ("the posts", "the reading history", "what you starred and tagged"),
            strict=True,
        ):
            assert problem.startswith(f"{file} cannot be ")
            assert problem.endswith(f"Until the program ends, it keeps {holds} in memory only.")
        store.follow_now([Source(NEWS)])
        save(store, NEWS, entry("b"))
        assert titles(store) == ["b"]
        now = store.snapshot()
        for call in (*READS.values(), *ALL_WRITES.values()):
            done(call(store, now))
    home.chmod(0o700)
    assert {path.name: path.read_bytes() for path in home.iterdir()} == before
    with closing(Store.open(*files, clock=clock)) as store:
        assert store.problems == []
        store.follow_now([Source(NEWS)])
        assert titles(store) == (["a"] if is_there else [])
        assert [*ids(store).values()] == ([POST] if is_there else [])


def test_a_file_that_another_program_has_for_itself_is_said_at_the_start(
    tmp_path: Path, clock: HandClock
) -> None:
    files = [tmp_path / name for name in NAMES]
    Store.open(*files, clock=clock).close()
    with closing(sqlite3.connect(tmp_path / "library.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreBusy, match=r"Another program is writing to .*library\.db\. Try"):
            Store.open(*files, clock=clock, busy_timeout_s=0.01)
    Store.open(*files, clock=clock).close()


# ── what the connections are ────────────────────────────────────────────────────────────────

PRAGMAS = ("journal_mode", "synchronous", "secure_delete")


def pragmas(connection: sqlite3.Connection) -> dict[str, tuple[Any, ...]]:
    return {
        schema: tuple(
            connection.execute(f"PRAGMA {schema}.{pragma}").fetchone()[0] for pragma in PRAGMAS
        )
        for schema in ("main", "history", "library")
    } | {"": connection.execute("PRAGMA temp_store").fetchone()}


def test_each_connection_keeps_what_a_person_made_as_safe_as_can_be(made: Store) -> None:
    """FULL (2): on the disk when it is said, also after a power cut; NORMAL (1): never damaged by
    one, and the posts of the last moment can be fetched again (sqlite.org/pragma.html). What is
    written for a moment only is in memory (temp_store 2)."""

    def of_finder(turn: Any) -> dict[str, tuple[Any, ...]]:
        with turn.reading() as connection:
            return pragmas(connection)

    writer = made._submit(Database.cache(None), pragmas).result(timeout=5)
    history = ("wal", 2, 1)
    for found in (writer, pragmas(made._reader), made._finder.ask(of_finder).result(timeout=5)):
        assert found["main"][:2] == ("wal", 1)
        assert found["history"] == history
        assert found["library"][:2] == ("wal", 2)
        assert found[""] == (2,)
    assert writer["main"][2] == 0
    assert made._reader.execute("PRAGMA query_only").fetchone() == (1,)


def test_a_feed_is_one_transaction(made: Store) -> None:
    """Which a trace of its statements shows."""
    statements: list[str] = []

    def trace(writer: sqlite3.Connection) -> None:
        writer.set_trace_callback(statements.append)

    made._submit(Database.cache(None), trace).result(timeout=5)
    save(made, NEWS, *(entry(f"x{n}", categories=("Police",)) for n in range(50)))
    ends = [each for each in statements if each.split()[0] in ("BEGIN", "COMMIT", "ROLLBACK")]
    assert ends == ["BEGIN IMMEDIATE", "COMMIT"]


@pytest.mark.parametrize("ask", ["mark", "find"])
def test_a_thread_that_cannot_open_a_file_says_so_and_tries_again(
    tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch, ask: str
) -> None:
    with closing(Store.open(*(tmp_path / name for name in NAMES), clock=clock)) as store:
        now = store.snapshot()

        def refused(connection: sqlite3.Connection, library: Database) -> None:
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise error

        call = {**READS, **ALL_WRITES}[ask]
        with monkeypatch.context() as patch:
            patch.setattr(two_threads, "attach_library", refused)
            with pytest.raises(StoreUnwritable, match="unable to open database file"):
                done(call(store, now))
        done(call(store, now))
