"""What can be followed at what was pasted."""

from datetime import timedelta

import pytest

from nordic_tui.errors import (
    BadStatus,
    FetchError,
    FileUnreadable,
    InsecureConnection,
    TimedOut,
    Unreachable,
    WorkerDied,
)
from nordic_tui.model import (
    Entry,
    Feed,
    FeedLink,
    Page,
)
from nordic_tui.service.discover import (
    MAX_REQUESTS,
    Discovery,
    Found,
)
from tests.fakes import CAME, NOW, feed

from .web import FEED, HOME, IS_PAGE, MISSING, SITE, Web, names

EVENTS, EVENTS_FEED = f"{SITE}/category/events/", f"{SITE}/category/events/feed/"


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
