"""Lines that are typed, and signals that come meanwhile."""

import io
import subprocess
import sys

from nordic_tui.plain.keyboard import MAX_CHARS, lines_of
from tests.terminal import WAIT_S

UNHEARD = """
import signal, sys, threading
from nordic_tui.plain.keyboard import lines_of, signals_heard

def end(*_):
    sys.exit(7)

waits = threading.Lock()
waits.acquire()
sys.setswitchinterval(100)  # no other thread goes on before the main one waits for a line

def kill():
    waits.acquire()
    # To a thread that is not the waiting one: the wait is not interrupted by it.
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

signal.signal(signal.SIGTERM, end)
with signals_heard():
    threading.Thread(target=kill).start()
    waits.release()
    lines_of(sys.stdin, print)("")
"""


def test_lines_and_the_end() -> None:
    prompts: list[str] = []
    read = lines_of(io.StringIO("one\r\n\ntwo"), prompts.append)
    assert [read("> "), read(""), read(""), read("")] == ["one", "", "two", None]
    assert prompts == ["> "]


def test_a_line_without_end_is_cut_and_the_next_one_whole() -> None:
    read = lines_of(io.StringIO("x" * 3 * MAX_CHARS + "\nnext\n"), print)
    assert read("") == "x" * MAX_CHARS
    assert read("") == "next"


def test_a_signal_that_interrupts_no_wait_is_heard_all_the_same() -> None:
    with subprocess.Popen([sys.executable, "-c", UNHEARD], stdin=subprocess.PIPE) as process:
        try:
            assert process.wait(WAIT_S) == 7
        finally:
            process.kill()
