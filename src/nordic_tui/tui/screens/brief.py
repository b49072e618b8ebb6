"""How a brief is written, and where it goes."""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import ClassVar, Final, NamedTuple

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from nordic_tui.tui import present
from nordic_tui.tui.screens.dialog import Choice, Dialog, paragraph

FORMS: Final = (("md", "Markdown"), ("html", "HTML"), ("text", "plain text"))


class Whither(Enum):
    CLIPBOARD = "copy"
    FILE = "file"
    COMMAND = "command"


class BriefWish(NamedTuple):
    """What a person wants of a brief."""

    form: str
    """ "md", "html" or "text"."""
    whither: Whither


class BriefScreen(Dialog[BriefWish]):
    """Asks for form and place; dismissed with them, None to leave it.

    about: which posts, a sentence. form: the one that was taken the last time.
    file_of: the path that a brief in a form is written to.
    """

    title_words = "A brief"
    hint = "f changes how it is written. Tab chooses, Enter confirms, Esc closes."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "next_form", show=False, priority=True),
    ]

    def __init__(self, about: str, form: str, file_of: Callable[[str], str]) -> None:
        super().__init__()
        self._about = about
        self._file_of = file_of
        self.form = form

    def words(self) -> Iterable[Widget]:
        yield paragraph(self._about)
        yield Static(Content(self._form_words()), id="form", classes="words")
        yield Static(Content(self._file_words()), id="file", classes="words")

    def choices(self) -> Iterable[Choice]:
        yield Choice("Copy", id=Whither.CLIPBOARD.value)
        yield Choice("Into a file", id=Whither.FILE.value)
        yield Choice("Into a command", id=Whither.COMMAND.value)

    def _form_words(self) -> str:
        forms = (f"[{words}]" if name == self.form else f" {words} " for name, words in FORMS)
        return "Written as  " + "  ".join(forms)

    def _file_words(self) -> str:
        return f"A file is {present.at_home(self._file_of(self.form))}."

    def action_next_form(self) -> None:
        names = [name for name, _ in FORMS]
        self.form = names[(names.index(self.form) + 1) % len(names)]
        self.query_one("#form", Static).update(Content(self._form_words()))
        self.query_one("#file", Static).update(Content(self._file_words()))

    def on_choice_chosen(self, message: Choice.Chosen) -> None:
        self.answer(BriefWish(self.form, Whither(message.answer)))
