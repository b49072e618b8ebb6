"""The report of an error that nobody expected: where in the program, and nothing of what was read.

Neither the error's message nor any value is in it, as these may name posts. `watched` sees to it
that nothing but such a report comes of an error, wherever it is met: what Python and libraries
write on their own (a traceback of a thread, of a task that nobody waited for, of what fails while
it is cleared away; a warning) has messages and values in it, and would tear up the screen.
"""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType

from nordic_tui import __version__
from nordic_tui.clock import Clock, system_clock

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing takes a tenth of a check from a login
    import logging
    import threading

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
    from nordic_tui.config.paths import ensure_dir, find_paths

    what = f"something went wrong that should not have: {type(error).__name__}."
    text = "\n".join([f"{clock().isoformat()} {_versions()}", *describe(error), "", ""])
    try:
        path = find_paths().log_file
        ensure_dir(path.parent)
        too_long = path.exists() and path.stat().st_size > _MAX_BYTES
        anew = os.O_TRUNC if too_long else os.O_APPEND
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | anew, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            os.fchmod(descriptor, 0o600)
            file.write(text)
    except (OSError, RuntimeError):  # RuntimeError: there is no home directory
        return f"{what} A report of it could not be written."
    return f"{what} A report without any post's name is in {path}."


def _versions() -> str:
    import platform  # only a report needs it

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
        inner = getattr(current, "error", None)  # of Textual's WorkerFailed
        if isinstance(inner, BaseException):
            waiting.append(inner)
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions


# ── errors that nobody waits for ────────────────────────────────────────────────────────────


@contextmanager
def watched() -> Iterator[list[BaseException]]:
    """`watch` for a while."""
    ended, undo = watch()
    try:
        yield ended
    finally:
        undo()


def watch() -> tuple[list[BaseException], Callable[[], None]]:
    """Keep Python and libraries from writing about errors; gives those that ended a thread, now and
    later, and what takes it back.

    The others are reported in the log file at once: nothing came of them. What libraries log is
    kept back from `watch_log` on.
    """
    import threading
    import warnings

    ended: list[BaseException] = []

    def note_thread(crash: "threading.ExceptHookArgs") -> None:
        if crash.exc_value is not None:
            ended.append(crash.exc_value)

    def note_lost(lost: "sys.UnraisableHookArgs") -> None:
        _note(lost.exc_value)

    def note_last(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        _note(error)

    before = threading.excepthook, sys.unraisablehook, sys.excepthook, warnings.showwarning
    threading.excepthook, sys.unraisablehook, sys.excepthook = note_thread, note_lost, note_last
    warnings.showwarning = lambda *_, **__: None
    _watching.append(None)

    def undo() -> None:
        logged = _watching.pop()
        if logged is not None:
            logged()
        threading.excepthook, sys.unraisablehook, sys.excepthook, warnings.showwarning = before

    return ended, undo


_watching: "list[Callable[[], None] | None]" = []
"""What takes `watch_log` back, for each `watch`."""


def watch_log() -> None:
    """Take what libraries log as well, for as long as the outermost `watch` lasts: for whatever
    may import one that logs. By itself `logging` takes as long to import as a check from a login
    has for all it does."""
    if not _watching or any(_watching):
        return
    import logging

    root, handler, raises = logging.getLogger(), _handler(), logging.raiseExceptions
    root.addHandler(handler)
    logging.raiseExceptions = False

    def undo() -> None:
        root.removeHandler(handler)
        logging.raiseExceptions = raises

    _watching[0] = undo


def _note(error: BaseException | None) -> None:
    # At the end of Python modules may be gone already.
    with suppress(Exception):
        if error is not None:
            report(error)


def _handler() -> "logging.Handler":
    """Takes what libraries log, which Python would write to stderr: asyncio logs the error of a
    task that nobody waited for. What has no error is let go of."""
    import logging

    class Errors(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            _note(record.exc_info[1] if record.exc_info else None)

    return Errors()


def leave_no_core() -> None:
    """Let the system write no image of the memory, posts and all, should the program crash."""
    import resource

    with suppress(OSError, ValueError):
        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
