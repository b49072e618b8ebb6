"""The settings of a source, a line each, and what is to be known of the one under the cursor."""

from textual.message import Message
from textual.strip import Strip

from nordic_tui.text.wrapping import cut, wrap
from nordic_tui.tui import present, present_sources
from nordic_tui.tui.outline import SourceRow
from nordic_tui.tui.present_sources import SETTINGS, VALUE_AT, Setting
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.choice_list import ChoiceList
from nordic_tui.tui.widgets.edit_line import EditBox
from nordic_tui.tui.widgets.filter_input import SECRET
from nordic_tui.tui.widgets.lines import Lines


class SettingList(ChoiceList):
    """All settings of a source, with their values."""

    class Shifted(Message):
        """Lines stand elsewhere, or have another width."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.styles.max_height = len(SETTINGS)
        self._source: SourceRow | None = None

    @property
    def setting(self) -> Setting:
        """The setting under the cursor."""
        return SETTINGS[self.cursor]

    def show(self, source: SourceRow) -> None:
        """Show the settings of a source as they are now."""
        if source != self._source:
            self._source = source
            self.refresh()

    def row_count(self) -> int:
        return len(SETTINGS)

    def draw_row(self, row: int, palette: Palette, *, selected: bool, focused: bool) -> Strip:
        if self._source is None:
            return self.blank(palette)
        return present_sources.setting_row(
            SETTINGS[row],
            self._source,
            self.inner_width,
            palette,
            selected=selected,
            focused=focused,
        )

    def on_resize(self) -> None:
        super().on_resize()
        self.post_message(self.Shifted())

    def _scroll(self, lines: int) -> None:
        # While a value is typed, its line stays where it is.
        if self.has_focus:
            super()._scroll(lines)


class SettingHint(Lines):
    """What a setting means and how it is typed."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._words = ""

    def show(self, setting: Setting) -> None:
        if setting.hint != self._words:
            self._words = setting.hint
            self.refresh()

    def draw_line(self, y: int, palette: Palette) -> Strip:
        room = max(min(self.inner_width - present.MARGIN - 1, present.MEASURE), 1)
        lines = wrap(self._words, room)
        muted, line = palette.style("muted"), lines[y] if y < len(lines) else ""
        if y == self.size.height - 1 and y < len(lines) - 1:
            line = cut(f"{line} {lines[y + 1]}", room)
        return present.strip(self.inner_width, muted, (" " * present.MARGIN, muted), (line, muted))


SECRETS = ("headers", "login")
"""The settings in which a secret may be typed."""


class SettingBox(EditBox):
    """Where the value of a setting is typed, on its line."""

    DEFAULT_CSS = """
    SettingBox { position: absolute; }
    """

    def __init__(self, value: str, setting: Setting) -> None:
        super().__init__(value, placeholder=setting.usual, id="edit")
        self.set_class(setting.key in SECRETS, SECRET)

    def place(self, settings: SettingList) -> None:
        """Stand on the line of the setting under the cursor, its words where the value was."""
        self.styles.offset = (VALUE_AT - 3, settings.cursor - settings.first)
        self.styles.width = max(settings.size.width - VALUE_AT + 3, 4)
