from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nordic_tui.text.blocks import Document
from nordic_tui.text.clean import graphemes
from nordic_tui.text.html import Reading, parse
from nordic_tui.text.layout import Line, Piece, Role, Setting, lay_out
from tests.text.test_html import STRANGE_HTML

FOLDER = Path(__file__).parent / "html"
FILES = sorted(path.stem for path in FOLDER.glob("*.html"))


def text_of(line: Line) -> str:
    return "".join(piece.text for piece in line)


def lines_of(html: str, width: int) -> list[str]:
    return [text_of(line) for line in lay_out(parse(html, "https://example.org/"), width)]


@pytest.mark.parametrize("width", [72, 36])
@pytest.mark.parametrize("name", FILES)
def test_a_post_is_laid_out_as_written_down(name: str, width: int) -> None:
    html = (FOLDER / f"{name}.html").read_text(encoding="utf-8")
    expected = (FOLDER / f"{name}.{width}.txt").read_text(encoding="utf-8")
    assert lines_of(html, width) == expected.splitlines()


def test_pieces_say_what_they_are() -> None:
    html = '<p>a <b>b</b> <code>c</code> <s>d</s> <em>e</em> <a href="http://f.example">f</a>.</p>'
    assert lay_out(parse(html), 40) == [
        (
            Piece("a ", Role.TEXT),
            Piece("b", Role.STRONG),
            Piece(" ", Role.TEXT),
            Piece("c", Role.CODE),
            Piece(" ", Role.TEXT),
            Piece("d", Role.STRIKE),
            Piece(" ", Role.TEXT),
            Piece("e", Role.EMPHASIS),
            Piece(" ", Role.TEXT),
            Piece("f", Role.LINK, 1),
            Piece(" ", Role.TEXT),
            Piece("[1]", Role.LINK_NUMBER, 1),
            Piece(".", Role.TEXT),
        ),
        (),
        (Piece("[1] http://f.example", Role.MUTED, 1),),
    ]


@pytest.mark.parametrize(
    ("html", "roles"),
    [
        ("<h3>a <b>b</b></h3>", [Role.HEADING]),
        ("<h4>a</h4>", [Role.MARKER, Role.HEADING]),
        ("<blockquote>a <b>b</b></blockquote>", [Role.QUOTE, Role.STRONG]),
        ("<ul><li>a</li></ul>", [Role.MARKER, Role.TEXT]),
        ("<pre>a</pre>", [Role.CODE]),
        ("<img alt=a>", [Role.MUTED]),
        ("<kbd>a</kbd><mark>b</mark><ins>c</ins>", [Role.KEY, Role.MARK, Role.INSERTED]),
        ("<dl><dt>a</dl>", [Role.STRONG]),
        ("<hr>", [Role.RULE]),
    ],
)
def test_each_block_has_its_roles(html: str, roles: list[Role]) -> None:
    [line] = lay_out(parse(html), 20)
    assert [piece.role for piece in line] == roles


def test_an_empty_document_has_no_lines() -> None:
    assert lay_out(Document(), 40) == []


def test_nesting_deeper_than_eight_is_not_indented() -> None:
    lines = lines_of("<blockquote>" * 50 + "some words to read", 30)
    assert lines == ["│ │ │ │ │ │ │ │ some words to", "│ │ │ │ │ │ │ │ read"]


def test_lists_without_room_have_their_marks_above() -> None:
    assert lines_of("<ol start=100><li>ab<li>cd</ol>", 5) == ["100.", "ab", "101.", "cd"]


@given(STRANGE_HTML, st.integers(1, 40))
def test_no_line_is_too_wide_and_no_link_is_lost(html: str, width: int) -> None:
    document = parse(html, "https://example.org/")
    numbers = set()
    for line in lay_out(document, width):
        text = text_of(line)
        assert cell_len(text) <= width or len(list(graphemes(text))) == 1
        assert text == text.rstrip(" ")
        assert "\n" not in text
        numbers |= {piece.link for piece in line if piece.link is not None}
    assert numbers == set(range(1, len(document.links) + 1))


@given(STRANGE_HTML, st.integers(1, 40), st.lists(st.integers(-1, 9), max_size=8))
def test_a_setting_makes_the_same_lines_step_by_step(
    html: str, width: int, steps: list[int]
) -> None:
    expected = lay_out(parse(html, "https://example.org/"), width)
    setting = Setting(Reading(html, "https://example.org/"), width)
    for step in steps:
        before = len(setting.lines)
        added = setting.extend(before + step)
        assert added == (len(setting.lines) > before)
        assert setting.done or len(setting.lines) == max(before, before + step)
        assert setting.lines == expected[: len(setting.lines)]
        assert not added or setting.done == (len(setting.lines) == len(expected))
    while not setting.done:
        setting.extend(len(setting.lines) + 3)
    assert setting.lines == expected
    assert not setting.extend(len(expected) + 1)


def test_no_more_is_read_than_the_lines_that_are_asked_for_need() -> None:
    reading = Reading("<div>" + "<p>some words" * 10_000)
    setting = Setting(reading, 40)
    setting.extend(30)
    assert not reading.done
    assert len(reading.blocks()) < 100
    assert len(setting.lines) == 30


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<h1>ab c</h1>", ["ab c", "━━━━"]),
        ("<h2>ab c</h2>", ["ab c", "────"]),
        ("<h2>a b c d e f</h2>", ["a b c d e", "f", "─────────"]),
        ("<h3>ab</h3>", ["ab"]),
        ("<h4>ab</h4>", ["› ab"]),
        ("<h5>ab</h5>", ["›› ab"]),
        ("<h6>a b c d e</h6>", ["››› a b c", "    d e"]),
    ],
)
def test_levels_of_headings_are_told_apart_by_letters(html: str, lines: list[str]) -> None:
    assert lines_of(html, 10) == lines


@pytest.mark.parametrize(
    ("code", "width", "lines"),
    [
        ("let a = one;", 14, ["  let a = one;"]),
        ("let name = one + two;", 16, ["  let name =", "  ↳ one + two;"]),
        ("x" * 30, 16, ["  " + "x" * 14, "  ↳ " + "x" * 12, "  ↳ xxxx"]),
        ("    indented", 12, ["      indent", "  ed"]),
        ("東" * 9, 16, ["  " + "東" * 7, "  ↳ 東東"]),
        ("a\n\nb", 16, ["  a", "", "  b"]),
    ],
)
def test_a_line_of_code_that_goes_on_says_so(code: str, width: int, lines: list[str]) -> None:
    assert lines_of(f"<pre>{code}</pre>", width) == lines
