"""One line that a person types: the command that something is piped into, a program for files."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from nordic_tui.text import clean
from nordic_tui.tui.widgets.edit_line import EditBox

BOX = (84, 12)
"""The size of the dialog at most; in a smaller window it takes all of it."""


class AskLineScreen(ModalScreen[str]):
    """Dismissed with what was typed; None: nothing is to be done.

    title: what is asked. example: what stands in the empty box. value: what was typed the last
    time; Enter takes it once more, what is typed takes its place. about: what else is to be
    known, a sentence or two.
    """

    CSS_PATH = "../handing.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False, priority=True),
        Binding("tab,shift+tab", "stay", show=False, priority=True),
    ]
    AUTO_FOCUS = None

    def __init__(self, title: str, example: str, value: str, about: str) -> None:
        super().__init__()
        self._title = title
        self._about = about
        self.box = EditBox(value, placeholder=example, id="line")

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(Content(clean.line(self._title)), classes="title")
            yield self.box
            yield Static(Content(clean.line(self._about)), classes="about")
            yield Static(Content("Enter does it, Esc leaves it"), classes="hint")

    def on_mount(self) -> None:
        self.on_resize()
        self.set_focus(self.box)
        self.box.select_all()

    def on_resize(self) -> None:
        width, height = self.app.size
        self.set_class(width < BOX[0] or height < BOX[1], "-small")

    def on_input_submitted(self) -> None:
        if self.is_active:
            self.dismiss(self.box.value.strip() or None)

    def action_stay(self) -> None:
        """There is one place to be."""

    def action_cancel(self) -> None:
        if self.is_active:
            self.dismiss(None)
