"""The reader from the command line: addresses, standard input, with and without a terminal."""

import io
import os
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nordic_tui import wiring
from nordic_tui.cli import main
from nordic_tui.cli.addresses import STDIN, failure_words, resolve
from nordic_tui.cli.console import UsageError
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import Settings
from nordic_tui.decode.detect import decode
from nordic_tui.model import Entry, Post, View
from nordic_tui.staging.screen import export_posts
from tests.terminal import Terminal

from .helpers import PROGRAM, feed, follow, keep_history, post, settings

Captured = pytest.CaptureFixture[str]

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Rss</title>
<item><title>Fra RSS</title><guid>1</guid></item></channel></rss>"""
ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Atom</title>
<entry><title>Fra Atom</title><id>urn:1</id></entry></feed>"""
WORDPRESS = b"""[{"id": 1, "date_gmt": "2024-05-01T08:00:00", "link": "https://wp.example/1",
"title": {"rendered": "Fra WordPress"}, "excerpt": {"rendered": "<p>Kort</p>"},
"content": {"rendered": "<p>Lang</p>", "protected": false}}]"""


def titles(capsys: Captured) -> list[str]:
    return [line.split("\t")[2] for line in capsys.readouterr().out.splitlines()]


# ── addresses ───────────────────────────────────────────────────────────────────────────────


def test_what_a_word_stands_for(home: Path) -> None:
    assert resolve("https://news.example/feed/") == "https://news.example/feed/"
    assert resolve("notes.xml") == f"{home}/notes.xml"
    assert resolve("./-") == f"{home}/-"
    assert resolve("-") == STDIN
    assert resolve("file:///srv/my%20notes.xml") == "/srv/my notes.xml"


@pytest.mark.parametrize(
    ("word", "address"),
    [
        ("(https://news.example/feed/)", "https://news.example/feed/"),
        ("//news.example/feed/", "https://news.example/feed/"),
        ("feed://news.example/", "https://news.example/"),
        ("https:/news.example/", "https://news.example/"),
        ("https://news.example/a b", "https://news.example/a b"),
    ],
)
def test_what_holds_a_web_address_is_never_a_path(word: str, address: str) -> None:
    assert resolve(word) == address


@pytest.mark.parametrize(
    "word", ["//", "a https:// b", "kari:hush@news.example/feed/", "(kari:hush@news.example/feed/)"]
)
def test_what_is_no_whole_address_is_refused_without_its_password(word: str) -> None:
    with pytest.raises(UsageError) as refused:
        resolve(word)
    assert "hush" not in str(refused.value)


def test_a_file_may_be_called_as_a_password_is_written(home: Path) -> None:
    (home / "kari:hush@home.xml").touch()
    assert resolve("kari:hush@home.xml") == f"{home}/kari:hush@home.xml"


def test_a_web_address_without_its_beginning_gets_a_hint() -> None:
    words = failure_words("news.example/feed", "does not exist")
    assert words == (
        "news.example/feed does not exist. "
        "A web address begins with https://: https://news.example/feed"
    )
    assert failure_words("notes.xml", "does not exist") == "notes.xml does not exist."


# ── without a terminal ──────────────────────────────────────────────────────────────────────


def test_plain_start_prints_the_list(capsys: Captured) -> None:
    assert main([]) == 0
    assert len(titles(capsys)) == 7


def test_files_are_known_by_their_content(home: Path, capsys: Captured) -> None:
    for name, body in (("a.json", RSS), ("b.txt", ATOM), ("list", WORDPRESS)):
        (home / name).write_bytes(body)
    assert main(["a.json", "b.txt", "./list"]) == 0
    assert sorted(titles(capsys)) == ["Fra Atom", "Fra RSS", "Fra WordPress"]


def test_addresses_leave_nothing_behind(home: Path, capsys: Captured) -> None:
    file = feed(home / "a.json", "A", post("One"))
    assert main([str(file)]) == 0
    assert titles(capsys) == ["One"]
    assert list(home.iterdir()) == [file]


def test_missing_file(capsys: Captured) -> None:
    assert main(["notes.xml"]) == 1
    said = capsys.readouterr()
    assert said.err == "nordic-tui: notes.xml does not exist.\n"
    assert said.out == ""


def test_some_that_fail_are_said_and_the_others_printed(home: Path, capsys: Captured) -> None:
    feed(home / "a.json", "A", post("One"))
    (home / "empty.xml").touch()
    assert main(["empty.xml", "a.json", "sub/notes.xml"]) == 3
    said = capsys.readouterr()
    assert "One" in said.out
    *_, empty, missing = said.err.splitlines()
    assert empty == "nordic-tui: empty.xml is empty."
    assert missing == "nordic-tui: sub/notes.xml does not exist."


def stdin(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body)))


def test_standard_input(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    stdin(monkeypatch, RSS)
    assert main(["-"]) == 0
    assert titles(capsys) == ["Fra RSS"]
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("body", "says"), [(b"", "is empty"), (b"x" * 10_000_001, "is larger than 10 MB")]
)
def test_standard_input_that_is_no_feed(
    body: bytes, says: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    stdin(monkeypatch, body)
    assert main(["-"]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == f"nordic-tui: standard input {says}."


# ── on a terminal ───────────────────────────────────────────────────────────────────────────


def test_reads_standard_input_and_takes_keys_from_the_terminal(
    terminal: Callable[..., Terminal],
) -> None:
    screen = terminal(*PROGRAM[1:], "-", "missing.xml", stdin=RSS)
    screen.wait_for("Fra RSS")
    screen.wait_for("missing.xml does not exist.")
    screen.type("q")
    assert screen.end() == 0


def test_wrong_settings_are_said_before_anything_is_drawn(
    terminal: Callable[..., Terminal],
) -> None:
    settings('theme = "no such theme"')
    screen = terminal(*PROGRAM[1:])
    assert screen.end() == 1
    assert "settings.toml, line 1: theme must be one of " in screen.text.replace("\n", "")
    assert b"\x1b" not in screen.sent


def test_a_dumb_terminal_at_which_nobody_types_gets_the_list() -> None:
    screen = Terminal(*PROGRAM[1:], term="dumb", stdin=b"")
    assert screen.end() == 0
    screen.close()
    assert "Safe City Norway Kick-off" in screen.text
    assert b"\x1b" not in screen.sent


CRASH = """
import sys
from nordic_tui.cli import main
from nordic_tui.tui.screens.reader import ReaderScreen

def on_mount(self):
    title = "A secret title"
    raise LookupError(title)

ReaderScreen.on_mount = on_mount
sys.exit(main([]))
"""


def test_crash_of_the_reader_leaves_the_terminal_and_says_a_sentence(
    terminal: Callable[..., Terminal],
) -> None:
    follow()
    screen = terminal("-c", CRASH)
    assert screen.end() == 1
    assert "something went wrong that should not have: LookupError." in (
        screen.text.replace("\n", "")
    )
    assert "Traceback" not in screen.text
    assert b"secret" not in screen.sent
    assert screen.sent.rindex(b"\x1b[?1049l") < screen.sent.index(b"something went wrong")
    report = find_paths().log_file.read_text()
    assert "in on_mount" in report
    assert "secret" not in report


THREAD_CRASH = """
import sys
from nordic_tui.cli import main
from nordic_tui.service.refresh import Refresher, Started

async def run(self, states, emit):
    emit(Started(7))
    raise LookupError("A secret title")

Refresher.run = run
sys.exit(main([]))
"""


def test_crash_behind_the_screen_is_said_at_the_end(
    home: Path, terminal: Callable[..., Terminal]
) -> None:
    follow(feed(home / "a.json", "A", post("One")))
    keep_history()
    screen = terminal("-c", THREAD_CRASH)
    screen.wait_for("The refresh met a defect of this program")
    screen.type("q")
    assert screen.end() == 1
    assert "something went wrong that should not have: LookupError." in (
        screen.text.replace("\n", "")
    )
    assert b"secret" not in screen.sent


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
)
def test_signals_end_the_reader_and_leave_the_terminal(
    number: signal.Signals, status: int, home: Path, terminal: Callable[..., Terminal]
) -> None:
    screen = terminal(*PROGRAM[1:], str(feed(home / "a.json", "A", post("One"))))
    screen.wait_for("One")
    os.kill(screen.process.pid, number)
    assert screen.end() == status
    assert b"\x1b[?1049l" in screen.sent
    assert "Traceback" not in screen.text


def test_posts_are_exported_for_the_persons_own_eyes(home: Path) -> None:
    paths, file = find_paths(), home / "new" / "posts.json"
    with wiring.open_parts(Settings(), paths) as parts:
        rows = parts.store.rows(View(), parts.store.snapshot(), 0, 5)
        posts = [parts.store.post(row.id) for row in rows]
    assert export_posts("Some", filter(None, posts), file) == str(file)
    exported = decode(file.read_bytes())
    assert exported.title == "Some"
    assert [entry.title for entry in exported.entries] == [row.title for row in rows]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_export_that_is_broken_off_leaves_the_one_before(home: Path) -> None:
    def broken_off() -> Iterator[Post]:
        yield Post(1, 1, "News", Entry(title="One"), (), True, None)
        raise InterruptedError

    file = home / "posts.json"
    file.write_bytes(b"before")
    with pytest.raises(InterruptedError):
        export_posts("Some", broken_off(), file)
    assert file.read_bytes() == b"before"
    assert [path.name for path in home.iterdir() if "posts" in path.name] == ["posts.json"]
