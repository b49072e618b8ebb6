"""Which sources are due, when one is asked again and why, and where. Pure: the time and chance
are arguments.

A "why" reads on from "It is asked at 14:05: ".
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from nordic_tui.clock import CLOCK_SLACK
from nordic_tui.errors import BadStatus, FetchError, Gone, NordicError
from nordic_tui.model import Entry, Feed, Manner, SourceState
from nordic_tui.text.fold import fold

HOUR_S = 3600.0
DAY_S = 86_400.0
FLOOR_S = 600.0
"""No source that answers well is asked more often than this by itself."""
FIRST_RETRY_S = 900.0
"""The shortest wait after a failure."""
MISSING_RETRY_S = 6 * HOUR_S
"""After a 404, or a 410 that is not for good: what is not there now will hardly be there soon."""
LONGEST_RETRY_AFTER_S = 7 * DAY_S
"""No source is left alone for longer, whatever it says."""
LOST_AFTER_FAILURES = 3
LOST_AFTER = timedelta(days=3)
"""When a place where a source moved counts as lost though nothing says that it is gone."""
RHYTHM_POSTS = 20


class Next(NamedTuple):
    """When a source is asked again, and why then."""

    at: datetime
    why: str


# ── which sources ───────────────────────────────────────────────────────────────────────────


def due(
    states: Iterable[SourceState], now: datetime, *, asked_for: bool, by_name: bool = False
) -> list[SourceState]:
    """The sources to ask now: all if a person asked for it, else those whose time has come.

    Never one that is paused, nor one that asked to be left alone until later (Retry-After, RFC
    9110 section 10.2.3): what a server wishes is kept also when a person asks. One that has
    stopped only if a person asked for just these sources (`by_name`): perhaps it is back.
    """
    return [
        state
        for state in states
        if (_is_asked(state) or (by_name and not state.paused))
        and not is_left_alone(state, now)
        and (asked_for or state.next_at is None or state.next_at <= now or is_ahead(state, now))
    ]


def still_wanted(
    wanted: Iterable[SourceState], stored: Iterable[SourceState], now: datetime
) -> list[SourceState]:
    """Which of the sources that were to be asked are still to be, as they are stored now: not those
    that another instance of the program has asked since, nor those that have wished meanwhile to be
    left alone."""
    by_address = {state.address: state for state in stored}
    found = []
    for before in wanted:
        state = by_address.get(before.address, before)._replace(paused=before.paused)
        has_wished = state.not_before != before.not_before and is_left_alone(state, now)
        if state.checked_at == before.checked_at and not has_wished:
            found.append(state)
    return found


def left_alone(states: Iterable[SourceState], now: datetime) -> list[SourceState]:
    """The sources that are not asked now, even if a person asks, because they wished so."""
    return [state for state in states if _is_asked(state) and is_left_alone(state, now)]


def next_due(states: Iterable[SourceState]) -> datetime | None:
    """When the first source is due again; None if none ever is."""
    return min(filter(None, map(_due_at, filter(_is_asked, states))), default=None)


def _due_at(state: SourceState) -> datetime | None:
    return max(filter(None, (state.next_at, state.not_before)), default=None)


def is_ahead(state: SourceState, now: datetime) -> bool:
    """Whether it was asked by a clock that was ahead of this one: when it was to be asked again is
    as wrong, and would let it wait for as long as the clock was ahead."""
    return state.checked_at is not None and state.checked_at > now + CLOCK_SLACK


def _is_asked(state: SourceState) -> bool:
    return not (state.stopped or state.paused)


def is_left_alone(state: SourceState, now: datetime) -> bool:
    """Whether it wished not to be asked yet; a wish beyond any that is kept was noted down by a
    clock that was ahead."""
    longest = timedelta(seconds=LONGEST_RETRY_AFTER_S) + CLOCK_SLACK
    return state.not_before is not None and now < state.not_before <= now + longest


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
    now: datetime,
    failures: int,
    *,
    status: int,
    retry_after_s: float | None,
    own_interval_s: float | None,
    floor_s: float,
    chance: float,
) -> Next:
    """When to ask a source again that failed.

    After the interval that a person set, for it or for all, a quarter of an hour at least and
    after a 404 or 410 six hours: who fails is not asked more often than who answers. That doubles
    with each failure in a row, up to a day, or the interval itself where it is longer. Later if
    the source says so (RFC 9110 section 10.2.3).

    failures: in a row, this one included, from 1. status: of HTTP; 0: there was none.
    own_interval_s, floor_s: as of `after_answer`.
    chance: 0 to 1; makes the wait up to a tenth longer, so that sources that failed together
        are not asked together.
    """
    is_missing = status in (404, 410)
    usual_s = max(FIRST_RETRY_S, floor_s, own_interval_s or 0.0)
    first_s = max(usual_s, MISSING_RETRY_S) if is_missing else usual_s
    longest_s = max(DAY_S, usual_s)
    wait_s = min(first_s * 2 ** min(failures - 1, 10), longest_s) * (1 + 0.1 * chance)
    until = None if retry_after_s is None else left_alone_until(now, retry_after_s)
    at = now + timedelta(seconds=wait_s)
    if until is not None and until >= at:
        return Next(until, "it asked to be left alone until then")
    if is_missing:
        why = "there was nothing at its address"
    elif failures == 1:
        why = "it failed the last time"
    else:
        why = f"it failed {failures:,} times in a row"
    return Next(at, why)


def left_alone_until(now: datetime, retry_after_s: float) -> datetime:
    """Until when a source that asked to be left alone for so long is not asked at all."""
    return now + timedelta(seconds=min(max(retry_after_s, 0.0), LONGEST_RETRY_AFTER_S))


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
    return state.address if state.asks_old else state.read_from or state.address


def validated(state: SourceState, left_out: Sequence[str]) -> str:
    """What the validators of an answer that is read now are of: its address, and what is left
    out of it, in any case and order.

    WordPress's validators are of the whole site: one feed's ETag brings 304 at another's. And a
    304 would keep away what is no longer left out.
    """
    without = sorted({fold(name) for name in left_out})
    return f"{asked_at(state)} without {without}" if without else asked_at(state)


def may_validate(state: SourceState, parser: int, left_out: Sequence[str] = ()) -> bool:
    """Whether its validators and hash say anything: they are of what would be asked, and that
    was read by these decoders."""
    return state.validated == validated(state, left_out) and state.parser == parser


def moved(state: SourceState, moved_to: str, *, is_read: bool = True) -> SourceState:
    """The state after an answer that permanent redirects (301, 308; RFC 9110 sections 15.4.2
    and 15.4.9) led to `moved_to`; "" without such.

    They are believed when they led to the same place twice in a row, since many a server that is
    out of order redirects all to its front page. Where the address that is followed was asked
    once more, its answer takes back what was believed, unless it leads to the same place.

    is_read: whether a feed was read there; a 304 confirms a move, and begins none.
    """
    if state.asks_old:
        stays = moved_to == state.read_from
        state = state._replace(asks_old=False, read_from=state.read_from if stays else "")
    if not moved_to or moved_to == state.read_from:
        return state._replace(moving_to="")
    if moved_to == state.moving_to:
        return state._replace(read_from=moved_to, moving_to="")
    return state._replace(moving_to=moved_to if is_read else "")


def missed(state: SourceState, error: Exception, now: datetime) -> SourceState:
    """The state after a failure as to where the source is asked next.

    Where it moved and there is nothing, the address that is followed is asked in turn, until
    either answers well; what was believed is forgotten only then. A 404 or 410 tells that there
    is nothing; any other failure does only once it came several times over some days, since
    servers, certificates and networks have bad days. Trouble at this end tells nothing.
    """
    if not state.read_from or state.asks_old:
        return state._replace(asks_old=False)
    if isinstance(error, BadStatus) and error.status in (404, 410):
        return state._replace(asks_old=True)
    if is_here(error):
        return state._replace(missed_since=None)
    since = min(state.missed_since or now, now)
    is_lost = state.failures + 1 >= LOST_AFTER_FAILURES and now - since >= LOST_AFTER
    return state._replace(missed_since=since, asks_old=is_lost)


def is_here(error: Exception) -> bool:
    """Whether the trouble is at this end, so that it tells nothing of the source: what the
    fetcher says is, and a defect of this program."""
    if isinstance(error, FetchError):
        return error.at_this_end
    return not isinstance(error, NordicError)


def is_gone(state: SourceState, error: Exception) -> bool:
    """Whether a source is not to be asked any more: a 410, where its address itself led, and with
    no other place where it is believed to be."""
    return isinstance(error, Gone) and error.for_good and not state.read_from


def manner_at(manner: Manner, followed: str, asked: str) -> Manner:
    """How to ask `asked` for a source that is followed at `followed`: headers and credentials
    of a person's go to its scheme, host and port only, and its certificates count there only."""
    if asked == followed or not (manner.headers or manner.login or manner.ca_file):
        return manner
    if _origin(asked) == _origin(followed):
        return manner
    return manner._replace(headers=(), login=None, ca_file="")


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
