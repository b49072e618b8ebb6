"""Full texts: which pages are fetched, how their hosts are asked, and what is kept."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from nordic_tui.config.lock import OneAtATime
from nordic_tui.errors import (
    BadStatus,
    DecodeError,
    ExtraMissing,
    FetchError,
    NotAFeed,
    StoreError,
    TimedOut,
    Unreachable,
    WorkerDied,
)
from nordic_tui.model import (
    Article,
    Feed,
    Login,
    Manner,
    Response,
    Source,
    SourceState,
    View,
)
from nordic_tui.service.fulltext import (
    MAX_PAGE_BYTES,
    NO_MORE,
    NO_TEXT,
    OF_ONE_SOURCE,
    Ended,
    FullTexts,
    Page,
    page_address,
    wants_all,
)
from nordic_tui.store.store import Store
from tests.fakes import BLOG, NEWS, NOW, FakeDecoder, FakeFetcher, FixedClock, feed

LONG = "<p>" + "All that the page has to say about it, at length. " * 10 + "</p>"
EACH = Source(NEWS, full_text=True)


class Rig:
    """Two sources with posts in a store in memory, and pages that answer."""

    def __init__(self) -> None:
        self.clock = FixedClock()
        self.store = Store.open(None, None, clock=self.clock)
        self.sources = [EACH, Source(BLOG)]
        self.fetcher = FakeFetcher()
        self.decoder = FakeDecoder()
        self.waits: list[float] = []
        self.events: list[Page | Ended] = []
        self.installed = True
        self.texts = FullTexts(
            self.fetcher.open,
            self.decoder.open,
            self.store,
            self.clock,
            lambda: self.installed,
            pause_s=0.25,
            sleep=self._sleep,
        )
        self.store.follow_now(self.sources)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)

    def save(self, posts: Feed, address: str = NEWS, **state: Any) -> None:
        kept = SourceState(address, checked_at=NOW, **state)
        self.store.save_feed(address, posts, kept).result(timeout=5)

    def answer(self, address: str, html: str | FetchError | DecodeError = LONG) -> None:
        if isinstance(html, FetchError):
            self.fetcher.answers[address] = html
            return
        body = f"{address} {html}".encode()
        self.fetcher.answers[address] = Response(url=address, body=body, media_type="text/html")
        self.decoder.articles[body] = html if isinstance(html, DecodeError) else Article(html)

    def id_of(self, title: str) -> int:
        rows = self.store.rows(View(), self.store.snapshot(), 0, 100)
        return next(row.id for row in rows if row.title == title)

    def text_of(self, title: str) -> str:
        post = self.store.post(self.id_of(title))
        assert post is not None
        return post.full_text

    async def one(self, title: str) -> Page:
        """What came of the page of a post that a person asked for."""
        self.events.clear()
        await self.texts.one(
            self.id_of(title), self.sources, self.store.states(), self.events.append
        )
        (page,) = self.events
        assert isinstance(page, Page)
        return page

    async def new(self) -> Ended:
        self.events.clear()
        return await self.texts.new(self.sources, self.store.states(), self.events.append)

    @property
    def asked(self) -> list[str]:
        return [each.address for each in self.fetcher.asked]


@pytest.fixture
def rig() -> Iterator[Rig]:
    rig = Rig()
    yield rig
    rig.store.close()


# ── one post ────────────────────────────────────────────────────────────────────────────────


async def test_the_page_of_a_post_is_fetched_and_its_text_kept(rig: Rig) -> None:
    rig.save(feed("a"))
    rig.answer("https://news.example/0/")
    page = await rig.one("a")
    assert (page.title, page.problem, page.words) == ("a", "", 110)
    assert rig.text_of("a") == LONG
    (asked,) = rig.fetcher.asked
    assert (asked.led_from, asked.etag, asked.manner.max_bytes) == (NEWS, "", MAX_PAGE_BYTES)


async def test_a_page_that_says_no_more_than_the_feed_changes_nothing(rig: Rig) -> None:
    (entry,) = feed("a").entries
    rig.save(Feed(entries=(entry._replace(content=LONG),)))
    rig.answer("https://news.example/0/", "<p>Read on in our paper.</p>")
    assert (await rig.one("a")).problem == NO_MORE
    assert rig.text_of("a") == ""
    await rig.new()
    assert rig.text_of("a") == ""
    assert await rig.new() == Ended(0, 0), "it is not asked for again by itself"


async def test_a_page_without_text_says_so(rig: Rig) -> None:
    rig.save(feed("a"))
    rig.answer("https://news.example/0/", "<p> </p>")
    assert (await rig.one("a")).problem == NO_TEXT


@pytest.mark.parametrize(
    ("error", "words", "again"),
    [
        (TimedOut("did not answer within 20 s"), "did not answer within 20 s", True),
        (BadStatus("answered 503", 503), "answered 503", True),
        (BadStatus("answered 404", 404), "answered 404", False),
        (NotAFeed("is not a web page"), "is not a web page", False),
        (WorkerDied("made the parser crash"), "made the parser crash", True),
    ],
)
async def test_a_failure_is_told_kept_and_tried_again_where_that_may_help(
    rig: Rig, error: FetchError | DecodeError, words: str, again: bool
) -> None:
    rig.save(feed("a"))
    rig.answer("https://news.example/0/", error)
    await rig.new()
    assert [page.problem for page in rig.events if isinstance(page, Page)] == [words]
    assert rig.store.states()[0].page_error == words
    rig.clock.move(hours=7)
    rig.answer("https://news.example/0/")
    assert await rig.new() == Ended(int(again), 0)


@pytest.mark.parametrize("wanted", [False, True])
async def test_what_a_person_asked_for_is_kept_with_what_was_read(rig: Rig, wanted: bool) -> None:
    """Also of a source that wants it of all posts: it came before those of the others."""
    rig.sources = [EACH._replace(full_text=wanted)]
    rig.save(feed(*(f"p{number}" for number in range(OF_ONE_SOURCE + 1))))
    newest, old = "p0", f"p{OF_ONE_SOURCE}"
    rig.answer(f"https://news.example/{OF_ONE_SOURCE}/", BadStatus("answered 404", 404))
    assert (await rig.one(old)).problem == "answered 404"
    assert rig.store.states()[0].page_error == "", "of which the source would tell"
    for title, number in ((old, OF_ONE_SOURCE), (newest, 0)):
        rig.answer(f"https://news.example/{number}/")
        assert (await rig.one(title)).words == 110
        assert rig.text_of(title) == LONG
    rig.store.use_history(None)
    assert (rig.text_of(newest), rig.text_of(old)) == ("", "")


async def test_no_network_is_no_failure_of_a_page(rig: Rig) -> None:
    rig.save(feed("a", "b"))
    for number in (0, 1):
        rig.answer(
            f"https://news.example/{number}/",
            Unreachable("could not be reached: no network", at_this_end=True),
        )
    ended = await rig.new()
    assert ended.fetched == 0
    assert len(rig.asked) == 1, "one is enough to know"
    assert rig.store.states()[0].page_error == ""
    for number in (0, 1):
        rig.answer(f"https://news.example/{number}/")
    assert await rig.new() == Ended(2, 0)


async def test_a_login_goes_to_the_host_of_the_source_only(rig: Rig) -> None:
    manner = Manner(
        user_agent="mine/1", headers=(("X-A", "b"),), login=Login(variable="TOKEN"), max_bytes=1
    )
    rig.sources = [EACH._replace(manner=manner)]
    here, there = feed("here", "there").entries
    rig.save(Feed(entries=(here, there._replace(link="https://elsewhere.example/there/"))))
    for title, address in (
        ("here", "https://news.example/0/"),
        ("there", "https://elsewhere.example/there/"),
    ):
        rig.answer(address)
        await rig.one(title)
    own, foreign = (each.manner for each in rig.fetcher.asked)
    assert (own.login, own.headers) == (manner.login, manner.headers)
    assert (foreign.login, foreign.headers) == (None, ())
    assert foreign.user_agent == "mine/1"
    assert {own.max_bytes, foreign.max_bytes} == {MAX_PAGE_BYTES}


async def test_a_post_without_a_page_is_told(rig: Rig) -> None:
    (entry,) = feed("a").entries
    rig.save(Feed(entries=(entry._replace(link="mailto:a@b.example"),)))
    assert "no address" in (await rig.one("a")).problem
    assert rig.asked == []


async def test_without_the_extra_nothing_is_asked(rig: Rig) -> None:
    rig.save(feed("a", "b"))
    rig.installed = False
    assert (await rig.one("a")).is_missing
    assert (await rig.new()).is_missing
    assert rig.asked == []


async def test_an_extra_that_cannot_be_loaded_ends_the_run(rig: Rig) -> None:
    rig.save(feed("a", "b"))
    for number in (0, 1):
        rig.answer(f"https://news.example/{number}/", ExtraMissing("needs what is not installed"))
    ended = await rig.new()
    assert ended.is_missing
    assert len(rig.asked) == 1
    assert rig.store.states()[0].page_error == ""


async def test_a_site_that_asked_to_be_left_alone_is(rig: Rig) -> None:
    rig.save(feed("a"))
    rig.clock.move(seconds=-600)
    rig.store.save_not_before(NEWS, NOW).result(timeout=5)
    assert "asked to be left alone until" in (await rig.one("a")).problem
    assert await rig.new() == Ended(0, 0)
    assert rig.asked == []


# ── after a refresh ─────────────────────────────────────────────────────────────────────────


async def test_only_sources_that_want_it_are_asked_for_pages(rig: Rig) -> None:
    rig.save(feed("a", "b"))
    rig.save(feed("x", title="Blog"), BLOG)
    for number in (0, 1):
        rig.answer(f"https://news.example/{number}/")
    assert await rig.new() == Ended(2, 0)
    assert rig.text_of("a") == rig.text_of("b") == LONG
    assert rig.text_of("x") == ""
    rig.fetcher.asked.clear()
    assert await rig.new() == Ended(0, 0)
    assert rig.asked == []


async def test_the_newest_are_asked_first_and_no_more_than_a_few(rig: Rig) -> None:
    rig.save(feed(*(f"p{number}" for number in range(30))))
    for number in range(30):
        rig.answer(f"https://news.example/{number}/")
    assert await rig.new() == Ended(OF_ONE_SOURCE, 0)
    assert rig.asked == [f"https://news.example/{number}/" for number in range(OF_ONE_SOURCE)]


@pytest.mark.parametrize("state", [{"failures": 1}, {"stopped": True}])
async def test_a_source_that_fails_is_left_alone(rig: Rig, state: dict[str, Any]) -> None:
    rig.save(feed("a"), **state)
    assert await rig.new() == Ended(0, 0)
    assert rig.asked == []


def test_a_paused_source_wants_nothing() -> None:
    assert wants_all([EACH, Source(BLOG), EACH._replace(paused=True)]) == [EACH]


# ── how hosts are asked ─────────────────────────────────────────────────────────────────────


async def test_a_host_is_asked_one_at_a_time_with_a_pause_and_two_hosts_at_once(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = feed(*"abcdef").entries
    hosts = [f"https://h{number % 3}.example/{number}/" for number in range(6)]
    rig.save(
        Feed(
            entries=tuple(
                entry._replace(link=link) for entry, link in zip(entries, hosts, strict=True)
            )
        )
    )
    for link in hosts:
        rig.answer(link)
    under_way: list[str] = []
    most: list[list[str]] = []
    fetch = rig.fetcher.fetch

    async def watched(address: str, **how: object) -> Response:
        under_way.append(address.split("/")[2])
        most.append(sorted(under_way))
        await asyncio.sleep(0.001)
        try:
            return await fetch(address, **how)  # type: ignore[arg-type]  # its own options
        finally:
            under_way.remove(address.split("/")[2])

    monkeypatch.setattr(rig.fetcher, "fetch", watched)
    assert await rig.new() == Ended(6, 0)
    assert max(map(len, most)) == 2
    assert all(len(set(each)) == len(each) for each in most)
    assert rig.waits == [0.25] * 3, "before the second page of each host"


async def test_a_host_is_waited_for_as_it_asks_within_bounds(rig: Rig) -> None:
    rig.save(feed("a"))
    rig.answer("https://news.example/0/", BadStatus("answered 429", 429, retry_after_s=30))
    page = await rig.one("a")
    assert page.problem == "answered 429"
    assert rig.waits == [30, 30]
    assert len(rig.asked) == 3


async def test_a_host_that_wants_to_be_left_alone_for_long_is_asked_nothing_more(rig: Rig) -> None:
    rig.save(feed("a", "b", "c"))
    for number in range(3):
        rig.answer(
            f"https://news.example/{number}/",
            BadStatus("answered 503", 503, retry_after_s=3600),
        )
    assert await rig.new() == Ended(0, 1)
    assert len(rig.asked) == 1
    until = rig.store.states()[0].not_before
    assert until is not None
    assert (until - NOW).total_seconds() >= 3600


async def test_when_it_is_broken_off_the_fetcher_is_let_go(rig: Rig) -> None:
    rig.save(feed("a", "b"))
    rig.fetcher.silent.add("https://news.example/0/")
    task = asyncio.create_task(rig.new())
    assert await asyncio.to_thread(rig.fetcher.waiting.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert rig.fetcher.open_count == 0


@pytest.mark.parametrize(
    ("link", "source", "address"),
    [
        ("https://a.example/1", NEWS, "https://a.example/1"),
        ("http://a.example/1", NEWS, "https://a.example/1"),
        ("http://a.example:80/1", NEWS, "https://a.example/1"),
        ("http://a.example:8080/1", NEWS, "http://a.example:8080/1"),
        ("http://a.example/1", "http://news.example/feed/", "http://a.example/1"),
        ("http://a.example/1", "/home/kari/feed.xml", "http://a.example/1"),
        ("mailto:a@b.example", NEWS, ""),
        ("file:///etc/passwd", NEWS, ""),
        ("javascript:alert(1)", NEWS, ""),
        ("", NEWS, ""),
    ],
)
def test_where_a_page_is_fetched(link: str, source: str, address: str) -> None:
    assert page_address(link, source) == address


# ── what goes wrong at this end ─────────────────────────────────────────────────────────────


class Refusing:
    """A store that does what another one does, but for one thing."""

    def __init__(self, store: Store, name: str, error: Exception) -> None:
        self._store, self._name, self._error = store, name, error

    def __getattr__(self, name: str) -> Any:
        if name != self._name:
            return getattr(self._store, name)
        failed: Future[Any] = Future()
        failed.set_exception(self._error)
        return lambda *_, **__: failed


@pytest.mark.parametrize(
    ("name", "error", "problem"),
    [
        (
            "save_asked_text",
            StoreError("The disk is full."),
            "could not be stored: The disk is full",
        ),
        ("page_wanted", KeyError("a"), "met a defect of this program (KeyError)"),
    ],
)
async def test_what_the_store_or_this_program_cannot_do_costs_one_page(
    rig: Rig, name: str, error: Exception, problem: str
) -> None:
    rig.save(feed("a"))
    rig.answer("https://news.example/0/")
    refusing: Any = Refusing(rig.store, name, error)
    rig.texts._store = refusing
    assert (await rig.one("a")).problem == problem


async def test_pages_are_not_asked_for_where_the_store_cannot_tell_which(rig: Rig) -> None:
    rig.save(feed("a"))
    refusing: Any = Refusing(rig.store, "pages_wanted", StoreError("The cache is in use."))
    rig.texts._store = refusing
    assert (await rig.new(), rig.asked) == (Ended(0, 0), [])


async def test_another_site_than_the_feeds_is_left_alone_without_the_feed(rig: Rig) -> None:
    """What a site of pages wishes says nothing of the feed's."""
    (entry,) = feed("a").entries
    rig.save(Feed(entries=(entry._replace(link="https://elsewhere.example/a/"),)))
    rig.answer("https://elsewhere.example/a/", BadStatus("answered 429", 429, retry_after_s=90_000))
    assert (await rig.one("a")).problem == "answered 429"
    assert rig.store.states()[0].not_before is None


async def test_a_post_that_is_gone_meanwhile_has_no_page(rig: Rig) -> None:
    rig.save(feed("a"))
    assert await rig.texts.one(1, rig.sources, rig.store.states(), rig.events.append) == Ended(0, 0)
    assert rig.events == []


# ── another instance ────────────────────────────────────────────────────────────────────────


async def test_new_pages_that_another_instance_fetches_are_left_to_it(
    rig: Rig, tmp_path: Path
) -> None:
    ours, other = (OneAtATime(tmp_path / "full-texts.lock") for _ in range(2))
    rig.texts = FullTexts(
        rig.fetcher.open,
        rig.decoder.open,
        rig.store,
        rig.clock,
        lambda: True,
        alone=ours,
        pause_s=0,
    )
    rig.save(feed("a", "b"))
    for number in range(2):
        rig.answer(f"https://news.example/{number}/")
    assert other.begin()
    assert await rig.new() == Ended(0, 0)
    assert rig.asked == []
    assert (await rig.one("a")).words, "what a person asks for is not held up"
    other.end()
    assert (await rig.new()).fetched == 2, "that one was asked for by key tells the cache nothing"
    assert other.begin(), "it was let go"
    other.end()
