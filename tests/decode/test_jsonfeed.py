"""JSON Feed 1.0 and 1.1."""

import json
from datetime import UTC, datetime

import pytest

from nordic_tui.decode.detect import decode
from nordic_tui.errors import NotAFeed
from nordic_tui.model import Enclosure, Entry

from .helpers import sample


def test_jsonfeed_11() -> None:
    feed = decode(sample("jsonfeed11.json"))
    assert feed.title == "Fjord & Fjell"
    assert feed.site_url == "https://fjord.example/"
    assert feed.warnings == ("2 of 4 posts could not be read and were skipped.",)
    assert feed.entries == (
        Entry(
            guid="42",
            link="https://fjord.example/42",
            title="Arrays: List<int> & more",
            published=datetime(2026, 10, 1, 12, 0, tzinfo=UTC),
            updated=datetime(2026, 10, 2, tzinfo=UTC),
            authors=("Redaksjonen",),
            categories=("Natur", "Sjø"),
            excerpt="Short.",
            content="<p>Short.</p>",
            enclosures=(Enclosure("https://fjord.example/a.mp3", "audio/mpeg", 100),),
        ),
        Entry(
            guid="linked",
            link="https://elsewhere.example/",
            authors=("Mæja",),
            excerpt="Two lines and <a> tag.",
            content=(
                "<p>Two lines<br>and &lt;a&gt; tag.</p>"
                "<p>Next paragraph, which says rather more than the summary.</p>"
            ),
            more=True,
        ),
    )


def test_jsonfeed_10_with_one_author_and_half_a_surrogate_pair() -> None:
    (entry,) = decode(sample("jsonfeed10.json")).entries
    assert entry == Entry(
        guid="1",
        link="https://gammel.example/1",
        authors=("Björn",),
        excerpt="Hej 🎉 og \ufffd slut",
        content="<p>Hej 🎉 og \ufffd slut</p>",
    )


def test_values_of_the_wrong_type_are_left_out() -> None:
    item = {
        "id": True,
        "url": 5,
        "title": "Kept",
        "summary": {},
        "tags": "not a list",
        "authors": [1, {"name": None}],
        "attachments": [{"url": "https://a.example/x", "size_in_bytes": -1}, "x"],
        "date_published": "2026-13-45T00:00:00Z",
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": [], "items": [item]}
    assert decode(json.dumps(feed).encode()).entries == (
        Entry(title="Kept", enclosures=(Enclosure("https://a.example/x"),)),
    )


def test_the_next_page_is_an_address_that_may_be_asked_for() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [], "next_url": "/feed?page=2"}
    there = decode(json.dumps(feed).encode(), url="https://a.example/feed")
    assert there.next_page == "https://a.example/feed?page=2"
    for other in ("javascript:alert(1)", 5, None):
        assert decode(json.dumps(feed | {"next_url": other}).encode()).next_page == ""


def test_a_feed_of_posts_that_are_none_is_refused() -> None:
    with pytest.raises(NotAFeed, match=r"of which no post can be read$"):
        decode(b'{"version": "https://jsonfeed.org/version/1", "items": [null, {}]}')
