"""What the elements of HTML are to a reader of posts, by name and by attributes."""

import re

from nordic_tui.text.markup import Tag, attributes

STYLES = {
    "b": "strong",
    "strong": "strong",
    "i": "emphasis",
    "em": "emphasis",
    "cite": "emphasis",
    "dfn": "emphasis",
    "var": "emphasis",
    "code": "code",
    "samp": "code",
    "tt": "code",
    "kbd": "key",
    "s": "strike",
    "strike": "strike",
    "del": "strike",
    "ins": "inserted",
    "mark": "mark",
}
"""The style that an element gives to its text."""

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
LISTS = frozenset(("ul", "ol", "menu", "dir"))
CELLS = frozenset(("td", "th"))
ROW_GROUPS = frozenset(("thead", "tbody", "tfoot"))
TABLE_PARTS = CELLS | ROW_GROUPS | {"table", "tr", "caption"}
PLAYERS = frozenset(("iframe", "video", "audio", "embed", "object"))
SECTIONS = frozenset(
    [
        *("address", "article", "aside", "body", "center", "dialog", "div", "fieldset", "figure"),
        *("footer", "form", "header", "hgroup", "html", "legend", "main", "nav", "search"),
        "section",
    ]
)
"""What begins a new paragraph and is nothing else to a reader."""
BLOCKS = (
    SECTIONS
    | HEADINGS
    | LISTS
    | TABLE_PARTS
    | {"p", "li", "dl", "dt", "dd", "blockquote", "pre", "hr", "details", "summary", "figcaption"}
)
NOTE_HOLDERS = frozenset(("p", "div", "aside", "section"))
"""What can be a footnote as a whole, besides an item of a list."""

IMPLIED = "implied "
"""Before the name of an element that is not there but whose part is: an item without a list."""

_LANGUAGE_CLASS = re.compile(
    r"(?:^|\s)(?:language-|lang-|lang\s|brush:\s*|highlight-source-|sourceCode\s+|hljs\s+)"
    r"([A-Za-z0-9+#._-]{1,30})",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"[a-z0-9+#._-]{1,30}")
_LANGUAGE_KEYS = ("data-language", "data-lang", "data-code-block-lang", "lang")
_NO_LANGUAGES = frozenset(("language", "plaintext", "text", "numberlines", "hljs"))
_MAYBE_UNSEEN = re.compile(
    r"screen-reader|sr-only|visually-hidden|mw-|linen|gutter|blob-num|callout-emoji"
    r"|display\s?:\s?none"
)
_UNSEEN = frozenset(
    [
        *("screen-reader-text", "screen-reader-shortcut", "sr-only", "visually-hidden"),
        *("mw-editsection", "mw-cite-backlink", "mw-jump-link"),
        *("lineno", "linenos", "linenodiv", "line-numbers-rows", "linenumber"),
        *("gutter", "rouge-gutter", "blob-num", "kg-callout-emoji"),
    ]
)
_PREHEADER = re.compile(
    r"display\s?:\s?none.*(?:max-height\s?:\s?0|font-size\s?:\s?[01]px|mso-hide|opacity\s?:\s?0)"
    r"|(?:max-height\s?:\s?0|font-size\s?:\s?[01]px|mso-hide|opacity\s?:\s?0).*display\s?:\s?none",
    re.IGNORECASE | re.DOTALL,
)
_MAX_STYLE_CHARS = 1_000


def is_unseen(tag: Tag) -> bool:
    """Whether an element stands there for programs only: for screen readers, for a mailbox's list
    of letters, to number the lines of code; or only adorns a frame that is not drawn here."""
    if not _MAYBE_UNSEEN.search(tag.attributes):
        return False
    values = attributes(tag.attributes)
    return (
        not _UNSEEN.isdisjoint(values.get("class", "").split())
        or _PREHEADER.search(values.get("style", "")[:_MAX_STYLE_CHARS]) is not None
    )


def code_language(tag: Tag, *, around: bool = False) -> str:
    """The language that an element declares its code to be in, in small letters; "" if none.

    around: whether it is no element of code itself: its `lang` is what people speak.
    """
    if "lang" not in tag.attributes and "class" not in tag.attributes:
        return ""
    values = attributes(tag.attributes)
    found = _LANGUAGE_CLASS.search(values.get("class", ""))
    names = [found[1]] if found else []
    names += [values.get(key, "") for key in _LANGUAGE_KEYS[: -1 if around else None]]
    for name in names:
        language = name.strip().lower().removesuffix(";")
        if language not in _NO_LANGUAGES and _LANGUAGE.fullmatch(language):
            return language
    return ""
