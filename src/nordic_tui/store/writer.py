"""The one thread that writes, with a connection of its own."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

from nordic_tui.courtesy import Courtesy
from nordic_tui.errors import StoreError

T = TypeVar("T")
_Item = tuple[
    Future[Any],
    Callable[[sqlite3.Connection], Any],
    Callable[[], AbstractContextManager[None]],
]


class Writer:
    """Runs jobs one after the other. The thread and its connection begin with the first job.

    A daemon thread: a program that ends doesn't wait for more than `close` does.

    courtesy: gives way before each job.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection], courtesy: Courtesy) -> None:
        self._connect = connect
        self._courtesy = courtesy
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
                self._thread = Thread(target=self._work, name="store-writer", daemon=True)
                self._thread.start()
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
        while (item := self._jobs.get()) is not None:
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
