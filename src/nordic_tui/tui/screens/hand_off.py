"""A link to be taken elsewhere: as text that the terminal makes clickable, and as a QR code."""

from typing import TYPE_CHECKING

from rich.style import Style
from textual.app import ComposeResult
from textual.strip import Strip

from nordic_tui.errors import HandoffError
from nordic_tui.text import clean
from nordic_tui.text.wrapping import chop, wrap
from nordic_tui.tui import present, present_links
from nordic_tui.tui.commands import bindings
from nordic_tui.tui.screens.base import BottomLine, CommandScreen, TooSmall
from nordic_tui.tui.services import HandOff
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.bars import TitleBar
from nordic_tui.tui.widgets.lines import TextLines

if TYPE_CHECKING:
    from nordic_tui.tui.app import NordicApp

WHAT_TO_DO = (
    "Point a telephone's camera at the code, or open the link from here: most terminals do that "
    "on a click with Ctrl or Cmd held down."
)
BESIDE = 32
"""So many columns at least has the text beside the code; else it stands below."""


class LinkPage(TextLines):
    """The link, and its code where there is room."""

    def __init__(self, edges: HandOff, address: str, why: str, *, inverted: bool, id: str) -> None:
        super().__init__(id=id)
        self._edges = edges
        self._address = address
        self._why = why
        self.inverted = inverted

    def invert(self) -> None:
        self.inverted = not self.inverted
        self.recompose_lines()

    def compose_lines(self, width: int, palette: Palette) -> list[Strip]:
        height = self.text_height
        beside = self._code(width - BESIDE, height)
        if beside is not None and len(beside[0]) + BESIDE <= width:
            code_width = len(beside[0])
            text = self._text(width - code_width - 1, palette)
            page = palette.style()
            blank = present.strip(width - code_width - 1, page)
            gap = present.strip(1, page)
            lines = []
            for number in range(max(len(beside), len(text))):
                code = (
                    self._code_line(beside[number], code_width, palette)
                    if number < len(beside)
                    else present.strip(code_width, page)
                )
                right = text[number] if number < len(text) else blank
                lines.append(Strip.join([gap, code, right]))
            return lines
        text = self._text(width, palette)
        below = self._code(width, max(height - len(text), 0))
        if below is not None:
            return [*(self._code_line(line, width, palette) for line in below), *text]
        return [*text, *self._no_code(width, height, len(text), palette)]

    def _code(self, columns: int, rows: int) -> list[str] | None:
        try:
            return self._edges.qr_rows(self._address, max(columns, 0), rows)
        except HandoffError:
            return None

    def _code_line(self, line: str, width: int, palette: Palette) -> Strip:
        return present_links.qr_line(line, width, inverted=self.inverted, palette=palette)

    def _no_code(self, width: int, height: int, used: int, palette: Palette) -> list[Strip]:
        """Why there is no code, in place of it."""
        try:
            self._edges.qr_rows(self._address, width, max(height - used, 0))
        except HandoffError as error:
            words = f"{error} Make the window larger, or the letters smaller."
            return self._paragraph(words, width, palette.style("caution"), palette)
        return []

    def _text(self, width: int, palette: Palette) -> list[Strip]:
        page = palette.style()
        measure = max(min(width - 2 * present.MARGIN, present.MEASURE), 1)
        blank = present.strip(width, page)
        lines = [blank]
        if self._why:
            lines += self._paragraph(self._why, width, palette.style(attribute="bold"), palette)
        # Broken anywhere, and every piece leads to the whole address.
        link = palette.style("mark", attribute="underline") + Style(link=self._address)
        shown = clean.line(self._address, clean.MAX_URL_CHARS)
        for piece in chop(shown, measure):
            lines.append(present.strip(width, page, (" " * present.MARGIN, page), (piece, link)))
        lines += [blank, *self._paragraph(WHAT_TO_DO, width, palette.style("muted"), palette)]
        return lines

    def _paragraph(self, text: str, width: int, style: Style, palette: Palette) -> list[Strip]:
        page = palette.style()
        measure = max(min(width - 2 * present.MARGIN, present.MEASURE), 1)
        margin = (" " * present.MARGIN, page)
        lines = [present.strip(width, page, margin, (line, style)) for line in wrap(text, measure)]
        return [*lines, present.strip(width, page)]

    def on_resize(self) -> None:
        # The height counts as well: a code that did not fit may fit now.
        self.recompose_lines()


class HandOffScreen(CommandScreen):
    """One link in the whole window. why: what it is shown for, a sentence."""

    WHERE = "hand_off"
    BINDINGS = bindings("hand_off")
    CSS_PATH = "../handing.tcss"

    def __init__(self, app: "NordicApp", address: str, why: str) -> None:
        super().__init__(app.size)
        self._address = address
        # Without colours light on dark is guessed: the theme says which of them the person has.
        inverted = app.palette.plain and not app.current_theme.dark
        edges = app.handing.edges
        self.page = LinkPage(edges, address, why, inverted=inverted, id="link-page")

    def compose(self) -> ComposeResult:
        yield TitleBar(f"‹ {clean.host(self._address)}", id="title")
        yield self.page
        yield BottomLine(id="keys")
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        super().on_mount()
        self.bottom.show(self.footer_keys("hand_off"))
        self.take_focus()
        self.ready()

    def take_focus(self) -> None:
        self.set_focus(self.page, scroll_visible=False)

    def action_copy_link(self) -> None:
        self.nordic.handing.copy(self._address)

    def action_invert(self) -> None:
        self.page.invert()

    def action_back(self) -> None:
        self.dismiss()

    def action_leave(self) -> None:
        self.dismiss()
