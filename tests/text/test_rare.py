"""Pages and texts as hardly anyone writes them: what comes of them is thought out all the same."""

import pytest

from nordic_tui.text import clean, html
from nordic_tui.text.blocks import figures_in
from nordic_tui.text.diff import MAX_CHARS, Change, changes
from nordic_tui.text.highlight import code_lines
from nordic_tui.text.inline import Style, inline
from nordic_tui.text.layout import lay_out
from nordic_tui.text.running import Links
from nordic_tui.text.words import phrases
from nordic_tui.text.wrapping import Role, Run, chop, cut, wrap, wrap_runs

REFERS = "<p>See<sup><a href='#fn1'>1</a></sup></p>"
DEEP = "<blockquote>" * 99
"""One level less than what is read."""


def lines(page: str, width: int = 60) -> list[str]:
    document = html.parse(page, "https://news.example/")
    return ["".join(piece.text for piece in line) for line in lay_out(document, width)]


# ── notes ───────────────────────────────────────────────────────────────────────────────────


def test_pictures_in_notes_are_pictures_of_the_page() -> None:
    page = f"{REFERS}<ol><li id=fn1><p>Note<p><img src='/map.png' alt=map></ol>"
    assert [figure.alt for figure in figures_in(html.parse(page).blocks)] == ["map"]


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        # Its number as its writer gave it goes, another number stays.
        ("<div id=fn1>1. Note</div>", ["[^1] Note"]),
        ("<div id=fn1>7. Note</div>", ["[^1] 7. Note"]),
        ("<div id=fn1>1.5 million</div>", ["[^1] 1.5 million"]),
        ("<div id=fn1>1 st</div>", ["[^1] st"]),
        ("<div id=fn1>1st</div>", ["[^1] 1st"]),
        ("<div id=fn1><b>1.</b> <i>Note</i></div>", ["[^1] Note"]),
        ("<div id=fn1>1.</div>", []),
        ("<div id=fn1><h2>Head</h2></div>", ["[^1] Head", "     ────"]),
        ("<div id=fn1></div>", []),
        ("<p id=fn1>1.</p>", []),
        ("<p id=fn1><a href='#fn1'>1</a> Note</p>", ["[^1] [^1] Note"]),
        # A note in the middle of something is found by its number.
        ("<ul><li>Text <span id=fn1>here</span></ul>", ["• Text [^1] here"]),
        ("<ul><li>Text<h2 id=fn1>here</h2></ul>", ["• Text", "", "  [^1] here", "  ─────────"]),
        ("<p>Text <span id=fn1>here</span></p>", ["Text [^1] here"]),
        # Too deep for a frame of its own.
        (f"{DEEP}<div id=fn1>Note</div>", ["│ │ │ │ │ │ │ │ Note"]),
    ],
)
def test_notes(note: str, shown: list[str]) -> None:
    assert lines(REFERS + note) == ["See[^1]", *([""] if shown else []), *shown]


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("<a href='#'>1</a>", "See 1"),
        ("<a href='#fn%31'>1</a>", "See [^1]"),
        ("<sup><a href='#fnref2'>1</a></sup>", "See ¹"),
        ("<sup><a href='#fn1'>1<a href='/x'>2</a></a></sup>", "See [^1]"),
        ("<a class=footnote-ref href='#fnref:1'>1</a>", "See 1"),
    ],
)
def test_links_that_may_lead_to_a_note(link: str, shown: str) -> None:
    page = f"<p>See {link}</p><p id=fn1>Note</p><p id=fnref2>x</p><p id='fnref:1'>y</p>"
    assert lines(page)[0] == shown


def test_what_stands_in_a_frame_of_a_note_without_a_number_is_text() -> None:
    page = f"{REFERS}<div id=fn1>One</div><div class=FootnoteToDOM>Two</div>"
    assert lines(page) == ["See[^1]", "", "Two", "", "[^1] One"]


# ── structure ───────────────────────────────────────────────────────────────────────────────


def test_a_page_is_read_to_its_end_once() -> None:
    reading = html.Reading("<p>a</p><p>b</p>")
    reading.read(9)
    reading.read(9)
    assert reading.done
    assert len(reading.blocks()) == 2


def test_what_is_hidden_ends_with_its_own_element() -> None:
    hidden = "<div style='display:none;max-height:0'>a<p>b</p><div>c</div>d</div>"
    assert lines(f"{hidden}<p>Sea</p>") == ["Sea"]


@pytest.mark.parametrize(
    "page",
    ["<li>Sea", "<dd>Sea", "<ul><li>Sea", "<table><tr><td>Sea", "<blockquote>Sea</blockquote>"],
)
def test_what_is_too_deep_is_text_of_what_is_around_it(page: str) -> None:
    assert lines(DEEP + page) == ["│ │ │ │ │ │ │ │ Sea"]


def test_elements_that_lack_what_belongs_around_them() -> None:
    assert lines("<dt>Term<p>Sea") == ["Term", "", "Sea"]
    assert lines("<table border=1><td>a<td>b</table>") == ["a  b"]
    assert lines("<p>a</p><li>b<h2>c</h2>") == ["a", "", "• b", "", "  c", "  ─"]


def test_a_cell_of_a_table_of_data_is_one_text() -> None:
    cells = [
        "<ol><li id=fn1>Note</ol>",
        "<dl><dt>Term<dd>Sea</dl>",
        "<blockquote><pre>x = 1</pre></blockquote>",
        "<ul><li>One<li>Two</ul>",
        "<p><img src='/i.png' alt=map><p>Sea",
    ]
    page = f"{REFERS}<table border=1><tr><th>A<th>B" + "".join(f"<tr><td>{c}<td>x" for c in cells)
    shown = [" ".join(line.split()) for line in lines(page)]
    assert [line for line in shown if line and set(line) != {"─"}] == [
        *("See[^1]", "A B", "[^1] Note x", "Term x", "Sea", "x = 1 x"),
        *("• One x", "• Two", "[Image: map] x", "Sea"),
    ]  # fmt: skip


def test_a_table_has_a_thousand_rows_at_most() -> None:
    page = "<table border=1>" + "".join(f"<tr><td>{n}<td>x" for n in range(1_100)) + "</table>"
    shown = [line.split()[0] for line in lines(page) if line.strip()]
    assert shown[-2:] == ["999", "…"]


def test_cells_within_cells_of_a_table_that_arranges_the_page() -> None:
    inner = "<table><tr><td><h2>Head</h2><ul><li>One<li>Two</ul>"
    shown = lines(f"<table><tr><td>Sea<td><blockquote>{inner}")
    assert [line for line in shown if line.strip("│ ")] == [
        *("Sea", "│ Head", "│ ────", "│ • One", "│ • Two")
    ]


def test_tables_without_room_or_words() -> None:
    # A frame for the table, and none for its row.
    assert lines("<blockquote>" * 98 + "<table><tr><td>Sea") == ["│ │ │ │ │ │ │ │ Sea"]
    page = "<table border=1><tr><td>a<td>b<tr><td><td> <tr><td>c<td>d</table>"
    assert [line for line in lines(page) if line] == ["a  b", "c  d"]
    assert lines("<ul><table role=presentation><tr><td>a<td>b</table></ul>") == ["• a  b"]


def test_ends_without_beginnings() -> None:
    assert lines("<p>Sea</q> news</p>") == ["Sea news"]
    assert lines("<li>Sea</li>news") == ["• Sea", "", "news"]
    assert lines("<p>Sea</abbr> <abbr title='Sea'>SEA</abbr></p><pre> </pre>") == ["Sea SEA"]


def test_what_comes_after_all_that_is_read_is_not_looked_at() -> None:
    assert html.plain("<p>" + "x" * 9_000 + "</p><p>b</p>" * 9, 10) == "x" * 9 + "…"


def test_a_section_without_an_end_goes_on() -> None:
    assert lines("<p>Sea<![CDATA[a><p>b<![CDATA[c>d") == ["Sea", "", "bd"]


def test_no_more_links_than_there_is_room_for() -> None:
    links = Links("https://news.example/")
    assert all(links.address(f"/{n}") for n in range(4_000))
    assert links.address("/one-more") == ""
    assert links.address("/0"), "known already"


# ── running text ────────────────────────────────────────────────────────────────────────────


def test_marks_at_the_beginning_of_a_style_go() -> None:
    page = "<p>S<b>\u0335\u0335ea</b> <i> \u0335news</i></p>"
    assert html.plain(page) == "Sea news"


def test_styles_of_nothing_but_space_leave_nothing() -> None:
    strong, code = Style(strong=True), Style(code=True)
    spans = inline([("Sea", Style()), (" ", strong), ("\n", code), (" ", Style())])
    assert [span.text for span in spans] == ["Sea"]
    assert inline([(" ", Style()), (" ", strong)]) == ()


def test_joiners_go_where_what_goes_before_bares_them() -> None:
    # The Hebrew mark goes before the Arabic one in the composed form, and stands at the joiner.
    text = "\u0643\u200c\u0652\u180b\u200d\u05bf"
    once = clean.line(text)
    assert clean.line(once) == once
    assert not {*once} & {*"\u200c\u200d\u180b"}


def test_a_letter_wider_than_its_room() -> None:
    assert cut("北京", 2) == "…"
    assert cut("北京", 1) == "…"
    assert list(chop("", 3)) == []
    assert wrap("a北", 1) == ["a", "北"]
    role = Role.TEXT
    broken = [
        [p.text for p in line]
        for line in wrap_runs([("abc", role, None), ("é́北北", Role.CODE, None)], 4)
    ]
    assert broken == [["abc", "é́"], ["北北"]]


def test_a_picture_that_does_not_fit_behind_a_word_of_another_style() -> None:
    runs: list[Run] = [("abc", Role.TEXT, None), ("👩x", Role.CODE, None)]
    assert [[p.text for p in line] for line in wrap_runs(runs, 4)] == [["abc"], ["👩x"]]


def test_addresses_in_a_window_of_one_column() -> None:
    assert lines("<a href='https://a.example/'>b</a>", 1)[-1] == "/"
    assert "" not in [line.strip() for line in lines("<a href='https://a.example/'>b</a>", 1)[5:]]


def test_long_lines_of_code_without_a_blank() -> None:
    assert lines("<pre>" + "北" * 12 + "</pre>", 24) == ["  " + "北" * 11, "  ↳ 北"]


def test_code_of_letters_with_marks_is_as_wide_as_its_letters() -> None:
    code = "x\u0335\u0336" * 10
    assert lines(f"<pre>{code}</pre>", 24) == [f"  {code}"]


def test_terms_with_several_definitions_of_paragraphs() -> None:
    page = "<dl><dt>Term<dd><p>a<p>b<dd>c</dl>"
    assert lines(page) == ["Term", "  a", "", "  b", "", "  c"]


@pytest.mark.parametrize("language", ["console", "psql"])
def test_code_of_which_a_lexer_leaves_out_lines_is_shown_in_full(language: str) -> None:
    code = "\n\n x"
    runs = [[text for text, _, _ in line] for line in code_lines(code, language)]
    assert runs == [[], [], [" x"]]


# ── words ───────────────────────────────────────────────────────────────────────────────────


def test_nothing_typed_is_looked_for_nowhere() -> None:
    assert phrases([]) == ()


def test_texts_too_long_to_compare_word_by_word() -> None:
    same, long = "Same.", "word " * (MAX_CHARS // 5)
    told = changes(f"{same}\n\nOld.\n\n{long}", f"{same}\n\nNew.\n\n{long}")
    assert [(piece.text[:5], piece.change) for each in told for piece in each.pieces] == [
        ("Same.", Change.SAME),
        ("Old.", Change.REMOVED),
        ("New.", Change.ADDED),
        ("word ", Change.SAME),
    ]


def test_lists_with_more_changes_than_are_looked_for() -> None:
    before = "\n\n".join(f"a{n}" for n in range(700))
    after = "\n\n".join(f"b{n}" for n in range(700))
    told = changes(before, after)
    assert sum(each.in_before for each in told) == sum(each.in_after for each in told) == 700
    assert not any(each.is_same for each in told)


# ── addresses ───────────────────────────────────────────────────────────────────────────────


def test_logins_in_a_text() -> None:
    text = "It asked https://kari:hush@news.example/a and kari@news.example."
    assert clean.without_logins(text) == "It asked https://news.example/a and kari@news.example."
    assert clean.without_logins("nothing") == "nothing"


def test_addresses_that_are_handed_on() -> None:
    assert clean.public_address("https://kari:hush@news.example/a") == "https://news.example/a"
    assert clean.public_address("mailto:kari@news.example") == ""


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://999999999999/", "999999999999"),
        ("http://256.1/", "256.1"),
        ("http://08.1/", "08.1"),
        ("http://0x7f000001/", "127.0.0.1"),
        ("http://1.2.3.4.5/", "1.2.3.4.5"),
        ("http://a.1e5/", "a.1e5"),
        ("http://10.1./", "10.0.0.1"),
    ],
)
def test_hosts_of_numbers(address: str, host: str) -> None:
    assert clean.host(address) == host
