"""Large bodies come a few at a time, and not before there is room for them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from nordic_tui.fetch.any import Fetcher
from nordic_tui.fetch.http import LARGE_AT_ONCE, LARGE_BYTES, HttpFetcher, _Room


class Halves(httpx.AsyncByteStream):
    """A large body, of which the second half comes when it is asked for and the gate is open."""

    def __init__(self, asked: list[str], host: str, gate: asyncio.Event) -> None:
        self._asked, self._host, self._gate = asked, host, gate

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield bytes(LARGE_BYTES + 1)
        self._asked.append(self._host)
        await self._gate.wait()
        yield b"end"


async def test_a_few_large_bodies_are_read_at_once() -> None:
    asked: list[str] = []
    gate = asyncio.Event()

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Halves(asked, request.url.host, gate))

    hosts = [f"{letter}.example" for letter in "abcde"]
    async with HttpFetcher(user_agent="x", transport=httpx.MockTransport(answer)) as fetcher:
        tasks = [asyncio.create_task(fetcher.fetch(f"http://{host}/")) for host in hosts]
        for _ in range(50):
            await asyncio.sleep(0)
        assert len(asked) == LARGE_AT_ONCE
        gate.set()
        assert [len((await task).body) for task in tasks] == [LARGE_BYTES + 4] * len(hosts)
    assert sorted(asked) == hosts


async def test_room_is_waited_for_before_a_request_and_before_much_of_a_body() -> None:
    done: list[str] = []
    gate = asyncio.Event()
    gate.set()

    def answer(request: httpx.Request) -> httpx.Response:
        done.append("asked")
        return httpx.Response(200, stream=Halves(done, "read on", gate))

    async def wait() -> None:
        done.append("room")

    async with HttpFetcher(user_agent="x", transport=httpx.MockTransport(answer)) as fetcher:
        await fetcher.fetch("http://a.example/", wait_for_room=wait)
    assert done == ["room", "asked", "room", "read on"]


async def test_the_deadline_stands_still_meanwhile() -> None:
    async with asyncio.timeout(60) as deadline:
        end = deadline.when()

        async def wait() -> None:
            assert deadline.when() is None

        async with _Room(asyncio.Semaphore(1), wait, deadline).for_a_large_one():
            now = deadline.when()
            assert now is not None
            assert end is not None
            assert now >= end


async def test_files_wait_as_well(tmp_path: Path) -> None:
    waited: list[bool] = []
    file = tmp_path / "news.json"

    async def wait() -> None:
        waited.append(True)
        file.write_text("{}")

    async with Fetcher(HttpFetcher(user_agent="x")) as fetcher:
        assert (await fetcher.fetch(str(file), wait_for_room=wait)).body == b"{}"
    assert waited == [True]
