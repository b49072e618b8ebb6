"""What a person keeps, from the JSON that another machine exported (encode/library.py).

The file may have been edited, or come from anywhere: every text passes the gate, what is no post
is left out, and what a later version added to a post is not read.
"""

import json
from datetime import datetime
from typing import Any

from nordic_tui.decode.entries import utc
from nordic_tui.errors import NotAFeed
from nordic_tui.model import Enclosure, Entry, KeptPost
from nordic_tui.text import clean

FORMAT = "nordic-tui-library"
VERSION = 1

_MAX_ADDRESS_CHARS = 4_096
_MAX_EXCERPT_CHARS = 10_000
_MAX_NAMES = 50
_MAX_TAGS = 200
_LARGEST_ID = (1 << 63) - 1


def decode_library(body: bytes) -> tuple[tuple[KeptPost, ...], int]:
    """The posts, and how many could not be read. Raises NotAFeed for another kind of file, and for
    one of a later version."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAFeed("is no library that nordic-tui exported: it is not JSON") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise NotAFeed("is no library that nordic-tui exported")
    version, values = found.get("version"), found.get("posts")
    if not isinstance(version, int) or not isinstance(values, list):
        raise NotAFeed("is no library that nordic-tui exported")
    if version > VERSION:
        raise NotAFeed(
            f"was exported by a newer version of this program (its format is {version}, this "
            f"version knows {VERSION}): update the program"
        )
    posts = [_post(value) for value in values]
    read = tuple(post for post in posts if post is not None)
    return read, len(posts) - len(read)


def _post(value: object) -> KeptPost | None:
    """None for what is no post, or neither starred nor tagged."""
    if not isinstance(value, dict) or not isinstance(value.get("entry"), dict):
        return None
    number = _text(value.get("post"))
    address = clean.line(_text(value.get("source")), _MAX_ADDRESS_CHARS)
    if not (number.isascii() and number.isdecimal() and len(number) < 20 and address):
        return None
    starred_at, tags = _time(value.get("starred_at")), _tags(value.get("tags"))
    if int(number) > _LARGEST_ID or not (starred_at or tags):
        return None
    return KeptPost(
        int(number),
        address,
        clean.line(_text(value.get("source_title"))),
        _entry(value["entry"]),
        _time(value.get("first_seen")),
        starred_at,
        tags,
    )


def _entry(said: dict[str, Any]) -> Entry:
    return Entry(
        guid=clean.line(_text(said.get("guid")), _MAX_ADDRESS_CHARS),
        link=clean.url(_text(said.get("link"))),
        title=clean.line(_text(said.get("title"))),
        published=_time(said.get("published")),
        updated=_time(said.get("updated")),
        authors=_names(said.get("authors")),
        categories=_names(said.get("categories")),
        excerpt=clean.block(_text(said.get("excerpt")), _MAX_EXCERPT_CHARS),
        content=clean.block(_text(said.get("content"))),
        more=said.get("more") is True,
        protected=said.get("protected") is True,
        enclosures=tuple(
            enclosure
            for enclosure in map(_enclosure, _list(said.get("enclosures"))[:_MAX_NAMES])
            if enclosure.url
        ),
    )


def _enclosure(value: object) -> Enclosure:
    if not isinstance(value, dict):
        return Enclosure("")
    size = value.get("size_bytes")
    return Enclosure(
        clean.url(_text(value.get("url"))),
        clean.line(_text(value.get("media_type")), 200),
        size if isinstance(size, int) and 0 <= size <= _LARGEST_ID else None,
    )


def _tags(value: object) -> tuple[tuple[str, datetime], ...]:
    found = []
    for each in _list(value)[:_MAX_TAGS]:
        if isinstance(each, dict):
            tag, at = clean.line(_text(each.get("tag"))), _time(each.get("given_at"))
            if tag and at:
                found.append((tag, at))
    return tuple(found)


def _names(value: object) -> tuple[str, ...]:
    names = (clean.line(_text(each), 200) for each in _list(value)[:_MAX_NAMES])
    return tuple(name for name in names if name)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _time(value: object) -> datetime | None:
    return utc(value) if isinstance(value, str) else None
