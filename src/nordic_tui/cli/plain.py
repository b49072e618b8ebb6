"""The reader without panes, at this program's own stdin and stdout."""

import os
import sys
from collections.abc import Sequence

from nordic_tui import wiring
from nordic_tui.cli import console
from nordic_tui.config.paths import Paths
from nordic_tui.config.settings import Settings
from nordic_tui.plain.keyboard import read_stdin, signals_heard
from nordic_tui.plain.letters import letters
from nordic_tui.plain.reader import Reader
from nordic_tui.plain.talk import Talk, Window
from nordic_tui.staging.plain import services

USUAL = Window(80, 24)
"""Of a terminal that does not say how large it is."""


def run(
    parts: wiring.Parts,
    settings: Settings,
    paths: Paths,
    problems: Sequence[str],
    greeting: str = "",
) -> int:
    """Read with a person, or with a pipe, to the end; returns the exit status.

    problems: what is said first, sentences. greeting: what is said in place of the usual greeting.
    """
    is_dialogue = console.is_dialogue()
    is_window = sys.stdout is not None and sys.stdout.isatty()
    encoding = getattr(sys.stdout, "encoding", "") or ""
    talk = Talk(
        _write,
        read_stdin(_write, edits=is_dialogue),
        window=window if is_window else None,
        is_dialogue=is_dialogue,
        letters=letters(encoding, ascii_only=console.wants_ascii(encoding)),
    )
    reader = Reader(services(parts, settings, paths, problems), talk, greeting)
    with signals_heard():
        reader.run()
    return console.DONE


def _write(text: str) -> None:
    console.write(text)
    console.flush()


def window() -> Window:
    """How large the terminal is now; what it does not tell, the environment does."""
    try:
        columns, rows = os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):
        columns = rows = 0
    return Window(
        columns or _number("COLUMNS") or USUAL.columns, rows or _number("LINES") or USUAL.rows
    )


def _number(name: str) -> int:
    value = os.environ.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 5 else 0
