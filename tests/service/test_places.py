"""Which addresses may lead to a feed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.model import FeedLink, Page
from nordic_tui.service.places import (
    WEB,
    candidates,
    protected,
    ranked_feeds,
    usual_places,
    with_login,
    without_login,
)

SITE = "https://site.example"


def no_file(path: Path) -> bool:
    return False


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("https://site.example/feed/", ["https://site.example/feed/"]),
        ("HTTP://site.example", ["http://site.example"]),
        ("https://site.example/post/#comments", ["https://site.example/post/"]),
        ("  <https://site.example/>\n", ["https://site.example/"]),
        ("“https://site.example/a b”", ["https://site.example/a%20b"]),
        ("https://site.\nexample/", ["https://site.example/"]),
        ("feed:https://site.example/x", ["https://site.example/x"]),
        ("feed://site.example/x", ["https://site.example/x", "http://site.example/x"]),
        ("site.example", ["https://site.example", "http://site.example"]),
        ("site.example:8089/a?b=c", ["https://site.example:8089/a?b=c"] * 2),
        ("127.0.0.1:8089", ["https://127.0.0.1:8089", "http://127.0.0.1:8089"]),
        ("localhost", ["https://localhost", "http://localhost"]),
        ("[::1]:80/x", ["https://[::1]:80/x", "http://[::1]:80/x"]),
        ("målselv.kommune.example", ["https://målselv.kommune.example"] * 2),
        ("/var/feed.xml", ["/var/feed.xml"]),
        ("/var/a/../x", ["/var/x"]),
        ("file:///var/a%20b.xml", ["/var/a b.xml"]),
        ("file:/var/x", ["/var/x"]),
        ("FILE://localhost/var/x", ["/var/x"]),
        ("file:///var/a?b#c", ["/var/a?b#c"]),
        ("file:///var/%00x", ["/var/x"]),
    ],
)
def test_what_was_pasted(words: str, expected: list[str]) -> None:
    found = candidates(words, no_file)
    # The second of two is the first by http.
    wanted = [expected[0], *(e.replace("https://", "http://") for e in expected[1:])]
    assert list(found) == wanted


@pytest.mark.parametrize(
    "words",
    [
        "",
        " \n",
        "feed:",
        "news",
        "two words",
        "ftp://site.example/feed",
        "mailto:me@site.example",
        "javascript:alert(1)",
        "me@site.example",
        "file://other.example/feed.xml",
        "file:feed.xml",
        "https://",
        "http://[",
        "https://a@b@site.example/",
    ],
)
def test_what_can_be_neither_address_nor_file(words: str) -> None:
    assert candidates(words, no_file) == ()


def test_files_are_known_by_their_being_there_or_their_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/me")
    here = str(tmp_path)
    assert candidates("feed.xml", no_file) == (f"{here}/feed.xml",)
    assert candidates("./site.example", no_file) == (f"{here}/site.example",)
    assert candidates("../x", no_file) == (str(tmp_path.parent / "x"),)
    assert candidates("news/feed", no_file) == (f"{here}/news/feed",)
    assert candidates("~/feed", no_file) == ("/home/me/feed",)
    Path("site.example").touch()
    Path("news").touch()
    Path("folder.example").mkdir()
    assert candidates("site.example") == (f"{here}/site.example",)
    assert candidates("'news'") == (f"{here}/news",)
    assert candidates("folder.example") == ("https://folder.example", "http://folder.example")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("https://me:secret@site.example/a", "https://site.example/a"),
        ("gopher://me:secret@site.example/", "gopher://site.example/"),
        ("me:secret@site.example/a@b", "site.example/a@b"),
        ("https:/me:secret@site.example/", "https:/site.example/"),
        ("me@site.example", "me@site.example"),
        ("mailto:me@site.example", "mailto:me@site.example"),
        ("./notes:me@home.xml", "./notes:me@home.xml"),
        ("/srv/100%25:me@home.xml", "/srv/100%25:me@home.xml"),
    ],
)
def test_what_was_written_is_said_without_a_password(words: str, said: str) -> None:
    assert without_login(words) == said


@given(st.text() | st.text("a.:/@[]#?%\0~<file htp-"))
def test_anything_may_be_pasted(words: str) -> None:
    for address in candidates(words):
        assert address.startswith((*WEB, "/"))
        assert "\0" not in address
        assert usual_places(address) == () or address.startswith(WEB)


def ranked(url: str, *addresses: str) -> list[tuple[str, bool]]:
    page = Page(feeds=tuple(FeedLink(address) for address in addresses))
    return [(feed.address, is_category) for feed, is_category in ranked_feeds(page, url)]


@pytest.mark.parametrize(
    ("url", "own"),
    [
        (f"{SITE}/category/events/", f"{SITE}/category/events/feed/"),
        (f"{SITE}/category/events", f"{SITE}/category/events/feed/"),
        (f"{SITE}/category/events/page/3/", f"{SITE}/category/events/feed/"),
        (f"{SITE}/category/events/?utm_source=x", f"{SITE}/category/events/feed/"),
        (f"{SITE}/category/events/summit/", f"{SITE}/category/events/summit/feed/"),
        (f"{SITE}/tag/nordic/", f"{SITE}/tag/nordic/feed/"),
        (f"{SITE}/kategori/bl%c3%a5/", f"{SITE}/kategori/bl%C3%A5/feed/"),
        (f"{SITE}/?cat=2", f"{SITE}/?feed=rss2&cat=2"),
        ("https://www.site.example/author/me/", f"{SITE}/author/me/feed/"),
        (f"{SITE}/author/me/", "https://www.site.example/author/me/feed/"),
    ],
)
def test_the_feed_of_the_pages_own_category_comes_first(url: str, own: str) -> None:
    site = f"{SITE}/feed/"
    assert ranked(url, site, own) == [(own, True), (site, False)]


def test_a_category_is_not_taken_for_another() -> None:
    site, news = f"{SITE}/feed/", f"{SITE}/category/events/feed/"
    for url in (f"{SITE}/category/event/", f"{SITE}/?cat=2", "https://other.example/category/"):
        assert ranked(url, site, news) == [(site, False), (news, False)]
    assert ranked(f"{SITE}/?cat=2", f"{SITE}/?feed=rss2&cat=23") == [
        (f"{SITE}/?feed=rss2&cat=23", False)
    ]


def test_the_feeds_of_a_front_page_stay_in_their_order() -> None:
    feeds = [f"{SITE}/blog/feed/", f"{SITE}/blog/atom.xml"]
    assert ranked(f"{SITE}/", *feeds) == [(feed, False) for feed in feeds]
    # All are the page's own: it is no part of something larger.
    assert ranked(f"{SITE}/blog/", *feeds) == [(feed, False) for feed in feeds]


def test_the_usual_places_are_below_the_page_then_on_its_host() -> None:
    assert usual_places(f"{SITE}/blog")[:4] == (
        f"{SITE}/blog/feed/",
        f"{SITE}/blog/?feed=rss2",
        f"{SITE}/blog/rss",
        f"{SITE}/blog/rss.xml",
    )
    root = (
        f"{SITE}/feed/",
        f"{SITE}/?feed=rss2",
        f"{SITE}/rss",
        f"{SITE}/rss.xml",
        f"{SITE}/feed.xml",
        f"{SITE}/atom.xml",
        f"{SITE}/index.xml",
        f"{SITE}/feed.json",
        f"{SITE}/.rss",
    )
    assert usual_places(f"{SITE}/blog")[9:] == root
    assert usual_places(SITE) == usual_places(f"{SITE}/index.html?x=1#y") == root
    assert usual_places(f"{SITE}/a/post.html")[0] == f"{SITE}/a/feed/"
    assert usual_places(f"{SITE}/a/page/2/")[0] == f"{SITE}/a/feed/"
    assert usual_places(f"{SITE}/?cat=2")[1] == f"{SITE}/?feed=rss2&cat=2"


def test_a_name_and_password_stay_on_their_own_origin() -> None:
    asked = "https://me:secret@site.example/"
    assert with_login(f"{SITE}/feed/", asked) == "https://me:secret@site.example/feed/"
    for other in (
        "http://site.example/feed/",
        "https://site.example:444/feed/",
        "https://other.example/feed/",
        "https://you:too@site.example/",
        "/home/me/feed.xml",
    ):
        assert with_login(other, asked) == other
    assert with_login(f"{SITE}/feed/", f"{SITE}/") == f"{SITE}/feed/"


def test_https_is_not_left() -> None:
    assert protected("http://site.example/feed/", f"{SITE}/") == f"{SITE}/feed/"
    assert protected("http://site.example/", "http://site.example/a") == "http://site.example/"
