"""Names, looked up on threads that nobody waits for.

A name server that is silent holds a look-up for a minute, and nothing can break it off. The loop's
own way is its default executor, whose threads are waited for when the loop ends, and again when
the program does; and what else runs there would wait behind them.
"""

import asyncio
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

Resolved = list[tuple[Any, ...]]
"""As `socket.getaddrinfo` gives it."""


Refuse = Callable[[str], bool]
"""Tells whether nothing may be asked at an address."""
_refuse: ContextVar[Refuse | None] = ContextVar("refuse", default=None)


def addresses_of(found: Resolved) -> list[str]:
    """The addresses without the interface that some are of (fe80::1%eth0)."""
    return [str(address[0]).partition("%")[0] for *_, address in found]


class RefusedAddress(OSError):
    """A name stands for an address at which nothing may be asked."""


@contextmanager
def refusing(refuse: Refuse) -> Iterator[None]:
    """Have every look-up of this task raise RefusedAddress for a name with such an address.

    What is connected to is what was looked up just then: a name that stood for something else a
    moment before gains nothing by it.
    """
    token = _refuse.set(refuse)
    try:
        yield
    finally:
        _refuse.reset(token)


class LookUps:
    """Looks up so many names at a time; one more waits for one of them to end.

    A thread ends when there is nothing to look up. May be used from any thread.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Future[Resolved], Callable[[], Resolved]]] = deque()
        self._threads = 0

    def serve(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look up every name that this loop is asked for from now on."""

        async def getaddrinfo(
            host: bytes | str | None,
            port: bytes | str | int | None,
            *,
            family: int = 0,
            type: int = 0,
            proto: int = 0,
            flags: int = 0,
        ) -> Resolved:
            call = partial(socket.getaddrinfo, host, port, family, type, proto, flags)
            found = await asyncio.wrap_future(self._begin(call))
            refuse = _refuse.get()
            if refuse is not None and any(map(refuse, addresses_of(found))):
                raise RefusedAddress
            return found

        # The only place where asyncio lets names be looked up in another way.
        loop.getaddrinfo = getaddrinfo  # type: ignore[method-assign]  # of this one loop

    def _begin(self, call: Callable[[], Resolved]) -> Future[Resolved]:
        future: Future[Resolved] = Future()
        with self._lock:
            self._waiting.append((future, call))
            needs_thread = self._threads < self._at_once
            self._threads += needs_thread
        if needs_thread:
            threading.Thread(target=self._work, name="look-up", daemon=True).start()
        return future

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._threads -= 1
                    return
                future, call = self._waiting.popleft()
            if not future.set_running_or_notify_cancel():
                continue  # whoever asked has given up
            try:
                found = call()
            except BaseException as error:  # noqa: BLE001  it is raised where the name was asked for
                future.set_exception(error)
            else:
                future.set_result(found)
