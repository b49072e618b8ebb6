"""Widgets that draw lines: the base of every list and text on the screen."""

from abc import abstractmethod
from typing import Any, Self

from rich.segment import Segment
from textual.events import MouseScrollDown, MouseScrollUp
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from nordic_tui.tui.later import Later
from nordic_tui.tui.theme import Palette

WHEEL_LINES = 3
RULE_AT_RIGHT = "▕"


class Lines(Widget):
    """A widget that draws each of its lines itself.

    It has no border and no padding; `draw_line` gives a Strip of exactly the inner width. Where
    a pane is parted from the next one, the line at the edge belongs to the widget: a container
    with a border would be drawn under it, and drawn for nothing.
    """

    def __init__(self, *, id: str | None = None) -> None:
        self._drawn: dict[int, Strip] = {}
        """The lines as they were last drawn, by their number; `refresh` forgets them."""
        self._drawn_size = Size(0, 0)
        super().__init__(id=id)
        self.palette: Palette | None = None
        """The styles to draw with; set by the screen, and anew when the theme changes."""
        self.rule_at_right = False
        """Whether the last column is a rule."""
        self._blank: Strip | None = None

    @property
    def inner_width(self) -> int:
        """The width that is drawn in."""
        return max(self.size.width - self.rule_at_right, 0)

    def use_palette(self, palette: Palette) -> None:
        self.palette = palette
        self._blank = None
        self.refresh()

    @abstractmethod
    def draw_line(self, y: int, palette: Palette) -> Strip:
        """Line `y` of the widget, from 0."""

    def render_line(self, y: int) -> Strip:
        palette = self.palette
        if palette is None:
            return Strip.blank(self.size.width)
        line = self.draw_line(y, palette)
        if not self.rule_at_right:
            return line
        # The row under the cursor reaches up to the rule.
        selected = isinstance(self, LineList) and y == self.line_of(self.cursor)
        edge = Segment(RULE_AT_RIGHT, palette.style("rule", palette.under(selected=selected)))
        return Strip([*line, edge], line.cell_length + 1)

    def refresh(self, *regions: Region, **what: Any) -> Self:
        if regions:
            for region in regions:
                for y in region.line_range:
                    self._drawn.pop(y, None)
        else:
            self._drawn.clear()
        return super().refresh(*regions, **what)

    def render_lines(self, crop: Region) -> list[Strip]:
        # The lines are complete: Textual's cache of styles would only take them apart again.
        # It asks for whole widgets where two lines have changed: what is drawn is kept.
        if self._drawn_size != self.size:
            self._drawn.clear()
            self._drawn_size = self.size
        drawn = self._drawn
        lines = []
        for y in crop.line_range:
            line = drawn.get(y)
            if line is None:
                line = drawn[y] = self.render_line(y)
            lines.append(line)
        if crop.column_span != (0, self.size.width):
            lines = [line.crop(*crop.column_span) for line in lines]
        return lines

    def blank(self, palette: Palette) -> Strip:
        """An empty line."""
        width = self.inner_width
        if self._blank is None or self._blank.cell_length != width:
            self._blank = Strip([Segment(" " * width, palette.style())], width)
        return self._blank

    def refresh_lines(self, *lines: int) -> None:
        """Draw single lines again, by their number on the widget; others are left alone."""
        width, height = self.size
        regions = [Region(0, y, width, 1) for y in lines if 0 <= y < height]
        if regions and width:
            self.refresh(*regions)


class LineList(Lines, can_focus=True):
    """A list with a cursor. At the edge it jumps by half a page instead of line by line, so
    that a held key costs two lines a step."""

    REST_S = 0.05
    """Seconds that the cursor must rest before what depends on it is drawn."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor = 0
        self.first = 0
        """The row at the top of the widget."""
        self.rest_s = self.REST_S
        """So long the cursor rests here before it is said where."""
        self.always_rests = False
        """Whether that is so also where it was put somewhere, and not moved."""
        self.row_lines = 1
        """Lines that a row takes: it stands in the first of them, the others are blank."""
        self._rest = Later()

    def line_of(self, row: int) -> int:
        """The line of the widget that a row stands in."""
        return (row - self.first) * self.row_lines

    @property
    def page_rows(self) -> int:
        """How many rows have room. The last one needs no blank lines below it."""
        return (self.size.height + self.row_lines - 1) // self.row_lines

    # ── for the list of a kind ──────────────────────────────────────────────────────────────

    @abstractmethod
    def row_count(self) -> int:
        """How many rows there are."""

    @abstractmethod
    def draw_row(self, row: int, palette: Palette, *, selected: bool, focused: bool) -> Strip:
        """A row, as wide as the widget draws; selected: the cursor is on it."""

    @abstractmethod
    def moved(self) -> None:
        """The cursor has rested on a row."""

    # ── drawing ─────────────────────────────────────────────────────────────────────────────

    def draw_line(self, y: int, palette: Palette) -> Strip:
        row, below = divmod(y, self.row_lines)
        row += self.first
        if below or row >= self.row_count():
            return self.blank(palette)
        selected = row == self.cursor
        return self.draw_row(row, palette, selected=selected, focused=selected and self.has_focus)

    def refresh_row(self, row: int) -> None:
        self.refresh_rows(row)

    def refresh_rows(self, *rows: int) -> None:
        """Draw single rows again."""
        self.refresh_lines(*map(self.line_of, rows))

    def on_focus(self) -> None:
        self.refresh_row(self.cursor)

    def on_blur(self) -> None:
        self.refresh_row(self.cursor)

    def on_resize(self) -> None:
        self._keep_in_view()
        self.refresh()

    # ── moving ──────────────────────────────────────────────────────────────────────────────

    def place_cursor(self, row: int, *, at_line: int | None = None, rest: bool = True) -> None:
        """Put the cursor on a row.

        at_line: the line of the widget on which it should be; None: as few lines move as can.
        rest: whether to wait until the cursor rests before `moved` is called.
        """
        before, first = self.cursor, self.first
        self.cursor = min(max(row, 0), max(self.row_count() - 1, 0))
        if at_line is not None:
            self.first = max(self.cursor - at_line, 0)
        self._keep_in_view()
        if self.first != first:
            self.refresh()
        elif self.cursor != before:
            self.refresh_rows(before, self.cursor)
        self._rest.cancel()
        if not rest and not self.always_rests:
            self.moved()
        elif not rest or self.cursor != before:
            self._rest.start(self.rest_s, self._rested)

    def _rested(self) -> None:
        if self.is_attached:
            self.call_next(self.moved)

    def settle(self) -> None:
        """What depends on the cursor is wanted now: do not wait until it has rested."""
        if self._rest.waits:
            self._rest.cancel()
            self.moved()

    def _keep_in_view(self) -> None:
        rows = self.page_rows
        if rows <= 0:
            return
        if self.cursor < self.first:
            self.first = self.cursor - rows // 2
        elif self.cursor >= self.first + rows:
            self.first = self.cursor - (rows - 1) // 2
        self.first = max(min(self.first, self.row_count() - rows), 0)

    def action_move(self, rows: int) -> None:
        self.place_cursor(self.cursor + rows)

    def action_half(self, direction: int) -> None:
        self._move_page(direction * max(self.page_rows // 2, 1))

    def action_page(self, direction: int) -> None:
        self._move_page(direction * max(self.page_rows - 1, 1))

    def _move_page(self, rows: int) -> None:
        """Move cursor and view alike, so that the cursor stays where it is on the screen."""
        self.place_cursor(self.cursor + rows, at_line=self.cursor - self.first)

    def action_top(self) -> None:
        self.place_cursor(0)

    def action_bottom(self) -> None:
        self.place_cursor(self.row_count() - 1)

    # ── the mouse, which is never needed ────────────────────────────────────────────────────

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        event.stop()
        self._scroll(WHEEL_LINES)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        event.stop()
        self._scroll(-WHEEL_LINES)

    def _scroll(self, lines: int) -> None:
        rows = self.page_rows
        first = max(min(self.first + lines, self.row_count() - rows), 0)
        if first == self.first:
            return
        self.first = first
        self.refresh()
        self.place_cursor(min(max(self.cursor, first), first + rows - 1))

    def press(self, y: int) -> bool:
        """The mouse pressed on line `y`; says whether that row was under the cursor already."""
        row = self.first + y // self.row_lines
        if row >= self.row_count():
            return False
        again = row == self.cursor
        self.place_cursor(row, rest=False)
        return again


class TextLines(Lines, can_focus=True):
    """Lines of text that can be scrolled; what stands in them is made for the width."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines: list[Strip] = []
        self.first = 0
        self.expected_size = Size(0, 0)
        """The size that it will have, as long as it has none: so its first frame has its text."""
        self._made_for = 0
        """The width that `lines` were made for."""
        self.rule_above = False
        """Whether the first line of the widget is a rule."""

    @property
    def text_height(self) -> int:
        """How many lines of text are visible."""
        height = self.size.height if self.size.width else self.expected_size.height
        return max(height - self.rule_above, 0)

    @abstractmethod
    def compose_lines(self, width: int, palette: Palette) -> list[Strip]:
        """The lines for this width; each Strip exactly that wide."""

    @property
    def line_width(self) -> int:
        """The width that lines are made for."""
        return self.inner_width if self.size.width else self.expected_size.width

    def recompose_lines(self, *, keep_place: bool = True) -> None:
        """What the lines are made of has changed: make them anew, and draw those that differ."""
        width = self.line_width
        if self.palette is None or not width:
            self._made_for = 0  # they are out of date: make them when there is a width
            return
        self.lines = self.compose_lines(width, self.palette)
        self._made_for = width
        self.first = min(self.first, self.last_first) if keep_place else 0
        self.refresh()

    def use_palette(self, palette: Palette) -> None:
        super().use_palette(palette)
        self.recompose_lines()

    def on_resize(self) -> None:
        if self._made_for == self.line_width:
            self.go_to(self.first)
            return
        fraction = self.fraction if self.first else 0.0
        self.recompose_lines()
        self.scroll_to_fraction(fraction)

    def draw_line(self, y: int, palette: Palette) -> Strip:
        if self.rule_above:
            if y == 0:
                width = self.inner_width
                return Strip([Segment(palette.rule * width, palette.style("rule"))], width)
            y -= 1
        row = self.first + y
        return self.lines[row] if row < len(self.lines) else self.blank(palette)

    @property
    def last_first(self) -> int:
        """The greatest `first`: the last line then stands at the bottom."""
        return max(len(self.lines) - self.text_height, 0)

    @property
    def page_lines(self) -> int:
        """By how many lines a page moves: one line of the page before stays on the screen."""
        return max(self.text_height - 1, 1)

    @property
    def fraction(self) -> float:
        """How far it is scrolled, 0 (top) to 1 (the end is on the screen)."""
        return self.first / self.last_first if self.last_first else 1.0

    def scroll_to_fraction(self, fraction: float) -> None:
        self.go_to(round(fraction * self.last_first) if fraction < 1 else self.last_first)

    def go_to(self, first: int) -> bool:
        """Bring a line to the top; says whether anything moved."""
        first = max(min(first, self.last_first), 0)
        moved = first != self.first
        if moved:
            self.first = first
            self.refresh()
            self.scrolled()
        return moved

    def scrolled(self) -> None:
        """It shows another part of its text now."""

    def action_move(self, lines: int) -> None:
        self.go_to(self.first + lines)

    def action_half(self, direction: int) -> None:
        self.go_to(self.first + direction * max(self.text_height // 2, 1))

    def action_page(self, direction: int) -> None:
        self.go_to(self.first + direction * self.page_lines)

    def action_top(self) -> None:
        self.go_to(0)

    def action_bottom(self) -> None:
        self.go_to(self.last_first)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        event.stop()
        self.go_to(self.first + WHEEL_LINES)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        event.stop()
        self.go_to(self.first - WHEEL_LINES)
