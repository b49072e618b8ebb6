"""Where the program's files are, and who may read them."""

import os
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR
from typing import NamedTuple

from nordic_tui.config.places import places


class Paths(NamedTuple):
    """Every file that the program may write, whether it exists or not."""

    settings_file: Path
    cache_file: Path
    history_file: Path
    library_file: Path
    undo_file: Path
    consent_file: Path
    log_file: Path
    last_check_file: Path

    def by_name(self) -> dict[str, Path]:
        """The same by the names that people are told."""
        return {
            "settings": self.settings_file,
            "cache": self.cache_file,
            "library": self.library_file,
            "history": self.history_file,
            "consent": self.consent_file,
            "undo": self.undo_file,
            "log": self.log_file,
            "checks": self.last_check_file,
        }


def find_paths() -> Paths:
    """Return the places of this person on this system; nothing is created.

    On Linux these are the directories of the XDG Base Directory Specification. Raises RuntimeError
    where there is no home directory.
    """
    return Paths(**{name: Path(place) for name, place in places().items()})


def make_private(paths: Paths) -> None:
    """Take away what others may do with the program's own files and directories, those of them
    that are there and the person's: they were copied here, or made by hand. Never fails."""
    for path in dict.fromkeys((*(file.parent for file in paths), *paths)):
        with suppress(OSError):
            status = path.stat()
            if status.st_uid == os.getuid() and status.st_mode & 0o077:
                path.chmod(0o700 if S_ISDIR(status.st_mode) else 0o600)


def absolute(path: str | Path) -> str:
    """The path from the root on, without "..". Symbolic links stay, which `Path.resolve` would
    follow: what a person wrote is what they see again. Raises FileNotFoundError where the directory
    that it begins in is gone."""
    return os.path.abspath(path)  # noqa: PTH100  pathlib has nothing that leaves links alone


def ensure_dir(path: Path) -> None:
    """Make sure that a directory exists and is its owner's alone (mode 0700).

    Missing parents are made in the same way; existing ones, and directories of somebody else, are
    left as they are. Raises OSError.
    """
    missing = [path]
    while not missing[-1].parent.exists():
        missing.append(missing[-1].parent)
    for directory in reversed(missing):
        directory.mkdir(mode=0o700, exist_ok=True)
        directory.chmod(0o700)  # whatever the umask says
    status = path.stat()
    if status.st_uid == os.getuid() and status.st_mode & 0o777 != 0o700:
        path.chmod(0o700)
