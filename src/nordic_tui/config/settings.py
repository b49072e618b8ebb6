"""The settings file: one TOML file that a person can edit, copy and keep under version control.

    read    tomllib -> checked values; all mistakes are reported at once, each with its line
    change  tomlkit: one top-level key; comments, order and everything else stay

Every setting is declared once, in SETTINGS: reading, error messages and `describe` lean on it.
"""

import os
import re
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from nordic_tui.config.files import replace_file
from nordic_tui.errors import SettingsError
from nordic_tui.model import Source

if TYPE_CHECKING:
    from nordic_tui.config.lines import Path as KeyPath

DEFAULT_SOURCE = Source("https://nordicsafecities.org/feed/", name="Nordic Safe Cities")

T = TypeVar("T")


# ── the settings ────────────────────────────────────────────────────────────────────────────


class Setting(NamedTuple, Generic[T]):
    """One top-level key of the file.

    must_be: what a value is, so that "KEY must be …" is a sentence.
    default: as it stands in the file.
    read: value as tomllib gives it -> value as the program uses it; raises ValueError.
    """

    key: str
    must_be: str
    default: str | int | bool
    meaning: str
    read: Callable[[object], T]


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value.strip()


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _number(least: float, most: float) -> Callable[[object], float]:
    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError
        if not least <= value <= most:
            raise ValueError
        return float(value)

    return read


def _minutes_as_s(value: object) -> float:
    return _number(10, 10_080)(value) * 60.0


def _seconds_or_false(value: object) -> float:
    return 0.0 if value is False else _number(0, 3_600)(value)


def _days(value: object) -> int:
    if not isinstance(value, int):
        raise ValueError
    return int(_number(1, 3_650)(value))


MINUTES = "a number of minutes from 10 to 10080"

THEME = Setting("theme", "the name of a theme", "fjord", "The colours.", _text)
REFRESH_MINUTES = Setting(
    "refresh_minutes",
    MINUTES,
    60,
    "How often a source is asked for new posts, while the program runs.",
    _minutes_as_s,
)
REFRESH_ON_START = Setting(
    "refresh_on_start",
    "true or false",
    True,
    "Whether sources that are due are asked as soon as the program starts.",
    _switch,
)
MARK_READ_AFTER_SECONDS = Setting(
    "mark_read_after_seconds",
    "a number of seconds from 0 to 3600, or false",
    2,
    "How long a post is looked at until it counts as read; 0 or false: only when it is opened.",
    _seconds_or_false,
)
RETENTION_DAYS = Setting(
    "retention_days",
    "a whole number of days from 1 to 3650",
    365,
    "How long the reading history goes back, if one is kept.",
    _days,
)
SETTINGS: tuple[Setting[Any], ...] = (
    THEME,
    REFRESH_MINUTES,
    REFRESH_ON_START,
    MARK_READ_AFTER_SECONDS,
    RETENTION_DAYS,
)
TABLES = ("sources", "keys")
SOURCE_KEYS = ("address", "name", "refresh_minutes")


class Settings(NamedTuple):
    """What the settings file says, in the program's own units."""

    sources: tuple[Source, ...] = (DEFAULT_SOURCE,)
    theme: str = "fjord"
    refresh_interval_s: float = 3600.0
    refresh_on_start: bool = True
    mark_read_after_s: float = 2.0
    """0: a post counts as read only when it is opened."""
    retention_days: int = 365
    keys: Mapping[str, str] = MappingProxyType({})
    """Command id -> the keys that take the place of its own, parted by commas."""


def describe() -> str:
    """Return a settings file with every setting at its default and a comment on each."""
    lines = []
    for setting in SETTINGS:
        lines += [
            f"# {setting.meaning}",
            f"# {setting.must_be[0].upper()}{setting.must_be[1:]}.",
            f"{setting.key} = {_shown(setting.default)}",
            "",
        ]
    lines += [
        "# What to follow, in the order of the screen: a web address, or the path of a file",
        "# (~ is your home directory; other paths start at the directory of this file).",
        "# A name and refresh_minutes of its own are optional.",
        "[[sources]]",
        f"address = {_shown(DEFAULT_SOURCE.address)}",
        f"name = {_shown(DEFAULT_SOURCE.name)}",
        "",
        "# Other keys for a command, by its id: next_unread = " + _shown("n,N"),
        "[keys]",
    ]
    return "\n".join(lines) + "\n"


# ── reading ─────────────────────────────────────────────────────────────────────────────────


def load(
    path: Path,
    *,
    command_ids: Collection[str] | None = None,
    themes: Collection[str] | None = None,
) -> Settings:
    """Read the settings file; a missing one gives the defaults.

    command_ids, themes: what may be named; None: whatever is named is taken.
    Without `sources` the default source is followed; `sources = []` follows nothing.
    Raises SettingsError with one line for each mistake, in the file's order.
    """
    text = _read(path)
    if text is None:
        return Settings()
    table = _parse(path, text)
    reading = _Reading(path, text, table)
    reading.refuse_unknown((), table, (*(s.key for s in SETTINGS), *TABLES), "a setting")
    settings = Settings(
        sources=reading.sources(),
        theme=reading.value(_theme_of(themes)),
        refresh_interval_s=reading.value(REFRESH_MINUTES),
        refresh_on_start=reading.value(REFRESH_ON_START),
        mark_read_after_s=reading.value(MARK_READ_AFTER_SECONDS),
        retention_days=reading.value(RETENTION_DAYS),
        keys=reading.keys(command_ids),
    )
    if reading.mistakes:
        raise SettingsError("\n".join(sentence for _, sentence in sorted(reading.mistakes)))
    return settings


def _theme_of(themes: Collection[str] | None) -> Setting[str]:
    if themes is None:
        return THEME

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in themes:
            raise ValueError
        return value

    return THEME._replace(must_be="one of " + ", ".join(sorted(themes)), read=read)


def _read(path: Path) -> str | None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"{path} could not be read: {_reason(error)}.") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{path}, line {line}: this is not UTF-8 text.") from error


def _parse(path: Path, text: str) -> dict[str, Any]:
    import tomllib

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
        raise SettingsError(
            f"{path} holds a value that is nested too deeply or too long."
        ) from error


class _Reading:
    """Takes values out of a parsed file, and notes what is wrong instead of raising."""

    def __init__(self, path: Path, text: str, table: dict[str, Any]) -> None:
        self._path = path
        self._text = text
        self._table = table
        self.mistakes: list[tuple[int, str]] = []

    def note(self, at: "KeyPath", sentence: str) -> None:
        line = self._line(at)
        self.mistakes.append((line, f"{self._path}, line {line}: {sentence}"))

    def _line(self, at: "KeyPath") -> int:
        # The lines are looked for only when there is a mistake: a good file starts faster.
        lines = self._lines
        while at not in lines:
            at = at[:-1]
        return lines[at]

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
                self.note((*at, key), f"{_name(key)} is not {kind}.{hint} Allowed here: {choice}.")

    def value(self, setting: Setting[T]) -> T:
        """Return what the file says, or the default if it says nothing (or something wrong)."""
        return self._checked((setting.key,), self._table.get(setting.key, setting.default), setting)

    def _checked(self, at: "KeyPath", value: object, setting: Setting[T]) -> T:
        try:
            return setting.read(value)
        except ValueError:
            self.note(at, f"{setting.key} must be {setting.must_be}, not {_shown(value)}.")
            return setting.read(setting.default)

    def sources(self) -> tuple[Source, ...]:
        found = self._table.get("sources")
        if found is None:
            return (DEFAULT_SOURCE,)
        if not isinstance(found, list):
            self.note(("sources",), "sources must be tables that begin with [[sources]].")
            return ()
        sources = []
        first: dict[str, KeyPath] = {}
        for number, table in enumerate(found):
            at: KeyPath = ("sources", number)
            if not isinstance(table, dict):
                self.note(at, f"a source must be a table with an address, not {_shown(table)}.")
                continue
            source = self._source(at, table)
            if source is None:
                continue
            place = (*at, "address")
            if source.address in first:
                line = self._line(first[source.address])
                self.note(place, f"this source is the same as the one on line {line}.")
            first.setdefault(source.address, place)
            sources.append(source)
        return tuple(sources)

    def _source(self, at: "KeyPath", table: dict[str, Any]) -> Source | None:
        self.refuse_unknown(at, table, SOURCE_KEYS, "a key of a source")
        name = table.get("name", "")
        if not isinstance(name, str):
            self.note((*at, "name"), f"name must be a text, not {_shown(name)}.")
            name = ""
        interval_s = None
        if "refresh_minutes" in table:
            interval_s = self._checked(
                (*at, "refresh_minutes"), table["refresh_minutes"], REFRESH_MINUTES
            )
        if "address" not in table:
            self.note(at, "this source has no address.")
            return None
        address = _address(table["address"], self._path)
        if address is None:
            self.note(
                (*at, "address"),
                "address must be a web address (https://…) or the path of a file, "
                f"not {_shown(table['address'])}.",
            )
            return None
        return Source(address, name.strip(), interval_s)

    def keys(self, command_ids: Collection[str] | None) -> dict[str, str]:
        found = self._table.get("keys", {})
        if not isinstance(found, dict):
            self.note(("keys",), "keys must be a table that begins with [keys].")
            return {}
        if command_ids is not None:
            self.refuse_unknown(("keys",), found, command_ids, "a command")
        keys = {}
        for command, value in found.items():
            if isinstance(value, str):
                keys[command] = value
            else:
                self.note(
                    ("keys", command),
                    f'{_name(command)} must be keys parted by commas, such as "n,N", '
                    f"not {_shown(value)}.",
                )
        return keys


def _address(value: object, settings_file: Path) -> str | None:
    """Return a source's address as `Source` wants it; None if it can't be one."""
    if not isinstance(value, str) or not value.strip():
        return None
    value = value.strip()
    scheme, colon, rest = value.partition("://")
    if colon:
        is_web = scheme.lower() in ("http", "https") and rest.strip("/")
        return value if is_web and value.isprintable() and " " not in value else None
    try:
        path = settings_file.parent / Path(value).expanduser()
    except RuntimeError:  # ~name of somebody who does not exist
        return None
    return os.path.abspath(path)  # noqa: PTH100  resolve() would follow links as well


def _closest(key: str, allowed: Collection[str]) -> str | None:
    from difflib import get_close_matches

    return next(iter(get_close_matches(key, allowed, n=1)), None)


def _name(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", key) else _shown(key)


def _shown(value: object) -> str:
    """Return a value as TOML writes it, printable and at most a line's part long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        digits = str(value)
        return digits if len(digits) <= 20 else "so long a number"
    if isinstance(value, str):
        text = value if len(value) <= 60 else value[:59] + "…"
        return (
            '"' + "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text) + '"'
        )
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else "a date or time"


def _reason(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "permission denied"
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    return (error.strerror or "the system gave no reason").lower()


# ── changing ────────────────────────────────────────────────────────────────────────────────


def change(path: Path, key: str, value: str | int | float | bool) -> None:
    """Set one of SETTINGS in the file; comments, order and all else stay.

    value: as it stands in the file: `refresh_minutes` in minutes. A missing file or directory is
    made. Raises SettingsError, and then leaves the file as it is.
    """
    import tomlkit

    setting = next((s for s in SETTINGS if s.key == key), None)
    if setting is None:
        choice = ", ".join(s.key for s in SETTINGS)
        raise SettingsError(
            f"{_name(key)} is not a setting that can be changed. Allowed: {choice}."
        )
    try:
        setting.read(value)
    except ValueError as error:
        raise SettingsError(f"{key} must be {setting.must_be}, not {_shown(value)}.") from error
    text = _read(path) or ""
    wanted = _parse(path, text) | {key: value}
    document = tomlkit.parse(text)
    document[key] = value
    changed = tomlkit.dumps(document)
    if _parse(path, changed) != wanted:
        raise SettingsError(f"{path} could not be changed without harm: set {key} in it by hand.")
    try:
        replace_file(path, changed.encode())
    except OSError as error:
        raise SettingsError(f"{path} could not be written: {_reason(error)}.") from error
