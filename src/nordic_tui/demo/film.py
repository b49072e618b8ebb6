"""A tour played without a terminal, on a clock of its own: the same frames on every run, however
slow the machine.

Time passes only when there is nothing else to do: the event loop's clock jumps to its next timer
once every callback has been made and every thread is done with what it was asked. What is on the
screen right before such a jump is a frame.
"""

import asyncio
import selectors
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

from textual import _time
from textual.strip import Strip

from nordic_tui.demo.playhouse import Playhouse, band_rows
from nordic_tui.demo.script import Step, Tour
from nordic_tui.tui.services import Services

SHORTEST_S: Final = 0.03
"""A frame that stands for less is one of Textual's own steps on the way to the next: it draws up
to 60 times a second."""
_POLL_S: Final = 0.005
_JOIN_S: Final = 2.0


class Frame(NamedTuple):
    """What stands on the screen from a second on."""

    at_s: float
    rows: tuple[Strip, ...]


class Film(NamedTuple):
    """marks: the names of steps with the seconds at which they begin."""

    tour: Tour
    frames: tuple[Frame, ...]
    marks: tuple[tuple[float, str], ...]
    length_s: float


class _Selector(selectors.DefaultSelector):
    """Lets time pass where the real one would wait."""

    def __init__(self, is_done: Callable[[], None], rests: Callable[[float, float], None]) -> None:
        super().__init__()
        self.now = 0.0
        self._is_done = is_done
        self._rests = rests

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        events: list[tuple[selectors.SelectorKey, int]] = super().select(0)
        if events or (timeout is not None and timeout <= 0):
            return events
        self._is_done()
        events = super().select(0 if timeout is not None else _POLL_S)
        if not events and timeout is not None:
            self._rests(self.now, timeout)
            self.now += timeout
        return events


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, selector: _Selector) -> None:
        super().__init__(selector)
        self._passes = selector

    def time(self) -> float:
        return self._passes.now


class _Threads:
    """Waits for what the threads of the program are about.

    settle: returns once the store's have done what they were asked.
    """

    def __init__(self, settle: Callable[[], None]) -> None:
        self._settle = settle
        self._stay = set(threading.enumerate())

    def __call__(self) -> None:
        self._settle()
        for thread in threading.enumerate():
            if thread not in self._stay and not thread.name.startswith("store-"):
                # One that was made for one thing, as what copies.
                thread.join(_JOIN_S)
                if thread.is_alive():
                    self._stay.add(thread)


def shoot(
    services: Services,
    tour: Tour,
    *,
    speed: float = 1.0,
    until_s: float | None = None,
    last: Step | None = None,
) -> Film:
    """Play a tour to its end, to a second, or to the end of a step; there is a frame at least.

    Raises NotSeen. To be called on the stage.
    """
    frames: list[Frame] = []
    marks: list[tuple[float, str]] = []
    app: Playhouse | None = None
    begun_s: float | None = None
    step_now: Step | None = None
    is_over = False

    def rests(now: float, timeout: float) -> None:
        if app is None or begun_s is None or not app.is_running or app.ends or is_over:
            return
        at_s = round(now - begun_s, 3)
        if until_s is not None and at_s > until_s and frames:
            app.exit(0)
            return
        if timeout < SHORTEST_S:
            return
        rows = tuple(app.rows())
        if not frames or frames[-1].rows != rows:
            frames.append(Frame(at_s, rows))

    def on_step(step: Step) -> None:
        nonlocal begun_s, step_now, is_over
        if begun_s is None:
            begun_s = loop.time()
        if step_now is last is not None and app is not None:
            is_over = True
            app.exit(0)
            return
        step_now = step
        if step.name:
            marks.append((round(loop.time() - begun_s, 3), step.name))

    with own_clock(services.library.settle, rests) as loop:
        app = loop.run_until_complete(_make(services, tour, speed))
        app.player.on_step = on_step
        size = (tour.columns, tour.rows - band_rows(tour.rows))
        app.run(headless=True, size=size, loop=loop)
    if (problem := app.problem or app._exception) is not None:
        raise problem
    length_s = until_s if until_s is not None else round(loop.time() - (begun_s or 0.0), 3)
    return Film(tour, tuple(frames), tuple(marks), length_s)


@contextmanager
def own_clock(
    settle: Callable[[], None], rests: Callable[[float, float], None] = lambda *_: None
) -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop whose time passes only when there is nothing else to do.

    settle: returns once the store's threads have done what they were asked. rests: called with the
    second and with how many are about to pass.
    """
    loop = _Loop(_Selector(_Threads(settle), rests))
    asyncio.set_event_loop(loop)
    try:
        with _textual_goes_by(loop):
            yield loop
    finally:
        asyncio.set_event_loop(None)
        loop.close()


async def _make(services: Services, tour: Tour, speed: float) -> Playhouse:
    return Playhouse(services, tour, speed, is_alone=True)


@contextmanager
def _textual_goes_by(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Textual's timers ask a clock of their own how long they have still to sleep."""
    kept = _time.get_time
    _time.get_time = loop.time
    try:
        yield
    finally:
        _time.get_time = kept


def at(frames: Sequence[Frame], second: float) -> Frame:
    """The frame that stands at a second."""
    shown = frames[0]
    for frame in frames:
        if frame.at_s > second:
            break
        shown = frame
    return shown
