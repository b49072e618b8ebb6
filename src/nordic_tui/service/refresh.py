"""Refresh: from the sources to the store.

    another instance of the program refreshes?  wait; leave out what it has asked
    for each due source, all at once (the fetcher keeps hosts and connections bounded):
        answer = fetch(source, its validators)
        unchanged, or the same body as last time?  keep the state; done
        feed = decode(answer)                      in a process of its own
        store(feed, state)                         one transaction; of a large feed, one a part
        emit an event

A source that fails, be it by a defect of this program, keeps what it had and gets a time to be
tried again; it costs no other source anything. `decide` has the rules.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing, suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from nordic_tui.clock import Clock
from nordic_tui.errors import BadStatus, FetchError, StoreError
from nordic_tui.model import Entry, Feed, Manner, Response, Saved, Source, SourceState
from nordic_tui.service import decide, outcome
from nordic_tui.service.ports import (
    Decoder,
    FeedStore,
    Fetcher,
    OneAtATime,
    OpenDecoder,
    OpenFetcher,
)
from nordic_tui.service.room import Room

LARGE_BYTES = 2_000_000
"""A body above this is read in parts, so that its first posts are there while it is read."""
PATIENCE_S = 120.0
"""So long another instance that refreshes is waited for: one may be stopped in its midst (Ctrl+Z)
and come to no end."""
GAVE_UP = (
    "Another instance has been refreshing for two minutes and comes to no end: "
    "nothing was asked. End it, or try again later."
)
"""What is said of that."""
LOOKS_EVERY_S = 0.25
"""Whoever refreshes says nothing when it is over."""
TERMS_KEPT = timedelta(days=1)
"""What a WordPress site says of its categories is asked for no more often."""


class Waiting(NamedTuple):
    """Another instance of the program refreshes: its end is waited for."""


class Started(NamedTuple):
    """A refresh began; `total` sources are asked."""

    total: int


class Unchanged(NamedTuple):
    """A source has nothing that it did not have before."""

    title: str


class Growing(NamedTuple):
    """A part of a source's large feed was stored: these posts are there to be shown."""

    title: str
    new: int


class Stored(NamedTuple):
    """A source's feed was read and stored."""

    title: str
    new: int
    changed: int
    warnings: tuple[str, ...] = ()
    known: int = 0
    """How many of the new posts another source had brought."""


class Failed(NamedTuple):
    """A source failed. `reason` reads on from its title."""

    title: str
    reason: str
    next_at: datetime | None
    """None: it is not asked again, or when could not be kept."""
    not_before: datetime | None = None
    """Until then it is not asked even if a person asks."""


class Finished(NamedTuple):
    """The refresh is over."""

    asked: int
    failed: int
    new: int
    """A post that came in by two sources counts once."""
    by_others: int = 0
    """Sources that were not asked, as another instance of the program has just asked them."""
    gave_up: bool = False
    """Whether another instance came to no end in `PATIENCE_S`; then nothing was asked."""


Event = Waiting | Started | Unchanged | Growing | Stored | Failed | Finished
Emit = Callable[[Event], None]
AfterFeed = Callable[[SourceState, Feed, Fetcher, Decoder], Awaitable[SourceState]]
"""Something to be done once a feed is stored; gives the state with what came of it."""


MOST_HELD_BYTES = 24_000_000
"""Of bodies that wait to be read; those on their way may add half as much again."""


class _Edges(NamedTuple):
    """What all sources of a refresh share."""

    fetcher: Fetcher
    decoder: Decoder
    room: Room


class _Read(NamedTuple):
    """A body that was read and stored."""

    stored: SourceState
    """As it was stored with the feed."""
    told: SourceState
    """The same, with how many posts were new."""
    feed: Feed
    """Of a feed in parts, the last part."""
    saved: Saved
    warnings: tuple[str, ...]


class Refresher:
    """Asks sources and stores what they answer.

    open_fetcher, open_decoder: give the edges for one refresh; they are closed when it ends,
        so that a program that is open all day holds no connection and no process.
    interval_s: seconds between two requests to a source, at least; see `decide.after_answer`.
    parser: the version of the decoders; what another one read is read anew.
    after_feed: called once posts were stored of a site that says that it has WordPress's REST
        interface, at most once a day for each source; its failure is none of the source. Sites
        that do not say so are not tried: a refresh asks for nothing that may not be there.
    alone: one instance of the program refreshes at a time; who comes second waits, and asks only
        what the other one has not. None: there is no other one. sleep: waits so many seconds.
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
        parser: int,
        after_feed: AfterFeed | None = None,
        alone: OneAtATime | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,  # a test gives its own
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._open_fetcher = open_fetcher
        self._open_decoder = open_decoder
        self._store = store
        self._clock = clock
        self._interval_s = interval_s
        self._parser = parser
        self._after_feed = after_feed
        self._alone = alone
        self._sleep = sleep
        self._chance = chance
        self._sources: dict[str, Source] = {}

    def follow(self, sources: Sequence[Source]) -> None:
        """Ask these sources as they wish from now on: interval, manner, what is left out.

        May be called from any thread, also while a refresh goes on. A source that is not among
        them is asked as usual.
        """
        self._sources = {source.address: source for source in sources}

    def manner_of(self, address: str) -> Manner:
        """How the source with this address is asked. From any thread."""
        return self._source(address).manner

    def _source(self, address: str) -> Source:
        return self._sources.get(address) or Source(address)

    async def run(self, states: Sequence[SourceState], emit: Emit) -> Finished:
        """Ask every one of `states`; events go to `emit`, but for the last, which is returned.

        Of what another instance of the program has asked since, nothing is asked again.
        """
        if self._alone is None:
            return await self._ask_all(states, emit)
        if not await self._is_alone(self._alone, emit):
            return Finished(0, 0, 0, gave_up=True)
        try:
            wanted = await self._still_wanted(states)
            finished = await self._ask_all(wanted, emit)
        finally:
            self._alone.end()
        return finished._replace(by_others=len(states) - len(wanted))

    async def _is_alone(self, alone: OneAtATime, emit: Emit) -> bool:
        """Whether it is this instance's turn, within `PATIENCE_S`."""
        if alone.begin():
            return True
        emit(Waiting())
        waited_s = 0.0
        while waited_s < PATIENCE_S:
            await self._sleep(LOOKS_EVERY_S)
            waited_s += LOOKS_EVERY_S
            if alone.begin():
                return True
        return False

    async def _still_wanted(self, states: Sequence[SourceState]) -> Sequence[SourceState]:
        try:
            stored = await asyncio.wrap_future(self._store.load_states())
        except StoreError:
            return states  # each of them says what is wrong with the store
        return decide.still_wanted(states, stored, self._clock())

    async def _ask_all(self, states: Sequence[SourceState], emit: Emit) -> Finished:
        emit(Started(len(states)))
        failed = new = 0
        room = Room(MOST_HELD_BYTES)
        async with self._open_fetcher() as fetcher, self._open_decoder() as decoder:
            unread = sum(not state.body_hash for state in states)
            getting_ready = asyncio.create_task(decoder.expect(unread))
            edges = _Edges(fetcher, decoder, room)
            tasks = [asyncio.create_task(self._one(s, edges, emit)) for s in states]
            try:
                for task in asyncio.as_completed(tasks):
                    event = await task
                    failed += isinstance(event, Failed)
                    new += event.new - event.known if isinstance(event, Stored) else 0
                    emit(event)
            finally:
                for unfinished in tasks:
                    unfinished.cancel()
                # The edges are closed when nobody uses them any more.
                await asyncio.gather(getting_ready, *tasks, return_exceptions=True)
        return Finished(asked=len(states), failed=failed, new=new)

    async def _one(
        self, state: SourceState, edges: _Edges, emit: Emit
    ) -> Unchanged | Stored | Failed:
        try:
            return await self._ask(state, edges, emit)
        except StoreError as error:
            return Failed(state.title, f"could not be stored: {_open_ended(error)}", None)
        except Exception as error:  # noqa: BLE001  a defect costs one source, not the refresh
            return await self._note_failure(state, error)

    async def _ask(self, state: SourceState, edges: _Edges, emit: Emit) -> Unchanged | Stored:
        source = self._source(state.address)
        address = decide.asked_at(state)
        validates = decide.may_validate(state, self._parser, source.left_out)
        answer = await edges.fetcher.fetch(
            address,
            etag=state.etag if validates else "",
            last_modified=state.last_modified if validates else "",
            validators_of=state.answered_by if validates else "",
            manner=decide.manner_at(source.manner, state.address, address),
            wait_for_room=edges.room.wait,
        )
        with edges.room.hold(len(answer.body)):
            return await self._take(state, source, answer, edges, emit, validates=validates)

    async def _take(
        self,
        state: SourceState,
        source: Source,
        answer: Response,
        edges: _Edges,
        emit: Emit,
        *,
        validates: bool,
    ) -> Unchanged | Stored:
        """validates: whether `state` has what an unchanged body is known by."""
        well = state._replace(
            checked_at=self._clock(),
            failures=0,
            missed_since=None,
            error="",
            stopped=False,  # who adds it anew has it asked all the same
            not_before=None,
            asked=state.asked + 1,
        )
        if answer.not_modified:
            well = decide.moved(well, answer.moved_to, is_read=False)
            well = well._replace(not_modified=well.not_modified + 1)
            return await self._spare(well, source, answer, "304: nothing changed")

        from hashlib import blake2b  # with its OpenSSL 2 ms, and the start is over by now

        body_hash = blake2b(answer.body, digest_size=16).hexdigest()
        if validates and body_hash == state.body_hash:
            well = decide.moved(well, answer.moved_to)
            if state.etag or state.last_modified:  # without, it was damaged when it was read
                well = well._replace(
                    etag=answer.etag,
                    last_modified=answer.last_modified,
                    answered_by=answer.url,
                )
            return await self._spare(well, source, answer, "the same as before")
        read = await self._read(well, source, answer, body_hash, edges.decoder, emit)
        await self._finish(read, answer, edges.fetcher, edges.decoder)
        return Stored(
            well.title, read.saved.new, read.saved.changed, read.warnings, read.saved.known
        )

    async def _spare(
        self, well: SourceState, source: Source, answer: Response, came_back: str
    ) -> Unchanged:
        """Note that nothing had to be read."""
        well = self._timed(well, source, answer)
        well = well._replace(
            spared=well.spared + 1,
            outcome=came_back + outcome.moved_words(well, answer),
            validated=decide.validated(well, source.left_out),
        )
        await asyncio.wrap_future(self._store.save_state(well))
        return Unchanged(well.title)

    def _timed(self, well: SourceState, source: Source, answer: Response) -> SourceState:
        """The state with the time of the next request."""
        assert well.checked_at is not None
        again = decide.after_answer(
            well.checked_at,
            own_interval_s=source.interval_s,
            floor_s=self._interval_s,
            rhythm_s=well.rhythm_s,
            max_age_s=answer.max_age_s,
            update_s=well.update_s,
        )
        return well._replace(next_at=again.at, next_why=again.why)

    async def _read(
        self,
        well: SourceState,
        source: Source,
        answer: Response,
        body_hash: str,
        decoder: Decoder,
        emit: Emit,
    ) -> _Read:
        """Read a body and store what it holds."""
        now = self._clock()
        posts = kept = new = changed = known = 0
        newest: list[Entry] = []
        keys: set[tuple[object, ...]] = set()
        warnings: list[str] = []
        last: Feed | None = None
        async with aclosing(_parts(answer, decoder)) as parts:
            async for part in parts:
                if last is not None:
                    saved = await asyncio.wrap_future(self._store.save_posts(source.address, last))
                    new, changed = new + saved.new, changed + saved.changed
                    known += saved.known
                    emit(Growing(well.title, saved.new))
                last = decide.without_left_out(part, source.left_out)
                posts, kept = posts + len(part.entries), kept + len(last.entries)
                keys |= decide.post_keys(last)
                newest = decide.newest((*newest, *part.entries), now)
                warnings += [warning for warning in part.warnings if warning not in warnings]
        assert last is not None  # there is at least one part

        rhythm_s = decide.rhythm_s(newest, now)
        well = decide.moved(well, answer.moved_to)
        # Validators count only now: the answer was read in full and is a feed. Of one that breaks
        # off they would keep the rest away until the next post is written, and of one that is
        # damaged perhaps what is mended.
        is_whole = not last.cut_off
        is_sound = is_whole and not warnings
        # Right for a source that is new and for one that has nothing new: no second write.
        expected = 0 if well.posts else kept
        well = well._replace(
            etag=answer.etag if is_sound else "",
            last_modified=answer.last_modified if is_sound else "",
            answered_by=answer.url if is_sound else "",
            body_hash=body_hash if is_whole else "",
            validated=decide.validated(well, source.left_out) if is_whole else "",
            parser=self._parser,
            rhythm_s=well.rhythm_s if rhythm_s is None else rhythm_s,
            update_s=last.update_s,
            warning=outcome.warning_words(warnings),
            outcome=outcome.posts_words(posts, expected, well) + outcome.moved_words(well, answer),
        )
        well = self._timed(well, source, answer)
        saved = await asyncio.wrap_future(self._store.save_feed(source.address, last, well))
        saved = Saved(new + saved.new, changed + saved.changed, known + saved.known)
        if source.archive and well.posts and keys and saved.new == len(keys):
            # All that it has is new: what was posted before that is only in its archive.
            await asyncio.wrap_future(self._store.reopen_archive(source.address))
        told = well._replace(
            outcome=outcome.posts_words(posts, saved.new, well) + outcome.moved_words(well, answer)
        )
        return _Read(well, told, last, saved, tuple(warnings))

    async def _finish(
        self, read: _Read, answer: Response, fetcher: Fetcher, decoder: Decoder
    ) -> None:
        """Keep what is known only after a feed was stored. No failure here is the source's."""
        state, now = read.told, self._clock()
        is_due = state.terms_at is None or (
            read.saved.new and not timedelta(0) <= now - state.terms_at < TERMS_KEPT
        )
        if self._after_feed is not None and answer.offers_rest and is_due:
            try:
                state = await self._after_feed(state, read.feed, fetcher, decoder)
            except Exception:  # noqa: BLE001  whatever is wrong with it, the source has answered
                state = state._replace(terms_at=now)
        if state != read.stored:
            with suppress(StoreError):
                await asyncio.wrap_future(self._store.save_state(state))

    async def _note_failure(self, state: SourceState, error: Exception) -> Failed:
        """Keep that it failed and when it is asked again."""
        now = self._clock()
        source = self._source(state.address)
        failures = state.failures + 1
        is_gone = decide.is_gone(state, error)
        # Who was asked by name after it had stopped goes on only with a good answer.
        stopped = is_gone or state.stopped
        after = decide.missed(state, error, now)
        turns = after.asks_old and not state.asks_old
        retry_after_s = error.retry_after_s if isinstance(error, FetchError) else None
        again = decide.after_failure(
            now,
            failures,
            # That there is nothing at the one place tells nothing of the other.
            status=error.status if isinstance(error, BadStatus) and not turns else 0,
            retry_after_s=retry_after_s,
            own_interval_s=source.interval_s,
            floor_s=self._interval_s,
            chance=self._chance(),
        )
        reason = outcome.reason(error, state)
        not_before = None
        if retry_after_s is not None and not stopped:
            not_before = decide.left_alone_until(now, retry_after_s)
        after = after._replace(
            checked_at=now,
            next_at=None if stopped else again.at,
            next_why="" if stopped else again.why,
            not_before=not_before,
            failures=failures,
            error=state.error if stopped and not is_gone else reason,
            stopped=stopped,
            asked=state.asked + 1,
        )
        try:
            await asyncio.wrap_future(self._store.save_state(after))
        except StoreError as store_error:
            return Failed(state.title, f"{reason}; {_open_ended(store_error)}", None)
        except Exception as defect:  # noqa: BLE001  as in `_one`
            return Failed(state.title, f"{reason}; it {outcome.reason(defect, state)}", None)
        if is_gone:
            reason += ": asking stopped"
        return Failed(state.title, reason, after.next_at, not_before)


async def _parts(answer: Response, decoder: Decoder) -> AsyncGenerator[Feed, None]:
    """A body's feed, in parts if it is large."""
    if len(answer.body) <= LARGE_BYTES:
        yield await decoder.decode(answer.body, media_type=answer.media_type, url=answer.url)
        return
    parts = decoder.parts(answer.body, media_type=answer.media_type, url=answer.url)
    try:
        async for part in parts:
            yield part
    finally:
        # The decoder is free for the next only when this one has let go of it.
        await parts.aclose()


def _open_ended(error: StoreError) -> str:
    """The sentence without its full stop, to stand in a `reason`."""
    return str(error).removesuffix(".")
