"""The child's side of `process`: it reads requests and writes answers, nothing else.

It imports no more than decoding needs, since a person waits for its start; a reader of a format
is imported by `detect` for the first body that needs it, which 16 open files leave room for.

It gives away what decoding does not need: sockets, other programs, files to write, memory and
processor time without end, the environment. The operating system holds it to the limits; what
Python code asks for beyond them is refused by an audit hook, which is a net for mistakes and for
libraries and no sandbox: machine code that a stranger got to run here could do what the person
can do, but for the limits.
"""

import contextlib
import gc
import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from nordic_tui.decode import wire
from nordic_tui.decode.detect import decode, decode_in_parts
from nordic_tui.errors import ExtraMissing, NotAFeed

_MAX_OPEN_FILES = 16
_ALARM_GRACE_S = 5
_REFUSED: Final = (
    "os.exec",
    "os.fork",
    "os.kill",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.system",
    "shutil.",
    "socket.",
    "subprocess.",
    "urllib.",
)
"""How the audit events begin of what is no part of decoding."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NICENESS = 5
"""Where there are more things to do than processors, the person who reads comes first."""


def main(max_memory_bytes: int) -> None:
    """Answer requests until the standard input ends."""
    # Answers have a descriptor of their own: what a library prints must not get between them.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests = os.fdopen(os.dup(0), "rb")
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    os.nice(_NICENESS)
    _limit_resources(max_memory_bytes)
    is_over = False
    sys.dont_write_bytecode = True
    sys.addaudithook(lambda event, said: None if is_over else _refuse(event, said))
    # A collection walks over every element of the feed, again and again: a fifth of the time.
    gc.disable()
    gc.freeze()
    while (header := _read_frame(requests)) is not None:
        body = _read_frame(requests)
        if body is None:
            break
        request = json.loads(header)
        limit_s = int(request["deadline_s"]) + _ALARM_GRACE_S
        # Where the parent is gone, nobody else would stop a decode without end.
        signal.alarm(limit_s)
        for answer in _answers(body, request):
            answers.write(wire.LENGTH.pack(len(answer)))
            answers.write(answer)
            answers.flush()
            signal.alarm(limit_s)
        signal.alarm(0)
        del body, answer
        gc.collect()
    # No stranger's bytes from here on; whatever measures this program may write what it found.
    is_over = True
    _lift_file_limit()


def _answers(body: bytes, request: Mapping[str, str]) -> Iterator[bytes]:
    media_type, url = request["media_type"], request["url"]
    try:
        match request["kind"]:
            case "feed":
                feed = decode(body, media_type=media_type, url=url)
                yield from map(wire.PART.__add__, wire.feed_in_parts(feed))
                yield wire.VALUE
            case "parts":
                for part in decode_in_parts(body, media_type=media_type, url=url):
                    yield from map(wire.PART.__add__, wire.feed_in_parts(part))
                yield wire.VALUE
            case "library":
                from nordic_tui.decode.library import decode_library

                posts, unread = decode_library(body)
                rows = [row for row in map(wire.value_to_json, posts) if wire.fits(row)]
                unread += len(posts) - len(rows)
                for some in wire.rows_in_parts(rows):
                    yield wire.PART + b"[" + some + b", 0]"
                yield wire.VALUE + wire.value_to_json(((), unread))
            case "page":
                from nordic_tui.decode.discovery import find_feeds

                yield _value(find_feeds(body, media_type=media_type, url=url))
            case "terms":
                from nordic_tui.decode.wordpress import decode_terms

                yield _value(decode_terms(body))
            case "subscriptions":
                from nordic_tui.decode.subscriptions import decode_subscriptions

                yield _value(decode_subscriptions(body))
            case kind:
                assert kind == "article", kind  # the parent asks for nothing else

                from nordic_tui.decode.article import find_article

                yield _value(
                    find_article(body, media_type=media_type, url=url, title=request["title"])
                )
    except NotAFeed as error:
        yield wire.NOT_A_FEED + str(error).encode(errors="replace")
    except ExtraMissing as error:
        yield wire.EXTRA_MISSING + str(error).encode(errors="replace")
    except MemoryError:
        yield wire.OUT_OF_MEMORY


def _value(value: object) -> bytes:
    """Raises NotAFeed if it is more than the other side takes."""
    data = wire.value_to_json(value)
    if not wire.fits(data):
        raise NotAFeed("holds more than is read at once")
    return wire.VALUE + data


def _read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame, or None at the end of the stream."""
    length = stream.read(wire.LENGTH.size)
    if len(length) < wire.LENGTH.size:
        return None
    (size,) = wire.LENGTH.unpack(length)
    frame = stream.read(size)
    return frame if len(frame) == size else None


def _limit_resources(max_memory_bytes: int) -> None:
    """Bound this process's memory and files, and leave no core file of a stranger's bytes."""
    import resource

    for kind, limit in (
        (resource.RLIMIT_AS, max_memory_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _MAX_OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        # Not every system bounds the address space, or lets a process do it.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (limit, limit))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def _lift_file_limit() -> None:
    import resource

    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook (PEP 578); raises PermissionError."""
    if event == "open":
        _, _, flags = arguments
        is_refused = isinstance(flags, int) and bool(flags & _WRITING)
    else:
        is_refused = event.startswith(_REFUSED)
    if is_refused:
        raise PermissionError(f"{event} is no part of decoding")
