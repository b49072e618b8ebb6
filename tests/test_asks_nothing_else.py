"""What leaves the machine: the requests that the README names, and no other.

The program is run as a whole, over sockets, on feeds and pages that name many more addresses in
every way that browsers follow. One name is known, `site.example`, and leads to a server here;
each look-up, connection, started program and request is written down, also those that would fail.
"""

import asyncio
import json
import socket
import sys
from asyncio.selector_events import BaseSelectorEventLoop
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from textual.pilot import Pilot

from nordic_tui import wiring
from nordic_tui.cli import main
from nordic_tui.cli.read import run
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.decode.article import find_article
from nordic_tui.decode.detect import decode
from nordic_tui.decode.discovery import find_feeds
from nordic_tui.decode.subscriptions import decode_subscriptions
from nordic_tui.errors import DecodeError
from nordic_tui.model import Manner
from nordic_tui.tui.app import NordicApp
from tests.tui.helpers import press, text, until

SITE = "http://site.example"
PUBLIC = "93.184.216.34"
ELSEWHERE = "http://tracker.example"

MARKUP = f"""
<base href="{ELSEWHERE}/base/"><meta http-equiv="refresh" content="0; url={ELSEWHERE}/refresh">
<link rel="stylesheet" href="{ELSEWHERE}/a.css"><link rel="preload" as="image" href="{ELSEWHERE}/p">
<link rel="dns-prefetch" href="//prefetch.example"><link rel="icon" href="{ELSEWHERE}/favicon.ico">
<link rel="pingback" href="{ELSEWHERE}/pingback"><link rel="manifest" href="{ELSEWHERE}/manifest">
<style>@import url("{ELSEWHERE}/b.css"); p {{ background: url({ELSEWHERE}/c.png) }}</style>
<script src="{ELSEWHERE}/a.js"></script><script>fetch("{ELSEWHERE}/fetched")</script>
<p style="background: url({ELSEWHERE}/d.png)">Words that are long enough to be the text of a post,
so that whoever looks for the text finds it here: light, night, harbour, ferry, council, budget.</p>
<img src="{ELSEWHERE}/pixel.gif" srcset="{ELSEWHERE}/2x.gif 2x" width="1" height="1">
<picture><source srcset="{ELSEWHERE}/e.webp"></picture><iframe src="{ELSEWHERE}/frame"></iframe>
<video src="{ELSEWHERE}/v.mp4" poster="{ELSEWHERE}/v.png" autoplay></video>
<embed src="{ELSEWHERE}/f">
<audio src="{ELSEWHERE}/a.ogg" preload="auto"></audio><object data="{ELSEWHERE}/o"></object>
<svg><use href="{ELSEWHERE}/u.svg#a"/><image href="{ELSEWHERE}/i.svg"/></svg>
<a href="{ELSEWHERE}/link" ping="{ELSEWHERE}/ping">a link</a>
<form action="{ELSEWHERE}/form"><input type="image" src="{ELSEWHERE}/b.png"></form>
"""
RSS = f"""<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="{ELSEWHERE}/a.xsl"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:xi="http://www.w3.org/2001/XInclude"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a {ELSEWHERE}/a.xsd"
 xml:base="{ELSEWHERE}/"><channel><title>The site</title><link>{SITE}/</link>
<atom:link rel="self" href="{ELSEWHERE}/self"/><atom:link rel="hub" href="{ELSEWHERE}/hub"/>
<atom:link rel="icon" href="{ELSEWHERE}/icon"/><atom:link rel="search" href="{ELSEWHERE}/search"/>
<cloud domain="tracker.example" port="80" path="/rpc" registerProcedure="a" protocol="xml-rpc"/>
<image><url>{ELSEWHERE}/logo.png</url><title>a</title><link>{ELSEWHERE}/</link></image>
<docs>{ELSEWHERE}/docs</docs><xi:include href="{ELSEWHERE}/included"/>
<xi:include href="/etc/passwd"/>
<item><title>Post</title><guid>1</guid><link>{SITE}/post/</link><comments>{ELSEWHERE}/c</comments>
<source url="{ELSEWHERE}/source">a</source><enclosure url="{ELSEWHERE}/a.mp3" type="audio/mpeg"/>
<media:thumbnail url="{ELSEWHERE}/t.png"/><media:content url="{ELSEWHERE}/m.mp4"/>
<pubDate>Thu, 01 Oct 2026 12:00:00 GMT</pubDate>
<content:encoded><![CDATA[{MARKUP}<img src="{SITE}/picture.png">]]></content:encoded></item>
</channel></rss>"""
DTD = f"""<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//N//RSS" "{ELSEWHERE}/rss.dtd" [
<!ENTITY % a SYSTEM "{ELSEWHERE}/a.ent">%a;<!ENTITY b SYSTEM "file:///etc/passwd">]>
<rss version="2.0"><channel><title>&b;</title></channel></rss>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "JSON",
        "home_page_url": f"{SITE}/",
        "feed_url": f"{ELSEWHERE}/feed.json",
        "icon": f"{ELSEWHERE}/icon.png",
        "favicon": f"{ELSEWHERE}/favicon.ico",
        "hubs": [{"type": "WebSub", "url": f"{ELSEWHERE}/hub"}],
        "authors": [{"name": "a", "url": f"{ELSEWHERE}/a", "avatar": f"{ELSEWHERE}/a.png"}],
        "items": [
            {
                "id": "2",
                "url": f"{SITE}/other/",
                "external_url": f"{ELSEWHERE}/external",
                "title": "Other",
                "image": f"{ELSEWHERE}/image.png",
                "banner_image": f"{ELSEWHERE}/banner.png",
                "content_html": MARKUP,
                "attachments": [{"url": f"{ELSEWHERE}/a.ogg", "mime_type": "audio/ogg"}],
            }
        ],
    }
)
PAGE = f"""<!doctype html><html><head><title>Post</title>
<link rel="canonical" href="{ELSEWHERE}/canonical"><link rel="amphtml" href="{ELSEWHERE}/amp">
<meta property="og:image" content="{ELSEWHERE}/og.png"></head>
<body><article><h1>Post</h1>{MARKUP}{"<p>The whole text, which is longer than the feed.</p>" * 30}
</article></body></html>"""
HOME = f"""<!doctype html><html><head><title>The site</title>{MARKUP}
<link rel="alternate" type="application/rss+xml" href="{SITE}/feed/"></head><body></body></html>"""
ORDERS = {
    "Set-Cookie": "id=1; Path=/; Max-Age=99999999",
    "Link": f"<{ELSEWHERE}/l.css>; rel=preload, <{ELSEWHERE}/hub>; rel=hub",
    "Refresh": f"0; url={ELSEWHERE}/refresh",
    "Alt-Svc": 'h2="tracker.example:443"',
    "NEL": '{"report_to":"a"}',
    "ETag": '"tag"',
}

STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn")
_heard: list[str] | None = None
"""What the interpreter tells; None: nobody listens."""


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _heard is not None:
        if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
            _heard.append(f"{event} {arguments[0]!r}")
        elif event == "socket.connect" and arguments[1][0] != "127.0.0.1":  # type: ignore[index]
            _heard.append(f"{event} {arguments[1]!r}")
        elif event in STARTS or (event == "open" and arguments[0] == "/etc/passwd"):
            _heard.append(f"{event} {arguments[0]!r}")


sys.addaudithook(_hear)


class Web:
    """The one site that there is, and what it is asked."""

    def __init__(self) -> None:
        self.bodies = {
            "/": HOME, "/feed/": RSS, "/dtd.xml": DTD, "/feed.json": JSON, "/post/": PAGE,
            "/other/": PAGE, "/picture.png": "a picture",
        }  # fmt: skip
        self.asked: list[str] = []
        self.heads: list[tuple[str, Message]] = []
        self.names: list[str] = []
        """What was looked up."""
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                web.asked.append(self.path)
                web.heads.append((self.path, self.headers))
                body = web.bodies.get(self.path, "").encode()
                self.send_response(200 if body else 404)
                for name, value in ORDERS.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_port
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def take(self) -> list[str]:
        """What was asked since the last time, in order of the alphabet."""
        asked, self.asked = sorted(self.asked), []
        return asked


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """The site, in a home without anything in it; at the end nothing else was asked."""
    global _heard
    found = Web()
    connect = BaseSelectorEventLoop.sock_connect

    def getaddrinfo(host: str | bytes, port: int | None, *_: object) -> list[tuple[object, ...]]:
        name = host.decode() if isinstance(host, bytes) else host
        found.names.append(name)
        if name != "site.example":
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, port or 0))]

    async def sock_connect(
        self: BaseSelectorEventLoop, sock: socket.socket, address: tuple[str, int]
    ) -> None:
        assert address[0] == PUBLIC
        if address[1] != 80:
            raise ConnectionRefusedError
        await connect(self, sock, ("127.0.0.1", found.port))

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(BaseSelectorEventLoop, "sock_connect", sock_connect)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    _heard = []
    try:
        yield found
        heard = [each for each in _heard if sys.executable not in each]
    finally:
        _heard = None
        found.close()
    assert heard == []
    assert set(found.names) <= {"site.example"}
    for path, head in found.heads:
        expected = {"Host", "User-Agent", "Accept", "Accept-Encoding"}
        assert set(head) - {"If-None-Match"} == expected, path
        assert head["User-Agent"] == wiring.USER_AGENT
        assert head["Accept"] == "*/*"


def follow(*lines: str) -> None:
    file = find_paths().settings_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n")


Script = Callable[[NordicApp, Pilot[int]], Awaitable[None]]


def reader(monkeypatch: pytest.MonkeyPatch, script: Script) -> None:
    """Start the reader as the command does, and do what the script does."""

    def go(app: NordicApp) -> None:
        async def play() -> None:
            async with app.run_test(size=(120, 36)) as pilot:
                await script(app, pilot)

        asyncio.run(play())

    monkeypatch.setattr(NordicApp, "run", go)
    paths = find_paths()
    settings = load(paths.settings_file)
    with wiring.open_parts(settings, paths) as parts:
        run(parts, settings, paths, ())


def test_the_commands(web: Web) -> None:
    follow("sources = []")
    assert main(["add", "site.example"]) == 0
    # The page, and what it names as its feed, which is asked for again as soon as it is followed.
    assert web.take() == ["/", "/feed/", "/feed/"]
    assert main(["add", f"{SITE}/feed.json"]) == 0
    assert web.take() == ["/feed.json", "/feed.json"]
    assert main(["refresh"]) == 0
    assert web.take() == ["/feed.json", "/feed/"]
    assert main(["archive", "The site"]) == 1
    assert web.take() == ["/feed/"], "where it looks whether there is one"
    assert main(["change", "The site", "--full-text", "on"]) == 0
    assert web.take() == []
    assert main(["refresh"]) == 0
    assert web.take() == ["/feed.json", "/feed/", "/post/"]
    for words in (
        ["list", "--json"],
        ["search", "harbour"],
        ["brief", "--format", "html"],
        ["sources", "--json"],
        ["export"],
        ["library", "export"],
        ["data", "show"],
    ):
        assert main(words) == 0
    assert web.take() == [], "what is there already is not asked for"
    main([f"{SITE}/dtd.xml"])
    assert web.take() == ["/dtd.xml"]


def test_the_reader(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    follow("[[sources]]", f'address = "{SITE}/feed/"')

    async def script(app: NordicApp, pilot: Pilot[int]) -> None:
        await until(pilot, lambda: "May this program keep a reading history?" in text(app))
        await press(pilot, "escape")
        await until(pilot, lambda: "Words that are long enough" in text(app))
        assert web.take() == ["/feed/"], "it is refreshed by itself"
        await press(pilot, "l", "enter")
        await until(pilot, lambda: "1 min" in text(app))
        await press(pilot, "L")
        await until(pilot, lambda: "Links and files" in text(app))
        assert "a.mp3" in text(app)
        await press(pilot, "escape")
        assert web.take() == [], "a post is read, and its links and files are seen, without asking"
        await press(pilot, "x")
        await until(pilot, lambda: "The whole text" in text(app))
        assert web.take() == ["/post/"]
        await press(pilot, "escape", "S")
        await until(pilot, lambda: "Sources · 1" in text(app))
        assert web.take() == []
        await press(pilot, "R")
        await until(pilot, lambda: bool(web.asked))

    reader(monkeypatch, script)
    assert web.take() == ["/feed/"]


async def test_a_picture_is_one_request(web: Web) -> None:
    async def prepare(body: bytes) -> bytes:
        return body

    pictures = wiring.open_pictures(prepare, lambda _: Manner())
    assert await pictures.get(f"{SITE}/picture.png", f"{SITE}/feed/") == b"a picture"
    assert web.take() == ["/picture.png"]


OPML = f"""<?xml version="1.0"?><?xml-stylesheet href="{ELSEWHERE}/a.css"?>
<opml version="2.0"><body><outline type="include" url="{ELSEWHERE}/included.opml"/>
<outline text="a" xmlUrl="{SITE}/feed/" htmlUrl="{ELSEWHERE}/"
 icon="{ELSEWHERE}/icon"/></body></opml>"""


def test_the_decoders_ask_and_open_nothing(web: Web) -> None:
    assert _heard is not None
    for body in (RSS, DTD, JSON, OPML, PAGE, HOME):
        for read in (
            lambda body: decode(body, url=f"{SITE}/feed/"),
            lambda body: find_feeds(body, url=f"{SITE}/"),
            lambda body: find_article(body, url=f"{SITE}/post/", title="Post"),
            decode_subscriptions,
        ):
            with suppress(DecodeError):
                read(body.encode())
    assert _heard == []
    assert web.take() == web.names == []
