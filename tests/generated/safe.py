"""What a terminal may be shown, told by Unicode's own data: an oracle beside the gate's tables."""

import unicodedata

MAX_MARKS = 4
_DIRECTIONS = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
_SEEN_FORMATS = ("ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN")
"""Of the format characters (Cf) these scripts' stand for something to be seen."""
_JOINERS = "\u200c\u200d"
_SELECTORS = "\ufe0e\ufe0f"


def why_unsafe(text: str, *, lines: bool = False, goes_on: bool = False) -> str:
    """Why `text` may not be drawn; "" if it may. lines: whether line feeds may be in it. goes_on:
    whether its lines stand behind other text or a margin, so that they may begin with a mark."""
    marks = 0
    before = "\n"
    for char in text:
        reason = why_never(char, lines=lines)
        if reason:
            return f"{reason} U+{ord(char):04X}"
        if char in _JOINERS + _SELECTORS and not _has_meaning_after(before):
            return f"U+{ord(char):04X} after {before!r}"
        if before == "\n" and not goes_on and unicodedata.category(char) in ("Mn", "Me"):
            return "a mark on what stands before the text"
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks > MAX_MARKS and char not in _SELECTORS:
            return f"{marks} marks on a letter"
        before = char
    if text and text[-1] in "\u200c\u200d":
        return "a joiner at the end"
    return "" if unicodedata.is_normalized("NFC", text) else "not composed (NFC)"


def why_never(char: str, *, lines: bool = False) -> str:
    """Why a character may not be drawn wherever it stands; "" if it may somewhere."""
    category = unicodedata.category(char)
    if category == "Cc":
        return "" if lines and char == "\n" else "control"
    if category in ("Cs", "Zl", "Zp"):
        return category
    if unicodedata.bidirectional(char) in _DIRECTIONS or char in "\u061c\u200e\u200f":
        return "direction"
    if ord(char) & 0xFFFE == 0xFFFE or "\ufdd0" <= char <= "\ufdef":
        return "noncharacter"
    if category == "Cf" and char not in _JOINERS:
        return "" if unicodedata.name(char, "").startswith(_SEEN_FORMATS) else "format"
    if 0xE0000 <= ord(char) <= 0xE0FFF:
        return "tag"
    if char in "\u2800\ufffc\u115f\u1160\u3164\uffa0\U0001d159":
        return "blank"
    return ""


def _has_meaning_after(before: str) -> bool:
    """Whether a joiner or selector may follow: a pictograph, a keycap, a letter that is joined."""
    if before == "\n":
        return False
    category = unicodedata.category(before)
    if category == "Cn":  # Unicode keeps room among the pictographs for those to come
        return "\U0001f000" <= before <= "\U0001faff"
    if category == "Cf":
        return unicodedata.name(before, "").startswith(_SEEN_FORMATS)
    return category[0] in "LMNS" or before in "#*" + _SELECTORS or category == "Po"
