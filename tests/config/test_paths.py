import sys
from pathlib import Path

import pytest
from platformdirs import PlatformDirs

from nordic_tui.config.paths import Paths, ensure_dir, find_paths


@pytest.mark.skipif(
    sys.platform != "linux", reason="names the directories of the XDG specification"
)
def test_the_places_on_linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("CONFIG", "CACHE", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))
    assert find_paths() == Paths(
        settings_file=tmp_path / "CONFIG" / "nordic-tui" / "settings.toml",
        cache_file=tmp_path / "CACHE" / "nordic-tui" / "cache.db",
        history_file=tmp_path / "DATA" / "nordic-tui" / "history.db",
        library_file=tmp_path / "DATA" / "nordic-tui" / "library.db",
        undo_file=tmp_path / "DATA" / "nordic-tui" / "undo.json",
        consent_file=tmp_path / "DATA" / "nordic-tui" / "consent.json",
        log_file=tmp_path / "STATE" / "nordic-tui" / "log" / "nordic-tui.log",
        last_check_file=tmp_path / "STATE" / "nordic-tui" / "last-check.json",
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"XDG_CACHE_HOME": "relative", "XDG_STATE_HOME": ""},
        {"XDG_DATA_HOME": "/elsewhere/", "XDG_CONFIG_HOME": "/a/b"},
        {"HOME": "/"},
        {"HOME": "/srv/kari/"},
        {"HOME": "relative"},
        {"HOME": ""},
    ],
    ids=str,
)
def test_the_places_are_those_that_platformdirs_names(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("CONFIG", "CACHE", "DATA", "STATE"):
        monkeypatch.delenv(f"XDG_{kind}_HOME", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    dirs = PlatformDirs("nordic-tui", appauthor=False)
    found = find_paths()
    assert found.settings_file.parent == dirs.user_config_path
    assert found.cache_file.parent == dirs.user_cache_path
    assert found.history_file.parent == found.consent_file.parent == dirs.user_data_path
    assert found.last_check_file.parent == dirs.user_state_path
    assert found.log_file.parent == dirs.user_log_path


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_directory_and_its_new_parents_are_private(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    ensure_dir(tmp_path / "a" / "b")
    assert mode(tmp_path / "a" / "b") == mode(tmp_path / "a") == 0o700
    assert mode(tmp_path) == 0o755


def test_a_directory_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.mkdir()
    path.chmod(0o755)
    ensure_dir(path)
    assert mode(path) == 0o700


def test_a_file_in_its_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(FileExistsError):
        ensure_dir(tmp_path / "a")
