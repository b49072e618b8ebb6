"""A hundred hosts on the loopback, 127.0.0.1 to 127.0.0.100, served by a process of its own."""

import asyncio
import subprocess
import sys
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

HOSTS: Final = 100
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextmanager
def running(module: str) -> Iterator[int]:
    """The module's server for as long as the context lasts; gives its port."""
    with subprocess.Popen(
        [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def ask(port: int, target: str) -> bytes:
    """What the first host answers for a target ("/…")."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{target}", timeout=60) as answer:
        body: bytes = answer.read()
    return body


async def serve(connected: Serve) -> None:
    """Serve all hosts on one port, which is printed, until the input ends."""
    first = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=256)
    port = first.sockets[0].getsockname()[1]
    others = [f"127.0.0.{number}" for number in range(2, HOSTS + 1)]
    await asyncio.start_server(connected, others, port, backlog=256)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
