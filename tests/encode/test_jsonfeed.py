"""Posts as a JSON Feed, read back with our own reader."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from nordic_tui.decode.detect import decode
from nordic_tui.encode.jsonfeed import encode_jsonfeed
from nordic_tui.model import Category, Enclosure, Entry, Post

LONG = "<p>" + "Et fjell og en fjord. " * 60 + "</p>"

ENTRIES = (
    Entry(
        guid="https://fjord.example/?p=1",
        link="https://fjord.example/en-post/",
        title="Blåbær, “smør” & List<int> 🎉",
        published=datetime(2026, 10, 1, 12, 30, tzinfo=UTC),
        updated=datetime(2026, 10, 2, 8, tzinfo=UTC),
        authors=("Åse Ødegård", "Þóra"),
        categories=("New initiatives", "Klima & by"),
        excerpt="What it is about…",
        content=LONG,
        more=True,
        enclosures=(Enclosure("https://fjord.example/a.mp3", "audio/mpeg", 100),),
    ),
    Entry(
        guid="tag:fjord.example,2026:2",
        link="https://fjord.example/kort/",
        title="Short",
        published=datetime(2026, 9, 1, tzinfo=UTC),
        excerpt="All of it.",
        content="<p>All of it.</p>",
    ),
    Entry(
        guid="urn:uuid:1", link="https://fjord.example/tittel/", title="No text and [red]no[/] date"
    ),
)


def posts() -> Iterator[Post]:
    for number, entry in enumerate(ENTRIES):
        categories = tuple(Category(n, 1, name) for n, name in enumerate(entry.categories))
        yield Post(1000 + number, 1, "Fjord", entry, categories, True, None)


def exported(*given: Post) -> str:
    return "".join(encode_jsonfeed("Klima & by", given))


def test_reading_it_back_gives_the_same_posts() -> None:
    feed = decode(exported(*posts()).encode())
    assert feed.title == "Klima & by"
    assert feed.warnings == ()
    assert feed.entries == tuple(
        entry._replace(guid=str(1000 + number)) for number, entry in enumerate(ENTRIES)
    )


def test_an_excerpt_without_a_text_is_the_text() -> None:
    entry = Entry(guid="a:1", title="Only an excerpt", excerpt="First.\n\nSecond.")
    post = next(posts())._replace(entry=entry)
    (item,) = json.loads(exported(post))["items"]
    assert item["content_text"] == "First.\n\nSecond."
    (read,) = decode(exported(post).encode()).entries
    assert (read.title, read.excerpt) == (entry.title, entry.excerpt)


def test_every_item_has_what_11_asks_for() -> None:
    feed = json.loads(exported(*posts()))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["id"]
        assert "content_html" in item or "content_text" in item
    unknown = Entry(guid="a:1", title="A", enclosures=(Enclosure("https://a.example/f"),))
    (item,) = json.loads(exported(next(posts())._replace(entry=unknown)))["items"]
    assert item["attachments"] == [
        {"url": "https://a.example/f", "mime_type": "application/octet-stream"}
    ]


@pytest.mark.parametrize("media_type", ["weird thing", "audio/", "/mpeg", "audio/mp€g"])
def test_what_is_no_media_type_is_not_handed_on_as_one(media_type: str) -> None:
    entry = Entry(guid="a:1", title="A", enclosures=(Enclosure("https://a.example/f", media_type),))
    (item,) = json.loads(exported(next(posts())._replace(entry=entry)))["items"]
    assert item["attachments"][0]["mime_type"] == "application/octet-stream"


def test_what_a_password_keeps_and_what_is_no_page_stays_here() -> None:
    entry = Entry(
        guid="a:1",
        link="mailto:post@a.example",
        title="A",
        protected=True,
        enclosures=(Enclosure("https://a.example/secret.mp3", "audio/mpeg"),),
    )
    (item,) = json.loads(exported(next(posts())._replace(entry=entry)))["items"]
    assert item.keys() == {"id", "title", "content_text", "tags"}


def test_the_text_is_fit_to_be_read_elsewhere() -> None:
    content = '<p onclick="x()"><a href="/om">Om</a> <script>alert(1)</script><img src="a.png"></p>'
    entry = Entry(guid="a:1", link="https://a.example/post/", content=content)
    (item,) = json.loads(exported(next(posts())._replace(entry=entry)))["items"]
    assert item["content_html"] == (
        '<p><a href="https://a.example/om">Om</a> <img src="https://a.example/post/a.png"></p>'
    )


@pytest.mark.parametrize("guid", ["42", "tag:a.example,2026:1", "https://a.example/1"])
def test_posts_of_several_sources_never_share_an_id(guid: str) -> None:
    one, two, _ = posts()
    same = Entry(guid=guid, title="Both say so")
    feed = json.loads(exported(one._replace(entry=same), two._replace(entry=same)))
    assert [item["id"] for item in feed["items"]] == ["1000", "1001"]


def test_no_post_is_held_back_until_the_last() -> None:
    taken = 0

    def counted() -> Iterator[Post]:
        nonlocal taken
        for post in posts():
            taken += 1
            yield post

    pieces = encode_jsonfeed("All posts", counted())
    next(pieces)
    assert taken == 0
    assert "en-post" in next(pieces)
    assert taken == 1


def test_without_posts_it_is_a_feed_too() -> None:
    assert json.loads(exported())["items"] == []
