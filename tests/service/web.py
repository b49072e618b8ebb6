"""What stands at each address, for those who look for feeds."""

from collections.abc import Awaitable, Callable

from nordic_tui.errors import (
    BadAddress,
    BadStatus,
    DecodeError,
    FetchError,
    NotAFeed,
)
from nordic_tui.model import (
    Feed,
    FeedLink,
    Manner,
    Page,
    Response,
)
from nordic_tui.service.discover import (
    Discoverer,
    Discovery,
)
from nordic_tui.service.ports import USUAL
from tests.fakes import FakeDecoder, FakeFetcher

SITE = "https://site.example"
HOME, FEED = f"{SITE}/", f"{SITE}/feed/"
IS_PAGE = "answers with a web page, not a feed"
MISSING = BadStatus("answered 404: there is nothing at this address", 404)


class MissingPages(FakeFetcher):
    """Answers 404 where nothing is, and lets nobody be led into 10.0.0.0/8."""

    async def fetch(
        self,
        address: str,
        *,
        etag: str = "",
        last_modified: str = "",
        validators_of: str = "",
        led_from: str = "",
        manner: Manner = USUAL,
        wait_for_room: Callable[[], Awaitable[None]] | None = None,
    ) -> Response:
        if "//10." in address and led_from and "//10." not in led_from:
            raise BadAddress("is in a private network and was named from outside")
        self.answers.setdefault(address, MISSING)
        return await super().fetch(address, manner=manner, led_from=led_from)


class Web:
    """What is at each address."""

    def __init__(self) -> None:
        self.fetcher = MissingPages()
        self.decoder = FakeDecoder()
        self.said: list[str] = []

    def serve(
        self, address: str, content: Feed | Page | Exception, *, url: str = "", moved_to: str = ""
    ) -> None:
        """content: a DecodeError is what reading the bytes comes to."""
        if isinstance(content, FetchError):
            self.fetcher.answers[address] = content
            return
        body = address.encode()
        self.fetcher.answers[address] = Response(url or address, body=body, moved_to=moved_to)
        if isinstance(content, Page):
            self.decoder.pages[body] = content
            self.decoder.feeds[body] = NotAFeed(IS_PAGE)
        else:
            assert isinstance(content, Feed | DecodeError)
            self.decoder.feeds[body] = content

    async def find(self, words: str, manner: Manner = USUAL) -> Discovery:
        discoverer = Discoverer(self.fetcher.open, self.decoder.open)
        return await discoverer.find(words, self.said.append, manner)

    @property
    def asked(self) -> list[str]:
        return [asked.address for asked in self.fetcher.asked]


def names(*addresses: str, title: str = "A page") -> Page:
    return Page(title, tuple(FeedLink(address, f"Link to {address}") for address in addresses))
