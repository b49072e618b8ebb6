"""What the tests of archives have in common: a store in memory, the edges, ways to archive."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from nordic_tui.decode.detect import decode
from nordic_tui.decode.wordpress import decode_terms
from nordic_tui.fetch.http import HttpFetcher
from nordic_tui.model import (
    ArchiveState,
    Article,
    Entry,
    Feed,
    Imported,
    KeptPost,
    Saved,
    Source,
    SourceState,
    Term,
)
from nordic_tui.model import Page as WebPage
from nordic_tui.service.archive import Archived, Archivist, Event
from nordic_tui.service.ports import Decoder, Fetcher
from tests import wordpress
from tests.wordpress import REFUSED, Answer, WordPress

T = TypeVar("T")
NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)


class MemoryStore:
    """Keeps what it is given, as the store does."""

    def __init__(self) -> None:
        self.archive = ArchiveState("")
        self.saved: list[Entry] = []
        self.terms: tuple[Term, ...] = ()
        self.state: SourceState | None = None

    def load_archive(self, address: str) -> Future[ArchiveState]:
        return _done(self.archive._replace(address=address))

    def save_page(self, address: str, feed: Feed, state: ArchiveState) -> Future[Saved]:
        assert (feed.title, feed.site_url) == ("", ""), "a page would rename the source"
        known = {entry.guid for entry in self.saved}
        new = [entry for entry in feed.entries if entry.guid not in known]
        self.saved += new
        self.archive = state
        return _done(Saved(len(new), 0))

    def save_archive(self, state: ArchiveState) -> Future[None]:
        self.archive = state
        return _done(None)

    def save_terms(self, address: str, terms: Sequence[Term]) -> Future[None]:
        self.terms = tuple(terms)
        return _done(None)

    def save_site(self, address: str, rest: str, terms_at: datetime) -> Future[None]:
        state = self.state or SourceState(address, title="The Site")
        self.state = state._replace(rest=rest, terms_at=terms_at)
        return _done(None)

    def save_not_before(self, address: str, not_before: datetime) -> Future[None]:
        state = self.state or SourceState(address, title="The Site")
        self.state = state._replace(not_before=not_before)
        return _done(None)

    @property
    def titles(self) -> list[str]:
        return [entry.title for entry in self.saved]


def _done(value: T) -> Future[T]:
    future: Future[T] = Future()
    future.set_result(value)
    return future


class HereDecoder:
    """The decoders without a process of their own."""

    async def expect(self, bodies: int) -> None:
        """There is nothing to start."""

    async def decode(self, body: bytes, *, media_type: str = "", url: str = "") -> Feed:
        return decode(body, media_type=media_type, url=url)

    async def parts(
        self, body: bytes, *, media_type: str = "", url: str = ""
    ) -> AsyncGenerator[Feed, None]:
        yield decode(body, media_type=media_type, url=url)

    async def page(self, body: bytes, *, media_type: str = "", url: str = "") -> WebPage:
        return WebPage()

    async def terms(self, body: bytes) -> tuple[Term, ...]:
        return decode_terms(body)

    async def subscriptions(self, body: bytes) -> Imported:
        return Imported()

    async def library(self, body: bytes) -> tuple[tuple[KeptPost, ...], int]:
        return (), 0

    async def article(
        self, body: bytes, *, media_type: str = "", url: str = "", title: str = ""
    ) -> Article:
        return Article("")


@asynccontextmanager
async def open_fetcher() -> AsyncIterator[Fetcher]:
    async with HttpFetcher(user_agent="test/1") as fetcher:
        yield fetcher


@asynccontextmanager
async def open_decoder() -> AsyncIterator[Decoder]:
    yield HereDecoder()


class Rest:
    """Sleeps no time; breaks the run off at the nth sleep, as Ctrl+C does between two pages."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.stop_at = stop_at
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        if len(self.slept) == self.stop_at:
            raise asyncio.CancelledError


async def archive(
    address: str,
    store: MemoryStore,
    *,
    rest: Rest | None = None,
    limit: int | None = None,
    anew: bool = False,
    emit: Callable[[Event], None] = lambda event: None,
    source: Source | None = None,
) -> Archived:
    source = source or Source(address)
    state = store.state or SourceState(address, title="The Site")
    archivist = Archivist(open_fetcher, open_decoder, store, lambda: NOW, sleep=rest or Rest())
    return await archivist.run(source, state, emit, limit=limit, anew=anew)


def titles(site: WordPress) -> list[str]:
    return [post.title for post in site.posts]


def linked(site: WordPress, posts: int, per_document: int = 10) -> str:
    """An RFC 5005 archived feed: the newest posts, and documents of ten that never change."""
    numbers = list(range(1, posts + 1))
    full = (posts - 1) // per_document
    for document in range(full):
        part = numbers[document * per_document : (document + 1) * per_document]
        before = f"/archive/{document - 1}" if document else ""
        site.documents[f"/archive/{document}"] = atom(site, part, before)
    newest = numbers[full * per_document :]
    site.documents["/atom.xml"] = atom(site, newest, f"/archive/{full - 1}" if full else "")
    return site.address("/atom.xml")


def atom(site: WordPress, numbers: list[int], before: str) -> Answer:
    link = f'<link rel="prev-archive" href="{site.address(before)}"/>' if before else ""
    entries = "".join(
        f"<entry><id>urn:post:{number}</id><title>Post {number}</title>"
        f"<updated>{wordpress.FIRST_DAY + timedelta(hours=number):%Y-%m-%dT%H:%M:%SZ}</updated>"
        f"</entry>"
        for number in reversed(numbers)
    )
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>{link}{entries}</feed>'
    return Answer(200, body.encode(), "application/atom+xml")


def by_rest(site: WordPress) -> str:
    site.publish(320)
    return site.address("/feed/")


def by_pages(site: WordPress) -> str:
    site.publish(45)
    site.rest = REFUSED
    return site.address("/feed/")


def by_links(site: WordPress) -> str:
    return linked(site, 45)


ways = pytest.mark.parametrize(
    ("way", "posts", "pages"), [(by_rest, 320, 4), (by_pages, 45, 6), (by_links, 45, 5)]
)
