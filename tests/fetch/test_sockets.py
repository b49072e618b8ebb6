"""A fetch over real sockets on the loopback: connections, time, proxies, certificates."""

import asyncio
import gc
import gzip
import socket
import sys
import threading
from asyncio.selector_events import BaseSelectorEventLoop
from collections import Counter
from pathlib import Path

import httpx
import pytest
from tests.serving import CERTIFICATES, sending, serving, tls, whole

from nordic_tui.errors import (
    BadAddress,
    BadStatus,
    BrokenAnswer,
    FetchError,
    InsecureConnection,
    TimedOut,
    TooLarge,
    TooManyRedirects,
    Unreachable,
)
from nordic_tui.fetch.http import HttpFetcher
from nordic_tui.model import Response

FEED = b"<rss>posts</rss>"


async def get(
    address: str, *, timeout_s: float = 5.0, max_bytes: int = 100_000, led_from: str = ""
) -> Response:
    async with HttpFetcher(user_agent="x", timeout_s=timeout_s, max_bytes=max_bytes) as fetcher:
        return await fetcher.fetch(address, led_from=led_from)


async def test_the_head_of_a_conditional_request_is_small_and_connections_are_reused() -> None:
    heads: list[bytes] = []
    connections = 0

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while True:
            heads.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b'HTTP/1.1 304 Not Modified\r\nETag: "abc"\r\n\r\n')

    date = "Thu, 01 Oct 2026 12:00:00 GMT"
    async with serving(peer) as authority, HttpFetcher(user_agent="nordic-tui/0.1.0") as fetcher:
        for _ in range(3):
            url = f"http://{authority}/feed/"
            found = await fetcher.fetch(url, etag="a" * 32, last_modified=date)
            assert found.not_modified
    assert connections == 1
    assert len(heads) == 3
    assert all(len(head) < 270 for head in heads)
    assert b"connection:" not in heads[0].lower()


@pytest.mark.parametrize(
    "first",
    [
        whole(FEED) + whole(b"another answer"),
        b'HTTP/1.1 304 Not Modified\r\nETag: "abc"\r\n\r\n' + whole(b"another answer"),
    ],
    ids=["200", "304"],
)
async def test_what_comes_behind_an_answer_answers_nothing(first: bytes) -> None:
    connections = 0

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        answer = first if connections == 1 else whole(FEED)
        while True:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)

    async with serving(peer) as authority, HttpFetcher(user_agent="x") as fetcher:
        await fetcher.fetch(f"http://{authority}/", etag="abc")
        for _ in range(2):
            assert (await fetcher.fetch(f"http://{authority}/")).body == FEED
    assert connections == 2, "one for the answer with a rest, one for all others"


async def test_a_fetcher_can_be_used_again_after_it_was_closed() -> None:
    async with serving(sending(whole(FEED))) as authority:
        fetcher = HttpFetcher(user_agent="x")
        for _ in range(2):
            assert (await fetcher.fetch(f"http://{authority}/")).body == FEED
            await fetcher.close()


async def test_dripping_bytes_do_not_move_the_deadline() -> None:
    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.02)  # the drip itself; ends with the client's deadline

    async with serving(peer) as authority:
        with pytest.raises(TimedOut, match=r"did not answer within 0\.2 s"):
            await get(f"http://{authority}/", timeout_s=0.2)


async def test_the_deadline_is_one_for_all_redirects() -> None:
    count = 0

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.12)  # two of these are longer than the deadline, one is not
        count += 1
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /%d\r\nContent-Length: 0\r\n\r\n" % count)

    async with serving(peer) as authority:
        with pytest.raises(TimedOut):
            await get(f"http://{authority}/", timeout_s=0.2)
        assert count == 1


async def test_a_head_that_drips_does_not_move_the_deadline() -> None:
    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        while True:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.02)  # the drip itself; ends with the client's deadline

    async with serving(peer) as authority:
        with pytest.raises(TimedOut):
            await get(f"http://{authority}/", timeout_s=0.2)


# httpcore leaves the socket of a handshake that is cancelled to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_handshake_that_does_not_end_is_within_the_deadline() -> None:
    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # says nothing to the client's hello

    async with serving(peer) as authority:
        with pytest.raises(TimedOut):
            await get(f"https://{authority}/", timeout_s=0.2)
    gc.collect()


async def test_a_head_has_a_limit() -> None:
    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-Long: %s\r\n" % (b"x" * 1_000))
            await writer.drain()

    async with serving(peer) as authority:
        with pytest.raises(BrokenAnswer, match="gave no proper answer"):
            await get(f"http://{authority}/")


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(FEED, mtime=0)[:-4],
    ],
)
async def test_a_body_that_ends_too_early(data: bytes) -> None:
    async with serving(sending(data)) as authority:
        with pytest.raises(BrokenAnswer, match="broke off in the middle of its answer"):
            await get(f"http://{authority}/")


@pytest.mark.parametrize("data", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nX"])
async def test_what_is_not_http(data: bytes) -> None:
    async with serving(sending(data)) as authority:
        with pytest.raises(BrokenAnswer, match="gave no proper answer"):
            await get(f"http://{authority}/")


async def test_a_bomb() -> None:
    bomb = gzip.compress(bytes(20_000_000))
    assert len(bomb) < 100_000
    async with serving(sending(whole(bomb, b"Content-Encoding: gzip\r\n"))) as authority:
        with pytest.raises(TooLarge, match="is larger than 100 kB"):
            await get(f"http://{authority}/")


async def test_a_body_without_end() -> None:
    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(bytes(10_000))
            await writer.drain()

    async with serving(peer) as authority:
        with pytest.raises(TooLarge):
            await get(f"http://{authority}/")


async def test_nobody_listens() -> None:
    async with serving(sending(b"")) as authority:
        pass
    with pytest.raises(Unreachable, match="the connection was refused"):
        await get(f"http://{authority}/")


async def test_names_of_many_hosts_are_looked_up_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(32, timeout=5)

    def getaddrinfo(*_: object, **__: object) -> list[object]:
        together.wait()
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    async with HttpFetcher(user_agent="x", hosts_at_once=32) as fetcher:
        asked = [fetcher.fetch(f"http://h{number}.invalid/") for number in range(32)]
        found = await asyncio.gather(*asked, return_exceptions=True)
    assert {str(error) for error in found} == {"could not be reached: the name is not known"}


async def test_a_request_that_is_given_up_frees_its_turn() -> None:
    asked = asyncio.Event()

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"GET /silent"):
            asked.set()
            await reader.read()
        else:
            writer.write(whole(FEED))

    async with (
        serving(peer) as authority,
        HttpFetcher(user_agent="x", per_host=1, hosts_at_once=1) as fetcher,
    ):
        silent = asyncio.create_task(fetcher.fetch(f"http://{authority}/silent"))
        await asked.wait()
        silent.cancel()
        with pytest.raises(asyncio.CancelledError):
            await silent
        assert (await fetcher.fetch(f"http://{authority}/")).body == FEED


async def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    heads: list[bytes] = []

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(whole(FEED))

    async with serving(peer) as authority:
        monkeypatch.setenv("http_proxy", authority)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert (await get("http://feeds.invalid/a")).body == FEED
        assert (await get(f"http://{authority}/b")).body == FEED
    assert heads[0].startswith(b"GET http://feeds.invalid/a ")
    assert heads[1].startswith(b"GET /b ")


@pytest.mark.parametrize(
    "address",
    [
        "gopher://127.0.0.1:70",
        "http://[bad",
        "http://127.0.0.1:99999",
        "http://:3128",
        "http://me:se/cret@proxy.example:3128",
        "http://a b:3128",
    ],
)
async def test_an_unusable_proxy_is_said(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", address)
    with pytest.raises(Unreachable, match="the proxy of the environment is unusable") as caught:
        await get("http://feeds.invalid/")
    assert "se/cret" not in str(caught.value)


async def test_a_proxy_that_is_dead_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(sending(b"")) as authority:
        pass
    for scheme in ("http", "https"):
        monkeypatch.setenv(f"{scheme}_proxy", f"http://me:s3cret@{authority}")
        with pytest.raises(Unreachable) as caught:
            await get(f"{scheme}://feeds.invalid/")
        assert str(caught.value) == (
            f"could not be reached: the proxy {authority} refused the connection"
        )


async def test_a_proxy_that_asks_for_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    refuses = sending(b"HTTP/1.1 407 \x1b[31mNo\r\nContent-Length: 0\r\n\r\n")
    async with serving(refuses) as authority:
        for scheme in ("http", "https"):
            monkeypatch.setenv(f"{scheme}_proxy", authority)
            with pytest.raises(FetchError) as caught:
                await get(f"{scheme}://feeds.invalid/")
            assert str(caught.value) == (
                f"could not be reached: the proxy {authority} asks for a password (407)"
            )


async def test_a_server_that_answers_407_is_no_proxy() -> None:
    async with serving(sending(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")) as authority:
        with pytest.raises(BadStatus, match=r"^did not accept the request \(407\)$"):
            await get(f"http://{authority}/")


async def test_a_proxy_that_is_silent_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with serving(peer) as authority:
        monkeypatch.setenv("http_proxy", authority)
        with pytest.raises(TimedOut) as caught:
            await get("http://feeds.invalid/", timeout_s=0.1)
    assert str(caught.value) == f"did not answer within 0.1 s through the proxy {authority}"
    assert caught.value.at_this_end


async def test_without_its_package_a_socks_proxy_needs_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv("all_proxy", "socks5://127.0.0.1:9050")
    with pytest.raises(Unreachable) as caught:
        await get("http://feeds.invalid/")
    assert str(caught.value) == "needs the extra socks: pip install 'nordic-tui[socks]'"


# ── redirects to other names ────────────────────────────────────────────────────────────────


def names(monkeypatch: pytest.MonkeyPatch, table: dict[str, list[str]]) -> list[str]:
    """Have the resolver know these names alone; gives those that it is asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int | None, *_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        if host not in table:
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0))
            for address in table[host]
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


class Answers(httpx.AsyncBaseTransport):
    """Answers by address, as if the hosts were out there; else with the feed."""

    def __init__(self, steps: dict[str, str]) -> None:
        self.steps = steps
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        location = self.steps.get(str(request.url))
        if location:
            return httpx.Response(301, headers={"Location": location})
        return httpx.Response(200, content=FEED)


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """What the transports that are opened lead to."""
    answers = Answers({"http://one.example/": "http://two.example/"})
    monkeypatch.setattr(httpx, "AsyncHTTPTransport", lambda **_: answers)
    return answers


@pytest.mark.parametrize("inside", ["127.0.0.1", "192.168.1.1", "fd00::1", "fe80::1%eth0"])
async def test_a_public_name_does_not_lead_into_a_private_network(
    inside: str, outside: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(monkeypatch, {"one.example": ["93.184.216.34"], "two.example": ["1.1.1.1", inside]})
    with pytest.raises(BadAddress, match="redirects into a private network"):
        await get("http://one.example/")
    assert outside.asked == ["http://one.example/"]


class Moving:
    """A name that is outside for so many look-ups, and then this machine; a server there, that
    says on each connection that one of its pages moved. `one.example` stays outside."""

    def __init__(self, outside_for: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.outside_for = outside_for
        self.looked_up: Counter[str] = Counter()
        self.asked: list[str] = []
        self.port = ""
        self.really_connect = BaseSelectorEventLoop.sock_connect
        monkeypatch.setattr(socket, "getaddrinfo", self.getaddrinfo)
        monkeypatch.setattr(BaseSelectorEventLoop, "sock_connect", self.connect)

    def getaddrinfo(
        self, host: str | bytes, port: int | None, *_: object
    ) -> list[tuple[object, ...]]:
        name = host.decode() if isinstance(host, bytes) else host
        self.looked_up[name] += 1
        is_inside = name == "two.example" and self.looked_up[name] > self.outside_for
        address = "127.0.0.1" if is_inside else "93.184.216.34"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0))]

    async def connect(self, sock: socket.socket, address: tuple[str, int]) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, BaseSelectorEventLoop)
        await self.really_connect(loop, sock, ("127.0.0.1", address[1]))

    async def peer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head.decode().split("Host: ")[1].partition(":")[0])
        location = f"http://two.example:{self.port}/{len(self.asked)}"
        writer.write(
            b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % location.encode()
        )


REDIRECTED = "redirects into a private network"
NAMED = "is in a private network and was named from outside"


@pytest.mark.parametrize(
    ("host", "leader", "outside_for", "words", "asked"),
    [
        # Between the look-up that is looked at and the connection.
        ("one.example", "", 1, REDIRECTED, ["one.example"]),
        ("two.example", "http://one.example/", 1, NAMED, []),
        # Between that connection and the next one to the same name.
        ("one.example", "", 2, REDIRECTED, ["one.example", "two.example"]),
        ("two.example", "http://one.example/", 2, NAMED, ["two.example"]),
    ],
)
async def test_a_name_that_moves_inside_is_not_followed_there(
    host: str,
    leader: str,
    outside_for: int,
    words: str,
    asked: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moving = Moving(outside_for, monkeypatch)
    async with serving(moving.peer) as authority:
        moving.port = authority.rpartition(":")[2]
        with pytest.raises(BadAddress) as caught:
            await get(f"http://{host}:{moving.port}/", led_from=leader)
    assert str(caught.value) == words
    assert moving.asked == asked


async def test_a_name_that_a_person_typed_may_move_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    moving = Moving(1, monkeypatch)
    async with serving(moving.peer) as authority:
        moving.port = authority.rpartition(":")[2]
        with pytest.raises(TooManyRedirects):
            await get(f"http://two.example:{moving.port}/")
    assert moving.asked == ["two.example"] * 6


async def test_who_is_inside_with_one_address_of_several_is_outside(
    outside: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = {"one.example": ["93.184.216.34", "192.168.1.7"], "two.example": ["192.168.1.1"]}
    names(monkeypatch, table)
    with pytest.raises(BadAddress, match="redirects into a private network"):
        await get("http://one.example/")
    assert outside.asked == ["http://one.example/"]


@pytest.mark.parametrize("leader", ["http://one.example/", "http://mixed.example/", "/saved.html"])
async def test_a_name_inside_is_not_asked_for_who_is_outside(
    leader: str, outside: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(
        monkeypatch,
        {
            "one.example": ["93.184.216.34"],
            "mixed.example": ["93.184.216.34", "192.168.1.7"],
            "router.example": ["192.168.1.1"],
        },
    )
    with pytest.raises(BadAddress, match="is in a private network and was named from outside"):
        await get("http://router.example/feed?reboot=1", led_from=leader)
    assert outside.asked == []


async def test_a_name_inside_may_be_named_by_a_neighbour(
    outside: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(monkeypatch, {"nas.example": ["10.0.0.2"], "wiki.example": ["10.0.0.1"]})
    for leader in ("http://wiki.example/", "http://192.168.1.1/", "http://nas.example/page"):
        found = await get("http://nas.example/feed", led_from=leader)
        assert found.url == "http://nas.example/feed"


async def test_a_name_of_ones_own_network_may_lead_to_another(
    outside: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(monkeypatch, {"one.example": ["10.0.0.1"], "two.example": ["10.0.0.2"]})
    assert (await get("http://one.example/")).url == "http://two.example/"


async def test_public_names_and_names_that_are_not_known_are_asked(
    outside: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    for table in ({"two.example": ["93.184.216.34"]}, {}):
        asked = names(monkeypatch, table)
        assert (await get("http://one.example/")).url == "http://two.example/"
        assert asked == ["two.example"]


async def test_only_a_redirect_to_another_host_is_looked_up(
    outside: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside.steps["http://one.example/"] = "/feed"
    asked = names(monkeypatch, {})
    assert (await get("http://one.example/")).url == "http://one.example/feed"
    assert asked == []


async def test_where_a_proxy_looks_names_up_we_do_not(
    outside: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    asked = names(monkeypatch, {"two.example": ["127.0.0.1"]})
    assert (await get("http://one.example/")).url == "http://two.example/"
    assert asked == []


# ── TLS ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("shown", "trusted", "phrase"),
    [
        ("expired.pem", "expired.pem", "has no valid certificate: it has expired"),
        ("other.pem", "other.pem", "has no valid certificate: it is made for another address"),
        ("good.pem", "other.pem", "has no valid certificate: it is signed by itself"),
    ],
)
async def test_certificates_are_checked(
    shown: str, trusted: str, phrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / trusted))
    async with serving(sending(whole(FEED)), tls(shown)) as authority:
        with pytest.raises(InsecureConnection) as caught:
            await get(f"https://{authority}/")
    assert str(caught.value) == phrase


async def test_a_certificate_of_a_known_authority_is_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "good.pem"))
    async with serving(sending(whole(FEED)), tls("good.pem")) as authority:
        assert (await get(f"https://{authority}/")).body == FEED


async def test_without_authorities_of_the_system_those_of_httpx_count(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    async with serving(sending(whole(FEED)), tls("good.pem")) as authority:
        with pytest.raises(InsecureConnection, match="it is signed by itself"):
            await get(f"https://{authority}/")
