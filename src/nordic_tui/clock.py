"""The time, as something that is handed in: tests and the demo bring a clock of their own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

Clock = Callable[[], datetime]
"""Gives the time now, aware, in UTC."""


CLOCK_SLACK = timedelta(hours=1)
"""So far a clock may be set back without any doubt about what was written down before."""


def system_clock() -> datetime:
    return datetime.now(UTC)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Moments:
    """Microseconds since 1970 that only rise, whatever the clock does: they put the acts of a
    person in order, in whichever file each is kept. For any thread.

    earlier: gives the last moment of earlier times that is not told by `saw`; it is asked once,
        before the first moment.
    """

    def __init__(self, clock: Clock, earlier: Callable[[], int] = lambda: 0) -> None:
        self._clock = clock
        self._earlier: Callable[[], int] | None = earlier
        self._last = 0
        self._lock = Lock()

    def __call__(self) -> int:
        with self._lock:
            if self._earlier is not None:
                self._last = max(self._last, self._earlier())
                self._earlier = None
            self._last = max(self._last + 1, (self._clock() - _EPOCH) // _MICROSECOND)
            return self._last

    def saw(self, moment: int) -> None:
        """Give only later ones from now on."""
        with self._lock:
            self._last = max(self._last, moment)
