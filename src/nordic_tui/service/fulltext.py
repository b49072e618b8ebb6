"""The full text of posts: from their pages to the store.

    which?  the post that a person asked for, or after a refresh the newest ones of each source
            that wants all of them
    for each, two at a time and one at a time to a host, with a pause between two:
        answer = fetch(its page)             no validators: it is fetched once
        article = decode(answer)             in a process of its own
        more than the feed has?  store it    one transaction; what would not have come by itself
                                             with what was read
        emit an event

A page that could not be had is tried again with a later refresh, three times in all; one that is
not there, or is no page, is not. What goes wrong at this end (no network) tells nothing of a
page: then nothing is noted and nothing more is asked.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from nordic_tui.clock import Clock
from nordic_tui.errors import (
    BadAddress,
    BadStatus,
    DecodeError,
    ExtraMissing,
    FetchError,
    NotAFeed,
    StoreError,
    TooLarge,
)
from nordic_tui.model import Response, Source, SourceState, Wanted
from nordic_tui.service import decide
from nordic_tui.service.ports import (
    Decoder,
    Fetcher,
    FullTextStore,
    OneAtATime,
    OpenDecoder,
    OpenFetcher,
    Unshared,
)
from nordic_tui.service.words import date, local_time
from nordic_tui.text import clean

AT_ONCE: Final = 2
"""Pages that are on their way at the same time, to different hosts."""
OF_ONE_SOURCE: Final = 20
"""Pages of a source that are fetched after one refresh, at most."""
MAX_PAGE_BYTES: Final = 5_000_000
LONGEST_WAIT_S: Final = 60.0
"""A host that asks to come back later than this is asked for nothing more."""
MAX_WAITS: Final = 2
"""For one page."""
NO_LINK = "has no address that can be fetched"
NO_TEXT = "holds no text that could be found"
NO_MORE = "says no more than the feed"
INSTALL: Final = (
    "Full texts need a library that is not installed: pip install 'nordic-tui[fulltext]' "
    "(with pipx: pipx install --force, with uv: uv tool install, and the same name)."
)
_NOT_FOR_GOOD = (408, 425, 429)
"""Statuses below 500 that may be others the next time."""

_TAG = re.compile(r"<[^<>]*>")
_NO_LETTERS = re.compile(r"\W+|_+")
_WORD = re.compile(r"\w+")


class Page(NamedTuple):
    """What came of a post's page."""

    post_id: int
    title: str
    words: int = 0
    """Of the text that was stored; 0: none was."""
    problem: str = ""
    """Why none was, reads on from "The page of …"; empty: one was."""
    is_missing: bool = False
    """Whether what finds the text is not installed; then no page was asked for."""


class Ended(NamedTuple):
    """A run is over."""

    fetched: int
    """Full texts that were stored."""
    failed: int
    is_missing: bool = False
    """Whether what finds the text is not installed."""


Emit = Callable[[Page | Ended], None]


def wants_all(sources: Iterable[Source]) -> list[Source]:
    """The sources whose posts are fetched by themselves."""
    return [source for source in sources if source.full_text and not source.paused]


class FullTexts:
    """Fetches the pages of posts.

    open_fetcher, open_decoder: give the edges for one run. is_installed: whether what finds the
    text in a page is there. alone: one instance of the program does `new` at a time.
    pause_s: between two requests to a host. sleep: waits so many seconds.
    """

    def __init__(
        self,
        open_fetcher: OpenFetcher,
        open_decoder: OpenDecoder,
        store: FullTextStore,
        clock: Clock,
        is_installed: Callable[[], bool],
        *,
        alone: OneAtATime | None = None,
        pause_s: float = 0.25,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,  # a test gives its own
    ) -> None:
        self._open_fetcher = open_fetcher
        self._open_decoder = open_decoder
        self._store = store
        self._clock = clock
        self._is_installed = is_installed
        self._alone = alone or Unshared()
        self._pause_s = pause_s
        self._sleep = sleep

    async def one(
        self,
        post_id: int,
        sources: Sequence[Source],
        states: Sequence[SourceState],
        emit: Emit,
    ) -> Ended:
        """The page of one post, because a person asked for it."""
        return await self._run([post_id], sources, states, emit, asked=True)

    async def new(
        self,
        sources: Sequence[Source],
        states: Sequence[SourceState],
        emit: Emit,
    ) -> Ended:
        """The pages of the newest posts of the sources that want all of them, the newest first;
        sources that did not answer the last time are left alone. Where another instance of the
        program does the same it is left to that one: the next refresh looks again."""
        if not self._alone.begin():
            return Ended(0, 0)
        try:
            return await self._new(sources, states, emit)
        finally:
            self._alone.end()

    async def _new(
        self, sources: Sequence[Source], states: Sequence[SourceState], emit: Emit
    ) -> Ended:
        may_be_asked = decide.due(states, self._clock(), asked_for=True)
        well = {state.address for state in may_be_asked if not state.failures}
        wanted: list[int] = []
        try:
            for source in wants_all(sources):
                if source.address in well:
                    asked = self._store.pages_wanted(source.address, OF_ONE_SOURCE)
                    newest = await asyncio.wrap_future(asked)
                    wanted += newest
        except StoreError:
            return Ended(0, 0)  # whoever reads hears of it
        return await self._run(wanted, sources, states, emit)

    async def _run(
        self,
        post_ids: Sequence[int],
        sources: Sequence[Source],
        states: Sequence[SourceState],
        emit: Emit,
        *,
        asked: bool = False,
    ) -> Ended:
        if not post_ids:
            return Ended(0, 0)
        if not self._is_installed():
            for post_id in post_ids[:1]:
                emit(Page(post_id, "", is_missing=True))
            return Ended(0, 0, is_missing=True)
        async with self._open_fetcher() as fetcher, self._open_decoder() as decoder:
            run = _Run(self, sources, states, fetcher, decoder, emit, asked=asked)
            return await run.all_of(post_ids)


class _Stopped(Exception):
    """Nothing more is asked in this run."""


class _Run:
    """One run: what it has, and the pages it asks for."""

    def __init__(
        self,
        texts: FullTexts,
        sources: Sequence[Source],
        states: Sequence[SourceState],
        fetcher: Fetcher,
        decoder: Decoder,
        emit: Emit,
        *,
        asked: bool,
    ) -> None:
        self._is_asked_for = asked
        self._store = texts._store
        self._clock = texts._clock
        self._pause_s = texts._pause_s
        self._sleep = texts._sleep
        self._sources: Mapping[str, Source] = {source.address: source for source in sources}
        self._states = {state.address: state for state in states}
        self._fetcher = fetcher
        self._decoder = decoder
        self._emit = emit
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._hosts: dict[str, asyncio.Lock] = {}
        self._asked: set[str] = set()
        """Hosts that were asked for something."""
        self._closed: set[str] = set()
        """Hosts that are asked for nothing more."""
        self._is_stopped = False
        self._is_missing = False
        self._fetched = self._failed = 0

    async def all_of(self, post_ids: Sequence[int]) -> Ended:
        tasks = [asyncio.create_task(self._one(post_id)) for post_id in post_ids]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            # The edges are closed when nobody uses them any more.
            await asyncio.gather(*tasks, return_exceptions=True)
        return Ended(self._fetched, self._failed, self._is_missing)

    async def _one(self, post_id: int) -> None:
        try:
            wanted = await asyncio.wrap_future(self._store.page_wanted(post_id))
            if wanted is not None:
                await self._page(wanted)
        except _Stopped:
            pass
        except StoreError as error:
            why = str(error).removesuffix(".")
            self._tell(Page(post_id, "", problem=f"could not be stored: {why}"))
        except Exception as error:  # noqa: BLE001  a defect costs one page, not the run
            why = f"met a defect of this program ({type(error).__name__})"
            self._tell(Page(post_id, "", problem=why))

    async def _page(self, wanted: Wanted) -> None:
        post_id, title = wanted.post_id, wanted.title
        # When a page came tells that it was asked for, also where it would have come by itself.
        tells = self._is_asked_for
        try:
            answer = await self._get(wanted)
            article = await self._decoder.article(
                answer.body, media_type=answer.media_type, url=answer.url, title=title
            )
        except ExtraMissing:
            self._is_stopped = self._is_missing = True
            self._tell(Page(post_id, title, is_missing=True))
            return
        except (FetchError, DecodeError) as error:
            if isinstance(error, FetchError) and error.at_this_end:
                self._is_stopped = True
            elif not tells:
                await asyncio.wrap_future(
                    self._store.save_page_failure(post_id, str(error), for_good=_is_for_good(error))
                )
            self._tell(Page(post_id, title, problem=str(error)))
            return
        found = _letters(article.html)
        problem = ""
        if not found:
            problem = NO_TEXT
        elif found <= max(_letters(wanted.content), _letters(wanted.excerpt)):
            problem = NO_MORE
        if not tells:
            html = "" if problem else article.html
            await asyncio.wrap_future(self._store.save_full_text(post_id, html))
        elif not problem:
            await asyncio.wrap_future(self._store.save_asked_text(post_id, article.html))
        self._tell(Page(post_id, title, 0 if problem else _words(article.html), problem))

    def _tell(self, page: Page) -> None:
        if page.words:
            self._fetched += 1
        elif page.problem not in ("", NO_TEXT, NO_MORE):
            self._failed += 1
        self._emit(page)

    # ── requests ────────────────────────────────────────────────────────────────────────────

    async def _get(self, wanted: Wanted) -> Response:
        """The page, after its host's other ones and a pause; waits where it is asked to, within
        bounds."""
        state = self._states.get(wanted.address, SourceState(wanted.address))
        source = self._sources.get(wanted.address, Source(wanted.address))
        feed = decide.asked_at(state)
        link = page_address(wanted.link, feed)
        if not link:
            raise BadAddress(NO_LINK)
        host = clean.host(link)
        is_own = host == clean.host(feed)
        if is_own:
            self._refuse_too_early(state)
        manner = decide.manner_at(source.manner, wanted.address, link)
        manner = manner._replace(max_bytes=MAX_PAGE_BYTES)
        lock = self._hosts.setdefault(host, asyncio.Lock())
        waits = 0
        pause_s = self._pause_s
        async with lock, self._turns:
            while True:
                if self._is_stopped or host in self._closed:
                    raise _Stopped
                if host in self._asked:
                    await self._sleep(pause_s)
                self._asked.add(host)
                try:
                    # A feed named the page, not a person.
                    return await self._fetcher.fetch(link, manner=manner, led_from=feed)
                except FetchError as error:
                    wait_s = error.retry_after_s
                    if wait_s is None:
                        raise
                    if wait_s <= LONGEST_WAIT_S and waits < MAX_WAITS:
                        waits += 1
                        pause_s = max(wait_s, self._pause_s)
                        continue
                    self._closed.add(host)
                    if is_own:  # it means all of the site
                        until = decide.left_alone_until(self._clock(), wait_s)
                        await asyncio.wrap_future(
                            self._store.save_not_before(wanted.address, until)
                        )
                    raise

    def _refuse_too_early(self, state: SourceState) -> None:
        until, now = state.not_before, self._clock()
        if until is not None and now < until:
            is_today = local_time(until).date() == local_time(now).date()
            day = "" if is_today else f"{date(until)} "
            raise _Early(
                f"is on a site that asked to be left alone until {day}{local_time(until):%H:%M}"
            )


class _Early(FetchError):
    """A site that is not asked now, as it wished; that tells nothing of a page."""

    def __init__(self, phrase: str) -> None:
        super().__init__(phrase, at_this_end=True)


def page_address(link: str, feed: str) -> str:
    """Where the page of a post is fetched; "" if nowhere.

    Nothing leads from https to http: what a feed that came by https names by http is asked for by
    https, which is where such a link leads today.
    """
    address = clean.url(link)
    if not address.startswith(("http://", "https://")):
        return ""
    parts = urlsplit(address)
    if parts.scheme == "http" and feed.startswith("https://") and parts.port in (None, 80):
        host = parts.netloc.removesuffix(":80")
        address = parts._replace(scheme="https", netloc=host).geturl()
    return address


def _is_for_good(error: FetchError | DecodeError) -> bool:
    """Whether it will hardly be another answer the next time."""
    if isinstance(error, BadStatus):
        return error.status < 500 and error.status not in _NOT_FOR_GOOD
    return isinstance(error, NotAFeed | TooLarge | BadAddress)


def _letters(markup: str) -> int:
    """How many letters and digits it has, tags left out."""
    return len(_NO_LETTERS.sub("", _TAG.sub("", markup)))


def _words(markup: str) -> int:
    return len(_WORD.findall(_TAG.sub(" ", markup)))
