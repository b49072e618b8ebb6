"""The keys that were pressed last, at a corner of whatever screen is on top: for who watches."""

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.style import Style
from textual.events import Key
from textual.strip import Strip
from textual.widgets import Input

from nordic_tui.text.wrapping import cut
from nordic_tui.tui import present
from nordic_tui.tui.later import Later
from nordic_tui.tui.pressed import Field, Pressed
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.filter_input import ADDRESS, SECRET
from nordic_tui.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from nordic_tui.tui.app import NordicApp

GONE_S = 2.5
"""Keys are shown until none was pressed for this long."""


class KeyShow(Lines):
    """A line of keys at the bottom right, over all else; in a talk with a border of its colour."""

    DEFAULT_CSS = """
    KeyShow { layer: keys; dock: right; width: 1; height: 1; display: none; }
    """

    def __init__(self, *, large: bool) -> None:
        super().__init__()
        self._words = ""
        self._large = large

    def show(self, words: str, columns: int, rows: int) -> None:
        """Show these words in a window of this size; "": nothing."""
        self._words = cut(words, max(columns - 4, 1)) if words else ""
        self.display = bool(words)
        if words:
            height = 3 if self._large and rows >= 20 else 1
            self.styles.width = cell_len(self._words) + (6 if height > 1 else 2)
            self.styles.height = height
            # Above the line of keys, at the right edge.
            self.styles.offset = (-1 if columns > 20 else 0, max(rows - height - 1, 0))
        self.refresh()

    def draw_line(self, y: int, palette: Palette) -> Strip:
        # Where there are no colours, by reverse.
        chip = Style(reverse=True, bold=True)
        if not palette.plain:
            chip = palette.style("page", "mark", attribute="bold")
        words = self._words if y == self.size.height // 2 else ""
        margin = " " * (3 if self.size.height > 1 else 1)
        return present.strip(self.inner_width, chip, (margin, chip), (words, chip))


class ShowingKeys:
    """Shows the keys of one application."""

    def __init__(self, app: "NordicApp", *, large: bool) -> None:
        self._app = app
        self._large = large
        self._pressed = Pressed()
        self._gone = Later()

    def press(self, event: Key, joined: Key | None) -> None:
        """A key is about to do what it does. joined: it with the one before it; None: it waits for
        a second one."""
        key = event.key if joined is None else joined.key
        self._pressed.press(key, event.character, self._field())

    def _field(self) -> Field:
        focused = self._app.focused
        if not isinstance(focused, Input):
            return Field.NONE
        if focused.password or focused.has_class(SECRET):
            return Field.SECRET
        return Field.ADDRESS if focused.has_class(ADDRESS) else Field.WORDS

    def show(self) -> None:
        """It has done it: show it on the screen that is on top now."""
        self._gone.start(GONE_S, self._clear)
        self._draw()

    def _clear(self) -> None:
        self._pressed.clear()
        self._draw()

    def cancel(self) -> None:
        self._gone.cancel()

    def _draw(self) -> None:
        app = self._app
        if app.ends or not app.screen.is_attached:
            return
        columns, rows = app.size
        words = self._pressed.words(max(columns // 2, 12))
        for screen in app.screen_stack[:-1]:
            for below in screen.query(KeyShow):
                below.show("", columns, rows)
        on_top = app.screen.query(KeyShow)
        if on_top:
            widget = on_top.first()
        elif words:
            widget = KeyShow(large=self._large)
            app.screen.mount(widget)
        else:
            return
        widget.use_palette(app.palette)
        widget.show(words, columns, rows)
