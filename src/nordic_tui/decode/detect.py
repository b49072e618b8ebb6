"""Which format some bytes are in: by what they are, not by what the server or a name says."""

import json
import re
from collections.abc import Iterator

from nordic_tui.errors import NotAFeed
from nordic_tui.model import Feed
from nordic_tui.text import clean

_BLANK = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n\x0b\x0c"
_UNKNOWN_JSON = "is JSON of an unknown shape: expected a JSON Feed or WordPress posts"
_SIGNATURES = (
    (b"%PDF-", "is a PDF"),
    (b"\x89PNG", "is a picture"),
    (b"\xff\xd8\xff", "is a picture"),
    (b"GIF8", "is a picture"),
    (b"RIFF", "is a picture or a sound"),
    (b"ID3", "is a sound"),
    (b"OggS", "is a sound"),
    (b"PK\x03\x04", "is a ZIP archive"),
    (b"\x1f\x8b", "is compressed"),
    (b"\x7fELF", "is a program"),
)
_ELEMENT = re.compile(
    rb"<(?:!doctype\s+(html)\b"
    rb"|(?:[\w.-]{1,40}:)?(rss|feed|rdf|html|head|body|opml|urlset|sitemapindex)(?=[\s>/]|\Z))",
    re.IGNORECASE,
)
_FIRST_TAG = re.compile(rb"<([A-Za-z_][\w.:-]{0,40})")
_SEARCHED_BYTES = 65_536
_PAGE = "answers with a web page, not a feed"
_OF_PAGES = frozenset(
    (
        "b",
        "br",
        "center",
        "div",
        "form",
        "h1",
        "h2",
        "link",
        "meta",
        "p",
        "script",
        "style",
        "table",
    )
)
"""What pages without a frame begin with, as do the errors of a server."""
_OTHER_ROOTS = {
    "html": _PAGE,
    "head": _PAGE,
    "body": _PAGE,
    "opml": "is a list of feeds (OPML), not a feed",
    "urlset": "is a sitemap, not a feed",
    "sitemapindex": "is a sitemap, not a feed",
}


def decode(body: bytes, *, media_type: str = "", url: str = "") -> Feed:
    """The feed in `body`: RSS, RDF, Atom, JSON Feed, or posts of WordPress's REST interface.

    media_type: the Content-Type as received; only its charset is looked at. url: where the bytes
    came from, for relative addresses. A feed without posts is a feed. Raises NotAFeed.
    """
    if _is_json(body):
        return _decode_json(body, url)
    from nordic_tui.decode.syndication import decode_syndication

    return decode_syndication(body, media_type=media_type, url=url)


def decode_in_parts(
    body: bytes, *, media_type: str = "", url: str = "", posts: int = 200
) -> Iterator[Feed]:
    """What `decode` gives, in parts of some `posts` posts where the format allows it: each with
    the head as far as it was read, and at least one. A post may come twice, both times the same.
    """
    if _is_json(body):
        yield _decode_json(body, url)
        return
    from nordic_tui.decode.syndication import decode_syndication_in_parts

    yield from decode_syndication_in_parts(body, media_type=media_type, url=url, posts=posts)


def _is_json(body: bytes) -> bool:
    """Whether it is JSON rather than XML. Raises NotAFeed for what is known to be neither."""
    start = body[:_SEARCHED_BYTES].lstrip(_BLANK)
    if not start and not body.strip(_BLANK):
        raise NotAFeed("is empty")
    for signature, what in _SIGNATURES:
        if body.startswith(signature) or start.startswith(signature):
            raise NotAFeed(f"{what}, not a feed")
    if start[:1] in (b"{", b"["):
        return True
    refusal = _why_not(start)
    if refusal:
        raise NotAFeed(refusal)
    return False


def _why_not(start: bytes) -> str:
    """What the beginning of the bytes is, if it is known to be no feed; else ""."""
    if b"\x00" in start[:4]:
        return ""  # UTF-16 or UTF-32, which feedparser reads
    found = _ELEMENT.search(start)
    if found:
        return _OTHER_ROOTS.get((found[1] or found[2]).decode().lower(), "")
    tag = _FIRST_TAG.search(start)
    if tag is None:
        return "cannot be read as a feed: it is neither RSS, Atom nor JSON"
    name = clean.line(tag[1].decode(errors="replace"), 40)
    if name.lower() in _OF_PAGES:
        return _PAGE
    if name.lower() in ("item", "entry", "channel"):
        return ""
    return f"cannot be read as a feed: it begins with <{name}>, which is neither RSS nor Atom"


def _decode_json(body: bytes, url: str) -> Feed:
    from nordic_tui.decode.jsonfeed import decode_jsonfeed, is_jsonfeed
    from nordic_tui.decode.wordpress import decode_wordpress, is_wordpress

    try:
        data = json.loads(
            body.decode(json.detect_encoding(body), errors="replace"),
            # NaN and Infinity are no JSON (RFC 8259 section 6).
            parse_constant=lambda _: None,
        )
    except RecursionError as error:
        raise NotAFeed("cannot be read as a feed: its JSON is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise NotAFeed(
            f"cannot be read as a feed: its JSON is damaged at line {error.lineno}"
        ) from error
    except ValueError as error:
        raise NotAFeed("cannot be read as a feed: its JSON holds a number without end") from error
    if is_jsonfeed(data):
        return decode_jsonfeed(data, url=url)
    if is_wordpress(data):
        return decode_wordpress(data, url=url)
    if isinstance(data, dict) and isinstance(data.get("code"), str) and "message" in data:
        message = clean.line(str(data["message"]), 100).rstrip(".")
        raise NotAFeed(f"answers with an error of WordPress: {message}")
    raise NotAFeed(_UNKNOWN_JSON)
