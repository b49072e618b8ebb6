"""The thread that finds, with a connection of its own: a frequent word never stops a key.

One question at a time. A new one takes the place of the one before, whose future is cancelled.
"""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from threading import Condition, Thread
from typing import Any, Final, TypeVar

from nordic_tui.errors import StoreError

T = TypeVar("T")

STEPS: Final = 20_000
"""A search looks after so many steps of SQLite whether it is still wanted: about each 2 ms."""
RESET_TIMEOUT_S: Final = 5.0
"""An interrupted statement ends much sooner; only a disk that does not answer takes so long."""


class SupersededError(Exception):
    """Raised in a question whose answer nobody waits for any more."""


class Turn:
    """What a question has to do with its finder: any number of readings, with pauses."""

    def __init__(self, finder: "Finder", number: int) -> None:
        self._finder = finder
        self._number = number

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """What is read inside is of one moment."""
        self.go_on()
        return self._finder.read()

    def go_on(self, pause_s: float = 0.0) -> None:
        """Raises SupersededError if there is another question now, or comes within the pause."""
        if self._finder.is_asked_more(self._number, pause_s):
            raise SupersededError


class Finder:
    """Answers questions on a thread of its own, which begins with the first.

    connect: gives the connection. reading: what each reading runs inside of.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        reading: Callable[[sqlite3.Connection], AbstractContextManager[None]],
    ) -> None:
        self._connect = connect
        self._reading = reading
        self._changed = Condition()
        self._thread: Thread | None = None
        self._connection: sqlite3.Connection | None = None
        self._waiting: tuple[Future[Any], Callable[[Turn], Any]] | None = None
        self._asked: Future[Any] | None = None
        """The question that is being answered."""
        self._number = 0
        """Of the question that was asked last; goes up also to stop the one under way."""
        self._answering = 0
        self._closed = False
        self._let_go = False
        """Whether the connection is to be closed before anything else is done."""
        self._is_idle = False
        """Whether its thread waits for a question, and has told the answer to the last one."""

    def ask(self, question: Callable[[Turn], T]) -> "Future[T]":
        """Give a question in place of the one before. What it raises is the future's exception."""
        future: Future[T] = Future()
        with self._changed:
            if self._closed:
                future.set_exception(StoreError("The store is closed: nothing is searched."))
                return future
            superseded = self._supersede()
            self._waiting = future, question
            if self._thread is None:
                self._thread = Thread(target=self._work, name="store-finder", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        # What is called by a cancelled future may ask again.
        for each in superseded:
            each.cancel()
        return future

    def _supersede(self) -> list[Future[Any]]:
        """Stop what is being answered or waits; gives the futures to cancel. The lock is held."""
        superseded = [each for each in (self._asked, self._waiting and self._waiting[0]) if each]
        self._number += 1
        self._waiting = None
        return superseded

    def let_go(self) -> None:
        """Close the connection, so that a file can be taken away; the next question opens
        another. Done when it returns."""
        with self._changed:
            superseded = self._supersede()
            self._let_go = self._thread is not None
            self._changed.notify_all()
        for each in superseded:
            each.cancel()
        with self._changed:
            self._changed.wait_for(lambda: not self._let_go, RESET_TIMEOUT_S)

    def settle(self) -> None:
        """Wait until there is no question whose answer has still to be told."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._thread is None or (self._is_idle and self._waiting is None)
            )

    def close(self, timeout_s: float) -> None:
        """Answer nothing more."""
        with self._changed:
            self._closed = True
            superseded = self._supersede()
            thread = self._thread
            self._changed.notify_all()
        for each in superseded:
            each.cancel()
        if thread is not None:
            thread.join(timeout_s)

    # ── on its thread ───────────────────────────────────────────────────────────────────────

    def is_asked_more(self, number: int, within_s: float) -> bool:
        with self._changed:
            if within_s:
                self._changed.wait_for(lambda: number != self._number, within_s)
            return number != self._number

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A reading on its connection."""
        if self._connection is None:
            self._connection = self._connect()
            # Not `interrupt`, which is without effect on a statement that is about to begin.
            self._connection.set_progress_handler(self._is_superseded, STEPS)
        with self._reading(self._connection):
            yield self._connection

    def _is_superseded(self) -> bool:
        """Whether to stop the statement that is under way."""
        return self._answering != self._number

    def _work(self) -> None:
        while True:
            with self._changed:
                self._is_idle = True
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._waiting or self._closed or self._let_go)
                self._is_idle = False
                if self._let_go or self._closed:
                    self._drop_connection()
                if self._closed:
                    return
                if self._waiting is None:
                    continue
                future, question = self._waiting
                self._asked, self._waiting = future, None
                number = self._answering = self._number
            answer: Any = None
            problem: BaseException | None = None
            try:
                answer = question(Turn(self, number))
            except BaseException as error:  # noqa: BLE001 - whoever waits gets it
                problem = error
            with self._changed:
                self._asked = None
                if self._connection is not None and self._connection.in_transaction:
                    self._drop_connection()  # what interrupted it kept it from ending its reading
                if number != self._number:
                    continue  # its future is cancelled
            if not future.set_running_or_notify_cancel():
                continue
            if problem is None:
                future.set_result(answer)
            else:
                future.set_exception(problem)

    def _drop_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._let_go = False
        self._changed.notify_all()
