import asyncio
import threading
from typing import Any

from nordic_tui.courtesy import Courtesy
from nordic_tui.model import Source, SourceState
from nordic_tui.service.archive import Archived, Emit, Event, Page
from nordic_tui.service.background import Background, BackgroundArchive

WAIT_S = 10.0


class Told:
    """Collects what is told from another thread."""

    def __init__(self) -> None:
        self.events: list[object] = []
        self.ended = threading.Event()

    def __call__(self, event: object) -> None:
        self.events.append(event)
        self.ended.set()


def test_the_end_is_told_on_another_thread_when_nothing_runs_any_more() -> None:
    background, told = Background[str]("test", Courtesy()), Told()
    seen: list[tuple[str, bool]] = []

    async def work() -> str:
        return threading.current_thread().name

    def done(result: str) -> None:
        seen.append((result, background.running))
        told(result)

    assert background.start(work, done)
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

    assert background.start(forever, told)
    assert begun.wait(WAIT_S)
    assert not background.start(at_once, told)
    background.stop(WAIT_S)
    assert let_go.is_set()
    assert not background.running
    assert background.start(at_once, told)
    assert told.ended.wait(WAIT_S)
    assert told.events == [2]


def test_a_stop_right_after_the_start_is_heeded() -> None:
    for _ in range(50):
        background, told = Background[int]("test", Courtesy()), Told()

        async def forever() -> int:
            await asyncio.Event().wait()
            return 1

        assert background.start(forever, told)
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

    assert background.start(work, told)
    assert told.ended.wait(WAIT_S)
    assert told.events == [1]
    assert set(turns) == {"behind"}
