"""The server of `nordic-tui serve`. The only importer of textual-serve and aiohttp.

    GET /           a page of our own with textual-serve's terminal (xterm.js); nothing in it is
                    asked of another host, and its Content-Security-Policy says so
    GET /static/…   textual-serve's script, style and font
    GET /ws         a WebSocket; each has a reader of its own (served.py), a child process

Any page in a browser may ask 127.0.0.1 for something, and a name may lead there for a moment. So
a request is answered only under a name of this server, and a WebSocket only for our own page
(RFC 6455 section 10.2). `--own` stands below a path that nobody can guess: other people on this
machine reach its ports as well.
"""

import ipaddress
import secrets
import shlex
import signal
import socket
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nordic_tui.cli.console import say
from nordic_tui.errors import NordicError

MAX_READERS = 8
"""Programs at once; each takes some 60 MB."""
_SIZES = range(1, 1_001)
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self' ws://{host}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_PAGE = Path(__file__).with_name("page.html")


class CannotServe(NordicError):
    pass


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def serve(host: str, port: int, *, own: bool) -> None:
    """Serve until SIGINT or SIGTERM. Raises CannotServe."""
    import asyncio

    try:
        asyncio.run(_Server(host, own=own).run(port))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CannotServe(f"{host} could not be served at port {port}: {reason}.") from error


class _Server:
    def __init__(self, host: str, *, own: bool) -> None:
        self._host = host
        self._base = f"/{secrets.token_urlsafe(18)}" if own else ""
        self._readers = 0
        words = [sys.executable, "-m", "nordic_tui.cli.served", "own" if own else "demo"]
        if own and not is_loopback(host):
            words.append("--no-programs")
        self._command = shlex.join(words)

    async def run(self, port: int) -> None:
        import asyncio

        from aiohttp import web

        package = find_spec("textual_serve")
        assert package is not None
        assert package.submodule_search_locations is not None
        static = Path(package.submodule_search_locations[0], "static")

        async def only_ours(request: Any, handler: Any) -> Any:
            return await self._only_ours(request, handler)

        app = web.Application(middlewares=[web.middleware(only_ours)])
        app.add_routes(
            [
                web.get(f"{self._base}/", self._page),
                web.get(f"{self._base}/ws", self._socket),
                web.static(f"{self._base}/static", static),
            ]
        )
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, ended.set)
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=2)
        await runner.setup()
        try:
            site = web.TCPSite(runner, self._host.strip("[]"), port)
            await site.start()
            bound = runner.addresses[0][1]
            name = f"[{self._host}]" if ":" in self._host.strip("[]") else self._host
            say(f"http://{name.replace('[[', '[').replace(']]', ']')}:{bound}{self._base}/")
            say("Ctrl+C ends it.")
            await ended.wait()
        finally:
            await runner.cleanup()

    # ── who is answered ─────────────────────────────────────────────────────────────────────

    async def _only_ours(self, request: Any, handler: Any) -> Any:
        from aiohttp import web

        name = _name_of(request.headers.get("Host", ""))
        origin = request.headers.get("Origin")
        if not self._is_own_name(name):
            raise web.HTTPForbidden(text="This server is not called by that name.")
        if origin is not None and origin != f"http://{request.host}":
            raise web.HTTPForbidden(text="Another page asked for this.")
        response = await handler(request)
        if not response.prepared:
            response.headers["Content-Security-Policy"] = _POLICY.format(host=request.host)
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Content-Type-Options"] = "nosniff"
            response.headers["Cache-Control"] = "no-store"
        return response

    def _is_own_name(self, name: str) -> bool:
        if is_loopback(name) or name == self._host.strip("[]").lower():
            return True
        if is_loopback(self._host):
            return False
        with suppress(ValueError):
            return bool(ipaddress.ip_address(name))  # a name could be led here, a number not
        return name in (socket.gethostname().lower(), socket.getfqdn().lower())

    # ── what is answered ────────────────────────────────────────────────────────────────────

    async def _page(self, request: Any) -> Any:
        from aiohttp import web

        address = f"ws://{request.host}{self._base}/ws"
        text = _PAGE.read_text(encoding="utf-8").replace("ADDRESS", address)
        return web.Response(text=text, content_type="text/html")

    async def _socket(self, request: Any) -> Any:
        from aiohttp import web
        from textual_serve.app_service import AppService
        from textual_serve.download_manager import DownloadManager

        if request.headers.get("Origin") is None or self._readers >= MAX_READERS:
            raise web.HTTPServiceUnavailable(text="No more readers can be opened here now.")
        self._readers += 1
        try:
            there: Any = web.WebSocketResponse(heartbeat=15, max_msg_size=1 << 20)
            await there.prepare(request)
            reader = AppService(
                self._command,
                write_bytes=there.send_bytes,
                write_str=there.send_str,
                close=there.close,
                download_manager=DownloadManager(),
            )
            query = request.query
            await reader.start(_size(query.get("width"), 80), _size(query.get("height"), 24))
            try:
                await _hand_on(there, reader)
            finally:
                await reader.stop()
        finally:
            self._readers -= 1
        return there


async def _hand_on(there: Any, reader: Any) -> None:
    """Give the reader what the browser sends, until that ends; what is no message is left out."""
    from aiohttp import WSMsgType

    async for message in there:
        if message.type != WSMsgType.TEXT:
            continue
        with suppress(ValueError, TypeError, KeyError):
            kind, *rest = message.json()
            if kind == "stdin":
                await reader.send_bytes(rest[0].encode("utf-8", "replace"))
            elif kind == "resize":
                size = rest[0]
                await reader.set_terminal_size(_size(size["width"], 80), _size(size["height"], 24))
            elif kind == "ping":
                await there.send_json(["pong", rest[0]])
            elif kind == "blur":
                await reader.blur()
            elif kind == "focus":
                await reader.focus()


def _size(value: object, usual: int) -> int:
    try:
        number = int(str(value))
    except ValueError:
        return usual
    return number if number in _SIZES else usual


def _name_of(host: str) -> str:
    """The name in a Host header, without the port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()
