"""Bytes are judged by what they are; whatever is no feed is refused with a reason."""

import codecs
import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nordic_tui.decode.detect import decode, decode_in_parts
from nordic_tui.errors import NotAFeed
from nordic_tui.model import Feed
from nordic_tui.text import clean

from .helpers import URL, sample


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("rss091.xml", ["Færgen sejler igen", "Kajen er lukket"]),
        ("rss10.rdf", ["En ny bog"]),
        ("atom03.xml", ["Tea & toast"]),
        ("atom10.xml", ["The tag <b> explained", "Plain text"]),
        ("jsonfeed11.json", ["Arrays: List<int> & more", ""]),
        ("wordpress_plain.json", [""]),
    ],
)
@pytest.mark.parametrize("media_type", ["", "text/html", "application/pdf"])
def test_the_content_decides_and_not_the_media_type(
    name: str, titles: list[str], media_type: str
) -> None:
    feed = decode(sample(name), media_type=media_type)
    assert [entry.title for entry in feed.entries] == titles


@pytest.mark.parametrize(
    "body",
    [
        b"<channel><title>T</title><item><title>a</title></item></channel>",
        b"<item><title>a</title></item>",
        b"<entry><title>a</title></entry>",
    ],
)
def test_a_part_of_a_feed_is_read_as_one(body: bytes) -> None:
    assert [entry.title for entry in decode(body).entries] == ["a"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_json_in_every_encoding_of_unicode(encoding: str) -> None:
    body = sample("jsonfeed10.json").decode().encode(encoding)
    assert decode(body).entries[0].excerpt.startswith("Hej 🎉 og")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "is empty"),
        (codecs.BOM_UTF8 + b" \r\n", "is empty"),
        (sample("page.html"), "answers with a web page, not a feed"),
        (b"<br />\n<b>Fatal error</b>: Uncaught", "answers with a web page, not a feed"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is a PDF, not a feed"),
        (b"\x89PNG\r\n\x1a\n", "is a picture, not a feed"),
        (gzip.compress(b"<rss/>", mtime=0), "is compressed, not a feed"),
        (b"User-agent: *", "cannot be read as a feed: it is neither RSS, Atom nor JSON"),
        (
            b'<?xml version="1.0"?><error><code>500</code></error>',
            "cannot be read as a feed: it begins with <error>, which is neither RSS nor Atom",
        ),
        (b'<opml version="2.0"><body/></opml>', "is a list of feeds (OPML), not a feed"),
        (b'{"items": []}', "is JSON of an unknown shape: expected a JSON Feed or WordPress posts"),
        (b"[1]", "is JSON of an unknown shape: expected a JSON Feed or WordPress posts"),
        (
            b'{"code": "rest_no_route", "message": "No route \\u001b[31mwas found."}',
            "answers with an error of WordPress: No route was found",
        ),
        (b'{"version":\n', "cannot be read as a feed: its JSON is damaged at line 2"),
        (b"[" * 100_000, "cannot be read as a feed: its JSON is nested too deeply"),
        (b"[" + b"1" * 5_000, "cannot be read as a feed: its JSON holds a number without end"),
    ],
)
def test_what_is_no_feed_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(NotAFeed) as refused:
        decode(body)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    "body",
    [
        b'<rss version="2.0"><channel><title>T</title></channel></rss>',
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title></feed>',
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": []}',
    ],
)
def test_a_feed_without_posts_is_a_feed(body: bytes) -> None:
    assert decode(body) == Feed(title="T")


def test_no_posts_of_wordpress_are_an_empty_feed() -> None:
    assert decode(b"[]") == Feed()


@settings(max_examples=50, deadline=None)
@given(
    name=st.sampled_from(
        ["rss20.xml", "atom10.xml", "wordpress.xml", "rss092.xml", "jsonfeed11.json"]
    ),
    place=st.floats(0, 1),
    removed=st.integers(0, 400),
    put=st.one_of(
        st.binary(max_size=20),
        st.sampled_from(
            [b"\x1b]52;c;eA==\x07", "\u202e".encode(), b"]]>", b"<item>", b"</item>", b"&#27;[2J"]
        ),
    ),
)
def test_damage_anywhere_gives_clean_posts_or_a_refusal(
    name: str, place: float, removed: int, put: bytes
) -> None:
    body = sample(name)
    at = int(place * len(body))
    try:
        feed = decode(body[:at] + put + body[at + removed :], url=URL)
    except NotAFeed:
        return
    for entry in feed.entries:
        for text in (entry.title, entry.guid, *entry.authors, *entry.categories):
            assert text == clean.line(text, 2_048)
        assert entry.excerpt == clean.block(entry.excerpt)
        assert entry.content == clean.block(entry.content)
        assert entry.link == "" or entry.link.startswith(("http://", "https://", "mailto:"))


def test_hostile_json_values_are_skipped() -> None:
    # json.dumps writes NaN, which is no JSON but is sent.
    items = [{"id": float("nan")}, {"title": []}, None, {"id": "1", "title": "Read \ud800 me"}]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()
    feed = decode(body)
    assert [(entry.guid, entry.title) for entry in feed.entries] == [("1", "Read \ufffd me")]
    assert feed.warnings == ("3 of 4 posts could not be read and were skipped.",)


def test_json_is_one_part_as_it_is_read_at_once() -> None:
    head = {"version": "https://jsonfeed.org/version/1.1", "title": "T"}
    body = json.dumps(head | {"items": [{"id": "1", "title": "A"}]}).encode()
    assert list(decode_in_parts(body, posts=1)) == [decode(body)]
