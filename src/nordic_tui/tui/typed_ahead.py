"""Keys in the order in which they were typed, each for the screen that those before it lead to.

A key goes from the focused widget up to the application, from one queue of messages to the next,
and what it does there may be told by messages again: a key that follows at once can come to a
widget before the one in front of it has closed the dialog that this widget is in. Over a slow link
many keys come in one piece. So a mark goes the way of each key, behind it, and the next key waits
until the mark is back and has met nothing on its way.

Keys that only move a cursor or write letters into a box need no mark among themselves: a held key
is answered in one go, and drawn once.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final

from textual.events import Key, Paste
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from nordic_tui.tui.commands import COMMANDS
from nordic_tui.tui.keymaps import Keymap
from nordic_tui.tui.later import Later
from nordic_tui.tui.screens.base import CommandScreen

if TYPE_CHECKING:
    from nordic_tui.tui.app import NordicApp
    from nordic_tui.tui.widgets.key_show import ShowingKeys

LIMIT_S: Final = 2.0
"""A widget that answers nothing for so long does not take the keyboard away."""
_ROUNDS: Final = 6
"""How often a mark is sent anew where it met messages: some come all the time."""
_ALT: Final = "alt+"

_Place = tuple[Screen[object], Widget | None]


class TypedAhead:
    """The keys and pasted texts that wait, and their way to the screen on top.

    hand_on: gives one of them to the focused widget or to what its key is bound to.
    shown: where keys are shown as they are pressed.
    """

    def __init__(
        self,
        app: "NordicApp",
        hand_on: Callable[[Key | Paste], Awaitable[None]],
        keymap: Keymap,
        shown: "ShowingKeys | None" = None,
    ) -> None:
        self._app = app
        self._give = hand_on
        self._shown = shown
        self._waiting: deque[Key | Paste] = deque()
        self._held = ""
        """The first key of a sequence ("g g") that waits for its second."""
        self._keymap = keymap
        self._moves: dict[str, frozenset[str]] = {}
        """The keys that only move something in the focused widget, by the screen."""
        self._moved_at: _Place | None = None
        """Where keys went that move or write, and no mark has followed them yet."""
        self._turn = 0
        """The number of the mark that is on its way; earlier ones are late."""
        self.is_marking = False
        """Whether what the last key has begun is not done yet."""
        self._limit = Later()

    async def take(self, event: Key | Paste) -> None:
        """Hand on what was typed now, behind all that was typed before."""
        if (
            isinstance(event, Key)
            and event.key.startswith(_ALT)
            and event.key.count("+") == 1
            and not self._keymap.has(event.key)
            and len(letter := event.key.removeprefix(_ALT)) == 1
        ):
            # Esc and a letter in one piece, as after a slow link, look like Alt with that letter.
            self._waiting += (Key("escape", "\x1b"), Key(letter, letter))
        else:
            self._waiting.append(event)
        await self.hand_on()

    def cancel(self) -> None:
        self._waiting.clear()
        self._limit.cancel()

    async def hand_on(self) -> None:
        """Hand on what waits, in order, while there is a screen that takes it."""
        # What was typed before the end would put it off.
        while self._waiting and self.is_ready and not self.is_marking and not self._app.ends:
            moves = self._only_moves(self._waiting[0])
            if self._moved_at and not (moves and self._moved_at == self._place):
                self._mark()
                return
            event = self._waiting.popleft()
            joined = self._join(event)
            if self._shown is not None and isinstance(event, Key):
                self._shown.press(event, joined if isinstance(joined, Key) else None)
                self._app.call_later(self._shown.show)
            if joined is None:
                continue
            if isinstance(self._app.screen, CommandScreen):
                self._app.screen.keep_focus()
            if moves:
                self._moved_at = self._place
                await self._give(joined)
            else:
                await self._give(joined)
                # What is bound to a key that came up from a widget was done at the end of its
                # way, and may have told the widget where the way begins.
                self._mark(again=joined.is_forwarded)

    @property
    def is_idle(self) -> bool:
        """Whether all that was typed is answered."""
        return not self._waiting and not self.is_marking

    @property
    def _place(self) -> _Place:
        return self._app.screen, self._app.focused

    @property
    def is_ready(self) -> bool:
        """Whether there is a screen on top that takes keys."""
        stack = self._app.screen_stack if self._app._screen_stacks else ()
        return bool(stack and getattr(stack[-1], "takes_keys", True))

    def _only_moves(self, event: Key | Paste) -> bool:
        """Whether it moves within the focused widget or writes into it, and changes nothing of
        where the keys behind it go."""
        if isinstance(event, Paste):
            return False
        if isinstance(self._app.focused, Input):
            return event.is_printable
        if not isinstance(self._app.screen, CommandScreen):
            return False
        moves = self._moves_on(self._app.screen.WHERE)
        return (
            event.key in moves
            or f"{self._held} {event.key}" in moves
            or self._begins_sequence(event.key)
        )

    def _moves_on(self, where: str) -> frozenset[str]:
        if where not in self._moves:
            self._moves[where] = frozenset(
                key
                for command in COMMANDS
                if where in command.where and command.action.startswith("focused.")
                for key in self._keymap.keys(command, where)
            )
        return self._moves[where]

    def _begins_sequence(self, key: str) -> bool:
        return any(sequence.startswith(f"{key} ") for sequence in self._keymap.sequences)

    def _join(self, event: Key | Paste) -> Key | Paste | None:
        """Keys that are typed one after another become one ("g g"); None: wait for the next."""
        held, self._held = self._held, ""
        if isinstance(event, Paste) or isinstance(self._app.focused, Input):
            return event
        if held and f"{held} {event.key}" in self._keymap.sequences:
            return Key(f"{held} {event.key}", None)
        if isinstance(self._app.screen, CommandScreen) and self._begins_sequence(event.key):
            self._held = event.key
            return None
        return event

    # ── marks ───────────────────────────────────────────────────────────────────────────────

    def _mark(self, *, again: bool = False) -> None:
        """Hand on nothing more until what the last key has begun is done.

        again: send the mark twice in any case.
        """
        if not self._app.ends and self.is_ready:
            self.is_marking, self._moved_at = True, None
            self._limit.start(LIMIT_S, self._give_up)
            self._send(_ROUNDS, met=again)

    def _send(self, rounds: int, *, met: bool) -> None:
        self._turn += 1
        screen, focused = place = self._place
        way: list[MessagePump] = [focused] if focused is not None else []
        while way and (above := way[-1]._parent) is not None:
            way.append(above)
        self._pass(way or [screen, self._app], self._turn, place, rounds, met=met)

    def _pass(
        self, way: Sequence[MessagePump], turn: int, place: _Place, rounds: int, *, met: bool
    ) -> None:
        """Send the mark to the first on the way that still takes messages.

        met: whether others were on their way with it.
        """
        for number, pump in enumerate(way, 1):
            rest = way[number:]
            if pump.call_later(self._come, pump, rest, turn, place, rounds, met=met):
                return
        self._limit.start(0, self._give_up)  # the end is near

    async def _come(
        self,
        pump: MessagePump,
        rest: Sequence[MessagePump],
        turn: int,
        place: _Place,
        rounds: int,
        *,
        met: bool,
    ) -> None:
        if turn != self._turn or not self.is_marking:
            return
        met = met or pump.message_queue_size > 0
        if rest:
            self._pass(rest, turn, place, rounds, met=met)
        elif self._app.screen_stack and (self._place != place or (met and rounds)):
            self._send(rounds - 1, met=False)
        else:
            self.is_marking = False
            self._limit.cancel()
            await self.hand_on()

    def _give_up(self) -> None:
        self.is_marking = False
        self._app.call_later(self.hand_on)
