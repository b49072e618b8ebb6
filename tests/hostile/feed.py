"""Feeds that are XML, and hurt by what they say: how much, how often, with which dates."""

from collections.abc import Callable
from datetime import UTC, datetime

from nordic_tui.model import Feed
from tests.hostile.bodies import NOT_A_FEED, URL, Body, post, rss

ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Feed</title>{}</feed>"
TOO_MANY = "The feed holds {} posts; the newest 20,000 were read."
SKIPPED = "1 of 2 posts could not be read and was skipped."


def atom(entry: str, title: str = "Post") -> bytes:
    return ATOM.format(f"<entry><title>{title}</title>{entry}</entry>").encode()


def dated(*dates: str) -> Callable[[], bytes]:
    return lambda: rss(post("".join(f"<pubDate>{date}</pubDate>" for date in dates)))


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> Callable[[Feed], bool]:
    moment = datetime(year, month, day, hour, minute, tzinfo=UTC)
    return lambda feed: feed.entries[0].published == moment


def undated(feed: Feed) -> bool:
    return feed.entries[0].published is None


def link_is(link: str) -> Callable[[Feed], bool]:
    return lambda feed: feed.entries[0].link == link


CASES = (
    # ── how much ────────────────────────────────────────────────────────────────────────────
    Body(
        name="30,000 posts, the oldest first",
        wrong="more posts than are read, and the new ones at the end",
        does="keeps the newest 20,000, in the feed's order, and says so",
        make=lambda: rss(
            "".join(
                f"<item><title>{n}</title><pubDate>Fri, 01 Jan 2021 "
                f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02} GMT</pubDate></item>"
                for n in range(30_000)
            )
        ),
        titles=tuple(map(str, range(10_000, 30_000))),
        warned=TOO_MANY.format("30,000"),
    ),
    Body(
        name="21,000 posts without dates",
        wrong="more posts than are read, and nothing says which are new",
        does="keeps the first 20,000, as feeds begin with the newest",
        make=lambda: rss("".join(f"<item><title>{n}</title></item>" for n in range(21_000))),
        titles=tuple(map(str, range(20_000))),
        warned=TOO_MANY.format("21,000"),
    ),
    Body(
        name="a flood of the future",
        wrong="20,000 posts of the year 9999 before the one that is real",
        does="keeps the ones that call themselves newest: a feed harms itself alone",
        make=lambda: rss(
            post("<pubDate>Fri, 31 Dec 9999 00:00:00 GMT</pubDate>", "Spam") * 20_000
            + post("<pubDate>Fri, 01 Oct 2021 00:00:00 GMT</pubDate>", "Real")
        ),
        titles=("Spam",) * 20_000,
        warned=TOO_MANY.format("20,001"),
    ),
    Body(
        name="10,000 categories",
        wrong="one post in all of them, to which feedparser's time is quadratic",
        does="keeps the first 50",
        make=lambda: rss(
            post("<x/>" + "".join(f"<category>{n}</category>" for n in range(10_000)))
        ),
        also=lambda feed: feed.entries[0].categories == tuple(map(str, range(50))),
    ),
    Body(
        name="10,000 authors",
        wrong="one post by all of them",
        does="keeps the first 20",
        make=lambda: rss(post("".join(f"<author>A{n}</author>" for n in range(10_000)))),
        also=lambda feed: len(feed.entries[0].authors) == 20,
    ),
    Body(
        name="an author of 200 kB",
        wrong="a name in which feedparser looks for an address in quadratic time",
        does="keeps 200 letters of it",
        make=lambda: rss(post(f"<x/><author>{'a' * 200_000}</author>")),
        also=lambda feed: feed.entries[0].authors == ("a" * 199 + "…",),
    ),
    Body(
        name="10,000 enclosures",
        wrong="one post brings them all",
        does="keeps the first 20",
        make=lambda: rss(
            post("".join(f"<enclosure url='https://a.example/{n}'/>" for n in range(10_000)))
        ),
        also=lambda feed: len(feed.entries[0].enclosures) == 20,
    ),
    Body(
        name="enclosures that lie",
        wrong="sizes below zero, without end and in words; a file of this machine",
        does="keeps the addresses of the web without a size, and drops the file",
        make=lambda: rss(
            post(
                "<enclosure url='https://a.example/1' length='-1' type='audio/mpeg'/>"
                f"<enclosure url='https://a.example/2' length='{'9' * 5_000}' type='&#x9b;31m'/>"
                "<enclosure url='https://a.example/3' length='big' type=''/>"
                "<enclosure url='file:///etc/passwd' length='1' type='text/plain'/>"
            )
        ),
        also=lambda feed: (
            [(e.url[-1], e.size_bytes) for e in feed.entries[0].enclosures]
            == [("1", None), ("2", None), ("3", None)]
        ),
    ),
    Body(
        name="a title of 5 MB",
        wrong="a title that is nearly all of the feed",
        does="keeps its first 1,000 letters",
        make=lambda: rss(post("", "t" * 5_000_000)),
        titles=("t" * 999 + "…",),
    ),
    Body(
        name="a text of 9 MB",
        wrong="a post that is nearly all of the feed",
        does="keeps a million letters of it",
        make=lambda: rss(post(f"<description>{'word ' * 1_800_000}</description>")),
        also=lambda feed: 999_990 < len(feed.entries[0].content) <= 1_000_000,
    ),
    Body(
        name="a guid of 1 MB",
        wrong="the post's name is nearly all of the feed",
        does="keeps its first 2,048 letters",
        make=lambda: rss(post(f"<guid isPermaLink='false'>{'g' * 1_000_000}</guid>")),
        also=lambda feed: len(feed.entries[0].guid) == 2_048,
    ),
    Body(
        name="a link of 1 MB",
        wrong="an address longer than any browser takes",
        does="drops it",
        make=lambda: rss(post(f"<link>https://a.example/{'a' * 1_000_000}</link>")),
        also=link_is(""),
    ),
    Body(
        name="a text as its own bomb",
        wrong="100,000 tags that begin and do not end in one text",
        does="keeps them as text, to be laid out in steps when it is read",
        make=lambda: rss(post(f"<description><![CDATA[{'<b>' * 100_000}x]]></description>")),
        also=lambda feed: feed.entries[0].excerpt == "x",
    ),
    # ── who is who ──────────────────────────────────────────────────────────────────────────
    Body(
        name="one guid for 5,000 posts",
        wrong="posts that all have the same name",
        does="reads them all; which of them are one is for the store to say",
        make=lambda: rss(
            "".join(post("<guid>https://a.example/</guid>", f"P{n}") for n in range(5_000))
        ),
        titles=tuple(f"P{n}" for n in range(5_000)),
    ),
    Body(
        name="a post of nothing",
        wrong="a post without guid, link, title, date and text beside a real one",
        does="skips it, and says so",
        make=lambda: rss(post() + "<item/>"),
        warned=SKIPPED,
    ),
    Body(
        name="nothing but posts of nothing",
        wrong="10,000 posts that hold nothing",
        does="says that its posts hold nothing",
        make=lambda: rss("<item/>" * 10_000),
        refused=NOT_A_FEED + "its posts hold nothing",
    ),
    Body(
        name="a guid that claims to be a link",
        wrong="isPermaLink says that javascript: is where the post is",
        does="keeps it as the name and follows it nowhere",
        make=lambda: rss(post("<guid isPermaLink='true'>javascript:alert(1)</guid>")),
        also=link_is(""),
    ),
    Body(
        name="a link that is a command",
        wrong="newsboat opened such addresses with a shell (CVE-2017-12904)",
        does="drops what is no address, and encodes what is one",
        make=lambda: rss(
            post("<link>`reboot`; |sh</link>", "One")
            + post("<link>https://a.example/$(reboot)'`</link>", "Two")
        ),
        titles=("One", "Two"),
        also=lambda feed: (
            all(" " not in entry.link for entry in feed.entries)
            and feed.entries[0].link.startswith("https://news.example/feed/")
        ),
    ),
    Body(
        name="links to everything",
        wrong="a link of each kind in one entry of Atom",
        does="takes the alternate for the link, and the enclosure for one",
        make=lambda: atom(
            "".join(
                f"<link rel='{rel}' href='https://a.example/{rel}'/>"
                for rel in ("self", "edit", "replies", "via", "enclosure", "alternate", "next")
            )
        ),
        also=lambda feed: (
            feed.entries[0].link == "https://a.example/alternate"
            and [e.url for e in feed.entries[0].enclosures] == ["https://a.example/enclosure"]
        ),
    ),
    # ── when ────────────────────────────────────────────────────────────────────────────────
    Body(
        name="the year 0",
        wrong="a date before all calendars",
        does="reads the post without a date",
        make=lambda: atom("<published>0000-01-01T00:00:00Z</published>"),
        also=undated,
    ),
    Body(
        name="the end of the year 9999",
        wrong="a date that is in the year 10000 in UTC",
        does="reads the post without a date",
        make=dated("Fri, 31 Dec 9999 23:59:59 -2359"),
        also=undated,
    ),
    Body(
        name="the year a billion",
        wrong="a date of ten digits",
        does="reads the post without a date",
        make=dated("Fri, 01 Jan 1000000000 00:00:00 GMT"),
        also=undated,
    ),
    Body(
        name="no number",
        wrong="NaN, -1 and Infinity as dates",
        does="reads the posts without dates",
        make=lambda: rss(
            "".join(post(f"<pubDate>{date}</pubDate>") for date in ("NaN", "-1", "Infinity"))
        ),
        titles=("Post",) * 3,
        also=lambda feed: all(entry.published is None for entry in feed.entries),
    ),
    Body(
        name="a date of 1 MB",
        wrong="digits and dashes, at which patterns of dates may go on for hours",
        does="reads the post without a date, in time",
        make=dated("1-" * 500_000),
        also=undated,
    ),
    Body(
        name="an hour that was not",
        wrong="the hour that summer time skips, in a zone by its name",
        does="takes the zone by its name and nothing by the calendar",
        make=dated("Sun, 31 Mar 2024 02:30:00 CET"),
        also=at(2024, 3, 31, 1, 30),
    ),
    Body(
        name="a zone beyond the earth",
        wrong="99 hours and 99 minutes east of Greenwich",
        does="reads the post; its date is as far away as it says",
        make=dated("Fri, 01 Oct 2021 00:00:00 +9999"),
        also=at(2021, 9, 26, 19, 21),
    ),
    Body(
        name="a leap second",
        wrong="a minute of 61 seconds",
        does="takes the second after it",
        make=lambda: atom("<published>2016-12-31T23:59:60Z</published>"),
        also=at(2017, 1, 1),
    ),
    Body(
        name="two dates",
        wrong="a post that says twice when it was posted, and not the same",
        does="takes the last one",
        make=dated("Fri, 01 Oct 2021 00:00:00 GMT", "Fri, 01 Oct 1999 00:00:00 GMT"),
        also=at(1999, 10, 1),
    ),
    # ── what the head says ──────────────────────────────────────────────────────────────────
    Body(
        name="a rhythm of nonsense",
        wrong="to be asked every -5 minutes, 10^30 times an hour",
        does="believes nothing of it",
        make=lambda: rss(
            post(),
            head="<ttl>-5</ttl><sy:updatePeriod>always</sy:updatePeriod>"
            f"<sy:updateFrequency>{10**30}</sy:updateFrequency>",
            attributes=" xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'",
        ),
        also=lambda feed: feed.update_s is None,
    ),
    Body(
        name="older posts on this machine",
        wrong="the page with older posts is a file",
        does="knows of no such page",
        make=lambda: atom("").replace(b"<entry>", b"<link rel='next' href='file:///etc/'/><entry>"),
        also=lambda feed: feed.next_page == "",
    ),
    Body(
        name="older posts are these",
        wrong="the feed names itself as the page before it, without end",
        does="reads this page; whoever walks on knows where it was",
        make=lambda: atom("").replace(b"<entry>", b"<link rel='next' href='/feed/'/><entry>"),
        also=lambda feed: feed.next_page == URL,
    ),
    # ── formats ─────────────────────────────────────────────────────────────────────────────
    Body(
        name="posts outside of the channel",
        wrong="RSS 1.0 and 2.0 in one: the posts stand beside the channel",
        does="reads them",
        make=lambda: (
            f"<rss version='2.0'><channel><title>A</title></channel>{post()}</rss>".encode()
        ),
    ),
    Body(
        name="RSS within Atom within RSS",
        wrong="each of the formats holds the other one",
        does="reads the post of each",
        make=lambda: rss(
            post() + ATOM.format("<entry><title>Entry</title></entry>"), head="<title>A</title>"
        ),
        titles=("Post", "Entry"),
    ),
    Body(
        name="RDF that is no RSS",
        wrong="a description of persons that begins as RSS 1.0 does",
        does="finds no posts in it",
        make=lambda: (
            b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
            b"<Person><name>A</name></Person></rdf:RDF>"
        ),
        refused=NOT_A_FEED + "it is neither RSS nor Atom",
    ),
    Body(
        name="a namespace that imitates",
        wrong="elements of RSS in a namespace of somebody else, with another text",
        does="does not take them for those of RSS",
        make=lambda: rss(
            post("<e:title>Evil</e:title><e:link>https://evil.example/</e:link>"),
            attributes=" xmlns:e='http://evil.example/rss'",
        ),
        also=link_is(""),
    ),
    Body(
        name="groups in groups of media",
        wrong="media:group, 200 of them in one another",
        does="reads the post",
        make=lambda: rss(
            post("<media:group>" * 200 + "</media:group>" * 200),
            attributes=" xmlns:media='http://search.yahoo.com/mrss/'",
        ),
    ),
    Body(
        name="keywords of a podcast",
        wrong="20,000 of them in one text",
        does="keeps 50 as categories",
        make=lambda: rss(
            post(f"<itunes:keywords>{','.join(map(str, range(20_000)))}</itunes:keywords>"),
            attributes=" xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'",
        ),
        also=lambda feed: feed.entries[0].categories == tuple(map(str, range(50))),
    ),
    Body(
        name="a text that is elsewhere",
        wrong="Atom with a text that is to be loaded from an address",
        does="loads nothing; the post has no text",
        make=lambda: atom("<content type='text/html' src='http://127.0.0.1:9/text'/>"),
        also=lambda feed: not feed.entries[0].content,
    ),
    Body(
        name="a text in base64",
        wrong="markup with an escape sequence in it, in an encoding that must be undone",
        does="undoes it, and the gate takes the escape sequence out",
        make=lambda: atom("<content type='text/html' mode='base64'>PGI+YhtbMzFtbzwvYj4=</content>"),
        also=lambda feed: feed.entries[0].content == "<b>bo</b>",
    ),
    Body(
        name="XHTML with a script",
        wrong="Atom whose text is elements and not a text",
        does="keeps it as text, of which the script is not shown",
        make=lambda: atom(
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
            "<script>alert(1)</script><p>Seen</p></div></content>"
        ),
        also=lambda feed: feed.entries[0].excerpt == "Seen",
    ),
    Body(
        name="a title in markup in markup",
        wrong="a title that was escaped three times",
        does="undoes two of them, and shows what is left",
        make=lambda: rss(post("", "&amp;amp;lt;b&amp;amp;gt;")),
        titles=("<b>",),
    ),
)
