"""Builds the program from its parts; the only file that names concrete classes together.

Edges that cost at start-up (network, parser) are imported where they are opened: a refresh
opens them on its own thread, after the first paint.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nordic_tui import __version__
from nordic_tui.clock import Clock, Moments, system_clock
from nordic_tui.config.consent import ConsentFile
from nordic_tui.config.paths import Paths, make_private
from nordic_tui.config.settings import DEFAULT_SOURCE, Settings
from nordic_tui.config.subscriptions import SubscriptionFile
from nordic_tui.config.undo import UndoFile
from nordic_tui.courtesy import Courtesy
from nordic_tui.decode import PARSER_VERSION
from nordic_tui.errors import StoreError
from nordic_tui.fetch.turns import Turns
from nordic_tui.model import Feed, Following, Manner, Source, SourceState
from nordic_tui.service import decide
from nordic_tui.service.history import History, may_store
from nordic_tui.service.keeping import Keeping
from nordic_tui.service.ports import Decoder, Fetcher, OneAtATime, OpenFetcher, Unshared
from nordic_tui.service.refresh import Refresher
from nordic_tui.service.subscriptions import Subscriptions
from nordic_tui.service.undo import Undoing
from nordic_tui.store.store import Store

if TYPE_CHECKING:
    from nordic_tui.service.archive import Archivist
    from nordic_tui.service.discover import Discoverer
    from nordic_tui.service.fulltext import FullTexts
    from nordic_tui.service.pictures import Pictures

USER_AGENT = f"nordic-tui/{__version__}"
DECODERS = 2
"""Bodies that are read at the same time; more would take the processors from who reads."""
_TURNS = Turns(Settings().requests_per_host)
"""What a host grants to all fetchers together: a refresh, an archive and a search for feeds may go
on at the same time."""
BUNDLED = Path(__file__).parent / "demo" / "new_initiatives.json"


class Parts(NamedTuple):
    """The program without a face."""

    store: Store
    history: History
    refresher: Refresher
    sources: tuple[Source, ...]
    problems: tuple[str, ...]
    subscriptions: Subscriptions | None
    """None: nothing is followed, addresses are read once."""
    follower: "Follower"
    courtesy: Courtesy
    alone: "Callable[[str], OneAtATime]"
    """Gives, by a name, what one instance of the program does at a time."""
    keeping: Keeping
    undoing: Undoing
    moments: Moments
    """Puts in order what a person does, wherever it is kept."""


class Follower:
    """Tells store and refresher what is followed, when that changes.

    waits: whether `follow` returns only once the store has heard of it; a screen does not wait.
    """

    def __init__(self, store: Store, refresher: Refresher) -> None:
        self.waits = True
        self._store = store
        self._refresher = refresher
        self._last: Future[None] = Future()
        self._last.set_result(None)

    def follow(self, following: Following) -> None:
        """Raises StoreError if it waits."""
        self._refresher.follow(following.sources)
        self._last = self._store.follow(*following)
        if self.waits:
            self._last.result()

    def when_done(self, call: Callable[[str], None]) -> None:
        """Have `call` called once the store has heard of the last change: from its thread, or now
        if it has. It gets "", or why that could not be stored, a sentence."""

        def report(last: Future[None]) -> None:
            error = last.exception()
            if error is not None and not isinstance(error, StoreError):
                raise error
            call(str(error) if error is not None else "")

        self._last.add_done_callback(report)


@contextmanager
def open_parts(
    settings: Settings,
    paths: Paths,
    *,
    sources: Sequence[Source] | None = None,
    fetcher: OpenFetcher | None = None,
    clock: Clock = system_clock,
) -> Iterator[Parts]:
    """Open the store and build the services over it; close it at the end.

    sources: what to read without following it; then everything stays in memory.
        None: what the settings follow.
    fetcher: where bytes come from; None: the network and the disk.
    Raises StoreError.
    """
    lasting = sources is None
    if lasting:
        make_private(paths)
    _TURNS.per_host = settings.requests_per_host
    courtesy = Courtesy()
    consent_file = ConsentFile(paths.consent_file)
    keeps = lasting and may_store(consent_file.load())
    moments = Moments(clock, UndoFile(paths.undo_file).latest if lasting else lambda: 0)
    store = Store.open(
        paths.cache_file if lasting else None,
        paths.history_file if keeps else None,
        paths.library_file if lasting else None,
        clock=clock,
        retention_days=settings.retention_days,
        courtesy=courtesy,
        moments=moments,
    )
    try:
        followed = settings.sources if sources is None else tuple(sources)
        store.follow_now(followed, *((settings.views, settings.rules) if lasting else ((), ())))
        if lasting:
            _seed(store, followed)
            store.put_back_kept()
        history = History(
            store,
            consent_file,
            paths.history_file,
            clock,
            retention_days=settings.retention_days,
            lasting=lasting,
        )
        if lasting:
            try:
                history.finish_erasing()
            except StoreError as error:
                store.problems.append(str(error))

        async def learn_terms(
            state: SourceState, feed: Feed, fetcher: Fetcher, decoder: Decoder
        ) -> SourceState:
            from nordic_tui.service import site

            manner = decide.manner_at(
                refresher.manner_of(state.address), state.address, decide.asked_at(state)
            )
            return await site.learn_terms(state, manner, fetcher, decoder, store, clock())

        def alone(what: str) -> OneAtATime:
            if not lasting:
                return Unshared()
            from nordic_tui.config.lock import OneAtATime as LockFile

            return LockFile(paths.cache_file.with_name(f"{what}.lock"))

        refresher = Refresher(
            fetcher or partial(open_fetcher, settings.requests_per_host),
            open_decoder,
            store,
            clock,
            interval_s=settings.refresh_interval_s,
            parser=PARSER_VERSION,
            after_feed=learn_terms,
            alone=alone("refresh") if lasting else None,
        )
        refresher.follow(followed)
        follower = Follower(store, refresher)
        subscriptions = None
        if lasting:
            subscriptions = Subscriptions(
                SubscriptionFile(paths.settings_file, paths.undo_file, moments),
                settings.following,
                follower.follow,
                lambda: {state.address: state.title for state in store.states()},
            )
        problems = tuple(store.problems)
        yield Parts(
            store,
            history,
            refresher,
            followed,
            problems,
            subscriptions,
            follower,
            courtesy,
            alone,
            Keeping(store, paths.library_file, lasting=lasting),
            Undoing(store, subscriptions),
            moments,
        )
    finally:
        store.close()


def _seed(store: Store, followed: Sequence[Source]) -> None:
    """The first screen is never empty: the default source begins with its bundled posts."""
    address = DEFAULT_SOURCE.address
    followed_now = any(source.address == address for source in followed)
    if followed_now and not store.has_posts(address):
        from nordic_tui.decode.detect import decode

        store.seed(address, decode(BUNDLED.read_bytes()))


@contextmanager
def open_stored(
    paths: Paths, *, retention_days: int = Settings().retention_days, clock: Clock = system_clock
) -> Iterator[tuple[History, Keeping, tuple[str, ...]]]:
    """Open what is stored about the person and what they keep, with what went wrong: sentences.

    Makes no file and follows no source. A history file is opened wherever there is one, also
    where the answer that allowed it was lost or was to an older notice: whose it is may see it
    and erase it. Raises StoreError.
    """
    store = Store.open(
        paths.cache_file if paths.cache_file.exists() else None,
        paths.history_file if paths.history_file.exists() else None,
        paths.library_file if paths.library_file.exists() else None,
        clock=clock,
        retention_days=retention_days,
    )
    try:
        history = History(
            store,
            ConsentFile(paths.consent_file),
            paths.history_file,
            clock,
            retention_days=retention_days,
        )
        yield history, Keeping(store, paths.library_file), tuple(store.problems)
    finally:
        store.close()


@asynccontextmanager
async def open_fetcher(per_host: int = Settings().requests_per_host) -> AsyncIterator[Fetcher]:
    """The network and the disk.

    per_host: how many requests a host gets at the same time from this one; from all of them
        together it gets as many as the settings say.
    """
    from nordic_tui.fetch.any import Fetcher as AnyFetcher
    from nordic_tui.fetch.http import HttpFetcher

    http = HttpFetcher(user_agent=USER_AGENT, per_host=per_host, turns=_TURNS)
    async with AnyFetcher(http) as fetcher:
        yield fetcher


def open_archive_fetcher() -> AbstractAsyncContextManager[Fetcher]:
    """The same for archives, which are many requests to one host: one at a time."""
    return open_fetcher(per_host=1)


@asynccontextmanager
async def open_decoder(*, max_memory_bytes: int | None = None) -> AsyncIterator[Decoder]:
    """The parser, in processes of its own that start with the first bodies to read.

    max_memory_bytes: of each process; None: as much as feeds need.
    """
    from nordic_tui.decode.worker import MAX_MEMORY_BYTES, DecodeWorker

    worker = DecodeWorker(max_memory_bytes=max_memory_bytes or MAX_MEMORY_BYTES, processes=DECODERS)
    try:
        yield worker
    finally:
        await worker.close()


def open_discoverer(fetcher: OpenFetcher | None = None) -> "Discoverer":
    """What finds the feeds at an address that a person pasted.

    fetcher: where bytes come from; None: the network and the disk.
    """
    from nordic_tui.service.discover import Discoverer

    return Discoverer(fetcher or open_fetcher, open_decoder)


def open_archivist(
    parts: Parts, fetcher: OpenFetcher | None = None, clock: Clock = system_clock
) -> "Archivist":
    """What brings the whole archive of a source, by one request at a time, and in one instance of
    the program at a time.

    fetcher: where bytes come from; None: the network and the disk.
    """
    from nordic_tui.service.archive import Archivist

    def alone(address: str) -> OneAtATime:
        from hashlib import blake2b

        name = blake2b(address.encode(errors="replace"), digest_size=8).hexdigest()
        return parts.alone(f"archive-{name}")

    opener = fetcher or open_archive_fetcher
    return Archivist(opener, open_decoder, parts.store, clock, alone=alone)


def open_pictures(
    prepare: Callable[[bytes], Awaitable[bytes]],
    manner_of: Callable[[str], Manner],
    fetcher: OpenFetcher | None = None,
) -> "Pictures":
    """What gets the pictures of posts.

    prepare: the bytes of a picture -> what the terminal is sent. manner_of: how the source with
    an address is asked. fetcher: where bytes come from; None: the network.
    """
    from nordic_tui.service.pictures import Pictures

    return Pictures(fetcher or open_fetcher, prepare, manner_of)


def open_full_texts(
    parts: Parts, fetcher: OpenFetcher | None = None, clock: Clock = system_clock
) -> "FullTexts":
    """What fetches the pages of posts for their full text, one request at a time to a host.

    fetcher: where bytes come from; None: the network.
    """
    from nordic_tui.decode.article import is_installed
    from nordic_tui.service.fulltext import FullTexts

    return FullTexts(
        fetcher or open_archive_fetcher,
        open_decoder,
        parts.store,
        clock,
        is_installed,
        alone=parts.alone("full-texts"),
    )


def title_of(parts: Parts) -> str:
    """What is read, in a few words: the one source's title, or the program's name."""
    return parts.store.states()[0].title if len(parts.sources) == 1 else "Nordic TUI"
