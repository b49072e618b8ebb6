"""Help: every command and option says what it does, and every example can be parsed."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from nordic_tui.cli import arguments, main, read
from nordic_tui.cli.arguments import READER_EXAMPLES, Command, commands, parser_of, reader_parser
from nordic_tui.config import settings
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import Settings


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


# ── options of the reader that override settings ────────────────────────────────────────────


def test_what_overrides_is_a_setting_with_the_same_choice() -> None:
    assert set(arguments.OVERRIDING) <= set(Settings._fields)
    assert arguments.PROFILES == settings.PROFILES


@pytest.mark.parametrize(
    ("words", "given"), [(["--profile", "ssh"], {"profile": "ssh"}), (["--", "a.xml"], {})]
)
def test_only_what_was_said_overrides(
    words: list[str], given: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[dict[str, str]] = []

    def hear(_: list[str], overrides: dict[str, str]) -> int:
        heard.append(overrides)
        return 0

    monkeypatch.setattr(read, "read", hear)
    monkeypatch.setattr(arguments, "_refuse_mistake", lambda word: None)
    assert main(words) == 0
    assert heard == [given]


def test_an_option_wins_over_the_settings(home: Path) -> None:
    paths = find_paths()
    paths.settings_file.parent.mkdir(parents=True)
    paths.settings_file.write_text('profile = "ssh"\n')
    for drawn in (True, False):
        assert read._load_settings(paths, {}, drawn=drawn).profile == "ssh"
        assert read._load_settings(paths, {"profile": "local"}, drawn=drawn).profile == "local"


def test_a_profile_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--profile", "modem"]) == 2
    said = capsys.readouterr().err
    for name in arguments.PROFILES:
        assert name in said
