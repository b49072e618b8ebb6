"""OSC 52 to the byte, and what is said of a copy."""

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.errors import HandoffError
from nordic_tui.handoff.clipboard import (
    MAX_BASE64_BYTES,
    MAX_SEQUENCE_BYTES,
    Between,
    copy,
    osc52,
    what_is_between,
)

from .conftest import MakeProgram

LINK = "https://nordicsafecities.org/"
MAYBE = "Sent to the terminal's clipboard, which may not allow it"


def test_a_terminal_without_anything_between() -> None:
    assert osc52("Ærø") == b"\x1b]52;c;w4Zyw7g=\x07"


def test_tmux_hands_it_on_with_every_escape_doubled() -> None:
    assert osc52("Ærø", Between.TMUX) == b"\x1bPtmux;\x1b\x1b]52;c;w4Zyw7g=\x07\x1b\\"


def test_screen_hands_it_on_in_pieces() -> None:
    assert osc52("Ærø", Between.SCREEN) == b"\x1bP\x1b]52;c;w4Zyw7g=\x07\x1b\\"


@given(st.text(max_size=6_000))
def test_screens_pieces_are_short_and_together_the_sequence(text: str) -> None:
    pieces = osc52(text, Between.SCREEN).split(b"\x1bP")[1:]
    assert all(piece.endswith(b"\x1b\\") for piece in pieces)
    assert max(len(b"\x1bP" + piece) for piece in pieces) <= 768
    assert b"".join(piece.removesuffix(b"\x1b\\") for piece in pieces) == osc52(text)


@given(st.text())
def test_no_text_gets_out_of_the_sequence(text: str) -> None:
    plain = osc52(text)
    payload = plain.removeprefix(b"\x1b]52;c;").removesuffix(b"\x07")
    assert base64.b64decode(payload, validate=True) == text.encode(errors="replace")
    assert plain.count(b"\x1b") == plain.count(b"\x07") == 1


def test_half_a_character_is_no_reason_to_fail() -> None:
    assert osc52("a\ud800") == osc52("a?")


LONGEST = MAX_BASE64_BYTES // 4 * 3
"""Bytes of text whose base64 still passes."""


@pytest.mark.parametrize("between", Between)
def test_what_terminals_would_drop_is_not_sent(between: Between) -> None:
    assert len(osc52("a" * LONGEST, between)) <= MAX_SEQUENCE_BYTES
    with pytest.raises(HandoffError, match=r"too long .* takes 56 kB: nothing was copied\.$"):
        osc52("a" * (LONGEST + 1), between)


def test_the_environment_tells_what_is_between(monkeypatch: pytest.MonkeyPatch) -> None:
    assert what_is_between() is Between.NOTHING
    monkeypatch.setenv("TERM", "tmux-256color")  # as over SSH, out of a tmux
    assert what_is_between() is Between.TMUX
    monkeypatch.setenv("TERM", "screen")
    assert what_is_between() is Between.NOTHING
    monkeypatch.setenv("STY", "1.pts")
    assert what_is_between() is Between.SCREEN
    monkeypatch.setenv("TMUX", "/tmp/tmux,1,0")  # noqa: S108  what tmux sets; no file is made
    assert what_is_between() is Between.TMUX


@pytest.mark.parametrize(
    ("display", "program", "arguments"),
    [
        ("WAYLAND_DISPLAY", "wl-copy", ""),
        ("DISPLAY", "xclip", "-selection\nclipboard\n"),
        ("DISPLAY", "xsel", "--clipboard\n--input\n"),
    ],
)
def test_a_program_of_this_machine_copies(
    display: str,
    program: str,
    arguments: str,
    make_program: MakeProgram,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = make_program(program)
    monkeypatch.setenv(display, ":0")
    assert copy(LINK) == ("Copied", "")
    assert log.read_text() == arguments + LINK


def test_the_mac_has_its_own(make_program: MakeProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    log = make_program("pbcopy")
    monkeypatch.setattr("sys.platform", "darwin")
    assert copy(LINK).words == "Copied"
    assert log.read_text() == LINK


def test_over_ssh_the_clipboard_is_elsewhere(
    make_program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = make_program("xclip")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 22 10.0.0.2 22")
    assert copy(LINK) == (MAYBE, osc52(LINK).decode())
    assert not log.exists()


def test_a_program_that_fails_is_no_copy(
    make_program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_program("xclip", "exit 1")
    monkeypatch.setenv("DISPLAY", ":0")
    assert copy(LINK) == (MAYBE, osc52(LINK).decode())


def test_tmux_is_told_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMUX", "x")
    copied = copy(LINK)
    assert copied.words == f"{MAYBE} (tmux: set-clipboard on)"
    assert copied.sequence == (osc52(LINK, Between.TMUX) + osc52(LINK)).decode()


def test_what_is_too_long_for_the_terminal_a_program_takes(
    make_program: MakeProgram, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = "a" * (LONGEST + 1)
    with pytest.raises(HandoffError):
        copy(text)
    log = make_program("xclip")
    monkeypatch.setenv("DISPLAY", ":0")
    assert copy(text).words == "Copied"
    assert log.read_text().endswith(text)
