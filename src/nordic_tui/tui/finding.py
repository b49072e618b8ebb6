"""Lists that take a search or a sorting: asked for on the screen's thread, found on another."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

from nordic_tui.errors import NordicError
from nordic_tui.model import View

if TYPE_CHECKING:
    from nordic_tui.service.finding import FoundListing


class Finder(Protocol):
    """What finds: the library."""

    def find(
        self, view: View, first: "Callable[[FoundListing], None] | None" = None
    ) -> "Future[FoundListing]": ...


class Finding:
    """Has one list found at a time; a new one takes the place of the one before. Draws nothing.

    found: called with the list and whether it is all of it, on another thread; the first posts
        come before the others. Hand it to the screen's and ask `take` there whether it is still
        wanted. failed: the same with a reason. lost: called where the finding was broken off by
        no other question; `ask_again` then.
    """

    def __init__(
        self,
        library: Finder,
        found: "Callable[[FoundListing, bool], None]",
        failed: Callable[[str], None],
        lost: Callable[[], None],
    ) -> None:
        self._library = library
        self._found = found
        self._failed = failed
        self._lost = lost
        self._asked: Future[FoundListing] | None = None
        self._wanted: View | None = None
        self._keep: int | None = None
        self.shown = False
        """Whether the first posts of what was asked for last are shown."""

    @property
    def waits(self) -> bool:
        """Whether a list was asked for and none of it has come."""
        return self._wanted is not None and not self.shown

    def ask(self, view: View, keep: int | None = None) -> None:
        """Have the posts of a view found; keep: the post that the cursor is to be on."""
        # Each question has a view of its own: a list that answers an earlier one for the same
        # posts may still be on its way to the screen.
        self._wanted, self._keep, self.shown = view._replace(), keep, False
        # With a place to go to, the first posts are not enough.
        first = None if keep is not None else self._first
        self._asked = self._library.find(self._wanted, first)
        self._asked.add_done_callback(self._report)

    def ask_again(self) -> None:
        """Once more, if what was asked for last was broken off."""
        if self._wanted is not None and self._asked is not None and self._asked.cancelled():
            self.ask(self._wanted, self._keep)

    def cancel(self) -> None:
        """Nothing is wanted any more."""
        self._wanted = None

    def take(self, view: View, *, complete: bool) -> tuple[bool, int | None]:
        """Whether a list that has come is still wanted, and the post to put the cursor on.

        view: the list's own.
        """
        if view is not self._wanted:
            return False, None
        self.shown = True
        if complete:
            self._wanted = None
        return True, self._keep

    def _first(self, listing: "FoundListing") -> None:
        self._found(listing, False)

    def _report(self, future: "Future[FoundListing]") -> None:
        if future.cancelled():
            self._lost()  # or another one was asked for since, which `ask_again` knows
            return
        error = future.exception()
        if error is None:
            self._found(future.result(), True)
        elif isinstance(error, NordicError):
            self._failed(str(error))
        else:
            raise error
