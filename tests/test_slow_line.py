"""The line that the reader is tried at: what arrives when, and a program at its end."""

import sys
from contextlib import closing

from tests.slow_line import Direction
from tests.terminal import Terminal


def test_bytes_arrive_after_those_before_them_and_the_way() -> None:
    line = Direction(0.1, 100)
    line.send(b"abcd", 5.0)
    line.send(b"ef", 5.0)
    assert line.next_s(5.0) is not None
    # A hundredth of a second for each byte, in pieces of two, and a tenth for the way.
    moments = (5.1, 5.125, 5.135, 5.145, 5.165, 5.2)
    arrived = [line.arrived(moment) for moment in moments]
    assert arrived == [b"", b"ab", b"", b"cd", b"ef", b""]
    assert (line.held, line.next_s(6.0)) == (0, None)


def test_a_program_at_the_end_of_the_line() -> None:
    program = "import os; print('size', *os.get_terminal_size()); print('got', input())"
    line = ("-m", "tests.slow_line", "--rtt", "0.01", "--baud", "1e6")
    with closing(Terminal(*line, sys.executable, "-c", program, size=(70, 20))) as terminal:
        terminal.wait_for("size 70 20")
        terminal.type("words\r")
        terminal.wait_for("got words")
        assert terminal.end() == 0


def test_an_exit_status_comes_back() -> None:
    line = ("-m", "tests.slow_line", "--rtt", "0", "--baud", "1e6")
    with closing(Terminal(*line, sys.executable, "-c", "raise SystemExit(7)")) as terminal:
        assert terminal.end() == 7
