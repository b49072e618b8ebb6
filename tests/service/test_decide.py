from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from nordic_tui.errors import (
    BadStatus,
    BrokenAnswer,
    FetchError,
    Gone,
    InsecureConnection,
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


@pytest.mark.parametrize(
    ("state", "is_due"),
    [
        (SourceState(NEWS, stopped=True), True),
        (SourceState(NEWS, stopped=True, paused=True), False),
        (SourceState(NEWS, paused=True), False),
        (SourceState(NEWS, not_before=at(1)), False),
    ],
)
def test_who_has_stopped_is_asked_where_just_it_is_asked_for(
    state: SourceState, is_due: bool
) -> None:
    assert decide.due([state], NOW, asked_for=True, by_name=True) == [state] * is_due


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


def test_nothing_is_due_before_it_may_be_asked() -> None:
    """Else a program that is open looks for it every minute."""
    alone = SourceState("alone", next_at=at(30), not_before=at(60))
    assert decide.next_due([alone]) == at(60)
    assert decide.next_due([alone, SourceState("later", next_at=at(40))]) == at(40)
    assert decide.next_due([SourceState("never asked", not_before=at(60))]) == at(60)


def test_nothing_is_due_where_nothing_has_a_time() -> None:
    assert decide.next_due([]) is None
    assert decide.next_due([SourceState(NEWS, next_at=at(1), stopped=True)]) is None


# ── when again, after an answer ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(days=365), timedelta(days=3650)])
def test_a_clock_that_was_ahead_lets_no_source_wait_for_as_long(ahead: timedelta) -> None:
    then = NOW + ahead
    state = SourceState("ahead", checked_at=then, next_at=then + timedelta(hours=1))
    assert decide.due([state], NOW, asked_for=False) == [state]
    # Set back by minutes, it waits for these minutes more.
    near = state._replace(checked_at=at(20), next_at=at(30))
    assert decide.due([near], NOW, asked_for=False) == []


def test_no_source_is_left_alone_for_longer_than_it_can_ask_for() -> None:
    week = timedelta(seconds=decide.LONGEST_RETRY_AFTER_S)
    asked = SourceState("asked", not_before=NOW + week)
    ahead = SourceState("ahead", not_before=NOW + week + timedelta(days=1))
    assert decide.due([asked, ahead], NOW, asked_for=False) == [ahead]
    assert decide.left_alone([asked, ahead], NOW) == [asked]


def test_failures_that_began_while_the_clock_was_ahead_count_from_now() -> None:
    state = SourceState(
        "moved", read_from="https://new.example/", missed_since=NOW + timedelta(days=365)
    )
    assert decide.missed(state, TimedOut("did not answer"), NOW).missed_since == NOW


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
    failures: int,
    *,
    status: int = 0,
    retry_after_s: float | None = None,
    own_interval_s: float | None = None,
    floor_s: float = HOUR_S,
    chance: float = 0.0,
) -> decide.Next:
    return decide.after_failure(
        NOW,
        failures,
        status=status,
        retry_after_s=retry_after_s,
        own_interval_s=own_interval_s,
        floor_s=floor_s,
        chance=chance,
    )


@pytest.mark.parametrize(
    ("failures", "expected_s"),
    [(1, 3600), (2, 7200), (3, 14_400), (5, 57_600), (6, DAY_S), (7, DAY_S), (100_000, DAY_S)],
)
def test_waiting_doubles_with_each_failure_up_to_a_day(failures: int, expected_s: float) -> None:
    assert wait_s(failed(failures, status=500)) == expected_s


@pytest.mark.parametrize(
    ("floor_s", "own_interval_s", "waits_s"),
    [
        (600, None, [900, 1800, 3600]),
        (600, 600, [900, 1800, 3600]),
        (2 * HOUR_S, None, [2 * HOUR_S, 4 * HOUR_S, 8 * HOUR_S]),
        (HOUR_S, 600, [HOUR_S, 2 * HOUR_S, 4 * HOUR_S]),
        (HOUR_S, DAY_S, [DAY_S, DAY_S, DAY_S]),
        (HOUR_S, 7 * DAY_S, [7 * DAY_S, 7 * DAY_S, 7 * DAY_S]),
        (3 * DAY_S, None, [3 * DAY_S, 3 * DAY_S, 3 * DAY_S]),
    ],
)
def test_who_fails_is_not_asked_more_often_than_who_answers(
    floor_s: float, own_interval_s: float | None, waits_s: list[float]
) -> None:
    for chance in (0.0, 1.0):
        for failures, expected_s in enumerate(waits_s, start=1):
            found = failed(failures, floor_s=floor_s, own_interval_s=own_interval_s, chance=chance)
            assert wait_s(found) == pytest.approx(expected_s * (1 + 0.1 * chance))


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize(
    ("failures", "expected_s"), [(1, 6 * HOUR_S), (2, 12 * HOUR_S), (3, DAY_S), (9, DAY_S)]
)
def test_what_is_not_there_is_asked_rarely_from_the_beginning(
    failures: int, expected_s: float, status: int
) -> None:
    found = failed(failures, status=status)
    assert wait_s(found) == expected_s
    assert found.why == "there was nothing at its address"
    assert wait_s(failed(failures, status=status, own_interval_s=2 * DAY_S)) == 2 * DAY_S


@pytest.mark.parametrize(("chance", "expected_s"), [(0.0, 3600), (0.5, 3780), (1.0, 3960)])
def test_chance_parts_sources_that_failed_together(chance: float, expected_s: float) -> None:
    assert wait_s(failed(1, chance=chance)) == pytest.approx(expected_s)


ALONE = "it asked to be left alone until then"


@pytest.mark.parametrize(
    ("failures", "status", "retry_after_s", "expected_s", "why"),
    [
        (1, 429, HOUR_S + 1, HOUR_S + 1, ALONE),
        (1, 429, 7 * DAY_S, 7 * DAY_S, ALONE),
        (1, 429, 8 * DAY_S, 7 * DAY_S, ALONE),
        (12, 503, DAY_S + 1, DAY_S + 1, ALONE),
        # What it says is never a reason to come sooner than to any other that fails.
        (1, 429, 0, HOUR_S, "it failed the last time"),
        (1, 404, 1, 6 * HOUR_S, "there was nothing at its address"),
        (5, 503, 1, 16 * HOUR_S, "it failed 5 times in a row"),
        (5, 503, -5, 16 * HOUR_S, "it failed 5 times in a row"),
    ],
)
def test_a_server_may_ask_for_more_time_but_not_for_less(
    failures: int, status: int, retry_after_s: float, expected_s: float, why: str
) -> None:
    found = failed(failures, status=status, retry_after_s=retry_after_s)
    assert (wait_s(found), found.why) == (expected_s, why)


@pytest.mark.parametrize(
    ("retry_after_s", "expected_s"), [(-5, 0), (0, 0), (61, 61), (8 * DAY_S, 7 * DAY_S)]
)
def test_it_is_left_alone_as_long_as_it_says(retry_after_s: float, expected_s: float) -> None:
    assert decide.left_alone_until(NOW, retry_after_s) == at(expected_s)


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


BELIEVED = SourceState(NEWS, read_from=MOVED)
OFFLINE = Unreachable("could not be reached: no network", at_this_end=True)
PROXY = BadStatus(
    "could not be reached: the proxy asks for a password (407)", 407, at_this_end=True
)
NO_FEED = NotAFeed("answers with a web page, not a feed")


@pytest.mark.parametrize("error", [BadStatus("answered 404", 404), Gone("is gone")], ids=str)
def test_where_nothing_is_at_the_new_place_the_old_one_is_asked(error: FetchError) -> None:
    missed = decide.missed(BELIEVED, error, NOW)
    assert (missed.asks_old, missed.read_from) == (True, MOVED)
    assert decide.asked_at(missed) == NEWS


def fail_each_day(error: Exception, days: int, *, state: SourceState = BELIEVED) -> SourceState:
    for day in range(days):
        state = decide.missed(state, error, NOW + timedelta(days=day))
        state = state._replace(failures=state.failures + 1)
    return state


@pytest.mark.parametrize(
    "error",
    [
        Unreachable("could not be reached: the name is not known"),
        InsecureConnection("has no valid certificate: it has expired"),
        NO_FEED,
        TimedOut("did not answer"),
        BadStatus("has trouble", 503),
        BrokenAnswer("broke off"),
        WorkerDied("took too long"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_any_other_failure_counts_once_it_came_often_and_for_days(error: Exception) -> None:
    for days in (1, 2, 3):
        assert decide.asked_at(fail_each_day(error, days)) == MOVED
    assert decide.asked_at(fail_each_day(error, 4)) == NEWS
    # Days in which nobody asked tell nothing, nor do many failures of one day.
    late = decide.missed(BELIEVED._replace(failures=1, missed_since=at(-9 * DAY_S)), error, NOW)
    assert not late.asks_old
    soon = decide.missed(BELIEVED._replace(failures=9, missed_since=at(-DAY_S)), error, NOW)
    assert not soon.asks_old


@pytest.mark.parametrize("error", [OFFLINE, PROXY, ZeroDivisionError()], ids=str)
def test_trouble_at_this_end_tells_nothing_of_the_new_place(error: Exception) -> None:
    state = fail_each_day(error, 30)
    assert (decide.asked_at(state), state.missed_since) == (MOVED, None)
    # What failed before it does not count together with what comes after it.
    state = decide.missed(fail_each_day(NO_FEED, 3), error, NOW + timedelta(days=3))
    assert decide.asked_at(fail_each_day(NO_FEED, 2, state=state)) == MOVED


def test_both_places_are_asked_in_turn_until_one_answers() -> None:
    missing = BadStatus("answered 404", 404)
    old = decide.missed(BELIEVED, missing, NOW)
    new = decide.missed(old, Gone("is gone"), NOW)
    assert (decide.asked_at(new), new.read_from) == (MOVED, MOVED)
    assert decide.asked_at(decide.missed(new, missing, NOW)) == NEWS


@pytest.mark.parametrize(
    ("moved_to", "read_from", "moving_to"),
    [("", "", ""), (MOVED, MOVED, ""), (BLOG, "", BLOG)],
    ids=["itself", "to the same place", "elsewhere"],
)
def test_the_answer_of_the_old_place_takes_back_what_was_believed(
    moved_to: str, read_from: str, moving_to: str
) -> None:
    state = decide.moved(BELIEVED._replace(asks_old=True), moved_to)
    assert state == SourceState(NEWS, read_from=read_from, moving_to=moving_to)


@pytest.mark.parametrize(
    ("state", "error", "is_gone"),
    [
        (SourceState(NEWS), Gone("is gone"), True),
        (SourceState(NEWS, moving_to=MOVED), Gone("is gone"), True),
        (SourceState(NEWS), Gone("is gone", for_good=False), False),
        (SourceState(NEWS), BadStatus("answered 404", 404), False),
        (BELIEVED, Gone("is gone"), False),
        (BELIEVED._replace(asks_old=True), Gone("is gone"), False),
    ],
)
def test_a_source_is_gone_where_it_says_so_itself_and_is_nowhere_else(
    state: SourceState, error: FetchError, is_gone: bool
) -> None:
    assert decide.is_gone(state, error) is is_gone


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


OWN = Manner("me/1", (("X-Key", "1"),), Login(variable="TOKEN"), 5_000, "/ca.pem")


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
    trusting = Manner(ca_file="/ca.pem")
    assert decide.manner_at(trusting, NEWS, asked) == (trusting if goes_along else Manner())


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


def test_posts_are_told_apart_by_guid_then_link_then_title_and_date() -> None:
    entries = (
        Entry(guid="1", link="/a", title="A"),
        Entry(guid="1", link="/b", title="B"),
        Entry(link="/a", title="A"),
        Entry(title="A", published=NOW),
        Entry(title="A", published=NOW),
        Entry(title="A"),
    )
    assert len(decide.post_keys(Feed(entries=entries))) == 4


# ── another instance ────────────────────────────────────────────────────────────────────────


def test_what_another_instance_has_asked_or_was_told_is_not_asked() -> None:
    earlier, later = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
    before = SourceState(NEWS, checked_at=earlier)
    for stored, wanted in (
        ([], [before]),  # it was added a moment ago
        ([before._replace(etag="new")], [before._replace(etag="new")]),
        ([before._replace(checked_at=NOW)], []),
        ([before._replace(not_before=later)], []),
        ([before._replace(not_before=earlier)], [before._replace(not_before=earlier)]),
        ([before._replace(paused=True)], [before]),  # it goes on since a moment ago
    ):
        assert decide.still_wanted([before], stored, NOW) == wanted
    asked_for = before._replace(not_before=later)
    assert decide.still_wanted([asked_for], [asked_for], NOW) == [asked_for]
