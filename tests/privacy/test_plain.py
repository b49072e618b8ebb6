"""The reader without panes leaves as little behind as the screen does."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from nordic_tui.config.consent import ConsentFile
from nordic_tui.model import Answer
from tests.fakes import decided
from tests.privacy.reader import OTHER, TITLE, TYPED, Home
from tests.privacy.traces import beside_the_posts, contents, traces
from tests.terminal import WAIT_S, Terminal

Enter = Callable[[], Home]

READ = ("1", "g", "l", "y", "o", "D", "b", f"/{TYPED}*", "1", "b", "b", "m 1", "m 1", "A", "U", "H")
"""All that can be done with a post without keeping it."""


def through_pipe(*lines: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "nordic_tui", "--plain"],
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=True,
        env=dict(os.environ),
    )
    return done.stdout


@pytest.mark.parametrize("before", [None, Answer.NEVER], ids=["not asked", "never"])
def test_nothing_on_the_disk_tells_that_a_post_was_read(
    enter: Enter, before: Answer | None
) -> None:
    """Told twice, with the post that is read and without: all files are the same, to the byte."""

    def live(*lines: str) -> tuple[Home, str]:
        home = enter()
        if before is not None:
            ConsentFile(home.paths.consent_file).save(decided(before))
        return home, through_pipe(*lines)

    home, _ = live("b")
    unread = contents(home.path)
    home, said = live(*READ)
    assert f"Post 1 of 2 in All posts.\n{TITLE}\n" in said
    assert OTHER in said
    assert beside_the_posts(traces(home.path, home.needles)) == {}
    assert contents(home.path) == unread


@pytest.mark.parametrize("typed", ["2\n", "\n", "3\n", "\x03"])
def test_what_a_person_answers_in_a_terminal_holds(home: Home, typed: str) -> None:
    """Also the lines that were typed, which the arrow keys bring back, are in memory alone."""
    screen = Terminal("-m", "nordic_tui", "--plain")
    try:
        screen.wait_for("1, 2 or 3>")
        screen.type(typed)
        screen.wait_for("posts>")
        screen.type(f"1\n/{TYPED}\n")
        screen.wait_for("Search for")
        screen.type("q\n")
        screen.type("q\n")
        screen.end()
    finally:
        screen.close()
    assert beside_the_posts(traces(home.path, home.needles)) == {}
    assert not home.paths.history_file.exists()
