"""Your data: what is stored about the reading, and what can be done about it."""

from collections.abc import Iterable

from textual.widget import Widget

from nordic_tui.model import Stored
from nordic_tui.service.words import consent_words, stored_words
from nordic_tui.tui.screens.dialog import Choice, Dialog, paragraph


class YourDataScreen(Dialog[str]):
    """Shows what is stored; dismissed with "keep", "erase" or "export", None to leave it."""

    title_words = "Your data"
    hint = "Tab chooses, Enter confirms, Esc closes."

    def __init__(self, stored: Stored, path: str, kept: str, export_file: str) -> None:
        """kept: what is said of stars and tags."""
        super().__init__()
        self._stored = stored
        self._export_file = export_file
        self._path = path
        self._kept = kept

    def words(self) -> Iterable[Widget]:
        yield paragraph(consent_words(self._stored))
        yield paragraph("\n".join(stored_words(self._stored, self._path)))
        yield paragraph(self._kept)
        too = " and is erased with the history" if self._stored.history_exists else ""
        yield paragraph(f"An export goes to {self._export_file}{too}.")

    def choices(self) -> Iterable[Choice]:
        yield Choice("Close", id="close")
        yield Choice("Export", id="export")
        if self._stored.history_exists:
            yield Choice("Withdraw and erase", id="erase")
        else:
            yield Choice("Keep history from now on", id="keep")

    def on_choice_chosen(self, message: Choice.Chosen) -> None:
        self.answer(None if message.answer == "close" else message.answer)
