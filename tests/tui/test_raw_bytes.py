"""Every byte that the reader sends to the terminal while it shows texts of ill will.

The texts are put into the store as they are, as if nothing had passed the gate on its way in, and
come from a server, from file names and from the keyboard as well. All that was sent is taken apart
by `tests.terminal_stream`, which shares no rule with the program.
"""

import base64
import json
import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from nordic_tui import wiring
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.model import Answer, Enclosure, Entry, Feed, View
from nordic_tui.text import clean
from tests.cli.helpers import settings
from tests.hostile import spoofing, terminal
from tests.terminal import WAIT_S, Terminal
from tests.terminal_stream import faults, faults_of_sent, parts

QUIET_S = 0.15
"""No byte for so long: what was to be drawn is drawn."""
TYPING_S = 0.02
"""Between two keys: the reader takes them in their order, however long one takes."""
ESC = "\x1b[27u"
"""Esc as the kitty protocol has it, which cannot be taken for the beginning of the next key."""
MAX_CHARS = 1_500
"""Of a text in the store: the longest ones only say the same again."""
NEWS = "https://news.example/feed/"
CHUNK = 9
"""So many texts are in the body of one post."""


def said(number: int, text: str) -> str:
    """A text of ill will between words that show whether it is shown."""
    return f"Zebra{number} {text[:MAX_CHARS]} end{number}"


SAID = [
    said(number, case.text)
    for number, case in enumerate((*terminal.CASES, *spoofing.CASES))
    if "\ud83d" not in case.text  # SQLite takes none; it comes through the keyboard's screen
]


def chunks() -> Iterator[list[str]]:
    for start in range(0, len(SAID), CHUNK):
        yield SAID[start : start + CHUNK]


def deep(number: int, texts: Sequence[str], words: str = "") -> Entry:
    """A post of which every part holds some of the texts."""
    first = texts[number % len(texts)]
    body = "".join(
        f"<h2>{text}</h2><p>{text} <b>{text}</b></p><ul><li>{text}</ul><pre>{text}</pre>"
        f"<img src='https://a.example/{n}.png' alt='{text}'><table><tr><td>{text}<td>b</table>"
        f"<a href='https://b.example/{text}'>www.bank.example</a> <a href='{text}'>{text}</a>"
        for n, text in enumerate(texts)
    )
    return Entry(
        guid=f"{number} {first}",
        link=f"https://bank.example@evil.example/{number}/{first}",
        title=f"Deep{number} {first}",
        authors=tuple(texts[:4]),
        categories=tuple(texts),
        excerpt="\n\n".join(texts) + words,
        content=body + words,
        more=True,
        enclosures=tuple(Enclosure(f"https://c.example/{text}.mp3", text, 5) for text in texts),
    )


def posts(words: str = "") -> Feed:
    """words: what is added to the bodies, so that a second time they have changed."""
    entries = [deep(number, texts, words) for number, texts in enumerate(chunks())]
    entries += [Entry(guid=text, title=text, link="https://news.example/") for text in SAID]
    return Feed(title=said(900, SAID[5]), entries=tuple(entries))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "TMUX", "STY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SSH_TTY", "/dev/pts/1")  # nobody sees a browser from here
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Reader(Terminal):
    def settle(self) -> None:
        deadline = time.monotonic() + WAIT_S
        self.read(0.4)
        while self.read(QUIET_S):
            assert time.monotonic() < deadline, "never quiet"

    def press(self, *keys: str) -> None:
        for key in keys:
            self.type(key)
            while self.read(TYPING_S):
                pass
            assert not self.ended, f"ended after {key!r}: {self.sent[-1500:]!r}"

    def hover(self) -> None:
        """Move the mouse over the whole window, and rest (SGR 1006, no button)."""
        for row in range(1, 25, 2):
            self.type(f"\x1b[<35;{3 * row};{row}M")
        self.read(0.6)
        while self.read(TYPING_S):
            pass


def start(*words: str) -> Reader:
    return Reader("-m", "nordic_tui", *words)


def assert_harmless(reader: Terminal, may_copy: Callable[[str], bool] = lambda text: False) -> None:
    """All that was sent is text, or a sequence of the program's own; what went to the clipboard
    can be pasted into a shell: it ends no line and holds no control."""
    copied = [
        base64.b64decode(part.body[5:]).decode()
        for part in parts(reader.sent)
        if part.kind == "OSC" and part.body.startswith("52;c;")
    ]
    for text in copied:
        assert may_copy(text), repr(text)
        assert faults(text) == []
    payloads = [base64.b64encode(text.encode()).decode() for text in copied]

    def may_link(address: str) -> bool:
        return clean.url(address) == address != ""

    assert faults_of_sent(reader.sent, may_copy=payloads, may_link=may_link) == []


EVERY_LIST = (
    *("c", "j", ESC, "t", "\t", "\t", ESC, "m", "s", "w", "v", "b", ESC, "|", ESC),
    *("D", "j", "n", ESC, "i", "x", "y", "Y", "L", "j", "j", "y", "Y", "Q", "i", "y", ESC),
    *("G", "\r", ESC, ESC, "Q", ESC, "u", "U", "o", ESC),
)
"""What can be done with a post, in the list."""
BACK = (ESC,) * 4
IN_THE_POST = ("\r", "G", "L", "G", ESC, "t", ESC, "c", ESC, "b", ESC, "D", ESC, ESC)


def test_posts(home: Path) -> None:
    settings(
        "refresh_on_start = false",
        "mark_read_after_seconds = 0",
        f'[[sources]]\naddress = "{NEWS}"',
    )
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as kept:
        kept.history.decide(Answer.KEEP)
        (state,) = kept.store.states()
        kept.store.save_feed(NEWS, posts(), state).result(WAIT_S)
        snapshot = kept.store.snapshot()
        rows = kept.store.first_rows(View(), snapshot, 500)
        read = [row.id for row in rows if row.title.startswith("Deep")]
        kept.history.mark_view(View(title="Deep"), snapshot).result(WAIT_S)
        for number, text in enumerate(SAID):
            kept.store.tag(read[: number % 3], text[:60], True).result(WAIT_S)
        kept.store.save_feed(NEWS, posts(" New words."), state).result(WAIT_S)
    with closing(start()) as reader:
        reader.wait_for("Deep0")
        reader.press(*EVERY_LIST, "2", "g", "g")
        for _ in chunks():
            reader.press("\r", "G", ESC, "j")
        reader.press("g", "g", *IN_THE_POST, "1", "j", "j", "\r", "g", "g")
        reader.press("/", *"zebra", "\r", "\r", "n", ESC, ESC, "f", "z", "\r", ESC, ESC)
        reader.press("2", "g", "g", "]", "a", "a", "O", "E", ".", "?", "z", "e", ESC, ESC)
        reader.press("\x10", *"theme", ESC, "T", "H", ESC, "V", "+", ESC, ESC)
        reader.hover()
        reader.press(*BACK, "2", "z", "g", "g")
        reader.settle()
        shown = reader.text
        for _ in range(0, len(SAID), 18):
            reader.press(" ")
            reader.settle()
            shown += reader.text
        titles = [clean.line(text)[:34] for text in SAID]
        missing = [title for title in titles if title.isascii() and title not in shown]
        assert missing == []
        assert len([title for title in titles if title.isascii()]) > 60
        assert_harmless(reader, lambda text: text.startswith(("https://", "[Deep", "[")))
        assert b"\x1b]52;c;" in reader.sent
        assert b"\x1b]8;" in reader.sent
