"""Local files and standard input, bounded and never waiting for a device."""

import asyncio
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from nordic_tui.errors import FileUnreadable
from nordic_tui.fetch.body import too_large
from nordic_tui.model import Response

MAX_BYTES = 10_000_000
_WITHOUT_WAITING = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
"""A FIFO is not waited for, and a terminal does not become the program's own."""


async def read_file(path: str, *, etag: str = "", max_bytes: int = MAX_BYTES) -> Response:
    """Read a regular file; raises FileUnreadable, or TooLarge above `max_bytes`.

    etag: as an earlier `Response` gave it. A file of the same modification time and size is
        not read again. `Response.url` is the path as given.
    """
    return await asyncio.to_thread(_read, path, etag, max_bytes)


def _read(path: str, etag: str, max_bytes: int) -> Response:
    with opened(path) as (file, status):
        found = f"{status.st_mtime_ns}-{status.st_size}"
        if found == etag:
            return Response(url=path, not_modified=True, etag=found)
        # What grows meanwhile, or tells no size as in /proc, is bounded as it is read.
        body = file.read(max_bytes + 1) if status.st_size <= max_bytes else None
    if body is None or len(body) > max_bytes:
        raise too_large(max_bytes)
    return Response(url=path, body=body, etag=found)


@contextmanager
def opened(path: str) -> Iterator[tuple[BinaryIO, os.stat_result]]:
    """Open a regular file for reading, without waiting; gives its status as well.

    Raises FileUnreadable, also for what fails while it is read.
    """
    try:
        descriptor = os.open(path, _WITHOUT_WAITING)
        try:
            status = os.fstat(descriptor)
            if stat.S_ISDIR(status.st_mode):
                raise FileUnreadable("is a folder")
            if not stat.S_ISREG(status.st_mode):
                raise FileUnreadable("is not a regular file")
            with open(descriptor, "rb", closefd=False) as file:
                yield file, status
        finally:
            os.close(descriptor)
    except FileNotFoundError as error:
        raise FileUnreadable("does not exist") from error
    except PermissionError as error:
        raise FileUnreadable("may not be read: permission denied") from error
    except OSError as error:
        # A socket can't be opened (ENXIO); a disk or a network share can fail.
        raise FileUnreadable("could not be read") from error
    except ValueError as error:
        raise FileUnreadable("has a path that cannot be used") from error


def in_home(path: str) -> str:
    """The path with `~` opened; raises FileUnreadable for the home of nobody."""
    try:
        return str(Path(path).expanduser())
    except RuntimeError as error:
        raise FileUnreadable("is in a home that does not exist") from error


def read_stdin(max_bytes: int = MAX_BYTES) -> bytes:
    """Return all of standard input; raises FileUnreadable, or TooLarge above `max_bytes`."""
    try:
        body = sys.stdin.buffer.read(max_bytes + 1)
    except (AttributeError, OSError, ValueError) as error:
        # sys.stdin is None where the program was started without one.
        raise FileUnreadable("could not be read") from error
    if len(body) > max_bytes:
        raise too_large(max_bytes)
    return body
