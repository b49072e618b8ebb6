"""Feeds that are looked for as a person pastes and wishes: manners, passwords, what is followed."""

from nordic_tui.errors import (
    BadStatus,
    Unreachable,
)
from nordic_tui.model import (
    Login,
    Manner,
    Page,
    Source,
    SourceState,
)
from nordic_tui.service.discover import (
    Discoverer,
    followed_titles,
)
from tests.fakes import FakeDecoder, FakeFetcher, feed

from .web import FEED, HOME, MISSING, SITE, Web, names

# ── as it was pasted ────────────────────────────────────────────────────────────────────────


async def test_a_dot_at_the_end_goes_if_there_is_nothing_at_it(web: Web) -> None:
    web.serve(FEED, feed("a"))
    discovery = await web.find(f"{FEED}.")
    assert [found.address for found in discovery.found] == [FEED]
    assert discovery.tried == ((f"{FEED}.", str(MISSING)),)
    web.serve(f"{FEED}.", feed("b"))
    assert [found.address for found in (await web.find(f"{FEED}.")).found] == [f"{FEED}."]


async def test_the_usual_places_come_after_every_reading(web: Web) -> None:
    web.serve(f"{SITE}/blog/.", Page("Anything is a page here"))
    web.serve(f"{SITE}/blog/", Page("Blog"))
    web.serve(f"{SITE}/blog/rss.xml", feed("a"))
    discovery = await web.find(f"{SITE}/blog/.")
    assert [found.address for found in discovery.found] == [f"{SITE}/blog/rss.xml"]
    assert web.asked[:3] == [f"{SITE}/blog/.", f"{SITE}/blog/", f"{SITE}/blog/feed/"]


async def test_a_host_that_refuses_is_not_asked_in_another_reading(web: Web) -> None:
    web.serve(f"{FEED}.", BadStatus("wants a password", 401))
    await web.find("site.example/feed/.")
    assert web.asked == [f"{FEED}."]


# ── manners ─────────────────────────────────────────────────────────────────────────────────

LOGIN = Login("kari", variable="X")
OWN = Manner(user_agent="me", headers=(("X-Key", "1"),), login=LOGIN)
ELSEWHERE = Manner(user_agent="me")


async def test_a_login_goes_to_what_was_pasted_and_stays_with_what_is_found(web: Web) -> None:
    other = "https://other.example/feed/"
    web.serve(HOME, names(FEED, other))
    web.serve(FEED, feed("a"))
    web.serve(other, feed("b"))
    discovery = await web.find(HOME, OWN)
    assert [asked.manner for asked in web.fetcher.asked] == [OWN, OWN, ELSEWHERE]
    assert [found.manner for found in discovery.found] == [OWN, ELSEWHERE]


async def test_a_login_does_not_go_along_with_a_move(web: Web) -> None:
    web.serve(FEED, feed("a"), moved_to="https://other.example/feed/")
    (found,) = (await web.find(FEED, OWN)).found
    assert found.manner == ELSEWHERE


async def test_the_usual_places_are_asked_in_the_same_manner(web: Web) -> None:
    web.serve(f"{SITE}/.", Page())
    web.serve(HOME, Page())
    web.serve(FEED, feed("a"))
    assert (await web.find(f"{SITE}/.", OWN)).found[0].manner == OWN
    assert {asked.manner for asked in web.fetcher.asked} == {OWN}


async def test_a_login_is_not_sent_unprotected_by_a_guess(web: Web) -> None:
    web.serve("https://site.example", Unreachable("could not be reached"))
    web.serve("http://site.example", feed("a"))
    assert (await web.find("site.example", OWN)).found == ()
    assert web.asked == ["https://site.example"]
    assert (await web.find("site.example", Manner(ca_file="/office.pem"))).found == ()
    assert len((await web.find("http://site.example", OWN)).found) == 1
    assert len((await web.find("site.example", ELSEWHERE)).found) == 1


# ── passwords ───────────────────────────────────────────────────────────────────────────────


async def test_a_password_goes_along_on_its_origin_and_is_never_told(web: Web) -> None:
    login = "https://me:secret@site.example"
    web.serve(f"{login}/", names(f"{SITE}/old.xml", FEED, "https://other.example/feed/"), url=HOME)
    web.serve(f"{login}/feed/", feed("a"), url=FEED)
    discovery = await web.find(f"{login}/")
    assert web.asked == [
        f"{login}/",
        f"{login}/old.xml",
        f"{login}/feed/",
        "https://other.example/feed/",
    ]
    assert [found.address for found in discovery.found] == [f"{login}/feed/"]
    assert "secret" not in repr(discovery.tried) + repr(web.said)


async def test_a_password_is_not_told_of_what_stands_around_it(web: Web) -> None:
    for words in ("(http://me:secret@site.example/)", "//me:secret@site.example/", "see it: {}"):
        discovery = await web.find(words.format("http://me:secret@site.example/ now"))
        assert discovery.tried
        assert "secret" not in repr(discovery.tried) + repr(web.said)
    assert all(address.startswith("http") for address in web.asked)


# ── what is followed already ────────────────────────────────────────────────────────────────


def test_a_source_is_known_by_its_address_and_by_where_it_moved() -> None:
    moved = SourceState("https://old.example/feed/", title="Moved", read_from=FEED)
    gone = SourceState("https://gone.example/feed/", title="Gone", read_from=HOME)
    sources = (Source(moved.address), Source("https://new.example/feed/"))
    assert followed_titles(sources, (moved, gone)) == {
        moved.address: "Moved",
        FEED: "Moved",
        "https://new.example/feed/": "",
    }


async def test_who_wants_to_hear_of_no_step_hears_of_none() -> None:
    fetcher, decoder = FakeFetcher(), FakeDecoder()
    found = await Discoverer(fetcher.open, decoder.open).find("https://nobody.example/feed/")
    assert found.found == ()
    assert found.tried[0][0] == "https://nobody.example/feed/"
