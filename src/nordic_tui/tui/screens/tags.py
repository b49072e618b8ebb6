"""The tags of a post: those that it has are shown, what is typed adds one or takes it off."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from nordic_tui.model import LATER, Post
from nordic_tui.service.keeping import parted, toggled
from nordic_tui.text import clean
from nordic_tui.text.fold import fold
from nordic_tui.tui import present
from nordic_tui.tui.screens.dialog import BOX_WIDTH
from nordic_tui.tui.tagging import offered
from nordic_tui.tui.widgets.filter_input import LineInput

OFFERED_SHOWN = 12
LINES = 12
"""Rows that the dialog takes with what is around it."""


class TagsScreen(ModalScreen[None]):
    """Changes the tags of a post.

    known: every tag that there is, the most used first.
    tag: gives a tag, or takes it off.
    """

    CSS_PATH = "../dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", show=False, priority=True),
        Binding("escape", "cancel", show=False, priority=True),
    ]
    AUTO_FOCUS = None

    def __init__(self, post: Post, known: list[str], tag: Callable[[str, bool], None]) -> None:
        super().__init__()
        self._title = present.heading(post)
        self._tags = post.tags
        self._known = [*known, *({LATER} - set(known))]
        self._tag = tag
        self._typed = ""
        """What was typed before Tab began to complete it."""
        self._tried = -1
        """Which of the offered tags Tab has put into the box; -1: none."""

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(Content(f"Tags of “{self._title}”"), classes="title")
            yield Static(id="given", classes="words")
            yield LineInput(placeholder="A tag", id="tag")
            yield Static(id="offered", classes="hint")
            yield Static(
                Content("Enter adds it, or takes it off; Tab completes; Esc closes."),
                classes="hint",
            )

    def on_mount(self) -> None:
        self.on_resize()
        self._show()
        self.set_focus(self.box)

    def on_resize(self) -> None:
        width, height = self.app.size
        self.set_class(width < BOX_WIDTH or height < LINES, "-small")

    @property
    def box(self) -> LineInput:
        return self.query_one(LineInput)

    def _show(self) -> None:
        tags = ", ".join(clean.line(tag) for tag in self._tags)
        self.query_one("#given", Static).update(Content(tags or "No tags yet."))
        names = [clean.line(tag) for tag in self._offered()[:OFFERED_SHOWN]]
        words = f"There are: {', '.join(names)}" if names else ""
        self.query_one("#offered", Static).update(Content(words))

    def _offered(self) -> list[str]:
        return offered(self._known, self._typed, self._tags)

    def on_input_changed(self, message: LineInput.Changed) -> None:
        offers = self._offered()
        if self._tried >= 0 and self._tried < len(offers) and message.value == offers[self._tried]:
            return  # Tab put it there
        self._typed, self._tried = message.value, -1
        self._show()

    def action_complete(self) -> None:
        """Put the next of the offered tags into the box."""
        offers = self._offered()
        if offers:
            self._tried = (self._tried + 1) % len(offers)
            self.box.value = offers[self._tried]
            self.box.cursor_position = len(self.box.value)

    def on_input_submitted(self) -> None:
        if not self.box.value.strip():
            self.action_cancel()
            return
        for words in parted(self.box.value, self._known):
            self._toggle(words)
        self._typed, self._tried = "", -1
        self.box.value = ""
        self._show()

    def _toggle(self, words: str) -> None:
        name, on = toggled(self._tags, words, self._known)
        if name:
            self._tag(name, on)
            kept = (tag for tag in self._tags if tag != name)
            self._tags = tuple(sorted([*kept, name] if on else kept))
            if on and fold(name) not in {fold(tag) for tag in self._known}:
                self._known.append(name)

    def action_cancel(self) -> None:
        if self.is_active:
            self.dismiss()
