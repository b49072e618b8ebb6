"""A call that is made later: once, and not if it is not wanted any more."""

import asyncio

from nordic_tui.tui.later import Later


async def test_of_calls_that_are_asked_for_one_after_another_the_last_is_made() -> None:
    made: asyncio.Queue[str] = asyncio.Queue()
    later = Later()
    assert [later.waits] == [False]
    later.start(0, lambda: made.put_nowait("first"))
    later.start(0, lambda: made.put_nowait("second"))
    assert [later.waits] == [True]
    assert await made.get() == "second"
    assert made.empty()
    assert [later.waits] == [False]


async def test_a_call_can_ask_for_the_next_one() -> None:
    over = asyncio.Event()
    later = Later()
    later.start(0, lambda: later.start(0, over.set))
    await over.wait()
    assert not later.waits


async def test_what_is_cancelled_is_not_made() -> None:
    made: list[str] = []
    later = Later()
    later.cancel()
    later.start(0, lambda: made.append("never"))
    later.cancel()
    assert not later.waits
    over = asyncio.Event()
    Later().start(0, over.set)
    await over.wait()
    assert made == []
