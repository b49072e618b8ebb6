"""Text to the clipboard: by a program of this machine, else by the terminal (OSC 52).

OSC 52 is xterm's control sequence "Manipulate Selection Data". The terminal does not answer, so
nobody knows whether it obeyed. tmux and GNU screen stand between and have to be told to hand it
on: tmux by `DCS tmux; … ST` with every ESC doubled (tmux(1), allow-passthrough), screen by
`DCS … ST` in pieces, of which it takes no more than 768 bytes (screen(1), "Control Sequences").
"""

import os
import sys
from enum import Enum

from nordic_tui.errors import HandoffError
from nordic_tui.handoff import is_remote
from nordic_tui.model import Copied

MAX_BASE64_BYTES = 74_994
"""Of the text in base64: with it, tmux and hterm still take the sequence."""
MAX_SEQUENCE_BYTES = 100_000
"""Of all that is sent, as wrapped: xterm and others drop what is longer."""
SCREEN_PIECE_BYTES = 768
"""Of a piece for GNU screen, with what wraps it."""
PROGRAM_PATIENCE_S = 2.0

_ESC, _ST = b"\x1b", b"\x1b\\"


class Between(Enum):
    """What stands between this program and the terminal."""

    NOTHING = ""
    TMUX = "tmux"
    SCREEN = "screen"


def osc52(text: str, between: Between = Between.NOTHING) -> bytes:
    """The bytes that put `text` on the terminal's clipboard.

    Raises HandoffError, a sentence, where terminals would drop it or take only half of it.
    """
    import base64

    # Lone surrogates are no text, and nothing that any clipboard takes.
    payload = base64.b64encode(text.encode(errors="replace"))
    # Ended by BEL: ST would end screen's wrapping too.
    plain = b"\x1b]52;c;" + payload + b"\x07"
    match between:
        case Between.TMUX:
            sequence = b"\x1bPtmux;" + plain.replace(_ESC, _ESC + _ESC) + _ST
        case Between.SCREEN:
            room = SCREEN_PIECE_BYTES - len(b"\x1bP") - len(_ST)
            pieces = [plain[start : start + room] for start in range(0, len(plain), room)]
            sequence = b"".join(b"\x1bP" + piece + _ST for piece in pieces)
        case Between.NOTHING:
            sequence = plain
    if len(payload) > MAX_BASE64_BYTES or len(sequence) > MAX_SEQUENCE_BYTES:
        kilobytes = MAX_BASE64_BYTES * 3 // 4 // 1_000
        raise HandoffError(
            f"This is too long for a terminal's clipboard, which takes {kilobytes} kB: nothing was "
            "copied."
        )
    return sequence


def what_is_between() -> Between:
    """By the environment; over SSH only TERM tells of a tmux or screen at the other end. Both may
    call it "screen" or "screen-256color"; only screen puts the terminal's own name behind a full
    stop."""
    if os.environ.get("TMUX"):
        return Between.TMUX
    if os.environ.get("STY"):
        return Between.SCREEN
    term = os.environ.get("TERM", "")
    if term.startswith("screen."):
        return Between.SCREEN
    return Between.TMUX if term.startswith("tmux") else Between.NOTHING


def way() -> str:
    """How a text would be copied here, in words."""
    command = None if is_remote() else _program()
    if command is not None:
        return command[0]
    between = what_is_between()
    through = f" through {between.value}" if between.value else ""
    return f"the terminal's (OSC 52){through}, which may not allow it"


def copy(text: str) -> Copied:
    """Copy with a program, or tell what to send to the terminal for it, and what to say of it.

    Waits for the program, two seconds at most. Raises HandoffError.
    """
    if copy_with_program(text):
        return Copied("Copied")
    between = what_is_between()
    sequence = osc52(text, between)
    words = "Sent to the terminal's clipboard, which may not allow it"
    if between is Between.TMUX:
        # Where passthrough is off, tmux may still obey the sequence itself (set-clipboard on).
        sequence += osc52(text)
        words += " (tmux: set-clipboard on)"
    return Copied(words, sequence.decode("ascii"))


def copy_with_program(text: str) -> bool:
    """Copy with a program of the machine that the person sits at; False: there is none, or it
    failed."""
    if is_remote():
        return False
    import subprocess

    command = _program()
    if command is None:
        return False
    try:
        # No output is read: some of these stay behind and hold it open, to serve the clipboard.
        done = subprocess.run(  # noqa: S603  an argument list of this file
            command,
            input=text.encode(errors="replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PROGRAM_PATIENCE_S,
            check=False,
            start_new_session=True,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _program() -> list[str] | None:
    """The command that takes the clipboard's text on its standard input; None: there is none."""
    import shutil

    candidates: list[list[str]] = []
    if sys.platform == "darwin":
        candidates.append(["pbcopy"])
    if os.environ.get("WAYLAND_DISPLAY"):
        candidates.append(["wl-copy"])
    if os.environ.get("DISPLAY"):
        candidates += [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    return next((command for command in candidates if shutil.which(command[0])), None)
