"""Walks through archives that change while they are walked."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nordic_tui.errors import NotAFeed
from nordic_tui.model import Entry, Feed
from nordic_tui.service.walks import ChainWalk, RestWalk, has_links, paged

ROOT = "https://site.example/wp-json/"
HEAD = "https://site.example/feed/"
SIZE = 4
NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)


class Site:
    """Posts by number, the newest the highest, in pages of four."""

    def __init__(self, posts: int) -> None:
        self.numbers = list(range(posts, 0, -1))
        self.next = posts + 1

    def publish(self, posts: int) -> None:
        for _ in range(posts):
            self.numbers.insert(0, self.next)
            self.next += 1

    def delete(self, place: int) -> None:
        if self.numbers:
            self.numbers.pop(place % len(self.numbers))

    def rest(self, address: str) -> tuple[Feed, int]:
        query = dict(parse_qsl(urlsplit(address).query))
        start, size = int(query["offset"]), int(query["per_page"])
        there = self.numbers[start : start + size]
        # As WordPress does: past the end it counts none.
        return feed(there), len(self.numbers) if there else 0

    def page(self, address: str) -> Feed | None:
        number = int(dict(parse_qsl(urlsplit(address).query)).get("paged", "1"))
        there = self.numbers[(number - 1) * SIZE : number * SIZE]
        return feed(there) if there or number == 1 else None


def feed(numbers: Sequence[int]) -> Feed:
    return Feed(entries=tuple(entry(number) for number in numbers))


def entry(number: int) -> Entry:
    published = NOW + timedelta(hours=number)
    return Entry(guid=f"?p={number}", number=number, published=published)


def numbers(entries: Sequence[Entry]) -> list[int]:
    return [each.number for each in entries]


def rest_walk(cursor: str = "") -> RestWalk:
    return RestWalk(ROOT, {}, cursor, per_page=SIZE)


def take_rest(walk: RestWalk, site: Site, room: int | None = None) -> list[int]:
    page, total = site.rest(walk.address())
    return numbers(walk.take(page, total, room))


def whole_by_rest(site: Site, cursor: str = "") -> tuple[list[int], str]:
    walk, taken = rest_walk(cursor), list[int]()
    while walk.address():
        taken += take_rest(walk, site)
    return taken, walk.cursor()


# ── by REST ─────────────────────────────────────────────────────────────────────────────────

EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.integers(1, 9)),
        st.tuples(st.just("delete"), st.integers(0, 60)),
        st.tuples(st.just("stop"), st.just(0)),
        st.tuples(st.just("ask"), st.integers(1, 4)),
    ),
    max_size=25,
)


@given(st.integers(0, 40), EVENTS)
@settings(deadline=None, max_examples=300)
def test_by_rest_every_post_comes_once_whatever_happens_meanwhile(
    posts: int, events: list[tuple[str, int]]
) -> None:
    site, walk, taken = Site(posts), rest_walk(), list[int]()
    for what, number in events:
        if what == "publish":
            site.publish(number)
        elif what == "delete":
            site.delete(number)
        elif what == "stop":
            walk = rest_walk(walk.cursor())
        else:
            for _ in range(number):
                if walk.address():
                    taken += take_rest(walk, site)
    while walk.address():
        taken += take_rest(walk, site)
    later, _ = whole_by_rest(site, walk.cursor())
    taken += later
    assert len(taken) == len(set(taken))
    assert set(site.numbers) <= set(taken)
    assert taken == [] or walk.fetched == len(taken) - len(later)


def test_by_rest_a_quiet_site_is_asked_no_more_than_needed() -> None:
    site, walk, asked = Site(10), rest_walk(), 0
    while walk.address():
        take_rest(walk, site)
        asked += 1
    assert asked == 3  # 10 to 7, 7 to 4, 4 to 1
    again = rest_walk(walk.cursor())
    assert take_rest(again, site) == []
    assert again.address() == ""


def test_by_rest_a_limit_takes_the_newest_and_a_higher_one_goes_on() -> None:
    site, walk = Site(30), rest_walk()
    assert take_rest(walk, site, room=5) == [30, 29, 28, 27]
    assert take_rest(walk, site, room=1) == [26]
    walk = rest_walk(walk.cursor())
    steps = [(walk.catches_up, take_rest(walk, site)[:1]) for _ in range(2)]
    assert steps == [(True, []), (False, [25])]


def test_by_rest_posts_that_the_site_hides_end_nothing() -> None:
    site, walk, taken = Site(16), rest_walk(), list[int]()
    while walk.address():
        page, total = site.rest(walk.address())
        seen = tuple(each for each in page.entries if not 4 <= each.number <= 11)
        taken += numbers(walk.take(Feed(entries=seen), total, None))
    assert taken == [16, 15, 14, 13, 12, 3, 2, 1]


@pytest.mark.parametrize("found", [[3, 4], [4, 4], [4, 0]])
def test_by_rest_posts_in_no_order_are_refused(found: list[int]) -> None:
    with pytest.raises(NotAFeed, match="in no order"):
        rest_walk().take(feed(found), 2, None)


def test_by_rest_another_query_or_a_broken_cursor_begins_anew() -> None:
    site, walk = Site(30), rest_walk()
    take_rest(walk, site)
    cursor = walk.cursor()
    assert "offset=3" in _older(rest_walk(cursor), site)
    for other in (
        RestWalk(ROOT, {"categories": "3"}, cursor),
        RestWalk("https://other.example/wp-json/", {}, cursor),
        rest_walk("{}"),
        rest_walk("no JSON"),
        rest_walk(cursor.replace('"spans"', '"spams"')),
        rest_walk(cursor.replace('"fetched": 4', '"fetched": "many"')),
    ):
        assert "offset=0" in other.address()
        assert not other.catches_up
        assert other.fetched == 0


def _older(walk: RestWalk, site: Site) -> str:
    """Where it goes on once it has caught up."""
    while walk.catches_up:
        take_rest(walk, site)
    return walk.address()


def test_by_rest_smaller_pages_are_asked_for_once() -> None:
    walk = RestWalk(ROOT, {})
    assert "per_page=100" in walk.address()
    assert walk.ask_for_less()
    assert "per_page=20" in walk.address()
    assert not walk.ask_for_less()


# ── page by page ────────────────────────────────────────────────────────────────────────────


@given(st.integers(0, 40), EVENTS)
@settings(deadline=None, max_examples=300)
def test_by_pages_nothing_is_missed_whatever_happens_between_two_runs(
    posts: int, events: list[tuple[str, int]]
) -> None:
    site, walk, taken = Site(posts), ChainWalk("paged", HEAD), list[int]()
    for what, number in events:
        if what == "publish":
            site.publish(number)
        elif what == "delete":
            site.delete(number)
            walk = ChainWalk("paged", HEAD, walk.cursor())
        elif what == "stop":
            walk = ChainWalk("paged", HEAD, walk.cursor())
        else:
            for _ in range(number):
                if walk.address():
                    taken += numbers(walk.take(site.page(walk.address()), None, None))
    for _ in range(2):  # what is left, then what came meanwhile
        while walk.address():
            taken += numbers(walk.take(site.page(walk.address()), None, None))
        walk = ChainWalk("paged", HEAD, walk.cursor())
    assert set(site.numbers) <= set(taken)


@pytest.mark.parametrize("stop", range(1, 6))
def test_by_pages_a_quiet_site_is_counted_right_wherever_it_stops(stop: int) -> None:
    site, walk = Site(19), ChainWalk("paged", HEAD)
    for _ in range(stop):
        walk.take(site.page(walk.address()), None, None)
    walk = ChainWalk("paged", HEAD, walk.cursor())
    while walk.address():
        walk.take(site.page(walk.address()), None, None)
    assert walk.fetched == 19


def test_by_pages_posts_that_came_meanwhile_move_the_place_to_go_on() -> None:
    site, walk = Site(40), ChainWalk("paged", HEAD)
    for _ in range(5):
        walk.take(site.page(walk.address()), None, None)
    site.publish(9)
    walk = ChainWalk("paged", HEAD, walk.cursor())
    asked = []
    while walk.address():
        asked.append(walk.address().rpartition("=")[2])
        walk.take(site.page(walk.address()), None, None)
    assert asked == [HEAD, "2", "3", *map(str, range(7, 15))]


def test_by_pages_a_site_that_shows_one_page_again_and_again_is_seen() -> None:
    site, walk = Site(4), ChainWalk("paged", HEAD)
    first = site.page(HEAD)
    steps = [(len(walk.take(first, None, None)), walk.repeats) for _ in range(3)]
    assert steps == [(4, False), (0, False), (0, True)]
    assert walk.address() == ""


def test_by_pages_the_query_stays() -> None:
    assert paged("https://a.example/?feed=rss2&cat=3", 2) == (
        "https://a.example/?feed=rss2&cat=3&paged=2"
    )
    assert paged("https://a.example/feed/?paged=7", 1) == "https://a.example/feed/"


LINKS = {
    HEAD: Feed(
        entries=(entry(9), entry(8)),
        previous_archive="https://site.example/2",
        next_page="https://site.example/feed/?page=2",
    ),
    "https://site.example/2": Feed(
        entries=(entry(7), entry(6)), previous_archive="https://site.example/1#top"
    ),
    "https://site.example/1": Feed(entries=(entry(5),), previous_archive=HEAD),
}


def test_by_links_archives_go_before_pages_and_no_page_is_asked_for_twice() -> None:
    walk, asked, taken = ChainWalk("linked", HEAD), [], list[int]()
    while address := walk.address():
        asked.append(address)
        taken += numbers(walk.take(LINKS[address], None, None))
    assert asked == list(LINKS)
    assert taken == [9, 8, 7, 6, 5]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://other.example/2",
        "http://site.example/2",
        "https://site.example:8443/2",
        "ftp://site.example/2",
        "https://site.example:none/2",
    ],
)
def test_by_links_only_the_feeds_own_host_is_asked(elsewhere: str) -> None:
    there = Feed(entries=(entry(9),), next_page=elsewhere)
    assert not has_links(HEAD, there)
    walk = ChainWalk("linked", HEAD)
    walk.take(there, None, None)
    assert walk.address() == ""


def test_by_links_a_cursor_leads_nowhere_else() -> None:
    walk = ChainWalk("linked", HEAD)
    walk.take(LINKS[HEAD], None, None)
    walk.take(LINKS["https://site.example/2"], None, None)
    moved = walk.cursor().replace("https://site.example/2", "https://other.example/2")
    walk = ChainWalk("linked", HEAD, moved)
    assert not walk.catches_up
    assert walk.address() == HEAD


def test_by_links_a_newer_archive_between_is_walked_through_too() -> None:
    walk = ChainWalk("linked", HEAD)
    walk.take(LINKS[HEAD], None, None)
    now = {
        **LINKS,
        HEAD: Feed(entries=(entry(11), entry(10)), previous_archive="https://site.example/3"),
        "https://site.example/3": Feed(
            entries=(entry(9), entry(8)), previous_archive="https://site.example/2"
        ),
    }
    walk, taken = ChainWalk("linked", HEAD, walk.cursor()), list[int]()
    while address := walk.address():
        taken += numbers(walk.take(now[address], None, None))
    assert {11, 10, 7, 6, 5} <= set(taken)
