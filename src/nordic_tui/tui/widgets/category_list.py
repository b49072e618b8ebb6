"""The sidebar: All posts, Unread, then the categories as the sites name them."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.events import Click
from textual.message import Message
from textual.strip import Strip

from nordic_tui.model import Place
from nordic_tui.tui import present
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.lines import LineList


class CategoryList(LineList):
    """The places to go to, with unread and total counts."""

    @dataclass
    class Selected(Message):
        """The cursor rests on a place."""

        place: Place

    @dataclass
    class Entered(Message):
        """A place was chosen: go to its posts."""

        place: Place

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.places: Sequence[Place] = ()
        self._columns = (2, 2)

    @property
    def place(self) -> Place | None:
        """The place under the cursor."""
        return self.places[self.cursor] if self.cursor < len(self.places) else None

    def show(self, places: Sequence[Place]) -> None:
        """Show these places; the cursor stays on the place it was on."""
        here = self.place
        before, self.places = self.places, places
        columns, self._columns = self._columns, present.number_columns(places)
        if here is not None:
            self.place_cursor(self.find(here), at_line=self.cursor - self.first)
        if len(before) != len(places) or columns != self._columns:
            self.refresh()
        else:
            changed = [n for n, pair in enumerate(zip(before, places, strict=True)) if
                       pair[0] != pair[1]]  # fmt: skip
            self.refresh_lines(*(row - self.first for row in changed))

    def find(self, place: Place) -> int:
        """The row of a place, whatever its counts; the first row if it is gone."""
        for row, other in enumerate(self.places):
            if (other.kind, other.id) == (place.kind, place.id):
                return row
        return 0

    def row_count(self) -> int:
        return len(self.places)

    def draw_row(self, row: int, palette: Palette, *, selected: bool, focused: bool) -> Strip:
        return present.place_row(
            self.places[row],
            self.inner_width,
            palette,
            columns=self._columns,
            selected=selected,
            focused=focused,
        )

    def moved(self) -> None:
        if self.place is not None:
            self.post_message(self.Selected(self.place))

    def on_click(self, event: Click) -> None:
        event.stop()
        if self.press(event.y) and self.place is not None:
            self.post_message(self.Entered(self.place))
