"""What the program keeps in files, in memory: on the stage nothing is written."""

from dataclasses import dataclass

from nordic_tui.clock import Moments
from nordic_tui.model import Act, Acts, Answer, Consent, Following
from nordic_tui.service.history import History
from nordic_tui.service.ports import Edit


class SubscriptionFile:
    """The settings file, as far as it says what is followed, with what it was before each change.

    moments: those of the store. What was done before this file was made is how the stage was set:
    nobody takes it back.
    """

    def __init__(self, following: Following, moments: Moments) -> None:
        self._following = following
        self._moments = moments
        self._begun = moments()
        self._done: list[tuple[Act, Following]] = []
        self._undone: list[tuple[Act, Following]] = []

    def load(self) -> Following:
        return self._following

    def change(self, edit: Edit) -> Following:
        wanted, done = edit(self._following)
        if wanted != self._following:
            self._done.append((Act(self._moments(), done), self._following))
            self._undone.clear()
            self._following = wanted
        return self._following

    def acts(self) -> Acts:
        done = self._done[-1][0] if self._done else Act(self._begun, "")
        undone = self._undone[-1][0] if self._undone else None
        newest = max((act.at for act, _ in (*self._done, *self._undone)), default=self._begun)
        return Acts(done, undone, newest)

    def undo(self) -> str:
        if not self._done:
            return ""
        act, before = self._done.pop()
        self._undone.append((act._replace(undone=self._moments()), self._following))
        self._following = before
        return act.done

    def redo(self, newest: int = 0) -> str:
        undone = self.acts().undone
        if undone is None or (undone.undone or 0) < max(newest, self.acts().newest):
            return ""
        act, after = self._undone.pop()
        self._done.append((act._replace(undone=None), self._following))
        self._following = after
        return act.done


@dataclass
class ConsentFile:
    """The answer to the question about the reading history; None: it was not asked yet."""

    consent: Consent | None = None

    def load(self) -> Consent | None:
        return self.consent

    def save(self, consent: Consent) -> None:
        self.consent = consent


class MemoryHistory(History):
    """A reading history that is never stored, whatever is answered."""

    def decide(self, answer: Answer) -> None:
        if answer is Answer.KEEP:
            self._note(answer)
        else:
            super().decide(answer)
