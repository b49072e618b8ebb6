"""The settings of one source: each a line, changed where it stands."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from nordic_tui.model import Source
from nordic_tui.tui import present
from nordic_tui.tui.changing import GONE, NOT_TYPED, Changing
from nordic_tui.tui.outline import SourceRow
from nordic_tui.tui.present_sources import SETTINGS, Setting
from nordic_tui.tui.screens.base import BottomLine, CommandScreen, TooSmall
from nordic_tui.tui.screens.panes import Panes
from nordic_tui.tui.screens.reader import ReaderScreen
from nordic_tui.tui.widgets.bars import TitleBar
from nordic_tui.tui.widgets.filter_input import FilterInput
from nordic_tui.tui.widgets.setting_list import SettingBox, SettingHint, SettingList


class SourceSettingsScreen(CommandScreen):
    """Every setting of a source. It leans on the reader at the bottom for what is followed."""

    WHERE = "settings"
    BINDINGS: ClassVar[list[BindingType]] = [
        # There is one place to be: Tab leads nowhere, also while a value is typed.
        Binding("tab,shift+tab", "stay", show=False, priority=True),
    ]
    CSS_PATH = "../sources.tcss"

    def __init__(self, reader: ReaderScreen, row: SourceRow) -> None:
        super().__init__(reader.app.size)
        self.reader = reader
        self.services = reader.services
        self.row = row
        """The source, as it was last read."""
        self.changing = Changing(
            self.services.subscriptions, reader.say, reader.nordic.key_of("undo")
        )
        self.parting_words = ""
        """What is to be said once it is closed."""
        self._offered = ""
        """The words that stood in the box when it came."""

    # ── building ────────────────────────────────────────────────────────────────────────────

    def compose(self) -> ComposeResult:
        yield TitleBar(f"Settings{present.SEPARATOR}{self.row.title}", id="title")
        with Panes(id="form"):
            yield SettingList(id="settings")
            yield SettingHint(id="setting-hint")
        yield BottomLine(id="keys")
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        super().on_mount()
        self._fill()
        self._explain()
        self.take_focus()
        self.ready()

    # ── the parts ───────────────────────────────────────────────────────────────────────────

    @property
    def settings(self) -> SettingList:
        return self.query_one(SettingList)

    @property
    def typing(self) -> bool:
        return isinstance(self.focused, FilterInput)

    # ── filling ─────────────────────────────────────────────────────────────────────────────

    def _fill(self) -> None:
        """Show the source as it is now; where it is not followed any more there is nothing to
        show."""
        if not self.is_attached:
            return
        followed = self.services.subscriptions
        sources = followed.following.sources if followed is not None else ()
        address = self.row.source.address
        source = next((source for source in sources if source.address == address), None)
        if source is None:
            if self.is_active:
                self.parting_words = self.bottom.message or GONE
                self.dismiss()
            return
        states = {state.address: state for state in self.services.library.states()}
        self.row = SourceRow(source, states.get(address, self.row.state), 0)
        self.settings.show(self.row)
        bar = self.query_one(TitleBar)
        bar.show_title(f"Settings{present.SEPARATOR}{self.row.title}")
        bar.show_status(*self.reader.watch_refresh.status.state(self.services.clock()))

    def heard(self) -> None:
        self._fill()

    def _explain(self) -> None:
        self.query_one(SettingHint).show(self.settings.setting)

    def on_choice_list_rested(self) -> None:
        self._explain()

    async def on_choice_list_opened(self) -> None:
        await self.action_edit_setting()

    def on_setting_list_shifted(self) -> None:
        for box in self.query(SettingBox):
            box.place(self.settings)

    def _changed(self, changed: bool) -> None:
        """Show a change that was made."""
        if changed:
            self.reader.follow_changed()
            self._fill()

    # ── changing a setting ──────────────────────────────────────────────────────────────────

    def _as_it_is(self) -> SourceRow | None:
        """The source as the file has it now; None, which is said: it is not followed any more, or
        the file can't be read."""
        followed = self.services.subscriptions
        shown = followed.following if followed is not None else None
        source = self.changing.current(self.row)
        self._changed(followed is not None and followed.following != shown)
        return self.row if source is not None else None

    async def action_edit_setting(self) -> None:
        """Turn what is yes or no; for what has a value, have it typed."""
        self.settings.settle()
        setting, row = self.settings.setting, self._as_it_is()
        if row is None:
            return
        if setting.key == "leave_out":
            await self._leave_out(row)
        elif setting.is_switch:
            words = "" if setting.words(row.source) else "true"
            self._take(setting, words)
        else:
            await self._type(setting, row)

    async def _type(self, setting: Setting, row: SourceRow) -> None:
        offered = self.services.as_typed(row.source, setting.key)
        if offered is None:
            self.bottom.say(NOT_TYPED)
            return
        self._offered = offered
        self.bottom.hush()  # the keys have their line: what was said is about something else
        box = SettingBox(offered, setting)
        box.place(self.settings)
        await self.query_one("#form").mount(box)
        self.set_focus(box)

    async def _leave_out(self, row: SourceRow) -> None:
        from nordic_tui.tui.screens.leave_out import ask_left_out

        await ask_left_out(
            self.nordic, row, lambda edit: self._changed(self.changing.edit(row, edit))
        )

    def _take(self, setting: Setting, words: str) -> str:
        """Set a setting as these words say; gives why it can't be, a sentence, or ""."""

        def edit(source: Source) -> Source:
            return self.services.with_typed(source, setting.key, words)

        changed, problem = self.changing.take(self.row, edit)
        self._changed(changed)
        return problem

    async def on_input_submitted(self, message: FilterInput.Submitted) -> None:
        words = message.value.strip()
        problem = self._take(self.settings.setting, words) if words != self._offered else ""
        if problem:
            self.bottom.say(problem, "caution")
            self.set_focus(None)
            self.set_focus(message.input)
        else:
            await self._close()

    async def _close(self) -> None:
        # First the focus: what is removed with it gives it to whatever comes next.
        self.take_focus()
        await self.query(SettingBox).remove()

    def taken_back(self, back: str) -> None:
        before = self.row.source
        self._fill()
        if not self.is_active:
            return
        for number, setting in enumerate(SETTINGS):
            if setting.value(before) != setting.value(self.row.source):
                self.settings.place_cursor(number, rest=False)
                break

    # ── keys ────────────────────────────────────────────────────────────────────────────────

    def take_focus(self) -> None:
        self.set_focus(self.settings, scroll_visible=False)

    def on_descendant_focus(self) -> None:
        if self.typing:
            self.bottom.show([("Enter", "keep"), (self.nordic.key_of("back"), "leave")])
            return
        # The mouse may have given the focus to the list.
        self.query(SettingBox).remove()
        self.bottom.show(self.footer_keys("settings"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # While words are typed, every key but Esc and Tab belongs to them.
        return not self.typing or action in ("back", "stay")

    def action_stay(self) -> None:
        """Nothing: the focus is where it should be."""

    async def action_back(self) -> None:
        if self.bottom.message:
            self.bottom.hush()
        if self.typing:
            await self._close()
        elif self.is_active:
            self.dismiss()

    def action_leave(self) -> None:
        if self.is_active:
            self.dismiss()
