"""`nordic-tui manual`: the manual page, as roff, made from what `--help` is made of."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from itertools import pairwise

from nordic_tui import __version__
from nordic_tui.cli import grammar
from nordic_tui.cli.arguments import EXIT_STATUSES, Command
from nordic_tui.cli.console import DONE, is_screen, say, write
from nordic_tui.cli.grammar import Operand, Option, Verb

DATE = "2026-11-26"
"""Of the last change of what is written here by hand."""


def add_arguments(parser: ArgumentParser) -> None:
    """It takes none."""


def run(options: Namespace) -> int:
    write(page())
    if is_screen(sys.stdout):
        say("This is the page's source; nordic-tui manual | man -l - shows the page.")
    return DONE


def page() -> str:
    """The whole page, in the macros of man(7)."""
    reader = grammar.reader()
    lines = [
        f'.TH NORDIC-TUI 1 {DATE} "nordic-tui {__version__}" "User commands"',
        ".SH NAME",
        r"nordic-tui \- a news reader for the terminal",
        ".SH SYNOPSIS",
        *_synopsis(reader),
        ".br",
        r".B nordic-tui",
        r".I COMMAND",
        "\\&...",
        ".SH DESCRIPTION",
        _text(reader.description),
        ".PP",
        _text(
            "It shows the categories of what is followed, the posts of the chosen one and the "
            "excerpt of the chosen post. It reads RSS, Atom, JSON Feed and WordPress, keeps all "
            "posts for when there is no network, and stores nothing about what is read unless it "
            "is allowed to. Data goes to standard output, words to standard error."
        ),
        *_words(reader),
        ".SH KEYS",
        _text("These work on the reader's first screen; ? shows those of every screen."),
        *_keys(),
        ".SH COMMANDS",
        *[line for verb in grammar.verbs() for line in _command(verb)],
        ".SH SETTINGS",
        _text(
            "nordic-tui config init writes a settings file with all of these and what is "
            "followed; without one they are as given here."
        ),
        *_settings(),
        ".SH EXIT STATUS",
        *[line for status, words in EXIT_STATUSES for line in _item(_bold(str(status)), words)],
        ".SH FILES",
        *[line for path, words in _FILES for line in _item(_italic(path), words)],
        ".SH ENVIRONMENT",
        *[line for name, words in _VARIABLES for line in _item(_bold(name), words)],
        ".SH EXAMPLES",
        *_examples(reader.examples),
        ".SH SEE ALSO",
        r"\fBnewsboat\fR(1)",
    ]
    # A section begins with a paragraph anyway.
    kept = [line for before, line in pairwise(["", *lines]) if not _is_doubled(before, line)]
    return "\n".join(kept) + "\n"


def _is_doubled(before: str, line: str) -> bool:
    return line == ".PP" and before.startswith((".SH", ".SS"))


_FILES = (
    ("~/.config/nordic-tui/settings.toml", "settings, and what is followed"),
    ("~/.cache/nordic-tui/cache.db", "posts, kept for reading offline"),
    ("~/.local/share/nordic-tui/library.db", "stars and tags, with the posts that have them"),
    ("~/.local/share/nordic-tui/history.db", "the reading history, only after a yes"),
)
_VARIABLES = (
    ("XDG_CONFIG_HOME", "where the settings are, instead of ~/.config; so for the other folders"),
    ("NO_COLOR", "where it is set, nothing is told by colours"),
    ("BROWSER", "the program that opens a page"),
    ("HTTPS_PROXY", "the proxy for https; HTTP_PROXY and NO_PROXY likewise"),
)

# ── parts ───────────────────────────────────────────────────────────────────────────────────


def _command(verb: Verb) -> Iterator[str]:
    yield f".SS {_quoted(' '.join(('nordic-tui', *verb.words)))}"
    yield from _synopsis(verb)
    yield ".PP"
    yield _text(verb.description)
    yield from _words(verb)
    for action in verb.actions:
        yield from _synopsis(action, ".PP")
        yield ".RS"
        yield _text(action.description or f"{action.summary}.")
        yield from _words(action)
        yield ".RE"
    yield from _examples(verb.examples)


def _synopsis(verb: Verb, before: str = "") -> list[str]:
    parts = [_bold(" ".join(("nordic-tui", *verb.words)))]
    for option in verb.options:
        if option.names[0] != "-h":
            parts.append(f"[{_option(option, option.names[-1:])}]{'...' * option.repeats}")
    for operand in verb.operands:
        word = _italic(operand.metavar)
        word = f"{word} ..." if operand.repeats else word
        parts.append(word if operand.needed else f"[{word}]")
    if verb.actions:
        action = _italic("ACTION")
        parts.append(f"{action} ..." if verb.needs_action else f"[{action} ...]")
    lines = [_guarded(part) for part in parts]
    return [before, *lines] if before else lines


def _words(verb: Verb) -> Iterator[str]:
    for operand in verb.operands:
        yield from _item(_italic(operand.metavar), operand.help + _choices(operand))
    for option in verb.options:
        if option.names[0] != "-h":
            yield from _item(_option(option, option.names), option.help + _choices(option))


def _option(option: Option, names: Iterable[str]) -> str:
    value = f" {_italic(option.metavar)}" if option.metavar else ""
    return ", ".join(_bold(name) for name in names) + value


def _choices(word: Option | Operand) -> str:
    shown = word.choices and any(choice not in word.metavar for choice in word.choices)
    return f" ({', '.join(word.choices)})" if shown else ""


def _keys() -> Iterator[str]:
    from nordic_tui.tui.commands import COMMANDS
    from nordic_tui.tui.keymaps import Keymap

    keymap = Keymap()
    for command in COMMANDS:
        if "reader" in command.where:
            names = ", ".join(_bold(name) for name in keymap.names(command, "reader"))
            yield from _item(names, f"{command.help} ({command.id})")


def _settings() -> Iterator[str]:
    from nordic_tui.config.reading import shown
    from nordic_tui.config.settings import SETTINGS

    for setting in SETTINGS:
        words = f"{setting.meaning} {setting.must_be[0].upper()}{setting.must_be[1:]}."
        yield from _item(f"{_bold(setting.key)} = {_escaped(shown(setting.default))}", words)


def _examples(examples: Iterable[tuple[str, str]]) -> Iterator[str]:
    for line, purpose in examples:
        yield from (".PP", _text(f"{purpose[0].upper()}{purpose[1:]}:"), ".PP", ".RS 4", ".EX")
        yield from (_guarded(_escaped(line)), ".EE", ".RE")


def _item(head: str, words: str) -> tuple[str, str, str]:
    return ".TP", _guarded(head), _text(words)


# ── roff ────────────────────────────────────────────────────────────────────────────────────


def _text(words: str) -> str:
    return _guarded(_escaped(words))


def _escaped(words: str) -> str:
    """Words as roff prints them as they are: a bare "-" may become another sign."""
    return "".join(
        _SIGNS.get(sign, sign) if sign.isascii() else rf"\[u{ord(sign):04X}]" for sign in words
    )


_SIGNS = {
    "\\": r"\e",
    "-": r"\-",
    "'": r"\(aq",
    "`": r"\(ga",
    "^": r"\(ha",
    "~": r"\(ti",
    '"': r"\(dq",
}


def _guarded(line: str) -> str:
    """A line that is no request of roff's, whatever it begins with."""
    return rf"\&{line}" if line.startswith((".", "'")) else line


def _bold(words: str) -> str:
    return rf"\fB{_escaped(words)}\fR"


def _italic(words: str) -> str:
    return rf"\fI{_escaped(words)}\fR"


def _quoted(words: str) -> str:
    return f'"{_escaped(words)}"'


COMMAND = Command(
    name="manual",
    summary="print the manual page",
    description=(
        "The manual page as roff, for man(1): every command, option, key and setting. A package "
        "brings it along where the system looks for it; from a checkout this prints it."
    ),
    examples=(
        ("nordic-tui manual | man -l -", "read it"),
        ("nordic-tui manual > ~/.local/share/man/man1/nordic-tui.1", "have man nordic-tui find it"),
    ),
    add_arguments=add_arguments,
    run=run,
)
