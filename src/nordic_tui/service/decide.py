"""Which sources are due, and when one is asked again. Pure: the time and chance are arguments."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from nordic_tui.model import SourceState

FLOOR_S = 600.0
"""No source that answers well is asked more often than this by itself."""
FIRST_RETRY_S = 900.0
DAY_S = 86_400.0


def due(states: Iterable[SourceState], now: datetime, *, asked_for: bool) -> list[SourceState]:
    """The sources to ask now: all that have not stopped if a person asked for it, else those
    whose time has come."""
    return [
        state
        for state in states
        if not state.stopped and (asked_for or state.next_at is None or state.next_at <= now)
    ]


def next_due(states: Iterable[SourceState]) -> datetime | None:
    """When the first source is due again; None if none ever is."""
    times = [state.next_at for state in states if not state.stopped and state.next_at is not None]
    return min(times, default=None)


def after_answer(now: datetime, interval_s: float, max_age_s: float | None) -> datetime:
    """When to ask a source again that answered well.

    Its own interval, or for as long as it calls its answer fresh, up to a day.
    """
    wait_s = max(interval_s, FLOOR_S, min(max_age_s or 0.0, DAY_S))
    return now + timedelta(seconds=wait_s)


def after_failure(
    now: datetime, failures: int, retry_after_s: float | None, chance: float
) -> datetime:
    """When to ask a source again that failed.

    As long as it said (RFC 9110 section 10.2.3), within a minute and a day; else a quarter of
    an hour that doubles with each failure in a row, up to a day.

    failures: in a row, this one included, from 1.
    chance: 0 to 1; moves the time by up to a tenth, so that sources that failed together
        are not asked together.
    """
    if retry_after_s is not None:
        wait_s = min(max(retry_after_s, 60.0), DAY_S)
    else:
        doubled_s = FIRST_RETRY_S * 2 ** min(failures - 1, 10)
        wait_s = min(doubled_s, DAY_S) * (0.9 + 0.2 * chance)
    return now + timedelta(seconds=wait_s)
