"""Briefs: whole ones as they are sent round, and hostile texts that stay texts."""

import html
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from nordic_tui.encode.brief import Form, encode_brief, encode_post, markdown_link
from nordic_tui.model import Category, Entry, Post
from nordic_tui.text import clean
from tests.tui.helpers import HOSTILE

DAY = datetime(2026, 5, 16, 12, tzinfo=UTC)


def date(moment: datetime | None) -> str:
    return f"{moment.day} May {moment.year}" if moment else ""


def post(entry: Entry, source: str = "Nordic Safe Cities", *, full_text: str = "") -> Post:
    categories = tuple(Category(n, 1, name) for n, name in enumerate(entry.categories))
    number = sum(map(ord, source))
    return Post(1, number, source, entry, categories, True, DAY, full_text=full_text)


def brief(form: Form, *posts: Post) -> str:
    return encode_brief(posts, form, title="New initiatives", about="1 Oct 2026", date=date)


WAR = post(
    Entry(
        title="How the war affects safety",
        link="https://kari:secret@nordicsafecities.org/war/",
        published=DAY,
        categories=("New initiatives", "Events"),
        excerpt="The war is felt in every Nordic city. The member cities were asked what it means "
        "for them …\n\nA second paragraph.",
    )
)
BARE = post(Entry(excerpt=""))
SHUT = post(Entry(title="Members only", protected=True, excerpt="secret", content="<p>secret"))
OTHER = post(Entry(title="Metro", excerpt="Trains."), "Oslo & environs")

MARKDOWN = """\
# New initiatives

1 Oct 2026

## [How the war affects safety](https://nordicsafecities.org/war/)

*16 May 2026 · Nordic Safe Cities · New initiatives, Events*

The war is felt in every Nordic city. The member cities were asked what it means for them …

A second paragraph.

## Untitled

*Nordic Safe Cities*

## Members only

*Nordic Safe Cities*

A password protects this post.
"""

TEXT = """\
New initiatives
===============

1 Oct 2026


Nordic Safe Cities
------------------

How the war affects safety
16 May 2026 · New initiatives, Events
https://nordicsafecities.org/war/

The war is felt in every Nordic city. The member cities were asked what
it means for them …

A second paragraph.


Untitled


Oslo & environs
---------------

Metro

Trains.
"""


def test_markdown() -> None:
    assert brief(Form.MARKDOWN, WAR, BARE, SHUT) == MARKDOWN


def test_plain_text_by_source() -> None:
    assert brief(Form.TEXT, WAR, OTHER, BARE) == TEXT


def test_html_by_source() -> None:
    page = brief(Form.HTML, WAR, OTHER)
    body = page.partition("<body>\n")[2]
    assert page.startswith('<!DOCTYPE html>\n<html><head><meta charset="utf-8">')
    assert "<title>New initiatives</title>" in page
    assert body.splitlines() == [
        "<h1>New initiatives</h1>",
        '<p class="about">1 Oct 2026</p>',
        "<h2>Nordic Safe Cities</h2>",
        '<h3><a href="https://nordicsafecities.org/war/">How the war affects safety</a></h3>',
        '<p class="facts">16 May 2026 · New initiatives, Events</p>',
        "<p>The war is felt in every Nordic city. The member cities were asked what it means for "
        "them …</p>",
        "<p>A second paragraph.</p>",
        "<h2>Oslo &amp; environs</h2>",
        "<h3>Metro</h3>",
        "<p>Trains.</p>",
        "</body></html>",
    ]


@pytest.mark.parametrize("form", Form)
def test_nothing_secret_is_sent_round(form: Form) -> None:
    assert "secret" not in brief(form, WAR, SHUT)
    assert "secret" not in encode_post(SHUT, date=date)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "data:,x", "//x"])
@pytest.mark.parametrize("form", Form)
def test_only_web_links_are_handed_on(form: Form, link: str) -> None:
    found = brief(form, post(Entry(title="Title", link=link)))
    assert link not in found
    assert "](" not in found
    assert "href" not in found


# ── hostile texts ───────────────────────────────────────────────────────────────────────────

NASTY = (
    *HOSTILE,
    "<script>alert(1)</script>",
    "</title></h1><img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](https://tracker.example/p.gif)",
    "# not a heading", "nor its end #", "nor ##", "- not an item", "1. not one", "12) nor this",
    "> not a quote",
    "=====", "-----", "+++", "***", "```", "~~~", "    indented", "a | b | c",
    "*not* _stressed_ `code` ~~gone~~", "&copy; &lt;b&gt; &#60;", r"\* \[x\] \\",
    "<https://x.example>", '" onmouseover="alert(1)', "$$x$$", "[^1]", "[x]: https://x.example",
)  # fmt: skip


def said(words: str) -> str:
    return " ".join(clean.line(words).split())


def read_markdown(text: str) -> tuple[list[str], str]:
    """What a reader of Markdown sees: the tags it makes of it, and the text."""
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)
    tags = re.findall(r"<(/?\w+)", page)
    return tags, " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def everywhere(words: str) -> Post:
    entry = Entry(title=words, categories=(words,), excerpt=words, link="https://a.example/")
    return post(entry, words)


USUAL = ["h1", "/h1", "p", "/p", "h2", "a", "/a", "/h2", "p", "em", "/em", "/p", "p", "/p"]


def check_markdown(words: str) -> None:
    text = encode_brief([everywhere(words)], Form.MARKDOWN, title=words, about="x", date=date)
    tags, shown = read_markdown(text)
    safe = said(words)
    assert [tag for tag in tags if tag != "br"] == USUAL
    assert shown.split() == f"{safe} x {safe} {safe} · {safe} {safe}".split()


def check_html(words: str) -> None:
    page = encode_brief([everywhere(words)], Form.HTML, title=words, about="x", date=date)
    body = page.partition("<body>\n")[2]
    safe = html.escape(said(words))
    assert body.splitlines() == [
        f"<h1>{safe}</h1>",
        '<p class="about">x</p>',
        f'<h2><a href="https://a.example/">{safe}</a></h2>',
        f'<p class="facts">{safe} · {safe}</p>',
        f"<p>{safe}</p>",
        "</body></html>",
    ]


@pytest.mark.parametrize("words", NASTY)
def test_hostile_words_stay_words(words: str) -> None:
    check_markdown(words)
    check_html(words)


SIGNS = st.text("ab1.)-+=#>*_`~[]()<>!&;|\\\"':$ /", min_size=1, max_size=30)


@given(SIGNS.filter(lambda words: any(c.isalpha() for c in words)))
def test_any_signs_stay_what_they_are(words: str) -> None:
    check_markdown(words)
    check_html(words)


@given(st.text(max_size=60))
def test_no_text_brings_control_characters(words: str) -> None:
    for form in Form:
        assert "\x1b" not in brief(form, everywhere(words))
    assert "\x1b" not in encode_post(everywhere(words), date=date)


# ── links, and one post ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("title", "address", "link"),
    [
        ("A street", "https://a.example/x", "[A street](https://a.example/x)"),
        ("[x](y)", "https://a.example/", r"[\[x\](y)](https://a.example/)"),
        ("x", "https://u:p@a.example/(a)?b=1&copy;", "[x](https://a.example/%28a%29?b=1&amp;copy;)"),
        ("", "https://a.example/a_b", r"[https://a.example/a\_b](https://a.example/a_b)"),
        ("Kari", "mailto:kari@a.example", "[Kari](mailto:kari@a.example)"),
    ],
)  # fmt: skip
def test_a_link_in_markdown(title: str, address: str, link: str) -> None:
    assert markdown_link(title, address) == link
    tags, shown = read_markdown(link)
    assert tags == ["p", "a", "/a", "/p"]
    assert shown == (title or address)


def test_no_line_is_a_command_to_a_mail_program() -> None:
    """It may take what begins with a tilde for one: "~!reboot" is for the shell."""
    words = "~!reboot\n~!reboot\n\n" + "word " * 14 + "~!reboot"
    said = Entry(title="~!reboot", excerpt=words, content=f"<pre>a\n~!reboot</pre><p>{words}</p>")
    texts = [brief(form, post(said), post(said, "~!reboot")) for form in Form]
    texts += [encode_post(post(said), date=date), encode_post(post(BARE.entry, "~!"), date=date)]
    for text in texts:
        assert "~!" in text
        assert not [line for line in text.splitlines() if line.startswith("~")]


def test_a_post_with_its_full_text() -> None:
    entry = Entry(
        title="The war",
        link="https://a.example/",
        published=DAY,
        excerpt="The beginning …",
        content="<h2>One</h2><p>The feed's text.<ul><li>a<li>b</ul>",
    )
    head = "The war\n16 May 2026 · Nordic Safe Cities\n\nhttps://a.example/\n\n"
    assert encode_post(post(entry), date=date) == f"{head}One\n\nThe feed's text.\n\n• a\n• b\n"
    assert encode_post(post(entry, full_text="<p>Of the page."), date=date) == (
        f"{head}Of the page.\n"
    )
    assert encode_post(post(entry._replace(content="")), date=date) == f"{head}The beginning …\n"
