"""When what is left behind is collected."""

import asyncio
import gc
from collections.abc import Iterator

import pytest

from nordic_tui.tui import collector as module
from nordic_tui.tui.collector import Collector


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    done = asyncio.Event()
    monkeypatch.setattr(gc, "collect", done.set)
    return done


def test_it_is_switched_on_and_hardly_ever_looks_at_everything() -> None:
    gc.disable()
    young, middle, _ = gc.get_threshold()
    Collector().begin()
    assert gc.isenabled()
    assert gc.get_threshold() == (young, middle, 500)
    assert gc.get_freeze_count() > 0


async def test_what_is_left_behind_is_collected_once_the_screen_rests(
    collected: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REST_S", 0.0)
    Collector().want()
    await collected.wait()


async def test_a_key_puts_off_what_is_wanted_and_nothing_else(
    collected: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REST_S", 0.0)
    collector = Collector()
    collector.postpone()
    later = asyncio.Event()
    asyncio.get_running_loop().call_later(0, later.set)
    await later.wait()
    assert not collected.is_set()

    collector.want()
    monkeypatch.setattr(module, "REST_S", 3_600.0)
    collector.postpone()
    later.clear()
    asyncio.get_running_loop().call_later(0, later.set)
    await later.wait()
    assert not collected.is_set()
    collector.cancel()
