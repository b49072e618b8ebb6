"""The refresh behind the screen: when it starts, what it says, when the next one is due."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from nordic_tui.errors import StoreError
from nordic_tui.model import SourceState
from nordic_tui.service import decide
from nordic_tui.service.refresh import Event, Failed, Finished, Started, Stored
from nordic_tui.text import clean
from nordic_tui.tui.later import Later
from nordic_tui.tui.services import Services
from nordic_tui.tui.status import Status, wait_words

SHORTEST_WAIT = timedelta(minutes=1)
"""Even where the time of the next request could not be stored, no source is asked in a loop."""
LONGEST_WAIT_S = 3600.0
"""A clock that jumps, or a machine that sleeps, is noticed within the hour."""


class RefreshWatch:
    """Starts refreshes and keeps the status; it draws nothing.

    forward: hands an event from the refresh's thread to the screen's (`take` is called there).
    say: tells the person a sentence, with the role of its colour.
    """

    def __init__(
        self, services: Services, forward: Callable[[Event], None], say: Callable[[str, str], None]
    ) -> None:
        self._services = services
        self._forward = forward
        self._say = say
        self.status = Status()
        self._failures: list[Failed] = []
        self._asked_for = False
        self._next = Later()

    def learn(self) -> Sequence[SourceState]:
        """Take over what is known of the sources, and give it; it can wait for the first paint."""
        states = self._services.library.states()
        self.status.learn(states)
        return states

    def start(self, *, asked_for: bool) -> None:
        """Refresh what is due, or everything if a person asked for it."""
        states = self._services.library.states()
        wanted = decide.due(states, self._services.clock(), asked_for=asked_for)
        if not wanted:
            if asked_for:
                self._say("No source is followed, or all of them have stopped.", "ink")
            self._schedule(states)
            return
        if self._services.refresh.start(wanted, self._forward):
            self._asked_for = asked_for
            self._failures.clear()
        elif asked_for:
            self._say("A refresh is going on.", "ink")

    def take(self, event: Event) -> bool:
        """An event of the refresh; says whether what the store holds may have changed."""
        status = self.status
        if isinstance(event, Started):
            status.done, status.total = 0, event.total
            return False
        if isinstance(event, Finished):
            self._finish(event)
            return False
        status.done += 1
        if isinstance(event, Failed):
            self._failures.append(event)
        return isinstance(event, Stored) and bool(event.new or event.changed)

    def _finish(self, event: Finished) -> None:
        status = self.status
        status.done = status.total = 0
        states = self.learn()
        if self._failures:
            # Being offline is normal: it is in the status, and only worth words when asked.
            if self._asked_for or not status.offline:
                self._say(self._failure_words(), "ink" if status.offline else "alarm")
        elif self._asked_for and not event.new:
            self._say("Nothing new.", "ink")
        self._schedule(states)

    def _failure_words(self) -> str:
        first = self._failures[0]
        title, reason = clean.line(first.title), clean.line(first.reason)
        if len(self._failures) == 1:
            again = ""
            if first.next_at is not None:
                wait_s = (first.next_at - self._services.clock()).total_seconds()
                again = f"; next try {wait_words(wait_s)} (r tries now)"
            return f"{title} {reason}. Showing what was kept{again}."
        others = len(self._failures) - 1
        return f"{title} {reason}; {others} more failed. Showing what was kept; r tries now."

    def _schedule(self, states: Sequence[SourceState]) -> None:
        """Come back when the next source is due."""
        self.stop()
        next_at = decide.next_due(states)
        if next_at is None:
            return
        wait = next_at - self._services.clock()
        wait_s = max(wait, SHORTEST_WAIT).total_seconds()
        wait_s = min(wait_s, LONGEST_WAIT_S)
        self._next.start(wait_s, self._again)

    def _again(self) -> None:
        try:
            self.start(asked_for=False)
        except StoreError as error:
            self._say(str(error), "alarm")

    def stop(self) -> None:
        self._next.cancel()
