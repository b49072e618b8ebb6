"""What is read, how it is told, and how it is taken back."""

import re
import threading
from concurrent.futures import Future

import pytest

from nordic_tui.tui.app import NordicApp
from tests.fakes import NEWS, feed, make_services
from tests.tui.helpers import (
    NARROW,
    burst,
    entry,
    find,
    lines,
    of,
    on_post,
    press,
    run,
    said,
    still,
    text,
    until,
)

POSTS = feed("One", "Two", "Three", "Four", categories=("Events",))


def unread(app: NordicApp) -> list[str]:
    """The titles in the list that carry the mark."""
    rows = lines(app, app.reader.posts)
    return [row[3:].split("  ")[0] for row in rows if row[1:2] == "●"]


def counts(app: NordicApp) -> tuple[int, int, int, int]:
    """Unread posts as the screen tells them: heading, All posts, Unread, the category."""
    heading = text(app, app.reader.heading).split(" · ")[2].split()[0]
    all_posts, unread_posts, _, events = [
        [int(number) for number in re.findall(r"\d+", line)]
        for line in lines(app, app.reader.categories)[:4]
    ]
    return (
        int(heading),
        all_posts[0] if len(all_posts) == 2 else 0,
        unread_posts[0] if unread_posts else 0,
        events[0] if len(events) == 2 else 0,
    )


async def test_a_post_that_is_opened_is_read_at_once() -> None:
    with make_services({NEWS: POSTS}, preferences=still(mark_read_after_s=3600)) as fake:
        async with run(fake.services) as (app, pilot):
            assert unread(app) == ["One", "Two", "Three", "Four"]
            await press(pilot, "j", "enter")
            await until(pilot, lambda: fake.services.history.stored().marks == 1)
            await press(pilot, "q")
            assert unread(app) == ["One", "Three", "Four"]
            await press(pilot, "u")
            await until(pilot, lambda: said(app) == "There is nothing to take back.")
            assert unread(app) == ["One", "Three", "Four"]


async def test_a_post_that_was_looked_at_long_enough_is_read() -> None:
    with make_services({NEWS: POSTS}, preferences=still(mark_read_after_s=0.05)) as fake:
        async with run(fake.services) as (app, pilot):
            await until(pilot, lambda: unread(app) == ["Two", "Three", "Four"])
            await press(pilot, "j", "j")
            await until(pilot, lambda: unread(app) == ["Two", "Four"])
            await until(pilot, lambda: counts(app) == (2, 2, 2, 2))


async def test_nobody_looks_at_a_post_behind_a_question() -> None:
    with make_services(
        {NEWS: POSTS}, preferences=still(mark_read_after_s=0.4), consent=None
    ) as fake:
        async with run(fake.services) as (app, pilot):
            await until(pilot, lambda: not app.reader._dwell.waits)
            await pilot.pause()
            assert fake.services.history.stored().marks == 0
            await press(pilot, "escape")
            await until(pilot, lambda: unread(app) == ["Two", "Three", "Four"])


async def test_where_one_pane_is_shown_only_the_excerpt_is_looked_at() -> None:
    with make_services({NEWS: POSTS}, preferences=still(mark_read_after_s=0.01)) as fake:
        async with run(fake.services, NARROW) as (app, pilot):
            await until(pilot, lambda: not app.reader._dwell.waits)
            await pilot.pause()
            assert fake.services.history.stored().marks == 0
            await press(pilot, "l")
            await until(pilot, lambda: fake.services.history.stored().marks == 1)
            await press(pilot, "h", "j")
            assert unread(app) == ["Two", "Three", "Four"]
            await press(pilot, "l")
            await until(pilot, lambda: fake.services.history.stored().marks == 2)


async def test_without_a_time_only_what_is_opened_is_read() -> None:
    with make_services({NEWS: POSTS}, preferences=still(mark_read_after_s=0)) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j")
            await until(pilot, lambda: "What Two is about." in text(app, app.reader.excerpt))
            assert not app.reader._dwell.waits, "nothing waits"


async def test_what_a_person_says_counts_more_than_how_long_they_look() -> None:
    with make_services({NEWS: POSTS}, preferences=still(mark_read_after_s=0.05)) as fake:
        async with run(fake.services) as (app, pilot):
            await until(pilot, lambda: "One" not in unread(app))
            await press(pilot, "m")
            await until(pilot, lambda: said(app) == "Marked as unread.")
            assert not app.reader._dwell.waits
            assert unread(app) == ["One", "Two", "Three", "Four"]


async def test_m_marks_and_marks_back_and_u_undoes() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            assert counts(app) == (4, 4, 4, 4)
            await press(pilot, "m")
            await until(pilot, lambda: said(app) == "Marked as read.")
            assert unread(app) == ["Two", "Three", "Four"]
            await until(pilot, lambda: counts(app) == (3, 3, 3, 3))
            assert on_post(app) == "One"
            await press(pilot, "m")
            await until(pilot, lambda: said(app) == "Marked as unread.")
            await until(pilot, lambda: counts(app) == (4, 4, 4, 4))
            await press(pilot, "u")
            await until(pilot, lambda: said(app) == "Took back: 1 post marked as unread.")
            assert unread(app) == ["Two", "Three", "Four"]
            await press(pilot, "u")
            await until(pilot, lambda: counts(app) == (4, 4, 4, 4))
            await press(pilot, "u")
            await until(pilot, lambda: said(app) == "There is nothing to take back.")


async def test_a_marks_the_list_and_u_takes_it_back() -> None:
    with make_services({NEWS: POSTS}) as fake:
        fake.services.history.mark(fake.post_id("Two"), True, undoable=False).result()
        async with run(fake.services) as (app, pilot):
            await press(pilot, "A")
            await until(pilot, lambda: said(app) == "Marked 3 posts as read. u takes it back.")
            assert unread(app) == []
            await until(pilot, lambda: counts(app) == (0, 0, 0, 0))
            await press(pilot, "A")
            await until(pilot, lambda: said(app) == "Every post of this list is read.")
            await press(pilot, "u")
            await until(pilot, lambda: said(app) == "Took back: 3 posts marked as read.")
            assert unread(app) == ["One", "Three", "Four"]


async def test_a_marks_only_the_list_that_is_shown() -> None:
    both = of(entry("In", categories=("Events",)), entry("Out"))
    with make_services({NEWS: both}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "]", "]", "A")
            await until(pilot, lambda: said(app).startswith("Marked 1 post as read."))
            await press(pilot, "[", "[")
            assert unread(app) == ["Out"]


@pytest.mark.parametrize("keys", [("a",), ("]",)], ids=["unread only", "the place Unread"])
async def test_a_post_that_is_read_stays_in_a_list_of_unread_ones(keys: tuple[str, ...]) -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, *keys, "j", "m")
            await until(pilot, lambda: unread(app) == ["One", "Three", "Four"])
            assert on_post(app) == "Two"
            find(app, "Two", app.reader.posts)
            # Opened anew it is gone.
            await press(pilot, *(["a", "a"] if keys == ("a",) else ["[", "]"]))
            assert "Two" not in text(app, app.reader.posts)
            assert len(unread(app)) == 3


async def test_unread_only_is_told_and_taken_back() -> None:
    with make_services({NEWS: POSTS}) as fake:
        fake.services.history.mark(fake.post_id("One"), True).result()
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j", "a")
            assert "3 posts · 3 unread · unread only" in text(app, app.reader.heading)
            assert on_post(app) == "Two", "the cursor stays on its post"
            assert "One" not in text(app, app.reader.posts)
            await press(pilot, "escape")
            assert "unread only" not in text(app, app.reader.heading)
            assert "One" in text(app, app.reader.posts)
            assert on_post(app) == "Two"


async def test_marks_that_can_not_be_stored_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from nordic_tui.errors import StoreBusy

    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):

            def busy(*_: object, **__: object) -> Future[int]:
                future: Future[int] = Future()
                future.set_exception(StoreBusy("Another program holds history.db."))
                return future

            monkeypatch.setattr(fake.services.history, "mark", busy)
            await press(pilot, "m")
            await until(pilot, lambda: said(app) == "Another program holds history.db.")
            assert unread(app) == ["One", "Two", "Three", "Four"]


async def test_what_is_told_last_is_what_was_done_last(monkeypatch: pytest.MonkeyPatch) -> None:
    with make_services({NEWS: feed("a")}) as fake:
        async with run(fake.services) as (app, pilot):
            first: Future[int] = Future()

            def mark(_: int, on: bool) -> Future[int]:
                if on:
                    return first
                # The store's thread is done with both before the second is asked about.
                thread = threading.Thread(target=first.set_result, args=(1,))
                thread.start()
                thread.join()
                second: Future[int] = Future()
                second.set_result(1)
                return second

            monkeypatch.setattr(fake.services.history, "mark", mark)
            told: list[str] = []
            monkeypatch.setattr(app.reader, "say", told.append)
            await burst(pilot, "m", "m")
            await until(pilot, lambda: len(told) == 2)
            assert told == ["Marked as read.", "Marked as unread."]


async def test_a_mark_typed_twice_at_once_is_none() -> None:
    with make_services({NEWS: feed("a", "b")}) as fake:
        async with run(fake.services) as (app, pilot):
            for _ in range(20):
                await burst(pilot, "m", "m")
                await until(pilot, lambda: said(app) == "Marked as unread.")
                assert fake.services.history.stored().marks == 0
                app.reader.bottom.hush()
