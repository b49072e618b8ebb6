"""How the reader ends where a signal asks for it, and where it can't end in order."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE_S: Final = 3.0
"""To end in order takes some tenths of a second. Who takes longer waits for somebody who does not
answer: a terminal that takes nothing any more, a disk that is gone."""


class Ending:
    """Ends by the first signal that asks for it. Those that follow change nothing: the end is on
    its way, and its status is that of the first.

    end: called with the exit status, on the main thread, between any two steps of the program.
    abandon: gives the terminal back without waiting for it, from another thread.
    """

    def __init__(self, end: Callable[[int], None], abandon: Callable[[], None]) -> None:
        self._end = end
        self._abandon = abandon
        self._is_asked = False
        self._has_limit = False

    @contextmanager
    def by_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._hear) for number in SIGNALS}
        try:
            yield
        finally:
            if not self._is_asked:
                for number, handler in before.items():
                    signal.signal(number, handler)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if not self._is_asked:
            self._is_asked = True
            # The thread that would end it in order may be waiting for the terminal just now.
            self.limit(128 + number)
            self._end(128 + number)

    def limit(self, status: int) -> None:
        """The end has begun: see to it that it comes, with this status."""
        if self._has_limit:
            return
        self._has_limit = True
        timer = threading.Timer(GRACE_S, self._break_off, (status,))
        timer.daemon = True
        with suppress(RuntimeError):  # no thread is to be had; then it ends without a limit
            timer.start()

    def _break_off(self, status: int) -> None:
        try:
            self._abandon()
        finally:
            os._exit(status)
