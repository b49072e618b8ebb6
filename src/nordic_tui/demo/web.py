"""The web that the demo has in place of the network: a few sites, in files of this package.

    https://example.org/               the posts of `posts.json`
    https://northern-cities.example/   the same network elsewhere: a feed of all, one of a category
    the others                         `web.json`: feeds, some of several pages, and posts to come

Every post has a page of its own, with its full text. All else cannot be reached, and says so.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from nordic_tui.decode.detect import decode
from nordic_tui.errors import Gone, NotAFeed, Unreachable
from nordic_tui.model import Article, Feed, Imported, KeptPost, Manner, Page, Response, Term
from nordic_tui.service.ports import USUAL

POSTS = Path(__file__).parent / "posts.json"
WEB = Path(__file__).parent / "web.json"

ADDRESS = "https://example.org/feed.json"
HARBOUR = "https://harbour-review.example/feed.json"
LIBRARIES = "https://libraries.example/feed.json"
TRAMS = "https://tram-letter.example/feed.json"
TRAINS = "https://night-trains.example/feed.json"

_CITIES = "https://northern-cities.example/"
_THERE = "lighthouse-letter.example"
_CATEGORY = "New initiatives"

_Feed = dict[str, Any]
"""A JSON Feed."""


class Web:
    """Answers in place of the network, at once, the same to everybody.

    clock: posts that are dated later are not there yet.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.goes_on = False
        """Whether what is to come has come."""
        self.gone: set[str] = set()
        """Feeds that are no longer there."""
        found = json.loads(WEB.read_bytes())
        self._feeds: dict[str, _Feed] = found["feeds"]
        self._late: dict[str, list[_Feed]] = found["late"]
        posts: _Feed = json.loads(POSTS.read_bytes())
        self._feeds[ADDRESS] = posts
        self._pages = {
            address: _front_page([(feed, self._feeds[feed]["title"]) for feed in feeds])
            for address, feeds in found["pages"].items()
        }
        self._add_cities(posts)

    def _add_cities(self, posts: _Feed) -> None:
        """The same posts at an address of their own, as a feed of all and one of a category."""
        category = f"{_CITIES}category/new-initiatives/"
        of_category = [item for item in posts["items"] if _CATEGORY in item.get("tags", ())]
        title = posts["title"]
        feeds = {
            f"{category}feed/": {**posts, "title": f"{_CATEGORY} – {title}", "items": of_category},
            f"{_CITIES}feed/": posts,
        }
        self._feeds |= feeds
        page = _front_page([(address, feed["title"]) for address, feed in feeds.items()])
        self._pages |= {_CITIES: page, category: page}

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Web"]:
        """Itself, as a fetcher is opened."""
        yield self

    async def fetch(
        self,
        address: str,
        *,
        etag: str = "",
        last_modified: str = "",
        validators_of: str = "",
        led_from: str = "",
        manner: Manner = USUAL,
        wait_for_room: Callable[[], Awaitable[None]] | None = None,
    ) -> Response:
        """Raises FetchError."""
        if address in self.gone:
            raise Gone("is gone for good (410)")
        if address in self._feeds:
            return self._answer(address, etag)
        for page in (address, f"{address}/"):
            if page in self._pages:
                body = self._pages[page]
                return Response(url=page, body=body.encode(), media_type="text/html")
        post = self._post(address)
        if post is None:
            raise Unreachable(f"is not in this demo, which asks no network ({_THERE} is)")
        return Response(url=address, body=_page_of(post).encode(), media_type="text/html")

    def _answer(self, address: str, etag: str) -> Response:
        items = self._items(address)
        now = str(len(items))
        if etag == now:
            return Response(url=address, not_modified=True, etag=now)
        body = json.dumps({**self._feeds[address], "items": items}).encode()
        return Response(url=address, body=body, media_type="application/feed+json", etag=now)

    def _items(self, address: str) -> list[_Feed]:
        """What a feed has by now."""
        items = [*(self._late.get(address, ()) if self.goes_on else ())]
        items += self._feeds[address]["items"]
        return [
            item
            for item in items
            if (self.goes_on or "_later" not in item)
            and ("date_published" not in item or _date(item) <= self._clock())
        ]

    def _post(self, address: str) -> _Feed | None:
        """The post whose page is at an address."""
        wanted = address.rstrip("/")
        for feed in self._feeds:
            for item in self._items(feed):
                if item.get("url", "").rstrip("/") == wanted:
                    return item
        return None


def _date(item: _Feed) -> datetime:
    return datetime.fromisoformat(item["date_published"])


def _front_page(feeds: list[tuple[str, str]]) -> str:
    links = "".join(
        f'<link rel="alternate" type="application/feed+json" href="{address}"'
        f' title="{escape(title)}">'
        for address, title in feeds
    )
    return f"<!doctype html><html><head>{links}</head><body></body></html>"


def _page_of(item: _Feed) -> str:
    text = item.get("_more") or item.get("content_html") or f"<p>{escape(item['summary'])}</p>"
    return f"<!doctype html><html><body><article>{text}</article></body></html>"


class Reader:
    """Reads the answers of `Web` where they are: they are of this package, and can do no harm."""

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Reader"]:
        yield self

    async def expect(self, bodies: int) -> None:
        """It is ready."""

    async def decode(self, body: bytes, *, media_type: str = "", url: str = "") -> Feed:
        return decode(body, media_type=media_type, url=url)

    async def parts(
        self, body: bytes, *, media_type: str = "", url: str = ""
    ) -> AsyncGenerator[Feed, None]:
        yield decode(body, media_type=media_type, url=url)

    async def page(self, body: bytes, *, media_type: str = "", url: str = "") -> Page:
        from nordic_tui.decode.discovery import find_feeds

        return find_feeds(body, media_type=media_type, url=url)

    async def terms(self, body: bytes) -> tuple[Term, ...]:
        return ()

    async def subscriptions(self, body: bytes) -> Imported:
        raise NotAFeed("is no list of sources")

    async def library(self, body: bytes) -> tuple[tuple[KeptPost, ...], int]:
        raise NotAFeed("is no export of a library")

    async def article(
        self, body: bytes, *, media_type: str = "", url: str = "", title: str = ""
    ) -> Article:
        """The whole <article> of a page of `Web`."""
        return Article(body.decode().partition("<article>")[2].partition("</article>")[0])
