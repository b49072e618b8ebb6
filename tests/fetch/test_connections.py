import importlib.util
import subprocess
import sys
from contextlib import AsyncExitStack
from importlib.machinery import ModuleSpec
from typing import Any

import httpx
import pytest

from nordic_tui.fetch.connections import IDLE_ORIGINS, Connections


class Opened(httpx.AsyncBaseTransport):
    """A transport that knows whether it is open."""

    def __init__(self) -> None:
        self.is_open = True

    async def aclose(self) -> None:
        self.is_open = False


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Opened]:
    """The transports that were opened, in order."""
    found: list[Opened] = []

    def make(**_: Any) -> Opened:
        found.append(Opened())
        return found[-1]

    monkeypatch.setattr(httpx, "AsyncHTTPTransport", make)
    return found


def url(number: int, path: str = "") -> httpx.URL:
    return httpx.URL(f"http://h{number}.example/{path}")


async def test_an_origin_keeps_its_transport(opened: list[Opened]) -> None:
    connections = Connections()
    for address in (url(1, "a"), url(1, "b"), httpx.URL("http://h1.example:80/")):
        async with connections.to(address) as transport:
            assert transport is opened[0]
    async with connections.to(httpx.URL("http://h1.example:8080/")):
        assert len(opened) == 2
    await connections.close()
    assert not any(transport.is_open for transport in opened)


async def test_of_those_that_are_idle_the_ones_used_last_are_kept(opened: list[Opened]) -> None:
    connections = Connections()
    for number in range(IDLE_ORIGINS):
        async with connections.to(url(number)):
            pass
    async with connections.to(url(0)):
        pass
    for number in range(IDLE_ORIGINS, IDLE_ORIGINS + 3):
        async with connections.to(url(number)):
            pass
    closed = [number for number, transport in enumerate(opened) if not transport.is_open]
    assert closed == [1, 2, 3]


async def test_those_in_use_stay_open(opened: list[Opened]) -> None:
    connections = Connections()
    async with AsyncExitStack() as stack:
        for number in range(2 * IDLE_ORIGINS):
            await stack.enter_async_context(connections.to(url(number)))
        async with connections.to(url(0)) as transport:
            assert transport is opened[0]
        assert all(transport.is_open for transport in opened)
    assert sum(transport.is_open for transport in opened) == IDLE_ORIGINS


def test_httpx_is_imported_without_its_command() -> None:
    code = (
        "import sys; from nordic_tui.fetch.connections import leave_out_httpx_command as leave_out;"
        "leave_out(); import httpx; assert 'click' not in sys.modules; httpx.URL('https://a/')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("is_there", [True, False])
async def test_a_package_that_is_there_is_not_hidden(
    is_there: bool, opened: list[Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "sniffio", raising=False)
    spec = ModuleSpec("sniffio", None) if is_there else None
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    async with Connections().to(url(1)):
        assert ("sniffio" in sys.modules) is not is_there, "None there ends every search for it"
