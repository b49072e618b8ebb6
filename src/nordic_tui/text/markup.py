"""HTML as a flat stream of text and tags, in time linear to its length, for any input.

The standard library's html.parser was measured and left: 60 kB of "<a " take it 54 s (it reads on
to the end for each unfinished tag), "<![x]>" raises AssertionError, and how it reads comments and
scripts differs between patch releases of Python. What is read here is the part of the WHATWG HTML
standard's section 13.2.5 (tokenization) that a reader of posts needs.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from nordic_tui.text import clean

_MARKUP = re.compile(r"<(?=[A-Za-z/!?])")
_TAG_NAME = re.compile(r"[A-Za-z][^\s/>]*")
_TAG_STOP = re.compile(r">|=\s*[\"']")
_ATTRIBUTE = re.compile(
    r"([^\s/=>\"'][^\s/=>]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]*)))?", re.DOTALL
)
_LEADING_ZEROS = re.compile(r"&#0+(?=\d)")
_LOW_REFERENCE = re.compile(
    r"&#(?:[xX]0*([01]?[0-9a-fA-F])(?![0-9a-fA-F])|([0-9]{1,2})(?![0-9]));?"
)
_HUGE_REFERENCE = re.compile(r"&#\d{8,};?")

_HELD = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "head",
        "title",
        "textarea",
        "select",
        "datalist",
        "button",
        "label",
        "iframe",
        "noembed",
        "noframes",
        "video",
        "audio",
        "object",
        "canvas",
        "map",
    ]
)
"""Elements whose content is not text of the post; it comes along with the tag."""
_TO_THE_END = frozenset(("script", "style"))
"""Of these, the ones whose content goes to the end where the end tag is missing."""


_ONE_PARAGRAPH = re.compile(r"[ \t\n\r\f]*<p>([^<]*)</p>[ \t\n\r\f]*")
_WHITE = re.compile(r"[\t\n\r\f][ \t\n\r\f]*| [ \t\n\r\f]+")
"""Every run of white space but the single space, which most of them are."""
_MAX_PARAGRAPH_CHARS = 10_000


class Tag(NamedTuple):
    """A start or end tag. `attributes` and `held` are as written, not decoded."""

    name: str
    attributes: str = ""
    closing: bool = False
    held: str = ""
    """What is between the tags, of an element whose content is no text of the post."""


def tokens(html: str) -> Iterator[str | Tag]:
    """The texts, decoded, and the tags of `html` in their order; comments and the like are gone.

    An unfinished tag or comment at the end is dropped with what follows, as browsers do.
    """
    absent: set[str] = set()
    position = 0
    while found := _MARKUP.search(html, position):
        at = found.start()
        if at > position:
            yield decode(html[position:at])
        name = _TAG_NAME.match(html, at + (2 if html.startswith("</", at) else 1))
        if name is None:
            end = _comment_end(html, at, absent)
            if end < 0:
                return
            position = end
            continue
        end = tag_end(html, name.end())
        if end < 0:
            return
        tag = name[0].lower()
        position = end + 1
        if html[at + 1] == "/":
            yield Tag(tag, closing=True)
            continue
        attributes = html[name.end() : end]
        held = ""
        if tag in _HELD and not attributes.endswith("/"):
            close = None
            if tag not in absent:
                close = re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE).search(html, position)
            if close is not None:
                held = html[position : close.start()]
                position = close.start()
            elif tag in _TO_THE_END:
                return
            else:
                absent.add(tag)
        yield Tag(tag, attributes, held=held)
    if position < len(html):
        yield decode(html[position:])


def attributes(raw: str) -> dict[str, str]:
    """The attributes of a start tag: names in small letters, values decoded, the first counts."""
    values: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(raw):
        values.setdefault(name.lower(), decode(double or single or bare))
    return values


def decode(text: str) -> str:
    """`text` with its character references replaced, once; never raises."""
    if "&" not in text:
        return text
    if "&#" in text:
        # unescape() makes an int of every number, and int() refuses more than 4,300 digits.
        text = _HUGE_REFERENCE.sub("\ufffd", _LEADING_ZEROS.sub("&#", text))
        text = _LOW_REFERENCE.sub(_control, text)
    return unescape(text)


def one_space(text: str) -> str:
    """`text` with each run of white space (HTML section 4.5: five characters) as one space."""
    return _WHITE.sub(" ", text)


def _control(reference: re.Match[str]) -> str:
    """The control that is referred to, so that the gate sees a whole escape sequence and removes
    it; unescape() would drop its "&#27;" and leave the rest."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return chr(number) if 0 < number < 32 else reference[0]


def _comment_end(html: str, at: int, absent: set[str]) -> int:
    """Where the comment, declaration or instruction that begins at `at` is over; -1: never."""
    if html.startswith("<!--", at):
        # "<!-->" and "<!--->" are whole comments.
        for ending in (">", "->"):
            if html.startswith(ending, at + 4):
                return at + 4 + len(ending)
        end = html.find("-->", at + 4)
        return end + 3 if end >= 0 else -1
    if html.startswith("<![CDATA[", at) and "]]>" not in absent:
        end = html.find("]]>", at)
        if end >= 0:
            return end + 3
        absent.add("]]>")
    return html.find(">", at) + 1 or -1


def tag_end(html: str, position: int) -> int:
    """Where the ">" of the tag is whose name ends at `position`; -1: nowhere. Quoted values may
    hold other ">"."""
    while stop := _TAG_STOP.search(html, position):
        if stop[0] == ">":
            return stop.start()
        close = html.find(stop[0][-1], stop.end())
        # A quote that is never closed is taken for a letter, so that the text after it stays.
        position = stop.end() if close < 0 else close + 1
    return -1


def one_paragraph(html: str) -> str | None:
    """The text of `html` if it is a paragraph without tags and the gate changes nothing in it.

    Then it is what `html.plain` gives; None: it takes that to read it. WordPress writes nearly
    every excerpt so.
    """
    found = _ONE_PARAGRAPH.fullmatch(html, 0, _MAX_PARAGRAPH_CHARS)
    if found is None:
        return None
    text = decode(found[1])
    text = one_space(text).strip(" ")
    return text if clean.block(text) == text and "\n" not in text else None
