"""Doubles of the edges, and the services built over them: for the tests of every room.

A folder of tests that imports this is a package (it has an `__init__.py`):
`from tests.fakes import make_services`.
"""

import asyncio
import os
import threading
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from nordic_tui.clock import Clock, Moments
from nordic_tui.config.files import replace_file
from nordic_tui.config.typed import as_typed, with_typed
from nordic_tui.courtesy import Courtesy
from nordic_tui.errors import (
    DecodeError,
    FetchError,
    NotAFeed,
    SettingsError,
    Unreachable,
)
from nordic_tui.model import (
    Act,
    Acts,
    Answer,
    Article,
    Consent,
    Entry,
    Feed,
    Following,
    Imported,
    KeptPost,
    Manner,
    Page,
    Post,
    Response,
    Rule,
    SavedView,
    Source,
    SourceState,
    Term,
    View,
)
from nordic_tui.service.archive import Archivist
from nordic_tui.service.background import (
    BackgroundArchive,
    BackgroundDiscovery,
    BackgroundFullTexts,
    BackgroundRefresh,
)
from nordic_tui.service.discover import Discoverer
from nordic_tui.service.fulltext import FullTexts
from nordic_tui.service.history import NOTICE, History, may_store
from nordic_tui.service.keeping import Keeping
from nordic_tui.service.library import Library
from nordic_tui.service.ports import USUAL, Edit, OneAtATime
from nordic_tui.service.refresh import Refresher
from nordic_tui.service.subscriptions import Subscriptions
from nordic_tui.service.undo import Undoing
from nordic_tui.store.store import Store
from nordic_tui.tui.services import Preferences, Services
from nordic_tui.wiring import Follower
from tests.fake_hands import FakeHands

T = TypeVar("T")

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
NEWS = "https://news.example/feed/"
BLOG = "https://blog.example/feed/"
CAME = NOW - timedelta(days=30)
"""When the posts came that are there from the beginning: neither today nor this week."""
INTERVAL_S = 3600.0
NOWHERE = Path(os.devnull) / "history.db"
"""A path at which no file can ever be."""


class FixedClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        """Go on by so many hours=, minutes=, seconds= …"""
        self.now += timedelta(**span)


# ── fetching and decoding ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Asked:
    """What a fetcher was asked for."""

    address: str
    etag: str = ""
    last_modified: str = ""
    manner: Manner = USUAL
    validators_of: str = ""
    led_from: str = ""


class FakeFetcher:
    """Answers by address: a Response, an error, or (`silent`) never; else it is unreachable.

    May be used from any thread. As the real one, it must not be closed while it is in use.
    """

    def __init__(self, answers: Mapping[str, Response | FetchError] | None = None) -> None:
        self.answers: dict[str, Response | FetchError] = dict(answers or {})
        self.silent: set[str] = set()
        self.asked: list[Asked] = []
        self.waiting = threading.Event()
        """Set once somebody waits for a silent address."""
        self.open_count = 0
        """How many refreshes hold it open now."""
        self._under_way = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator["FakeFetcher"]:
        self.open_count += 1
        try:
            yield self
        finally:
            self.open_count -= 1
            assert not self._under_way, "the fetcher was closed while it was in use"

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
        self.asked.append(Asked(address, etag, last_modified, manner, validators_of, led_from))
        self._under_way += 1
        try:
            # As over a network, no answer comes before others had their turn.
            await asyncio.sleep(0)
            if address in self.silent:
                self.waiting.set()
                await asyncio.Event().wait()
            answer = self.answers.get(address, Unreachable("could not be reached"))
        finally:
            self._under_way -= 1
        if isinstance(answer, FetchError):
            raise answer
        return answer


class FakeDecoder:
    """Makes bytes into what its tables name, or the error; else they are no feed."""

    def __init__(self, feeds: Mapping[bytes, Feed | DecodeError] | None = None) -> None:
        self.feeds: dict[bytes, Feed | DecodeError] = dict(feeds or {})
        self.pages: dict[bytes, Page | DecodeError] = {}
        self.categories: dict[bytes, tuple[Term, ...] | DecodeError] = {}
        self.lists: dict[bytes, Imported | DecodeError] = {}
        self.articles: dict[bytes, Article | DecodeError] = {}
        self.decoded: list[bytes] = []
        self.expected = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator["FakeDecoder"]:
        yield self

    async def expect(self, bodies: int) -> None:
        self.expected = bodies

    async def decode(self, body: bytes, *, media_type: str = "", url: str = "") -> Feed:
        self.decoded.append(body)
        return _looked_up(self.feeds, body)

    async def parts(
        self, body: bytes, *, media_type: str = "", url: str = ""
    ) -> AsyncGenerator[Feed, None]:
        yield await self.decode(body, media_type=media_type, url=url)

    async def page(self, body: bytes, *, media_type: str = "", url: str = "") -> Page:
        return _looked_up(self.pages, body)

    async def terms(self, body: bytes) -> tuple[Term, ...]:
        return _looked_up(self.categories, body)

    async def subscriptions(self, body: bytes) -> Imported:
        return _looked_up(self.lists, body)

    async def library(self, body: bytes) -> tuple[tuple[KeptPost, ...], int]:
        return (), 0

    async def article(
        self, body: bytes, *, media_type: str = "", url: str = "", title: str = ""
    ) -> Article:
        return _looked_up(self.articles, body)


def _looked_up(table: Mapping[bytes, T | DecodeError], body: bytes) -> T:
    found = table.get(body, NotAFeed("is not a feed"))
    if isinstance(found, DecodeError):
        raise found
    return found


# ── consent ─────────────────────────────────────────────────────────────────────────────────


class MemoryConsentFile:
    """Keeps a decision as the real file does: "this session only" leaves none."""

    def __init__(self, consent: Consent | None = None) -> None:
        self.consent = consent

    def load(self) -> Consent | None:
        return self.consent

    def save(self, consent: Consent) -> None:
        self.consent = None if consent.answer is Answer.SESSION else consent


def decided(answer: Answer, *, notice: int = NOTICE) -> Consent:
    """A decision that was made a day before `NOW`."""
    return Consent(answer, NOW - timedelta(days=1), notice)


SESSION_ONLY = decided(Answer.SESSION)
STILL = Preferences(mark_read_after_s=0, refresh_on_start=False)
"""Nothing happens by itself."""


# ── what is followed ────────────────────────────────────────────────────────────────────────


class MemorySubscriptionFile:
    """Keeps what is followed, and what it was before each change.

    moments: those of the store that it stands beside.
    """

    def __init__(self, following: Following, moments: Moments) -> None:
        self.following = following
        self.error: SettingsError | None = None
        """What every change meets, if it is set."""
        self._moments = moments
        self._done: list[tuple[Act, Following]] = []
        self._undone: list[tuple[Act, Following]] = []

    def load(self) -> Following:
        return self.following

    def change(self, edit: Edit) -> Following:
        wanted, done = edit(self.following)
        if wanted != self.following:
            if self.error is not None:
                raise self.error
            self._done.append((Act(self._moments(), done), self.following))
            self._undone.clear()
            self.following = wanted
        return self.following

    def acts(self) -> Acts:
        done = self._done[-1][0] if self._done else None
        undone = self._undone[-1][0] if self._undone else None
        newest = max((act.at for act, _ in [*self._done, *self._undone]), default=0)
        return Acts(done, undone, newest)

    def undo(self) -> str:
        return self._swap(self._done, self._undone, undone=self._moments())

    def redo(self, newest: int = 0) -> str:
        undone = self.acts().undone
        if undone is None or (undone.undone or 0) < max(newest, self.acts().newest):
            return ""
        return self._swap(self._undone, self._done, undone=None)

    def _swap(
        self,
        source: list[tuple[Act, Following]],
        target: list[tuple[Act, Following]],
        undone: int | None,
    ) -> str:
        if self.error is not None:
            raise self.error
        if not source:
            return ""
        act, following = source.pop()
        target.append((act._replace(undone=undone), self.following))
        self.following = following
        return act.done


# ── posts ───────────────────────────────────────────────────────────────────────────────────


def feed(*titles: str, title: str = "News", categories: tuple[str, ...] = ()) -> Feed:
    """A feed with a post for each title: the first the newest, each a day older than the last.

    A title is the post's guid too, so the same title is the same post.
    """
    return Feed(
        title=title,
        entries=tuple(
            Entry(
                guid=name,
                link=f"https://news.example/{number}/",
                title=name,
                published=CAME - timedelta(days=1 + number),
                categories=categories,
                excerpt=f"What {name} is about.",
            )
            for number, name in enumerate(titles)
        ),
    )


# ── the services as a whole ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class FakeServices:
    """The services over fakes and a real store in memory, with everything to look into."""

    services: Services
    store: Store
    fetcher: FakeFetcher
    decoder: FakeDecoder
    consent_file: MemoryConsentFile
    subscription_file: "MemorySubscriptionFile"
    hands: FakeHands
    """What was handed on."""
    themes: list[str] = field(default_factory=list)
    """Themes that were kept in the settings."""
    exported: list[tuple[str, list[str]]] = field(default_factory=list)
    """Lists that were exported: what they are called, and the titles of their posts."""

    @property
    def opened(self) -> list[str]:
        """Addresses that were opened in the browser."""
        return self.hands.opened

    def publish(self, address: str, feed: Feed) -> None:
        """Let the source answer with this feed from now on."""
        body = repr(feed).encode()
        self.decoder.feeds[body] = feed
        self.fetcher.answers[address] = Response(url=address, body=body)

    def publish_page(self, address: str, html: str) -> None:
        """Let a page answer from now on, in which this text is found."""
        body = f"page: {html}".encode()
        self.decoder.articles[body] = Article(html)
        self.fetcher.answers[address] = Response(url=address, body=body, media_type="text/html")

    def post_id(self, title: str) -> int:
        """The id of the stored post with this title."""
        now = self.store.snapshot()
        rows = self.store.rows(View(), now, 0, self.store.count(View(), now))
        return next(row.id for row in rows if row.title == title)


@contextmanager
def make_services(
    feeds: Mapping[str, Feed],
    *,
    clock: Clock | None = None,
    consent: Consent | None = SESSION_ONLY,
    preferences: Preferences = STILL,
    home: Path | None = None,
    problems: tuple[str, ...] = (),
    sources: Sequence[Source] = (),
    views: Sequence[SavedView] = (),
    rules: Sequence[Rule] = (),
    read_once: bool = False,
    alone: OneAtATime | None = None,
    shared: Path | None = None,
    finds_texts: bool = True,
) -> Iterator[FakeServices]:
    """Follow the sources of `feeds`, in their order, with their posts stored; close at the end.

    sources: how they are followed, where it is not only by their address; all of them then.
    views, rules: the saved views and the rules.
    alone: what a refresh waits for. shared: a folder for the files, to share them with another
        instance; None: they are in memory.
    read_once: nothing is followed, these addresses are read once.
    finds_texts: whether what finds the text in a page is installed.
    clock: stands at `NOW` if none is given.
    consent: None brings up the question.
    home: where the history goes after a yes; None: it can't be written.
    Every source was asked just now and is due in an hour; in the browser nothing is opened.
    """
    clock = clock or FixedClock()
    history_file = home / "history.db" if home else NOWHERE
    moments = Moments(clock)
    keeps_history = home and may_store(consent)
    files = (
        [shared / f"{name}.db" for name in ("cache", "history", "library")]
        if shared
        else [None, history_file if keeps_history else None]
    )
    store = Store.open(*files, clock=clock, moments=moments)
    try:
        following = Following(tuple(sources or map(Source, feeds)), tuple(views), tuple(rules))
        store.follow_now(*following)
        soon = clock() + timedelta(seconds=INTERVAL_S)
        asked_at = clock()
        if isinstance(clock, FixedClock):
            clock.now = CAME
        for address, content in feeds.items():
            state = SourceState(address, checked_at=asked_at, next_at=soon)
            store.save_feed(address, content, state).result()
        if isinstance(clock, FixedClock):
            clock.now = asked_at
        store.index_all().result()
        fetcher, decoder, consent_file = FakeFetcher(), FakeDecoder(), MemoryConsentFile(consent)
        refresher = Refresher(
            fetcher.open,
            decoder.open,
            store,
            clock,
            interval_s=INTERVAL_S,
            parser=1,
            alone=alone,
            chance=lambda: 0.0,
        )
        refresh = BackgroundRefresh(refresher, Courtesy())
        refresher.follow(following.sources)
        follower = Follower(store, refresher)
        follower.waits = False
        subscription_file = MemorySubscriptionFile(following, moments)
        subscriptions = Subscriptions(
            subscription_file,
            following,
            follower.follow,
            lambda: {state.address: state.title for state in store.states()},
        )
        discoverer = Discoverer(fetcher.open, decoder.open)
        archivist = Archivist(fetcher.open, decoder.open, store, clock, pause_s=0)
        hands = FakeHands()
        full_texts = FullTexts(
            fetcher.open, decoder.open, store, clock, lambda: finds_texts, pause_s=0
        )
        themes: list[str] = []
        exported: list[tuple[str, list[str]]] = []

        def export_posts(title: str, posts: Iterable[Post]) -> str:
            exported.append((title, [post.entry.title for post in posts]))
            return str(history_file.with_name("posts.json"))

        export_file = history_file.with_name("history.json")
        titles = [state.title for state in store.states()]
        services = Services(
            library=Library(store),
            history=History(store, consent_file, history_file, clock, retention_days=365),
            keeping=Keeping(store, history_file.with_name("library.db"), lasting=not read_once),
            undoing=Undoing(store, None if read_once else subscriptions),
            refresh=refresh,
            clock=clock,
            courtesy=Courtesy(),
            open_hand_off=lambda: hands.edges(fetcher.open),
            save_theme=themes.append,
            export_file=str(export_file),
            save_export=lambda text: replace_file(export_file, text.encode()),
            title=titles[0] if len(titles) == 1 else "Nordic TUI",
            subscriptions=None if read_once else subscriptions,
            as_typed=as_typed,
            with_typed=with_typed,
            when_followed=follower.when_done,
            open_discovery=lambda: BackgroundDiscovery(discoverer, Courtesy()),
            open_archives=lambda: BackgroundArchive(archivist, Courtesy()),
            try_searches=store.try_searches,
            open_full_texts=lambda: BackgroundFullTexts(full_texts, Courtesy()),
            export_posts=export_posts,
            preferences=preferences,
            problems=problems,
        )
        try:
            yield FakeServices(
                services,
                store,
                fetcher,
                decoder,
                consent_file,
                subscription_file,
                hands,
                themes,
                exported,
            )
        finally:
            refresh.stop()
    finally:
        store.close()
