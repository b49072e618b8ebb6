"""Views against a plain model of what they should hold, and the plans of their queries."""

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nordic_tui.model import Feed, PlaceKind, PostRow, Snapshot, Source, SourceState, View
from nordic_tui.store import posts, sources
from nordic_tui.store.connection import Database, attach, prepare
from nordic_tui.store.identity import category_id, post_id, source_id
from nordic_tui.store.store import Store
from nordic_tui.store.tally import Ledger, Tally
from nordic_tui.store.views import Views

from .helpers import ALL, BLOG, NEWS, NOW, UNREAD, HandClock, entry, ids, place_id, save, titles

CATEGORIES = ("Police", "Schools")

# ── a small world: what was done, and what should be seen ───────────────────────────────────


@dataclass
class Known:
    """A post as the model sees it: `read_in` is the act that it was read in, 0 for unread."""

    address: str
    title: str
    day: int
    arrival: int
    categories: tuple[str, ...]
    read_in: int = 0


@dataclass
class World:
    store: Store
    posts: dict[int, Known] = field(default_factory=dict)
    followed: tuple[str, ...] = (NEWS, BLOG)
    acts: int = 0

    def happens(self, event: "Arrive | Mark | Follow") -> None:
        match event:
            case Arrive(address, days):
                self.arrive(address, days)
            case Mark(numbers, read):
                self.mark(numbers, read=read)
            case Follow(addresses):
                self.follow(addresses)

    def arrive(self, address: str, days: list[int]) -> None:
        """One feed with a post for each day."""
        first = len(self.posts)
        entries = [
            entry(
                f"post {first + n}{' special' if day % 4 == 0 else ''}",
                day=day,
                categories=CATEGORIES[: day % 3],
            )
            for n, day in enumerate(days)
        ]
        assert save(self.store, address, *entries).new == len(entries)
        for n, made in enumerate(entries):
            arrival = first + len(entries) - n
            self.posts[post_id(address, made)] = Known(
                address, made.title, days[n], arrival, made.categories
            )

    def mark(self, numbers: list[int], *, read: bool) -> None:
        known = list(self.posts)
        touched = {known[number % len(known)] for number in numbers} if known else set()
        changing = [id_ for id_ in touched if bool(self.posts[id_].read_in) != read]
        assert self.store.mark([*touched], read).result(timeout=5) == len(changing)
        if changing:
            self.acts += 1
            for id_ in changing:
                self.posts[id_].read_in = self.acts if read else 0

    def follow(self, addresses: tuple[str, ...]) -> None:
        self.store.follow_now([Source(address, address) for address in addresses])
        self.followed = addresses

    def held(self, view: View, snapshot: Snapshot) -> list[int]:
        """The ids that `view` should hold at `snapshot`, in order."""

        def holds(post: Known) -> bool:
            inside = {
                PlaceKind.SOURCE: source_id(post.address) == view.id,
                PlaceKind.CATEGORY: view.id
                in [category_id(post.address, name) for name in post.categories],
            }.get(view.kind, True)
            left_out = 0 < post.read_in <= snapshot.batch
            unread_only = view.unread_only or view.kind is PlaceKind.UNREAD
            return (
                inside
                and post.address in self.followed
                and post.arrival <= snapshot.horizon
                and not (unread_only and left_out)
                and view.title in post.title
            )

        found = [(post.day, post.arrival, id_) for id_, post in self.posts.items() if holds(post)]
        return [id_ for _, _, id_ in sorted(found, reverse=True)]

    def check(self, view: View, snapshot: Snapshot) -> None:
        store = self.store
        expected = [
            PostRow(id_, post.title, entry("", day=post.day).published, not post.read_in)
            for id_ in self.held(view, snapshot)
            for post in [self.posts[id_]]
        ]
        unread = [n for n, row in enumerate(expected) if row.unread]
        size = len(expected)
        assert store.count(view, snapshot) == size
        assert store.unread(view, snapshot) == len(unread)
        assert store.rows(view, snapshot, 0, size + 5) == expected
        for start in range(0, size, 3):
            assert store.rows(view, snapshot, start, start + 3) == expected[start : start + 3]
        for n, row in enumerate(expected):
            assert store.position(view, snapshot, row.id) == n
        for n in range(-1, size + 1):
            below = next((m for m in unread if m > n), None)
            above = next((m for m in reversed(unread) if m < n), None)
            assert store.next_unread(view, snapshot, n, 1) == below
            assert store.next_unread(view, snapshot, n, -1) == above
        for id_ in self.posts.keys() - {row.id for row in expected}:
            assert store.position(view, snapshot, id_) is None
        later = self.held(view, Snapshot(len(self.posts), snapshot.batch))
        assert store.arrivals(view, snapshot) == len({*later} - {row.id for row in expected})

    def check_places(self, snapshot: Snapshot | None) -> None:
        at = snapshot or Snapshot(len(self.posts), 10**6)
        seen = {}
        for place in self.store.places(snapshot):
            if place.kind is not PlaceKind.UNREAD:
                held = [self.posts[id_] for id_ in self.held(View(place.kind, place.id), at)]
                assert (place.total, place.unread) == (
                    len(held),
                    sum(not post.read_in for post in held),
                )
            seen[place.kind, place.id] = place
        all_posts = seen[PlaceKind.ALL, 0]
        unread = seen[PlaceKind.UNREAD, 0]
        assert (unread.total, unread.unread) == (all_posts.unread, all_posts.unread)
        names = {
            category_id(post.address, name)
            for post in self.posts.values()
            for name in post.categories
            if post.address in self.followed and post.arrival <= at.horizon
        }
        assert {id_ for kind, id_ in seen if kind is PlaceKind.CATEGORY} == names


VIEWS = [
    View(kind, id_, unread_only, title)
    for kind, id_ in [
        (PlaceKind.ALL, 0),
        (PlaceKind.UNREAD, 0),
        (PlaceKind.SOURCE, source_id(NEWS)),
        (PlaceKind.CATEGORY, category_id(NEWS, "Police")),
    ]
    for unread_only in (False, True)
    for title in ("", "special")
]


@dataclass
class Arrive:
    address: str
    days: list[int]


@dataclass
class Mark:
    numbers: list[int]
    read: bool


@dataclass
class Follow:
    addresses: tuple[str, ...]


arriving = st.builds(Arrive, st.sampled_from([NEWS, BLOG]), st.lists(st.integers(1, 9), max_size=5))
marking = st.builds(Mark, st.lists(st.integers(0, 30), max_size=6), st.booleans())
following = st.builds(Follow, st.sampled_from([(NEWS, BLOG), (BLOG,), (NEWS,)]))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.one_of(arriving, marking, following), max_size=6),
    st.lists(st.one_of(arriving, marking), max_size=4),
)
def test_views_hold_what_they_held_at_the_snapshot(
    before: list[Arrive | Mark | Follow], after: list[Arrive | Mark]
) -> None:
    with closing(Store.open(None, None, clock=HandClock())) as store:
        world = World(store)
        world.follow((NEWS, BLOG))
        for event in before:
            world.happens(event)
        snapshot = store.snapshot()
        assert (snapshot.horizon, snapshot.batch) == (len(world.posts), world.acts)
        for event in after:
            world.happens(event)
        for view in VIEWS:
            world.check(view, snapshot)
            world.check(view, store.snapshot())
        world.check_places(snapshot)
        world.check_places(None)


# ── what a person would see ─────────────────────────────────────────────────────────────────


def test_a_post_that_is_read_stays_until_the_next_snapshot(store: Store) -> None:
    save(store, NEWS, *(entry(name) for name in "abc"))
    now = store.snapshot()
    store.mark([ids(store)["b"]], True).result(timeout=5)
    rows = store.rows(UNREAD, now, 0, 10)
    assert [(row.title, row.unread) for row in rows] == [("a", True), ("b", False), ("c", True)]
    assert (store.count(UNREAD, now), store.unread(UNREAD, now)) == (3, 2)
    assert titles(store, UNREAD) == ["a", "c"]


def test_new_posts_are_announced_and_wait(store: Store) -> None:
    save(store, NEWS, entry("a", categories=("Police",)))
    now = store.snapshot()
    save(store, NEWS, entry("b", categories=("Police",)), entry("c"))
    police = View(PlaceKind.CATEGORY, place_id(store, "Police"))
    assert (store.arrivals(ALL, now), store.arrivals(police, now)) == (2, 1)
    assert (store.count(ALL, now), store.count(police, now)) == (1, 1)
    assert [place.total for place in store.places(now)] == [1, 1, 1]
    assert store.position(ALL, now, ids(store)["b"]) is None

    # One of them is read, say in a search; the list as it is shown holds no post less.
    store.mark([ids(store)["b"]], True).result(timeout=5)
    assert (store.unread(ALL, now), store.unread(police, now)) == (1, 1)
    assert store.count(UNREAD, now) == 1
    assert [place.unread for place in store.places(now)] == [1, 1, 1]


def test_the_sidebar_of_one_source_has_no_heading(store: Store) -> None:
    save(store, NEWS, entry("a", categories=("zebra", "Ärger", "Apfel")))
    shown = [(place.kind, place.name, place.depth) for place in store.places()]
    assert shown == [
        (PlaceKind.ALL, "All posts", 0),
        (PlaceKind.UNREAD, "Unread", 0),
        (PlaceKind.CATEGORY, "Apfel", 0),
        (PlaceKind.CATEGORY, "Ärger", 0),
        (PlaceKind.CATEGORY, "zebra", 0),
    ]


def test_the_sidebar_of_two_sources_has_headings_in_their_order(two_sources: Store) -> None:
    store = two_sources
    save(store, NEWS, entry("a", categories=("Police",)))
    shown = [(place.kind, place.name, place.depth) for place in store.places()[2:]]
    assert shown == [
        (PlaceKind.SOURCE, "News", 0),
        (PlaceKind.CATEGORY, "Police", 1),
        (PlaceKind.SOURCE, "Blog", 0),
    ]


@pytest.mark.parametrize("typed", ["malmo", "MALMÖ", "Malmö", "i m"])
def test_a_title_is_found_as_it_is_typed(store: Store, typed: str) -> None:
    save(store, NEWS, entry("a", title="Ny strategi i Malmö"), entry("b", title="Other"))
    assert titles(store, View(title=typed)) == ["Ny strategi i Malmö"]


def test_what_is_typed_is_no_pattern(store: Store) -> None:
    save(store, NEWS, entry("a", title="100 % _safe_ 'quoted'"), entry("b", title="Other"))
    for typed in ("%", "_", "'quoted'"):
        assert titles(store, View(title=typed)) == ["100 % _safe_ 'quoted'"]


def test_a_long_result_is_paged_like_a_short_one(store: Store) -> None:
    save(store, NEWS, *(entry(f"safe {n:03}") for n in range(450)))
    now, view = store.snapshot(), View(title="safe")
    assert store.count(view, now) == 450
    for start in (0, 199, 224, 226, 440):
        rows = store.rows(view, now, start, start + 3)
        assert [row.title for row in rows] == [f"safe {start + n:03}" for n in range(3)]


# ── how the queries are run ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("view", VIEWS, ids=repr)
def test_no_view_is_sorted_and_no_table_is_scanned(view: View) -> None:
    """Every query walks an index in the order of the list, however large the archive is."""
    history = Database.history(None)
    with (
        closing(prepare(Database.cache(None), 1.0)) as connection,
        closing(prepare(history, 1.0)),
    ):
        attach(connection, history)
        sources.follow(connection, [Source(NEWS)])
        entries = tuple(entry(f"special {n}", categories=("Police",)) for n in range(250))
        posts.save_feed(connection, NEWS, Feed(entries=entries), SourceState(NEWS), NOW)
        views, now = Views(connection, Ledger(Tally())), Snapshot(250, 0)

        statements: list[str] = []
        connection.set_trace_callback(statements.append)
        views.count(view, now)
        views.unread(view, now)
        (first, *_) = views.rows(view, now, 0, 5)
        views.rows(view, now, 240, 245)
        views.position(view, now, first.id)
        views.next_unread(view, now, 3, 1)
        views.next_unread(view, now, 3, -1)
        views.arrivals(view, Snapshot(240, 0))
        connection.set_trace_callback(None)
        plans = {step for sql in statements for step in plan(connection, sql)}

    assert len(statements) >= 8
    # "ORDER BY" sorts the page alone, which comes from a subquery of its own.
    unwanted = r"TEMP B-TREE|SCAN (p|c|m)$|AUTOMATIC"
    page_only = "USE TEMP B-TREE FOR ORDER BY" if view.kind is PlaceKind.CATEGORY else ""
    assert [step for step in plans if re.search(unwanted, step) and step != page_only] == []


def plan(connection: sqlite3.Connection, sql: str) -> list[str]:
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]


def test_a_page_of_all_posts_needs_the_index_alone() -> None:
    history = Database.history(None)
    with (
        closing(prepare(Database.cache(None), 1.0)) as connection,
        closing(prepare(history, 1.0)),
    ):
        attach(connection, history)
        statements: list[str] = []
        views = Views(connection, Ledger(Tally()))
        sources.follow(connection, [Source(NEWS)])
        posts.save_feed(connection, NEWS, Feed(entries=(entry("a"),)), SourceState(NEWS), NOW)
        connection.set_trace_callback(statements.append)
        views.rows(ALL, Snapshot(1, 0), 0, 1)
        connection.set_trace_callback(None)
        steps = plan(connection, statements[-1])
    assert "SEARCH p USING COVERING INDEX post_list (shown=?)" in steps
