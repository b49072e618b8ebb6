"""`nordic-tui demo`, at the keyboard and without one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nordic_tui.cli import main
from nordic_tui.cli.arguments import overrides_of, reader_parser
from nordic_tui.config.settings import Settings
from tests.terminal import Terminal

Start = Callable[..., Terminal]


def test_the_demo_is_played_at_the_keyboard_and_leaves_nothing(terminal: Start, home: Path) -> None:
    shown = terminal("-m", "nordic_tui", "demo", "--keys")
    shown.wait_for("Northern Cities")
    shown.type("jj")
    shown.wait_for("j ×2")
    shown.type("q")
    assert shown.end() == 0
    assert list(home.iterdir()) == []


def test_the_demo_has_no_colours_for_who_wants_none() -> None:
    shown = Terminal("-m", "nordic_tui", "demo", environment={"NO_COLOR": "1"})
    try:
        shown.wait_for("Northern Cities")
        assert b"\x1b[38;" not in shown.sent
        assert b";38;" not in shown.sent
        assert b"48;2" not in shown.sent
    finally:
        shown.close()


def test_without_a_terminal_there_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == 2
    assert "needs a terminal that can show one" in capsys.readouterr().err


def test_an_unknown_theme_names_those_that_are_known(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nordic_tui.cli.console.can_draw", lambda: True)
    assert main(["demo", "--theme", "pola"]) == 2
    error = capsys.readouterr().err
    assert "pola is no theme" in error
    assert "polar" in error


def test_the_reader_takes_the_options_of_a_talk_over_its_settings() -> None:
    options = reader_parser().parse(["--keys", "--presenter"])
    settings = Settings(theme="snow", requests_per_host=1)._replace(**overrides_of(options))
    assert settings == Settings(theme="polar", requests_per_host=1, shows_keys=True, presenter=True)
    assert overrides_of(reader_parser().parse([])) == {}
