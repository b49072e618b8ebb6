"""Undo and redo: from a key to every place in which something was done, and what is said of it."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import NamedTuple

from nordic_tui.errors import NordicError
from nordic_tui.model import Following, Turn
from nordic_tui.service.subscriptions import Subscriptions
from nordic_tui.service.undo import Undoing


class TakenBack(NamedTuple):
    """What came of an undo or redo."""

    words: str
    """What to tell the person."""
    failed: bool = False
    marks: bool = False
    """Whether marks, stars or tags are different now."""
    following: bool = False
    """Whether something else is followed now, or in another way."""
    back: str = ""
    """The address of a source that is followed again; "": none is."""


class TakingBack:
    """Takes acts back and does them again, one after the other; it draws nothing.

    halfway: told, on the store's thread, that the store has done its half; what it is told is for
        `finish`, on the thread of the screen.
    """

    def __init__(
        self,
        undoing: Undoing,
        subscriptions: Subscriptions | None,
        halfway: Callable[["Future[Turn]"], None],
    ) -> None:
        self._undoing = undoing
        self._subscriptions = subscriptions
        self._halfway = halfway
        self._asked: deque[bool] = deque()
        """What is asked for and not finished, the first of it under way; True: redo."""

    def ask(self, *, again: bool) -> None:
        """Take the last act back, or (again) do the one again that was taken back last."""
        self._asked.append(again)
        if len(self._asked) == 1:
            self._begin()

    def _begin(self) -> None:
        turn = self._undoing.redo() if self._asked[0] else self._undoing.undo()
        turn.add_done_callback(self._halfway)

    def finish(self, turn: "Future[Turn]") -> TakenBack:
        """The other half; what was asked for meanwhile begins."""
        finish = self._undoing.finish_redo if self._asked[0] else self._undoing.finish_undo
        before = self._following()
        known: set[str] = set()
        failed = marks = False
        try:
            done = turn.result()
            marks = done.act is not None
            if not marks and self._subscriptions is not None:
                known = {source.address for source in self._subscriptions.current().sources}
            words = finish(done)
        except (NordicError, OSError) as error:
            words, failed = str(error), True
        finally:
            self._asked.popleft()
        if self._asked:
            self._begin()
        now = self._following()
        back = ""
        if now != before and not failed:
            back = next((each.address for each in now.sources if each.address not in known), "")
        return TakenBack(words, failed, marks, now != before, back)

    def _following(self) -> Following:
        return self._subscriptions.following if self._subscriptions is not None else Following()
