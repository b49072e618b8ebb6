"""Which feeds are of comments."""

import pytest

from nordic_tui.text import comments

SITE = "https://site.example"


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Site » Comments Feed", "/x.xml"),
        ("Site » kommentarstrøm", "/x.xml"),
        ("Site » Kommentarfeed", "/x.xml"),
        ("Site » Kommentar-feed", "/x.xml"),
        ("Site » Kommentarsflöde", "/x.xml"),
        ("Site » kommenttien syöte", "/x.xml"),
        ("Site » Ummælastraumur", "/x.xml"),
        ("", "/comments/feed/"),
        ("", "/?feed=comments-rss2"),
        ("", "/feeds/comments/default"),
        ("Latest comments", "/latest-comments.xml"),
        ("Site: comments RSS", "/rss/new_comments"),
    ],
)
def test_what_is_certain(title: str, path: str) -> None:
    assert comments.is_certain(SITE + path, title)


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Latest comments", "/x.xml"),
        ("", "/latest-comments.xml"),
        ("Siste kommentarer", "/kommentarer.xml"),
        ("Uusimmat kommentit", "/x.xml"),
        ("Uusia kommenttejä", "/x.xml"),
        ("", "/uusia_kommenttej%C3%A4"),
        ("Nýjustu athugasemdir", "/x.xml"),
        ("Site » Comments Category Feed", "/category/comments/feed/"),
        ("Comments on society", "/society.xml"),
    ],
)
def test_what_is_only_possible(title: str, path: str) -> None:
    assert comments.is_possible(SITE + path, title)
    assert not comments.is_certain(SITE + path, title)


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Posts", "/posts.xml"),
        ("Site » Kommentar Category Feed", "/category/kommentar/feed/"),
        ("Commentsy", "/newcomments.xml"),
    ],
)
def test_what_is_none(title: str, path: str) -> None:
    assert not comments.is_possible(SITE + path, title)
    assert not comments.is_certain(SITE + path, title)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Comments on: A post", True),
        ("Comments for Site", True),
        ("Latest comments on Site", True),
        ("Kommentarer til: Innlegget", True),
        ("Kommentarer", False),
        ("Site", False),
        ("A post about comments on society", False),
    ],
)
def test_the_title_that_a_feed_gives_itself(title: str, expected: bool) -> None:
    assert comments.is_title(title) is expected
