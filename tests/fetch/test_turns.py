import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from nordic_tui import wiring
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import Settings
from nordic_tui.fetch.turns import Turns

WAIT_S = 10.0


async def soon() -> None:
    """Let everybody who can go on do so."""
    for _ in range(5):
        await asyncio.sleep(0)


class Visitor:
    """Takes a turn, and keeps it until it is told to go."""

    def __init__(self, turns: Turns, host: str = "a") -> None:
        self.has_turn = False
        self._go = asyncio.Event()
        self.task = asyncio.create_task(self._visit(turns, host))

    async def _visit(self, turns: Turns, host: str) -> None:
        async with turns.at(host):
            self.has_turn = True
            await self._go.wait()
        self.has_turn = False

    async def leave(self) -> None:
        self._go.set()
        await self.task
        await soon()

    async def give_up(self) -> None:
        self.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await self.task
        await soon()


async def visitors(turns: Turns, count: int) -> list[Visitor]:
    found = [Visitor(turns) for _ in range(count)]
    await soon()
    return found


def having(found: list[Visitor]) -> list[int]:
    return [number for number, each in enumerate(found) if each.has_turn]


async def test_whoever_waits_comes_in_order() -> None:
    found = await visitors(Turns(2), 4)
    assert having(found) == [0, 1]
    await found[1].leave()
    assert having(found) == [0, 2]
    await found[0].leave()
    await found[2].leave()
    assert having(found) == [3]
    await found[3].leave()


async def test_a_host_does_not_wait_for_another() -> None:
    turns = Turns(1)
    one, other = Visitor(turns, "a"), Visitor(turns, "b")
    await soon()
    assert one.has_turn
    assert other.has_turn
    await one.leave()
    await other.leave()


async def test_who_gives_up_loses_no_turn() -> None:
    found = await visitors(Turns(1), 3)
    await found[1].give_up()  # while it waits
    await found[0].give_up()  # while it has its turn
    assert having(found[2:]) == [0]
    await found[2].leave()


async def test_who_gives_up_when_the_turn_comes_hands_it_on() -> None:
    turns = Turns(1)
    first, second, third = await visitors(turns, 3)
    first._go.set()
    await first.task  # the turn is second's from now on, but it has not run since
    second.task.cancel()
    await soon()
    assert second.task.cancelled()
    assert third.has_turn
    await third.leave()
    assert not turns._taken
    assert not turns._waiting


async def test_the_number_may_change() -> None:
    turns = Turns(1)
    found = await visitors(turns, 4)
    turns.per_host = 3
    await found[0].leave()
    assert having(found) == [1, 2, 3]
    for each in found[1:]:
        await each.leave()


def test_many_loops_share_a_hosts_turns() -> None:
    turns, lock = Turns(2), threading.Lock()
    running, most = 0, 0

    async def visit(number: int) -> None:
        nonlocal running, most
        async with turns.at("a"):
            with lock:
                running += 1
                most = max(most, running)
            try:
                await asyncio.sleep(0)
            finally:
                with lock:
                    running -= 1

    async def many() -> None:
        tasks = [asyncio.create_task(visit(number)) for number in range(200)]
        await asyncio.sleep(0)
        for task in tasks[::7]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def loop(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        asyncio.run(asyncio.wait_for(work(), WAIT_S))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(loop, [many] * 4))
    assert most == 2
    assert not turns._taken
    assert not turns._waiting


def test_who_waits_for_another_loop_holds_up_neither() -> None:
    turns, taken, let_go = Turns(1), threading.Event(), threading.Event()

    async def holder() -> None:
        async with turns.at("a"):
            taken.set()
            assert await asyncio.to_thread(let_go.wait, WAIT_S)

    async def waiter() -> None:
        assert await asyncio.to_thread(taken.wait, WAIT_S)
        visitor = Visitor(turns)
        await soon()
        assert not visitor.has_turn  # and its loop goes on
        let_go.set()
        await visitor.leave()

    with ThreadPoolExecutor(2) as threads:
        ends = [threads.submit(asyncio.run, each()) for each in (holder, waiter)]
        for end in ends:
            end.result(WAIT_S)


class Host(httpx.AsyncBaseTransport):
    """Answers when everybody who may ask has asked."""

    def __init__(self) -> None:
        self.running = self.most = self.answered = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.running += 1
        self.most = max(self.most, self.running)
        await soon()
        await soon()
        self.running -= 1
        self.answered += 1
        return httpx.Response(200, content=b"<rss/>")


@pytest.mark.parametrize("per_host", [1, 2, 3])
async def test_all_fetchers_of_the_program_share_the_turns(
    per_host: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = Host()
    monkeypatch.setattr(httpx, "AsyncHTTPTransport", lambda **_: host)
    monkeypatch.setattr(wiring._TURNS, "per_host", 2)  # is as before when this is over
    with wiring.open_parts(Settings(requests_per_host=per_host), find_paths(), sources=[]):
        async with (
            wiring.open_fetcher(per_host) as refresh,
            wiring.open_archive_fetcher() as archive,
            wiring.open_fetcher() as discovery,
        ):
            await asyncio.gather(
                *(
                    fetcher.fetch(f"http://a.example/{number}")
                    for fetcher in (refresh, archive, discovery)
                    for number in range(4)
                )
            )
    assert host.answered == 12
    assert host.most == per_host
