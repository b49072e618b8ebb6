"""A person's programs: how they are started, and what is told of how they ended."""

import os
import select
import shlex
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.errors import HandoffError
from nordic_tui.handoff import programs
from nordic_tui.handoff.programs import (
    command_of,
    end_piped,
    last_line,
    open_with,
    pipe,
    program_for,
)
from nordic_tui.text import clean

from .conftest import MakeProgram

TALK = "https://news.example/talk.mp3?a=1&b=$(reboot)"


def unheard(words: str) -> None:
    raise AssertionError(words)


# ── commands ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("wc -w", ["wc", "-w"]),
        ("mail -s 'News of today' kari@example.org", ["mail", "-s", "News of today",
         "kari@example.org"]),
        ("echo $HOME `id` *", ["echo", "$HOME", "`id`", "*"]),
        ("grep 'a|b'", ["grep", "a|b"]),
    ],
)  # fmt: skip
def test_words_become_arguments_and_no_shell_reads_them(words: str, command: list[str]) -> None:
    assert command_of(words) == command
    assert command_of(words, through_shell=True) == ["/bin/sh", "-c", words]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "No command was given."),
        ("''", "No command was given."),
        ("mail 'x", "The quotation marks of the command do not match."),
        ("a\x00b", "A command can hold no zero byte."),
        ("sort | uniq", "“|” is for a shell, and none reads this: pipe_through_shell = true"),
        ("cat > file", "“>” is for a shell"),
    ],
)
def test_what_is_no_command(words: str, says: str) -> None:
    with pytest.raises(HandoffError) as caught:
        command_of(words)
    assert str(caught.value).startswith(says)


# ── a text into a command ───────────────────────────────────────────────────────────────────


def test_the_text_is_piped_in(make_program: MakeProgram) -> None:
    log = make_program("take")
    assert pipe("take 'one arg' $HOME", "Ærø\n\ud800") == "Piped into take."
    assert log.read_text() == "one arg\n$HOME\nÆrø\n?"


def test_a_large_text_meets_a_program_that_reads_none_of_it(bin_folder: Path) -> None:
    assert pipe("/bin/true", "x" * 1_000_000) == "Piped into true."


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("exit 3", "take failed with status 3 and said nothing."),
        ("echo One >&2; echo; echo 'Two [/]' >&2; echo; exit 1",
         "take failed with status 1: Two [/]"),
        (r"printf 'ok\n\033]52;c;eA==\007\033[31mred\n'; exit 9", "take failed with status 9: red"),
        ("/bin/kill -TERM $$", "take was ended by SIGTERM and said nothing."),
        ("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; exit 1",
         "take failed with status 1: line 19999"),
    ],
)  # fmt: skip
def test_a_failure_is_said_with_the_last_line(
    script: str, says: str, make_program: MakeProgram
) -> None:
    make_program("take", script)
    with pytest.raises(HandoffError) as caught:
        pipe("take", "text")
    assert str(caught.value) == says


def test_nothing_reaches_the_screen(
    make_program: MakeProgram, capfd: pytest.CaptureFixture[str]
) -> None:
    make_program("take", "echo out; echo err >&2; echo tty 2>/dev/null > /dev/tty; exit 0")
    assert pipe("take", "text") == "Piped into take."
    assert capfd.readouterr() == ("", "")


def test_a_program_that_does_not_end_is_ended_with_all_that_it_started(
    make_program: MakeProgram, bin_folder: Path
) -> None:
    make_program("take", f'/bin/sleep 600 & echo $! > "{bin_folder}/pid"; wait')
    with pytest.raises(HandoffError, match=r"^take was ended: it was not done within 0\.5 s\.$"):
        pipe("take", "text", deadline_s=0.5)
    child = int((bin_folder / "pid").read_text())
    assert is_ended(child)


def test_who_ends_the_program_ends_the_commands_with_all_that_they_started(
    make_program: MakeProgram, bin_folder: Path
) -> None:
    make_program(
        "take", f'/bin/sleep 600 & echo $! > "{bin_folder}/pid"; echo > "{bin_folder}/up"; wait'
    )
    os.mkfifo(bin_folder / "up")
    failures: list[str] = []

    def run() -> None:
        with pytest.raises(HandoffError) as caught:
            pipe("take", "text")
        failures.append(str(caught.value))

    thread = threading.Thread(target=run)
    thread.start()
    # Opening waits for the other side: the command is there, and has started another.
    with (bin_folder / "up").open():
        end_piped()
    thread.join()
    assert failures == ["take was ended by SIGKILL and said nothing."]
    assert is_ended(int((bin_folder / "pid").read_text()))


def test_who_was_left_behind_and_does_not_read_holds_nobody_up(
    make_program: MakeProgram, bin_folder: Path
) -> None:
    """It has a session of its own, where the deadline does not reach it."""
    start = "import os; os.fork() and os._exit(0); os.setsid(); os.read(3, 1)"
    gate = bin_folder / "gate"
    os.mkfifo(gate)
    code = f"import os; os.open('{gate}', os.O_RDWR); {start}"
    command = f"{sys.executable} -c {shlex.quote(code)}"
    words = r"^python[\d.]* did not take all of it within 0\.5 s\.$"
    with pytest.raises(HandoffError, match=words):
        pipe(command, "x" * 1_000_000, deadline_s=0.5)
    gate.write_text("x")


def is_ended(pid: int) -> bool:
    """Whether a process ends, which belongs to nobody any more; what was killed takes a moment."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with closing(os.fdopen(process)):
        return bool(select.select([process], [], [], 10)[0])


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(HandoffError, match=r"^There is no program nowhere\.$"):
        pipe("nowhere -x", "text")


def test_a_file_that_is_no_program(bin_folder: Path) -> None:
    (bin_folder / "take").write_text("x")
    with pytest.raises(HandoffError, match=r"^take could not be started: Permission denied\.$"):
        pipe("take", "text")


def test_a_shell_reads_it_where_the_settings_say_so(bin_folder: Path) -> None:
    out = bin_folder / "out"
    assert pipe(f"/bin/cat > {out}", "text", through_shell=True) == "Piped into /bin/cat."
    assert out.read_text() == "text"


@given(st.binary(max_size=300))
def test_the_last_line_of_anything_is_one_line(output: bytes) -> None:
    line = last_line(output)
    assert line == clean.line(line)
    assert len(line) <= 200


# ── files ───────────────────────────────────────────────────────────────────────────────────

SET = {"audio": "mpv %s", "application/pdf": "zathura", "audio/ogg": "ogg123", "any": "open"}


@pytest.mark.parametrize(
    ("media_type", "address", "command"),
    [
        ("audio/mpeg", "https://a.example/x", "mpv %s"),
        ("AUDIO/OGG; codecs=opus", "https://a.example/x", "ogg123"),
        ("application/pdf", "https://a.example/x", "zathura"),
        ("", "https://a.example/a.pdf?x=1", "zathura"),
        ("application/octet-stream", "https://a.example/a.mp3", "mpv %s"),
        ("", "https://a.example/", "open"),
        ("video/mp4", "https://a.example/a.mp3", "open"),
    ],
)
def test_the_program_for_a_kind_of_file(media_type: str, address: str, command: str) -> None:
    assert program_for(SET, media_type, address) == command


def test_no_program_is_set() -> None:
    assert program_for({"audio": "mpv"}, "video/mp4", "https://a.example/") == ""


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("play", f"{TALK}\n"),
        ("play --quiet %s --end", f"--quiet\n{TALK}\n--end\n"),
        ("play --file=%s", f"--file={TALK}\n"),
    ],
)
def test_a_file_is_opened(command: str, arguments: str, make_program: MakeProgram) -> None:
    log = make_program("play")
    assert open_with(command, TALK, unheard) == "play has opened it."
    assert log.read_text() == arguments


@pytest.mark.parametrize("command", ["sh -c 'play %s'", "/bin/bash -lc 'play %s'"])
def test_no_shell_reads_the_address(command: str, make_program: MakeProgram) -> None:
    log = make_program("play")
    with pytest.raises(HandoffError, match=r"^A shell would read what the address says"):
        open_with(command, TALK, unheard)
    assert not log.exists()


def test_a_shell_may_have_the_address_as_an_argument(make_program: MakeProgram) -> None:
    log = make_program("play")
    assert open_with("/bin/sh -c 'play \"$1\"' sh", TALK, unheard) == "sh has opened it."
    assert log.read_text() == f"{TALK}\n"


def test_a_player_that_fails_at_once(make_program: MakeProgram) -> None:
    make_program("play", "echo 'No audio device.'; exit 2")
    with pytest.raises(HandoffError, match=r"^play failed with status 2: No audio device\.$"):
        open_with("play", TALK, unheard)


def test_a_player_that_fails_later_is_told_of(
    make_program: MakeProgram, bin_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "STARTED_AFTER_S", 0.01)
    monkeypatch.setattr(programs, "_TRIM_EVERY_S", 0.01)
    gate = bin_folder / "gate"
    os.mkfifo(gate)
    make_program("play", f'read word < "{gate}"; echo "$word"; exit 1')
    told: list[str] = []
    heard = threading.Event()

    def tell(words: str) -> None:
        told.append(words)
        heard.set()

    assert open_with("play", TALK, tell) == "play has it now."
    gate.write_text("gone\n")
    assert heard.wait(10)
    assert told == ["play failed with status 1: gone"]


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "javascript:alert(1)", "mailto:a@b.c", "-rf", "", "/etc"]
)
def test_only_web_addresses_reach_a_player(address: str, make_program: MakeProgram) -> None:
    log = make_program("play")
    with pytest.raises(HandoffError, match=r"^Only http and https addresses are opened"):
        open_with("play", address, unheard)
    assert not log.exists()
