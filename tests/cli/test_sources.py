import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from nordic_tui.cli import main
from nordic_tui.cli.arguments import parser_of
from nordic_tui.cli.sources import SOURCES
from nordic_tui.config.following import SOURCE_KEYS
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import DEFAULT_SOURCE, load
from nordic_tui.model import Source
from tests.terminal import Terminal

from .helpers import PROGRAM, feed, follow, post, settings, store

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def two(home: Path) -> tuple[Path, Path]:
    """Two feeds that are followed, with their posts kept."""
    alpha = feed(home / "a.json", "Alpha", post("One"), post("Two"))
    beta = feed(home / "b.json", "Beta", post("Three"))
    store(alpha, beta)
    return alpha, beta


def followed() -> tuple[Source, ...]:
    return load(find_paths().settings_file).sources


# ── sources ─────────────────────────────────────────────────────────────────────────────────


def test_a_pipe_gets_a_line_a_source(home: Path, capsys: Captured) -> None:
    alpha = feed(home / "a.json", "Alpha", post("One"), post("Two"))
    settings(
        f'[[sources]]\naddress = "{alpha}"\nfolder = "News/Nordic"',
        '[[sources]]\naddress = "https://kari:hush@news.example/feed/"\npaused = true',
    )
    main(["refresh"])
    capsys.readouterr()
    assert main(["sources"]) == 0
    first, second = (line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert first[:2] == ["Alpha", "News/Nordic"]
    assert first[3] == "2"
    assert first[6] == str(alpha)
    assert second == ["news.example", "", "paused", "0", "never", "", "https://news.example/feed/"]


def test_json_has_all_that_there_is_to_say(home: Path, capsys: Captured) -> None:
    follow(home / "missing.xml", "https://kari:hush@news.example/feed/")
    main(["change", "news.example", "--pause"])
    main(["refresh"])
    capsys.readouterr()
    assert main(["sources", "--json"]) == 0
    out = capsys.readouterr().out
    found = json.loads(out)
    assert found["version"] == 1
    missing, paused = found["sources"]
    assert (missing["state"], missing["failures"]) == ("does not exist", 1)
    assert missing["health"][0].endswith(": it does not exist.")
    assert (paused["address"], paused["paused"]) == ("https://news.example/feed/", True)
    assert "hush" not in out


def test_json_has_every_key_of_the_settings_and_help_names_it(home: Path, capsys: Captured) -> None:
    follow(home / "a.json")
    assert main(["sources", "--json"]) == 0
    (source,) = json.loads(capsys.readouterr().out)["sources"]
    assert set(SOURCE_KEYS) <= set(source)
    words = re.findall(r"\w+", parser_of(SOURCES).format_help())
    assert set(SOURCE_KEYS) <= set(words)


def test_json_says_how_a_source_is_asked_without_secrets(home: Path, capsys: Captured) -> None:
    settings(
        f"""
        [[sources]]
        address = "{home}/a.json"
        name = "x\\u001b[31m"
        folder = "N\\u202eews"
        tags = ["\\u200bt"]
        refresh_minutes = 30
        hidden = true
        leave_out = ["Events"]
        archive = true
        archive_limit = 500
        user_agent = "mine/1.0"
        headers = {{ Accept-Language = "hush-nb" }}
        login = {{ user = "kari", command = ["pass", "show", "hush"] }}
        max_megabytes = 2.5
        ca_file = "a.pem"
        [[sources]]
        address = "{home}/b.json"
        login.file = "~/pw"
        [[sources]]
        address = "{home}/c.json"
        login.variable = "NEWS_TOKEN"
        [[sources]]
        address = "{home}/d.json"
        """
    )
    assert main(["sources", "--json"]) == 0
    out = capsys.readouterr().out
    first, second, third, plain = json.loads(out)["sources"]
    expected = {
        "name": "x",
        "folder": "News",
        "tags": ["t"],
        "refresh_minutes": 30,
        "hidden": True,
        "leave_out": ["Events"],
        "archive": True,
        "archive_limit": 500,
        "user_agent": "mine/1.0",
        "headers": ["Accept-Language"],
        "login": {"kind": "command", "name": "pass"},
        "max_megabytes": 2.5,
        "ca_file": str(find_paths().settings_file.parent / "a.pem"),
    }
    assert {key: first[key] for key in expected} == expected
    assert second["login"] == {"kind": "file", "name": "~/pw"}
    assert third["login"] == {"kind": "variable", "name": "NEWS_TOKEN"}
    usual = ("refresh_minutes", "archive_limit", "user_agent", "login", "max_megabytes", "ca_file")
    assert [plain[key] for key in usual] == [None] * len(usual)
    assert (plain["tags"], plain["leave_out"], plain["headers"]) == ([], [], [])
    assert "hush" not in out
    assert "kari" not in out


def test_a_terminal_gets_a_table(two: tuple[Path, Path], terminal: Callable[..., Terminal]) -> None:
    screen = terminal(*PROGRAM[1:], "sources")
    assert screen.end() == 0
    head, first, second = (line.rstrip() for line in screen.screen.display if line.strip())
    assert head.split() == ["Name", "Folder", "State", "Posts", "Asked", "Next"]
    assert first.startswith("Alpha ")
    assert second.startswith("Beta ")


def test_without_sources_a_terminal_gets_a_hint(terminal: Callable[..., Terminal]) -> None:
    follow()
    screen = terminal(*PROGRAM[1:], "sources")
    assert screen.end() == 0
    assert "No source is followed." in screen.screen.display[0]


# ── remove and undo ─────────────────────────────────────────────────────────────────────────


def test_removing_a_source_says_how_to_take_it_back(
    two: tuple[Path, Path], capsys: Captured
) -> None:
    assert main(["remove", "ALPHA"]) == 0
    assert capsys.readouterr().err == (
        "nordic-tui: Removed “Alpha”. nordic-tui undo takes it back.\n"
    )
    assert followed() == (Source(str(two[1])),)
    main(["list"])
    assert "One" not in capsys.readouterr().out
    assert main(["undo"]) == 0
    assert capsys.readouterr().err == "nordic-tui: Took back: Removed “Alpha”.\n"
    assert followed() == tuple(Source(str(file)) for file in two)
    main(["list"])
    assert "One" in capsys.readouterr().out


def test_several_are_removed_in_one_step(two: tuple[Path, Path], capsys: Captured) -> None:
    assert main(["remove", "alpha", "b.json", "Alpha"]) == 0
    assert "Removed 2 sources." in capsys.readouterr().err
    assert followed() == ()
    main(["undo"])
    assert len(followed()) == 2


def test_the_usual_source_can_be_removed_and_comes_back(capsys: Captured) -> None:
    assert main(["remove", "nordic safe"]) == 0
    assert followed() == ()
    assert main(["undo"]) == 0
    assert followed() == (DEFAULT_SOURCE,)
    assert main(["undo"]) == 0
    assert "There is nothing to take back." in capsys.readouterr().err


def test_a_source_that_is_not_followed_is_a_mistake(
    two: tuple[Path, Path], capsys: Captured
) -> None:
    assert main(["remove", "alpha", "gamma"]) == 2
    assert capsys.readouterr().err == (
        "nordic-tui: There is no source “gamma”. The sources are: Alpha, Beta.\n"
    )
    assert len(followed()) == 2


def test_what_was_edited_since_is_not_undone(two: tuple[Path, Path], capsys: Captured) -> None:
    main(["remove", "alpha"])
    follow(two[0])
    capsys.readouterr()
    assert main(["undo"]) == 1
    assert "was edited since, so this cannot be taken back: Removed “Alpha”." in (
        capsys.readouterr().err
    )
    assert followed() == (Source(str(two[0])),)


def test_broken_settings_are_said_and_not_changed(capsys: Captured) -> None:
    file = settings("this is not TOML")
    for command in (["sources"], ["remove", "x"], ["change", "x", "--name", "y"], ["undo"]):
        assert main(command) == 1
        assert f"{file}, line 1: this is not TOML" in capsys.readouterr().err
    assert file.read_text() == "this is not TOML\n"
