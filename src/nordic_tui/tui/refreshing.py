"""The refresh behind the screen: when it starts, what it says, when the next one is due."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from nordic_tui.errors import StoreError
from nordic_tui.model import Source, SourceState
from nordic_tui.service import decide
from nordic_tui.service.refresh import (
    GAVE_UP,
    Event,
    Failed,
    Finished,
    Growing,
    Started,
    Stored,
    Waiting,
)
from nordic_tui.text import clean
from nordic_tui.tui.later import Later
from nordic_tui.tui.services import Services
from nordic_tui.tui.status import Status, clock_time, wait_words

SHORTEST_WAIT = timedelta(minutes=1)
"""Even where the time of the next request could not be stored, no source is asked in a loop."""
WAITING = "Another instance is refreshing; this one asks what is left when that is over."
LONGEST_WAIT_S = 3600.0
"""A clock that jumps, or a machine that sleeps, is noticed within the hour."""


class RefreshWatch:
    """Starts refreshes and keeps the status; it draws nothing.

    forward: hands an event from the refresh's thread to the screen's (`take` is called there).
    say: tells the person a sentence, with the role of its colour.
    key_of: names the key of a command.
    """

    def __init__(
        self,
        services: Services,
        forward: Callable[[Event], None],
        say: Callable[[str, str], None],
        key_of: Callable[[str], str],
    ) -> None:
        self._services = services
        self._forward = forward
        self._say = say
        self._key_of = key_of
        self.status = Status()
        self._failures: list[Failed] = []
        self._asked_for = False
        self._new = 0
        """How many posts were new."""
        self._by_others = 0
        """How many sources another instance of the program had asked."""
        self._alone: Sequence[SourceState] = ()
        """Sources that a person asked for and that are not asked, because they wished so."""
        self._asked: set[str] = set()
        """The addresses that were asked, also by refreshes that followed at once."""
        self._asking: frozenset[str] = frozenset()
        """The addresses that the refresh that goes on asks."""
        self._wanted: dict[str, SourceState] = {}
        """Sources that a person asked for and that are asked after it, by their address."""
        self._next = Later()

    def learn(self) -> Sequence[SourceState]:
        """Take over what is known of the sources, and give it; it can wait for the first paint."""
        states = self._services.library.states()
        self.status.learn(states)
        return states

    def start(self, *, asked_for: bool) -> None:
        """Refresh what is due, or everything if a person asked for it."""
        states = self._services.library.states()
        self._ask(states, states, asked_for=asked_for)

    def ask_one(self, state: SourceState, *, quietly: bool = False) -> None:
        """Refresh one source, because a person asked for it, also if it has stopped; after the
        refresh that goes on, if one does. quietly: do not say so."""
        states = self._services.library.states()
        some = _as_stored([state], states)
        self._ask(some, states, asked_for=True, by_name=True, quietly=quietly)

    def _ask(
        self,
        some: Sequence[SourceState],
        states: Sequence[SourceState],
        *,
        asked_for: bool,
        by_name: bool = False,
        quietly: bool = False,
    ) -> None:
        """Refresh what may be asked of `some`; states: all that there are."""
        now = self._services.clock()
        wanted = decide.due(some, now, asked_for=asked_for, by_name=by_name)
        if wanted and asked_for:
            self._alone = decide.left_alone(some, now)
        if not wanted:
            if asked_for:
                self._say(_nobody_words(some, now), "ink")
            self._schedule(states)
        elif self._begin(wanted):
            self._asked_for = asked_for
            self._failures.clear()
            self._new = self._by_others = 0
            self._asked = set(self._asking)
        elif asked_for:
            self._asked_for = True  # whoever asks is told how it ends
            others = [state for state in wanted if state.address not in self._asking]
            self._wanted.update((state.address, state) for state in others)
            if not quietly:
                words = WAITING if self.status.waits else _waiting_words(wanted, others)
                self._say(words, "ink")

    def _begin(self, wanted: Sequence[SourceState]) -> bool:
        begun = self._services.refresh.start(wanted, self._forward)
        if begun:
            self._asking = frozenset(state.address for state in wanted)
        return begun

    def follow(self, sources: Iterable[Source]) -> None:
        """What is followed has changed: a source that was removed is not asked any more."""
        followed = {source.address for source in sources}
        self._wanted = {a: state for a, state in self._wanted.items() if a in followed}

    def take(self, event: Event) -> bool:
        """An event of the refresh; says whether what the store holds may have changed."""
        status = self.status
        if isinstance(event, Waiting):
            status.waits = True
            if self._asked_for:
                self._say(WAITING, "ink")
            return False
        status.waits = False
        if isinstance(event, Started):
            status.done, status.total = 0, event.total
            return False
        if isinstance(event, Finished):
            self._finish(event)
            return False
        if isinstance(event, Growing):
            return bool(event.new)
        status.done += 1
        if isinstance(event, Failed):
            self._failures.append(event)
        return isinstance(event, Stored) and bool(event.new or event.changed)

    def _finish(self, event: Finished) -> None:
        status = self.status
        status.done = status.total = 0
        self._new += event.new
        self._by_others += event.by_others
        states = self.learn()
        if event.gave_up:
            # Nobody waits once more for what did not come to an end.
            self._wanted.clear()
            if self._asked_for:
                self._say(GAVE_UP, "alarm")
            self._schedule(states)
            return
        if self._go_on(states):
            return  # how it went is told when all of it is over
        alone = self._alone_words() if self._asked_for else ""
        if self._failures:
            # Being offline is normal: it is in the status, and only worth words when asked.
            if self._asked_for or not status.offline:
                words = self._failure_words() + (f" {alone}." if alone else "")
                self._say(words, "ink" if status.offline else "alarm")
        elif self._asked_for:
            nothing = "" if self._new else "Nothing new"
            if self._by_others:
                nothing = self._others_words()
            words = "; ".join(filter(None, (nothing, alone, self._damage_words(states))))
            if words:
                self._say(f"{words}.", "ink")
        self._schedule(states)

    def _go_on(self, states: Sequence[SourceState]) -> bool:
        """Ask what waits; False: nothing does, or it may not be asked any more."""
        waiting = _as_stored(self._wanted.values(), states)
        # Those that have stopped are among them only if they were asked for by name.
        wanted = decide.due(waiting, self._services.clock(), asked_for=True, by_name=True)
        if wanted and not self._begin(wanted):
            return True  # another one has begun already; they are asked after it
        if wanted:
            self._asked |= self._asking
        self._wanted.clear()
        return bool(wanted)

    def _failure_words(self) -> str:
        now = self._services.clock()
        first = self._failures[0]
        title, reason = clean.line(first.title), clean.line(first.reason)
        may_try = sum(_may_try(failure, now) for failure in self._failures)
        key = self._key_of("refresh")
        if len(self._failures) == 1:
            again = ""
            if first.next_at is not None:
                wait_s = (first.next_at - now).total_seconds()
                again = f"; next try {wait_words(wait_s)}{f' ({key} tries now)' if may_try else ''}"
            return f"{title} {reason}. Showing what was kept{again}."
        others = len(self._failures) - 1
        again = f"; {key} tries {'now' if may_try > others else f'{may_try:,} of them now'}"
        again = again if may_try else ""
        return f"{title} {reason}; {others:,} more failed. Showing what was kept{again}."

    def _alone_words(self) -> str:
        """Which sources were not asked because they wished so, without a full stop."""
        return _left_alone_words(self._alone, self._services.clock()) if self._alone else ""

    def _others_words(self) -> str:
        """Which sources were not asked as another instance has asked them, without a full stop."""
        one = self._by_others == 1
        sources = "1 source" if one else f"{self._by_others:,} sources"
        return f"Another instance has just asked {sources}; not asked again"

    def _damage_words(self, states: Sequence[SourceState]) -> str:
        """How many of the sources that were asked came damaged, without a full stop."""
        damaged = [s for s in states if s.warning and s.address in self._asked]
        if not damaged:
            return ""
        one = len(damaged) == 1
        return (
            f"{clean.line(damaged[0].title) if one else f'{len(damaged):,} sources'} came damaged"
        )

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


def _as_stored(some: Iterable[SourceState], states: Iterable[SourceState]) -> list[SourceState]:
    """These as the store has them now; what a person did a moment ago may not be known to it."""
    known = {state.address: state for state in states}
    return [known.get(s.address, s)._replace(paused=s.paused) for s in some]


def _waiting_words(wanted: Sequence[SourceState], others: Sequence[SourceState]) -> str:
    """What becomes of what a person asks for while a refresh goes on. others: what it leaves
    out."""
    words = "A refresh is going on"
    if len(wanted) == 1:
        title = clean.line(wanted[0].title)
        return f"{words}; {title} is {'asked after it' if others else 'part of it'}."
    if not others:
        return f"{words}."
    are = "source is" if len(others) == 1 else "sources are"
    return f"{words}; {len(others):,} other {are} asked after it."


def _may_try(failure: Failed, now: datetime) -> bool:
    """Whether r asks what failed: not what has stopped, nor what asked to be left alone."""
    if failure.next_at is None:
        return False
    return failure.not_before is None or failure.not_before <= now


def _left_alone_words(alone: Sequence[SourceState], now: datetime) -> str:
    """Who asked to be left alone, and until when the first of them did; without a full stop."""
    first = min(alone, key=lambda state: state.not_before or now)
    until = clock_time(first.not_before or now, now)
    if len(alone) == 1:
        return f"{clean.line(first.title)} asked to be left alone until {until}"
    return f"{len(alone):,} sources asked to be left alone, the first until {until}"


def _nobody_words(states: Sequence[SourceState], now: datetime) -> str:
    """Why none of these is asked, although a person asked for it."""
    alone = decide.left_alone(states, now)
    if alone:
        return f"{_left_alone_words(alone, now)}."
    if len(states) == 1:
        state = states[0]
        title = clean.line(state.title)
        if state.paused:
            return f"{title} is paused."
        return f"{title} {clean.line(state.error) or 'has stopped'}; S, then R, asks it once more."
    return "No source is followed, or all of them are paused or have stopped."
