"""`text/of_post.py`: which of a post's texts is read."""

from nordic_tui.model import Entry, Post
from nordic_tui.text.of_post import text_of_post

LINK = "https://news.example/a/"
ENTRY = Entry(link=LINK, excerpt="One & two.\n\nThree.", content="<p>All of one.</p>")
POST = Post(1, 1, "News", ENTRY, (), True, None, full_text="<p>All.</p>")


def test_the_full_text_comes_first_unless_the_feeds_own_is_wanted() -> None:
    assert text_of_post(POST) == ("<p>All.</p>", LINK)
    assert text_of_post(POST, feed_only=True) == ("<p>All of one.</p>", LINK)
    assert text_of_post(POST._replace(full_text="")) == ("<p>All of one.</p>", LINK)


def test_an_excerpt_is_made_of_paragraphs_and_is_no_markup() -> None:
    post = POST._replace(full_text="", entry=ENTRY._replace(content=""))
    assert text_of_post(post) == ("<p>One &amp; two.</p><p>Three.</p>", "")
