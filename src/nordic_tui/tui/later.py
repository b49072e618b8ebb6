"""A call that is made later, unless it is asked for again or not wanted any more."""

import asyncio
from collections.abc import Callable


class Later:
    """At most one call that waits for its time, on the event loop of whoever starts it."""

    def __init__(self) -> None:
        self._handle: asyncio.TimerHandle | None = None

    @property
    def waits(self) -> bool:
        return self._handle is not None

    def start(self, seconds: float, call: Callable[[], object]) -> None:
        """Make a call after so many seconds, in place of the one that waits."""
        self.cancel()
        self._handle = asyncio.get_running_loop().call_later(seconds, self._make, call)

    def cancel(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _make(self, call: Callable[[], object]) -> None:
        self._handle = None
        call()
