"""What is left of a damaged feed."""

import pytest

from nordic_tui.decode.syndication import decode_syndication
from nordic_tui.errors import NotAFeed

from .helpers import WORDPRESS, WORDPRESS_GUIDS, guids, rss


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        (b"\n\n" + WORDPRESS, ""),
        (b"\xef\xbb\xbf\n" + WORDPRESS, ""),
        (b"<br />\n<b>Warning</b>:  Undefined variable<br />\n" + WORDPRESS, "stands before"),
        (WORDPRESS + b"<br />\n<b>Warning</b>: Undefined", "is damaged at line"),
        (WORDPRESS.replace(b"An empty", b"An \x03empty"), "control characters"),
        (WORDPRESS.replace(b"An empty post</t", b"An&nbsp;empty post</t"), "is damaged at line"),
        (WORDPRESS.replace(b"answers", b"ans\xffwers"), "bytes that are no text"),
    ],
    ids=["blank", "bom", "php-before", "php-after", "control", "entity", "byte"],
)
def test_what_damage_leaves_readable_is_read(body: bytes, warning: str) -> None:
    feed = decode_syndication(body)
    assert guids(feed) == WORDPRESS_GUIDS
    assert feed.entries[2].title == "An empty post"
    assert feed.entries[0].categories == ("New initiatives", "Uncategorized")
    assert feed.entries[0].authors == ("Sigríður & Söner",)
    assert len(feed.warnings) == (1 if warning else 0)
    assert warning in "".join(feed.warnings)


def test_a_category_with_the_end_of_cdata_in_its_name() -> None:
    feed = decode_syndication(WORDPRESS.replace(b"[New init", b"[New ]]> <i>init"))
    assert feed.entries[0].categories == ("New ]]> initiatives", "Uncategorized")
    assert guids(feed) == WORDPRESS_GUIDS


def test_a_feed_that_breaks_off_keeps_its_whole_posts() -> None:
    body = WORDPRESS[: WORDPRESS.index(b"An empty post</title>") + 4]
    feed = decode_syndication(body)
    assert guids(feed) == WORDPRESS_GUIDS[:2]
    assert feed.warnings == ("The feed breaks off in the middle of a post, which was skipped.",)
    assert feed.cut_off
    assert not decode_syndication(WORDPRESS).cut_off


SMALL_RSS = (
    b'<?xml version="1.0"?>\n<rss version="2.0"><channel><title>T</title>\n'
    b"<item><title>One</title><guid>1</guid></item>\n"
    b"<item><title>Two</title><guid>2</guid></item>\n"
    b"</channel>\n</rss>\n"
)
SMALL_ATOM = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>t</id>'
    b"<entry><title>One</title><id>1</id></entry>"
    b"<entry><title>Two</title><id>2</id></entry></feed>"
)
SMALL_RDF = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    b'xmlns="http://purl.org/rss/1.0/"><channel><title>T</title></channel>'
    b'<item rdf:about="1"><title>One</title></item><item rdf:about="2"><title>Two</title></item>'
    b"</rdf:RDF>"
)


@pytest.mark.parametrize("whole", [SMALL_RSS, SMALL_ATOM, SMALL_RDF])
def test_wherever_a_feed_breaks_off_it_is_seen(whole: bytes) -> None:
    whole = whole.rstrip()
    first_end = min(whole.index(tag) for tag in (b"</item>", b"</entry>") if tag in whole)
    told = 0
    for length in range(1, len(whole)):
        try:
            feed = decode_syndication(whole[:length])
        except NotAFeed:
            assert length < whole.index(b"Two")
            continue
        assert feed.cut_off, whole[:length]
        assert feed.warnings, whole[:length]
        told += 1
    assert told > len(whole) - first_end - 20
    for complete in (whole, whole + b"\n"):
        assert not decode_syndication(complete).cut_off


def test_a_feed_that_breaks_off_between_two_posts_keeps_those_before() -> None:
    body = SMALL_RSS[: SMALL_RSS.index(b"</item>") + len(b"</item>")]
    feed = decode_syndication(body)
    assert guids(feed) == ["1"]
    assert feed.warnings == ("The feed is damaged at line 3; some of it may be missing.",)


@pytest.mark.parametrize(
    "damaged",
    [
        SMALL_RSS.replace(b"One", b"One & <b>"),
        SMALL_RSS + b"<p>served by a cache",
        SMALL_RSS.replace(b"rss", b"RSS").replace(b"One", b"One & co"),
        SMALL_RSS.replace(b"One", b"<![CDATA[<feed>]]> & co"),
        # Its root is none of those that are known.
        SMALL_RSS.replace(b'rss version="2.0"', b"feeds").replace(b"/rss", b"/feeds") + b"<p>",
    ],
)
def test_a_damaged_feed_that_ends_is_not_cut_off(damaged: bytes) -> None:
    feed = decode_syndication(damaged)
    assert len(feed.entries) == 2
    assert feed.warnings
    assert not feed.cut_off


def test_a_feed_that_breaks_off_inside_a_letter_keeps_its_letters() -> None:
    body = WORDPRESS.replace(b"An empty post</title>", "An empty pøst".encode())
    body = body[: body.index("pø".encode()) + 2]
    (cut, _) = decode_syndication(body).entries
    assert cut.authors == ("Sigríður & Söner",)


@pytest.mark.parametrize("marker", [b"<item>", b"<title>New", b"every Nordic city"])
def test_a_feed_that_breaks_off_before_its_first_post_ends_is_refused(marker: bytes) -> None:
    with pytest.raises(NotAFeed, match=r"^cannot be read as a feed: it "):
        decode_syndication(WORDPRESS[: WORDPRESS.index(marker) + 3])


@pytest.mark.parametrize(
    ("reference", "letter"),
    [
        ("&#x41;", "A"),
        ("&#0000000065;", "A"),
        ("&#x1F389;", "🎉"),
        ("&#0;", "\ufffd"),
        ("&#xD800;", "\ufffd"),
        ("&#xFFFF;", "\ufffd"),
        ("&#x110000;", "\ufffd"),
        (f"&#{'9' * 5_000};", "\ufffd"),
    ],
)
def test_references_to_what_is_no_character_cost_no_feed(reference: str, letter: str) -> None:
    feed = decode_syndication(rss(f"<title>a{reference}b</title><odd/>"))
    assert feed.entries[0].title == f"a{letter}b"
    assert bool(feed.warnings) is (letter == "\ufffd")
