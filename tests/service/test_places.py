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
    unnamed_places,
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
    ("words", "expected"),
    [
        (f"{SITE}/feed/.", [f"{SITE}/feed/.", f"{SITE}/feed/"]),
        (f"{SITE}/feed/,", [f"{SITE}/feed/,", f"{SITE}/feed/"]),
        (f"{SITE}/feed/;", [f"{SITE}/feed/;", f"{SITE}/feed/"]),
        (f"{SITE}/feed/…", [f"{SITE}/feed/…", f"{SITE}/feed/"]),
        (f"{SITE}/feed/)", [f"{SITE}/feed/)", f"{SITE}/feed/"]),
        (f"{SITE}/a_(b)", [f"{SITE}/a_(b)"]),
        (f"{SITE}/a_(b)).", [f"{SITE}/a_(b)).", f"{SITE}/a_(b)"]),
        (f"{SITE}.", [SITE]),
        (f"({SITE}/)", [f"{SITE}/"]),
        (
            "(//me:secret@site.example/)",
            ["https://me:secret@site.example/)", "https://me:secret@site.example/"],
        ),
        (f"[x]({SITE}/)", [f"{SITE}/"]),
        (f"[{SITE}/]({SITE}/)", [f"{SITE}/"]),
        (f"**{SITE}/**", [f"{SITE}/"]),
        (f"see {SITE}/a now", [f"{SITE}/a"]),
        (f"“Look: {SITE}/a.” I said", [f"{SITE}/a"]),
        (f'<a href="{SITE}/a">{SITE}/b</a>', [f"{SITE}/a"]),
        (f"“{SITE}/a b”", [f"{SITE}/a%20b", f"{SITE}/a"]),
        ("https://site.\nexample/", [f"{SITE}/", "https://site"]),
        (f"{SITE}/a\nhttps://other.example/b", [f"{SITE}/a"]),
        (f"{SITE}/?u=https://other.example/b", [f"{SITE}/?u=https://other.example/b"]),
        (f"\ufeff{SITE}/\u200b", [f"{SITE}/"]),
        (f"\u2068{SITE}/a\u200bb\u2069", [f"{SITE}/ab"]),
        (f"{SITE}/\u0645\u200c\u0645/", [f"{SITE}/\u0645%E2%80%8C\u0645/"]),
        ("http:/site.example", ["http://site.example"]),
        ("https:///site.example", [SITE]),
        ("feeds://site.example/x", [f"{SITE}/x"]),
        ("./http://site.example/", ["http://site.example/"]),
        ("/var/https://site.example/", [f"{SITE}/"]),
        ("//me:secret@site.example/", ["https://me:secret@site.example/"]),
        ("(http://me:secret@site.example/)", ["http://me:secret@site.example/"]),
    ],
)
def test_what_stands_around_an_address_goes(words: str, expected: list[str]) -> None:
    assert list(candidates(words, no_file, no_file)) == expected


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        ("//site.example/feed", ["/feed"]),
        ("feed:///site.example/f", ["/f"]),
        ("site.example.", [""]),
        ("site.example:8089.", [":8089"]),
        ("(site.example)", [""]),
        ("site.example, they say", [""]),
        ("site.example/feed/.", ["/feed/.", "/feed/"]),
        ("site.example/a\nother.example/b", ["/aother.example/b", "/a"]),
        ("\u200bsite.example\ufeff", [""]),
    ],
)
def test_a_host_is_tried_by_https_then_by_http(words: str, rest: list[str]) -> None:
    hosts = [f"{scheme}site.example{each}" for each in rest for scheme in ("https://", "http://")]
    assert list(candidates(words, no_file, no_file)) == hosts


@pytest.mark.parametrize(
    "words",
    [
        "",
        " \n",
        "\ufeff\u200b",
        "//",
        "http:/",
        "sub/http:// x",
        "kari:secret@site.example/feed",
        "(kari:secret@site.example/feed)",
        "see kari:secret@site.example/feed now",
        "kari:sec/ret@site.example/feed",
        "https://kari:sec/ret@site.example/feed",
        "feed:",
        "feeds://",
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
    assert candidates(words, no_file, no_file) == ()


def test_nothing_but_signs_is_no_address() -> None:
    assert candidates("“…!”", no_file, no_file) == ()


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
    Path("sub").mkdir()
    Path("me:secret@home.xml").touch()
    assert candidates("sub") == candidates("./sub") == (f"{here}/sub",)
    assert candidates("me:secret@home.xml") == (f"{here}/me:secret@home.xml",)
    assert candidates("no-sub") == ()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("https://me:secret@site.example/a", "https://site.example/a"),
        ("gopher://me:secret@site.example/", "gopher://site.example/"),
        ("me:secret@site.example/a@b", "site.example/a@b"),
        ("https:/me:secret@site.example/", "https:/site.example/"),
        ("(http://me:secret@site.example/)", "(http://site.example/)"),
        ("see http://me:secret@site.example/ now", "see http://site.example/ now"),
        ("see me:secret@site.example/ now", "see site.example/ now"),
        ("[x](me:secret@site.example/)", "[x](site.example/)"),
        ("//me:secret@site.example/feed", "//site.example/feed"),
        ("/me:secret@site.example/feed", "/site.example/feed"),
        ("x//me:secret@site.example/feed", "x//site.example/feed"),
        ("http://me:sec/ret@site.example/", "http://site.example/"),
        ("http://me:sec#ret@site.example/", "http://site.example/"),
        ("me:sec?ret@site.example/", "site.example/"),
        ("http://site.example:8089/@me", "http://site.example:8089/@me"),
        ("http://[::1]:80/@me", "http://[::1]:80/@me"),
        ("feed:https://site.example/@me", "feed:https://site.example/@me"),
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
        (f"{SITE}/?s=two+words", f"{SITE}/search/two+words/feed/rss2/"),
        (f"{SITE}/?s=bl%C3%A5", f"{SITE}/?s=blå&feed=rss2"),
        (f"{SITE}/search/two%20words/", f"{SITE}/?s=two+words&feed=rss2"),
        (f"{SITE}/search/words/page/2/", f"{SITE}/search/words/feed/rss2/"),
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


def test_what_may_be_comments_comes_last() -> None:
    comments, posts, more = f"{SITE}/latest-comments.xml", f"{SITE}/posts.xml", f"{SITE}/more.xml"
    page = Page(feeds=(FeedLink(comments), FeedLink(more, "Kommentarer"), FeedLink(posts)))
    assert [feed.address for feed, _ in ranked_feeds(page, f"{SITE}/")] == [posts, comments, more]
    # Whoever asks for a category of that name wants it.
    own = f"{SITE}/category/comments/feed/"
    assert ranked(f"{SITE}/category/comments/", f"{SITE}/feed/", own)[0] == (own, True)


@pytest.mark.parametrize(
    ("path", "places"),
    [
        ("/category/events/", ["/category/events/feed/", "/category/events/?feed=rss2"]),
        ("/category/events/page/2/", ["/category/events/feed/", "/category/events/?feed=rss2"]),
        ("/blog/kategori/by/", ["/blog/kategori/by/feed/", "/blog/kategori/by/?feed=rss2"]),
        ("/författare/me", ["/författare/me/feed/", "/författare/me/?feed=rss2"]),
        ("/?cat=5&x=1", ["/feed/?cat=5", "/?feed=rss2&cat=5"]),
        ("/?s=two+words", ["/feed/?s=two+words", "/?feed=rss2&s=two+words"]),
        ("/", []),
        ("/category/", []),
        ("/2024/06/a-post/", []),
        ("/?p=7&post_type=event", []),
    ],
)
def test_a_list_of_posts_has_a_feed_that_the_page_may_not_name(
    path: str, places: list[str]
) -> None:
    wanted = tuple(SITE + place for place in places)
    site = Page(feeds=(FeedLink(f"{SITE}/feed/"),))
    assert unnamed_places(site, SITE + path) == wanted
    assert unnamed_places(Page(), SITE + path) == ()
    if places:
        assert unnamed_places(Page(feeds=(FeedLink(wanted[0]),)), SITE + path) == ()


ROOT = (
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


def test_the_usual_places_are_below_the_page_then_on_its_host() -> None:
    assert usual_places(f"{SITE}/blog")[:4] == (
        f"{SITE}/blog/feed/",
        f"{SITE}/blog/?feed=rss2",
        f"{SITE}/blog/rss",
        f"{SITE}/blog/rss.xml",
    )
    assert usual_places(f"{SITE}/blog")[9:] == ROOT
    assert usual_places(SITE) == usual_places(f"{SITE}/index.html?x=1#y") == ROOT
    assert usual_places(f"{SITE}/a/post.html")[0] == f"{SITE}/a/feed/"
    assert usual_places(f"{SITE}/a/page/2/")[0] == f"{SITE}/a/feed/"
    assert usual_places(f"{SITE}/?cat=2")[1] == f"{SITE}/?feed=rss2&cat=2"


def test_deep_below_a_host_only_wordpress_has_feeds() -> None:
    for page in (f"{SITE}/posts/hello/", f"{SITE}/posts/hello"):
        own = (f"{SITE}/posts/hello/feed/", f"{SITE}/posts/hello/?feed=rss2")
        assert usual_places(page) == own + ROOT


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


@pytest.mark.parametrize("error", [OSError("too long a name"), ValueError("a half character")])
def test_what_the_system_cannot_look_for_is_no_file(error: Exception) -> None:
    def cannot_look(path: Path) -> bool:
        raise error

    assert candidates("a.example", cannot_look, cannot_look) == (
        "https://a.example",
        "http://a.example",
    )
