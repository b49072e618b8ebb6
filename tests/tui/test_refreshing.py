"""A refresh behind the screen: what it says, and that it moves nobody."""

import asyncio
import threading
from datetime import timedelta

import pytest

from nordic_tui.errors import BadStatus, Gone, StoreBusy, TimedOut
from nordic_tui.model import Response, SourceState
from nordic_tui.tui.services import Preferences
from tests.fakes import BLOG, NEWS, FakeServices, FixedClock, feed, make_services

from .helpers import (
    SMALL,
    entry,
    find,
    hold,
    lines,
    of,
    on_post,
    press,
    run,
    said,
    status,
    style_at,
    text,
    until,
)

OLD = [f"Post {number}" for number in range(40)]
NEW = ["New A", "New B", "New C"]
REFRESHING = Preferences(mark_read_after_s=0, refresh_on_start=True)


def publish(fake: FakeServices, *titles: str, address: str = NEWS) -> None:
    fake.publish(address, of(*(entry(title, categories=("Events",)) for title in titles)))


# ── what is new ─────────────────────────────────────────────────────────────────────────────


async def test_new_posts_are_announced_and_come_in_when_asked_for() -> None:
    with make_services({NEWS: of(*(entry(t, categories=("Events",)) for t in OLD))}) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            await press(pilot, *["j"] * 12)
            await until(pilot, lambda: "About Post 12." in text(app, app.reader.excerpt))
            before = lines(app)
            publish(fake, *NEW, *OLD)
            await press(pilot, "r")
            await until(pilot, lambda: "3 new · press ." in lines(app)[0])
            assert lines(app)[1:] == before[1:], "nothing moves"
            y = find(app, "Post 12", app.reader.posts)[1]
            await press(pilot, "full_stop")
            assert on_post(app) == "Post 12"
            assert find(app, "Post 12", app.reader.posts)[1] == y, "at the same line"
            assert "new · press" not in lines(app)[0]
            assert "43 posts · 43 unread" in text(app, app.reader.heading)
            await press(pilot, "g", "g")
            assert [line[3:8] for line in lines(app, app.reader.posts)[:4]] == [
                "New A", "New B", "New C", "Post ",
            ]  # fmt: skip


async def test_the_announcement_has_its_colour() -> None:
    with make_services({NEWS: feed(*OLD)}) as fake:
        async with run(fake.services) as (app, pilot):
            fake.publish(NEWS, feed(*NEW, *OLD))
            await press(pilot, "r")
            await until(pilot, lambda: "3 new" in lines(app)[0])
            colour = style_at(app, *find(app, "3 new")).color
            assert colour == app.palette.style("mark").color


async def test_nothing_new() -> None:
    with make_services({NEWS: feed(*OLD)}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "full_stop")
            assert said(app) == "Nothing new has come in."
            fake.publish(NEWS, feed(*OLD))
            await press(pilot, "r")
            await until(pilot, lambda: said(app) == "Nothing new.")
            assert status(app) == "asked 12:00"


async def test_first_posts_are_shown_at_once() -> None:
    with make_services({NEWS: of()}) as fake:
        async with run(fake.services) as (app, pilot):
            assert "There are no posts here yet." in text(app)
            fake.publish(NEWS, feed(*NEW))
            await press(pilot, "r")
            await until(pilot, lambda: "3 posts · 3 unread" in text(app, app.reader.heading))
            assert on_post(app) == "New A"
            await until(pilot, lambda: "What New A is about." in text(app, app.reader.excerpt))
            assert "press ." not in lines(app)[0]


async def test_a_text_that_changed_is_shown_where_one_reads() -> None:
    with make_services({NEWS: of(entry("One"), entry("Two"))}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j")
            await until(pilot, lambda: "About Two." in text(app, app.reader.excerpt))
            changed = entry("Two", title="Two, corrected", excerpt="Another text.")
            fake.publish(NEWS, of(entry("One"), changed))
            await press(pilot, "r")
            await until(pilot, lambda: "Another text." in text(app, app.reader.excerpt))
            assert on_post(app) == "Two, corrected"


async def test_a_refresh_at_the_start_asks_only_what_is_due() -> None:
    clock = FixedClock()
    with make_services(
        {NEWS: feed(*OLD), BLOG: feed("B", title="Blog")}, clock=clock, preferences=REFRESHING
    ) as fake:
        fake.publish(NEWS, feed(*OLD))
        fake.publish(BLOG, feed("B", title="Blog"))
        async with run(fake.services):
            assert fake.fetcher.asked == []
        clock.move(hours=2)
        async with run(fake.services) as (_, pilot):
            await until(pilot, lambda: len(fake.fetcher.asked) == 2)


async def test_it_is_silent_about_what_nobody_asked_for() -> None:
    clock = FixedClock()
    with make_services({NEWS: feed(*OLD)}, clock=clock, preferences=REFRESHING) as fake:
        fake.publish(NEWS, feed(*OLD))
        clock.move(hours=2)
        async with run(fake.services) as (app, pilot):
            await until(pilot, lambda: status(app) == "asked 14:00")
            assert said(app) == ""


async def test_who_asks_while_it_goes_on_by_itself_is_told_how_it_ends() -> None:
    clock = FixedClock()
    sources = {NEWS: feed(*OLD), BLOG: feed("B", title="Blog")}
    with make_services(sources, clock=clock, preferences=REFRESHING) as fake:
        for address, content in sources.items():
            fake.publish(address, content)
        soon = SourceState(BLOG, checked_at=clock(), next_at=clock() + timedelta(hours=9))
        fake.store.save_state(soon).result()
        release = hold(fake, NEWS)
        clock.move(hours=2)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "r")
            assert said(app) == "A refresh is going on; 1 other source is asked after it."
            release()
            await until(pilot, lambda: said(app) == "Nothing new.")
            assert [asked.address for asked in fake.fetcher.asked] == [NEWS, BLOG]


async def test_the_next_refresh_waits_for_what_is_due_and_asks_then() -> None:
    clock = FixedClock()
    with make_services({NEWS: feed(*OLD)}, clock=clock) as fake:
        fake.publish(NEWS, feed(*NEW, *OLD))
        async with run(fake.services) as (app, pilot):
            watch = app.reader.watch_refresh
            watch.start(asked_for=False)
            waiting = watch._next._handle
            assert waiting is not None
            wait_s = waiting.when() - asyncio.get_running_loop().time()
            assert 3590 < wait_s <= 3600
            clock.move(hours=1)
            watch._again()
            await until(pilot, lambda: "3 new" in lines(app)[0])


# ── how far it is ───────────────────────────────────────────────────────────────────────────


async def test_progress_is_told_in_sources() -> None:
    sources = {f"https://s{n}.example/": feed(f"P{n}", title=f"S{n}") for n in range(5)}
    with make_services(sources) as fake:
        for address, content in list(sources.items())[:2]:
            fake.publish(address, content)
        fake.fetcher.silent.update(list(sources)[2:])
        async with run(fake.services) as (app, pilot):
            await press(pilot, "r")
            await until(pilot, lambda: status(app) == "2 of 5 sources")
            await press(pilot, "r")
            assert said(app) == "A refresh is going on."
            await press(pilot, "j")
            assert on_post(app) != "P0", "keys are not held up"


# ── what goes wrong ─────────────────────────────────────────────────────────────────────────


async def test_a_failure_says_what_which_source_and_when_next() -> None:
    with make_services({NEWS: feed(*OLD), BLOG: feed("B", title="Blog")}) as fake:
        fake.fetcher.answers[NEWS] = TimedOut("did not answer within 20 s")
        fake.publish(BLOG, feed("B", title="Blog"))
        async with run(fake.services) as (app, pilot):
            posts = lines(app, app.reader.posts)
            await press(pilot, "r")
            await until(pilot, lambda: said(app).startswith("News did not answer within 20 s."))
            states = {state.address: state for state in fake.services.library.states()}
            next_at = states[NEWS].next_at
            assert next_at is not None
            minutes = round((next_at - fake.services.clock()) / timedelta(minutes=1))
            assert said(app) == (
                "News did not answer within 20 s. Showing what was kept; "
                f"next try in {minutes} minutes (r tries now)."
            )
            words = f"1 source failed · next try {next_at:%H:%M}"
            await until(pilot, lambda: status(app) == words)
            colour = style_at(app, *find(app, "1 source failed")).color
            assert colour == app.palette.style("alarm").color
            assert lines(app, app.reader.posts) == posts, "what there was is kept"


async def test_several_failures_are_one_sentence() -> None:
    sources = {NEWS: feed("A"), BLOG: feed("B", title="Blog")}
    with make_services(sources) as fake:
        for address in sources:
            fake.fetcher.answers[address] = TimedOut("did not answer within 20 s")
        async with run(fake.services) as (app, pilot):
            await press(pilot, "r")
            await until(pilot, lambda: "1 more failed" in said(app))
            assert "did not answer within 20 s; 1 more failed. Showing what was kept; r tries" in (
                said(app)
            )


BUSY = BadStatus("asks to come back in 3 hours (429)", 429, retry_after_s=3 * 3600)
GONE = Gone("is gone for good (410)")


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        ((BUSY,), "next try in 3 hours."),
        ((GONE,), "asking stopped. Showing what was kept."),
        ((BUSY, BUSY), "1 more failed. Showing what was kept."),
        ((TimedOut("did not answer"), GONE), "Showing what was kept; r tries 1 of them now."),
    ],
    ids=["left alone", "gone", "both left alone", "one gone"],
)
async def test_that_r_tries_is_said_only_where_it_does(
    errors: tuple[BadStatus | TimedOut, ...], words: str
) -> None:
    addresses = (NEWS, BLOG)[: len(errors)]
    with make_services({address: feed("A") for address in addresses}) as fake:
        fake.fetcher.answers.update(zip(addresses, errors, strict=True))
        async with run(fake.services) as (app, pilot):
            await press(pilot, "r")
            await until(pilot, lambda: said(app).endswith(words))


THIRD = "https://third.example/feed/"


def leave_alone(fake: FakeServices, address: str, *, hours: float) -> None:
    until = fake.services.clock() + timedelta(hours=hours)
    fake.store.save_state(SourceState(address, not_before=until)).result()


async def test_who_was_not_asked_because_it_wished_so_is_told() -> None:
    sources = {NEWS: feed("A"), BLOG: feed("B", title="Blog"), THIRD: feed("C", title="Third")}
    with make_services(sources) as fake:
        fake.publish(NEWS, feed("A"))
        leave_alone(fake, BLOG, hours=3)
        fake.publish(THIRD, feed("C", title="Third"))
        async with run(fake.services) as (app, pilot):
            await press(pilot, "r")
            alone = "Blog asked to be left alone until 15:00."
            await until(pilot, lambda: said(app) == f"Nothing new; {alone}")
            fake.publish(NEWS, feed("New", "A"))
            await press(pilot, "r")
            await until(pilot, lambda: said(app) == alone)
            leave_alone(fake, THIRD, hours=2)
            await press(pilot, "r")
            both = "2 sources asked to be left alone, the first until 14:00."
            await until(pilot, lambda: said(app) == f"Nothing new; {both}")
            fake.fetcher.answers[NEWS] = TimedOut("did not answer")
            await press(pilot, "r")
            await until(pilot, lambda: said(app).endswith(f"(r tries now). {both}"))
            # Who asks for one source is told of no other.
            fake.publish(NEWS, feed("New", "A"))
            await press(pilot, "S", "R")
            await until(pilot, lambda: said(app) == "Nothing new.")
            assert [asked.address for asked in fake.fetcher.asked].count(BLOG) == 0


async def test_that_sources_came_damaged_is_told_until_they_are_sound() -> None:
    sources = {NEWS: feed("A"), BLOG: feed("B", title="Blog")}
    with make_services(sources) as fake:
        for address, content in sources.items():
            fake.publish(address, content._replace(warnings=("The feed is damaged at line 7.",)))
        async with run(fake.services) as (app, pilot):
            await press(pilot, "r")
            await until(pilot, lambda: said(app) == "Nothing new; 2 sources came damaged.")
            fake.publish(NEWS, feed("New", "A"))
            await press(pilot, "r")
            await until(pilot, lambda: said(app) == "Blog came damaged.")
            # What is worse is told instead; and of one source that is asked, nothing of another.
            fake.fetcher.answers[NEWS] = TimedOut("did not answer")
            await press(pilot, "r")
            await until(pilot, lambda: said(app).startswith("News did not answer."))
            assert "damaged" not in said(app)
            fake.publish(NEWS, feed("New", "A"))
            await press(pilot, "S", "R")
            await until(pilot, lambda: said(app) == "Nothing new.")


async def test_a_source_that_is_gone_is_asked_once_more_by_name() -> None:
    with make_services({NEWS: feed("A")}) as fake:
        fake.fetcher.answers[NEWS] = GONE
        async with run(fake.services) as (app, pilot):
            await press(pilot, "r")
            await until(pilot, lambda: "asking stopped" in said(app))
            await press(pilot, "r")
            how = "News is gone for good (410); S, then R, asks it once more."
            await until(pilot, lambda: said(app) == how)
            assert len(fake.fetcher.asked) == 1
            fake.publish(NEWS, feed("New", "A"))
            await press(pilot, "S", "R")
            await until(pilot, lambda: len(fake.fetcher.asked) == 2)
            await until(pilot, lambda: not fake.store.states()[0].stopped)


async def test_it_is_asked_after_the_refresh_that_goes_on() -> None:
    with make_services({NEWS: feed("A"), BLOG: feed("B", title="Blog")}) as fake:
        fake.publish(NEWS, feed("A"))
        damaged = feed("B", title="Blog")._replace(warnings=("The feed is damaged at line 7.",))
        fake.publish(BLOG, damaged)
        fake.store.save_state(SourceState(BLOG, stopped=True)).result()
        release = hold(fake, NEWS)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "r", "S", "j", "R")
            assert said(app) == "A refresh is going on; Blog is asked after it."
            release()
            await until(pilot, lambda: said(app) == "Nothing new; Blog came damaged.")
            assert [asked.address for asked in fake.fetcher.asked] == [NEWS, BLOG]


async def test_being_offline_is_a_quiet_word() -> None:
    clock = FixedClock()
    with make_services({NEWS: feed(*OLD)}, clock=clock, preferences=REFRESHING) as fake:
        clock.move(hours=2)
        async with run(fake.services) as (app, pilot):
            await until(pilot, lambda: status(app).startswith("offline · next try "))
            assert said(app) == ""
            assert style_at(app, *find(app, "offline")).color == app.palette.style("muted").color
            # Whoever asks is told.
            await press(pilot, "r")
            await until(pilot, lambda: said(app).startswith("News could not be reached."))


async def test_what_is_no_feed() -> None:
    with make_services({NEWS: feed(*OLD)}) as fake:
        fake.fetcher.answers[NEWS] = Response(url=NEWS, body=b"<html>")
        async with run(fake.services) as (app, pilot):
            await press(pilot, "r")
            await until(pilot, lambda: said(app).startswith("News is not a feed."))


async def test_without_sources_r_says_so() -> None:
    with make_services({}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "r")
            assert said(app) == "No source is followed, or all of them are paused or have stopped."


async def test_a_refresh_that_can_not_begin_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> bool:
        raise StoreBusy("Another program holds cache.db.")

    with make_services({NEWS: feed(*OLD)}, clock=(clock := FixedClock())) as fake:
        async with run(fake.services) as (app, _):
            clock.move(hours=2)
            monkeypatch.setattr(fake.services.refresh, "start", busy)
            app.reader.watch_refresh._again()
            assert said(app) == "Another program holds cache.db."


async def test_quitting_breaks_a_refresh_off() -> None:
    with make_services({NEWS: feed(*OLD)}) as fake:
        fake.fetcher.silent.add(NEWS)
        async with run(fake.services) as (_, pilot):
            await press(pilot, "r")
            await until(pilot, fake.fetcher.waiting.is_set)
            await press(pilot, "q")
        assert not fake.services.refresh.running
        assert fake.fetcher.open_count == 0
        assert not [t for t in threading.enumerate() if t.name == "refresh" and t.is_alive()]
