"""The child's side of `process`: it reads requests and writes answers, nothing else.

It imports no more than decoding needs, since a person waits for its start; a reader of a format
is imported by `detect` for the first body that needs it, which 16 open files leave room for.
"""

import contextlib
import gc
import json
import os
import signal
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from nordic_tui.decode import wire
from nordic_tui.decode.detect import decode, decode_in_parts
from nordic_tui.errors import ExtraMissing, NotAFeed

_MAX_OPEN_FILES = 16
_ALARM_GRACE_S = 5
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


def _answers(body: bytes, request: Mapping[str, str]) -> Iterator[bytes]:
    media_type, url = request["media_type"], request["url"]
    try:
        match request["kind"]:
            case "feed":
                yield wire.VALUE + wire.to_json(decode(body, media_type=media_type, url=url))
            case "parts":
                for part in decode_in_parts(body, media_type=media_type, url=url):
                    yield wire.PART + wire.to_json(part)
                yield wire.VALUE
            case "page":
                from nordic_tui.decode.discovery import find_feeds

                yield wire.VALUE + wire.value_to_json(
                    find_feeds(body, media_type=media_type, url=url)
                )
            case "terms":
                from nordic_tui.decode.wordpress import decode_terms

                yield wire.VALUE + wire.value_to_json(decode_terms(body))
            case "subscriptions":
                from nordic_tui.decode.subscriptions import decode_subscriptions

                yield wire.VALUE + wire.value_to_json(decode_subscriptions(body))
            case "article":
                from nordic_tui.decode.article import find_article

                yield wire.VALUE + wire.value_to_json(
                    find_article(body, media_type=media_type, url=url, title=request["title"])
                )
    except NotAFeed as error:
        yield wire.NOT_A_FEED + str(error).encode(errors="replace")
    except ExtraMissing as error:
        yield wire.EXTRA_MISSING + str(error).encode(errors="replace")
    except MemoryError:
        yield wire.OUT_OF_MEMORY


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
    ):
        # Not every system bounds the address space, or lets a process do it.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (limit, limit))
