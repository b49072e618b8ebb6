"""Walks through archives that change while they are walked."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nordic_tui.errors import NotAFeed
from nordic_tui.model import Entry, Feed
from nordic_tui.service.walks import chain
from nordic_tui.service.walks.chain import ChainWalk, has_links, paged
from nordic_tui.service.walks.rest import RestWalk

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

    def publish_late(self, place: int) -> None:
        """Publish a post that has its number for long."""
        missing = sorted(set(range(1, self.next)) - set(self.numbers))
        if missing:
            self.numbers.append(missing[place % len(missing)])
            self.numbers.sort(reverse=True)

    def delete(self, place: int) -> None:
        """Never the last one: a feed without posts is taken for trouble."""
        if len(self.numbers) > 1:
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


def whole_by_rest(walk: RestWalk, site: Site) -> tuple[set[int], int]:
    """Go on to the end: what was taken, and how often was asked."""
    taken, asked = set[int](), 0
    while walk.address():
        taken |= set(take_rest(walk, site))
        asked += 1
    assert walk.is_whole
    return taken, asked


# ── by REST ─────────────────────────────────────────────────────────────────────────────────

EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.integers(1, 9)),
        st.tuples(st.just("publish late"), st.integers(0, 60)),
        st.tuples(st.just("delete"), st.integers(0, 60)),
        st.tuples(st.just("stop"), st.just(0)),
        st.tuples(st.just("ask"), st.integers(1, 4)),
    ),
    max_size=25,
)


@given(st.integers(0, 40), EVENTS)
@settings(deadline=None, max_examples=300)
def test_by_rest_nothing_is_missed_whatever_happens_meanwhile(
    posts: int, events: list[tuple[str, int]]
) -> None:
    site, walk, taken = Site(posts), rest_walk(), set[int]()
    late = 0
    for what, number in events:
        if what == "publish":
            site.publish(number)
        elif what == "publish late":
            late += 1
            site.publish_late(number)
        elif what == "delete":
            site.delete(number)
        elif what == "stop":
            walk = rest_walk(walk.cursor())
        else:
            for _ in range(number):
                if walk.address():
                    taken |= set(take_rest(walk, site))
    is_steady = set(site.numbers)
    taken |= whole_by_rest(walk, site)[0]
    walk = rest_walk(walk.cursor())
    taken |= whole_by_rest(walk, site)[0]
    if not late:
        assert is_steady <= taken
    # What was published late and what was deleted may weigh each other out in the total.
    assert len(is_steady - taken) <= min(late, sum(what == "delete" for what, _ in events))


def test_by_rest_a_quiet_site_is_asked_no_more_than_needed() -> None:
    site, walk = Site(10), rest_walk()
    taken, asked = whole_by_rest(walk, site)
    assert (len(taken), asked) == (10, 3)  # 10 to 7, 7 to 4, 4 to 1
    assert walk.fetched == 10
    again = rest_walk(walk.cursor())
    assert whole_by_rest(again, site)[1] == 1
    assert again.fetched == 10


def test_by_rest_what_is_published_late_is_found_by_the_total() -> None:
    site, walk = Site(30), rest_walk()
    site.numbers.remove(7)
    whole_by_rest(walk, site)
    site.publish_late(23)
    assert 7 in site.numbers
    walk = rest_walk(walk.cursor())
    taken, _ = whole_by_rest(walk, site)
    assert taken == set(site.numbers)
    assert walk.fetched == 30


def test_by_rest_posts_that_were_deleted_bring_one_more_way_through() -> None:
    site, walk = Site(12), rest_walk()
    whole_by_rest(walk, site)
    site.delete(3)
    walk = rest_walk(walk.cursor())
    whole_by_rest(walk, site)
    assert walk.fetched == 11
    assert whole_by_rest(rest_walk(walk.cursor()), site)[1] == 1


def test_by_rest_without_a_total_it_ends_where_nothing_is_left() -> None:
    site, walk, taken = Site(10), rest_walk(), set[int]()
    while walk.address():
        page, _ = site.rest(walk.address())
        taken |= set(numbers(walk.take(page, None, None)))
        if max(taken) - min(taken) == 6 and len(site.numbers) == 10:
            site.delete(site.numbers.index(4))  # the one that holds the place
            site.publish(1)
    assert set(range(1, 11)) <= taken


def test_by_rest_pages_that_the_site_makes_shorter_are_gone_through_as_well() -> None:
    site, walk, taken = Site(23), rest_walk(), set[int]()
    while walk.address():
        page, total = site.rest(walk.address())
        taken |= set(numbers(walk.take(Feed(entries=page.entries[:3]), total, None)))
    assert taken == set(site.numbers)


def test_by_rest_one_page_for_all_is_refused() -> None:
    site, walk = Site(30), rest_walk()
    first, total = site.rest(walk.address())
    walk.take(first, total, None)
    walk.take(first, total, None)
    with pytest.raises(NotAFeed, match="the same posts whatever is asked for"):
        walk.take(first, total, None)


def test_by_rest_a_limit_takes_the_newest_and_a_higher_one_goes_on() -> None:
    site, walk = Site(30), rest_walk()
    assert take_rest(walk, site, room=5) == [30, 29, 28, 27]
    assert walk.position == 4
    assert take_rest(walk, site, room=1) == [27, 26]
    assert walk.position == 5
    walk = rest_walk(walk.cursor())
    assert walk.position == 0
    assert take_rest(walk, site, room=7) == [30, 29, 28, 27]
    assert walk.position == 5
    assert take_rest(walk, site, room=2) == [26, 25, 24]
    assert (walk.position, walk.fetched) == (7, 7)


def test_by_rest_posts_that_the_site_hides_end_nothing() -> None:
    site, walk, taken, asked = Site(16), rest_walk(), set[int](), 0
    while walk.address():
        page, total = site.rest(walk.address())
        seen = tuple(each for each in page.entries if not 4 <= each.number <= 11)
        taken |= set(numbers(walk.take(Feed(entries=seen), total, None)))
        asked += 1
    assert taken == {16, 15, 14, 13, 12, 3, 2, 1}
    assert walk.fetched == 8
    # That they are hidden and not missing is known from then on.
    again = rest_walk(walk.cursor())
    page, total = site.rest(again.address())
    again.take(page, total, None)
    assert again.address() == ""


@pytest.mark.parametrize("found", [[3, 4], [4, 4], [4, 0]])
def test_by_rest_posts_in_no_order_are_refused(found: list[int]) -> None:
    with pytest.raises(NotAFeed, match="in no order"):
        rest_walk().take(feed(found), 2, None)


def test_by_rest_another_query_or_a_broken_cursor_begins_anew() -> None:
    site, walk = Site(30), rest_walk()
    take_rest(walk, site)
    cursor = walk.cursor()
    going_on = rest_walk(cursor)
    take_rest(going_on, site)
    assert "offset=3" in going_on.address()
    for other in (
        RestWalk(ROOT, {"categories": "3"}, cursor, per_page=SIZE),
        RestWalk("https://other.example/wp-json/", {}, cursor, per_page=SIZE),
        RestWalk(ROOT, {}, cursor, kept_as=["events"], per_page=SIZE),
        rest_walk("{}"),
        rest_walk("no JSON"),
        rest_walk(cursor.replace('"spans"', '"spams"')),
        rest_walk(cursor.replace('"fetched": 4', '"fetched": "many"')),
    ):
        assert "offset=0" in other.address()
        take_rest(other, site)
        assert "offset=3" in other.address()
        assert other.fetched == 4


def test_by_rest_smaller_pages_are_asked_for_once() -> None:
    walk = RestWalk(ROOT, {})
    assert "per_page=100" in walk.address()
    assert walk.ask_for_less()
    assert "per_page=20" in walk.address()
    assert not walk.ask_for_less()


# ── page by page ────────────────────────────────────────────────────────────────────────────


def whole_by_pages(walk: ChainWalk, site: Site) -> tuple[set[int], list[str]]:
    """Go on to the end: what was taken, and the pages that were asked for."""
    taken, asked = set[int](), list[str]()
    while walk.address():
        asked.append(walk.address().rpartition("=")[2])
        taken |= set(numbers(walk.take(site.page(walk.address()), None, None)))
    return taken, asked


@given(st.integers(0, 40), EVENTS)
@settings(deadline=None, max_examples=300)
def test_by_pages_nothing_is_missed_whatever_happens_meanwhile(
    posts: int, events: list[tuple[str, int]]
) -> None:
    site, walk, taken = Site(posts), ChainWalk("paged", HEAD), set[int]()
    for what, number in events:
        if what == "publish":
            site.publish(number)
        elif what == "publish late":
            site.publish_late(number)
        elif what == "delete":
            site.delete(number)
        elif what == "stop":
            walk = ChainWalk("paged", HEAD, walk.cursor())
        else:
            for _ in range(number):
                if walk.address():
                    taken |= set(numbers(walk.take(site.page(walk.address()), None, None)))
    # Of a few hundred pages some are looked at once more; here all.
    with patch.object(chain, "_CHECKED_PAGES", 1_000):
        for _ in range(2):  # what is left, then what came meanwhile
            taken |= whole_by_pages(walk, site)[0]
            walk = ChainWalk("paged", HEAD, walk.cursor())
        taken |= whole_by_pages(walk, site)[0]
    assert set(site.numbers) <= taken
    assert walk.is_whole
    assert walk.fetched == len(site.numbers)


@pytest.mark.parametrize("stop", range(1, 6))
def test_by_pages_a_quiet_site_is_counted_right_wherever_it_stops(stop: int) -> None:
    site, walk = Site(19), ChainWalk("paged", HEAD)
    for _ in range(stop):
        walk.take(site.page(walk.address()), None, None)
    walk = ChainWalk("paged", HEAD, walk.cursor())
    whole_by_pages(walk, site)
    assert walk.fetched == 19


def test_by_pages_a_quiet_site_is_asked_no_more_than_needed() -> None:
    site, walk = Site(200), ChainWalk("paged", HEAD)
    _, asked = whole_by_pages(walk, site)
    # Down to the end, which is asked for twice after a full page, the top, and some of them.
    assert asked[:52] == [HEAD, *map(str, range(2, 52)), "51"]
    some = ["50", *map(str, range(2, 50, 6))]
    assert asked[52:] == [HEAD, *some]
    walk = ChainWalk("paged", HEAD, walk.cursor())
    assert whole_by_pages(walk, site)[1] == [HEAD, *some, "51"]
    site.numbers.pop()
    walk = ChainWalk("paged", HEAD, walk.cursor())
    assert whole_by_pages(walk, site)[1][:4] == [HEAD, "50", HEAD, "2"]


def test_by_pages_posts_that_came_meanwhile_move_the_place_to_go_on() -> None:
    site, walk = Site(40), ChainWalk("paged", HEAD)
    for _ in range(5):
        walk.take(site.page(walk.address()), None, None)
    site.publish(9)
    walk = ChainWalk("paged", HEAD, walk.cursor())
    _, asked = whole_by_pages(walk, site)
    assert asked[:10] == [HEAD, "2", "3", *map(str, range(7, 14))]


def test_by_pages_a_site_that_shows_one_page_again_and_again_is_seen() -> None:
    site, walk = Site(4), ChainWalk("paged", HEAD)
    first, repeats = site.page(HEAD), []
    for _ in range(3):
        walk.take(first, None, None)
        repeats.append(walk.repeats)
    assert repeats == [False, False, True]
    assert walk.address() == ""


def test_by_pages_the_last_page_again_and_again_is_the_end() -> None:
    site, walk, taken = Site(10), ChainWalk("paged", HEAD), set[int]()
    while walk.address():
        page = site.page(walk.address()) or site.page(paged(HEAD, 3))
        taken |= set(numbers(walk.take(page, None, None)))
    assert (taken, walk.repeats, walk.is_whole) == (set(site.numbers), False, True)


def test_by_pages_a_site_that_always_changes_is_not_whole() -> None:
    site, walk, asked = Site(40), ChainWalk("paged", HEAD), 0
    while walk.address():
        site.delete(3)
        site.publish(1)
        walk.take(site.page(walk.address()), None, None)
        asked += 1
    assert not walk.is_whole
    assert asked < 60


def test_by_pages_a_limit_takes_the_newest_and_a_run_without_it_all() -> None:
    site, walk = Site(12), ChainWalk("paged", HEAD)
    walk.take(site.page(HEAD), None, None)
    site.publish(10)
    walk = ChainWalk("paged", HEAD, walk.cursor())
    taken = numbers(walk.take(site.page(walk.address()), None, 6))
    assert (taken, walk.position, walk.address()) == ([22, 21, 20, 19], 4, paged(HEAD, 2))
    taken = numbers(walk.take(site.page(walk.address()), None, 2))
    assert (taken, walk.position, walk.address()) == ([18, 17], 6, paged(HEAD, 2))
    walk = ChainWalk("paged", HEAD, walk.cursor())
    there, _ = whole_by_pages(walk, site)
    assert (there | {12, 11, 10, 9}, walk.fetched) == (set(site.numbers), 22)


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
    assert walk.fetched == 0
    assert walk.address() == HEAD


@pytest.mark.parametrize(
    ("now", "asked", "fetched"),
    [
        ((entry(99), entry(6)), ["https://site.example/1"], 6),
        ((entry(99), entry(98)), [HEAD, "https://site.example/2", "https://site.example/1"], 5),
    ],
    ids=["moved", "of others"],
)
def test_by_links_a_page_that_is_another_after_a_stop_is_gone_on_with_only_if_known(
    now: tuple[Entry, ...], asked: list[str], fetched: int
) -> None:
    second = "https://site.example/2"
    walk = ChainWalk("linked", HEAD)
    for address in (HEAD, second):
        walk.take(LINKS[address], None, None)
    walk = ChainWalk("linked", HEAD, walk.cursor())
    walk.take(LINKS[HEAD], None, None)
    assert walk.address() == second
    walk.take(LINKS[second]._replace(entries=now), None, None)
    went = []
    while address := walk.address():
        went.append(address)
        walk.take(LINKS[address], None, None)
    assert (went, walk.fetched) == (asked, fetched)


def test_by_links_the_feeds_own_host_is_where_it_was_served_from() -> None:
    www = "https://www.site.example"
    there = Feed(entries=(entry(9),), next_page=f"{www}/2")
    walk = ChainWalk("linked", HEAD)
    walk.take(there, None, None, url=f"{www}/feed/")
    assert walk.address() == f"{www}/2"
    walk.take(Feed(entries=(entry(8),), next_page=f"{www}/3"), None, None, url=f"{www}/2")
    walk = ChainWalk("linked", HEAD, walk.cursor())
    walk.take(there, None, None, url=f"{www}/feed/")
    assert walk.address() == f"{www}/2"


def test_by_links_where_posts_have_moved_all_is_gone_through_again() -> None:
    """As of a feed whose links are numbers of pages."""
    site, walk, taken = Site(12), ChainWalk("linked", HEAD), set[int]()

    def page(address: str) -> Feed:
        found = site.page(address)
        assert found is not None
        number = int(dict(parse_qsl(urlsplit(address).query)).get("paged", "1"))
        more = len(site.numbers) > number * SIZE
        return found._replace(next_page=paged(HEAD, number + 1) if more else "")

    while walk.address():
        taken |= set(numbers(walk.take(page(walk.address()), None, None)))
    assert (walk.fetched, walk.is_whole) == (12, True)
    site.publish_late(0)
    site.numbers.remove(5)
    walk = ChainWalk("linked", HEAD, walk.cursor())
    asked = []
    while walk.address():
        asked.append(walk.address())
        walk.take(page(walk.address()), None, None)
    assert asked.count(HEAD) == 3
    assert (walk.fetched, walk.is_whole) == (11, True)


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


def test_by_pages_a_last_page_that_was_mended_is_short_and_not_damaged() -> None:
    """As that of a real WordPress with "]]>" in a category's name."""
    site, walk, asked = Site(10), ChainWalk("paged", HEAD), list[str]()
    while walk.address():
        asked.append(walk.address().rpartition("=")[2])
        page = site.page(walk.address())
        if page is not None and len(page.entries) < SIZE:
            page = page._replace(warnings=("It was read as text.",))
        walk.take(page, None, None)
    assert walk.is_whole
    assert asked == [HEAD, "2", "3", "4", HEAD, "3", "2"]
