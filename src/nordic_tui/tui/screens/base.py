"""What the screens with keys of the command table have in common."""

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from textual.binding import Binding, BindingsMap
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip

from nordic_tui.text import clean
from nordic_tui.text.wrapping import wrap
from nordic_tui.tui import present
from nordic_tui.tui.commands import COMMANDS
from nordic_tui.tui.keymaps import Keymap
from nordic_tui.tui.later import Later
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.bars import KeyBar
from nordic_tui.tui.widgets.lines import LineList, Lines

if TYPE_CHECKING:
    from nordic_tui.tui.app import NordicApp

MESSAGE_S = 6.0
"""How long a message stands in place of the keys."""
MESSAGE_LINES = 3

WIDE, STACKED, SLIM = 140, 80, 100
"""From how many columns on: three panes side by side; two columns; two with more room."""
ROOMY = 30
"""From how many rows on there are rules and blank lines."""
ROOMY_BEFORE_A_ROOM = 24
"""The same where it is drawn for a room."""
HINTS_BEFORE_A_ROOM = 2
"""So many keys are shown then, and that of the help."""
TINY = (20, 6)
"""Below this many columns or rows there is a plain notice."""


class BottomLine(KeyBar):
    """The keys; for a while a message in their place."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._message: tuple[str, str] | None = None
        self._lines: list[str] = []
        self._until = Later()

    @property
    def message(self) -> str:
        """What it says now; "" while it shows the keys."""
        return self._message[0] if self._message else ""

    def say(self, text: str, role: str = "ink") -> None:
        """Show a message until it was there long enough, or the next one comes."""
        self._message = (clean.line(text), role)
        self._until.start(MESSAGE_S, self.hush)
        self.add_class("-says")
        self._lay_out()

    def hush(self) -> None:
        """Show the keys again."""
        self._until.cancel()
        if self._message is not None and self.is_attached:
            self._message = None
            self.remove_class("-says")
            self._lay_out()

    def _lay_out(self) -> None:
        width = self.size.width - 2
        text = self._message[0] if self._message and width > 0 else ""
        self._lines = wrap(text, width)[:MESSAGE_LINES] if text else []
        roomy = self.screen.has_class("-roomy")
        height = max(len(self._lines), 1) + roomy
        if self.size.height != height:
            self.styles.height = height
        self.refresh()

    def on_resize(self) -> None:
        self._lay_out()

    def draw_line(self, y: int, palette: Palette) -> Strip:
        if self._message is None:
            return super().draw_line(y, palette)
        y -= self.size.height - len(self._lines)
        line = self._lines[y] if 0 <= y < len(self._lines) else ""
        page = palette.style()
        return present.strip(
            self.inner_width, page, (" ", page), (line, palette.style(self._message[1]))
        )


class TooSmall(Lines):
    """What stands in a window that has no room for anything else."""

    def draw_line(self, y: int, palette: Palette) -> Strip:
        lines = wrap("Make the window a little larger.", max(self.inner_width, 1))
        page = palette.style()
        return present.strip(self.inner_width, page, (lines[y] if y < len(lines) else "", page))


def window_classes(size: Size, *, presenter: bool) -> dict[str, bool]:
    """The layout for a window, as classes that the stylesheet knows.

    presenter: whether it is drawn for a room.
    """
    width, height = size
    return {
        "-wide": width >= WIDE,
        "-stacked": STACKED <= width < WIDE,
        "-slim": STACKED <= width < SLIM,
        "-narrow": width < STACKED,
        "-roomy": height >= (ROOMY_BEFORE_A_ROOM if presenter else ROOMY),
        "-presenter": presenter and width >= STACKED,
        "-tiny": width < TINY[0] or height < TINY[1],
    }


def text_size(size: Size) -> Size:
    """What a window leaves to a text that has it alone, between the title line and the keys."""
    width, height = size
    return Size(width, max(height - (4 if height >= ROOMY else 2), 0))


def bindings(where: str, keymap: Keymap) -> BindingsMap:
    """The key bindings of a screen.

    They come before the focused widget's own keys (`priority`) and are carried out at once, so
    that keys typed in one burst arrive in order even when the first of them moves the focus.
    """
    return BindingsMap(
        Binding(
            ",".join(keys),
            command.action,
            command.label,
            show=False,
            priority=True,
            id=command.id,
            tooltip=command.help,
        )
        for command in COMMANDS
        if where in command.where and (keys := keymap.keys(command, where))
    )


class CommandScreen(Screen[None]):
    """A screen whose keys come from the command table."""

    WHERE = ""
    """The name of the screen in the command table."""

    AUTO_FOCUS = ""
    """The screens give the focus themselves, once they are filled."""

    @property
    def nordic(self) -> "NordicApp":
        return cast("NordicApp", self.app)

    @property
    def bottom(self) -> BottomLine:
        return self.query_one(BottomLine)

    BLANK = True
    """Everything on it draws its own background."""

    def __init__(self, size: Size, *classes: str) -> None:
        """size: of the window, so that the first frame has its layout at once (Textual's own
        breakpoints come only with the first Resize)."""
        fitting = [name for name, on in self._layout(size).items() if on]
        super().__init__(classes=" ".join([*classes, *fitting]))
        self._bindings = BindingsMap.merge(
            [bindings(self.WHERE, self.nordic.keymap), self._bindings]
        )
        self._event_loop = asyncio.get_running_loop()
        self.takes_keys = False
        """Whether it is filled and has the focus; until then keys wait in the application."""
        self.is_filled = False
        """Whether its parts are there: it is on the stack before them. Until then it need not be
        told anything, as it reads what holds when it is filled."""

    def on_mount(self) -> None:
        self.use_palette(self.nordic.palette)
        for widget in self.query():
            if isinstance(widget, LineList):
                widget.rest_s = self.nordic.services.preferences.profile.rest_s

    def use_palette(self, palette: Palette) -> None:
        for widget in self.query():
            if isinstance(widget, Lines):
                widget.use_palette(palette)

    def on_resize(self) -> None:
        self.update_classes(self.window_classes())
        self.call_after_refresh(self.keep_focus)

    def window_classes(self) -> dict[str, bool]:
        """The layout for the window as it is now."""
        return self._layout(self.app.size)

    def _layout(self, size: Size) -> dict[str, bool]:
        return window_classes(size, presenter=self.nordic.services.preferences.presenter)

    def ready(self) -> None:
        """It is filled and has the focus: take the keys that were typed meanwhile."""
        self.takes_keys = self.is_filled = True
        self.nordic.release_keys()

    def post_in_order(self, message: Message) -> None:
        """Post a message from any thread; the screen may be gone by then.

        All go the same way: one that was posted at once, here, would overtake those of other
        threads, and the last that is told of two marks would be the first of them.
        """
        if self.is_running:
            self._event_loop.call_soon_threadsafe(self.post_message, message)

    @abstractmethod
    def take_focus(self) -> None:
        """Give the keys to the widget that they act on."""

    def keep_focus(self) -> None:
        """What a small window hides loses the focus: give it back, so that keys have a target."""
        if self.focused is None:
            self.take_focus()

    def heard(self) -> None:
        """What is kept of the sources has changed, or will have: a refresh or an archive run
        goes on behind the screens."""

    # ── undo ────────────────────────────────────────────────────────────────────────────────

    def action_undo(self) -> None:
        self.nordic.reader.taking_back.ask(again=False)

    def action_redo(self) -> None:
        self.nordic.reader.taking_back.ask(again=True)

    def taken_back(self, back: str) -> None:
        """What is followed has changed by undo or redo.

        back: the address of a source that is followed again; "": none is.
        """

    def footer_keys(self, pane: str) -> Sequence[tuple[str, str]]:
        """Key and words of the commands that a pane's footer shows; help comes last."""
        shown = [c for c in COMMANDS if pane in c.footer and self.WHERE in c.where]
        shown.sort(key=lambda command: command.id == "help")
        if self.has_class("-presenter"):
            del shown[HINTS_BEFORE_A_ROOM:-1]
        named = ((self.nordic.keymap.names(c, self.WHERE), c.label) for c in shown)
        return [(names[0], label) for names, label in named if names]
