"""What is a person's own, into a file that only they may read, or to standard output."""

from collections.abc import Iterable
from typing import Any

from nordic_tui.cli.console import DONE, FAILED, say, write


def add_export(actions: Any, prog: str, what: str) -> None:
    """Add the action "export" to a command's subparsers; what: what it gives, in small letters."""
    export = actions.add_parser(
        "export", prog=f"{prog} export", help=what, description=f"{what[0].upper()}{what[1:]}."
    )
    export.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        default="-",
        help="where to: a file that only you may read; without it, or -, to stdout",
    )


def hand_out(pieces: Iterable[str], file: str, done: str) -> int:
    """Write into a file and say `done`, or (-) to standard output; returns the exit status."""
    if file == "-":
        for piece in pieces:
            write(piece)
        return DONE
    try:
        write_privately(file, "".join(pieces))
    except OSError as error:
        say(f"{file} could not be written: {error.strerror}.")
        return FAILED
    say(done)
    return DONE


def write_privately(file: str, text: str) -> None:
    """Write a file of mode 0600, whatever the umask says or it was before; raises OSError, and
    then a file that was there is as it was."""
    import errno
    import os
    from pathlib import Path

    from nordic_tui.config.files import replace_file

    path = Path(file)
    if not path.parent.is_dir():  # a folder that nobody asked for is no help
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8") as stream:  # a device or a pipe; a folder refuses
            stream.write(text)
    else:
        replace_file(path, text.encode())
