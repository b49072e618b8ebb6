"""A settings text made into a table, and what is wrong in it, each mistake with its line."""

import re
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from nordic_tui.config.files import read_bytes
from nordic_tui.errors import SettingsError

if TYPE_CHECKING:
    from nordic_tui.config.lines import Path as KeyPath

T = TypeVar("T")

MAX_BYTES = 20_000_000
"""Of a settings file: some 100,000 sources."""
MAX_MISTAKES = 50
"""So many are told."""
_LONG_KEY = re.compile(r"""(?:\.[ \t]*(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*){50}""")
"""A key of more than 50 parts (a.b.c), where four are the most that say anything. tomllib needs
half a minute for one of 20,000: the square of the number."""


class Mistake(ValueError):
    """A value that is wrong in a way of its own; str() is the sentence."""


class Key(NamedTuple, Generic[T]):
    """What may stand behind a key.

    must_be: what a value is, so that "KEY must be …" is a sentence.
    read: value as tomllib gives it -> value as the program uses it; raises ValueError.
    """

    key: str
    must_be: str
    read: Callable[[object], T]


def read_text(path: Path) -> str | None:
    """Return the text of a file, None if there is none; raises SettingsError."""
    try:
        data = read_bytes(path, MAX_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"{path} could not be read: {reason(error)}.") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{path}, line {line}: this is not UTF-8 text.") from error


def parse(path: Path, text: str) -> dict[str, Any]:
    """Return what the text says; raises SettingsError if it is no TOML."""
    import tomllib

    too_deep = f"{path} holds a value that is nested too deeply or too long."
    if _LONG_KEY.search(text):
        raise SettingsError(too_deep)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # "Invalid value (at line 3, column 5)"; "… (at end of document)"
        what, _, where = str(error).partition(" (at ")
        found = re.match(r"line (\d+)", where)
        line = int(found[1]) if found else text.rstrip().count("\n") + 1
        raise SettingsError(f"{path}, line {line}: this is not TOML: {what.lower()}.") from error
    except (RecursionError, ValueError) as error:
        # Hundreds of brackets, or a number of more digits than Python takes.
        raise SettingsError(too_deep) from error


class Reading:
    """Takes values out of a parsed file, and notes what is wrong instead of raising."""

    def __init__(self, path: Path, text: str, table: Mapping[str, Any]) -> None:
        self.path = path
        self.table = table
        self.mistakes: list[tuple[int, str]] = []
        self._text = text

    def raise_mistakes(self) -> None:
        """Raise SettingsError with one line for each mistake, in the file's order; of very many
        with the first ones."""
        lines = [sentence for _, sentence in sorted(self.mistakes)]
        more = len(lines) - MAX_MISTAKES
        if more > 1:
            lines[MAX_MISTAKES:] = [f"{self.path} has {more:,} more mistakes."]
        if lines:
            raise SettingsError("\n".join(lines))

    def note(self, at: "KeyPath", sentence: str) -> None:
        line = self.line(at)
        self.mistakes.append((line, f"{self.path}, line {line}: {sentence}"))

    def line(self, at: "KeyPath") -> int:
        # The lines are looked for only when there is a mistake: a good file starts faster.
        lines = self._lines
        while at and at not in lines:
            at = at[:-1]
        # What concerns the whole file is told of its beginning.
        return lines.get(at, 1)

    @cached_property
    def _lines(self) -> "Mapping[KeyPath, int]":

        from nordic_tui.config.lines import key_lines

        return key_lines(self._text)

    def refuse_unknown(
        self, at: "KeyPath", table: Collection[str], allowed: Collection[str], kind: str
    ) -> None:
        """Note every key of the table at `at` that is not allowed there."""
        for key in table:
            if key not in allowed:
                close = _closest(key, allowed)
                hint = f" Did you mean {close}?" if close else ""
                choice = ", ".join(allowed)
                self.note((*at, key), f"{named(key)} is not {kind}.{hint} Allowed here: {choice}.")

    def checked(self, at: "KeyPath", value: object, key: Key[T]) -> T | None:
        """Return the value as the program uses it; None if it is wrong, which is noted."""
        try:
            return key.read(value)
        except ValueError as error:
            self.note(at, wrong(key, value, error))
            return None


def wrong(key: Key[Any], value: object, error: ValueError) -> str:
    """A sentence about a value that `key.read` refused."""
    if isinstance(error, Mistake):
        return str(error)
    return f"{key.key} must be {key.must_be}, not {shown(value)}."


def _closest(key: str, allowed: Collection[str]) -> str | None:
    from difflib import get_close_matches

    return next(iter(get_close_matches(key, allowed, n=1)), None)


# ── values ──────────────────────────────────────────────────────────────────────────────────


def text(value: object) -> str:
    """Read a text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value.strip()


def switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def number(least: float, most: float) -> Callable[[object], float]:
    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError
        if not least <= value <= most:
            raise ValueError
        return float(value)

    return read


def whole_number(least: int, most: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if not isinstance(value, int):
            raise ValueError
        return int(number(least, most)(value))

    return read


def minutes_as_s(value: object) -> float:
    return number(10, 10_080)(value) * 60.0


MINUTES = "a number of minutes from 10 to 10080"


# ── words ───────────────────────────────────────────────────────────────────────────────────


def named(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", key) else shown(key)


def shown(value: object) -> str:
    """Return a value as TOML writes it, printable and at most a line's part long; of a web
    address without what may be a password in it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        digits = str(value)
        return digits if len(digits) <= 20 else "so long a number"
    if isinstance(value, str):
        value = re.sub(r"(?s)(?<=://).*@", "", value)
        text = value if len(value) <= 60 else value[:59] + "…"
        return (
            '"' + "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text) + '"'
        )
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else "a date or time"


def reason(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "permission denied"
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    return (error.strerror or "the system gave no reason").lower()
