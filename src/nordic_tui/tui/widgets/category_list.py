"""The sidebar: All posts, Unread, saved views, then folders, sources and their categories."""

from collections.abc import Sequence

from textual.events import Click
from textual.message import Message
from textual.strip import Strip

from nordic_tui.model import Place, PlaceKind
from nordic_tui.tui import present
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.lines import LineList

_PARTS = (PlaceKind.FOLDER, PlaceKind.SOURCE, PlaceKind.CATEGORY)
"""What the posts are parted in; every other place is made of the posts of all sources."""


class CategoryList(LineList):
    """The places to go to, with unread and total counts."""

    class Selected(Message):
        """The cursor rests on a place."""

        def __init__(self, place: Place) -> None:
            super().__init__()
            self.place = place

    class Entered(Message):
        """A place was chosen: go to its posts."""

        def __init__(self, place: Place) -> None:
            super().__init__()
            self.place = place

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.places: Sequence[Place] = ()
        self._rows: list[Place | None] = []
        """The places as they stand under each other; None: an empty row between two parts."""
        self._columns = (2, 2)
        self.shows_totals = True

    @property
    def place(self) -> Place | None:
        """The place under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    def show(self, places: Sequence[Place]) -> None:
        """Show these places; the cursor stays on the place it was on."""
        here = self.place
        self.places = places
        columns, self._columns = self._columns, present.number_columns(places)
        before, self._rows = self._rows, _with_gap(places)
        if here is not None:
            self.place_cursor(self.find(here.kind, here.id), at_line=self.cursor - self.first)
        if len(before) != len(self._rows) or columns != self._columns:
            self.refresh()
        else:
            pairs = enumerate(zip(before, self._rows, strict=True))
            self.refresh_rows(*(row for row, (old, new) in pairs if old != new))

    def find(self, kind: PlaceKind, place_id: int) -> int:
        """The row of a place, whatever its counts; the first row if it is gone."""
        for row, place in enumerate(self._rows):
            if place is not None and (place.kind, place.id) == (kind, place_id):
                return row
        return 0

    def place_cursor(self, row: int, *, at_line: int | None = None, rest: bool = True) -> None:
        if 0 <= row < len(self._rows) and self._rows[row] is None:
            row += 1 if row > self.cursor else -1
        super().place_cursor(row, at_line=at_line, rest=rest)

    def row_count(self) -> int:
        return len(self._rows)

    def draw_row(self, row: int, palette: Palette, *, selected: bool, focused: bool) -> Strip:
        place = self._rows[row]
        if place is None:
            return self.blank(palette)
        return present.place_row(
            place,
            self.inner_width,
            palette,
            columns=self._columns,
            shows_total=self.shows_totals,
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


def _with_gap(places: Sequence[Place]) -> list[Place | None]:
    """The places with an empty row between the views of all sources and what they are parted in."""
    rows: list[Place | None] = list(places)
    whole = sum(place.kind not in _PARTS for place in places)
    if whole < len(rows):
        rows.insert(whole, None)
    return rows
