"""What a program sent to a terminal, taken apart: text, controls and control sequences.

Written for the tests alone and from the standards (ECMA-48 sections 5.4 and 5.6, Unicode), so
that it shares no rule and no mistake with the gate (`nordic_tui.text.clean`) that it checks.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

_STRINGS = {"]": "OSC", "P": "DCS", "X": "SOS", "^": "PM", "_": "APC"}
_C1 = {"\x9b": "[", "\x9d": "]", "\x90": "P", "\x98": "X", "\x9e": "^", "\x9f": "_"}
_CSI = re.compile(r"([0-?]*)([ -/]*)([@-~])")
_ESCAPE = re.compile(r"[ -/]*[0-~]")
_STRING_END = re.compile(r"\x07|\x1b\\|\x9c|\x18|\x1a|\x1b")


class Part(NamedTuple):
    """kind: "text", a control as "U+001B", or the name of a sequence: CSI, OSC, DCS, SOS, PM, APC,
    ESC. body: the text, or what comes after the name, without what ends it."""

    kind: str
    body: str
    is_8_bit: bool = False
    """Whether it began with one C1 control instead of ESC and a letter."""
    is_whole: bool = True
    """Whether it ended as it must."""


def parts(sent: bytes) -> Iterator[Part]:
    """The parts of what was sent, in order. Raises UnicodeDecodeError: a byte alone, which a
    terminal that is not set to UTF-8 takes for a control, is never right."""
    text = sent.decode("utf-8")
    at = plain = 0
    while at < len(text):
        char = text[at]
        if not (char < " " or "\x7f" <= char <= "\x9f"):
            at += 1
            continue
        if plain < at:
            yield Part("text", text[plain:at])
        part, at = _control(text, at)
        yield part
        plain = at
    if plain < at:
        yield Part("text", text[plain:at])


def _control(text: str, at: int) -> tuple[Part, int]:
    """The control or sequence that begins at `at`, and where it is over."""
    char = text[at]
    is_8_bit = char in _C1
    if is_8_bit:
        letter, after = _C1[char], at + 1
    elif char == "\x1b":
        letter, after = text[at + 1 : at + 2], at + 2
    else:
        return Part(f"U+{ord(char):04X}", ""), at + 1
    if letter == "[":
        found = _CSI.match(text, after)
        if found is None:
            return Part("CSI", "", is_8_bit, False), after
        return Part("CSI", found[0], is_8_bit), found.end()
    if letter in _STRINGS and letter:
        end = _STRING_END.search(text, after)
        if end is None:
            return Part(_STRINGS[letter], text[after:], is_8_bit, False), len(text)
        body = text[after : end.start()]
        is_whole = end[0] in ("\x1b\\", "\x9c") or (end[0] == "\x07" and letter == "]")
        return Part(_STRINGS[letter], body, is_8_bit, is_whole), end.end()
    found = _ESCAPE.match(text, at + 1)
    if found is None:
        return Part("ESC", "", False, False), at + 1
    return Part("ESC", found[0]), found.end()


# ── text ────────────────────────────────────────────────────────────────────────────────────

_INVISIBLE = (
    *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5)),
    *((0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164)),
    *((0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8)),
    *((0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
)
"""Default_Ignorable_Code_Point (Unicode 16, DerivedCoreProperties.txt)."""
_JOINED = re.compile(
    r"[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\ua840-\ua9df\ufb50-\ufeff]"
)
_PICTURE = re.compile(r"[\xa9\xae\u203c-\u3299\U0001f000-\U0001faff]")
MAX_MARKS = 4


def _is_invisible(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _INVISIBLE)


def _may_stay(text: str, at: int) -> bool:
    """Whether an invisible character means something where it stands."""
    char, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if char in "\ufe0e\ufe0f":
        return bool(_PICTURE.fullmatch(before)) or (before in "#*0123456789" and after == "\u20e3")
    if char == "\u200d" and (_PICTURE.fullmatch(before) or before == "\ufe0f"):
        return bool(_PICTURE.fullmatch(after))
    if char in "\u200c\u200d":
        return bool(_JOINED.fullmatch(before) and _JOINED.fullmatch(after))
    if char in "\u180b\u180c\u180d\u180f":
        return "\u1820" <= before <= "\u18aa"
    return False


def faults(text: str) -> list[str]:
    """What is wrong with a text that stands in one place of the screen: characters that no text
    may hold, marks without a base, more than four on one."""
    found = []
    marks = 0
    for at, char in enumerate(text):
        category = unicodedata.category(char)
        code = f"U+{ord(char):04X}"
        number = ord(char)
        if category in ("Cc", "Cs", "Zl", "Zp"):
            found.append(code)
        elif number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF:
            found.append(f"{code}, no character")
        elif _is_invisible(char):
            if not _may_stay(text, at):
                found.append(f"{code}, which is invisible, in {text[max(at - 5, 0) : at + 5]!r}")
        elif category == "Zs" and char != " ":
            found.append(f"{code}, a space of another width")
        elif category in ("Mn", "Me"):
            marks += 1
            if at == 0:
                found.append(f"{code} without a base")
            elif marks == MAX_MARKS + 1:
                found.append(f"more than {MAX_MARKS} marks in {text[max(at - 8, 0) : at + 1]!r}")
            continue
        marks = 0
    return found


# ── what the reader itself sends ────────────────────────────────────────────────────────────

_MODES = "1000|1002|1003|1004|1006|1015|1049|2004|2026|2048|25|7"
"""Mouse, focus events, the other screen, bracketed paste, frames as one, size, cursor, wrapping."""
_OWN_CSI = (
    r"[0-9;]*m",  # SGR
    r"[0-9]*(?:;[0-9]+)?H",  # CUP
    r"[0-9]*[ABCDX]",  # CUU, CUD, CUF, CUB, ECH
    r"[0-9]+[bST]|[0-9]+;[0-9]+r|r",  # REP; SU, SD; DECSTBM
    r"[02]?[JK]",  # ED, EL: what stands is erased, what has scrolled away (3 J) is not
    rf"\?(?:{_MODES})[hl]",
    r"\?(?:2026|2048)\$p",  # asks for a mode
    r">(?:1|25)u|<1?u",  # the kitty keyboard: put there, taken away
    r"5n",  # DSR: whether it has come so far
    r"c",  # DA: what kind of terminal it is
    r"2[23];2t",  # the title of the window: put on the stack, taken back
)
_POINTERS = ("22;default", "22;pointer", "22;text")
"""The shape of the mouse's pointer (OSC 22)."""
_OWN_TITLE = re.compile(r"2;(?P<title>(?:.{1,60} · )?Nordic TUI)")
_CAN_DRAW_PICTURES = Part("APC", "Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA")
"""Asks whether kitty's pictures are understood."""
_CSI_OF_OURS = re.compile("|".join(f"(?:{each})" for each in _OWN_CSI))


def faults_of_sent(
    sent: bytes,
    *,
    may_copy: Iterable[str] = (),
    may_link: Callable[[str], bool] = lambda address: False,
) -> list[str]:
    """What is wrong with all that a program on the whole screen has sent; [] is as it must be.

    may_copy: the texts, in base64, that may be sent to the clipboard (OSC 52). may_link: whether
    an address may be made clickable (OSC 8).
    """
    copies = set(may_copy)
    found = []
    run = ""
    """Text in one place: styles change in it, and the cursor goes on by itself."""
    for part in parts(sent):
        if part.kind == "text":
            run += part.body
            continue
        if part.kind == "CSI" and part.body.endswith("m"):
            pass
        elif part.kind == "OSC" and part.body.startswith("8;"):
            address = part.body.split(";", 2)[2]
            if address and not may_link(address):
                found.append(f"a link to {address!r}")
        else:
            found += faults(run)
            run = ""
        if part.is_8_bit or not part.is_whole:
            found.append(f"{part} is no sequence of ours")
        elif part.kind == "CSI":
            if not _CSI_OF_OURS.fullmatch(part.body):
                found.append(f"CSI {part.body!r}")
        elif part.kind == "OSC":
            if part.body.startswith("52;c;"):
                if part.body[5:] not in copies:
                    found.append(f"for the clipboard: {part.body[5:]!r}")
            elif title := _OWN_TITLE.fullmatch(part.body):
                found += faults(title["title"])
            elif not part.body.startswith("8;") and part.body not in _POINTERS:
                found.append(f"OSC {part.body!r}")
        elif part == _CAN_DRAW_PICTURES:
            pass
        elif part.kind not in ("U+0008", "U+000A", "U+000D"):
            found.append(f"{part.kind} {part.body!r}")
    return found + faults(run)
