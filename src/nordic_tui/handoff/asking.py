"""What the terminal says of itself: asked in one go, with a deadline.

All questions are sent at once, the last of them one that every terminal answers (DA1), so that a
link of 200 ms costs 200 ms; who has not begun to answer after `BEGIN_S` is not waited for.
Sources: xterm's "Control Sequences" (DA1, XTVERSION, CPR, DECRQM); the kitty keyboard and graphics
protocols.
"""

import os
import re
import select
import sys
import termios
import time
import tty
from stat import S_ISFIFO
from typing import Final, NamedTuple

BEGIN_S: Final = 1.5
ALL_S: Final = 4.0
SAMPLES: Final = {
    "a letter with an accent of its own": ("e\u0301", 1),
    "a Chinese character": ("\u65e5", 2),
    "an emoji": ("\U0001f9ed", 2),
    "an emoji made of two": ("\u2764\ufe0f", 2),
    "a flag": ("\U0001f1f3\U0001f1f4", 2),
    "a family": ("\U0001f469\u200d\U0001f467", 2),
    "a line": ("\u2500", 1),
    "three dots": ("\u2026", 1),
}
"""What is drawn to see how wide it is, and the width that the program counts with."""
_QUESTIONS: Final = (
    "\x1b[?u"  # kitty's keyboard
    "\x1b[?2026$p"  # frames as one
    "\x1b[>q"  # XTVERSION
    "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"  # kitty's pictures
    "\x1b[c"  # DA1
)
_DA1: Final = re.compile(r"\x1b\[\?([0-9;]*)c")
_CPR: Final = re.compile(r"\x1b\[[0-9]+;([0-9]+)R")
_NAME: Final = re.compile(r"\x1bP>\|([^\x00-\x1f\x7f-\x9f]{1,80})\x1b\\")
_SILENT: Final = ("dumb", "linux", "vt", "cons", "ansi", "unknown", "eterm")
"""Terminals that write down questions which they do not know."""


class Answers(NamedTuple):
    """What a terminal said."""

    name: str
    """Its own, and its version; "": it does not say."""
    widths: dict[str, int]
    """Of SAMPLES: how many cells each took; what was not measured is left out."""
    attributes: tuple[int, ...]
    """Of DA1."""
    keyboard: bool
    """Whether it has kitty's keyboard protocol."""
    pictures: bool
    """Whether it has kitty's graphics protocol."""
    synchronised: bool
    """Whether it draws frames as one (mode 2026)."""

    @property
    def sixel(self) -> bool:
        return 4 in self.attributes


def why_not() -> str:
    """Why the terminal is not asked, in words; "": it can be."""
    term = os.environ.get("TERM", "")
    if not term or term.startswith(_SILENT):
        return "it says that it understands no questions (TERM)"
    if sys.stdin is None or not sys.stdin.isatty():
        return "the input is no terminal"
    if sys.stdout is None or S_ISFIFO(os.fstat(sys.stdout.fileno()).st_mode):
        return "the output goes into a pipe, whose reader may read the terminal too"
    return ""


def ask() -> Answers | None:
    """Ask the terminal; None: it did not answer, or it is somebody else's just now."""
    try:
        descriptor = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        if os.tcgetpgrp(descriptor) != os.getpgrp():
            return None  # in the background, whoever touches the terminal is stopped
        before = termios.tcgetattr(descriptor)
        tty.setcbreak(descriptor)
        try:
            return answers(_exchange(descriptor))
        finally:
            # What comes too late must not be typed into the shell.
            termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)
    except (OSError, termios.error):
        return None
    finally:
        os.close(descriptor)


def _exchange(descriptor: int) -> str:
    drawn = "".join(f"\r{sample}\x1b[6n" for sample, _ in SAMPLES.values())
    # On a screen of its own: what is not understood is not left behind.
    _write(descriptor, f"\x1b[?1049h\x1b[H{drawn}{_QUESTIONS}")
    try:
        begun = time.monotonic()
        found = ""
        while not _DA1.search(found):
            left = begun + (ALL_S if found else BEGIN_S) - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                break
            found += os.read(descriptor, 4_096).decode(errors="replace")
        return found
    finally:
        _write(descriptor, "\r\x1b[K\x1b[?1049l")


def _write(descriptor: int, text: str) -> None:
    view = memoryview(text.encode())
    while view:
        view = view[os.write(descriptor, view) :]


def answers(found: str) -> Answers | None:
    """What was answered, in order; None: nothing that is an answer."""
    attributes = _DA1.search(found)
    columns = [int(column) for column in _CPR.findall(found)]
    if attributes is None and not columns:
        return None
    name = _NAME.search(found)
    widths = {}
    if len(columns) == len(SAMPLES):
        widths = {of: column - 1 for of, column in zip(SAMPLES, columns, strict=True)}
    return Answers(
        name=name[1] if name else "",
        widths=widths,
        attributes=tuple(int(n) for n in attributes[1].split(";") if n) if attributes else (),
        keyboard=re.search(r"\x1b\[\?[0-9]+u", found) is not None,
        pictures="\x1b_Gi=31;OK" in found,
        synchronised=re.search(r"\x1b\[\?2026;[123]\$y", found) is not None,
    )
