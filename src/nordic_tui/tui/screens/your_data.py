"""Your data: what is stored about the reading, and what can be done about it."""

from collections.abc import Iterable

from textual.widget import Widget

from nordic_tui.model import Answer, Stored
from nordic_tui.tui import present
from nordic_tui.tui.screens.dialog import Choice, Dialog, paragraph

_ANSWERS = {
    Answer.KEEP: "You agreed on {date} that the reading history is kept.",
    Answer.SESSION: "The reading history is for this session only.",
    Answer.NEVER: "You decided on {date} that no reading history is kept.",
}


def consent_words(stored: Stored) -> str:
    """What was decided, and when."""
    if stored.consent is None:
        return "You have not been asked yet; nothing is kept."
    return _ANSWERS[stored.consent.answer].format(date=present.date(stored.consent.at))


def stored_words(stored: Stored, path: str) -> list[str]:
    """What is stored now, each a sentence. path: where, as people write it."""
    marks = present.count(stored.marks, "post", "posts")
    if not stored.history_exists:
        return [
            f"On disk: nothing. {path} does not exist.",
            f"In memory until you quit: {marks} read.",
        ]
    since = f", the oldest of {present.date(stored.oldest)}" if stored.oldest else ""
    places = present.count(stored.positions, "reading position", "reading positions")
    return [
        f"On disk: {marks} read{since}; {places}.",
        f"{path} ({max(stored.history_bytes // 1000, 1)} kB), "
        f"each mark for {stored.retention_days} days.",
    ]


class YourDataScreen(Dialog[str]):
    """Shows what is stored; dismissed with "keep", "erase" or "export", None to leave it."""

    title_words = "Your data"

    def __init__(self, stored: Stored, path: str, export_file: str) -> None:
        super().__init__()
        self._stored = stored
        self._export_file = export_file
        self._path = path

    def words(self) -> Iterable[Widget]:
        yield paragraph(consent_words(self._stored))
        yield paragraph("\n".join(stored_words(self._stored, self._path)))
        yield paragraph(f"An export goes to {self._export_file}.", classes="hint")

    def choices(self) -> Iterable[Choice]:
        yield Choice("Close", id="close")
        yield Choice("Export", id="export")
        if self._stored.history_exists:
            yield Choice("Withdraw and erase", id="erase")
        else:
            yield Choice("Keep history from now on", id="keep")

    def on_choice_chosen(self, message: Choice.Chosen) -> None:
        self.dismiss(None if message.answer == "close" else message.answer)
