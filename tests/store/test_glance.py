"""What is new, seen from outside: by a connection of its own, that leaves everything as it was."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nordic_tui.errors import StoreBusy
from nordic_tui.model import ArchiveState, Entry, Feed, Rule, Source
from nordic_tui.store import glance
from nordic_tui.store.glance import Chosen, Glance, NoPosts, NotAtHand, look, opened
from nordic_tui.store.schema import CACHE
from nordic_tui.store.store import Store

from .helpers import BLOG, NEWS, NOW, POLICE, HandClock, entry, ids, save, shared

HOUR = timedelta(hours=1)
CHECKED = NOW + HOUR
ALL = Chosen()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache.db"


@pytest.fixture
def store(file: Path, tmp_path: Path, clock: HandClock) -> Iterator[Store]:
    """A store that follows two sources of one host and a third, each with a post of last week."""
    store = Store.open(file, tmp_path / "history.db", clock=clock)
    store.follow_now([Source(NEWS, "Nyheter"), Source(POLICE, "Politi"), Source(BLOG, "")])
    for address in (NEWS, POLICE, BLOG):
        save(store, address, entry(f"old of {address}", day=25))
    clock.pass_(hours=2)
    yield store
    store.close()


def seen(file: Path, ask: "Callable[[Glance], object]", history: Path | None = None) -> object:
    return look(str(file), str(history) if history else None, ask)


def news(file: Path, chosen: Chosen = ALL, history: Path | None = None) -> list[str]:
    """Labels of what is new since the check, which found the three old posts."""
    by_number = look(
        str(file),
        str(history) if history else None,
        lambda seen: [post.label for post in seen.news(CHECKED, 3, chosen)],
    )
    by_time = look(
        str(file),
        str(history) if history else None,
        lambda seen: [post.label for post in seen.news(CHECKED, None, chosen)],
    )
    assert by_number == by_time
    return by_number


# ── what is new ─────────────────────────────────────────────────────────────────────────────


def at(moment: datetime) -> Entry:
    return entry("post", published=moment)


CASES = (
    ("published since", NEWS, at(CHECKED + HOUR / 2), True),
    ("published before, and late", NEWS, at(NOW - timedelta(days=30)), True),
    ("too old for news", NEWS, at(NOW - timedelta(days=32)), False),
    ("without a date", NEWS, entry("post"), True),
    ("dated ahead", NEWS, at(NOW + timedelta(days=9)), True),
    ("of a new source, published since", "new", at(CHECKED + HOUR / 2), True),
    ("of a new source, before", "new", at(NOW), False),
    ("of a new source, without a date", "new", entry("post"), False),
    ("of a new source, dated ahead", "new", at(NOW + timedelta(days=9)), False),
)


@pytest.mark.parametrize(
    ("address", "post", "is_new"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_is_new(store: Store, file: Path, address: str, post: Entry, is_new: bool) -> None:
    if address == "new":
        store.follow_now([Source(NEWS), Source(POLICE), Source(BLOG), Source("/new")])
    save(store, "/new" if address == "new" else address, post)
    assert news(file) == (["post"] if is_new else [])


def test_what_was_there_is_not_new(store: Store, file: Path) -> None:
    assert news(file) == []
    save(store, NEWS, entry(f"old of {NEWS}", day=25, excerpt="Other words."))
    assert news(file) == []


def test_bundled_posts_are_not_new_nor_when_the_source_brings_them(
    store: Store, file: Path
) -> None:
    store.follow_now([Source(NEWS), Source("/bundled")])
    bundled = Feed(entries=(entry("first", day=30), entry("second", day=29)))
    store.seed("/bundled", bundled)
    assert news(file) == []
    save(store, "/bundled", entry("first", day=30))
    labels = look(str(file), None, lambda s: [p.label for p in s.news(CHECKED, None, ALL)])
    assert labels == []


def test_an_archive_without_dates_is_not_new(store: Store, file: Path) -> None:
    page = Feed(entries=(entry("of the archive"), at(NOW - timedelta(days=40))))
    store.save_page(NEWS, page, ArchiveState(NEWS)).result()
    assert news(file) == []


def test_after_a_loss_only_dates_tell(store: Store, file: Path) -> None:
    save(store, NEWS, entry("fetched anew", day=31), at(CHECKED + HOUR / 2))
    labels = look(
        str(file),
        None,
        lambda s: [p.label for p in s.news(CHECKED, None, ALL, was_lost=True)],
    )
    assert labels == ["post"]


def test_the_newest_come_first_and_the_last_number_is_told(store: Store, file: Path) -> None:
    save(store, NEWS, entry("31", day=31))
    save(store, BLOG, entry("30", day=30), entry("undated"))
    assert news(file) == ["undated", "31", "30"]
    assert seen(file, Glance.last_seq) == 6


def test_no_post_was_ever_there(tmp_path: Path, clock: HandClock) -> None:
    with closing(Store.open(tmp_path / "empty.db", None, clock=clock)):
        assert seen(tmp_path / "empty.db", Glance.last_seq) == 0


# ── which posts ─────────────────────────────────────────────────────────────────────────────


def test_a_post_of_two_sources_is_new_once_and_in_each(store: Store, file: Path) -> None:
    followed = look(str(file), None, Glance.followed)
    ids = {each.title: each.id for each in followed}
    assert list(ids) == ["Nyheter", "Politi", "blog.example"]
    assert [each.address for each in followed] == [NEWS, POLICE, BLOG]
    save(store, NEWS, shared("both", day=31))
    assert news(file) == ["both"]
    save(store, POLICE, shared("both", day=31), entry("own", day=30))
    assert news(file) == ["both", "own"]
    assert news(file, Chosen([ids["Politi"]])) == ["both", "own"]
    assert news(file, Chosen([ids["Nyheter"], ids["Politi"]])) == ["both", "own"]
    assert news(file, Chosen([ids["blog.example"]])) == []


def test_posts_of_a_category(store: Store, file: Path) -> None:
    save(store, NEWS, entry("a", day=31, categories=("Safety",)), entry("b", day=30))
    save(store, BLOG, entry("c", day=29, categories=("Safety",)))
    followed = look(str(file), None, Glance.followed)
    ids = [id_ for each in followed for id_, names in each.categories if names == ("Safety",)]
    assert len(ids) == 2
    assert news(file, Chosen(categories=ids)) == ["a", "c"]
    assert news(file, Chosen(categories=ids[1:])) == ["c"]


def test_unread_posts(store: Store, file: Path, tmp_path: Path) -> None:
    save(store, NEWS, entry("read", day=31), entry("unread", day=30))
    store.mark([ids(store)["read"]], True).result()
    unread = Chosen(unread=True)
    assert news(file, unread, tmp_path / "history.db") == ["unread"]
    assert news(file, unread) == ["read", "unread"]  # who keeps no history has read nothing

    def states(seen: Glance) -> list[bool]:
        return [post.unread for post in seen.news(CHECKED, 3, ALL)]

    assert look(str(file), str(tmp_path / "history.db"), states) == [False, True]


def test_what_a_rule_hides_is_not_new(store: Store, file: Path) -> None:
    sources = [Source(NEWS), Source(POLICE), Source(BLOG)]
    store.follow_now(sources, (), [Rule("Hide", "secret", hide=True)])
    save(store, NEWS, entry("secret", day=31), entry("open", day=30))
    # Until its words are in the index no rule was asked.
    assert news(file, Chosen(ruled=True)) in ([], ["open"])
    store.index_all().result()
    assert not look(str(file), None, Glance.waits)
    assert news(file, Chosen(ruled=True)) == news(file) == ["open"]


def test_details(store: Store, file: Path) -> None:
    post = entry(
        "a",
        title="",
        excerpt="Words.",
        link="https://news.example/a",
        day=31,
        categories=("B", "A"),
        authors=("Aino", "Björk"),
    )
    save(store, NEWS, post, entry("bare"))

    def ask(seen: Glance) -> dict[str, tuple[object, ...]]:
        found = seen.news(CHECKED, 3, ALL)
        details = seen.details(post.seq for post in found)
        return {
            post.label: (each.title, each.link, each.excerpt, each.authors, each.categories)
            for post in found
            for each in (details[post.seq],)
        }

    link = "https://news.example/a"
    assert look(str(file), None, ask) == {
        "Words.": ("", link, "Words.", ["Aino", "Björk"], ["B", "A"]),
        "bare": ("bare", "", "", [], []),
    }


# ── the file ────────────────────────────────────────────────────────────────────────────────


def files(folder: Path) -> dict[str, tuple[int, int]]:
    return {each.name: (each.stat().st_size, each.stat().st_mtime_ns) for each in folder.iterdir()}


def test_the_format_is_that_of_the_store() -> None:
    assert CACHE.version == glance.FORMAT


def test_a_look_leaves_everything_as_it_was(store: Store, file: Path, tmp_path: Path) -> None:
    history = tmp_path / "history.db"
    save(store, NEWS, entry("new", day=31))
    names = set(files(tmp_path))
    assert news(file, Chosen(unread=True), history) == ["new"]
    assert set(files(tmp_path)) == names
    store.close()
    before = files(tmp_path)
    assert set(before) == {"cache.db", "history.db"}
    assert news(file, Chosen(unread=True), history) == ["new"]
    assert files(tmp_path) == before


def test_it_can_be_asked_in_a_folder_that_is_read_only(
    store: Store, file: Path, tmp_path: Path
) -> None:
    store.close()
    tmp_path.chmod(0o500)
    try:
        assert news(file) == []
    finally:
        tmp_path.chmod(0o700)


def test_odd_names_of_folders(tmp_path: Path, clock: HandClock) -> None:
    folder = tmp_path / "50% #1 ?a=b ä"
    folder.mkdir()
    with closing(Store.open(folder / "cache.db", None, clock=clock)):
        pass
    assert news(folder / "cache.db") == []


def test_a_look_that_lasts_sees_what_comes(store: Store, file: Path) -> None:
    with opened(str(file), None) as seen:
        before = seen.data_version()
        assert seen.data_version() == before
        save(store, NEWS, entry("new", day=31))
        assert seen.data_version() != before
        assert [post.label for post in seen.news(CHECKED, 3, ALL)] == ["new"]


def test_who_begins_to_write_in_the_midst_of_a_look_has_it_look_again(
    store: Store, file: Path
) -> None:
    store.close()
    asked = 0

    def ask(_: Glance) -> int:
        nonlocal asked
        asked += 1
        if asked == 1:
            os.utime(file)
        if asked == 2:
            os.utime(file, ns=(1, 1))
            raise sqlite3.DatabaseError("what a torn page may look like")
        return asked

    assert look(str(file), None, ask) == 3


def test_who_never_stops_writing_is_busy(store: Store, file: Path) -> None:
    store.close()
    times = iter(range(1, 1000))
    with pytest.raises(StoreBusy, match="Another program is writing"):
        look(str(file), None, lambda _: os.utime(file, ns=(0, next(times))))


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(NoPosts, match="does not exist"):
        news(tmp_path / "cache.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "data", [b"", b"no database" * 500, "half"], ids=["empty", "other", "half"]
)
def test_what_is_no_whole_file(store: Store, file: Path, data: bytes | str) -> None:
    store.close()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if isinstance(data, str) else data)
    with pytest.raises(NotAtHand):
        news(file)


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(NotAtHand):
        news(tmp_path)


def test_another_version(store: Store, file: Path) -> None:
    store.close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(NotAtHand, match="has the format 99"):
        news(file)


def test_a_text_that_is_none(store: Store, file: Path) -> None:
    store.close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE source SET name = CAST(x'ff' AS TEXT)")
        connection.commit()
    with pytest.raises(NotAtHand):
        seen(file, Glance.followed)


def test_a_name_of_bytes_that_are_no_text(store: Store, file: Path, tmp_path: Path) -> None:
    store.close()
    odd = tmp_path / os.fsdecode(b"\xff.db")
    shutil.copy(tmp_path / "history.db", odd)
    with pytest.raises(NotAtHand):
        news(file, ALL, odd)


def test_who_holds_the_file_for_himself_is_not_waited_for(store: Store, file: Path) -> None:
    store.close()
    with closing(sqlite3.connect(file, isolation_level=None)) as holder:
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN IMMEDIATE")
        holder.execute("UPDATE source SET name = name")
        with pytest.raises((StoreBusy, NotAtHand)):
            look(str(file), None, Glance.last_seq, busy_timeout_s=0)


def test_a_look_that_takes_too_long_is_broken_off(store: Store, file: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n"
    with pytest.raises(NotAtHand, match="interrupted"):
        look(str(file), None, lambda seen: seen._rows(endless), at_most_s=0.01)
