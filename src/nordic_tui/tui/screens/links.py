"""The links and files of a post, or its pictures: a list, and all about the one that is chosen."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.events import Key
from textual.strip import Strip

from nordic_tui.text.post_links import LinkRow
from nordic_tui.tui import present, present_links
from nordic_tui.tui.screens.base import BottomLine, CommandScreen, TooSmall
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.bars import TitleBar
from nordic_tui.tui.widgets.choice_list import ChoiceList
from nordic_tui.tui.widgets.lines import TextLines

if TYPE_CHECKING:
    from nordic_tui.tui.app import NordicApp


class LinkList(ChoiceList):
    """Links with their numbers."""

    def __init__(self, rows: Sequence[LinkRow], *, id: str) -> None:
        super().__init__(id=id)
        self.rows = rows
        self._digits = max(len(str(row.number)) for row in rows)

    @property
    def row(self) -> LinkRow:
        return self.rows[self.cursor]

    def row_count(self) -> int:
        return len(self.rows)

    def draw_row(self, row: int, palette: Palette, *, selected: bool, focused: bool) -> Strip:
        return present_links.link_row(
            self.rows[row],
            self._digits,
            self.inner_width,
            palette,
            selected=selected,
            focused=focused,
        )


class LinkDetails(TextLines):
    """All about one link."""

    can_focus = False

    def __init__(self, program_of: Callable[[LinkRow], str], *, id: str) -> None:
        super().__init__(id=id)
        self.rule_above = True
        self._program_of = program_of
        self._row: LinkRow | None = None

    def show(self, row: LinkRow) -> None:
        self._row = row
        self.recompose_lines(keep_place=False)

    def compose_lines(self, width: int, palette: Palette) -> list[Strip]:
        if self._row is None:
            return []
        program = self._program_of(self._row)
        return present_links.link_details(self._row, program, width, palette)


class LinkScreen(CommandScreen):
    """Chooses one link: with the cursor, or by its number, which is enough where no other number
    begins with it.

    open_row: what is done with the one that is opened; None: browser or program.
    """

    WHERE = "links"
    CSS_PATH = "../handing.tcss"

    def __init__(
        self,
        app: "NordicApp",
        title: str,
        rows: Sequence[LinkRow],
        open_row: Callable[[LinkRow], None] | None = None,
    ) -> None:
        super().__init__(app.size)
        self._title = title
        self._rows = rows
        self._open_row = open_row
        self._typed = ""
        """The digits that may go on."""

    def compose(self) -> ComposeResult:
        yield TitleBar(f"‹ {self._title}{present.SEPARATOR}{len(self._rows):,}", id="title")
        yield LinkList(self._rows, id="links")
        yield LinkDetails(self._program_of, id="link-details")
        yield BottomLine(id="keys")
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        super().on_mount()
        self.bottom.show(self.footer_keys("links"))
        self.details.show(self.list.row)
        self.take_focus()
        self.ready()

    @property
    def list(self) -> LinkList:
        return self.query_one(LinkList)

    @property
    def details(self) -> LinkDetails:
        return self.query_one(LinkDetails)

    def take_focus(self) -> None:
        self.set_focus(self.list, scroll_visible=False)

    def _program_of(self, row: LinkRow) -> str:
        if not row.is_file:
            return ""
        return self.nordic.handing.program_for(row.media_type, row.address)

    # ── numbers ─────────────────────────────────────────────────────────────────────────────

    async def on_key(self, event: Key) -> None:
        digit = event.character or ""
        if not (digit.isascii() and digit.isdigit()):
            return
        event.stop()
        typed = self._typed + digit
        at = next((n for n, row in enumerate(self._rows) if str(row.number) == typed), None)
        goes_on = any(
            str(row.number).startswith(typed) and str(row.number) != typed for row in self._rows
        )
        if at is None and not goes_on:
            self._typed = ""
            self.bottom.say(f"There is no link {typed}.")
            return
        if at is not None:
            self.list.place_cursor(at, rest=False)
        if goes_on:
            self._typed = typed
            self.bottom.say(f"Link {typed} … Enter opens it.")
        else:
            await self._open(self.list.row)

    def on_choice_list_rested(self) -> None:
        if str(self.list.row.number) != self._typed:
            self._typed = ""  # the cursor was moved on
        self.details.show(self.list.row)

    async def on_choice_list_opened(self) -> None:
        await self._open(self.list.row)

    # ── actions ─────────────────────────────────────────────────────────────────────────────

    async def action_open_link(self) -> None:
        if self._typed and str(self.list.row.number) != self._typed:
            self.bottom.say(f"There is no link {self._typed}.")
            self._typed = ""
            return
        await self._open(self.list.row)

    async def _open(self, row: LinkRow) -> None:
        self._typed = ""
        if self._open_row is not None:
            self._open_row(row)
        elif row.is_file and not self._program_of(row):
            await self._ask_for_program(row)
        elif row.is_file:
            self.nordic.handing.open_file(row.media_type, row.address)
        else:
            await self.nordic.handing.open(row.address)

    async def _ask_for_program(self, row: LinkRow) -> None:
        from nordic_tui.tui.screens.ask_line import AskLineScreen

        kind = row.media_type.partition("/")[0].lower() or "any"
        file = present.at_home(self.nordic.handing.edges.settings_file)

        def answered(command: str | None) -> None:
            if command:
                self.nordic.handing.open_file(row.media_type, row.address, command)
                self.details.show(row)

        screen = AskLineScreen(
            f"Open “{row.title}” with",
            "mpv %s",
            "",
            f"%s stands for the address. It is remembered until you quit; for good: "
            f'{kind} = "mpv %s" below [open] in {file}',
        )
        await self.app.push_screen(screen, answered)

    def action_copy_link(self) -> None:
        self.nordic.handing.copy(self.list.row.address)

    def action_copy_markdown(self) -> None:
        row = self.list.row
        link = self.nordic.handing.edges.markdown_link(row.title, row.address)
        self.nordic.handing.copy(link, link)

    async def action_qr(self) -> None:
        await self.nordic.handing.show_link(self.list.row.address)

    def action_back(self) -> None:
        if self._typed or self.bottom.message:
            self._typed = ""
            self.bottom.hush()
            return
        self.dismiss()

    def action_leave(self) -> None:
        self.dismiss()
