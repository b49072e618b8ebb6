"""The one thread that writes, with a connection of its own."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, Final, TypeVar

from nordic_tui.courtesy import Courtesy
from nordic_tui.errors import StoreError

T = TypeVar("T")
_Item = tuple[
    Future[Any],
    Callable[[sqlite3.Connection], Any],
    Callable[[], AbstractContextManager[None]],
]

Idle = Callable[[sqlite3.Connection, Callable[[], bool]], bool]
"""Something to do while there are no jobs: some of it, for as long as the second argument says so
when it is asked; gives whether there is more. It raises nothing."""

QUIET_S: Final = 1.0
"""So long after the last job there is nothing else to do: between the sources of a refresh there
are shorter pauses, and what is done then would make it longer."""


class Writer:
    """Runs jobs one after the other. The thread and its connection begin with the first job.

    A daemon thread: a program that ends doesn't wait for more than `close` does.

    courtesy: gives way before each job, and each time an idle job asks whether to go on.
    idle: what is done when there are no jobs.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        courtesy: Courtesy,
        idle: Idle = lambda _connection, _go_on: False,
    ) -> None:
        self._connect = connect
        self._courtesy = courtesy
        self._idle = idle
        self._jobs: SimpleQueue[_Item | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._closed = False
        self._lock = Lock()

    def submit(
        self,
        job: Callable[[sqlite3.Connection], T],
        guard: Callable[[], AbstractContextManager[None]],
    ) -> "Future[T]":
        """Queue the job. What it or the connecting raises is the future's exception.

        guard: what the connecting and the job run inside of.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                future.set_exception(StoreError("The store is closed: nothing more is written."))
                return future
            self._jobs.put((future, job, guard))
            if self._thread is None:
                thread = Thread(target=self._work, name="store-writer", daemon=True)
                thread.start()  # where no thread is to be had there is none to wait for either
                self._thread = thread
        return future

    def close(self, timeout_s: float) -> bool:
        """Finish what is queued, for so long at most; True: all of it was written."""
        with self._lock:
            self._closed = True
            thread = self._thread
            if thread is None:
                return True
            self._jobs.put(None)
        thread.join(timeout_s)
        return not thread.is_alive()

    def _work(self) -> None:
        connection: sqlite3.Connection | None = None
        while (item := self._next(connection)) is not None:
            self._courtesy.give_way()
            future, job, guard = item
            if not future.set_running_or_notify_cancel():
                continue
            try:
                with guard():
                    if connection is None:
                        connection = self._connect()
                    result = job(connection)
            except BaseException as error:  # noqa: BLE001 - whoever waits gets it
                future.set_exception(error)
            else:
                future.set_result(result)
        if connection is not None:
            connection.close()

    def _next(self, connection: sqlite3.Connection | None) -> _Item | None:
        """The next job; until it comes, what there is to do besides."""
        if connection is not None:
            wait_s = QUIET_S
            while True:
                try:
                    return self._jobs.get(timeout=wait_s)
                except Empty:
                    if not self._idle(connection, self._has_time):
                        break
                    wait_s = 0.0
        return self._jobs.get()

    def _has_time(self) -> bool:
        self._courtesy.give_way()
        return self._jobs.empty()
