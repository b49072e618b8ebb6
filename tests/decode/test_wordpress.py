"""Posts of WordPress's REST interface."""

import json
from datetime import UTC, datetime

import pytest

from nordic_tui.decode.detect import decode
from nordic_tui.decode.wordpress import MAX_TERMS, decode_terms
from nordic_tui.errors import NotAFeed
from nordic_tui.model import Entry, Term

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
            slugs=("new-initiatives", "qa"),
            excerpt="The war is felt in every…",
            content="<p>The war is felt in every Nordic city, and the cities help.</p>",
            more=True,
            number=7,
            category_numbers=(2, 4),
        ),
        Entry(
            guid="https://site.example/?p=37",
            link="https://site.example/secret/",
            title="A secret for members",
            published=datetime(2019, 8, 1, 10, 0, tzinfo=UTC),
            protected=True,
            number=37,
            category_numbers=(2,),
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
            number=8,
            category_numbers=(2,),
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
    assert feed.entries == (Entry(title="Good", number=1),)
    assert feed.warnings == ("2 of 3 posts could not be read and were skipped.",)
    with pytest.raises(NotAFeed, match="none can be read"):
        decode(json.dumps([bad]).encode())


def test_an_author_that_is_none_costs_no_other() -> None:
    named = {"author": ["Aino", None, {"name": 7}, {"name": "Bo"}]}
    post = {"id": 1, "title": {"rendered": "T"}, "_embedded": named}
    assert decode(json.dumps([post]).encode()).entries[0].authors == ("Bo",)


def embedded(*terms: dict[str, object], numbers: object = ()) -> Entry:
    """A post with these categories."""
    named = [{"taxonomy": "category", **term} for term in terms]
    post = {
        "id": 1,
        "title": {"rendered": "T"},
        "categories": numbers,
        "_embedded": {"wp:term": [named]},
    }
    (entry,) = decode(json.dumps([post]).encode()).entries
    return entry


def test_names_that_differ_only_in_case_are_two_categories_by_their_slugs() -> None:
    entry = embedded({"name": "News", "slug": "news"}, {"name": "NEWS", "slug": "news-2"})
    assert entry.categories == ("News", "NEWS")
    assert entry.slugs == ("news", "news-2")


def test_without_a_slug_for_each_name_there_are_none() -> None:
    entry = embedded({"name": "News", "slug": "news"}, {"name": "Events"}, {"slug": "nameless"})
    assert entry.categories == ("News", "Events")
    assert entry.slugs == ()


def test_numbers_that_no_category_can_have_are_left_out() -> None:
    assert embedded(numbers=[3, True, -1, 0, 2**70, "4", 3, 5]).category_numbers == (3, 5)
    assert embedded(numbers={"2": 3}).category_numbers == ()
    assert len(embedded(numbers=list(range(1, 200))).category_numbers) == 50


# ── categories ──────────────────────────────────────────────────────────────────────────────


def test_categories_with_their_hierarchy() -> None:
    body = json.dumps(
        [
            {"id": 3, "name": "Events", "slug": "events", "parent": 0},
            {"id": 6, "name": "Q&amp;A \u001b[2J", "slug": "qa", "parent": 3},
            {"id": 8, "name": "nordic", "slug": "nordic"},
        ]
    )
    assert decode_terms(body.encode()) == (
        Term(3, "Events", "events"),
        Term(6, "Q&A", "qa", 3),
        Term(8, "nordic", "nordic"),
    )
    assert decode_terms(b"[]") == ()


def test_of_categories_what_has_no_number_or_slug_is_skipped() -> None:
    good = {"id": 3, "name": "", "slug": "events", "parent": "top"}
    bad: list[object] = [
        {"id": True, "name": "A", "slug": "a"},
        {"id": 2**63, "name": "A", "slug": "a"},
        {"id": 4, "name": "A"},
        {"id": 3, "name": "Twice", "slug": "twice"},
        "x",
    ]
    assert decode_terms(json.dumps([good, *bad]).encode()) == (Term(3, "events", "events"),)
    many = [{"id": n, "name": "N", "slug": "n"} for n in range(1, 2 * MAX_TERMS)]
    assert len(decode_terms(json.dumps(many).encode())) == MAX_TERMS


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><title>Log in</title>",
        b'{"code":"rest_no_route","message":"No route"}',
        b'[{"id": 3, "na',
        b"[" * 100_000,
        b"[1" + b"0" * 5_000 + b"]",
        b'["x"]',
    ],
)
def test_what_is_no_list_of_categories_is_refused(body: bytes) -> None:
    with pytest.raises(NotAFeed, match="list"):
        decode_terms(body)
