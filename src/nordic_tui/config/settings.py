"""The settings file: one TOML file that a person can edit, copy and keep under version control.

    read    tomllib -> checked values; all mistakes are reported at once, each with its line
    change  tomlkit: one top-level key; comments, order and everything else stay
            (config.subscriptions changes what is followed)

Every setting is declared once, in SETTINGS: reading, error messages and `describe` lean on it.
The keys of sources, saved views and rules are those of config.following.
"""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

from nordic_tui.config.files import replace_file
from nordic_tui.config.following import (
    RULE_KEYS,
    SOURCE_KEYS,
    VIEW_KEYS,
    FieldKey,
    read_rules,
    read_sources,
    read_views,
)
from nordic_tui.config.reading import (
    MINUTES,
    Key,
    Reading,
    minutes_as_s,
    named,
    number,
    parse,
    read_text,
    reason,
    shown,
    switch,
    text,
    whole_number,
)
from nordic_tui.errors import SettingsError
from nordic_tui.model import Following, Rule, SavedView, Source

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


def _seconds_or_false(value: object) -> float:
    return 0.0 if value is False else number(0, 3_600)(value)


def _one_of(words: Collection[str]) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise ValueError
        return value

    return read


THEME = Setting("theme", "the name of a theme", "fjord", "The colours.", text)
REFRESH_MINUTES = Setting(
    "refresh_minutes",
    MINUTES,
    60,
    "How often a source is asked for new posts, while the program runs.",
    minutes_as_s,
)
REFRESH_ON_START = Setting(
    "refresh_on_start",
    "true or false",
    True,
    "Whether sources that are due are asked as soon as the program starts.",
    switch,
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
    whole_number(1, 3_650),
)
REQUESTS_PER_HOST = Setting(
    "requests_per_host",
    "a whole number from 1 to 8",
    2,
    "How many requests go to one host at the same time.",
    whole_number(1, 8),
)
PLAIN = "plain"
FACES = ("screen", PLAIN)
FACE = Setting(
    "face",
    "one of " + ", ".join(FACES),
    "screen",
    "How one reads: on a screen of panes, or line by line (plain), as screen readers need it.",
    _one_of(FACES),
)
PROFILES = ("auto", "ssh", "local")
PROFILE = Setting(
    "profile",
    "one of " + ", ".join(PROFILES),
    "auto",
    "How the screen is drawn: ssh sends a slow line as little as can be; auto is ssh in a session "
    "of SSH.",
    _one_of(PROFILES),
)
KEYMAPS = ("nordic", "newsboat")
PICTURES_MAY_BE = ("auto", "kitty", "iterm2", "sixel", "off")
KEYMAP = Setting(
    "keymap",
    "one of " + ", ".join(KEYMAPS),
    "nordic",
    "The keys: the program's own, or newsboat's for what both do; [keys] changes single ones.",
    _one_of(KEYMAPS),
)
PICTURES = Setting(
    "pictures",
    "one of " + ", ".join(PICTURES_MAY_BE),
    "auto",
    "How this terminal shows the picture of a post, which is fetched only on a key.",
    _one_of(PICTURES_MAY_BE),
)
TITLE = Setting(
    "title",
    "true or false",
    True,
    "Whether the title of the terminal's window says which place is shown; never which post.",
    switch,
)
PIPE_THROUGH_SHELL = Setting(
    "pipe_through_shell",
    "true or false",
    False,
    "Whether a shell reads the command that a post is piped into, so that it may hold | and >.",
    switch,
)
SETTINGS: tuple[Setting[Any], ...] = (
    FACE,
    THEME,
    PROFILE,
    KEYMAP,
    REFRESH_MINUTES,
    REFRESH_ON_START,
    REQUESTS_PER_HOST,
    MARK_READ_AFTER_SECONDS,
    RETENTION_DAYS,
    PICTURES,
    TITLE,
    PIPE_THROUGH_SHELL,
)
TABLES = ("sources", "views", "rules", "keys", "open")


class Settings(NamedTuple):
    """What the settings file says, in the program's own units."""

    sources: tuple[Source, ...] = (DEFAULT_SOURCE,)
    views: tuple[SavedView, ...] = ()
    rules: tuple[Rule, ...] = ()
    requests_per_host: int = 2
    face: str = "screen"
    """One of FACES."""
    theme: str = "fjord"
    profile: str = "auto"
    """One of PROFILES."""
    refresh_interval_s: float = 3600.0
    refresh_on_start: bool = True
    mark_read_after_s: float = 2.0
    """0: a post counts as read only when it is opened."""
    retention_days: int = 365
    keymap: str = "nordic"
    """One of KEYMAPS."""
    keys: Mapping[str, str] = MappingProxyType({})
    """Command id -> the keys that take the place of its own, parted by commas."""
    pictures: str = "auto"
    """One of PICTURES_MAY_BE."""
    title: bool = True
    pipe_through_shell: bool = False
    open_with: Mapping[str, str] = MappingProxyType({})
    """A type of files ("audio/ogg", "audio", "any") -> the command that opens one."""

    shows_keys: bool = False
    """Only a command line says so, as the next."""
    presenter: bool = False

    @property
    def following(self) -> Following:
        return Following(self.sources, self.views, self.rules)


def describe() -> str:
    """Return a settings file with every setting at its default and a comment on each."""
    lines = []
    for setting in SETTINGS:
        lines += [
            f"# {setting.meaning}",
            f"# {setting.must_be[0].upper()}{setting.must_be[1:]}.",
            f"{setting.key} = {shown(setting.default)}",
            "",
        ]
    lines += [
        "# What to follow, in the order of the screen: a web address, or the path of a file",
        "# (~ is your home directory; other paths start at the directory of this file).",
        "# All but the address is optional.",
        "",
        "[[sources]]",
        f"address = {shown(DEFAULT_SOURCE.address)}",
        f"name = {shown(DEFAULT_SOURCE.name)}",
        *_described(SOURCE_KEYS),
        "",
        "# Saved views: posts that meet all that is set.",
        "# [[views]]",
        *_described(VIEW_KEYS),
        f"# address = {shown(DEFAULT_SOURCE.address)}   # only posts of this source",
        "",
        "# Rules: what is done with every post that a search finds.",
        "# [[rules]]",
        *_described(RULE_KEYS),
        "",
        "# Other keys for a command, by its id: next_unread = " + shown("n,N"),
        "[keys]",
        "",
        "# Programs for the files of posts, by type; %s stands for the address:",
        '# audio = "mpv %s"',
        '# "application/pdf" = "zathura %s"',
        '# any = "xdg-open %s"',
        "[open]",
    ]
    return "\n".join(lines) + "\n"


def _described(keys: Mapping[str, FieldKey]) -> list[str]:
    return [
        f"# {name} = {key.example}" + (f"   # {key.meaning}" if key.meaning else "")
        for name, key in keys.items()
        if key.example
    ]


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
    text = read_text(path)
    if text is None:
        return Settings()
    return understood(path, text, parse(path, text), command_ids=command_ids, themes=themes)


def understood(
    path: Path,
    text: str,
    table: Mapping[str, Any],
    *,
    command_ids: Collection[str] | None = None,
    themes: Collection[str] | None = None,
) -> Settings:
    """What a text says that tomllib made into `table`; as `load`, without the file."""
    reading = Reading(path, text, table)
    reading.refuse_unknown((), table, (*(s.key for s in SETTINGS), *TABLES), "a setting")
    settings = Settings(
        sources=read_sources(reading) if "sources" in table else (DEFAULT_SOURCE,),
        views=read_views(reading),
        rules=read_rules(reading),
        requests_per_host=_value(reading, REQUESTS_PER_HOST),
        face=_value(reading, FACE),
        theme=_value(reading, _theme_of(themes)),
        profile=_value(reading, PROFILE),
        refresh_interval_s=_value(reading, REFRESH_MINUTES),
        refresh_on_start=_value(reading, REFRESH_ON_START),
        mark_read_after_s=_value(reading, MARK_READ_AFTER_SECONDS),
        retention_days=_value(reading, RETENTION_DAYS),
        keymap=_value(reading, KEYMAP),
        keys=_keys(reading, command_ids),
        pictures=_value(reading, PICTURES),
        title=_value(reading, TITLE),
        pipe_through_shell=_value(reading, PIPE_THROUGH_SHELL),
        open_with=_programs(reading),
    )
    reading.raise_mistakes()
    return settings


def _theme_of(themes: Collection[str] | None) -> Setting[str]:
    if themes is None:
        return THEME
    return THEME._replace(must_be="one of " + ", ".join(sorted(themes)), read=_one_of(themes))


def _value(reading: Reading, setting: Setting[T]) -> T:
    """What the file says, or the default if it says nothing (or something wrong)."""
    value = reading.table.get(setting.key, setting.default)
    key = Key(setting.key, setting.must_be, setting.read)
    found = reading.checked((setting.key,), value, key)
    return setting.read(setting.default) if found is None else found


def _keys(reading: Reading, command_ids: Collection[str] | None) -> dict[str, str]:
    found = reading.table.get("keys", {})
    if not isinstance(found, dict):
        reading.note(("keys",), "keys must be a table that begins with [keys].")
        return {}
    if command_ids is not None:
        reading.refuse_unknown(("keys",), found, command_ids, "a command")
    keys = {}
    for command, value in found.items():
        if isinstance(value, str):
            keys[command] = value
        else:
            reading.note(
                ("keys", command),
                f'{named(command)} must be keys parted by commas, such as "n,N", '
                f"not {shown(value)}.",
            )
    return keys


def _programs(reading: Reading) -> dict[str, str]:
    found = reading.table.get("open", {})
    if not isinstance(found, dict):
        reading.note(("open",), "open must be a table that begins with [open].")
        return {}
    programs = {}
    for kind, value in found.items():
        if isinstance(value, str) and value.strip():
            programs[kind.lower()] = value
        else:
            reading.note(
                ("open", kind),
                f'{named(kind)} must be a command, such as "mpv %s", not {shown(value)}.',
            )
    return programs


# ── changing ────────────────────────────────────────────────────────────────────────────────


def change(path: Path, key: str, value: str | int | float | bool | None) -> None:
    """Set one of SETTINGS in the file, or a line of a table ("keys.star", "open.audio"); comments,
    order and all else stay.

    value: as it stands in the file: `refresh_minutes` in minutes. None: it is as usual again, and
    the file does not name it. A missing file or directory is made. Raises SettingsError, and then
    leaves the file as it is.
    """
    import tomlkit

    table, _, name = key.rpartition(".")
    if value is not None:
        _refuse_wrong(key, value)
    elif table not in _OWN_TABLES and _setting(name) is None:
        raise _unknown(key)
    text = read_text(path) or ""
    wanted = _with(parse(path, text), table, name, value)
    document = tomlkit.parse(text)
    _with(document, table, name, value)
    changed = tomlkit.dumps(document)
    if parse(path, changed) != wanted:
        raise SettingsError(f"{path} could not be changed without harm: set {key} in it by hand.")
    try:
        replace_file(path, changed.encode())
    except OSError as error:
        raise SettingsError(f"{path} could not be written: {reason(error)}.") from error


_OWN_TABLES = ("keys", "open")
"""Tables of texts whose names are free, but for those of commands."""


def _setting(key: str) -> Setting[Any] | None:
    return next((setting for setting in SETTINGS if setting.key == key), None)


def _unknown(key: str) -> SettingsError:
    choice = ", ".join(s.key for s in SETTINGS)
    return SettingsError(f"{named(key)} is not a setting that can be changed. Allowed: {choice}.")


def _refuse_wrong(key: str, value: str | int | float | bool) -> None:
    """Raise SettingsError if this cannot stand behind the key."""
    if key.partition(".")[0] in _OWN_TABLES and "." in key:
        if not isinstance(value, str) or (key.startswith("open.") and not value.strip()):
            raise SettingsError(f"{named(key)} must be a text, not {shown(value)}.")
        return
    setting = _setting(key)
    if setting is None:
        raise _unknown(key)
    try:
        setting.read(value)
    except ValueError as error:
        raise SettingsError(f"{key} must be {setting.must_be}, not {shown(value)}.") from error


def _with(document: Any, table: str, name: str, value: object) -> Any:
    """The same document with this value, or without the key."""
    if value is None:
        within = document.get(table, {}) if table else document
        if name in within:
            del within[name]
    elif table:
        document.setdefault(table, {})[name] = value
    else:
        document[name] = value
    return document
