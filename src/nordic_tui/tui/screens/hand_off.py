"""A link to be taken elsewhere: as text that the terminal makes clickable, and as a QR code."""

from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.style import Style
from textual.app import ComposeResult
from textual.strip import Strip

from nordic_tui.errors import HandoffError
from nordic_tui.text import clean
from nordic_tui.text.wrapping import chop, wrap
from nordic_tui.tui import present, present_links
from nordic_tui.tui.screens.base import BottomLine, CommandScreen, TooSmall
from nordic_tui.tui.services import HandOff
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.bars import TitleBar
from nordic_tui.tui.widgets.lines import TextLines

if TYPE_CHECKING:
    from nordic_tui.tui.app import NordicApp

CODE_WORDS = "Point a telephone's camera at the code, or open the link from here. "
CLICK_WORDS = "Most terminals open it on a click with Ctrl or Cmd held down."
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
        code, _ = self._code(width - BESIDE, height)
        if code:
            return self._side_by_side(code, width, palette)
        text = self._text(CODE_WORDS + CLICK_WORDS, width, palette)
        code, problem = self._code(width, max(height - len(text), 0))
        if code:
            return [*(self._code_line(line, width, palette) for line in code), *text]
        return self._text(f"{problem} {CLICK_WORDS}", width, palette)

    def _side_by_side(self, code: list[str], width: int, palette: Palette) -> list[Strip]:
        page, left = palette.style(), len(code[0])
        gap, no_code = present.strip(1, page), present.strip(left, page)
        right = width - left - 1
        text = self._text(CODE_WORDS + CLICK_WORDS, right, palette)
        no_text = present.strip(right, page)
        drawn = (self._code_line(line, left, palette) for line in code)
        return [
            Strip.join([gap, one, other])
            for one, other in (
                (one or no_code, other or no_text) for one, other in zip_longest(drawn, text)
            )
        ]

    def _code(self, columns: int, rows: int) -> tuple[list[str], str]:
        """The lines of the code; none, and why, where it does not fit."""
        try:
            return self._edges.qr_rows(self._address, max(columns, 0), rows), ""
        except HandoffError as error:
            return [], str(error)

    def _code_line(self, line: str, width: int, palette: Palette) -> Strip:
        return present_links.qr_line(line, width, inverted=self.inverted, palette=palette)

    def _text(self, what_to_do: str, width: int, palette: Palette) -> list[Strip]:
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
        return [*lines, blank, *self._paragraph(what_to_do, width, palette.style("muted"), palette)]

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
