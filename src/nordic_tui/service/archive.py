"""The whole archive of a source: from its pages to the store.

    how?  rest    WordPress, where its REST interface answers
          paged   WordPress otherwise: its feed with ?paged=2, ?paged=3 …
          linked  what the feed names: RFC 5005, JSON Feed's next_url
    for each page, one request at a time with a pause between two:
        answer = fetch(page)                 no validators: they are of the whole site
        feed = decode(answer)                in a process of its own
        store(its new posts, where to go on) one transaction
        emit an event

So it can be broken off at any moment, and goes on from the last page that was stored. A page that
can't be read ends the run and is asked for again by the next.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from nordic_tui.clock import Clock
from nordic_tui.errors import (
    BadAddress,
    BadStatus,
    BrokenAnswer,
    DecodeError,
    FetchError,
    NotAFeed,
    StoreError,
    TimedOut,
    TooLarge,
    TooManyRedirects,
)
from nordic_tui.model import ArchiveState, Entry, Feed, Response, Source, SourceState, Term
from nordic_tui.service import decide
from nordic_tui.service.ports import (
    ArchiveStore,
    Decoder,
    Fetcher,
    OneAtATime,
    OpenDecoder,
    OpenFetcher,
    Unshared,
)
from nordic_tui.service.words import count, date, local_time

if TYPE_CHECKING:  # what takes addresses apart is not needed before an archive is asked for
    from nordic_tui.service.walks import Walk
    from nordic_tui.service.walks.chain import ChainWalk

MAX_PAGES = 10_000
"""Of one run."""
LONGEST_WAIT_S = 60.0
"""A site that asks to come back later than this ends the run."""
MAX_WAITS = 5
"""For one page."""
ELSEWHERE = "has its archive fetched by another instance of this program"
NO_ARCHIVE = "offers no archive beyond its feed"
NOT_WHOLE = "has pages that were damaged or changed while they were read; the next run asks again"
_TRIED_AGAIN = timedelta(days=1)
"""After that, where there was no archive."""
_GONE_ON_WITH = timedelta(hours=1)
"""After that, where something went wrong."""
_NOT_AN_END = (401, 408, 425, 429)
"""Statuses below 500 that do not say that there is no such page."""


class Page(NamedTuple):
    """A page was stored."""

    title: str
    fetched: int
    """Posts of all pages until now, those of earlier runs among them."""
    total: int | None
    """Posts in all, where the site tells."""
    new: int
    """Posts of this run that were not stored before."""


class Archived(NamedTuple):
    """A run is over."""

    title: str
    fetched: int
    new: int
    total: int | None
    complete: bool
    reason: str
    """Why it stopped before the end; reads on from the title. Empty: it did not."""


Event = Page | Archived
Emit = Callable[[Event], None]


def unfinished(source: Source, state: ArchiveState | None, now: datetime) -> bool:
    """Whether the archive of a source is to be gone on with by itself.

    state: None where it was never begun.
    """
    if not source.archive or source.paused:
        return False
    if state is None:
        return True
    if state.complete:
        return False
    wait = _GONE_ON_WITH if state.method else _TRIED_AGAIN
    if state.error and state.at is not None and now - state.at < wait:
        return False
    return source.archive_limit is None or state.fetched < source.archive_limit


class Archivist:
    """Brings the archive of one source at a time.

    open_fetcher, open_decoder: give the edges for one run.
    alone: gives, for an address, what one instance of the program does at a time.
    pause_s: between two requests. sleep: waits so many seconds.
    """

    def __init__(
        self,
        open_fetcher: OpenFetcher,
        open_decoder: OpenDecoder,
        store: ArchiveStore,
        clock: Clock,
        *,
        alone: Callable[[str], OneAtATime] = lambda _: Unshared(),
        pause_s: float = 0.25,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,  # a test gives its own
    ) -> None:
        self._open_fetcher = open_fetcher
        self._open_decoder = open_decoder
        self._store = store
        self._clock = clock
        self._alone = alone
        self._pause_s = pause_s
        self._sleep = sleep

    async def run(
        self,
        source: Source,
        state: SourceState,
        emit: Emit,
        *,
        limit: int | None = None,
        anew: bool = False,
    ) -> Archived:
        """Begin or go on; pages go to `emit`, the end is returned. Where another instance of the
        program fetches this archive, nothing is done.

        limit: so many of the newest posts at most; None: what the source says. A higher one
            goes on from there.
        anew: from the newest post, whatever earlier runs brought.
        """
        alone = self._alone(source.address)
        if not alone.begin():
            return Archived(state.title, 0, 0, None, complete=False, reason=ELSEWHERE)
        try:
            return await self._run(source, state, emit, limit=limit, anew=anew)
        finally:
            alone.end()

    async def _run(
        self, source: Source, state: SourceState, emit: Emit, *, limit: int | None, anew: bool
    ) -> Archived:
        limit = source.archive_limit if limit is None else limit
        kept = ArchiveState(source.address)
        try:
            if not anew:
                kept = await asyncio.wrap_future(self._store.load_archive(source.address))
            async with self._open_fetcher() as fetcher, self._open_decoder() as decoder:
                run = _Run(self, source, state, kept, emit, limit, fetcher, decoder)
                return await run.whole()
        except StoreError as error:
            reason = f"could not be stored: {str(error).removesuffix('.')}"
        except Exception as error:  # noqa: BLE001  a defect ends this run, not the program
            reason = f"met a defect of this program ({type(error).__name__})"
        return Archived(state.title, kept.fetched, 0, kept.total, complete=False, reason=reason)


class _Stopped(Exception):
    """The run ends before the archive does; str() is the reason."""


class _Run:
    """One run: what it has, and the pages it asks for."""

    def __init__(
        self,
        archivist: Archivist,
        source: Source,
        state: SourceState,
        kept: ArchiveState,
        emit: Emit,
        limit: int | None,
        fetcher: Fetcher,
        decoder: Decoder,
    ) -> None:
        self._store = archivist._store
        self._clock = archivist._clock
        self._pause_s = archivist._pause_s
        self._sleep = archivist._sleep
        self._source = source
        self._state = state
        self._kept = kept
        self._emit = emit
        self._limit = limit
        self._fetcher = fetcher
        self._decoder = decoder
        self._head = decide.asked_at(state)
        self._manner = decide.manner_at(source.manner, source.address, self._head)
        self._asked = 0
        self._new = 0
        self._terms: dict[int, Term] = {}
        self._nameless: set[int] = set()
        """Numbers of categories that were asked for on their own."""
        self._root = ""
        self._first: Feed | None = None
        """The feed itself, where it was asked for and is not used up."""
        self._first_url = self._head
        """Where it came from, after redirects."""

    async def whole(self) -> Archived:
        reason = ""
        try:
            self._refuse_too_early()
            walk = await self._choose()
            if walk is None:
                raise _Stopped(NO_ARCHIVE)
            await self._walk(walk)
        except _Stopped as stop:
            reason = str(stop)
        except (FetchError, DecodeError) as error:
            reason = str(error)
            await self._keep_not_before(error)
        is_whole = self._kept.complete and not reason
        kept = self._kept._replace(at=self._clock(), error=reason, complete=is_whole)
        await asyncio.wrap_future(self._store.save_archive(kept))
        title = self._state.title
        return Archived(title, kept.fetched, self._new, kept.total, kept.complete, reason)

    # ── how ─────────────────────────────────────────────────────────────────────────────────

    async def _choose(self) -> "Walk | None":
        from nordic_tui.service.walks.chain import has_links

        is_wordpress = bool(self._state.rest)
        if not is_wordpress:
            answer = await self._get(self._head)
            self._first, self._first_url = await self._decode(answer), answer.url
            is_wordpress = answer.offers_rest or self._first.is_wordpress
        if is_wordpress:
            return await self._choose_rest() or self._chain("paged")
        assert self._first is not None  # it was asked for
        if has_links(self._first_url, self._first):
            return self._chain("linked")
        # WordPress that is told not to say so: an address like one of its, and posts like its.
        guids = [entry.guid for entry in self._first.entries]
        is_like_it = "/feed" in self._head or "feed=" in self._head
        if is_like_it and any("?p=" in guid for guid in guids):
            return await self._choose_rest() or self._chain("paged")
        return None

    def _chain(self, method: str) -> "ChainWalk":
        from nordic_tui.service.walks.chain import ChainWalk

        kept_as = self._source.left_out
        return ChainWalk(method, self._head, self._cursor(method), kept_as=kept_as)

    async def _choose_rest(self) -> "Walk | None":
        """The walk by REST, if it answers and can name the posts that the feed stands for."""
        from nordic_tui.service.site import find_site
        from nordic_tui.service.walks.rest import RestWalk

        site = await find_site(
            self._head, self._manner, _Guest(self), self._decoder, known=self._state.rest
        )
        root = "" if site is None else site.root
        if site is not None:
            self._root = root
            self._terms = {term.number: term for term in site.terms}
            await asyncio.wrap_future(self._store.save_terms(self._source.address, site.terms))
        terms_at = self._clock()
        await asyncio.wrap_future(self._store.save_site(self._source.address, root, terms_at))
        query = await self._rest_query() if root else None
        if query is None:
            return None
        return RestWalk(root, query, self._cursor("rest"), kept_as=self._source.left_out)

    async def _rest_query(self) -> dict[str, str] | None:
        """What the REST interface is asked for; None: it can't name what the feed stands for."""
        from nordic_tui.service.site import find_terms, same_slug, scope_of, with_descendants

        scope = scope_of(self._head, self._root)
        if scope is None:
            return None
        if not scope.kind:
            return {}
        number = scope.number
        if not number and scope.kind == "categories":
            same = (each for each in self._terms.values() if same_slug(each.slug, scope.slug))
            number = next((each.number for each in same), 0)
        if not number:
            found = await find_terms(
                self._root,
                scope.kind,
                {"slug": scope.slug},
                self._manner,
                _Guest(self),
                self._decoder,
            )
            number = next((each.number for each in found if same_slug(each.slug, scope.slug)), 0)
        if not number:
            return None
        numbers: tuple[int, ...] = (number,)
        if scope.kind == "categories":
            numbers = with_descendants(number, self._terms.values())
        return {scope.kind: ",".join(map(str, numbers))}

    def _cursor(self, method: str) -> str:
        return self._kept.cursor if self._kept.method == method else ""

    # ── page by page ────────────────────────────────────────────────────────────────────────

    async def _walk(self, walk: "Walk") -> None:
        from nordic_tui.service.site import is_closed
        from nordic_tui.service.walks.chain import ChainWalk
        from nordic_tui.service.walks.rest import RestWalk

        # What an earlier run was told holds for its own way only.
        total = self._kept.total if self._kept.method == walk.method else None
        was_in_trouble = bool(self._kept.error)
        self._kept = self._kept._replace(fetched=walk.fetched, total=total, complete=False)
        has_page = False
        while address := walk.address():
            room = self._room(walk)
            try:
                page, said, url = await self._page(walk, address)
            except (BadStatus, DecodeError) as error:
                # Some sites show their categories and close only the posts. Of what was open
                # before, that is believed when it is so for the second time, as is a defect.
                is_useless = is_closed(error) or (was_in_trouble and _is_defect(error))
                is_believed = was_in_trouble or not walk.fetched
                if not isinstance(walk, RestWalk) or has_page or not (is_useless and is_believed):
                    raise
                walk = self._chain("paged")
                continue
            has_page = True
            try:
                taken = walk.take(page, said, room, url=url)
            except NotAFeed:
                if not isinstance(walk, RestWalk):
                    raise
                walk = self._chain("paged")  # what it answers is of no use
                continue
            if isinstance(walk, ChainWalk) and walk.repeats:
                self._kept = self._kept._replace(method="", cursor="")
                raise _Stopped(NO_ARCHIVE)
            is_done = not walk.address()
            is_further = walk.fetched != self._kept.fetched
            total = said or total
            after = ArchiveState(
                self._source.address,
                walk.method,
                walk.cursor(),
                walk.fetched,
                total,
                is_done and walk.is_whole,
                self._clock(),
            )
            await self._save(await self._with_names(taken), after)
            if is_further or is_done:
                self._emit(Page(self._state.title, walk.fetched, total, self._new))
        if not walk.is_whole:
            raise _Stopped(NOT_WHOLE)

    def _room(self, walk: "Walk") -> int | None:
        """How many posts may still come; ends the run where that is none."""
        if self._asked >= MAX_PAGES:
            raise _Stopped(f"has more than {MAX_PAGES:,} pages")
        if self._limit is None:
            return None
        room = self._limit - walk.position
        if room <= 0:
            posts = count(self._limit, "post", "posts")
            raise _Stopped(f"reached the limit of {posts}")
        return room

    async def _page(self, walk: "Walk", address: str) -> tuple[Feed | None, int | None, str]:
        """A page, the number of posts in all, and where it came from; None past the end of
        numbered pages."""
        if self._first is not None and address == self._head:
            page, self._first = self._first, None
            return page, None, self._first_url
        try:
            answer = await self._get(address, walk)
            return await self._decode(answer), answer.total, answer.url
        except (FetchError, DecodeError) as error:
            if walk.method == "paged" and address != self._head and _is_no_page(error):
                return None, None, address
            raise

    async def _decode(self, answer: Response) -> Feed:
        return await self._decoder.decode(answer.body, media_type=answer.media_type, url=answer.url)

    async def _save(self, entries: tuple[Entry, ...], after: ArchiveState) -> None:
        # Without its title, which would be that of a page, and without what it says of itself.
        feed = decide.without_left_out(Feed(entries=entries), self._source.left_out)
        saved = await asyncio.wrap_future(self._store.save_page(self._source.address, feed, after))
        self._kept = after
        self._new += saved.new

    async def _with_names(self, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """The posts with the names and slugs of their categories, where they have numbers."""
        from nordic_tui.service.site import MAX_PAGES_OF_TERMS, PER_PAGE, find_terms

        numbers = {number for entry in entries for number in entry.category_numbers}
        unknown = sorted(numbers - self._terms.keys() - self._nameless)
        unknown = unknown[: MAX_PAGES_OF_TERMS * PER_PAGE]
        if unknown and self._root:
            # Made since the others were asked for, or beyond what is asked for.
            self._nameless.update(unknown)
            for start in range(0, len(unknown), PER_PAGE):
                found = await find_terms(
                    self._root,
                    "categories",
                    {"include": ",".join(map(str, unknown[start : start + PER_PAGE]))},
                    self._manner,
                    _Guest(self),
                    self._decoder,
                )
                self._terms |= {term.number: term for term in found}
            terms = tuple(self._terms.values())
            await asyncio.wrap_future(self._store.save_terms(self._source.address, terms))
        return tuple(_named(entry, self._terms) for entry in entries)

    # ── requests ────────────────────────────────────────────────────────────────────────────

    async def _get(self, address: str, walk: "Walk | None" = None) -> Response:
        """One answer, after a pause; waits where it is asked to, within bounds, and tries once
        more what took too long, by REST with a smaller page."""
        from nordic_tui.service.walks.rest import RestWalk

        pause_s = self._pause_s if self._asked else 0.0
        waits = 0
        is_retry = False
        while True:
            if pause_s:
                await self._sleep(pause_s)
            self._asked += 1
            pause_s = self._pause_s
            try:
                # Only the feed itself was named by a person.
                led_from = "" if address == self._head else self._head
                return await self._fetcher.fetch(address, manner=self._manner, led_from=led_from)
            except FetchError as error:
                wait_s = error.retry_after_s
                if wait_s is not None and wait_s <= LONGEST_WAIT_S and waits < MAX_WAITS:
                    waits += 1
                    pause_s = max(wait_s, self._pause_s)
                elif wait_s is None and not is_retry and _may_be_the_load(error):
                    is_retry = True
                    if isinstance(walk, RestWalk) and walk.ask_for_less():
                        address = walk.address()
                else:
                    raise

    def _refuse_too_early(self) -> None:
        until = self._state.not_before
        if until is not None and self._clock() < until:
            is_today = local_time(until).date() == local_time(self._clock()).date()
            day = "" if is_today else f"{date(until)} "
            raise _Stopped(f"asked to be left alone until {day}{local_time(until):%H:%M}")

    async def _keep_not_before(self, error: FetchError | DecodeError) -> None:
        if isinstance(error, FetchError) and error.retry_after_s is not None:
            until = decide.left_alone_until(self._clock(), error.retry_after_s)
            await asyncio.wrap_future(self._store.save_not_before(self._source.address, until))


class _Guest:
    """The fetcher as the run uses it: with its pauses and its patience."""

    def __init__(self, run: _Run) -> None:
        self._run = run

    async def fetch(self, address: str, **options: object) -> Response:
        return await self._run._get(address)


def _is_no_page(error: FetchError | DecodeError) -> bool:
    """Whether it is what sites answer for a page behind the last: mostly 404, but also the front
    page, a redirect to it or a refusal. That it is not just trouble is for the walk to find out."""
    if isinstance(error, BadStatus):
        is_trouble = error.status >= 500 or error.status in _NOT_AN_END
        return error.retry_after_s is None and not is_trouble
    return isinstance(error, NotAFeed | TooManyRedirects | BadAddress) or (
        isinstance(error, BrokenAnswer) and "304" in str(error)
    )


def _is_defect(error: FetchError | DecodeError) -> bool:
    """Whether a site is out of order, and does not only want to be left alone for a while."""
    return isinstance(error, BadStatus) and error.status >= 500 and error.retry_after_s is None


def _may_be_the_load(error: FetchError) -> bool:
    """Whether it may be that a page was too much for the site or for us."""
    if isinstance(error, BadStatus):
        return error.status in (500, 502, 504)
    return isinstance(error, TimedOut | TooLarge)


def _named(entry: Entry, terms: dict[int, Term]) -> Entry:
    found = [terms[number] for number in entry.category_numbers if number in terms]
    if not found:
        return entry
    return entry._replace(
        categories=tuple(term.name for term in found), slugs=tuple(term.slug for term in found)
    )
