"""What changed in a post: words added and removed, set like the reading view."""

from textual.app import ComposeResult
from textual.geometry import Size
from textual.strip import Strip

from nordic_tui.service.changes import Changed
from nordic_tui.text.diff import Change, Paragraph, count_words
from nordic_tui.text.wrapping import Role, Run, wrap_runs
from nordic_tui.tui import present
from nordic_tui.tui.present import count
from nordic_tui.tui.screens.base import BottomLine, CommandScreen, TooSmall, text_size
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.bars import TitleBar
from nordic_tui.tui.widgets.lines import TextLines

_SIGNS = {Change.SAME: "", Change.ADDED: "+", Change.REMOVED: "−"}
"""What stands before words, so that they are told apart without colour as well."""
_ROLES = {Change.SAME: Role.TEXT, Change.ADDED: Role.INSERTED, Change.REMOVED: Role.REMOVED}


class ChangesPage(TextLines):
    """The changes of a post, one of them marked: the one that was gone to."""

    def __init__(self, changed: Changed, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._changed = changed
        self.at = 0
        """The number of the change that is marked."""
        self._places: list[tuple[int, int]] = []
        """The first line of each change, and the first after it."""

    @property
    def number(self) -> int:
        """How many changes there are: paragraphs that changed, were added or removed."""
        return len(self._places)

    def compose_lines(self, width: int, palette: Palette) -> list[Strip]:
        measure = min(width - 2 * present.MARGIN, present.MEASURE)
        if measure < 1:
            return []
        indent = max((width - measure) // 2 - present.MARGIN, 0)
        self._places.clear()
        page, muted = palette.style(), palette.style("muted")
        blank = present.strip(width, page)
        lines = [blank]

        def add(runs: list[Run], *, is_change: bool) -> None:
            first = len(lines)
            is_at = is_change and len(self._places) == self.at
            edge = f"{present.FOCUS if is_at else ' ':<{present.MARGIN}}"
            for line in wrap_runs(runs, measure):
                text = present.text_line(line, width - indent - present.MARGIN, 0, palette)
                left = present.strip(
                    indent + present.MARGIN,
                    page,
                    (" " * indent, page),
                    (edge, palette.style("mark")),
                )
                lines.append(Strip.join([left, text]))
            if is_change:
                self._places.append((first, len(lines)))

        for paragraph in self._changed.title:
            add(_runs(paragraph, Role.HEADING), is_change=not paragraph.is_same)
        for words in self._facts():
            add([(words, Role.MUTED, None)], is_change=False)
        lines.append(blank)
        unchanged = 0
        for each in (*self._changed.text, None):
            if each is not None and each.is_same:
                unchanged += 1
                continue
            if unchanged:
                paragraphs = count(unchanged, "unchanged paragraph", "unchanged paragraphs")
                folded = present.strip(
                    width,
                    muted,
                    (" " * (indent + present.MARGIN), page),
                    (f"… {paragraphs} …", muted),
                )
                lines += [folded, blank]
                unchanged = 0
            if each is not None:
                add(_runs(each, Role.TEXT), is_change=True)
                lines.append(blank)
        return lines

    def _facts(self) -> list[str]:
        when = present.date(self._changed.since)
        since = (
            f"What changed since you read it on {when}"
            if self._changed.since_read
            else (f"What changed on {when}")
        )
        added, removed = count_words((*self._changed.title, *self._changed.text))
        if not added and not removed:
            return [f"{since}: no word, only signs or blanks."]
        return [f"{since}: {count(added, 'word', 'words')} added, {removed:,} removed."]

    def go_to_change(self, step: int) -> None:
        """Mark the next change (step 1) or the one before (-1), and bring it on the screen."""
        if not self._places:
            return
        self.at = min(max(self.at + step, 0), len(self._places) - 1)
        self.recompose_lines()
        first, last = self._places[self.at]
        if first < self.first or last > self.first + self.text_height:
            self.go_to(first - 1)


def _runs(paragraph: Paragraph, base: Role) -> list[Run]:
    runs: list[Run] = []
    for piece in paragraph.pieces:
        role = base if piece.change is Change.SAME else _ROLES[piece.change]
        # A blank at the beginning stays before the sign, which belongs to the word.
        bare = piece.text.lstrip(" \n")
        before = piece.text[: len(piece.text) - len(bare)]
        if before:
            runs.append((before, base, None))
        if bare:
            runs.append((_SIGNS[piece.change] + bare, role, None))
    return runs


class ChangesScreen(CommandScreen):
    """What changed in a post, in the whole window."""

    WHERE = "changes"

    def __init__(self, size: Size, changed: Changed) -> None:
        super().__init__(size)
        self.page = ChangesPage(changed, id="reading")
        self.page.expected_size = text_size(size)

    def compose(self) -> ComposeResult:
        yield TitleBar("‹ Back to the post", id="title")
        yield self.page
        yield BottomLine(id="keys")
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        super().on_mount()
        self.take_focus()
        self.query_one(BottomLine).show(self.footer_keys("changes"))
        self._show_place()
        self.ready()

    def take_focus(self) -> None:
        self.set_focus(self.page, scroll_visible=False)

    def _show_place(self) -> None:
        number = self.page.number
        words = f"change {self.page.at + 1} of {number}" if number else ""
        self.query_one(TitleBar).show_status(words)

    def action_change(self, step: int) -> None:
        self.page.go_to_change(step)
        self._show_place()

    def action_back(self) -> None:
        self.dismiss()

    def action_leave(self) -> None:
        self.dismiss()
