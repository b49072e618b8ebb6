"""What can be followed at what was pasted."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from nordic_tui.errors import (
    BadAddress,
    BadStatus,
    DecodeError,
    FetchError,
    FileUnreadable,
    InsecureConnection,
    NotAFeed,
    TimedOut,
    Unreachable,
    WorkerDied,
)
from nordic_tui.model import (
    Entry,
    Feed,
    FeedLink,
    Login,
    Manner,
    Page,
    Response,
    Source,
    SourceState,
)
from nordic_tui.service.discover import (
    MAX_REQUESTS,
    Discoverer,
    Discovery,
    Found,
    followed_titles,
)
from nordic_tui.service.ports import USUAL
from tests.fakes import CAME, NOW, FakeDecoder, FakeFetcher, feed

SITE = "https://site.example"
HOME, FEED = f"{SITE}/", f"{SITE}/feed/"
EVENTS, EVENTS_FEED = f"{SITE}/category/events/", f"{SITE}/category/events/feed/"
IS_PAGE = "answers with a web page, not a feed"
MISSING = BadStatus("answered 404: there is nothing at this address", 404)


class MissingPages(FakeFetcher):
    """Answers 404 where nothing is, and lets nobody be led into 10.0.0.0/8."""

    async def fetch(
        self,
        address: str,
        *,
        etag: str = "",
        last_modified: str = "",
        validators_of: str = "",
        led_from: str = "",
        manner: Manner = USUAL,
        wait_for_room: Callable[[], Awaitable[None]] | None = None,
    ) -> Response:
        if "//10." in address and led_from and "//10." not in led_from:
            raise BadAddress("is in a private network and was named from outside")
        self.answers.setdefault(address, MISSING)
        return await super().fetch(address, manner=manner, led_from=led_from)


class Web:
    """What is at each address."""

    def __init__(self) -> None:
        self.fetcher = MissingPages()
        self.decoder = FakeDecoder()
        self.said: list[str] = []

    def serve(
        self, address: str, content: Feed | Page | Exception, *, url: str = "", moved_to: str = ""
    ) -> None:
        """content: a DecodeError is what reading the bytes comes to."""
        if isinstance(content, FetchError):
            self.fetcher.answers[address] = content
            return
        body = address.encode()
        self.fetcher.answers[address] = Response(url or address, body=body, moved_to=moved_to)
        if isinstance(content, Page):
            self.decoder.pages[body] = content
            self.decoder.feeds[body] = NotAFeed(IS_PAGE)
        else:
            assert isinstance(content, Feed | DecodeError)
            self.decoder.feeds[body] = content

    async def find(self, words: str, manner: Manner = USUAL) -> Discovery:
        discoverer = Discoverer(self.fetcher.open, self.decoder.open)
        return await discoverer.find(words, self.said.append, manner)

    @property
    def asked(self) -> list[str]:
        return [asked.address for asked in self.fetcher.asked]


@pytest.fixture
def web() -> Web:
    return Web()


def names(*addresses: str, title: str = "A page") -> Page:
    return Page(title, tuple(FeedLink(address, f"Link to {address}") for address in addresses))


# ── a feed ──────────────────────────────────────────────────────────────────────────────────


async def test_a_feeds_address_is_that_feed(web: Web) -> None:
    web.serve(FEED, feed("a", "b", "c", "d", title="Site"))
    assert await web.find(f" {FEED} ") == Discovery(
        found=(Found(FEED, "Site", 4, ("a", "b", "c"), CAME - timedelta(days=1)),)
    )
    assert web.asked == [FEED]
    assert web.said == ["asking site.example/feed/"]


async def test_the_newest_posts_are_those_of_the_latest_date(web: Web) -> None:
    old, new = NOW - timedelta(days=9), NOW - timedelta(days=2)
    entries = (
        Entry(title="Without a date"),
        Entry(title="Old", published=old),
        Entry(excerpt="No title, but a text that goes on and on for more than sixty characters"),
        Entry(title="New", published=new),
        Entry(link=FEED, published=old - timedelta(days=1)),
    )
    web.serve(FEED, Feed("Site", entries=entries))
    (found,) = (await web.find(FEED)).found
    assert found.newest == ("New", "Old", "Untitled")
    assert found.newest_at == new
    web.serve(FEED, Feed("Site", entries=(entries[0], entries[2])))
    (found,) = (await web.find(FEED)).found
    assert found.newest[0] == "Without a date"
    assert found.newest[1].startswith("No title, but a text")
    assert found.newest[1].endswith("…")
    assert found.newest_at is None


async def test_a_feed_that_moved_for_good_is_followed_where_it_is(web: Web) -> None:
    new = f"{SITE}/new/feed/"
    web.serve(FEED, feed("a"), url=new, moved_to=new)
    assert [found.address for found in (await web.find(FEED)).found] == [new]


async def test_a_feed_that_is_elsewhere_for_now_is_followed_as_pasted(web: Web) -> None:
    web.serve(FEED, feed("a"), url=f"{SITE}/for-now/")
    assert [found.address for found in (await web.find(FEED)).found] == [FEED]


async def test_an_empty_category_is_a_feed(web: Web) -> None:
    web.serve(EVENTS_FEED, Feed("Events"))
    assert (await web.find(EVENTS_FEED)).found == (Found(EVENTS_FEED, "Events", 0),)


async def test_who_pastes_the_feed_of_comments_gets_it(web: Web) -> None:
    web.serve(f"{SITE}/comments/feed/", feed("a", title="Comments for Site"))
    assert len((await web.find(f"{SITE}/comments/feed/")).found) == 1


async def test_a_feed_without_a_title_is_called_as_the_page_says(web: Web) -> None:
    web.serve(FEED, feed("a", title=""))
    assert (await web.find(FEED)).found[0].title == "site.example"
    with_port = "https://me:secret@site.example:8443/feed/"
    web.serve(with_port, feed("a", title=""))
    assert (await web.find(with_port)).found[0].title == "site.example:8443"
    web.serve(HOME, Page("A page", (FeedLink(FEED),)))
    assert (await web.find(HOME)).found[0].title == "A page"
    web.serve(HOME, names(FEED))
    assert (await web.find(HOME)).found[0].title == f"Link to {FEED}"
    web.serve("/home/me/posts.xml", feed("a", title=""))
    assert (await web.find("/home/me/posts.xml")).found[0].title == "posts.xml"


async def test_titles_pass_the_gate(web: Web) -> None:
    web.serve(FEED, feed("a\x1b]52;c;x\x07b", title="S\u202eite\n"))
    (found,) = (await web.find(FEED)).found
    assert (found.title, found.newest) == ("Site", ("ab",))


# ── a page ──────────────────────────────────────────────────────────────────────────────────


async def test_a_category_page_gives_its_own_feed_first(web: Web) -> None:
    web.serve(EVENTS, names(FEED, EVENTS_FEED))
    web.serve(FEED, feed("a", "b", title="Site"))
    web.serve(EVENTS_FEED, feed("b", title="Events"))
    discovery = await web.find(EVENTS)
    assert [(f.title, f.is_category) for f in discovery.found] == [
        ("Events", True),
        ("Site", False),
    ]
    assert discovery.tried == ()
    assert web.asked == [EVENTS, EVENTS_FEED, FEED]


async def test_where_a_page_was_redirected_to_is_what_counts(web: Web) -> None:
    web.serve(f"{SITE}/?cat=3", names(FEED, EVENTS_FEED), url=EVENTS)
    web.serve(FEED, feed("a", title="Site"))
    web.serve(EVENTS_FEED, feed("b", title="Events"))
    assert (await web.find(f"{SITE}/?cat=3")).found[0].address == EVENTS_FEED


async def test_the_same_feed_in_two_formats_is_one(web: Web) -> None:
    web.serve(HOME, names(FEED, f"{SITE}/feed/atom/", f"{SITE}/other/"))
    for address in (FEED, f"{SITE}/feed/atom/"):
        web.serve(address, feed("a", "b"))
    web.serve(f"{SITE}/other/", feed("a", "c"))
    discovery = await web.find(HOME)
    assert [found.address for found in discovery.found] == [FEED, f"{SITE}/other/"]


async def test_what_a_page_names_and_is_no_feed_is_told_beside_what_is(web: Web) -> None:
    web.serve(HOME, names(f"{SITE}/old.xml", FEED))
    web.serve(FEED, feed("a"))
    discovery = await web.find(HOME)
    assert [found.address for found in discovery.found] == [FEED]
    assert discovery.tried == ((f"{SITE}/old.xml", str(MISSING)),)


async def test_only_six_of_very_many_feeds_are_looked_into(web: Web) -> None:
    addresses = [f"{SITE}/{number}.xml" for number in range(20)]
    web.serve(HOME, names(*addresses))
    for address in addresses:
        web.serve(address, feed(address))
    discovery = await web.find(HOME)
    assert [found.address for found in discovery.found] == addresses[:6]
    assert (discovery.named, discovery.looked_at) == (20, 6)
    assert web.asked == [HOME, *addresses[:6]]


async def test_those_that_are_no_feeds_do_not_count_as_the_six(web: Web) -> None:
    addresses = [f"{SITE}/{number}.xml" for number in range(14)]
    web.serve(HOME, names(*addresses))
    for address in addresses[8:]:
        web.serve(address, feed(address))
    discovery = await web.find(HOME)
    assert [found.address for found in discovery.found] == addresses[8:]
    assert (discovery.named, discovery.looked_at) == (0, 0)


async def test_feeds_that_are_all_gone_are_looked_for_within_bounds(web: Web) -> None:
    web.serve(HOME, names(*(f"{SITE}/{number}.xml" for number in range(100))))
    discovery = await web.find(HOME)
    assert len(web.asked) == MAX_REQUESTS
    assert (discovery.named, discovery.looked_at) == (100, MAX_REQUESTS - 1)


async def test_a_category_page_may_not_name_its_own_feed(web: Web) -> None:
    web.serve(EVENTS, names(FEED))
    web.serve(FEED, feed("a", "b", title="Site"))
    web.serve(EVENTS_FEED, feed("b", title="Events"))
    discovery = await web.find(EVENTS)
    assert [(f.title, f.is_category) for f in discovery.found] == [
        ("Events", True),
        ("Site", False),
    ]
    assert discovery.tried == ()


async def test_a_search_may_not_name_its_own_feed(web: Web) -> None:
    own = f"{SITE}/?feed=rss2&s=two+words"
    web.serve(f"{SITE}/?s=two+words", names(FEED))
    web.serve(FEED, feed("a", "b", title="Site"))
    web.serve(own, feed("b", title="Search"))
    discovery = await web.find(f"{SITE}/?s=two+words")
    assert [found.address for found in discovery.found] == [own, FEED]
    assert web.asked == [f"{SITE}/?s=two+words", FEED, f"{SITE}/feed/?s=two+words", own]
    assert discovery.tried == ()


@pytest.mark.parametrize(
    "content",
    [
        Feed("Events"),
        feed("a", "b", title="Site"),
        feed("c", title="Comments for Site"),
        Page("Events"),
        MISSING,
    ],
    ids=["empty", "the site's", "comments", "a page", "missing"],
)
async def test_what_a_category_page_does_not_name_may_be_no_feed_of_its_own(
    web: Web, content: Feed | Page | Exception
) -> None:
    web.serve(EVENTS, names(FEED))
    web.serve(FEED, feed("a", "b", title="Site"))
    web.serve(EVENTS_FEED, content)
    discovery = await web.find(EVENTS)
    assert [(f.address, f.is_category) for f in discovery.found] == [(FEED, False)]
    assert discovery.tried == ()


async def test_a_category_that_leads_to_the_sites_feed_has_none_of_its_own(web: Web) -> None:
    web.serve(EVENTS, names(FEED))
    web.serve(FEED, feed("a", "b", title="Site"))
    web.serve(EVENTS_FEED, feed("a", "b", title="Site"), url=FEED)
    assert [(f.address, f.is_category) for f in (await web.find(EVENTS)).found] == [(FEED, False)]


async def test_very_many_addresses_that_may_not_be_asked_are_told_within_bounds(web: Web) -> None:
    web.serve(HOME, names(*(f"https://10.0.0.7/{number}" for number in range(100))))
    discovery = await web.find(HOME)
    assert sum("private" in why for _, why in discovery.tried) == MAX_REQUESTS - 1
    assert discovery.named == 100


async def test_a_post_that_names_the_sites_feed_is_not_guessed_about(web: Web) -> None:
    post = f"{SITE}/2024/06/a-post/"
    web.serve(post, names(FEED))
    web.serve(FEED, feed("a"))
    await web.find(post)
    assert web.asked == [post, FEED]


async def test_what_calls_itself_comments_comes_last(web: Web) -> None:
    web.serve(HOME, names(f"{SITE}/a.xml", f"{SITE}/b.xml"))
    web.serve(f"{SITE}/a.xml", feed("a", title="Siste kommentarer"))
    web.serve(f"{SITE}/b.xml", feed("b", title="Site"))
    discovery = await web.find(HOME)
    assert [found.title for found in discovery.found] == ["Site", "Siste kommentarer"]


async def test_the_feed_of_comments_is_never_guessed_nor_taken_from_a_page(web: Web) -> None:
    post = f"{SITE}/post/"
    web.serve(post, names(f"{SITE}/odd.xml"))
    web.serve(f"{SITE}/odd.xml", feed("a", title="Kommentarer til: Innlegget"))
    web.serve(f"{post}feed/", feed("a", title="Comments on: A post"))
    web.serve(FEED, feed("b", title="Site"))
    discovery = await web.find(post)
    assert [found.address for found in discovery.found] == [FEED]
    assert discovery.tried == ((f"{SITE}/odd.xml", "is a feed of comments"),)


async def test_a_page_of_elsewhere_names_nothing_in_a_private_network(web: Web) -> None:
    inside = "http://10.0.0.7/feed/"
    web.serve("http://site.example/", names(inside))
    web.serve(inside, feed("a"))
    discovery = await web.find("http://site.example/")
    assert discovery.found == ()
    assert inside not in web.asked
    assert (inside, "is in a private network and was named from outside") in discovery.tried
    web.serve("http://10.0.0.1/", names(inside))
    assert [found.address for found in (await web.find("http://10.0.0.1/")).found] == [inside]


async def test_a_page_by_https_is_not_left_for_http(web: Web) -> None:
    web.serve(HOME, names("http://site.example/feed/"))
    web.serve(FEED, feed("a"))
    assert [found.address for found in (await web.find(HOME)).found] == [FEED]
    assert web.asked == [HOME, FEED]


# ── the usual places ────────────────────────────────────────────────────────────────────────


async def test_a_page_that_names_none_is_asked_in_the_usual_places(web: Web) -> None:
    web.serve(f"{SITE}/blog/", Page("A blog"))
    web.serve(f"{SITE}/blog/rss.xml", feed("a", title=""))
    web.serve(f"{SITE}/blog/feed.xml", feed("b"))
    discovery = await web.find(f"{SITE}/blog/")
    assert [(found.address, found.title) for found in discovery.found] == [
        (f"{SITE}/blog/rss.xml", "A blog")
    ]
    assert discovery.tried == ()
    assert web.asked[1:] == [
        f"{SITE}/blog/feed/",
        f"{SITE}/blog/?feed=rss2",
        f"{SITE}/blog/rss",
        f"{SITE}/blog/rss.xml",
    ]


async def test_the_hosts_root_comes_after_the_pages_own_path(web: Web) -> None:
    web.serve(f"{SITE}/blog/", Page())
    web.serve(FEED, feed("a"))
    assert [found.address for found in (await web.find(f"{SITE}/blog/")).found] == [FEED]


async def test_below_a_static_site_a_post_leads_to_the_sites_feed(web: Web) -> None:
    post, index = f"{SITE}/posts/2024/hello/", f"{SITE}/index.xml"
    web.serve(post, Page("Hello"))
    web.serve(index, feed("a"))
    assert [found.address for found in (await web.find(post)).found] == [index]


async def test_what_led_to_no_feed_is_listed_with_why(web: Web) -> None:
    web.serve(f"{SITE}/blog/", names(f"{SITE}/old.xml", f"{SITE}/blog/rss"))
    web.serve(f"{SITE}/blog/feed/", Page())
    discovery = await web.find(f"{SITE}/blog/")
    assert discovery.found == ()
    assert discovery.tried[:4] == (
        (f"{SITE}/blog/", IS_PAGE),
        (f"{SITE}/blog/rss", str(MISSING)),
        (f"{SITE}/old.xml", str(MISSING)),
        (f"{SITE}/blog/feed/", IS_PAGE),
    )
    assert len(web.asked) == len(discovery.tried) == MAX_REQUESTS == 20
    # What the page names is not asked again as a usual place.
    assert len(set(web.asked)) == len(web.asked)
    assert all(address.startswith(HOME) for address in web.asked)


async def test_a_page_that_cannot_be_read_leaves_the_usual_places(web: Web) -> None:
    web.serve(HOME, Page())
    web.decoder.pages[HOME.encode()] = WorkerDied("made the parser crash")
    web.serve(FEED, feed("a"))
    assert len((await web.find(HOME)).found) == 1


@pytest.mark.parametrize("status", [403, 406])
async def test_a_page_that_is_kept_from_programs_may_have_a_feed(web: Web, status: int) -> None:
    web.serve(HOME, BadStatus("refuses", status))
    web.serve(FEED, feed("a"))
    discovery = await web.find(HOME)
    assert [found.address for found in discovery.found] == [FEED]
    assert discovery.tried == ()


@pytest.mark.parametrize(
    "error",
    [
        MISSING,
        BadStatus("wants a password", 401),
        BadStatus("asks for patience", 429),
        BadStatus("asks for patience", 503, retry_after_s=60),
        TimedOut("did not answer within 20 s"),
    ],
)
async def test_a_page_that_is_not_there_is_not_guessed_about(web: Web, error: FetchError) -> None:
    web.serve(HOME, error)
    web.serve(FEED, feed("a"))
    discovery = await web.find(HOME)
    assert (discovery.found, discovery.tried) == ((), ((HOME, str(error)),))
    is_refused = isinstance(error, BadStatus) and error.status == 401
    locked = Found(HOME, "site.example", 0, is_locked=True)
    assert discovery.locked == (locked if is_refused else None)
    assert web.asked == [HOME]


@pytest.mark.parametrize(
    "error",
    [
        BadStatus("asks for patience", 429),
        BadStatus("asks for patience", 403, retry_after_s=60),
        Unreachable("could not be reached"),
    ],
)
async def test_a_host_that_wants_peace_gets_it(web: Web, error: FetchError) -> None:
    web.serve(HOME, names(f"{SITE}/a.xml", f"{SITE}/b.xml", "https://other.example/c.xml"))
    web.serve(f"{SITE}/a.xml", error)
    web.serve("https://other.example/c.xml", feed("c"))
    discovery = await web.find(HOME)
    assert web.asked == [HOME, f"{SITE}/a.xml", "https://other.example/c.xml"]
    assert [found.newest for found in discovery.found] == [("c",)]
    assert discovery.tried == ((f"{SITE}/a.xml", str(error)),)


async def test_a_body_that_kills_the_parser_ends_it(web: Web) -> None:
    web.serve(HOME, WorkerDied("made the parser crash"))
    assert await web.find(HOME) == Discovery(tried=((HOME, "made the parser crash"),))
    assert web.asked == [HOME]


# ── a host, a file, and what is neither ─────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "error",
    [
        Unreachable("could not be reached: the connection was refused"),
        InsecureConnection("offers no secure connection that can be trusted"),
    ],
)
async def test_a_host_is_asked_by_https_then_by_http(web: Web, error: FetchError) -> None:
    web.serve("https://site.example", error)
    web.serve("http://site.example", names("http://site.example/feed/"))
    web.serve("http://site.example/feed/", feed("a"))
    discovery = await web.find("site.example")
    assert [found.address for found in discovery.found] == ["http://site.example/feed/"]
    assert discovery.tried == (("https://site.example", str(error)),)


async def test_a_host_that_answers_by_https_is_not_asked_by_http(web: Web) -> None:
    web.serve("http://site.example", feed("a"))
    assert (await web.find("site.example")).found == ()
    assert web.asked == ["https://site.example"]


async def test_a_file_is_read(web: Web) -> None:
    web.serve("/home/me/posts.xml", feed("a", title="Mine"))
    assert (await web.find("file:///home/me/posts.xml")).found[0].address == "/home/me/posts.xml"
    assert web.said == ["reading /home/me/posts.xml"]


async def test_a_saved_page_leads_to_its_feeds_and_to_no_guesses(web: Web) -> None:
    web.serve("/home/me/page.html", names(FEED, "http://10.0.0.7/feed/"))
    web.serve(FEED, feed("a"))
    assert [found.address for found in (await web.find("/home/me/page.html")).found] == [FEED]
    web.serve(FEED, MISSING)
    assert (await web.find("/home/me/page.html")).found == ()
    assert web.asked == ["/home/me/page.html", FEED] * 2


async def test_a_saved_page_whose_links_lead_nowhere_is_told(web: Web) -> None:
    web.serve("/home/me/page.html", Page("Saved", is_lost=True))
    why = "is a saved page: its links lead nowhere without the site's address"
    assert await web.find("/home/me/page.html") == Discovery(tried=(("/home/me/page.html", why),))


async def test_a_missing_file_is_told(web: Web) -> None:
    web.serve("/home/me/x", FileUnreadable("does not exist"))
    assert await web.find("/home/me/x") == Discovery(tried=(("/home/me/x", "does not exist"),))


async def test_what_is_no_address_is_told_without_asking(web: Web) -> None:
    why = "is neither a web address nor a file"
    assert await web.find("two\x1b[2J words") == Discovery(tried=(("two words", why),))
    assert await web.find("ftp://me:secret@site.example/") == Discovery(
        tried=(("ftp://site.example/", why),)
    )
    assert await web.find(" \u200b") == Discovery(tried=(("An address", "is needed"),))
    shown = ("see site.example/ now", why)
    assert await web.find("see me:secret@site.example/ now") == Discovery(tried=(shown,))
    assert web.asked == []


# ── as it was pasted ────────────────────────────────────────────────────────────────────────


async def test_a_dot_at_the_end_goes_if_there_is_nothing_at_it(web: Web) -> None:
    web.serve(FEED, feed("a"))
    discovery = await web.find(f"{FEED}.")
    assert [found.address for found in discovery.found] == [FEED]
    assert discovery.tried == ((f"{FEED}.", str(MISSING)),)
    web.serve(f"{FEED}.", feed("b"))
    assert [found.address for found in (await web.find(f"{FEED}.")).found] == [f"{FEED}."]


async def test_the_usual_places_come_after_every_reading(web: Web) -> None:
    web.serve(f"{SITE}/blog/.", Page("Anything is a page here"))
    web.serve(f"{SITE}/blog/", Page("Blog"))
    web.serve(f"{SITE}/blog/rss.xml", feed("a"))
    discovery = await web.find(f"{SITE}/blog/.")
    assert [found.address for found in discovery.found] == [f"{SITE}/blog/rss.xml"]
    assert web.asked[:3] == [f"{SITE}/blog/.", f"{SITE}/blog/", f"{SITE}/blog/feed/"]


async def test_a_host_that_refuses_is_not_asked_in_another_reading(web: Web) -> None:
    web.serve(f"{FEED}.", BadStatus("wants a password", 401))
    await web.find("site.example/feed/.")
    assert web.asked == [f"{FEED}."]


# ── manners ─────────────────────────────────────────────────────────────────────────────────

LOGIN = Login("kari", variable="X")
OWN = Manner(user_agent="me", headers=(("X-Key", "1"),), login=LOGIN)
ELSEWHERE = Manner(user_agent="me")


async def test_a_login_goes_to_what_was_pasted_and_stays_with_what_is_found(web: Web) -> None:
    other = "https://other.example/feed/"
    web.serve(HOME, names(FEED, other))
    web.serve(FEED, feed("a"))
    web.serve(other, feed("b"))
    discovery = await web.find(HOME, OWN)
    assert [asked.manner for asked in web.fetcher.asked] == [OWN, OWN, ELSEWHERE]
    assert [found.manner for found in discovery.found] == [OWN, ELSEWHERE]


async def test_a_login_does_not_go_along_with_a_move(web: Web) -> None:
    web.serve(FEED, feed("a"), moved_to="https://other.example/feed/")
    (found,) = (await web.find(FEED, OWN)).found
    assert found.manner == ELSEWHERE


async def test_the_usual_places_are_asked_in_the_same_manner(web: Web) -> None:
    web.serve(f"{SITE}/.", Page())
    web.serve(HOME, Page())
    web.serve(FEED, feed("a"))
    assert (await web.find(f"{SITE}/.", OWN)).found[0].manner == OWN
    assert {asked.manner for asked in web.fetcher.asked} == {OWN}


async def test_a_login_is_not_sent_unprotected_by_a_guess(web: Web) -> None:
    web.serve("https://site.example", Unreachable("could not be reached"))
    web.serve("http://site.example", feed("a"))
    assert (await web.find("site.example", OWN)).found == ()
    assert web.asked == ["https://site.example"]
    assert (await web.find("site.example", Manner(ca_file="/office.pem"))).found == ()
    assert len((await web.find("http://site.example", OWN)).found) == 1
    assert len((await web.find("site.example", ELSEWHERE)).found) == 1


# ── passwords ───────────────────────────────────────────────────────────────────────────────


async def test_a_password_goes_along_on_its_origin_and_is_never_told(web: Web) -> None:
    login = "https://me:secret@site.example"
    web.serve(f"{login}/", names(f"{SITE}/old.xml", FEED, "https://other.example/feed/"), url=HOME)
    web.serve(f"{login}/feed/", feed("a"), url=FEED)
    discovery = await web.find(f"{login}/")
    assert web.asked == [
        f"{login}/",
        f"{login}/old.xml",
        f"{login}/feed/",
        "https://other.example/feed/",
    ]
    assert [found.address for found in discovery.found] == [f"{login}/feed/"]
    assert "secret" not in repr(discovery.tried) + repr(web.said)


async def test_a_password_is_not_told_of_what_stands_around_it(web: Web) -> None:
    for words in ("(http://me:secret@site.example/)", "//me:secret@site.example/", "see it: {}"):
        discovery = await web.find(words.format("http://me:secret@site.example/ now"))
        assert discovery.tried
        assert "secret" not in repr(discovery.tried) + repr(web.said)
    assert all(address.startswith("http") for address in web.asked)


# ── what is followed already ────────────────────────────────────────────────────────────────


def test_a_source_is_known_by_its_address_and_by_where_it_moved() -> None:
    moved = SourceState("https://old.example/feed/", title="Moved", read_from=FEED)
    gone = SourceState("https://gone.example/feed/", title="Gone", read_from=HOME)
    sources = (Source(moved.address), Source("https://new.example/feed/"))
    assert followed_titles(sources, (moved, gone)) == {
        moved.address: "Moved",
        FEED: "Moved",
        "https://new.example/feed/": "",
    }


async def test_who_wants_to_hear_of_no_step_hears_of_none() -> None:
    fetcher, decoder = FakeFetcher(), FakeDecoder()
    found = await Discoverer(fetcher.open, decoder.open).find("https://nobody.example/feed/")
    assert found.found == ()
    assert found.tried[0][0] == "https://nobody.example/feed/"
