"""What of a post's HTML is handed on."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.text.outgoing import outgoing

BASE = "https://fjord.example/en-post/"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("Plain & simple <3", "Plain &amp; simple &lt;3"),
        ("<p>a &amp;lt;b&gt; c</p>", "<p>a &amp;lt;b&gt; c</p>"),
        ('<a href="../op" class="x" target=_blank>op</a>',
         '<a href="https://fjord.example/op">op</a>'),
        ("<a href='javascript:alert(1)' title='\"x\"'>a</a>", '<a title="&quot;x&quot;">a</a>'),
        ('<img src="/a.png" alt="Et fjell" srcset="/b.png 2x">',
         '<img src="https://fjord.example/a.png" alt="Et fjell">'),
        ("a<script>x()</script><style>p{}</style><svg><a>y</a></svg>b", "ab"),
        ('<form action="/x"><input name=y><button>Go</button> and text</form>', " and text"),
        ('<iframe src="https://a.example/"></iframe><video src="v.mp4"><track src="t"></video>',
         '<video src="https://fjord.example/en-post/v.mp4">'
         '<track src="https://fjord.example/en-post/t"></video>'),
        ("<td colspan=2 style='x'>a", '<td colspan="2">a'),
        ("<!-- no --><h2 id=a>b</H2>", "<h2>b</h2>"),
    ],
)  # fmt: skip
def test_what_is_kept(html: str, expected: str) -> None:
    assert outgoing(html, BASE) == expected


def test_without_a_page_relative_addresses_go() -> None:
    html = '<a href="/om">Om</a> <a href="https://a.example/">A</a>'
    assert outgoing(html, "") == '<a>Om</a> <a href="https://a.example/">A</a>'


PIECES = st.sampled_from((
    "<p>", "</p>", "<a href=", '"', "'", "javascript:x", "<script>", "</script>", "<svg", ">", "<",
    "on=", "&lt;", "&amp;", "&#60;script>", "æ", " ", "<img src=x onerror=y>", "<!--", "-->",
))  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join))
def test_nothing_that_runs_gets_through_and_twice_is_once(html: str) -> None:
    once = outgoing(html, BASE)
    assert not re.search(r"<(?:script|svg|style|iframe|form)|<[^>]*\son\w*=", once)
    assert outgoing(once, BASE) == once
