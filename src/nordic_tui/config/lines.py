"""On which line of a TOML file a key stands. tomllib doesn't say, and a person wants to know.

Works on text that tomllib has already accepted, so it checks nothing; the grammar is that of
TOML 1.0 (https://toml.io/en/v1.0.0), as far as it takes to tell keys from values.
"""

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]
"""The way to a value: keys, and places in arrays counted from 0."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SCALAR = re.compile(r"[^,\]}#\n]*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_STRING_START = ("'", '"')


def key_lines(text: str) -> dict[Path, int]:
    """Return the line, counted from 1, of every key, table and array element in a valid text."""
    return _Walk(text).lines


class _Walk:
    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._text = text
        self._at = 0
        self._line = 1
        self._line_start = 0
        self._tables_in: dict[Path, int] = {}
        table: Path = ()
        while self._skip(_GAP) < len(text):
            if text.startswith("[[", self._at):
                table = self._header(2)
            elif text.startswith("[", self._at):
                table = self._header(1)
            else:
                self._pair(table)

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

    def _pair(self, table: Path) -> None:
        path = table
        self._note(path)
        for key in self._keys():
            path = (*path, key)
            self._note(path)
        self._at += 1  # the equals sign
        self._skip(_BLANK)
        self._value(path)

    def _value(self, path: Path) -> None:
        opening = self._text[self._at]
        if opening in _STRING_START:
            self._skip(_STRING)
        elif opening == "[":
            self._elements(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            self._skip(_SCALAR)

    def _elements(self, path: Path) -> None:
        self._at += 1
        number = 0
        while self._text[self._skip(_GAP)] != "]":
            element = (*path, number)
            self._note(element)
            self._value(element)
            number += 1
            if self._text[self._skip(_GAP)] == ",":
                self._at += 1
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._text[self._skip(_GAP)] != "}":
            self._pair(path)
            if self._text[self._skip(_GAP)] == ",":
                self._at += 1
        self._at += 1


def _unquoted(key: str) -> str:
    """Return what a quoted key says; tomllib knows the escapes."""
    import tomllib

    return next(iter(tomllib.loads(f"{key} = 0")))
