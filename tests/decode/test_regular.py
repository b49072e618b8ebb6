"""Regular RSS: the same posts as by feedparser, and nothing that isn't regular."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.decode import syndication, tolerant
from nordic_tui.decode.regular import read_regular
from nordic_tui.decode.syndication import decode_syndication
from nordic_tui.errors import NotAFeed
from tests.benchmarks import material

from .helpers import sample

NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
    ' xmlns:wfw="http://wellformedweb.org/CommentAPI/"'
    ' xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:itunes="http://www.itunes.com/DTDs/PodCast-1.0.dtd"'
)


def rss(*items: str, head: str = "<title>Fjordens nyt</title>", before: str = "") -> bytes:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'{before}<rss version="2.0" {NAMESPACES}><channel>{head}{inside}</channel></rss>'
    ).encode()


def with_feedparser(body: bytes, url: str = "") -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(syndication, "read_regular", lambda body: None)
        return outcome(body, url)


def outcome(body: bytes, url: str = "") -> object:
    try:
        return decode_syndication(body, url=url)
    except NotAFeed as error:
        return str(error)


# ── what is regular ─────────────────────────────────────────────────────────────────────────

WHOLE_ITEM = """
    <title><![CDATA[Blåbær & "smør" – 🎉]]></title>
    <link> https://fjord.example/?a=1&amp;b=2&amp;amp;c=3 </link>
    <comments>https://fjord.example/#comments</comments>
    <dc:creator>Åse Ødegård</dc:creator><author>Søren</author>
    <pubDate>Thu, 01 Oct 2026 14:30:00 +0200</pubDate>
    <category domain="https://fjord.example/tags">Klima</category><category>Mat</category>
    <guid isPermaLink="false">post-1</guid>
    <description>A &lt;b&gt;short&lt;/b&gt; one. <!-- not read --> And more.</description>
    <content:encoded><![CDATA[<p>A text</p>
    <p>of two lines</p>]]></content:encoded>
    <enclosure url="https://fjord.example/a.mp3" length="12" type="Audio/MPEG"/>
    <wfw:commentRss>https://fjord.example/feed/</wfw:commentRss>
    <slash:comments>0</slash:comments>
    <post-id xmlns="com-wordpress:feed-additions:1">1</post-id>
"""
WHOLE_HEAD = """
    <title>Fjordens nyt</title>
    <atom:link href="https://fjord.example/feed/" rel="self" type="application/rss+xml" />
    <link>https://fjord.example</link><description>Nyt</description>
    <atom:link href="https://fjord.example/feed/?paged=2" rel="next" />
    <atom:link href="/feed/2025" rel="prev-archive" />
    <generator>https://wordpress.org/?v=6.1.9</generator><ttl> 45 </ttl>
    <language>da</language><sy:updatePeriod>hourly</sy:updatePeriod>
    <sy:updateFrequency>2</sy:updateFrequency>
    <image><url>https://fjord.example/a.png</url><title>Another title</title>
    <link>https://elsewhere.example</link><width>32</width></image>
    <site xmlns="com-wordpress:feed-additions:1">7</site>
"""


@pytest.mark.parametrize(
    "body",
    [
        sample("wordpress.xml"),
        material.rss(3, range(20)),
        rss(WHOLE_ITEM, "<title/><link>https://fjord.example/2</link>", head=WHOLE_HEAD),
        rss(WHOLE_ITEM, before='<?xml version="1.0" encoding="UTF-8"?><?style x?><!-- c -->'),
        rss(),
        rss(
            "",
            "<guid>https://fjord.example/3</guid>",
            '<guid isPermaLink="True">https://fjord.example/4</guid><title>t</title>',
            "<title>t</title><category/><category> </category><category>Mat</category>",
            "<guid>https://fjord.example/5</guid><link>https://fjord.example/5?page</link>",
        ),
    ],
    ids=["wordpress", "benchmark", "whole", "declared", "without-items", "sparse"],
)
def test_regular_feeds_are_read_without_feedparser(
    body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("feedparser was asked")

    expected = with_feedparser(body, "https://fjord.example/feed/")
    monkeypatch.setattr(tolerant, "_read", refuse)
    assert outcome(body, "https://fjord.example/feed/") == expected


# ── what isn't ──────────────────────────────────────────────────────────────────────────────

IRREGULAR_ITEMS = [
    "<title>one</title><title>two</title>",
    "<title type='html'>typed</title>",
    "<title>with <b>tags</b></title>",
    "<title>no&nbsp;entity</title>",
    "<title>Windows \x92 quotes</title>",
    "<title>Windows &#0146; quotes</title>",
    "<title>Windows &#x092; quotes</title>",
    "<title>Windows &#X9f; quotes</title>",
    "<link>http:///slashes.example/</link>",
    "<link rel='alternate' href='https://fjord.example/atom'/>",
    "<atom:link href='https://fjord.example/atom'/>",
    "<author>ase@fjord.example (Åse)</author>",
    "<category domain='tags'></category>",
    "<category term='Klima'/>",
    "<pubDate>2026-10-01T12:00:00Z</pubDate>",
    "<pubDate>Thu, 01 Oct 2026 14:30:00 CEST</pubDate>",
    "<pubDate>Thu, 32 Oct 2026 14:30:00 GMT</pubDate>",
    "<pubDate>Thu, 01 Jan 0001 00:30:00 +0200</pubDate>",
    "<dc:date>2026-10-01T12:00:00Z</dc:date>",
    "<media:title>another</media:title>",
    "<itunes:summary>another</itunes:summary>",
    "<guid xml:base='https://elsewhere.example/'>a</guid>",
    "<TITLE>loud</TITLE>",
    "<undeclared:title>x</undeclared:title>",
    "<item><title>inside</title></item>",
]
IRREGULAR_HEADS = [
    "<title>one</title><title>two</title>",
    "<atom:link href='https://fjord.example/' rel='alternate'/>",
    "<atom:link rel='self'/>",
    "<link>https://fjord.example/</link><link>https://elsewhere.example/</link>",
    "<image><title>a</title><itunes:author>b</itunes:author></image>",
    "<textInput><title>Search</title></textInput>",
]


@pytest.mark.parametrize(
    "body",
    [
        *(rss(item) for item in IRREGULAR_ITEMS),
        *(rss("<title>t</title>", head=head) for head in IRREGULAR_HEADS),
        rss("<title>t</title>", before="<!DOCTYPE rss>"),
        rss("<title>t</title>", before='<!DOCTYPE rss [<!ENTITY a "b">]>'),
        rss("<title>t</title>")[:-20],
        rss("<title>t</title>") + b"rest",
        rss("<title>Ærø</title>").decode().encode("windows-1252"),
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title></feed>',
        sample("rss20.xml"),
        sample("rss10.rdf"),
        b"<rss><channel><title>a</title></channel><channel/></rss>",
        b"",
    ],
)
def test_what_is_irregular_is_left_to_feedparser(body: bytes) -> None:
    assert read_regular(body) is None


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b'<?xml version="1.0" encoding="iso-8859-1"?>' + rss("<title>t</title>"), ""),
        (rss("<title>t</title>"), "text/xml; charset=windows-1252"),
    ],
)
def test_another_encoding_is_left_to_feedparser(
    body: bytes, media_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(body: bytes) -> None:
        raise AssertionError("it was taken for UTF-8")

    monkeypatch.setattr(syndication, "read_regular", refuse)
    decode_syndication(body, media_type=media_type)


# ── both ways give the same ─────────────────────────────────────────────────────────────────

TEXTS = [
    "", " ", "En kort tekst", "Blåbær – smørbrød", "a &amp; b &amp;lt; c", "&amp;nbsp;&amp;#8211;",
    "<![CDATA[<p>Et afsnit &amp; mere [&#8230;]</p>]]>", "<![CDATA[x ]]]]><![CDATA[> y]]>",
    "Ã¦ble", "Ã", "\xa0 blank \u2009", "linje\r\nlinje\n\n ", "🎉 e\u0301 &#x1F389;", "&#133;",
    "https://fjord.example/a?b=1&amp;c=2&amp;amp;d;", "../op", "javascript:alert(1)", "http:///x",
    "Åse (Oslo)", "ase@fjord.example", "Mon, 02 Nov 2026 08:00:00 GMT",
    "Tue, 3 Nov 2026 08:00:00 -0130", "Sat, 29 Feb 2025 08:00:00 +0000", "3 Nov 26 08:00 EST",
    "&lt;b&gt;fed&lt;/b&gt; &lt;script&gt;x&lt;/script&gt;", "Protected: hemmelig",
]  # fmt: skip
TAGS = [
    "title", "link", "guid", 'guid isPermaLink="false"', 'guid isPermaLink="True"', "pubDate",
    "author", "dc:creator", "category", 'category domain="tags"', "description",
    "content:encoded", "comments", "source", 'source url="https://a.example/feed"',
    "slash:comments", 'enclosure url="/fil.pdf" type="Application/PDF" length="7"', "enclosure",
    "dc:date", "atom:link", 'atom:link href="https://fjord.example/feed" rel="self"',
    "media:title", "b",
]  # fmt: skip


def elements(tags: list[str], most: int) -> st.SearchStrategy[str]:
    def written(parts: list[tuple[str, str]]) -> str:
        return "".join(f"<{tag}>{text}</{tag.split()[0]}>\n" for tag, text in parts)

    one = st.tuples(st.sampled_from(tags), st.sampled_from(TEXTS))
    return st.lists(one, max_size=most, unique_by=_kind).map(written)


def _kind(part: tuple[str, str]) -> str:
    """What should be there once; what may be there often differs by its text."""
    tag, text = part
    name = tag.split()[0]
    return name + text if name in ("category", "author", "dc:creator", "enclosure") else name


REGULAR_TAGS = [tag for tag in TAGS if tag.split()[0] not in ("dc:date", "media:title", "b")]
BODIES: st.SearchStrategy[bytes] = st.builds(
    lambda head, items: rss(*items, head=head),
    elements(["title", "link", "description", 'atom:link href="x" rel="self"', "atom:link"], 5),
    st.lists(elements(REGULAR_TAGS, 9) | elements(TAGS, 6), max_size=3),
)


@given(body=BODIES)
def test_made_up_feeds_give_the_same_posts_both_ways(body: bytes) -> None:
    assert outcome(body, "https://fjord.example/feed/") == with_feedparser(
        body, "https://fjord.example/feed/"
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("<item>", "<item><title></title>", 1),
        lambda text: text.replace("</item>", "<guid>twice</guid></item>", 1),
        lambda text: text.replace("<channel>", "<channel><ttl>60</ttl>"),
        lambda text: text.replace("isPermaLink", "ispermalink"),
        lambda text: text.replace("https://site.example/war/", ""),
        lambda text: text.replace('"2.0"', '"0.92"'),
        lambda text: text.replace("+0000", "EST"),
    ],
)
def test_changed_feeds_of_wordpress_give_the_same_posts_both_ways(
    change: Callable[[str], str],
) -> None:
    body = change(sample("wordpress.xml").decode()).encode()
    assert body != sample("wordpress.xml")
    assert outcome(body) == with_feedparser(body)
