"""Lines that a person types, or that a pipe brings."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

MAX_CHARS = 10_000
"""Of a line; the rest of a longer one is dropped."""

NUDGES_S = (0.05, 0.2)
"""A machine that is busy may let the program come to its wait later than the first of them."""

Read = Callable[[str], str | None]
"""Asks with a prompt, gives the line without its end; None: nothing more comes."""


def lines_of(stream: TextIO, ask: Callable[[str], None]) -> Read:
    """Lines of a stream. ask: writes a prompt."""

    def read(prompt: str) -> str | None:
        if prompt:
            ask(prompt)
        line = stream.readline(MAX_CHARS)
        rest = line
        while rest and not rest.endswith("\n"):
            rest = stream.readline(MAX_CHARS)
        return line.rstrip("\r\n") if line else None

    return read


def edited_lines() -> Read | None:
    """Lines of this terminal that can be edited as they are typed, with those before at the arrow
    keys; None where that can't be had. They are kept in memory only.

    The library is made to believe that the terminal can do nothing, as it would send escape
    sequences: for a paste, for the end of a line, for a cursor that goes up. So it writes text,
    backspaces and line ends, as the terminal's own line editing does.
    """
    before = os.environ.get("TERM")
    if before in (None, "", "dumb"):
        return None  # this one's own line editing is all that it has: a shell inside an editor
    os.environ["TERM"] = "dumb"
    try:
        import readline
    except ImportError:
        return None
    finally:
        os.environ["TERM"] = before or ""
    for setting in ("enable-bracketed-paste off", "bell-style none", "show-mode-in-prompt off"):
        readline.parse_and_bind(f"set {setting}")

    def read(prompt: str) -> str | None:
        try:
            return input(prompt)[:MAX_CHARS]
        except EOFError:
            return None

    return read


@contextmanager
def signals_heard() -> Iterator[None]:
    """See to it that no signal waits for the next line.

    One that comes between the prompt and the wait for a key interrupts nothing: Python notes it and
    looks at it when the wait is over, so that Ctrl+C or SIGTERM would seem to do nothing. So a
    thread hears of each (`signal.set_wakeup_fd`) and interrupts the wait once more by one that does
    nothing else. For the main thread.
    """
    hears, tells = os.pipe()
    os.set_blocking(tells, False)
    main = threading.get_ident()
    nudge = signal.SIGURG

    def listen() -> None:
        while number := os.read(hears, 1):
            if number[0] != nudge:
                for wait_s in NUDGES_S:
                    time.sleep(wait_s)
                    signal.pthread_kill(main, nudge)

    before = signal.signal(nudge, lambda *_: None)
    woken = signal.set_wakeup_fd(tells, warn_on_full_buffer=False)
    thread = threading.Thread(target=listen, name="signals", daemon=True)
    thread.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(woken)
        os.close(tells)
        thread.join()
        os.close(hears)
        signal.signal(nudge, before)


def read_stdin(ask: Callable[[str], None], *, edits: bool) -> Read:
    """What reads standard input.

    ask: writes a prompt. edits: whether a person types it at a terminal that shows it too.
    """
    if sys.stdin is None:
        return lambda _: None
    # What is no text in this encoding must not end the program.
    reconfigure = getattr(sys.stdin, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    return (edited_lines() if edits else None) or lines_of(sys.stdin, ask)
