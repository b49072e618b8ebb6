"""What a rule would do, shown before it is switched on."""

from collections.abc import Iterable
from typing import Final

from textual.widget import Widget

from nordic_tui.model import Rule, Tried
from nordic_tui.text import clean
from nordic_tui.tui.present_views import found_lines, trial_words
from nordic_tui.tui.screens.dialog import Choice, Dialog, paragraph

ON: Final = "on"
OFF: Final = "off"


class TryScreen(Dialog[str]):
    """Dismissed with ON or OFF; None: nothing is to change."""

    hint = "Tab chooses, Enter confirms, Esc changes nothing."

    def __init__(self, rule: Rule, tried: Tried) -> None:
        super().__init__()
        self.title_words = f"Switch on “{clean.line(rule.name)}”?"
        self._rule = rule
        self._tried = tried

    def words(self) -> Iterable[Widget]:
        if self._tried.problem:
            yield paragraph(clean.line(self._tried.problem), classes="words problem")
        yield paragraph(trial_words(self._rule, self._tried))
        for when, title in found_lines(self._tried):
            yield paragraph(f"{when:>11}  {title}" if when else title, classes="found")
        yield paragraph("It is about posts that come in later, too.")

    def choices(self) -> Iterable[Choice]:
        yield Choice("Switch it on", id=ON)
        yield Choice("Keep it off", id=OFF)

    def on_choice_chosen(self, message: Choice.Chosen) -> None:
        self.answer(message.answer)
