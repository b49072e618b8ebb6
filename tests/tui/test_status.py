"""One thing at a time at the top right, the most important."""

from datetime import datetime, timedelta

import pytest

from nordic_tui.model import SourceState
from nordic_tui.tui.status import Status, wait_words
from tests.fakes import NOW

ASKED = NOW - timedelta(minutes=4)
AGAIN = NOW + timedelta(minutes=15)


def state(error: str = "", *, checked_at: datetime | None = ASKED) -> SourceState:
    return SourceState(
        "https://news.example/feed/",
        checked_at=checked_at,
        next_at=AGAIN,
        failures=1 if error else 0,
        error=error,
    )


OK = state()
OFFLINE = state("could not be reached")
LATE = state("did not answer within 20 s")


@pytest.mark.parametrize(
    ("states", "words", "role"),
    [
        ((), "", "muted"),
        ((state(checked_at=None),), "", "muted"),
        ((OK,), "asked 11:56", "muted"),
        ((LATE,), "failed · next try 12:15", "alarm"),
        ((OK, LATE), "1 source failed · next try 12:15", "alarm"),
        ((OK, LATE, OFFLINE), "2 sources failed · next try 12:15", "alarm"),
        ((OFFLINE, OFFLINE), "offline · next try 12:15", "muted"),
    ],
)
def test_what_is_said_of_the_sources(
    states: tuple[SourceState, ...], words: str, role: str
) -> None:
    status = Status()
    status.learn(states)
    assert status.words(NOW, ".") == (words, role)


def test_a_source_that_stopped_for_good_does_not_count_as_failing() -> None:
    status = Status()
    gone = SourceState("https://old.example/", failures=1, error="is gone", stopped=True)
    status.learn((OK, gone))
    assert status.words(NOW, ".") == ("asked 11:56", "muted")


def test_progress_comes_before_what_was() -> None:
    status = Status()
    status.learn((LATE, OK))
    status.done, status.total = 2, 5
    assert status.words(NOW, ".") == ("2 of 5 sources", "muted")
    status.done, status.total = 0, 1
    assert status.words(NOW, ".") == ("asking …", "muted")


def test_what_is_new_comes_first_and_names_its_key() -> None:
    status = Status(new=3)
    assert status.words(NOW, ".") == ("3 new · press .", "mark")
    status.learn((LATE,))
    assert status.words(NOW, "F5") == ("3 new · press F5   failed · next try 12:15", "mark")
    assert Status(new=1234).words(NOW, ".") == ("1,234 new · press .", "mark")


def test_a_time_of_another_day_has_its_day() -> None:
    status = Status()
    status.learn((OK,))
    assert status.words(NOW + timedelta(days=3), ".") == ("asked 1 Oct 11:56", "muted")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "in 1 minute"),
        (60, "in 1 minute"),
        (900, "in 15 minutes"),
        (5_300, "in 88 minutes"),
        (7_200, "in 2 hours"),
        (35 * 3600, "in 35 hours"),
        (72 * 3600, "in 3 days"),
    ],
)
def test_how_long_to_wait(seconds: float, words: str) -> None:
    assert wait_words(seconds) == words
