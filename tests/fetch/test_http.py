"""What a fetch makes of an answer, redirects included; the network is `httpx.MockTransport`."""

import asyncio
import base64
import gzip
import subprocess
import sys
from collections.abc import AsyncIterator

import httpx
import pytest
from tests.fetch.helpers import FEED, START, answer, ask

from nordic_tui.errors import (
    BadAddress,
    BadStatus,
    BrokenAnswer,
    FetchError,
    Gone,
    TooLarge,
    Unreachable,
)
from nordic_tui.fetch.http import HttpFetcher
from nordic_tui.model import Login, Manner, Response

# ── answers ─────────────────────────────────────────────────────────────────────────────────


async def test_an_answer_in_full() -> None:
    headers = {
        "Content-Type": "application/rss+xml; charset=UTF-8",
        "ETag": 'W/"abc"',
        "Last-Modified": "Thu, 01 Oct 2026 12:00:00 GMT",
        "Cache-Control": "max-age=600",
        "X-WP-Total": "5000",
    }
    assert await ask(answer(200, headers, FEED), START + "#top") == Response(
        url=START,
        body=FEED,
        media_type="application/rss+xml; charset=UTF-8",
        etag="abc",
        last_modified="Thu, 01 Oct 2026 12:00:00 GMT",
        max_age_s=600.0,
        total=5_000,
    )


async def test_both_validators_are_sent_and_kept_after_a_304() -> None:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(304)

    date = "Thu, 01 Oct 2026 12:00:00 GMT"
    found = await ask(handle, etag="abc", last_modified=date)
    assert found == Response(url=START, not_modified=True, etag="abc", last_modified=date)
    assert asked[0].headers["If-None-Match"] == '"abc"'
    assert asked[0].headers["If-Modified-Since"] == date


async def test_a_304_may_bring_new_validators() -> None:
    found = await ask(answer(304, {"ETag": '"new"'}), etag="old")
    assert found.etag == "new"


async def test_a_304_that_was_not_asked_for_is_broken() -> None:
    with pytest.raises(BrokenAnswer, match="without having been asked"):
        await ask(answer(304))


async def test_nothing_is_sent_that_is_not_needed() -> None:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, headers={"Set-Cookie": "spy=1"}, content=FEED)

    fetcher = HttpFetcher(user_agent="nordic-tui/test", transport=httpx.MockTransport(handle))
    await fetcher.fetch(START)
    await fetcher.fetch(START)
    for request in asked:
        assert request.method == "GET"
        assert dict(request.headers) == {
            "host": "example.org",
            "user-agent": "nordic-tui/test",
            "accept": "*/*",
            "accept-encoding": "gzip",
        }


async def test_a_gzip_body_is_unpacked() -> None:
    found = await ask(answer(200, {"Content-Encoding": "gzip"}, gzip.compress(FEED)))
    assert found.body == FEED


async def test_hostile_headers_do_not_come_through() -> None:
    headers = {"Content-Type": "text/\x1b[31mxml", "Last-Modified": "\x1b]52;c;eA==\x07"}
    found = await ask(answer(200, headers, FEED))
    assert (found.media_type, found.last_modified) == ("", "")


async def test_an_announced_length_over_the_limit_is_refused_unread() -> None:
    read: list[bytes] = []

    async def body() -> AsyncIterator[bytes]:
        read.append(FEED)
        yield FEED

    headers = {"Content-Length": "1001"}
    with pytest.raises(TooLarge, match="larger than 1 kB"):
        await ask(lambda _: httpx.Response(200, headers=headers, content=body()))
    assert read == []


async def test_retry_after_counts_from_the_servers_own_clock() -> None:
    headers = {
        "Date": "Thu, 01 Oct 2020 12:00:00 GMT",
        "Retry-After": "Thu, 01 Oct 2020 12:02:00 GMT",
    }
    with pytest.raises(BadStatus, match=r"asks to come back in 2 minutes \(503\)") as caught:
        await ask(answer(503, headers))
    assert caught.value.retry_after_s == 120.0


async def test_retry_after_without_a_date_counts_from_ours() -> None:
    with pytest.raises(BadStatus) as caught:
        await ask(answer(429, {"Retry-After": "Thu, 01 Oct 2026 12:05:00 GMT"}))
    assert caught.value.retry_after_s == 300.0


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (httpx.ConnectError("x"), Unreachable),
        (httpx.ConnectTimeout("x"), Unreachable),
        (httpx.ProxyError("x"), Unreachable),
        (OverflowError("x"), BadAddress),
        (ExceptionGroup("x", [OSError("x"), ExceptionGroup("x", [OSError("x")])]), Unreachable),
        (ExceptionGroup("x", [OSError("x"), OverflowError("x")]), BadAddress),
        (httpx.ReadError("x"), BrokenAnswer),
        (httpx.RemoteProtocolError("x"), BrokenAnswer),
        (OSError("x"), Unreachable),
        (UnicodeError("x"), BadAddress),
    ],
)
async def test_no_error_of_a_library_leaves(raised: Exception, kind: type[FetchError]) -> None:
    def handle(_: httpx.Request) -> httpx.Response:
        raise raised

    with pytest.raises(FetchError) as caught:
        await ask(handle)
    assert type(caught.value) is kind
    assert "x" not in str(caught.value).split()


async def test_a_defect_among_the_errors_of_several_addresses_stays_one() -> None:
    errors = ExceptionGroup("x", [OSError("x"), RuntimeError("x")])

    def fail(_: httpx.Request) -> httpx.Response:
        raise errors

    with pytest.raises(ExceptionGroup) as caught:
        await ask(fail)
    assert caught.value is errors


# ── addresses ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("address", "phrase"),
    [
        ("file:///etc/passwd", "neither http nor https"),
        ("ftp://example.org/feed", "neither http nor https"),
        ("example.org/feed", "neither http nor https"),
        ("https:///feed", "without a host"),
        ("https://example.org/a b", "spaces or control characters"),
        ("https://example.org:port/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
        ("http://xn--zzzzzz/", "cannot be read"),
        ("http://xn--zzzzzz:80/feed", "cannot be read"),
        ("http://127.0.0.1:99999/", "a port above 65535"),
        ("http://127.0.0.1:65536/", "a port above 65535"),
        ("http://127.0.0.1:" + "9" * 5_000, "cannot be read"),
    ],
)
async def test_addresses_that_are_not_asked_for(address: str, phrase: str) -> None:
    with pytest.raises(BadAddress, match=phrase):
        await ask(answer(200, body=FEED), address)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://blåbær.example/smørbrød", "xn--blbr-roah.example"),
        ("https://målselv.example/smørbrød", "xn--mlselv-iua.example"),
        ("https://BÜCHER.example/smørbrød", "xn--bcher-kva.example"),
        # Decomposed, as file systems give it.
        ("https://bu\u0308cher.example:443/smørbrød", "xn--bcher-kva.example"),
    ],
)
async def test_letters_of_any_script_in_host_and_path(address: str, host: str) -> None:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=FEED)

    await ask(handle, address)
    assert asked[0].headers["host"] == host
    assert asked[0].url.raw_path == b"/sm%C3%B8rbr%C3%B8d"


async def test_a_name_and_password_go_to_their_own_host_only() -> None:
    sent: dict[str, str | None] = {}

    def handle(request: httpx.Request) -> httpx.Response:
        sent[str(request.url.copy_with(userinfo=b""))] = request.headers.get("authorization")
        steps = {"/": "https://one.example/feed", "/feed": "https://two.example/"}
        location = steps.get(request.url.path) if request.url.host == "one.example" else None
        if location:
            return httpx.Response(302, headers={"Location": location})
        return httpx.Response(200, content=FEED)

    found = await ask(handle, "https://me:p%40ss@one.example/")
    basic = "Basic " + base64.b64encode(b"me:p@ss").decode()
    assert sent == {
        "https://one.example/": basic,
        "https://one.example/feed": basic,
        "https://two.example/": None,
    }
    assert found.url == "https://two.example/"


async def test_the_address_of_an_answer_holds_no_password() -> None:
    found = await ask(answer(200, body=FEED), "https://me:secret@one.example/")
    assert found.url == "https://one.example/"


# ── a source's own manner ───────────────────────────────────────────────────────────────────


OWN = Manner(
    user_agent="me/1",
    headers=(("Accept", "text/xml"), ("X-Key", "1")),
    login=Login(user="me", variable="FEED_PASSWORD"),
)
BASIC = "Basic " + base64.b64encode(b"me:s3cret").decode()


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEED_PASSWORD", "s3cret")


@pytest.mark.usefixtures("password")
async def test_a_source_is_asked_as_a_person_wishes() -> None:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=FEED)

    await ask(handle, "https://you:other@example.org/", manner=OWN)
    assert dict(asked[0].headers) == {
        "host": "example.org",
        "user-agent": "me/1",
        "accept": "text/xml",
        "accept-encoding": "gzip",
        "x-key": "1",
        "authorization": BASIC,
    }


@pytest.mark.usefixtures("password")
@pytest.mark.parametrize(
    ("start", "target", "goes_along"),
    [
        (START, "https://example.org/other", True),
        (START, "https://example.org:443/other", True),
        (START, "https://example.org:8443/", False),
        (START, "https://feeds.example.org/", False),
        ("http://example.org/", "https://example.org/", False),
        ("http://example.org/", "http://example.org/other", True),
    ],
)
async def test_headers_and_credentials_go_to_the_sources_own_origin_only(
    start: str, target: str, goes_along: bool
) -> None:
    last: dict[str, str] = {}

    def handle(request: httpx.Request) -> httpx.Response:
        last.clear()
        last.update(request.headers)
        if str(request.url) == start:
            return httpx.Response(302, headers={"Location": target})
        return httpx.Response(200, content=FEED)

    await ask(handle, start, manner=OWN)
    assert last["user-agent"] == "me/1"
    assert last.get("authorization") == (BASIC if goes_along else None)
    assert last.get("x-key") == ("1" if goes_along else None)
    assert last["accept"] == ("text/xml" if goes_along else "*/*")


@pytest.mark.usefixtures("password")
async def test_who_led_away_once_gets_them_no_more() -> None:
    sent: list[tuple[str, str | None]] = []
    steps = {START: "https://other.example/", "https://other.example/": "https://example.org/b"}

    def handle(request: httpx.Request) -> httpx.Response:
        sent.append((request.url.host, request.headers.get("authorization")))
        location = steps.get(str(request.url))
        if location:
            return httpx.Response(302, headers={"Location": location})
        return httpx.Response(200, content=FEED)

    await ask(handle, manner=OWN)
    assert sent == [("example.org", BASIC), ("other.example", None), ("example.org", None)]


async def test_without_its_password_a_source_is_not_asked() -> None:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=FEED)

    with pytest.raises(FetchError, match="could not be asked: the environment variable"):
        await ask(handle, manner=Manner(login=Login(variable="NORDIC_TUI_NO_SUCH_VARIABLE")))
    assert asked == []


async def test_a_source_may_have_another_limit() -> None:
    with pytest.raises(TooLarge, match="larger than 10 bytes"):
        await ask(answer(200, body=FEED), manner=Manner(max_bytes=10))
    long = await ask(answer(200, body=FEED * 100), manner=Manner(max_bytes=10_000))
    assert len(long.body) == 100 * len(FEED)


# ── many at once ────────────────────────────────────────────────────────────────────────────


async def test_two_requests_at_a_time_to_a_host_and_so_many_in_all() -> None:
    running: dict[str, int] = {}
    most_per_host = most = 0

    async def handle(request: httpx.Request) -> httpx.Response:
        nonlocal most_per_host, most
        host = request.url.host
        running[host] = running.get(host, 0) + 1
        most_per_host = max(most_per_host, running[host])
        most = max(most, sum(running.values()))
        for _ in range(3):
            await asyncio.sleep(0)  # lets the others begin; no time passes
        running[host] -= 1
        return httpx.Response(200, content=FEED)

    fetcher = HttpFetcher(
        user_agent="x", per_host=2, hosts_at_once=5, transport=httpx.MockTransport(handle)
    )
    urls = [f"https://h{n // 10}.example/{n}" for n in range(40)]
    found = await asyncio.gather(*map(fetcher.fetch, urls))
    assert [a.url for a in found] == urls
    assert (most_per_host, most) == (2, 5)


# ── cost ────────────────────────────────────────────────────────────────────────────────────


def test_importing_the_room_does_not_import_httpx() -> None:
    code = "import sys, nordic_tui.fetch.any; assert 'httpx' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(("status", "for_good"), [(301, True), (308, True), (302, False)])
async def test_gone_for_good_is_what_a_permanent_way_leads_to(status: int, for_good: bool) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/old":
            return httpx.Response(status, headers={"Location": "/new"})
        return httpx.Response(410)

    async with HttpFetcher(user_agent="test/1", transport=httpx.MockTransport(answer)) as fetcher:
        with pytest.raises(Gone) as raised:
            await fetcher.fetch("https://site.example/old")
    assert raised.value.for_good is for_good
    assert ("for good" in str(raised.value)) is for_good
