"""The reader in a pseudo-terminal: what it leaves behind, and that no key is lost."""

import base64
import os
import re
import signal
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from nordic_tui.service.history import NOTICE
from tests.cli.helpers import feed, post, settings, store
from tests.terminal import WAIT_S, Terminal

TITLES = ["Alfa", "Bravo", "Kyst", "Delta", "Ekko", "Foxtrot"]
QUIET_S = 0.15
"""No byte for so long: what was to be drawn is drawn (the excerpt waits for a rest of 50 ms)."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with six posts in the cache, a reading history declined, nothing asked for."""
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
    posts = (post(title, day=20 - n, categories=["Events"]) for n, title in enumerate(TITLES))
    file = feed(tmp_path / "news.json", "News", *posts)
    store(file)
    settings(
        "refresh_on_start = false",
        "mark_read_after_seconds = 0",
        "[[sources]]",
        f'address = "{file}"',
    )
    consent = tmp_path / ".local/share/nordic-tui/consent.json"
    consent.parent.mkdir(parents=True, exist_ok=True)
    at = "2026-10-01T12:00:00+00:00"
    consent.write_text(f'{{"answer": "never", "at": "{at}", "notice": {NOTICE}}}')
    return tmp_path


class Reader(Terminal):
    """The reader in a terminal. words: its command line."""

    def __init__(self, *words: str, keys: str = "", has_size: bool = True) -> None:
        super().__init__("-m", "nordic_tui", *words, keys=keys, has_size=has_size)

    def wait_until_ready(self) -> None:
        """Read until the posts are there and the program is quiet."""
        self.wait_for("Alfa")
        self.settle()

    def settle(self) -> None:
        """Read what comes, until the program is quiet."""
        deadline = time.monotonic() + WAIT_S
        self.read(1.0)
        while self.read(QUIET_S):
            assert time.monotonic() < deadline, "never quiet"

    def written_within(self, seconds: float) -> bytes:
        before, deadline = len(self.sent), time.monotonic() + seconds
        while (left_s := deadline - time.monotonic()) > 0:
            self.read(left_s)
        return self.sent[before:]

    def resize(self, columns: int, rows: int) -> None:
        self.show(columns, rows)
        termios.tcsetwinsize(self._master, (rows, columns))
        self.process.send_signal(signal.SIGWINCH)

    def redrawn(self) -> list[str]:
        """The screen after everything was drawn again."""
        self.type("\x0c")
        self.settle()
        return self.display

    def cursor_line(self) -> str:
        return next(line for line in self.display if "▌" in line)

    def modes(self) -> dict[str, bool]:
        """Which private modes are on, by what the program sent last of each."""
        found: dict[str, bool] = {}
        for numbers, what in re.findall(rb"\x1b\[\?([0-9;]+)([hl])", self.sent):
            for number in numbers.decode().split(";"):
                found[number] = what == b"h"
        return found


Start = Callable[..., Reader]


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Starts readers, and ends them with the test."""
    with ExitStack() as readers:

        def one(*words: str, keys: str = "", has_size: bool = True) -> Reader:
            reader = Reader(*words, keys=keys, has_size=has_size)
            readers.callback(reader.close)
            return reader

        yield one


ALTERNATE_SCREEN, CURSOR, BRACKETED_PASTE, FOCUS_EVENTS = "1049", "25", "2004", "1004"
MOUSE = ("1000", "1002", "1003", "1006", "1015")


def test_over_a_slow_line_the_mouse_is_heard_where_it_clicks(start: Start) -> None:
    reader = start("--profile", "ssh")
    reader.wait_until_ready()
    reader.type("\x1b[<35;9;9M\x1b[<35;30;12Mq")
    assert reader.end() == 0
    modes = re.findall(rb"\x1b\[\?([0-9]+)h", reader.sent)
    assert {b"1000", b"1006"} <= set(modes)
    assert not {b"1002", b"1003"} & set(modes)
    assert b"\x1b]22;" not in reader.sent


@pytest.mark.parametrize(
    ("how", "status"),
    [("q", 0), ("\x03", 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)],
    ids=["q", "Ctrl+C", "SIGTERM", "SIGHUP", "SIGINT"],
)
def test_it_leaves_the_terminal_as_it_was(
    how: str | signal.Signals, status: int, start: Start
) -> None:
    reader = start()
    reader.wait_until_ready()
    modes = reader.modes()
    assert modes[ALTERNATE_SCREEN]
    assert modes["1003"]
    assert not modes[CURSOR]
    assert reader.attributes() != reader.before
    if isinstance(how, str):
        reader.type(how)
    else:
        reader.process.send_signal(how)
    assert reader.end() == status
    modes = reader.modes()
    assert not modes[ALTERNATE_SCREEN]
    assert modes[CURSOR]
    assert [mode for mode in (*MOUSE, BRACKETED_PASTE, FOCUS_EVENTS) if modes.get(mode)] == []
    assert reader.attributes() == reader.before
    assert b"Traceback" not in reader.sent
    # The kitty keyboard's mode is taken from the stack as often as it was put there.
    assert len(re.findall(rb"\x1b\[<1?u", reader.sent)) >= reader.sent.count(b"\x1b[>1u")


def test_a_terminal_without_a_size_is_drawn_once(start: Start) -> None:
    reader = start(has_size=False)
    reader.wait_until_ready()
    reader.type("q")
    assert reader.end() == 0


def test_it_ends_where_the_terminal_goes_away(start: Start) -> None:
    reader = start()
    reader.wait_until_ready()
    reader.hang_up()
    assert reader.process.wait(WAIT_S) == 129


def test_a_key_typed_before_it_is_there_is_not_lost(start: Start) -> None:
    reader = start(keys="jj")
    reader.wait_for("About Kyst.")
    reader.settle()
    assert "Kyst" in reader.cursor_line()


def test_it_writes_no_byte_while_nobody_types(start: Start) -> None:
    reader = start()
    reader.wait_until_ready()
    assert reader.written_within(0.7) == b""


def test_what_is_drawn_bit_by_bit_is_what_is_drawn_at_once(start: Start) -> None:
    reader = start()
    reader.wait_for("Alfa")
    for keys in ("jj", "m", "l", "hh", "j", "ff", "\x1b\r", "?", "\x1b", "T"):
        reader.type(keys)
        reader.settle()
        drawn = reader.display
        assert drawn == reader.redrawn(), f"after {keys!r}"
    assert any("Alfa" in line for line in reader.display)
    assert reader.process.poll() is None


def test_it_follows_the_windows_size(start: Start) -> None:
    reader = start()
    reader.wait_until_ready()
    for columns, rows, seen in ((40, 12, "‹ Categories"), (1, 1, "M"), (100, 30, "Events")):
        reader.resize(columns, rows)
        reader.settle()
        drawn = reader.display
        assert drawn == reader.redrawn()
        assert len(drawn) == rows
        assert any(seen in line for line in drawn), drawn
    reader.type("j")
    reader.settle()
    assert "Bravo" in reader.cursor_line()


def test_back_from_suspension_everything_is_drawn_again(start: Start) -> None:
    reader = start()
    reader.wait_until_ready()
    shown = reader.display
    reader.type("\x1a")
    _, status = os.waitpid(reader.process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    reader.settle()
    assert not reader.modes()["1049"]
    reader.show(80, 24)  # another screen has nothing of the one before
    reader.process.send_signal(signal.SIGCONT)
    reader.wait_until_ready()
    assert reader.display == shown
    reader.type("j")
    reader.settle()
    assert "Bravo" in reader.cursor_line()


def test_stopped_from_outside_it_goes_on_as_it_was(start: Start) -> None:
    reader = start()
    reader.wait_until_ready()
    shown = reader.display
    reader.process.send_signal(signal.SIGSTOP)
    os.waitpid(reader.process.pid, os.WUNTRACED)
    reader.show(80, 24)  # the shell has written over it
    reader.process.send_signal(signal.SIGCONT)
    reader.wait_until_ready()
    assert reader.display == shown
    reader.type("jj")
    reader.settle()
    assert "Kyst" in reader.cursor_line()
    reader.type("q")
    assert reader.end() == 0


def test_without_colour_no_colour_is_sent(
    home: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    reader = start()
    reader.wait_for("Alfa")
    reader.type("jm")
    reader.wait_for("Marked as read.")
    reader.settle()
    sent = [code for codes in re.findall(rb"\x1b\[([0-9;]*)m", reader.sent)
            for code in codes.split(b";")]  # fmt: skip
    colours = [code for code in sent if re.fullmatch(rb"3[0-8]|4[0-8]|9[0-7]|10[0-7]", code)]
    assert colours == []
    assert b"7" in sent, "the row under the cursor is reversed"
    screen = reader.screen
    y = next(y for y, line in enumerate(screen.display) if "▌" in line)
    x = screen.display[y].index("Bravo")
    assert screen.buffer[y][x].reverse
    assert not screen.buffer[y - 1][x].reverse
    assert screen.buffer[y - 1][x].bold, "unread"


def test_the_link_is_sent_to_the_terminals_clipboard(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    reader = start()
    reader.wait_for("Alfa")
    reader.type("y")
    reader.wait_for("Sent to the terminal's clipboard")
    found = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)", reader.sent)
    assert [base64.b64decode(each) for each in found] == [b"https://news.example/4"]


def test_nothing_of_a_hostile_feed_reaches_the_terminal(home: Path, start: Start) -> None:
    evil = "\x1b]52;c;ZXZpbA==\x07\x1b[5i\x9b6n\u202e[@click=app.quit]x[/]"
    items = [post(f"Evil {number} {evil}", day=number + 1) for number in range(3)]
    reader = start(str(feed(home / "evil.json", f"Evil {evil}", *items)))
    reader.wait_for("Evil 2")
    for keys in ("j", "\r", "q", "?", "\x1b", "c", "/evil"):
        reader.type(keys)
        reader.settle()
    for sign in ("\x1b]52", "ZXZpbA", "\x1b[5i", "\x9b", "\u202e"):
        assert sign.encode() not in reader.sent
    assert any("[@click=app.quit]x[/]" in line for line in reader.display)
    assert reader.process.poll() is None


@pytest.mark.parametrize("term", ["vt100", "xterm-mono"])
def test_a_terminal_without_colours_is_sent_none(home: Path, term: str) -> None:
    with closing(Terminal("-m", "nordic_tui", term=term, environment={"COLORTERM": ""})) as reader:
        reader.wait_for("Alfa")
        reader.type("q")
        assert reader.end() == 0
    parameters = {
        parameter
        for sequence in re.findall(rb"\x1b\[([0-9;]+)m", reader.sent)
        for parameter in sequence.split(b";")
    }
    # Weight, underline, reverse and what ends them.
    assert parameters <= {b"0", b"1", b"2", b"3", b"4", b"7", b"9", b"22", b"23", b"24", b"27"}
    assert parameters


def test_where_the_locale_is_c_everything_is_ascii(home: Path) -> None:
    environment = {"LANG": "C", "LC_ALL": None, "LC_CTYPE": None}
    with closing(Terminal("-m", "nordic_tui", environment=environment)) as reader:
        reader.wait_for("Alfa")
        assert "* Alfa" in reader.text
        reader.type("?")
        reader.wait_for("Move down")
        reader.type("\x1b[27u")
        reader.type("q")
        assert reader.end() == 0
    assert reader.sent.isascii()
    with closing(Terminal("-m", "nordic_tui", "--help", environment=environment)) as help_:
        assert help_.end() == 0
    assert help_.sent.isascii()
