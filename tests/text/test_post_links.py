"""What can be opened of a post."""

from nordic_tui.model import Enclosure, Entry, Picture, Post
from nordic_tui.text.post_links import links_of, pictures_of


def post(content: str, *files: str, full_text: str = "", link: str = "") -> Post:
    entry = Entry(link=link, content=content, enclosures=tuple(Enclosure(f) for f in files))
    return Post(1, 1, "News", entry, (), unread=True, first_seen=None, full_text=full_text)


def test_numbers_are_those_of_the_text_that_is_read() -> None:
    both = post(
        "<a href='https://a.example/'>feed</a>", full_text="<a href='https://b.example/'>f</a>"
    )
    assert [row.address for row in links_of(both)] == ["https://b.example/"]
    assert [row.address for row in links_of(both, feed_only=True)] == ["https://a.example/"]


def test_files_come_after_links_and_what_cannot_be_opened_not_at_all() -> None:
    rows = links_of(
        post(
            "<a href='/x'>x</a>",
            "javascript:1",
            "https://c.example/a.mp3",
            link="https://d.example/",
        )
    )
    assert [(row.number, row.address, row.is_file) for row in rows] == [
        (0, "https://d.example/", False),
        (1, "https://d.example/x", False),
        (2, "https://c.example/a.mp3", True),
    ]


def test_only_pictures_that_can_be_fetched_and_each_once() -> None:
    shown = post(
        "<img src='https://a.example/1.png' alt='One'><img src='https://a.example/1.png' alt='Two'>"
        "<img src='data:image/png;base64,AAAA' alt='Inside'>"
    )
    assert pictures_of(shown) == (Picture("https://a.example/1.png", "One"),)
