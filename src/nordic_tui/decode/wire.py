"""What was decoded as bytes and back, between the decoding process and the program.

A feed is one JSON text a line: its head, then each post. Lines, so that a large feed is read in
small steps between which other threads run. Behind them, after a NUL, are the full texts as they
are, one after the other: most of the bytes, which JSON would take apart by the character. Every
other value is a line of JSON, read by the types that its class declares.

JSON and never pickle: the other side has read hostile bytes. What it sends is bounded before it is
unpacked, in bytes and in the objects that it could become; what is larger than that and no lie
goes in several answers (`feed_in_parts`, `rows_in_parts`).
"""

import json
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from types import NoneType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from nordic_tui.decode.entries import MAX_ENTRIES
from nordic_tui.model import Enclosure, Entry, Feed

_T = TypeVar("_T")

LENGTH = struct.Struct(">I")
"""The head of a frame: how many bytes follow."""
VALUE, PART, NOT_A_FEED, EXTRA_MISSING, OUT_OF_MEMORY = b"V", b"P", b"N", b"E", b"M"
"""The first byte of an answer: what comes after it, or instead of it. After a part there is
another answer to the same request."""

MAX_ANSWER_BYTES = 12_000_000
"""Of a frame; the largest post is a third of it."""
_MAX_COST = 80_000_000
_PART_COST = 20_000_000
"""A part is closed when it has come to this; a post costs no more than 50,000,000."""


def cost(data: bytes) -> int:
    """How many bytes of memory JSON can take as objects, at most, before any is made."""
    objects = data.count(b"[") + data.count(b"{") + data.count(b'",')
    # Numbers of three digits take the most, but for lists and short texts.
    return 9 * len(data) + 64 * objects


def fits(data: bytes) -> bool:
    """Whether the other side takes `data` as an answer."""
    return len(data) < MAX_ANSWER_BYTES and cost(data) <= _MAX_COST


def _cost_of_text(size: int) -> int:
    """One letter beyond U+FFFF makes each of a text four bytes long."""
    return 4 * size


# ── any value ───────────────────────────────────────────────────────────────────────────────


def value_to_json(value: object) -> bytes:
    """A NamedTuple of texts, numbers, times, None, and tuples of such."""
    return json.dumps(value, default=_iso, ensure_ascii=False).encode("utf-8", "surrogatepass")


def rows_in_parts(rows: Sequence[bytes]) -> Iterator[bytes]:
    """`rows`, each of them a value as above that fits, as lists of some of them that fit."""
    start = total = 0
    for place, row in enumerate(rows):
        total += cost(row)
        if total >= _PART_COST:
            yield b"[" + b",".join(rows[start:place]) + b"]"
            start, total = place, cost(row)
    yield b"[" + b",".join(rows[start:]) + b"]"


def value_from_json(data: bytes, kind: type[_T]) -> _T:
    """Raises ValueError if `data` is not what `value_to_json` writes for a value of `kind`, a
    NamedTuple or a tuple of them, or more of it than fits."""
    if not fits(data):
        raise ValueError("more than was agreed on")
    try:
        value: _T = _as(json.loads(data), kind)
    except (RecursionError, OverflowError) as error:
        raise ValueError("nested too deeply, or a number without end") from error
    return value


def _as(data: object, kind: Any) -> Any:
    return _reader_of(kind)(data)


@cache
def _reader_of(kind: Any) -> Callable[[object], Any]:
    """What reads a value of a type; finding out what that type is takes longer than reading."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple and arguments[-1] is ...:
        each = _reader_of(arguments[0])
        return lambda data: tuple(map(each, _typed(data, list)))
    if origin is tuple:
        return _row_reader(tuple, arguments)
    if origin is Union or isinstance(kind, _UNION):
        (inner,) = (_reader_of(each) for each in arguments if each is not NoneType)
        may_be_none = NoneType in arguments
        return lambda data: None if data is None and may_be_none else inner(data)
    if hasattr(kind, "_fields"):
        hints = get_type_hints(kind)
        return _row_reader(kind._make, [hints[name] for name in kind._fields])
    if kind is datetime:
        return _moment_of
    if kind is float:
        return lambda data: float(data) if type(data) is int else _typed(data, float)
    return lambda data: _typed(data, kind)


def _row_reader(make: Callable[[Iterable[Any]], Any], kinds: Sequence[Any]) -> Callable[..., Any]:
    readers = [_reader_of(each) for each in kinds]

    def read(data: object) -> Any:
        row = _row(data, len(readers))
        return make([reader(value) for reader, value in zip(readers, row, strict=True)])

    return read


_UNION = type(int | str)


# ── feeds ───────────────────────────────────────────────────────────────────────────────────


def to_json(feed: Feed) -> bytes:
    packed = [_pack(entry) for entry in feed.entries]
    return _joined(feed, [line for line, _ in packed], [content for _, content in packed])


def feed_in_parts(feed: Feed) -> Iterator[bytes]:
    """`feed` as feeds of some of its posts that are small enough each, one at least; the last has
    the warnings."""
    lines: list[str] = []
    contents: list[bytes] = []
    total = 0
    for place, entry in enumerate(feed.entries, 1):
        line, content = _pack(entry)
        lines.append(line)
        contents.append(content)
        total += cost(line.encode("ascii")) + _cost_of_text(len(content))
        if total >= _PART_COST and place < len(feed.entries):
            yield _joined(feed._replace(warnings=()), lines, contents)
            lines, contents, total = [], [], 0
    yield _joined(feed, lines, contents)


def _pack(entry: Entry) -> tuple[str, bytes]:
    """A post's line, and its full text."""
    content = entry.content.encode("utf-8", "surrogatepass")
    line = json.dumps(
        [
            entry.guid,
            entry.link,
            entry.title,
            entry.published and _iso(entry.published),
            entry.updated and _iso(entry.updated),
            entry.authors,
            entry.categories,
            entry.slugs,
            entry.excerpt,
            len(content),
            entry.more,
            entry.protected,
            [[each.url, each.media_type, each.size_bytes] for each in entry.enclosures],
            entry.number,
            entry.category_numbers,
        ]
    )
    return line, content


def _joined(feed: Feed, lines: Iterable[str], contents: Iterable[bytes]) -> bytes:
    head = json.dumps([getattr(feed, name) for name in _HEAD])
    return b"".join(("\n".join((head, *lines)).encode("ascii"), _END_OF_LINES, *contents))


_END_OF_LINES = b"\0"
_HEAD = tuple(name for name in Feed._fields if name != "entries")
_HEAD_KINDS = get_type_hints(Feed)


def from_json(data: bytes) -> Feed:
    """Raises ValueError if `data` is not what `to_json` writes, or more of it than fits."""
    at = data.index(_END_OF_LINES)
    if (
        cost(data[:at]) + _cost_of_text(len(data) - at) > _MAX_COST
        or data.count(b"\n", 0, at) > MAX_ENTRIES
    ):
        raise ValueError("more than was agreed on")
    head, *rest = data[:at].split(b"\n")
    try:
        values = _row(json.loads(head), len(_HEAD))
        said = {
            name: _as(each, _HEAD_KINDS[name]) for name, each in zip(_HEAD, values, strict=True)
        }
        entries = []
        at += 1
        for line in rest:
            row = _row(json.loads(line), 15)
            size = _typed(row[9], int)
            if not 0 <= size <= len(data) - at:
                raise ValueError("a full text that is not there")
            content = data[at : at + size].decode("utf-8", "surrogatepass")
            entries.append(_entry(row, content))
            at += size
    except (RecursionError, OverflowError) as error:
        raise ValueError(str(error)) from error
    if at != len(data):
        raise ValueError("more full texts than posts")
    return Feed(entries=tuple(entries), **said)


def _entry(row: Sequence[object], content: str) -> Entry:
    return Entry(
        guid=_typed(row[0], str),
        link=_typed(row[1], str),
        title=_typed(row[2], str),
        published=_moment(row[3]),
        updated=_moment(row[4]),
        authors=_texts(row[5]),
        categories=_texts(row[6]),
        slugs=_texts(row[7]),
        excerpt=_typed(row[8], str),
        content=content,
        more=_typed(row[10], bool),
        protected=_typed(row[11], bool),
        enclosures=tuple(_enclosure(each) for each in _typed(row[12], list)),
        number=_typed(row[13], int),
        category_numbers=tuple(_typed(each, int) for each in _typed(row[14], list)),
    )


def _enclosure(data: object) -> Enclosure:
    url, media_type, size_bytes = _row(data, 3)
    return Enclosure(
        _typed(url, str),
        _typed(media_type, str),
        None if size_bytes is None else _typed(size_bytes, int),
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _moment(value: object) -> datetime | None:
    return None if value is None else _moment_of(value)


def _moment_of(value: object) -> datetime:
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
