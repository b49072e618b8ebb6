"""A refresh behind the screen."""

import threading
from collections.abc import Iterator
from queue import SimpleQueue

import pytest

from nordic_tui.courtesy import Courtesy
from nordic_tui.service.background import BackgroundRefresh
from nordic_tui.service.refresh import (
    Event,
    Finished,
    Started,
)
from tests.fakes import BLOG, NEWS
from tests.service.world import World

# ── on a thread of its own ──────────────────────────────────────────────────────────────────


class Background:
    """A refresh behind the screen, whose events are waited for."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.events: SimpleQueue[Event] = SimpleQueue()
        self.refresh = BackgroundRefresh(world.refresher, Courtesy())

    def start(self) -> bool:
        return self.refresh.start(self.world.store.states(), self.events.put)

    def wait_for_the_end(self) -> Finished:
        while not isinstance(event := self.events.get(timeout=5), Finished):
            pass
        self.refresh.stop(timeout_s=5)
        return event


@pytest.fixture
def background(world: World) -> Iterator[Background]:
    background = Background(world)
    yield background
    background.refresh.stop(timeout_s=5)
    assert not background.refresh.running
    assert "refresh" not in {thread.name for thread in threading.enumerate()}


def test_a_refresh_runs_behind_the_screen_and_again(background: Background) -> None:
    assert not background.refresh.running
    assert background.start()
    assert background.wait_for_the_end() == Finished(asked=2, failed=0, new=3)
    assert background.start()
    assert background.wait_for_the_end() == Finished(asked=2, failed=0, new=0)


def test_whoever_hears_of_the_end_may_start_the_next(background: Background) -> None:
    states = background.world.store.states()
    began: SimpleQueue[bool] = SimpleQueue()

    def again(event: Event) -> None:
        if isinstance(event, Finished):
            began.put(background.refresh.start(states, background.events.put))

    background.refresh.start(states, again)
    assert began.get(timeout=5)
    assert background.wait_for_the_end().asked == 2


def test_one_refresh_at_a_time(background: Background) -> None:
    fetcher = background.world.fetcher
    fetcher.silent = {NEWS, BLOG}
    assert background.start()
    assert fetcher.waiting.wait(5)
    assert background.refresh.running
    assert not background.start()
    background.refresh.stop(timeout_s=5)
    assert sorted(asked.address for asked in fetcher.asked) == [BLOG, NEWS]


def test_stopping_breaks_off_a_source_that_never_answers(background: Background) -> None:
    world = background.world
    world.fetcher.silent = {NEWS, BLOG}
    background.start()
    assert world.fetcher.waiting.wait(5)
    background.refresh.stop(timeout_s=5)
    assert not background.refresh.running
    assert world.fetcher.open_count == 0
    assert background.events.get(timeout=5) == Started(2)
    assert background.events.empty()

    world.fetcher.silent.clear()
    assert background.start()
    assert background.wait_for_the_end() == Finished(asked=2, failed=0, new=3)


def test_stopping_right_after_the_start(background: Background) -> None:
    """The thread may not have an event loop yet."""
    background.world.fetcher.silent = {NEWS, BLOG}
    for _ in range(5):
        assert background.start()
        background.refresh.stop(timeout_s=1)
        assert not background.refresh.running


def test_stopping_without_a_refresh_is_nothing(background: Background) -> None:
    background.refresh.stop()
    background.refresh.stop()
    assert background.start()
    assert background.wait_for_the_end().asked == 2
    background.refresh.stop()
