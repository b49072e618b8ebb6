from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from nordic_tui.errors import (
    BadStatus,
    BrokenAnswer,
    DecodeError,
    FetchError,
    Gone,
    NotAFeed,
    TimedOut,
    Unreachable,
    WorkerDied,
)
from nordic_tui.model import Entry, Feed, Login, Manner, SourceState
from nordic_tui.service import decide
from tests.fakes import BLOG, NEWS, NOW

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
MOVED = "https://moved.example/feed/"


def at(seconds: float | None) -> datetime | None:
    return None if seconds is None else NOW + timedelta(seconds=seconds)


def wait_s(found: decide.Next) -> float:
    return (found.at - NOW).total_seconds()


# ── which sources ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("state", "by_itself", "asked_for"),
    [
        (SourceState(NEWS), True, True),
        (SourceState(NEWS, next_at=at(-1)), True, True),
        (SourceState(NEWS, next_at=at(0)), True, True),
        (SourceState(NEWS, next_at=at(1)), False, True),
        (SourceState(NEWS, stopped=True), False, False),
        (SourceState(NEWS, next_at=at(-1), stopped=True), False, False),
        (SourceState(NEWS, next_at=at(-1), paused=True), False, False),
        (SourceState(NEWS, next_at=at(-1), not_before=at(1)), False, False),
        (SourceState(NEWS, not_before=at(0)), True, True),
    ],
)
def test_a_source_is_due(state: SourceState, by_itself: bool, asked_for: bool) -> None:
    assert decide.due([state], NOW, asked_for=False) == [state] * by_itself
    assert decide.due([state], NOW, asked_for=True) == [state] * asked_for


def test_due_sources_keep_their_order() -> None:
    states = [SourceState(name, next_at=at(s)) for name, s in (("c", -1), ("a", 9), ("b", -5))]
    assert [state.address for state in decide.due(states, NOW, asked_for=False)] == ["c", "b"]


def test_who_wished_to_be_left_alone_is_told_if_it_would_be_asked_else() -> None:
    states = [
        SourceState("until later", not_before=at(60)),
        SourceState("until now", not_before=at(0)),
        SourceState("paused", not_before=at(60), paused=True),
        SourceState("stopped", not_before=at(60), stopped=True),
        SourceState("never wished anything"),
    ]
    assert [state.address for state in decide.left_alone(states, NOW)] == ["until later"]


def test_the_first_that_is_due_again_counts() -> None:
    states = [
        SourceState("later", next_at=at(90)),
        SourceState("first", next_at=at(30)),
        SourceState("stopped", next_at=at(10), stopped=True),
        SourceState("paused", next_at=at(10), paused=True),
        SourceState("never asked"),
    ]
    assert decide.next_due(states) == at(30)


def test_nothing_is_due_where_nothing_has_a_time() -> None:
    assert decide.next_due([]) is None
    assert decide.next_due([SourceState(NEWS, next_at=at(1), stopped=True)]) is None


# ── when again, after an answer ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rhythm_s", "expected_s", "why"),
    [
        (None, HOUR_S, "how often it posts is not known yet"),
        (0, HOUR_S, "no source is asked more often than once an hour"),
        (2 * HOUR_S, HOUR_S, "no source is asked more often than once an hour"),
        (6 * HOUR_S, 3 * HOUR_S, "it posts about every 6 hours"),
        (DAY_S, DAY_S / 2, "it posts about once a day"),
        (3 * DAY_S, DAY_S, "it posts about every 3 days"),
        (400 * DAY_S, DAY_S, "it posts about every 13 months"),
    ],
)
def test_a_source_is_asked_twice_in_its_rhythm_and_once_a_day(
    rhythm_s: float | None, expected_s: float, why: str
) -> None:
    found = decide.after_answer(NOW, own_interval_s=None, floor_s=HOUR_S, rhythm_s=rhythm_s)
    assert (wait_s(found), found.why) == (expected_s, why)


@pytest.mark.parametrize(
    ("floor_s", "expected_s"), [(0, 600), (300, 600), (1800, 1800), (2 * DAY_S, 2 * DAY_S)]
)
def test_the_floor_is_what_a_person_set_for_all_and_ten_minutes_at_least(
    floor_s: float, expected_s: float
) -> None:
    for rhythm_s in (None, 60.0):
        found = decide.after_answer(NOW, own_interval_s=None, floor_s=floor_s, rhythm_s=rhythm_s)
        assert wait_s(found) == expected_s


@pytest.mark.parametrize(
    ("max_age_s", "update_s", "expected_s", "why"),
    [
        (60, 60, HOUR_S, "no source is asked more often than once an hour"),
        (5 * HOUR_S, None, 5 * HOUR_S, "its answer is fresh until then"),
        (None, 4 * HOUR_S, 4 * HOUR_S, "it says that it is updated every 4 hours"),
        (None, 7 * DAY_S, DAY_S, "it says that it is updated every 7 days"),
        (9 * DAY_S, None, DAY_S, "its answer is fresh until then"),
        (2 * HOUR_S, 3 * HOUR_S, 3 * HOUR_S, "it says that it is updated every 3 hours"),
        (3 * HOUR_S, 2 * HOUR_S, 3 * HOUR_S, "its answer is fresh until then"),
    ],
)
def test_what_a_source_says_of_itself_is_kept_up_to_a_day(
    max_age_s: float | None, update_s: float | None, expected_s: float, why: str
) -> None:
    found = decide.after_answer(
        NOW,
        own_interval_s=None,
        floor_s=HOUR_S,
        rhythm_s=HOUR_S,
        max_age_s=max_age_s,
        update_s=update_s,
    )
    assert (wait_s(found), found.why) == (expected_s, why)


@pytest.mark.parametrize(
    ("own_interval_s", "expected_s", "why"),
    [
        (60, 600, "every 10 minutes, as you set"),
        (1800, 1800, "every 30 minutes, as you set"),
        (HOUR_S, HOUR_S, "once an hour, as you set"),
        (14 * DAY_S, 14 * DAY_S, "every 14 days, as you set"),
    ],
)
def test_what_a_person_set_for_a_source_wins_over_all_that_it_says(
    own_interval_s: float, expected_s: float, why: str
) -> None:
    found = decide.after_answer(
        NOW,
        own_interval_s=own_interval_s,
        floor_s=HOUR_S,
        rhythm_s=3 * DAY_S,
        max_age_s=DAY_S,
        update_s=DAY_S,
    )
    assert (wait_s(found), found.why) == (expected_s, why)


# ── when again, after a failure ─────────────────────────────────────────────────────────────


def failed(
    failures: int, *, status: int = 0, retry_after_s: float | None = None, chance: float = 0.5
) -> decide.Next:
    return decide.after_failure(
        NOW, failures, status=status, retry_after_s=retry_after_s, chance=chance
    )


@pytest.mark.parametrize(
    ("failures", "expected_s"),
    [(1, 900), (2, 1800), (3, 3600), (7, 57_600), (8, DAY_S), (9, DAY_S), (100_000, DAY_S)],
)
def test_waiting_doubles_with_each_failure_up_to_a_day(failures: int, expected_s: float) -> None:
    assert wait_s(failed(failures, status=500)) == pytest.approx(expected_s)


@pytest.mark.parametrize(
    ("failures", "expected_s"), [(1, 6 * HOUR_S), (2, 12 * HOUR_S), (3, DAY_S), (9, DAY_S)]
)
def test_what_is_not_there_is_asked_rarely_from_the_beginning(
    failures: int, expected_s: float
) -> None:
    found = failed(failures, status=404)
    assert wait_s(found) == pytest.approx(expected_s)
    assert found.why == "there was nothing at its address"


@pytest.mark.parametrize(("chance", "expected_s"), [(0.0, 810), (0.25, 855), (1.0, 990)])
def test_chance_parts_sources_that_failed_together(chance: float, expected_s: float) -> None:
    assert wait_s(failed(1, chance=chance)) == pytest.approx(expected_s)


@pytest.mark.parametrize(
    ("retry_after_s", "expected_s"), [(-5, 60), (0, 60), (61, 61), (DAY_S + 1, DAY_S)]
)
@pytest.mark.parametrize(("failures", "chance", "status"), [(1, 0.0, 429), (12, 1.0, 404)])
def test_a_server_says_itself_when_to_come_back(
    failures: int, chance: float, status: int, retry_after_s: float, expected_s: float
) -> None:
    found = failed(failures, status=status, retry_after_s=retry_after_s, chance=chance)
    assert (wait_s(found), found.why) == (expected_s, "it asked to be left alone until then")


def test_failures_are_told() -> None:
    assert failed(1).why == "it failed the last time"
    assert failed(3).why == "it failed 3 times in a row"


# ── how often it posts ──────────────────────────────────────────────────────────────────────


def posted(*hours_ago: float | None) -> list[Entry]:
    return [
        Entry(published=None if hours is None else NOW - timedelta(hours=hours))
        for hours in hours_ago
    ]


@pytest.mark.parametrize(
    ("entries", "hours"),
    [
        (posted(), None),
        (posted(1), None),
        (posted(None, 5, None), None),
        (posted(1, 3), 2),
        (posted(3, 1), 2),
        (posted(1, 2, 4, 100), 2),  # one holiday changes little
        (posted(0, 1, 4), 2),
        (posted(-9, 1, 3), 2),  # what is yet to come says nothing
        (posted(*range(20), 900, 1800), 1),  # nor does what was long ago
        (posted(1, 1, 1), 0),
    ],
)
def test_the_rhythm_is_the_median_gap_of_the_newest(
    entries: Sequence[Entry], hours: float | None
) -> None:
    assert decide.rhythm_s(entries, NOW) == (None if hours is None else hours * HOUR_S)


def test_the_newest_of_parts_are_those_of_the_whole() -> None:
    whole = posted(*range(100))
    newest: list[Entry] = []
    for start in (60, 30, 0, 90):
        newest = decide.newest((*newest, *whole[start : start + 30]), NOW)
    assert newest == whole[:20]


# ── where ───────────────────────────────────────────────────────────────────────────────────


def test_a_permanent_redirect_is_believed_the_second_time() -> None:
    once = decide.moved(SourceState(NEWS), MOVED)
    assert (once.moving_to, once.read_from) == (MOVED, "")
    twice = decide.moved(once, MOVED)
    assert (twice.moving_to, twice.read_from) == ("", MOVED)


def test_another_target_starts_over_and_none_ends_it() -> None:
    once = decide.moved(SourceState(NEWS), MOVED)
    other = decide.moved(once, BLOG)
    assert (other.moving_to, other.read_from) == (BLOG, "")
    assert decide.moved(once, "").moving_to == ""


def test_a_304_confirms_a_move_and_begins_none() -> None:
    assert decide.moved(SourceState(NEWS), MOVED, is_read=False).moving_to == ""
    once = SourceState(NEWS, moving_to=MOVED)
    assert decide.moved(once, MOVED, is_read=False).read_from == MOVED
    assert decide.moved(once, BLOG, is_read=False) == SourceState(NEWS)


def test_a_source_that_moved_may_move_on() -> None:
    state = SourceState(NEWS, read_from=MOVED)
    assert decide.moved(state, "") == state
    assert decide.moved(decide.moved(state, BLOG), BLOG).read_from == BLOG


@pytest.mark.parametrize(
    ("error", "is_lost"),
    [
        (BadStatus("answered 404", 404), True),
        (Gone("is gone", 410), True),
        (Unreachable("could not be reached"), True),
        (NotAFeed("answers with a web page, not a feed"), True),
        (BadStatus("has trouble", 503), False),
        (TimedOut("did not answer"), False),
        (BrokenAnswer("broke off"), False),
        (WorkerDied("took too long"), False),
    ],
)
def test_an_address_without_a_feed_is_lost_and_one_in_trouble_is_not(
    error: FetchError | DecodeError, is_lost: bool
) -> None:
    assert decide.is_lost(error) is is_lost


@pytest.mark.parametrize(
    ("state", "is_right"),
    [
        (SourceState(NEWS, validated=NEWS, parser=3), True),
        (SourceState(NEWS, validated=NEWS, parser=2), False),
        (SourceState(NEWS, validated="", parser=3), False),
        (SourceState(NEWS, validated=NEWS, parser=3, read_from=MOVED), False),
        (SourceState(NEWS, validated=MOVED, parser=3, read_from=MOVED), True),
        (SourceState(NEWS, validated=f"{NEWS} without ['events']", parser=3), False),
    ],
)
def test_validators_are_of_one_address_and_one_version_of_the_decoders(
    state: SourceState, is_right: bool
) -> None:
    assert decide.may_validate(state, 3) is is_right


OWN = Manner("me/1", (("X-Key", "1"),), Login(variable="TOKEN"), 5_000)


@pytest.mark.parametrize(
    ("asked", "goes_along"),
    [
        (NEWS, True),
        ("https://news.example/other?x", True),
        ("HTTPS://me@NEWS.example", True),
        ("http://news.example/feed/", False),
        ("https://news.example:8443/feed/", False),
        ("https://news.example.org/feed/", False),
        ("https://other.example/@news.example/", False),
    ],
)
def test_headers_and_credentials_stay_with_their_origin(asked: str, goes_along: bool) -> None:
    found = decide.manner_at(OWN, NEWS, asked)
    assert found == (OWN if goes_along else Manner("me/1", max_bytes=5_000))


# ── what is kept ────────────────────────────────────────────────────────────────────────────


def test_posts_of_a_category_that_is_left_out_are_not_kept() -> None:
    entries = tuple(
        Entry(title=title, categories=categories)
        for title, categories in (
            ("none", ()),
            ("one", ("Events",)),
            ("both", ("News", "ÅRSMØTE")),
            ("other", ("Event",)),
        )
    )
    feed = Feed("News", entries=entries)
    assert decide.without_left_out(feed, ()) is feed
    left = decide.without_left_out(feed, ["events", "årsmøte"])
    assert [entry.title for entry in left.entries] == ["none", "other"]
    assert left.title == "News"
