"""A page read in steps: nothing waits that is complete, nothing is given that may still change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.text.blocks import Document, Figure, ListBlock, Paragraph, Span, text_of
from nordic_tui.text.html import Reading, parse, plain
from nordic_tui.text.layout import Setting, lay_out
from tests.text.test_html import STRANGE_HTML


@given(STRANGE_HTML, st.integers(1, 4))
def test_steps_lead_to_the_same_document(html: str, step: int) -> None:
    whole = parse(html, "https://example.org/")
    reading = Reading(html, "https://example.org/")
    assert reading.document == Document()
    while not reading.done:
        before = len(reading.blocks())
        reading.read(step)
        assert tuple(reading.blocks()) == whole.blocks[: len(reading.blocks())]
        assert reading.done or len(reading.blocks()) >= before + step
    assert reading.document == whole


@pytest.mark.parametrize(
    "around",
    [
        "<div>",
        "<div><main><article><section>",
        "<table role=presentation><tr><td>",
        "<table role=none><tr><td><table role=none><tr><td>",
        "<form>",
        "<table><tr><td><h1>a</h1>",
        "<table><tr><td>a</td><td><table><tr><td><h1>a</h1>",
        "<table><tr><td><p>a<p>b<p>c",
        "<table role=none><tr><td><table><tr><td>a</td></tr><tr><td><ul><li>b</ul>",
    ],
)
def test_what_only_holds_a_page_holds_nothing_back(around: str) -> None:
    reading = Reading(around + "<p>words</p>" * 1_000)
    reading.read(9)
    assert 9 <= len(reading.blocks()) <= 10
    assert not reading.done


@pytest.mark.parametrize(
    ("html", "parts"),
    [
        ("<ul>" + "<li>a<p>b" * 1_000, 5),
        ("<ol>" + "<li>a" * 1_000, 5),
        ("<div><dl>" + "<dt>a<dd>b" * 1_000, 5),
        ("<blockquote>" + "<p>a" * 1_000, 5),
        ("<ol reversed>" + "<li>a" * 1_000, 1),
        ("<p>a<blockquote><ul>" + "<li>a" * 1_000, 2),
    ],
)
def test_long_lists_and_quotes_are_given_in_parts(html: str, parts: int) -> None:
    reading = Reading(html)
    reading.read(1)
    assert reading.done == (parts == 1)
    reading.read(1_000)
    assert len(reading.blocks()) == parts


def test_numbers_go_on_in_the_next_part_of_a_list() -> None:
    html = "<ol start=5>" + "<li>a" * 350 + "<li id=fn1>b</ol><sup><a href=#fn1>1</a></sup>"
    first, second, _ = parse(html).blocks
    assert isinstance(first, ListBlock)
    assert isinstance(second, ListBlock)
    assert (first.start, first.continues, len(first.items)) == (5, False, 200)
    assert (second.start, second.continues, len(second.items)) == (205, True, 151)
    lines = lay_out(parse(html), 40)
    assert [piece.text for piece in lines[199]] == ["204. ", "a"]
    assert [piece.text for piece in lines[200]] == ["205. ", "a"]


def test_a_table_around_a_page_leaves_its_words_in_their_order() -> None:
    html = (
        "<table><caption>t</caption><tr><td>a<td>b</tr><tr><td>c<th>d<h2>e</h2>f<td>g</tr>"
        "<tr><td>h</table><p>i"
    )
    assert plain(html).split() == [*"tabcdefghi"]
    assert parse(html).blocks[-1] == Paragraph((Span("i"),))


def test_a_caption_still_comes_to_the_last_picture() -> None:
    reading = Reading("<img alt=a><figcaption>b</figcaption><p>c<p>d<p>e")
    reading.read(1)
    assert reading.blocks()[0] == Figure("a", (Span("b"),))


def test_blocks_are_given_from_any_on() -> None:
    reading = Reading("<p>a<p>b<p>c")
    reading.read(100)
    given = [text_of(block.text) for block in reading.blocks(1) if isinstance(block, Paragraph)]
    assert given == ["b", "c"]


def test_whoever_has_no_patience_gets_nothing_of_a_table_until_it_is_whole() -> None:
    table = "<table>" + "<tr><td>a</td><td>b</td></tr>" * 900 + "</table>"
    setting = Setting(Reading(f"<p>Before.</p>{table}"), 72)
    steps = 0
    while not setting.done:
        steps += 1
        if not setting.extend(10_000, patient=False):
            assert len(setting.lines) <= 1, "only what stands before the table"
    assert steps > 3
    assert setting.lines == lay_out(parse(f"<p>Before.</p>{table}"), 72)
