"""Full texts behind the screen: fetched on a key, shown, and told of."""

from nordic_tui.errors import TimedOut
from nordic_tui.model import Feed, Source
from tests.fakes import BLOG, NEWS, FakeServices, feed, make_services

from .helpers import STACKED, entry, of, press, run, running_text, said, text, until

PAGE = "https://news.example/a/"
FULL = (
    "<h2>What was left out</h2><p>" + "The page says much more about it than that. " * 20 + "</p>"
)
POSTS = of(
    entry("First", link=PAGE, excerpt="The feed says little …"),
    entry("Second", link="https://news.example/b/"),
)


def full_text(fake: FakeServices, title: str = "First") -> str:
    post = fake.store.post(fake.post_id(title))
    assert post is not None
    return post.full_text


async def test_x_in_the_reading_view_shows_the_full_text_and_the_feeds_again() -> None:
    with make_services({NEWS: POSTS}) as fake:
        fake.publish_page(PAGE, FULL)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "enter")
            assert "The feed says little" in text(app)
            await press(pilot, "x")
            await until(pilot, lambda: "What was left out" in text(app))
            assert said(app) == "The full text of “First” is here: 184 words."
            await press(pilot, "x")
            assert "What was left out" not in text(app)
            assert "The feed says little" in text(app)
            assert said(app) == "The feed's own text; x shows the full one."
            await press(pilot, "x")
            assert "What was left out" in text(app)
            assert said(app) == "The full text; x shows the feed's own."
        assert [asked.address for asked in fake.fetcher.asked] == [PAGE], "fetched once"


async def test_what_is_read_as_the_feed_has_it_stays_so_when_it_is_opened_again() -> None:
    with make_services({NEWS: POSTS}) as fake:
        fake.store.save_full_text(fake.post_id("First"), FULL).result(timeout=5)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "enter")
            assert "What was left out" in text(app)
            await press(pilot, "x", "escape", "enter")
            assert "What was left out" not in text(app)


async def test_x_in_the_reader_fetches_while_one_goes_on() -> None:
    with make_services({NEWS: POSTS}) as fake:
        fake.publish_page(PAGE, FULL)
        fake.publish_page("https://news.example/b/", FULL)
        fake.fetcher.silent.add(PAGE)
        async with run(fake.services, STACKED) as (app, pilot):
            assert "x full text   o open the page" in text(app, app.reader.excerpt)
            await press(pilot, "x")
            assert said(app) == "Fetching the page of “First”."
            await press(pilot, "x")
            assert said(app) == "The page of “First” is on its way."
            await press(pilot, "j", "x")
            assert said(app) == "The page of “Second” is fetched after the one before."
            await until(pilot, fake.fetcher.waiting.is_set)
            assert full_text(fake, "Second") == "", "one comes at a time"
        assert fake.fetcher.open_count == 0, "what was on its way is broken off"


async def test_pages_come_one_after_the_other() -> None:
    with make_services({NEWS: POSTS}) as fake:
        fake.publish_page(PAGE, FULL)
        fake.publish_page("https://news.example/b/", FULL)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "x", "j", "x")
            await until(pilot, lambda: "The full text of “Second” is here" in said(app))
            assert full_text(fake) == full_text(fake, "Second") == FULL
            await until(pilot, lambda: "read on" in text(app, app.reader.excerpt))


async def test_a_page_that_says_no_more_is_told() -> None:
    with make_services({NEWS: POSTS}) as fake:
        fake.publish_page(PAGE, "<p>Log in</p>")
        async with run(fake.services) as (app, pilot):
            await press(pilot, "x")
            words = "The page of “First” says no more than the feed: the feed's text stays."
            await until(pilot, lambda: said(app) == words)


async def test_a_page_that_does_not_come_is_told_and_leaves_no_trace_at_its_source() -> None:
    with make_services({NEWS: POSTS}, sources=[Source(NEWS, full_text=True)]) as fake:
        fake.fetcher.answers[PAGE] = TimedOut("did not answer within 20 s")
        async with run(fake.services) as (app, pilot):
            await press(pilot, "x")
            words = "The page of “First” did not answer within 20 s."
            await until(pilot, lambda: said(app) == words)
            await press(pilot, "S")
            await until(pilot, lambda: "It was last asked" in running_text(app))
            assert "The page of one of its posts" not in running_text(app)


async def test_without_the_extra_it_is_said_how_to_get_it() -> None:
    with make_services({NEWS: POSTS}, finds_texts=False) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "x")
            await until(pilot, lambda: "pip install 'nordic-tui[fulltext]'" in said(app))
        assert fake.fetcher.asked == []


async def test_a_post_without_a_page_says_so() -> None:
    with make_services({NEWS: of(entry("Bare"))}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "x")
            assert said(app) == "This post has no page to fetch."


async def test_after_a_refresh_the_pages_of_sources_that_want_it_come_by_themselves() -> None:
    posts = Feed(title="News", entries=POSTS.entries)
    sources = (Source(NEWS, full_text=True), Source(BLOG))
    with make_services({NEWS: Feed(title="News"), BLOG: feed("x")}, sources=sources) as fake:
        fake.publish(NEWS, posts)
        fake.publish(BLOG, feed("x"))
        fake.publish_page(PAGE, FULL)
        fake.publish_page("https://news.example/b/", FULL)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "r")
            await until(pilot, lambda: "2 new" in text(app))
            await press(pilot, "full_stop")
            await until(pilot, lambda: full_text(fake) == full_text(fake, "Second") == FULL)
            assert "full text" not in said(app).lower(), "nobody asked"
            assert full_text(fake, "x") == ""


async def test_that_the_extra_is_missing_is_said_once_where_a_setting_wants_it() -> None:
    sources = (Source(NEWS, full_text=True),)
    with make_services({NEWS: POSTS}, sources=sources, finds_texts=False) as fake:
        fake.publish(NEWS, POSTS)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "r")
            await until(pilot, lambda: "pip install 'nordic-tui[fulltext]'" in said(app))
            app.reader.bottom.hush()
            await press(pilot, "r")
            await until(pilot, lambda: said(app) == "Nothing new.")
            await until(pilot, lambda: not app.reader.errands.full_texts._by_itself.running)
            await press(pilot, "j")
            assert "pip install" not in said(app)
