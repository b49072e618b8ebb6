"""Whose certificates are good: the usual authorities', and those of one source for that source."""

import asyncio
import os
import re
import ssl
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from tests.serving import CERTIFICATES, sending, serving, tls, whole

import nordic_tui
from nordic_tui.errors import FetchError, InsecureConnection
from nordic_tui.fetch.connections import Connections
from nordic_tui.fetch.http import HttpFetcher
from nordic_tui.fetch.trust import MAX_BYTES
from nordic_tui.model import Login, Manner

FEED = b"<rss>posts</rss>"
AUTHORITY = str(CERTIFICATES / "authority.pem")
PEM = Path(AUTHORITY).read_bytes()
OWN = Manner(ca_file=AUTHORITY)
ANSWER = whole(FEED)
INVALID = "has no valid certificate:"
UNKNOWN = f"{INVALID} it is signed by an unknown authority"


@pytest.fixture
def nobody_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked would be an error."""

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("something was asked")

    monkeypatch.setattr(Connections, "to", fail)


async def get(address: str, manner: Manner = OWN) -> bytes:
    async with HttpFetcher(user_agent="x", timeout_s=5.0) as fetcher:
        return (await fetcher.fetch(address, manner=manner)).body


@asynccontextmanager
async def office(answer: bytes = ANSWER) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server whose certificate only `authority.pem` vouches for, and what each connection to it
    asked for."""
    heads: list[bytes] = []

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(b"")
        number = len(heads) - 1
        while True:
            heads[number] += await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()

    async with serving(peer, tls("signed.pem")) as authority:
        yield f"https://{authority}", heads


# ── the authorities of a source ─────────────────────────────────────────────────────────────


async def test_an_authority_of_its_own_makes_a_certificate_good() -> None:
    async with office() as (url, _):
        with pytest.raises(InsecureConnection, match=UNKNOWN):
            await get(url, Manner())
        assert await get(url) == FEED


async def test_the_usual_authorities_still_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "good.pem"))
    async with serving(sending(whole(FEED)), tls("good.pem")) as authority:
        assert await get(f"https://{authority}/") == FEED


async def test_the_certificate_of_the_server_itself_will_do() -> None:
    async with office() as (url, _):
        assert await get(url, Manner(ca_file=str(CERTIFICATES / "signed.pem"))) == FEED


@pytest.mark.parametrize(
    ("shown", "ca_file", "phrase"),
    [
        ("elsewhere.pem", AUTHORITY, f"{INVALID} it is made for another address"),
        ("expired.pem", str(CERTIFICATES / "expired.pem"), f"{INVALID} it has expired"),
        ("good.pem", AUTHORITY, f"{INVALID} it is signed by itself"),
    ],
)  # fmt: skip
async def test_it_vouches_for_what_it_signed_alone(shown: str, ca_file: str, phrase: str) -> None:
    async with serving(sending(whole(FEED)), tls(shown)) as authority:
        with pytest.raises(InsecureConnection) as caught:
            await get(f"https://{authority}/", Manner(ca_file=ca_file))
    assert str(caught.value) == phrase


async def test_a_redirect_within_the_origin_keeps_it_and_one_away_does_not() -> None:
    async with office() as (other, heads):
        away = b"HTTP/1.1 302 Found\r\nLocation: %s/\r\nContent-Length: 0\r\n\r\n" % other.encode()
        async with office(away) as (url, first):
            with pytest.raises(InsecureConnection, match=UNKNOWN):
                await get(url)
        assert len(first) == 1
        assert heads == [], "the handshake was refused"
        assert await get(other) == FEED, "which is good where it is meant"
    turn = b"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"
    async with office(turn) as (url, heads):
        with pytest.raises(FetchError, match="redirects in a circle"):
            await get(url)
        assert [head.split()[1] for head in heads] == [b"/", b"/other"]


async def test_sources_that_trust_others_share_no_connection() -> None:
    async with office() as (url, heads), HttpFetcher(user_agent="x") as fetcher:
        for _ in range(2):
            await fetcher.fetch(f"{url}/", manner=OWN)
        with pytest.raises(InsecureConnection):
            await fetcher.fetch(f"{url}/")
        for _ in range(2):
            await fetcher.fetch(f"{url}/", manner=Manner(ca_file=str(CERTIFICATES / "signed.pem")))
    assert [head.count(b"GET ") for head in heads] == [2, 2]


async def test_the_home_directory_is_understood(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "office.pem").symlink_to(AUTHORITY)
    async with office() as (url, _):
        assert await get(url, Manner(ca_file="~/office.pem")) == FEED


async def test_it_is_read_where_it_is_needed_alone() -> None:
    async with serving(sending(whole(FEED))) as authority:
        assert await get(f"http://{authority}/", Manner(ca_file="/nowhere/a.pem")) == FEED


@pytest.mark.usefixtures("nobody_asked")
async def test_a_file_that_cannot_be_used_is_said_and_nothing_is_asked(tmp_path: Path) -> None:
    files = {
        "empty.pem": b"",
        "s3cret.pem": b"s3cret",
        "key.pem": b"-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----\n",
        "cut.pem": PEM[:-100],
        "second.pem": PEM + PEM[:-100],
        "binary.pem": b"\xff\x00" * 1_000,
        "huge.pem": PEM + b"\n" * MAX_BYTES,
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    os.mkfifo(tmp_path / "fifo")
    none, broken = "holds no certificate in PEM", "holds a certificate that cannot be read"
    cases = {
        "missing.pem": "does not exist",
        "": "is a folder",
        "fifo": "is not a regular file",
        "empty.pem": none,
        "s3cret.pem": none,
        "key.pem": none,
        "binary.pem": none,
        "cut.pem": broken,
        "second.pem": broken,
        "huge.pem": "is larger than 1 MB",
    }
    for name, words in cases.items():
        with pytest.raises(FetchError) as caught:
            await get("https://office.example/", Manner(ca_file=str(tmp_path / name)))
        assert str(caught.value) == f"could not be asked: its certificate file {words}"
        assert caught.value.at_this_end
        told = "".join(traceback.format_exception(caught.value))
        assert "s3cret" not in told
        assert str(tmp_path) not in told.replace(__file__, "")
    with pytest.raises(FetchError, match="its certificate file is in a home that does not exist"):
        await get("https://office.example/", Manner(ca_file="~nobody-of-this-name/a.pem"))


# ── nothing switches the check off ──────────────────────────────────────────────────────────

LAX = {
    "PYTHONHTTPSVERIFY": "0",
    "SSL_CERT_FILE": "",
    "SSL_CERT_DIR": "",
    "SSL_NO_VERIFY": "1",
    "CURL_CA_BUNDLE": "",
    "REQUESTS_CA_BUNDLE": "",
    "GIT_SSL_NO_VERIFY": "1",
    "NODE_TLS_REJECT_UNAUTHORIZED": "0",
}
"""What other programs take for a wish not to check, or for the name of no authority."""
EVERY_MANNER = Manner("me/1", (("X-Verify", "no"),), Login(variable="HOME"), 5_000_000, AUTHORITY)


@pytest.fixture
def handshakes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The name that each handshake of a client checks; "" where it would take any certificate."""
    found: list[str] = []
    wrap = ssl.SSLContext.wrap_bio

    def wrap_bio(
        self: ssl.SSLContext,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,
        server_hostname: str | bytes | None = None,
        session: Any = None,
    ) -> ssl.SSLObject:
        if not server_side:
            checks = self.verify_mode is ssl.CERT_REQUIRED and self.check_hostname
            name = server_hostname or ""
            found.append((name if isinstance(name, str) else name.decode()) if checks else "")
        return wrap(self, incoming, outgoing, server_side, server_hostname, session)

    monkeypatch.setattr(ssl.SSLContext, "wrap_bio", wrap_bio)
    return found


@pytest.mark.parametrize("through", ["nothing", "a proxy", "a proxy with TLS"])
async def test_every_handshake_checks_the_chain_and_the_name(
    through: str, handshakes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in LAX.items():
        monkeypatch.setenv(name, value)

    async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await reader.read(1)  # of the client's hello, which nobody answers

    context = tls("signed.pem") if through == "a proxy with TLS" else None
    async with office() as (url, heads), serving(tunnel, context) as proxy:
        if through != "nothing":
            monkeypatch.setenv("https_proxy", f"http{'s' if context else ''}://{proxy}")
        for each in (Manner(), *map(alone, Manner._fields), EVERY_MANNER):
            with suppress(FetchError):
                async with HttpFetcher(user_agent="x", timeout_s=5.0) as fetcher:
                    await fetcher.fetch(url, manner=each)
    assert handshakes == ["127.0.0.1"] * (len(Manner._fields) + 2)
    trusting = 2 if through == "nothing" else 0
    assert len([head for head in heads if head]) == trusting, "the others asked nothing"


def alone(field: str) -> Manner:
    """The manner with one thing that is not as usual."""
    return Manner(**{field: getattr(EVERY_MANNER, field)})


def test_every_thing_that_can_be_set_for_a_source_is_tried_above() -> None:
    assert all(a != b for a, b in zip(EVERY_MANNER, Manner(), strict=True))


async def test_the_authorities_of_a_source_are_none_of_a_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(sending(whole(FEED)), tls("signed.pem")) as proxy:
        monkeypatch.setenv("https_proxy", f"https://{proxy}")
        with pytest.raises(InsecureConnection, match=UNKNOWN):
            await get("https://office.example/")


def test_no_line_of_the_program_switches_the_check_off() -> None:
    off = re.compile(
        r"CERT_NONE|CERT_OPTIONAL|check_hostname\s*=|verify_mode\s*=|verify\s*=\s*(?:False|None)"
        r"|_unverified_context|_https_verify"
    )
    folder = Path(nordic_tui.__file__).parent
    files = list(folder.rglob("*.py"))
    assert folder / "fetch" / "trust.py" in files
    assert [str(file) for file in files if off.search(file.read_text("utf-8"))] == []
