"""A refresh of sources that moved, fail or are gone, and of a store that fails."""

import asyncio
from datetime import timedelta

import pytest

from nordic_tui.errors import (
    BadStatus,
    FetchError,
    Gone,
    InsecureConnection,
    NotAFeed,
    TimedOut,
    Unreachable,
    WorkerDied,
)
from nordic_tui.model import (
    Response,
    Source,
    SourceState,
)
from nordic_tui.service.refresh import (
    Event,
    Failed,
    Finished,
    Refresher,
    Started,
    Stored,
    Unchanged,
)
from tests.fakes import BLOG, NEWS, NOW, Asked, FakeDecoder, FakeFetcher, FixedClock, feed
from tests.service.world import (
    DAY_S,
    FIRST_ANSWER,
    INTERVAL_S,
    MOVED,
    ONE,
    TWO,
    FullDisk,
    World,
    after,
)

# ── moved ───────────────────────────────────────────────────────────────────────────────────


async def test_a_permanent_redirect_is_remembered_the_second_time(world: World) -> None:
    world.fetcher.answers[NEWS] = FIRST_ANSWER._replace(url=MOVED, moved_to=MOVED)
    world.fetcher.answers[MOVED] = Response(url=MOVED, not_modified=True)
    await world.refresh()
    assert (world.state().read_from, world.state().moving_to) == ("", MOVED)
    assert "moved" not in world.state().outcome
    assert await world.outcome() == Unchanged("News")
    state = world.state()
    assert (state.read_from, state.moving_to) == (MOVED, "")
    assert state.outcome == f"the same as before; moved: now read from {MOVED}"
    # The validators came from there.
    assert await world.outcome() == Unchanged("News")
    assert world.fetcher.asked == [
        Asked(NEWS),
        Asked(NEWS, "v1", FIRST_ANSWER.last_modified, validators_of=MOVED),
        Asked(MOVED, "v1", FIRST_ANSWER.last_modified, validators_of=MOVED),
    ]
    assert world.state().read_from == MOVED


async def test_a_304_confirms_a_move(world: World) -> None:
    world.fetcher.answers[NEWS] = FIRST_ANSWER._replace(url=MOVED, moved_to=MOVED)
    await world.refresh()
    world.fetcher.answers[NEWS] = Response(url=MOVED, not_modified=True, moved_to=MOVED)
    await world.refresh()
    state = world.state()
    assert state.read_from == MOVED
    assert state.outcome == f"304: nothing changed; moved: now read from {MOVED}"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Response(url=MOVED, body=b"<html>", moved_to=MOVED), id="to a web page"),
        # WordPress validates a whole site: a 304 says nothing about which feed was asked.
        pytest.param(Response(url=MOVED, not_modified=True, moved_to=MOVED), id="to a 304"),
        pytest.param(Response(url=MOVED, body=TWO), id="for the time being"),
    ],
)
async def test_another_redirect_is_not(world: World, answer: Response) -> None:
    await world.refresh()
    world.fetcher.answers[NEWS] = answer
    for _ in range(2):
        await world.refresh()
        assert (world.state().read_from, world.state().moving_to) == ("", "")


def believe(world: World, error: FetchError) -> None:
    """News is believed to have moved, and fails there."""
    world.store.save_state(world.state()._replace(read_from=MOVED)).result()
    world.fetcher.answers[MOVED] = error


async def test_where_nothing_is_at_the_new_place_the_old_one_is_asked(world: World) -> None:
    believe(world, BadStatus("answered 404", 404))
    # It is the other place that is asked now: it may be there, so the wait is the usual one.
    assert await world.outcome() == Failed("News", "answered 404", after(INTERVAL_S))
    assert (world.state().read_from, world.state().asks_old) == (MOVED, True)
    assert await world.outcome() == Stored("News", new=2, changed=0)
    assert (world.state().read_from, world.state().asks_old) == ("", False)
    assert [asked.address for asked in world.fetcher.asked] == [MOVED, NEWS]


@pytest.mark.parametrize(
    "error",
    [
        Unreachable("could not be reached: no network", at_this_end=True),
        InsecureConnection("has no valid certificate"),
        TimedOut("did not answer within 20 s"),
        BadStatus("has trouble at its end (500)", 500),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_bad_hour_is_no_reason_to_forget_where_it_moved(
    world: World, error: FetchError
) -> None:
    believe(world, error)
    for _ in range(5):
        await world.refresh()
    assert {asked.address for asked in world.fetcher.asked} == {MOVED}
    world.fetcher.answers[MOVED] = FIRST_ANSWER._replace(url=MOVED)
    assert await world.outcome() == Stored("News", new=2, changed=0)
    assert (world.state().read_from, world.state().missed_since) == (MOVED, None)


async def test_after_days_of_failures_both_places_are_asked_in_turn(world: World) -> None:
    believe(world, InsecureConnection("has no valid certificate: it has expired"))
    world.fetcher.answers[NEWS] = Gone("is gone for good (410)")
    for _ in range(7):
        await world.refresh()
        world.clock.move(days=1)
    assert [asked.address for asked in world.fetcher.asked] == [MOVED] * 4 + [NEWS, MOVED, NEWS]
    # The old place may be gone for long: where it moved, there may be a feed again.
    state = world.state()
    assert (state.stopped, state.read_from, state.failures) == (False, MOVED, 7)
    assert state.error == "answers that it is gone (410)"
    assert state.next_at is not None
    world.fetcher.answers[MOVED] = FIRST_ANSWER._replace(url=MOVED)
    assert await world.outcome() == Stored("News", new=2, changed=0)
    assert world.state().read_from == MOVED


async def test_the_old_place_that_leads_to_the_new_one_again_confirms_it(world: World) -> None:
    believe(world, BadStatus("answered 404", 404))
    await world.refresh()
    world.fetcher.answers[NEWS] = FIRST_ANSWER._replace(url=MOVED, moved_to=MOVED)
    await world.refresh()
    assert (world.state().read_from, world.state().asks_old) == (MOVED, False)


# ── failures ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "error",
    [
        BadStatus("has trouble at its end (500)", 500),
        TimedOut("did not answer within 20 s"),
        Unreachable("could not be reached"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_failure_keeps_what_there_was(world: World, error: FetchError) -> None:
    await world.refresh()
    before = world.state()
    world.clock.move(hours=1)
    world.fetcher.answers[NEWS] = error
    again = world.clock() + timedelta(seconds=INTERVAL_S)
    assert await world.outcome() == Failed("News", str(error), again)
    assert world.titles() == {"a", "b"}
    assert world.state() == before._replace(
        checked_at=world.clock(),
        next_at=again,
        next_why="it failed the last time",
        failures=1,
        error=str(error),
        asked=2,
    )


@pytest.mark.parametrize("error", [NotAFeed("is a web page"), WorkerDied("took too long")])
async def test_validators_of_a_body_that_is_no_feed_are_not_kept(
    world: World, error: NotAFeed | WorkerDied
) -> None:
    await world.refresh()
    before = world.state()
    world.fetcher.answers[NEWS] = Response(url=NEWS, body=b"?", etag="v2", last_modified="now")
    world.decoder.feeds[b"?"] = error
    assert await world.outcome() == Failed("News", str(error), after(INTERVAL_S))
    assert world.state() == before._replace(
        next_at=after(INTERVAL_S),
        next_why="it failed the last time",
        failures=1,
        error=str(error),
        asked=2,
    )
    # Were its hash kept, the same bytes would pass as unchanged.
    assert isinstance(await world.outcome(), Failed)


async def test_failures_in_a_row_are_counted_and_one_answer_ends_them(world: World) -> None:
    good, world.fetcher.answers[NEWS] = FIRST_ANSWER, TimedOut("did not answer within 20 s")
    waits = []
    for _ in range(3):
        event = await world.outcome()
        assert isinstance(event, Failed)
        assert event.next_at is not None
        waits.append((event.next_at - NOW).total_seconds())
    assert waits == [INTERVAL_S, 2 * INTERVAL_S, 4 * INTERVAL_S]
    assert world.state().failures == 3
    world.fetcher.answers[NEWS] = good
    await world.refresh()
    assert (world.state().failures, world.state().error) == (0, "")
    assert world.state().next_at == after(DAY_S / 2)


async def test_what_is_not_there_is_asked_rarely(world: World) -> None:
    world.fetcher.answers[NEWS] = BadStatus("answered 404", 404)
    assert await world.outcome() == Failed("News", "answered 404", after(6 * INTERVAL_S))


async def test_a_server_is_asked_again_when_it_says_and_not_before(world: World) -> None:
    good = world.fetcher.answers[NEWS]
    busy = BadStatus("is busy (429)", 429, retry_after_s=7200)
    world.fetcher.answers[NEWS] = busy
    assert await world.outcome() == Failed("News", "is busy (429)", after(7200), after(7200))
    assert (world.state().next_at, world.state().not_before) == (after(7200), after(7200))
    # Another failure tells nothing of that any more, and a good answer neither.
    for answer in (TimedOut("did not answer"), busy, good):
        world.fetcher.answers[NEWS] = answer
        await world.refresh()
        assert world.state().not_before == (after(7200) if answer is busy else None)


async def test_a_week_is_a_week_and_a_second_is_no_invitation(world: World) -> None:
    week = BadStatus("is busy (429)", 429, retry_after_s=7 * DAY_S)
    world.fetcher.answers[NEWS] = week
    until = after(7 * DAY_S)
    assert await world.outcome() == Failed("News", "is busy (429)", until, until)
    assert (world.state().not_before, world.state().next_at) == (until, until)
    second = BadStatus("answered 404", 404, retry_after_s=1)
    world.fetcher.answers[NEWS] = second
    expected = Failed("News", "answered 404", after(12 * INTERVAL_S), after(1))
    assert await world.outcome() == expected


async def test_an_interval_of_its_own_counts_also_when_it_fails(world: World) -> None:
    world.refresher.follow([Source(NEWS, interval_s=3 * DAY_S)])
    world.fetcher.answers[NEWS] = TimedOut("did not answer")
    for _ in range(3):
        assert await world.outcome() == Failed("News", "did not answer", after(3 * DAY_S))


@pytest.mark.parametrize("where", ["decoder", "store"])
async def test_a_defect_of_this_program_is_a_failure_like_any_other(
    world: World, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    if where == "decoder":
        monkeypatch.setattr(world.decoder, "decode", broken)
    else:
        monkeypatch.setattr(world.store, "save_feed", broken)
    reason = "met a defect of this program (ZeroDivisionError)"
    assert await world.outcome() == Failed("News", reason, after(INTERVAL_S))
    assert await world.outcome() == Failed("News", reason, after(2 * INTERVAL_S))
    assert (world.state().failures, world.state().error) == (2, reason)
    # Not even a state that can't be kept ends the refresh.
    monkeypatch.setattr(world.store, "save_state", broken)
    events = await world.refresh(NEWS, BLOG)
    assert Failed("News", f"{reason}; it {reason}", None) in events
    assert isinstance(events[-1], Finished)


async def test_a_source_that_is_gone_is_not_asked_again(world: World) -> None:
    await world.refresh()
    world.fetcher.answers[NEWS] = Gone("is gone for good (410)", 410, retry_after_s=60)
    expected = Failed("News", "is gone for good (410): asking stopped", None)
    assert await world.outcome() == expected
    state = world.state()
    assert (state.stopped, state.next_at, state.not_before) == (True, None, None)
    assert state.error == "is gone for good (410)"
    assert world.titles() == {"a", "b"}


async def test_behind_a_temporary_redirect_410_stops_nothing(world: World) -> None:
    world.fetcher.answers[NEWS] = Gone("is gone for good (410)", for_good=False)
    expected = Failed("News", "answers that it is gone (410)", after(6 * INTERVAL_S))
    assert await world.outcome() == expected
    assert not world.state().stopped


async def test_who_was_asked_once_more_goes_on_only_with_an_answer(world: World) -> None:
    world.fetcher.answers[NEWS] = Gone("is gone for good (410)")
    await world.refresh()
    for error in (
        Unreachable("could not be reached: no network", at_this_end=True),
        NotAFeed("is a page"),
    ):
        if isinstance(error, FetchError):
            world.fetcher.answers[NEWS] = error
        else:
            world.fetcher.answers[NEWS] = Response(url=NEWS, body=b"<html>")
            world.decoder.feeds[b"<html>"] = error
        assert await world.outcome() == Failed("News", str(error), None)
        state = world.state()
        assert (state.stopped, state.next_at) == (True, None)
        assert state.error == "is gone for good (410)"


async def test_a_source_that_was_gone_and_answers_goes_on(world: World) -> None:
    world.fetcher.answers[NEWS] = Gone("is gone for good (410)", 410)
    await world.refresh()
    world.fetcher.answers[NEWS] = FIRST_ANSWER
    assert await world.outcome() == Stored("News", new=2, changed=0)
    state = world.state()
    assert (state.stopped, state.error) == (False, "")
    assert state.next_at is not None


async def test_a_page_where_a_feed_was_is_perhaps_a_bot_check(world: World) -> None:
    page = NotAFeed("answers with a web page, not a feed")
    world.decoder.feeds[b"<html>"] = page
    world.fetcher.answers[BLOG] = Response(url=BLOG, body=b"<html>")
    _, event, _ = await world.refresh(BLOG)
    assert event == Failed("Blog", str(page), after(INTERVAL_S))
    await world.refresh()
    world.fetcher.answers[NEWS] = Response(url=NEWS, body=b"<html>")
    reason = "answers with a web page, perhaps a bot check"
    assert await world.outcome() == Failed("News", reason, after(INTERVAL_S))
    assert world.state().error == reason


@pytest.mark.parametrize("blog_fails", [False, True])
async def test_a_source_that_fails_costs_the_others_nothing(world: World, blog_fails: bool) -> None:
    world.fetcher.answers[NEWS] = Unreachable("could not be reached")
    if blog_fails:
        world.decoder.feeds[TWO] = NotAFeed("is a web page")
    events = await world.refresh(NEWS, BLOG)
    failed = [event.title for event in events if isinstance(event, Failed)]
    stored = [event.title for event in events if isinstance(event, Stored)]
    assert sorted(failed) == (["Blog", "News"] if blog_fails else ["News"])
    assert stored == ([] if blog_fails else ["Blog"])
    assert events[-1] == Finished(asked=2, failed=len(failed), new=len(stored))
    assert world.titles() == ({"x"} if not blog_fails else set())


async def test_a_slow_source_does_not_hold_up_the_events_of_others(world: World) -> None:
    world.fetcher.silent.add(NEWS)
    stored = asyncio.Event()
    events: list[Event] = []

    def emit(event: Event) -> None:
        events.append(event)
        if isinstance(event, Stored):
            stored.set()

    run = asyncio.create_task(world.refresher.run(world.store.states(), emit))
    await asyncio.wait_for(stored.wait(), 5)
    assert events == [Started(2), Stored("Blog", new=1, changed=0)]
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert world.fetcher.open_count == 0


async def test_to_ask_nobody_is_over_at_once(world: World) -> None:
    events: list[Event] = []
    assert await world.refresher.run([], events.append) == Finished(asked=0, failed=0, new=0)
    assert events == [Started(0)]


# ── the store fails ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (FIRST_ANSWER, "could not be stored: The disk is full. Make room and try again"),
        (
            Response(url=NEWS, not_modified=True),
            "could not be stored: The disk is full. Make room and try again",
        ),
        (
            TimedOut("did not answer within 20 s"),
            "did not answer within 20 s; The disk is full. Make room and try again",
        ),
    ],
    ids=["feed", "304", "failure"],
)
async def test_what_cannot_be_stored_is_told(answer: Response | FetchError, reason: str) -> None:
    fetcher = FakeFetcher({NEWS: answer})
    decoder = FakeDecoder({ONE: feed("a")})
    refresher = Refresher(
        fetcher.open, decoder.open, FullDisk(), FixedClock(), interval_s=INTERVAL_S, parser=7
    )
    events: list[Event] = []
    state = SourceState(NEWS, title="News", next_at=after(-60), validated=NEWS, parser=7)
    assert await refresher.run([state], events.append) == Finished(1, failed=1, new=0)
    assert events == [Started(1), Failed("News", reason, None)]
