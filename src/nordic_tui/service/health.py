"""How a source is doing, in words: for the screen and the shell. Pure: the time is an argument."""

from datetime import datetime, timedelta
from typing import NamedTuple

from nordic_tui.model import SourceState
from nordic_tui.service import decide
from nordic_tui.service.words import date, local_time
from nordic_tui.text import clean


class Health(NamedTuple):
    """What is to be said of a source; every text is clean and on one line."""

    brief: str
    """Its state in a few words: "3 new posts", "paused", "did not answer within 20 s"."""
    asked: str
    """When it was last asked, as short as may be: "14:05", "16 May 2026", "never"."""
    next: str
    """When it is asked next: "14:05", "now", "never"; empty while it is paused."""
    sentences: tuple[str, ...]
    """All of it, what went wrong and why among it."""


def health(state: SourceState, now: datetime) -> Health:
    """Tell how a source is doing; times are those of the machine's time zone."""
    sentences = [
        *_last_asked(state, now),
        *_damaged(state),
        *_pages(state),
        *_spared(state),
        *_moved(state),
        *_next_asked(state, now),
    ]
    return Health(
        brief=clean.line(_brief(state, now)),
        asked=_moment(state.checked_at, now) if state.checked_at else "never",
        next=_next(state, now),
        sentences=tuple(clean.line(sentence, clean.MAX_URL_CHARS) for sentence in sentences),
    )


def _brief(state: SourceState, now: datetime) -> str:
    if state.paused:
        return "paused"
    if state.error:
        return f"{state.error}: asking stopped" if state.stopped else state.error
    if state.stopped:
        return "asking stopped"
    if until := _left_alone_until(state, now):
        return f"left alone until {_moment(until, now)}"
    if state.checked_at is None:
        return "not asked yet"
    return f"{state.outcome or 'well'}{'; damaged' if state.warning else ''}"


def _next(state: SourceState, now: datetime) -> str:
    if state.paused:
        return ""
    if state.stopped:
        return "never"
    moment = _next_at(state, now)
    return _moment(moment, now) if moment else "now"


def _next_at(state: SourceState, now: datetime) -> datetime | None:
    """When it is asked next; None: as soon as may be."""
    next_at = None if decide.is_ahead(state, now) else state.next_at
    moments = [m for m in (next_at, _left_alone_until(state, now)) if m is not None and m > now]
    return max(moments, default=None)


def _left_alone_until(state: SourceState, now: datetime) -> datetime | None:
    return state.not_before if decide.is_left_alone(state, now) else None


# ── sentences ───────────────────────────────────────────────────────────────────────────────


def _last_asked(state: SourceState, now: datetime) -> list[str]:
    if state.checked_at is None:
        # Its archive was asked for, where it wished something.
        return ["Its feed was not asked yet." if state.not_before else "It was not asked yet."]
    asked = f"It was last asked {_at(state.checked_at, now)}"
    if not state.error:
        return [f"{asked}. What came back: {state.outcome}." if state.outcome else f"{asked}."]
    found = [f"{asked}: it {state.error}."]
    if state.failures > 1:
        found.append(f"It failed {state.failures:,} times in a row.")
    if state.outcome:
        found.append(f"When it last answered well: {state.outcome}.")
    return found


def _damaged(state: SourceState) -> list[str]:
    return [f"What it sent was damaged: {state.warning}"] if state.warning else []


def _pages(state: SourceState) -> list[str]:
    """What went wrong with the last page that was fetched for its full text."""
    if not state.page_error:
        return []
    return [f"The page of one of its posts {state.page_error}: that post has the feed's own text."]


def _spared(state: SourceState) -> list[str]:
    """How often nothing had to be sent or read, of all requests."""
    same = state.spared - state.not_modified
    parts = [
        f"{_times(number)} {what}"
        for number, what in (
            (state.not_modified, "nothing changed and nothing was sent (304)"),
            (same, "the same came again and was not read"),
        )
        if number > 0
    ]
    asked = _times(max(state.asked, state.spared))
    return [f"It was asked {asked}: {', '.join(parts)}."] if parts else []


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def _moved(state: SourceState) -> list[str]:
    found = []
    if state.read_from:
        found.append(f"It moved: now read from {clean.shown_address(state.read_from)}.")
    if state.asks_old:
        found.append("There is nothing there now: its old address is asked next.")
    if state.moving_to and state.moving_to != state.read_from:
        new = clean.shown_address(state.moving_to)
        found.append(f"It says that it moved to {new}; if it says so again, that is believed.")
    return found


def _next_asked(state: SourceState, now: datetime) -> list[str]:
    if state.stopped:
        return ["It is not asked any more, unless you ask for this very source."]
    if state.paused:
        return ["It is paused: it is not asked until it goes on."]
    found = []
    if until := _left_alone_until(state, now):
        found.append(f"It asked to be left alone until {_moment(until, now)}.")
    moment = _next_at(state, now)
    if moment is None:
        found.append("It is asked at the next refresh.")
    else:
        why = f": {state.next_why}" if state.next_why and moment == state.next_at else ""
        found.append(f"It is asked next {_at(moment, now)}{why}.")
    return found


# ── moments ─────────────────────────────────────────────────────────────────────────────────


def _moment(moment: datetime, now: datetime) -> str:
    """ "14:05" today, "tomorrow 14:05", "yesterday 14:05", else "16 May 2026" """
    local, today = local_time(moment), local_time(now).date()
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return clock
    if local.date() == today + timedelta(days=1):
        return f"tomorrow {clock}"
    if local.date() == today - timedelta(days=1):
        return f"yesterday {clock}"
    return date(moment)


def _at(moment: datetime, now: datetime) -> str:
    """ "at 14:05", "tomorrow at 14:05", "on 16 May 2026" """
    day, _, clock = _moment(moment, now).rpartition(" ")
    if ":" not in clock:
        return f"on {date(moment)}"
    return f"{day} at {clock}".strip()
