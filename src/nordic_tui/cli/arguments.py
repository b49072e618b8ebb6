"""The parsers. Each command declares itself; usage, help and hints are made from that.

Every command starts with this file, so it imports as little as can be: no typing, no dataclasses.
"""

import os
import re
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module

from nordic_tui.cli.console import UsageError, show_version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

EXIT_STATUSES = (
    (0, "done"),
    (1, "failed"),
    (2, "used wrongly"),
    (3, "some sources failed"),
    (10, "check: something is new"),
    (130, "interrupted"),
)


class Command:
    """A command: how it is called, what it takes, and what it does.

    examples: command lines, each with what it is for.
    run: returns the exit status; imports what costs only when it is called.
    """

    __slots__ = ("add_arguments", "description", "examples", "name", "run", "summary")

    def __init__(
        self,
        *,
        name: str,
        summary: str,
        description: str,
        examples: tuple[tuple[str, str], ...],
        add_arguments: Callable[[ArgumentParser], None],
        run: Callable[[Namespace], int],
    ) -> None:
        self.name = name
        self.summary = summary
        self.description = description
        self.examples = examples
        self.add_arguments = add_arguments
        self.run = run


COMMANDS = {
    "check": "check.COMMAND",
    "watch": "watch.COMMAND",
    "list": "listing.COMMAND",
    "search": "search.COMMAND",
    "brief": "brief.COMMAND",
    "refresh": "refresh.COMMAND",
    "add": "add.COMMAND",
    "archive": "archive.COMMAND",
    "import": "exchange.IMPORT",
    "export": "exchange.EXPORT",
    "sources": "sources.SOURCES",
    "remove": "sources.REMOVE",
    "change": "change.COMMAND",
    "views": "views.COMMAND",
    "rules": "rules.COMMAND",
    "undo": "undo.UNDO",
    "redo": "undo.REDO",
    "library": "library.COMMAND",
    "data": "data.COMMAND",
    "paths": "paths.COMMAND",
    "config": "config.COMMAND",
    "completions": "completions.COMMAND",
    "manual": "manual.COMMAND",
    "serve": "serve.COMMAND",
    "demo": "demo.COMMAND",
    "doctor": "doctor.COMMAND",
}
"""Every command but the reader, in the order of the help, and where it is declared: only the one
that is asked for is imported."""


def find_command(name: str) -> Command:
    """The command of this name, which is one of COMMANDS."""
    module, _, attribute = COMMANDS[name].partition(".")
    command: Command = getattr(import_module(f"nordic_tui.cli.{module}"), attribute)
    return command


def commands() -> dict[str, Command]:
    """Every command but the reader, by name."""
    return {name: find_command(name) for name in COMMANDS}


class _Formatter(RawDescriptionHelpFormatter):
    """As wide as the window. argparse makes one for every option that it is told of, and finds out
    by shutil, which takes as long as the parser, how wide it is."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_width() - 2)


def _width() -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and 0 < int(columns) < _MAX_COLUMNS:
        return int(columns)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or _COLUMNS
    except (AttributeError, OSError, ValueError):
        return _COLUMNS


_COLUMNS = 80
_MAX_COLUMNS = 5_000


class Parser(ArgumentParser):
    """An argparse parser that says what is wrong as a sentence, with a hint.

    ending: gives what help says after the options, when it is asked for.
    """

    def __init__(self, *, ending: "Callable[[], str] | None" = None, **options: "Any") -> None:
        self._ending = ending
        super().__init__(formatter_class=_Formatter, allow_abbrev=False, **options)

    def format_help(self) -> str:
        # textwrap, and every command for what the reader's says of them, only now.
        self.description = _wrapped(self.description or "")
        if self._ending is not None:
            self.epilog = self._ending()
        return super().format_help()

    def error(self, message: str) -> "NoReturn":
        raise UsageError(f"{message.rstrip('.')}. See {self.prog} --help.")

    def parse(self, words: Sequence[str]) -> Namespace:
        """Read the arguments; raises UsageError, also for what is left over."""
        options, unknown = self.parse_known_args(words)
        if unknown:
            word = unknown[0].partition("=")[0]
            if word.startswith("-"):
                hint = _did_you_mean(word, self._option_string_actions)
                raise UsageError(
                    f"{word} is not an option of {self.prog}{hint} See {self.prog} --help."
                )
            from nordic_tui.service.places import without_login

            self.error(f"{self.prog} takes no {without_login(word)}")
        self._refuse_bytes(options)
        return options

    def _refuse_bytes(self, options: Namespace) -> None:
        """Raise UsageError for a word that is not UTF-8: neither the store nor the settings could
        hold it. The names of files that are only opened may be none."""
        for name, value in vars(options).items():
            for word in value if isinstance(value, list | tuple) else (value,):
                if isinstance(word, str) and name not in _MAY_NAME_FILES and not _is_whole(word):
                    raise UsageError(f"{word} is not UTF-8 text.")


def _is_whole(word: str) -> bool:
    if word.isascii():
        return True
    from nordic_tui.text import clean  # most words need no look

    return clean.is_whole(word)


_MAY_NAME_FILES = ("file", "addresses")
"""Arguments of which each command tells itself what it can do with a name that is no text."""


def parser_of(command: Command) -> Parser:
    """The parser of one command."""
    parser = Parser(
        prog=f"nordic-tui {command.name}",
        description=command.description,
        epilog=_examples(command.examples),
    )
    command.add_arguments(parser)
    return parser


def reader_parser() -> Parser:
    """The parser of the program itself; its help names every command."""
    parser = Parser(
        prog="nordic-tui",
        usage="nordic-tui [OPTIONS] [ADDRESS …] | COMMAND …",
        description=READER_DESCRIPTION,
        ending=_all_commands,
    )
    parser.add_argument(
        "addresses",
        metavar="ADDRESS",
        nargs="*",
        help=(
            "read this without following it: a web address, a file, or - for standard input; RSS, "
            "Atom, JSON Feed or posts of WordPress's REST interface; everything stays in memory"
        ),
    )
    parser.add_argument(
        "--plain",
        action="store_const",
        const="plain",
        dest="face",
        help=(
            "read line by line instead of on a screen of panes: for screen readers, braille lines "
            "and pipes"
        ),
    )
    parser.add_argument(
        "--profile",
        choices=PROFILES,
        help=(
            "ssh: send a slow line as little as can be; local: draw everything; auto: ssh in a "
            "session of SSH, else local; without it the settings say"
        ),
    )
    add_stage_options(parser)
    parser.add_argument("--version", action="store_true", help="show the version and exit")
    return parser


OVERRIDING = ("face", "profile")
"""The options of the reader that take the place of a setting of the same name."""
PROFILES = ("auto", "ssh", "local")
"""Those of config.settings, which a command that needs no settings does not import."""


def _all_commands() -> str:
    lines = ["commands:"]
    lines += [f"  {c.name:<12}{c.summary}" for c in commands().values()]
    lines += ["  Each has a --help of its own.", "", _examples(READER_EXAMPLES), ""]
    lines += ["exit status:"]
    lines += [f"  {status:<12}{meaning}" for status, meaning in EXIT_STATUSES]
    return "\n".join(lines)


def add_stage_options(parser: ArgumentParser) -> None:
    """The options for a talk, of the reader and of the demo."""
    parser.add_argument(
        "--keys", action="store_true", help="show keys at a corner as they are pressed"
    )
    parser.add_argument(
        "--presenter",
        action="store_true",
        help="draw it for a room: more space, fewer things, high contrast (best at 100x28)",
    )


PRESENTER_THEME = "polar"


def overrides_of(options: Namespace) -> "dict[str, Any]":
    """What the options want in place of the settings: names of fields of `Settings`, and values."""
    wanted: dict[str, Any] = {
        name: value for name in OVERRIDING if (value := getattr(options, name)) is not None
    }
    if options.keys:
        wanted["shows_keys"] = True
    if options.presenter:
        wanted |= {"presenter": True, "theme": PRESENTER_THEME}
    return wanted


READER_DESCRIPTION = (
    "A news reader for the terminal. Without an address it shows what the settings follow. "
    "Without a terminal it prints the list of posts, as nordic-tui list does."
)
READER_EXAMPLES = (
    ("nordic-tui", "read what the settings follow"),
    ("nordic-tui https://nordicsafecities.org/feed/", "read a feed without following it"),
    ("nordic-tui posts.json notes.xml", "read files, whatever their names say"),
    ("nordic-tui ./list", "read a file that is named like a command"),
    ("nordic-tui --presenter --keys", "read before a room"),
    ("curl -s https://example.org/feed/ | nordic-tui -", "read standard input"),
    ("nordic-tui --plain", "read line by line, with a screen reader"),
)


def run_command(words: Sequence[str]) -> int:
    """Run what the arguments name, the reader if they name no command. Raises UsageError."""
    if words[0] in COMMANDS:
        command = find_command(words[0])
        return command.run(parser_of(command).parse(words[1:]))
    options = reader_parser().parse(words)
    if options.version:
        return show_version()
    for word in options.addresses:
        _refuse_mistake(word)
    from nordic_tui.cli.read import read

    return read(options.addresses, overrides_of(options))


def _refuse_mistake(word: str) -> None:
    """Raise UsageError for a word that was rather meant to be a command."""
    if not re.fullmatch(r"[A-Za-z_-]{2,}", word):
        return
    if word in COMMANDS:
        raise UsageError(f"{word} is a command and comes first; a file of that name is ./{word}.")
    if not os.path.exists(word):  # noqa: PTH110  Path.exists raises for a long name
        hint = _did_you_mean(word, COMMANDS)
        raise UsageError(f"{word} is neither a command nor a file{hint} See nordic-tui --help.")


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, list(known), n=1)
    return f". Did you mean {close[0]}?" if close else "."


def _wrapped(text: str) -> str:
    from textwrap import fill

    return fill(text, 78)


def _examples(examples: Sequence[tuple[str, str]]) -> str:
    lines = ["examples:"]
    for line, purpose in examples:
        lines += [f"  {line}", f"      {purpose}"]
    return "\n".join(lines)
