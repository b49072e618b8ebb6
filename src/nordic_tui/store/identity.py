"""What makes a post, source, category or folder the same one again, and how a time is stored."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

from nordic_tui.model import UNTITLED, Entry

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


@cache
def _hash() -> Callable[[bytes], Any]:
    from hashlib import blake2b  # 4 ms with its OpenSSL, and a start needs no id

    return partial(blake2b, digest_size=8)


def _number(*parts: str) -> int:
    """A positive 63-bit number made from the parts, the same on every machine."""
    # Parts that are not the gate's work (an address) may hold what UTF-8 can't.
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(_hash()(data).digest(), "big") >> 1


def source_id(address: str) -> int:
    return _number(address)


def category_id(address: str, name: str) -> int:
    """Of a source's category; its name in another case is the same category."""
    return _number(address, name.casefold())


def slug_category_id(address: str, slug: str) -> int:
    """Of a source's category that shares its name with another one."""
    return _number(address, "slug", slug)


def folder_id(path: str) -> int:
    """Of a folder of the sidebar, by the names of all folders on the way to it."""
    return _number("folder", path)


def saved_id(name: str) -> int:
    """Of a saved view."""
    return _number("saved", name)


def effect_id(search: str, kind: str, tag: str) -> int:
    """Of one thing that rules with this search do."""
    return _number("rule", search, kind, tag)


def post_id(address: str, entry: Entry) -> int:
    """Of a source's post: by its guid, else its link, else its title and date."""
    if entry.guid:
        return _number(address, "g:" + entry.guid)
    if entry.link:
        return _number(address, "l:" + entry.link)
    date = entry.published.astimezone(UTC).isoformat() if entry.published else ""
    return _number(address, "t:" + entry.title, date)


def host(address: str) -> str:
    """The host of a URL, in small letters and without a port; empty for a file."""
    _, mark, rest = address.partition("://")
    if not mark:
        return ""
    authority = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
    if authority.startswith("["):
        return authority.partition("]")[0].casefold() + "]"
    return authority.partition(":")[0].casefold()


def same_post(host: str, guid: str, link: str) -> int | None:
    """What the same post has in common in all sources of a host; None: it can't be told.

    The migration of older files calls it too: what it gives never changes.
    """
    return _number(host, guid, link) if host and guid and link else None


def fingerprint(entry: Entry) -> int:
    """Differs when anything that is stored of the entry differs."""
    parts: list[str] = [
        entry.guid,
        entry.link,
        entry.title,
        str(seconds(entry.published)),
        str(seconds(entry.updated)),
        entry.excerpt,
        entry.content,
        f"{entry.more:d}{entry.protected:d}",
    ]
    # Each list says how long it is, so that no text can pass from one into the next unseen.
    for values in (
        entry.authors,
        entry.categories,
        [part for file in entry.enclosures for part in (file.url, file.media_type)],
        [str(file.size_bytes) for file in entry.enclosures],
    ):
        parts.append(str(len(values)))
        parts.extend(values)
    if entry.slugs:
        parts += ("slugs", *entry.slugs)
    return _number(*parts)


def label(entry: Entry, max_chars: int = 60) -> str:
    """What a row calls the post: the title, else how the text begins, else UNTITLED."""
    if title := " ".join(entry.title.split()):
        return title
    words = " ".join(entry.excerpt[: 4 * max_chars].split())
    if len(words) <= max_chars:
        return words or UNTITLED
    opening = words[:max_chars]
    return (opening.rpartition(" ")[0] or opening).rstrip(" …") + "…"


def seconds(moment: datetime | None) -> int | None:
    """Whole seconds since 1970, rounded down."""
    return None if moment is None else (moment - _EPOCH) // _SECOND


def moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else _EPOCH + timedelta(seconds=seconds)


def numbers(ids: Iterable[int]) -> str:
    """Ids as a JSON array: SQLite's `json_each` takes any number of them as one parameter."""
    return f"[{','.join(map(str, ids))}]"


# ── lists in one column ─────────────────────────────────────────────────────────────────────


@cache
def _encode() -> Callable[[Any], str]:
    from json import JSONEncoder

    return JSONEncoder(ensure_ascii=False).encode


def to_json(values: Sequence[Any]) -> str:
    """A JSON array; nothing at all for an empty one, so that most posts need no JSON."""
    return _encode()(values) if values else ""


def from_json(text: str) -> list[Any]:
    """What `to_json` made a text of."""
    if not text:
        return []
    import json

    values: list[Any] = json.loads(text)
    return values
