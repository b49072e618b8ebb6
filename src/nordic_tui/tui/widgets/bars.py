"""Lines of one row: the title with the status, a heading, the keys."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.strip import Strip

from nordic_tui.text.wrapping import cut
from nordic_tui.tui import present
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.lines import Lines

TITLE_CELLS = 12
"""Room that a title has before the status says all that it could."""


class TitleBar(Lines):
    """What is open at the left; at the right one thing about its state. With a second line it
    has a rule below."""

    def __init__(self, title: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown_title = title
        self._status = ("", "muted")

    def show_title(self, title: str) -> None:
        if title != self._shown_title:
            self._shown_title = title
            self.refresh()

    def show_status(self, text: str, role: str = "muted") -> None:
        """role: the colour by its meaning, as `theme` names it."""
        if (text, role) != self._status:
            self._status = (text, role)
            self.refresh()

    def draw_line(self, y: int, palette: Palette) -> Strip:
        width = self.inner_width
        if y:
            return present.strip(
                width, palette.style(), (palette.rule * width, palette.style("rule"))
            )
        status, role = self._status
        title = self._shown_title
        room = width - 2
        # Where both have no room, what the status adds gives way, then the title, which is known.
        if min(cell_len(title), TITLE_CELLS) + 2 + cell_len(status) > room:
            status = status.rpartition(present.SEPARATOR)[0] or status
        status = cut(status, max(room, 0)) if status else ""
        title_room = room - cell_len(status) - (2 if status else 0)
        title = cut(title, title_room) if title_room >= 6 else ""
        gap = " " * max(room - cell_len(title) - cell_len(status), 0)
        page = palette.style()
        return present.strip(
            width,
            page,
            (" ", page),
            (title, palette.style(attribute="bold")),
            (gap, page),
            (status, palette.style(role)),
        )


class Heading(Lines):
    """The archive's heading: "New initiatives · 7 posts · 3 unread"."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._words = ""
        self._facts = ""
        self._short = ""

    def show(self, name: str, facts: str, short: str) -> None:
        """short: the facts in fewer words, where name and facts have no room together."""
        if (name, facts) != (self._words, self._facts):
            self._words, self._facts, self._short = name, facts, short
            self.refresh()

    def draw_line(self, y: int, palette: Palette) -> Strip:
        if y:
            return self.blank(palette)
        width = self.inner_width
        room = width - present.MARGIN - 1
        fits = cell_len(self._words) + len(present.SEPARATOR) + cell_len(self._facts) <= room
        facts = self._facts if fits else self._short
        name = cut(self._words, max(room - cell_len(facts) - len(present.SEPARATOR), 8))
        page = palette.style()
        return present.strip(
            width,
            page,
            (" " * present.MARGIN, page),
            (name, palette.style(attribute="bold")),
            (present.SEPARATOR + facts if facts else "", palette.style("muted")),
        )


class KeyBar(Lines):
    """One line of keys for the focused pane, as many as have room."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys: Sequence[tuple[str, str]] = ()

    def show(self, keys: Sequence[tuple[str, str]]) -> None:
        """keys: key and words, the most wanted first; the last one always has its room."""
        if list(keys) != list(self._keys):
            self._keys = keys
            self.refresh()

    def draw_line(self, y: int, palette: Palette) -> Strip:
        width = self.inner_width
        if not self._keys or y < self.size.height - 1:
            return self.blank(palette)
        *others, last = self._keys
        room = width - 1 - _length(last)
        shown = []
        for item in others:
            if room < _length(item) + 3:
                break
            room -= _length(item) + 3
            shown.append(item)
        page, mark, muted = palette.style(), palette.style("mark"), palette.style("muted")
        parts = [(" ", page)]
        for number, (key, words) in enumerate([*shown, last]):
            parts += [("   " if number else "", page), (key, mark), (f" {words}", muted)]
        return present.strip(width, page, *(part for part in parts if part[0]))


def _length(item: tuple[str, str]) -> int:
    return cell_len(item[0]) + 1 + cell_len(item[1])
