"""Titles made comparable: what a person types without marks finds what was written with them."""

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]")
_ABOVE_LATIN = "\u0483"
"""Below it there are no other combining marks (Unicode blocks of Latin, Greek and Cyrillic)."""
_LETTERS = str.maketrans(
    {
        "æ": "ae",
        "ø": "o",
        "œ": "oe",
        "ð": "d",
        "đ": "d",
        "þ": "th",
        "ł": "l",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ı": "i",
        "’": "'",
    }
)
"""Letters that Unicode does not take apart, and the apostrophe that WordPress sets for "'"."""


def fold(text: str) -> str:
    """`text` without case and marks: "Ångström" is "angstrom", "Ærø" is "aero", "groß" is "gross".

    Folding twice changes nothing more. Both sides of a comparison must be folded.
    """
    if text.isascii():
        return text.lower()
    # Compatibility forms can hide capitals ("℡"), and folding can make composed letters, so both
    # are done twice (The Unicode Standard, section 3.13, definition D146).
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text.casefold())
    if max(text) < _ABOVE_LATIN:
        text = _MARKS.sub("", text)
    else:
        text = "".join(c for c in text if not unicodedata.combining(c))
    return text.translate(_LETTERS)
