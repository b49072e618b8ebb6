"""Adding a source: an address is typed or pasted, what was found there is shown, one is chosen."""

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Static

from nordic_tui.model import SourceState
from nordic_tui.service.background import BackgroundDiscovery
from nordic_tui.service.discover import Discovery, Found, followed_titles
from nordic_tui.text import clean
from nordic_tui.tui import present, present_sources
from nordic_tui.tui.changing import Changing
from nordic_tui.tui.commands import Command, key_name
from nordic_tui.tui.present_sources import PANEL
from nordic_tui.tui.screens.reader import ReaderScreen
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.filter_input import ADDRESS, LineInput
from nordic_tui.tui.widgets.lines import LineList, TextLines

BOX = (84, 24)
"""The size of the dialog; in a smaller window it takes all of it."""

KEYS: Final = (
    Command("", "enter", "take", "follow", "Look for feeds at the address; on a feed: follow it",
            "Add a source"),
    Command("", "tab,shift+tab", "other", "other", "Go from the address to what was found, and "
            "back", "Add a source"),
    Command("", "j,down", "step(1)", "next", "Go to the next feed; scroll down where none was "
            "found", "Add a source"),
    Command("", "k,up", "step(-1)", "previous", "Go to the previous feed; scroll up where none "
            "was found", "Add a source"),
    Command("", "pagedown,ctrl+d", "page(1)", "page down", "Scroll down a page",
            "Add a source"),
    Command("", "pageup,ctrl+u", "page(-1)", "page up", "Scroll up a page", "Add a source"),
    Command("", "question_mark", "help", "help", "Show every key that works here",
            "Add a source"),
    Command("", "escape", "cancel", "close", "Close, and follow nothing", "Add a source"),
)  # fmt: skip
"""What the keys of the dialog do."""
TYPED: Final = frozenset({"enter", "j", "k", "question_mark"})
"""Keys that belong to the address while it is typed."""


async def ask_for_source(reader: ReaderScreen) -> None:
    """Show the dialog, and follow what is chosen in it."""
    undo_key = reader.nordic.key_of("undo")
    changing = Changing(reader.services.subscriptions, reader.say, undo_key)
    if not changing.possible:
        return
    followed = reader.services.subscriptions
    sources = followed.following.sources if followed else ()
    known = followed_titles(sources, reader.services.library.states())

    def chosen(found: Found | None) -> None:
        if found is None:
            return
        if changing.add(found, f"{undo_key} takes it back."):
            state = SourceState(found.address, title=found.title)
            reader.watch_refresh.ask_one(state, quietly=True)
            reader.follow_changed()

    discovery = reader.services.open_discovery()
    screen = AddScreen(discovery, frozenset(known), reader.nordic.palette)
    await reader.app.push_screen(screen, chosen)


class FoundList(LineList):
    """The feeds that were found, the best first."""

    class Rested(Message):
        """The cursor rests on a feed."""

    def __init__(self, known: frozenset[str], *, id: str) -> None:
        super().__init__(id=id)
        self._known = known
        self.found: tuple[Found, ...] = ()

    def show(self, found: tuple[Found, ...]) -> None:
        self.found = found
        self.styles.height = len(found)
        self.cursor = self.first = 0
        self.refresh()

    @property
    def row(self) -> Found | None:
        return self.found[self.cursor] if self.cursor < len(self.found) else None

    def row_count(self) -> int:
        return len(self.found)

    def draw_row(self, row: int, palette: Palette, *, selected: bool, focused: bool) -> Strip:
        found = self.found[row]
        return present_sources.found_row(
            found,
            found.address in self._known,
            self.inner_width,
            palette,
            selected=selected,
            focused=focused,
        )

    def draw_line(self, y: int, palette: Palette) -> Strip:
        if self.first + y >= self.row_count():
            return present.strip(self.inner_width, palette.style(on=PANEL))
        return super().draw_line(y, palette)

    def moved(self) -> None:
        self.post_message(self.Rested())


class Answer(TextLines):
    """What was found, or what was asked for in vain."""

    can_focus = False

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._what: Found | Discovery | None = None

    def show(self, what: Found | Discovery | None) -> None:
        self._what = what
        self.recompose_lines(keep_place=False)

    def compose_lines(self, width: int, palette: Palette) -> list[Strip]:
        if isinstance(self._what, Found):
            return present_sources.found_details(self._what, width, palette)
        if isinstance(self._what, Discovery):
            return present_sources.tried_lines(self._what, width, palette)
        return []

    def draw_line(self, y: int, palette: Palette) -> Strip:
        row = self.first + y
        if y == self.size.height - 1 and row < len(self.lines) - 1:
            muted = palette.style("muted", PANEL)
            return present.strip(self.inner_width, muted, ("  ↓ more", muted))
        if row < len(self.lines):
            return self.lines[row]
        return present.strip(self.inner_width, palette.style(on=PANEL))


class AddScreen(ModalScreen[Found]):
    """Asks for an address and shows what is there; dismissed with the feed to follow.

    discovery: what looks, behind the screen.
    known: the addresses that are followed already.
    """

    CSS_PATH = "../sources.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, command.action, show=False, priority=key not in TYPED)
        for command in KEYS
        for key in command.keys.split(",")
    ]
    AUTO_FOCUS = None

    class Told(Message):
        """The search says something, or has ended."""

        def __init__(self, search: int, what: str | Discovery) -> None:
            super().__init__()
            self.search = search
            self.what = what

    def __init__(
        self, discovery: BackgroundDiscovery, known: frozenset[str], palette: Palette
    ) -> None:
        super().__init__()
        self._discovery = discovery
        self._known = known
        self._palette = palette
        self._search = 0
        """The number of the search: what an earlier one still says is not shown."""
        self._asked = ""
        """What is looked at."""
        self._looking = False

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(Content("Add a source"), classes="title")
            box = LineInput(placeholder="Address, site or file", id="address")
            box.add_class(ADDRESS)
            yield box
            yield Static(Content(""), id="told")
            yield FoundList(self._known, id="found")
            yield Answer(id="about")
            yield Static(Content(""), id="hint", classes="hint")

    @property
    def box(self) -> LineInput:
        return self.query_one(LineInput)

    @property
    def found(self) -> FoundList:
        return self.query_one(FoundList)

    @property
    def answer(self) -> Answer:
        return self.query_one(Answer)

    def on_mount(self) -> None:
        self.on_resize()
        for lines in (self.found, self.answer):
            lines.use_palette(self._palette)
        self.found.show(())
        self.set_focus(self.box)

    def on_resize(self) -> None:
        width, height = self.app.size
        self.set_class(width < BOX[0] or height < BOX[1], "-small")

    def on_unmount(self) -> None:
        self._discovery.stop()

    def _tell(self, words: str) -> None:
        self.query_one("#told", Static).update(Content(clean.line(words)))

    def on_descendant_focus(self) -> None:
        if self.focused is not self.found:
            hint = "Enter looks for feeds, Esc closes"
        elif self.app.size.width < BOX[0]:
            hint = "Enter follows it, ? keys, Esc closes"
        else:
            hint = "Enter follows it, j k choose, Tab to the address, ? keys, Esc closes"
        self.query_one("#hint", Static).update(Content(hint))

    # ── looking ─────────────────────────────────────────────────────────────────────────────

    def on_input_submitted(self) -> None:
        words = self.box.value.strip()
        if not words:
            self._tell("Type or paste an address first.")
            return
        if self._looking and words == self._asked:
            return
        self._discovery.stop()
        self._search += 1
        self._asked, self._looking = words, True
        self.found.show(())
        self.answer.show(None)
        self._tell("Looking …")
        search = self._search

        def tell(what: str | Discovery) -> None:
            if self.is_running:
                self.post_message(self.Told(search, what))

        if not self._discovery.start(words, tell):
            self._looking = False
            self._tell("The search before is still stopping; try again in a moment.")

    def on_add_screen_told(self, message: Told) -> None:
        if message.search != self._search:
            return
        if isinstance(message.what, str):
            self._tell(f"{message.what} …")
            return
        self._looking = False
        found, locked = message.what.found, message.what.locked
        if locked is not None:
            found = (locked,)
        self.found.show(found)
        if not found:
            self._tell("No feed was found. This was asked for:")
            self.answer.show(message.what)
            return
        there = "This is there" if len(found) == 1 else f"{len(found)} feeds are there"
        if locked is not None:
            there = "This refuses to answer"
        more = f"; {message.what.named:,} are named" if message.what.named else ""
        self._tell(f"{there}{more}:")
        self.answer.show(found[0])
        if self.box.value.strip() == self._asked:
            self.set_focus(self.found)

    def on_found_list_rested(self) -> None:
        self.answer.show(self.found.row)

    # ── keys ────────────────────────────────────────────────────────────────────────────────

    def action_other(self) -> None:
        """From the address to what was found, and back."""
        to_list = self.focused is self.box and self.found.found
        self.set_focus(self.found if to_list else self.box)

    def action_step(self, step: int) -> None:
        if self.found.found:
            self.found.place_cursor(self.found.cursor + step, rest=False)
        else:
            self.answer.action_move(step)

    def action_page(self, direction: int) -> None:
        self.answer.action_page(direction)

    def action_take(self) -> None:
        row = self.found.row
        if self.focused is not self.found or row is None:
            return
        if row.address in self._known:
            self._tell("This is followed already.")
        elif self.is_active:
            self.dismiss(row)

    async def action_help(self) -> None:
        from nordic_tui.tui.screens.help import HelpScreen

        keys = [(command, [key_name(key) for key in command.keys.split(",")]) for command in KEYS]
        await self.app.push_screen(HelpScreen(keys, self._palette))

    def action_cancel(self) -> None:
        if self.is_active:
            self.dismiss(None)
