"""Pictures come by the program's own fetcher, from where the post may lead."""

import asyncio
import threading

import pytest

from nordic_tui.courtesy import Courtesy
from nordic_tui.errors import HandoffError, Unreachable
from nordic_tui.model import Manner, Response
from nordic_tui.service.background import BackgroundPicture
from nordic_tui.service.pictures import MAX_BYTES, Pictures
from nordic_tui.wiring import open_fetcher
from tests.fakes import FakeFetcher

WHERE, SOURCE = "https://news.example/a.png", "https://news.example/feed/"


async def prepare(body: bytes) -> bytes:
    if not body:
        raise HandoffError("This is no picture.")
    return b"drawn " + body


def usual(_: str) -> Manner:
    return Manner()


async def test_a_picture_is_fetched_as_the_posts_own() -> None:
    fetcher = FakeFetcher({WHERE: Response(WHERE, body=b"png")})
    assert await Pictures(fetcher.open, prepare, usual).get(WHERE, SOURCE) == b"drawn png"
    (asked,) = fetcher.asked
    assert (asked.address, asked.led_from) == (WHERE, SOURCE)
    assert asked.manner.max_bytes == MAX_BYTES
    assert asked.manner.login is None


@pytest.mark.parametrize(
    ("address", "has_its_own"),
    [(WHERE, True), ("https://cdn.example/a.png", False), ("http://news.example/a.png", False)],
)
async def test_what_is_for_the_source_goes_to_its_own_host_only(
    address: str, has_its_own: bool
) -> None:
    fetcher = FakeFetcher({address: Response(address, body=b"png")})
    asked_of: list[str] = []

    def manner_of(source: str) -> Manner:
        asked_of.append(source)
        return Manner(headers=(("X-Key", "1"),), ca_file="/office.pem", user_agent="Kari")

    await Pictures(fetcher.open, prepare, manner_of).get(address, SOURCE)
    (asked,) = fetcher.asked
    assert asked_of == [SOURCE]
    assert bool(asked.manner.headers) is has_its_own
    assert bool(asked.manner.ca_file) is has_its_own
    assert asked.manner.user_agent == "Kari"
    assert asked.manner.max_bytes == MAX_BYTES


@pytest.mark.parametrize("led_from", [SOURCE, "", "/home/kari/feed.xml"])
@pytest.mark.parametrize("inside", ["http://127.0.0.1:1/a.png", "http://192.168.1.1/reboot"])
async def test_a_post_does_not_lead_into_a_private_network(led_from: str, inside: str) -> None:
    with pytest.raises(HandoffError, match="is in a private network and was named from outside"):
        await Pictures(open_fetcher, prepare, usual).get(inside, led_from)


async def test_what_does_not_come_is_said_with_the_host() -> None:
    fetcher = FakeFetcher({WHERE: Unreachable("could not be reached")})
    with pytest.raises(
        HandoffError, match=r"^The picture at news\.example could not be reached\.$"
    ):
        await Pictures(fetcher.open, prepare, usual).get(WHERE, SOURCE)


def in_background(fetcher: FakeFetcher) -> tuple[BackgroundPicture, list[bytes | str]]:
    ended = threading.Event()
    heard: list[bytes | str] = []

    def hear(what: bytes | str) -> None:
        heard.append(what)
        ended.set()

    background = BackgroundPicture(Pictures(fetcher.open, prepare, usual), Courtesy())
    assert background.start(WHERE, SOURCE, hear)
    assert ended.wait(10)
    return background, heard


@pytest.mark.parametrize(
    ("body", "heard"), [(b"png", b"drawn png"), (b"", "This is no picture.")], ids=["yes", "no"]
)
def test_behind_the_screen(body: bytes, heard: bytes | str) -> None:
    fetcher = FakeFetcher({WHERE: Response(WHERE, body=body)})
    assert in_background(fetcher)[1] == [heard]


def test_one_at_a_time_and_none_after_stop() -> None:
    fetcher = FakeFetcher()
    fetcher.silent.add(WHERE)
    heard: list[bytes | str] = []
    background = BackgroundPicture(Pictures(fetcher.open, prepare, usual), Courtesy())
    assert background.start(WHERE, SOURCE, heard.append)
    assert fetcher.waiting.wait(10)
    assert not background.start(WHERE, SOURCE, heard.append)
    background.stop(10)
    assert heard == []
    assert fetcher.open_count == 0


def test_a_defect_is_said() -> None:
    async def broken(_: bytes) -> bytes:
        await asyncio.sleep(0)
        raise RuntimeError

    crashes: list[type[BaseException]] = []
    fetcher = FakeFetcher({WHERE: Response(WHERE, body=b"png")})
    heard: list[bytes | str] = []
    ended = threading.Event()

    def hear(what: bytes | str) -> None:
        heard.append(what)
        ended.set()

    before, threading.excepthook = threading.excepthook, lambda c: crashes.append(c.exc_type)
    try:
        background = BackgroundPicture(Pictures(fetcher.open, broken, usual), Courtesy())
        background.start(WHERE, SOURCE, hear)
        assert ended.wait(10)
        background.stop(10)
    finally:
        threading.excepthook = before
    assert heard == ["The picture met a defect of this program (RuntimeError)."]
    assert crashes == [RuntimeError]
