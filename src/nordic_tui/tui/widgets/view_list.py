"""The list of saved views and rules, and the pane that tells all about one of them."""

from collections.abc import Sequence

from textual.strip import Strip

from nordic_tui.tui import present_views
from nordic_tui.tui.present_views import Heading, RuleRow, SaveRow, ViewRow
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.choice_list import ChoiceList
from nordic_tui.tui.widgets.lines import TextLines


class ViewList(ChoiceList):
    """Saved views, then rules, each kind below its heading."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.rows: Sequence[present_views.Row] = ()

    @property
    def row(self) -> present_views.Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def show(self, rows: Sequence[present_views.Row]) -> None:
        """Show these; the cursor stays on its view or rule."""
        here, line = _key(self.row), self.cursor - self.first
        self.rows = rows
        keys = [_key(row) for row in rows]
        if here in keys:
            self.place_cursor(keys.index(here), at_line=line)
        elif here is None:
            self.place_cursor(
                next((n for n, row in enumerate(rows) if not isinstance(row, Heading)), 0)
            )
        else:
            self.place_cursor(self.cursor)
        self.refresh()

    def go_to(self, array: str, name: str) -> None:
        """Put the cursor on a saved view or rule."""
        for number, row in enumerate(self.rows):
            if _key(row) == (array, name):
                self.place_cursor(number, rest=False)

    def row_count(self) -> int:
        return len(self.rows)

    def draw_row(self, row: int, palette: Palette, *, selected: bool, focused: bool) -> Strip:
        return present_views.row_line(
            self.rows[row], self.inner_width, palette, selected=selected, focused=focused
        )


def _key(row: present_views.Row | None) -> tuple[str, str] | None:
    """What stays the same of a row: the field of `Following` that it is in, and its name; of what
    is in none the field is empty."""
    if isinstance(row, ViewRow):
        return "views", row.view.name
    if isinstance(row, RuleRow):
        return "rules", row.rule.name
    if isinstance(row, SaveRow):
        return "search", row.search
    return ("", row.words) if isinstance(row, Heading) else None


class ViewPane(TextLines):
    """All about the view or rule under the cursor."""

    can_focus = False

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._row: present_views.Row | None = None
        self._switch_key = ""

    def show(self, row: present_views.Row | None, switch_key: str) -> None:
        self._row, self._switch_key = row, switch_key
        self.recompose_lines(keep_place=False)

    def compose_lines(self, width: int, palette: Palette) -> list[Strip]:
        if self._row is None:
            return []
        return present_views.details(self._row, width, palette, switch_key=self._switch_key)
