"""feedparser, as it is wanted here: bounded, and given no more than it must see. Its only user.

It has a strict reader and, for what is no XML, a loose one that guesses. Both are slow, and neither
was made for feeds of ill will.
"""

import io
import os
import re
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from nordic_tui.decode.parsed import mappings_of, text_of
from nordic_tui.decode.prolog import charset, without_doctype
from nordic_tui.decode.repairs import declares_utf8, is_utf8
from nordic_tui.errors import NotAFeed

# What feedparser does with a text it does by the character; the full texts of a feed, which it
# would hand back as they are, are taken out before and put back afterwards.
_FULL_TEXT = re.compile(
    rb"<content:encoded><!\[CDATA\[([^\]]*(?:\](?!\]>)[^\]]*)*)\]\]></content:encoded>"
)
_WORTH_BYTES = 300
_CHANGED_BY_FEEDPARSER = re.compile("[\x80-\x9f]")
"""C1 controls, which it takes for letters of Windows-1252."""


def _lighten(body: bytes) -> tuple[bytes, dict[str, str]]:
    """The body with a short name in place of each full text, and the texts by their names.

    Only where taking out can't change what is read: UTF-8, and CDATA sections that are the
    whole of an element.
    """
    if not declares_utf8(body):
        return body, {}
    mark = os.urandom(8).hex()  # no feed can name a text of another post
    texts: dict[str, str] = {}

    def take(found: re.Match[bytes]) -> bytes:
        if len(found[1]) < _WORTH_BYTES:
            return found[0]
        try:
            text = found[1].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n").strip()
        except UnicodeDecodeError:
            return found[0]
        if _CHANGED_BY_FEEDPARSER.search(text):
            return found[0]
        name = f"{mark}-{len(texts)}"
        texts[name] = text
        return f"<content:encoded>{name}</content:encoded>".encode()

    return _FULL_TEXT.sub(take, body), texts


def read(body: bytes, media_type: str) -> Mapping[str, object]:
    """What feedparser gives for `body`, by the shortest way to it. Raises NotAFeed."""
    light, texts = _lighten(body)
    if not texts:
        return _read(body, media_type)
    result = _read(light, media_type)
    if result.get("bozo"):
        # What is damaged is read as it came, to the letter.
        return _read(body, media_type)
    for entry in mappings_of(result, "entries"):
        for holder, key in [
            (entry, "summary"),
            *((c, "value") for c in mappings_of(entry, "content")),
        ]:
            text = texts.get(text_of(holder, key))
            if text is not None and isinstance(holder, dict):
                holder[key] = text
    return result


_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_MAX_OPEN = 10_000
_MAX_AUTHOR_CHARS = 1_000
_MAX_TAGS = 100
"""Of an entry; more than are kept, since some are the same to us and not to feedparser."""


@cache
def _feedparser() -> Any:
    """feedparser, as it is wanted here. Importing it takes as long as reading many feeds."""
    import feedparser

    feedparser.api.PREFERRED_XML_PARSERS[:] = ["nordic_tui.decode.saxparser"]
    # What its strict and its loose reader get, whatever encoding it came in.
    feedparser.api.replace_doctype = _without_doctype
    feedparser.encodings.RE_XML_PI_ENCODING = _Declaration(
        feedparser.encodings.RE_XML_PI_ENCODING.pattern
    )
    for name in ("StrictFeedParser", "LooseFeedParser"):
        reader = getattr(feedparser.api, name)
        setattr(feedparser.api, name, type(name, (_Bounded, reader), {}))
    feedparser.registerDateHandler(_european_date)
    return feedparser


class _Declaration:
    """In place of feedparser's pattern for the encoding that a document declares."""

    def __init__(self, pattern: bytes) -> None:
        self._pattern = re.compile(pattern)

    def match(self, body: bytes) -> re.Match[bytes] | None:
        found = self._pattern.match(body)
        return found if found and charset(found[1]) else None


class _Bounded:
    """What feedparser's readers get beside their own: limits."""

    depth: int
    _get_context: Callable[[], Mapping[str, object]]

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        # In damaged XML an element that does not end, as <br>, is taken to be open.
        if self.depth >= _MAX_OPEN:
            raise NotAFeed(f"cannot be read as a feed: {_MAX_OPEN:,} elements in it do not end")
        super().unknown_starttag(tag, attrs)  # type: ignore[misc]  # of the reader that it stands before

    def _add_tag(self, term: str, scheme: str, label: str) -> None:
        # It compares each category with all that came before.
        if len(mappings_of(self._get_context(), "tags")) < _MAX_TAGS:
            super()._add_tag(term, scheme, label)  # type: ignore[misc]  # of the reader that it stands before

    def _sync_author_detail(self, key: str = "author") -> None:
        # How it looks for an address is quadratic.
        if len(text_of(self._get_context(), key)) <= _MAX_AUTHOR_CHARS:
            super()._sync_author_detail(key)  # type: ignore[misc]  # of the reader that it stands before


def _without_doctype(body: bytes) -> tuple[str | None, bytes, dict[str, str]]:
    """In place of feedparser's own, which keeps some entities and is quadratic to white space:
    the version that the document type tells, the document without it, and no entities."""
    body, doctype = without_doctype(body)
    return "rss091n" if b"netscape" in doctype.lower() else None, body, {}


def _read(body: bytes, media_type: str) -> Mapping[str, object]:
    # A charset in the header counts (RFC 7303 section 3.2), but servers are often set to one
    # that the files are not in. Text that is UTF-8 by its bytes is hardly ever anything else.
    headers = {}
    said = _CHARSET.search(media_type)
    if said and charset(said[1].encode(errors="replace")) and not is_utf8(body):
        headers["content-type"] = media_type
    try:
        # Bytes in a stream: whatever else feedparser is given, it may open or fetch.
        result: Mapping[str, object] = _feedparser().parse(
            io.BytesIO(body),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (MemoryError, NotAFeed):
        raise
    except Exception as error:
        # feedparser promises no set of errors, and hostile bytes find new ones.
        raise NotAFeed(f"cannot be read as a feed: {type(error).__name__} in the parser") from error
    return result


# ── zones that it takes for UTC ─────────────────────────────────────────────────────────────

_ZONES = {
    "WET": "+0000",
    "WEST": "+0100",
    "BST": "+0100",
    "CET": "+0100",
    "MEZ": "+0100",
    "CEST": "+0200",
    "MESZ": "+0200",
    "EET": "+0200",
    "EEST": "+0300",
    "MSK": "+0300",
}
_EUROPEAN = re.compile(rf"(.{{1,60}}[\d\s])({'|'.join(_ZONES)})\s*", re.IGNORECASE | re.DOTALL)


def _european_date(text: str) -> time.struct_time | None:
    """A date of RFC 822 with the name of a European zone, in UTC; None for every other text."""
    from email.utils import mktime_tz, parsedate_tz  # 9 ms that regular feeds do without

    found = _EUROPEAN.fullmatch(text)
    parts = parsedate_tz(found[1] + " " + _ZONES[found[2].upper()]) if found else None
    return time.gmtime(mktime_tz(parts)) if parts else None
