"""Text in the letters that a terminal can show.

Lines have no columns to keep, so a letter may become two and a sign a word: "AE", "th", "...".
"""

import unicodedata
from collections.abc import Callable

from nordic_tui.text.ascii import is_utf8

_SIGNS = {
    **dict.fromkeys("\u2018\u2019\u201a\u2039\u203a\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u2022\u25e6\u25aa\u00b7", "-"),
    **{"\u2026": "...", "\u00d7": "x", "\u20ac": "EUR", "\u00a3": "GBP", "\u00b0": " degrees"},
    **{"\u00e6": "ae", "\u00c6": "Ae", "\u00f8": "o", "\u00d8": "O", "\u00e5": "a", "\u00c5": "A"},
    **{"\u00f0": "d", "\u00d0": "D", "\u00fe": "th", "\u00de": "Th", "\u00df": "ss"},
    **{"\u0153": "oe", "\u0152": "Oe", "\u0142": "l", "\u0141": "L", "\u0111": "d", "\u0110": "D"},
    **{"\u0131": "i", "\u0167": "t", "\u0166": "T", "\u014b": "ng", "\u014a": "Ng"},
}


def ascii_of(text: str) -> str:
    """The text in ASCII: letters by their base letter, signs by what they mean, the rest "?"."""
    if text.isascii():
        return text
    return "".join(map(_ascii, text))


def _ascii(char: str) -> str:
    if char.isascii():
        return char
    if char in _SIGNS:
        return _SIGNS[char]
    if unicodedata.combining(char):
        return ""
    bare = "".join(each for each in unicodedata.normalize("NFKD", char) if each.isascii())
    return bare or "?"


def letters(encoding: str, *, ascii_only: bool) -> Callable[[str], str]:
    """What makes of a text what can be shown. encoding: of the output, as Python has it."""
    return str if is_utf8(encoding) and not ascii_only else ascii_of
