"""A saved view or a rule, to be filled in."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.events import Click, Key
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from nordic_tui.model import Rule, SavedView, Tried
from nordic_tui.service.rules import RULES, VIEWS, Saved, problem_of, problem_of_rule
from nordic_tui.service.words import count
from nordic_tui.text import clean
from nordic_tui.tui.later import Later
from nordic_tui.tui.screens.dialog import Choice, Dialog, paragraph
from nordic_tui.tui.services import Services
from nordic_tui.tui.widgets.filter_input import LineInput

BOX = (84, 18)
"""The size of the form at most; in a smaller window it takes all of it."""
COUNT_AFTER_S: Final = 0.3
"""So long nothing must be typed until it is counted what a search finds."""

Field = tuple[str, str, str]
"""Of a field: its name in the value, its label, and what stands in it while it is empty."""

_VIEW_FIELDS: Final[tuple[Field, ...]] = (
    ("name", "Name", "what it is called in the sidebar"),
    ("search", "Search", "all posts"),
    ("title", "Title", "words that every title holds"),
    ("tag", "Sources", "all; or a tag or folder of theirs"),
)
_RULE_FIELDS: Final[tuple[Field, ...]] = (
    ("name", "Name", "what it is called here"),
    ("search", "Search", "which posts it is about"),
    ("tag", "Tag", "a tag that they get, or none"),
)
_VIEW_SWITCHES: Final = (("unread_only", "Only unread posts"),)
_RULE_SWITCHES: Final = (("hide", "Hide them everywhere"), ("star", "Star them"))


class WhatScreen(Dialog[str]):
    """Asks what is to be added; dismissed with VIEWS or RULES."""

    hint = "Tab chooses, Enter confirms, Esc goes back."

    def __init__(self, search: str) -> None:
        super().__init__()
        self.title_words = "Save this search" if search else "Add a saved view or a rule"
        self._search = search

    def words(self) -> Iterable[Widget]:
        if self._search:
            yield paragraph(clean.line(self._search), classes="path")
        yield paragraph(
            "A saved view stands in the sidebar with its unread posts. A rule hides, stars or tags "
            "what its search finds, also what comes in later."
        )

    def choices(self) -> Iterable[Choice]:
        yield Choice("Saved view", id=VIEWS)
        yield Choice("Rule", id=RULES)

    def on_choice_chosen(self, message: Choice.Chosen) -> None:
        self.answer(message.answer)


class Switch(Widget, can_focus=True):
    """Something that is so or not; space turns it."""

    def __init__(self, label: str, on: bool, *, id: str) -> None:
        super().__init__(id=id)
        self._label = label
        self.on = on

    def render(self) -> Content:
        # A sign and not only a colour tells where the focus is.
        edge = "▸ " if self.has_focus else "  "
        return Content(f"{edge}[{'x' if self.on else ' '}] {self._label}")

    def _turn(self) -> None:
        self.on = not self.on
        self.refresh()

    def on_key(self, event: Key) -> None:
        if event.key == "space":
            event.stop()
            self._turn()

    def on_click(self, event: Click) -> None:
        event.stop()
        self._turn()


class EditScreen(ModalScreen[Saved]):
    """Dismissed with the saved view or rule as it is to be; None: nothing is to change.

    problem_with: why it can't be kept so, a sentence; "": it can.
    """

    CSS_PATH = "../views.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False, priority=True),
        Binding("enter", "keep", show=False, priority=True),
        Binding("tab,down", "step(1)", show=False, priority=True),
        Binding("shift+tab,up", "step(-1)", show=False, priority=True),
    ]
    AUTO_FOCUS = None

    class Counted(Message):
        """What the search that was typed finds."""

        def __init__(self, search: str, tried: Tried) -> None:
            super().__init__()
            self.search = search
            self.tried = tried

    def __init__(
        self, saved: Saved, problem_with: Callable[[Saved], str], services: Services
    ) -> None:
        super().__init__()
        self._saved = saved
        self._problem_with = problem_with
        self._services = services
        is_rule = isinstance(saved, Rule)
        self._fields = _RULE_FIELDS if is_rule else _VIEW_FIELDS
        self._switches = _RULE_SWITCHES if is_rule else _VIEW_SWITCHES
        self._counting = Later()
        self._refused: Saved | None = None
        """What could not be kept so when it was last tried."""

    def compose(self) -> ComposeResult:
        kind = "rule" if isinstance(self._saved, Rule) else "saved view"
        words = f"Change a {kind}" if self._saved.name else f"Add a {kind}"
        with VerticalScroll(id="box", can_focus=False):
            yield Static(Content(words), classes="title")
            for name, label, hint in self._fields:
                with Horizontal(classes="field"):
                    yield Static(Content(label), classes="label")
                    yield LineInput(str(getattr(self._saved, name)), placeholder=hint, id=name)
            for name, label in self._switches:
                yield Switch(label, bool(getattr(self._saved, name)), id=name)
            yield Static(Content(""), id="finds")
            yield Static(Content(""), id="problem", classes="caution")
            yield Static(Content(""), id="missing", classes="caution")
            yield Static(
                Content("Tab goes on, Space turns a switch, Enter keeps it, Esc changes nothing"),
                classes="hint",
            )

    def on_mount(self) -> None:
        self.on_resize()
        first = "search" if self._saved.name else "name"
        self.set_focus(self.query_one(f"#{first}"))
        self._look_at_search()

    def on_unmount(self) -> None:
        self._counting.cancel()

    def on_resize(self) -> None:
        width, height = self.app.size
        self.set_class(width < BOX[0] or height < BOX[1], "-small")

    # ── the search, while it is typed ───────────────────────────────────────────────────────

    @property
    def _search(self) -> str:
        return self.query_one("#search", LineInput).value.strip()

    def on_input_changed(self, message: LineInput.Changed) -> None:
        if message.input.id == "search":
            self._look_at_search()
        if self._filled_in() != self._refused:
            self._tell("missing", "")

    def _look_at_search(self) -> None:
        search = self._search
        problems = [problem_of(search, self._services.clock())]
        if isinstance(self._saved, Rule):
            problems.append(problem_of_rule(self._saved._replace(search=search)))
        self._tell("problem", " ".join(filter(None, problems)))
        self.query_one("#finds", Static).update(Content(""))
        self._counting.cancel()
        if search:
            self._counting.start(COUNT_AFTER_S, self._count)

    def _count(self) -> None:
        search = self._search

        def told(future: Future[list[Tried]]) -> None:
            if not future.exception() and self.is_running:
                self.post_message(self.Counted(search, future.result()[0]))

        if search and self.is_attached:
            self._services.try_searches([search], 0).add_done_callback(told)

    def on_edit_screen_counted(self, message: Counted) -> None:
        if message.search == self._search:
            found = count(message.tried.found, "post", "posts")
            self.query_one("#finds", Static).update(Content(f"It finds {found} now."))

    def _tell(self, where: str, problem: str) -> None:
        self.query_one(f"#{where}", Static).update(Content(clean.line(problem)))

    # ── keys ────────────────────────────────────────────────────────────────────────────────

    def action_step(self, step: int) -> None:
        if step > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def _filled_in(self) -> Saved:
        fields: dict[str, str | bool] = {
            name: clean.line(self.query_one(f"#{name}", LineInput).value)
            for name, _, _ in self._fields
        }
        fields |= {name: self.query_one(f"#{name}", Switch).on for name, _ in self._switches}
        return type(self._saved)(**(self._saved._asdict() | fields))

    def action_keep(self) -> None:
        wanted = self._filled_in()
        problem = _missing(wanted) or self._problem_with(wanted)
        if problem:
            self._refused = wanted
            self._tell("missing", problem)
        elif self.is_active:
            self.dismiss(wanted)

    def action_cancel(self) -> None:
        if self.is_active:
            self.dismiss(None)


def _missing(wanted: Saved) -> str:
    """What is not filled in yet, a sentence; "": nothing is missing."""
    if not wanted.name:
        return "It needs a name."
    if isinstance(wanted, SavedView):
        return ""
    if not wanted.search:
        return "A rule needs a search: an empty one would be about every post."
    if not (wanted.hide or wanted.star or wanted.tag):
        return "Choose what the rule does: hide, star or tag."
    return ""
