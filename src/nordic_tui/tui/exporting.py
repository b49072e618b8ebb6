"""Exports behind the screen: the posts of a list go into a file while one reads on."""

import threading
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import Any, TypeVar

from nordic_tui.errors import NordicError
from nordic_tui.model import Post, View
from nordic_tui.service.library import Listing
from nordic_tui.tui import present
from nordic_tui.tui.services import Services

T = TypeVar("T")

POSTS_AT_ONCE = 20
"""Posts that are read between two keys; a few milliseconds."""
STOP_S = 2.0
"""How long quitting waits at most until what was written of a file is gone again."""


class Exporting:
    """Exports one list at a time; it draws nothing.

    The library answers only on the screen's thread, so posts are read there, a few at a time, and
    written on a thread of their own.

    say: tells the person a sentence, with the role of its colour. told: the same from any thread.
    """

    def __init__(
        self,
        services: Services,
        say: Callable[[str, str], None],
        told: Callable[[str, str], None],
    ) -> None:
        self._services = services
        self._say = say
        self._told = told
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._asked: Future[Any] | None = None
        """What the export waits for."""
        self._stopped = False

    def start(self, view: View, title: str) -> None:
        """Begin to export the posts of a view; title: what the file says that they are."""
        if self._thread is not None and self._thread.is_alive():
            self._say("A list is being exported; one goes at a time.", "ink")
            return
        self._thread = threading.Thread(
            target=self._work, args=(view, title, get_running_loop()), name="export", daemon=True
        )
        self._say("Exporting …", "ink")
        self._thread.start()

    def stop(self, timeout_s: float = STOP_S) -> None:
        """Break the export off, for good, and wait until it has cleared up after itself."""
        with self._lock:
            self._stopped = True
            if self._asked is not None:
                self._asked.cancel()
        if self._thread is not None:
            self._thread.join(timeout_s)

    # ── on the export's thread ──────────────────────────────────────────────────────────────

    def _work(self, view: View, title: str, loop: AbstractEventLoop) -> None:
        read = 0

        def posts() -> Iterator[Post]:
            nonlocal read
            listing = self._ask(lambda: self._open(view), loop)
            for start in range(0, len(listing), POSTS_AT_ONCE):
                for post in self._ask(partial(self._read, listing, start), loop):
                    read += 1
                    yield post

        try:
            path = self._services.export_posts(title, posts())
        except CancelledError:
            return  # stop() was called: nobody waits for the end any more
        except OSError as error:
            self._told(f"The list could not be written: {error.strerror or error}.", "alarm")
        except NordicError as error:
            self._told(str(error), "alarm")
        else:
            words = present.count(read, "post", "posts")
            staged = self._services.is_staged
            self._told(present.written(f"Exported {words} to", path, staged=staged), "ink")

    def _ask(self, read: Callable[[], T], loop: AbstractEventLoop) -> T:
        """What `read` gives on the screen's thread. Raises CancelledError once it is stopped."""
        asked: Future[T] = Future()

        def answer() -> None:
            if not asked.set_running_or_notify_cancel():
                return
            try:
                found = read()
            except BaseException as error:  # noqa: BLE001 - whoever asked gets it
                asked.set_exception(error)
            else:
                asked.set_result(found)

        with self._lock:
            if self._stopped:
                raise CancelledError
            self._asked = asked
            loop.call_soon_threadsafe(answer)
        return asked.result()

    # ── on the screen's thread ──────────────────────────────────────────────────────────────

    def _open(self, view: View) -> Listing:
        listing = self._services.library.listing(view)
        listing.finish_count()
        return listing

    def _read(self, listing: Listing, start: int) -> list[Post]:
        stop = min(start + POSTS_AT_ONCE, len(listing))
        rows = [listing.row(number) for number in range(start, stop)]
        posts = (self._services.library.post(row.id) for row in rows if row is not None)
        return [post for post in posts if post is not None]
