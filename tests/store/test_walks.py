"""What is kept of all posts: starred, tagged, to be read later, also where its source is gone."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nordic_tui.clock import Moments
from nordic_tui.model import (
    LATER,
    Entry,
    Feed,
    PlaceKind,
    Post,
    Rule,
    SavedView,
    Snapshot,
    Source,
    SourceState,
    View,
)
from nordic_tui.store import library, posts, sources
from nordic_tui.store.identity import post_id
from nordic_tui.store.store import Store
from nordic_tui.store.tally import Ledger, Tally
from nordic_tui.store.views import Views

from .helpers import (
    BLOG,
    NEWS,
    NOW,
    POLICE,
    TODAY,
    HandClock,
    counts,
    entry,
    ids,
    in_memory,
    place_id,
    save,
    shared,
    titles,
)
from .test_views import plan

STARRED = View(PlaceKind.STARRED)
KEPT_TO_READ = View(PlaceKind.LATER)


@pytest.fixture
def kept(clock: HandClock) -> Iterator[Store]:
    """A starred post and one to be read later, of a source that is followed no more."""
    with closing(Store.open(None, None, clock=clock)) as store:
        store.follow_now([Source(NEWS), Source(BLOG)])
        save(store, NEWS, entry("here", day=1))
        save(store, BLOG, entry("gone", day=2), entry("gone later", day=3), entry("other", day=4))
        store.index_all().result(5)
        known = ids(store)
        store.star([known["here"], known["gone"]], on=True).result(5)
        store.tag([known["gone later"]], LATER, on=True).result(5)
        store.follow_now([Source(NEWS)], [SavedView("Mine", search="is:starred")])
        yield store


def test_what_is_kept_outlives_its_source(kept: Store) -> None:
    assert titles(kept) == ["here"]
    assert (titles(kept, STARRED), titles(kept, KEPT_TO_READ)) == (["gone", "here"], ["gone later"])
    assert (counts(kept)["Starred"], counts(kept)["Read later"]) == ((2, 2), (1, 1))
    places = {place.name: place for place in kept.count_places().result(5)}
    assert (places["Mine"].total, places["All posts"].total) == (2, 1)
    assert titles(kept, View(PlaceKind.SAVED, place_id(kept, "Mine"))) == ["gone", "here"]
    post = kept.post(ids(kept, STARRED)["gone"])
    assert post is not None
    assert post.entry.title == "gone"


@pytest.mark.parametrize(
    ("view", "found"),
    [
        (View(search="is:starred"), ["gone", "here"]),
        (View(search="is:starred gone"), ["gone"]),
        (View(search="tag:later"), ["gone later"]),
        (View(search="is:later is:unread"), ["gone later"]),
        (View(PlaceKind.STARRED, search="-here"), ["gone"]),
        (View(PlaceKind.LATER, search="later"), ["gone later"]),
        (View(PlaceKind.STARRED, search="tag:later"), []),
        (View(PlaceKind.STARRED, search="tag:later OR has:link"), []),
        (View(PlaceKind.UNREAD, search="is:starred"), ["gone", "here"]),
        # What asks for anything else asks what is followed.
        (View(search="gone"), []),
        (View(search="is:starred OR gone"), ["here"]),
        (View(search="-is:later"), ["here"]),
    ],
)
def test_a_search_for_what_is_kept_finds_it(kept: Store, view: View, found: list[str]) -> None:
    answer = kept.find(view, kept.snapshot()).result(5)
    assert [row.title for row in kept.rows_of(answer.ids)] == found
    assert titles(kept, view) == found
    assert kept.count(view, kept.snapshot()) == len(found)


def test_a_source_holds_its_own_only_while_it_is_followed(kept: Store) -> None:
    kept.follow_now([Source(NEWS), Source(BLOG)])
    view = View(PlaceKind.SOURCE, place_id(kept, "blog.example"), search="is:starred")
    assert titles(kept, view) == ["gone"]
    kept.follow_now([Source(NEWS)])
    assert titles(kept, view) == []


def test_what_a_rule_hides_is_not_among_what_is_kept(kept: Store) -> None:
    hide = Rule("Gone", "gone", hide=True)
    kept.follow_now([Source(NEWS)], (), [hide])
    assert titles(kept, STARRED) == ["here"]
    assert "Read later" not in counts(kept)
    kept.follow_now([Source(NEWS)], (), [hide._replace(on=False)])
    assert titles(kept, STARRED) == ["gone", "here"]


def test_the_next_unread_is_found_where_all_that_is_followed_is_read(kept: Store) -> None:
    kept.mark_view(View(), kept.snapshot()).result(5)
    now = kept.snapshot()
    assert kept.unread(STARRED, now) == 1
    assert kept.next_unread(STARRED, now, -1, 1) == 0
    assert kept.mark_view(STARRED, now).result(5) == 1
    assert kept.next_unread(STARRED, now, -1, 1) is None


def test_the_same_post_of_a_source_that_comes_later_takes_no_row_of_a_list(
    clock: HandClock,
) -> None:
    with closing(Store.open(None, None, clock=clock)) as store:
        store.follow_now([Source(NEWS), Source(POLICE)])
        save(store, NEWS, shared("a", day=1))
        store.star(list(ids(store).values()), on=True).result(5)
        store.follow_now([Source(POLICE)])
        before = store.snapshot()
        save(store, POLICE, shared("a", day=1))
        for moment in (before, store.snapshot()):
            assert store.count(STARRED, moment) == 1
            (row,) = store.rows(STARRED, moment, 0, 9)
        assert row.id == post_id(POLICE, shared("a"))


def test_no_post_is_looked_at_but_those_that_are_kept() -> None:
    with in_memory() as connection:
        sources.follow(connection, [Source(NEWS)])
        entries = tuple(entry(f"{n}") for n in range(50))
        posts.save_feed(connection, NEWS, Feed(entries=entries), SourceState(NEWS), NOW)
        moments = Moments(lambda: NOW, lambda: 0)
        library.star(connection, [post_id(NEWS, entry("1"))], NOW, moments, on=True)
        views, now = Views(connection, Ledger(Tally()), lambda: TODAY), Snapshot(50, 0)
        steps = set()
        for view in (
            STARRED,
            KEPT_TO_READ,
            View(PlaceKind.STARRED, search="has:audio"),
            View(search="is:later"),
        ):
            statements: list[str] = []
            connection.set_trace_callback(statements.append)
            views.count(view, now)
            views.rows(view, now, 0, 5)
            connection.set_trace_callback(None)
            steps |= {step for sql in statements for step in plan(connection, sql)}
    assert any("SEARCH p USING" in step for step in steps)
    all_of_them = re.compile(r"SCAN (p|o|q|h|main.hidden)\b|post_list")
    assert [step for step in steps if all_of_them.search(step)] == []


# ── against what is there, one by one ───────────────────────────────────────────────────────

WORDS = ("goal", "budget")
SOURCES = (NEWS, POLICE, BLOG)
Step = tuple[str, str, int]
"""What happens, in which source, to which post."""


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["post", "post", "star", "later", "rule", "read", "follow", "undo"]),
            st.sampled_from(SOURCES),
            st.integers(0, 3),
        ),
        max_size=16,
    )
)
def test_of_each_post_that_is_kept_there_is_one_row(happened: list[Step]) -> None:
    with closing(Store.open(None, None, clock=HandClock())) as store:
        followed, arrived = list(SOURCES), list[tuple[str, Entry]]()
        hides: set[str] = set()
        store.follow_now([Source(address) for address in followed])
        for what, address, number in happened:
            made = shared(f"{number}", title=f"{WORDS[number % 2]} {number}", day=number + 1)
            each_source = [post_id(each, made) for each in SOURCES]
            match what:
                case "post":
                    save(store, address, made)
                    if (address, made) not in arrived:
                        arrived.append((address, made))
                case "star":
                    store.star(each_source, on=True).result(5)
                case "later":
                    store.tag(each_source, LATER, on=True).result(5)
                case "read":
                    store.mark(each_source, read=True).result(5)
                case "undo":
                    store.undo().result(5)
                case "rule":
                    hides ^= {WORDS[number % 2]}
                case "follow" if address in followed:
                    followed.remove(address)
                case "follow":
                    followed.append(address)
            rules = [Rule(word, word, hide=True) for word in sorted(hides)]
            store.follow_now([Source(each) for each in followed], (), rules)
            store.index_all().result(5)
        now = store.snapshot()

        def expected(tag: str = "", word: str = "") -> dict[int, Post]:
            """One by one: the first of a followed source, else the first that arrived."""
            groups: dict[tuple[str, str], list[tuple[bool, Post]]] = {}
            for address, made in arrived:
                post = store.post(post_id(address, made))
                assert post is not None
                is_kept = tag in post.tags if tag else post.starred
                if is_kept and word in made.title and not any(w in made.title for w in hides):
                    # A post of another host is another post.
                    group = (made.title, BLOG if address == BLOG else NEWS)
                    groups.setdefault(group, []).append((address not in followed, post))
            firsts = (min(group, key=lambda each: each[0])[1] for group in groups.values())
            return {post.id: post for post in firsts}

        for view, wanted in (
            (STARRED, expected()),
            (View(search="is:starred"), expected()),
            (KEPT_TO_READ, expected(LATER)),
            (View(search="tag:later"), expected(LATER)),
            (View(PlaceKind.LATER, search="goal"), expected(LATER, "goal")),
        ):
            rows = store.rows(view, now, 0, 100)
            assert {row.id for row in rows} == wanted.keys(), view
            assert len(rows) == len(wanted) == store.count(view, now), view
            unread = [place for place, row in enumerate(rows) if row.unread]
            assert len(unread) == store.unread(view, now)
            assert store.next_unread(view, now, -1, 1) == (unread[0] if unread else None), view
            if view.kind is not PlaceKind.ALL and not view.search:
                place = next((p for p in store.places(now) if p.kind is view.kind), None)
                assert (place.total if place else 0) == len(wanted)
