"""A slow line between a person's terminal and a program.

    python -m tests.slow_line [--rtt 0.2] [--baud 9600] [--mute] COMMAND ...

The program gets a pseudo-terminal of its own; what it writes arrives at the terminal as late as it
would at the end of a line of so many baud (ten bits a byte) and after half a round trip, and what
the terminal sends, keys and answers, after the other half. As with SSH the line's near end takes
more than it has sent: 64 KiB wait in it.
"""

import argparse
import contextlib
import fcntl
import os
import pty
import select
import signal
import sys
import termios
import time
import tty
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Final

BITS_A_BYTE: Final = 10
HELD_BYTES: Final = 65_536
"""So much a sender takes that is not on the line yet: sshd's and the kernel's buffers."""
PIECE_S: Final = 0.02
"""What goes over the line in this time arrives as one piece."""


class Direction:
    """One way over the line. Times are seconds of one clock.

    bytes_s: how many bytes a second it carries; None: as many as come.
    """

    def __init__(self, delay_s: float, bytes_s: float | None = None) -> None:
        self._delay_s = delay_s
        self._bytes_s = bytes_s
        self._free_at = 0.0
        """When all that was sent has left."""
        self._on_the_way: deque[tuple[float, bytes]] = deque()
        self.held = 0
        """Bytes that were sent and have not arrived."""

    def send(self, data: bytes, now: float) -> None:
        self.held += len(data)
        size = len(data) if self._bytes_s is None else max(int(self._bytes_s * PIECE_S), 1)
        for start in range(0, len(data), size):
            piece = data[start : start + size]
            takes_s = len(piece) / self._bytes_s if self._bytes_s else 0.0
            self._free_at = max(self._free_at, now) + takes_s
            self._on_the_way.append((self._free_at + self._delay_s, piece))

    def next_s(self, now: float) -> float | None:
        """Seconds until something arrives; None: nothing is on its way."""
        return max(self._on_the_way[0][0] - now, 0.0) if self._on_the_way else None

    def arrived(self, now: float) -> bytes:
        pieces = []
        while self._on_the_way and self._on_the_way[0][0] <= now:
            pieces.append(self._on_the_way.popleft()[1])
        data = b"".join(pieces)
        self.held -= len(data)
        return data


def relay(
    keys: int,
    screen: int,
    program: int,
    *,
    rtt_s: float,
    baud: float,
    hears: Callable[[bytes], bytes] = lambda data: data,
) -> None:
    """Carry bytes between a terminal and a program, until the program is gone.

    keys, screen, program: descriptors; program is the near side of its terminal. hears: what of
    the terminal's bytes goes on its way.
    """
    up, down = Direction(rtt_s / 2), Direction(rtt_s / 2, baud / BITS_A_BYTE)
    reading = {keys, program}
    while program in reading or down.held:
        now = time.monotonic()
        waits = [wait for way in (up, down) if (wait := way.next_s(now)) is not None]
        wanted = reading if down.held < HELD_BYTES else reading - {program}
        found, _, _ = select.select(wanted, [], [], min(waits, default=None))
        now = time.monotonic()
        for one in found:
            data = _read(one)
            if not data:
                reading.discard(one)
            elif one == keys:
                up.send(hears(data), now)
            else:
                down.send(data, now)
        if data := up.arrived(now):
            with contextlib.suppress(OSError):  # the program is gone
                os.write(program, data)
        _write(screen, down.arrived(now))


def _read(one: int) -> bytes:
    try:
        return os.read(one, 4_096)
    except OSError:  # EIO: nobody has the other side any more
        return b""


def _write(one: int, data: bytes) -> None:
    while data:
        data = data[os.write(one, data) :]


@contextlib.contextmanager
def _raw(terminal: int) -> Iterator[None]:
    if not os.isatty(terminal):
        yield
        return
    before = termios.tcgetattr(terminal)
    tty.setraw(terminal, termios.TCSANOW)  # what was typed already is kept
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.slow_line", description="Run a program over a slow line."
    )
    parser.add_argument("--rtt", type=float, default=0.2, help="seconds there and back")
    parser.add_argument("--baud", type=float, default=9_600)
    parser.add_argument("--mute", action="store_true", help="the terminal answers no question")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args(words)
    if not options.command:
        parser.error("which program?")
    child, program = pty.fork()
    if child == 0:
        os.execvp(options.command[0], options.command)  # noqa: S606  the person's own command

    def resize(*_: object) -> None:
        with contextlib.suppress(OSError):
            fcntl.ioctl(program, termios.TIOCSWINSZ, fcntl.ioctl(1, termios.TIOCGWINSZ, b"\0" * 8))

    signal.signal(signal.SIGWINCH, resize)
    resize()
    with _raw(0):
        hears = _without_answers if options.mute else bytes
        relay(0, 1, program, rtt_s=options.rtt, baud=options.baud, hears=hears)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _without_answers(data: bytes) -> bytes:
    """What a terminal sends without what only answers send: a key is short, or ends otherwise."""
    return b"" if data.startswith((b"\x1b[?", b"\x1b[0n", b"\x1bP", b"\x1b]")) else data


if __name__ == "__main__":
    sys.exit(main())
