import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from nordic_tui.courtesy import Courtesy
from nordic_tui.model import Source, SourceState
from nordic_tui.service.archive import Archived, Emit, Event, Page
from nordic_tui.service.background import (
    Background,
    BackgroundArchive,
    BackgroundDiscovery,
    BackgroundFullTexts,
    BackgroundPicture,
    BackgroundRefresh,
)
from nordic_tui.service.discover import Discovery
from nordic_tui.service.fulltext import Ended
from nordic_tui.service.refresh import Failed, Finished

WAIT_S = 10.0


class Told:
    """Collects what is told from another thread."""

    def __init__(self) -> None:
        self.events: list[object] = []
        self.ended = threading.Event()

    def __call__(self, event: object) -> None:
        self.events.append(event)
        self.ended.set()


def no_defect(error: BaseException) -> Any:
    raise AssertionError("nothing has failed") from error


def test_the_end_is_told_on_another_thread_when_nothing_runs_any_more() -> None:
    background, told = Background[str]("test", Courtesy()), Told()
    seen: list[tuple[str, bool]] = []

    async def work() -> str:
        return threading.current_thread().name

    def done(result: str) -> None:
        seen.append((result, background.running))
        told(result)

    assert background.start(work, done, no_defect)
    assert told.ended.wait(WAIT_S)
    assert seen == [("test", False)]


def test_one_at_a_time_and_the_next_after_a_stop() -> None:
    background, told = Background[int]("test", Courtesy()), Told()
    begun, let_go = threading.Event(), threading.Event()

    async def forever() -> int:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            let_go.set()
        return 1

    async def at_once() -> int:
        return 2

    assert background.start(forever, told, no_defect)
    assert begun.wait(WAIT_S)
    assert not background.start(at_once, told, no_defect)
    background.stop(WAIT_S)
    assert let_go.is_set()
    assert not background.running
    assert background.start(at_once, told, no_defect)
    assert told.ended.wait(WAIT_S)
    assert told.events == [2]


def test_a_stop_right_after_the_start_is_heeded() -> None:
    for _ in range(50):
        background, told = Background[int]("test", Courtesy()), Told()

        async def forever() -> int:
            await asyncio.Event().wait()
            return 1

        assert background.start(forever, told, no_defect)
        background.stop(WAIT_S)
        assert not background.running
        assert told.events == []


class FakeArchivist:
    """Tells of a page and ends."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    async def run(
        self, source: Source, state: SourceState, emit: Emit, *, limit: int | None = None
    ) -> Archived:
        self.asked.append((source, state, limit))
        emit(Page("A", 10, 12, 3))
        return Archived("A", 12, 5, 12, complete=True, reason="")


def test_an_archive_tells_its_pages_and_its_end() -> None:
    archivist, events = FakeArchivist(), list[Event]()
    ended = threading.Event()
    background = BackgroundArchive(archivist, Courtesy())  # type: ignore[arg-type]  # a double of a class

    def emit(event: Event) -> None:
        events.append(event)
        if isinstance(event, Archived):
            ended.set()

    source, state = Source("https://a.example/feed/"), SourceState("https://a.example/feed/")
    assert background.start(source, state, emit, limit=7)
    assert ended.wait(WAIT_S)
    assert events == [
        Page("A", 10, 12, 3),
        Archived("A", 12, 5, 12, complete=True, reason=""),
    ]
    assert archivist.asked == [(source, state, 7)]
    assert not background.running


def test_a_turn_of_the_loop_waits_for_the_screen() -> None:
    turns: list[str] = []

    class Noting(Courtesy):
        def give_way(self) -> None:
            turns.append(threading.current_thread().name)

    background, told = Background[int]("behind", Noting()), Told()

    async def work() -> int:
        before = len(turns)
        await asyncio.sleep(0)
        return len(turns) - before

    assert background.start(work, told, no_defect)
    assert told.ended.wait(WAIT_S)
    assert told.events == [1]
    assert set(turns) == {"behind"}


# ── defects ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def raised(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[BaseException | None]]:
    """What left a thread."""
    found: list[BaseException | None] = []
    monkeypatch.setattr(threading, "excepthook", lambda crash: found.append(crash.exc_value))
    yield found
    for thread in threading.enumerate():
        if thread.name in ("test", "refresh", "archive", "discovery", "picture", "full-texts"):
            thread.join(WAIT_S)


def ended(background: Background[Any]) -> None:
    """Wait until the thread is over, its exception told."""
    thread = background._thread
    assert thread is not None
    thread.join(WAIT_S)


@pytest.mark.parametrize(
    "error", [KeyError("a defect"), asyncio.CancelledError(), ExceptionGroup("x", [OSError()])]
)
def test_work_that_raises_has_an_end(
    error: BaseException, raised: list[BaseException | None]
) -> None:
    background = Background[str]("test", Courtesy())
    seen: list[tuple[str, bool]] = []

    async def work() -> str:
        raise error

    assert background.start(
        work,
        lambda end: seen.append((end, background.running)),
        lambda found: type(found).__name__,
    )
    ended(background)
    assert seen == [(type(error).__name__, False)]
    assert [type(each) for each in raised] == [type(error)]

    async def at_once() -> str:
        return "well"

    assert background.start(at_once, lambda end: seen.append((end, True)), no_defect)
    ended(background)
    assert seen[1:] == [("well", True)]


def test_work_that_raises_when_it_is_stopped_has_no_end(
    raised: list[BaseException | None],
) -> None:
    background, told = Background[str]("test", Courtesy()), Told()
    begun = threading.Event()

    async def work() -> str:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            raise KeyError("a defect")

    assert background.start(work, told, lambda _: "failed")
    assert begun.wait(WAIT_S)
    background.stop(WAIT_S)
    assert told.events == []
    assert [type(each) for each in raised] == [KeyError]


class Broken:
    """Does nothing but raise, whatever it is to do."""

    async def run(self, *_: object, **__: object) -> Any:
        raise KeyError("a defect")

    find = one = new = run


DEFECT = "met a defect of this program (KeyError)"
SOURCE = Source("https://a.example/feed/")


def start_refresh(tell: Told) -> Background[Any]:
    refresh = BackgroundRefresh(Broken(), Courtesy())  # type: ignore[arg-type]  # a double of a class
    assert refresh.start([SourceState(SOURCE.address), SourceState("b")], tell)
    return refresh._background


def start_archive(tell: Told) -> Background[Any]:
    archive = BackgroundArchive(Broken(), Courtesy())  # type: ignore[arg-type]  # a double of a class
    assert archive.start(SOURCE, SourceState(SOURCE.address, "A"), tell)
    return archive._background


def start_discovery(tell: Told) -> Background[Any]:
    discovery = BackgroundDiscovery(Broken(), Courtesy())  # type: ignore[arg-type]  # a double of a class
    assert discovery.start("https://me:secret@a.example/", tell)
    return discovery._background


def start_full_text(tell: Told) -> Background[Any]:
    texts = BackgroundFullTexts(Broken(), Courtesy())  # type: ignore[arg-type]  # a double of a class
    assert texts.start_one(1, [SOURCE], [], tell)
    return texts._background


def start_picture(tell: Told) -> Background[Any]:
    class Pictures:
        async def get(self, *_: object) -> bytes:
            raise KeyError("a defect")

    picture = BackgroundPicture(Pictures(), Courtesy())  # type: ignore[arg-type]  # a double of a class
    assert picture.start("https://a.example/a.png", "", tell)
    return picture._background


def start_full_texts(tell: Told) -> Background[Any]:
    texts = BackgroundFullTexts(Broken(), Courtesy())  # type: ignore[arg-type]  # a double of a class
    assert texts.start_new([SOURCE], [], tell)
    return texts._background


@pytest.mark.parametrize(
    ("start", "events"),
    [
        (start_full_text, [Ended(0, 1)]),
        (start_full_texts, [Ended(0, 1)]),
        (start_picture, [f"The picture {DEFECT}."]),
        (start_refresh, [Failed("The refresh", DEFECT, None), Finished(2, 1, 0)]),
        (start_archive, [Archived("A", 0, 0, None, complete=False, reason=DEFECT)]),
        (start_discovery, [Discovery(tried=(("https://a.example/", DEFECT),))]),
    ],
)
def test_a_defect_is_told_as_the_last_event(
    start: Callable[[Told], Background[Any]],
    events: list[object],
    raised: list[BaseException | None],
) -> None:
    told = Told()
    ended(start(told))
    assert told.events == events
    assert [type(each) for each in raised] == [KeyError]


def test_a_machine_that_has_no_thread_left_ends_the_work_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    archivist, told = FakeArchivist(), Told()
    archive = BackgroundArchive(archivist, Courtesy())  # type: ignore[arg-type]  # a double of a class
    state = SourceState(SOURCE.address, "A")

    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        assert archive.start(SOURCE, state, told)
    reason = "could not be started: this machine has no thread left for it"
    assert told.events == [Archived("A", 0, 0, None, complete=False, reason=reason)]
    assert (archive.running, archivist.asked) == (False, [])
    archive.stop(WAIT_S)
    assert archive.start(SOURCE, state, told)
    ended(archive._background)
    assert told.events[1:] == [
        Page("A", 10, 12, 3),
        Archived("A", 12, 5, 12, complete=True, reason=""),
    ]


async def until_stopped(*_: object, **__: object) -> Any:
    await asyncio.Event().wait()


class Endless:
    """Never comes to an end, whatever it is to do."""

    run = find = one = new = get = staticmethod(until_stopped)


def test_everything_that_goes_on_can_be_broken_off() -> None:
    endless: Any = Endless()
    courtesy, told = Courtesy(), Told()
    refresh, archive = BackgroundRefresh(endless, courtesy), BackgroundArchive(endless, courtesy)
    texts, finder = BackgroundFullTexts(endless, courtesy), BackgroundDiscovery(endless, courtesy)
    picture = BackgroundPicture(endless, courtesy)
    assert refresh.start([], told)
    assert archive.start(SOURCE, SourceState(SOURCE.address), told)
    assert texts.start_new([SOURCE], [], told)
    assert finder.start("a.example", told)
    assert picture.start("https://a.example/a.png", "", told)
    assert refresh.running
    assert archive.running
    assert texts.running
    assert finder.running
    works = (refresh, archive, texts, finder, picture)
    for work in works:
        work.stop(WAIT_S)
    assert not any(work._background.running for work in works)
    assert told.events == []
