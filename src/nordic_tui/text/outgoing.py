"""The HTML of a post as it may be handed on: to be read elsewhere, where nothing tells what its
addresses belong to and nobody knows what it would run."""

from collections.abc import Iterator
from html import escape

from nordic_tui.text import clean
from nordic_tui.text.markup import Tag, attributes, tokens

_KEPT = frozenset({
    "a", "abbr", "audio", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "col",
    "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p",
    "picture", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "source", "span", "strike",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time",
    "tr", "track", "tt", "u", "ul", "var", "video", "wbr",
})  # fmt: skip
_ADDRESSES = ("href", "src", "cite", "poster")
_ATTRIBUTES = frozenset(
    (*_ADDRESSES, "alt", "title", "datetime", "dir", "lang", "colspan", "rowspan", "start", "type")
)
_MEDIA = frozenset({"audio", "video"})
"""Of these the tag comes with what is inside, which is read as well."""


def outgoing(html: str, base: str) -> str:
    """`html` with elements and attributes that say how it reads, and no others.

    Addresses are whole (RFC 3986 section 5), by http, https or mailto; `base`: what relative ones
    are joined with. Scripts, styles, forms and frames are gone.
    """
    return "".join(_pieces(html, base))


def _pieces(html: str, base: str) -> Iterator[str]:
    for token in tokens(html):
        if isinstance(token, str):
            yield escape(token, quote=False)
        elif token.name not in _KEPT:
            continue
        elif token.closing:
            yield f"</{token.name}>"
        else:
            yield f"<{token.name}{_kept_attributes(token, base)}>"
            if token.name in _MEDIA:
                yield from _pieces(token.held, base)


def _kept_attributes(tag: Tag, base: str) -> str:
    found = ""
    for name, value in attributes(tag.attributes).items():
        if name in _ADDRESSES:
            value = clean.url(value, base)
            if not value:
                continue
        if name in _ATTRIBUTES:
            found += f' {name}="{escape(clean.line(value, clean.MAX_URL_CHARS))}"'
    return found
