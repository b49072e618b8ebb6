"""What changed in a post, as a person sees it."""

import pytest
from textual.pilot import Pilot

from nordic_tui.model import Feed
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.present import FOCUS
from nordic_tui.tui.screens.changes import ChangesPage
from tests.fakes import NEWS, FakeServices, FixedClock, make_services

from ..helpers import (
    HOSTILE,
    NARROW,
    SIZES,
    entry,
    find,
    lines,
    of,
    press,
    run,
    running_text,
    said,
    strips,
    style_at,
    text,
    until,
)


def story(*paragraphs: str, title: str = "The plan") -> Feed:
    content = "".join(f"<p>{each}</p>" for each in paragraphs)
    return of(entry("plan", title=title, content=content), entry("other"))


SAME = tuple(f"Paragraph {number} stays as it is." for number in range(12))
BEFORE = story("The meeting is on Monday in Oslo.", *SAME, "It costs ten crowns for everybody.")
AFTER = story(
    "The meeting is on Friday in Oslo.", *SAME, "It costs ten crowns, for everybody who comes."
)


def change(
    fake: FakeServices, clock: FixedClock, after: Feed = AFTER, *, read: bool = True
) -> None:
    """The post is read, and a refresh brings other words for it."""
    if read:
        fake.store.mark([fake.post_id("The plan")], True).result(timeout=5)
    clock.move(hours=1)
    state = fake.store.states()[0]
    fake.store.save_feed(NEWS, after, state).result(timeout=5)
    clock.move(hours=1)


async def test_words_that_were_added_and_removed_are_told_apart() -> None:
    clock = FixedClock()
    with make_services({NEWS: BEFORE}, clock=clock) as fake:
        change(fake, clock)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "D")
            assert len(app.screen.query(ChangesPage)) == 1
            seen = running_text(app)
            assert "The meeting is on −Monday+Friday in Oslo." in seen
            assert "… 12 unchanged paragraphs …" in seen
            assert "What changed since you read it on 1 Oct 2026" in seen
            x, y = find(app, "−Monday")
            removed, added = style_at(app, x, y), style_at(app, x + len("−Monday"), y)
            assert (removed.strike, removed.underline) == (True, None)
            assert (added.strike, added.underline) == (None, True)
            assert removed.color != added.color
            await press(pilot, "escape")
            assert app.screen is app.reader


async def test_the_excerpt_of_a_changed_post_names_the_key_until_that_was_seen() -> None:
    clock = FixedClock()
    with make_services({NEWS: BEFORE}, clock=clock) as fake:
        change(fake, clock)
        async with run(fake.services) as (app, pilot):
            assert "D what changed" in text(app, app.reader.excerpt)
            await press(pilot, "D", "escape", "enter", "escape")
            await until(pilot, lambda: "D what" not in text(app, app.reader.excerpt))


async def test_one_goes_from_change_to_change() -> None:
    clock = FixedClock()
    with make_services({NEWS: BEFORE}, clock=clock) as fake:
        change(fake, clock)
        async with run(fake.services, NARROW) as (app, pilot):
            await press(pilot, "D")
            assert "change 1 of 2" in lines(app)[0]
            assert FOCUS in lines(app)[find(app, "on −Monday")[1]]
            await press(pilot, "n")
            assert "change 2 of 2" in lines(app)[0]
            assert FOCUS in lines(app)[find(app, "It costs")[1]]
            await press(pilot, "n")
            assert "change 2 of 2" in lines(app)[0]
            await press(pilot, "p")
            assert FOCUS in lines(app)[find(app, "on −Monday")[1]]


async def test_opening_it_reads_it_again_and_still_shows_what_changed_since() -> None:
    clock = FixedClock()
    with make_services({NEWS: BEFORE}, clock=clock) as fake:
        change(fake, clock, story("The meeting is on Sunday in Oslo.", *SAME))
        state = fake.store.states()[0]
        fake.store.save_feed(NEWS, AFTER, state).result(timeout=5)
        clock.move(hours=1)

        def is_marked() -> bool:
            post = fake.store.post(fake.post_id("The plan"))
            assert post is not None
            return post.changed

        assert is_marked()
        async with run(fake.services) as (app, pilot):
            await press(pilot, "enter")
            await until(pilot, lambda: not is_marked())
            await press(pilot, "D")
            assert "−Monday+Friday" in running_text(app), "Sunday was never read"


async def test_of_an_unread_post_its_last_change_is_shown() -> None:
    clock = FixedClock()
    with make_services({NEWS: BEFORE}, clock=clock) as fake:
        change(fake, clock, read=False)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "D")
            assert "What changed on 1 Oct 2026: 3 words added, 1 removed." in running_text(app)


async def test_another_title_is_shown() -> None:
    clock = FixedClock()
    with make_services({NEWS: BEFORE}, clock=clock) as fake:
        change(
            fake, clock, AFTER._replace(entries=(AFTER.entries[0]._replace(title="The new plan"),))
        )
        async with run(fake.services) as (app, pilot):
            await press(pilot, "D")
            assert "The +new plan" in running_text(app)


async def test_a_post_that_did_not_change_says_so() -> None:
    with make_services({NEWS: BEFORE}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "D")
            assert said(app) == "This post has not changed since it came in."
            await press(pilot, "enter", "D")
            assert said(app) == "This post has not changed since it came in."


async def test_only_signs_changed() -> None:
    clock = FixedClock()
    with make_services({NEWS: story("It is so. And so.")}, clock=clock) as fake:
        change(fake, clock, story("It is so; and so."))
        async with run(fake.services) as (app, pilot):
            await press(pilot, "D")
            assert "+" in text(app)


@pytest.mark.parametrize("size", SIZES)
async def test_no_text_breaks_it(size: tuple[int, int]) -> None:
    clock = FixedClock()
    with make_services({NEWS: story("before")}, clock=clock) as fake:
        change(
            fake,
            clock,
            story(*(each for each in HOSTILE if each.isascii() or "half" not in each), "x" * 5_000),
        )
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "D", "n", "G", "p", "g", "g")
            width, _ = size
            assert all(strip.cell_length == width for strip in strips(app))
            assert "\x1b" not in text(app)
            await _resize(pilot, app)


async def _resize(pilot: Pilot[int], app: NordicApp) -> None:
    await pilot.resize_terminal(60, 20)
    await pilot.pause(0)
    assert all(strip.cell_length == 60 for strip in strips(app))
