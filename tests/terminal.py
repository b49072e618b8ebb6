"""A program in a pseudo-terminal, as a person sees it."""

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pyte

WAIT_S = 30.0
COLUMNS, ROWS = 80, 24

_IN_TERMINAL = ': <> "$0"\n'
"""Opens the terminal whose name is $0: who leads a session and has no controlling terminal gets the
first that it opens (credentials(7)), so that there is a /dev/tty."""
_PRIVATE = re.compile(rb"\x1b\[[<=>][0-9;:]*[A-Za-z]|\x1b\[\?[0-9;]*\$p")
"""What pyte would print as text: the kitty keyboard's sequences, questions about modes."""
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;:?<=>$]*)?\Z")


class Terminal:
    """A Python program in a terminal.

    command: what comes after `python`. stdin: what it reads in place of the keys.
    keys: typed before the program can read them. size: columns and rows; has_size: whether it says
    how large it is. environment: more of it, or less (None). before: shell words that run first,
    in the same process.
    """

    def __init__(
        self,
        *command: str,
        stdin: bytes | None = None,
        term: str = "xterm-256color",
        keys: str = "",
        has_size: bool = True,
        size: tuple[int, int] = (COLUMNS, ROWS),
        environment: Mapping[str, str | None] = MappingProxyType({}),
        before: str = "",
    ) -> None:
        self.sent = b""
        """All that the program wrote."""
        self.ended = False
        """Whether nobody can write to the terminal any more."""
        self._unfinished = b""
        """The beginning of an escape sequence, until its end comes."""
        self.show(*size)
        self._master, slave = pty.openpty()
        if has_size:
            termios.tcsetwinsize(slave, size[::-1])
        self.before = termios.tcgetattr(self._master)
        # Which lines a program in a terminal takes is not measured: that is a sixth of a second
        # each, and what it reads and keeps has tests of its own.
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in ("COLUMNS", "LINES") and not name.startswith("COVERAGE")
        }
        wanted = {**inherited, "TERM": term, "COLORTERM": "truecolor", **environment}
        shell = ["/bin/sh", "-c", f'{_IN_TERMINAL}{before}\nexec "$@"', os.ttyname(slave)]
        self.process = subprocess.Popen(
            [*shell, sys.executable, *command],
            stdin=slave if stdin is None else subprocess.PIPE,
            stdout=slave,
            stderr=slave,
            env={name: value for name, value in wanted.items() if value is not None},
            start_new_session=True,
        )
        os.close(slave)
        if self.process.stdin is not None:
            self.process.stdin.write(stdin or b"")
            self.process.stdin.close()
        self.type(keys)

    def show(self, columns: int, rows: int) -> None:
        """Begin with an empty screen of this size."""
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)

    @property
    def display(self) -> list[str]:
        # pyte's own stumbles over the right half of a wide letter whose left half is drawn over.
        buffer, columns = self.screen.buffer, range(self.screen.columns)
        return ["".join(buffer[y][x].data for x in columns) for y in range(self.screen.lines)]

    @property
    def text(self) -> str:
        return "\n".join(self.display)

    def type(self, keys: str | bytes) -> None:
        os.write(self._master, keys if isinstance(keys, bytes) else keys.encode())

    def attributes(self) -> Sequence[object]:
        """Of the line: whether keys are echoed, what Ctrl+C does and so on."""
        return termios.tcgetattr(self._master)

    def read(self, timeout_s: float) -> bool:
        """Take what comes within a time; False: nothing came."""
        if self.ended or not select.select([self._master], [], [], timeout_s)[0]:
            return False
        try:
            data = os.read(self._master, 65_536)
        except OSError:  # EIO: the last descriptor of the other side is closed
            data = b""
        self.ended = not data
        self.sent += data
        data = self._unfinished + data
        unfinished = _UNFINISHED.search(data)
        self._unfinished = unfinished[0] if unfinished else b""
        self._stream.feed(_PRIVATE.sub(b"", data[: len(data) - len(self._unfinished)]))
        return not self.ended

    def wait_for(self, words: str) -> None:
        """Read until these words are on the screen."""
        deadline = time.monotonic() + WAIT_S
        while words not in self.text:
            assert time.monotonic() < deadline, f"no {words!r} in:\n{self.text}"
            self.read(0.2)
            assert words in self.text or not self.ended, f"ended without {words!r}:\n{self.text}"

    def end(self) -> int:
        """Read to the end; gives the exit status."""
        deadline = time.monotonic() + WAIT_S
        while self.read(0.1) or (not self.ended and self.process.poll() is None):
            assert time.monotonic() < deadline, f"goes on:\n{self.text}"
        return self.process.wait(WAIT_S)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()

    def hang_up(self) -> None:
        """Take the terminal away, as a window that is closed or a link that drops does."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1
