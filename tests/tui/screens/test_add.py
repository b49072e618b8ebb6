"""Adding a source: what was pasted is looked at, what is there is shown, one is followed."""

import pytest

from nordic_tui.errors import BadStatus, SettingsError
from nordic_tui.model import FeedLink, Page, Response
from nordic_tui.tui.screens.add import AddScreen
from nordic_tui.tui.screens.sources import SourcesScreen
from tests.fakes import NEWS, FakeServices, feed, make_services

from ..helpers import NARROW, SIZES, burst, cursor_row, on_post, press, run, said, text, until

HOME = "https://nordic.example"
SITE, CATEGORY = f"{HOME}/feed/", f"{HOME}/category/new/feed/"
OWN = {NEWS: feed("One", "Two", categories=("Events",))}


def publish_site(fake: FakeServices) -> None:
    """A home page that names two feeds."""
    page = b"a page"
    fake.fetcher.answers[HOME] = Response(url=f"{HOME}/", body=page, media_type="text/html")
    fake.decoder.pages[page] = Page(title="Nordic", feeds=(FeedLink(SITE), FeedLink(CATEGORY)))
    fake.publish(SITE, feed("Third", "Second", "First", title="Nordic Safe Cities"))
    fake.publish(CATEGORY, feed("Second", title="New initiatives"))


def followed(fake: FakeServices) -> list[str]:
    return [source.address for source in fake.subscription_file.following.sources]


async def test_the_one_feed_that_is_there_is_followed() -> None:
    with make_services(OWN) as fake:
        fake.publish(SITE, feed("Third", "Second", "First", title="Nordic Safe Cities"))
        async with run(fake.services) as (app, pilot):
            await press(pilot, "+", *SITE, "enter")
            await until(pilot, lambda: "Nordic Safe Cities" in text(app))
            assert "This is there:" in text(app)
            assert "Nordic Safe Cities" in cursor_row(app, app.screen.query_one("#found"))
            for words in (SITE, "3 posts, the newest of 31 Aug 2026:", "· Third", "· First"):
                assert words in text(app)
            assert followed(fake) == [NEWS], "nothing is kept yet"
            await press(pilot, "enter")
            assert app.screen is app.reader
            assert said(app) == "Follows “Nordic Safe Cities”. u takes it back."
            assert followed(fake) == [NEWS, SITE]
            await until(pilot, lambda: "3 new · press ." in text(app))
            assert "Nordic Safe Ci" in text(app, app.reader.categories)
            assert on_post(app) == "One", "nothing moves"


async def test_of_several_feeds_one_is_chosen() -> None:
    with make_services(OWN) as fake:
        publish_site(fake)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "+", *"nordic.example", "enter")
            await until(pilot, lambda: "New initiatives" in text(app))
            assert "2 feeds are there:" in text(app)
            await press(pilot, "j")
            assert "New initiatives" in cursor_row(app, app.screen.query_one("#found"))
            assert CATEGORY in text(app)
            assert "· Third" not in text(app)
            await press(pilot, "enter")
            assert isinstance(app.screen, SourcesScreen)
            assert said(app) == "Follows “New initiatives”. u takes it back."
            await until(pilot, lambda: "New initiatives  " in text(app))
            await press(pilot, "u")
            await until(pilot, lambda: followed(fake) == [NEWS])


@pytest.mark.parametrize("size", SIZES)
async def test_what_wants_a_login_can_be_followed_before_it_has_one(size: tuple[int, int]) -> None:
    with make_services(OWN) as fake:
        fake.fetcher.answers[SITE] = BadStatus("refuses to answer (401)", 401)
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "S", "+", *SITE, "enter")
            await until(pilot, lambda: "wants a login" in text(app))
            assert "This refuses to answer:" in text(app)
            await until(pilot, lambda: "Enter follows it" in text(app))
            await press(pilot, "enter")
            assert followed(fake) == [NEWS, SITE]
            assert isinstance(app.screen, SourcesScreen)


async def test_where_no_feed_is_it_lists_what_was_tried() -> None:
    with make_services(OWN) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "+", *"nowhere.example", "enter")
            await until(pilot, lambda: "No feed was found. This was asked for:" in text(app))
            assert "https://nowhere.example\n" in text(app).replace(" ", "")
            assert "could not be reached" in text(app)
            fake.publish("https://nowhere.example/x", feed("One", title="Found at last"))
            await press(pilot, *"/x", "enter")
            await until(pilot, lambda: "Found at last" in text(app))


async def test_what_is_asked_is_said_and_escape_ends_it() -> None:
    with make_services(OWN) as fake:
        fake.fetcher.silent.add(HOME)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "+", *"nordic.example", "enter")
            await until(pilot, lambda: "asking nordic.example …" in text(app))
            await press(pilot, "escape")
            assert app.screen is app.reader
            await until(pilot, lambda: fake.fetcher.open_count == 0)
            assert followed(fake) == [NEWS]


async def test_another_address_takes_the_place_of_the_one_that_is_asked() -> None:
    with make_services(OWN) as fake:
        fake.fetcher.silent.add(HOME)
        fake.publish(f"{HOME}/x", feed("One", title="The other"))
        async with run(fake.services) as (app, pilot):
            await press(pilot, "+", *"nordic.example", "enter")
            assert fake.fetcher.waiting.wait(10)
            await press(pilot, *"/x", "enter")
            await until(pilot, lambda: "The other" in text(app))


async def test_what_is_followed_already_is_said_and_not_added_again() -> None:
    with make_services(OWN) as fake:
        fake.publish(NEWS, OWN[NEWS])
        async with run(fake.services) as (app, pilot):
            await press(pilot, "+", *NEWS, "enter")
            await until(pilot, lambda: "followed already" in text(app))
            await press(pilot, "enter")
            assert "This is followed already." in text(app)
            await press(pilot, "escape")
            assert followed(fake) == [NEWS]


async def test_a_source_that_moved_is_followed_already() -> None:
    with make_services(OWN) as fake:
        fake.publish(SITE, feed("One", title="Nordic Safe Cities"))
        (state,) = fake.store.states()
        fake.store.save_state(state._replace(read_from=SITE)).result(10)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "+", *SITE, "enter")
            await until(pilot, lambda: "followed already" in text(app))
            await press(pilot, "enter")
            assert "This is followed already." in text(app)
            assert followed(fake) == [NEWS]


async def test_of_very_many_feeds_it_says_how_many_are_named() -> None:
    with make_services(OWN) as fake:
        addresses = [f"{HOME}/{number}.xml" for number in range(30)]
        fake.fetcher.answers[HOME] = Response(url=f"{HOME}/", body=b"a page")
        fake.decoder.pages[b"a page"] = Page(feeds=tuple(map(FeedLink, addresses)))
        for address in addresses:
            fake.publish(address, feed(address, title=address))
        async with run(fake.services, NARROW) as (app, pilot):
            await press(pilot, "+", *"nordic.example", "enter")
            await until(pilot, lambda: "6 feeds are there; 30 are named:" in text(app))


async def test_no_password_is_shown_of_what_was_asked_for() -> None:
    with make_services(OWN) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "+", *"(//me:hush@nowhere.example/)", "enter")
            await until(pilot, lambda: "This was asked for:" in text(app))
            assert "https://nowhere.example/" in text(app, app.screen.query_one("#about"))
            assert "hush" not in text(app, app.screen.query_one("#about"))


async def test_a_source_that_can_not_be_kept_is_said() -> None:
    with make_services(OWN) as fake:
        fake.subscription_file.error = SettingsError("settings.toml could not be written.")
        fake.publish(SITE, feed("One", title="Nordic Safe Cities"))
        async with run(fake.services) as (app, pilot):
            await press(pilot, "+", *SITE, "enter")
            await until(pilot, lambda: "This is there:" in text(app))
            await press(pilot, "enter")
            assert said(app) == "settings.toml could not be written."
            assert [asked.address for asked in fake.fetcher.asked] == [SITE], "only looked at"


async def test_an_empty_line_asks_nobody() -> None:
    with make_services(OWN) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "+", "space", "enter")
            assert "Type or paste an address first." in text(app)
            assert fake.fetcher.asked == []


async def test_every_letter_belongs_to_the_address() -> None:
    with make_services(OWN) as fake:
        async with run(fake.services) as (app, pilot):
            await burst(pilot, "+", *"quS+xH?/j")
            assert isinstance(app.screen, AddScreen)
            assert "quS+xH?/j" in text(app)


async def test_addresses_read_once_can_not_be_added_to() -> None:
    with make_services(OWN, read_once=True) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "+")
            assert app.screen is app.reader
            assert said(app) == "Nothing is followed: these addresses are read once."


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_it_fits_every_window(size: tuple[int, int]) -> None:
    with make_services(OWN) as fake:
        publish_site(fake)
        async with run(fake.services, size) as (app, pilot):
            await press(pilot, "+", *"nordic.example")
            assert "Enter looks for feeds, Esc closes" in text(app)
            await press(pilot, "enter")
            await until(pilot, lambda: "Nordic Safe Cities" in text(app))
            assert "New initiatives" in text(app)
            assert "· Third" in text(app)
            await until(pilot, lambda: "? keys, Esc closes" in text(app))


async def test_the_list_of_what_was_tried_scrolls() -> None:
    with make_services(OWN) as fake:
        fake.fetcher.answers[HOME] = Response(url=f"{HOME}/", body=b"no page")
        for path in ("feed/", "?feed=rss2", "rss", "rss.xml", "feed.xml", "atom.xml"):
            fake.fetcher.answers[f"{HOME}/{path}"] = Response(url=HOME, body=b"nothing")
        async with run(fake.services, NARROW) as (app, pilot):
            await press(pilot, "+", *"nordic.example", "enter")
            await until(pilot, lambda: "This was asked for:" in text(app))
            assert "↓ more" in text(app)
            before = text(app)
            await press(pilot, "pagedown")
            assert text(app) != before
