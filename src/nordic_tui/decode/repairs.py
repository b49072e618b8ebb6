"""Feeds that are nearly XML, mended before a parser sees them; and what their bytes tell.

What can be told apart from text is mended, as a strict reader reads better than one that guesses.
"""

import re
from typing import NamedTuple

from nordic_tui.decode.prolog import wide_charset

_ROOT = re.compile(rb"<\?xml\s|<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_SEARCHED_BYTES = 65_536
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_DECLARATION_BYTES = 1_000
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_ITEM = re.compile(rb"<(/?)(?:[\w.-]{1,40}:)?(?:item|entry)(?:\s[^<>]*)?>", re.IGNORECASE)
_ROOT_TAG = re.compile(rb"<(/?)(?:[\w.-]{1,40}:)?(?:rss|feed|rdf)(?:\s[^<>]*)?>", re.IGNORECASE)
_CDATA_START = b"<![CDATA["
_CDATA_END = b"]]>"
_CDATA = re.compile(rb"<!\[CDATA\[((?:(?!<!\[CDATA\[).)*?)\]\]>(?=\s*</)", re.DOTALL)


_XML_DECLARATION = re.compile(r"\s{0,100}<\?xml\s[^>]{0,200}>")
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")


def narrowed(body: bytes, media_type: str) -> tuple[bytes, str]:
    """A text in UTF-16 or UTF-32 in UTF-8, and what the server says about it, if that still holds.

    Expat takes for UTF-16 what begins so, whatever it is told; feedparser needs to be told, and
    what is mended below is mended byte by byte.
    """
    wide = wide_charset(body)
    if not wide:
        return body, media_type
    text = _XML_DECLARATION.sub("", body.decode(wide, errors="replace"), count=1)
    return text.encode(errors="replace"), ""


class Repaired(NamedTuple):
    body: bytes
    warnings: tuple[str, ...] = ()


def repair(body: bytes) -> Repaired:
    """`body` without what is known to stop an XML parser and can be told apart from text.

    Before the XML: blank lines, a byte order mark, an error message of PHP. Inside: control
    characters and references to what is no character (XML 1.0 section 2.2), "]]>" in a CDATA
    section, which WordPress sends for a name that holds it, and single broken bytes in UTF-8.
    """
    warnings = []
    body = body.removeprefix(b"\xef\xbb\xbf")
    root = _ROOT.search(body, 0, _SEARCHED_BYTES)
    if root and root.start():
        before = body[: root.start()].replace(b"\xef\xbb\xbf", b"").strip()
        if before and not before.startswith((b"<!--", b"<?", b"<!DOCTYPE")):
            warnings.append("Something stands before the feed, perhaps the server's own error.")
            body = body[root.start() :]
        elif not before:
            body = body[root.start() :]
    declared = _DECLARED.search(body, 0, _DECLARATION_BYTES)
    # The encodings of ISO 2022 change between alphabets with ESC.
    is_escaping = declared is not None and declared[1].lower().startswith(b"iso-2022")
    without = body if is_escaping else body.translate(None, _CONTROLS)
    if len(without) != len(body):
        warnings.append("The feed holds control characters; they were left out.")
        body = without
    if body.count(_CDATA_START) != body.count(_CDATA_END):
        joined = _CDATA.sub(_escape_ends, body)
        if joined != body:
            warnings.append('The feed holds "]]>" where it may not; it was read as text.')
            body = joined
    referred = _REFERENCE.sub(_letter_or_none, body) if b"&#" in body else body
    if referred != body:
        warnings.append("The feed refers to characters that are none; they are shown as \ufffd.")
        body = referred
    text = _mended_utf8(body)
    if text is not None:
        warnings.append("The feed holds bytes that are no text; they are shown as \ufffd.")
        body = text
    return Repaired(body, tuple(warnings))


def _escape_ends(section: re.Match[bytes]) -> bytes:
    return (
        _CDATA_START + section[1].replace(_CDATA_END, b"]]]]>" + _CDATA_START + b">") + _CDATA_END
    )


def _letter_or_none(reference: re.Match[bytes]) -> bytes:
    digits, base = (reference[1], 16) if reference[1] else (reference[2], 10)
    digits = digits.lstrip(b"0")
    number = int(digits, base) if 0 < len(digits) < 8 else 0
    is_letter = (
        number in (9, 10, 13)
        or 0x20 <= number <= 0xD7FF
        or 0xE000 <= number <= 0xFFFD
        or 0x10000 <= number <= 0x10FFFF
    )
    return reference[0] if is_letter else b"&#xFFFD;"


def declares_utf8(body: bytes) -> bool:
    """Whether `body` declares UTF-8 or nothing, which is the same (XML 1.0 section 4.3.3)."""
    declared = _DECLARED.search(body, 0, _DECLARATION_BYTES)
    return declared is None or declared[1].lower() in (b"utf-8", b"utf8")


def is_plainly_utf8(body: bytes, media_type: str) -> bool:
    """Whether declaration, header and bytes agree on UTF-8."""
    if "charset" in media_type.lower() and "utf-8" not in media_type.lower():
        return False
    return declares_utf8(body)


def is_utf8(body: bytes) -> bool:
    """Whether `body` is UTF-8 with letters beyond ASCII."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return not body.isascii()


def _mended_utf8(body: bytes) -> bytes | None:
    """`body` with the broken bytes replaced if most of what is not ASCII is UTF-8; else None.

    One such byte, as where a body breaks off, would make feedparser take all of it for
    Windows-1252. Text that is Windows-1252 hardly ever holds a sequence that is UTF-8.
    """
    if not declares_utf8(body):
        return None
    try:
        body.decode()
    except UnicodeDecodeError:
        pass
    else:
        return None
    text = body.decode(errors="replace")
    broken = text.count("\ufffd")
    whole = sum(len(run) for run in re.findall(r"[^\x00-\x7f\ufffd]+", text))
    if broken > whole and not (broken == 1 and text.endswith("\ufffd")):
        return None
    return text.encode()


def breaks_off(body: bytes) -> bool:
    """Whether the last post in `body` begins and does not end."""
    ends = [found[1] for found in _ITEM.finditer(body)]
    return bool(ends) and not ends[-1]


def lacks_its_end(body: bytes) -> bool:
    """Whether the feed in `body` begins with a root that is known, and does not end after its
    last post."""
    begins = any(not found[1] for found in _ROOT_TAG.finditer(body, 0, _SEARCHED_BYTES))
    last = max((found.end() for found in _ITEM.finditer(body)), default=0)
    return begins and not any(found[1] for found in _ROOT_TAG.finditer(body, last))
