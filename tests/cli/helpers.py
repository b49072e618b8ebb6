"""A home directory of its own, feeds in it, and programs in a pseudo-terminal."""

import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pyte

from nordic_tui import wiring
from nordic_tui.config.paths import Paths, find_paths
from nordic_tui.config.settings import load
from nordic_tui.decode.detect import decode
from nordic_tui.model import Answer, View

WAIT_S = 30.0
PROGRAM = (sys.executable, "-m", "nordic_tui")
_IN_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(1, termios.TIOCSCTTY, 0); "
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
"""Makes what stdout is the controlling terminal, so that there is a /dev/tty."""


def post(
    title: str, *, day: int | None = None, categories: Sequence[str] = ()
) -> dict[str, object]:
    """A post of a JSON Feed, published on a day of May 2024."""
    found: dict[str, object] = {
        "id": title,
        "title": title,
        "url": f"https://news.example/{len(title)}",
        "content_text": f"About {title}.",
        "tags": list(categories),
        "authors": [{"name": "Aino"}],
    }
    if day is not None:
        found["date_published"] = f"2024-05-{day:02}T08:00:00Z"
    return found


def feed(file: Path, title: str, *posts: dict[str, object]) -> Path:
    version = "https://jsonfeed.org/version/1.1"
    file.write_text(json.dumps({"version": version, "title": title, "items": posts}))
    return file


def settings(*lines: str) -> Path:
    file = find_paths().settings_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([*lines, ""]))
    return file


def follow(*addresses: Path | str) -> None:
    """Write settings that follow these and nothing else."""
    if not addresses:
        settings("sources = []")
        return
    settings(*(f'[[sources]]\naddress = "{address}"' for address in addresses))


def store(*files: Path) -> None:
    """Follow these feeds and keep their posts, as a refresh does."""
    follow(*files)
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        for state in parts.store.states():
            read = decode(Path(state.address).read_bytes())
            parts.store.save_feed(state.address, read, state).result(WAIT_S)


def keep_history(*, reading: str = "") -> Paths:
    """Agree to the reading history, and read every post whose title holds `reading`."""
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        parts.history.decide(Answer.KEEP)
        if reading:
            view = View(title=reading)
            assert parts.history.mark_view(view, parts.store.snapshot()).result(WAIT_S)
    return paths


class Terminal:
    """A program in a terminal of 80 columns and 24 rows."""

    def __init__(self, *command: str, stdin: bytes | None = None, term: str = "xterm-256color"):
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self.sent = b""
        """All that the program wrote."""
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", _IN_TERMINAL, *command],
            stdin=slave if stdin is None else subprocess.PIPE,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "TERM": term, "COLUMNS": "80", "LINES": "24"},
            start_new_session=True,
        )
        os.close(slave)
        if self.process.stdin is not None:
            self.process.stdin.write(stdin or b"")
            self.process.stdin.close()

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def wait_for(self, words: str) -> None:
        """Read until these words are on the screen."""
        deadline = time.monotonic() + WAIT_S
        while words not in self.text:
            assert time.monotonic() < deadline, f"no {words!r} in:\n{self.text}"
            assert self._read(), f"ended without {words!r}:\n{self.text}"

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def end(self) -> int:
        """Read to the end; gives the exit status."""
        deadline = time.monotonic() + WAIT_S
        while self._read():
            assert time.monotonic() < deadline, f"goes on:\n{self.text}"
        return self.process.wait(WAIT_S)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)

    def _read(self) -> bool:
        """Take what is there, or wait a moment for it; False at the end."""
        if not select.select([self._master], [], [], 0.2)[0]:
            return True
        try:
            data = os.read(self._master, 65_536)
        except OSError:  # EIO: the last descriptor of the other side is closed
            return False
        self.sent += data
        self._stream.feed(data)
        return bool(data)
