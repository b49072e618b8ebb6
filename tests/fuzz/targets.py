"""What is fuzzed: how bytes become an input, and what it begins with."""

import json
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tests.generated import properties


class Target(NamedTuple):
    holds: Callable[[bytes], None]
    seeds: Sequence[bytes]
    words: Sequence[str]
    """Pieces that a fuzzer would take long to find by itself."""


def _text(data: bytes) -> str:
    # Lone surrogates too: JSON brings them.
    return data.decode("utf-8", "surrogatepass" if b"\xed" in data else "replace")


def _gate(data: bytes) -> None:
    try:
        text = _text(data)
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    properties.gate(text)


def _html(data: bytes) -> None:
    properties.markup(data.decode("utf-8", "replace"))


_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "News",
    "home_page_url": "https://news.example/",
    "next_url": "/2",
    "items": [
        {
            "id": 1,
            "url": "/a",
            "title": "A",
            "content_html": "<p>a <b>b</b></p>",
            "content_text": "a",
            "summary": "a",
            "date_published": "2024-05-01T08:00:00+02:00",
            "authors": [{"name": "Kari"}],
            "tags": ["b"],
            "attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 5}],
        }
    ],
}
_POSTS = [
    {
        "id": 7,
        "link": "https://news.example/a/",
        "title": {"rendered": "A &amp; B"},
        "excerpt": {"rendered": "<p>a</p>", "protected": False},
        "content": {"rendered": "<p>a</p>"},
        "date_gmt": "2024-05-01T08:00:00",
        "modified_gmt": "2024-05-01T08:00:00",
        "categories": [3],
        "_embedded": {"wp:term": [[{"id": 3, "name": "C", "slug": "c", "taxonomy": "category"}]]},
    }
]
_OPML = (
    b'<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head><title>a</title></head><body>'
    b'<outline text="F"><outline type="rss" text="A" xmlUrl="https://a.example/feed/" htmlUrl="x"'
    b' category="/a/b,c"/></outline></body></opml>'
)
_NEWSBOAT = b'https://a.example/feed "tag" "~Title" !\nquery:x:unread = "yes"\nexec:ls\n'
_PAGE = (
    b"<h1>a</h1><p>b <a href='/c'>d</a><ul><li>e<ol start=3><li>f</ol></ul><table><tr><th>g<td>h"
    b"</table><pre><code class=language-python>i</code></pre><img src=j alt=k><dl><dt>l<dd>m</dl>"
)

TARGETS = {
    "gate": Target(
        _gate,
        (
            b"a\x1b[31mb",
            "\u202ea\u0301\u200d👩\u200d👧 1\ufe0f\u20e3".encode(),
            b"https://a@b.example/x",
        ),
        (
            *("\x1b]52;c;", "\x9b", "\x9d", "\u202e", "\u2066", "\u200d", "\u0301"),
            *("https://", "mailto:", "xn--"),
        ),
    ),
    "html": Target(
        _html,
        (_PAGE, b"<svg><script>x</script></svg><!--x--><![CDATA[y]]>&#x1b;&#0;&lt;b"),
        (
            *("<p", "<table", "<tr", "<td", "<pre", "<sup", "<a href=", "<ruby", "<details"),
            *(
                "<svg",
                "<!--",
                "-->",
                "<![CDATA[",
                "]]>",
                "&#",
                "&#x",
                "<script",
                "</script",
                "style=",
            ),
            *("hidden", "<blockquote", "<ul", "<ol", "<li", "<dl", "<figure", "<img", "alt="),
            *("<iframe", "src="),
        ),
    ),
    "json": Target(
        properties.feed,
        (json.dumps(_FEED).encode(), json.dumps(_POSTS).encode(), b"\xef\xbb\xbf{}", b"[]"),
        (
            *('"items":', '"id":', '"\\ud800"', "\\u001b", "null", "1e999", "NaN"),
            *('"rendered":', "[[[["),
        ),
    ),
    "opml": Target(
        properties.subscriptions,
        (_OPML, _NEWSBOAT, _OPML.decode().encode("utf-16")),
        (
            *("<outline ", "</outline>", 'xmlUrl="', 'text="', 'category="', "<!ENTITY"),
            *("<!DOCTYPE", "<![CDATA[", "]]>", "&#", "&lt;", "encoding=", "exec:"),
            *("filter:", "query:", "nordic:"),
        ),
    ),
}
