"""Refresh: from the sources to the store.

    for each due source, all at once (the fetcher keeps hosts and connections bounded):
        answer = fetch(source, its validators)
        unchanged, or the same body as last time?  keep the state; done
        feed = decode(answer)                      in a process of its own
        store(feed, state)                         one transaction
        emit an event

A source that fails keeps what it had and gets a time to be tried again; it costs no other
source anything.
"""

import asyncio
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from nordic_tui.clock import Clock
from nordic_tui.errors import DecodeError, FetchError, Gone, StoreError
from nordic_tui.model import Source, SourceState
from nordic_tui.service import decide
from nordic_tui.service.ports import Decoder, FeedStore, Fetcher, OpenDecoder, OpenFetcher


class Started(NamedTuple):
    """A refresh began; `total` sources are asked."""

    total: int


class Unchanged(NamedTuple):
    """A source has nothing that it did not have before."""

    title: str


class Stored(NamedTuple):
    """A source's feed was read and stored."""

    title: str
    new: int
    changed: int
    warnings: tuple[str, ...] = ()


class Failed(NamedTuple):
    """A source failed. `reason` reads on from its title."""

    title: str
    reason: str
    next_at: datetime | None
    """None: it is not asked again, or when could not be kept."""


class Finished(NamedTuple):
    """The refresh is over."""

    asked: int
    failed: int
    new: int


Event = Started | Unchanged | Stored | Failed | Finished
Emit = Callable[[Event], None]


class Refresher:
    """Asks sources and stores what they answer.

    open_fetcher, open_decoder: give the edges for one refresh; they are closed when it ends,
        so that a program that is open all day holds no connection and no process.
    intervals_s: seconds between two requests, by a source's address; `interval_s` for others.
    chance: gives a number from 0 to 1.
    """

    def __init__(
        self,
        open_fetcher: OpenFetcher,
        open_decoder: OpenDecoder,
        store: FeedStore,
        clock: Clock,
        *,
        interval_s: float,
        intervals_s: Mapping[str, float] | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._open_fetcher = open_fetcher
        self._open_decoder = open_decoder
        self._store = store
        self._clock = clock
        self._interval_s = interval_s
        self._intervals_s = dict(intervals_s or {})
        self._chance = chance

    async def run(self, states: Sequence[SourceState], emit: Emit) -> Finished:
        """Ask every one of `states`; events go to `emit`, but for the last, which is returned."""
        emit(Started(len(states)))
        failed = new = 0
        async with self._open_fetcher() as fetcher, self._open_decoder() as decoder:
            tasks = [asyncio.create_task(self._one(s, fetcher, decoder)) for s in states]
            try:
                for task in asyncio.as_completed(tasks):
                    event = await task
                    failed += isinstance(event, Failed)
                    new += event.new if isinstance(event, Stored) else 0
                    emit(event)
            finally:
                for unfinished in tasks:
                    unfinished.cancel()
                # The edges are closed when nobody uses them any more.
                await asyncio.gather(*tasks, return_exceptions=True)
        return Finished(asked=len(states), failed=failed, new=new)

    async def _one(
        self, state: SourceState, fetcher: Fetcher, decoder: Decoder
    ) -> Unchanged | Stored | Failed:
        try:
            return await self._ask(state, fetcher, decoder)
        except (FetchError, DecodeError) as error:
            return await self._note_failure(state, error)
        except StoreError as error:
            return Failed(state.title, f"could not be stored: {_open_ended(error)}", None)
        except Exception as error:  # noqa: BLE001  a defect costs one source, not the refresh
            reason = f"met a defect of this program ({type(error).__name__})"
            return Failed(state.title, reason, None)

    async def _ask(
        self, state: SourceState, fetcher: Fetcher, decoder: Decoder
    ) -> Unchanged | Stored:
        answer = await fetcher.fetch(
            state.read_from or state.address,
            etag=state.etag,
            last_modified=state.last_modified,
        )
        now = self._clock()
        interval_s = self._intervals_s.get(state.address, self._interval_s)
        well = state._replace(
            checked_at=now,
            next_at=decide.after_answer(now, interval_s, answer.max_age_s),
            failures=0,
            error="",
        )
        if answer.not_modified:
            await asyncio.wrap_future(self._store.save_state(well))
            return Unchanged(state.title)

        from hashlib import blake2b  # with its OpenSSL 2 ms, and the start is over by now

        body_hash = blake2b(answer.body, digest_size=16).hexdigest()
        if body_hash == state.body_hash:
            feed = None
        else:
            feed = await decoder.decode(answer.body, media_type=answer.media_type, url=answer.url)
        # Validators and the new address count only now: the answer was read in full and is a feed.
        # Of one that breaks off they would keep the rest away, until the next post is written.
        is_whole = feed is None or not feed.cut_off
        well = well._replace(
            etag=answer.etag if is_whole else "",
            last_modified=answer.last_modified if is_whole else "",
            body_hash=body_hash if is_whole else "",
            read_from=answer.moved_to or state.read_from,
        )
        if feed is None:
            await asyncio.wrap_future(self._store.save_state(well))
            return Unchanged(state.title)
        saved = await asyncio.wrap_future(self._store.save_feed(state.address, feed, well))
        return Stored(state.title, saved.new, saved.changed, feed.warnings)

    async def _note_failure(self, state: SourceState, error: FetchError | DecodeError) -> Failed:
        now = self._clock()
        failures = state.failures + 1
        # A new address that fails is forgotten: the next try asks the one that is followed.
        gone = isinstance(error, Gone) and not state.read_from
        retry_after_s = error.retry_after_s if isinstance(error, FetchError) else None
        next_at = decide.after_failure(now, failures, retry_after_s, self._chance())
        state = state._replace(
            checked_at=now,
            next_at=None if gone else next_at,
            failures=failures,
            error=str(error),
            read_from="",
            stopped=gone,
        )
        try:
            await asyncio.wrap_future(self._store.save_state(state))
        except StoreError as store_error:
            return Failed(state.title, f"{error}; {_open_ended(store_error)}", None)
        return Failed(state.title, str(error), state.next_at)


def _open_ended(error: StoreError) -> str:
    """The sentence without its full stop, to stand in a `reason`."""
    return str(error).removesuffix(".")


class BackgroundRefresh:
    """Runs one refresh at a time on a thread with an event loop of its own, so that neither
    network nor parsing ever holds up a key."""

    def __init__(self, refresher: Refresher) -> None:
        self._refresher = refresher
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Finished] | None = None
        self._running = threading.Event()
        self._stopping = threading.Event()

    @property
    def running(self) -> bool:
        """Whether a refresh goes on. Not any more when its Finished is emitted."""
        return self._running.is_set()

    def start(self, states: Sequence[SourceState], emit: Emit) -> bool:
        """Begin a refresh of `states`; False if one is still going on.

        emit: called on the refresh's own thread.
        """
        if self.running:
            return False
        self._running.set()
        self._stopping.clear()
        self._thread = threading.Thread(
            target=self._work, args=(states, emit), name="refresh", daemon=True
        )
        self._thread.start()
        return True

    def stop(self, timeout_s: float = 0.5) -> None:
        """Break a refresh off and wait until it has let go of its sockets and processes."""
        thread = self._thread
        if thread is None or not thread.is_alive():
            return
        # Where there is no task yet, the thread sees this as soon as it has made one.
        self._stopping.set()
        loop, task = self._loop, self._task
        if loop is not None and task is not None:
            # The loop may close between the check and the call.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(task.cancel)
        thread.join(timeout_s)

    def _work(self, states: Sequence[SourceState], emit: Emit) -> None:
        async def refresh() -> Finished | None:
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.create_task(self._refresher.run(states, emit))
            if self._stopping.is_set():
                self._task.cancel()
            try:
                return await self._task
            except asyncio.CancelledError:
                return None  # stop() was called: nobody waits for the events any more
            finally:
                self._task = self._loop = None

        try:
            finished = asyncio.run(refresh())
        finally:
            self._running.clear()
        # Whoever hears of the end may start the next refresh at once.
        if finished is not None:
            emit(finished)


def interval_table(sources: Sequence[Source]) -> dict[str, float]:
    """The intervals of the sources that have one of their own, by address."""
    return {s.address: s.interval_s for s in sources if s.interval_s is not None}
