"""Who works behind the screen gives way to it while a key is answered.

All threads share one interpreter, and on its way from the keyboard to the terminal a key passes
three of them, each of which must get the interpreter back from whoever has it: a refresh of many
sources made a key wait several times over. So those that work behind stop where they can (between
two turns of an event loop, between two jobs of the store) for as long as an answer takes.
"""

import time
from collections.abc import Callable

ANSWER_S = 0.010
"""How long the answer to a key takes: 3 to 6 ms where nobody else wants the interpreter."""


class Courtesy:
    """Lets the screen go first. Any thread may call any method."""

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,  # of a worker thread
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._until = 0.0

    def begin(self) -> None:
        """A key was pressed: the screen goes first from now, for `ANSWER_S`."""
        self._until = self._monotonic() + ANSWER_S

    def give_way(self) -> None:
        """Wait while the screen goes first: once and not for the next key, so that a key that is
        held down slows what is behind and does not stop it."""
        left_s = self._until - self._monotonic()
        if left_s > 0:
            self._sleep(min(left_s, ANSWER_S))
