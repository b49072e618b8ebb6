"""Pages that are meant to hurt: nothing raises, and what comes of them is bounded and safe.

That the time is linear is measured, not tested: a machine may be busy.
"""

import pytest

from nordic_tui.text.clean import block
from nordic_tui.text.html import Reading
from nordic_tui.text.layout import Setting

PAGES = {
    "100,000 divs": "<div>" * 100_000 + "x",
    "100,000 quotes": "<blockquote>a" * 100_000,
    "30,000 lists": "<ul><li>a" * 30_000,
    "lists in lists without items": "<ul><li>a</li>" + "<ul><li>b</li></ul>" * 20_000,
    "paragraphs in a list without items": "<ul><li>a</li>" + "<p>b" * 40_000,
    "nested tables": "<table><tr><td>a<td>b" * 20_000,
    "5,000 columns": "<table>" + ("<tr>" + "<td>x" * 5_000) * 4,
    "wide cells": "<table>" + "<tr><td colspan=50>x" * 20_000,
    "10 MB of one word": "w" * 10_000_000,
    "10 MB of <": "<" * 10_000_000,
    "10 MB of &": "&" * 10_000_000,
    "10 MB of attributes": "<p " + "a=1 " * 2_500_000 + ">x",
    "quotes that never end": "<a b='" + '<a b="c' * 500_000,
    "1 MB of code": "<pre class=language-python>" + "x = 'a'  # b\n" * 80_000,
    "1 MB of code on one line": "<pre class=language-python>" + "x = 'a' " * 130_000,
    "powers of powers": "<sup>a" * 50_000,
    "notes": "".join(f"<sup><a href=#fn{n}>x</a></sup><p id=fn{n}>n" for n in range(5_000)),
    "one letter of a million": "👩\u200d" * 1_000_000,
    "comments": "<!--" * 1_000_000,
    "silence": "<div style='display:none;max-height:0'>" * 50_000,
}
MOST_LINES = 2_000
MOST_CHARS = 2_000


@pytest.mark.parametrize("name", PAGES)
def test_hostile_pages(name: str) -> None:
    setting = Setting(Reading(PAGES[name], "https://example.org/"), 72)
    setting.extend(MOST_LINES)
    for line in setting.lines:
        text = "".join(piece.text for piece in line)
        assert len(text) <= MOST_CHARS
        assert block(text) == text
        assert "\n" not in text
