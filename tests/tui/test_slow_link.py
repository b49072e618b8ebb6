"""The reader at the end of a slow line: 9,600 baud, and an answer takes its time.

The line is virtual: a terminal takes some bytes each time a key is typed, and answers questions
once it has taken them, so that a slow machine changes nothing of what is seen.
"""

import os
import re
import select
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from nordic_tui.service.history import NOTICE
from nordic_tui.tui.pace import ANSWER, QUESTION, WINDOW_MIN
from tests.cli.helpers import feed, post, settings, store
from tests.terminal import WAIT_S, Terminal

BETWEEN_KEYS = 32
"""Bytes that 9,600 baud carry while a key that is held comes once more (30 a second)."""
REPEAT_S = 0.015
"""Between two keys, so that each of them is drawn where nothing keeps it from that."""
POSTS = 120
SCREEN_BYTES = 3_000
"""No frame is longer, at 80 columns and 24 rows."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    made = (post(f"Post {n:03}", day=1 + n % 28) for n in range(POSTS))
    file = feed(tmp_path / "news.json", "News", *made)
    store(file)
    settings("refresh_on_start = false", "[[sources]]", f'address = "{file}"')
    consent = tmp_path / ".local/share/nordic-tui/consent.json"
    consent.parent.mkdir(parents=True, exist_ok=True)
    consent.write_text(
        f'{{"answer": "never", "at": "2026-10-01T12:00:00+00:00", "notice": {NOTICE}}}'
    )
    return tmp_path


class SlowLine(Terminal):
    """A terminal at the end of a slow line. answers: whether it ever answers a question."""

    def __init__(self, *, answers: bool = True, keys: str = "") -> None:
        self._answers = answers
        self._asked = b""
        environment = {"SSH_TTY": "/dev/pts/1"}
        super().__init__("-m", "nordic_tui", keys=keys, environment=environment)

    def take(self, limit: int) -> bool:
        """Take no more than so many bytes, of those that are there; False: there were none."""
        if self.ended or not select.select([self._master], [], [], 0.01)[0]:
            return False
        try:
            data = os.read(self._master, limit)
        except OSError:
            data = b""
        self.ended = not data
        self.hear(data)
        return bool(data)

    def hear(self, data: bytes) -> None:
        self.sent += data
        self._stream.feed(data.replace(QUESTION.encode(), b""))
        if self._answers:
            self._asked += data
            for _ in range(self._asked.count(QUESTION.encode())):
                self.type(ANSWER)
            self._asked = self._asked.rpartition(QUESTION.encode())[2]

    def drain(self) -> int:
        """Take all until nothing comes any more; returns how many bytes that were."""
        before, deadline = len(self.sent), time.monotonic() + WAIT_S
        quiet = 0
        while quiet < 60 and not self.ended:
            assert time.monotonic() < deadline, "never quiet"
            quiet = 0 if self.take(65_536) else quiet + 1
        return len(self.sent) - before


@pytest.fixture
def line(home: Path) -> Iterator[SlowLine]:
    with closing(SlowLine()) as line:
        while "Post" not in line.text:
            line.take(65_536)
        line.drain()
        yield line


def hold(line: SlowLine, key: str, times: int) -> None:
    for _ in range(times):
        line.type(key)
        select.select([], [], [], REPEAT_S)
        line.take(BETWEEN_KEYS)


def test_a_held_key_does_not_run_on(line: SlowLine) -> None:
    hold(line, "j", 100)
    hold(line, "k", 20)
    # What is still to come when it is let go: what may be on its way, and where the cursor is.
    assert line.drain() <= WINDOW_MIN + SCREEN_BYTES
    line.type("\r")
    line.drain()
    shown = line.text
    line.type("\x0c")
    line.drain()
    assert line.text == shown


def test_it_starts_on_a_terminal_that_answers_nothing(home: Path) -> None:
    with closing(SlowLine(answers=False, keys="jj")) as line:
        deadline = time.monotonic() + WAIT_S
        while "Post" not in line.text:
            assert time.monotonic() < deadline
            line.take(65_536)
        hold(line, "j", 20)
        line.drain()
        line.type("q")
        assert line.end() == 0


def test_a_terminal_that_takes_nothing_is_left_with_ctrl_c(line: SlowLine) -> None:
    for _ in range(300):
        line.type("j")
    line.type("\x03")
    line.process.wait(WAIT_S)
    assert line.process.returncode == 130


def test_keys_in_one_write_go_where_those_before_them_lead(line: SlowLine) -> None:
    """Straight to the terminal, and not as Pilot's events: how they are read is part of it."""
    line.type("/post\r")
    line.wait_for("Search · 120 posts")  # once their words can be searched
    line.drain()
    found = [row for row in line.display if re.search(r"Post \d{3} ", row)]
    titles = [re.findall(r"Post \d{3}", row)[0] for row in found]
    line.type("\x1b[27u")
    line.drain()
    line.type("/post\rjj\rqj\r")
    line.wait_for("‹ Search")
    line.drain()
    assert set(re.findall(r"Post \d{3}", "\n".join(line.display[:6]))) == {titles[3]}
