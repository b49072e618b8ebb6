"""Dialogs: a question over what is on the screen, with answers of one weight."""

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click, Key
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

Answered = TypeVar("Answered")

BOX_WIDTH = 78
TEXT_LINES = 18
"""Rows that the words of the longest dialog take, with what is around them."""


class Choice(Widget, can_focus=True):
    """An answer. All answers of a dialog look the same; focus shows which one Enter takes."""

    @dataclass
    class Chosen(Message):
        """A person took this answer."""

        answer: str

    def __init__(self, label: str, *, id: str) -> None:
        super().__init__(id=id)
        self.label = label

    def render(self) -> Content:
        # A sign and not only a colour tells which answer has the focus.
        return Content(f"▸ {self.label} ◂" if self.has_focus else f"[ {self.label} ]")

    def on_key(self, event: Key) -> None:
        if event.key in ("enter", "space"):
            event.stop()
            self.post_message(self.Chosen(self.id or ""))

    def on_click(self, event: Click) -> None:
        event.stop()
        self.post_message(self.Chosen(self.id or ""))


class Dialog(ModalScreen[Answered]):
    """A box in the middle; where the window is small it takes the whole window and scrolls."""

    CSS_PATH = "../dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Back", show=False),
        Binding("tab,right,down,l,j", "step(1)", show=False, priority=True),
        Binding("shift+tab,left,up,h,k", "step(-1)", show=False, priority=True),
        Binding("pagedown,ctrl+d", "scroll_text(1)", show=False),
        Binding("pageup,ctrl+u", "scroll_text(-1)", show=False),
    ]
    AUTO_FOCUS = None
    title_words = ""
    hint = ""
    """What stands under the answers."""

    @abstractmethod
    def words(self) -> Iterable[Widget]:
        """What the dialog says, paragraph by paragraph."""

    @abstractmethod
    def choices(self) -> Iterable[Choice]:
        """The answers, in their order."""

    def first_choice(self) -> str:
        """The id of the answer that has the focus at first."""
        return ""

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            with VerticalScroll(id="text", can_focus=False):
                yield Static(Content(self.title_words), classes="title")
                yield from self.words()
            with Container(id="choices"):
                yield from self.choices()
            if self.hint:
                yield paragraph(self.hint, classes="hint")

    def on_mount(self) -> None:
        self.fit()
        first = self.first_choice()
        for choice in self.query(Choice):
            if not first or choice.id == first:
                self.set_focus(choice, scroll_visible=False)
                break

    def on_resize(self) -> None:
        self.fit()

    def fit(self) -> None:
        """Answers side by side where they fit, else under each other."""
        width, height = self.app.size
        inner = min(width, BOX_WIDTH) - 6
        labels = [len(choice.label) + 6 for choice in self.query(Choice)]
        stacked = len(labels) * max(labels, default=0) > inner + 2
        needed = TEXT_LINES + (len(labels) if stacked else 1)
        self.set_class(width < BOX_WIDTH or height < needed, "-small")
        self.query_one("#choices").set_class(stacked, "-stack")

    def action_step(self, step: int) -> None:
        if step > 0:
            self.focus_next(Choice)
        else:
            self.focus_previous(Choice)

    def action_scroll_text(self, direction: int) -> None:
        for text in self.query("#text"):
            text.scroll_relative(y=direction * max(text.size.height - 1, 1), animate=False)

    def answer(self, answer: Answered | None) -> None:
        """Close with this answer; a second one, of an Enter typed twice, comes too late."""
        if self.is_active:
            self.dismiss(answer)

    def action_cancel(self) -> None:
        self.answer(None)


def paragraph(text: str, classes: str = "words") -> Static:
    """A paragraph of a dialog; never read as markup."""
    return Static(Content(text), classes=classes)
