"""Sources: what is followed, how each source is doing, and all that can be changed about it."""

from collections.abc import Callable, Mapping, Sequence

from textual.app import ComposeResult

from nordic_tui.model import Source, SourceState
from nordic_tui.text import clean
from nordic_tui.text.fold import fold
from nordic_tui.tui import present
from nordic_tui.tui.changing import NOT_TYPED, READ_ONCE, Changing
from nordic_tui.tui.later import Later
from nordic_tui.tui.outline import FolderRow, SourceRow, outline
from nordic_tui.tui.present_sources import Progress
from nordic_tui.tui.screens.base import BottomLine, CommandScreen, TooSmall
from nordic_tui.tui.screens.panes import Panes
from nordic_tui.tui.screens.reader import ReaderScreen
from nordic_tui.tui.widgets.bars import TitleBar
from nordic_tui.tui.widgets.edit_line import EditLine
from nordic_tui.tui.widgets.filter_input import FilterInput
from nordic_tui.tui.widgets.source_list import SourceList, SourcePane, TableHead

DRAW_EVERY_S = 0.25
"""How often the table is drawn at most while a refresh goes on."""
PANES = ("sources", "health")


class SourcesScreen(CommandScreen):
    """The table of sources, and all about the one under the cursor. It leans on the reader below
    for refreshes and archive runs."""

    WHERE = "sources"
    CSS_PATH = "../sources.tcss"

    def __init__(self, reader: ReaderScreen) -> None:
        super().__init__(reader.app.size)
        self.reader = reader
        self.services = reader.services
        self.changing = Changing(
            self.services.subscriptions, reader.say, reader.nordic.key_of("undo")
        )
        self._states: dict[str, SourceState] = {}
        """What was last known of each source, by its address; also of one that was removed, in
        case it comes back."""
        self._filter = ""
        self._pane = "sources"
        self._progress: Mapping[str, Progress] = {}
        """How far archives are, by the address of their source."""
        self._drawing = Later()
        self._keep: Callable[[str], str] | None = None
        """What to do with the words that are typed at the bottom; gives why they can't be taken,
        or ""."""

    # ── building ────────────────────────────────────────────────────────────────────────────

    def compose(self) -> ComposeResult:
        yield TitleBar("Sources", id="title")
        with Panes(id="source-panes"):
            with Panes(id="table"):
                yield TableHead(id="table-head")
                yield SourceList(self.services.clock, id="sources")
            yield SourcePane(self.services.clock, id="health")
        yield BottomLine(id="keys")
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        super().on_mount()
        self._draw_rules()
        self._fill()
        self.take_focus()
        self.ready()

    def on_unmount(self) -> None:
        self._drawing.cancel()

    def on_resize(self) -> None:
        super().on_resize()
        self._draw_rules()
        self._show_pane(self._pane)

    def _draw_rules(self) -> None:
        wide, narrow = self.has_class("-wide"), self.has_class("-narrow")
        self.table.rule_at_right = self.query_one(TableHead).rule_at_right = wide
        self.about.rule_above = not wide and not narrow

    # ── the parts ───────────────────────────────────────────────────────────────────────────

    @property
    def table(self) -> SourceList:
        return self.query_one(SourceList)

    @property
    def about(self) -> SourcePane:
        return self.query_one(SourcePane)

    @property
    def source(self) -> SourceRow | None:
        """The source under the cursor; says what to do if there is none."""
        row = self.table.row
        if isinstance(row, SourceRow):
            return row
        if row is not None:
            self.bottom.say("This is a folder: choose a source in it.")
        return None

    @property
    def typing(self) -> bool:
        """Whether words are typed: of the filter, or of a change."""
        return isinstance(self.focused, FilterInput)

    def _sources(self) -> Sequence[Source]:
        followed = self.services.subscriptions
        if followed is not None:
            return followed.following.sources
        return [Source(state.address) for state in self.services.library.states()]

    # ── filling ─────────────────────────────────────────────────────────────────────────────

    def _fill(self) -> None:
        """Show the sources as they are now; the cursor stays on its source."""
        self._drawing.cancel()
        if not self.is_attached:
            return
        self._states.update((state.address, state) for state in self.services.library.states())
        sources = self._sources()
        rows = outline(sources, self._states)
        if self._filter:
            words = fold(self._filter).split()
            rows = [
                row._replace(depth=0)
                for row in rows
                if isinstance(row, SourceRow) and _holds(row, words)
            ]
        empty = "No name holds these words." if self._filter else "Nothing is followed yet."
        self._progress = self.reader.archives.progress()
        self.table.show(rows, self._progress, empty)
        self._show_about()
        bar = self.query_one(TitleBar)
        once = self.services.subscriptions is None
        bar.show_title(READ_ONCE if once else f"Sources{present.SEPARATOR}{len(sources):,}")
        bar.show_status(*self.reader.watch_refresh.status.state(self.services.clock()))

    def _show_about(self) -> None:
        row = self.table.row
        progress = self._progress.get(row.source.address) if isinstance(row, SourceRow) else None
        self.about.show(row, progress, self.nordic.key_of("rename"))

    @property
    def is_behind(self) -> bool:
        """Whether something was heard that is not drawn yet."""
        return self._drawing.waits

    def heard(self) -> None:
        if not self._drawing.waits:
            self._drawing.start(DRAW_EVERY_S, self._fill)

    def on_choice_list_rested(self) -> None:
        self._show_about()

    def on_choice_list_opened(self) -> None:
        self.action_details()

    def _changed(self, changed: bool) -> None:
        """Show a change that was made."""
        if changed:
            self._fill()
            self.reader.follow_changed()

    # ── the filter, and words for a change ──────────────────────────────────────────────────

    async def action_filter(self) -> None:
        if not self.query("#filter"):
            box = FilterInput(self._filter, placeholder="Words of the name")
            await self.query_one("#table").mount(box, before=0)
        self._show_pane("sources")
        self.set_focus(self.query_one("#filter", FilterInput))

    async def _ask(self, label: str, value: str, hint: str, keep: Callable[[str], str]) -> None:
        """Have a person type a line at the bottom; hint: what an empty one means."""
        await self.query(EditLine).remove()
        self.bottom.hush()  # the keys have their line: what was said is about something else
        line = EditLine(label, value, hint)
        await self.mount(line, before=self.bottom)
        line.use_palette(self.nordic.palette)
        self._keep = keep
        self.set_focus(line.box)

    def on_input_changed(self, message: FilterInput.Changed) -> None:
        if message.input.id == "filter" and message.value.strip() != self._filter:
            self._filter = message.value.strip()
            self._fill()

    async def on_input_submitted(self, message: FilterInput.Submitted) -> None:
        if message.input.id == "filter":
            if self._filter:
                self.take_focus()
            else:
                await self._close_filter()
            return
        keep = self._keep
        problem = keep(message.value.strip()) if keep is not None else ""
        if problem:
            self.bottom.say(problem, "caution")
            self.set_focus(None)
            self.set_focus(message.input)
        else:
            await self._close_edit()

    async def _close_edit(self) -> None:
        self._keep = None
        # First the focus: what is removed with it gives it to whatever comes next.
        self.take_focus()
        await self.query(EditLine).remove()

    async def _close_filter(self) -> None:
        self.take_focus()
        await self.query("#filter").remove()
        self._filter = ""
        self._fill()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # While words are typed, every key but Esc and Tab belongs to them.
        return not self.typing or action in ("back", "pane_cycle")

    # ── panes ───────────────────────────────────────────────────────────────────────────────

    def take_focus(self) -> None:
        self._go_to(self._pane)

    def _go_to(self, name: str) -> None:
        self._show_pane(name)
        self.set_focus(self.table if name == "sources" else self.about, scroll_visible=False)

    def _show_pane(self, name: str) -> None:
        """Where there is one pane at a time, show this one."""
        self._pane = name
        narrow = self.has_class("-narrow")
        for pane, part in zip(PANES, ("#table", "#health"), strict=True):
            self.query_one(part).display = not narrow or pane == name

    def on_descendant_focus(self) -> None:
        if self.typing:
            edits = self._keep is not None
            enter, escape = ("keep", "leave") if edits else ("to the list", "no filter")
            self.bottom.show([("Enter", enter), (self.nordic.key_of("back"), escape)])
            return
        if self.focused is not None and self.focused.id in PANES:
            # The mouse may have given it the focus.
            self._show_pane(self.focused.id)
            self._keep = None
            self.query(EditLine).remove()
        self.bottom.show(self.footer_keys(self._pane))

    def action_pane_cycle(self, step: int) -> None:
        if self._keep is not None:
            return
        if self.typing:
            self.take_focus()
        else:
            self._go_to(PANES[(PANES.index(self._pane) + step) % len(PANES)])

    def action_details(self) -> None:
        self.table.settle()
        self._go_to("health")

    async def action_back(self) -> None:
        if self.bottom.message:
            self.bottom.hush()
        if self._keep is not None:
            await self._close_edit()
        elif self.query("#filter"):
            await self._close_filter()
        elif self._pane == "health":
            self._go_to("sources")
        else:
            self.dismiss()

    async def action_leave(self) -> None:
        """Out of a filter, back where there is one pane at a time, else back to the reader."""
        if self._filter:
            await self._close_filter()
        elif self._pane == "health" and self.has_class("-narrow"):
            self._go_to("sources")
        else:
            self.dismiss()

    # ── changes ─────────────────────────────────────────────────────────────────────────────

    async def action_rename(self) -> None:
        row = self.table.row
        if row is None:
            return
        if isinstance(row, FolderRow):
            if not self.changing.possible:
                return
            path = row.path

            def rename(new: str) -> str:
                problem = _wrong_folder(new)
                if not problem and new != path:
                    self._changed(self.changing.rename_folder(path, new))
                return problem

            await self._ask("Folder", path, "empty: no folder", rename)
            return
        now = self._as_it_is(row)
        if now is None:
            return
        source, offered = now, now.title

        def keep(name: str) -> str:
            if name != offered:  # what the feed calls itself becomes no name by looking at it
                self._changed(self.changing.change(source, name=clean.line(name)))
            return ""

        await self._ask("Name", offered, "empty: its own title", keep)

    async def action_folder(self) -> None:
        await self._ask_setting("folder", "Folder", "empty: none; / parts nested ones")

    async def action_interval(self) -> None:
        await self._ask_setting(
            "refresh_minutes", "Minutes between two requests", "empty: as usual"
        )

    async def _ask_setting(self, key: str, label: str, hint: str) -> None:
        """Have a person type a setting, by the name of its key."""
        row = self.source
        now = self._as_it_is(row) if row is not None else None
        if now is None:
            return
        source, offered = now, self.services.as_typed(now.source, key)
        if offered is None:
            self.bottom.say(NOT_TYPED)
            return

        def keep(words: str) -> str:
            if words == offered:
                return ""
            changed, problem = self.changing.take(
                source, lambda current: self.services.with_typed(current, key, words)
            )
            self._changed(changed)
            return problem

        await self._ask(label, offered, hint, keep)

    def _as_it_is(self, row: SourceRow) -> SourceRow | None:
        """A source as the file has it now, also where it was edited by hand since; None, which is
        said: it is not followed any more, or nothing can be changed."""
        shown = self._sources()
        source = self.changing.current(row)
        self._changed(self._sources() != shown)
        return row._replace(source=source) if source is not None else None

    def action_pause(self) -> None:
        row = self.source
        if row is not None:
            self._changed(self.changing.change(row, paused=not row.source.paused))

    def action_keep_archive(self) -> None:
        row = self.source
        if row is not None:
            self._changed(self.changing.change(row, archive=not row.source.archive))

    def action_move_source(self, step: int) -> None:
        row = self.source
        if row is None:
            return
        if self._filter:
            self.bottom.say("Leave the filter first: only part of the sources is shown.")
            return
        self._changed(self.changing.move(row, step))

    def action_remove(self) -> None:
        row = self.source
        if row is not None:
            self._changed(self.changing.remove(row))

    def taken_back(self, back: str) -> None:
        self._fill()
        if back:
            self.table.go_to(back)

    async def action_settings(self) -> None:
        from nordic_tui.tui.screens.source_settings import SourceSettingsScreen

        row = self.source
        now = self._as_it_is(row) if row is not None else None
        if now is None:
            return
        screen = SourceSettingsScreen(self.reader, now)

        def closed(_: None) -> None:
            self._fill()
            if screen.parting_words:
                self.bottom.say(screen.parting_words)

        await self.app.push_screen(screen, closed)

    async def action_leave_out(self) -> None:
        from nordic_tui.tui.screens.leave_out import ask_left_out

        row = self.source
        now = self._as_it_is(row) if row is not None else None
        if now is not None:
            source = now
            await ask_left_out(
                self.nordic,
                source,
                lambda edit: self._changed(self.changing.edit(source, edit)),
            )

    # ── asking ──────────────────────────────────────────────────────────────────────────────

    def action_refresh_sources(self) -> None:
        self.reader.action_refresh_sources()
        self.heard()

    def action_refresh_one(self) -> None:
        row = self.source
        if row is not None:
            self.reader.watch_refresh.ask_one(row.state)
            self.heard()

    def action_archive(self) -> None:
        row = self.source
        if row is not None:
            self.reader.archives.toggle(row.source, row.state)
            self._fill()


def _holds(row: SourceRow, words: Sequence[str]) -> bool:
    text = fold(f"{row.title} {clean.shown_address(row.source.address)}")
    return all(word in text for word in words)


def _wrong_folder(folder: str) -> str:
    """Why this can't be the name of a folder, a sentence; "" if it can."""
    if folder and not all(part.strip() for part in folder.split("/")):
        return "A name of a folder is missing beside a “/”."
    return "" if clean.line(folder) == folder else "This can't be the name of a folder."
