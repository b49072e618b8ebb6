"""Plays a tour: what happens when, and what the speaker's own keys do to it.

Knows no screen: it is told what to press and to show through a `House`, and takes its time from
the event loop, so that a recording plays the same tour on a clock of its own.
"""

import asyncio
from collections.abc import Callable
from enum import Enum
from typing import Final, Protocol

from nordic_tui.demo.key_names import Press
from nordic_tui.demo.script import UNTIL_S, Beat, Step, Tour, beats
from nordic_tui.errors import NordicError

LOOK_S: Final = 0.05
"""How often is looked for words that a step waits for."""

PAUSED: Final = "Paused · Space goes on · . next step · Esc ends the tour"
TAKEN: Final = "You have the keys · F5 goes on with the tour"
ENDED: Final = "The tour has ended. The keys are yours: ? shows them, q quits."


class NotSeen(NordicError):
    """Words that a step waits for did not come up; str() is a sentence with file and line."""


class State(Enum):
    PLAYS = "plays"
    PAUSED = "paused"
    TAKEN = "taken over"
    ENDED = "ended"


class House(Protocol):
    """Where a tour is played."""

    def press(self, press: Press) -> None:
        """Press a key, as the keyboard does."""

    def show(self, caption: str, note: str, done: float) -> None:
        """Show a caption; note: what the speaker should know; done: how much of the tour is
        behind, 0 to 1."""

    def sees(self, words: str) -> bool:
        """Whether these words stand on the screen."""

    def leave(self, words: str) -> None:
        """The tour has ended; words: what is said about it."""


class Player:
    """speed: 2 plays twice as fast; words that are waited for take their own time.

    is_alone: nobody is there to help: words that do not come up are an error.
    """

    def __init__(self, tour: Tour, house: House, speed: float = 1.0, *, is_alone: bool) -> None:
        self.state = State.PLAYS
        self.on_step: Callable[[Step], None] = lambda _: None
        """Called at the beginning of each step."""
        self._tour = tour
        self._house = house
        self._speed = speed
        self._is_alone = is_alone
        self._changed = asyncio.Event()
        self._goes_on_by_hand = False
        """Whether `.` was pressed, and its step is not done yet."""
        self._caption = ""
        self._trouble = ""
        self._done = 0.0

    # ── what happens ────────────────────────────────────────────────────────────────────────

    async def play(self) -> None:
        """Play it to the end, or until the speaker ends it. Raises NotSeen."""
        steps = len(self._tour.steps)
        for beat in beats(self._tour):
            await self._rest(beat.after_s / self._speed, between=beat.is_first)
            if self.state is State.ENDED:
                return
            self._done = beat.number / steps
            await self._carry_out(beat)
        if self.state is not State.ENDED:
            self._end(ENDED)

    async def _carry_out(self, beat: Beat) -> None:
        if beat.is_first:
            self.on_step(beat.step)
            if beat.step.caption is not None:
                self._caption = beat.step.caption
            self._show()
        elif beat.press is not None:
            self._house.press(beat.press)
        elif beat.is_last and beat.step.until:
            await self._wait_for(beat.step)

    async def _wait_for(self, step: Step) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + UNTIL_S
        while not self._house.sees(step.until):
            if self.state is State.ENDED:
                return
            if loop.time() >= end:
                problem = f"line {step.line}: “{step.until}” did not come up"
                if self._is_alone:
                    raise NotSeen(f"{self._tour.file}, {problem} within {UNTIL_S:.0f} s.")
                self._trouble = problem
                self._turn(State.PAUSED)
                return
            await asyncio.sleep(LOOK_S)

    async def _rest(self, seconds: float, *, between: bool) -> None:
        """Let time pass, unless the speaker pauses; between: two steps, where `.` cuts it short."""
        loop = asyncio.get_running_loop()
        if between and self.state is not State.PLAYS:
            self._goes_on_by_hand = False
        while self.state is not State.ENDED:
            self._changed.clear()
            if self.state is not State.PLAYS and not self._goes_on_by_hand:
                await self._changed.wait()
            elif between and self._goes_on_by_hand:
                # While it plays it is for this one rest; else it is for the step that comes.
                self._goes_on_by_hand = self.state is not State.PLAYS
                return
            else:
                begun = loop.time()
                try:
                    await asyncio.wait_for(self._changed.wait(), seconds)
                except TimeoutError:
                    return
                seconds = max(seconds - (loop.time() - begun), 0.0)

    # ── what the speaker does ───────────────────────────────────────────────────────────────

    def takes(self, key: str) -> bool:
        """A key of the speaker's; says whether the tour keeps it for itself."""
        if self.state is State.ENDED or key == "ctrl+c":
            return False
        if self.state is State.TAKEN:
            if key == "f5":
                self._turn(State.PLAYS)
            return key == "f5"
        if key == "space":
            self._turn(State.PAUSED if self.state is State.PLAYS else State.PLAYS)
        elif key == "full_stop":
            self._goes_on_by_hand = True
            self._changed.set()
        elif key == "escape":
            self._end("The tour is over. The keys are yours: ? shows them, q quits.")
        else:
            self.take_over()
            return False
        return True

    def take_over(self) -> None:
        """The speaker does something by hand."""
        if self.state in (State.PLAYS, State.PAUSED):
            self._turn(State.TAKEN)

    def _turn(self, state: State) -> None:
        self.state = state
        if state is State.PLAYS:
            self._trouble = ""
        self._goes_on_by_hand = False
        self._changed.set()
        self._show()

    def _end(self, words: str) -> None:
        self.state = State.ENDED
        self._changed.set()
        self._house.leave(words)

    def _show(self) -> None:
        note = {State.PAUSED: PAUSED, State.TAKEN: TAKEN}.get(self.state, "")
        if self._trouble and self.state is State.PAUSED:
            note = f"{self._trouble} · Space goes on all the same"
        self._house.show(self._caption, note, self._done)
