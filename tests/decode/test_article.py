"""`decode/article.py`: the text of a post out of its own page."""

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nordic_tui.decode.article import find_article, is_installed
from nordic_tui.errors import ExtraMissing, NotAFeed
from nordic_tui.model import Article
from nordic_tui.text import html

PAGES = Path(__file__).parent / "pages"
URL = "https://byer.example/2024/05/slik-samarbeider-byene/"
needs_the_extra = pytest.mark.skipif(not is_installed(), reason="the extra fulltext is missing")
LONG = "Cities of the north do this and that, and more of it every year. " * 4


def found(name: str, title: str = "") -> str:
    body = (PAGES / name).read_bytes()
    return find_article(body, media_type="text/html", url=URL, title=title).html


def read(markup: str) -> str:
    return html.plain(markup)


@needs_the_extra
def test_a_page_of_wordpress_gives_its_post_and_nothing_else() -> None:
    text = read(found("wordpress.html", "Slik samarbeider byene"))
    assert text == (
        "Malmö, Turku og Ærø har lagt fram en felles plan for trygge byrom, og hele planen kan "
        "leses på nettet fra i dag.\n\n"
        "Hva planen sier\n\n"
        "• Flere lys langs gangveiene\n• Et felles ungdomsråd\n\n"
        "Vi lærer mer av hverandre enn av noen rapport.\n\n"
        "By · Tiltak\nMalmö · 12\nTurku · 7\n\n"
        'plan = {\n    "byer": 3,\n}\n\n'
        "Det neste møtet er i Turku i september, og alle medlemsbyene er invitert til å legge fram "
        "sine egne tiltak."
    )


@needs_the_extra
@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<h2>Hva planen sier</h2>", id="heading"),
        pytest.param('<a href="https://byer.example/planen/">hele planen</a>', id="whole address"),
        pytest.param("<li>Flere lys langs <em>gangveiene</em></li>", id="item"),
        pytest.param("<strong>trygge byrom</strong>", id="strong"),
        pytest.param("<blockquote>", id="quote"),
        pytest.param("<th>By</th>", id="head of a table"),
        pytest.param("<td><strong>Malmö</strong></td>", id="words set in a cell"),
        pytest.param("<pre><code>plan = {\n    &quot;byer&quot;: 3,\n}</code></pre>", id="code"),
        pytest.param(
            '<figure><img src="https://byer.example/wp-content/uploads/2024/05/havn.jpg"'
            ' alt="Havnen ved solnedgang"><figcaption>Havnen i Malmö. Foto: Kari</figcaption>'
            "</figure>",
            id="picture with caption",
        ),
    ],
)
def test_what_a_text_is_set_in_stays(markup: str) -> None:
    assert markup in found("wordpress.html", "Slik samarbeider byene")


@needs_the_extra
def test_the_text_of_a_page_without_an_article_is_found() -> None:
    text = read(found("plain.html", "The bridge is open"))
    assert text.startswith("After four years of work the bridge over the sound")
    assert text.endswith("taken away from the eastern end.")
    assert "1. Steel, more than half of it\n2. Wages" in text
    for other in ("Front page", "recipes", "All rights reserved", "The bridge is open"):
        assert other not in text


@needs_the_extra
def test_of_several_articles_the_one_with_the_title_is_taken_though_it_is_shorter() -> None:
    text = read(found("several.html", "Night buses are back"))
    assert text.startswith("From Friday on the night buses run again")
    assert "record crowd" not in text
    assert "library" not in text.lower()


@needs_the_extra
def test_of_several_articles_without_the_title_the_longest_is_taken() -> None:
    text = read(found("several.html", "Something else altogether"))
    assert "forty boats" in text
    assert "night buses" not in text


@needs_the_extra
def test_an_article_that_hardly_holds_a_word_is_not_the_post() -> None:
    page = f"<body><article><p>Read on</p></article><div><p>{LONG}</p><p>{LONG}</p></div></body>"
    assert LONG.strip() in read(find_article(page.encode(), url=URL).html)


@needs_the_extra
def test_an_article_that_is_mostly_lost_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    import trafilatura

    monkeypatch.setattr(trafilatura, "bare_extraction", lambda *_, **__: None)
    markup = found("wordpress.html", "Slik samarbeider byene")
    text = read(markup)
    assert "Vi lærer mer av hverandre" in text
    assert "Malmö · 12" in text
    assert '<a href="https://byer.example/planen/">' in markup
    for other in (
        "Del dette",
        "annen sak",
        "Nyheter",
        "kommentar",
        "class=",
        "<script",
        "Publisert",
    ):
        assert other not in markup


@needs_the_extra
@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16"])
def test_a_page_in_another_encoding_is_read(charset: str) -> None:
    page = f"<article><p>Ærø og Malmö: {LONG}</p></article>".encode(charset)
    markup = find_article(page, media_type=f"text/html; charset={charset}", url=URL).html
    assert read(markup).startswith("Ærø og Malmö")


@needs_the_extra
def test_addresses_that_may_not_be_opened_are_gone() -> None:
    page = f'<article><p>{LONG}<a href="javascript:alert(1)">Press</a> {LONG}</p></article>'
    markup = find_article(page.encode(), url=URL).html
    assert "Press" in markup
    assert "javascript" not in markup


@needs_the_extra
def test_controls_and_what_would_be_obeyed_are_gone() -> None:
    page = f"<article><p>\x1b]52;c;cm0gLXJm\x07{LONG}&#27;[31m \u202ered</p></article>"
    markup = find_article(page.encode(), url=URL).html
    assert not set("\x1b\x07\u202e") & set(read(markup))
    assert read(markup).startswith("Cities of the north")


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        pytest.param(b"%PDF-1.7 no tags", "application/pdf", id="PDF"),
        pytest.param(b"<x/>", "image/svg+xml", id="picture"),
        pytest.param(b"", "text/html", id="nothing"),
        pytest.param(b"just words", "text/plain", id="words"),
    ],
)
def test_what_is_no_page_is_refused(body: bytes, media_type: str) -> None:
    with pytest.raises(NotAFeed, match="is not a web page"):
        find_article(body, media_type=media_type)


HOSTILE = {
    "a word of 10 MB": b"<article><p>" + b"a" * 10_000_000,
    "100,000 nested": b"<article>" + b"<div>" * 100_000 + b"text",
    "100,000 nested in line": b"<article><p>" + b"<span>x" * 100_000,
    "a row of 39,000 cells": b"<article><table><tr>" + b"<td>cell text" * 39_000,
    "200,000 paragraphs": b"<body>" + b"<p>hello there" * 200_000,
    "tags that never end": b"<a " * 100_000,
    "every byte": b"<p>" + bytes(range(256)) * 2_000,
    "references": b"<p>" + b"&amp;&#0;&#xd800;&lt;" * 20_000,
    "no element at all": b"<!-- <p>text</p> -->",
    "an entity that grows": b'<!DOCTYPE x [<!ENTITY a "'
    + b"x" * 1000
    + b'">]><p>'
    + b"&a;" * 9_999,
}


@needs_the_extra
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_page_breaks_it(body: bytes) -> None:
    try:
        markup = find_article(body, media_type="text/html", url=URL, title="x").html
    except NotAFeed:
        return
    assert len(markup) <= 1_000_000


@needs_the_extra
def test_a_page_of_frames_has_no_text() -> None:
    page = b"<html><frameset><frame src='/a'><frame src='/b'></frameset></html>"
    assert find_article(page, media_type="text/html", url=URL, title="x") == Article("")


@needs_the_extra
@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        pytest.param(
            '<img src="/havn.jpg" alt="Havnen">',
            '<figure><img src="https://byer.example/havn.jpg" alt="Havnen"></figure><p>After',
            id="picture without a caption",
        ),
        pytest.param(
            "<table><tr><td><code>plan</code></td></tr></table>",
            "<table><tr><td><code>plan</code></td></tr></table>",
            id="code alone in a cell",
        ),
        pytest.param(
            "<p>Run <code>plan</code> now.</p>", "<p>Run <code>plan</code> now.</p>", id="code"
        ),
        pytest.param("<p>One line<br>and one.</p>", "<p>One line<br>and one.</p>", id="line break"),
    ],
)
def test_what_stands_between_paragraphs_is_set(markup: str, kept: str) -> None:
    page = f"<body><article><p>{LONG}</p>{markup}<p>After that. {LONG}</p></article></body>"
    assert kept in find_article(page.encode(), media_type="text/html", url=URL).html


PIECES = ("<article>", "</article>", "<p>", "</div>", "<table><td>", "<li>", "text", "<img src=x>")
MORE_PIECES = ("<figcaption>", "<h1>", "<pre>\n", "<!--", "&", "<svg>", "\x1b[", "<br>", LONG)


@needs_the_extra
@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(PIECES + MORE_PIECES),
        max_size=30,
    ).map("".join)
)
def test_no_markup_breaks_it(page: str) -> None:
    try:
        html.parse(find_article(page.encode(), url=URL, title="text of it").html)
    except NotAFeed as error:
        assert str(error) == "is not a web page"  # noqa: PT017  either is right


@pytest.fixture
def no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine where the extra was not installed."""
    for name in [each for each in sys.modules if each.partition(".")[0] == "trafilatura"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "trafilatura", None)


@pytest.mark.usefixtures("no_extra")
def test_without_the_extra_it_says_so() -> None:
    with pytest.raises(ExtraMissing, match="needs what is not installed"):
        find_article((PAGES / "plain.html").read_bytes(), media_type="text/html")


def test_importing_it_loads_no_library_of_the_extra() -> None:
    import subprocess

    code = (
        "import sys, nordic_tui.decode.article; "
        "print([n for n in ('trafilatura', 'lxml') if n in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
