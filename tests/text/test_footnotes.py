"""Footnotes as the programs of writers make them."""

import pytest

from nordic_tui.text.blocks import Block, Heading, ListBlock, Notes, Paragraph, text_of
from nordic_tui.text.html import parse

REFERENCES = {
    "WordPress": '<sup data-fn="a-1" class="fn"><a href="#a-1" id="a-1-link">1</a></sup>',
    "kramdown": '<sup id="fnref:1"><a href="#a-1" class="footnote" role="doc-noteref">1</a></sup>',
    "Pandoc": '<a href="#a-1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a>',
    "EPUB": '<a epub:type="noteref" href="#a-1">*</a>',
    "MediaWiki": '<sup id="r"><a href="#a-1"><span>[</span>1<span>]</span></a></sup>',
    "old MediaWiki": '<sup id="r">[<a href="#a-1">1</a>]</sup>',
    "whole address": '<a class="footnote-anchor" href="https://example.org/post#a-1">1</a>',
    "by hand": "<sup><a href=#a-1>1</a></sup>",
}
DEFINITIONS = {
    "item": '<ol><li id="a-1">The note. <a href="#a-1-link">↩︎</a></li></ol>',
    "item with paragraph": '<ol><li id=a-1><p>The note. <a class="footnote-backref" href=#r>x</a>',
    "name in item": "<ol><li><span id=a-1></span>The note.</ol>",
    "paragraph": '<p id=a-1><sup>1</sup> The note. <a href="#fnref1">↑</a></p>',
    "anchor": '<p><a name="a-1" href="#_ftnref1">[1]</a> The note.</p>',
    "aside": "<aside id=a-1><div>The note.</div></aside>",
    "Substack": (
        '<div class="footnote" data-component-name="FootnoteToDOM">'
        '<a id="a-1" href="#footnote-anchor-1" class="footnote-number">1</a>'
        "<div>The note.</div></div>"
    ),
    "Docutils": (
        '<aside id="a-1" role="doc-footnote"><span class="label">'
        '<span>[</span><a role="doc-backlink" href="#id1">1</a><span>]</span></span>'
        "<p>The note.</p></aside>"
    ),
}


def texts(blocks: tuple[Block, ...]) -> list[str]:
    return [text_of(block.text) for block in blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize("definition", DEFINITIONS)
@pytest.mark.parametrize("reference", REFERENCES)
def test_notes_of_every_make(reference: str, definition: str) -> None:
    html = f"<p>Words{REFERENCES[reference]} go on.</p>{DEFINITIONS[definition]}"
    document = parse(html, "https://example.org/post")
    words, notes = document.blocks
    assert isinstance(words, Paragraph)
    assert [(span.text, span.note) for span in words.text] == [
        ("Words", None),
        ("[^1]", 1),
        (" go on.", None),
    ]
    assert isinstance(notes, Notes)
    [(number, note)] = notes.notes
    assert (number, texts(note)) == (1, ["The note."])
    assert document.links == ()


@pytest.mark.parametrize(
    "html",
    [
        "<p>Words<sup><a href=#fn1>1</a></sup></p>",
        "<p>Words<a href=#part>1</a></p><p id=part></p>",
        "<p>Words<a href=#fnref1>1</a></p><p id=fnref1></p>",
    ],
)
def test_what_leads_to_no_note_is_no_reference(html: str) -> None:
    [paragraph] = parse(html).blocks
    assert isinstance(paragraph, Paragraph)
    assert [span.note for span in paragraph.text] == [None]


def test_notes_are_numbered_as_they_are_referred_to() -> None:
    html = "".join(f"<sup><a href=#fn{n}>{n}</a></sup>" for n in (7, 3, 7))
    [paragraph, notes] = parse(f"a{html}<ol><li id=fn3>b<li id=fn7>c<li id=fn3>d</ol>").blocks[:2]
    assert isinstance(paragraph, Paragraph)
    assert [span.text for span in paragraph.text] == ["a", "[^1]", "[^2]", "[^1]"]
    assert isinstance(notes, Notes)
    assert [(number, texts(note)) for number, note in notes.notes] == [(2, ["b"]), (1, ["c"])]


def test_items_that_are_no_notes_stay_a_list() -> None:
    html = "<sup><a href=#fn2>2</a></sup><ol><li>a<li id=fn2>b<li>c</ol>"
    blocks = parse(html).blocks[1:]
    assert [type(block) for block in blocks] == [ListBlock, Notes, ListBlock]
    assert isinstance(blocks[2], ListBlock)
    assert blocks[2].start == 3


def test_notes_in_the_text_are_gathered_at_its_end() -> None:
    html = (
        "<p>a<a epub:type=noteref href=#x>1</a></p><aside epub:type=footnote id=x>1 apple</aside>"
        "<p>b<a epub:type=noteref href=#y>2</a></p><aside epub:type=footnote id=y>12 pears</aside>"
        "<p>c"
    )
    *paragraphs, notes = parse(html).blocks
    assert texts(tuple(paragraphs)) == ["a", "b", "c"]
    assert isinstance(notes, Notes)
    assert [(number, texts(note)) for number, note in notes.notes] == [
        (1, ["apple"]),
        (2, ["12 pears"]),
    ]


def test_a_note_in_the_middle_of_something_is_found_by_its_number() -> None:
    blocks = parse("<sup><a href=#fn1>1</a></sup><h3 id=fn1>Where it is said</h3>").blocks
    heading = blocks[1]
    assert isinstance(heading, Heading)
    assert [(span.text, span.note) for span in heading.text] == [
        ("[^1]", 1),
        (" Where it is said", None),
    ]
