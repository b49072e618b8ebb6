"""RSS 0.9x to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, whole or damaged.

What is so regular that nothing can be guessed, `regular` reads. Of everything else what can be
mended is (`repairs`), and feedparser reads it (`tolerant`), which is imported for the first feed
that needs it.
"""

import re
import xml.sax
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

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
from nordic_tui.decode.parsed import mapping_of, mappings_of, moment_of, text_of
from nordic_tui.decode.prolog import refuse_declarations
from nordic_tui.decode.regular import Irregular, read_regular, read_regular_in_parts
from nordic_tui.decode.repairs import (
    breaks_off,
    is_plainly_utf8,
    lacks_its_end,
    narrowed,
    repair,
)
from nordic_tui.errors import NotAFeed
from nordic_tui.model import Enclosure, Entry, Feed
from nordic_tui.text import clean


def decode_syndication(body: bytes, *, media_type: str = "", url: str = "") -> Feed:
    """The feed in `body`. Raises NotAFeed if it is none, or if nothing in it can be read.

    media_type: the Content-Type as received, for its charset. url: where the bytes came from;
    relative addresses are joined with the feed's own link, and that with `url`.
    """
    body, media_type = narrowed(body, media_type)
    if is_plainly_utf8(body, media_type):
        refuse_declarations(body)
        regular = read_regular(body)
        if regular is not None:
            return _feed_of(regular, url)
    repaired = repair(body)
    parsed = _parse(repaired.body, media_type)
    version = text_of(parsed, "version")
    found = mappings_of(parsed, "entries")
    damage = parsed.get("bozo_exception")
    is_damaged = isinstance(damage, xml.sax.SAXException)
    if not version and not found:
        raise NotAFeed("cannot be read as a feed: it is neither RSS nor Atom")

    warnings = list(repaired.warnings)
    in_a_post = is_damaged and bool(found) and breaks_off(repaired.body)
    cut_off = in_a_post or (is_damaged and lacks_its_end(repaired.body))
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
    body, media_type = narrowed(body, media_type)
    # Of too many the newest are kept, and which these are is known at the end.
    if body.count(b"<item") <= MAX_ENTRIES and is_plainly_utf8(body, media_type):
        refuse_declarations(body)
        total = kept = 0
        head = Feed()
        with suppress(Irregular):
            for part in read_regular_in_parts(body, posts):
                found = mappings_of(part, "entries")
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
    head = mapping_of(parsed, "feed")
    found = mappings_of(parsed, "entries")
    is_atom = text_of(parsed, "version").startswith("atom")
    title = phrase(text_of(head, "title"), is_html=_is_html(head, "title", is_atom=is_atom))
    site_url = clean.url(text_of(head, "link"), url)
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
    ttl = re.fullmatch(r"\s*([0-9]{1,7})\s*", text_of(head, "ttl"))
    period_s = _PERIODS_S.get(text_of(head, "sy_updateperiod").strip().lower())
    times = re.fullmatch(r"\s*([0-9]{1,4})\s*", text_of(head, "sy_updatefrequency"))
    said = [float(ttl[1]) * 60.0] if ttl else []
    if period_s is not None:
        said.append(period_s / max(int(times[1]) if times else 1, 1))
    return max(said, default=0.0) or None


def _linked(head: Mapping[str, object], rel: str, url: str) -> str:
    """Where a link of the feed leads, joined with where the feed came from; "" if none does."""
    for link in mappings_of(head, "links"):
        if text_of(link, "rel").lower() == rel:
            return clean.url(text_of(link, "href"), url)
    return ""


def _is_wordpress(head: Mapping[str, object]) -> bool:
    by = text_of(head, "generator"), text_of(mapping_of(head, "generator_detail"), "href")
    return by[0] == "WordPress" or any("://wordpress.org/" in each for each in by)


def _parse(body: bytes, media_type: str) -> Mapping[str, object]:
    """The values in `body`, in feedparser's shape."""
    if is_plainly_utf8(body, media_type):
        regular = read_regular(body)
        if regular is not None:
            return regular
    from nordic_tui.decode import tolerant  # regular feeds do without

    return tolerant.read(body, media_type)


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
    updated = moment_of(entry, "updated_parsed")
    return RawEntry(
        guid=text_of(entry, "id"),
        link=text_of(entry, "link"),
        title=text_of(entry, "title"),
        title_is_html=_is_html(entry, "title", is_atom=is_atom),
        published=_published(entry),
        updated=updated,
        # RFC 4287 section 4.2.1: the feed's author is the author of an entry without one.
        authors=tuple(filter(None, _authors(entry, is_atom=is_atom))) or feed_authors,
        categories=tuple(
            text_of(tag, "label") or text_of(tag, "term") for tag in mappings_of(entry, "tags")
        ),
        summary=_summary(entry),
        content=_content(entry),
        enclosures=tuple(_enclosures(entry, base)),
    )


def _published(entry: Mapping[str, object]) -> datetime | None:
    """RSS 1.0 has one date (dc:date), and Atom demands only `updated`."""
    return (
        moment_of(entry, "published_parsed")
        or moment_of(entry, "created_parsed")
        or moment_of(entry, "updated_parsed")
    )


def _summary(entry: Mapping[str, object]) -> str:
    """The summary as HTML. Without a detail it is the content, which feedparser copies there."""
    value = text_of(entry, "summary")
    media_type = mapping_of(entry, "summary_detail").get("type")
    if media_type is None:
        return ""
    return paragraphs(value) if media_type == "text/plain" else value


def _content(entry: Mapping[str, object]) -> str:
    """The longest of the contents that are text, as HTML."""
    longest = ""
    for each in mappings_of(entry, "content"):
        media_type = text_of(each, "type")
        value = text_of(each, "value")
        if len(value) <= len(longest):
            continue
        if media_type == "text/plain":
            longest = paragraphs(value)
        elif media_type.startswith("text/") or media_type.endswith("xml"):
            longest = value
    return longest


def _authors(holder: Mapping[str, object], *, is_atom: bool) -> Iterator[str]:
    *others, last = mappings_of(holder, "authors") or [{}]
    for author in others:
        yield text_of(author, "name") or text_of(author, "email")
    # RSS has a name, an address or both in one element. feedparser parts them, but knows no top
    # level domain of more than four letters; of the last one the whole text is kept.
    whole = "" if is_atom else text_of(holder, "author")
    found = _MAILBOX.fullmatch(whole)
    name = found[1] or found[2] or found[3] if found else whole
    yield name or text_of(last, "name") or text_of(last, "email")


def _enclosures(entry: Mapping[str, object], base: str) -> Iterator[Enclosure]:
    for link in mappings_of(entry, "links"):
        address = clean.url(text_of(link, "href"), base) if link.get("rel") == "enclosure" else ""
        if address:
            size = re.fullmatch(r"\s*([0-9]{1,15})\s*", text_of(link, "length"))
            yield Enclosure(
                address,
                clean.line(text_of(link, "type"), 100),
                # "0" is what writes who does not know it.
                int(size[1]) or None if size else None,
            )


def _is_html(holder: Mapping[str, object], key: str, *, is_atom: bool) -> bool:
    """Whether a title may hold tags: Atom says it (RFC 4287 section 3.1), RSS never does."""
    return not is_atom or mapping_of(holder, key + "_detail").get("type") != "text/plain"
