"""The settings of a source as a person types them on one line, both ways.

    as_typed(source, "login")                    "user kari command pass show news"
    with_typed(source, "login", "file ~/.pw")    the source with that login

Names are those of SOURCE_KEYS. Empty words: as usual. What is wrong with others is said by the
checks of `following`; words that may hold a secret are in no message.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from nordic_tui.config.following import SOURCE_KEYS, written_source
from nordic_tui.config.reading import Mistake, shown
from nordic_tui.errors import SettingsError
from nordic_tui.model import Manner, Source
from nordic_tui.text import clean

_HOW_LOGIN = 'login is written "command pass show news", "file ~/.pw" or "variable NEWS_TOKEN".'
_HOW_HEADERS = 'headers are written "Accept-Language: nb", several of them parted by a semicolon.'
_KINDS = ("command", "file", "variable")


def as_typed(source: Source, name: str) -> str | None:
    """What a person would type for a setting as it is; "" where it is as usual. None: what the
    file says can't be typed."""
    value = written_source(source).get(name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true"
    if isinstance(value, int | float):
        return str(value)
    words = _WRITERS.get(name, str)(value)
    try:
        same = with_typed(source, name, words) == source
    except SettingsError:
        return None
    return words if same else None


def with_typed(source: Source, name: str, words: str) -> Source:
    """The source with a setting as these words say. Raises SettingsError, a sentence."""
    key, field = SOURCE_KEYS[name].key, SOURCE_KEYS[name].field
    words = words.strip()
    holder, _, last = field.rpartition(".")
    if not words:
        usual = Manner._field_defaults if holder else Source._field_defaults
        value = usual[last]
    else:
        try:
            value = key.read(_READERS.get(name, str)(words))
        except Mistake as mistake:
            raise SettingsError(str(mistake)) from mistake
        except ValueError as error:
            message = f"It must be {key.must_be}, not {shown(words)}."
            raise SettingsError(message) from error
    if holder:
        return source._replace(manner=source.manner._replace(**{last: value}))
    return source._replace(**{last: value})


# ── words -> a value as tomllib would give it ───────────────────────────────────────────────


def _switch(words: str) -> bool:
    if words not in ("true", "false"):
        raise ValueError
    return words == "true"


def _list(words: str) -> list[str]:
    parts = (clean.line(part) for part in words.split(";"))
    return [part for part in parts if part]


def _headers(words: str) -> dict[str, str]:
    found: dict[str, str] = {}
    # A semicolon also stands in values ("text/html;q=0.9"): it parts headers only before a name.
    for part in re.split(r";\s*(?=[^\s:;]+\s*:)", words.rstrip("; ")):
        name, colon, value = (piece.strip() for piece in part.partition(":"))
        if not colon:
            raise Mistake(_HOW_HEADERS)
        if name in found:
            raise Mistake(f"headers holds {name} twice.")
        found[name] = value
    return found


def _login(words: str) -> dict[str, object]:
    import shlex

    try:
        parts = shlex.split(words)
    except ValueError:
        raise Mistake("The quotation marks of login do not match.") from None
    table: dict[str, object] = {}
    if len(parts) > 1 and parts[0] == "user":
        table["user"] = parts[1]
        parts = parts[2:]
    if len(parts) < 2 or parts[0] not in _KINDS:
        raise Mistake(_HOW_LOGIN)
    kind, rest = parts[0], parts[1:]
    if kind == "command":
        return {**table, kind: rest}
    if kind == "file":
        path = " ".join(rest)
        if not path.startswith(("/", "~")):
            raise Mistake("file of login must be a whole path, such as ~/.pw.")
        return {**table, kind: path}
    if len(rest) > 1 or "=" in rest[0]:
        raise Mistake("variable of login must be the name of a variable of the environment.")
    return {**table, kind: rest[0]}


def _path(words: str) -> str:
    if not words.startswith(("/", "~")):
        raise Mistake("ca_file must be a whole path, such as ~/office.pem.")
    return words


_READERS: Mapping[str, Callable[[str], object]] = {
    "name": clean.line,
    "folder": clean.line,
    "tags": _list,
    "refresh_minutes": float,
    "paused": _switch,
    "hidden": _switch,
    "leave_out": _list,
    "archive": _switch,
    "archive_limit": int,
    "full_text": _switch,
    "headers": _headers,
    "login": _login,
    "max_megabytes": float,
    "ca_file": _path,
}

# ── a value as the file has it -> words ─────────────────────────────────────────────────────


def _quoted(word: str) -> str:
    import shlex

    return word if re.fullmatch(r"[^\s'\"\\]+", word) else shlex.quote(word)


def _written_login(login: Mapping[str, Any]) -> str:
    words = [each for key in ("user", *_KINDS) if key in login for each in _words(key, login[key])]
    return " ".join(words)


def _words(key: str, value: str | list[str]) -> list[str]:
    return [key, *map(_quoted, value if isinstance(value, list) else [value])]


_WRITERS: Mapping[str, Callable[[Any], str]] = {
    "tags": "; ".join,
    "leave_out": "; ".join,
    "headers": lambda headers: "; ".join(f"{name}: {said}" for name, said in headers.items()),
    "login": _written_login,
}
