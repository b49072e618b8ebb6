"""Turns at hosts, for all fetchers of a program together; each has a thread and loop of its own."""

import asyncio
import threading
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager


class Turns:
    """Lets so many requests at a time go to a host; the others wait in the order they came.

    per_host: may be changed at any time. May be used from any thread and loop; whoever waits
    holds up neither.
    """

    def __init__(self, per_host: int) -> None:
        self.per_host = per_host
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()
        self._waiting: defaultdict[str, deque[Future[None]]] = defaultdict(deque)

    @asynccontextmanager
    async def at(self, host: str) -> AsyncIterator[None]:
        """A turn at a host, as long as the context is open."""
        turn: Future[None] = Future()
        with self._lock:
            self._waiting[host].append(turn)
        self._hand_out(host)
        try:
            if not turn.done():
                await asyncio.wrap_future(turn)
        except asyncio.CancelledError:
            if not turn.cancel():  # it was handed out at the same moment
                self._give_back(host)
            raise
        try:
            yield
        finally:
            self._give_back(host)

    def _give_back(self, host: str) -> None:
        with self._lock:
            self._taken[host] -= 1
        self._hand_out(host)

    def _hand_out(self, host: str) -> None:
        handed_out: list[Future[None]] = []
        with self._lock:
            waiting = self._waiting[host]
            while waiting and self._taken[host] < self.per_host:
                turn = waiting.popleft()
                # From here on its cancel() says False.
                if turn.set_running_or_notify_cancel():
                    self._taken[host] += 1
                    handed_out.append(turn)
            if not waiting:
                del self._waiting[host]
            if not self._taken[host]:
                del self._taken[host]
        # Not under the lock: who hears of it may be called at once.
        for turn in handed_out:
            turn.set_result(None)
