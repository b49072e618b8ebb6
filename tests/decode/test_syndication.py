"""RSS, RDF and Atom: what the standards say, and what WordPress sends."""

from datetime import UTC, datetime

import pytest

from nordic_tui.decode import entries, syndication
from nordic_tui.decode.syndication import decode_syndication, decode_syndication_in_parts
from nordic_tui.errors import NotAFeed
from nordic_tui.model import Enclosure, Entry, Feed

from .helpers import URL, WORDPRESS, WORDPRESS_GUIDS, guids, rss, sample

# ── the formats ─────────────────────────────────────────────────────────────────────────────


def test_rss_091_in_latin_1() -> None:
    assert decode_syndication(sample("rss091.xml")) == Feed(
        title="Havnens nyheder",
        site_url="https://havn.example/",
        entries=(
            Entry(
                link="https://havn.example/faergen",
                title="Færgen sejler igen",
                excerpt="Fra mandag sejler den hver time.",
            ),
            Entry(link="https://havn.example/kajen", title="Kajen er lukket"),
        ),
    )


def test_rss_092_without_titles_and_links() -> None:
    (entry,) = decode_syndication(sample("rss092.xml")).entries
    assert entry == Entry(
        excerpt="Only a text, with a link & no title.",
        categories=("Notes/Short",),
        enclosures=(Enclosure("https://log.example/sound.mp3", "audio/mpeg", 24_986_239),),
    )


def test_rss_20() -> None:
    feed = decode_syndication(sample("rss20.xml"))
    assert feed.title == "Byens Råd & Rum"
    assert feed.entries == (
        Entry(
            guid="raad-1",
            link="https://raad.example/2026/marked-up?a=1&b=2",
            title="A marked-up title",
            published=datetime(2026, 10, 1, 12, 30, tzinfo=UTC),
            authors=("Åse Ødegård",),
            categories=("Klima", "Mat & drikke"),
            excerpt="One sentence.",
        ),
        Entry(
            guid="https://raad.example/permalink",
            link="https://raad.example/permalink",
            title="if a < b then [bold]stop[/bold]",
            published=datetime(2026, 10, 2, 13, 0, tzinfo=UTC),
            authors=("Søren", "Mæja"),
        ),
        Entry(guid="raad-3", title="Twice & escaped – once"),
        Entry(
            link="https://raad.example/emoji",
            title="Emoji 🎉 here",
            enclosures=(Enclosure("https://raad.example/plan.pdf", "application/pdf", None),),
        ),
    )


def test_rss_10() -> None:
    feed = decode_syndication(sample("rss10.rdf"))
    date = datetime(2026, 10, 1, 1, 30, tzinfo=UTC)
    assert feed.site_url == "https://bib.example/"
    assert feed.entries == (
        Entry(
            guid="https://bib.example/1",
            link="https://bib.example/1",
            title="En ny bog",
            published=date,
            updated=date,
            authors=("Päivi Hämäläinen",),
            categories=("Romaner",),
            excerpt="Den handler om havet.",
        ),
    )


def test_atom_03() -> None:
    (entry,) = decode_syndication(sample("atom03.xml")).entries
    assert entry == Entry(
        guid="tag:gammel.example,2005:te",
        link="https://gammel.example/te",
        title="Tea & toast",
        published=datetime(2005, 1, 1, 11, 0, tzinfo=UTC),
        updated=datetime(2005, 1, 2, 0, 0, tzinfo=UTC),
        authors=("Kåre",),
        excerpt="Hot.",
        content="<p>Hot.</p>",
    )


def test_atom_10() -> None:
    feed = decode_syndication(sample("atom10.xml"))
    assert feed.title == "Nordlys & nat"
    xhtml, text = feed.entries
    assert xhtml == Entry(
        guid="urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
        link="https://nord.example/b-tag",
        title="The tag <b> explained",
        published=datetime(2026, 10, 1, 6, 0, tzinfo=UTC),
        updated=datetime(2026, 10, 1, 9, 0, tzinfo=UTC),
        authors=("Redaktionen",),
        categories=("HTML & web",),
        excerpt="Bold is bold & more.",
        content="<p>Bold is <b>bold</b> &amp; more.</p>",
        enclosures=(Enclosure("https://nord.example/b-tag.mp4", "video/mp4", 1_200),),
    )
    assert text.title == "Plain text"
    assert text.authors == ("Sigríður",)
    assert text.published == text.updated == datetime(2026, 9, 30, 9, 0, tzinfo=UTC)
    assert text.excerpt == "If a < b, stop."
    assert text.content.startswith("<p>If a &lt; b, stop.</p><p>Else go on")
    assert text.more


def test_wordpress_with_footers_a_cut_excerpt_and_a_protected_post() -> None:
    feed = decode_syndication(WORDPRESS)
    assert feed.title == "New initiatives – Safe Cities"
    assert guids(feed) == WORDPRESS_GUIDS
    cut, whole, empty, protected = feed.entries
    assert cut.title == "How the war affects our “member” cities"
    assert cut.authors == ("Sigríður & Söner",)
    assert cut.categories == ("New initiatives", "Uncategorized")
    assert cut.excerpt == (
        "The war is felt in every Nordic city. Their answers were gathered so that every city…"
    )
    assert "appeared first" not in cut.content
    assert 'alt="🎉"' in cut.content
    assert cut.more
    assert (whole.title, whole.excerpt, whole.more) == ("", "All that there is.", False)
    assert (empty.excerpt, empty.content, empty.more) == ("", "", False)
    assert protected == Entry(
        guid="https://site.example/?p=37",
        link="https://site.example/secret/",
        title="A secret for members",
        protected=True,
    )


# ── details ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Thu, 01 Oct 2026 14:30:00 +0530", datetime(2026, 10, 1, 9, 0, tzinfo=UTC)),
        ("Thu, 01 Oct 2026 14:30:00 GMT", datetime(2026, 10, 1, 14, 30, tzinfo=UTC)),
        ("Thu, 01 Jan 2026 14:30:00 CET", datetime(2026, 1, 1, 13, 30, tzinfo=UTC)),
        ("1 Jul 2026 14:30 eest", datetime(2026, 7, 1, 11, 30, tzinfo=UTC)),
        ("2026-10-01T14:30:00-02:00", datetime(2026, 10, 1, 16, 30, tzinfo=UTC)),
        ("2026-10-01", datetime(2026, 10, 1, tzinfo=UTC)),
        ("Fri, 31 Dec 9999 23:59:59 -0500", None),
        ("0000-00-00 00:00:00", None),
        ("Mon, 1 Jan 99999 00:00:00 CEST", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates(date: str, expected: datetime | None) -> None:
    (entry,) = decode_syndication(rss(f"<title>T</title><pubDate>{date}</pubDate>")).entries
    assert entry.published == expected


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Åse", "Åse"),
        ("ase@city.online (Åse Ødegård)", "Åse Ødegård"),
        ("Åse Ødegård &lt;ase@city.no&gt;", "Åse Ødegård"),
        ("ase@city.no", "ase@city.no"),
    ],
)
def test_authors(author: str, name: str) -> None:
    (entry,) = decode_syndication(rss(f"<title>T</title><author>{author}</author>")).entries
    assert entry.authors == (name,)


@pytest.mark.parametrize(
    ("head", "link"),
    [
        ("<link>https://site.example/a/</link>", "https://site.example/a/x"),
        ("<link>/b/</link>", "https://base.example/b/x"),
        ("", "https://base.example/dir/x"),
    ],
)
def test_relative_links_are_joined_with_the_site_else_the_feeds_address(
    head: str, link: str
) -> None:
    (entry,) = decode_syndication(rss("<link>x</link>", head), url=URL).entries
    assert entry.link == link


def test_many_categories_are_cut_at_fifty() -> None:
    categories = "".join(f"<category>c{number}</category>" for number in range(60))
    (entry,) = decode_syndication(rss(f"<title>T</title>{categories}")).entries
    assert entry.categories == tuple(f"c{number}" for number in range(50))


def test_a_post_that_holds_nothing_is_skipped_and_said() -> None:
    body = rss("<title>T</title></item><item><guid>x</guid><pubDate>now</pubDate>")
    feed = decode_syndication(body)
    assert guids(feed) == [""]
    assert feed.warnings == ("1 of 2 posts could not be read and was skipped.",)


def test_a_picture_in_place_of_the_text_is_none() -> None:
    contents = (
        '<content type="html">Short.</content>'
        f'<content type="image/png">{"aGVsbG8gd29ybGQ=" * 9}</content>'
    )
    body = f"<entry><id>1</id><title>a</title>{contents}</entry>"
    feed = decode_syndication(f'<feed xmlns="http://www.w3.org/2005/Atom">{body}</feed>'.encode())
    assert (feed.entries[0].excerpt, feed.entries[0].content) == ("Short.", "Short.")


# ── character encodings ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("declared", "encoding", "media_type"),
    [
        ("", "utf-8", ""),
        ("", "utf-8", "text/xml"),
        ("utf-8", "utf-8", "application/rss+xml; charset=ISO-8859-1"),
        ("iso-8859-1", "iso-8859-1", ""),
        ("iso-8859-1", "iso-8859-1", "text/xml"),
        ("", "iso-8859-2", "text/xml; charset=iso-8859-2"),
        ("", "windows-1252", ""),
        ("utf-16", "utf-16", ""),
    ],
)
def test_encodings(declared: str, encoding: str, media_type: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    title = "Łódź" if encoding == "iso-8859-2" else "Ærø på åen"
    body = (head + rss(f"<title>{title}</title>").decode()).encode(encoding)
    assert decode_syndication(body, media_type=media_type).entries[0].title == title


# ── what the head says ──────────────────────────────────────────────────────────────────────


def rss_head(head: str, items: str = "<item><title>One</title></item>") -> bytes:
    return (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel><title>News</title>{head}{items}</channel></rss>"
    ).encode()


def atom_head(head: str) -> bytes:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:a</id><title>News</title>'
        f"{head}<entry><id>urn:b</id><title>One</title></entry></feed>"
    ).encode()


HOUR_S, DAY_S = 3_600.0, 86_400.0


@pytest.mark.parametrize(
    ("head", "update_s"),
    [
        ("", None),
        ("<ttl>90</ttl>", 90 * 60.0),
        ("<ttl>soon</ttl>", None),
        ("<ttl>0</ttl>", None),
        ("<sy:updatePeriod> daily </sy:updatePeriod>", DAY_S),
        (
            "<sy:updatePeriod>weekly</sy:updatePeriod><sy:updateFrequency>7</sy:updateFrequency>",
            DAY_S,
        ),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            HOUR_S,
        ),
        ("<sy:updatePeriod>often</sy:updatePeriod>", None),
        ("<ttl>60</ttl><sy:updatePeriod>daily</sy:updatePeriod>", DAY_S),
    ],
)
def test_how_often_a_feed_says_that_it_is_updated(head: str, update_s: float | None) -> None:
    assert decode_syndication(rss_head(head)).update_s == update_s


@pytest.mark.parametrize(
    ("body", "next_page", "previous_archive"),
    [
        (rss_head(""), "", ""),
        (
            rss_head('<atom:link rel="next" href="?page=2"/><atom:link rel="self" href="/"/>'),
            "https://base.example/dir/feed?page=2",
            "",
        ),
        (
            rss_head('<atom:link rel="prev-archive" href="https://base.example/2025.xml"/>'),
            "",
            "https://base.example/2025.xml",
        ),
        (
            atom_head('<link rel="next" href="2"/><link rel="prev-archive" href="/a/1"/>'),
            "https://base.example/dir/2",
            "https://base.example/a/1",
        ),
        (rss_head('<atom:link rel="next" href="javascript:alert(1)"/>'), "", ""),
    ],
)
def test_where_older_posts_are(body: bytes, next_page: str, previous_archive: str) -> None:
    feed = decode_syndication(body, url=URL)
    assert (feed.next_page, feed.previous_archive) == (next_page, previous_archive)


@pytest.mark.parametrize(
    ("body", "is_wordpress"),
    [
        (rss_head("<generator>https://wordpress.org/?v=6.1.9</generator>"), True),
        (atom_head('<generator uri="https://wordpress.org/">WordPress</generator>'), True),
        (rss_head("<generator>Hugo -- gohugo.io</generator>"), False),
        (rss_head("<description>https://wordpress.org/</description>"), False),
    ],
)
def test_whether_wordpress_made_it(body: bytes, is_wordpress: bool) -> None:
    assert decode_syndication(body).is_wordpress is is_wordpress


# ── in parts ────────────────────────────────────────────────────────────────────────────────


def test_a_large_feed_is_read_to_the_limit_of_posts(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (entries, syndication):
        monkeypatch.setattr(module, "MAX_ENTRIES", 3)
    ages = ["1", "5", "3", "", "4", "2"]  # the one without a date is as old as the one before it
    items = [f"<pubDate>Fri, 0{age} Oct 2021 00:00:00 GMT</pubDate>" if age else "" for age in ages]
    body = rss_head("", "".join(f"<item><title>{n}</title>{d}</item>" for n, d in enumerate(items)))
    (whole,) = decode_syndication_in_parts(body, posts=2)
    assert [entry.title for entry in whole.entries] == ["1", "2", "4"]
    assert whole.warnings == ("The feed holds 6 posts; the newest 3 were read.",)


def test_a_title_after_the_posts_is_no_feed_to_be_read_in_parts() -> None:
    # The posts' links are joined with it: they are not known before it.
    body = rss_head("", "<item><link>/1</link></item><link>https://late.example/</link>")
    (whole,) = decode_syndication_in_parts(body, posts=1)
    assert whole == decode_syndication(body)
    assert whole.entries[0].link == "https://late.example/1"


def test_parts_of_posts_that_hold_nothing_are_no_feed() -> None:
    with pytest.raises(NotAFeed, match="its posts hold nothing"):
        list(decode_syndication_in_parts(rss_head("", "<item/><item/>"), posts=1))
