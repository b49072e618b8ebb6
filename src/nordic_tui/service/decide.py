"""Which sources are due, when one is asked again and why, and where. Pure: the time and chance
are arguments.

A "why" reads on from "It is asked at 14:05: ".
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from nordic_tui.errors import (
    BadAddress,
    BadStatus,
    DecodeError,
    FetchError,
    InsecureConnection,
    NotAFeed,
    TooManyRedirects,
    Unreachable,
)
from nordic_tui.model import Entry, Feed, Manner, SourceState
from nordic_tui.text.fold import fold

HOUR_S = 3600.0
DAY_S = 86_400.0
FLOOR_S = 600.0
"""No source that answers well is asked more often than this by itself."""
FIRST_RETRY_S = 900.0
MISSING_RETRY_S = 6 * HOUR_S
"""After a 404: what is not there now will hardly be there in a quarter of an hour."""
SHORTEST_RETRY_AFTER_S = 60.0
RHYTHM_POSTS = 20


class Next(NamedTuple):
    """When a source is asked again, and why then."""

    at: datetime
    why: str


# ── which sources ───────────────────────────────────────────────────────────────────────────


def due(states: Iterable[SourceState], now: datetime, *, asked_for: bool) -> list[SourceState]:
    """The sources to ask now: all if a person asked for it, else those whose time has come.

    Never one that is paused or has stopped, nor one that asked to be left alone until later
    (Retry-After, RFC 9110 section 10.2.3): what a server wishes is kept also when a person asks.
    """
    return [
        state
        for state in states
        if _is_asked(state)
        and not _is_left_alone(state, now)
        and (asked_for or state.next_at is None or state.next_at <= now)
    ]


def left_alone(states: Iterable[SourceState], now: datetime) -> list[SourceState]:
    """The sources that are not asked now, even if a person asks, because they wished so."""
    return [state for state in states if _is_asked(state) and _is_left_alone(state, now)]


def next_due(states: Iterable[SourceState]) -> datetime | None:
    """When the first source is due again; None if none ever is."""
    times = [state.next_at for state in states if _is_asked(state) and state.next_at is not None]
    return min(times, default=None)


def _is_asked(state: SourceState) -> bool:
    return not (state.stopped or state.paused)


def _is_left_alone(state: SourceState, now: datetime) -> bool:
    return state.not_before is not None and state.not_before > now


# ── when again ──────────────────────────────────────────────────────────────────────────────


def after_answer(
    now: datetime,
    *,
    own_interval_s: float | None,
    floor_s: float,
    rhythm_s: float | None = None,
    max_age_s: float | None = None,
    update_s: float | None = None,
) -> Next:
    """When to ask a source again that answered well.

    own_interval_s: what the person set for this source; it wins over all else.
    floor_s: what the person set for all; as both, ten minutes at least.
    rhythm_s: the median time between its newest posts; a source is asked twice in it, so that
        a post is seen before half the time to the next has gone, and at least once a day.
    max_age_s: for how long its answer is fresh (RFC 9111 section 4.2.1); no use in asking before.
    update_s: how often it says that it is updated (`sy:updatePeriod` of the RSS 1.0 syndication
        module, `ttl` of RSS 2.0). Neither of the two makes it silent for more than a day.
    """
    if own_interval_s is not None:
        wait_s = max(own_interval_s, FLOOR_S)
        return Next(now + timedelta(seconds=wait_s), f"{_often(wait_s)}, as you set")
    floor_s = max(floor_s, FLOOR_S)
    wait_s, why = floor_s, f"no source is asked more often than {_often(floor_s)}"
    if rhythm_s is None:
        why = "how often it posts is not known yet"
    elif min(rhythm_s / 2, DAY_S) > wait_s:
        wait_s, why = min(rhythm_s / 2, DAY_S), f"it posts about {_often(rhythm_s)}"
    if update_s is not None and min(update_s, DAY_S) > wait_s:
        wait_s = min(update_s, DAY_S)
        why = f"it says that it is updated {_often(update_s)}"
    if max_age_s is not None and min(max_age_s, DAY_S) > wait_s:
        wait_s, why = min(max_age_s, DAY_S), "its answer is fresh until then"
    return Next(now + timedelta(seconds=wait_s), why)


def after_failure(
    now: datetime, failures: int, *, status: int, retry_after_s: float | None, chance: float
) -> Next:
    """When to ask a source again that failed.

    As long as it said (RFC 9110 section 10.2.3), within a minute and a day; else a quarter of
    an hour, after a 404 six hours, that doubles with each failure in a row, up to a day.

    failures: in a row, this one included, from 1. status: of HTTP; 0: there was none.
    chance: 0 to 1; moves the time by up to a tenth, so that sources that failed together
        are not asked together.
    """
    if retry_after_s is not None:
        wait_s = min(max(retry_after_s, SHORTEST_RETRY_AFTER_S), DAY_S)
        return Next(now + timedelta(seconds=wait_s), "it asked to be left alone until then")
    first_s = MISSING_RETRY_S if status == 404 else FIRST_RETRY_S
    wait_s = min(first_s * 2 ** min(failures - 1, 10), DAY_S) * (0.9 + 0.2 * chance)
    if status == 404:
        why = "there was nothing at its address"
    elif failures == 1:
        why = "it failed the last time"
    else:
        why = f"it failed {failures:,} times in a row"
    return Next(now + timedelta(seconds=wait_s), why)


def _often(seconds: float) -> str:
    """How often something is that comes every so many seconds: "once a day", "every 3 days"."""
    units = (
        (365 * DAY_S, "a year"),
        (30 * DAY_S, "a month"),
        (DAY_S, "a day"),
        (HOUR_S, "an hour"),
    )
    for unit_s, one in units:
        if seconds == unit_s:
            return f"once {one}"
        if seconds >= 1.5 * unit_s:
            return f"every {round(seconds / unit_s)} {one.split()[1]}s"
    minutes = round(seconds / 60)
    return f"every {minutes} minutes" if minutes > 1 else "every minute"


# ── how often it posts ──────────────────────────────────────────────────────────────────────


def newest(entries: Iterable[Entry], now: datetime) -> list[Entry]:
    """The newest posts with a date that has come, at most as many as the rhythm is made of."""
    dated = [entry for entry in entries if entry.published is not None and entry.published <= now]
    return sorted(dated, key=_date, reverse=True)[:RHYTHM_POSTS]


def rhythm_s(entries: Iterable[Entry], now: datetime) -> float | None:
    """The median time between the newest posts, in seconds; None with fewer than two dates.

    The median, so that one holiday or one day of many posts changes little.
    """
    dates = [_date(entry) for entry in newest(entries, now)]
    gaps = sorted((later - earlier).total_seconds() for later, earlier in pairwise(dates))
    half = len(gaps) // 2
    # `statistics` would cost the start of the program 10 ms.
    return (gaps[half] + gaps[~half]) / 2 if gaps else None


def _date(entry: Entry) -> datetime:
    assert entry.published is not None  # `newest` has only such
    return entry.published


# ── where ───────────────────────────────────────────────────────────────────────────────────


def asked_at(state: SourceState) -> str:
    """The address to ask: where it moved for good, else the one that is followed."""
    return state.read_from or state.address


def validated(state: SourceState, left_out: Sequence[str]) -> str:
    """What the validators of an answer that is read now are of: its address, and what is left
    out of it, in any case and order.

    WordPress's validators are of the whole site: one feed's ETag brings 304 at another's. And a
    304 would keep away what is no longer left out.
    """
    without = sorted({fold(name) for name in left_out})
    return f"{asked_at(state)} without {without}" if without else asked_at(state)


def may_validate(state: SourceState, parser: int, left_out: Sequence[str] = ()) -> bool:
    """Whether its validators and hash say anything: they are of what is asked for now, and that
    was read by these decoders."""
    return state.validated == validated(state, left_out) and state.parser == parser


def moved(state: SourceState, moved_to: str, *, is_read: bool = True) -> SourceState:
    """The state after an answer that permanent redirects (301, 308; RFC 9110 sections 15.4.2
    and 15.4.9) led to `moved_to`; "" without such.

    They are believed when they led to the same place twice in a row, since many a server that is
    out of order redirects all to its front page.

    is_read: whether a feed was read there; a 304 confirms a move, and begins none.
    """
    if not moved_to:
        return state._replace(moving_to="")
    if moved_to == state.moving_to:
        return state._replace(read_from=moved_to, moving_to="")
    return state._replace(moving_to=moved_to if is_read else "")


def is_lost(error: FetchError | DecodeError) -> bool:
    """Whether an error tells that there is no feed at an address, rather than trouble on the way:
    then a place where a source moved is forgotten, and the one that is followed asked again."""
    if isinstance(error, BadStatus):
        return error.status in (404, 410)
    lost = (BadAddress, InsecureConnection, NotAFeed, TooManyRedirects, Unreachable)
    return isinstance(error, lost)


def manner_at(manner: Manner, followed: str, asked: str) -> Manner:
    """How to ask `asked` for a source that is followed at `followed`: headers and credentials
    of a person's go to its scheme, host and port only."""
    if asked == followed or not (manner.headers or manner.login):
        return manner
    if _origin(asked) == _origin(followed):
        return manner
    return manner._replace(headers=(), login=None)


def _origin(address: str) -> str:
    scheme, _, rest = address.partition("://")
    authority = rest.replace("?", "/").replace("#", "/").partition("/")[0]
    return f"{scheme}://{authority.rpartition('@')[2]}".lower()


# ── what is kept ────────────────────────────────────────────────────────────────────────────


def without_left_out(feed: Feed, left_out: Sequence[str]) -> Feed:
    """The feed without the posts that are in a category that is left out, in any case."""
    if not left_out:
        return feed
    unwanted = {fold(name) for name in left_out}
    return feed._replace(
        entries=tuple(
            entry
            for entry in feed.entries
            if not any(fold(category) in unwanted for category in entry.categories)
        )
    )


def post_keys(feed: Feed) -> set[tuple[object, ...]]:
    """What tells the posts of a feed apart, as the store does."""
    return {_post_key(entry) for entry in feed.entries}


def _post_key(entry: Entry) -> tuple[object, ...]:
    if entry.guid:
        return ("guid", entry.guid)
    return ("link", entry.link) if entry.link else ("title", entry.title, entry.published)
