"""`nordic-tui config`: the settings file, written, checked, read and changed."""

import json
import stat
from pathlib import Path

import pytest

from nordic_tui.cli import main
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import SETTINGS, Settings, load
from nordic_tui.config.themes import NAMES
from nordic_tui.tui.theme import theme_names
from tests.cli.helpers import settings

Said = pytest.CaptureFixture[str]


def test_the_names_of_the_themes_are_those_of_the_screen() -> None:
    assert set(NAMES) == theme_names()


def test_init_writes_every_setting_as_it_usually_is(capsys: Said) -> None:
    assert main(["config", "init"]) == 0
    file = find_paths().settings_file
    assert str(file) in capsys.readouterr().err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load(file)._replace(sources=()) == Settings(sources=())
    for setting in SETTINGS:
        assert f"# {setting.meaning}\n" in file.read_text()
    assert main(["config", "check"]) == 0


def test_init_never_overwrites(home: Path, capsys: Said) -> None:
    file = settings('theme = "snow"  # mine')
    assert main(["config", "init"]) == 1
    assert file.read_text() == 'theme = "snow"  # mine\n'
    assert "left as it is" in capsys.readouterr().err
    file.unlink()
    file.symlink_to(home / "elsewhere.toml")
    assert main(["config", "init"]) == 1
    assert not (home / "elsewhere.toml").exists()


def test_check_names_file_line_and_what_is_allowed(capsys: Said) -> None:
    file = settings('theme = "fjort"', "refresh_minutes = 5", "[keys]", 'stars = "s"')
    assert main(["config", "check"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    first, second, third = err.splitlines()
    assert first.startswith(f"nordic-tui: {file}, line 1: theme must be one of ansi-dark")
    assert f"{file}, line 2: refresh_minutes must be a number of minutes from 10 to" in second
    assert f"{file}, line 4: stars is not a command. Did you mean star?" in third


def test_check_of_a_good_file(home: Path, capsys: Said) -> None:
    other = home / "other.toml"
    assert main(["config", "check", str(other)]) == 1
    assert main(["config", "check"]) == 0
    assert "config init" in capsys.readouterr().err
    other.write_text('[keys]\nmark_view = "/"\nstar = ""\n')
    assert main(["config", "check", str(other)]) == 0
    out, err = capsys.readouterr()
    assert out == f"{other} is in order: 1 source, 0 saved views, 0 rules.\n"
    assert err == (
        f"nordic-tui: {other}: no key is left for search; other commands have taken its own "
        "(slash).\n"
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("theme", "snow"),
        ("keymap", "nordic"),
        ("refresh_on_start", "true"),
        ("refresh_minutes", "90"),
        ("keys.star", "*"),
        ("keys.next_unread", "n"),
        ("open.audio", "mpv %s"),
        ("open.video", ""),
    ],
)
def test_get_prints_what_holds(key: str, value: str, capsys: Said) -> None:
    settings(
        'theme = "snow"', "refresh_minutes = 90", '[keys]\nstar = "*"', '[open]\naudio="mpv %s"'
    )
    assert main(["config", "get", key]) == 0
    assert capsys.readouterr().out == f"{value}\n"


def test_get_shows_all_settings_and_no_secret(capsys: Said) -> None:
    settings(
        "retention_days = 30",
        '[keys]\nstar = "*"',
        '[[sources]]\naddress = "https://user:secret@example.org/"\nlogin = { variable = "TOKEN" }',
    )
    assert main(["config", "get"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == [*(s.key for s in SETTINGS), "keys.star"]
    assert ["retention_days", "30", "set"] in rows
    assert ["theme", "fjord", "usual"] in rows
    assert main(["config", "get", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["version"] == 1
    assert found["settings"]["retention_days"] == {"value": 30, "set": True}
    assert main(["config", "get", "sources"]) == 2
    assert main(["config", "get", "sources.address"]) == 2
    assert "secret" not in "".join(capsys.readouterr())


def test_set_keeps_comments_and_everything_else(capsys: Said) -> None:
    file = settings("# mine", 'theme = "fjord"  # dark', "", "[keys]", 'star = "*"  # a sign')
    for words in (
        ("theme", "snow"),
        ("mark_read_after_seconds", "false"),
        ("keys.next_unread", "n,N"),
        ("open.audio", "mpv %s"),
        ("keys.star", "--default"),
    ):
        assert main(["config", "set", *words]) == 0
    text = file.read_text()
    assert text.startswith('# mine\ntheme = "snow"  # dark\n')
    kept = load(file)
    assert (kept.theme, kept.mark_read_after_s) == ("snow", 0)
    assert kept.keys == {"next_unread": "n,N"}
    assert kept.open_with == {"audio": "mpv %s"}
    err = capsys.readouterr().err
    assert 'theme is "snow" now; it was "fjord".' in err
    assert 'keys.star is "s" now; it was "*".' in err


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (("theme", "fjort"), 1, "theme must be one of ansi-dark, "),
        (("keymap", "vim"), 1, 'keymap must be one of nordic, newsboat, not "vim".'),
        (("refresh_minutes", "5"), 1, "must be a number of minutes from 10 to 10080, not 5."),
        (("refresh_minutes", "soon"), 1, 'from 10 to 10080, not "soon".'),
        (("refresh_on_start", "1"), 1, "refresh_on_start must be true or false, not 1."),
        (("them", "snow"), 2, "them is not a setting. Did you mean theme?"),
        (("keys.stars", "s"), 2, "keys.stars is not a setting. Did you mean keys.star?"),
        (("open.audio", " "), 1, 'open.audio must be a text, not " ".'),
        (("sources", "x"), 2, "nordic-tui sources shows sources."),
        (("theme",), 2, "needs a value, or --default"),
        (("theme", "snow", "--default"), 2, "needs a value, or --default"),
    ],
)
def test_a_wrong_set_is_refused(
    words: tuple[str, ...], status: int, sentence: str, capsys: Said
) -> None:
    file = settings("# mine")
    assert main(["config", "set", *words]) == status
    assert sentence in capsys.readouterr().err
    assert file.read_text() == "# mine\n"
