"""The question whether a reading history may be stored.

Built by the EDPB's guidelines 03/2022 on deceptive design patterns: what, where, for how long
and how to take it back stand in the question itself; the three answers have the same size and
colour; the focus starts on the one in the middle, which stores nothing; Esc stores nothing.
"""

from collections.abc import Iterable

from textual.widget import Widget

from nordic_tui.model import Answer
from nordic_tui.service.words import CONSENT_QUESTION, CONSENT_WITHOUT, consent_stores
from nordic_tui.tui.screens.dialog import Choice, Dialog, paragraph

LABELS = {
    Answer.KEEP: "Keep history",
    Answer.SESSION: "This session only",
    Answer.NEVER: "Never",
}


class ConsentScreen(Dialog[Answer]):
    """Asks; dismissed with the answer."""

    title_words = CONSENT_QUESTION
    hint = "Tab chooses, Enter confirms, Esc is this session only."

    def __init__(self, path: str, retention_days: int) -> None:
        super().__init__()
        self._path = path
        self._days = retention_days

    def words(self) -> Iterable[Widget]:
        yield paragraph(consent_stores(self._days))
        yield paragraph(self._path, classes="path")
        yield paragraph(CONSENT_WITHOUT)

    def choices(self) -> Iterable[Choice]:
        for answer, label in LABELS.items():
            yield Choice(label, id=answer.value)

    def first_choice(self) -> str:
        return Answer.SESSION.value

    def on_choice_chosen(self, message: Choice.Chosen) -> None:
        self.answer(Answer(message.answer))

    def action_cancel(self) -> None:
        self.answer(Answer.SESSION)
