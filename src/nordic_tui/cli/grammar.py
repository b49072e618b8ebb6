"""What can be typed behind `nordic-tui`, as values: read from the parsers that `--help` is made of,
so that the manual and the completions of the shells say the same."""

import argparse
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from nordic_tui.cli import arguments


class Kind(StrEnum):
    """What a word may be, as far as a shell can help with it."""

    NONE = ""
    """A flag: there is no word."""
    ANY = "any"
    CHOICE = "choice"
    FILE = "file"
    SOURCE = "sources"
    CATEGORY = "categories"


class Option(NamedTuple):
    names: tuple[str, ...]
    metavar: str
    """What its value is called; "" for a flag."""
    kind: Kind
    choices: tuple[str, ...]
    help: str
    repeats: bool


class Operand(NamedTuple):
    """A word that stands on its own place."""

    metavar: str
    kind: Kind
    choices: tuple[str, ...]
    help: str
    needed: bool
    repeats: bool


class Verb(NamedTuple):
    """A command, or an action of one; the reader itself has no words."""

    words: tuple[str, ...]
    summary: str
    description: str
    examples: tuple[tuple[str, str], ...]
    options: tuple[Option, ...]
    operands: tuple[Operand, ...]
    actions: tuple["Verb", ...]
    needs_action: bool = False


def reader() -> Verb:
    """What `nordic-tui` takes where no command is named."""
    parser = arguments.reader_parser()
    return _verb((), "", parser, arguments.READER_DESCRIPTION, arguments.READER_EXAMPLES)


def verbs() -> tuple[Verb, ...]:
    """Every command, in the order of the help."""
    return tuple(
        _verb((c.name,), c.summary, arguments.parser_of(c), c.description, c.examples)
        for c in arguments.commands().values()
    )


def with_actions(verb: Verb) -> Iterator[Verb]:
    yield verb
    for action in verb.actions:
        yield from with_actions(action)


def _verb(
    words: tuple[str, ...],
    summary: str,
    parser: argparse.ArgumentParser,
    description: str,
    examples: tuple[tuple[str, str], ...] = (),
) -> Verb:
    options: list[Option] = []
    operands: list[Operand] = []
    actions: list[Verb] = []
    needs_action = False
    for argument in parser._actions:
        if isinstance(argument, argparse._SubParsersAction):
            needs_action = bool(argument.required)
            summaries = {each.dest: each.help or "" for each in argument._choices_actions}
            actions += [
                _verb((*words, name), summaries[name], inner, inner.description or "")
                for name, inner in argument.choices.items()
            ]
        elif argument.option_strings:
            options.append(_option(argument))
        else:
            operands.append(_operand(argument))
    return Verb(
        words,
        summary,
        " ".join(description.split()),
        examples,
        tuple(options),
        tuple(operands),
        tuple(actions),
        needs_action,
    )


def _option(argument: argparse.Action) -> Option:
    choices = tuple(map(str, argument.choices or ()))
    takes = argument.nargs != 0
    metavar = _metavar(argument, choices) if takes else ""
    return Option(
        tuple(argument.option_strings),
        metavar,
        _kind(argument, choices) if takes else Kind.NONE,
        choices,
        _help(argument),
        isinstance(argument, argparse._AppendAction),
    )


def _operand(argument: argparse.Action) -> Operand:
    choices = tuple(map(str, argument.choices or ()))
    return Operand(
        _metavar(argument, choices),
        _kind(argument, choices),
        choices,
        _help(argument),
        argument.nargs not in ("?", "*"),
        argument.nargs in ("*", "+"),
    )


def _metavar(argument: argparse.Action, choices: tuple[str, ...]) -> str:
    if argument.metavar is not None:
        return str(argument.metavar)
    return "|".join(choices) or argument.dest.upper()


def _kind(argument: argparse.Action, choices: tuple[str, ...]) -> Kind:
    if choices:
        return Kind.CHOICE
    return _KINDS.get(str(argument.metavar)) or _KINDS.get(argument.dest) or Kind.ANY


_KINDS = {
    "FILE": Kind.FILE,
    "addresses": Kind.FILE,
    "SOURCE": Kind.SOURCE,
    "source": Kind.SOURCE,
    "CATEGORY": Kind.CATEGORY,
    "category": Kind.CATEGORY,
}
"""By what a value is called in the help, or by its name in the program."""


def _help(argument: argparse.Action) -> str:
    return " ".join((argument.help or "").replace("%%", "%").split())
