"""Help: every command and option says what it does, and every example can be parsed."""

import argparse
import re
import shlex
from collections.abc import Iterator

import pytest

from nordic_tui.cli import main
from nordic_tui.cli.arguments import READER_EXAMPLES, Command, commands, parser_of, reader_parser


def all_parsers() -> Iterator[argparse.ArgumentParser]:
    waiting: list[argparse.ArgumentParser] = [reader_parser(), *map(parser_of, commands().values())]
    while waiting:
        parser = waiting.pop()
        yield parser
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                waiting += action.choices.values()


def test_every_argument_and_action_has_help() -> None:
    silent = [
        (parser.prog, action.dest)
        for parser in all_parsers()
        for action in parser._actions
        if not action.help and not isinstance(action, argparse._SubParsersAction)
    ]
    assert silent == []
    assert all(parser.description for parser in all_parsers())


@pytest.mark.parametrize("command", commands().values(), ids=lambda command: command.name)
def test_examples_of_a_command_can_be_parsed(command: Command) -> None:
    for line, purpose in command.examples:
        words = shlex.split(re.split(r" [|>] ", line)[0])
        words = words[words.index("nordic-tui") + 1 :]
        assert words[0] == command.name
        assert parser_of(command).parse(words[1:])
        assert purpose


def test_help_names_every_command_and_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for command in commands().values():
        assert f"  {command.name} " in out
        assert command.summary in out
    for line, _ in READER_EXAMPLES:
        assert line in out


def test_help_of_a_command_has_its_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--help"]) == 0
    assert "nordic-tui list --unread --limit 10" in capsys.readouterr().out
