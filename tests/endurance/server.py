"""Feeds on the loopback that change, fail and fall silent, the same way each time.

python -m tests.endurance.server      prints its port and serves until its input ends

/feed/SOURCE    a feed of twenty posts; each source is a host of its own (127.0.0.1 and on)
/next           the next round begins: some feeds get a post, some break for this round
"""

import asyncio
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Final

from tests.benchmarks import hosts, material
from tests.benchmarks.hosts import HOSTS

POSTS: Final = 20
LARGE_POSTS: Final = 1_000
"""Of a feed that is read in parts: three megabytes."""
APART: Final = 2_000
"""Between the posts of one source and those of the next."""


class Manner(Enum):
    """How a feed is answered in a round, and how often in a thousand."""

    CHANGED = 60
    AGAIN = 10
    """In full, although nothing changed: the server knows no validators in this round."""
    BROKEN = 8
    """No feed at all."""
    CUT_OFF = 4
    """A feed whose end is missing."""
    ERROR = 5
    RESET = 3
    """The connection ends within the body."""
    SILENT = 1
    """No answer: the client's time runs out."""
    UNCHANGED = 909


def manner(turn: int, source: int) -> Manner:
    place = zlib.crc32(f"{turn}/{source}".encode()) % 1_000
    for each in Manner:
        place -= each.value
        if place < 0:
            return each
    raise AssertionError("the shares are a thousand together")


@lru_cache(maxsize=HOSTS)
def body(source: int, version: int, count: int) -> bytes:
    """The feed of a source that has changed so many times; each time it has one more post."""
    first = source * APART + APART // 2 - version
    return material.rss(source, range(first, first + count))


@dataclass(slots=True)
class Site:
    """All feeds."""

    turn: int = 0
    asked: int = 0
    versions: dict[int, int] = field(default_factory=dict)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept open for as long as the client likes."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                target = head.split(" ", 2)[1]
                if target == "/next":
                    self._next()
                    writer.write(_answer("200 OK", b""))
                elif target == "/asked":
                    writer.write(_answer("200 OK", str(self.asked).encode()))
                else:
                    source = int(target.split("/")[2])
                    how = manner(self.turn, source)
                    self.asked += 1
                    if how is Manner.SILENT:
                        await reader.read()  # until the client has enough
                        return
                    writer.write(self._feed(how, source, head))
                    if how is Manner.RESET:
                        await writer.drain()
                        writer.transport.abort()
                        return
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has gone
        finally:
            writer.close()

    def _next(self) -> None:
        self.turn += 1
        self.asked = 0
        for source in range(HOSTS):
            if manner(self.turn, source) is Manner.CHANGED:
                self.versions[source] = self.versions.get(source, 0) + 1

    def _feed(self, how: Manner, source: int, head: str) -> bytes:
        version = self.versions.get(source, 0)
        # Source 0 is large: what it brings is read in parts.
        made = body(source, version, LARGE_POSTS if source == 0 else POSTS)
        etag = f'"{source}-{version}"'
        validators = f"ETag: {etag}\r\n"
        match how:
            case Manner.ERROR:
                return _answer("500 Internal Server Error", b"")
            case Manner.BROKEN:
                return _answer("200 OK", b"<rss><channel" + made[:200].replace(b">", b""))
            case Manner.CUT_OFF:
                return _answer("200 OK", made[: len(made) * 2 // 3])
            case Manner.RESET:
                return _answer("200 OK", made)[: len(made) // 2]
            case Manner.AGAIN:
                return _answer("200 OK", made)
        if f"\r\nif-none-match: {etag}\r\n" in head.lower():
            return f"HTTP/1.1 304 Not Modified\r\n{validators}\r\n".encode()
        return _answer("200 OK", made, validators)


def _answer(status: str, payload: bytes, fields: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/rss+xml\r\n{fields}"
    return f"{head}Content-Length: {len(payload)}\r\n\r\n".encode() + payload


class Control:
    """The server, from the other side."""

    def __init__(self, port: int) -> None:
        self._port = port

    def address(self, source: int) -> str:
        return f"http://127.0.0.{source % HOSTS + 1}:{self._port}/feed/{source}"

    def next(self) -> None:
        self._ask("/next")

    def asked(self) -> int:
        return int(self._ask("/asked"))

    def _ask(self, target: str) -> bytes:
        return hosts.ask(self._port, target)


@contextmanager
def running() -> Iterator[Control]:
    """The server in a process of its own, for as long as the context lasts."""
    with hosts.running("tests.endurance.server") as port:
        yield Control(port)


if __name__ == "__main__":
    asyncio.run(hosts.serve(Site().serve))
