"""`nordic-tui config`: the settings file, written with every default, checked, read and changed."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, FAILED, UsageError, say, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nordic_tui.config.settings import Settings

_SHOWN_ELSEWHERE = {"sources": "sources", "views": "views", "rules": "rules"}
"""Tables that have commands of their own, which show no secret."""


def add_arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser(
        "init",
        help="write a settings file with every setting, its default and what it does",
        description=(
            "Write a settings file with every setting at its default, and a comment on each that "
            "says what it does and what is allowed. A file that there is already is left as it is."
        ),
    )
    check = actions.add_parser(
        "check",
        help="say what is wrong in the settings file",
        description=(
            "Read the settings file and say all that is wrong in it, each mistake with its line "
            "and what is allowed there. Nothing is changed."
        ),
    )
    check.add_argument(
        "file", metavar="FILE", nargs="?", help="another file than the one that is used"
    )
    get = actions.add_parser(
        "get",
        help="print a setting, or all of them",
        description="Print a setting as it holds, from the file or as it usually is; or all.",
    )
    get.add_argument(
        "key", metavar="KEY", nargs="?", help="its name, as theme, keys.star or open.audio"
    )
    get.add_argument(
        "--json",
        action="store_true",
        help='as JSON: {"version": 1, "settings": {NAME: {"value": …, "set": …}}}',
    )
    set_ = actions.add_parser(
        "set",
        help="change a setting",
        description=(
            "Change a setting in the file; comments and everything else in it stay. A program "
            "that is open takes it up at its next start."
        ),
    )
    set_.add_argument("key", metavar="KEY", help="its name, as theme, keys.star or open.audio")
    set_.add_argument("value", metavar="VALUE", nargs="?", help="what it is from now on")
    set_.add_argument(
        "--default", action="store_true", help="as usual again: take it out of the file"
    )


def run(options: Namespace) -> int:
    from nordic_tui.config.paths import find_paths

    file = find_paths().settings_file
    if options.action == "init":
        return _init(file)
    if options.action == "check":
        return _check(Path(options.file) if options.file else file, is_used=not options.file)
    if options.action == "get":
        return _get(file, options.key, as_json=options.json)
    if (options.value is None) != options.default:
        raise UsageError("nordic-tui config set needs a value, or --default.")
    return _set(file, options.key, options.value)


# ── init and check ──────────────────────────────────────────────────────────────────────────


def _init(file: Path) -> int:
    from nordic_tui.config.files import create_file
    from nordic_tui.config.reading import reason
    from nordic_tui.config.settings import describe
    from nordic_tui.errors import SettingsError

    try:
        create_file(file, describe().encode())
    except FileExistsError:
        say(f"{file} exists already and is left as it is. nordic-tui config check reads it.")
        return FAILED
    except OSError as error:
        raise SettingsError(f"{file} could not be written: {reason(error)}.") from error
    say(f"{file} is written, with every setting as it is without it.")
    return DONE


def _check(file: Path, *, is_used: bool) -> int:
    from nordic_tui.config.reading import read_text
    from nordic_tui.errors import SettingsError

    if read_text(file) is None:
        if not is_used:
            raise SettingsError(f"{file} does not exist.")
        say(f"{file} does not exist: all is as usual. nordic-tui config init writes it.")
        return DONE
    settings = _load(file)
    for sentence in _without_keys(settings):
        say(f"{file}: {sentence}")
    counted = (
        _count(len(settings.sources), "source"),
        _count(len(settings.views), "saved view"),
        _count(len(settings.rules), "rule"),
    )
    write(f"{file} is in order: {', '.join(counted)}.\n")
    return DONE


def _load(file: Path) -> "Settings":
    """The settings, with the names of themes and commands checked."""
    from nordic_tui.config.settings import load
    from nordic_tui.config.themes import NAMES
    from nordic_tui.tui.commands import COMMAND_IDS

    return load(file, command_ids=COMMAND_IDS, themes=NAMES)


def _without_keys(settings: "Settings") -> list[str]:
    """A sentence for each command whose keys others have taken."""
    from nordic_tui.tui.commands import COMMANDS
    from nordic_tui.tui.keymaps import Keymap

    keymap = Keymap(settings.keymap, settings.keys)
    return [
        f"no key is left for {command.id}; other commands have taken its own ({command.keys})."
        for command in COMMANDS
        if settings.keys.get(command.id) != ""
        and not all(keymap.keys(command, where) for where in command.where)
    ]


def _count(number: int, what: str) -> str:
    from nordic_tui.service.words import count

    return count(number, what, f"{what}s")


# ── get ─────────────────────────────────────────────────────────────────────────────────────


def _get(file: Path, key: str | None, *, as_json: bool) -> int:
    from nordic_tui.config.reading import parse, read_text
    from nordic_tui.config.settings import SETTINGS

    settings = _load(file)
    said = parse(file, read_text(file) or "")
    wanted = [key] if key else [setting.key for setting in SETTINGS]
    if not key:
        wanted += [f"{table}.{name}" for table in ("keys", "open") for name in said.get(table, {})]
    found = {name: _value(name, said, settings) for name in wanted}
    if as_json:
        import json

        shown = {
            name: {"value": value, "set": _said(name, said) is not None}
            for name, value in found.items()
        }
        write(json.dumps({"version": 1, "settings": shown}, ensure_ascii=False, indent=2) + "\n")
    elif key:
        write(f"{_plain(found[key])}\n")
    else:
        for name, value in found.items():
            state = "set" if _said(name, said) is not None else "usual"
            write(f"{name}\t{_plain(value)}\t{state}\n")
    return DONE


def _value(key: str, said: "Mapping[str, object]", settings: "Settings") -> object:
    """What holds for a key, as the file writes it. Raises UsageError."""
    from nordic_tui.config.reading import named
    from nordic_tui.config.settings import SETTINGS
    from nordic_tui.tui.commands import COMMANDS
    from nordic_tui.tui.keymaps import Keymap

    value = _said(key, said)
    if value is not None:
        return value
    for setting in SETTINGS:
        if setting.key == key:
            return setting.default
    table, _, name = key.partition(".")
    for command in COMMANDS:
        if table == "keys" and command.id == name:
            return ",".join(Keymap(settings.keymap, settings.keys).keys(command, command.where[0]))
    if table == "open" and name:
        return ""
    if key in _SHOWN_ELSEWHERE:
        raise UsageError(f"nordic-tui {_SHOWN_ELSEWHERE[key]} shows {key}.")
    from nordic_tui.text import clean

    close = _closest(key)
    hint = f" Did you mean {close}?" if close else ""
    allowed = ", ".join(setting.key for setting in SETTINGS)
    raise UsageError(
        f"{named(clean.line(key))} is not a setting.{hint} Allowed: {allowed}, keys.COMMAND "
        "and open.TYPE."
    )


def _closest(key: str) -> str | None:
    from difflib import get_close_matches

    from nordic_tui.config.settings import SETTINGS
    from nordic_tui.tui.commands import COMMAND_IDS

    known = [*(setting.key for setting in SETTINGS), *(f"keys.{id_}" for id_ in COMMAND_IDS)]
    return next(iter(get_close_matches(key, known, n=1)), None)


def _said(key: str, said: "Mapping[str, object]") -> object:
    """What the file says; None: nothing. Of what is followed, nothing is told here."""
    table, _, name = key.partition(".")
    if name:
        within = said.get(table)
        return within.get(name) if table in ("keys", "open") and isinstance(within, dict) else None
    return None if table in ("keys", "open", *_SHOWN_ELSEWHERE) else said.get(table)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


# ── set ─────────────────────────────────────────────────────────────────────────────────────


def _set(file: Path, key: str, words: str | None) -> int:
    from nordic_tui.config.lock import alone
    from nordic_tui.config.paths import find_paths
    from nordic_tui.config.settings import change

    busy = f"{file} is being changed by another instance of this program. Try again."
    with alone(find_paths().undo_file.with_suffix(".lock"), busy):
        before = _held(file, key)
        value = None if words is None else _typed(key, words)
        change(file, key, value)
    after = _held(file, key)
    if after == before:
        say(f"{key} is {after} already.")
    else:
        say(f"{key} is {after} now; it was {before}.")
    return DONE


def _held(file: Path, key: str) -> str:
    """What holds for a key, in words. Raises UsageError for one that there is not."""
    from nordic_tui.config.reading import parse, read_text, shown

    said = parse(file, read_text(file) or "")
    return shown(_value(key, said, _load(file))).replace('""', "nothing")


def _typed(key: str, words: str) -> str | int | float | bool:
    """What was typed, as the file has it. Raises SettingsError."""
    from nordic_tui.config.reading import shown
    from nordic_tui.config.settings import SETTINGS
    from nordic_tui.config.themes import NAMES
    from nordic_tui.errors import SettingsError

    if key == "theme" and words not in NAMES:
        allowed = ", ".join(sorted(NAMES))
        raise SettingsError(f"theme must be one of {allowed}, not {shown(words)}.")
    for setting in SETTINGS:
        if setting.key == key:
            value = _literal(words)
            try:
                setting.read(value)
            except ValueError:
                return words if isinstance(setting.default, str) else value
            return value
    return words


def _literal(words: str) -> str | int | float | bool:
    """A switch or a number, where the words are one."""
    if words in ("true", "false"):
        return words == "true"
    for kind in (int, float):
        try:
            return kind(words)
        except ValueError:
            continue
    return words


COMMAND = Command(
    name="config",
    summary="the settings file: init, check, get, set",
    description=(
        "The settings file. init writes one with every setting, check says what is wrong in it, "
        "get and set read and change single settings. What is followed has commands of its own: "
        "add, change, remove, views, rules."
    ),
    examples=(
        ("nordic-tui config init", "a file to edit, with every setting and what it does"),
        ("nordic-tui config check", "after an edit"),
        ("nordic-tui config get refresh_minutes", "one setting"),
        ("nordic-tui config set keymap newsboat", "newsboat's keys"),
        ("nordic-tui config set keys.next_unread n,N", "other keys for a command"),
        ("nordic-tui config set theme --default", "as usual again"),
    ),
    add_arguments=add_arguments,
    run=run,
)
