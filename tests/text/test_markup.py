import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.text.html import plain
from nordic_tui.text.markup import Tag, attributes, decode, one_paragraph, tokens


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", []),
        ("a &amp; b", ["a & b"]),
        ("<P Class=x>a</P >", [Tag("p", " Class=x"), "a", Tag("p", closing=True)]),
        ("<br/>", [Tag("br", "/")]),
        ("1 < 2", ["1 < 2"]),
        ("a<!-- <b> -->c", ["a", "c"]),
        ("a<!-->b<!--->c", ["a", "b", "c"]),
        ("a<![CDATA[ <b> ]]>c<![if x]>d", ["a", "c", "d"]),
        ("a<?xml version='1.0'?>b</>c", ["a", "b", "c"]),
        ("<a title='1 > 0'>x", [Tag("a", " title='1 > 0'"), "x"]),
        ("<a title='never closed>x", [Tag("a", " title='never closed"), "x"]),
        ("<SVG><b></svg>x", [Tag("svg", held="<b>"), Tag("svg", closing=True), "x"]),
        ("<svg>x<svg>y", [Tag("svg"), "x", Tag("svg"), "y"]),
        ("<script>a<b", []),
        ("a<b", ["a"]),
        ("a<!-- b", ["a"]),
    ],
)
def test_tokens(html: str, expected: list[str | Tag]) -> None:
    assert list(tokens(html)) == expected


def test_attributes() -> None:
    assert attributes(" HREF='a&amp;b' class=\"x y\" width=5 hidden alt = z href=2 /") == {
        "href": "a&b",
        "class": "x y",
        "width": "5",
        "hidden": "",
        "alt": "z",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("&lt;&nbsp;&#8211;&#x2013;", "<\xa0––"),
        ("&amp;amp;", "&amp;"),
        ("&#0000000000039;", "'"),
        ("&#27;[0m&#x1B;&#7;", "\x1b[0m\x1b\x07"),
        ("&#" + "9" * 5_000 + ";", "\ufffd"),
        ("&#150;", "–"),  # Windows-1252, as the HTML standard says
        ("AT&T &unknown;", "AT&T &unknown;"),
    ],
)
def test_references_are_decoded_once(text: str, expected: str) -> None:
    assert decode(text) == expected


@given(st.text(alphabet=st.sampled_from("<>/!-?='\" abc&#;[]")))
def test_anything_is_read(html: str) -> None:
    for token in tokens(html):
        if isinstance(token, Tag):
            assert token.name
            assert all(attributes(token.attributes))
        else:
            assert token


# ── one paragraph ───────────────────────────────────────────────────────────────────────────

PIECES = [
    "<p>",
    "</p>",
    "<b>",
    "a",
    "Å",
    " ",
    "\n",
    "&#8230;",
    "&lt;",
    "&nbsp;",
    "\x1b[1m",
    "\u2028",
]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_one_paragraph_is_read_as_any_html_is(inside: str) -> None:
    for html in (inside, f"<p>{inside}</p>", f" <p>{inside}</p>\n"):
        text = one_paragraph(html)
        assert text is None or text == plain(html)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>The Nordic&nbsp;cities</p>", None),  # the gate makes it a plain space
        ("<p>The Nordic\n cities &amp; towns [&#8230;]</p>\n", "The Nordic cities & towns […]"),
        ("<p>The <b>Nordic</b> cities</p>", None),
        ("<p>one</p><p>two</p>", None),
        ("<p> </p>", ""),
        ("text", None),
    ],
)
def test_one_paragraph(html: str, text: str | None) -> None:
    assert one_paragraph(html) == text
