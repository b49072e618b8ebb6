"""What makes a post, source or category the same one again, and how a time is stored."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from nordic_tui.model import Entry

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _number(*parts: str) -> int:
    """A positive 63-bit number made from the parts, the same on every machine."""
    from hashlib import blake2b  # 4 ms with its OpenSSL, and a start needs no id

    # Parts that are not the gate's work (an address) may hold what UTF-8 can't.
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big") >> 1


def source_id(address: str) -> int:
    return _number(address)


def category_id(address: str, name: str) -> int:
    """Of a source's category; its name in another case is the same category."""
    return _number(address, name.casefold())


def post_id(address: str, entry: Entry) -> int:
    """Of a source's post: by its guid, else its link, else its title and date."""
    if entry.guid:
        return _number(address, "g:" + entry.guid)
    if entry.link:
        return _number(address, "l:" + entry.link)
    date = entry.published.astimezone(UTC).isoformat() if entry.published else ""
    return _number(address, "t:" + entry.title, date)


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
    return _number(*parts)


def label(entry: Entry, max_chars: int = 60) -> str:
    """What a row calls the post: the title, else how the text begins, else "Untitled"."""
    if title := " ".join(entry.title.split()):
        return title
    words = " ".join(entry.excerpt[: 4 * max_chars].split())
    if len(words) <= max_chars:
        return words or "Untitled"
    opening = words[:max_chars]
    return (opening.rpartition(" ")[0] or opening).rstrip(" …") + "…"


def seconds(moment: datetime | None) -> int | None:
    """Whole seconds since 1970, rounded down."""
    return None if moment is None else (moment - _EPOCH) // timedelta(seconds=1)


def moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else _EPOCH + timedelta(seconds=seconds)


def numbers(ids: Iterable[int]) -> str:
    """Ids as a JSON array: SQLite's `json_each` takes any number of them as one parameter."""
    return f"[{','.join(map(str, ids))}]"
