from collections.abc import Callable
from pathlib import Path

import pytest

TELLING = (
    "BROWSER", "DISPLAY", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "LC_TERMINAL", "SSH_CONNECTION",
    "SSH_TTY", "STY", "TERM_PROGRAM", "TMUX", "WAYLAND_DISPLAY",
)  # fmt: skip
"""What the environment tells of where the person sits."""

MakeProgram = Callable[..., Path]


@pytest.fixture(autouse=True)
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder where programs are found; nothing is known of the terminal."""
    for name in TELLING:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("sys.platform", "linux")
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def make_program(bin_folder: Path) -> MakeProgram:
    """Makes a program of this name: it writes its arguments, a line each, and its standard input
    into the file that this gives, then does what `script` says."""

    def make(name: str, script: str = "exit 0") -> Path:
        log = bin_folder / f"{name}.log"
        program = bin_folder / name
        program.write_text(
            "#!/bin/sh\n"
            f'for each in "$@"; do printf "%s\\n" "$each" >> "{log}.part"; done\n'
            f'/bin/cat >> "{log}.part"\n'
            f'/bin/mv "{log}.part" "{log}"\n'
            f"{script}\n"
        )
        program.chmod(0o755)
        return log

    return make
