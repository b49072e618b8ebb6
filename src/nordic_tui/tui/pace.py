"""How much may be on its way to a terminal at the end of a slow line.

What is written to a terminal over SSH goes into buffers that hold many seconds of a slow line, and
nothing local says how full they are: a key that was held would run on there long after it was let
go. So the terminal is asked now and then, in four bytes, whether it is there (ECMA-48, 8.3.35: DSR
5), which it answers once it has drawn all that came before the question. Nothing waits for the
first answer: who never gives one is sent everything at once.
"""

from typing import Final

QUESTION: Final = "\x1b[5n"
ANSWER: Final = "\x1b[0n"

WINDOW_MIN, WINDOW_MAX = 1_024, 65_536
"""Bytes that may be unanswered: about a second at 9,600 baud; more than a line of any length
needs."""
SWIFT_S, SLOW_S = 0.25, 0.5
"""Answered within this time, more may be on its way; not within that one, less."""
PATIENCE_S = 5.0
"""Who has not answered for so long may have lost the question."""


class Pace:
    """Counts what a terminal has been sent and not yet answered. Times are seconds of one clock."""

    def __init__(self) -> None:
        self._window = WINDOW_MIN
        self._unanswered = 0
        self._since_question = 0
        self._asked_at: float | None = None
        self._answers = False
        """Whether it has ever answered."""

    @property
    def waits(self) -> bool:
        """Whether an answer is on its way, of a terminal that gives them."""
        return self._answers and self._asked_at is not None

    def send(self, characters: int, now: float) -> bool:
        """So much is sent; returns whether the question is to be sent behind it."""
        self._unanswered += characters
        self._since_question += characters
        if self._asked_at is not None or (self._answers and 2 * self._unanswered < self._window):
            return False
        self._asked_at, self._since_question = now, 0
        return True

    def answer(self, now: float) -> None:
        """The terminal has answered."""
        if self._asked_at is None:
            return
        took_s, self._asked_at = now - self._asked_at, None
        self._answers, self._unanswered = True, self._since_question
        if took_s < SWIFT_S:
            self._window = min(self._window * 2, WINDOW_MAX)
        elif took_s > SLOW_S:
            self._window = max(self._window // 2, WINDOW_MIN)

    def has_room(self, now: float) -> bool:
        """Whether another frame may be sent."""
        if not self.waits or self._unanswered < self._window:
            return True
        assert self._asked_at is not None
        if now - self._asked_at <= PATIENCE_S:
            return False
        self.lose()
        return True

    def lose(self) -> None:
        """Nothing is known of what was sent: the terminal was somebody else's meanwhile."""
        self.__init__()  # type: ignore[misc]  # as new
