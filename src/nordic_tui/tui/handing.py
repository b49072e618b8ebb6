"""What a key hands on, and how it ended: links, texts, files and pictures.

Nothing here waits on the screen's thread: a clipboard, a program or the network may take its
time. What became of it is told at the bottom of whatever screen is on top by then.
"""

import threading
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from textual.app import SuspendNotSupported

from nordic_tui.errors import HandoffError, NoBrowser
from nordic_tui.model import Copied, Picture
from nordic_tui.text import clean
from nordic_tui.text.wrapping import cut
from nordic_tui.tui import present

if TYPE_CHECKING:
    from nordic_tui.service.background import BackgroundPicture
    from nordic_tui.tui.app import NordicApp

T = TypeVar("T")

ABOUT_CHARS = 300
"""Of what was copied, as it is told."""


class Handing:
    """Hands things on for the screens of one application."""

    def __init__(self, app: "NordicApp") -> None:
        self._app = app
        self.edges = app.services.open_hand_off()
        self._staged = app.services.is_staged
        self._copies: SimpleQueue[Callable[[], None]] | None = None
        """Copies one after the other: what was asked for last is on the clipboard at the end."""
        self.last_command = ""
        """What was typed last to pipe something into."""
        self._programs: dict[str, str] = {}
        """Commands that a person gave for kinds of files, until they quit."""
        self._pictures: BackgroundPicture | None = None

    def close(self) -> None:
        """Wait for nothing any more: a command that has a text ends, a program that was opened
        goes on."""
        self.edges.end_piped()
        if self._pictures is not None:
            self._pictures.stop()

    # ── links ───────────────────────────────────────────────────────────────────────────────

    async def open(self, address: str) -> None:
        """Open an address in the browser; where the person sees none, copy it and show it."""
        try:
            self.edges.open_in_browser(address, self._alarm_later)
        except NoBrowser as error:
            await self.show_link(address, str(error))
            self.copy(address)
        except HandoffError as error:
            self._app.say(str(error), "alarm")
        else:
            done = "The demo opens no browser; it would show" if self._staged else _OPENED
            self._app.say(f"{done}: {clean.host(address)}")

    async def show_link(self, address: str, why: str = "") -> None:
        """Show a link to be taken elsewhere; why: what it is shown for, a sentence."""
        from nordic_tui.tui.screens.hand_off import HandOffScreen

        await self._app.push_screen(HandOffScreen(self._app, address, why))

    def copy(self, text: str, about: str = "") -> None:
        """Copy a text; about: what to call it, where it is not shown itself."""
        about = about or clean.shown(text)

        def told(copied: Copied) -> None:
            if copied.sequence:
                self._app.send(copied.sequence)
            self._app.say(f"{copied.words}: {clean.line(about, ABOUT_CHARS)}")

        if self._copies is None:
            self._copies = SimpleQueue()
            threading.Thread(
                target=self._copy_in_order, args=(self._copies,), name="clipboard", daemon=True
            ).start()
        self._copies.put(partial(self._work, partial(self.edges.copy, text), told))

    # ── programs ────────────────────────────────────────────────────────────────────────────

    def pipe(self, command: str, text: str) -> None:
        """Run a command on a text."""
        self.last_command = command
        self._app.say(f"Waiting for the command, {self.edges.pipe_deadline_s:g} s at most …")
        self._start(lambda: self.edges.pipe(command, text), self._app.say)

    async def ask_and_pipe(self, title: str, text: str) -> None:
        """Ask for a command, and run it on a text. title: the question."""
        from nordic_tui.tui.screens.ask_line import AskLineScreen

        def answered(command: str | None) -> None:
            if command:
                self.pipe(command, text)

        about = (
            "A shell reads the command, as the settings want it."
            if self.edges.shell_reads
            else "A program and its arguments: no shell reads them (pipe_through_shell in the "
            "settings changes that). It gets the text on its standard input."
        )
        screen = AskLineScreen(title, "wc -w", self.last_command, about)
        await self._app.push_screen(screen, answered)

    def program_for(self, media_type: str, address: str) -> str:
        """The command that opens such a file; "" if nobody has named one."""
        known = self.edges.program_for(media_type, address)
        return known or self._programs.get(_kind(media_type), "")

    def open_file(self, media_type: str, address: str, command: str = "") -> None:
        """Open a file with its program; command: the one that a person has just named."""
        if command:
            self._programs[_kind(media_type)] = command
        command = command or self.program_for(media_type, address)
        self._app.say(f"Opening {clean.host(address)} …")
        self._start(
            lambda: self.edges.open_with(command, address, self._alarm_later), self._app.say
        )

    def save_brief(self, form: str, text: str) -> None:
        """Write a brief into its file."""

        def save() -> str:
            try:
                path = self.edges.save_brief(form, text)
            except OSError as error:
                words = f"The brief could not be written: {error.strerror or error}."
                raise HandoffError(words) from error
            return present.written("The brief is in", path, staged=self._staged)

        self._start(save, self._app.say)

    # ── pictures ────────────────────────────────────────────────────────────────────────────

    def show_picture(self, picture: Picture, led_from: str) -> None:
        """Get a picture and show it over the whole window, where this terminal can; else say why
        not, with what the picture shows and where it is. led_from: the address of its source."""
        terminal = self.edges.pictures
        why_not = terminal.why_not()
        if not why_not and terminal.must_ask:
            why_not = self._alone(terminal.ask) or terminal.why_not()
        if why_not:
            self._no_picture(why_not, picture)
            return
        if self._pictures is None:
            self._pictures = self.edges.open_pictures()
        arrived = partial(self._soon, partial(self._arrived, picture))
        if self._pictures.start(picture.address, led_from, arrived):
            self._app.say(f"Getting the picture from {clean.host(picture.address)} …")
        else:
            self._app.say("A picture is still on its way.")

    def _arrived(self, picture: Picture, what: bytes | str) -> None:
        if isinstance(what, str):
            self._no_picture(what, picture)
            return
        words = clean.line(picture.alt or clean.host(picture.address))
        room = max(self._app.size.width - len(_GO_BACK), 0)
        line = f"{cut(words, room)}{_GO_BACK}"
        problem = self._alone(lambda: self.edges.pictures.draw(what, line))
        if problem:
            self._no_picture(problem, picture)
        else:
            self._app.say(words)

    def _no_picture(self, why: str, picture: Picture) -> None:
        alt = f" It shows: {picture.alt}." if picture.alt else ""
        self._app.say(f"{why}{alt} {clean.shown_address(picture.address)}", "caution")

    def _alone(self, work: Callable[[], None]) -> str:
        """Do something with the terminal that the screen has left meanwhile; gives why that was
        not possible, a sentence, or ""."""
        try:
            with self._app.suspend():
                work()
        except HandoffError as error:
            return str(error)
        except SuspendNotSupported:
            return "This screen cannot be left for a picture."
        return ""

    # ── threads ─────────────────────────────────────────────────────────────────────────────

    def _start(self, work: Callable[[], T], told: Callable[[T], None]) -> None:
        """Do some work on a thread of its own, and tell its end on the screen's."""
        threading.Thread(target=self._work, args=(work, told), name="hand-off", daemon=True).start()

    def _work(self, work: Callable[[], T], told: Callable[[T], None]) -> None:
        try:
            result = work()
        except HandoffError as error:
            self._soon(self._app.say, str(error), role="alarm")
        else:
            self._soon(told, result)

    def _copy_in_order(self, copies: "SimpleQueue[Callable[[], None]]") -> None:
        while True:
            copies.get()()

    def _alarm_later(self, words: str) -> None:
        """Say, from another thread, what failed after all."""
        self._soon(self._app.say, words, role="alarm")

    def _soon(self, call: Callable[..., object], *values: object, **named: object) -> None:
        """Call something on the screen's thread, if there still is one."""
        if self._app.is_running:
            self._app.call_later(partial(call, *values, **named))


_OPENED = "Opened in the browser"
_GO_BACK = "   any key goes back"


def _kind(media_type: str) -> str:
    return media_type.partition("/")[0].lower()
