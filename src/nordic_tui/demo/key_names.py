"""Keys as people write them, and as Textual calls them: "?" is `question_mark`, "Esc" `escape`.

Knows no Textual, so that a tour can be checked where there is no screen; a test holds the two
together.
"""

import re
import unicodedata
from typing import NamedTuple

_NAMED = {
    "enter": ("enter", "\r"),
    "esc": ("escape", "\x1b"),
    "space": ("space", " "),
    "tab": ("tab", "\t"),
    "shift+tab": ("shift+tab", None),
    "backspace": ("backspace", "\x7f"),
    "delete": ("delete", None),
    "insert": ("insert", None),
    "up": ("up", None),
    "down": ("down", None),
    "left": ("left", None),
    "right": ("right", None),
    "home": ("home", None),
    "end": ("end", None),
    "pgup": ("pageup", None),
    "pgdn": ("pagedown", None),
}
_ALSO = {"escape": "esc", "return": "enter", "pageup": "pgup", "pagedown": "pgdn", "del": "delete"}
_REFUSED = "cz"
"""Ctrl+C ends the program and Ctrl+Z stops it: no tour goes on behind them."""
_REPLACED = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}

ALLOWED = (
    "one sign (j, G, /, ?), Enter, Esc, Space, Tab, Shift+Tab, Up, Down, Left, Right, Home, End, "
    "PgUp, PgDn, Backspace, Delete, Insert, F1 to F12, or Ctrl+ with a letter other than C and Z"
)


class Press(NamedTuple):
    """A key that is pressed. key: as Textual calls it; character: what it types, None: nothing."""

    key: str
    character: str | None


def typed(sign: str) -> Press:
    """The key that types a sign."""
    if sign.isalnum():
        return Press(sign, sign)
    name = unicodedata.name(sign, sign).lower().replace("-", "_").replace(" ", "_")
    return Press(_REPLACED.get(name, name), sign)


def named(word: str) -> Press | None:
    """The key of a name, in large or small letters; None: there is no such key."""
    if len(word) == 1:
        return typed(word) if word.isprintable() else None
    name = word.lower()
    name = _ALSO.get(name, name)
    if name in _NAMED:
        return Press(*_NAMED[name])
    if re.fullmatch(r"f([1-9]|1[0-2])", name):
        return Press(name, None)
    letter = re.fullmatch(r"ctrl\+([a-z])", name)
    if letter and letter[1] not in _REFUSED:
        return Press(name, chr(ord(letter[1]) & 0x1F))
    return None
