"""Textual's terminal driver, sending only what changed (see `cells`)."""

import os
import termios
from contextlib import suppress
from typing import Any, Protocol, TextIO, cast

from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key
from textual.message import Message

from nordic_tui.tui.cells import FrameEncoder
from nordic_tui.tui.services import Services

_SYNC_START, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
SYNC_FROM = 2_000
"""Bytes from which on a frame is sent as one (mode 2026): smaller ones arrive in one packet."""


def erases_in_colour(term: str) -> bool:
    """Whether terminfo says that this terminal fills what it erases with the background."""
    import curses

    try:
        curses.setupterm(term or "dumb", fd=1)
        return curses.tigetflag("bce") == 1 and bool(curses.tigetstr("ech"))
    except curses.error:
        return False


class _Served(Protocol):
    """The app, as far as the driver knows it."""

    services: Services


class _Output:
    """A terminal's file. What cannot be written, because the window was closed or the link has
    dropped, is lost; Textual's writing thread would die of it, and who draws wait for that thread
    for ever."""

    def __init__(self, file: TextIO | None) -> None:
        assert file is not None, "where there is no stderr the reader is not started"
        self._file = file

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        return self._file.fileno()


class FrugalDriver(LinuxDriver):
    """Sends cells instead of regions, and lets go of a terminal that is gone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._courtesy = cast("_Served", self._app).services.courtesy
        self._file: Any = _Output(self._file)
        self._encoder = FrameEncoder(
            erases_in_colour=erases_in_colour(os.environ.get("TERM", "")),
            colours=not self._app.no_color,
        )
        self._synchronised = False

    def _get_terminal_size(self) -> tuple[int, int]:
        # What the app goes by. Where the terminal has no size (0 x 0, as of some that programs
        # open), Textual guesses 24 lines here and 25 there, and would draw both for ever.
        width, height = self._app.console.size
        return width, height

    def process_message(self, message: Message) -> None:
        if isinstance(message, Key):
            # Here, on the thread that reads the keyboard, and not where keys arrive: the way
            # there is part of what a key must not wait for.
            self._courtesy.begin()
        super().process_message(message)

    def write(self, data: str) -> None:
        if data == _SYNC_START:
            self._synchronised = True
        elif data == _SYNC_END:
            self._synchronised = False
        elif self._encoder.is_frame(data):
            small = self._encoder.encode(data)
            if self._synchronised and len(small) >= SYNC_FROM:
                small = f"{_SYNC_START}{small}{_SYNC_END}"
            if small:
                super().write(small)
        else:
            # A mode, a question, another screen: what is drawn next starts from nothing.
            if data.startswith(("\x1b[?1049", "\x1b[2J")):
                super().write(self._encoder.forget())
            super().write(data)

    def _sigcont_application(self, *_: object) -> None:
        """Go on after a stop, of Ctrl+Z or from outside.

        Linux sends the signal also where the terminal goes away, after SIGHUP: then there is
        nothing to go on with.
        """
        try:
            termios.tcgetattr(self.fileno)
        except termios.error:
            return
        if not self._must_signal_resume:
            # Stopped from outside: Textual's threads still run, and must not run twice.
            self.suspend_application_mode()
            self._must_signal_resume = True
        super()._sigcont_application()

    def forget(self) -> None:
        """The window changed its size or was disturbed: draw every cell again."""
        super().write(self._encoder.forget())
