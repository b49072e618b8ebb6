"""Posts as a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from nordic_tui.model import Enclosure, Post

_VERSION = "https://jsonfeed.org/version/1.1"
_UNKNOWN_TYPE = "application/octet-stream"


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
    item: dict[str, object] = {
        "id": _identity(post),
        "url": entry.link,
        "title": entry.title,
        "content_html": entry.content,
        "summary": entry.excerpt if entry.content else "",
        "date_published": _moment(entry.published),
        "date_modified": _moment(entry.updated),
        "authors": [{"name": name} for name in entry.authors],
        "tags": [category.name for category in post.categories],
        "attachments": [_attachment(each) for each in entry.enclosures],
    }
    item = {key: value for key, value in item.items() if value}
    if not entry.content:
        item["content_text"] = entry.excerpt  # an item has one of the two, if only an empty one
    return item


def _identity(post: Post) -> str:
    """An id that no other post of any source has: a view mixes sources, and "42" may be of each."""
    guid = post.entry.guid
    return guid if ":" in guid else str(post.id)  # an address, a tag or a urn is of this post only


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _attachment(enclosure: Enclosure) -> dict[str, object]:
    found: dict[str, object] = {
        "url": enclosure.url,
        "mime_type": enclosure.media_type or _UNKNOWN_TYPE,
    }
    if enclosure.size_bytes is not None:
        found["size_in_bytes"] = enclosure.size_bytes
    return found
