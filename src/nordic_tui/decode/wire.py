"""A `Feed` as bytes and back, between the decoding process and the program.

One JSON text a line: the feed, then each post. Lines, so that a large feed is read in small steps
between which other threads run. JSON and never pickle: the other side has read hostile bytes.
"""

import json
import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

from nordic_tui.model import Enclosure, Entry, Feed

_T = TypeVar("_T")

LENGTH = struct.Struct(">I")
"""The head of a frame: how many bytes follow."""
FEED, NOT_A_FEED, OUT_OF_MEMORY = b"F", b"N", b"M"
"""The first byte of an answer: what comes after it, or instead of it."""


def to_json(feed: Feed) -> bytes:
    lines = [json.dumps([feed.title, feed.site_url, feed.warnings, feed.cut_off])]
    lines += (
        json.dumps(
            [
                entry.guid,
                entry.link,
                entry.title,
                _iso(entry.published),
                _iso(entry.updated),
                entry.authors,
                entry.categories,
                entry.excerpt,
                entry.content,
                entry.more,
                entry.protected,
                [[each.url, each.media_type, each.size_bytes] for each in entry.enclosures],
            ]
        )
        for entry in feed.entries
    )
    return "\n".join(lines).encode("ascii")


def from_json(data: bytes) -> Feed:
    """Raises ValueError if `data` is not what `to_json` writes."""
    head, *rest = data.split(b"\n")
    try:
        title, site_url, warnings, cut_off = _row(json.loads(head), 4)
        return Feed(
            _typed(title, str),
            _typed(site_url, str),
            tuple(_entry(json.loads(line)) for line in rest),
            _texts(warnings),
            _typed(cut_off, bool),
        )
    except (RecursionError, OverflowError) as error:
        raise ValueError(str(error)) from error


def _entry(data: object) -> Entry:
    row = _row(data, 12)
    return Entry(
        guid=_typed(row[0], str),
        link=_typed(row[1], str),
        title=_typed(row[2], str),
        published=_moment(row[3]),
        updated=_moment(row[4]),
        authors=_texts(row[5]),
        categories=_texts(row[6]),
        excerpt=_typed(row[7], str),
        content=_typed(row[8], str),
        more=_typed(row[9], bool),
        protected=_typed(row[10], bool),
        enclosures=tuple(_enclosure(each) for each in _typed(row[11], list)),
    )


def _enclosure(data: object) -> Enclosure:
    url, media_type, size_bytes = _row(data, 3)
    return Enclosure(
        _typed(url, str),
        _typed(media_type, str),
        None if size_bytes is None else _typed(size_bytes, int),
    )


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    moment = datetime.fromisoformat(_typed(value, str))
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_typed(each, str) for each in _typed(value, list))


def _row(value: object, length: int) -> Sequence[object]:
    row = _typed(value, list)
    if len(row) != length:
        raise ValueError(f"a row of {len(row)} values where {length} belong")
    return row


def _typed(value: object, kind: type[_T]) -> _T:
    # bool is a kind of int, and 1 is not what was written for True.
    if type(value) is not kind:
        raise ValueError(f"a {type(value).__name__} where a {kind.__name__} belongs")
    return value
