"""The report of an error that nobody expected: where in the program, and nothing of what was read.

Neither the error's message nor any value is in it, as these may name posts.
"""

import errno
import os
import platform
from collections.abc import Iterator

from nordic_tui import __version__
from nordic_tui.clock import Clock, system_clock
from nordic_tui.config.paths import ensure_dir, find_paths

_MAX_BYTES = 200_000
"""A longer file is begun anew."""


def want(error: BaseException) -> str:
    """What the machine did not give, a sentence, where that is what an error came from; else ""."""
    for each in chain(error):
        if isinstance(each, MemoryError) or getattr(each, "errno", None) == errno.ENOMEM:
            return "There is not enough memory."
        if isinstance(each, RuntimeError) and "start new thread" in str(each):
            return "There is not enough memory, or the number of threads is limited (ulimit -u)."
        if isinstance(each, OSError) and each.errno in (errno.EMFILE, errno.ENFILE):
            return "Too many files are open: this program needs some 30 (ulimit -n)."
    return ""


def report(error: BaseException, clock: Clock = system_clock) -> str:
    """Append a report to the log file (mode 0600); returns a sentence for the person."""
    what = f"something went wrong that should not have: {type(error).__name__}."
    text = "\n".join([f"{clock().isoformat()} {_versions()}", *describe(error), "", ""])
    try:
        path = find_paths().log_file
        ensure_dir(path.parent)
        too_long = path.exists() and path.stat().st_size > _MAX_BYTES
        anew = os.O_TRUNC if too_long else os.O_APPEND
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | anew, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            os.fchmod(descriptor, 0o600)
            file.write(text)
    except (OSError, RuntimeError):  # RuntimeError: there is no home directory
        return f"{what} A report of it could not be written."
    return f"{what} A report without any post's name is in {path}."


def _versions() -> str:
    return f"nordic-tui {__version__}, Python {platform.python_version()}, {platform.system()}"


def describe(error: BaseException) -> Iterator[str]:
    """An error and what it came from, as lines: types, modules, line numbers, functions."""
    for current in chain(error):
        yield f"{type(current).__module__}.{type(current).__qualname__}"
        step = current.__traceback__
        while step is not None:
            frame = step.tb_frame
            # The module's name: a file's path would begin with a person's home directory.
            module = frame.f_globals.get("__name__", "?")
            yield f"  {module}, line {step.tb_lineno}, in {frame.f_code.co_name}"
            step = step.tb_next


def chain(error: BaseException) -> Iterator[BaseException]:
    """An error and all that it came from."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions
