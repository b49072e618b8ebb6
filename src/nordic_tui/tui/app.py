"""The application: theme, keys, dialogs, and how it begins and ends."""

import asyncio
import json
import signal
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.driver import Driver
from textual.events import Event, Key, Paste, Resize
from textual.screen import Screen
from textual.widgets import Input

from nordic_tui.errors import NordicError
from nordic_tui.model import Answer, Category, Post
from nordic_tui.service.words import kept_words
from nordic_tui.tui import present
from nordic_tui.tui import theme as themes
from nordic_tui.tui.collector import Collector
from nordic_tui.tui.commands import COMMANDS
from nordic_tui.tui.driver import FrugalDriver
from nordic_tui.tui.ending import Ending
from nordic_tui.tui.keymaps import Keymap
from nordic_tui.tui.screens.base import BottomLine, CommandScreen
from nordic_tui.tui.screens.reader import ReaderScreen
from nordic_tui.tui.services import Services
from nordic_tui.tui.tagging import Tagging
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.typed_ahead import TypedAhead

if TYPE_CHECKING:
    from nordic_tui.service.changes import Changed
    from nordic_tui.tui.handing import Handing
    from nordic_tui.tui.widgets.key_show import ShowingKeys


class NordicApp(App[int]):
    """Nordic TUI. Its return value is the exit status; None is 0."""

    CSS_PATH = "nordic.tcss"
    TITLE = "Nordic TUI"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", show=False, priority=True)
    ]

    def __init__(self, services: Services, driver: type[Driver] = FrugalDriver) -> None:
        self.services = services
        self._handing: Handing | None = None
        self.ending = Ending(self.end, self._abandon_terminal)
        self._running_loop: asyncio.AbstractEventLoop | None = None
        self._early_end: int | None = None
        """The exit status, if the end was asked for before the first screen was there."""
        self.collector = Collector()
        self._has_theme = False
        self._variables: dict[str, dict[str, str]] = {}
        """The colours of each theme that was used, by its name."""
        self._shows_keys = self._open_key_show() if services.preferences.shows_keys else None
        preferences = services.preferences
        self.keymap = Keymap(preferences.keymap, preferences.keys)
        self.typed = TypedAhead(self, super().on_event, self.keymap, self._shows_keys)
        super().__init__(driver_class=driver)
        # Each screen would begin with Textual's own widgets for these, a twentieth of the start.
        self._disable_notifications = self._disable_tooltips = True
        if services.preferences.profile.lean:
            self.animation_level = "none"
        for theme in themes.OURS:
            self.register_theme(theme)
        self._begin_with_theme(preferences.theme)
        self.palette = self._make_palette()

    # ── how it begins and ends ──────────────────────────────────────────────────────────────

    def get_default_screen(self) -> Screen[Any]:
        return ReaderScreen(self.services, self.size)

    @property
    def reader(self) -> ReaderScreen:
        """The screen at the bottom of the stack."""
        screen = self.screen_stack[0]
        assert isinstance(screen, ReaderScreen)
        return screen

    def on_mount(self) -> None:
        self.set_class(self.palette.plain, "-plain")
        # Back from Ctrl+Z: the terminal has forgotten everything.
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())

    def end(self, status: int) -> None:
        """End with this exit status; from any thread, or between any two steps of this one.

        Once the first screen is there: one that is taken down half made is an error.
        """
        self._early_end = status
        if self._running_loop is not None:
            # It may have ended meanwhile.
            with suppress(RuntimeError):
                self._running_loop.call_soon_threadsafe(self.exit, status)

    def exit(self, result: int | None = None, return_code: int = 0, message: object = None) -> None:
        if self.ends:
            return  # how it ends is decided by who asked first
        if self._screen_stacks and isinstance(self.screen_stack[0], ReaderScreen):
            self.reader.returning.note()
        super().exit(result, return_code)
        self._limit_end(result or return_code)

    @property
    def ends(self) -> bool:
        """Whether the end has begun."""
        return self._exit

    def _limit_end(self, status: int) -> None:
        if not self.is_headless:
            self.ending.limit(status)

    def _abandon_terminal(self) -> None:
        if isinstance(self._driver, FrugalDriver):
            self._driver.abandon()

    def on_unmount(self) -> None:
        if self._shows_keys is not None:
            self._shows_keys.cancel()
        self.collector.cancel()
        self.typed.cancel()
        if self._handing is not None:
            self._handing.close()
        self.services.refresh.stop()

    def _handle_exception(self, error: Exception) -> None:
        """End after an error that nobody expected; `run` of `cli.read` raises it again.

        Textual would print a traceback with every local variable, and these name posts.
        """
        if self.ends and isinstance(error, NoMatches):
            return  # a screen on its way up, whose parts are taken down already
        self._return_code = 1
        self._limit_end(1)
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def action_interrupt(self) -> None:
        self.exit(128 + signal.SIGINT)

    def _open_key_show(self) -> "ShowingKeys":
        from nordic_tui.tui.widgets.key_show import ShowingKeys

        return ShowingKeys(self, large=self.services.preferences.presenter)

    # ── keys ────────────────────────────────────────────────────────────────────────────────

    def key_of(self, command_id: str) -> str:
        """The name of the first key of a command, as the settings have it."""
        return self.keymap.name_of(command_id)

    def release_keys(self) -> None:
        """A screen is ready: hand on what was typed before it was, in order."""
        if self._running_loop is None:
            self._running_loop = asyncio.get_running_loop()
            if self._early_end is not None:
                self.exit(self._early_end)
        self.call_later(self.typed.hand_on)

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            self.collector.postpone()
            if isinstance(event, Key) and event.key == "ctrl+c":
                self.end(128 + signal.SIGINT)  # whatever else was typed before it
            else:
                await self.typed.take(event)
            return
        if isinstance(event, Resize) and isinstance(self._driver, FrugalDriver):
            # The terminal may have moved or cleared anything: nothing is known of it any more.
            self._driver.forget()
        await super().on_event(event)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # While words are typed, single keys belong to them.
        if isinstance(self.focused, Input):
            return action not in ("help", "your_data", "next_theme", "sources", "add_source")
        return True

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette offers: the command table, and the themes."""
        where = screen.WHERE if isinstance(screen, CommandScreen) else ""
        for command in COMMANDS:
            if where in command.where:
                keys = ", ".join(self.keymap.names(command, where)) or "no key"
                run = partial(self.run_action, command.action, screen)
                yield SystemCommand(command.help, f"{command.group} · {keys}", run)
        for name in sorted(self.available_themes):
            yield SystemCommand(f"Theme: {name}", "Program", partial(self.choose_theme, name))

    def action_redraw(self) -> None:
        if isinstance(self._driver, FrugalDriver):
            self._driver.forget()
        self.screen.refresh()

    # ── themes ──────────────────────────────────────────────────────────────────────────────

    def get_css_variables(self) -> dict[str, str]:
        if not self._has_theme:
            # Textual asks before the theme of the settings is known; nothing is parsed with it.
            return {}
        name = self.theme
        if name not in self._variables:
            variables = super().get_css_variables()
            self._variables[name] = {**variables, **themes.roles(self.current_theme)}
        self.theme_variables = self._variables[name]
        return self._variables[name]

    def _begin_with_theme(self, name: str) -> None:
        """Set the first theme. Assigning it would parse the stylesheet a second time."""
        self._has_theme = True
        if self.available_themes[name].ansi:
            self.theme = name
            return
        self.set_reactive(App.theme, name)
        self.stylesheet.set_variables(self.get_css_variables())
        dark = self.current_theme.dark
        self.set_class(dark, "-dark-mode", update=False)
        self.set_class(not dark, "-light-mode", update=False)
        self.set_class(True, f"-theme-{name}", update=False)

    def _make_palette(self) -> Palette:
        plain = self.no_color or self.current_theme.ansi
        lean = self.services.preferences.profile.lean
        return Palette(self.get_css_variables(), plain=plain, lean=lean)

    def watch_theme(self) -> None:
        self.palette = self._make_palette()
        self.set_class(self.palette.plain, "-plain")
        for screen in self.screen_stack if self._screen_stacks else ():
            if isinstance(screen, CommandScreen):
                screen.use_palette(self.palette)

    def choose_theme(self, name: str) -> None:
        """Change the theme and keep the choice."""
        self.theme = name
        if self.services.preferences.presenter:
            return  # it is for this room
        try:
            self.services.save_theme(name)
        except (NordicError, OSError) as error:
            self.say(f"The theme could not be kept: {error}", "caution")

    def action_next_theme(self) -> None:
        is_dark = self.current_theme.dark
        dark = themes.POLAR if self.services.preferences.presenter else themes.FJORD
        self.choose_theme(themes.SNOW.name if is_dark else dark.name)

    # ── what the screens ask for ────────────────────────────────────────────────────────────

    def say(self, text: str, role: str = "ink") -> None:
        """Tell the person, at the bottom of the screen on top that has such a line."""
        for screen in reversed(self.screen_stack):
            try:
                screen.query_one(BottomLine).say(text, role)
            except NoMatches:
                continue
            return

    def notify(self, message: str, **_: object) -> None:
        """What Textual itself has to say is said where everything is."""
        self.say(message)

    async def read(self, post: Post, fraction: float | None = None) -> None:
        """Show a post in full; keys that wait already go to it.

        fraction: how far it is scrolled, 0 to 1; None: to where it was left.
        """
        from nordic_tui.tui.screens.reading import ReadingScreen

        await self.push_screen(ReadingScreen(self.reader, post, fraction))

    async def show_changes(self, changed: "Changed") -> None:
        from nordic_tui.tui.screens.changes import ChangesScreen

        await self.push_screen(ChangesScreen(self.size, changed))

    async def choose_category(
        self, categories: Sequence[Category], then: Callable[[int], None]
    ) -> None:
        from nordic_tui.tui.screens.choose import ChooseCategoryScreen

        def chosen(category_id: int | None) -> None:
            if category_id is not None:
                then(category_id)

        await self.push_screen(ChooseCategoryScreen(categories), chosen)

    async def change_tags(self, post: Post, tagging: Tagging) -> None:
        """Show the tags of a post, to be changed."""
        from nordic_tui.tui.screens.tags import TagsScreen

        known = self.services.keeping.tags()
        await self.push_screen(TagsScreen(post, known, partial(tagging.tag, post.id)))

    async def action_sources(self) -> None:
        from nordic_tui.tui.screens.sources import SourcesScreen

        await self.push_screen(SourcesScreen(self.reader))

    async def action_add_source(self) -> None:
        from nordic_tui.tui.screens.add import ask_for_source

        await ask_for_source(self.reader)

    async def action_help(self) -> None:
        from nordic_tui.tui.screens.help import HelpScreen

        if isinstance(self.screen, CommandScreen):
            where = self.screen.WHERE
            keys = [(c, self.keymap.names(c, where)) for c in COMMANDS if where in c.where]
            await self.push_screen(HelpScreen(keys, self.palette))

    async def action_picture_of_screen(self) -> None:
        """Take a picture of the screen as it is, without what is private."""
        from nordic_tui.tui.picture import drawn, masked, private_words, window

        save = self.services.save_picture
        if save is None:
            self.say(
                "Nothing is written in the demo: nordic-tui demo --screenshot FILE takes a picture."
            )
            return
        subscriptions = self.services.subscriptions
        sources = subscriptions.following.sources if subscriptions is not None else ()
        rows = masked(drawn(window(self)), str(Path.home()), private_words(sources))
        try:
            words = await asyncio.to_thread(save, rows)
        except OSError as error:
            self.say(f"The picture could not be written: {error.strerror}.", "alarm")
        else:
            self.say(words)

    # ── handing on ──────────────────────────────────────────────────────────────────────────

    @property
    def handing(self) -> "Handing":
        """What hands links, texts, files and pictures on; it is loaded for the first of them."""
        if self._handing is None:
            from nordic_tui.tui.handing import Handing

            self._handing = Handing(self)
        return self._handing

    def _set_pointer_shape(self, shape: str) -> None:
        # It changes with each move of the mouse, which a slow line need not hear of.
        if not self.services.preferences.profile.lean:
            super()._set_pointer_shape(shape)

    def send(self, sequence: str) -> None:
        """Send the terminal what draws nothing, as a text for its clipboard."""
        if self._driver is not None:
            self._driver.write(sequence)

    def name_window(self, place: str) -> None:
        """Say in the title of the terminal's window which place is shown."""
        if isinstance(self._driver, FrugalDriver):
            self._driver.name_window(place)

    # ── consent and data ────────────────────────────────────────────────────────────────────

    def ask_consent(self) -> None:
        """Ask whether a reading history may be stored."""
        from nordic_tui.tui.screens.consent import ConsentScreen

        def answered(answer: Answer | None) -> None:
            self._decide(answer or Answer.SESSION)

        history = self.services.history
        screen = ConsentScreen(present.at_home(str(history.file)), history.retention_days)
        self.push_screen(screen, answered)

    def _decide(self, answer: Answer) -> None:
        key = self.key_of("your_data")
        words = {
            Answer.KEEP: f"The reading history is kept on this machine. {key} shows and erases it.",
            Answer.SESSION: "What you read is forgotten when you quit.",
            Answer.NEVER: f"No reading history is kept. {key} changes that.",
        }
        try:
            self.services.history.decide(answer)
        except (NordicError, OSError) as error:
            self.say(f"Your answer could not be kept: {error}", "alarm")
        else:
            self.say(words[answer])
        self.reader.refill()

    async def action_your_data(self) -> None:
        from nordic_tui.tui.screens.your_data import YourDataScreen

        def chosen(what: str | None) -> None:
            if what == "keep":
                self._decide(Answer.KEEP)
            elif what == "erase":
                self._erase()
            elif what == "export":
                self._export()

        history = self.services.history
        export_file = present.at_home(self.services.export_file)
        keeping = self.services.keeping
        kept = kept_words(
            keeping.size(),
            present.at_home(str(keeping.file)),
            exists=keeping.file.exists(),
            lasting=keeping.lasting,
        )
        path = present.at_home(str(history.file))
        screen = YourDataScreen(history.stored(), path, kept, export_file)
        await self.push_screen(screen, chosen)

    def _erase(self) -> None:
        try:
            self.services.history.erase()
        except (NordicError, OSError) as error:
            self.say(f"The reading history could not be erased: {error}", "alarm")
        else:
            self.say("The reading history is erased, and nothing more is kept.")
        self.reader.refill()

    def _export(self) -> None:
        path = Path(self.services.export_file)
        text = json.dumps(self.services.history.export(), ensure_ascii=False, indent=2)
        try:
            self.services.save_export(text + "\n")
        except OSError as error:
            self.say(
                f"{present.at_home(str(path))} could not be written: {error.strerror}", "alarm"
            )
        else:
            staged = self.services.is_staged
            self.say(present.written("Exported to", str(path), staged=staged))
