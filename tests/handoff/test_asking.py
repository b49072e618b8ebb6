"""What a terminal says of itself: read from real answers, and never waited for without an end."""

import json
import os
import time

import pytest

from nordic_tui.handoff.asking import SAMPLES, answers, why_not
from tests.terminal import Terminal

CPR = "".join(f"\x1b[1;{width + 1}R" for _, width in SAMPLES.values())
KITTY = CPR + "\x1b[?0u\x1b[?2026;2$y\x1bP>|kitty(0.32.2)\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[?62;c"
ASK = (
    "import json; from nordic_tui.handoff.asking import ask; said = ask(); "
    "print(json.dumps(said and said._asdict())); print('over')"
)


def test_the_answers_of_a_terminal_that_can_do_much() -> None:
    said = answers(KITTY)
    assert said is not None
    assert (said.name, said.keyboard, said.pictures, said.synchronised, said.sixel) == (
        "kitty(0.32.2)", True, True, True, False,
    )  # fmt: skip
    assert said.widths == {of: width for of, (_, width) in SAMPLES.items()}


def test_the_answers_of_one_that_can_do_little() -> None:
    said = answers("\x1b[?2026;0$y\x1b[?1;2;4c")
    assert said is not None
    assert (said.name, said.keyboard, said.pictures, said.synchronised, said.sixel) == (
        "", False, False, False, True,
    )  # fmt: skip
    assert said.widths == {}
    assert answers("typed") is None


def test_a_name_holds_no_control() -> None:
    said = answers("\x1bP>|evil\x07\x9b2J\x1b\\\x1b[?1c")
    assert said is not None
    assert said.name == ""


@pytest.mark.parametrize("term", ["", "dumb", "linux", "vt100"])
def test_who_writes_questions_down_is_not_asked(monkeypatch: pytest.MonkeyPatch, term: str) -> None:
    monkeypatch.setenv("TERM", term)
    assert "TERM" in why_not()


def run(answer: str) -> tuple[Terminal, float]:
    """Ask a terminal that answers so, once it has all questions; gives it and how long it took."""
    terminal = Terminal("-c", ASK)
    try:
        while b"\x1b[c" not in terminal.sent:
            assert terminal.read(10)
        begun = time.monotonic()
        terminal.type(answer)
        terminal.end()
        return terminal, time.monotonic() - begun
    finally:
        terminal.close()


def test_a_real_terminal_is_asked_and_left_as_it_was() -> None:
    terminal, _ = run(KITTY)
    assert '"name": "kitty(0.32.2)"' in terminal.text.replace("\n", "")
    assert "62;c" not in terminal.text, "no answer is echoed"
    assert terminal.sent.count(b"\x1b[?1049h") == terminal.sent.count(b"\x1b[?1049l") == 1


def test_one_that_is_silent_is_given_up() -> None:
    terminal, took_s = run("")
    assert json.loads(terminal.display[0].strip()) is None
    assert "over" in terminal.text
    assert took_s < 20, os.environ.get("TERM")
