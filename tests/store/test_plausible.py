"""Clocks that jump, and dates that cannot be: the order, the retention, nothing waits for years."""

import os
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from nordic_tui.model import PlaceKind, Source, View
from nordic_tui.store import walks
from nordic_tui.store.store import Store

from .helpers import ALL, NEWS, NOW, UNREAD, HandClock, counts, entry, found, ids, save, titles

YEAR = timedelta(days=365)
CENTURY = 100 * YEAR


# ── the order ───────────────────────────────────────────────────────────────────────────────


def test_dates_that_cannot_be_stand_where_they_were_seen(store: Store, clock: HandClock) -> None:
    save(
        store,
        NEWS,
        entry("year 9999", published=datetime.max.replace(tzinfo=UTC)),
        entry("yesterday", published=NOW - timedelta(days=1)),
        entry("1969", published=datetime(1969, 7, 20, tzinfo=UTC)),
        entry("year 1", published=datetime.min.replace(tzinfo=UTC)),
        entry("tomorrow", published=NOW + timedelta(days=1)),
    )
    clock.pass_(hours=1)
    save(store, NEWS, entry("later", published=NOW + timedelta(minutes=30)), entry("none"))
    expected = ["none", "later", "year 9999", "tomorrow", "yesterday", "1969", "year 1"]
    assert titles(store) == expected
    assert sorted(found(store)) == sorted(expected)
    first = store.post(ids(store)["year 1"])
    last = store.post(ids(store)["year 9999"])
    assert first is not None
    assert last is not None
    assert (first.entry.published, last.entry.published) == (
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC, microsecond=0),
    )


def test_a_date_that_comes_true_does_not_move_the_post(store: Store, clock: HandClock) -> None:
    announced = entry("a", published=NOW + timedelta(days=10))
    save(store, NEWS, announced)
    clock.pass_(days=5)
    save(store, NEWS, entry("b", published=clock.now))
    clock.pass_(days=10)
    save(store, NEWS, announced._replace(title="a again"))
    assert titles(store) == ["b", "a again"]


def test_what_came_while_the_clock_was_ahead_stands_at_the_top_no_longer_than_that(
    store: Store, clock: HandClock
) -> None:
    save(store, NEWS, entry("before", categories=("Police",)))
    clock.now += 10 * YEAR
    save(
        store,
        NEWS,
        entry("no date", categories=("Police",)),
        entry("dated", day=3, categories=("Police",)),
        entry("wrong", published=NOW + 5 * YEAR, categories=("Police",)),
    )
    store.mark([ids(store)["wrong"]], True).result(timeout=5)
    store.index_all().result(timeout=5)
    clock.now = NOW + timedelta(hours=1)
    now = store.snapshot()
    # Another feed is asked, and brings nothing.
    save(store, "https://other.example/feed/")
    clock.pass_(hours=1)
    save(store, NEWS, entry("after", categories=("Police",)))
    expected = ["after", "no date", "wrong", "before", "dated"]
    assert titles(store) == expected
    police = next(place for place in store.places() if place.name == "Police")
    assert titles(store, View(police.kind, police.id)) == expected
    assert found(store, "category:police") == expected
    assert counts(store)["All posts"] == (5, 4)
    assert store.arrivals(ALL, now) == 1
    post = store.post(ids(store)["no date"])
    assert post is not None
    assert post.first_seen == NOW + timedelta(hours=1)


# ── retention ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def reader(tmp_path: Path, clock: HandClock) -> Iterator[Store]:
    """A person who has read for 300 days, a post each tenth day; marks are kept for a year."""
    store = Store.open(tmp_path / "cache.db", tmp_path / "history.db", clock=clock)
    store.follow_now([Source(NEWS)])
    for n in range(30):
        read_one(store, clock, n)
        clock.pass_(days=10)
    with closing(store):
        yield store


def read_one(store: Store, clock: HandClock, number: int) -> None:
    save(store, NEWS, entry(f"p{number}", published=clock.now))
    store.mark([ids(store)[f"p{number}"]], True).result(timeout=5)
    store.save_position(ids(store)[f"p{number}"], 0.5)


def prune(store: Store) -> int:
    return store.prune_history().result(timeout=5)


@pytest.mark.parametrize("jump", [YEAR, 10 * YEAR, CENTURY])
def test_a_clock_that_jumps_ahead_for_a_moment_erases_no_history(
    reader: Store, clock: HandClock, jump: timedelta
) -> None:
    here = clock.now
    clock.now += jump
    assert prune(reader) <= 2 * 9
    before = reader.stored().marks
    assert before >= 21  # those of the last 90 days less are gone at most
    # What is read meanwhile says nothing: the clock is as wrong.
    reader.mark([ids(reader)["p29"]], False).result(timeout=5)
    reader.mark([ids(reader)["p29"]], True).result(timeout=5)
    save(reader, NEWS, entry("undated"))
    assert prune(reader) == 0
    clock.now = here
    assert prune(reader) == 0
    assert reader.stored().marks == before
    # And what was read then is kept no longer than all else.
    for n in range(30, 70):
        read_one(reader, clock, n)
        clock.pass_(days=10)
    prune(reader)
    oldest = reader.stored().oldest
    assert oldest is not None
    assert oldest >= clock.now - YEAR
    assert reader.stored().marks == 36


def test_a_clock_that_goes_back_a_year_loses_nothing(reader: Store, clock: HandClock) -> None:
    before = reader.stored().marks, titles(reader), titles(reader, UNREAD)
    clock.now -= YEAR
    assert prune(reader) == 0
    save(reader, NEWS, entry("p29", published=NOW + timedelta(days=290)))
    assert (reader.stored().marks, sorted(titles(reader)), titles(reader, UNREAD)) == (
        before[0],
        sorted(before[1]),
        before[2],
    )
    assert reader.position_of(ids(reader)["p3"]) == 0.5


@pytest.mark.parametrize("what", ["a dated post", "a mark of yesterday"])
def test_who_comes_back_after_years_has_the_old_history_deleted(
    reader: Store, clock: HandClock, what: str
) -> None:
    clock.now += 2 * YEAR
    if what == "a dated post":
        save(reader, NEWS, entry("new", published=clock.now - timedelta(hours=1)))
    else:
        reader.mark([ids(reader)["p0"]], False).result(timeout=5)
        reader.mark([ids(reader)["p0"]], True).result(timeout=5)
        prune(reader)
        assert reader.stored().marks > 1
        clock.pass_(days=1)
    prune(reader)
    assert reader.stored().marks == (0 if what == "a dated post" else 1)


def test_a_page_that_failed_while_the_clock_was_ahead_is_tried_again(
    store: Store, clock: HandClock
) -> None:
    save(store, NEWS, entry("a", link="https://news.example/a"))
    clock.now += YEAR
    (post,) = ids(store).values()
    store.save_page_failure(post, "is slow", for_good=False).result(timeout=5)
    assert store.pages_wanted(NEWS, 5).result(timeout=5) == ()
    clock.now = NOW
    assert store.pages_wanted(NEWS, 5).result(timeout=5) == (post,)


# ── the day ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def _oslo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")  # as in Oslo, without its file
    time.tzset()
    yield
    monkeypatch.undo()
    assert os.environ.get("TZ") == before
    time.tzset()


@pytest.mark.usefixtures("_oslo")
@pytest.mark.parametrize(
    ("midnight", "hours"),
    [
        (datetime(2024, 3, 30, 23, tzinfo=UTC), 23),  # two o'clock does not come
        (datetime(2024, 10, 26, 22, tzinfo=UTC), 25),  # two o'clock comes twice
        (datetime(2024, 6, 1, 22, tzinfo=UTC), 24),
    ],
)
def test_a_day_is_as_long_as_the_clock_change_makes_it(
    store: Store, clock: HandClock, midnight: datetime, hours: int
) -> None:
    """All times are kept in UTC, where none comes twice: posts stay in the order of their dates."""
    clock.now = midnight + timedelta(hours=hours, seconds=-1)
    posts = [
        entry(f"{n:+d}", published=midnight + timedelta(minutes=n * 30))
        for n in range(-1, hours * 2)
    ]
    save(store, NEWS, *reversed(posts))
    assert titles(store) == [f"{n:+d}" for n in reversed(range(-1, hours * 2))]
    assert len(titles(store, View(PlaceKind.TODAY))) == 2 * hours
    clock.pass_(seconds=1)
    assert titles(store, View(PlaceKind.TODAY)) == []


def test_a_day_before_there_were_time_zones_begins_in_utc() -> None:
    assert walks.begin(date(1, 1, 1)) == -62_135_596_800
