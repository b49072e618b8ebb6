"""No more is brought than there is room for."""

import asyncio
from typing import Any

import pytest

from nordic_tui.model import Feed, Response
from nordic_tui.service import refresh
from nordic_tui.service.refresh import Finished
from nordic_tui.service.room import Room
from tests.fakes import BLOG, NEWS

from .world import World


async def test_who_comes_waits_until_what_is_held_was_let_go() -> None:
    room = Room(10)
    came: list[str] = []

    async def come(name: str) -> None:
        await room.wait()
        came.append(name)

    with room.hold(6):
        await come("first")
        with room.hold(4):
            waiting = asyncio.create_task(come("second"))
            await asyncio.sleep(0)
            assert came == ["first"]
        await waiting
    assert came == ["first", "second"]


async def test_a_refresh_brings_no_more_than_it_has_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(refresh, "MOST_HELD_BYTES", 3)
    world = World()
    decoding, may_end = asyncio.Event(), asyncio.Event()
    fetch, decode = world.fetcher.fetch, world.decoder.decode
    has_room: list[bool] = []

    async def in_turn(address: str, **how: Any) -> Response:
        if address == BLOG:
            await decoding.wait()
            waiting = asyncio.ensure_future(how["wait_for_room"]())
            await asyncio.sleep(0)
            has_room.append(waiting.done())
            may_end.set()
            await waiting
            has_room.append(True)
        return await fetch(address, **how)

    async def slowly(body: bytes, **how: Any) -> Feed:
        decoding.set()
        await may_end.wait()
        return await decode(body, **how)

    monkeypatch.setattr(world.fetcher, "fetch", in_turn)
    monkeypatch.setattr(world.decoder, "decode", slowly)
    *_, finished = await world.refresh(NEWS, BLOG)
    world.store.close()
    assert finished == Finished(2, 0, 3)
    assert has_room == [False, True]
