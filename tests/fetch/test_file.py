import io
import os
import socket
from pathlib import Path

import httpx
import pytest

from nordic_tui.errors import BadAddress, FileUnreadable, TooLarge
from nordic_tui.fetch.any import Fetcher
from nordic_tui.fetch.file import read_file, read_stdin
from nordic_tui.fetch.http import HttpFetcher
from nordic_tui.model import Manner, Response


async def test_a_file_is_read_once_until_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "nyheter.xml"
    path.write_bytes(b"<rss/>")
    os.utime(path, ns=(1, 1_700_000_000_000_000_001))

    first = await read_file(str(path))
    assert first == Response(url=str(path), body=b"<rss/>", etag="1700000000000000001-6")

    again = await read_file(str(path), etag=first.etag)
    assert again == Response(url=str(path), not_modified=True, etag=first.etag)

    path.write_bytes(b"<rss> </rss>")
    os.utime(path, ns=(1, 1_700_000_000_000_000_001))
    assert (await read_file(str(path), etag=first.etag)).body == b"<rss> </rss>"


async def test_nothing_from_outside_leads_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "nyheter.xml"
    path.write_bytes(b"<rss/>")
    fetcher = Fetcher(HttpFetcher(user_agent="x"))
    for leader in ("https://news.example/", "HTTP://news.example/"):
        with pytest.raises(BadAddress, match="is a file and was named from outside"):
            await fetcher.fetch(str(path), led_from=leader)
    assert (await fetcher.fetch(str(path), led_from=str(tmp_path / "page.html"))).body == b"<rss/>"


async def test_validators_of_another_file_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "nyheter.xml"
    path.write_bytes(b"<rss/>")
    fetcher = Fetcher(HttpFetcher(user_agent="x"))
    first = await fetcher.fetch(str(path))
    for gave, not_modified in (("", True), (first.url, True), ("/elsewhere", False)):
        again = await fetcher.fetch(str(path), etag=first.etag, validators_of=gave)
        assert again.not_modified is not_modified


async def test_a_web_address_is_asked_with_all_that_is_known_of_it() -> None:
    sent: list[str | None] = []

    def handle(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.get("if-none-match"))
        return httpx.Response(200)

    fetcher = Fetcher(HttpFetcher(user_agent="x", transport=httpx.MockTransport(handle)))
    for gave in ("https://a.example/", "https://a.example/other"):
        await fetcher.fetch("https://a.example/", etag="e", validators_of=gave)
    assert sent == ['"e"', None]
    with pytest.raises(BadAddress, match="was named from outside"):
        await fetcher.fetch("http://localhost/", led_from="http://a.example/")


async def test_what_is_not_a_file_to_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to("loop")
    cases = {
        str(tmp_path / "missing"): "does not exist",
        str(tmp_path): "is a folder",
        str(tmp_path / "fifo"): "is not a regular file",
        "/dev/zero": "is not a regular file",
        str(tmp_path / "loop"): "could not be read",
        str(tmp_path / "a\0b"): "has a path that cannot be used",
    }
    for path, phrase in cases.items():
        with pytest.raises(FileUnreadable) as caught:
            await read_file(path)
        assert str(caught.value) == phrase


async def test_a_socket_does_not_hang(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        with pytest.raises(FileUnreadable):
            await read_file(str(tmp_path / "s"))


async def test_permission_denied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError  # a file of mode 0000 stops everyone but root

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(FileUnreadable, match=r"^may not be read: permission denied$"):
        await read_file(str(tmp_path / "feed.xml"))


async def test_a_file_up_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(b"x" * 10)
    assert len((await read_file(str(path), max_bytes=10)).body) == 10
    with pytest.raises(TooLarge, match="is larger than 9 bytes"):
        await read_file(str(path), max_bytes=9)


def test_standard_input_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"<rss/>")))
    assert read_stdin(6) == b"<rss/>"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"<rss/>")))
    with pytest.raises(TooLarge):
        read_stdin(5)


def test_no_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(FileUnreadable, match="could not be read"):
        read_stdin()


async def test_one_fetcher_for_web_and_disk(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(b"disk")
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=b"webs"))
    async with Fetcher(HttpFetcher(user_agent="x", transport=transport)) as fetcher:
        assert (await fetcher.fetch("HTTPS://example.org/feed")).body == b"webs"
        disk = await fetcher.fetch(str(path))
        assert disk.body == b"disk"
        assert (await fetcher.fetch(str(path), etag=disk.etag)).not_modified
        small = Manner(max_bytes=3)
        for address in (str(path), "https://example.org/feed"):
            assert (await fetcher.fetch(address, manner=Manner(max_bytes=4))).body
            with pytest.raises(TooLarge, match="is larger than 3 bytes"):
                await fetcher.fetch(address, manner=small)
        for address in ("feed.xml", "file:///etc/passwd", ""):
            with pytest.raises(BadAddress, match="neither a web address nor an absolute path"):
                await fetcher.fetch(address)
