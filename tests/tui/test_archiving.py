"""Archives behind the screen: begun, stopped, gone on with, and told of."""

import threading
from datetime import timedelta

from nordic_tui.errors import TimedOut
from nordic_tui.model import (
    ArchiveState,
    Entry,
    Place,
    PlaceKind,
    Post,
    Source,
    SourceState,
)
from nordic_tui.tui.archiving import source_shown
from nordic_tui.tui.screens.sources import SourcesScreen
from tests.fakes import BLOG, NEWS, NOW, FakeServices, feed, make_services

from .helpers import SMALL, lines, on_post, press, run, running_text, said, text, until

PAGE = "https://news.example/feed/2"
OLD_PAGE = "https://news.example/feed/3"
FIRST = feed("Post 1", "Post 2", title="News")


def publish_archive(fake: FakeServices) -> None:
    """Three pages of two posts each."""
    older = feed("Post 3", "Post 4", title="News")
    oldest = feed("Post 5", "Post 6", title="News")
    fake.publish(NEWS, FIRST._replace(next_page=PAGE))
    fake.publish(PAGE, older._replace(next_page=OLD_PAGE))
    fake.publish(OLD_PAGE, oldest)


async def test_the_archive_of_the_source_that_is_shown_comes_in() -> None:
    with make_services({NEWS: FIRST}) as fake:
        publish_archive(fake)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j", "X")
            await until(pilot, lambda: said(app) == "The archive of “News” is whole: 6 posts.")
            await until(pilot, lambda: "4 new · press ." in lines(app)[0])
            assert on_post(app) == "Post 2", "nothing moves"
            await press(pilot, "full_stop")
            assert "6 posts · 6 unread" in text(app, app.reader.heading)
            assert on_post(app) == "Post 2"


async def test_it_is_stopped_and_gone_on_with() -> None:
    with make_services({NEWS: FIRST}) as fake:
        publish_archive(fake)
        fake.fetcher.silent.add(OLD_PAGE)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "x")
            assert said(app) == "Getting the archive of “News”. x stops it."
            await until(pilot, lambda: "archive: 4 posts" in text(app))
            assert "Archive: 4 posts" in running_text(app)
            await press(pilot, "x")
            assert said(app) == "The archive of “News” stopped at 4 posts. x goes on."
            assert "Archive: 4 posts, stopped" in running_text(app)
            await until(pilot, lambda: "archive" not in {t.name for t in threading.enumerate()})
            fake.fetcher.silent.clear()
            await press(pilot, "x")
            await until(pilot, lambda: said(app) == "The archive of “News” is whole: 6 posts.")
            await until(pilot, lambda: "Archive: whole, 6 posts." in running_text(app))


async def test_it_goes_on_while_one_reads() -> None:
    with make_services({NEWS: FIRST}) as fake:
        publish_archive(fake)
        fake.fetcher.silent.add(OLD_PAGE)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "x", "escape", "enter")
            await until(pilot, lambda: fake.fetcher.waiting.is_set())
            await press(pilot, "q", "full_stop")
            await until(pilot, lambda: "4 posts" in text(app, app.reader.heading))


async def test_progress_has_a_bar_where_the_site_tells_its_size() -> None:
    with make_services({NEWS: FIRST}) as fake:
        state = ArchiveState(NEWS, "rest", "{}", fetched=1200, total=4800)
        fake.store.save_archive(state._replace(error="did not answer within 20 s")).result()
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S")
            assert "Archive: 1,200 of 4,800 posts, stopped" in running_text(app)
            (bar,) = [line.strip() for line in text(app).splitlines() if "━" in line]
            assert (bar.count("━"), bar.count("─")) == (10, 30)
            assert "It stopped: the source did not answer within 20 s." in running_text(app)


async def test_why_it_ended_before_its_end_is_said() -> None:
    with make_services({NEWS: FIRST, BLOG: feed("A", title="Blog")}) as fake:
        publish_archive(fake)
        fake.fetcher.answers[OLD_PAGE] = TimedOut("did not answer within 20 s")
        fake.publish(BLOG, feed("A", title="Blog"))
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "x")
            await until(
                pilot,
                lambda: (
                    said(app) == "“News” did not answer within 20 s. Of its archive 4 posts"
                    " are here; x goes on."
                ),
            )
            await press(pilot, "j", "x")
            await until(pilot, lambda: said(app) == "“Blog” offers no archive beyond its feed.")


async def test_one_archive_comes_at_a_time() -> None:
    with make_services({NEWS: FIRST, BLOG: feed("A", title="Blog")}) as fake:
        publish_archive(fake)
        fake.fetcher.silent.add(PAGE)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "x", "j", "x")
            assert said(app) == "The archive of “News” is being fetched; one comes at a time."


async def test_kept_archives_are_gone_on_with_after_a_refresh() -> None:
    sources = (Source(NEWS, archive=True), Source(BLOG))
    with make_services({NEWS: FIRST, BLOG: feed("A", title="Blog")}, sources=sources) as fake:
        publish_archive(fake)
        fake.publish(BLOG, feed("A", title="Blog"))
        async with run(fake.services, SMALL) as (app, pilot):
            await press(pilot, "r")
            await until(pilot, lambda: fake.store.archives().get(NEWS, _NONE).complete)
            assert BLOG not in fake.store.archives()
            await until(pilot, lambda: "4 new · press ." in lines(app)[0])


_NONE = ArchiveState("")


async def test_archives_that_are_whole_or_not_offered_are_not_asked_for_again() -> None:
    sources = (Source(NEWS, archive=True), Source(BLOG, archive=True))
    with make_services({NEWS: FIRST, BLOG: feed("A", title="Blog")}, sources=sources) as fake:
        publish_archive(fake)
        fake.publish(BLOG, feed("A", title="Blog"))
        whole = ArchiveState(NEWS, "linked", PAGE, fetched=6, complete=True)
        fake.store.save_archive(whole).result()
        not_offered = ArchiveState(BLOG, at=NOW - timedelta(hours=1), error="offers no archive")
        fake.store.save_archive(not_offered).result()
        async with run(fake.services) as (app, pilot):
            await press(pilot, "r")
            await until(pilot, lambda: said(app) == "Nothing new.")
            assert not app.reader.archives.address
            assert {asked.address for asked in fake.fetcher.asked} == {NEWS, BLOG}


async def test_the_archive_of_a_source_that_is_removed_stops() -> None:
    with make_services({NEWS: FIRST, BLOG: feed("A", title="Blog")}) as fake:
        publish_archive(fake)
        fake.fetcher.silent.add(PAGE)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "x")
            await until(pilot, fake.fetcher.waiting.is_set)
            await press(pilot, "D")
            await until(pilot, lambda: fake.fetcher.open_count == 0)
            assert said(app) == "Removed “News”. u takes it back."


async def test_the_program_ends_in_the_middle_of_one() -> None:
    with make_services({NEWS: FIRST}) as fake:
        publish_archive(fake)
        fake.fetcher.silent.add(PAGE)
        async with run(fake.services) as (_, pilot):
            await press(pilot, "X")
            await until(pilot, lambda: fake.fetcher.waiting.is_set())
        assert fake.fetcher.open_count == 0


# ── which source is meant ───────────────────────────────────────────────────────────────────

STATES = [SourceState(NEWS, "News"), SourceState(BLOG, "Blog")]
ALL = Place(PlaceKind.ALL, 0, "All posts", 4, 4)
ROWS = (
    ALL,
    Place(PlaceKind.FOLDER, 9, "Folder", 2, 2),
    Place(PlaceKind.SOURCE, 1, "News", 2, 2, 1, NEWS),
    Place(PlaceKind.CATEGORY, 11, "Events", 2, 2, 2, NEWS),
    Place(PlaceKind.CATEGORY, 12, "Summit", 2, 2, 3, NEWS),
    Place(PlaceKind.SOURCE, 2, "Blog", 2, 2, 0, BLOG),
    Place(PlaceKind.CATEGORY, 21, "Events", 2, 2, 1, BLOG),
)


def shown(number: int, post: Post | None = None) -> str:
    state = source_shown(STATES, ROWS, ROWS[number], post)
    return state.title if state else ""


def test_a_place_belongs_to_its_source() -> None:
    assert [shown(number) for number in range(2, 7)] == ["News", "News", "News", "Blog", "Blog"]


def test_elsewhere_the_post_tells_the_source() -> None:
    post = Post(1, 2, "Blog", Entry(), (), True, None)
    assert shown(0, post) == "Blog"
    assert shown(1, post) == "Blog"
    assert shown(0) == ""


def test_two_sources_of_one_name_are_not_mixed_up() -> None:
    twins = [SourceState(NEWS, "Twin"), SourceState(BLOG, "Twin")]
    rows = tuple(
        place._replace(name="Twin") if place.kind is PlaceKind.SOURCE else place for place in ROWS
    )
    assert source_shown(twins, rows, rows[4], None) == twins[0]
    assert source_shown(twins, rows, rows[6], None) == twins[1]
    post = Post(1, 2, "Twin", Entry(), (), True, None)
    assert source_shown(twins, rows, ALL, post) == twins[1]
    assert source_shown(twins[:1], rows, None, None) == twins[0]


def test_a_source_without_a_row_is_found_by_its_title_if_it_is_the_only_one() -> None:
    post = Post(1, 3, "Hidden", Entry(), (), True, None)
    hidden = SourceState("https://hidden.example/feed/", "Hidden")
    assert source_shown([*STATES, hidden], ROWS, ALL, post) == hidden
    other = SourceState("https://other.example/feed/", "Hidden")
    assert source_shown([*STATES, hidden, other], ROWS, ALL, post) is None
    shown = SourceState(BLOG, "Hidden")
    assert source_shown([STATES[0], shown, hidden], ROWS, ALL, post) == hidden


async def test_of_two_sources_of_one_name_the_one_that_is_shown_is_meant() -> None:
    with make_services({BLOG: feed("A", title="News"), NEWS: FIRST}) as fake:
        publish_archive(fake)
        async with run(fake.services) as (_, pilot):
            await press(pilot, "1", "G", "X")
            await until(pilot, lambda: fake.store.archives().get(NEWS, _NONE).complete)
            assert BLOG not in fake.store.archives()


async def test_what_is_not_plain_is_asked_for() -> None:
    with make_services({NEWS: feed(), BLOG: feed(title="Blog")}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "X")
            assert said(app) == "Choose a source or one of its posts; S shows the sources."
            await press(pilot, "S")
            assert isinstance(app.screen, SourcesScreen)
