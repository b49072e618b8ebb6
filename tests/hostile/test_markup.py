"""Markup is read as far as it says how a text reads, and is text or nothing otherwise."""

import re
from html import escape

import pytest

from nordic_tui.decode.detect import decode
from nordic_tui.model import Entry, PostRow
from nordic_tui.text import html
from nordic_tui.text.layout import lay_out
from nordic_tui.tui import present
from nordic_tui.tui.theme import FJORD, Palette
from tests.hostile.markup import CASES, Markup
from tests.terminal_stream import faults

PALETTE = Palette(FJORD.variables, plain=False)
BASE = "https://news.example/post/"


def read(case: Markup) -> Entry:
    """The post as a feed brings it; a title in RSS, where it may be HTML."""
    feed = (
        f"<rss version='2.0'><channel><title>News</title><item><guid>1</guid><link>{BASE}</link>"
        f"<title>{escape(case.title)}</title><description>{escape(case.html)}</description>"
        "</item></channel></rss>"
    )
    (entry,) = decode(feed.encode()).entries
    return entry


@pytest.mark.parametrize("case", [case for case in CASES if case.title], ids=str)
def test_a_title_is_text(case: Markup) -> None:
    assert read(case).title == case.text
    row = PostRow(1, case.text, None, unread=False)
    drawn = present.post_row(row, 80, PALETTE, selected=True, focused=True)
    assert case.text in drawn.text
    for segment in drawn:
        assert segment.style is not None
        assert not segment.style.meta
        assert not segment.style.link


@pytest.mark.parametrize("case", [case for case in CASES if case.html], ids=str)
def test_a_body_is_text_and_links(case: Markup) -> None:
    assert read(case).excerpt == html.plain(case.html) == case.text
    document = html.parse(case.html, BASE)
    assert tuple(link.url for link in document.links) == case.links
    drawn = ["".join(piece.text for piece in line) for line in lay_out(document, 72)]
    shown = re.sub(r" \[1\]|\[Image\]", "", "\n".join(drawn))
    assert " ".join(shown.split()).startswith(" ".join(case.text.split()))
    assert [fault for line in drawn for fault in faults(line)] == []
