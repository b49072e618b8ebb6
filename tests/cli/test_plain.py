"""The reader without panes as a program: through pipes, and in terminals."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pytest

from nordic_tui import wiring
from nordic_tui.cli import console, main
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.model import Enclosure, Entry, Feed, View
from nordic_tui.plain.commands import COMMANDS
from tests.hostile.texts import REMNANTS, SAID
from tests.terminal import WAIT_S, Terminal
from tests.terminal_stream import faults, parts

from .helpers import PROGRAM, feed, post, settings, store

Captured = pytest.CaptureFixture[str]
MORE = "more, q stops> "


@pytest.fixture
def news(home: Path) -> Path:
    """Two posts that are kept."""
    file = feed(home / "news.json", "News", post("Malmö by night", day=2), post("Harbours", day=1))
    store(file)
    return file


def through_pipe(
    *lines: str | bytes,
    options: Sequence[str] = ("--plain",),
    environment: Mapping[str, str] = MappingProxyType({}),
) -> subprocess.CompletedProcess[bytes]:
    typed = b"".join((x if isinstance(x, bytes) else x.encode()) + b"\n" for x in lines)
    return subprocess.run(
        [*PROGRAM, *options],
        input=typed,
        capture_output=True,
        timeout=WAIT_S,
        check=False,
        env={**os.environ, **environment},
    )


class Session:
    """A reader in a terminal, at which lines are typed one after the other."""

    def __init__(self, *options: str, term: str = "xterm-256color", **more: object) -> None:
        self.screen = Terminal(*PROGRAM[1:], *options, term=term, **more)  # type: ignore[arg-type]  # handed through
        self._seen = 0

    def wait_for(self, words: str) -> str:
        """What was written since the last line was typed, once these words are in it."""
        end = time.monotonic() + WAIT_S
        while words.encode() not in self.screen.sent[self._seen :]:
            self.screen.read(0.2)
            assert time.monotonic() < end, self.screen.sent[self._seen :]
            assert not self.screen.ended or words.encode() in self.screen.sent[self._seen :]
        return self.screen.sent[self._seen :].decode()

    def type(self, line: str, end: str = "\n") -> None:
        self._seen = len(self.screen.sent)
        self.screen.type(line + end)


@pytest.fixture
def sit() -> Iterator[Callable[..., Session]]:
    started: list[Session] = []

    def start(*options: str, term: str = "xterm-256color", **more: object) -> Session:
        started.append(Session(*options, term=term, **more))
        return started[-1]

    yield start
    for each in started:
        each.screen.close()


# ── pipes ───────────────────────────────────────────────────────────────────────────────────


def test_a_pipe_is_answered_line_by_line(news: Path) -> None:
    done = through_pipe("1", "/harb*", "zebra", b"\xff\x9b2J")
    assert done.returncode == 0
    assert done.stderr == b""
    said = done.stdout.decode().splitlines()
    assert said[0] == "News. A question mark lists the commands."
    assert "1. Malmö by night. Unread. 2 May 2024." in said
    assert "About Malmö by night." in said
    assert "Search for harb*: 1 post, 1 unread." in said
    assert said[-2].startswith("There is no command zebra.")
    assert not any(">" in line for line in said)


def test_nothing_of_textual_and_no_network_is_loaded(news: Path) -> None:
    code = (
        "import sys; from nordic_tui.cli import main; status = main(['--plain'])\n"
        "wrong = {'textual', 'httpx', 'feedparser', 'tomlkit', 'readline'} & set(sys.modules)\n"
        "sys.exit(str(sorted(wrong)) if wrong else status)"
    )
    lines = "\n".join(c.word for c in COMMANDS if c.id not in ("refresh", "quit")) + "\n1\ng\nD\n"
    done = subprocess.run(
        [sys.executable, "-c", code], input=lines, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_letters_of_a_locale_without_them(news: Path) -> None:
    done = through_pipe("1", "t 1 Tromsø", environment={"LANG": "C", "LC_ALL": ""})
    assert done.stdout.isascii()
    assert b"1. Malmo by night. Unread." in done.stdout
    assert b"Tagged with Tromso." in done.stdout


def test_addresses_and_standard_input(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = feed(home / "a.json", "A", post("One"))
    named = through_pipe("1", options=("--plain", str(file)))
    assert b"Post 1 of 1 in All posts.\nOne\n" in named.stdout
    body = file.read_bytes()
    piped = subprocess.run(
        [*PROGRAM, "--plain", "-"], input=body, capture_output=True, timeout=WAIT_S, check=False
    )
    assert piped.returncode == 0
    assert b"1. One. Unread.\n" in piped.stdout
    assert [file] == [each for each in home.iterdir() if each.is_file()]


def test_without_the_option_a_pipe_gets_the_list(news: Path, capsys: Captured) -> None:
    settings('face = "plain"', f'[[sources]]\naddress = "{news}"')
    assert main([]) == 0
    assert [line.split("\t")[2] for line in capsys.readouterr().out.splitlines()] == [
        "Malmö by night",
        "Harbours",
    ]


def test_a_reader_that_goes_away_is_no_failure(news: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "--plain"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"News.")
        process.stdout.close()
        process.stdin.write(b"b\n" * 2_000)
        process.stdin.close()
        assert process.wait(WAIT_S) == 0
        assert process.stderr.read() == b""


def test_wrong_face() -> None:
    settings('face = "braille"')
    done = through_pipe()
    assert done.returncode == 1
    assert b"line 1: face must be one of screen, plain" in done.stderr


# ── terminals ───────────────────────────────────────────────────────────────────────────────


def test_a_person_reads_in_a_terminal_and_no_escape_sequence_is_sent(
    news: Path, sit: Callable[..., Session]
) -> None:
    """With the arrow keys, a paste that is marked, backspaces and lines that are too long."""
    long = post("Long", day=3) | {"content_text": "\n\n".join(f"Line {n}." for n in range(40))}
    store(feed(news, "News", long, post("Malmö by night", day=2)))
    session = sit("--plain", size=(60, 12))
    assert "1. Keep history." in session.wait_for("1, 2 or 3> ")
    session.type("2")
    assert "1. Long. Unread. 3 May 2024." in session.wait_for("posts> ")
    session.type("1")
    assert "Line 1." in session.wait_for(MORE)
    session.type("")
    page = session.wait_for(MORE).removeprefix("\r\n")  # the echo of what was typed
    assert len(page.splitlines()) == 12
    session.type("s")
    assert "Long. Starred. U takes it back." in session.wait_for("post> ")
    session.type("/nigx\x7fht\x1b[D\x1b[D\x1b[C\x1b[C")
    assert "1. Malmö by night. Unread." in session.wait_for("posts> ")
    session.type("\x1b[A\x1b[A\x1b[A")  # back to what was typed before the star: 1
    assert "Post 1 of 1 in Search for night." in session.wait_for("post> ")
    session.type("\x1b[200~zebra\x1b[201~")
    session.wait_for("There is no command")
    session.wait_for("post> ")
    session.type("zebra" * 30)
    session.wait_for("There is no command")
    session.wait_for("post> ")
    session.type("", end="\x04")
    assert session.screen.end() == 0
    assert b"\x1b" not in session.screen.sent


def test_a_dumb_terminal_gets_this_reader_by_itself(
    news: Path, sit: Callable[..., Session]
) -> None:
    session = sit(term="dumb")
    opening = session.wait_for("1, 2 or 3> ")
    assert opening.startswith("This terminal shows nothing but lines")
    session.type("3")
    session.wait_for("posts> ")
    session.type("q")
    assert session.screen.end() == 0
    said = session.screen.sent.replace(b"\r\n", b"\n")
    assert b"\x1b" not in said
    assert b"\r" not in said
    assert b"\x08" not in said


def test_the_setting_makes_a_terminal_get_it(news: Path, sit: Callable[..., Session]) -> None:
    settings('face = "plain"', 'theme = "of another program"', f'[[sources]]\naddress = "{news}"')
    session = sit()
    session.wait_for("1, 2 or 3> ")
    session.type("", end="\x04")
    assert session.screen.end() == 0
    assert not find_paths().consent_file.exists()


def test_ctrl_c_twice_ends_and_once_does_not(news: Path, sit: Callable[..., Session]) -> None:
    session = sit("--plain")
    session.wait_for("1, 2 or 3> ")
    session.type("", end="\x03")
    assert "you are asked again at the next start" in " ".join(session.wait_for("posts> ").split())
    session.type("b")
    session.wait_for("posts> ")
    session.type("", end="\x03")
    session.wait_for("posts> ")
    session.type("", end="\x03")
    assert session.screen.end() == console.INTERRUPTED
    assert session.screen.attributes() == session.screen.before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_end_it_and_leave_the_terminal_as_it_was(
    news: Path, sit: Callable[..., Session], number: int
) -> None:
    session = sit("--plain")
    session.wait_for("1, 2 or 3> ")
    session.screen.process.send_signal(number)
    assert session.screen.end() == 128 + number
    assert session.screen.attributes() == session.screen.before


# ── texts of ill will ───────────────────────────────────────────────────────────────────────


def _hostile_feed() -> Feed:
    def entry(number: int, text: str) -> Entry:
        body = (
            f"<h2>{text}</h2><p>{text} <a href='https://b.example/{text}'>{text}</a></p>"
            f"<ul><li>{text}</ul><pre><code class='{text}'>{text}</code></pre>"
            f"<table><caption>{text}</caption><tr><th>{text}<tr><td>{text}</table>"
            f"<img src='https://a.example/{number}.png' alt='{text}'>"
        )
        return Entry(
            guid=f"{number}",
            link=f"https://bank.example@evil.example/{number}/{text}",
            title=f"Zebra {text}",
            authors=(text,),
            categories=(text,),
            excerpt=text,
            content=body,
            more=True,
            enclosures=(Enclosure(f"https://c.example/{text}.mp3", text, 5),),
        )

    entries = tuple(entry(number, text) for number, text in enumerate(SAID))
    return Feed(title=f"News {SAID[0]}", entries=entries)


def test_no_text_of_ill_will_is_more_than_text(home: Path) -> None:
    """All commands on all hostile texts, put into the store as if no gate had been before it."""
    address = "https://127.0.0.1:1/feed/"
    settings("refresh_on_start = false", f'[[sources]]\naddress = "{address}"')
    with wiring.open_parts(load(find_paths().settings_file), find_paths()) as given:
        (state,) = given.store.states()
        wrong = state._replace(failures=1, error=f"said {SAID[3]}", warning=SAID[4])
        given.store.save_feed(address, _hostile_feed(), wrong).result(WAIT_S)
        number = given.store.count(View(), given.store.snapshot())
    lines: list[str] = ["c", "v", "S", "a", "a", "O", "?", f"/{SAID[0]}", "b", "b"]
    for at in range(1, number + 1):
        lines += [str(at), "l", "y 1"]
    lines += ["t 1 " + SAID[1].replace("\n", " "), "t 1", "s 1", "U", "redo", "D 1", "H", "r"]
    typed = [line.encode(errors="replace").replace(b"\n", b" ") for line in lines]
    done = through_pipe(*typed, environment={"BROWSER": "true"})
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    shown = done.stdout.decode()
    assert shown.count("Zebra") > number
    assert {part.kind for part in parts(done.stdout)} == {"text", "U+000A"}
    assert [fault for line in shown.split("\n") for fault in faults(line)] == []
    assert [words for words in REMNANTS if words in shown] == []


def test_help_tells_of_it(capsys: Captured) -> None:
    assert main(["--help"]) == 0
    assert "--plain" in capsys.readouterr().out
