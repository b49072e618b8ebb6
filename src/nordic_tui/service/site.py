"""A WordPress site behind a feed: where its REST interface is, its categories, and which of its
posts the feed stands for.

Every address is made from the feed's own; nothing that a feed says leads anywhere.
https://developer.wordpress.org/rest-api/reference/categories/ has the parameters.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import NamedTuple, Protocol
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from nordic_tui.errors import (
    BadAddress,
    BadStatus,
    DecodeError,
    FetchError,
    NotAFeed,
    StoreError,
    TooManyRedirects,
)
from nordic_tui.model import Manner, SourceState, Term
from nordic_tui.service import decide
from nordic_tui.service.ports import Decoder, Fetcher

PER_PAGE = 100
"""WordPress gives no more at once."""
MAX_PAGES_OF_TERMS = 100
"""Beyond these, what a feed names is taken for a category (store/categories.py), as it may be."""

_TERM_FIELDS = "id,name,slug,parent"
_FEED_ENDS = ("feed", "rdf", "rss", "rss2", "atom")
_BELOW_THE_SITE = ("category", "tag", "author", "search", "comments", *_FEED_ENDS)
_FEED_QUERY = ("feed", "cat", "category_name", "tag")


class Scope(NamedTuple):
    """Which posts of its site a feed stands for."""

    kind: str = ""
    """"categories" or "tags", as the REST interface calls them; empty: all posts."""
    slug: str = ""
    number: int = 0
    """Of the category, where the address names it so and not by its slug."""


class TermStore(Protocol):
    """Where categories are stored."""

    def save_terms(self, address: str, terms: Sequence[Term]) -> Future[None]: ...


class Site(NamedTuple):
    """A site whose REST interface answers."""

    root: str
    terms: tuple[Term, ...]
    """All of its categories, or the first 10,000; at least one, as every site has."""


# ── addresses ───────────────────────────────────────────────────────────────────────────────


def rest_roots(address: str) -> tuple[str, ...]:
    """Where the REST interface of a feed's site may be, the likeliest first, each with "/" at its
    end: below the path that stands before /category/, /tag/, /feed/ …, and at the host's root;
    with pretty links and without.

    A site answers ?rest_route= at each of its paths, so that it tells nothing about where the
    site begins: below a path it comes last, and not where the feed has a pretty link itself.
    """
    parts = _web_parts(address)
    if parts is None:
        return ()
    segments = parts.path.split("/")[1:]
    below = next((at for at, each in enumerate(segments) if each in _BELOW_THE_SITE), None)
    is_pretty = below is not None
    if below is None:
        below = len(segments) - 1  # the last may be a file's name: /blog/index.php
    site = "/" + "".join(f"{each}/" for each in segments[:below] if each)
    paths = [f"{site}wp-json/", "/wp-json/", "/?rest_route=/"]
    if not is_pretty:
        paths.append(f"{site}?rest_route=/")
    return tuple(dict.fromkeys(f"{parts.scheme}://{parts.netloc}{path}" for path in paths))


def rest_address(root: str, path: str, query: Mapping[str, object]) -> str:
    """An address of the REST interface at `root`; a query that is empty is left out."""
    mark = "&" if "?" in root else "?"
    words = urlencode(query, safe=",:")
    return f"{root}{path}{mark}{words}" if words else root + path


def scope_of(address: str, root: str) -> Scope | None:
    """Which posts the feed at `address` stands for; None: some that REST can't name, such as an
    author's, a search's, or those below a category base of the site's own."""
    parts = _web_parts(address)
    if parts is None:
        return None
    site = urlsplit(root).path.removesuffix("wp-json/")
    if not parts.path.startswith(site):
        return None
    segments = [unquote(each) for each in parts.path[len(site) :].split("/") if each]
    query = dict(parse_qsl(parts.query))
    is_feed = "feed" in query
    for _ in range(2):  # /feed/ and /feed/atom/
        if segments and segments[-1] in _FEED_ENDS:
            segments.pop()
            is_feed = True
    if not is_feed or not query.keys() <= set(_FEED_QUERY):
        return None
    asked = query.keys() - {"feed"}
    match segments:
        case [] | ["index.php"] if not asked:
            return Scope()
        case [] | ["index.php"] if len(asked) == 1:
            return _scope_of_query(query)
        case ["category", *_, slug] if not asked:
            return Scope("categories", slug)
        case ["tag", slug] if not asked:
            return Scope("tags", slug)
    return None


def _scope_of_query(query: Mapping[str, str]) -> Scope | None:
    number = query.get("cat", "")
    if number.isascii() and number.isdigit():
        return Scope("categories", number=int(number[:18]))
    for key, kind in (("category_name", "categories"), ("tag", "tags")):
        slug = query.get(key, "").rpartition("/")[2]
        # WordPress reads "a,b" and "a+b" as two.
        if slug and not set(slug) & set(", +"):
            return Scope(kind, slug)
    return None


def _web_parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.netloc else None


# ── categories ──────────────────────────────────────────────────────────────────────────────


def with_descendants(number: int, terms: Iterable[Term]) -> tuple[int, ...]:
    """A category and all below it: its feed has the posts of them all, REST only its own."""
    children: dict[int, list[int]] = {}
    for term in terms:
        children.setdefault(term.parent, []).append(term.number)
    found = {number: None}
    waiting = [number]
    for each in waiting:  # grows as it goes
        below = [child for child in children.get(each, ()) if child not in found]
        found |= dict.fromkeys(below)
        waiting += below
    return tuple(found)


def same_slug(one: str, other: str) -> bool:
    """WordPress keeps letters beyond ASCII percent-encoded, in an address and in a slug."""
    return unquote(one).casefold() == unquote(other).casefold()


async def find_site(
    address: str, manner: Manner, fetcher: Fetcher, decoder: Decoder, *, known: str = ""
) -> Site | None:
    """The site of a feed with all its categories; None where REST is closed, tells of none or
    isn't there.

    known: the root that answered before. Raises FetchError and DecodeError where it can't be
    told: no network, no answer in time, "come back later", categories that break off.
    """
    roots = rest_roots(address)
    # A root of before counts only while it is one that this address has.
    for root in sorted(roots, key=lambda each: each != known):
        try:
            terms = await _all_terms(root, manner, fetcher, decoder)
        except (FetchError, DecodeError) as error:
            if not is_closed(error):
                raise
        else:
            if terms:
                return Site(root, terms)
    return None


def is_closed(error: FetchError | DecodeError) -> bool:
    """Whether it means that there is no REST interface for us: refused, missing, redirected to
    a login, or a web page in its place; not that it is in trouble now."""
    if isinstance(error, BadStatus):
        return error.status < 500 and error.status not in (408, 429)
    return isinstance(error, NotAFeed | TooManyRedirects | BadAddress)


async def _all_terms(
    root: str, manner: Manner, fetcher: Fetcher, decoder: Decoder
) -> tuple[Term, ...]:
    """To the end, which is where the site says it is: a page may be short of what is hidden or
    can't be read. Nothing, where the first page is empty."""
    terms: dict[int, Term] = {}
    total: int | None = None
    for page in range(1, MAX_PAGES_OF_TERMS + 1):
        query = {"per_page": PER_PAGE, "_fields": _TERM_FIELDS, "page": page}
        address = rest_address(root, "wp/v2/categories", query)
        answer = await fetcher.fetch(address, manner=manner)
        found = await decoder.terms(answer.body)
        before = len(terms)
        terms |= {term.number: term for term in found}
        if len(terms) == before:
            # A site in trouble gives an empty list and says that there are none.
            if total is not None:
                raise DecodeError("breaks off in the list of its categories")
            break
        total = answer.total
        if len(found) < PER_PAGE if total is None else page * PER_PAGE >= total:
            break
    return tuple(terms.values())


async def find_terms(
    root: str,
    kind: str,
    query: Mapping[str, object],
    manner: Manner,
    fetcher: Fetcher,
    decoder: Decoder,
) -> tuple[Term, ...]:
    """Some of the site's categories or tags. Raises FetchError and DecodeError.

    kind: "categories" or "tags". query: which, as the REST interface takes it.
    """
    query = {"per_page": PER_PAGE, "_fields": _TERM_FIELDS, **query}
    answer = await fetcher.fetch(rest_address(root, f"wp/v2/{kind}", query), manner=manner)
    return await decoder.terms(answer.body)


async def learn_terms(
    state: SourceState,
    manner: Manner,
    fetcher: Fetcher,
    decoder: Decoder,
    store: TermStore,
    now: datetime,
) -> SourceState:
    """Store the categories of the source's site; gives the state with what is known of REST.

    Where it does not answer, that is no failure of the source: it is asked again after a day. A
    site that asks to be left alone means all of it.
    """
    asked = state._replace(terms_at=now)
    try:
        site = await find_site(decide.asked_at(state), manner, fetcher, decoder, known=state.rest)
        if site is None:
            return asked._replace(rest="")
        await asyncio.wrap_future(store.save_terms(state.address, site.terms))
    except FetchError as error:
        if error.retry_after_s is None:
            return asked
        return asked._replace(not_before=decide.left_alone_until(now, error.retry_after_s))
    except (DecodeError, StoreError):
        return asked
    return asked._replace(rest=site.root)
