"""A choice of the categories of a source whose new posts are not kept."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Static

from nordic_tui.model import PlaceKind, Source
from nordic_tui.service.library import Library
from nordic_tui.text import clean
from nordic_tui.text.fold import fold
from nordic_tui.text.wrapping import cut
from nordic_tui.tui import present
from nordic_tui.tui.outline import SourceRow
from nordic_tui.tui.present_sources import PANEL
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.lines import LineList

if TYPE_CHECKING:
    from nordic_tui.tui.app import NordicApp

BOX = (84, 24)
"""The size of the dialog at most; in a smaller window it takes all of it."""
NAME_CELLS = 60
"""How much of the source's name is shown."""


async def ask_left_out(
    app: "NordicApp", row: SourceRow, then: Callable[[Callable[[Source], Source]], None]
) -> None:
    """Show the choice. then: gets what is to become of the source, if anything is."""
    names = _categories(app.services.library, row)
    if not names:
        app.say(f"No category of “{row.title}” is known.")
        return
    before = row.source.left_out

    def chosen(after: tuple[str, ...] | None) -> None:
        if after is None:
            return
        gone = {fold(name) for name in before} - {fold(name) for name in after}
        more = [name for name in after if fold(name) not in {fold(name) for name in before}]

        def edit(source: Source) -> Source:
            # As a difference: what was written into the file meanwhile stays.
            kept = {fold(name): name for name in source.left_out if fold(name) not in gone}
            for name in more:
                kept.setdefault(fold(name), name)
            return source._replace(left_out=tuple(kept.values()))

        if gone or more:
            then(edit)

    await app.push_screen(LeaveOutScreen(row.title, names, before, app.palette), chosen)


def _categories(library: Library, row: SourceRow) -> list[str]:
    """The categories of a source by name: those that are left out, and those with posts."""
    names = {fold(name): name for name in row.source.left_out}
    for place in library.places():
        if place.kind is PlaceKind.CATEGORY and place.address == row.source.address:
            names.setdefault(fold(place.name), clean.line(place.name))
    return sorted(names.values(), key=fold)


class Names(LineList):
    """Names, each with a mark that tells whether it is left out."""

    def __init__(self, names: Sequence[str], left_out: Sequence[str], *, id: str) -> None:
        super().__init__(id=id)
        self._names = names
        self._left_out = {fold(name) for name in left_out}

    @property
    def left_out(self) -> tuple[str, ...]:
        return tuple(name for name in self._names if fold(name) in self._left_out)

    def toggle(self) -> None:
        self._left_out ^= {fold(self._names[self.cursor])}
        self.refresh_row(self.cursor)

    def row_count(self) -> int:
        return len(self._names)

    def draw_row(self, row: int, palette: Palette, *, selected: bool, focused: bool) -> Strip:
        on = "row" if selected else PANEL
        out = fold(self._names[row]) in self._left_out
        ink = palette.style("muted" if out else "ink", on)
        mark = palette.style("mark", on)
        edge = present.FOCUS if focused else present.REST if selected else " "
        words = "left out" if out else ""
        room = max(self.inner_width - 12, 1)
        name = cut(clean.line(self._names[row]), room)
        sign = "[ ] " if out else "[x] "
        parts = ((f"{edge} ", mark), (sign, mark), (name, ink))
        left = present.strip(self.inner_width - len(words), ink, *parts)
        return Strip.join([left, present.strip(len(words), ink, (words, ink))])

    def draw_line(self, y: int, palette: Palette) -> Strip:
        if self.first + y >= self.row_count():
            return present.strip(self.inner_width, palette.style(on=PANEL))
        return super().draw_line(y, palette)

    def moved(self) -> None:
        """Nothing depends on where the cursor is."""

    def on_click(self, event: Click) -> None:
        event.stop()
        if self.press(event.y):
            self.toggle()


class LeaveOutScreen(ModalScreen[tuple[str, ...]]):
    """Dismissed with the names that are left out; None: nothing was changed."""

    CSS_PATH = "../sources.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False, priority=True),
        Binding("enter", "keep", show=False, priority=True),
        Binding("space", "mark", show=False, priority=True),
        Binding("j,down,tab", "move(1)", show=False, priority=True),
        Binding("k,up,shift+tab", "move(-1)", show=False, priority=True),
        Binding("pagedown,ctrl+d", "page(1)", show=False, priority=True),
        Binding("pageup,ctrl+u", "page(-1)", show=False, priority=True),
    ]
    AUTO_FOCUS = None

    def __init__(
        self, title: str, names: Sequence[str], left_out: Sequence[str], palette: Palette
    ) -> None:
        super().__init__()
        name = cut(clean.line(title), NAME_CELLS)
        self._words = f"Keep new posts of “{name}” in these categories"
        self._list = Names(names, left_out, id="names")
        self._palette = palette

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(Content(self._words), classes="title")
            yield self._list
            yield Static(
                Content("Space keeps or leaves out, Enter confirms, Esc changes nothing"),
                classes="hint",
            )

    def on_mount(self) -> None:
        self.on_resize()
        self._list.use_palette(self._palette)
        self.set_focus(self._list)

    def on_resize(self) -> None:
        width, height = self.app.size
        small = width < BOX[0] or height < BOX[1]
        self.set_class(small, "-small")
        self._list.styles.height = "1fr" if small else min(self._list.row_count(), BOX[1] - 8)

    def action_mark(self) -> None:
        self._list.toggle()

    def action_move(self, rows: int) -> None:
        self._list.action_move(rows)

    def action_page(self, direction: int) -> None:
        self._list.action_page(direction)

    def action_keep(self) -> None:
        if self.is_active:
            self.dismiss(self._list.left_out)

    def action_cancel(self) -> None:
        if self.is_active:
            self.dismiss(None)
