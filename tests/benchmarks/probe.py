"""A program in a pseudo-terminal, watched from the terminal's side.

Every piece of output is kept with the moment it was read, and is interpreted only when the
program is quiet, so that looking at the screen does not delay the clock. Times are seconds of
`time.perf_counter`; CPU is the scheduler's own account, to the nanosecond
(/proc/PID/task/TID/schedstat). Linux only.
"""

import os
import re
import select
import signal
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.emulator import ByteStream, Screen

COLUMNS, ROWS = 120, 36
QUIET_S: Final = 0.15
"""No output for so long: the program has finished drawing."""
GLANCE_S: Final = 0.002
"""While something is waited for, output is interpreted when nothing came for so long."""
BURST_S: Final = 0.040
"""What is written within this time of a key is the key's own, before the excerpt follows."""

SERIAL: Final = re.compile(r"#\d{6}")
"""The mark at the end of every post's title, by which posts are known on any layout."""

_QUESTION = re.compile(
    rb"\x1b\[(?P<attributes>[>=]?)0?c"
    rb"|\x1b\[(?P<status>[56])n"
    rb"|\x1b\[\?(?P<mode>\d+)\$p"
    rb"|\x1b\[(?P<window>1[468])t"
)
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;:?<=>$]*)?\Z")
_PRIVATE = re.compile(rb"\x1b\[[<=>][0-9;:]*[A-Za-z]|\x1b\[\?[0-9;]*\$p")
"""What pyte would print as text: private sequences (the kitty keyboard's), DECRQM."""


class NotSeenError(Exception):
    """What was waited for did not come to the screen; str() ends in the last lines there are."""


@dataclass(frozen=True, slots=True)
class Output:
    """Bytes that the program wrote, and when they were read."""

    at: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """How the program answered a key. Seconds from the key; bytes as written."""

    first_s: float
    last_s: float
    burst_bytes: int
    """Within BURST_S of the key."""
    all_bytes: int


@dataclass(frozen=True, slots=True)
class Held:
    """How the program kept up with a held key."""

    settle_s: float
    """From the last key to the last byte."""
    bytes_per_key: float
    cpu_s_per_key: float


def environment(home: Path) -> dict[str, str]:
    """The environment of a person whose home is `home`, and nothing else."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
    }


class Terminal:
    """A terminal with a program in it; ended and closed on leaving the context.

    keys: typed as soon as the program is started, before it can read them.
    size: columns and rows.
    """

    def __init__(
        self,
        command: list[str],
        home: Path,
        *,
        keys: bytes = b"",
        variables: dict[str, str] | None = None,
        size: tuple[int, int] = (COLUMNS, ROWS),
    ) -> None:
        self._screen = Screen(*size)
        self._stream = ByteStream(self._screen)
        self._todo: list[Output] = []
        self._rest = b""
        self._unanswered = b""
        self._ended = False
        self.written_bytes = 0
        self.last_at = 0.0
        self._master, slave = os.openpty()
        termios.tcsetwinsize(self._master, size[::-1])
        name = os.ttyname(slave)
        self.started_at = time.perf_counter()
        # A session leader that opens a terminal gets it as its controlling one.
        self.pid = os.posix_spawn(
            command[0],
            command,
            environment(home) | (variables or {}),
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, name, os.O_RDWR, 0),
                (os.POSIX_SPAWN_DUP2, 0, 1),
                (os.POSIX_SPAWN_DUP2, 0, 2),
            ],
            setsid=True,
            setsigdef=[signal.SIGPIPE],
        )
        os.close(slave)
        if keys:
            os.write(self._master, keys)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for pid in reversed(process_tree(self.pid)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        os.waitpid(self.pid, 0)
        os.close(self._master)

    # ── reading ─────────────────────────────────────────────────────────────────────────────

    def _read(self, timeout_s: float) -> bool:
        """Take one piece of output; False: none came in time, or the program has ended."""
        if self._ended or not select.select([self._master], [], [], max(timeout_s, 0.0))[0]:
            return False
        try:
            data = os.read(self._master, 65_536)
        except OSError:
            data = b""  # Linux says EIO when the last one has closed its side
        at = time.perf_counter()
        if not data:
            self._ended = True
            return False
        self._answer(data)
        self.written_bytes += len(data)
        self.last_at = at
        self._todo.append(Output(at, data))
        return True

    def _answer(self, data: bytes) -> None:
        data = self._unanswered + data
        end = 0
        for question in _QUESTION.finditer(data):
            end = question.end()
            reply = self._reply(question)
            if reply:
                os.write(self._master, reply)
        unfinished = _UNFINISHED.search(data, end)
        self._unanswered = unfinished[0] if unfinished else b""

    def _reply(self, question: re.Match[bytes]) -> bytes:
        """What xterm says, but for the kitty keyboard, which it doesn't know: no word on it."""
        kind, value = question.lastgroup, question[question.lastgroup or 0]
        if kind == "attributes":
            return {b"": b"\x1b[?62;22c", b">": b"\x1b[>41;370;0c"}.get(value, b"")
        if kind == "status":
            cursor = self._screen.cursor
            return b"\x1b[0n" if value == b"5" else b"\x1b[%d;%dR" % (cursor.y + 1, cursor.x + 1)
        if kind == "mode":
            return b"\x1b[?%s;%d$y" % (value, 2 if value == b"2026" else 0)
        columns, rows = self._screen.columns, self._screen.lines
        return {
            b"14": b"\x1b[4;%d;%dt" % (rows * 16, columns * 8),
            b"16": b"\x1b[6;16;8t",
            b"18": b"\x1b[8;%d;%dt" % (rows, columns),
        }[value]

    def _interpret(self) -> float:
        """Draw the oldest piece of output on the screen; returns when it was read."""
        output = self._todo.pop(0)
        data = self._rest + output.data
        unfinished = _UNFINISHED.search(data)
        self._rest = unfinished[0] if unfinished else b""
        data = _PRIVATE.sub(b"", data[: len(data) - len(self._rest)])
        self._stream.feed(data)
        return output.at

    def _interpret_all(self) -> None:
        while self._todo:
            self._interpret()

    def read_until_quiet(self, gap_s: float = QUIET_S, timeout_s: float = 30.0) -> None:
        """Read until nothing came for `gap_s`; the screen is as the program left it."""
        end = time.perf_counter() + timeout_s
        while time.perf_counter() < end and self._read(gap_s):
            pass
        self._interpret_all()

    def read_for(self, seconds: float) -> None:
        """Read for so long, whatever comes."""
        end = time.perf_counter() + seconds
        while (left_s := end - time.perf_counter()) > 0 and not self._ended:
            self._read(left_s)
        self._interpret_all()

    def wait(self, seen: Callable[[], bool], what: str, timeout_s: float = 60.0) -> float:
        """Read until `seen`; returns when the output was read that brought it.

        Raises NotSeenError.
        """
        self._interpret_all()
        if seen():
            return self.last_at
        end = time.perf_counter() + timeout_s
        while time.perf_counter() < end and not self._ended:
            if self._read(GLANCE_S if self._todo else end - time.perf_counter()):
                continue
            while self._todo:
                at = self._interpret()
                if seen():
                    return at
        why = "the program ended" if self._ended else f"not seen within {timeout_s:g} s"
        raise NotSeenError(f"{what}: {why}\n{self._last_lines}")

    # ── the screen ──────────────────────────────────────────────────────────────────────────

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def _last_lines(self) -> str:
        return "\n".join(line for line in self.text.splitlines() if line)[-400:]

    def shows(self, pattern: str) -> bool:
        return re.search(pattern, self.text) is not None

    def serials(self, most: int = 5) -> tuple[str, ...]:
        """The first posts on the screen, from the top: rows of the list, not the excerpt."""
        return tuple(SERIAL.findall(self.text)[:most])

    def cursor_post(self) -> str:
        """The post under the cursor: the one whose background is its own; "" if there is none."""
        backgrounds: dict[str, list[str]] = {}
        for y, line in enumerate(self._screen.display):
            found = SERIAL.search(line)
            if found:
                cell = self._screen.buffer[y][found.start()]
                background = f"{cell.bg}{cell.reverse}"
                backgrounds.setdefault(background, []).append(found[0])
        alone = [posts[0] for posts in backgrounds.values() if len(posts) == 1]
        return alone[0] if len(backgrounds) == 2 and len(alone) == 1 else ""

    # ── keys ────────────────────────────────────────────────────────────────────────────────

    def type(self, keys: bytes) -> float:
        """Type; returns when."""
        at = time.perf_counter()
        os.write(self._master, keys)
        return at

    def press(self, key: bytes) -> Answer | None:
        """Type a key and read until the program is quiet; None: it wrote nothing."""
        self.read_until_quiet(gap_s=0.02)
        before = self.written_bytes
        at = self.type(key)
        self._read(1.0)
        while self._read(QUIET_S):
            pass
        outputs = self._todo.copy()
        self._interpret_all()
        if not outputs:
            return None
        burst = sum(len(output.data) for output in outputs if output.at - at <= BURST_S)
        return Answer(outputs[0].at - at, outputs[-1].at - at, burst, self.written_bytes - before)

    def press_until(self, key: bytes, seen: Callable[[], bool], what: str) -> float:
        """Type a key; seconds until `seen`, which was not so before. Raises NotSeenError."""
        self.read_until_quiet()
        if seen():
            raise NotSeenError(f"{what}: there before the key\n{self._last_lines}")
        at = self.type(key)
        return self.wait(seen, what, timeout_s=20.0) - at

    def press_and_settle(self, key: bytes) -> float | None:
        """Type a key; seconds until the first posts on the screen were those that stayed.

        None: they did not change.
        """
        self.read_until_quiet()
        before = self.serials()
        at = self.type(key)
        self._read(1.0)
        while self._read(QUIET_S):
            pass
        seen = []
        while self._todo:
            moment = self._interpret()
            seen.append((moment - at, self.serials()))
        if not seen or seen[-1][1] == before:
            return None
        return next(seconds for seconds, posts in seen if posts == seen[-1][1])

    def hold(self, key: bytes, *, keys: int, per_second: float) -> Held:
        """Type a key again and again, as a keyboard's repeat does, whatever the program does."""
        self.read_until_quiet()
        before, cpu_s = self.written_bytes, self.cpu_s()
        start = at = time.perf_counter()
        for number in range(keys):
            while (left_s := start + number / per_second - time.perf_counter()) > 0:
                self._read(left_s)
            at = self.type(key)
        while self._read(QUIET_S):
            pass
        held = Held(
            max(self.last_at - at, 0.0),
            (self.written_bytes - before) / keys,
            (self.cpu_s() - cpu_s) / keys,
        )
        self._interpret_all()
        return held

    def idle(self, seconds: float) -> tuple[int, float]:
        """Type nothing; returns the bytes written and the CPU seconds used meanwhile."""
        self.read_until_quiet()
        before, cpu_s = self.written_bytes, self.cpu_s()
        self.read_for(seconds)
        return self.written_bytes - before, self.cpu_s() - cpu_s

    # ── the processes ───────────────────────────────────────────────────────────────────────

    def cpu_s(self) -> float:
        """Seconds of CPU that the program and its children have used, those that live."""
        spent_ns = 0
        for pid in process_tree(self.pid):
            for stat in Path(f"/proc/{pid}/task").glob("*/schedstat"):
                spent_ns += sum(map(int, _read_text(stat).split()[:1]))
        return spent_ns / 1e9

    def memory_mb(self) -> float:
        """The resident memory of all processes of the tree now (VmRSS), in MB."""
        return self._memory_mb("VmRSS")

    def peak_memory_mb(self) -> float:
        """The most resident memory each process of the tree ever had (VmHWM), summed, in MB."""
        return self._memory_mb("VmHWM")

    def _memory_mb(self, line: str) -> float:
        total_kib = 0
        for pid in process_tree(self.pid):
            found = re.search(rf"{line}:\s+(\d+)", _read_text(Path(f"/proc/{pid}/status")))
            total_kib += int(found[1]) if found else 0
        return total_kib * 1024 / 1e6


def process_tree(root: int) -> list[int]:
    """A process and all that descend from it."""
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            todo += map(int, _read_text(children).split())
    return found


def _read_text(path: Path) -> str:
    """The text of a file in /proc; "" if its process has ended."""
    try:
        return path.read_text()
    except OSError:
        return ""
