"""The table of sources, and the pane that tells all about one of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from textual.strip import Strip

from nordic_tui.tui import present, present_sources
from nordic_tui.tui.outline import FolderRow, Row, SourceRow
from nordic_tui.tui.present_sources import Progress
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.choice_list import ChoiceList
from nordic_tui.tui.widgets.lines import Lines, TextLines

ROOMY_FROM = 12
"""From this many lines on the pane has room for a blank one at the top."""


class TableHead(Lines):
    """What the columns of the table hold."""

    def draw_line(self, y: int, palette: Palette) -> Strip:
        return self.blank(palette) if y else present_sources.table_head(self.inner_width, palette)


class SourceList(ChoiceList):
    """The sources, with the headings of their folders."""

    def __init__(self, clock: Callable[[], datetime], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._clock = clock
        self.rows: Sequence[Row] = ()
        self._progress: Mapping[str, Progress] = {}
        self.empty_words = ""
        """What to say when there is no source."""

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def show(self, rows: Sequence[Row], progress: Mapping[str, Progress], empty_words: str) -> None:
        """Show these rows; the cursor stays on its source or folder.

        progress: of archives, by address.
        """
        here = _key(self.row)
        line = self.cursor - self.first
        self.rows, self._progress, self.empty_words = rows, progress, empty_words
        keys = {_key(row): number for number, row in enumerate(rows)}
        if here in keys:
            self.place_cursor(keys[here], at_line=line)
        elif here is None:
            sources = (number for number, row in enumerate(rows) if isinstance(row, SourceRow))
            self.place_cursor(next(sources, 0))
        else:
            self.place_cursor(self.cursor)
        self.refresh()

    def go_to(self, address: str) -> None:
        """Put the cursor on a source."""
        for number, row in enumerate(self.rows):
            if isinstance(row, SourceRow) and row.source.address == address:
                self.place_cursor(number, rest=False)

    def row_count(self) -> int:
        return len(self.rows)

    def draw_line(self, y: int, palette: Palette) -> Strip:
        if y == 1 and not self.rows:
            words = (" " * present.MARGIN + self.empty_words, palette.style("muted"))
            return present.strip(self.inner_width, palette.style(), words)
        return super().draw_line(y, palette)

    def draw_row(self, row: int, palette: Palette, *, selected: bool, focused: bool) -> Strip:
        what, width = self.rows[row], self.inner_width
        if isinstance(what, FolderRow):
            return present_sources.folder_row(
                what, width, palette, selected=selected, focused=focused
            )
        return present_sources.source_row(
            what,
            self._progress.get(what.source.address),
            self._clock(),
            width,
            palette,
            selected=selected,
            focused=focused,
        )


def _key(row: Row | None) -> str | tuple[str] | None:
    """What stays the same of a row: a source's address, or a folder's path as a tuple."""
    if isinstance(row, SourceRow):
        return row.source.address
    return (row.path,) if row is not None else None


class SourcePane(TextLines):
    """All about the source under the cursor."""

    def __init__(self, clock: Callable[[], datetime], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._clock = clock
        self._row: Row | None = None
        self._progress: Progress | None = None
        self._rename_key = ""

    def show(self, row: Row | None, progress: Progress | None, rename_key: str) -> None:
        same = _key(row) == _key(self._row)
        self._row, self._progress, self._rename_key = row, progress, rename_key
        self.recompose_lines(keep_place=same)

    def compose_lines(self, width: int, palette: Palette) -> list[Strip]:
        row, roomy = self._row, self.size.height >= ROOMY_FROM
        if row is None:
            return []
        if isinstance(row, FolderRow):
            return present_sources.folder_details(
                row,
                width,
                palette,
                focused=self.has_focus,
                roomy=roomy,
                rename_key=self._rename_key,
            )
        return present_sources.source_details(
            row,
            self._progress,
            self._clock(),
            width,
            palette,
            focused=self.has_focus,
            roomy=roomy,
        )

    def watch_has_focus(self, has_focus: bool) -> None:
        # The events Focus and Blur come before the widget knows of its own focus.
        super().watch_has_focus(has_focus)
        self.recompose_lines()
