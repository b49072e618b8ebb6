"""Posts of WordPress's REST interface."""

import json
from datetime import UTC, datetime

import pytest

from nordic_tui.decode.detect import decode
from nordic_tui.errors import NotAFeed
from nordic_tui.model import Entry

from .helpers import sample


def test_posts_with_embedded_names() -> None:
    feed = decode(sample("wordpress_embed.json"))
    assert (feed.title, feed.site_url, feed.warnings) == ("", "https://site.example/", ())
    assert feed.entries == (
        Entry(
            guid="https://site.example/?post_type=post&p=7",
            link="https://site.example/war/",
            title="Title with <escaped> entities & more – less",
            published=datetime(2022, 5, 16, 8, 12, 33, tzinfo=UTC),
            updated=datetime(2022, 5, 17, 8, 12, 33, tzinfo=UTC),
            authors=("Sigríður & Söner",),
            categories=("New initiatives", "Q&A"),
            excerpt="The war is felt in every…",
            content="<p>The war is felt in every Nordic city, and the cities help.</p>",
            more=True,
        ),
        Entry(
            guid="https://site.example/?p=37",
            link="https://site.example/secret/",
            title="A secret for members",
            published=datetime(2019, 8, 1, 10, 0, tzinfo=UTC),
            categories=(),
            protected=True,
        ),
    )


def test_one_post_without_names_and_without_text() -> None:
    feed = decode(sample("wordpress_plain.json"))
    assert feed.warnings == ("The categories have no names: add _embed to the address.",)
    assert feed.entries == (
        Entry(
            link="https://site.example/code/",
            published=datetime(2021, 11, 24, 15, 40, 2, tzinfo=UTC),
            content='<p><img src="/a.png" alt="The town hall"></p>',
            more=True,
        ),
    )


def test_a_post_has_the_same_guid_here_and_in_the_feed() -> None:
    (in_json, *_) = decode(sample("wordpress_embed.json")).entries
    item = "<title>T</title><guid>https://site.example/?post_type=post&amp;p=7</guid>"
    (in_rss,) = decode(f"<rss><channel><item>{item}</item></channel></rss>".encode()).entries
    assert in_json.guid == in_rss.guid


def test_a_bad_post_is_skipped_and_only_bad_ones_are_no_feed() -> None:
    good = {"id": 1, "title": {"rendered": "Good"}, "_embedded": {"author": 3, "wp:term": [7]}}
    bad = {"id": 2, "title": {"rendered": ""}, "link": "javascript:alert(1)"}
    feed = decode(json.dumps([bad, good, "x"]).encode())
    assert feed.entries == (Entry(title="Good"),)
    assert feed.warnings == ("2 of 3 posts could not be read and were skipped.",)
    with pytest.raises(NotAFeed, match="none can be read"):
        decode(json.dumps([bad]).encode())
