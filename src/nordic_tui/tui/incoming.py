"""What comes in behind the screen, and when it is drawn: often enough to be seen, and no more."""

from collections.abc import Callable

from nordic_tui.tui.later import Later

STATUS_EVERY_S = 0.25
"""How often the progress of a refresh is drawn at most; each time it may be in a key's way."""
FILL_EVERY_S = 0.5
"""How often an empty library that fills is drawn at most: all of it is drawn anew."""
COUNT_EVERY_S = 0.5
"""How often what an archive has brought is counted at most: that takes longer the more there
is."""


class Incoming:
    """Tells the screen when to draw; it draws nothing.

    show_status: draws what is new and what goes on. take_in: draws counts and list anew.
    """

    def __init__(self, show_status: Callable[[], None], take_in: Callable[[], None]) -> None:
        self._show_status = show_status
        self._draw = take_in
        self.filling = False
        """Whether posts come into an empty library: they are let in without being asked for."""
        self._stale = False
        """Whether what is drawn is out of date."""
        self._status_due = Later()
        self._filling_due = Later()
        self._count_due = Later()

    def begin(self, *, empty: bool) -> None:
        """A refresh begins. empty: there is no post; so there is no place to lose, and what comes
        is shown at once."""
        self.filling = empty

    def refreshed(self, *, changed: bool, over: bool) -> None:
        """Something came of a refresh. changed: in the store; over: nothing more comes."""
        self._stale |= changed
        if over:
            self._filling_due.start(0, self._end)  # in its own turn: a key may come between
        elif not self._status_due.waits:
            self._status_due.start(STATUS_EVERY_S, self._show_status)
        if self._stale and self.filling and not self._filling_due.waits:
            self._filling_due.start(FILL_EVERY_S, self._take_in)

    def _end(self) -> None:
        self._take_in()
        self._show_status()

    def fetched(self, *, changed: bool, over: bool) -> None:
        """The same of an archive: it is drawn when all of it is there."""
        self._stale |= changed
        if over:
            self._count_due.cancel()
            self._show_status()
            self._take_in()
        elif not self._count_due.waits:
            self._count_due.start(COUNT_EVERY_S, self._show_status)

    def status_shown(self) -> None:
        """It was drawn just now."""
        self._status_due.cancel()

    def _take_in(self) -> None:
        self._filling_due.cancel()
        if self._stale:
            self._stale = False
            self._draw()

    def cancel(self) -> None:
        """The screen goes: draw nothing any more."""
        for timer in (self._status_due, self._filling_due, self._count_due):
            timer.cancel()
