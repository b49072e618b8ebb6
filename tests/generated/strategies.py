"""How inputs are made: realistic ones with strange parts, and parts put together blindly."""

import json
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape
from typing import NamedTuple

from hypothesis import strategies as st

# ── text ────────────────────────────────────────────────────────────────────────────────────

_TRICKY = (
    "\x1b\x07\x9b\x9c\x9d\x90[]\\;m1 \t\r\n\x85\u2028\xa0\u3000\u200b\u200c\u200d\ufe0e\ufe0f\u20e3"
    "\u0301\u0338\u0334\u0e47\u0915\u094d\u0958\u09c7\u09be\u0643\u0600❤←👩🇩🇰\U0001f3fd\u1100\u1161"
    "\ud800\udc00\ufffe\U000e0041\u202e\u2066\u115f\x00\x7f…a\xe9"
)
_SEQUENCES = (
    *(
        "\x1b[31m",
        "\x1b]52;c;QQ==\x07",
        "\x1b]0;x\x1b\\",
        "\x9b2J",
        "\x1bPq#0\x1b\\",
        "\x1b_Gx\x1b\\",
    ),
    *("\x1b[?1049h", "\x1b(0", "\x1bc", "\x1b[", "\x1b]", "\x1bP", "\x1b\x1b[m", "\x9d8;;x\x9c"),
    *("[@click=app.quit]x[/]", "[/]", "<b>", "&lt;", "&#27;", "&#x9b;", "&#x202e;", "javascript:"),
    *(
        "https://a.example/",
        "//b.example",
        "http://a@b.example",
        "%1b",
        "\\",
        "e\u0301\u0301\u0301\u0301\u0301",
    ),
    *(
        "Trygge byer",
        "Århus",
        "ærø",
        "東京",
        "مرحبا",
        "שלום",
        "👩\u200d👧",
        "1\ufe0f\u20e3",
        " ",
        "\n",
    ),
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=st.sampled_from(_TRICKY), max_size=30),
    st.lists(st.sampled_from(_SEQUENCES) | st.text(max_size=3), max_size=8).map("".join),
)
"""Text of any kind, often where the gate's rules meet."""

# ── HTML ────────────────────────────────────────────────────────────────────────────────────

_TAGS = (
    *(
        "p",
        "b",
        "i",
        "a",
        "ul",
        "ol",
        "li",
        "blockquote",
        "table",
        "tr",
        "td",
        "th",
        "caption",
        "pre",
    ),
    *(
        "br",
        "hr",
        "figure",
        "figcaption",
        "img",
        "h1",
        "h4",
        "dl",
        "dt",
        "dd",
        "sup",
        "code",
        "div",
    ),
    *("script", "style", "svg", "iframe", "template", "noscript", "textarea", "title", "select"),
    *("details", "summary", "ruby", "rt", "abbr", "video", "audio", "object", "math", "plaintext"),
)
_ATTRIBUTES = (
    *("href", "src", "alt", "title", "style", "class", "colspan", "start", "hidden", "id", "type"),
    *("open", "role", "onclick", "width", "aria-hidden", "lang", "dir", "datetime"),
)
_VALUES = st.one_of(
    TEXTS,
    st.sampled_from(
        ("display:none", "#fn1", "fn1", "1e9", "-1", "presentation", "javascript:alert(1)", "rtl",
         "https://a.example/?x=1&y=2", "mailto:a@b.example?attach=/etc/passwd", "data:text/html,x")
    ),
)  # fmt: skip
_OPEN = st.builds(
    lambda tag, attributes, end: "<" + tag + "".join(attributes) + end,
    st.sampled_from(_TAGS),
    st.lists(
        st.builds(
            lambda name, value, mark: f" {name}={mark}{value}{mark}",
            st.sampled_from(_ATTRIBUTES),
            _VALUES,
            st.sampled_from(("", '"', "'")),
        ),
        max_size=2,
    ),
    st.sampled_from((">", "/>", "", " >", ">\n")),
)
_CLOSE = st.sampled_from(_TAGS).map(lambda tag: f"</{tag}>")
_ODDITIES = st.sampled_from(
    ("<!--", "-->", "<![CDATA[", "]]>", "<!doctype html>", "<?php", "?>", "<", ">", "&", "&amp",
     "&#0;", "&#xd800;", "&#99999999;", "&nbsp;", "</", "<a<b", "<p/", "--!>", "\x00", "\r\n")
)  # fmt: skip
MARKUP = st.lists(st.one_of(_OPEN, _CLOSE, _ODDITIES, TEXTS), max_size=15).map("".join)
"""HTML as no browser ever sees it."""

# ── dates ───────────────────────────────────────────────────────────────────────────────────


class Dated(NamedTuple):
    """A date as a feed writes it."""

    text: str
    meant: datetime | None
    """The moment that it names, to the second; None: whatever comes of it must be a moment."""


_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_MOMENTS = st.builds(
    lambda moment, zone: moment.replace(microsecond=0).astimezone(zone),
    st.integers(100_000, 32_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    _ZONES,
)
_WELL_WRITTEN = _MOMENTS.flatmap(
    lambda moment: st.sampled_from(
        (
            Dated(format_datetime(moment), moment),
            Dated(moment.isoformat(), moment),
            Dated(f"  {moment.isoformat()}\n", moment),
            Dated(moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), moment),
            Dated(moment.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT"), moment),
        )
    )
)
_DATE_PARTS = st.sampled_from(
    ("Mon, ", "31 ", "30 Feb ", "Sep ", "0000", "9999", "10000", "2024", "-", "T", "24:00:00",
     "23:59:60", ":", "Z", " GMT", " CEST", " +9999", "-00:00", "+24:00", "1e9", " ", "٣",
     "99999999999999999999", "2024-W53-7", "2024-366", "20240230", "١٢", "AM", "12", "\x00",
     "25:61:61", "Y", "年")
)  # fmt: skip
DATES = st.one_of(
    _WELL_WRITTEN,
    st.lists(_DATE_PARTS, max_size=8).map(lambda parts: Dated("".join(parts), None)),
    st.text(max_size=20).map(lambda text: Dated(text, None)),
    _WELL_WRITTEN.flatmap(
        lambda dated: st.integers(0, len(dated.text)).map(
            lambda at: Dated(dated.text[:at] + "9" + dated.text[at + 1 :], None)
        )
    ),
)
FIELDS = st.sampled_from(("rss", "rss with a strange element", "atom", "json"))

# ── JSON ────────────────────────────────────────────────────────────────────────────────────

_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=3,
)
_KEYS = (
    *("id", "url", "external_url", "title", "content_html", "content_text", "summary", "image"),
    *("date_published", "date_modified", "author", "authors", "tags", "attachments", "language"),
)
_POST_KEYS = (
    *(
        "id",
        "link",
        "title",
        "content",
        "excerpt",
        "date_gmt",
        "modified_gmt",
        "categories",
        "tags",
    ),
    *("_embedded", "guid", "slug", "status", "type", "class_list"),
)
_ADDRESSES = st.sampled_from(
    ("https://a.example/1", "/2", "javascript:x", "//b.example/3", "https://a.example/\u202e")
)
_LIKELY = st.one_of(
    TEXTS,
    MARKUP,
    _ADDRESSES,
    DATES.map(lambda dated: dated.text),
    st.lists(TEXTS, max_size=3),
    st.lists(st.fixed_dictionaries({"name": TEXTS, "url": _ADDRESSES}), max_size=2),
    st.fixed_dictionaries({"rendered": MARKUP}),
    st.integers(-1, 2**70),
)
_ITEMS = st.dictionaries(st.sampled_from(_KEYS), _LIKELY | _ANYTHING, max_size=4)
_POSTS = st.dictionaries(st.sampled_from(_POST_KEYS), _LIKELY | _ANYTHING, max_size=5)
_JSON_FEEDS = st.fixed_dictionaries(
    {"version": st.just("https://jsonfeed.org/version/1.1"), "items": st.lists(_ITEMS, max_size=2)},
    optional={
        "title": _LIKELY,
        "home_page_url": _ADDRESSES,
        "next_url": _ADDRESSES | _ANYTHING,
        "authors": _LIKELY,
        "feed_url": _ADDRESSES,
    },
)


def _damaged(text: str, at: int, what: str) -> str:
    at %= len(text) + 1
    return text[:at] + what + text[at + len(what) // 2 :]


def _with_damage(texts: st.SearchStrategy[str], damages: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.one_of(
        texts,
        st.builds(_damaged, texts, st.integers(0, 10_000), st.sampled_from(damages)),
    )


JSON_BODIES = _with_damage(
    st.one_of(_JSON_FEEDS, st.lists(_POSTS, min_size=1, max_size=2), _ANYTHING).flatmap(
        lambda value: st.sampled_from(
            (json.dumps(value), json.dumps(value, ensure_ascii=False), "\ufeff" + json.dumps(value))
        )
    ),
    ("", "]", "}", '"', "\\u", "\x00", "NaN", "1e999", "[[[[", ",", "{}", '"\\ud800"'),
).map(lambda text: text.encode("utf-8", "surrogatepass"))

# ── OPML ────────────────────────────────────────────────────────────────────────────────────

_OUTLINE_NAMES = st.sampled_from(
    ("text", "title", "xmlUrl", "XMLURL", "htmlUrl", "type", "category", "description",
     "nordic:interval", "nordic:archive", "nordic:max", "isComment", "xmlns:x")
)  # fmt: skip
_OUTLINE_VALUES = st.one_of(
    TEXTS,
    st.sampled_from(
        ("https://a.example/feed/", "feed://b.example/rss", "feed:https://c.example/",
         "exec:rm -rf ~", "file:///etc/passwd", "https://u:p@d.example/", "rss", "link",
         "filter:x:https://e.example/", "/a/b,/c", "60", "all", "-1", "http://f.example/x y",
         "| sh", "$(id)", "`id`")
    ),
)  # fmt: skip


def _outline(attributes: dict[str, str], inner: list[str], closed: bool, quoting: bool) -> str:
    said = "".join(
        f' {name}="{escape(value) if quoting else value}"' for name, value in attributes.items()
    )
    return (
        f"<outline{said}/>"
        if not inner
        else (f"<outline{said}>{''.join(inner)}" + ("</outline>" if closed else ""))
    )


_LEAVES = st.builds(
    _outline,
    st.dictionaries(_OUTLINE_NAMES, _OUTLINE_VALUES, max_size=4),
    st.just([]),
    st.booleans(),
    st.sampled_from((True, True, False)),
)
_FOLDERS = st.builds(
    _outline,
    st.dictionaries(_OUTLINE_NAMES, _OUTLINE_VALUES, max_size=1),
    st.lists(_LEAVES, max_size=2),
    st.sampled_from((True, True, False)),
    st.just(True),
)
_OUTLINES = _LEAVES | _FOLDERS
_OPML_HEADS = st.sampled_from(
    ('<?xml version="1.0" encoding="UTF-8"?>', '<?xml version="1.0" encoding="ISO-8859-1"?>',
     "\ufeff", "<!DOCTYPE opml>", '<!DOCTYPE opml [<!ENTITY a "b">]>', '<!DOCTYPE opml SYSTEM "file:///x">',
     "\n", "")
)  # fmt: skip
OPML_BODIES = _with_damage(
    st.builds(
        lambda head, outlines, end: f'{head}<opml version="2.0"><body>{"".join(outlines)}{end}',
        _OPML_HEADS,
        st.lists(_OUTLINES, max_size=3),
        st.sampled_from(("</body></opml>", "</body>", "", "</opml>x", "</body></opml><opml>")),
    ),
    ("<", "&", "&a;", "<!--", "]]>", '"', "<outline", "\x00", "</outline>", "<![CDATA["),
).flatmap(
    lambda text: st.sampled_from(("utf-8", "utf-16", "latin-1")).map(
        lambda charset: text.encode(charset, "replace")
    )
)

# ── searches ────────────────────────────────────────────────────────────────────────────────

WORDS = (
    "by",
    "byen",
    "Århus",
    "aarhus",
    "arhus",
    "ærø",
    "aero",
    "pöt",
    "poet",
    "x",
    "havn",
    "e-post",
)
_WORDS = st.sampled_from(WORDS)
COLUMNS = ("", "title", "text", "author", "category")


class Asked(NamedTuple):
    """One thing that a search asks for, in parts."""

    column: str
    words: tuple[str, ...]
    as_phrase: bool
    begun: bool
    negated: bool

    def typed(self) -> str:
        words = " ".join(self.words)
        words = f'"{words}"' if self.as_phrase else words
        star = "*" if self.begun else ""
        return (
            ("-" if self.negated else "")
            + (f"{self.column}:" if self.column else "")
            + words
            + star
        )


ASKED = st.builds(
    lambda column, words, as_phrase, begun, negated: Asked(
        column, tuple(words if as_phrase else words[:1]), as_phrase, begun, negated
    ),
    st.sampled_from(COLUMNS),
    st.lists(_WORDS, min_size=1, max_size=3),
    st.booleans(),
    st.booleans(),
    st.booleans() | st.just(False),
)
UNDERSTOOD = st.lists(st.lists(ASKED, min_size=1, max_size=2), min_size=1, max_size=3)
"""Groups of which one of each must hold (`a OR b c`), as the model can answer them too."""
_PIECES = st.sampled_from(
    ("-", '"', "“", "OR", "*", ":", "title:", "is:", "is:unread", "before:2024", "after:7d",
     "has:pdf", "source:x", "tag:y", "(", ")", " ", "\n", "½", "東京", "NEAR", "AND", "NOT",
     "\ue000", "^", "'", "{", "before:0000", "after:99999999d", "before:9999-12-31", "\x00",
     "\ud800", "after:-1d", "--", "+")
)  # fmt: skip
TYPED = st.one_of(TEXTS, st.lists(_PIECES | _WORDS | st.text(max_size=2), max_size=12).map("".join))
"""What a person, or a cat, types."""
