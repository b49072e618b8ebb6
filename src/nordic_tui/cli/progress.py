"""Asks sources while a person waits: a bar on a terminal, once it takes longer."""

import asyncio
import signal
import sys
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from nordic_tui.cli.console import FAILED, SOME_FAILED, is_screen, say
from nordic_tui.model import SourceState
from nordic_tui.service.refresh import (
    Event,
    Failed,
    Finished,
    Growing,
    Refresher,
    Started,
    Stored,
    Waiting,
)

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

T = TypeVar("T")

WAITING = "Another instance is refreshing; this one waits for it."


@dataclass(slots=True)
class Outcome:
    """What came of it: sentences about what failed, and about what could be read only in part."""

    finished: Finished
    failures: list[Failed] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def status(self) -> int:
        """The exit status: 0 all well, 3 some failed, 1 all failed or none could be asked."""
        if self.finished.gave_up:
            return FAILED
        if not self.finished.failed:
            return 0
        return FAILED if self.finished.failed == self.finished.asked else SOME_FAILED


class Meter:
    """How many sources have answered, on stderr; nothing until `show` is called.

    On a terminal a bar that is gone at the end, else one line at the beginning.
    """

    def __init__(self, label: str) -> None:
        self._label = label
        self._total = 0
        self._done = 0
        self._waits = self._shown = False
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def take(self, event: Event) -> None:
        if isinstance(event, Started):
            self._total = event.total
        elif isinstance(event, Waiting):
            self._waits = True
            self._say_waiting()
        elif not isinstance(event, Growing):
            self._done += 1
            self._draw()

    def _say_waiting(self) -> None:
        if self._waits and self._shown:
            say(WAITING)

    def show(self) -> None:
        self._shown = True
        self._say_waiting()
        if not is_screen(sys.stderr):
            say(f"{self._label} …")
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("sources", markup=False),
            console=Console(stderr=True, highlight=False),
            transient=True,
        )
        self._task = self._progress.add_task(self._label, total=self._total)
        self._progress.start()
        self._draw()

    def _draw(self) -> None:
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=self._done, total=self._total)

    def close(self) -> None:
        if self._progress is not None:
            self._progress.stop()


def ask(
    refresher: Refresher, states: Sequence[SourceState], *, label: str, delay_s: float | None
) -> Outcome:
    """Ask every one of `states`, and tell how far it is if it takes longer than `delay_s`.

    delay_s: None says nothing at all.
    """
    meter = Meter(label)
    failures: list[Failed] = []
    warnings: list[str] = []

    def emit(event: Event) -> None:
        meter.take(event)
        if isinstance(event, Failed):
            failures.append(event)
        elif isinstance(event, Stored):
            warnings.extend(f"{event.title}: {warning}" for warning in event.warnings)

    async def run() -> Finished | None:
        patience = None
        if delay_s is not None:
            patience = asyncio.get_running_loop().call_later(delay_s, meter.show)
        try:
            return await refresher.run(states, emit)
        except asyncio.CancelledError:
            if ended_by:
                return None
            raise  # Ctrl+C: asyncio makes it a KeyboardInterrupt
        finally:
            if patience is not None:
                patience.cancel()

    ended_by: list[int] = []
    try:
        finished = asyncio.run(cancelled_by_signals(run(), ended_by))
    finally:
        meter.close()
    if finished is None:
        sys.exit(128 + ended_by[0])
    return Outcome(finished, failures, warnings)


async def cancelled_by_signals(work: Coroutine[None, None, T], ended_by: list[int]) -> T:
    """Await `work`; a signal that asks to end cancels it and is noted in `ended_by`.

    A handler that raised instead would do so in the middle of any task.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None

    def end(number: int) -> None:
        ended_by.append(number)
        task.cancel()

    before = {n: signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGHUP)}
    heeded = [n for n, handler in before.items() if handler is not signal.SIG_IGN]
    for number in heeded:
        loop.add_signal_handler(number, end, number)
    try:
        return await work
    finally:
        for number in heeded:
            loop.remove_signal_handler(number)
            signal.signal(number, before[number])
