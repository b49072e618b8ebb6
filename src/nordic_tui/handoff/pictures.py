"""Pictures in the terminal: by Kitty's graphics protocol, iTerm2's inline images, or Sixel.

    Pictures.why_not    whether this terminal shows pictures at all, as far as is known
    Pictures.ask        asks it, where the environment does not tell
    Pictures.prepare    a stranger's bytes -> what the terminal is sent, in a process of its own
    Pictures.draw       shows it until a key is pressed

`ask` and `draw` have the terminal for themselves: the screen must be suspended meanwhile. The
library (Pillow) is the extra "images".

Sources: sw.kovidgoyal.net/kitty/graphics-protocol; iterm2.com/documentation-images.html; DEC STD
070, section 9 (Sixel), with the raster attributes of the VT340.
"""

import asyncio
import base64
import contextlib
import os
import re
import select
import signal
import sys
import termios
import time
import tty
from collections.abc import Iterator
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

from nordic_tui.errors import HandoffError
from nordic_tui.model import Region

DEADLINE_S = 20.0
ASK_S = 0.6
"""How long a terminal may take to answer, over a slow link as well."""
MAX_ANSWER_BYTES = 1 << 24
USUAL_CELL = (10, 20)
"""Pixels of a cell where the terminal does not tell, as of a VT340."""
KITTY_CHUNK_BYTES = 4_096
_POLL_S = 0.25
_START = (
    "import sys; sys.path[:] = sys.argv[4:]; "
    "from nordic_tui.handoff.picture_child import main; main(*sys.argv[1:4])"
)
_PNG = b"\x89PNG\r\n\x1a\n"
_SIXEL = re.compile(rb"[!-~]+")
"""What the child may give for one: no control is among it."""


class Way(StrEnum):
    """How a terminal is sent a picture."""

    KITTY = "kitty"
    ITERM2 = "iterm2"
    SIXEL = "sixel"


AUTO, OFF = "auto", "off"


class Pictures:
    """What this terminal can do with a picture.

    setting: as the settings have it: one of Way, AUTO (find out) or OFF.
    Every method raises HandoffError, a sentence.
    """

    def __init__(self, setting: str = AUTO) -> None:
        self._off = setting == OFF
        self.way = Way(setting) if setting in tuple(Way) else way_by_environment()
        self._asked = setting != AUTO or self.way is not None

    def why_not(self) -> str:
        """Why no picture can be shown here, a sentence; "" where it may be possible."""
        if self._off:
            return "Pictures are switched off in the settings."
        if find_spec("PIL") is None:
            return "Pictures need the extra “images”: pip install 'nordic-tui[images]'."
        between = _between()
        if self.way is None and between:
            return f"{between} does not hand pictures on to the terminal."
        if self.way is None and self._asked:
            return (
                'This terminal says that it shows no pictures; pictures = "sixel" in the '
                "settings tries it all the same."
            )
        return ""

    @property
    def must_ask(self) -> bool:
        """Whether only the terminal itself can tell."""
        return not self._asked

    def ask(self) -> None:
        """Ask the terminal, which must have been left by the screen."""
        self._asked = True
        with _terminal() as descriptor:
            # On a screen of its own: some terminals write down what they do not understand.
            _write(descriptor, b"\x1b[?1049h")
            try:
                self.way = way_by_answer(_answer(descriptor))
            finally:
                _write(descriptor, b"\x1b[?1049l")

    async def prepare(self, body: bytes) -> bytes:
        """The picture as this terminal is sent it, scaled to the window."""
        if self.way is None:
            raise HandoffError("This terminal shows no pictures.")
        region = region_of_terminal()
        width = region.columns * region.cell_width
        height = max(region.rows - 2, 1) * region.cell_height
        return wrapped(self.way, await _converted(self.way, width, height, body))

    def draw(self, prepared: bytes, words: str) -> None:
        """Show a prepared picture over the whole window until a key is pressed.

        words: what stands below it, one line that is safe to draw.
        """
        with _terminal() as descriptor, _signals_noted() as signalled:
            rows = region_of_terminal().rows
            line = f"\x1b[{rows};1H{words}".encode()
            _write(descriptor, b"\x1b[?1049h\x1b[?25l\x1b[2J\x1b[H" + prepared + line)
            while not signalled:
                if select.select([descriptor], [], [], _POLL_S)[0]:
                    # A key of several bytes, an arrow, is one key.
                    os.read(descriptor, 64)
                    break
            forget = b"\x1b_Ga=d,d=A,q=2\x1b\\" if self.way is Way.KITTY else b""
            _write(descriptor, forget + b"\x1b[2J\x1b[?25h\x1b[?1049l")


# ── which way ───────────────────────────────────────────────────────────────────────────────


def _between() -> str:
    return "tmux" if os.environ.get("TMUX") else "screen" if os.environ.get("STY") else ""


def way_by_environment() -> Way | None:
    """What the environment tells of the terminal; None: nothing."""
    if _between():
        return None
    term, program = os.environ.get("TERM", ""), os.environ.get("TERM_PROGRAM", "").lower()
    if (
        "KITTY_WINDOW_ID" in os.environ
        or "KONSOLE_VERSION" in os.environ
        or term in ("xterm-kitty", "xterm-ghostty")
        or program == "ghostty"
    ):
        return Way.KITTY
    if program in ("iterm.app", "wezterm", "mintty") or "iTerm2" in os.environ.get(
        "LC_TERMINAL", ""
    ):
        return Way.ITERM2
    return Way.SIXEL if term.startswith(("foot", "mlterm", "contour")) else None


QUESTION = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[c"
"""Kitty's question, then one that every terminal answers (DA1): what comes before that answer
was for the first."""
_ATTRIBUTES = re.compile(rb"\x1b\[\?([0-9;]*)c")


def way_by_answer(answer: bytes) -> Way | None:
    """What a terminal answered to QUESTION."""
    if b"\x1b_Gi=31;OK" in answer:
        return Way.KITTY
    attributes = _ATTRIBUTES.search(answer)
    return Way.SIXEL if attributes and b"4" in attributes[1].split(b";") else None


def _answer(descriptor: int) -> bytes:
    _write(descriptor, QUESTION)
    end, found = time.monotonic() + ASK_S, b""
    while (left := end - time.monotonic()) > 0 and not _ATTRIBUTES.search(found):
        if select.select([descriptor], [], [], left)[0]:
            found += os.read(descriptor, 1_024)
    return found


# ── the terminal ────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def _terminal() -> Iterator[int]:
    """The terminal, every key of it a byte; as it was afterwards."""
    try:
        descriptor = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        raise HandoffError("There is no terminal to draw in.") from error
    try:
        before = termios.tcgetattr(descriptor)
        tty.setraw(descriptor)
        try:
            yield descriptor
        finally:
            termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)
    except (OSError, termios.error) as error:
        raise HandoffError("The terminal does not answer any more.") from error
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _signals_noted() -> Iterator[list[int]]:
    """The signals that ask the program to end: whoever waits for a key must not wait on. Who
    listens to them otherwise hears of them as well."""
    noted: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        noted.append(number)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        signal.signal(number, note)
    try:
        yield noted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def region_of_terminal() -> Region:
    """The window in cells and pixels (TIOCGWINSZ); guessed where the terminal does not tell."""
    import fcntl
    import struct

    rows = columns = width = height = 0
    with contextlib.suppress(OSError):
        descriptor = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            size = fcntl.ioctl(descriptor, termios.TIOCGWINSZ, bytes(8))
            rows, columns, width, height = struct.unpack("HHHH", size)
        finally:
            os.close(descriptor)
    rows, columns = rows or 24, columns or 80
    cell = (width // columns, height // rows)
    return Region(columns, rows, *(cell if all(cell) else USUAL_CELL))


# ── the picture ─────────────────────────────────────────────────────────────────────────────


def wrapped(way: Way, converted: bytes) -> bytes:
    """What the child gave, as the terminal is sent it."""
    if way is Way.SIXEL:
        return b"\x1bP0;1q" + converted + b"\x1b\\"
    payload = base64.b64encode(converted)
    if way is Way.ITERM2:
        head = f"\x1b]1337;File=inline=1;size={len(converted)}:".encode()
        return head + payload + b"\x07"
    chunks = [
        payload[start : start + KITTY_CHUNK_BYTES]
        for start in range(0, len(payload), KITTY_CHUNK_BYTES)
    ]
    pieces = []
    for number, chunk in enumerate(chunks):
        head = b"a=T,f=100,q=2," if number == 0 else b"q=2,"
        more = b"m=1" if number < len(chunks) - 1 else b"m=0"
        pieces.append(b"\x1b_G" + head + more + b";" + chunk + b"\x1b\\")
    return b"".join(pieces)


async def _converted(way: Way, width: int, height: int, body: bytes) -> bytes:
    """PNG, or the inside of a Sixel sequence, no larger than the room. Nothing that comes back is
    trusted: it is what it should be, or it is not shown."""
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-c",
            _START,
            str(way),
            str(width),
            str(height),
            *(path or str(Path.cwd()) for path in sys.path),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise HandoffError("The process that reads pictures did not start.") from error
    try:
        async with asyncio.timeout(DEADLINE_S):
            answer = await _exchange(process, body)
            status = await process.wait()
    except TimeoutError as error:
        raise HandoffError(f"The picture could not be read within {DEADLINE_S:g} s.") from error
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if status or not answer:
        raise HandoffError("This is no picture that can be read (PNG, JPEG, GIF, WebP).")
    if not (_SIXEL.fullmatch(answer) if way is Way.SIXEL else answer.startswith(_PNG)):
        raise HandoffError("The process that reads pictures gave no picture.")
    return answer


async def _exchange(process: asyncio.subprocess.Process, body: bytes) -> bytes:
    """The whole answer; "" if it is longer than allowed."""
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None
    assert stdout is not None

    async def send() -> None:
        with contextlib.suppress(OSError):  # it may end before it has read everything
            stdin.write(body)
            await stdin.drain()
        stdin.close()

    sending = asyncio.ensure_future(send())
    answer = bytearray()
    try:
        while data := await stdout.read(1 << 16):
            answer += data
            if len(answer) > MAX_ANSWER_BYTES:
                process.kill()
                return b""
        await sending
    finally:
        sending.cancel()
    return bytes(answer)
