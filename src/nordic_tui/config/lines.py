"""Where the keys of a TOML file stand. tomllib doesn't say, and a person wants to know, and to find
all that they wrote as it was after a change.

Works on text that tomllib has already accepted, so it checks nothing; the grammar is that of
TOML 1.0 (https://toml.io/en/v1.0.0), as far as it takes to tell keys from values.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

Path = tuple[str | int, ...]
"""The way to a value: keys, and places in arrays counted from 0."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_COMMENT = re.compile(r"#[^\r\n]*")
_SCALAR = re.compile(r"[^,\]}#\n]*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_STRING_START = ("'", '"')


class Statement(NamedTuple):
    """A key with its value, or the head of a table, as places in the text."""

    path: Path
    """What it is about; of the head of an array's table, with its number."""
    start: int
    value: int
    """Where the value begins; of a head, where it ends."""
    end: int
    """Right behind the last character, the closing bracket of a head included."""
    comments: tuple[tuple[int, int], ...] = ()
    """Of the comments inside the value, from their sign to the end of their line."""

    @property
    def is_head(self) -> bool:
        return self.value == self.end


def key_lines(text: str) -> dict[Path, int]:
    """Return the line, counted from 1, of every key, table and array element in a valid text."""
    return _Walk(text).lines


def statements(text: str) -> list[Statement]:
    """Return what a valid text says, in its order."""
    return _Walk(text).statements


class _Walk:
    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self.statements: list[Statement] = []
        self._text = text
        self._at = 0
        self._line = 1
        self._line_start = 0
        self._tables_in: dict[Path, int] = {}
        self._comments: list[tuple[int, int]] = []
        table: Path = ()
        while (start := self._skip(_GAP)) < len(text):
            if text[start] == "[":
                table = self._header(2 if text.startswith("[[", start) else 1)
                self.statements.append(Statement(table, start, self._at, self._at))
            else:
                path, value = self._pair(table)
                comments = tuple(self._comments)
                self._comments.clear()
                self.statements.append(Statement(path, start, value, self._at, comments))

    def _skip(self, what: re.Pattern[str]) -> int:
        found = what.match(self._text, self._at)
        if found:
            self._at = found.end()
        return self._at

    def _note(self, path: Path) -> None:
        self._line += self._text.count("\n", self._line_start, self._at)
        self._line_start = self._at
        self.lines.setdefault(path, self._line)

    def _header(self, brackets: int) -> Path:
        start = self._at
        self._at += brackets
        *outer, last = self._keys()
        self._at += brackets
        end, self._at = self._at, start
        path: Path = ()
        for key in outer:
            path = self._current((*path, key))
        path = (*path, last)
        self._note(path)
        if brackets == 2:
            number = self._tables_in[path] = self._tables_in.get(path, -1) + 1
            path = (*path, number)
            self._note(path)
        self._at = end
        return path

    def _current(self, path: Path) -> Path:
        """Note a table on the way; of an array of tables, it is the last one."""
        self._note(path)
        return (*path, self._tables_in[path]) if path in self._tables_in else path

    def _keys(self) -> Iterator[str]:
        """Read a key and its dots up to what follows it; the end of the blanks is left behind."""
        while True:
            self._skip(_BLANK)
            start = self._at
            if self._text[start] in _STRING_START:
                self._skip(_STRING)
                yield _unquoted(self._text[start : self._at])
            else:
                self._skip(_BARE_KEY)
                yield self._text[start : self._at]
            self._skip(_BLANK)
            if self._text[self._at] != ".":
                return
            self._at += 1

    def _pair(self, table: Path) -> tuple[Path, int]:
        """Read a key with its value; gives the whole path, and where the value begins."""
        path = table
        self._note(path)
        for key in self._keys():
            path = (*path, key)
            self._note(path)
        self._at += 1  # the equals sign
        value = self._skip(_BLANK)
        self._value(path)
        return path, value

    def _value(self, path: Path) -> None:
        opening = self._text[self._at]
        if opening in _STRING_START:
            self._skip(_STRING)
        elif opening == "[":
            self._elements(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            scalar = _SCALAR.match(self._text, self._at)
            self._at += len(scalar[0].rstrip()) if scalar else 0

    def _gap(self) -> str:
        """Pass blanks, line ends and comments inside a value; gives the character after them."""
        start, end = self._at, self._skip(_GAP)
        if "#" in self._text[start:end]:
            self._comments += [c.span() for c in _COMMENT.finditer(self._text, start, end)]
        return self._text[end]

    def _elements(self, path: Path) -> None:
        self._at += 1
        number = 0
        while self._gap() != "]":
            element = (*path, number)
            self._note(element)
            self._value(element)
            number += 1
            if self._gap() == ",":
                self._at += 1
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._gap() != "}":
            self._pair(path)
            if self._gap() == ",":
                self._at += 1
        self._at += 1


def _unquoted(key: str) -> str:
    """Return what a quoted key says; tomllib knows the escapes."""
    import tomllib

    return next(iter(tomllib.loads(f"{key} = 0")))
