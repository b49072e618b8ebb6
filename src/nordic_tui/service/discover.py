"""What can be followed at whatever a person pasted.

    for each address that the words may stand for:
        answer = fetch(address)                    no feed there: the next one
        a feed?            that is it
        a web page?        the feeds that it names; the one of the page's own category first
    none of them?          the usual places below the page, then of the host; the first that is one

Nothing is kept. Requests go out one after the other, 20 at most, and only to what was pasted, to
what the page names, and to the page's own host.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from nordic_tui.errors import (
    BadStatus,
    DecodeError,
    FetchError,
    InsecureConnection,
    NotAFeed,
    TimedOut,
    Unreachable,
)
from nordic_tui.model import UNTITLED, Entry, Feed, Manner, Page, Response, Source, SourceState
from nordic_tui.service.decide import manner_at
from nordic_tui.service.places import (
    WEB,
    candidates,
    origin,
    protected,
    ranked_feeds,
    unnamed_places,
    usual_places,
    with_login,
    without_login,
)
from nordic_tui.service.ports import USUAL, Decoder, Fetcher, OpenDecoder, OpenFetcher
from nordic_tui.text import clean, comments

MAX_REQUESTS = 20
MAX_NAMED = 6
"""Of the feeds that a page names, so many that answer are looked into."""
NEWEST_SHOWN = 3
_MAX_TITLE_CHARS = 300
_BEGINNING_CHARS = 60
_NO_ANSWER = (Unreachable, TimedOut, InsecureConnection)
_KEPT_FROM_PROGRAMS = (403, 405, 406)
"""What checks for bots answer; a site's feed is often free of them."""
_REFUSING = (401, 403)
"""What answers whoever does not log in."""
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
    is_locked: bool = False
    """Whether nothing is known of it, since it refuses to answer."""
    is_category: bool = False
    """Whether it is the feed of just the category that was pasted, where the site has another."""
    manner: Manner = USUAL
    """How to ask it: as it was asked now, and elsewhere than at what was pasted without the
    headers, login and certificates that were meant for that."""


class Discovery(NamedTuple):
    """What came of it."""

    found: tuple[Found, ...] = ()
    """The best first."""
    tried: tuple[tuple[str, str], ...] = ()
    """What led to no feed: the address as it may be shown, and why, reading on from it."""
    named: int = 0
    """How many feeds the page names, where they are more than were looked at; else 0."""
    looked_at: int = 0
    """How many of those were, the first."""
    locked: Found | None = None
    """What was pasted, where it refused to answer, as it does without a login (401, 403) and
    nothing was found: it can be followed all the same and get its login afterwards."""


Say = Callable[[str], None]


def _say_nothing(words: str) -> None:
    pass


class Discoverer:
    """Finds feeds. What a page names is asked for as such (`led_from`): where that may not lead,
    the fetcher knows."""

    def __init__(self, open_fetcher: OpenFetcher, open_decoder: OpenDecoder) -> None:
        self._open_fetcher = open_fetcher
        self._open_decoder = open_decoder

    async def find(self, words: str, say: Say = _say_nothing, manner: Manner = USUAL) -> Discovery:
        """The feeds at what a person pasted: a feed, a page, a host, a file.

        say: told what is asked just now, in a few words ("asking news.example/feed/").
        manner: how to ask; its headers and login go to the scheme, host and port that were
            pasted only, where its certificates count, and where no scheme was pasted by https
            only.
        """
        addresses = candidates(words)
        if not addresses:
            shown = clean.line(without_login(words), 300)
            why = "is neither a web address nor a file"
            return Discovery(tried=((shown, why) if shown else ("An address", "is needed"),))
        if manner.headers or manner.login or manner.ca_file:
            addresses = tuple(each for each in addresses if _by_https(each) not in addresses)
        async with self._open_fetcher() as fetcher, self._open_decoder() as decoder:
            search = _Search(fetcher, decoder, say, manner)
            for address in addresses:
                if found := await search.at(address):
                    break
            else:
                found = await search.guessed()
        return Discovery(
            tuple(found),
            tuple(search.tried.items()),
            search.named,
            search.looked_at,
            search.locked if not found else None,
        )


class _Search:
    """One search: what it has asked for, and what led nowhere."""

    def __init__(
        self,
        fetcher: Fetcher,
        decoder: Decoder,
        say: Say,
        manner: Manner,
    ) -> None:
        self.tried: dict[str, str] = {}
        self.named = self.looked_at = 0
        self.locked: Found | None = None
        self._fetcher = fetcher
        self._decoder = decoder
        self._say = say
        self._manner = manner
        self._pasted = ""
        """The address that is looked at."""
        self._page: tuple[Page, str, str] | None = None
        """A page without a feed, where it is, and the address that led there: what the usual
        places are sought from."""
        self._requests = 0
        self._asked: set[str] = set()
        self._answered: set[tuple[str, str]] = set()
        """Origins of what was pasted that have answered, with whatever it was."""
        self._left_alone: set[tuple[str, str]] = set()
        """Origins that do not answer, or want to be left alone."""

    async def at(self, address: str) -> list[Found]:
        """The feeds at an address that was pasted, or that the page there names."""
        # Who answered by https, be it with a refusal, answers the same by http.
        if not self._may_ask(address) or origin(_by_https(address)) in self._answered:
            return []
        self._pasted = address
        found = []
        try:
            answer = await self._fetch(address)
            self._answered.add(origin(address))
            try:
                return [self._found(address, answer, await self._decode(answer))]
            except NotAFeed as error:
                self._note(address, error)
                page, url = await self._read_page(answer), with_login(answer.url, address)
                self._page = page, url, address
                found = await self._named(page, url)
                if page.is_lost and not found:
                    self.tried[_shown(address)] = (
                        "is a saved page: its links lead nowhere without the site's address"
                    )
        except (FetchError, DecodeError) as error:
            self._note(address, error)
            if not isinstance(error, _NO_ANSWER):
                self._answered.add(origin(address))
            if isinstance(error, BadStatus):
                if error.status in _REFUSING:
                    self.locked = self.locked or self._locked(address)
                if error.status in _KEPT_FROM_PROGRAMS:
                    self._page = Page(), address, address
        if found:
            self.tried.pop(_shown(address), None)  # it did lead to a feed
        return found

    async def guessed(self) -> list[Found]:
        """The first of the usual places that is a feed."""
        if self._page is None:
            return []
        page, url, self._pasted = self._page
        found = await self._first_of(usual_places(url), page, url)
        if found is None:
            return []
        self.tried.pop(_shown(self._pasted), None)
        return [found]

    async def _named(self, page: Page, url: str) -> list[Found]:
        """Of the feeds that a page names, those that are; and before them its own, where it is a
        list of some posts and does not name that."""
        found: list[Found] = []
        answers = looked_at = 0
        ranked = ranked_feeds(page, url)
        for link, is_category in ranked:
            if answers == MAX_NAMED or MAX_REQUESTS in (looked_at, self._requests):
                self.named, self.looked_at = len(ranked), looked_at
                break
            looked_at += 1
            address = with_login(protected(link.address, url), url)
            if not self._may_ask(address):
                continue
            try:
                each = await self._feed_at(address, link.title or page.title, url)
            except (FetchError, DecodeError) as error:
                self._note(address, error)
                continue
            answers += 1
            each = each._replace(is_category=is_category)
            if not any(_is_same(each, other) for other in found):
                found.append(each)
        found.sort(key=_may_be_comments)
        noted = dict(self.tried)
        own = await self._first_of(unnamed_places(page, url), page, url, is_empty_too=False)
        self.tried = noted  # that it is not there is what is usual
        # Where a site leads from an address that it does not know to its feed, it is that one.
        if own is None or any(_is_same(own, each) for each in found):
            return found
        return [own._replace(is_category=True), *found]

    async def _first_of(
        self, places: Iterable[str], page: Page, url: str, *, is_empty_too: bool = True
    ) -> Found | None:
        """The first of some places that is a feed. That it is not at the others is what is usual,
        and told only if it is at none."""
        noted = dict(self.tried)
        for address in places:
            if not self._may_ask(address):
                continue
            try:
                found = await self._feed_at(address, page.title, url)
            except (FetchError, DecodeError) as error:
                self._note(address, error)
                continue
            if found.posts or is_empty_too:
                self.tried = noted
                return found
        return None

    async def _feed_at(self, address: str, title: str, url: str) -> Found:
        """The feed at an address that nobody pasted. Raises FetchError or DecodeError.

        title: for a feed that has none. url: the page that led there.
        """
        answer = await self._fetch(address, led_from=url)
        feed = await self._decode(answer)
        if comments.is_title(feed.title) or comments.is_certain(address, feed.title):
            raise NotAFeed("is a feed of comments")
        return self._found(address, answer, feed, title)

    def _locked(self, address: str) -> Found:
        manner = self._manner_at(address)
        return Found(address, clean.host(address), 0, is_locked=True, manner=manner)

    def _found(self, address: str, answer: Response, feed: Feed, title: str = "") -> Found:
        found = _found(address, answer, feed, title)
        return found._replace(manner=self._manner_at(found.address))

    # ── the edges ───────────────────────────────────────────────────────────────────────────

    def _may_ask(self, address: str) -> bool:
        return (
            self._requests < MAX_REQUESTS
            and address not in self._asked
            and origin(address) not in self._left_alone
        )

    async def _fetch(self, address: str, led_from: str = "") -> Response:
        self._requests += 1
        self._asked.add(address)
        is_web = address.startswith(WEB)
        where = _shown(address)
        self._say(f"asking {where.partition('://')[2]}" if is_web else f"reading {where}")
        manner = self._manner_at(address)
        answer = await self._fetcher.fetch(address, manner=manner, led_from=led_from)
        self._asked.add(with_login(answer.url, address))
        return answer

    def _manner_at(self, address: str) -> Manner:
        return manner_at(self._manner, self._pasted, address)

    async def _decode(self, answer: Response) -> Feed:
        return await self._decoder.decode(answer.body, media_type=answer.media_type, url=answer.url)

    async def _read_page(self, answer: Response) -> Page:
        try:
            return await self._decoder.page(
                answer.body, media_type=answer.media_type, url=answer.url
            )
        except DecodeError:
            return Page()  # the usual places are left

    def _note(self, address: str, error: FetchError | DecodeError) -> None:
        self.tried.setdefault(_shown(address), str(error))
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
        or clean.line(origin(address)[1])
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
        or UNTITLED
    )


def _is_same(one: Found, other: Found) -> bool:
    """Whether two feeds are the same in two formats."""
    return _without_place(one) == _without_place(other)


def _without_place(found: Found) -> Found:
    return found._replace(address="", is_category=False, manner=USUAL)


def _may_be_comments(found: Found) -> bool:
    return not found.is_category and comments.is_possible(found.address, found.title)


def _by_https(address: str) -> str:
    """The address in whose place a web address by http is tried; "" for every other."""
    return f"https://{address[7:]}" if address.startswith("http://") else ""


def _shown(address: str) -> str:
    return without_login(clean.shown_address(address))


# ── what is followed already ────────────────────────────────────────────────────────────────


def followed_titles(sources: Iterable[Source], states: Iterable[SourceState]) -> dict[str, str]:
    """What is followed, by every address that it is known by: its own, and where it moved to.

    The values are what the sources are called, "" as long as nothing is kept of one.
    """
    kept = {state.address: state for state in states}
    titles: dict[str, str] = {}
    for source in sources:
        state = kept.get(source.address, SourceState(source.address))
        titles[source.address] = state.title
        if state.read_from:
            titles.setdefault(state.read_from, state.title)
    return titles
