"""One undo for everything that changes state, wherever it is kept: marks in the history, stars and
tags in the library, what is followed in the settings file.

undo    of all places, the last act that is in force; the store is asked first, after all that was
        given to it before, and where the settings file's act is later it leaves that one alone
redo    of all places, the act that was undone last, if nothing was done since

Each place puts its acts in order by the moment they were done (`clock.Moments`), so an act keeps
its place when it is undone and done again, and acts of another instance of the program count too.
"""

from concurrent.futures import Future

from nordic_tui.errors import SettingsError
from nordic_tui.model import Acts, Turn
from nordic_tui.service.ports import ActStore
from nordic_tui.service.subscriptions import Subscriptions

NOTHING_TO_UNDO = "There is nothing to take back."
NOTHING_TO_REDO = "There is nothing to do again."

_NONE = -1
"""Before every moment."""


class Undoing:
    """Takes acts back and does them again.

    subscriptions: what is followed; None: nothing is.
    Undo and redo have two halves each. The first is the store's, on its own thread. What comes of
    it is handed to the second, which belongs to the thread that changes what is followed and gives
    the sentence that says what was done.
    """

    def __init__(self, store: ActStore, subscriptions: Subscriptions | None) -> None:
        self._store = store
        self._subscriptions = subscriptions
        self._refused = _NONE
        """The moment of a change of the settings that could not be taken back. It is said once;
        then it no longer stands before what was done earlier in other places."""

    def _acts_of_file(self) -> Acts:
        return self._subscriptions.acts() if self._subscriptions is not None else Acts()

    def undo(self) -> Future[Turn]:
        """Have the store take back the last act, if it is one of its own. Brings StoreError."""

        def last_of_file() -> int:
            done = self._acts_of_file().done
            return _NONE if done is None or done.at == self._refused else done.at

        return self._store.undo(last_of_file)

    def finish_undo(self, turn: Turn) -> str:
        """Take back a change of what is followed, if it is its turn; gives what was taken back.

        Raises SettingsError, and StoreError as `Subscriptions` does.
        """
        if turn.act is not None:
            return f"Took back: {turn.act.done}"
        if self._subscriptions is None:
            return NOTHING_TO_UNDO
        last = self._subscriptions.acts().done
        try:
            done = self._subscriptions.undo()
        except SettingsError:
            self._refused = last.at if last is not None else _NONE
            raise
        return f"Took back: {done}" if done else NOTHING_TO_UNDO

    def redo(self) -> Future[Turn]:
        """Have the store do the act again that was undone last, if it is one of its own. Brings
        StoreError."""
        return self._store.redo(self._acts_of_file)

    def finish_redo(self, turn: Turn) -> str:
        """Make a change of what is followed again, if it is its turn; gives what was done again.

        Raises as `finish_undo`.
        """
        if turn.act is not None:
            return f"Did again: {turn.act.done}"
        done = self._subscriptions.redo(turn.newest) if self._subscriptions is not None else ""
        return f"Did again: {done}" if done else NOTHING_TO_REDO
