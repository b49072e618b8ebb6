"""Help: every key that works on the screen below, searchable."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Static

from nordic_tui.text.wrapping import wrap
from nordic_tui.tui import present
from nordic_tui.tui.commands import Command
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.filter_input import LineInput
from nordic_tui.tui.widgets.lines import TextLines

KEYS_WIDTH = 19
WithKeys = tuple[Command, Sequence[str]]
"""A command, and the names of its keys."""


class FoundCommands(TextLines):
    """The commands that were looked for, with their keys, by group."""

    can_focus = False

    def __init__(self, commands: Sequence[WithKeys], *, id: str) -> None:
        super().__init__(id=id)
        self._commands = commands
        self.looked_for = ""

    def find(self, words: str) -> None:
        self.looked_for = words.casefold().strip()
        self.recompose_lines(keep_place=False)

    def found(self) -> list[WithKeys]:
        """The commands whose keys, words or names hold what was looked for."""
        words = self.looked_for.split()
        return [
            (command, keys)
            for command, keys in self._commands
            if all(
                word in text
                for word in words
                for text in [
                    f"{command.help} {command.label} {command.id} {command.group} "
                    f"{' '.join(keys)}".casefold()
                ]
            )
        ]

    def compose_lines(self, width: int, palette: Palette) -> list[Strip]:
        on = "panel-page"
        page, ink = palette.style(on=on), palette.style("ink", on)
        mark, muted = palette.style("mark", on), palette.style("muted", on)
        blank = present.strip(width, page)
        lines: list[Strip] = []
        group = ""
        for command, names in self.found():
            if command.group != group:
                group = command.group
                lines += [blank] if lines else []
                head = palette.style("ink", on, attribute="bold")
                lines.append(present.strip(width, page, (group, head)))
            keys = "  ".join(names)
            indent = min(KEYS_WIDTH, width // 3)
            rows = wrap(command.help, max(width - indent, 1))
            for number, row in enumerate(rows):
                left = keys if number == 0 else ""
                if number == 0 and len(keys) >= indent:
                    lines.append(present.strip(width, page, (keys, mark)))
                    left = ""
                lines.append(present.strip(width, page, (left.ljust(indent), mark), (row, ink)))
        return lines or [present.strip(width, page, ("No key is found by these words.", muted))]

    def draw_line(self, y: int, palette: Palette) -> Strip:
        row = self.first + y
        if y == self.size.height - 1 and row < len(self.lines) - 1:
            muted = palette.style("muted", "panel-page")
            return present.strip(self.inner_width, muted, ("↓ more", muted))
        if row < len(self.lines):
            return self.lines[row]
        return present.strip(self.inner_width, palette.style(on="panel-page"))


class HelpScreen(ModalScreen[None]):
    """All keys of a screen; what is typed narrows them down."""

    CSS_PATH = "../dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close", show=False, priority=True),
        Binding("down,ctrl+n", "scroll(1)", show=False, priority=True),
        Binding("up,ctrl+p", "scroll(-1)", show=False, priority=True),
        Binding("pagedown,ctrl+d", "page(1)", show=False, priority=True),
        Binding("pageup,ctrl+u", "page(-1)", show=False, priority=True),
        Binding("enter", "leave", show=False, priority=True),
    ]

    def __init__(self, commands: Sequence[WithKeys], palette: Palette) -> None:
        """commands: what works there."""
        super().__init__()
        self._commands = commands
        self._palette = palette

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(Content("Keys"), classes="title")
            yield LineInput(placeholder="Type to search, Esc to close", id="help-words")
            yield FoundCommands(self._commands, id="found")

    @property
    def found(self) -> FoundCommands:
        return self.query_one(FoundCommands)

    def on_resize(self) -> None:
        width, height = self.app.size
        self.set_class(width < 84 or height < 20, "-small")

    def on_mount(self) -> None:
        self.on_resize()
        self.found.use_palette(self._palette)
        self.set_focus(self.query_one(LineInput))

    def on_input_changed(self, message: LineInput.Changed) -> None:
        self.found.find(message.value)

    def action_scroll(self, lines: int) -> None:
        self.found.action_move(lines)

    def action_page(self, direction: int) -> None:
        self.found.action_page(direction)

    def action_leave(self) -> None:
        self.dismiss()
