"""Python's garbage collector, kept off the keys.

Looking through everything that a running program has made takes 10 to 40 ms, in which no key is
answered, and while a refresh makes much it would be done several times.
"""

import gc

from nordic_tui.tui.later import Later

REST_S = 2.0
"""A full collection waits until nothing was typed for so long."""
_FULL_AFTER = 500
"""So many collections of the middle generation bring a full one all the same; usual are 10."""


class Collector:
    """Belongs to the screen's thread."""

    def __init__(self) -> None:
        self._due = Later()

    def begin(self) -> None:
        """Switch it on, once the screen is drawn; during the start it was off."""
        # What was made until now stays: it need not be looked at again and again.
        gc.freeze()
        young, middle, _ = gc.get_threshold()
        gc.set_threshold(young, middle, _FULL_AFTER)
        gc.enable()

    def want(self) -> None:
        """Something was done that leaves much behind: collect it when the screen rests."""
        self._due.start(REST_S, gc.collect)

    def postpone(self) -> None:
        """A key was typed."""
        if self._due.waits:
            self.want()

    def cancel(self) -> None:
        """The program ends."""
        self._due.cancel()
