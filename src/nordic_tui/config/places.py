"""The places of this person on this system, as plain text: a check from a login is over before
pathlib and platformdirs are imported."""

import os
import sys


def places() -> dict[str, str]:
    """Every file of `config.paths.Paths` by its name; nothing is created.

    Raises RuntimeError where there is no home directory.
    """
    config, cache, data, state, log = _xdg() or _system()
    join = os.path.join
    return {
        "settings_file": join(config, "settings.toml"),
        "cache_file": join(cache, "cache.db"),
        "history_file": join(data, "history.db"),
        "library_file": join(data, "library.db"),
        "undo_file": join(data, "undo.json"),
        "consent_file": join(data, "consent.json"),
        "log_file": join(log, "nordic-tui.log"),
        "last_check_file": join(state, "last-check.json"),
    }


def _xdg() -> tuple[str, ...] | None:
    """By the XDG Base Directory Specification, which says that a relative path is none; None: it is
    no plain Linux, or its home is not told plainly."""
    home = os.environ.get("HOME", "")
    if sys.platform != "linux" or "ANDROID_DATA" in os.environ or not home.startswith("/"):
        return None
    found = []
    join = os.path.join  # as text: pathlib takes a tenth of a check
    for kind, usual in (
        ("CONFIG", "/.config"),
        ("CACHE", "/.cache"),
        ("DATA", "/.local/share"),
        ("STATE", "/.local/state"),
    ):
        base = os.environ.get(f"XDG_{kind}_HOME", "")
        if not base.startswith("/"):
            base = home.rstrip("/") + usual
        found.append(join(base, "nordic-tui"))
    return (*found, join(found[3], "log"))


def _system() -> tuple[str, ...]:
    from platformdirs import PlatformDirs

    dirs = PlatformDirs("nordic-tui", appauthor=False)
    return (
        dirs.user_config_dir,
        dirs.user_cache_dir,
        dirs.user_data_dir,
        dirs.user_state_dir,
        dirs.user_log_dir,
    )
