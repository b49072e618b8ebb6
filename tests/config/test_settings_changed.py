"""The settings file, changed by the program: nothing else in it changes."""

import os
from pathlib import Path

import pytest

from nordic_tui.config.settings import SETTINGS, Settings, change, load
from nordic_tui.errors import SettingsError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


# ── changing ────────────────────────────────────────────────────────────────────────────────

KEPT = """\
# My settings
refresh_minutes = 30   # not too often
theme = "fjord" # as in the talk

# the one that matters
[[sources]]
address = "https://nordicsafecities.org/feed/"

[keys]
quit = 'q'
"""


def test_a_change_keeps_comments_and_order(path: Path) -> None:
    path.write_text(KEPT)
    change(path, "theme", "dawn")
    assert path.read_text() == KEPT.replace('"fjord"', '"dawn"')


def test_a_new_key_comes_before_the_tables(path: Path) -> None:
    path.write_text(KEPT)
    change(path, "mark_read_after_seconds", False)
    settings = load(path)
    assert settings.mark_read_after_s == 0.0
    assert settings.keys == {"quit": "q"}
    assert path.read_text().replace("mark_read_after_seconds = false\n", "") == KEPT


def test_a_missing_file_and_directory_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "config" / "nordic-tui" / "settings.toml"
    change(path, "refresh_minutes", 120)
    assert load(path) == Settings(refresh_interval_s=7200.0)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_link_stays_a_link(path: Path, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles" / "nordic.toml"
    kept.parent.mkdir(mode=0o755)
    kept.write_text(KEPT)
    path.symlink_to(kept)
    change(path, "theme", "dawn")
    assert path.is_symlink()
    assert load(kept).theme == "dawn"
    assert kept.parent.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        (
            "refresh_minutes",
            5,
            "refresh_minutes must be a number of minutes from 10 to 10080, not 5.",
        ),
        ("theme", "", 'theme must be the name of a theme, not "".'),
        (
            "sources",
            "x",
            "sources is not a setting that can be changed. Allowed: "
            + ", ".join(setting.key for setting in SETTINGS)
            + ".",
        ),
    ],
)
def test_a_wrong_change_is_refused(path: Path, key: str, value: str | int, sentence: str) -> None:
    path.write_text(KEPT)
    with pytest.raises(SettingsError) as caught:
        change(path, key, value)
    assert str(caught.value) == sentence
    assert path.read_text() == KEPT


def test_a_broken_file_is_not_changed(path: Path) -> None:
    path.write_text("theme =")
    with pytest.raises(SettingsError, match="line 1: this is not TOML"):
        change(path, "theme", "dawn")
    assert path.read_text() == "theme ="


def test_a_crash_while_writing_leaves_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path.write_text(KEPT)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsError) as caught:
        change(path, "theme", "dawn")
    assert str(caught.value) == f"{path} could not be written: no space left on device."
    assert path.read_text() == KEPT
    assert list(path.parent.iterdir()) == [path]


def test_programs_for_files_and_how_posts_are_handed_on(path: Path) -> None:
    path.write_text(
        'pipe_through_shell = true\npictures = "sixel"\n[open]\nAudio = "mpv %s"\nany = "xdg-open"'
    )
    settings = load(path)
    assert settings.open_with == {"audio": "mpv %s", "any": "xdg-open"}
    assert settings.pipe_through_shell
    assert settings.pictures == "sixel"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("open = 1", "open must be a table that begins with [open]."),
        ("[open]\naudio = 1", 'line 2: audio must be a command, such as "mpv %s", not 1.'),
        ('pictures = "gif"', "pictures must be one of auto, kitty, iterm2, sixel, off"),
        ("pipe_through_shell = 1", "pipe_through_shell must be true or false, not 1."),
    ],
)
def test_what_is_wrong_about_handing_on(path: Path, text: str, says: str) -> None:
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(path)
    assert says in str(caught.value)
