"""The counts of the sidebar: asked for on the screen's thread, counted on the store's.

Of 1,000 sources with their categories they take longer than a key may wait.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Protocol

from nordic_tui.errors import NordicError
from nordic_tui.model import Place


class Counter(Protocol):
    """What counts: the library."""

    def count_places(self) -> "Future[list[Place]]": ...


class Counting:
    """Has one count made at a time; it draws nothing.

    done: called with the places, on the store's thread; hand them to the screen's and tell
        `taken` there. failed: the same with a reason.
    """

    def __init__(
        self,
        library: Counter,
        done: Callable[[Sequence[Place]], None],
        failed: Callable[[str], None],
    ) -> None:
        self._library = library
        self._done = done
        self._failed = failed
        self._is_counting = False
        self._is_stale = False
        """Whether something has changed since the count that is made was asked for."""

    def ask(self) -> None:
        """Something has changed: count, or once more if a count is being made."""
        if self._is_counting:
            self._is_stale = True
            return
        self._is_counting = True
        self._library.count_places().add_done_callback(self._report)

    def taken(self) -> None:
        """The count has come, or the reason why not."""
        self._is_counting = False
        if self._is_stale:
            self._is_stale = False
            self.ask()

    def _report(self, counted: "Future[list[Place]]") -> None:
        error = counted.exception()
        if error is None:
            self._done(counted.result())
        elif isinstance(error, NordicError):
            self._failed(str(error))
        else:
            raise error
