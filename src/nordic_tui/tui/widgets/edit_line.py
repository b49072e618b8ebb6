"""A line at the bottom where a person types what something should be."""

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.strip import Strip
from textual.widgets.input import Selection

from nordic_tui.tui import present
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.filter_input import FilterInput
from nordic_tui.tui.widgets.lines import Lines


class _Label(Lines):
    """What is typed here."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words
        self.styles.width = cell_len(words) + 2

    def draw_line(self, y: int, palette: Palette) -> Strip:
        muted = palette.style("muted")
        return present.strip(self.inner_width, muted, (f" {self._words}", muted))


class EditBox(FilterInput):
    """A box in which a value stands already: the end of it is in view, where one goes on."""

    def on_resize(self) -> None:
        # Textual brings the cursor into view only when it moves, not when there is room at last.
        chosen = self.selection
        self.selection = Selection.cursor(0)
        self.selection = chosen


class EditLine(Horizontal):
    """A label and a box for one line of words."""

    DEFAULT_CSS = """
    EditLine { height: 1; width: 1fr; }
    EditLine _Label { height: 1; }
    EditLine FilterInput { width: 1fr; }
    """

    def __init__(self, label: str, value: str, hint: str) -> None:
        """hint: what stands in the box while it is empty."""
        super().__init__()
        self._label = _Label(label)
        self.box = EditBox(value, placeholder=hint, id="edit")

    def compose(self) -> ComposeResult:
        yield self._label
        yield self.box

    def use_palette(self, palette: Palette) -> None:
        self._label.use_palette(palette)
