"""The store as a whole: its two threads, other programs on the same files, its end."""

import ast
import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from threading import Event, get_ident
from typing import Any

import pytest

import nordic_tui
from nordic_tui.errors import StoreBusy, StoreError
from nordic_tui.model import (
    ArchiveState,
    Feed,
    KeptPost,
    LastPlace,
    PlaceKind,
    Snapshot,
    Sorting,
    Source,
    SourceState,
    Term,
)
from nordic_tui.store import tally
from nordic_tui.store.identity import post_id
from nordic_tui.store.store import Store
from nordic_tui.store.two_threads import MARKS_COUNTED_AT_ONCE

from .helpers import ALL, NEWS, NOW, UNREAD, HandClock, counts, entry, ids, query, save, titles

# ── writing ─────────────────────────────────────────────────────────────────────────────────

Write = Callable[[Store, Snapshot], Future[Any]]

POST = post_id(NEWS, entry("a"))
WRITES: dict[str, Write] = {
    "follow": lambda store, _: store.follow([]),
    "save_state": lambda store, _: store.save_state(SourceState(NEWS, failures=1)),
    "save_site": lambda store, _: store.save_site(NEWS, "https://news.example/wp-json/", NOW),
    "save_not_before": lambda store, _: store.save_not_before(NEWS, NOW),
    "save_feed": lambda store, _: store.save_feed(NEWS, Feed(), SourceState(NEWS)),
    "save_posts": lambda store, _: store.save_posts(NEWS, Feed(entries=(entry("b"),))),
    "save_page": lambda store, _: store.save_page(NEWS, Feed(), ArchiveState(NEWS)),
    "save_archive": lambda store, _: store.save_archive(ArchiveState(NEWS)),
    "reopen_archive": lambda store, _: store.reopen_archive(NEWS),
    "save_terms": lambda store, _: store.save_terms(NEWS, [Term(1, "Police", "police")]),
    "mark": lambda store, _: store.mark([POST], True),
    "mark_view": lambda store, now: store.mark_view(ALL, now),
    "undo": lambda store, _: store.undo(),
    "redo": lambda store, _: store.redo(),
    "star": lambda store, _: store.star([POST], True),
    "tag": lambda store, _: store.tag([POST], "cities", True),
    "save_sorting": lambda store, _: store.save_sorting(PlaceKind.ALL, 0, Sorting(True)),
    "take_kept": lambda store, _: store.take_kept([KeptPost(1, NEWS, "", entry("z"), None, NOW)]),
    "save_position": lambda store, _: store.save_position(POST, 0.5),
    "save_last_place": lambda store, _: store.save_last_place(LastPlace(PlaceKind.ALL, 0)),
    "save_full_text": lambda store, _: store.save_full_text(POST, "<p>All of it.</p>"),
    "save_asked_text": lambda store, _: store.save_asked_text(POST, "<p>All of it.</p>"),
    "save_page_failure": lambda store, _: store.save_page_failure(POST, "is gone", for_good=True),
    "prune_history": lambda store, _: store.prune_history(),
}


def test_every_write_is_among_those_tried_here() -> None:
    returns = {
        name: method.__annotations__.get("return")
        for name, method in vars(Store).items()
        if callable(method) and not name.startswith("_")
    }
    later = {name for name, type_ in returns.items() if "Future" in str(type_)}
    # What only reads is not refused while another program writes.
    reading = {
        "load_archive",
        "load_states",
        "count_places",
        "find",
        "try_searches",
        "pages_wanted",
        "page_wanted",
    }
    assert later - reading == WRITES.keys()


@pytest.mark.parametrize("locked", ["cache.db", "history.db", "library.db"])
@pytest.mark.parametrize("name", WRITES)
def test_a_file_that_another_program_holds_is_reported(
    tmp_path: Path, clock: HandClock, name: str, locked: str
) -> None:
    files = (tmp_path / name for name in ("cache.db", "history.db", "library.db"))
    store = Store.open(*files, clock=clock, busy_timeout_s=0.01)
    store.follow_now([Source(NEWS)])
    save(store, NEWS, entry("a"))
    before = store.snapshot(), titles(store, UNREAD), store.states()
    with closing(sqlite3.connect(tmp_path / locked, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match=r"Another program is writing"):
            WRITES[name](store, before[0]).result(timeout=5)
        assert (store.snapshot(), titles(store, UNREAD), store.states()) == before
        other.execute("ROLLBACK")
    WRITES[name](store, before[0]).result(timeout=5)
    store.close()


@pytest.mark.parametrize("name", WRITES)
def test_nothing_is_written_after_the_end(store: Store, name: str) -> None:
    now = store.snapshot()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        WRITES[name](store, now).result(timeout=5)


def test_a_write_that_fails_leaves_nothing_behind(store: Store) -> None:
    save(store, NEWS, entry("a", categories=("Police",)))
    # A lone surrogate, which the gate takes out, is what SQLite refuses in the middle of a feed.
    with pytest.raises(UnicodeEncodeError):
        save(store, NEWS, entry("b", categories=("Police",)), entry("c", content="\ud800"))
    assert titles(store) == ["a"]
    assert counts(store) == {"All posts": (1, 1), "Unread": (1, 1), "Police": (1, 1)}
    assert save(store, NEWS, entry("b")).new == 1


def test_closing_writes_what_is_queued_and_leaves_one_file(
    tmp_path: Path, clock: HandClock
) -> None:
    file = tmp_path / "cache.db"
    store = Store.open(file, None, clock=clock)
    store.follow_now([Source(NEWS)])
    for n in range(20):
        store.save_feed(NEWS, Feed(entries=(entry(f"p{n}"),)), SourceState(NEWS))
    store.close()
    store.close()
    assert [path.name for path in tmp_path.iterdir()] == ["cache.db"]
    assert query(file, "SELECT COUNT(*) FROM post") == [(20,)]


# ── reading while the other thread writes ───────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cache", "history"),
    [(None, None), ("cache.db", None), ("cache.db", "history.db")],
    ids=["memory", "session", "files"],
)
def test_reading_is_never_refused_while_a_feed_is_stored(
    tmp_path: Path, clock: HandClock, cache: str | None, history: str | None
) -> None:
    """In memory both threads share their tables; SQLite's answer to that is a lock error."""
    store = Store.open(
        tmp_path / cache if cache else None, tmp_path / history if history else None, clock=clock
    )
    store.follow_now([Source(NEWS)])
    feeds = [
        Feed(entries=tuple(entry(f"{n} {m}", categories=("Police",)) for m in range(100)))
        for n in range(15)
    ]
    saves = [store.save_feed(NEWS, feed, SourceState(NEWS)) for feed in feeds]
    marks: list[Future[int]] = []
    reads = 0
    while not saves[-1].done():
        now = store.snapshot()
        assert now.horizon % 100 == 0
        rows = store.rows(ALL, now, 0, 20)
        store.count(UNREAD, now)
        assert {place.total for place in store.places(now) if place.name == "Police"} <= {
            now.horizon
        }
        if rows:
            assert store.post(rows[0].id) is not None
            marks.append(store.mark([rows[-1].id], True))
        reads += 1
    assert reads > 0
    assert sum(future.result(timeout=5).new for future in saves) == 1500
    marked = sum(future.result(timeout=5) for future in marks)
    assert counts(store)["All posts"] == (1500, 1500 - marked)
    assert store.unread(ALL, store.snapshot()) == store.count(UNREAD, store.snapshot())
    store.close()


# ── the count of marks ──────────────────────────────────────────────────────────────────────


def test_many_marks_are_counted_after_opening(
    tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = tmp_path / "cache.db", tmp_path / "history.db"
    many = MARKS_COUNTED_AT_ONCE + 1
    store = Store.open(*files, clock=clock)
    store.follow_now([Source(NEWS)])
    save(store, NEWS, *(entry(f"p{n}") for n in range(many + 1)))
    store.mark_view(ALL, store.snapshot()).result(timeout=5)
    store.mark(list(ids(store).values())[:1], False).result(timeout=5)
    store.close()

    may_count, counted, threads = Event(), Event(), []
    count_read = tally.count_read

    def held(connection: sqlite3.Connection) -> tally.Tally:
        assert may_count.wait(timeout=5)
        return count_read(connection)

    monkeypatch.setattr(tally, "count_read", held)
    store = Store.open(*files, clock=clock)

    def on_tally() -> None:
        threads.append(get_ident())
        counted.set()

    store.on_tally = on_tally
    # Also before the count is there a list is as long as its rows are many.
    now = store.snapshot()
    assert store.count(UNREAD, now) == len(store.rows(UNREAD, now, 0, many)) == 1
    assert not store.tally_ready
    may_count.set()
    assert counted.wait(timeout=5)
    assert counts(store)["All posts"] == (many + 1, 1)
    assert get_ident() not in threads
    store.close()


# ── another program on the same files ───────────────────────────────────────────────────────


def test_what_another_program_did_is_seen(tmp_path: Path, clock: HandClock) -> None:
    files = tmp_path / "cache.db", tmp_path / "history.db"
    with (
        closing(Store.open(*files, clock=clock)) as one,
        closing(Store.open(*files, clock=clock)) as other,
    ):
        one.follow_now([Source(NEWS)])
        save(one, NEWS, *(entry(name) for name in "abc"))
        id_ = ids(other)
        assert other.mark([id_["a"]], True).result(timeout=5) == 1
        assert one.mark([id_["a"], id_["b"]], True).result(timeout=5) == 1
        assert titles(one, UNREAD) == ["c"]
        assert counts(one)["All posts"] == (3, 1)
        now = other.snapshot()
        assert other.mark([id_["c"]], True).result(timeout=5) == 1
        assert counts(other)["All posts"] == (3, 0)
        assert other.count(UNREAD, now) == 1


# ── the room ────────────────────────────────────────────────────────────────────────────────


def test_sqlite_is_imported_here_and_nowhere_else() -> None:
    package = Path(nordic_tui.__file__).parent
    importers = set()
    for file in package.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            names = [alias.name for alias in node.names]
            names.append(str(getattr(node, "module", "")))
            if any(re.match(r"sqlite3\b", str(name)) for name in names):
                importers.add(file.relative_to(package).parts[0])
    assert importers == {"store"}
