"""One at a time: what two instances of the program must not do at the same moment.

`alone` waits and is for what takes a moment; `OneAtATime` is for what may take minutes: it tells at
once whether another one does it.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nordic_tui.config.paths import ensure_dir
from nordic_tui.errors import SettingsError

WAIT_S = 5.0
"""Whoever holds it needs some hundredths of a second."""
_PAUSE_S = 0.01


@contextmanager
def alone(path: Path, busy: str, wait_s: float = WAIT_S) -> Iterator[None]:
    """Keep everybody else who asks for the same `path` out, in this process and in others.

    The file at `path` is empty and says nothing by being there: it is made with its directory, of
    modes 0600 and 0700, and stays. Who holds it and dies lets it go. Not to be asked for again by
    who holds it. Raises SettingsError(busy) if it can't be had within `wait_s`.
    Where no such file can be made (a read-only home), or its file system has no locks, nobody is
    kept out: one instance must be able to do its work there.
    """
    descriptor = _opened(path)
    if descriptor is None:
        yield
        return
    try:
        if not _locked(descriptor, wait_s):
            raise SettingsError(busy)
        yield
    finally:
        os.close(descriptor)


def _opened(path: Path) -> int | None:
    try:
        if not path.parent.exists():
            ensure_dir(path.parent)
        # For writing: over NFS, flock is fcntl's lock, which wants that.
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError:
        return None


def _locked(descriptor: int, wait_s: float) -> bool:
    """Whether nobody else holds it now; False after `wait_s`."""
    import fcntl  # no start needs it

    # flock(2) itself waits without an end, and a signal that ends it would be the whole program's.
    end = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(_PAUSE_S)  # whoever holds it says nothing when it lets go
        except OSError:  # this file system has no locks
            return True
        else:
            return True


class OneAtATime:
    """What one instance of the program does at a time, as `service.ports` describes it.

    The file at `path` is made as `alone` makes it, and removed when it is over; one that is left
    by a program that was killed says nothing. Not for two threads at once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def begin(self) -> bool:
        """Whether it may be begun, as nobody else does it; then `end` it."""
        while True:
            descriptor = _opened(self._path)
            if descriptor is None:
                return True
            if not _locked(descriptor, 0):
                os.close(descriptor)
                return False
            if _is_at(descriptor, self._path):
                self._descriptor = descriptor
                return True
            os.close(descriptor)  # whoever had it before has removed it meanwhile

    def end(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
            os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether an open file is still the one that is found under its name."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock at `path` just now; no file is made. Who asks for it in the
    very moment of the look is told that it is held."""
    import fcntl

    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
