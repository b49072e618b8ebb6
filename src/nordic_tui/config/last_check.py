"""When somebody last checked for new posts, and which was the last to have arrived by then.

{"version": 1, "checks": {"": {"at": "2026-11-26T12:00:00+00:00", "seq": 4711}, "cron": …}}

By the name of who checks; a person has none. It tells nothing of what was read. The file is one
that may be lost: then a check looks back a day. So the disk is not waited for.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

MAX_BYTES = 100_000
MAX_NAMES = 200
"""The names that checked last are kept."""
WAIT_S = 2.0
_PAUSE_S = 0.01
_MOST = 1 << 62


class DamagedError(Exception):
    """The file can't be read; str() is a sentence."""


def load(path: str, name: str) -> tuple[datetime, int] | None:
    """When `name` last checked, and the number of the last post by then; None: never.

    Raises DamagedError.
    """
    try:
        found = _load(path)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedError(
            f"{path} cannot be read, so it is not known when you last checked."
        ) from error
    return found.get(name)


def _load(path: str) -> dict[str, tuple[datetime, int]]:
    """Raises OSError, and whatever comes of reading what it is not."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except FileNotFoundError:
        return {}
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError
    found = json.loads(data)
    if found["version"] != 1:
        raise ValueError
    return {name: _read(check) for name, check in found["checks"].items()}


def _read(check: dict[str, object]) -> tuple[datetime, int]:
    at, seq = datetime.fromisoformat(str(check["at"])), check["seq"]
    if at.tzinfo is None or type(seq) is not int or not 0 <= seq < _MOST:
        raise ValueError
    return at.astimezone(UTC), seq


def save(path: str, name: str, at: datetime, seq: int) -> None:
    """Keep when `name` checked, in one step and with mode 0600; those of others stay, where they
    can be read. Raises OSError."""
    folder = os.path.dirname(path)  # noqa: PTH120  pathlib takes a tenth of a check
    if not os.path.isdir(folder):  # noqa: PTH112  so does this
        from pathlib import Path

        from nordic_tui.config.paths import ensure_dir

        ensure_dir(Path(folder))
    made = f"{path}.new"
    with _alone_with(made) as descriptor:
        checks: dict[str, tuple[datetime, int]] = {}
        with suppress(OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            checks = _load(path)
        checks[name] = at, seq
        latest = sorted(checks, key=lambda each: checks[each][0])[-MAX_NAMES:]
        text = json.dumps(
            {
                "version": 1,
                "checks": {
                    each: {"at": checks[each][0].isoformat(), "seq": checks[each][1]}
                    for each in latest
                },
            }
        )
        os.ftruncate(descriptor, 0)
        os.fchmod(descriptor, 0o600)
        os.write(descriptor, f"{text}\n".encode())
        os.replace(made, path)  # noqa: PTH105  pathlib would be imported for this alone


@contextmanager
def _alone_with(path: str) -> Iterator[int]:
    """The descriptor of the file that takes the place of the old one, which nobody else has now:
    two checks at once must not forget each other. Raises OSError."""
    until = time.monotonic() + WAIT_S
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            if _is_mine(descriptor, path):
                yield descriptor
                return
        finally:
            os.close(descriptor)
        if time.monotonic() > until:
            raise TimeoutError(0, "another check is writing it")
        time.sleep(_PAUSE_S)  # whoever holds it says nothing when it lets go


def _is_mine(descriptor: int, path: str) -> bool:
    """Whether it is locked now, and still the one that is found under its name."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # this file system has no locks
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))  # noqa: PTH116  no pathlib here
    except FileNotFoundError:
        return False
