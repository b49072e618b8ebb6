"""What can be followed at whatever a person pasted.

    for each address that the words may stand for:
        answer = fetch(address)                    no answer at all: the next one
        a feed?            that is it
        a web page?        the feeds that it names; the one of the page's own category first
        none of them?      the usual places below the page, then of the host; the first that is one

Nothing is kept. Requests go out one after the other, 12 at most, and only to what was pasted, to
what the page names, and to the page's own host.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from nordic_tui.errors import (
    BadAddress,
    BadStatus,
    DecodeError,
    FetchError,
    InsecureConnection,
    NotAFeed,
    TimedOut,
    Unreachable,
)
from nordic_tui.model import Entry, Feed, Page, Response
from nordic_tui.service.places import (
    WEB,
    candidates,
    host,
    origin,
    protected,
    ranked_feeds,
    usual_places,
    with_login,
    without_login,
)
from nordic_tui.service.ports import Decoder, Fetcher, OpenDecoder, OpenFetcher
from nordic_tui.text import clean

MAX_REQUESTS = 12
MAX_NAMED = 6
"""So many of the feeds that a page names are looked into."""
NEWEST_SHOWN = 3
_MAX_TITLE_CHARS = 300
_BEGINNING_CHARS = 60
_COMMENTS_TITLE = re.compile(
    r"\s*(?:comments (?:on|for)|kommentarer (?:til|for|på|till)|kommentit"
    r"|kommentare (?:zu|für)|athugasemdir|ummæli)\b",
    re.IGNORECASE,
)
"""How WordPress begins the titles of the feeds of comments, in the languages of the North."""
_NO_ANSWER = (Unreachable, TimedOut, InsecureConnection)
_KEPT_FROM_PROGRAMS = (403, 405, 406)
"""What checks for bots answer; a site's feed is often free of them."""
_LEAVE_ALONE = (401, 429, 503)
"""Who asks for a password or for peace is not asked for other things."""


class Found(NamedTuple):
    """A feed that can be followed."""

    address: str
    """What to follow. It may hold a name and password that were pasted; `clean.shown_address`
    leaves them out."""
    title: str
    posts: int
    """How many posts are in it now; 0: it is empty."""
    newest: tuple[str, ...] = ()
    """The titles of the newest posts, three at most."""
    newest_at: datetime | None = None
    is_category: bool = False
    """Whether it is the feed of just the category that was pasted, where the site has another."""


class Discovery(NamedTuple):
    """What came of it."""

    found: tuple[Found, ...] = ()
    """The best first."""
    tried: tuple[tuple[str, str], ...] = ()
    """What led to no feed: the address as it may be shown, and why, reading on from it."""


Say = Callable[[str], None]


def _say_nothing(words: str) -> None:
    pass


def _none_is_private(host: str) -> bool:
    return False


class Discoverer:
    """Finds feeds.

    is_private: whether a host is this machine or in its own network. A page of elsewhere must
        not send the reader there.
    """

    def __init__(
        self,
        open_fetcher: OpenFetcher,
        open_decoder: OpenDecoder,
        *,
        is_private: Callable[[str], bool] = _none_is_private,
    ) -> None:
        self._open_fetcher = open_fetcher
        self._open_decoder = open_decoder
        self._is_private = is_private

    async def find(self, words: str, say: Say = _say_nothing) -> Discovery:
        """The feeds at what a person pasted: a feed, a page, a host, a file.

        say: told what is asked just now, in a few words ("asking news.example/feed/").
        """
        addresses = candidates(words)
        if not addresses:
            shown_words = clean.line(without_login(words), 300) or "Nothing"
            return Discovery(tried=((shown_words, "is neither a web address nor a file"),))
        async with self._open_fetcher() as fetcher, self._open_decoder() as decoder:
            search = _Search(fetcher, decoder, say, self._is_private)
            found: list[Found] = []
            for address in addresses:
                found = await search.at(address)
                # Who answered by https, be it with a refusal, answers the same by http.
                if search.has_answer:
                    break
        return Discovery(tuple(found), tuple(search.tried.items()))


class _Search:
    """One search: what it has asked for, and what led nowhere."""

    def __init__(
        self, fetcher: Fetcher, decoder: Decoder, say: Say, is_private: Callable[[str], bool]
    ) -> None:
        self.tried: dict[str, str] = {}
        self.has_answer = False
        """Whether what was pasted has answered, with whatever it was."""
        self._fetcher = fetcher
        self._decoder = decoder
        self._say = say
        self._is_private = is_private
        self._requests = 0
        self._asked: set[str] = set()
        self._left_alone: set[tuple[str, str]] = set()
        """Origins that do not answer, or asked not to be asked for now."""

    async def at(self, address: str) -> list[Found]:
        """The feeds at an address that was pasted."""
        found = []
        try:
            answer = await self._fetch(address)
            self.has_answer = True
            try:
                return [_found(address, answer, await self._decode(answer))]
            except NotAFeed as error:
                self._note(address, error)
                page = await self._page(answer)
                url = with_login(answer.url, address)
                found = await self._named(page, url) or await self._guessed(page, url)
        except (FetchError, DecodeError) as error:
            self._note(address, error)
            self.has_answer = not isinstance(error, _NO_ANSWER)
            if isinstance(error, BadStatus) and error.status in _KEPT_FROM_PROGRAMS:
                found = await self._guessed(Page(), address)
        if found:
            self.tried.pop(clean.shown_address(address), None)  # it did lead to a feed
        return found

    async def _named(self, page: Page, url: str) -> list[Found]:
        """Of the feeds that a page names, those that are."""
        found: list[Found] = []
        for link, is_category in ranked_feeds(page, url)[:MAX_NAMED]:
            address = with_login(protected(link.address, url), url)
            if not self._may_ask(address):
                continue
            try:
                each = await self._feed_at(address, link.title or page.title, url)
            except (FetchError, DecodeError) as error:
                self._note(address, error)
                continue
            each = each._replace(is_category=is_category)
            if not any(_is_same(each, other) for other in found):
                found.append(each)
        return found

    async def _guessed(self, page: Page, url: str) -> list[Found]:
        """The first of the usual places that is a feed."""
        noted = dict(self.tried)
        for address in usual_places(url):
            if not self._may_ask(address):
                continue
            try:
                found = await self._feed_at(address, page.title, url)
            except (FetchError, DecodeError) as error:
                self._note(address, error)
                continue
            # That a feed is not at the other places is what is usual.
            self.tried = noted
            return [found]
        return []

    async def _feed_at(self, address: str, title: str, url: str) -> Found:
        """The feed at an address that nobody pasted. Raises FetchError or DecodeError.

        title: for a feed that has none. url: the page that led there.
        """
        if self._is_private(host(address)) and not self._is_private(host(url)):
            raise BadAddress("is in a private network and was named from outside")
        answer = await self._fetch(address)
        feed = await self._decode(answer)
        if _COMMENTS_TITLE.match(feed.title):
            raise NotAFeed("is a feed of comments")
        return _found(address, answer, feed, title)

    # ── the edges ───────────────────────────────────────────────────────────────────────────

    def _may_ask(self, address: str) -> bool:
        return (
            self._requests < MAX_REQUESTS
            and address not in self._asked
            and origin(address) not in self._left_alone
        )

    async def _fetch(self, address: str) -> Response:
        self._requests += 1
        self._asked.add(address)
        is_web = address.startswith(WEB)
        where = clean.shown_address(address)
        self._say(f"asking {where.partition('://')[2]}" if is_web else f"reading {where}")
        answer = await self._fetcher.fetch(address)
        self._asked.add(with_login(answer.url, address))
        return answer

    async def _decode(self, answer: Response) -> Feed:
        return await self._decoder.decode(answer.body, media_type=answer.media_type, url=answer.url)

    async def _page(self, answer: Response) -> Page:
        try:
            return await self._decoder.page(
                answer.body, media_type=answer.media_type, url=answer.url
            )
        except DecodeError:
            return Page()  # the usual places are left

    def _note(self, address: str, error: FetchError | DecodeError) -> None:
        self.tried.setdefault(clean.shown_address(address), str(error))
        if isinstance(error, _NO_ANSWER) or (
            isinstance(error, BadStatus)
            and (error.retry_after_s is not None or error.status in _LEAVE_ALONE)
        ):
            self._left_alone.add(origin(address))


# ── what was found ──────────────────────────────────────────────────────────────────────────


def _found(address: str, answer: Response, feed: Feed, title: str = "") -> Found:
    """title: for a feed that has none."""
    oldest = datetime.min.replace(tzinfo=UTC)
    newest = sorted(feed.entries, key=lambda entry: entry.published or oldest, reverse=True)
    address = answer.moved_to or address
    return Found(
        address=address,
        title=clean.line(feed.title or title, _MAX_TITLE_CHARS)
        or clean.host(address)
        or Path(address).name,
        posts=len(feed.entries),
        newest=tuple(_title(entry) for entry in newest[:NEWEST_SHOWN]),
        newest_at=newest[0].published if newest else None,
    )


def _title(entry: Entry) -> str:
    """The title of a post, else how its text begins."""
    return (
        clean.line(entry.title, _MAX_TITLE_CHARS)
        or clean.line(entry.excerpt, _BEGINNING_CHARS)
        or "Untitled"
    )


def _is_same(one: Found, other: Found) -> bool:
    """Whether two feeds are the same in two formats."""
    return one._replace(address="", is_category=False) == other._replace(
        address="", is_category=False
    )
