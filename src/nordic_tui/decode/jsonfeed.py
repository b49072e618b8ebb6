"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from nordic_tui.decode.entries import (
    RawEntry,
    make_entry,
    newest,
    paragraphs,
    phrase,
    skipped,
    too_many,
    utc,
)
from nordic_tui.errors import NotAFeed
from nordic_tui.model import Enclosure, Entry, Feed
from nordic_tui.text import clean


def is_jsonfeed(data: object) -> bool:
    return (
        isinstance(data, dict)
        and isinstance(data.get("items"), list)
        and isinstance(data.get("version"), str)
        and "jsonfeed.org/version/" in data["version"]
    )


def decode_jsonfeed(data: Mapping[str, object], *, url: str = "") -> Feed:
    """The feed in `data`, for which `is_jsonfeed` is true.

    Raises NotAFeed if there are items and none can be read.
    """
    title = phrase(_text(data, "title"), is_html=False)
    site_url = clean.url(_text(data, "home_page_url"), url)
    authors = tuple(_authors(data))
    listed = _list(data, "items")
    items = newest(listed, lambda item: _published(item) if isinstance(item, dict) else None)
    entries: list[Entry] = []
    for item in items:
        if not isinstance(item, dict):
            continue
        raw = _raw_entry(item, feed_authors=authors, base=site_url or url)
        entry = make_entry(raw, base=site_url or url, site=title)
        if entry is not None:
            entries.append(entry)
    if items and not entries:
        raise NotAFeed("is a JSON Feed of which no post can be read")
    warnings = too_many(len(listed)) + skipped(len(items) - len(entries), len(items))
    return Feed(
        title,
        site_url,
        tuple(entries),
        warnings,
        next_page=clean.url(_text(data, "next_url"), url),
    )


def _raw_entry(item: Mapping[str, object], *, feed_authors: tuple[str, ...], base: str) -> RawEntry:
    updated = _moment(item, "date_modified")
    return RawEntry(
        guid=_identity(item.get("id")),
        link=_text(item, "url") or _text(item, "external_url"),
        title=_text(item, "title"),
        title_is_html=False,
        published=_published(item),
        updated=updated,
        # 1.1: an item without authors has those of the feed.
        authors=tuple(_authors(item)) or feed_authors,
        categories=tuple(tag for tag in _list(item, "tags") if isinstance(tag, str)),
        summary=paragraphs(_text(item, "summary")),
        content=_text(item, "content_html") or paragraphs(_text(item, "content_text")),
        enclosures=tuple(_attachments(item, base)),
    )


def _published(item: Mapping[str, object]) -> datetime | None:
    return _moment(item, "date_published") or _moment(item, "date_modified")


def _identity(value: object) -> str:
    """The id as a string: 1.1 asks to turn a number into one."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def _authors(holder: Mapping[str, object]) -> Iterator[str]:
    """The names of `authors` (1.1), else of `author` (1.0)."""
    for author in _list(holder, "authors") or [holder.get("author")]:
        if isinstance(author, dict):
            yield _text(author, "name")


def _attachments(item: Mapping[str, object], base: str) -> Iterator[Enclosure]:
    for each in _list(item, "attachments"):
        if not isinstance(each, dict):
            continue
        address = clean.url(_text(each, "url"), base)
        size = each.get("size_in_bytes")
        is_known = isinstance(size, int) and not isinstance(size, bool) and 0 < size < 10**15
        if address:
            media_type = clean.line(_text(each, "mime_type"), 100)
            yield Enclosure(address, media_type, size if is_known else None)


def _text(holder: Mapping[str, object], key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def _list(holder: Mapping[str, object], key: str) -> list[object]:
    value = holder.get(key)
    return value if isinstance(value, list) else []


def _moment(holder: Mapping[str, object], key: str) -> datetime | None:
    return utc(_text(holder, key))
