"""One instance of the program refreshes at a time."""

import asyncio
from datetime import timedelta

from nordic_tui.model import Response
from nordic_tui.service import refresh
from nordic_tui.service.refresh import Event, Finished, Refresher, Started, Stored, Waiting
from nordic_tui.store.store import Store
from tests.fakes import BLOG, NEWS, NOW
from tests.service.world import INTERVAL_S, TWO, FullDisk, World


class Other:
    """Another instance, which is at it until it is let go: `after` so many looks."""

    def __init__(self, world: World, looks: int | None, *asked: str) -> None:
        self.world = world
        self.looks = looks
        self.asked = asked
        self.held = False
        self.slept: list[float] = []

    def begin(self) -> bool:
        self.held = self.looks == 0
        return self.held

    def end(self) -> None:
        assert self.held
        self.held = False

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self.looks:
            self.looks -= 1
            for address in self.asked if not self.looks else ():
                now = NOW + timedelta(seconds=30)
                state = self.world.state(address)._replace(checked_at=now)
                self.world.store.save_state(state).result(timeout=5)

    def refresher(self, store: Store | FullDisk | None = None) -> Refresher:
        return Refresher(
            self.world.fetcher.open,
            self.world.decoder.open,
            store or self.world.store,
            self.world.clock,
            interval_s=INTERVAL_S,
            parser=7,
            alone=self,
            sleep=self.sleep,
            chance=lambda: 0.0,
        )

    def run(self, *addresses: str) -> list[Event]:
        events: list[Event] = []
        states = [self.world.state(address) for address in addresses]
        events.append(asyncio.run(self.refresher().run(states, events.append)))
        assert not self.held
        return events


def asked(world: World) -> set[str]:
    return {each.address for each in world.fetcher.asked}


def test_who_is_alone_waits_for_nobody(world: World) -> None:
    other = Other(world, 0)
    begun, *stored, finished = other.run(NEWS, BLOG)
    assert (begun, finished) == (Started(2), Finished(2, 0, 3))
    assert len(stored) == 2
    assert other.slept == []


def test_what_the_other_one_has_asked_is_not_asked_again(world: World) -> None:
    other = Other(world, 3, NEWS)
    waiting, begun, stored, finished = other.run(NEWS, BLOG)
    assert (waiting, begun) == (Waiting(), Started(1))
    assert isinstance(stored, Stored)
    assert finished == Finished(1, 0, 1, by_others=1)
    assert asked(world) == {BLOG}
    assert other.slept == [refresh.LOOKS_EVERY_S] * 3


def test_nothing_is_left_to_ask(world: World) -> None:
    assert Other(world, 1, NEWS).run(NEWS)[1:] == [Started(0), Finished(0, 0, 0, by_others=1)]
    assert asked(world) == set()


def test_it_is_asked_with_the_validators_that_are_stored_now(world: World) -> None:
    """Between the look at the sources and the turn the other one may have come to its end."""
    before = world.state()
    asyncio.run(world.refresher.run([before], lambda _: None))
    world.store.save_state(world.state()._replace(checked_at=before.checked_at)).result(timeout=5)
    asyncio.run(Other(world, 0).refresher().run([before], lambda _: None))
    assert [each.etag for each in world.fetcher.asked] == ["", "v1"]


def test_one_that_comes_to_no_end_is_not_waited_for_forever(world: World) -> None:
    other = Other(world, None)
    assert other.run(NEWS) == [Waiting(), Finished(0, 0, 0, gave_up=True)]
    assert sum(other.slept) == refresh.PATIENCE_S
    assert asked(world) == set()


def test_it_is_let_go_also_when_the_refresh_is_broken_off(world: World) -> None:
    other = Other(world, 0)
    world.fetcher.silent = {NEWS}

    async def broken_off() -> None:
        task = asyncio.create_task(other.refresher().run([world.state()], lambda _: None))
        await asyncio.to_thread(world.fetcher.waiting.wait, 5)
        assert other.held
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(broken_off())
    assert not other.held


def test_where_the_store_cannot_be_read_each_source_says_so(world: World) -> None:
    world.fetcher.answers[BLOG] = Response(url=BLOG, body=TWO)
    events: list[Event] = []
    run = Other(world, 0).refresher(FullDisk()).run([world.state(BLOG)], events.append)
    assert asyncio.run(run) == Finished(1, 1, 0)
