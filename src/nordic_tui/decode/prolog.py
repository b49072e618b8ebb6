"""What stands before the first element of an XML document, read without an XML parser.

A document type that declares something of its own is refused, and it is refused here: entities
grow without end, a chain of them fills expat's stack (CVE-2024-8176), attributes with a default
come back in every element. A handler of expat's is too late for that: pyexpat only takes its
handlers away when one of them raises, and reads on to the end of what it was given.
"""

import codecs
import re

from nordic_tui.errors import NotAFeed

_WHITE = re.compile(rb"[ \t\r\n]*")
_DELIMITER = re.compile(rb"[\"'\[>]")
_DOCTYPE = b"<!DOCTYPE"
_MISC = ((b"<!--", b"-->"), (b"<?", b"?>"))


_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined"})
"""Codecs of Python that give text and are no charset of any document; some are quadratic."""


def wide_charset(body: bytes) -> str:
    """The charset of a text in wide characters, by how it begins (XML 1.0, appendix F); "" if it
    is none."""
    return next((name for mark, name in _MARKS if body.startswith(mark)), "")


def charset(name: bytes) -> str:
    """Python's name for the charset that a document says it is in; "" if it is none."""
    try:
        codec = codecs.lookup(name.decode("ascii"))
    except (LookupError, ValueError):
        return ""
    # So does `bytes.decode` tell which codecs give text.
    gives_text = getattr(codec, "_is_text_encoding", True)
    return codec.name if gives_text and codec.name not in _NO_CHARSETS else ""


def refuse_declarations(body: bytes) -> None:
    """Raises NotAFeed if the document type in `body`, UTF-8, declares anything itself."""
    _, _, declares = _doctype(body)
    if declares:
        raise NotAFeed("declares entities or a document type of its own, which is never read")


def without_doctype(body: bytes) -> tuple[bytes, bytes]:
    """`body`, UTF-8, without its document type, and that document type; b"" if it has none.

    Raises NotAFeed if it declares anything itself.
    """
    refuse_declarations(body)
    start, end, _ = _doctype(body)
    return body[:start] + body[end:], body[start:end]


def _doctype(body: bytes) -> tuple[int, int, bool]:
    """Where the document type begins and ends, and whether it has declarations in it.

    XML 1.0 section 2.8: before it come white space, comments and instructions, nothing else. What
    is damaged before it keeps an XML parser from coming so far.
    """
    at = 3 if body.startswith(b"\xef\xbb\xbf") else 0
    while True:
        at = _past_white(body, at)
        begin, ending = next((each for each in _MISC if body.startswith(each[0], at)), (b"", b""))
        if not begin:
            break
        end = body.find(ending, at + len(begin))
        if end < 0:
            return at, at, False
        at = end + len(ending)
    if body[at : at + len(_DOCTYPE)].upper() != _DOCTYPE:
        return at, at, False
    end = at
    while found := _DELIMITER.search(body, end):
        end = found.end()
        if found[0] == b">":
            return at, end, False
        if found[0] == b"[":
            end = _past_white(body, end)
            if not body.startswith(b"]", end):
                return at, end, True
        else:
            end = body.find(found[0], end) + 1
            if not end:
                break
    return at, at, False  # it never ends, and nothing comes after it


def _past_white(body: bytes, at: int) -> int:
    found = _WHITE.match(body, at)
    return found.end() if found else at
