"""Textual's terminal driver, sending only what changed (see `cells`)."""

import os
from typing import Any

from textual.drivers.linux_driver import LinuxDriver

from nordic_tui.tui.cells import FrameEncoder

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


class FrugalDriver(LinuxDriver):
    """Sends cells instead of regions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._encoder = FrameEncoder(
            erases_in_colour=erases_in_colour(os.environ.get("TERM", "")),
            colours=not self._app.no_color,
        )
        self._synchronised = False

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

    def forget(self) -> None:
        """The window changed its size or was disturbed: draw every cell again."""
        super().write(self._encoder.forget())
