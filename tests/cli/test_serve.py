"""`nordic-tui serve`: the reader in a browser, in a real one where there is one."""

import asyncio
import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import pytest

from nordic_tui.cli import main, serve, web
from tests.terminal import WAIT_S

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_web = pytest.mark.skipif(
    find_spec("textual_serve") is None, reason="the extra web is missing"
)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--remote-debugging-port=0", "--window-size=1200,700",
)  # fmt: skip


@contextmanager
def served(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server and its address."""
    command = (sys.executable, "-m", "nordic_tui", "serve", "--port", "0", *options)
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        for line in server.stderr:
            if found := re.search(r"http://\S+", line):
                yield server, found[0]
                break
        else:
            pytest.fail("the server gave no address")
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGINT)
        assert server.wait(WAIT_S) in (0, -signal.SIGKILL)
        if server.stderr is not None:
            server.stderr.close()


async def status_of(address: str, **headers: str) -> int:
    import aiohttp

    async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as answer:
        return int(answer.status)


@needs_web
async def test_only_this_server_under_its_own_name_is_answered() -> None:
    with served() as (_, address):
        port = address.rstrip("/").rpartition(":")[2]
        assert await status_of(address) == 200
        assert await status_of(address, Host=f"localhost:{port}") == 200
        assert await status_of(address, Host=f"evil.example:{port}") == 403
        assert await status_of(f"{address}ws", Origin="http://evil.example") == 403
        assert await status_of(f"{address}ws") == 503, "who is no browser is no reader"


@needs_web
async def test_a_persons_own_reader_is_at_an_address_that_nobody_guesses() -> None:
    with served("--own") as (_, address), served("--own") as (_, other):
        keys = [each.rstrip("/").rpartition("/")[2] for each in (address, other)]
        assert keys[0] != keys[1]
        assert all(len(key) >= 24 for key in keys)
        assert await status_of(address) == 200
        root = address.removesuffix(f"{keys[0]}/")
        assert await status_of(root) == 404
        assert await status_of(f"{root}ws") == 404


@needs_web
async def test_a_reader_ends_with_its_page_and_with_its_server() -> None:
    import aiohttp

    with served() as (server, address):
        origin = {"Origin": address.rstrip("/")}
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(f"{address}ws", headers=origin) as page:
                await read_until(page, b"All posts")
                [reader] = readers_of(server)
                await page.send_str("no message")
                await page.send_json(["stdin", "j"])
                assert reader.is_running()
            await asyncio.to_thread(psutil.wait_procs, [reader], WAIT_S)
            assert not reader.is_running()
            async with session.ws_connect(f"{address}ws", headers=origin) as page:
                await read_until(page, b"All posts")
                [reader] = readers_of(server)
                server.kill()
                await asyncio.to_thread(psutil.wait_procs, [reader], WAIT_S)
                assert not reader.is_running()


async def read_until(page: Any, wanted: bytes) -> None:
    seen = b""
    while wanted not in seen:
        message = await page.receive(WAIT_S)
        assert isinstance(message.data, bytes), message
        seen += message.data


def readers_of(server: subprocess.Popen[str]) -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process(server.pid).children(recursive=True)
        if child.cmdline()[1:3] == ["-m", "nordic_tui.cli.served"]
    ]


@needs_web
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
async def test_a_browser_shows_the_demo_and_asks_nobody_else(tmp_path: Path) -> None:
    with served() as (_, address), chromium(tmp_path / "profile") as debugger:
        browser = Browser()
        async with browser.at(await debugger()):
            await browser.do("Network.enable")
            await browser.do("Emulation.setFocusEmulationEnabled", enabled=True)
            await browser.do("Page.navigate", url=address)
            await browser.until(lambda: "All posts" in browser.received)
            await browser.until_true("document.body.classList.contains('-first-byte')")
            # A person's click gives it the keys.
            await browser.do(
                "Runtime.evaluate",
                expression="document.querySelector('.xterm-helper-textarea').focus()",
            )
            await browser.press("?", 191)
            await browser.until(lambda: "to search, Esc to close" in browser.received)
            keep_picture((await browser.do("Page.captureScreenshot"))["data"])
            hosts = {re.split("/", asked)[2] for asked in browser.asked if "//" in asked}
            assert hosts == {re.split("/", address)[2]}
            assert any(asked.endswith(".ttf") for asked in browser.asked), "the font is our own"
            assert browser.refused == []
            # Not Esc: with the next key right behind it, a terminal takes it for Alt.
            await browser.press("Enter", 13, "\r")
            await browser.press("q", 81)
            await browser.until_true("document.body.classList.contains('-closed')")


def keep_picture(png: str) -> None:
    """Write a picture, as base64, to the folder that NORDIC_TUI_PICTURES names, to look at it."""
    if folder := os.environ.get("NORDIC_TUI_PICTURES"):
        Path(folder, "served.png").write_bytes(base64.b64decode(png))


@contextmanager
def chromium(profile: Path) -> Iterator[Callable[[], Any]]:
    """A browser; gives what waits for the address of its first page's debugger."""
    assert CHROMIUM is not None
    command = (CHROMIUM, *FLAGS, f"--user-data-dir={profile}", "about:blank")
    browser = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )

    def port() -> str:
        assert browser.stderr is not None
        for line in browser.stderr:
            if found := re.search(rb"DevTools listening on ws://([^/]+)", line):
                return found[1].decode()
        pytest.fail("Chromium did not start")

    async def page() -> str:
        import aiohttp

        at = await asyncio.to_thread(port)
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://{at}/json") as answer,
        ):
            pages = await answer.json()
        return str(next(p["webSocketDebuggerUrl"] for p in pages if p["type"] == "page"))

    try:
        yield page
    finally:
        os.killpg(browser.pid, signal.SIGKILL)
        browser.wait(WAIT_S)
        if browser.stderr is not None:
            browser.stderr.close()


class Browser:
    """A page, by the DevTools protocol."""

    def __init__(self) -> None:
        self.received = ""
        """What came by WebSockets."""
        self.asked: list[str] = []
        self.refused: list[str] = []
        self._number = 0

    @asynccontextmanager
    async def at(self, address: str) -> AsyncIterator[None]:
        import aiohttp

        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(address, max_msg_size=0) as self._socket,
        ):
            yield

    async def do(self, method: str, **params: object) -> Any:
        self._number += 1
        number = self._number
        await self._socket.send_json({"id": number, "method": method, "params": params})
        while (answer := await self._next()).get("id") != number:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    async def press(self, key: str, code: int, text: str = "") -> None:
        text = text or key
        for kind, typed in (("keyDown", text), ("keyUp", "")):
            await self.do(
                "Input.dispatchKeyEvent", type=kind, key=key, text=typed, windowsVirtualKeyCode=code
            )

    async def until(self, came: Callable[[], bool]) -> None:
        while not came():
            await self._next()

    async def until_true(self, expression: str) -> None:
        # The page itself waits: not all that happens to it is told here.
        waiting = (
            "new Promise(done => { const look = () => "
            f"({expression}) ? done(true) : setTimeout(look, 20); look(); }})"
        )
        await self.do("Runtime.evaluate", expression=waiting, awaitPromise=True)

    async def _next(self) -> Any:
        message = json.loads((await self._socket.receive(WAIT_S)).data)
        params = message.get("params", {})
        match message.get("method"):
            case "Network.webSocketFrameReceived":
                frame = params["response"]
                data = frame["payloadData"]
                binary = frame["opcode"] == 2
                self.received += base64.b64decode(data).decode() if binary else data
            case "Network.requestWillBeSent":
                self.asked.append(params["request"]["url"])
            case "Network.loadingFailed":
                self.refused.append(params["errorText"])
        return message


# ── without a server ────────────────────────────────────────────────────────────────────────


def test_without_the_extra_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve, "find_spec", lambda name: None)
    assert main(["serve"]) == 2
    assert "needs the extra web: pip install 'nordic-tui[web]'" in capsys.readouterr().err


def test_away_from_loopback_it_warns(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = []
    monkeypatch.setattr(serve, "find_spec", lambda name: True)
    monkeypatch.setattr(web, "serve", lambda host, port, *, own: wanted.append((host, port, own)))
    assert main(["serve"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["serve", "--host", "0.0.0.0", "--port", "80", "--own"]) == 0  # noqa: S104  it is not bound
    err = capsys.readouterr().err
    assert "Whoever reaches 0.0.0.0 on the network" in err
    assert "your own reader" in err
    assert wanted == [("127.0.0.1", 8000, False), ("0.0.0.0", 80, True)]  # noqa: S104


@pytest.mark.parametrize("port", ["-1", "65536", "http", "８０"])
def test_a_wrong_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", f"--port={port}"]) == 2
    assert "a port is a number from 0 to 65535" in capsys.readouterr().err
