"""feedparser: what it is given, and what it is kept from."""

import pytest

from nordic_tui.decode import syndication, tolerant
from nordic_tui.decode.syndication import decode_syndication
from nordic_tui.errors import NotAFeed

from .helpers import rss, sample

SAMPLES = ("atom03.xml", "atom10.xml", "rss091.xml", "rss092.xml", "rss10.rdf", "rss20.xml",
           "wordpress.xml", "page.html")  # fmt: skip


def test_nothing_is_fetched_or_opened(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("secret") / "secret.txt"
    secret.write_text("the secret")
    post = rss(f'<title>a</title><include href="{secret.as_uri()}" parse="text"/>')
    for document_type in (b"", f'<!DOCTYPE rss SYSTEM "{secret.as_uri()}">'.encode()):
        assert "secret" not in str(decode_syndication(document_type + post))
    with pytest.raises(NotAFeed):
        decode_syndication(str(secret).encode())


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ("<a>" * 300 + "</a>" * 300, "its elements nest over 256 deep"),
        (
            "<a " + " ".join(map("b{}=''".format, range(300))) + "/>",
            "an element has over 256 attributes",
        ),
        ("".join(f"<a xmlns='urn:{n}'/>" for n in range(300)), "it names over 256 namespaces"),
        ("&" + "<a>" * 10_001, "10,000 elements in it do not end"),
    ],
)
def test_what_feedparser_would_take_long_for_is_refused(item: str, why: str) -> None:
    with pytest.raises(NotAFeed, match=f"^cannot be read as a feed: {why}$"):
        decode_syndication(rss(item))


def test_an_error_in_feedparser_is_said_without_the_words_of_the_feed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import feedparser.mixin

    def fail(*_: object) -> None:
        raise KeyError("words of the feed")

    monkeypatch.setattr(feedparser.mixin._FeedParserMixin, "unknown_starttag", fail)
    with pytest.raises(NotAFeed, match=r"^cannot be read as a feed: KeyError in the parser$"):
        decode_syndication(rss("<title>a</title><odd/>"))


@pytest.mark.parametrize("charset", ["punycode", "unicode_escape", "zlib", "nothing"])
def test_what_is_no_charset_of_a_document_is_not_believed(charset: str) -> None:
    declared = f"<?xml version='1.0' encoding='{charset}'?>".encode()
    post = rss("<title>\\x41 på-</title><odd/>")
    for body, media_type in ((declared + post, ""), (post, f"text/xml; charset={charset}")):
        assert decode_syndication(body, media_type=media_type).entries[0].title == "\\x41 på-"


def test_text_reaches_feedparser_in_few_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    # feedparser takes a dozen steps for each piece: line by line, long texts cost a third more.
    import feedparser.mixin

    pieces: list[str] = []
    handle = feedparser.mixin._FeedParserMixin.handle_data

    def count(self: object, text: str, *rest: object, **more: object) -> None:
        pieces.append(text)
        handle(self, text, *rest, **more)

    monkeypatch.setattr(feedparser.mixin._FeedParserMixin, "handle_data", count)
    monkeypatch.setattr(syndication, "read_regular", lambda body: None)
    lines = "<p>linje</p>\n" * 500
    body = f"<rss version='2.0'><channel><item><description><![CDATA[{lines}]]></description>"
    feed = decode_syndication(f"{body}</item></channel></rss>".encode())
    assert len(feed.entries) == 1
    assert sum("linje" in piece for piece in pieces) == 1


def test_taking_full_texts_out_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "<p>Blåbær &amp; smørbrød ]] &lt;b&gt; 🎉</p>\n" * 20
    strange = [
        long,
        "  " + long + "\r\n ",
        long + "\x92 et C1-tegn",
        "kort",
        "]]" + long + "]",
        long.replace("Blåbær", "]]]]><![CDATA[>"),
    ]
    items = "".join(
        f"<item><guid>{n}</guid><title>t{n}</title>{brief}"
        f"<content:encoded><![CDATA[{text}]]></content:encoded></item>"
        for n, text in enumerate(strange)
        for brief in ("", "<description>Kort.</description>")
    )
    head = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
    whole = f"{head}<title>x</title>{items}</channel></rss>".encode()
    undeclared = whole.decode().encode("windows-1252", "replace")
    bodies = [whole, whole[: len(whole) // 2], undeclared, *map(sample, SAMPLES)]

    def read(body: bytes) -> object:
        try:
            return decode_syndication(body)
        except NotAFeed as error:
            return str(error)

    monkeypatch.setattr(syndication, "read_regular", lambda body: None)
    assert len(tolerant._lighten(whole)[1]) == 6  # the first, second and fifth text, twice
    lightened = [read(body) for body in bodies]
    monkeypatch.setattr(tolerant, "_lighten", lambda body: (body, {}))
    assert lightened == [read(body) for body in bodies]
