"""The text of a post by words."""

import pytest

from nordic_tui.plain.prose import told, told_changes
from nordic_tui.service.changes import Changed
from nordic_tui.text import html
from nordic_tui.text.diff import changes
from tests.fakes import NOW


def lines(source: str) -> list[str]:
    """The parts as they are read out; an empty line stands before a part of its own."""
    found: list[str] = []
    for part in told(html.parse(source, "https://news.example/")):
        if found and not part.follows:
            found.append("")
        found += part.text.split("\n")
    return found


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<p>One.</p><p>Two.</p>", ["One.", "", "Two."]),
        ("<h3>Head</h3>", ["Heading 3: Head"]),
        ("<p>See <a href='/a'>this</a>, now.</p>", ["See this (link 1), now."]),
        ("<p><a href='/a'>a <b>bold</b> one </a>b</p>", ["a bold one (link 1) b"]),
        ("<p>Now <del>50</del> 40</p>", ["Now (struck out: 50) 40"]),
        ("<ul><li>a</li><li>b</li></ul>", ["List, 2 items:", "- a", "- b"]),
        ("<ol start=9><li>a</li><li>b</li></ol>", ["List, 2 items:", "9. a", "10. b"]),
        (
            "<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>",
            [
                "List, 2 items:",
                "- a",
                "List inside, 1 item:",
                "1. b",
                "End of the list inside.",
                "- c",
            ],
        ),
        (
            "<blockquote><p>a</p><p>b</p></blockquote>",
            ["Quote: a", "", "b", "End of the quote."],
        ),
        (
            "<pre><code class='language-python'>def f():\n    return 1</code></pre>",
            ["Code, python, 2 lines:", "def f():", "    return 1", "End of the code."],
        ),
        ("<dl><dt>Term</dt><dd>What it is</dd></dl>", ["Term:", "What it is"]),
        ("<p>a</p><hr><p>b</p>", ["a", "", "A break in the text.", "", "b"]),
        ("<img src='/a.png' alt='A square'>", ["Picture: A square"]),
        (
            "<figure><img src='/a.png'><figcaption>Oslo</figcaption></figure>",
            ["Picture. Oslo"],
        ),
        ("<img src='/a.png'>", ["Picture without a description"]),
    ],
)
def test_blocks_by_words(source: str, said: list[str]) -> None:
    assert lines(source) == said


def test_a_table_says_the_column_of_each_cell() -> None:
    source = (
        "<table><tr><th>City</th><th>Year</th></tr><tr><td>Oslo</td><td>2020</td></tr>"
        "<tr><td>Turku</td><td></td></tr></table>"
    )
    assert lines(source) == [
        "Table of 2 columns and 2 rows.",
        "Row 1. City: Oslo; Year: 2020.",
        "Row 2. City: Turku.",
        "End of the table.",
    ]


def test_a_table_without_heads() -> None:
    source = "<table><tr><td>Oslo</td><td>5</td></tr><tr><td>Turku</td><td>6</td></tr></table>"
    assert lines(source)[1:3] == ["Row 1. Oslo; 5.", "Row 2. Turku; 6."]


def test_a_link_that_lies_is_followed_by_where_it_leads() -> None:
    said = lines("<p><a href='https://evil.example/'>https://bank.example/</a></p>")
    assert said == ["https://bank.example/ (link 1) (leads to evil.example)"]


def test_notes_have_their_number_in_the_text_and_at_the_end() -> None:
    source = (
        "<p>Text<sup id='r'><a href='#fn1'>1</a></sup>.</p>"
        "<section class='footnotes'><ol><li id='fn1'>The note. <a href='#r'>↩</a></li></ol>"
        "</section>"
    )
    said = lines(source)
    assert said[0] == "Text (note 1)."
    assert said[-1] == "Note 1: The note."


def test_nothing_of_it_is_drawn() -> None:
    source = (
        "<ul><li>a<ul><li>b<ul><li>c</ul></ul></ul><table><tr><td>a<td>b</table><hr>"
        "<blockquote>c</blockquote>"
    )
    assert not set("".join(lines(source))) & set("•◦▪│─┌┐└┘├┤┬┴┼▌█·")


def test_what_changed_is_told_by_words() -> None:
    before = "The budget is 50 million.\n\nSame.\n\nGone with all its words."
    after = "The budget is 40 million.\n\nSame.\n\nSomething altogether different came."
    changed = Changed(
        NOW, since_read=True, title=changes("Old", "Old"), text=changes(before, after)
    )
    said = [part.text for part in told_changes(changed)]
    assert said[0].startswith("What changed since you read it on ")
    assert "The budget is (gone: 50) (added: 40) million." in said
    assert "1 paragraph as before." in said
    assert "Paragraph that is gone: Gone with all its words." in said
    assert "New paragraph: Something altogether different came." in said
