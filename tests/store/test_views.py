"""Views against a plain model of what they should hold, and the plans of their queries."""

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nordic_tui.model import (
    Feed,
    PlaceKind,
    PostRow,
    Saved,
    SavedView,
    Snapshot,
    Source,
    SourceState,
    View,
)
from nordic_tui.store import posts, sources, walks
from nordic_tui.store.identity import category_id, folder_id, post_id, saved_id, source_id
from nordic_tui.store.store import Store
from nordic_tui.store.tally import Ledger, Tally
from nordic_tui.store.views import Views

from .helpers import (
    ALL,
    ALWAYS,
    BLOG,
    NEWS,
    NOW,
    POLICE,
    TODAY,
    UNREAD,
    HandClock,
    entry,
    ids,
    in_memory,
    place_id,
    save,
    shared,
    titles,
)

CATEGORIES = ("Police", "Schools")

# ── a small world: what was done, and what should be seen ───────────────────────────────────

HOSTS = {NEWS: "news", POLICE: "news", BLOG: "blog"}
SETTINGS = {
    NEWS: Source(NEWS, "News", folder="A/B", tags=("t",)),
    POLICE: Source(POLICE, "Police news", folder="A"),
    BLOG: Source(BLOG, "Blog", tags=("T", "u")),
}
SAVED = {
    "Everything unread": SavedView("Everything unread", unread_only=True),
    "Special": SavedView("Special", title="SPECIAL"),
    "Tagged": SavedView("Tagged", tag="t"),
    "In B": SavedView("In B", tag="b", unread_only=True, title="special"),
    "In A": SavedView("In A", tag="A"),
    "Blog tagged": SavedView("Blog tagged", tag="u", address=BLOG),
    "Nothing": SavedView("Nothing", tag="u", address=NEWS),
}


@dataclass
class Known:
    """A post as the model sees it: `read_in` is the act that it was read in, 0 for unread."""

    address: str
    number: int
    title: str
    arrival: int
    categories: tuple[str, ...]
    read_in: int = 0

    @property
    def day(self) -> int:
        return 1 + self.number * 5 % 9

    @property
    def same(self) -> tuple[str, int]:
        """What is the same post."""
        return HOSTS[self.address], self.number


@dataclass
class World:
    store: Store
    posts: dict[int, Known] = field(default_factory=dict)
    followed: dict[str, Source] = field(default_factory=dict)
    acts: int = 0

    def happens(self, event: "Arrive | Mark | Follow") -> None:
        match event:
            case Arrive(address, numbers):
                self.arrive(address, numbers)
            case Mark(numbers, read):
                self.mark(numbers, read=read)
            case Follow(addresses, hidden):
                self.follow(addresses, hidden)

    def arrive(self, address: str, numbers: list[int]) -> None:
        """One feed with these posts; those that are there already change nothing."""
        made = []
        for number in dict.fromkeys(numbers):
            title = f"post {number}{' special' if number % 4 == 0 else ''}"
            known = Known(address, number, title, 0, CATEGORIES[: number % 3])
            made.append((shared(title, day=known.day, categories=known.categories), known))
        new = [(e, known) for e, known in made if post_id(address, e) not in self.posts]
        elsewhere = {p.same for p in self.posts.values() if p.address in self.followed}
        known_posts = sum(known.same in elsewhere for _, known in new)
        saved = save(self.store, address, *(e for e, _ in made))
        assert saved == Saved(len(new), 0, known_posts)
        arrival = len(self.posts) + len(new)
        for number, (e, known) in enumerate(new):
            known.arrival = arrival - number
            known.read_in = max(
                (other.read_in for other in self.posts.values() if other.same == known.same),
                default=0,
            )
            self.posts[post_id(address, e)] = known

    def mark(self, numbers: list[int], *, read: bool) -> None:
        known = list(self.posts)
        touched = {known[number % len(known)] for number in numbers} if known else set()
        changing = {
            self.posts[id_].same for id_ in touched if bool(self.posts[id_].read_in) != read
        }
        assert self.store.mark([*touched], read).result(timeout=5) == len(changing)
        if changing:
            self.acts += 1
            for post in self.posts.values():
                if post.same in changing:
                    post.read_in = self.acts if read else 0

    def follow(self, addresses: tuple[str, ...], hidden: tuple[str, ...]) -> None:
        self.followed = {
            address: SETTINGS[address]._replace(hidden=address in hidden) for address in addresses
        }
        self.store.follow_now([*self.followed.values()], [*SAVED.values()])

    def chosen(self, view: View) -> set[str]:
        """The addresses whose posts are in the view's place."""

        def chooses(source: Source) -> bool:
            path = source.folder.split("/")
            if view.kind is PlaceKind.SOURCE:
                return source_id(source.address) == view.id
            if view.kind is PlaceKind.FOLDER:
                folders = ["/".join(path[: n + 1]) for n in range(len(path))]
                return not source.hidden and view.id in map(folder_id, folders)
            if view.kind is PlaceKind.SAVED:
                saved = next(saved for saved in SAVED.values() if saved_id(saved.name) == view.id)
                words = [word.lower() for word in (*source.tags, *path)]
                return (not saved.tag or saved.tag.lower() in words) and (
                    not saved.address or saved.address == source.address
                )
            return True

        return {address for address, source in self.followed.items() if chooses(source)}

    def held(self, view: View, snapshot: Snapshot) -> list[int]:
        """The ids that `view` should hold at `snapshot`, in order."""
        saved = next((s for s in SAVED.values() if saved_id(s.name) == view.id), SavedView(""))
        unread_only = view.unread_only or view.kind is PlaceKind.UNREAD or saved.unread_only
        chosen = self.chosen(view)
        first: dict[tuple[str, int], int] = {}
        for id_, post in sorted(self.posts.items(), key=lambda item: item[1].arrival):
            categories = [category_id(post.address, name) for name in post.categories]
            if view.kind is PlaceKind.CATEGORY and view.id not in categories:
                continue
            if post.address in chosen:
                first.setdefault(post.same, id_)

        def holds(post: Known) -> bool:
            if view.kind in (PlaceKind.TODAY, PlaceKind.WEEK):
                return False  # all days are of May, and it is June
            left_out = 0 < post.read_in <= snapshot.batch
            return (
                post.arrival <= snapshot.horizon
                and not (unread_only and left_out)
                and view.title in post.title
                and saved.title.lower() in post.title
            )

        found = [(self.posts[id_], id_) for id_ in first.values() if holds(self.posts[id_])]
        found.sort(key=lambda item: (item[0].day, item[0].arrival), reverse=True)
        return [id_ for _, id_ in found]

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
        horizon = snapshot.horizon if snapshot else len(self.posts)
        seen = {}
        for place in self.store.places(snapshot):
            saved = SAVED.get(place.name)
            if place.kind is PlaceKind.UNREAD or (saved and saved.unread_only):
                # As many as are unread now, whenever they were read.
                held = self.held(View(place.kind, place.id), Snapshot(horizon, 10**6))
            else:
                held = self.held(View(place.kind, place.id), Snapshot(horizon, 0))
            unread = sum(not self.posts[id_].read_in for id_ in held)
            assert (place.total, place.unread) == (len(held), unread), place
            seen[place.kind, place.id] = place
        visible = {address for address, source in self.followed.items() if not source.hidden}
        names = {
            category_id(post.address, name)
            for post in self.posts.values()
            for name in post.categories
            if post.address in visible and post.arrival <= horizon
        }
        assert {id_ for kind, id_ in seen if kind is PlaceKind.CATEGORY} == names
        assert {id_ for kind, id_ in seen if kind is PlaceKind.SOURCE} == {
            source_id(address) for address in visible
        }


PLACES = [
    (PlaceKind.ALL, 0),
    (PlaceKind.UNREAD, 0),
    (PlaceKind.SOURCE, source_id(NEWS)),
    (PlaceKind.CATEGORY, category_id(NEWS, "Police")),
    (PlaceKind.FOLDER, folder_id("A")),
    (PlaceKind.FOLDER, folder_id("A/B")),
    *((PlaceKind.SAVED, saved_id(name)) for name in SAVED),
]
VIEWS = [
    View(kind, id_, unread_only, title)
    for kind, id_ in PLACES
    for unread_only in (False, True)
    for title in ("", "special")
]


@dataclass
class Arrive:
    address: str
    numbers: list[int]


@dataclass
class Mark:
    numbers: list[int]
    read: bool


@dataclass
class Follow:
    addresses: tuple[str, ...]
    hidden: tuple[str, ...] = ()


ADDRESSES = [NEWS, POLICE, BLOG]
arriving = st.builds(Arrive, st.sampled_from(ADDRESSES), st.lists(st.integers(0, 8), max_size=5))
marking = st.builds(Mark, st.lists(st.integers(0, 30), max_size=6), st.booleans())
following = st.builds(
    Follow,
    st.sampled_from([(NEWS, POLICE, BLOG), (BLOG, POLICE), (POLICE, NEWS), (NEWS,), ()]),
    st.sampled_from([(), (NEWS,), (POLICE,)]),
)


@pytest.mark.parametrize("few", [walks.FEW_POSTS, 0], ids=["gathered", "met"])
@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.one_of(arriving, marking, following), max_size=7),
    st.lists(st.one_of(arriving, marking), max_size=4),
)
def test_views_hold_what_they_held_at_the_snapshot(
    few: int, before: list[Arrive | Mark | Follow], after: list[Arrive | Mark]
) -> None:
    """Of folders both ways are tried: that of the small and that of the large."""
    with (
        pytest.MonkeyPatch.context() as patch,
        closing(Store.open(None, None, clock=HandClock())) as store,
    ):
        patch.setattr(walks, "FEW_POSTS", few)
        world = World(store)
        world.follow((NEWS, POLICE, BLOG), ())
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


def test_while_a_mark_is_stored_and_not_counted_yet_nothing_is_below_the_last_row(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read since then is not taken off yet, and comes on top."""
    save(store, NEWS, *(entry(name) for name in "abc"))
    now = store.snapshot()
    stored, go_on = Event(), Event()
    plus = Tally.plus

    def late(tally: Tally, more: Tally) -> Tally:
        stored.set()
        assert go_on.wait(timeout=20)
        return plus(tally, more)

    monkeypatch.setattr(Tally, "plus", late)
    marked = store.mark([*ids(store).values()], True)
    assert stored.wait(timeout=20)
    try:
        assert store.count(UNREAD, now) == 6
        assert store.next_unread(UNREAD, now, 3, 1) is None
    finally:
        go_on.set()
    assert marked.result(timeout=5) == 3
    assert (store.count(UNREAD, now), store.unread(UNREAD, now)) == (3, 0)


def test_new_posts_are_announced_and_wait(store: Store) -> None:
    save(store, NEWS, entry("a", categories=("Police",)))
    now = store.snapshot()
    save(store, NEWS, entry("b", categories=("Police",)), entry("c"))
    police = View(PlaceKind.CATEGORY, place_id(store, "Police"))
    assert (store.arrivals(ALL, now), store.arrivals(police, now)) == (2, 1)
    assert (store.count(ALL, now), store.count(police, now)) == (1, 1)
    assert [place.total for place in store.places(now)] == [1, 1, 1, 1, 1]
    assert store.position(ALL, now, ids(store)["b"]) is None

    # One of them is read, say in a search; the list as it is shown holds no post less.
    store.mark([ids(store)["b"]], True).result(timeout=5)
    assert (store.unread(ALL, now), store.unread(police, now)) == (1, 1)
    assert store.count(UNREAD, now) == 1
    assert [place.unread for place in store.places(now)] == [1, 1, 1, 1, 1]


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
def test_no_view_is_sorted_and_no_table_is_scanned(
    view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every query walks an index in the order of the list, however large the archive is."""
    monkeypatch.setattr(walks, "FEW_POSTS", 0)
    with in_memory() as connection:
        followed = [source._replace(folder="A/B", tags=("t", "u")) for source in SETTINGS.values()]
        sources.follow(connection, followed, [*SAVED.values()])
        entries = tuple(shared(f"special {n}", categories=("Police",)) for n in range(250))
        for address in (NEWS, POLICE):
            posts.save_feed(connection, address, Feed(entries=entries), SourceState(address), NOW)
        views, now = Views(connection, Ledger(Tally()), lambda: TODAY), Snapshot(250, 0)

        statements: list[str] = []
        connection.set_trace_callback(statements.append)
        views.count(view, now)
        views.unread(view, now)
        for row in views.rows(view, now, 0, 5)[:1]:
            views.position(view, now, row.id)
        views.rows(view, now, 240, 245)
        views.next_unread(view, now, 3, 1)
        views.next_unread(view, now, 3, -1)
        views.arrivals(view, Snapshot(240, 0))
        connection.set_trace_callback(None)
        plans = {step for sql in statements for step in plan(connection, sql)}

    # "ORDER BY" sorts the page alone, which comes from a subquery of its own, and what is grouped
    # is what arrived after the snapshot.
    allowed = {"USE TEMP B-TREE FOR GROUP BY"}
    if view.kind is PlaceKind.CATEGORY:
        allowed.add("USE TEMP B-TREE FOR ORDER BY")
    assert any("SEARCH" in step for step in plans)
    unwanted = r"TEMP B-TREE|SCAN (p|c|m|o|q)$|AUTOMATIC"
    assert [step for step in plans - allowed if re.search(unwanted, step)] == []


def test_the_titles_of_a_saved_view_are_searched_once() -> None:
    with in_memory() as connection:
        sources.follow(connection, [Source(NEWS)], [SavedView("Safe", title="safe")])
        posts.save_feed(connection, NEWS, Feed(entries=(entry("safe"),)), SourceState(NEWS), NOW)
        ledger = Ledger(Tally())
        views, now = Views(connection, ledger, lambda: TODAY), Snapshot(1, 0)
        statements: list[str] = []
        connection.set_trace_callback(statements.append)
        seen = []
        for _ in range(2):
            seen.append(views.places(now)[ALWAYS])
            connection.execute("INSERT OR IGNORE INTO history.read_mark SELECT id, 1, 1 FROM post")
            ledger.note(None)
            ledger.steps += 2
        connection.set_trace_callback(None)
    assert [(place.total, place.unread) for place in seen] == [(1, 1), (1, 0)]
    assert len([sql for sql in statements if "instr" in sql]) == 1


def plan(connection: sqlite3.Connection, sql: str) -> list[str]:
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]


def test_a_page_of_all_posts_needs_the_index_alone() -> None:
    with in_memory() as connection:
        statements: list[str] = []
        views = Views(connection, Ledger(Tally()), lambda: TODAY)
        sources.follow(connection, [Source(NEWS)])
        posts.save_feed(connection, NEWS, Feed(entries=(entry("a"),)), SourceState(NEWS), NOW)
        connection.set_trace_callback(statements.append)
        views.rows(ALL, Snapshot(1, 0), 0, 1)
        connection.set_trace_callback(None)
        steps = plan(connection, statements[-1])
    assert "SEARCH p USING COVERING INDEX post_list (shown=?)" in steps
