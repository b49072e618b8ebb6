"""Work that a person started and does not wait for: on a thread with an event loop of its own, so
that neither network nor parsing ever holds up a key."""

import asyncio
import selectors
import threading
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from nordic_tui.courtesy import Courtesy
from nordic_tui.model import Source, SourceState

if TYPE_CHECKING:
    from nordic_tui.service import archive, fulltext, refresh
    from nordic_tui.service.discover import Discoverer, Discovery
    from nordic_tui.service.pictures import Pictures

T = TypeVar("T")


class _CourteousSelector(selectors.DefaultSelector):
    """Gives way to the screen before each turn of the event loop that it belongs to."""

    def __init__(self, courtesy: Courtesy) -> None:
        super().__init__()
        self._courtesy = courtesy

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._courtesy.give_way()
        return super().select(timeout)


def _defect(error: BaseException) -> str:
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        return "could not be started: this machine has no thread left for it"
    return f"met a defect of this program ({type(error).__name__})"


class Background(Generic[T]):
    """Runs one coroutine at a time, which gives way to the screen."""

    def __init__(self, name: str, courtesy: Courtesy) -> None:
        self._name = name
        self._courtesy = courtesy
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[T] | None = None
        self._running = threading.Event()
        self._stopping = threading.Event()

    @property
    def running(self) -> bool:
        """Whether the work goes on. Not any more when its end is told."""
        return self._running.is_set()

    def start(
        self,
        work: Callable[[], Coroutine[Any, Any, T]],
        done: Callable[[T], None],
        failed: Callable[[BaseException], T],
    ) -> bool:
        """Begin the work; False if there is some that still goes on.

        done: called with what the work gave, on its thread; not if it was stopped. On the
            caller's thread where no other is to be had.
        failed: makes the end that `done` is told where the work raises, which is a defect: what
            it raised leaves the thread all the same, for `threading.excepthook`.
        """
        if self.running:
            return False
        self._running.set()
        self._stopping.clear()
        thread = threading.Thread(
            target=self._work, args=(work, done, failed), name=self._name, daemon=True
        )
        try:
            thread.start()
        except RuntimeError as error:  # the machine has no memory for it, or no number
            self._running.clear()
            done(failed(error))
        else:
            self._thread = thread
        return True

    def stop(self, timeout_s: float = 0.5) -> None:
        """Break the work off and wait until it has let go of its sockets and processes."""
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

    def _work(
        self,
        work: Callable[[], Coroutine[Any, Any, T]],
        done: Callable[[T], None],
        failed: Callable[[BaseException], T],
    ) -> None:
        ended: list[T] = []

        async def run() -> None:
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.create_task(work())
            if self._stopping.is_set():
                self._task.cancel()
            try:
                ended.append(await self._task)
            except asyncio.CancelledError:
                if not self._stopping.is_set():
                    raise
                # stop() was called: nobody waits for the end any more
            finally:
                self._task = self._loop = None

        try:
            with asyncio.Runner(loop_factory=self._open_loop) as runner:
                runner.run(run())
        except BaseException as error:
            if not self._stopping.is_set():
                ended[:] = [failed(error)]
            raise
        finally:
            self._running.clear()
            # Whoever hears of the end may start the next at once.
            for result in ended:
                done(result)

    def _open_loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.SelectorEventLoop(_CourteousSelector(self._courtesy))


class BackgroundRefresh:
    """Runs one refresh at a time."""

    def __init__(self, refresher: "refresh.Refresher", courtesy: Courtesy) -> None:
        self._refresher = refresher
        self._background = Background[Any]("refresh", courtesy)

    @property
    def running(self) -> bool:
        """Whether a refresh goes on. Not any more when its Finished is emitted."""
        return self._background.running

    def start(self, states: Sequence[SourceState], emit: "refresh.Emit") -> bool:
        """Begin a refresh of `states`; False if one is still going on.

        emit: called on a thread of its own with each event, Finished at the end; after `stop`
            with nothing more.
        """

        def failed(error: BaseException) -> "refresh.Finished":
            from nordic_tui.service import refresh

            emit(refresh.Failed("The refresh", _defect(error), None))
            return refresh.Finished(asked=len(states), failed=1, new=0)

        return self._background.start(lambda: self._refresher.run(states, emit), emit, failed)

    def stop(self, timeout_s: float = 0.5) -> None:
        """Break the refresh off and wait until it has let go of its sockets and processes."""
        self._background.stop(timeout_s)


class BackgroundArchive:
    """Brings one archive at a time."""

    def __init__(self, archivist: "archive.Archivist", courtesy: Courtesy) -> None:
        self._archivist = archivist
        self._background = Background[Any]("archive", courtesy)

    @property
    def running(self) -> bool:
        """Whether an archive is being fetched. Not any more when its Archived is emitted."""
        return self._background.running

    def start(
        self, source: Source, state: SourceState, emit: "archive.Emit", limit: int | None = None
    ) -> bool:
        """Begin or go on with the archive of a source; False if one is still being fetched.

        emit: called on a thread of its own with each Page, and with Archived at the end; after
            `stop` with nothing more.
        """

        def failed(error: BaseException) -> "archive.Archived":
            from nordic_tui.service import archive

            title, why = state.title or source.address, _defect(error)
            return archive.Archived(title, 0, 0, None, complete=False, reason=why)

        return self._background.start(
            lambda: self._archivist.run(source, state, emit, limit=limit), emit, failed
        )

    def stop(self, timeout_s: float = 0.5) -> None:
        """Break the run off; another one goes on from there."""
        self._background.stop(timeout_s)


class BackgroundFullTexts:
    """Fetches the pages of posts: of one that a person asked for, or of those that are new."""

    def __init__(self, texts: "fulltext.FullTexts", courtesy: Courtesy) -> None:
        self._texts = texts
        self._background = Background[Any]("full-texts", courtesy)

    @property
    def running(self) -> bool:
        """Whether pages are being fetched. Not any more when its Ended is emitted."""
        return self._background.running

    def start_one(
        self,
        post_id: int,
        sources: Sequence[Source],
        states: Sequence[SourceState],
        emit: "fulltext.Emit",
    ) -> bool:
        """Fetch the page of a post; False if pages are still being fetched.

        sources, states: what is followed, and what is kept of it: how its host is asked.
        emit: called on a thread of its own with the Page, and with Ended at the end; after `stop`
            with nothing more.
        """
        return self._start(lambda: self._texts.one(post_id, sources, states, emit), emit)

    def start_new(
        self,
        sources: Sequence[Source],
        states: Sequence[SourceState],
        emit: "fulltext.Emit",
    ) -> bool:
        """The same for the newest posts of the sources that want all of them."""
        return self._start(lambda: self._texts.new(sources, states, emit), emit)

    def _start(self, work: Callable[[], Coroutine[Any, Any, Any]], emit: "fulltext.Emit") -> bool:
        def failed(_: BaseException) -> "fulltext.Ended":
            from nordic_tui.service import fulltext

            return fulltext.Ended(0, 1)

        return self._background.start(work, emit, failed)

    def stop(self, timeout_s: float = 0.5) -> None:
        """Break the run off; what is stored stays."""
        self._background.stop(timeout_s)


class BackgroundDiscovery:
    """Looks for the feeds at one address at a time."""

    def __init__(self, discoverer: "Discoverer", courtesy: Courtesy) -> None:
        self._discoverer = discoverer
        self._background = Background[Any]("discovery", courtesy)

    @property
    def running(self) -> bool:
        """Whether it looks. Not any more when its Discovery is emitted."""
        return self._background.running

    def start(self, words: str, emit: "Callable[[str | Discovery], None]") -> bool:
        """Look for what a person pasted; False if it still looks for something.

        emit: called on a thread of its own with what is asked just now, in words, and with the
            Discovery at the end; after `stop` with nothing more.
        """

        def failed(error: BaseException) -> "Discovery":
            from nordic_tui.service import discover, places

            return discover.Discovery(tried=((places.without_login(words), _defect(error)),))

        return self._background.start(lambda: self._discoverer.find(words, emit), emit, failed)

    def stop(self, timeout_s: float = 0.5) -> None:
        """Break the search off."""
        self._background.stop(timeout_s)


class BackgroundPicture:
    """Gets one picture at a time."""

    def __init__(self, pictures: "Pictures", courtesy: Courtesy) -> None:
        self._pictures = pictures
        self._background = Background[Any]("picture", courtesy)

    def start(self, address: str, led_from: str, emit: "Callable[[bytes | str], None]") -> bool:
        """Get a picture; False if another one is still on its way.

        emit: called on a thread of its own with what the terminal is sent, or with why there is
            no picture, a sentence; after `stop` not at all.
        """
        from nordic_tui.errors import HandoffError

        async def get() -> bytes | str:
            try:
                return await self._pictures.get(address, led_from)
            except HandoffError as error:
                return str(error)

        def failed(error: BaseException) -> str:
            return f"The picture {_defect(error)}."

        return self._background.start(get, emit, failed)

    def stop(self, timeout_s: float = 0.5) -> None:
        """Break it off."""
        self._background.stop(timeout_s)
