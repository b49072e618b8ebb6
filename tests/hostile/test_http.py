"""Every server of the corpus, asked by the real fetcher over a socket."""

import asyncio
import gc
import socket
import struct
from asyncio.selector_events import BaseSelectorEventLoop
from pathlib import Path

import pytest

from nordic_tui.errors import FetchError
from nordic_tui.fetch.http import HttpFetcher
from nordic_tui.model import Response
from tests.hostile.http import CASES
from tests.hostile.servers import HERE, HttpCase, Reset, Wait, pieces
from tests.serving import CERTIFICATES, serving, tls

PUBLIC = "93.184.216.34"
KNOWN = ("authority.pem", "expired.pem")
"""Whose certificates count."""
USUAL = ["host", "user-agent", "accept", "accept-encoding"]
NAMES = {
    "feeds.example": [PUBLIC],
    "inside.example": ["192.168.1.1"],
    "mixed.example": [PUBLIC, "10.0.0.1"],
}


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What connections are made to. The public address leads to the loopback, where the server
    is; no other name is known and nobody else listens."""
    found: set[str] = set()
    connect = BaseSelectorEventLoop.sock_connect

    def getaddrinfo(host: str | bytes, port: int | None, *_: object) -> list[tuple[object, ...]]:
        name = host.decode() if isinstance(host, bytes) else host
        addresses = [name] if name in (PUBLIC, "127.0.0.1") else NAMES.get(name)
        if addresses is None:
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, (address, port or 0)) for address in addresses]

    async def sock_connect(
        self: BaseSelectorEventLoop, sock: socket.socket, address: tuple[str, int]
    ) -> None:
        found.add(address[0])
        if address[0] not in (PUBLIC, "127.0.0.1"):
            raise ConnectionRefusedError
        await connect(self, sock, ("127.0.0.1", address[1]))

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(BaseSelectorEventLoop, "sock_connect", sock_connect)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return found


async def ask(case: HttpCase, heads: list[bytes]) -> list[Response | FetchError]:
    """What comes of each fetch; heads: filled with the heads of the requests."""

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if case.by_tls and not case.certificate:
            await reader.read(1)  # of the client's hello
        else:
            heads.append(await reader.readuntil(b"\r\n\r\n"))
        number = min(max(len(heads), 1), len(case.scripts)) - 1
        for piece in pieces(case.scripts[number]):
            if isinstance(piece, Wait):
                await reader.read()
            elif isinstance(piece, Reset):
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, linger
                )
                writer.transport.abort()
                return
            else:
                writer.write(piece.replace(HERE, here.encode()))
                await writer.drain()
                await asyncio.sleep(0)  # drain does not always let others go on

    context = tls(case.certificate) if case.certificate else None
    found: list[Response | FetchError] = []
    async with serving(peer, context) as authority:
        port = authority.rpartition(":")[2]
        here = authority if case.by_tls else f"feeds.example:{port}"
        address = f"http{'s' if case.by_tls else ''}://{here}/"
        async with HttpFetcher(
            user_agent="x", timeout_s=case.timeout_s, max_bytes=case.max_bytes
        ) as fetcher:
            for _ in range(case.fetches):
                try:
                    found.append(await fetcher.fetch(address))
                except FetchError as error:
                    found.append(error)
    return found


# httpcore leaves the socket of a handshake that is cancelled to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_what_the_reader_does(
    case: HttpCase, connected: set[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    known = tmp_path / "known.pem"
    known.write_bytes(b"".join((CERTIFICATES / name).read_bytes() for name in KNOWN))
    monkeypatch.setenv("SSL_CERT_FILE", str(known))
    heads: list[bytes] = []
    for found in await ask(case, heads):
        if isinstance(found, FetchError):
            assert str(found) == case.says
            continue
        assert case.says == ""
        assert found.body == case.gives
        assert found.media_type == case.media_type
        assert "hush" not in repr(found)
        assert found.etag == found.last_modified == ""
    assert len(heads) == case.requests
    assert connected == {"127.0.0.1" if case.by_tls else PUBLIC}
    for number, head in enumerate(heads, start=1):
        names = [line.partition(":")[0].lower() for line in head.decode().splitlines()[1:] if line]
        more = case.sends if number == len(heads) else ()
        assert names == [*USUAL, *more], "nothing that a server said goes out again"
    gc.collect()
