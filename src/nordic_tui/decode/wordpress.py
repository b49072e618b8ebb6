"""Posts as WordPress's REST interface gives them (/wp-json/wp/v2/posts), one or a list.

With `_embed` a post brings the names of its authors and categories along; without, only numbers.
Unlike RSS it tells categories from tags.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from nordic_tui.decode.entries import (
    MAX_ENTRIES,
    RawEntry,
    make_entry,
    phrase,
    skipped,
    too_many,
    utc,
)
from nordic_tui.errors import NotAFeed
from nordic_tui.model import Entry, Feed
from nordic_tui.text import clean


def is_wordpress_post(data: object) -> bool:
    return isinstance(data, dict) and "id" in data and _rendered(data, "title") is not None


def is_wordpress(data: object) -> bool:
    """Whether `data` is a post or a list with at least one; an empty list is one of no posts."""
    if isinstance(data, list):
        return not data or any(is_wordpress_post(each) for each in data)
    return is_wordpress_post(data)


def decode_wordpress(data: object, *, url: str = "") -> Feed:
    """The posts in `data`, for which `is_wordpress` is true, as a feed without a title.

    Raises NotAFeed if there are posts and none can be read.
    """
    posts: Sequence[object] = data if isinstance(data, list) else [data]
    total = len(posts)
    posts = posts[:MAX_ENTRIES]
    entries: list[Entry] = []
    names_missing = False
    for post in posts:
        if not isinstance(post, dict) or not is_wordpress_post(post):
            continue
        entry = make_entry(_raw_entry(post), base=url)
        if entry is not None:
            entries.append(entry)
            names_missing = names_missing or (
                bool(post.get("categories")) and "_embedded" not in post
            )
    if posts and not entries:
        raise NotAFeed("holds WordPress posts of which none can be read")
    warnings = too_many(total) + skipped(len(posts) - len(entries), len(posts))
    if names_missing:
        warnings += ("The categories have no names: add _embed to the address.",)
    return Feed("", _site_url(entries), tuple(entries), warnings)


def _raw_entry(post: Mapping[str, object]) -> RawEntry:
    content = post.get("content")
    updated = _moment(post, "modified")
    return RawEntry(
        # Escaped here and not in the feed; it must be the same post by either way.
        guid=phrase(_rendered(post, "guid") or "", is_html=False, max_chars=2_048),
        link=_text(post, "link"),
        title=_rendered(post, "title") or "",
        published=_moment(post, "date") or updated,
        updated=updated,
        authors=tuple(_authors(post)),
        categories=tuple(_categories(post)),
        summary=_rendered(post, "excerpt") or "",
        content=_rendered(post, "content") or "",
        protected=isinstance(content, dict) and content.get("protected") is True,
    )


def _moment(post: Mapping[str, object], key: str) -> datetime | None:
    """`date_gmt` is in UTC; `date` is the site's local time and does not say its zone."""
    return utc(_text(post, key + "_gmt")) or utc(_text(post, key))


def _authors(post: Mapping[str, object]) -> Iterator[str]:
    for author in _embedded(post, "author"):
        if isinstance(author, dict):
            yield _text(author, "name")


def _categories(post: Mapping[str, object]) -> Iterator[str]:
    for terms in _embedded(post, "wp:term"):
        for term in terms if isinstance(terms, list) else ():
            if isinstance(term, dict) and term.get("taxonomy") == "category":
                yield _text(term, "name")


def _embedded(post: Mapping[str, object], key: str) -> list[object]:
    embedded = post.get("_embedded")
    value = embedded.get(key) if isinstance(embedded, dict) else None
    return value if isinstance(value, list) else []


def _rendered(post: Mapping[str, object], key: str) -> str | None:
    value = post.get(key)
    rendered = value.get("rendered") if isinstance(value, dict) else None
    return rendered if isinstance(rendered, str) else None


def _text(holder: Mapping[str, object], key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def _site_url(entries: Sequence[Entry]) -> str:
    """The site's front page, as far as the posts tell it: the host of the first link."""
    link = next((entry.link for entry in entries if entry.link), "")
    parts = urlsplit(link)
    return clean.url(f"{parts.scheme}://{parts.netloc}/") if link else ""
