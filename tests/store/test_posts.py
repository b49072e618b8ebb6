import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nordic_tui.model import Enclosure, Entry, Feed, PlaceKind, Saved, Source, SourceState, View
from nordic_tui.store import posts
from nordic_tui.store.connection import transaction
from nordic_tui.store.identity import post_id
from nordic_tui.store.store import Store

from .helpers import (
    BLOG,
    NEWS,
    NOW,
    HandClock,
    counts,
    entry,
    ids,
    in_memory,
    place_id,
    save,
    titles,
)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """Both databases in memory, for what can only be seen at the statements themselves."""
    with in_memory() as connection:
        yield connection


def test_an_entry_comes_back_as_it_was(store: Store) -> None:
    full = Entry(
        guid="g",
        link="https://news.example/1",
        title="Ny strategi i Malmö",
        published=datetime(2024, 5, 1, 8, tzinfo=UTC),
        updated=datetime(2024, 5, 2, 9, tzinfo=UTC),
        authors=("Åsa", 'B "C" D'),
        categories=("Police", "Schools"),
        excerpt="One.\n\nTwo…",
        content="<p>One.</p>",
        more=True,
        protected=True,
        enclosures=(Enclosure("https://news.example/a.ogg", "audio/ogg", 7), Enclosure("u")),
    )
    assert save(store, NEWS, full) == Saved(new=1, changed=0)
    id_ = post_id(NEWS, full)
    post = store.post(id_)
    assert post is not None
    assert post.entry == full
    assert (post.id, post.source_title, post.unread) == (id_, "News", True)
    assert post.first_seen == NOW
    assert [(category.name, category.total) for category in post.categories] == [
        ("Police", 1),
        ("Schools", 1),
    ]
    assert store.post(id_ + 1) is None


def test_an_entry_that_lacks_every_part_is_kept(store: Store) -> None:
    save(store, NEWS, Entry())
    post = store.post(post_id(NEWS, Entry()))
    assert post is not None
    assert post.entry == Entry()
    assert titles(store) == ["Untitled"]


def test_the_newest_is_first_and_ties_keep_the_order_of_the_feed(store: Store) -> None:
    save(
        store, NEWS, entry("b", day=5), entry("a", day=5), entry("old", day=1), entry("new", day=9)
    )
    assert titles(store) == ["new", "b", "a", "old"]


def test_without_a_plausible_date_the_order_is_by_arrival(store: Store, clock: HandClock) -> None:
    ahead = entry("ahead", published=NOW + timedelta(days=400))
    save(store, NEWS, entry("may", day=20), entry("undated"), ahead)
    clock.pass_(days=1)
    save(store, NEWS, entry("tomorrow", published=clock.now - timedelta(hours=1)))
    assert titles(store) == ["tomorrow", "undated", "ahead", "may"]


def test_a_post_moves_when_its_date_appears_or_changes(store: Store, clock: HandClock) -> None:
    save(store, NEWS, entry("a", day=10), entry("b"), entry("c", day=9))
    assert titles(store) == ["b", "a", "c"]
    clock.pass_(days=1)
    save(store, NEWS, entry("a", day=10), entry("b", day=8), entry("c", day=11))
    assert titles(store) == ["c", "a", "b"]


def test_a_post_stays_where_it_is_when_its_date_disappears(store: Store, clock: HandClock) -> None:
    save(store, NEWS, entry("a", day=10), entry("b", day=9))
    clock.pass_(days=1)
    assert save(store, NEWS, entry("b")).changed == 1
    assert titles(store) == ["a", "b"]


def test_only_what_changed_is_written(connection: sqlite3.Connection) -> None:
    entries = tuple(entry(f"p{n}", content="text", categories=("Police",)) for n in range(5))

    def save(*entries: Entry) -> tuple[Saved, set[str]]:
        """What was saved, and the tables that were written."""
        statements: list[str] = []
        connection.set_trace_callback(statements.append)
        with transaction(connection):
            feed = Feed(entries=entries)
            saved = posts.save_feed(connection, NEWS, feed, SourceState(NEWS), NOW).result
        connection.set_trace_callback(None)
        writing = re.compile(r"\s*(?:INSERT.* INTO|UPDATE|DELETE FROM) (\S+)")
        found = map(writing.match, statements)
        return saved, {match[1] for match in found if match}

    saved, tables = save(*entries)
    assert saved == Saved(5, 0)
    assert tables > {"main.source", "main.post", "main.body", "main.post_category"}

    saved, tables = save(*entries)
    assert saved == Saved(0, 0)
    assert tables == {"main.source"}

    saved, tables = save(entries[2]._replace(content="edited"), *entries[:2])
    assert saved == Saved(0, 1)
    assert tables == {
        "main.source",
        "main.post",
        "main.body",
        "main.earlier",
        "main.full_text",  # what its page said is of the words before
        "history.asked_text",
    }

    saved, tables = save(entries[2]._replace(content="<p>edited</p>"), *entries[:2])
    assert saved == Saved(0, 1)
    assert tables == {"main.source", "main.post", "main.body"}


def test_an_identity_that_comes_twice_is_stored_once(store: Store) -> None:
    twin = entry("a", title="Twin")
    assert save(store, NEWS, entry("a"), twin, entry("b")).new == 2
    assert sorted(titles(store)) == ["a", "b"]
    assert save(store, NEWS, entry("a"), twin, entry("b")) == Saved(0, 0)


def test_the_same_guid_in_two_sources_is_two_posts(two_sources: Store) -> None:
    save(two_sources, NEWS, entry("a"))
    save(two_sources, BLOG, entry("a"))
    assert titles(two_sources) == ["a", "a"]


def test_an_empty_feed_deletes_nothing(store: Store) -> None:
    save(store, NEWS, entry("a"))
    assert save(store, NEWS) == Saved(0, 0)
    assert titles(store) == ["a"]


def test_categories_follow_the_entry(store: Store) -> None:
    save(store, NEWS, entry("a", categories=("Police", " POLICE ", "", "Schools")), entry("b"))
    assert counts(store) == {
        "All posts": (2, 2),
        "Unread": (2, 2),
        "Police": (1, 1),
        "Schools": (1, 1),
    }
    save(store, NEWS, entry("a", categories=("Schools", "Youth")))
    assert [*counts(store)] == ["All posts", "Unread", "Schools", "Youth"]
    assert titles(store, View(PlaceKind.CATEGORY, place_id(store, "Youth"))) == ["a"]


def test_a_post_moves_in_its_categories_too(store: Store) -> None:
    save(
        store,
        NEWS,
        entry("a", day=9, categories=("Police",)),
        entry("b", day=8, categories=("Police",)),
    )
    save(store, NEWS, entry("a", day=7, categories=("Police",)))
    assert titles(store, View(PlaceKind.CATEGORY, place_id(store, "Police"))) == ["b", "a"]


def test_a_new_title_is_shown_and_found(store: Store) -> None:
    save(store, NEWS, entry("a", title="Old"))
    save(store, NEWS, entry("a", title="Ærlig tale"))
    assert titles(store, View(title="aerlig")) == ["Ærlig tale"]
    assert titles(store, View(title="old")) == []


# ── bundled posts ───────────────────────────────────────────────────────────────────────────

BUNDLED = Feed(
    title="Bundled",
    entries=(
        entry("x", title="First steps", day=30, categories=("Start",)),
        entry("y", title="Second steps"),
    ),
)


def test_bundled_posts_stand_below_everything_else(store: Store) -> None:
    store.seed(NEWS, BUNDLED)
    save(store, NEWS, entry("old", published=datetime(1999, 1, 1, tzinfo=UTC)))
    assert titles(store) == ["old", "First steps", "Second steps"]
    post = store.post(ids(store)["First steps"])
    assert post is not None
    assert post.first_seen is None


def test_bundled_posts_come_only_where_nothing_is(store: Store) -> None:
    save(store, NEWS, entry("a"))
    store.seed(NEWS, BUNDLED)
    assert titles(store) == ["a"]


def test_a_real_post_takes_the_place_of_a_bundled_one(store: Store, clock: HandClock) -> None:
    store.seed(NEWS, BUNDLED)
    before = ids(store)
    store.mark([before["First steps"]], True).result(timeout=5)
    horizon = store.snapshot().horizon

    real = entry("real", title="FIRST steps", day=20, excerpt="Real.", categories=("News",))
    assert save(store, NEWS, real) == Saved(new=0, changed=1)
    assert store.snapshot().horizon == horizon
    assert titles(store) == ["FIRST steps", "Second steps"]
    assert ids(store)["FIRST steps"] == before["First steps"]
    assert counts(store) == {"All posts": (2, 1), "Unread": (1, 1), "News": (1, 0)}
    post = store.post(before["First steps"])
    assert post is not None
    assert (post.entry, post.first_seen, post.unread) == (real, NOW, False)

    # Later fetches find it by its own identity, whatever its title is by then.
    clock.pass_(days=1)
    assert save(store, NEWS, real) == Saved(0, 0)
    assert save(store, NEWS, real._replace(title="Renamed")).changed == 1
    assert ids(store)["Renamed"] == before["First steps"]
    # Only one real post takes the place; another of that title is another post.
    assert save(store, NEWS, entry("z", title="First steps", day=2)).new == 1


def test_a_real_post_with_the_identity_of_a_bundled_one_is_real_from_then(store: Store) -> None:
    store.seed(NEWS, BUNDLED)
    assert save(store, NEWS, BUNDLED.entries[1]).changed == 1
    assert titles(store) == ["Second steps", "First steps"]
    assert save(store, NEWS, BUNDLED.entries[1]) == Saved(0, 0)


def test_a_bundled_post_and_its_double_in_one_feed_are_not_written_in_turns(store: Store) -> None:
    store.seed(NEWS, BUNDLED)
    itself, double = BUNDLED.entries[0], entry("real", title="First steps", day=20)
    save(store, NEWS, double)
    assert save(store, NEWS, double, itself) == Saved(0, 0)

    store.seed(BLOG, BUNDLED)
    assert save(store, BLOG, double, itself) == Saved(1, 1)
    assert save(store, BLOG, double, itself) == Saved(0, 0)


def test_read_marks_outlive_the_cache(tmp_path: Path, clock: HandClock) -> None:
    files = tmp_path / "cache.db", tmp_path / "history.db"
    for expected in ({"All posts": (2, 2)}, {"All posts": (2, 1), "Police": (1, 0)}):
        store = Store.open(*files, clock=clock)
        store.follow_now([Source(NEWS)])
        save(store, NEWS, entry("a", categories=("Police",)), entry("b"))
        assert counts(store).items() >= expected.items()
        store.mark([ids(store)["a"]], True).result(timeout=5)
        store.close()
        files[0].unlink()


def test_bundled_posts_are_for_a_source_that_has_none(store: Store) -> None:
    save(store, NEWS, entry("a"))
    store.seed(NEWS, Feed(entries=(entry("bundled"),)))
    assert titles(store) == ["a"]
