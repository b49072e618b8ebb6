"""Posts and categories as WordPress's REST interface gives them (/wp-json/wp/v2/posts, one or a
list; /wp-json/wp/v2/categories).

With `_embed` a post brings the names of its authors and categories along; without, only numbers.
Unlike RSS it tells categories from tags.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from nordic_tui.decode.entries import (
    RawEntry,
    make_entry,
    newest,
    phrase,
    skipped,
    too_many,
    utc,
)
from nordic_tui.errors import NotAFeed
from nordic_tui.model import Entry, Feed, Term
from nordic_tui.text import clean

MAX_TERMS = 1_000
"""Of one page; WordPress gives at most 100."""
_MAX_CATEGORIES = 50
_MAX_NAME_CHARS = 200
_MAX_NUMBER = 2**63 - 1


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
    posts = newest(posts, lambda post: _moment(post, "date") if isinstance(post, dict) else None)
    entries: list[Entry] = []
    names_missing = False
    for post in posts:
        if not isinstance(post, dict) or not is_wordpress_post(post):
            continue
        entry = make_entry(_raw_entry(post), base=url)
        if entry is not None:
            entry = _with_categories(entry, post)
            entries.append(entry)
            names_missing = names_missing or (
                bool(entry.category_numbers) and "_embedded" not in post
            )
    if posts and not entries:
        raise NotAFeed("holds WordPress posts of which none can be read")
    warnings = too_many(total) + skipped(len(posts) - len(entries), len(posts))
    if names_missing:
        warnings += ("The categories have no names: add _embed to the address.",)
    return Feed("", _site_url(entries), tuple(entries), warnings)


def decode_terms(body: bytes) -> tuple[Term, ...]:
    """One page of a site's categories or tags, as /wp/v2/categories gives them. Raises NotAFeed.

    What has no number or no slug is skipped, and so is a number that came before.
    """
    try:
        data = json.loads(
            body.decode(json.detect_encoding(body), errors="replace"),
            # NaN and Infinity are no JSON (RFC 8259 section 6).
            parse_constant=lambda _: None,
        )
    except (ValueError, RecursionError) as error:
        raise NotAFeed("gives no list of categories") from error
    if not isinstance(data, list):
        raise NotAFeed("gives no list of categories")
    terms: dict[int, Term] = {}
    for each in data[:MAX_TERMS]:
        if isinstance(each, dict) and (term := _term(each)) is not None:
            terms.setdefault(term.number, term)
    if data and not terms:
        raise NotAFeed("gives a list in which there are no categories")
    return tuple(terms.values())


def _term(data: Mapping[str, object]) -> Term | None:
    number, slug = _number(data.get("id")), _slug(data)
    name = phrase(_text(data, "name"), max_chars=_MAX_NAME_CHARS) or slug
    return Term(number, name, slug, _number(data.get("parent"))) if number and slug else None


def _slug(data: Mapping[str, object]) -> str:
    return clean.line(_text(data, "slug"), _MAX_NAME_CHARS)


def _number(value: object) -> int:
    """An id of WordPress, from 1; 0 if it is none."""
    # bool is a kind of int.
    return value if type(value) is int and 0 < value <= _MAX_NUMBER else 0


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


def _with_categories(entry: Entry, post: Mapping[str, object]) -> Entry:
    """The post with its own number and what it says of its categories.

    Where two names differ only in case, the slugs tell them apart; one without a slug gives no
    slugs to any.
    """
    named: dict[str, tuple[str, str]] = {}
    for term in _categories(post):
        slug = _slug(term)
        name = phrase(_text(term, "name"), max_chars=_MAX_NAME_CHARS)
        if name and len(named) < _MAX_CATEGORIES:
            named.setdefault(slug or name.casefold(), (name, slug))
    slugs = tuple(slug for _, slug in named.values())
    numbers = post.get("categories")
    listed = numbers[:_MAX_CATEGORIES] if isinstance(numbers, list) else []
    return entry._replace(
        number=_number(post.get("id")),
        categories=tuple(name for name, _ in named.values()),
        slugs=slugs if all(slugs) else (),
        category_numbers=tuple(dict.fromkeys(filter(None, map(_number, listed)))),
    )


def _categories(post: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    for terms in _embedded(post, "wp:term"):
        for term in terms if isinstance(terms, list) else ():
            if isinstance(term, dict) and term.get("taxonomy") == "category":
                yield term


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
