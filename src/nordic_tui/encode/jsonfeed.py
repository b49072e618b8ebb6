"""Posts as a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from nordic_tui.model import Enclosure, Post
from nordic_tui.text.outgoing import outgoing

_VERSION = "https://jsonfeed.org/version/1.1"
_UNKNOWN_TYPE = "application/octet-stream"
_NAME = r"[A-Za-z0-9!#$&^_.+-]{1,127}"
_MEDIA_TYPE = re.compile(f"{_NAME}/{_NAME}(?:;.*)?")
"""RFC 6838 section 4.2."""


def encode_jsonfeed(title: str, posts: Iterable[Post]) -> Iterator[str]:
    """The feed in pieces, a line a post, so that any number of them takes no memory."""
    yield f'{{"version": {json.dumps(_VERSION)}, "title": {json.dumps(title)}, "items": ['
    separator = "\n"
    for post in posts:
        yield separator + json.dumps(_item(post))
        separator = ",\n"
    yield "\n]}\n"


def _item(post: Post) -> dict[str, object]:
    entry = post.entry
    link = entry.link if entry.link.startswith(("http://", "https://")) else ""
    item: dict[str, object] = {
        # Of this post of this source: a view mixes sources, and two may have the same guid.
        "id": str(post.id),
        "url": link,
        "title": entry.title,
        "content_html": outgoing(entry.content, link),
        "summary": entry.excerpt if entry.content else "",
        "date_published": _moment(entry.published),
        "date_modified": _moment(entry.updated),
        "authors": [{"name": name} for name in entry.authors],
        "tags": [category.name for category in post.categories],
        # What a password keeps is not handed on.
        "attachments": [] if entry.protected else [_attachment(each) for each in entry.enclosures],
    }
    item = {key: value for key, value in item.items() if value}
    if not entry.content:
        item["content_text"] = entry.excerpt  # an item has one of the two, if only an empty one
    return item


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _attachment(enclosure: Enclosure) -> dict[str, object]:
    media_type = enclosure.media_type
    found: dict[str, object] = {
        "url": enclosure.url,
        "mime_type": media_type if _MEDIA_TYPE.fullmatch(media_type) else _UNKNOWN_TYPE,
    }
    if enclosure.size_bytes is not None:
        found["size_in_bytes"] = enclosure.size_bytes
    return found
