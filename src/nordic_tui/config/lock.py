"""One at a time: what two instances of the program must not do at the same moment."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
