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
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from nordic_tui import wiring
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.model import Answer, Enclosure, Entry, Feed, View
from nordic_tui.text import clean
from tests.cli.helpers import settings
from tests.hostile.texts import REMNANTS, SAID, SHOWN, said
from tests.terminal import WAIT_S, Terminal
from tests.terminal_stream import faults, faults_of_sent, parts

QUIET_S = 0.15
"""No byte for so long: what was to be drawn is drawn."""
TYPING_S = 0.02
"""Between two keys: the reader takes them in their order, however long one takes."""
ESC = "\x1b[27u"
"""Esc as the kitty protocol has it, which cannot be taken for the beginning of the next key."""
NEWS = "https://news.example/feed/"
CHUNK = 9
"""So many texts are in the body of one post."""


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

    def go_back_to_the_list(self) -> None:
        """However slow the machine is."""
        for _ in range(20):
            self.settle()
            if self.display[-1].startswith(" Enter read   "):
                return
            self.press(ESC)
        raise AssertionError(f"no list in:\n{self.text}")

    def hover(self) -> None:
        """Move the mouse over the whole window, and rest (SGR 1006, no button)."""
        for row in range(1, 25, 2):
            self.type(f"\x1b[<35;{3 * row};{row}M")
        self.read(0.6)
        while self.read(TYPING_S):
            pass


def start(*words: str, size: tuple[int, int] = (80, 24)) -> Reader:
    return Reader("-m", "nordic_tui", *words, size=size)


def assert_harmless(reader: Terminal, may_copy: Callable[[str], bool] = lambda text: False) -> None:
    """All that was sent is text, or a sequence of the program's own; what went to the clipboard
    can be pasted into a shell: it ends no line, but for a brief, and holds no control."""
    copied = [
        base64.b64decode(part.body[5:]).decode()
        for part in parts(reader.sent)
        if part.kind == "OSC" and part.body.startswith("52;c;")
    ]
    for text in copied:
        assert may_copy(text), repr(text)
        assert faults(text.replace("\n", "") if text.startswith("# ") else text) == []
    payloads = [base64.b64encode(text.encode()).decode() for text in copied]

    def may_link(address: str) -> bool:
        return clean.url(address) == address != ""

    found = faults_of_sent(reader.sent, may_copy=payloads, may_link=may_link)
    assert found == [], "\n".join(found)
    text = "".join(part.body for part in parts(reader.sent) if part.kind == "text")
    seen = [
        text[text.index(words) - 99 : text.index(words) + 99] for words in REMNANTS if words in text
    ]
    assert seen == []


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
        reader.press("z")
        shown = ""
        while "end107" not in shown:
            reader.settle()
            shown += reader.text
            reader.press(" ")
        assert [words for words in SHOWN.values() if words[:34] not in shown] == []
        reader.press("g", "g", "z", *EVERY_LIST, "2", "g", "g")
        for _ in chunks():
            reader.press("\r", "G", ESC, "j")
        reader.press("g", "g", *IN_THE_POST, "1", "j", "j", "\r", "g", "g")
        reader.press("/", *"zebra", "\r", "\r", "n", *BACK, "f", "z", "\r", *BACK)
        reader.press("2", "g", "g", "]", "a", "a", "O", "E", ".", "?", "z", "e", *BACK)
        reader.press("\x10", *"theme", *BACK, "T", "H", *BACK, "V", "+", *BACK)
        reader.go_back_to_the_list()
        reader.press("2", "g", "g", "o")
        reader.wait_for("There is no browser")  # however slow the machine is
        reader.press(*BACK)
        reader.hover()
        reader.settle()
        assert_harmless(reader, may_copy)
        assert b"\x1b]52;c;" in reader.sent
        assert b"\x1b]8;" in reader.sent


def may_copy(text: str) -> bool:
    """A link, a link as Markdown, or a brief, which has lines."""
    return text.startswith(("https://", "[")) or bool(re.match(r"# .*\n\n.* · \d+ posts?\n", text))


# ── sources, views and rules, failures ──────────────────────────────────────────────────────


ANSWERS = (
    "HTTP/1.1 404 Zebra{} end\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/Zebra{}\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 301 Moved\r\nLocation: file:///Zebra{}\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Type: Zebra{}\r\nContent-Length: 5\r\n\r\nZebra",
    "HTTP/1.1 200 OK\r\nContent-Encoding: Zebra{}\r\nContent-Length: 5\r\n\r\nZebra",
    "HTTP/1.1 429 Slow\r\nRetry-After: Zebra{}\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 401 No\r\nWWW-Authenticate: Zebra{}\r\nContent-Length: 0\r\n\r\n",
    "Zebra{} is no answer\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: Zebra{}\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: Zebra{}\r\n\r\n",
)
IN_A_HEADER = [
    "\x1b]0;evil\x07", "\x1b[2J", "\x9b2J", "\x9d52;c;ZXZpbA==\x9c", "\u202efdp\u2066", "\x08\x7f",
    "\x1bc", "\x1b_Gt=f;L2V0Yw==\x1b\\", "\U000e0041\u200b\u3164", "a" + "\u0335" * 30,
]  # fmt: skip


@contextmanager
def server() -> Iterator[str]:
    """Answers what `ANSWERS` says, by the number in the path; gives its address."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                asked = connection.recv(65_536).decode(errors="replace").split(" ")
                found = re.match(r"/(\d+)/(\d+)", asked[1]) if len(asked) > 1 else None
                answer, text = (int(found[1]), int(found[2])) if found else (0, 0)
                connection.sendall(ANSWERS[answer].format(IN_A_HEADER[text]).encode())

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        # accept() goes on until somebody comes.
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(WAIT_S)


def toml(text: str) -> str:
    """A text as TOML writes it, controls and all."""
    return json.dumps(text).replace("\x7f", "\\u007f")


OF_A_SOURCE = (
    *("\r", "j", "\t", ESC, "s", *["j", "\r", ESC] * 9, *BACK, "S", "j", "e", ESC, "f", ESC),
    *("i", ESC, "L", "j", " ", ESC, "D", ESC, "P", "u", "J", "K", "X", "x", "x", "R", "j"),
)
"""What can be done with a source; it goes on with the next one."""


def test_sources_and_failures(home: Path) -> None:
    texts = [text for text in SAID if len(text) < 200]
    with server() as where:
        addresses = [f"{where}/{number}/{number}" for number in range(len(ANSWERS))]
        addresses += [f"{where}/0/{number}" for number in range(1, len(IN_A_HEADER))]
        lines = ["refresh_on_start = false"]
        for number, address in enumerate(addresses):
            said = [toml(text) for text in texts[4 * number : 4 * number + 4]]
            lines += [
                "[[sources]]",
                f'address = "{address}"',
                f"folder = {said[0]}" if number % 2 else "",
                f"tags = [{said[1]}]",
                f"leave_out = [{said[2]}]",
            ]
        for number, text in enumerate(texts[:12]):
            lines += ["[[views]]", f"name = {toml(f'{number} {text}')}", f"title = {toml(text)}"]
            lines += ["[[rules]]", f"name = {toml(f'{number} {text}')}", f"tag = {toml(text)}"]
            lines += [f"search = {toml(f'is:{text}')}"]
        settings(*lines)
        paths = find_paths()
        with wiring.open_parts(load(paths.settings_file), paths) as kept:
            for number, state in enumerate(kept.store.states()):
                chunk = texts[3 * number : 3 * number + 3]
                feed = Feed(title=chunk[0], entries=(deep(number, chunk),))
                kept.store.save_feed(state.address, feed, state).result(WAIT_S)
        with closing(start(size=(140, 40))) as reader:
            reader.wait_for("reading history")
            reader.press(ESC)  # the question about it: for this session only
            reader.wait_for("Zebra")
            reader.settle()
            reader.press("1", *["j"] * 40, "g", "g", "2", *["j"] * 5)
            reader.press("S")
            reader.wait_for("not asked yet")
            reader.press("r", "\r")
            reader.wait_for("answered 404")
            for _ in addresses:
                reader.press(ESC, "j", "\r")
            reader.press(ESC, "g", "g", *OF_A_SOURCE, *BACK)
            reader.press("S")
            reader.press("/", *"zebra", "\r", *BACK, *BACK)
            reader.press("V", *["j", "\r", "\t", "\t", ESC, " ", ESC, "D", ESC] * 3, "G")
            reader.press("\r", ESC, " ", ESC, "e", ESC, "J", "u", *BACK)
            reader.press("+", f"\x1b[200~{IN_A_HEADER[3]}{IN_A_HEADER[4]}zebra\x1b[201~", "\r")
            reader.settle()
            reader.press(*BACK, "/", f"\x1b[200~zebra {IN_A_HEADER[8]}\x9b2J\x1b[201~", "\r", *BACK)
            reader.press("t", *"zebra", "\t", "\r", *BACK, "H", *BACK, "\x10", *"zebra", *BACK)
            reader.hover()
            reader.settle()
            assert_harmless(reader, lambda text: text.startswith("https://"))


# ── what is named on the command line ───────────────────────────────────────────────────────


def test_files(home: Path) -> None:
    names = [
        b"Zebra \x1b]0;evil\x07.json", b"Zebra \xc2\x9b2J.xml", b"Zebra \xf0\x9f\x91\xa9 \x7f.opml",
        "Zebra \u202efdp.json".encode(), b"Zebra\n\x1b[2J two.json", b"Zebra \x1b[31m missing",
    ]  # fmt: skip
    files = [os.fsdecode(name) for name in names]
    for name in names[:5]:
        with Path(os.fsdecode(name)).open("w") as file:
            file.write(
                "{"
                if b"fdp" not in name
                else json.dumps(
                    {
                        "version": "https://jsonfeed.org/version/1.1",
                        "title": SAID[8],
                        "items": [
                            {"id": text, "title": text, "content_text": text} for text in SAID[:30]
                        ],
                    }
                )
            )
    with closing(start(*files)) as reader:
        reader.wait_for("Zebra0")
        reader.settle()
        reader.press("j", "\r", ESC, "S", "j", "j", "\r", ESC, "r", "j", "\r", *BACK)
        reader.settle()
        assert_harmless(reader)
        reader.type("q")
        reader.end()
        assert_harmless(reader)
