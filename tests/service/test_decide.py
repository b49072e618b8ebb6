from datetime import datetime, timedelta

import pytest

from nordic_tui.model import SourceState
from nordic_tui.service import decide
from tests.fakes import NEWS, NOW

DAY_S = 24 * 60 * 60.0


def at(seconds: float | None) -> datetime | None:
    return None if seconds is None else NOW + timedelta(seconds=seconds)


def wait_s(until: datetime) -> float:
    return (until - NOW).total_seconds()


# ── which sources ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("next_in_s", "stopped", "by_itself", "asked_for"),
    [
        (None, False, True, True),
        (-1, False, True, True),
        (0, False, True, True),
        (1, False, False, True),
        (None, True, False, False),
        (-1, True, False, False),
    ],
)
def test_a_source_is_due(
    next_in_s: float | None, stopped: bool, by_itself: bool, asked_for: bool
) -> None:
    state = SourceState(NEWS, next_at=at(next_in_s), stopped=stopped)
    assert decide.due([state], NOW, asked_for=False) == [state] * by_itself
    assert decide.due([state], NOW, asked_for=True) == [state] * asked_for


def test_due_sources_keep_their_order() -> None:
    states = [SourceState(name, next_at=at(s)) for name, s in (("c", -1), ("a", 9), ("b", -5))]
    assert [state.address for state in decide.due(states, NOW, asked_for=False)] == ["c", "b"]


def test_the_first_that_is_due_again_counts() -> None:
    states = [
        SourceState("later", next_at=at(90)),
        SourceState("first", next_at=at(30)),
        SourceState("stopped", next_at=at(10), stopped=True),
        SourceState("never asked"),
    ]
    assert decide.next_due(states) == at(30)


def test_nothing_is_due_where_nothing_has_a_time() -> None:
    assert decide.next_due([]) is None
    assert decide.next_due([SourceState(NEWS, next_at=at(1), stopped=True)]) is None


# ── when again ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("interval_s", "max_age_s", "expected_s"),
    [
        (3600, None, 3600),
        (3600, 0, 3600),
        (3600, 7200, 7200),  # no use in asking before the answer is stale
        (3600, 10 * DAY_S, DAY_S),  # but no source goes silent by a header
        (2 * DAY_S, 10 * DAY_S, 2 * DAY_S),  # a person may ask more rarely than that
        (60, None, 600),  # and not more often than every ten minutes
        (0, 30, 600),
    ],
)
def test_after_an_answer(interval_s: float, max_age_s: float | None, expected_s: float) -> None:
    assert wait_s(decide.after_answer(NOW, interval_s, max_age_s)) == expected_s


@pytest.mark.parametrize(
    ("failures", "expected_s"),
    [(1, 900), (2, 1800), (3, 3600), (7, 57_600), (8, DAY_S), (9, DAY_S), (100_000, DAY_S)],
)
def test_waiting_doubles_with_each_failure_up_to_a_day(failures: int, expected_s: float) -> None:
    assert wait_s(decide.after_failure(NOW, failures, None, 0.5)) == pytest.approx(expected_s)


@pytest.mark.parametrize(("chance", "expected_s"), [(0.0, 810), (0.25, 855), (1.0, 990)])
def test_chance_parts_sources_that_failed_together(chance: float, expected_s: float) -> None:
    assert wait_s(decide.after_failure(NOW, 1, None, chance)) == pytest.approx(expected_s)


@pytest.mark.parametrize(
    ("retry_after_s", "expected_s"), [(-5, 60), (0, 60), (61, 61), (DAY_S + 1, DAY_S)]
)
@pytest.mark.parametrize(("failures", "chance"), [(1, 0.0), (12, 1.0)])
def test_a_server_says_itself_when_to_come_back(
    failures: int, chance: float, retry_after_s: float, expected_s: float
) -> None:
    assert wait_s(decide.after_failure(NOW, failures, retry_after_s, chance)) == expected_s
