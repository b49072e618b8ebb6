"""Whatever an address or an answer holds, only a FetchError leaves."""

import asyncio
import socket
from asyncio.selector_events import BaseSelectorEventLoop
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nordic_tui.errors import FetchError
from nordic_tui.fetch.http import MAX_PORT, HttpFetcher

ODD = st.text(
    st.sampled_from(
        "a1.-_~%[]:/@\\?#&=;,+*'\"()<>{}|^` \t\n\x00\x1b\x7f\x9bäßıİ。．ﬀ①٣א\u202e\ud800🎉"
    ),
    max_size=30,
)
HOSTS = st.one_of(
    ODD,
    st.sampled_from(
        [
            "xn--zzzzzz",
            "xn--",
            "xn--a.example",
            "a" * 64 + ".example",
            "a." * 200,
            "..",
            "-a.example",
            "[::1%25lo]",
            "[fe80::1%lo]",
            "[v1.a]",
            "[::ffff:127.0.0.1]",
            "127.0.0.1%2e",
            "0x7f.1",
            "999.1.1.1",
            "①②⑦.0.0.1",
            "me:p@ss@a.example",
            "%31%32%37.0.0.1",
        ]
    ),
)
PORTS = st.one_of(
    st.just(""),
    st.integers(-1, 70_000).map(lambda port: f":{port}"),
    st.sampled_from([":", ":٣", ":99999", ":1e3", ":" + "9" * 5_000]),
)
ADDRESSES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["http://", "https://", "//", "/", "", "HTTP://", "http:", "ftp://"]),
    HOSTS,
    PORTS,
    st.one_of(st.just("/"), ODD),
)


@pytest.fixture(scope="module", autouse=True)
def nowhere() -> Iterator[None]:
    """No name is known, and nobody listens."""

    def getaddrinfo(host: str | bytes, *_: object) -> list[tuple[object, ...]]:
        raw = host.encode("idna") if isinstance(host, str) else host  # as the real one does
        if b"\x00" in raw:
            raise ValueError("embedded null character")
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    async def sock_connect(_: object, sock: socket.socket, address: tuple[str, int]) -> None:
        # A connection to a port of this machine where nobody listens takes the same arguments.
        local = "::1" if sock.family == socket.AF_INET6 else "127.0.0.1"
        sock.connect((local, 1 if address[1] <= MAX_PORT else address[1]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        patch.setattr(BaseSelectorEventLoop, "sock_connect", sock_connect)
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        yield


def outcome(fetcher: HttpFetcher, address: str, *, etag: str = "", leader: str = "") -> str:
    """The words of the FetchError; every other exception goes on."""

    async def ask() -> str:
        async with fetcher:
            try:
                await fetcher.fetch(address, etag=etag, validators_of=leader, led_from=leader)
            except FetchError as error:
                return str(error)
        return ""

    return asyncio.run(ask())


def answering(status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> HttpFetcher:
    """A fetcher that is answered so at https://start.example/ and else has no network."""

    class Transport(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.host == "start.example":
                return httpx.Response(status, headers=headers, content=body)
            raise httpx.ConnectError("no network")

    return HttpFetcher(user_agent="x", transport=Transport())


@settings(max_examples=100, deadline=None)
@given(ADDRESSES, ADDRESSES)
@example("http://127.0.0.1:99999/", "")
@example("http://xn--zzzzzz/feed", "")
@example("http://[::1]:65535/", "http://xn--zzzzzz/")
@example("http://a\x00.example/", "http://a\x00.example/")
def test_only_a_fetch_error_leaves_for_an_odd_address(address: str, leader: str) -> None:
    assert outcome(HttpFetcher(user_agent="x"), address, etag="a", leader=leader)


@settings(max_examples=100, deadline=None)
@given(ADDRESSES)
@example("http://127.0.0.1:99999/")
@example("//xn--zzzzzz/")
@example("http://[::1%25lo]:٣]")
@example("https://127.0.0.1:1\udcff/")
def test_only_a_fetch_error_leaves_for_an_odd_location(location: str) -> None:
    raw = location.encode(errors="surrogatepass")
    assert outcome(answering(302, [(b"Location", raw)]), "https://start.example/")


HEADERS = ("Date", "Expires", "Retry-After", "ETag", "Last-Modified", "Content-Type",
           "Cache-Control", "Content-Length", "Content-Encoding", "Link", "X-WP-Total")  # fmt: skip
DATES = st.text('0123456789 :,+-GMTJanFebSunMonUTCZ()\\"', max_size=40)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([200, 200, 300, 304, 407, 429, 503, 999]),
    st.dictionaries(st.sampled_from(HEADERS), st.one_of(DATES, ODD)),
    st.binary(max_size=50),
)
@example(503, {"Retry-After": "9" * 5_000, "Date": "0"}, b"")
@example(200, {"Content-Length": "²"}, b"")
def test_only_a_fetch_error_leaves_for_odd_headers(
    status: int, headers: dict[str, str], body: bytes
) -> None:
    raw = [(n.encode(), v.encode(errors="surrogatepass")) for n, v in headers.items()]
    words = outcome(answering(status, raw, body), "https://start.example/", etag="a")
    assert words.isprintable()


@settings(max_examples=50, deadline=None)
@given(st.builds("{}{}{}".format, st.sampled_from(["", "http://", "socks5://", "https://"]), HOSTS,
                 PORTS))  # fmt: skip
@example("http://127.0.0.1:99999")
@example("http://me:s3cret@[bad")
@example("http://" + "a" * 64 + ".example:1")
def test_only_a_fetch_error_leaves_for_an_odd_proxy(proxy: str) -> None:
    printable = "".join(c for c in proxy if c.isprintable() and not "\ud800" <= c <= "\udfff")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("all_proxy", printable)
        for scheme in ("http", "https"):
            assert outcome(HttpFetcher(user_agent="x"), f"{scheme}://news.example/")
