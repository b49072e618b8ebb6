import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nordic_tui.errors import StoreUnwritable
from nordic_tui.model import LastPlace, PlaceKind, Source, View
from nordic_tui.store import history
from nordic_tui.store.history import UNDO_STEPS, HistorySize, erase_file
from nordic_tui.store.store import Store

from .helpers import (
    ALL,
    NEWS,
    NOW,
    UNREAD,
    HandClock,
    counts,
    entry,
    ids,
    place_id,
    query,
    redo,
    save,
    titles,
    undo,
)


def filled(store: Store, names: str = "abc") -> dict[str, int]:
    save(store, NEWS, *(entry(name, link=f"https://news.example/{name}") for name in names))
    return ids(store)


def mark(store: Store, *post_ids: int, read: bool = True, undoable: bool = True) -> int:
    return store.mark(post_ids, read, undoable=undoable).result(timeout=5)


POLICE = LastPlace(PlaceKind.CATEGORY, 7, "Police", "words", 9, True, 0.5, 3)


def be_at(store: Store, place: LastPlace) -> None:
    store.save_last_place(place).result(timeout=5)


# ── marks and undo ──────────────────────────────────────────────────────────────────────────


def test_only_what_changes_is_counted(store: Store) -> None:
    id_ = filled(store)
    assert mark(store, id_["a"], id_["b"], id_["b"]) == 2
    assert mark(store, id_["a"], id_["c"]) == 1
    assert mark(store, id_["a"], read=False) == 1
    assert mark(store, 12345) == 0
    assert titles(store, UNREAD) == ["a"]


def test_a_view_is_marked_as_it_is_seen(store: Store) -> None:
    save(store, NEWS, entry("a", categories=("Police",)), entry("b", categories=("Police",)))
    police = View(PlaceKind.CATEGORY, place_id(store, "Police"))
    now = store.snapshot()
    save(store, NEWS, entry("late", categories=("Police",)), entry("other"))
    mark(store, ids(store)["a"])
    assert store.mark_view(police, now).result(timeout=5) == 1
    assert sorted(titles(store, UNREAD)) == ["late", "other"]
    assert undo(store) == 1
    assert sorted(titles(store, UNREAD)) == ["b", "late", "other"]


def test_a_filtered_view_is_marked_without_the_rest(store: Store) -> None:
    save(store, NEWS, entry("Safe city"), entry("Other"))
    assert store.mark_view(View(title="city"), store.snapshot()).result(timeout=5) == 1
    assert titles(store, UNREAD) == ["Other"]


def test_marks_that_came_by_reading_are_not_taken_back(store: Store) -> None:
    id_ = filled(store)
    mark(store, id_["a"])
    mark(store, id_["b"], undoable=False)
    assert undo(store) == 1
    assert undo(store) == 0
    assert titles(store, UNREAD) == ["a", "c"]


def test_undo_remembers_so_many_acts_and_no_more(store: Store) -> None:
    id_ = filled(store, "a")
    for n in range(UNDO_STEPS + 5):
        mark(store, id_["a"], read=n % 2 == 0)
    steps = [undo(store) for _ in range(UNDO_STEPS + 5)]
    assert steps == [1] * UNDO_STEPS + [0] * 5


def test_acts_that_cannot_be_taken_back_are_not_recorded(tmp_path: Path, clock: HandClock) -> None:
    file = tmp_path / "history.db"
    store = Store.open(None, file, clock=clock)
    store.follow_now([Source(NEWS)])
    id_ = filled(store)
    mark(store, id_["a"])
    for read in (True, False, True):
        mark(store, id_["b"], read=read, undoable=False)
    undo(store)
    before = store.snapshot()
    mark(store, id_["c"], undoable=False)
    assert query(file, "SELECT undoable, undone > 0 FROM batch") == [(1, 1)]
    # All the same their numbers go on, or the list would lose the post under the cursor.
    assert store.snapshot().batch == before.batch + 1
    store.close()


act = st.tuples(st.lists(st.integers(0, 5), min_size=1, max_size=4), st.booleans())


@settings(max_examples=25, deadline=None)
@given(st.lists(act, max_size=6), st.lists(act, max_size=6))
def test_acts_that_are_undone_leave_no_trace(
    before: list[tuple[list[int], bool]], taken_back: list[tuple[list[int], bool]]
) -> None:
    clock = HandClock()
    store = Store.open(None, None, clock=clock)
    store.follow_now([Source(NEWS)])
    known = list(filled(store, "abcdef").values())

    def do(numbers: list[int], read: bool) -> int:
        clock.pass_(minutes=1)
        return mark(store, *(known[number] for number in numbers), read=read)

    def state() -> dict[str, Any]:
        exported = store.export_history() | {"exported_at": None, "counts": counts(store)}
        del exported["redo"]
        return exported

    for numbers, read in before:
        do(numbers, read)
    expected = state()
    changes = [changed for numbers, read in taken_back if (changed := do(numbers, read))]
    done = state()
    assert [undo(store) for _ in changes] == changes[::-1]
    assert state() == expected
    assert [redo(store) for _ in changes] == changes
    assert state() == done
    store.close()


def test_a_new_act_forgets_what_could_be_done_again(store: Store) -> None:
    id_ = filled(store)
    mark(store, id_["a"])
    assert undo(store) == 1
    mark(store, id_["a"], undoable=False)
    mark(store, id_["b"], read=False)
    assert (redo(store), titles(store, UNREAD)) == (0, ["b", "c"])
    undo(store)
    mark(store, id_["b"])
    assert (redo(store), undo(store), redo(store)) == (0, 1, 1)
    assert titles(store, UNREAD) == ["c"]


def test_what_was_taken_back_is_said(store: Store) -> None:
    id_ = filled(store)
    store.mark_view(ALL, store.snapshot()).result(timeout=5)
    mark(store, id_["a"], read=False)
    acts = [store.undo().result(timeout=5).act for _ in range(3)]
    assert [act and act.done for act in acts] == [
        "1 post marked as unread.",
        "3 posts marked as read.",
        None,
    ]


def test_the_time_of_a_mark_is_the_clocks(store: Store, clock: HandClock) -> None:
    id_ = filled(store)
    clock.pass_(hours=1)
    mark(store, id_["a"])
    assert store.export_history()["read"][0]["read_at"] == "2024-06-01T13:00:00+00:00"


# ── positions, size, export, retention ──────────────────────────────────────────────────────


def test_a_position_is_a_fraction(store: Store) -> None:
    id_ = filled(store)
    for given_, kept in ((0.25, 0.25), (7.0, 1.0), (-1.0, 0.0)):
        store.save_position(id_["a"], given_).result(timeout=5)
        assert store.position_of(id_["a"]) == kept
    assert store.position_of(id_["b"]) == 0.0


def test_the_export_says_all_that_is_recorded(store: Store, clock: HandClock) -> None:
    id_ = filled(store)
    mark(store, id_["a"])
    clock.pass_(minutes=5)
    store.save_position(id_["b"], 0.5).result(timeout=5)
    store.save_position(404, 0.5).result(timeout=5)
    store.save_asked_text(id_["b"], "<p>All</p>").result(timeout=5)
    be_at(store, POLICE._replace(post=id_["b"]))
    known = {"link": "https://news.example/b", "source": NEWS, "title": "b"}
    exported = store.export_history()
    exported["positions"].sort(key=lambda position: len(position))
    assert exported == {
        "format": "nordic-tui-history",
        "version": 1,
        "exported_at": "2024-06-01T12:05:00+00:00",
        "read": [
            {
                "post": str(id_["a"]),
                "title": "a",
                "link": "https://news.example/a",
                "source": NEWS,
                "read_at": "2024-06-01T12:00:00+00:00",
            }
        ],
        "positions": [
            {"post": "404", "fraction": 0.5, "saved_at": "2024-06-01T12:05:00+00:00"},
            known
            | {
                "post": str(id_["b"]),
                "fraction": 0.5,
                "saved_at": "2024-06-01T12:05:00+00:00",
            },
        ],
        "full_texts": [
            known | {"post": str(id_["b"]), "fetched_at": "2024-06-01T12:05:00+00:00"},
        ],
        "last_place": {
            "saved_at": "2024-06-01T12:05:00+00:00",
            "place": "category",
            "name": "Police",
            "search": "words",
            "post": str(id_["b"]),
            "title": "b",
            "link": "https://news.example/b",
            "opened": True,
            "fraction": 0.5,
        },
        "undo": [
            {
                "post": str(id_["a"]),
                "title": "a",
                "link": "https://news.example/a",
                "source": NEWS,
                "act": 1,
                "was_read_at": None,
            }
        ],
        "redo": [],
    }


def test_the_last_place_takes_the_place_of_the_one_before(store: Store) -> None:
    assert store.last_place() is None
    for place in (POLICE, LastPlace(PlaceKind.ALL, 0)):
        be_at(store, place)
        assert store.last_place() == place
    assert store.stored().has_place
    assert store.export_history()["last_place"]["post"] is None


def test_a_last_place_that_makes_no_sense_is_none(tmp_path: Path, clock: HandClock) -> None:
    with closing(Store.open(None, tmp_path / "history.db", clock=clock)) as store:
        be_at(store, POLICE)
    with closing(sqlite3.connect(tmp_path / "history.db", isolation_level=None)) as connection:
        connection.execute("UPDATE last_place SET kind = 'nowhere'")
    with closing(Store.open(None, tmp_path / "history.db", clock=clock)) as store:
        assert store.last_place() is None


def test_a_last_place_is_forgotten_after_its_time(tmp_path: Path, clock: HandClock) -> None:
    """At once, not only when it is deleted; one of a clock that was ahead is so as well."""
    file = tmp_path / "history.db"
    with closing(Store.open(None, file, clock=clock, retention_days=30)) as store:
        store.follow_now([Source(NEWS)])
        clock.pass_(days=29)
        be_at(store, POLICE)
        clock.pass_(days=-29)
        assert store.prune_history().result(timeout=5) == 0
        clock.pass_(days=30)
        assert store.last_place() == POLICE
        clock.pass_(seconds=1)
        assert (store.last_place(), store.stored().has_place) == (None, True)
        save(store, NEWS, entry("today", published=clock.now))
        assert store.prune_history().result(timeout=5) == 1
        assert not store.stored().has_place


@pytest.mark.parametrize("later", ["file", "memory"])
def test_of_two_last_places_the_later_one_is_kept(
    tmp_path: Path, clock: HandClock, later: str
) -> None:
    file = tmp_path / "history.db"
    with closing(Store.open(None, None, clock=clock)) as memory:
        clock.pass_(minutes=-1 if later == "file" else 1)
        be_at(memory, LastPlace(PlaceKind.UNREAD, 0))
        clock.pass_(minutes=1 if later == "file" else -1)
        with closing(Store.open(None, file, clock=clock)) as kept:
            be_at(kept, POLICE)
        memory.use_history(file)
        found = memory.last_place()
        assert found == (POLICE if later == "file" else LastPlace(PlaceKind.UNREAD, 0))
        memory.use_history(None)
        assert memory.last_place() is None


def test_what_is_stored_is_counted(store: Store, clock: HandClock) -> None:
    assert store.stored()[:3] == (0, 0, None)
    id_ = filled(store)
    store.save_position(id_["c"], 0.5).result(timeout=5)
    clock.pass_(days=1)
    mark(store, id_["a"], id_["b"])
    assert store.stored()[:3] == (2, 1, NOW)


def test_what_is_older_than_agreed_is_deleted(tmp_path: Path, clock: HandClock) -> None:
    file = tmp_path / "history.db"
    store = Store.open(None, file, clock=clock, retention_days=30)
    store.follow_now([Source(NEWS)])
    id_ = filled(store)
    mark(store, id_["a"])
    store.save_position(id_["a"], 0.5).result(timeout=5)
    clock.pass_(days=20)
    mark(store, id_["b"])
    old_copy, new_copy = tmp_path / "history.db.v1-backup", tmp_path / "history.db.corrupt-2"
    for copy, days in ((old_copy, 11), (new_copy, 29)):
        copy.write_text("copy")
        time_s = (clock.now - timedelta(days=days)).timestamp()
        os.utime(copy, (time_s, time_s))
    clock.pass_(days=10, seconds=1)
    new_copy_age = clock.now - timedelta(days=29)
    os.utime(new_copy, (new_copy_age.timestamp(),) * 2)
    os.utime(old_copy, ((clock.now - timedelta(days=31)).timestamp(),) * 2)

    assert store.prune_history().result(timeout=5) == 2
    assert store.stored()[:3] == (1, 0, NOW + timedelta(days=20))
    assert counts(store)["All posts"] == (3, 2)
    assert titles(store, UNREAD) == ["a", "c"]
    assert undo(store) == 1
    assert undo(store) == 0
    assert (old_copy.exists(), new_copy.exists()) == (False, True)
    store.close()


# ── consent ─────────────────────────────────────────────────────────────────────────────────

TITLE = "A title that nobody may find"
LINK = "https://news.example/secret"


def found_in(home: Path, post_id: int) -> dict[str, list[str]]:
    """Where the post's number (as SQLite stores it) or title stands, by file."""
    traces = {"id": post_id.to_bytes(8, "big"), "title": TITLE.encode()}
    return {
        path.name: [name for name, trace in traces.items() if trace in path.read_bytes()]
        for path in home.iterdir()
    }


def read_a_post(store: Store) -> int:
    store.follow_now([Source(NEWS)])
    save(store, NEWS, entry("a", title=TITLE, link=LINK))
    id_ = ids(store)[TITLE]
    now = store.snapshot()
    mark(store, id_)
    mark(store, id_, read=False)
    store.mark_view(ALL, now).result(timeout=5)
    store.save_position(id_, 0.5).result(timeout=5)
    store.rows(UNREAD, now, 0, 10)
    return id_


def test_without_consent_nothing_tells_what_was_read(tmp_path: Path, clock: HandClock) -> None:
    read, unread = tmp_path / "read", tmp_path / "unread"
    store = Store.open(read / "cache.db", None, clock=clock)
    id_ = read_a_post(store)
    assert store.stored().marks == 1
    assert set(found_in(read, id_)) == {"cache.db", "cache.db-wal", "cache.db-shm"}
    store.close()

    # The cache is byte for byte the one of a person who read nothing.
    store = Store.open(unread / "cache.db", None, clock=clock)
    store.follow_now([Source(NEWS)])
    save(store, NEWS, entry("a", title=TITLE, link=LINK))
    store.close()
    assert [path.name for path in read.iterdir()] == ["cache.db"]
    assert (read / "cache.db").read_bytes() == (unread / "cache.db").read_bytes()


def test_consent_keeps_what_the_session_recorded(tmp_path: Path, clock: HandClock) -> None:
    home, file = tmp_path, tmp_path / "history.db"
    store = Store.open(home / "cache.db", None, clock=clock)
    store.follow_now([Source(NEWS)])
    id_ = filled(store)
    mark(store, id_["a"])
    now = store.snapshot()
    mark(store, id_["b"])
    store.save_position(id_["c"], 0.5).result(timeout=5)
    before = store.export_history()

    store.use_history(file)

    assert file.stat().st_mode & 0o777 == 0o600
    assert store.export_history() == before
    assert [row.title for row in store.rows(UNREAD, now, 0, 9)] == ["b", "c"]
    mark(store, id_["c"])
    assert counts(store)["All posts"] == (3, 0)
    assert undo(store) == 1
    store.close()

    store = Store.open(home / "cache.db", file, clock=clock)
    assert titles(store, UNREAD) == ["c"]
    assert store.position_of(id_["c"]) == 0.5
    assert undo(store) == 1
    store.close()


def test_what_an_old_file_knows_is_joined(tmp_path: Path, clock: HandClock) -> None:
    cache, file = tmp_path / "cache.db", tmp_path / "history.db"
    store = Store.open(cache, file, clock=clock)
    store.follow_now([Source(NEWS)])
    id_ = filled(store)
    mark(store, id_["a"])
    mark(store, id_["b"])
    store.close()

    clock.pass_(days=1)
    store = Store.open(cache, None, clock=clock)
    mark(store, id_["b"], id_["c"])
    store.use_history(file)
    assert counts(store)["All posts"] == (3, 0)
    read_at = {post["title"]: post["read_at"][:10] for post in store.export_history()["read"]}
    assert read_at == {"a": "2024-06-01", "b": "2024-06-02", "c": "2024-06-02"}
    now = store.snapshot()
    mark(store, id_["a"], read=False)
    mark(store, id_["a"])
    assert [row.title for row in store.rows(UNREAD, now, 0, 9)] == ["a"]
    store.close()


@pytest.mark.parametrize("afresh", [False, True])
def test_withdrawing_leaves_no_byte(tmp_path: Path, clock: HandClock, afresh: bool) -> None:
    home, file = tmp_path / "data", tmp_path / "data" / "history.db"
    store = Store.open(None, file, clock=clock)
    id_ = read_a_post(store)
    copy = home / "history.db.v1-backup"
    copy.write_bytes(id_.to_bytes(8, "big"))
    assert "id" in found_in(home, id_)["history.db-wal"]
    # Names that outlive their files: what is written over is seen through them.
    # (The -shm is an index of the log and holds nothing but page numbers.)
    links = [tmp_path / path.name for path in home.iterdir() if path.suffix != ".db-shm"]
    for link in links:
        link.hardlink_to(home / link.name)

    store.use_history(None)
    if afresh:
        store.use_history(file)

    assert found_in(home, id_).get("history.db-wal", []) == []
    assert file.exists() == afresh
    assert not copy.exists()
    for link in links:
        assert link.stat().st_size > 0
        assert not any(link.read_bytes()), link
    assert store.stored()[:3] == (0, 0, None)
    assert counts(store)["All posts"] == (1, 1)
    assert undo(store) == 0
    assert mark(store, id_) == 1
    assert store.stored().marks == 1
    store.close()
    assert [path.name for path in home.iterdir()] == (["history.db"] if afresh else [])


def test_a_view_stays_stable_when_consent_is_withdrawn(tmp_path: Path, clock: HandClock) -> None:
    store = Store.open(None, tmp_path / "history.db", clock=clock)
    store.follow_now([Source(NEWS)])
    id_ = filled(store)
    mark(store, id_["a"])
    now = store.snapshot()
    store.use_history(None)
    mark(store, id_["b"])
    assert [row.title for row in store.rows(UNREAD, now, 0, 9)] == ["a", "b", "c"]
    store.close()


def test_withdrawing_forgets_the_session_too(clock: HandClock) -> None:
    store = Store.open(None, None, clock=clock)
    read_a_post(store)
    store.use_history(None)
    assert store.stored() == HistorySize(0, 0, None, 0, 0, has_place=False)
    assert counts(store)["All posts"] == (1, 1)
    store.close()


def test_a_file_that_cannot_be_made_changes_nothing(tmp_path: Path, clock: HandClock) -> None:
    (tmp_path / "occupied").touch()
    store = Store.open(None, None, clock=clock)
    id_ = read_a_post(store)
    with pytest.raises(StoreUnwritable, match="occupied"):
        store.use_history(tmp_path / "occupied" / "history.db")
    assert store.stored().marks == 1
    assert mark(store, id_, read=False) == 1
    store.close()


def test_a_file_without_a_store_can_be_erased(tmp_path: Path, clock: HandClock) -> None:
    file = tmp_path / "history.db"
    Store.open(None, file, clock=clock).close()
    erase_file(file)
    erase_file(file)
    assert list(tmp_path.iterdir()) == []


def test_a_history_that_cannot_be_erased_is_said(
    tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "history.db"
    with closing(Store.open(None, file, clock=clock)) as store:
        read_a_post(store)

        def failing(*_: object) -> None:
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(Path, "unlink", failing)
        with pytest.raises(StoreUnwritable, match=r"could not be erased: Input/output error\. Del"):
            store.use_history(None)
        assert store.stored().marks == 0  # from now on it is in memory


def test_a_folder_that_cannot_be_listed_holds_no_copies(tmp_path: Path) -> None:
    assert history._copies(tmp_path / "gone" / "history.db") == []
