"""HTML of any make: what is read of it, where it ends, and that what comes of it is safe."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.text.blocks import (
    Code,
    Document,
    Entry,
    Figure,
    Heading,
    Link,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    Span,
    Table,
    Terms,
    figures_in,
    marked_items,
    text_of,
)
from nordic_tui.text.clean import block, graphemes
from nordic_tui.text.html import parse, plain

_TAGS = (
    *("p", "b", "i", "a", "ul", "ol", "li", "blockquote", "table", "thead", "tr", "td", "caption"),
    *("pre", "br", "hr", "figure", "figcaption", "h2", "dl", "dt", "dd", "sup", "sub", "q"),
    *("script", "svg", "video", "div", "details", "summary", "ruby", "rt", "rp", "abbr", "kbd"),
    *("ins", "mark", "cite", "code", "dir", "footer", "aside"),
)
STRANGE_HTML = st.lists(
    st.sampled_from(
        [
            *(f"<{tag}>" for tag in _TAGS),
            *(f"</{tag}>" for tag in _TAGS),
            *("<!--", "-->", "<![CDATA[", "]]>", "<!x>", "<?", "</>", "<", ">", "]0;", "2", "&"),
            *("&amp;", "&lt;", "&nbsp;", "&#27;", "&#7;", "&#x9b;", "&#x202e;", "&#xd800;"),
            *("&#99999999999;", "wordwordwordword"),
            *(
                " ",
                "\n",
                "\t",
                "text here",
                "東京。",
                "👩\u200d👧",
                "🇩🇰",
                "\u0301",
                "\x1b]",
                "\ud800",
            ),
            '<a href="/x?y=1">',
            "<a href='javascript:x'>",
            "<ol start=98>",
            "<th colspan=3 rowspan=2>",
            "<img alt=boat>",
            "<img class=emoji alt=x>",
            "<iframe src=//frame.example>",
            "<a href=#n1>",
            "<a href=#n2 role=doc-noteref>",
            "<a href=#ref1>",
            "<li id=n1>",
            "<aside id=n2>",
            "<p id=n1>",
            "<b id=n2>",
            "<table role=presentation>",
            "<ol reversed type=i>",
            "<pre class=language-python>",
            "<abbr title=t>",
            "<i class=sr-only>",
            "<td class=gutter>",
            "<input type=checkbox>",
            "<a x='",
        ]
    )
    | st.text(max_size=5),
    max_size=30,
).map("".join)


def words(text: str) -> tuple[Span, ...]:
    return (Span(text),)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ()),
        ("bare", (Paragraph(words("bare")),)),
        ("<p>a</p>b<div>c</div>", tuple(Paragraph(words(text)) for text in "abc")),
        ("<p>a<br>b<br><br>c</p>", (Paragraph(words("a\nb\n\nc")),)),
        ("<p> a\n  b&nbsp; c </p>", (Paragraph(words("a b c")),)),
        ("<h3>a</h3>", (Heading(3, words("a")),)),
        ("<p>a<hr>b", (Paragraph(words("a")), Rule(), Paragraph(words("b")))),
        ("<blockquote>a</blockquote>", (Quote((Paragraph(words("a")),)),)),
        ("<pre>\n a\tb\n\n c\n</pre>", (Code(" a  b\n\n c"),)),
        ('<pre><code class="language-rust">x</code></pre>', (Code("x", "rust"),)),
        ("<pre lang=Python>x</pre>", (Code("x", "python"),)),
        ('<div class="highlight-source-c"><pre>x</pre></div>', (Code("x", "c"),)),
        ("<div lang=da><pre>x</pre></div>", (Code("x"),)),
        ('<div class="language-c"></div><pre>x</pre>', (Code("x"),)),
        ("<pre lang='\x1b[31m'>x</pre>", (Code("x"),)),
        ("<pre>x</pre><figcaption>a</figcaption>", (Code("x", caption=words("a")),)),
        ("<blockquote><cite>a</cite>", (Quote((Paragraph((Span("— a", emphasis=True),)),)),)),
        ("<pre><div>a</div><div>b</div></pre>", (Code("a\nb"),)),
        ("<q>a</q>", (Paragraph(words("“a”")),)),
        ("<p>&amp;lt;</p>", (Paragraph(words("&lt;")),)),
        ("a <!-- b > --> c <!> d", (Paragraph(words("a c d")),)),
    ],
)
def test_blocks(html: str, expected: tuple[object, ...]) -> None:
    assert parse(html).blocks == expected


@pytest.mark.parametrize(
    ("html", "items"),
    [
        ("<ul><li>a<li>b</ul>", ["a", "b"]),
        ("<ul><li><p>a</p></li>\n<li></li><li><div>b</div></li></ul>", ["a", "b"]),
        ("<li>a</li><li>b</li>", ["a", "b"]),
        ("<ul><li>a</li>b</ul>", ["a\n\nb"]),
    ],
)
def test_lists(html: str, items: list[str]) -> None:
    expected = tuple(tuple(Paragraph(words(part)) for part in item.split("\n\n")) for item in items)
    assert parse(html).blocks == (ListBlock(False, 1, expected),)


@pytest.mark.parametrize(
    ("attributes", "marks"),
    [
        ("", ["1. ", "2. ", "3. "]),
        ("start=9", [" 9. ", "10. ", "11. "]),
        ("reversed", ["3. ", "2. ", "1. "]),
        ("reversed start=2", ["2. ", "1. ", "0. "]),
        ("type=a start=26", [" z. ", "aa. ", "ab. "]),
        ("type=I start=3", ["III. ", " IV. ", "  V. "]),
        ("type=i start=3999", ["mmmcmxcix. ", "     4000. ", "     4001. "]),
        ("type=x start=-4", ["1. ", "2. ", "3. "]),
    ],
)
def test_numbers_of_lists(attributes: str, marks: list[str]) -> None:
    [block] = parse(f"<ol {attributes}><li>x<li>x<li>x</ol>").blocks
    assert isinstance(block, ListBlock)
    assert [mark for mark, _ in marked_items(block)] == marks


@pytest.mark.parametrize(
    ("html", "entries"),
    [
        ("<dl><dt>a<dd>b<dd>c<dt>d<dt>e<dd>f</dl>", [("a", "b|c"), ("d|e", "f")]),
        ("<dl><div><dt>a</dt><dd>b</dd></div></dl>", [("a", "b")]),
        ("<dd>a<dd>b</dd>", [("", "a|b")]),
        ("<dl><dt>a</dl>", [("a", "")]),
        ("<dl>a<dt>b<dd>c</dl>", [("", "a"), ("b", "c")]),
        ("<details><summary>a</summary>b</details>", [("a", "b")]),
        ("<details>b</details>", [("", "b")]),
    ],
)
def test_definitions(html: str, entries: list[tuple[str, str]]) -> None:
    def parts(text: str) -> list[str]:
        return text.split("|") if text else []

    expected = Terms(
        tuple(
            Entry(
                tuple(words(term) for term in parts(terms)),
                tuple((Paragraph(words(text)),) for text in parts(definitions)),
            )
            for terms, definitions in entries
        )
    )
    assert parse(html + "<p>after").blocks == (expected, Paragraph(words("after")))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("H<sub>2</sub>O", "H₂O"),
        ("4<sup>th</sup>", "4ᵗʰ"),
        ("x<sup>n+1</sup>", "xⁿ⁺¹"),
        ("x<sup>2<sub>k</sub></sup>", "x^(2ₖ)"),
        ("x<sup>Q</sup>", "x^Q"),
        ("x<sub>a, b</sub>", "x_(a, b)"),
        ("x<sup><i>q</i><b>w</b></sup> y", "x^qw y"),
        ("a<sup>TM</sup>", "a™"),
        ("a<sup>*</sup>", "a*"),
        ("<sup>Terms of sale apply, see below</sup>", "Terms of sale apply, see below"),
        ("<sup>2", "²"),
        ("<q>a <q>b</q></q>", "“a ‘b’”"),
        ("<abbr title='A B'>ab</abbr> <abbr title='A B'>ab</abbr>", "ab (A B) ab"),
        ("<abbr title=AB>ab</abbr>", "ab"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字<rt>ji</ruby>.", "漢(kan)字(ji)."),
        ("<ruby>a<rp>(<rt>b", "a(b)"),
        ("<input type=checkbox checked>a <input type=checkbox>b<input>", "[x] a [ ] b"),
    ],
)
def test_letters(html: str, text: str) -> None:
    [paragraph] = parse(html).blocks
    assert isinstance(paragraph, Paragraph)
    assert text_of(paragraph.text) == text


@pytest.mark.parametrize(
    "html",
    [
        "<ol start=3><li>a<ul><li>b</ul></ol>",
        "<ol start=3><li>a</li><ul><li>b</li></ul></ol>",
    ],
)
def test_a_list_in_a_list_belongs_to_the_item_before_it(html: str) -> None:
    inner = ListBlock(False, 1, ((Paragraph(words("b")),),))
    assert parse(html).blocks == (ListBlock(True, 3, ((Paragraph(words("a")), inner),)),)


def test_styles_end_where_their_element_ends() -> None:
    [paragraph] = parse("<p>a<b>b<i>c</i></b><s>d</s><code>e</code></p>").blocks
    assert paragraph == Paragraph(
        (
            Span("a"),
            Span("b", strong=True),
            Span("c", strong=True, emphasis=True),
            Span("d", strike=True),
            Span("e", code=True),
        )
    )
    [paragraph] = parse("<kbd>a</kbd><ins>b</ins><mark>c").blocks
    assert paragraph == Paragraph(
        (Span("a", key=True), Span("b", inserted=True), Span("c", mark=True))
    )
    items = parse("<ul><li><b>a<li>b</ul>").blocks
    strong = (Paragraph((Span("a", strong=True),)),)
    assert items == (ListBlock(False, 1, (strong, (Paragraph(words("b")),))),)


def test_links_are_numbered_once_for_each_address() -> None:
    document = parse(
        '<a href="/a">one</a>, <a href="https://b.example/">two</a>, <a href="/a">again</a>'
        '<a href="/nothing-to-see"></a>',
        "https://example.org/post/",
    )
    assert document == Document(
        (
            Paragraph(
                (
                    *(Span("one", link=1), Span(", ")),
                    *(Span("two", link=2), Span(", ")),
                    Span("again", link=1),
                )
            ),
        ),
        (Link("https://example.org/a", "one"), Link("https://b.example/", "two")),
    )


@pytest.mark.parametrize("href", ["javascript:x", "data:,x", "file:///x", "#note", "/relative", ""])
def test_what_may_not_be_opened_is_plain_text(href: str) -> None:
    assert parse(f'<a href="{href}">text</a>') == Document((Paragraph(words("text")),))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<img alt=" A  boat ">', (Figure("A boat"),)),
        ("<img>", (Figure(""),)),
        ("<figure><img alt=a><figcaption>b</figcaption></figure>", (Figure("a", words("b")),)),
        ('<img alt=a><p class="wp-caption-text">b</p>', (Figure("a", words("b")),)),
        ("<img width=1 height=1 alt=count>", ()),
        ("<img height=0>", ()),
        ('a<img class="emoji" alt="🎉">b', (Paragraph(words("a🎉b")),)),
        ('<img alt="😀" src="//s.w.org/images/x.svg">', (Paragraph(words("😀")),)),
        ("<img src=/a.jpg alt=a>", (Figure("a", src="https://example.org/a.jpg"),)),
        ("<img src=data:x data-src=/a>", (Figure("", src="https://example.org/a"),)),
        ("<img srcset='/a 1x, /b 2x'>", (Figure("", src="https://example.org/a"),)),
        ("<img src=javascript:x alt=DSC_1.JPG>", (Figure(""),)),
        ("<img src=mailto:a@example.org>", (Figure(""),)),
    ],
)
def test_pictures(html: str, expected: tuple[object, ...]) -> None:
    assert parse(html, "https://example.org/").blocks == expected


def test_a_picture_that_says_nothing_is_no_more_than_an_ornament_of_a_link() -> None:
    link = "<a href=http://a.example>%s</a>"
    assert parse(link % "a<img alt=''>").blocks == (Paragraph((Span("a", link=1),)),)
    assert parse(link % "<img alt=''>").blocks == (Figure("", link=1),)
    assert figures_in(parse("<dl><dd><img alt=a></dl><ul><li><img alt=b></ul>").blocks) == [
        Figure("a"),
        Figure("b"),
    ]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<iframe src="https://www.youtube.com/embed/x"></iframe>', "Video: youtube.com"),
        ('<iframe src="//player.vimeo.com/1" />', "Video: player.vimeo.com"),
        ('<video><source src="/a.mp4">Your browser …</video>', "Video: example.org"),
        ('<audio src="/a.mp3"></audio>', "Audio: example.org"),
        ('<iframe src="https://maps.example/"></iframe>', "Embedded: maps.example"),
    ],
)
def test_players_and_frames_become_a_link(html: str, text: str) -> None:
    document = parse(html, "https://example.org/")
    assert document.blocks == (Paragraph((Span(text, link=1),)),)
    assert document.links[0].text == text


@pytest.mark.parametrize(
    "html",
    [
        "<script>if (a < b) x('</p>')</script>",
        "<style>p{}</style>",
        "<script>never closed <p>a</p>",
        "<template><p>a</p></template>",
        "<noscript><p>a</p></noscript>",
        "<svg><text>a</text></svg>",
        "<head><title>a</title></head>",
        "<select><option>a</option></select><textarea>a</textarea><button>a</button>",
        "<![CDATA[<p>a</p>]]>",
        "<!-- a",
        "<p title='a",
        '<iframe src="javascript:x"></iframe><iframe class="wp-embedded-content" src="//a.b">',
    ],
)
def test_what_is_no_text_of_the_post_is_gone(html: str) -> None:
    assert parse(html) == Document()


def test_a_table_has_rows_of_one_length() -> None:
    [table] = parse(
        "<table><tr><th>a<th>b<th>c<tr><td rowspan=2>d<td colspan=2>e<tr><td>f</table>"
    ).blocks
    assert table == Table(
        (
            tuple((Span(text, strong=True),) for text in "abc"),
            (words("d"), words("e"), ()),
            ((), words("f"), ()),
        ),
        1,
    )


def test_a_table_that_only_arranges_the_page_is_no_table() -> None:
    a, b = Paragraph(words("a")), Paragraph(words("b"))
    assert parse("<table><tr><td><p>a<p>b</table>").blocks == (a, b)
    listed = "<table><tr><td>a<td><ul><li>b</ul></table>"
    assert parse(listed).blocks == (a, ListBlock(False, 1, ((b,),)))
    [table] = parse(listed.replace("<table>", "<table border=1>")).blocks
    assert isinstance(table, Table)
    said = "<table role=presentation><tr><td>a<td>b</table>"
    assert parse(said).blocks == (a, b)
    [table] = parse("<table><tr><td>" + said + "<td>c<tr><td>d<td>e</table>").blocks
    assert isinstance(table, Table)
    assert [[text_of(cell) for cell in row] for row in table.rows] == [["a\nb", "c"], ["d", "e"]]
    nested = "<table><tr><td>a<td><table><tr><td>b<td>c</table></table>"
    assert parse(nested).blocks == (a, Table(((words("b"), words("c")),), 0))


def test_a_table_is_named_above_and_below() -> None:
    html = "<table><caption>a</caption><tr><th>b<th>c</table><figcaption>d</figcaption>"
    [table] = parse(html).blocks
    assert isinstance(table, Table)
    assert (table.title, table.caption) == (words("a"), words("d"))


def test_what_only_programs_read_is_gone() -> None:
    html = (
        '<h2 class="sr-only">a</h2><p>b<span class="screen-reader-text">c</span></p>'
        '<div style="display:none;max-height:0"><div>d</div>e</div>'
        '<pre><table><td class="gutter"><pre class="lineno">1</pre></td>'
        "<td><pre>f</pre></table></pre>"
        '<table><tr><td class="linenos">1<td>g</table>'
        '<h2>h<a href="#h">¶</a></h2><span class="mw-editsection">i<p>j'
    )
    assert parse(html).blocks == (
        Paragraph(words("b")),
        Code("f"),
        Paragraph(words("g")),
        Heading(2, words("h")),
        Paragraph(words("j")),
    )


def test_bounds() -> None:
    deep = parse("<blockquote>" * 5_000 + "a")
    depth = 0
    blocks = deep.blocks
    while isinstance(blocks[0], Quote):
        blocks = blocks[0].blocks
        depth += 1
    assert (depth, blocks) == (99, (Paragraph(words("a")),))

    [table] = parse("<table>" + ("<tr>" + "<td>x" * 60) * 2).blocks
    assert isinstance(table, Table)
    assert [len(row) for row in table.rows] == [50, 50]
    assert table.rows[0][-1] == words("…")

    [table] = parse("<table>" + "<tr><td>x<td>y" * 1_100).blocks
    assert isinstance(table, Table)
    assert len(table.rows) == 1_001
    assert table.rows[-1] == (words("…"), ())

    many = parse("".join(f"<a href=http://example.org/{n}>x</a>" for n in range(2_100)))
    assert len(many.links) == 2_000

    [long] = parse("word " * 500_000).blocks
    assert isinstance(long, Paragraph)
    assert len(long.text[0].text) == 2_000_000
    assert long.text[0].text.endswith("…")

    [chain] = parse("👩\u200d" * 1_000).blocks
    assert isinstance(chain, Paragraph)
    assert max(map(len, graphemes(chain.text[0].text))) <= 26

    rules = parse("<p>a<hr>" * 60_000).blocks
    assert 49_990 <= len(rules) <= 50_000
    assert rules[-1] == Paragraph(words("…"))


def _texts(value: object) -> list[str]:
    """Every string inside a value of this module."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for part in value for text in _texts(part)]
    if hasattr(value, "__slots__"):
        return [text for name in value.__slots__ for text in _texts(getattr(value, name))]
    return []


@given(STRANGE_HTML)
def test_whatever_comes_is_read_and_safe(html: str) -> None:
    document = parse(html, "https://example.org/")
    for text in _texts(document):
        text.encode("utf-8")
        assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cs") for c in text)
        assert "\u202e" not in text
    flat = plain(html)
    assert block(flat) == flat
    assert plain(html, 10) == plain(html, 10)[:10]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a</p><p>b<br>c</p>", "a\n\nb\nc"),
        ("<h2>a</h2><ul><li>b<ul><li>c</ul><li>d</ul>", "a\n\n• b\n  • c\n• d"),
        ('<a href="http://b.example">a</a> c', "a c"),
        ("<img alt=boat><p>a</p>", "a"),
        ("<blockquote><img alt=boat></blockquote>", "boat"),
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a · b\nc · d"),
        ("x &#8211; y", "x – y"),
        ("<dl><dt>a<dd>b</dl>", "a\nb"),
        ("a<sup><a href=#fn1>1</a></sup><ol><li id=fn1>b</ol>", "a\n\n[^1] b"),
    ],
)
def test_plain(html: str, expected: str) -> None:
    assert plain(html) == expected


def test_plain_is_cut() -> None:
    assert plain("<p>one two three</p>", 9) == "one two…"
    assert plain("<p>" + "word " * 10_000, 100_000).count("word") == 10_000
