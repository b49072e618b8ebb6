"""The title of the terminal's window: which place is shown, and never which post.

xterm's "Set Text Parameters" (OSC 2), with the title that was there put on the terminal's stack
first and taken back from it at the end (CSI 22 ; 2 t, CSI 23 ; 2 t; XTWINOPS), which tmux keeps for
its panes as well. GNU screen names its windows by ESC k … ST and has no stack (screen(1),
"Titles"): at the end the window is called as screen itself calls one, by the shell.
"""

import os
from pathlib import PurePath

from nordic_tui.handoff.clipboard import Between, what_is_between
from nordic_tui.text import clean

PROGRAM = "Nordic TUI"
MAX_CHARS = 60
"""Of a place: taskbars and tmux cut titles anyway."""
PUSH, POP = "\x1b[22;2t", "\x1b[23;2t"
_HAVE_NONE = ("dumb", "linux", "vt", "cons", "ansi", "unknown", "eterm")
"""What TERM begins with where there is no title, or none that is known to be understood."""


class Titles:
    """What to send the terminal; "": nothing. wanted: whether the settings want a title."""

    def __init__(self, *, wanted: bool = True) -> None:
        term = os.environ.get("TERM", "")
        self._between = what_is_between()
        self._wanted = wanted and term != "" and not term.startswith(_HAVE_NONE)
        self._shown = ""
        self._is_ours = False
        """Whether the title is ours just now."""

    def enter(self) -> str:
        """The screen is the program's from now on."""
        if not self._wanted:
            return ""
        self._is_ours = True
        push = "" if self._between is Between.SCREEN else PUSH
        return push + self._sequence(self._shown or PROGRAM)

    def show(self, place: str) -> str:
        """The list of this place is shown."""
        title = f"{clean.line(place, MAX_CHARS)} · {PROGRAM}"
        if title == self._shown:
            return ""
        self._shown = title
        return self._sequence(title) if self._is_ours else ""

    def leave(self) -> str:
        """The screen is given back; the same as `enter` may follow."""
        if not self._is_ours:
            return ""
        self._is_ours = False
        return self.give_back()

    def give_back(self) -> str:
        """What brings the title back that was there before `enter`; for any thread."""
        if not self._wanted:
            return ""
        if self._between is Between.SCREEN:
            return self._sequence(PurePath(os.environ.get("SHELL") or "sh").name)
        return POP

    def _sequence(self, title: str) -> str:
        text = clean.line(title)
        return f"\x1bk{text}\x1b\\" if self._between is Between.SCREEN else f"\x1b]2;{text}\x07"
