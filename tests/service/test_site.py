"""Where a site's REST interface is, and which of its posts a feed stands for."""

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta

import pytest

from nordic_tui.errors import BadStatus, FetchError, NotAFeed, TimedOut, TooManyRedirects
from nordic_tui.model import Manner, Response, SourceState, Term
from nordic_tui.service.site import (
    MAX_PAGES_OF_TERMS,
    Scope,
    learn_terms,
    rest_address,
    rest_roots,
    same_slug,
    scope_of,
    with_descendants,
)
from tests.fakes import Asked, FakeDecoder, FakeFetcher

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
ROOT = "https://a.example/wp-json/"
EVENTS, SUMMIT = Term(3, "Events", "events"), Term(5, "Summit", "summit", 3)


# ── addresses ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("address", "roots"),
    [
        ("https://a.example/feed/", ["/wp-json/", "/?rest_route=/"]),
        ("https://a.example/category/new/child/feed/", ["/wp-json/", "/?rest_route=/"]),
        ("https://a.example/tag/x/feed/atom/", ["/wp-json/", "/?rest_route=/"]),
        ("https://a.example/?feed=rss2&cat=3", ["/wp-json/", "/?rest_route=/"]),
        (
            "https://a.example/blog/category/new/feed/",
            ["/blog/wp-json/", "/wp-json/", "/?rest_route=/"],
        ),
        (
            "https://a.example/blog/?feed=rss2",
            ["/blog/wp-json/", "/wp-json/", "/?rest_route=/", "/blog/?rest_route=/"],
        ),
        (
            "https://a.example/blog/index.php?feed=rss2",
            ["/blog/wp-json/", "/wp-json/", "/?rest_route=/", "/blog/?rest_route=/"],
        ),
    ],
)
def test_the_interface_is_looked_for_below_the_site_and_at_the_root(
    address: str, roots: list[str]
) -> None:
    assert rest_roots(address) == tuple(f"https://a.example{path}" for path in roots)


def test_scheme_and_port_are_those_of_the_feed() -> None:
    assert rest_roots("http://a.example:8089/feed/")[0] == "http://a.example:8089/wp-json/"


@pytest.mark.parametrize("address", ["/home/a/feed.xml", "standard input", "https://[::1/feed/"])
def test_what_is_no_web_address_has_none(address: str) -> None:
    assert rest_roots(address) == ()
    assert scope_of(address, ROOT) is None


def test_a_query_is_joined_in_both_forms() -> None:
    query = {"include": "3,5", "per_page": 100}
    assert rest_address(ROOT, "wp/v2/posts", query).endswith(
        "/wp-json/wp/v2/posts?include=3,5&per_page=100"
    )
    assert rest_address("https://a.example/?rest_route=/", "wp/v2/posts", query).endswith(
        "/?rest_route=/wp/v2/posts&include=3,5&per_page=100"
    )


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/feed/", Scope()),
        ("/feed", Scope()),
        ("/feed/atom/", Scope()),
        ("/?feed=rss2", Scope()),
        ("/index.php?feed=atom", Scope()),
        ("/category/new-initiatives/feed/", Scope("categories", "new-initiatives")),
        ("/category/events/summit/feed/rss2/", Scope("categories", "summit")),
        ("/category/events/?feed=rss2", Scope("categories", "events")),
        ("/tag/cities/feed/", Scope("tags", "cities")),
        ("/?feed=rss2&cat=3", Scope("categories", number=3)),
        ("/?feed=rss2&category_name=events/summit", Scope("categories", "summit")),
        ("/?feed=rss2&tag=cities", Scope("tags", "cities")),
        ("/?feed=rss2&tag=cities,nordic", None),
        ("/?feed=rss2&cat=-3", None),
        ("/?feed=rss2&cat=3&tag=cities", None),
        ("/?feed=rss2&author=1", None),
        ("/feed/?s=words", None),
        ("/author/aino/feed/", None),
        ("/comments/feed/", None),
        ("/a-post/feed/", None),
        ("/topic/new/feed/", None),
        ("/2022/05/feed/", None),
        ("/posts.xml", None),
    ],
)
def test_what_a_feed_stands_for_is_told_by_its_address(path: str, scope: Scope | None) -> None:
    assert scope_of(f"https://a.example{path}", ROOT) == scope


def test_a_site_below_a_path_is_whole_by_its_own_feed() -> None:
    root = "https://a.example/blog/wp-json/"
    assert scope_of("https://a.example/blog/feed/", root) == Scope()
    assert scope_of("https://a.example/blog/?feed=rss2", root) == Scope()
    assert scope_of("https://a.example/feed/", root) is None
    assert scope_of("https://a.example/blog/feed/", ROOT) is None


def test_slugs_are_the_same_however_they_are_encoded() -> None:
    assert same_slug("%c3%b8resund", "Øresund")
    assert not same_slug("events", "event")


def test_a_category_is_with_all_below_it_also_in_a_circle() -> None:
    deep = Term(9, "Deep", "deep", SUMMIT.number)
    assert with_descendants(3, (deep, SUMMIT, EVENTS)) == (3, 5, 9)
    assert with_descendants(5, (deep, SUMMIT, EVENTS)) == (5, 9)
    one, other = Term(1, "A", "a", 2), Term(2, "B", "b", 1)
    assert with_descendants(1, (one, other)) == (1, 2)
    many = tuple(Term(n, f"N{n}", f"n{n}", 1) for n in range(2, 10_001))
    assert with_descendants(1, many) == tuple(range(1, 10_001))


# ── categories ──────────────────────────────────────────────────────────────────────────────


class Terms:
    """The part of the store that keeps categories."""

    def __init__(self) -> None:
        self.saved: list[Sequence[Term]] = []

    def save_terms(self, address: str, terms: Sequence[Term]) -> Future[None]:
        self.saved.append(terms)
        future: Future[None] = Future()
        future.set_result(None)
        return future


STATE = SourceState("https://a.example/feed/", title="A")


def asked(page: int = 1, root: str = ROOT) -> str:
    query = {"per_page": 100, "_fields": "id,name,slug,parent", "page": page}
    return rest_address(root, "wp/v2/categories", query)


async def learn(
    fetcher: FakeFetcher, decoder: FakeDecoder, state: SourceState = STATE
) -> tuple[SourceState, Terms]:
    store = Terms()
    learned = await learn_terms(state, MANNER, fetcher, decoder, store, NOW)
    return learned, store


MANNER = Manner(user_agent="own/1")


async def test_the_categories_are_learned_from_all_pages() -> None:
    many = tuple(Term(number, f"N{number}", f"n{number}") for number in range(1, 101))
    fetcher = FakeFetcher(
        {
            asked(1): Response(url="", body=b"1", total=102),
            asked(2): Response(url="", body=b"2", total=102),
        }
    )
    decoder = FakeDecoder()
    decoder.categories = {b"1": many, b"2": (Term(101, "X", "x"), Term(102, "Y", "y"))}
    learned, store = await learn(fetcher, decoder)
    assert learned == STATE._replace(rest=ROOT, terms_at=NOW)
    assert [len(terms) for terms in store.saved] == [102]
    assert fetcher.asked == [Asked(asked(page), manner=MANNER) for page in (1, 2)]


def listed(*pages: int | None, total: int | None = None) -> tuple[FakeFetcher, FakeDecoder]:
    """A site that gives so many categories on each page; None: the same ones as on the first."""
    fetcher, decoder = FakeFetcher({}), FakeDecoder()
    first = 1
    for page, size in enumerate(pages, start=1):
        body = str(page).encode()
        fetcher.answers[asked(page)] = Response(url="", body=body, total=total if size else 0)
        numbers = range(first, first + size) if size is not None else range(1, 101)
        decoder.categories[body] = tuple(Term(n, f"N{n}", f"n{n}") for n in numbers)
        first += size or 0
    return fetcher, decoder


@pytest.mark.parametrize(
    ("pages", "total", "known"),
    [
        ([100] * 30 + [1], 3001, 3001),
        ([100] * 30 + [1], None, 3001),
        ([100, 100, 0], None, 200),
        ([100, 100], 200, 200),
        # Some are hidden, or without a slug.
        ([99, 100, 1], 201, 200),
        # It does not know pages.
        ([100, None], None, 100),
        ([100] * (MAX_PAGES_OF_TERMS + 1), 10_100, 10_000),
    ],
)
async def test_the_categories_are_read_to_the_end(
    pages: list[int | None], total: int | None, known: int
) -> None:
    fetcher, decoder = listed(*pages, total=total)
    learned, store = await learn(fetcher, decoder)
    assert learned.rest == ROOT
    assert [len(terms) for terms in store.saved] == [known]
    assert len(fetcher.asked) == min(len(pages), MAX_PAGES_OF_TERMS)


@pytest.mark.parametrize("second", [0, None])
async def test_categories_that_break_off_are_not_taken_for_all(second: int | None) -> None:
    fetcher, decoder = listed(100, second, total=300)
    state = STATE._replace(rest=ROOT)
    learned, store = await learn(fetcher, decoder, state)
    assert learned == state._replace(terms_at=NOW)
    assert store.saved == []
    assert len(fetcher.asked) == 2


async def test_no_category_at_all_is_no_answer() -> None:
    plain = "https://a.example/?rest_route=/"
    nothing = Response(url="", body=b"[]", total=0)
    fetcher = FakeFetcher({asked(): nothing, asked(root=plain): nothing})
    decoder = FakeDecoder()
    decoder.categories = {b"[]": ()}
    learned, store = await learn(fetcher, decoder, STATE._replace(rest=ROOT))
    assert learned == STATE._replace(terms_at=NOW)
    assert store.saved == []
    # The other root may know better.
    fetcher.answers[asked(root=plain)] = Response(url="", body=b"1", total=1)
    decoder.categories[b"1"] = (EVENTS,)
    learned, store = await learn(fetcher, decoder)
    assert (learned.rest, store.saved) == (plain, [(EVENTS,)])


@pytest.mark.parametrize("error", [BadStatus("refuses", 401), TooManyRedirects("circle")])
async def test_where_rest_is_closed_nothing_is_a_failure(error: FetchError) -> None:
    plain = "https://a.example/?rest_route=/"
    fetcher = FakeFetcher({asked(): error, asked(root=plain): Response(url="", body=b"<html>")})
    state = STATE._replace(rest=ROOT)
    learned, store = await learn(fetcher, FakeDecoder({b"<html>": NotAFeed("is a page")}), state)
    assert learned == STATE._replace(rest="", terms_at=NOW)
    assert store.saved == []
    assert len(fetcher.asked) == 2


async def test_where_it_cannot_be_told_what_is_known_stays() -> None:
    state = STATE._replace(rest=ROOT)
    for error in (TimedOut("slow"), BadStatus("trouble", 500), BadStatus("too many", 429)):
        fetcher = FakeFetcher({asked(): error})
        learned, store = await learn(fetcher, FakeDecoder(), state)
        assert learned == STATE._replace(rest=ROOT, terms_at=NOW)
        assert store.saved == []
        assert len(fetcher.asked) == 1


async def test_a_site_that_asks_to_be_left_alone_is_so_in_all() -> None:
    fetcher = FakeFetcher({asked(): BadStatus("too many", 429, retry_after_s=7200)})
    learned, _ = await learn(fetcher, FakeDecoder())
    assert learned == STATE._replace(terms_at=NOW, not_before=NOW + timedelta(hours=2))
    assert len(fetcher.asked) == 1


async def test_the_root_that_answered_before_is_asked_first() -> None:
    plain = "https://a.example/?rest_route=/"
    fetcher = FakeFetcher({asked(root=plain): Response(url="", body=b"1", total=1)})
    decoder = FakeDecoder()
    decoder.categories = {b"1": (EVENTS,)}
    learned, _ = await learn(fetcher, decoder, STATE._replace(rest=plain))
    assert learned.rest == plain
    assert len(fetcher.asked) == 1
    elsewhere = STATE._replace(rest="https://evil.example/wp-json/")
    await learn(fetcher, decoder, elsewhere)
    assert all(each.address.startswith("https://a.example/") for each in fetcher.asked)
