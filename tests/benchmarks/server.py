"""Feeds on the loopback, slow as a network is: 127.0.0.1 to 127.0.0.100, each a host of its own.

    python -m tests.benchmarks.server      prints its port and serves until its input ends

    /COUNT/SOURCE       a feed of COUNT posts
    /control/next       all feeds get new posts
    /control/prepare?COUNT      makes the feeds of COUNT posts beforehand: of the first hundred
                        sources, or of source 0 alone if each has more than 100
    /control/counters   what was counted since the last time, as JSON

Any host serves any feed. Control requests are neither counted nor delayed.
"""

import asyncio
import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from email.utils import formatdate
from functools import cache
from hashlib import blake2b
from typing import Final

from tests.benchmarks import hosts, material
from tests.benchmarks.hosts import HOSTS

BLOCKS: Final = 10
"""Of a hundred sources each; those of one host come from all of them."""
LATENCY_S: Final = 0.050
"""From a request to its answer."""


@dataclass(slots=True)
class Counters:
    """What the server has seen. Bytes are those of HTTP: heads and bodies, no TCP, no TLS."""

    requests: int = 0
    not_modified: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    body_bytes: int = 0


@dataclass(frozen=True, slots=True)
class MadeFeed:
    """A feed as it goes over the wire."""

    plain: bytes
    packed: bytes
    etag: str
    changed: str


@cache
def made_feed(generation: int, count: int, source: int) -> MadeFeed:
    """A feed with posts of its own in each generation.

    Up to 100 posts: the source's share of ten thousand (source, source + 100, …); sources from
    100 on have a share of the next ten thousand. More: the source's own, one after another.
    """
    if count <= HOSTS:
        block, place = divmod(source, HOSTS)
        first = (generation * BLOCKS + block) * HOSTS**2 + place
        numbers = range(first, first + count * HOSTS, HOSTS)
    else:
        first = (generation + source) * count
        numbers = range(first, first + count)
    plain = material.rss(source, numbers)
    return MadeFeed(
        plain,
        gzip.compress(plain, 6, mtime=0),
        f'"{blake2b(plain, digest_size=16).hexdigest()}"',
        formatdate(1_780_000_000 + 60 * generation, usegmt=True),
    )


@dataclass(slots=True)
class Site:
    """All feeds, and what was asked of them."""

    generation: int = 0
    counters: Counters = field(default_factory=Counters)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept open for as long as the client likes (RFC 9112 section 9.3)."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                lines = head.decode("latin-1").split("\r\n")
                target = lines[0].split(" ")[1]
                fields = {
                    name.lower(): value.strip()
                    for name, _, value in (line.partition(":") for line in lines[1:])
                }
                if target.startswith("/control/"):
                    answer, body = self._control(target)
                else:
                    self.counters.requests += 1
                    self.counters.bytes_in += len(head)
                    await asyncio.sleep(LATENCY_S)
                    answer, body = self._feed(target, fields)
                    self.counters.bytes_out += len(answer) + len(body)
                    self.counters.body_bytes += len(body)
                writer.write(answer + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has gone
        finally:
            writer.close()

    def _control(self, target: str) -> tuple[bytes, bytes]:
        command, _, argument = target.removeprefix("/control/").partition("?")
        body = b"{}"
        if command == "next":
            self.generation += 1
        elif command == "prepare":
            count = int(argument)
            for source in range(HOSTS if count <= HOSTS else 1):
                made_feed(self.generation, count, source)
        else:
            body = json.dumps(asdict(self.counters)).encode()
            self.counters = Counters()
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body), body

    def _feed(self, target: str, fields: dict[str, str]) -> tuple[bytes, bytes]:
        _, count, source = target.split("/")
        feed = made_feed(self.generation, int(count), int(source))
        validators = f"ETag: {feed.etag}\r\nLast-Modified: {feed.changed}\r\n"
        etags, since = fields.get("if-none-match"), fields.get("if-modified-since")
        # RFC 9110 section 13.2.2: the date counts only where no tag is sent.
        if feed.etag in etags if etags is not None else since == feed.changed:
            self.counters.not_modified += 1
            return f"HTTP/1.1 304 Not Modified\r\n{validators}\r\n".encode(), b""
        packs = "gzip" in fields.get("accept-encoding", "")
        body = feed.packed if packs else feed.plain
        packed = "Content-Encoding: gzip\r\n" if packs else ""
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml; charset=UTF-8\r\n"
            f"{packed}{validators}Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode(), body


class Control:
    """The server, from the benchmark's side."""

    def __init__(self, port: int) -> None:
        self.port = port

    def address(self, count: int, source: int) -> str:
        """A feed's address: each source is a host of its own."""
        return f"http://127.0.0.{source % HOSTS + 1}:{self.port}/{count}/{source}"

    def renew(self, count: int) -> None:
        """Give all feeds new posts, and have those of `count` posts ready."""
        self._ask("next")
        self.prepare(count)

    def prepare(self, count: int) -> None:
        self._ask(f"prepare?{count}")

    def counters(self) -> Counters:
        """What was counted since the last time."""
        return Counters(**json.loads(self._ask("counters")))

    def _ask(self, command: str) -> bytes:
        return hosts.ask(self.port, f"/control/{command}")


@contextmanager
def running() -> Iterator[Control]:
    """The server in a process of its own, for as long as the context lasts."""
    with hosts.running("tests.benchmarks.server") as port:
        yield Control(port)


if __name__ == "__main__":
    asyncio.run(hosts.serve(Site().serve))
