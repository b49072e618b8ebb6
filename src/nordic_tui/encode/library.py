"""What a person keeps as JSON, to be read by this program on another machine (decode/library.py).

{"format": "nordic-tui-library", "version": 1, "exported_at": …, "posts": [{"post": "…", "source":
…, "source_title": …, "first_seen": …, "starred_at": …, "tags": [{"tag": …, "given_at": …}],
"entry": {…}}]}

Times are as in RFC 3339; ids are texts, as they go beyond 2**53. `entry` has the fields of an Entry
that say something, an enclosure its `url`, `media_type` and `size_bytes`. The address of a source
is without a login that may stand in it.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from nordic_tui.model import Entry, KeptPost
from nordic_tui.text import clean

FORMAT = "nordic-tui-library"
VERSION = 1


def encode_library(posts: Iterable[KeptPost], now: datetime) -> Iterator[str]:
    """The file in pieces, a line a post."""
    head = {"format": FORMAT, "version": VERSION, "exported_at": now.isoformat()}
    yield json.dumps(head)[:-1] + ', "posts": ['
    separator = "\n"
    for post in posts:
        yield separator + json.dumps(_post(post))
        separator = ",\n"
    yield "\n]}\n"


def _post(post: KeptPost) -> dict[str, Any]:
    return {
        "post": str(post.id),
        "source": clean.without_logins(post.address),
        "source_title": post.source_title,
        "first_seen": _moment(post.first_seen),
        "starred_at": _moment(post.starred_at),
        "tags": [{"tag": tag, "given_at": _moment(at)} for tag, at in post.tags],
        "entry": _entry(post.entry),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    said = entry._asdict() | {
        "published": _moment(entry.published),
        "updated": _moment(entry.updated),
        "enclosures": [enclosure._asdict() for enclosure in entry.enclosures],
    }
    return {name: value for name, value in said.items() if value}


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
