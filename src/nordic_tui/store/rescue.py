"""Damaged files on the disk: how damage is noted, set aside and remembered until all is saved.

X.damaged          damage was met in X, or in a file beside it: the next start looks at it
X.corrupt-DATE     what was X; it stays, for a person to look at or delete
X.rescue           X.corrupt-DATE may hold what is not in X yet; goes when all is saved

Each step leaves a state that the next start goes on from.
"""

import fcntl
import os
import time
from datetime import datetime
from pathlib import Path
from typing import Final

from nordic_tui.errors import StoreBusy, StoreUnwritable

SIDE_FILES: Final = ("-wal", "-shm", "-journal")
"""What SQLite puts beside a database file."""
_MOVING, _MOVED = "moving", "moved"
_RETRY_S: Final = 0.05
_SHARED_LOCK: Final = (510, 0x40000002)
"""Length and start of what every connection holds a lock on (SQLite's os.h, SHARED_FIRST)."""


# ── noted ───────────────────────────────────────────────────────────────────────────────────


def _mark_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.damaged")


def mark(file: Path, text: str = "") -> None:
    """Let the next start look whether the file is sound; text: what it is to know besides, else
    what was noted stays. Where that can't be written the next damage is met as this one was."""
    if file.exists() and (text or marked(file) is None):
        try:
            _write(_mark_of(file), text)
        except OSError:
            return


def marked(file: Path) -> str | None:
    """What the mark says; None: there is none."""
    try:
        return _mark_of(file).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def unmark(file: Path) -> None:
    _mark_of(file).unlink(missing_ok=True)


# ── set aside ───────────────────────────────────────────────────────────────────────────────


def set_aside(file: Path, now: datetime, busy_timeout_s: float) -> None:
    """Rename a damaged file with its side files, and remember that it is to be saved from.

    Nothing if another instance was faster. Raises StoreBusy while another one has the file open,
    and StoreUnwritable.
    """
    try:
        descriptor = os.open(file, os.O_RDWR)
    except FileNotFoundError:
        return  # another instance was faster
    except OSError as error:
        raise _unwritable(file, error) from error
    try:
        _lock(descriptor, file, busy_timeout_s)
        if file.exists() and os.path.samestat(os.fstat(descriptor), file.stat()):
            aside = _free_name(file, now)
            _write(_pending_of(file), f"{_MOVING} {aside.name}")
            _move(file, aside)
    except OSError as error:
        raise _unwritable(file, error) from error
    finally:
        os.close(descriptor)


def _lock(descriptor: int, file: Path, busy_timeout_s: float) -> None:
    """Wait until no other program has the file open. Raises StoreBusy."""
    until = time.monotonic() + busy_timeout_s
    while True:
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, *_SHARED_LOCK)
        except OSError as error:
            if time.monotonic() >= until:
                raise StoreBusy(
                    f"{file} is damaged, and another window of this program has it open. "
                    "Close that one, then start again."
                ) from error
            time.sleep(_RETRY_S)  # whoever closes it says nothing
        else:
            return


def _move(file: Path, aside: Path) -> None:
    """The side files first: a log without its file would be thrown away by SQLite."""
    for suffix in (*SIDE_FILES, ""):
        part = file.with_name(file.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    unmark(file)
    _write(_pending_of(file), f"{_MOVED} {aside.name}")


def _free_name(file: Path, now: datetime) -> Path:
    name = f"{file.name}.corrupt-{now:%Y%m%d-%H%M%S}"
    number = 1
    while any(file.with_name(name + suffix).exists() for suffix in ("", *SIDE_FILES)):
        number += 1
        name = f"{file.name}.corrupt-{now:%Y%m%d-%H%M%S}-{number}"
    return file.with_name(name)


def _unwritable(file: Path, error: OSError) -> StoreUnwritable:
    return StoreUnwritable(
        f"{file} is damaged and could not be set aside: {error.strerror}. "
        "Make room in its directory, or move the file away by hand."
    )


# ── still to be saved from ──────────────────────────────────────────────────────────────────


def _pending_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.rescue")


def pending(file: Path) -> Path | None:
    """The damaged file that there may be more to save from; None: there is none.

    A move that was interrupted is finished first. Raises StoreUnwritable.
    """
    try:
        state, _, name = _pending_of(file).read_text(encoding="utf-8").partition(" ")
    except (OSError, ValueError):
        return None
    if not name.startswith(f"{file.name}.corrupt-") or "/" in name:
        return None
    aside = file.with_name(name)
    if state == _MOVING:
        try:
            if file.exists() and not aside.exists():
                _move(file, aside)
        except OSError as error:
            raise _unwritable(file, error) from error
    if not aside.exists():
        saved(file)
        return None
    return aside


def saved(file: Path) -> None:
    """All that can be saved is in the new file."""
    _pending_of(file).unlink(missing_ok=True)


def drop_older(file: Path, aside: Path) -> None:
    """Delete what was set aside before: for what can be fetched again, one such file is enough."""
    for path in file.parent.glob(f"{file.name}.corrupt-*"):
        if not path.name.startswith(aside.name):
            path.unlink(missing_ok=True)


def _write(file: Path, text: str) -> None:
    """Replace a small file of this program's own in one step. Raises OSError."""
    made = file.with_name(f"{file.name}.new")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, text.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    made.replace(file)
