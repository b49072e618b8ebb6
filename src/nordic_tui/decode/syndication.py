"""RSS 0.9x to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, whole or damaged; the only user of feedparser.

feedparser has a strict reader and, for what is no XML, a loose one that guesses. What can be
repaired beforehand is, because the strict one reads better. What is so regular that nothing can
be guessed, `regular` reads in its place; most feeds never need feedparser, and it is imported
for the first one that does.
"""

import io
import os
import re
import time
import xml.sax
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from nordic_tui.decode.entries import (
    MAX_ENTRIES,
    RawEntry,
    make_entry,
    newest,
    paragraphs,
    phrase,
    skipped,
    too_many,
)
from nordic_tui.decode.prolog import (
    charset,
    refuse_declarations,
    wide_charset,
    without_doctype,
)
from nordic_tui.decode.regular import Irregular, read_regular, read_regular_in_parts
from nordic_tui.errors import NotAFeed
from nordic_tui.model import Enclosure, Entry, Feed
from nordic_tui.text import clean


def decode_syndication(body: bytes, *, media_type: str = "", url: str = "") -> Feed:
    """The feed in `body`. Raises NotAFeed if it is none, or if nothing in it can be read.

    media_type: the Content-Type as received, for its charset. url: where the bytes came from;
    relative addresses are joined with the feed's own link, and that with `url`.
    """
    body, media_type = _narrowed(body, media_type)
    if _is_plainly_utf8(body, media_type):
        refuse_declarations(body)
        regular = read_regular(body)
        if regular is not None:
            return _feed_of(regular, url)
    repaired = _repair(body)
    parsed = _parse(repaired.body, media_type)
    version = _text(parsed, "version")
    found = _mappings(parsed, "entries")
    damage = parsed.get("bozo_exception")
    is_damaged = isinstance(damage, xml.sax.SAXException)
    if not version and not found:
        raise NotAFeed("cannot be read as a feed: it is neither RSS nor Atom")

    warnings = list(repaired.warnings)
    in_a_post = is_damaged and bool(found) and _breaks_off(repaired.body)
    cut_off = in_a_post or (is_damaged and _lacks_its_end(repaired.body))
    if in_a_post:
        found.pop()
        warnings.append("The feed breaks off in the middle of a post, which was skipped.")
        if not found:
            raise NotAFeed("cannot be read as a feed: it breaks off in the first post")
    elif isinstance(damage, xml.sax.SAXParseException):
        line = damage.getLineNumber()
        warnings.append(f"The feed is damaged at line {line}; some of it may be missing.")
    if is_damaged and not found:
        raise NotAFeed("cannot be read as a feed: it is damaged, and no post in it can be read")
    return _feed_of({**parsed, "entries": found}, url, warnings=warnings, cut_off=cut_off)


def decode_syndication_in_parts(
    body: bytes, *, media_type: str = "", url: str = "", posts: int
) -> Iterator[Feed]:
    """The same in parts of some `posts` posts, as they are read; regular feeds only.

    Of another feed the whole comes as one part, perhaps after parts of it: a post that comes
    twice is the same both times. Raises NotAFeed.
    """
    body, media_type = _narrowed(body, media_type)
    # Of too many the newest are kept, and which these are is known at the end.
    if body.count(b"<item") <= MAX_ENTRIES and _is_plainly_utf8(body, media_type):
        refuse_declarations(body)
        total = kept = 0
        head = Feed()
        with suppress(Irregular):
            for part in read_regular_in_parts(body, posts):
                found = _mappings(part, "entries")
                total += len(found)
                head = _feed_of(part, url, is_part=True)
                kept += len(head.entries)
                if head.entries:
                    yield head
            if total and not kept:
                raise NotAFeed("cannot be read as a feed: its posts hold nothing")
            yield head._replace(entries=(), warnings=skipped(total - kept, total))
            return
    yield decode_syndication(body, media_type=media_type, url=url)


def _feed_of(
    parsed: Mapping[str, object],
    url: str,
    *,
    warnings: Sequence[str] = (),
    cut_off: bool = False,
    is_part: bool = False,
) -> Feed:
    """The feed in feedparser's shape as one of ours. Raises NotAFeed if no post can be read.

    is_part: whether there may be more posts; then nothing is said about their number.
    """
    head = _mapping(parsed, "feed")
    found = _mappings(parsed, "entries")
    is_atom = _text(parsed, "version").startswith("atom")
    title = phrase(_text(head, "title"), is_html=_is_html(head, "title", is_atom=is_atom))
    site_url = clean.url(_text(head, "link"), url)
    authors = tuple(_authors(head, is_atom=True)) if is_atom else ()
    entries: list[Entry] = []
    for each in newest(found, _published):
        raw = _raw_entry(each, is_atom=is_atom, feed_authors=authors, base=site_url or url)
        entry = make_entry(raw, base=site_url or url, site=title)
        if entry is not None:
            entries.append(entry)
    if not is_part:
        if found and not entries:
            raise NotAFeed("cannot be read as a feed: its posts hold nothing")
        read = min(len(found), MAX_ENTRIES)
        warnings = (*warnings, *too_many(len(found)), *skipped(read - len(entries), read))
    return Feed(
        title,
        site_url,
        tuple(entries),
        tuple(warnings),
        cut_off,
        update_s=_update_s(head),
        next_page=_linked(head, "next", url),
        previous_archive=_linked(head, "prev-archive", url),
        is_wordpress=_is_wordpress(head),
    )


# ── what the head says ──────────────────────────────────────────────────────────────────────

_PERIODS_S = {
    "hourly": 3_600.0,
    "daily": 86_400.0,
    "weekly": 7 * 86_400.0,
    "monthly": 30 * 86_400.0,
    "yearly": 365 * 86_400.0,
}


def _update_s(head: Mapping[str, object]) -> float | None:
    """How often the feed says that it is updated: the longer of `ttl` and `sy:`, in seconds.

    `ttl` is in minutes (RSS 2.0); `sy:updateFrequency` is how many times in the period (RSS 1.0
    syndication module).
    """
    ttl = re.fullmatch(r"\s*([0-9]{1,7})\s*", _text(head, "ttl"))
    period_s = _PERIODS_S.get(_text(head, "sy_updateperiod").strip().lower())
    times = re.fullmatch(r"\s*([0-9]{1,4})\s*", _text(head, "sy_updatefrequency"))
    said = [float(ttl[1]) * 60.0] if ttl else []
    if period_s is not None:
        said.append(period_s / max(int(times[1]) if times else 1, 1))
    return max(said, default=0.0) or None


def _linked(head: Mapping[str, object], rel: str, url: str) -> str:
    """Where a link of the feed leads, joined with where the feed came from; "" if none does."""
    for link in _mappings(head, "links"):
        if _text(link, "rel").lower() == rel:
            return clean.url(_text(link, "href"), url)
    return ""


def _is_wordpress(head: Mapping[str, object]) -> bool:
    by = _text(head, "generator"), _text(_mapping(head, "generator_detail"), "href")
    return by[0] == "WordPress" or any("://wordpress.org/" in each for each in by)


# ── reading ─────────────────────────────────────────────────────────────────────────────────

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
    if not _declares_utf8(body):
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


def _parse(body: bytes, media_type: str) -> Mapping[str, object]:
    """What feedparser gives for `body`, by the shortest way to it."""
    if _is_plainly_utf8(body, media_type):
        regular = read_regular(body)
        if regular is not None:
            return regular
    light, texts = _lighten(body)
    if not texts:
        return _parse_with_feedparser(body, media_type)
    result = _parse_with_feedparser(light, media_type)
    if result.get("bozo"):
        # What is damaged is read as it came, to the letter.
        return _parse_with_feedparser(body, media_type)
    for entry in _mappings(result, "entries"):
        for holder, key in [
            (entry, "summary"),
            *((c, "value") for c in _mappings(entry, "content")),
        ]:
            text = texts.get(_text(holder, key))
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
        super().unknown_starttag(tag, attrs)  # type: ignore[misc]  # the reader's own

    def _add_tag(self, term: str, scheme: str, label: str) -> None:
        # It compares each category with all that came before.
        if len(_mappings(self._get_context(), "tags")) < _MAX_TAGS:
            super()._add_tag(term, scheme, label)  # type: ignore[misc]  # the reader's own

    def _sync_author_detail(self, key: str = "author") -> None:
        # How it looks for an address is quadratic.
        if len(_text(self._get_context(), key)) <= _MAX_AUTHOR_CHARS:
            super()._sync_author_detail(key)  # type: ignore[misc]  # the reader's own


def _without_doctype(body: bytes) -> tuple[str | None, bytes, dict[str, str]]:
    """In place of feedparser's own, which keeps some entities and is quadratic to white space:
    the version that the document type tells, the document without it, and no entities."""
    body, doctype = without_doctype(body)
    return "rss091n" if b"netscape" in doctype.lower() else None, body, {}


def _parse_with_feedparser(body: bytes, media_type: str) -> Mapping[str, object]:
    # A charset in the header counts (RFC 7303 section 3.2), but servers are often set to one
    # that the files are not in. Text that is UTF-8 by its bytes is hardly ever anything else.
    headers = {}
    said = _CHARSET.search(media_type)
    if said and charset(said[1].encode(errors="replace")) and not _is_utf8(body):
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


# ── repairs ─────────────────────────────────────────────────────────────────────────────────

_ROOT = re.compile(rb"<\?xml\s|<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_SEARCHED_BYTES = 65_536
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_DECLARATION_BYTES = 1_000
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_ITEM = re.compile(rb"<(/?)(?:[\w.-]{1,40}:)?(?:item|entry)(?:\s[^<>]*)?>", re.IGNORECASE)
_ROOT_TAG = re.compile(rb"<(/?)(?:[\w.-]{1,40}:)?(?:rss|feed|rdf)(?:\s[^<>]*)?>", re.IGNORECASE)
_CDATA_START = b"<![CDATA["
_CDATA_END = b"]]>"
_CDATA = re.compile(rb"<!\[CDATA\[((?:(?!<!\[CDATA\[).)*?)\]\]>(?=\s*</)", re.DOTALL)


_XML_DECLARATION = re.compile(r"\s{0,100}<\?xml\s[^>]{0,200}>")
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")


def _narrowed(body: bytes, media_type: str) -> tuple[bytes, str]:
    """A text in UTF-16 or UTF-32 in UTF-8, and what the server says about it, if that still holds.

    Expat takes for UTF-16 what begins so, whatever it is told; feedparser needs to be told, and
    what is mended below is mended byte by byte.
    """
    wide = wide_charset(body)
    if not wide:
        return body, media_type
    text = _XML_DECLARATION.sub("", body.decode(wide, errors="replace"), count=1)
    return text.encode(errors="replace"), ""


class _Repaired(NamedTuple):
    body: bytes
    warnings: tuple[str, ...] = ()


def _repair(body: bytes) -> _Repaired:
    """`body` without what is known to stop an XML parser and can be told apart from text.

    Before the XML: blank lines, a byte order mark, an error message of PHP. Inside: control
    characters and references to what is no character (XML 1.0 section 2.2), "]]>" in a CDATA
    section, which WordPress sends for a name that holds it, and single broken bytes in UTF-8.
    """
    warnings = []
    body = body.removeprefix(b"\xef\xbb\xbf")
    root = _ROOT.search(body, 0, _SEARCHED_BYTES)
    if root and root.start():
        before = body[: root.start()].replace(b"\xef\xbb\xbf", b"").strip()
        if before and not before.startswith((b"<!--", b"<?", b"<!DOCTYPE")):
            warnings.append("Something stands before the feed, perhaps the server's own error.")
            body = body[root.start() :]
        elif not before:
            body = body[root.start() :]
    declared = _DECLARED.search(body, 0, _DECLARATION_BYTES)
    # The encodings of ISO 2022 change between alphabets with ESC.
    is_escaping = declared is not None and declared[1].lower().startswith(b"iso-2022")
    without = body if is_escaping else body.translate(None, _CONTROLS)
    if len(without) != len(body):
        warnings.append("The feed holds control characters; they were left out.")
        body = without
    if body.count(_CDATA_START) != body.count(_CDATA_END):
        joined = _CDATA.sub(_escape_ends, body)
        if joined != body:
            warnings.append('The feed holds "]]>" where it may not; it was read as text.')
            body = joined
    referred = _REFERENCE.sub(_letter_or_none, body) if b"&#" in body else body
    if referred != body:
        warnings.append("The feed refers to characters that are none; they are shown as \ufffd.")
        body = referred
    text = _mended_utf8(body)
    if text is not None:
        warnings.append("The feed holds bytes that are no text; they are shown as \ufffd.")
        body = text
    return _Repaired(body, tuple(warnings))


def _escape_ends(section: re.Match[bytes]) -> bytes:
    return (
        _CDATA_START + section[1].replace(_CDATA_END, b"]]]]>" + _CDATA_START + b">") + _CDATA_END
    )


def _letter_or_none(reference: re.Match[bytes]) -> bytes:
    digits, base = (reference[1], 16) if reference[1] else (reference[2], 10)
    digits = digits.lstrip(b"0")
    number = int(digits, base) if 0 < len(digits) < 8 else 0
    is_letter = (
        number in (9, 10, 13)
        or 0x20 <= number <= 0xD7FF
        or 0xE000 <= number <= 0xFFFD
        or 0x10000 <= number <= 0x10FFFF
    )
    return reference[0] if is_letter else b"&#xFFFD;"


def _declares_utf8(body: bytes) -> bool:
    """Whether `body` declares UTF-8 or nothing, which is the same (XML 1.0 section 4.3.3)."""
    declared = _DECLARED.search(body, 0, _DECLARATION_BYTES)
    return declared is None or declared[1].lower() in (b"utf-8", b"utf8")


def _is_plainly_utf8(body: bytes, media_type: str) -> bool:
    """Whether declaration, header and bytes agree on UTF-8."""
    if "charset" in media_type.lower() and "utf-8" not in media_type.lower():
        return False
    return _declares_utf8(body)


def _is_utf8(body: bytes) -> bool:
    """Whether `body` is UTF-8 with letters beyond ASCII."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return not body.isascii()


def _mended_utf8(body: bytes) -> bytes | None:
    """`body` with the broken bytes replaced if most of what is not ASCII is UTF-8; else None.

    One such byte, as where a body breaks off, would make feedparser take all of it for
    Windows-1252. Text that is Windows-1252 hardly ever holds a sequence that is UTF-8.
    """
    if not _declares_utf8(body):
        return None
    try:
        body.decode()
    except UnicodeDecodeError:
        pass
    else:
        return None
    text = body.decode(errors="replace")
    broken = text.count("\ufffd")
    whole = sum(len(run) for run in re.findall(r"[^\x00-\x7f\ufffd]+", text))
    if broken > whole and not (broken == 1 and text.endswith("\ufffd")):
        return None
    return text.encode()


def _breaks_off(body: bytes) -> bool:
    """Whether the last post in `body` begins and does not end."""
    ends = [found[1] for found in _ITEM.finditer(body)]
    return bool(ends) and not ends[-1]


def _lacks_its_end(body: bytes) -> bool:
    """Whether the feed in `body` begins with a root that is known, and does not end after its
    last post."""
    begins = any(not found[1] for found in _ROOT_TAG.finditer(body, 0, _SEARCHED_BYTES))
    last = max((found.end() for found in _ITEM.finditer(body)), default=0)
    return begins and not any(found[1] for found in _ROOT_TAG.finditer(body, last))


# ── one post ────────────────────────────────────────────────────────────────────────────────


_ADDRESS = r"[^\s@()<>]{1,100}@[^\s@()<>]{1,100}"
_MAILBOX = re.compile(
    rf"{_ADDRESS}\s*\((.{{1,200}})\)"
    rf"|(.{{1,200}}?)\s*<{_ADDRESS}>"
    rf"|(.{{1,200}}?)\s*\({_ADDRESS}\)"
)
"""A name with an address: RSS 2.0's order, that of RFC 5322 section 3.4, and feedparser's."""


def _raw_entry(
    entry: Mapping[str, object], *, is_atom: bool, feed_authors: tuple[str, ...], base: str
) -> RawEntry:
    updated = _moment(entry, "updated_parsed")
    return RawEntry(
        guid=_text(entry, "id"),
        link=_text(entry, "link"),
        title=_text(entry, "title"),
        title_is_html=_is_html(entry, "title", is_atom=is_atom),
        published=_published(entry),
        updated=updated,
        # RFC 4287 section 4.2.1: the feed's author is the author of an entry without one.
        authors=tuple(filter(None, _authors(entry, is_atom=is_atom))) or feed_authors,
        categories=tuple(
            _text(tag, "label") or _text(tag, "term") for tag in _mappings(entry, "tags")
        ),
        summary=_summary(entry),
        content=_content(entry),
        enclosures=tuple(_enclosures(entry, base)),
    )


def _published(entry: Mapping[str, object]) -> datetime | None:
    """RSS 1.0 has one date (dc:date), and Atom demands only `updated`."""
    return (
        _moment(entry, "published_parsed")
        or _moment(entry, "created_parsed")
        or _moment(entry, "updated_parsed")
    )


def _summary(entry: Mapping[str, object]) -> str:
    """The summary as HTML. Without a detail it is the content, which feedparser copies there."""
    value = _text(entry, "summary")
    media_type = _mapping(entry, "summary_detail").get("type")
    if media_type is None:
        return ""
    return paragraphs(value) if media_type == "text/plain" else value


def _content(entry: Mapping[str, object]) -> str:
    """The longest of the contents that are text, as HTML."""
    longest = ""
    for each in _mappings(entry, "content"):
        media_type = _text(each, "type")
        value = _text(each, "value")
        if len(value) <= len(longest):
            continue
        if media_type == "text/plain":
            longest = paragraphs(value)
        elif media_type.startswith("text/") or media_type.endswith("xml"):
            longest = value
    return longest


def _authors(holder: Mapping[str, object], *, is_atom: bool) -> Iterator[str]:
    *others, last = _mappings(holder, "authors") or [{}]
    for author in others:
        yield _text(author, "name") or _text(author, "email")
    # RSS has a name, an address or both in one element. feedparser parts them, but knows no top
    # level domain of more than four letters; of the last one the whole text is kept.
    whole = "" if is_atom else _text(holder, "author")
    found = _MAILBOX.fullmatch(whole)
    name = found[1] or found[2] or found[3] if found else whole
    yield name or _text(last, "name") or _text(last, "email")


def _enclosures(entry: Mapping[str, object], base: str) -> Iterator[Enclosure]:
    for link in _mappings(entry, "links"):
        address = clean.url(_text(link, "href"), base) if link.get("rel") == "enclosure" else ""
        if address:
            size = re.fullmatch(r"\s*([0-9]{1,15})\s*", _text(link, "length"))
            yield Enclosure(
                address,
                clean.line(_text(link, "type"), 100),
                # "0" is what writes who does not know it.
                int(size[1]) or None if size else None,
            )


def _is_html(holder: Mapping[str, object], key: str, *, is_atom: bool) -> bool:
    """Whether a title may hold tags: Atom says it (RFC 4287 section 3.1), RSS never does."""
    return not is_atom or _mapping(holder, key + "_detail").get("type") != "text/plain"


# ── feedparser's values, with types ─────────────────────────────────────────────────────────
# dict.get and not the method: theirs maps keys to others, with a DeprecationWarning for dates.


def _text(holder: Mapping[str, object], key: str) -> str:
    value = dict.get(holder, key) if isinstance(holder, dict) else None
    return value if isinstance(value, str) else ""


def _mapping(holder: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = dict.get(holder, key) if isinstance(holder, dict) else None
    return value if isinstance(value, dict) else {}


def _mappings(holder: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    value = dict.get(holder, key) if isinstance(holder, dict) else None
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _moment(holder: Mapping[str, object], key: str) -> datetime | None:
    value = dict.get(holder, key) if isinstance(holder, dict) else None
    if not isinstance(value, tuple) or len(value) < 6:
        return None
    try:
        year, month, day, hour, minute, second = value[:6]
        # 60 is a leap second; datetime has none.
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None


# ── zones that feedparser takes for UTC ─────────────────────────────────────────────────────

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
