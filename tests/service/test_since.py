"""From when on a post is new, in a time zone ahead of UTC."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from nordic_tui.service.figures import since_words
from nordic_tui.service.since import is_last_check, moment_of, since_last

NOW = datetime(2024, 5, 15, 21, 30, tzinfo=UTC)
"""A Wednesday, and at half past midnight on Thursday in Helsinki."""


@pytest.fixture(autouse=True)
def helsinki(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Helsinki")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("today", "2024-05-15T21:00"),
        (" Yesterday ", "2024-05-14T21:00"),
        ("week", "2024-05-12T21:00"),
        ("90m", "2024-05-15T20:00"),
        ("3 h", "2024-05-15T18:30"),
        ("2d", "2024-05-13T21:30"),
        ("1W", "2024-05-08T21:30"),
        ("2024-05-01", "2024-04-30T21:00"),
        ("2024-01-01", "2023-12-31T22:00"),
        ("2024-05-01T08:00", "2024-05-01T05:00"),
        ("2024-05-01 08:00", "2024-05-01T05:00"),
        ("2024-05-01T08:00Z", "2024-05-01T08:00"),
        ("2024-05-01T08:00+01:00", "2024-05-01T07:00"),
    ],
)
def test_words_for_a_moment(words: str, moment: str) -> None:
    assert moment_of(words, NOW) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize("words", ["", "soon", "3x", "99999999d", "2024-13-01", "0001-01-01"])
def test_words_that_are_none_are_told_what_is_allowed(words: str) -> None:
    with pytest.raises(ValueError, match=r'^is "last check", today, .*, not ' + words + "$"):
        moment_of(words, NOW)


@pytest.mark.parametrize("words", ["2024-05-17", "2024-05-15T21:31Z"])
def test_a_moment_that_is_still_to_come(words: str) -> None:
    with pytest.raises(ValueError, match=f"^is a time that has been, not {words}$"):
        moment_of(words, NOW)


def test_the_last_check_in_words() -> None:
    assert is_last_check("Last  check")
    assert is_last_check("last-check")
    assert not is_last_check("check")


def test_a_check_is_gone_on_from() -> None:
    at = NOW - timedelta(hours=2)
    same = since_last(at, 7, NOW, 7)
    assert (same.at, same.after, same.was_lost) == (at, 7, False)
    # The posts were lost: those that are there now have lower numbers.
    lost = since_last(at, 7, NOW, 6)
    assert (lost.at, lost.after, lost.was_lost) == (at, None, True)
    # The clock was set back.
    assert since_last(NOW + timedelta(days=1), 7, NOW, 9).at == NOW


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2024-05-15T21:05", "since 00:05"),
        ("2024-05-15T20:59", "since yesterday, 23:59"),
        ("2024-05-13T09:00", "since 13 May 2024, 12:00"),
    ],
)
def test_since_when_in_words(moment: str, words: str) -> None:
    assert since_words(datetime.fromisoformat(moment).replace(tzinfo=UTC), NOW) == words
