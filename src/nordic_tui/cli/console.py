"""Words on stderr, data on stdout, and what a person may call the end of a command."""

import codecs
import io
import os
import sys
from contextlib import suppress

from nordic_tui import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing takes a tenth of a check from a login
    from typing import TextIO

DONE = 0
FAILED = 1
MISUSED = 2
SOME_FAILED = 3
SOMETHING_NEW = 10
INTERRUPTED = 130

_MAX_CHARS = 5_000
_IN_ASCII = "nordic-tui"
"""What is done with signs that a stream does not have, as Python's codecs know it."""


class UsageError(Exception):
    """A command was not used as it is meant; str() says how, a sentence or more."""


class OutputError(Exception):
    """What should go to stdout did not get there (a full disk); str() is a sentence."""


def prepare() -> None:
    """A sign that an encoding does not have must not end the program, nor become six: the reader,
    which draws on stderr, counts cells. It becomes one of ASCII, in a terminal whose locale is C
    all signs do; what goes to a file or a pipe there stays UTF-8, as Python has it (PEP 538)."""
    codecs.register_error(_IN_ASCII, _in_ascii)
    for stream in (sys.stdout, sys.stderr, sys.__stderr__):
        if isinstance(stream, io.TextIOWrapper):
            shows_ascii = stream.isatty() and wants_ascii(stream.encoding)
            stream.reconfigure(encoding="ascii" if shows_ascii else None, errors=_IN_ASCII)


def _in_ascii(error: UnicodeError) -> tuple[str, int]:
    from nordic_tui.text import ascii as plain

    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain.form(error.object[error.start : error.end]), error.end


def wants_ascii(encoding: str) -> bool:
    """Whether the person's locale says that they read ASCII only, or cannot read this encoding."""
    from nordic_tui.text import ascii as plain

    try:
        # As the program was started: Python has changed it in `os.environ`.
        with open("/proc/self/environ", "rb") as file:  # noqa: PTH123  pathlib costs a check too much
            lines = file.read().split(b"\0")
    except OSError:
        named = {name: value for name, value in os.environ.items() if value != _SET_BY_PYTHON}
        return plain.is_wanted(named, encoding)
    started = (os.fsdecode(line).partition("=") for line in lines)
    return plain.is_wanted({name: value for name, _, value in started}, encoding)


_SET_BY_PYTHON = "C.UTF-8"
"""In LC_CTYPE, where the locale is C."""


def say(sentence: str) -> None:
    """Tell the person something, on stderr."""
    from nordic_tui.text import clean

    if sys.stderr is not None:
        # Where it is lost, the exit status still tells.
        with suppress(OSError):
            sys.stderr.write(f"nordic-tui: {clean.line(sentence, _MAX_CHARS)}\n")


def write(text: str) -> None:
    """Write data to stdout: the last gate, also where whoever made it has passed it already.

    Tabs and line ends stay. Raises OutputError; BrokenPipeError where nobody reads any more.
    """
    from nordic_tui.text import clean

    text = "\t".join([clean.block(part, sys.maxsize) for part in text.split("\t")])
    if sys.stdout is None:
        raise OutputError("The output could not be written: stdout is closed.")
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _lost(error) from error


def show_version() -> int:
    write(f"nordic-tui {__version__}\n")
    return DONE


def flush() -> None:
    """See to it that the data is out; raises as `write` does."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _lost(error) from error


def _lost(error: OSError) -> OutputError:
    return OutputError(f"The output could not be written: {error.strerror}.")


def discard_output() -> None:
    """Send what is still to be written nowhere, so that Python is silent as it ends.

    Python flushes stdout once more when it ends and complains if that fails.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is None:
            continue
        try:
            stream.flush()
        except (OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def measure_window() -> None:
    """See to it that the reader is as large as the window is and becomes.

    Rich believes COLUMNS and LINES more than the terminal; they may be those of another window, or
    no size at all. They count where the terminal does not tell.
    """
    try:
        tells = all(os.get_terminal_size(sys.stderr.fileno()))
    except (AttributeError, OSError, ValueError):
        tells = False
    for name in ("COLUMNS", "LINES"):
        value = os.environ.get(name, "")
        if tells or not (value.isascii() and value.isdigit() and 0 < int(value) < _MAX_CELLS):
            os.environ.pop(name, None)


_MAX_CELLS = 5_000


def heed_colours() -> None:
    """See to it that a terminal that has no colours, as terminfo says, is sent none: as where
    NO_COLOR is set. Rich sends sixteen of them to each terminal that it does not know."""
    import curses

    if os.environ.get("COLORTERM"):
        return
    with suppress(curses.error):
        curses.setupterm(fd=sys.stderr.fileno())
        if curses.tigetnum("colors") < _FEWEST_COLOURS:
            os.environ["NO_COLOR"] = "1"


_FEWEST_COLOURS = 8


def is_screen(stream: "TextIO | None") -> bool:
    """Whether a stream is a terminal that can do more than print lines."""
    # Python has None where the program was started without the stream.
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def is_dialogue() -> bool:
    """Whether a person types at a terminal and reads what is written there."""
    streams = (sys.stdin, sys.stdout)
    return all(stream is not None and stream.isatty() for stream in streams)


def can_draw() -> bool:
    """Whether the reader can be drawn: keys come from a terminal and the screen is one.

    Textual draws on stderr, and who sends stdout elsewhere wants text there.
    """
    return is_screen(sys.stdin) and is_screen(sys.stdout) and is_screen(sys.stderr)
