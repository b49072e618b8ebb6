"""What a name server that is silent may cost: nothing but the name that it was asked for."""

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from nordic_tui.errors import TimedOut
from nordic_tui.fetch.http import HttpFetcher
from nordic_tui.fetch.lookups import LookUps

WAIT_S = 10.0


class NameServer:
    """Is silent until it is let go; then every name is 127.0.0.1."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.lock = threading.Lock()
        self.asked: list[str] = []
        self.waiting = self.most = 0

    def __call__(self, host: str, *_: object) -> list[tuple[Any, ...]]:
        with self.lock:
            self.asked.append(host)
            self.waiting += 1
            self.most = max(self.most, self.waiting)
        assert self.let_go.wait(WAIT_S)
        with self.lock:
            self.waiting -= 1
        if host.startswith("unknown"):
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    server = NameServer()
    monkeypatch.setattr(socket, "getaddrinfo", server)
    yield server
    server.let_go.set()


def test_neither_the_deadline_nor_the_end_of_the_loop_waits(silent: NameServer) -> None:
    ended = threading.Event()
    found: list[Exception] = []

    async def ask() -> None:
        async with HttpFetcher(user_agent="x", timeout_s=0.05) as fetcher:
            asked = [
                fetcher.fetch("http://one.example/"),
                fetcher.fetch("http://two.example/", led_from="http://three.example/"),
            ]
            answers = await asyncio.gather(*asked, return_exceptions=True)
            found.extend(each for each in answers if isinstance(each, Exception))

    def run() -> None:
        asyncio.run(ask())
        ended.set()

    threading.Thread(target=run, daemon=True).start()
    assert ended.wait(WAIT_S / 2)
    assert [type(each) for each in found] == [TimedOut, TimedOut]
    assert not silent.let_go.is_set()
    assert silent.waiting == 2


def test_the_end_of_the_program_does_not_wait() -> None:
    code = (
        "import asyncio, socket, threading\n"
        "from nordic_tui.fetch.http import HttpFetcher\n"
        "socket.getaddrinfo = lambda *_: threading.Event().wait()\n"
        "async def ask():\n"
        "    async with HttpFetcher(user_agent='x', timeout_s=0.05) as fetcher:\n"
        "        await fetcher.fetch('http://one.example/')\n"
        "try: asyncio.run(ask())\n"
        "except Exception as error: print(type(error).__name__)\n"
    )
    run = [sys.executable, "-c", code]
    ended = subprocess.run(run, capture_output=True, check=True, text=True, timeout=3 * WAIT_S)
    assert ended.stdout == "TimedOut\n"
    assert ended.stderr == ""


async def test_names_stay_with_those_who_asked_for_them(silent: NameServer) -> None:
    loop = asyncio.get_running_loop()
    LookUps(2).serve(loop)
    asked = [loop.getaddrinfo(name, 80) for name in ("a", "unknown.b", "c", "unknown.d", "e")]
    waiting = asyncio.gather(*asked, return_exceptions=True)
    await asyncio.sleep(0)
    silent.let_go.set()
    found = await waiting
    assert [isinstance(each, socket.gaierror) for each in found] == [
        False,
        True,
        False,
        True,
        False,
    ]
    assert sorted(silent.asked) == ["a", "c", "e", "unknown.b", "unknown.d"]
    assert silent.most <= 2


async def test_what_nobody_waits_for_any_more_is_not_looked_up(silent: NameServer) -> None:
    loop = asyncio.get_running_loop()
    LookUps(1).serve(loop)
    first, second, third = (asyncio.create_task(loop.getaddrinfo(n, 80)) for n in "abc")
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    silent.let_go.set()
    await asyncio.gather(first, third)
    assert silent.asked == ["a", "c"]


async def test_what_else_runs_on_threads_does_not_wait(silent: NameServer) -> None:
    loop = asyncio.get_running_loop()
    LookUps(2).serve(loop)
    asked = [asyncio.create_task(loop.getaddrinfo(f"h{n}", 80)) for n in range(40)]
    await asyncio.sleep(0)
    assert await asyncio.wait_for(asyncio.to_thread(lambda: 7), WAIT_S) == 7
    silent.let_go.set()
    await asyncio.gather(*asked)
