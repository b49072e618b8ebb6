"""Where an answer may lead to, and what goes along."""

import httpx
import pytest
from tests.fetch.helpers import FEED, START, Handler, answer, ask

from nordic_tui.errors import (
    BadAddress,
    BadStatus,
    BrokenAnswer,
    TooManyRedirects,
)


def redirects(steps: dict[str, tuple[int, str]]) -> Handler:
    """Redirects by address; every other address answers with the feed."""

    def handle(request: httpx.Request) -> httpx.Response:
        status, location = steps.get(str(request.url), (200, ""))
        headers = {"Location": location} if location else None
        return httpx.Response(status, headers=headers, content=b"" if location else FEED)

    return handle


# ── redirects ───────────────────────────────────────────────────────────────────────────────


async def test_permanent_redirects_are_remembered() -> None:
    found = await ask(
        redirects(
            {
                "http://example.org/": (301, START),
                START: (308, "../news/feed/"),
            }
        ),
        "http://example.org/",
    )
    assert found.body == FEED
    assert found.url == found.moved_to == "https://example.org/news/feed/"


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_one_passing_redirect_on_the_way_and_nothing_is_remembered(status: int) -> None:
    for first, second in ((301, status), (status, 301)):
        steps = {START: (first, "/a"), "https://example.org/a": (second, "/b")}
        found = await ask(redirects(steps))
        assert found.url == "https://example.org/b"
        assert found.moved_to == ""


class Site:
    """A site with one ETag for all of its feeds, where /feed/ redirects to one of them."""

    def __init__(self, target: str, status: int = 302) -> None:
        self.target = target
        self.status = status
        self.conditions: dict[str, str | None] = {}
        """What was sent to each path."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        condition = request.headers.get("if-none-match")
        self.conditions[request.url.path] = condition
        if request.url.path == "/feed/":
            return httpx.Response(self.status, headers={"Location": self.target})
        headers = {"ETag": '"site"'}
        if condition == '"site"':
            return httpx.Response(304, headers=headers)
        return httpx.Response(200, headers=headers, content=request.url.raw_path)


async def test_validators_go_to_the_address_that_gave_them() -> None:
    site = Site("/x", 301)
    first = await ask(site)
    again = await ask(site, etag=first.etag, last_modified="Thu, …", validators_of=first.url)
    assert again.not_modified
    assert again.moved_to == "https://example.org/x"
    assert site.conditions == {"/feed/": None, "/x": '"site"'}


@pytest.mark.parametrize(
    "validators_of", ["", "https://example.org/x", "https://other.example/y", "/srv/y", "y"]
)
async def test_validators_of_another_address_are_not_sent(validators_of: str) -> None:
    site = Site("/y")
    found = await ask(site, etag="site", validators_of=validators_of)
    assert found.body == b"/y"
    assert site.conditions["/y"] is None


async def test_the_address_that_gave_validators_is_known_in_other_spellings() -> None:
    for gave in ("https://EXAMPLE.org:443/x#top", "https://me:secret@example.org/x"):
        site = Site("/y")
        address = "https://me:secret@example.org/x"
        assert (await ask(site, address, etag="site", validators_of=gave)).not_modified


async def test_a_304_of_an_address_that_was_sent_no_validators_is_broken() -> None:
    steps = {"/feed/": 302, "/y": 304}

    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(steps[request.url.path], headers={"Location": "/y"})

    with pytest.raises(BrokenAnswer, match="without having been asked"):
        await ask(handle, etag="abc")


@pytest.mark.parametrize(("count", "followed"), [(5, True), (6, False)])
async def test_five_redirects_are_enough(count: int, followed: bool) -> None:
    steps = {f"https://example.org/{n}": (302, f"/{n + 1}") for n in range(count)}
    if followed:
        assert (await ask(redirects(steps), "https://example.org/0")).body == FEED
    else:
        with pytest.raises(TooManyRedirects, match="redirects more than 5 times"):
            await ask(redirects(steps), "https://example.org/0")


async def test_a_circle() -> None:
    with pytest.raises(TooManyRedirects, match="redirects in a circle"):
        await ask(redirects({START: (302, "/a"), "https://example.org/a": (302, "/feed/#b")}))


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://[::1/",
        "https://example.org/\x01",
        "https://example.org:99999/",
        "https://127.0.0.1:65536/",
        "https://xn--zzzzzz/",
    ],
)
async def test_redirects_that_cannot_be_asked_for(location: str) -> None:
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(301, headers=[(b"Location", location.encode())])

    with pytest.raises(BadAddress, match="redirects to an address that may not be asked for"):
        await ask(handle)
    assert asked == [START]


PRIVATE = [
    "http://127.0.0.1:631/",
    "https://localhost/",
    "https://2130706433/",
    "https://[::ffff:10.0.0.1]/",
    "https://[::127.0.0.9]/",
    "https://[fec0::7]/",
    "https://[64:ff9b::7f00:1]/",
    "https://169.254.169.254/latest/meta-data",
]


@pytest.mark.parametrize("location", PRIVATE)
async def test_nothing_redirects_into_a_private_network(location: str) -> None:
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(301, headers={"Location": location})

    with pytest.raises(BadAddress, match=r"^redirects into a private network$"):
        await ask(handle)
    assert asked == [START]


@pytest.mark.parametrize("leader", [START, "/home/me/saved.html", "news.example"])
@pytest.mark.parametrize("address", PRIVATE)
async def test_nothing_that_was_named_from_outside_is_asked_inside(
    address: str, leader: str
) -> None:
    with pytest.raises(BadAddress, match=r"^is in a private network and was named from outside$"):
        await ask(answer(500), address, led_from=leader)


@pytest.mark.parametrize(
    ("address", "leader"),
    [
        ("http://127.0.0.1/feed", "http://127.0.0.1/"),
        ("http://192.168.1.1/feed", "http://localhost:8080/"),
        ("https://one.example/feed", START),
        ("https://one.example/feed", "http://192.168.1.1/"),
        ("http://one.example/feed", "/home/me/saved.html"),
        ("http://127.0.0.1/feed", ""),
    ],
)
async def test_what_may_lead_to_what(address: str, leader: str) -> None:
    assert (await ask(answer(200, body=FEED), address, led_from=leader)).body == FEED


async def test_who_has_protection_names_nobody_without() -> None:
    with pytest.raises(BadAddress, match="is without protection"):
        await ask(answer(500), "http://one.example/", led_from="https://one.example/")


async def test_a_name_and_password_do_not_go_on_to_what_is_named() -> None:
    sent: list[str | None] = []

    def handle(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.get("authorization"))
        return httpx.Response(200, content=FEED)

    await ask(handle, "https://one.example/feed", led_from="https://me:secret@one.example/")
    assert sent == [None]


async def test_a_private_host_may_redirect_to_itself() -> None:
    found = await ask(redirects({"http://127.0.0.1/": (301, "/feed")}), "http://127.0.0.1/")
    assert found.moved_to == "http://127.0.0.1/feed"


async def test_protection_is_not_lost_on_the_way() -> None:
    with pytest.raises(BadAddress, match="from https to an address without protection"):
        await ask(redirects({START: (301, "http://example.org/feed")}))


async def test_a_redirect_to_nowhere() -> None:
    with pytest.raises(BadStatus, match=r"redirects without saying where \(301\)"):
        await ask(answer(301))


@pytest.mark.parametrize("status", [300, 305])
async def test_what_is_no_redirect_is_not_followed(status: int) -> None:
    with pytest.raises(BadStatus, match="redirects in a way that is not followed"):
        await ask(answer(status, {"Location": "/other"}))
