"""Windows of every size, and terminals that claim something odd."""

import signal
import termios
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from nordic_tui.tui.commands import COMMANDS
from tests.lifecycle.events import fill
from tests.lifecycle.modes import Modes
from tests.lifecycle.places import Reader, furnish

QUIET_S = 0.2
INTERRUPT = "\x03"
Start = Callable[..., Reader]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    furnish(tmp_path)
    fill(tmp_path)
    with ExitStack() as readers:

        def one(
            size: tuple[int, int] = (80, 24), environment: Mapping[str, str | None] | None = None
        ) -> Reader:
            reader = Reader(tmp_path, size=size, environment=environment or {})
            readers.callback(reader.close)
            return reader

        yield one


def settle(reader: Reader) -> None:
    reader.read(1.0)
    while reader.read(QUIET_S):
        pass


def resize(reader: Reader, columns: int, rows: int) -> None:
    termios.tcsetwinsize(reader._master, (rows, columns))
    reader.process.send_signal(signal.SIGWINCH)


def end(reader: Reader) -> None:
    """End it, and see that it ends well."""
    reader.type(INTERRUPT)
    assert reader.end() == 130
    assert Modes().feed(reader.sent).left() == []
    assert reader.attributes() == reader.before
    assert list(reader.home.rglob("*.log")) == []


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (1, 45), (160, 1)], ids=str)
def test_it_begins_in_a_window_of_any_size(size: tuple[int, int], start: Start) -> None:
    reader = start(size=size)
    reader.wait_until(lambda: reader.text.strip(), "drawn")
    reader.show(80, 24)
    resize(reader, 80, 24)
    reader.wait_for("Alfa")
    end(reader)


NOT_TRIED = {"suspend", "quit", "redraw"}
KEYS = {
    "full_stop": ".", "slash": "/", "plus": "+", "question_mark": "?", "enter": "\r", "tab": "\t",
    "space": " ", "escape": "\x1b", "shift+tab": "\x1b[Z", "pagedown": "\x1b[6~",
    "pageup": "\x1b[5~",
}  # fmt: skip


def typed(key: str) -> str:
    if key.startswith("ctrl+"):
        return chr(ord(key[-1]) - ord("a") + 1)
    return KEYS.get(key) or "".join(key.split())


@pytest.mark.parametrize(
    ("size", "places"),
    [((1, 1), ("2", "V")), ((3, 2), ("2\r", "S"))],
    ids=["1x1: list, views", "3x2: text, sources"],
)
def test_every_command_can_be_had_in_the_smallest_window(
    size: tuple[int, int], places: tuple[str, str], start: Start
) -> None:
    reader = start()
    reader.wait_for("Alfa")
    resize(reader, *size)
    settle(reader)
    keys = [
        typed(command.keys.split(",")[0]) for command in COMMANDS if command.id not in NOT_TRIED
    ]
    for place in places:  # Esc closes what a key has opened
        for key in keys:
            reader.type(f"{place}{key}")
            reader.read(0.02)
            reader.type("\x1b")
            reader.read(0.02)
            reader.type("\x1b")
            reader.read(0.02)
            assert not reader.ended, (place, key)
    reader.show(80, 24)
    resize(reader, 80, 24)
    for _ in range(4):  # one at a time: two Esc in one burst are something else
        reader.type("\x1b")
        settle(reader)
    reader.wait_for("All posts")
    end(reader)


def test_a_storm_of_sizes_loses_no_key(start: Start) -> None:
    reader = start()
    reader.wait_for("Alfa")
    settle(reader)
    memory = psutil.Process(reader.process.pid).memory_info
    before = memory().rss
    for number in range(1_000):
        resize(reader, 40 + number % 90, 10 + number % 30)
        if number % 100 == 50:
            reader.type("j")
        reader.read(0)
    reader.show(100, 30)
    resize(reader, 100, 30)
    reader.wait_until(lambda: "Post 10" in cursor_line(reader), "the last key is answered")
    settle(reader)
    assert memory().rss - before < 30_000_000
    reader.show(100, 30)
    reader.type("\x0c")
    reader.wait_until(lambda: "Post 10" in cursor_line(reader), "drawn again")
    end(reader)


def cursor_line(reader: Reader) -> str:
    return next((line for line in reader.display if "▌" in line), "")


@pytest.mark.parametrize(
    "environment",
    [
        {"COLUMNS": "0", "LINES": "0"},
        {"COLUMNS": "99999", "LINES": "x"},
        {"COLUMNS": "20", "LINES": "5"},
        {"TERM": None},
        {"TERM": "nobody-knows-it"},
    ],
    ids=str,
)
def test_what_the_environment_claims_does_not_matter(
    environment: Mapping[str, str | None], start: Start
) -> None:
    reader = start(environment=environment)
    reader.wait_for("▌● Alfa")
    end(reader)


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "C"},
        {"LC_ALL": "nb_NO.ISO-8859-1"},  # not installed
    ],
    ids=str,
)
def test_a_sign_that_the_encoding_does_not_have_is_one_cell(
    environment: Mapping[str, str | None], start: Start
) -> None:
    reader = start(environment=environment)
    reader.wait_for("|* Alfa")
    assert not any(byte > 0x7F for byte in reader.sent)
    assert "\\u" not in reader.text
    end(reader)


def test_what_is_pasted_into_a_field_or_nowhere_holds_nothing_up(start: Start) -> None:
    reader = start()
    reader.wait_for("Alfa")
    memory = psutil.Process(reader.process.pid).memory_info
    before = memory().rss
    megabyte = b"q" * 1_000_000
    for keys, seen in ((b"", "Alfa"), (b"/", "q" * 20)):
        reader.type(keys + b"\x1b[200~")
        for _ in range(5):
            reader.type_slowly(megabyte)
        reader.type(b"\x1b[201~")
        reader.wait_for(seen)
    assert memory().rss - before < 30_000_000
    end(reader)
