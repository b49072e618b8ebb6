"""A page read in steps: nothing waits that is complete, nothing is given that may still change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.text.blocks import Document, Figure, Paragraph, Span, text_of
from nordic_tui.text.html import Reading, parse
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
    ],
)
def test_what_only_holds_a_page_holds_nothing_back(around: str) -> None:
    reading = Reading(around + "<p>words</p>" * 1_000)
    reading.read(3)
    assert 3 <= len(reading.blocks()) <= 4
    assert not reading.done


def test_a_caption_still_comes_to_the_last_picture() -> None:
    reading = Reading("<img alt=a><figcaption>b</figcaption><p>c<p>d<p>e")
    reading.read(1)
    assert reading.blocks()[0] == Figure("a", (Span("b"),))


def test_blocks_are_given_from_any_on() -> None:
    reading = Reading("<p>a<p>b<p>c")
    reading.read(100)
    given = [text_of(block.text) for block in reading.blocks(1) if isinstance(block, Paragraph)]
    assert given == ["b", "c"]
