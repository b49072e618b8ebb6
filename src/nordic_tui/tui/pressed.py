"""The keys that were pressed last, in words for people who watch: "j ×3   Enter   / harbour"."""

from enum import Enum, auto

from rich.cells import cell_len

from nordic_tui.text import clean
from nordic_tui.tui.commands import key_name

SHOWN = 4
"""Keys, or runs of text, that are shown at most."""
_RUN_CHARS = 40
_NAMES = {
    "backspace": "Backspace",
    "delete": "Delete",
    "insert": "Insert",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
}
_SCHEMES = ("http:", "https:", "http:/", "https:/")


class Field(Enum):
    """What a key is typed into."""

    NONE = auto()
    """Nothing: it is a command."""
    WORDS = auto()
    ADDRESS = auto()
    """An address, in which a name and password may stand."""
    SECRET = auto()
    """What nobody else may read."""


def name_of(key: str) -> str:
    """A key as people say it: "enter" is "Enter", "ctrl+f" is "Ctrl+F", "down" is "↓"."""
    *modifiers, last = key.split("+") if "+" in key[:-1] else [key]
    if last in _NAMES:
        return "+".join([*(modifier.capitalize() for modifier in modifiers), _NAMES[last]])
    return key_name(key)


class Pressed:
    """Puts keys into words: the same one again is counted, what is typed is a run of text."""

    def __init__(self) -> None:
        self._items: list[tuple[str, int]] = []
        """What was pressed, and how often; 0: a run of text."""
        self._field = Field.NONE
        """What the run is typed into."""

    def clear(self) -> None:
        self._items.clear()

    def press(self, key: str, character: str | None = None, into: Field = Field.NONE) -> None:
        """key: as Textual names it; "g g" completes a "g". character: what it types, if it does."""
        if into is not Field.NONE and self._type(key, character, into):
            return
        name = name_of(key)
        first, _, second = key.partition(" ")
        if second and self._items and self._items[-1] == (name_of(first), 1):
            self._items.pop()
        if self._items and self._items[-1][0] == name and self._items[-1][1]:
            self._items[-1] = name, self._items[-1][1] + 1
        else:
            self._items.append((name, 1))
        del self._items[:-SHOWN]

    def _type(self, key: str, character: str | None, into: Field) -> bool:
        """Take a key that changes a text; whether it was one. Of a secret nothing is kept, not
        even how long it is."""
        types = character is not None and character.isprintable()
        if into is Field.SECRET:
            return types or key in ("backspace", "delete")
        run = self._items[-1][0] if self._items and not self._items[-1][1] else None
        if types:
            self._field = into
            if run is None:
                self._items.append((character or "", 0))
                del self._items[:-SHOWN]
            else:
                self._items[-1] = run + (character or ""), 0
            return True
        if key == "backspace" and run is not None:
            self._items.pop()
            if run[:-1]:
                self._items.append((run[:-1], 0))
            return True
        return False

    def words(self, width: int) -> str:
        """What is shown in so many columns; the last keys are those that have room."""
        shown: list[str] = []
        room = width
        for name, times in reversed(self._items):
            words = self._run(name) if not times else f"{name} ×{times}" if times > 1 else name
            room -= cell_len(words) + (3 if shown else 0)
            if room < 0 and shown:
                break
            shown.insert(0, words)
        return "   ".join(shown)

    def _run(self, text: str) -> str:
        text = clean.line(text) if text.strip() else text
        if self._field is Field.ADDRESS:
            text = _without_login(text)
        return text if len(text) <= _RUN_CHARS else f"…{text[1 - _RUN_CHARS :]}"


def _without_login(address: str) -> str:
    """An address that is being typed, up to where a password may begin."""
    start, slashes, rest = address.partition("://")
    if not slashes:
        start, rest = "", address
    host, colon, _ = rest.partition(":")
    if address in _SCHEMES or not colon or "/" in host:
        return address
    return f"{start}{slashes}{host}:…"
