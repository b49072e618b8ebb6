"""Files that are read without waiting and without filling the memory, and replaced as a whole, so
that a crash leaves the old one or the new one."""

import errno
import os
import re
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from nordic_tui.config.paths import ensure_dir

_WITHOUT_WAITING = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
"""A FIFO is not waited for, and a terminal does not become the program's own."""


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """The content of a regular file; raises OSError, also where there is more of it.

    A FIFO or a device might never end.
    """
    descriptor = os.open(path, _WITHOUT_WAITING)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            is_folder = stat.S_ISDIR(status.st_mode)
            what = errno.EISDIR if is_folder else errno.EINVAL
            raise OSError(what, "it is a folder" if is_folder else "it is not a regular file")
        data = file.read(max_bytes + 1) if status.st_size <= max_bytes else None
    if data is None or len(data) > max_bytes:
        raise OSError(errno.EFBIG, f"it has more than {max_bytes:,} bytes")
    return data


def create_file(path: Path, data: bytes) -> None:
    """Write a new file of mode 0600; raises FileExistsError where there is something by its name,
    also a link that leads nowhere, and OSError. A missing directory is created."""
    if not path.parent.exists():
        ensure_dir(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        try:
            os.fchmod(descriptor, 0o600)  # whatever the umask says
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def replace_file(path: Path, data: bytes, check: Callable[[], None] | None = None) -> None:
    """`replace_file_in_parts` with all of it at once."""
    replace_file_in_parts(path, (data,), check)


def replace_file_in_parts(
    path: Path, parts: Iterable[bytes], check: Callable[[], None] | None = None
) -> None:
    """Write `parts` to a file of mode 0600 in one step; raises OSError and then changes nothing,
    nor if `parts` or `check` raises something.

    check: called when all is on the disk, right before it takes the place of the old file.
    A symbolic link stays and its target is replaced: settings are often kept elsewhere, under
    version control. One that somebody else has planted (in /tmp) is refused. A missing directory
    is created, an existing one keeps its mode. What a program that was killed in the midst left
    beside the file, with whatever was to be written into it, is removed.
    """
    target = _target(path)
    if not target.parent.exists():
        ensure_dir(target.parent)
    descriptor, temporary = _open_temporary(target)
    # It stays open, and so is nobody's to remove, until it has taken the place of the old one.
    with os.fdopen(descriptor, "wb") as file:
        try:
            os.fchmod(descriptor, 0o600)  # mkstemp heeds the umask
            _remove_left_over(target)
            file.writelines(parts)
            file.flush()
            os.fsync(descriptor)
            if check is not None:
                check()
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    directory = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)  # else a power cut could bring the old name back
    finally:
        os.close(directory)


def _target(path: Path) -> Path:
    """The file that is meant by `path`. Raises PermissionError for a link of somebody else, which
    would have the person write over a file of their own: the rule of Linux (protected_symlinks in
    proc(5)), which only holds for who opens the link."""
    if path.is_symlink() and path.lstat().st_uid not in (os.getuid(), 0):
        raise PermissionError(errno.EACCES, "it is a link that somebody else has made", str(path))
    return path.resolve()


def _open_temporary(target: Path) -> tuple[int, Path]:
    """A new file of mode 0600 beside the target, locked for as long as it is open."""
    import tempfile  # 3 ms that a start without writing doesn't need

    while True:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        temporary = Path(name)
        # Another instance may have taken it for left over in the moment before the lock.
        if _lock(descriptor) is not False and temporary.exists():
            return descriptor, temporary
        os.close(descriptor)


def _remove_left_over(target: Path) -> None:
    """Remove temporary files of this target that nobody writes any more."""
    is_one = re.compile(rf"\.{re.escape(target.name)}\.[a-z0-9_]{{8}}").fullmatch
    try:
        beside = [path for path in target.parent.iterdir() if is_one(path.name)]
    except OSError:  # it may be written to, and not be read
        return
    for path in beside:
        with suppress(OSError):
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                if _lock(descriptor):
                    path.unlink()
            finally:
                os.close(descriptor)


def _lock(descriptor: int) -> bool | None:
    """Whether the lock could be had; None: this file system has none."""
    import fcntl  # no start needs it

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True
