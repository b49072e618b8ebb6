"""The gate: text from strangers becomes text that a terminal shows and does not obey.

What goes, of every text:

- escape sequences as a whole (ECMA-48 sections 5.4 and 5.6: CSI, and the strings OSC, DCS, SOS,
  PM and APC with what they hold), then every other control, C0, DEL and C1, but line feed;
- what changes the direction of writing (Unicode UAX #9: marks, embeddings, overrides, isolates);
- what is invisible (default ignorable code points: zero width spaces, fillers, tags, soft
  hyphens, variation selectors) and noncharacters;
- combining marks beyond four on one base, and those at the beginning of a line: they would
  stand on whatever the program draws before the text.

Lone surrogates become U+FFFD. What is left is in Unicode's composed form, NFC. Some invisible
characters stay where they carry meaning: the joiners U+200C and U+200D between two characters of
the Arabic, Syriac, Indic, Burmese, Khmer and Mongolian blocks; U+200D between two pictographs; the
selectors U+FE0E and U+FE0F right after a pictograph, or inside a keycap ("1", U+FE0F, U+20E3);
Mongolian's own selectors right after one of its letters.

Text without anything to do costs one scan in C and is returned as it came.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

ELLIPSIS = "…"
FIRST_MARK = "\u0300"
"""Below it no character clings to another, and each takes one cell at most."""
MAX_URL_CHARS = 4_096
_MAX_MARKS = 4
_MAX_STRING_CHARS = 8_192
"""How far the end of an OSC, DCS, SOS, PM or APC string may be from its beginning."""

# ── classes of characters, each the inside of a regular expression's [...] ──────────────────

_BREAKS = "\x0b\x0c\x85\u2028\u2029"
"""What ends a line besides CR and LF."""
_SPACES = "\xa0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000"
"""White space that is neither the plain one nor a control; Braille's cell without dots is a sign to
Unicode, and as empty as they are."""
BLANK_SIGNS = "\u2800\ufffc\U0001d159"
"""Of what the gate leaves out: what Unicode takes for visible signs."""
_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
_INVISIBLE = (
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164"
    "\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffc"
    "\U00013430-\U00013440\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
"""What is drawn as nothing: the default ignorable code points (Unicode, DerivedCoreProperties.txt)
but those that stay in their place, the sign for an object that is not in the text, what arranges
hieroglyphs, a filler and a note without a head."""
_SURROGATES = "\ud800-\udfff"
_CONDITIONAL = "\u180b\u180c\u180d\u180f\u200c\u200d\ufe0e\ufe0f"
_JOINED_SCRIPTS = (
    "\u0600-\u077f\u0840-\u0dff\u1000-\u109f\u1780-\u18af\ua840-\ua877"
    "\ua980-\ua9df\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
)
_PICTOGRAPHS = (
    "\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_NEVER_MARKS = (
    r"\x00-\u02ff\u0370-\u0482\u048a-\u0590\u1e00-\u20cf\u2100-\u2cee\u2e00-\u3029"
    r"\u3030-\u3098\u309b-\ua66e\uac00-\ufb1d\ufe30-\ufffd\U0001f000-\U000e00ff"
)
"""Large blocks without combining marks; only what is outside is looked at one by one."""

_GONE = _CONTROLS + _BIDI + _NONCHARACTERS + _INVISIBLE
_MARK_RUN = f"[^{_NEVER_MARKS}]{{{_MAX_MARKS + 1},}}"

_LATIN = "\n -~\xa1-\xac\xae-\u017f\u2010-\u2027"
"""What the Nordic languages and English are written with; a start compiles no more than this."""
_PLAIN = (
    "\n -~\xa1-\xac\xae-\u02ff\u0388-\u0482\u048a-\u052f\u1e00-\u1eff\u2010-\u2027\u2030-\u205e"
    "\u20a0-\u20bf\u2122\u2190-\u21ff\u2500-\u27bf\u3001-\u3029\u3041-\u3096\u30a1-\u30fe"
    "\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e\U0001f300-\U0001faff"
)
"""Most of what is written: visible, composed, and nothing that the gate looks at twice."""

_IS_LATIN = re.compile(f"[{_LATIN}]*")
_IS_PLAIN = f"[{_PLAIN}]*"

_ESCAPES = (
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])"
    rf"(?:[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]{{0,{_MAX_STRING_CHARS}}}(?:\x07|\x1b\\|\x9c)|[0-9;]*)"
    r"|\x1b[ -/]*[0-~]?"
)
_LINE_ENDS = f"\r\n?|[{_BREAKS}]"
_ODD_SPACES = f"[{_SPACES}]"
_SURROGATE = f"[{_SURROGATES}]"
_UNWANTED = f"[{_GONE}]"
_JOINERS = f"[{_CONDITIONAL}]"
_BARE_SELECTORS = (
    f"(?<![{_PICTOGRAPHS}])(?<![#*0-9])[\ufe0e\ufe0f]|(?<=[#*0-9])(?:\ufe0e|\ufe0f(?!\u20e3))"
    "|(?<![\u1820-\u1878\u1880-\u18aa])[\u180b-\u180d\u180f]"
)
_BARE_JOINERS = (
    f"(?<![{_PICTOGRAPHS}\ufe0f{_JOINED_SCRIPTS}])[\u200c\u200d]"
    f"|(?<=[{_PICTOGRAPHS}\ufe0f])(?:\u200c|\u200d(?![{_PICTOGRAPHS}]))"
    f"|(?<=[{_JOINED_SCRIPTS}])[\u200c\u200d](?![{_JOINED_SCRIPTS}])"
)


def line(text: str, max_chars: int = 1_000) -> str:
    """`text` on one line, safe to draw: every run of white space is one space, the ends stripped.

    At most `max_chars` characters; what was cut ends in "…". Never raises.
    """
    if (
        len(text) <= max_chars
        and (text.isprintable() if text.isascii() else _is_plain(text))
        and "\n" not in text
        and "  " not in text
        and text[:1] != " "
        and text[-1:] != " "
    ):
        return text
    text = " ".join(_pattern(_ODD_SPACES).sub(" ", _without_danger(text)).split())
    # A space that goes bares the marks that stood on it.
    return _shorten(_from_base(text, " "), max_chars)


def block(text: str, max_chars: int = 1_000_000) -> str:
    """`text` safe to draw, its lines kept: they end in a line feed, a tab is four spaces.

    At most `max_chars` characters; what was cut ends in "…". Never raises.
    """
    if _is_plain(text):
        return _shorten(text, max_chars)
    text = _without_danger(text).replace("\t", "    ")
    return _shorten(_pattern(_ODD_SPACES).sub(" ", text), max_chars)


def is_whole(text: str) -> bool:
    """Whether a text can be written in UTF-8, which holds no half of a surrogate pair. Python has
    such halves for bytes that are none (PEP 383), and JSON can name them."""
    return text.isascii() or not _pattern(f"[{_SURROGATES}]").search(text)


def graphemes(text: str) -> Iterator[str]:
    """What a reader takes for one letter each, in order; together they are `text`.

    After Unicode UAX #29, in short: marks, joiners, selectors and skin tones stay with what they
    follow, what follows a joiner stays with it, regional indicators make pairs.
    """
    start = 0
    for index in range(1, len(text)):
        char = text[index]
        if _clings(text[index - 1], char):
            continue
        if index - start == 1 and _is_regional(char) and _is_regional(text[start]):
            continue
        yield text[start:index]
        start = index
    if text:
        yield text[start:]


def _clings(before: str, char: str) -> bool:
    """Whether `char` is one grapheme with `before`, other than as a pair of indicators."""
    if before in "\u200c\u200d":
        return True
    return char >= FIRST_MARK and (
        char in _CONDITIONAL
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or unicodedata.category(char)[0] == "M"
    )


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """Compiled when text needs it: these classes of characters take milliseconds."""
    return re.compile(pattern)


def _is_plain(text: str) -> bool:
    """Whether there is nothing in `text` that the gate looks at twice."""
    return bool(_IS_LATIN.fullmatch(text) or _pattern(_IS_PLAIN).fullmatch(text))


def _is_regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _without_danger(text: str) -> str:
    """`text` without what the gate removes; line ends are line feeds, other white space stays."""
    text = _pattern(_ESCAPES).sub("", text)
    text = _pattern(_LINE_ENDS).sub("\n", text)
    text = _pattern(_UNWANTED).sub("", text)
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", _pattern(_SURROGATE).sub("\ufffd", text))
    if any(char in text for char in _CONDITIONAL):
        once = _without_bare_joiners(text)
        text = _without_bare_joiners(once)
        # What goes lets marks change places, which can bare another joiner, and so on. No
        # language writes that way: the second time all of them go.
        if text != once:
            text = unicodedata.normalize("NFC", _pattern(_JOINERS).sub("", text))
    if max(text, default="") < FIRST_MARK:
        return text
    text = "\n".join(map(_from_base, text.split("\n")))
    return _pattern(_MARK_RUN).sub(_thin_marks, text)


def _without_bare_joiners(text: str) -> str:
    text = unicodedata.normalize("NFC", _pattern(_BARE_SELECTORS).sub("", text))
    return unicodedata.normalize("NFC", _pattern(_BARE_JOINERS).sub("", text))


def _from_base(text: str, also: str = "") -> str:
    """One line from its first character on that stands by itself; also: what goes as well."""
    start = 0
    while start < len(text) and (text[start] in also or _is_mark(text[start])):
        start += 1
    return text[start:]


def _is_mark(char: str) -> bool:
    """Whether it is drawn on what stands before it, and takes no room."""
    return char >= FIRST_MARK and (
        char in _CONDITIONAL or unicodedata.category(char) in ("Mn", "Me")
    )


def _thin_marks(run: re.Match[str]) -> str:
    """The run without the marks (Mn, Me) that are more than four in a row.

    Spacing marks (Mc) take room of their own and are letters' ordinary company in Indic scripts.
    """
    kept = []
    marks = 0
    for char in run[0]:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks <= _MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def _shorten(text: str, max_chars: int) -> str:
    if len(text) <= max_chars:
        return text
    if max_chars < 1:
        return ""
    end = max_chars - 1
    while end > 0 and _clings(text[end - 1], text[end]):
        end -= 1
    flags = end
    while flags > 0 and _is_regional(text[flags - 1]):
        flags -= 1
    if _is_regional(text[end]) and (end - flags) % 2:
        end -= 1
    return text[:end].rstrip() + ELLIPSIS


# ── addresses ───────────────────────────────────────────────────────────────────────────────

_REFUSED_IN_URL = rf"[\x00-\x1f\x7f-\x9f{_SURROGATES}{_NONCHARACTERS}]"
_QUOTED_IN_URL = rf"[ \"<>\\^`{{|}}{_SPACES}\u2028\u2029{_BIDI}{_INVISIBLE}{_CONDITIONAL}]"
_PLAIN_URL = (
    r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[1-9][0-9]{1,3})?"
    r"(?:/[A-Za-z0-9/._~!$&'()*+,;=:@%-]*)?(?:\?[A-Za-z0-9/._~!$&'()*+,;=:@%-]+)?"
)
"""Most addresses: those in which nothing is to be changed or refused."""
_MAIL_FIELDS = ("subject", "body", "cc")
_ENCODED_CONTROL = "%(?:[01][0-9A-Fa-f]|7[Ff])"


def url(address: str, base: str = "") -> str:
    """`address` as an absolute http, https or mailto address, or "" if it may not be opened.

    A relative address is joined with `base` (RFC 3986 section 5). Letters of any script may stay;
    white space, invisible characters and what no address may hold are percent-encoded in a path
    and refused in a host, so that what is shown is what is opened. Controls, lone surrogates, a
    missing host, a bad port and more than 4,096 characters give "". Of a mailto address only
    subject, body and cc are kept (RFC 6068 section 7: other fields can attach files), and of these
    none with an encoded control, which would begin another header; the body may have line ends.
    Never raises.
    """
    if len(address) <= MAX_URL_CHARS and _pattern(_PLAIN_URL).fullmatch(address):
        return address
    # urllib is imported here: `line` and `block` serve the first paint, addresses come later.
    from urllib.parse import quote, urljoin, urlsplit

    # Tabs and line ends inside are dropped by browsers too (WHATWG URL, section 4.4).
    address = re.sub(r"[\t\n\r]", "", address.strip(" \t\n\r\f"))
    if not address or len(address) > MAX_URL_CHARS or _pattern(_REFUSED_IN_URL).search(address):
        return ""
    address = _pattern(_QUOTED_IN_URL).sub(lambda found: quote(found[0]), address)
    try:
        if base and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", address):
            base = url(base)
            if not base.startswith(("http://", "https://")):
                return ""
            address = urljoin(base, address)
        parts = urlsplit(address)
        if parts.scheme == "mailto":
            fields = filter(_may_be_mailed, parts.query.split("&"))
            parts = parts._replace(netloc="", query="&".join(fields), fragment="")
            control = _pattern(_ENCODED_CONTROL).search(parts.path)
            safe = "@" in parts.path and not parts.path.startswith("/") and not control
        else:
            name = parts.hostname or ""
            _ = parts.port  # raises ValueError if it is no number from 0 to 65535
            safe = (
                parts.scheme in ("http", "https")
                and name.strip(".") != ""
                and "%" not in name
                # Browsers take "\\" for "/", so that the host would be another one for them.
                and "%5C" not in parts.netloc
                and parts.netloc.count("@") <= 1
            )
        address = parts.geturl()
    except ValueError:
        return ""
    return address if safe and len(address) <= MAX_URL_CHARS else ""


def _may_be_mailed(field: str) -> bool:
    """Whether a field of a mailto address, "name=value", may be handed to a mail program."""
    name, _, value = field.partition("=")
    name = name.lower()
    if name == "body":
        value = re.sub("%0[AD]", "", value, flags=re.IGNORECASE)
    return name in _MAIL_FIELDS and not _pattern(_ENCODED_CONTROL).search(value)


def shown(address: str) -> str:
    """An address as people read it: percent-encoded letters beyond ASCII as letters (RFC 3987
    section 3.2), everything else as it is. Only for display; it leads nowhere by itself."""

    def letters(found: re.Match[str]) -> str:
        try:
            text = bytes.fromhex(found[0].replace("%", "")).decode("utf-8")
        except UnicodeDecodeError:
            return found[0]
        return text if not text.isascii() and line(text) == text and text.isalnum() else found[0]

    return _pattern("(?:%[89A-Fa-f][0-9A-Fa-f])+").sub(letters, address)


def shown_address(address: str) -> str:
    """A web address as people read it, without the user and password that it may hold (RFC 3986
    section 3.2.1), on one line; a file's path as it is. Only for display, as `shown`."""
    scheme, mark, rest = address.partition("://")
    if mark:
        authority = re.split("[/?#]", rest, maxsplit=1)[0]
        host_and_port = authority.rpartition("@")[2]
        address = f"{scheme}://{host_and_port}{rest[len(authority) :]}"
    return line(shown(address), MAX_URL_CHARS)


_LOGIN_IN_TEXT = r"(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.-]{0,30}:/{1,3})[^\s/?#]*@"


def without_logins(text: str) -> str:
    """`text` without the users and passwords (RFC 3986 section 3.2.1) of the addresses in it."""
    return _pattern(_LOGIN_IN_TEXT).sub(r"\1", text) if "@" in text else text


def public_address(address: str) -> str:
    """A web address as it may be handed on: without user and password, and as `url` writes it;
    "" for a file and whatever else is no http or https address."""
    from urllib.parse import urlsplit

    address = url(address)
    if not address.startswith(("http://", "https://")):
        return ""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def host(address: str) -> str:
    """The host that `address` leads to, for display: without user, password and port.

    Letters beyond ASCII are shown as in the name system ("xn--…", RFC 3492), so that no name can
    look like another; numbers as the address that browsers make of them, "127.0.0.1" for
    "0x7f.1". Of a mailto address: what follows the last "@". "" if there is none.
    """
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(address)
        name = parts.path.rpartition("@")[2] if parts.scheme == "mailto" else parts.hostname or ""
        # The dots of other scripts part labels as well (UTS #46 section 2.3).
        name = unicodedata.normalize("NFKC", name.lower()).replace("\u3002", ".")
        labels = [
            label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
            for label in name.split(".")
        ]
    except ValueError:
        return ""
    return line(_of_numbers(".".join(labels)), 253)


def _of_numbers(name: str) -> str:
    """A host whose last part is a number as browsers read it: as an IPv4 address, of which each
    part may be octal or hexadecimal and the last one stands for all that are missing (WHATWG URL,
    section 3.5). Every other host as it is, also one that browsers refuse."""
    parts = name.removesuffix(".").split(".")
    if len(parts) > 4 or not re.fullmatch("[0-9]+|0x[0-9a-f]*", parts[-1]):
        return name
    try:
        *first, last = [_number(part) for part in parts]
        numbers = (*bytes(first), *last.to_bytes(4 - len(first), "big"))
    except (ValueError, OverflowError):
        return name
    return ".".join(map(str, numbers))


def _number(part: str) -> int:
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8 if part[:1] == "0" and len(part) > 1 else 10)
