"""What is followed, as the settings write it: [[sources]], [[views]] and [[rules]], both ways.

Every key is declared once, in SOURCE_KEYS, VIEW_KEYS and RULE_KEYS: reading, error messages,
writing and `describe` lean on it. No key holds a secret; `login` names where one comes from.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nordic_tui.config.paths import absolute
from nordic_tui.config.reading import (
    MINUTES,
    Key,
    Mistake,
    Reading,
    minutes_as_s,
    named,
    number,
    shown,
    switch,
    text,
    whole_number,
    wrong,
)
from nordic_tui.errors import SettingsError
from nordic_tui.model import Following, Login, Manner, Rule, SavedView, Source

if TYPE_CHECKING:
    from nordic_tui.config.lines import Path as KeyPath

# ── values ──────────────────────────────────────────────────────────────────────────────────


def _any_text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value.strip()


def _texts(value: object) -> tuple[str, ...]:
    """Each once, in order."""
    if not isinstance(value, list):
        raise ValueError
    return tuple(dict.fromkeys(text(each) for each in value))


def _folder(value: object) -> str:
    path = _any_text(value)
    parts = [part.strip() for part in path.split("/")]
    if path and not all(parts):
        raise ValueError
    return "/".join(parts)


_MAX_HEADER_CHARS = 2_000
_HEADER_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
"""RFC 9110 section 5.6.2."""

_SECRET_WORDS = frozenset(
    {
        "apikey",
        "auth",
        "authorization",
        "cookie",
        "key",
        "password",
        "secret",
        "session",
        "token",
    }
)
"""A header with one of these in its name is there to tell a secret: X-Api-Key, Private-Token."""
_OWN_HEADERS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "keep-alive",
        "proxy-connection",
        "range",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""What the program says itself: of the connection, the body and what it has already."""


def _header_value(value: object) -> str:
    found = text(value)
    if len(found) > _MAX_HEADER_CHARS or not (found.isascii() and found.isprintable()):
        raise ValueError
    return found


def _headers(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise Mistake("headers must be a table of texts.")  # the value may be a secret
    found = {}
    for name, content in value.items():
        lower = name.lower()
        if not re.fullmatch(_HEADER_NAME, name):
            raise Mistake(f"{named(name)} cannot be the name of a header.")
        if not _SECRET_WORDS.isdisjoint(re.split("[-_]", lower)):
            raise Mistake(
                f"headers must not hold {name}, which is for a secret: "
                "use login, which names where the secret comes from."
            )
        if lower == "user-agent":
            raise Mistake("headers must not hold User-Agent: the key user_agent is for it.")
        if lower in _OWN_HEADERS:
            raise Mistake(f"headers must not hold {name}: the program sets it itself.")
        if lower in found:
            raise Mistake(f"headers holds {name} twice.")
        try:
            found[lower] = (name, _header_value(content))
        except ValueError:
            # The value is not shown: it may be a key.
            raise Mistake(f"the header {name} must be a text of printable ASCII.") from None
    return tuple(found.values())


def _login(value: object) -> Login:
    if not isinstance(value, dict):
        raise Mistake("login must be a table with one of command, file and variable.")
    unknown = next((key for key in value if key not in Login._fields), None)
    if unknown is not None:
        choice = ", ".join(Login._fields)
        raise Mistake(f"{named(unknown)} is not a key of login. Allowed here: {choice}.")
    if len(value.keys() & {"command", "file", "variable"}) != 1:
        raise Mistake("login must have exactly one of command, file and variable.")
    for key in value.keys() - {"command"}:
        if not isinstance(value[key], str) or not value[key].strip():
            raise Mistake(f"{key} of login must be a text.")
    user = value.get("user", "").strip()
    if ":" in user:  # RFC 7617 section 2
        raise Mistake("user of login must not hold a colon.")
    command = value.get("command", ["true"])
    is_list = isinstance(command, list) and all(isinstance(word, str) for word in command)
    if not is_list or not command or not command[0]:
        raise Mistake(
            'command of login must be a program and its arguments: ["pass", "show", "news"].'
        )
    return Login(
        user=user,
        command=tuple(command) if "command" in value else (),
        file=value.get("file", "").strip(),
        variable=value.get("variable", "").strip(),
    )


def _megabytes(value: object) -> int:
    return round(number(1, 500)(value) * 1_000_000)


def _whole_path(path: str, settings_file: Path) -> str:
    """A path as `Manner` wants it: a relative one begins in the folder of the settings."""
    if path.startswith("~"):
        return path  # whose home it is, is known where it is read
    return absolute(settings_file.parent / path)


def resolve_address(value: object, settings_file: Path) -> str | None:
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
    return absolute(path)


# ── keys ────────────────────────────────────────────────────────────────────────────────────


def _plain_number(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _written_login(login: Login) -> dict[str, object]:
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in login._asdict().items()
        if value
    }


class FieldKey(NamedTuple):
    """A key of a table, and the field of a value that it gives.

    field: of Source, SavedView or Rule; "manner.user_agent" is one of its Manner.
    write: the field's value -> as it stands in the file.
    example, meaning: for `describe`; a value as the file writes it.
    """

    key: Key[Any]
    field: str
    write: Callable[[Any], object]
    example: str = ""
    meaning: str = ""


_LIST = "a list of texts"
_SWITCH = "true or false"

_SOURCE_KEYS = (
    FieldKey(Key("name", "a text", _any_text), "name", str),
    FieldKey(
        Key("folder", 'a folder such as "News" or "News/Nordic"', _folder),
        "folder",
        str,
        '"News/Nordic"',
        "where it stands in the sidebar",
    ),
    FieldKey(
        Key("tags", _LIST, _texts), "tags", list, '["nordic"]', "words by which saved views choose"
    ),
    FieldKey(
        Key("refresh_minutes", MINUTES, minutes_as_s),
        "interval_s",
        lambda seconds: _plain_number(seconds / 60.0),
        "120",
        "how often it is asked, if not as often as the others",
    ),
    FieldKey(Key("paused", _SWITCH, switch), "paused", bool, "true", "not asked until it goes on"),
    FieldKey(
        Key("hidden", _SWITCH, switch), "hidden", bool, "true", "without a row in the sidebar"
    ),
    FieldKey(
        Key("leave_out", _LIST, _texts),
        "left_out",
        list,
        '["Events"]',
        "categories whose posts are not kept",
    ),
    FieldKey(Key("archive", _SWITCH, switch), "archive", bool, "true", "keep its whole archive"),
    FieldKey(
        Key("archive_limit", "a whole number from 1 to 1000000", whole_number(1, 1_000_000)),
        "archive_limit",
        int,
        "500",
        "so many posts at most come from the archive",
    ),
    FieldKey(
        Key("full_text", _SWITCH, switch),
        "full_text",
        bool,
        "true",
        "fetch the page of each new post for its full text",
    ),
    FieldKey(
        Key("user_agent", "a text of printable ASCII", _header_value),
        "manner.user_agent",
        str,
        '"my-reader/1.0"',
        "what it is told that asks",
    ),
    FieldKey(
        Key("headers", "a table of texts", _headers),
        "manner.headers",
        dict,
        '{ Accept-Language = "nb" }',
        "said with each request; no secrets",
    ),
    FieldKey(
        Key("login", "a table with one of command, file and variable", _login),
        "manner.login",
        _written_login,
        '{ user = "kari", command = ["pass", "show", "news"] }',
        "where its password comes from: command, file or variable (of the environment); "
        "without user it is a token",
    ),
    FieldKey(
        Key("max_megabytes", "a number of megabytes from 1 to 500", _megabytes),
        "manner.max_bytes",
        lambda size: _plain_number(size / 1_000_000),
        "50",
        "how large it may be",
    ),
    FieldKey(
        Key("ca_file", "the path of a file", text),
        "manner.ca_file",
        str,
        '"~/certificates/office.pem"',
        "certificates (PEM) that count for its own host besides the usual ones",
    ),
)
SOURCE_KEYS: Mapping[str, FieldKey] = {each.key.key: each for each in _SOURCE_KEYS}
"""All but the address."""

_VIEW_KEYS = (
    FieldKey(Key("name", "a text", text), "name", str, '"Unread in the Nordics"'),
    FieldKey(
        Key("search", "a text", text),
        "search",
        str,
        "'budget OR \"city council\" after:30d'",
        "posts that this search finds, as it is typed in the reader",
    ),
    FieldKey(Key("unread_only", _SWITCH, switch), "unread_only", bool, "true", "only unread posts"),
    FieldKey(
        Key("title", "a text", text), "title", str, '"city"', "only posts with this in the title"
    ),
    FieldKey(
        Key("tag", "a text", text), "tag", str, '"nordic"', "a tag or a folder of their sources"
    ),
)
VIEW_KEYS: Mapping[str, FieldKey] = {each.key.key: each for each in _VIEW_KEYS}
"""All but the address."""

_RULE_KEYS = (
    FieldKey(Key("name", "a text", text), "name", str, '"No sports"'),
    FieldKey(
        Key("search", "a text", text),
        "search",
        str,
        '"category:sports -title:budget"',
        "what it is about, as it is typed in the reader; not what was read (is:unread)",
    ),
    FieldKey(
        Key("hide", _SWITCH, switch), "hide", bool, "true", "the posts found are shown nowhere"
    ),
    FieldKey(Key("star", _SWITCH, switch), "star", bool, "false", "they are starred, once"),
    FieldKey(Key("tag", "a text", text), "tag", str, '"later"', "they get this tag, once"),
    FieldKey(Key("on", _SWITCH, switch), "on", bool, "true", "false: it has no effect"),
)
RULE_KEYS: Mapping[str, FieldKey] = {each.key.key: each for each in _RULE_KEYS}
NO_EFFECT = "this rule does nothing: it needs hide = true, star = true or a tag."

_ADDRESS = "a web address (https://…) or the path of a file"


# ── reading ─────────────────────────────────────────────────────────────────────────────────


def read_sources(reading: Reading) -> tuple[Source, ...]:
    """What [[sources]] say; mistakes are noted."""
    sources = []
    first: dict[str, KeyPath] = {}
    for at, table in _tables(reading, "sources", "a source must be a table with an address"):
        fields = _fields(reading, at, table, SOURCE_KEYS, "a key of a source")
        if "address" not in table:
            reading.note(at, "this source has no address.")
            continue
        address = _address(reading, at, table)
        if address is None:
            continue
        _note_repeat(
            reading, first, address, (*at, "address"), "this source is the same as the one"
        )
        sources.append(_source(address, fields, reading.path))
    return tuple(sources)


def read_views(reading: Reading) -> tuple[SavedView, ...]:
    """What [[views]] say; mistakes are noted."""
    views = []
    first: dict[str, KeyPath] = {}
    for at, table in _tables(reading, "views", "a saved view must be a table with a name"):
        fields = _fields(reading, at, table, VIEW_KEYS, "a key of a saved view")
        address = _address(reading, at, table) if "address" in table else ""
        if "name" not in table:
            reading.note(at, "this saved view has no name.")
        if "name" not in fields or address is None:
            continue
        view = SavedView(**fields, address=address)
        _note_repeat(
            reading, first, view.name, (*at, "name"), "this saved view has the name of the one"
        )
        views.append(view)
    return tuple(views)


def read_rules(reading: Reading) -> tuple[Rule, ...]:
    """What [[rules]] say; mistakes are noted."""
    rules = []
    first: dict[str, KeyPath] = {}
    for at, table in _tables(reading, "rules", "a rule must be a table with a name and a search"):
        mistakes = len(reading.mistakes)
        fields = _fields(reading, at, table, RULE_KEYS, "a key of a rule", named=())
        for key in ("name", "search"):
            if key not in table:
                reading.note(at, f"this rule has no {key}.")
        if len(reading.mistakes) > mistakes:
            continue
        rule = Rule(**fields)
        if not _has_effect(rule):
            reading.note(at, NO_EFFECT)
        _note_repeat(reading, first, rule.name, (*at, "name"), "this rule has the name of the one")
        rules.append(rule)
    return tuple(rules)


def _note_repeat(
    reading: Reading, first: "dict[str, KeyPath]", identity: str, place: "KeyPath", words: str
) -> None:
    """Note what is called as one before it; first: where each stands first."""
    if identity in first:
        reading.note(place, f"{words} on line {reading.line(first[identity])}.")
    first.setdefault(identity, place)


def _has_effect(rule: Rule) -> bool:
    return rule.hide or rule.star or bool(rule.tag)


def _tables(reading: Reading, name: str, must_be: str) -> "list[tuple[KeyPath, Mapping[str, Any]]]":
    found = reading.table.get(name, [])
    if not isinstance(found, list):
        reading.note((name,), f"{name} must be tables that begin with [[{name}]].")
        return []
    tables: list[tuple[KeyPath, Mapping[str, Any]]] = []
    for place, table in enumerate(found):
        if isinstance(table, dict):
            tables.append(((name, place), table))
        else:
            reading.note((name, place), f"{must_be}, not {shown(table)}.")
    return tables


def _fields(
    reading: Reading,
    at: "KeyPath",
    table: Mapping[str, Any],
    keys: Mapping[str, FieldKey],
    kind: str,
    named: Sequence[str] = ("address",),
) -> dict[str, Any]:
    """named: what may stand in the table besides `keys`."""
    reading.refuse_unknown(at, table, (*named, *keys), kind)
    fields = {}
    for key, value in table.items():
        if key in keys:
            found = reading.checked((*at, key), value, keys[key].key)
            if found is not None:
                fields[keys[key].field] = found
    return fields


def _address(reading: Reading, at: "KeyPath", table: Mapping[str, Any]) -> str | None:
    address = resolve_address(table["address"], reading.path)
    if address is None:
        reading.note(
            (*at, "address"), f"address must be {_ADDRESS}, not {shown(table['address'])}."
        )
    return address


def _source(address: str, fields: Mapping[str, Any], settings_file: Path) -> Source:
    own = {field: value for field, value in fields.items() if "." not in field}
    manner = {field.partition(".")[2]: value for field, value in fields.items() if "." in field}
    if "ca_file" in manner:
        manner["ca_file"] = _whole_path(manner["ca_file"], settings_file)
    source = Source(address, **own)
    return source._replace(manner=Manner(**manner)) if manner else source


# ── writing ─────────────────────────────────────────────────────────────────────────────────


def _places(holder: str, fields: Sequence[str]) -> list[tuple[str, int, Callable[[Any], object]]]:
    """The keys of the settings, with the place of each one's field in a tuple of `fields`."""
    return [
        (key, fields.index(each.field.removeprefix(holder)), each.write)
        for key, each in SOURCE_KEYS.items()
        if each.field.removeprefix(holder) in fields and ("." in each.field) == bool(holder)
    ]


_OF_SOURCE = _places("", Source._fields)
_OF_MANNER = _places("manner.", Manner._fields)
_USUAL = Manner()


def written_source(source: Source) -> dict[str, object]:
    """The table that says it, as tomllib would give it; what is as usual, which is nothing, no
    or empty, is left out."""
    table: dict[str, object] = {"address": source.address}
    for key, place, write in _OF_SOURCE:
        if source[place]:
            table[key] = write(source[place])
    if source.manner != _USUAL:
        for key, place, write in _OF_MANNER:
            if source.manner[place]:
                table[key] = write(source.manner[place])
    return table


def written_view(view: SavedView) -> dict[str, object]:
    table = {name: getattr(view, key.field) for name, key in VIEW_KEYS.items()}
    table["address"] = view.address
    return {name: value for name, value in table.items() if value}


def written_rule(rule: Rule) -> dict[str, object]:
    table = {name: getattr(rule, key.field) for name, key in RULE_KEYS.items()}
    # Unlike all other keys this one is usually true.
    return {name: value for name, value in table.items() if bool(value) != (name == "on")}


def as_kept(wanted: Following, settings_file: Path) -> Following:
    """What is read when `wanted` was written. Raises SettingsError if some of it can't be."""
    return Following(
        tuple(_kept_source(source, settings_file) for source in wanted.sources),
        tuple(_kept_view(view, settings_file) for view in wanted.views),
        tuple(map(_kept_rule, wanted.rules)),
    )


def _kept_source(source: Source, settings_file: Path) -> Source:
    table = written_source(source)
    fields = _read_back(table, SOURCE_KEYS)
    return _source(_kept_address(source.address, settings_file), fields, settings_file)


def _kept_view(view: SavedView, settings_file: Path) -> SavedView:
    if not view.name.strip():
        raise SettingsError("A saved view needs a name.")
    fields = _read_back(written_view(view), VIEW_KEYS)
    address = _kept_address(view.address, settings_file) if view.address else ""
    return SavedView(**fields, address=address)


def _kept_rule(rule: Rule) -> Rule:
    if not rule.name.strip():
        raise SettingsError("A rule needs a name.")
    if not rule.search.strip():
        raise SettingsError("A rule needs a search: an empty one would be about every post.")
    kept = Rule(**_read_back(written_rule(rule), RULE_KEYS))
    if not _has_effect(kept):
        raise SettingsError(f"{NO_EFFECT[0].upper()}{NO_EFFECT[1:]}")
    return kept


def _kept_address(address: str, settings_file: Path) -> str:
    found = resolve_address(address, settings_file)
    if found is None:
        raise SettingsError(f"An address must be {_ADDRESS}, not {shown(address)}.")
    return found


def _read_back(table: Mapping[str, object], keys: Mapping[str, FieldKey]) -> dict[str, Any]:
    fields = {}
    for name, value in table.items():
        if name in keys:
            key = keys[name].key
            try:
                fields[keys[name].field] = key.read(value)
            except ValueError as error:
                raise SettingsError(f"This cannot be kept: {wrong(key, value, error)}") from error
    return fields
