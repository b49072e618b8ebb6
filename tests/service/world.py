"""Two sources, a store in memory, and what the outside answers: for the tests of refresh."""

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import TypeVar

from nordic_tui.errors import StoreUnwritable
from nordic_tui.model import (
    Feed,
    Response,
    Saved,
    Source,
    SourceState,
    Term,
    View,
)
from nordic_tui.service.ports import Decoder, Fetcher
from nordic_tui.service.refresh import (
    Event,
    Refresher,
    Started,
)
from nordic_tui.store.store import Store
from tests.fakes import BLOG, NEWS, NOW, FakeDecoder, FakeFetcher, FixedClock, feed

T = TypeVar("T")

INTERVAL_S = 3600.0
DAY_S = 24 * INTERVAL_S
MOVED = "https://moved.example/feed/"
ONE, TWO = b"<rss>one</rss>", b"<rss>two</rss>"
FIRST_ANSWER = Response(
    url=NEWS, body=ONE, etag="v1", last_modified="Thu, 01 Oct 2026 08:00:00 GMT"
)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


class World:
    """Two sources that were never asked, a store in memory, and what the outside answers."""

    def __init__(self) -> None:
        self.clock = FixedClock()
        self.store = Store.open(None, None, clock=self.clock)
        self.store.follow_now([Source(NEWS, "News"), Source(BLOG, "Blog")])
        self.fetcher = FakeFetcher({NEWS: FIRST_ANSWER, BLOG: Response(url=BLOG, body=TWO)})
        self.decoder = FakeDecoder({ONE: feed("a", "b"), TWO: feed("x")})
        self.refresher = Refresher(
            self.fetcher.open,
            self.decoder.open,
            self.store,
            self.clock,
            interval_s=INTERVAL_S,
            parser=7,
            after_feed=self.learn,
            chance=lambda: 0.0,
        )
        self.learned: list[str] = []
        self.learning: Exception | None = None

    async def learn(
        self, state: SourceState, feed: Feed, fetcher: Fetcher, decoder: Decoder
    ) -> SourceState:
        """Stands for what learns a site's categories."""
        self.learned.append(state.address)
        if self.learning is not None:
            raise self.learning
        return state._replace(rest="https://news.example/wp-json/", terms_at=self.clock())

    def state(self, address: str = NEWS) -> SourceState:
        return next(state for state in self.store.states() if state.address == address)

    def titles(self) -> set[str]:
        return {row.title for row in self.store.rows(View(), self.store.snapshot(), 0, 100)}

    async def refresh(self, *addresses: str) -> list[Event]:
        """Ask these sources, else News alone; gives what was emitted, then the end."""
        events: list[Event] = []
        states = [self.state(address) for address in addresses or (NEWS,)]
        finished = await self.refresher.run(states, events.append)
        assert events[0] == Started(len(states))
        assert finished not in events
        return [*events, finished]

    async def outcome(self) -> Event:
        """What asking News came to."""
        _, event, _ = await self.refresh()
        return event


class FullDisk:
    """A store that can write nothing, and read nothing either."""

    def load_states(self) -> Future[list[SourceState]]:
        return self._failed(Future())

    def save_feed(self, address: str, feed: Feed, state: SourceState) -> Future[Saved]:
        return self._failed(Future())

    def save_posts(self, address: str, feed: Feed) -> Future[Saved]:
        return self._failed(Future())

    def save_terms(self, address: str, terms: Sequence[Term]) -> Future[None]:
        return self._failed(Future())

    def reopen_archive(self, address: str) -> Future[None]:
        return self._failed(Future())

    def save_state(self, state: SourceState) -> Future[None]:
        return self._failed(Future())

    def _failed(self, future: "Future[T]") -> "Future[T]":
        future.set_exception(StoreUnwritable("The disk is full. Make room and try again."))
        return future
