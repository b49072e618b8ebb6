"""Every key of the reader, by what is on the screen after it."""

import pytest
from textual.events import Key

from nordic_tui.errors import HandoffError
from nordic_tui.model import Entry
from tests.fakes import BLOG, NEWS, feed, make_services
from tests.tui.helpers import (
    NARROW,
    SMALL,
    STACKED,
    burst,
    cursor_row,
    entry,
    find,
    focused_pane,
    lines,
    of,
    on_place,
    on_post,
    press,
    run,
    said,
    style_at,
    text,
    until,
)

POSTS = feed(*(f"Post {number}" for number in range(60)), categories=("Events",))
MIXED = of(
    entry("Tromsø", link="https://news.example/1/", categories=("Events", "Safe cities")),
    entry("Åse skriver", link="https://news.example/2/", categories=("Safe cities",)),
    entry("Aarhus", link="javascript:alert(1)"),
    entry("Ring av is", categories=("Events",)),
)
LONG_TEXT = entry("Long", excerpt="\n\n".join(f"Paragraph {n} of it." for n in range(40)))


# ── moving ──────────────────────────────────────────────────────────────────────────────────


async def test_moving_in_the_list() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, STACKED) as (app, pilot):
            page = app.reader.posts.size.height

            async def at(*keys: str) -> int:
                await press(pilot, *keys)
                return int(on_post(app).removeprefix("Post "))

            assert await at() == 0
            assert await at("k") == 0
            assert await at("j", "j", "down") == 3
            assert await at("k", "up") == 1
            assert await at("G") == 59
            assert await at("j") == 59
            assert await at("g", "g") == 0
            assert await at("end") == 59
            assert await at("home") == 0
            assert await at("ctrl+d") == page // 2
            assert await at("ctrl+u") == 0
            assert await at("space") == page - 1
            assert await at("pagedown") == 2 * (page - 1)
            assert await at("pageup") == page - 1


async def test_the_excerpt_follows_when_the_cursor_rests() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j", "j", "j")
            await until(pilot, lambda: "What Post 3 is about." in text(app, app.reader.excerpt))


async def test_a_held_key_draws_the_excerpt_once() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            shown: list[str] = []
            show = app.reader.excerpt.show

            def note(post, keys=(), find=None):  # type: ignore[no-untyped-def]  # as Excerpt.show
                shown.append(post.entry.title)
                show(post, keys, find)

            app.reader.excerpt.show = note  # type: ignore[method-assign]  # to count
            await burst(pilot, *["j"] * 20)
            await until(pilot, lambda: "Post 20" in text(app, app.reader.excerpt))
            assert shown == ["Post 20"]


async def test_panes() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):

            async def at(*keys: str) -> str:
                await press(pilot, *keys)
                return focused_pane(app)

            assert await at() == "posts"
            assert await at("l") == "excerpt"
            assert await at("l") == "excerpt"
            assert await at("h", "h") == "categories"
            assert await at("left") == "categories"
            assert await at("right") == "posts"
            assert await at("tab") == "excerpt"
            assert await at("tab") == "categories"
            assert await at("shift+tab") == "excerpt"
            assert [await at(number) for number in "123"] == ["categories", "posts", "excerpt"]
            assert await at("escape") == "posts"
            assert await at("escape") == "categories"
            assert await at("escape") == "categories"


async def test_what_is_typed_later_does_not_overtake_keys_that_waited() -> None:
    with make_services({NEWS: feed("a", "b", "c", "d")}) as fake:
        async with run(fake.services) as (app, pilot):
            app.reader.takes_keys = False
            await press(pilot, "G")
            assert on_post(app) == "a"
            # It is typed, and not looked at yet, when the screen is ready.
            app.post_message(Key("k", "k"))
            app.reader.ready()
            await pilot.pause()
            assert on_post(app) == "c"


async def test_keys_of_one_burst_arrive_in_order() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await burst(pilot, "j", "h", "j", "l", "j")
            # The place below "All posts" is "Unread": its list begins anew.
            await until(pilot, lambda: on_place(app) == "Unread" and on_post(app) == "Post 1")
            await burst(pilot, "j", "enter", "q", "j")
            await until(pilot, lambda: app.screen is app.reader and on_post(app) == "Post 3")


async def test_the_excerpt_is_scrolled_from_the_list() -> None:
    with make_services({NEWS: of(LONG_TEXT, entry("Short"))}) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            before = lines(app, app.reader.excerpt)
            await press(pilot, "J")
            assert lines(app, app.reader.excerpt)[1:-1] == before[2:]
            assert focused_pane(app) == "posts"
            await press(pilot, "K")
            assert lines(app, app.reader.excerpt) == before
            # In the excerpt itself j and the page keys do it.
            await press(pilot, "3", "j", "G")
            assert "Paragraph 39" in text(app, app.reader.excerpt)
            await press(pilot, "g", "g")
            assert "Long" in text(app, app.reader.excerpt)


async def test_next_and_previous_unread() -> None:
    with make_services({NEWS: POSTS}) as fake:
        for number in range(60):
            if number not in (7, 8, 40):
                fake.services.history.mark(fake.post_id(f"Post {number}"), True).result()
        async with run(fake.services) as (app, pilot):

            async def at(*keys: str) -> str:
                await press(pilot, *keys)
                return on_post(app)

            assert await at("n") == "Post 7"
            assert "Post 7" in text(app, app.reader.excerpt), "it is shown at once"
            assert await at("n") == "Post 8"
            assert await at("n") == "Post 40"
            assert said(app) == ""
            assert await at("n") == "Post 40"
            assert said(app) == "No more unread posts in this list."
            assert await at("p") == "Post 8"
            assert await at("p", "p", "p") == "Post 7"


async def test_categories_from_the_list() -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (app, pilot):

            async def at(*keys: str) -> tuple[str, str]:
                await press(pilot, *keys)
                assert focused_pane(app) == "posts"
                heading = text(app, app.reader.heading).strip()
                return on_place(app), heading.split(" · ")[0]

            assert await at("]") == ("Unread", "Unread")
            assert await at("]") == ("Events", "Events")
            assert [line[3:].split("  ")[0] for line in lines(app, app.reader.posts)[:3]] == [
                "Tromsø", "Ring av is", "",
            ]  # fmt: skip
            assert await at("]", "]") == ("Safe cities", "Safe cities")
            assert await at("[", "[") == ("Unread", "Unread")


async def test_sources_group_their_categories() -> None:
    blog = feed("Blogged", title="Blog", categories=("Events",))
    with make_services({NEWS: MIXED, BLOG: blog}) as fake:
        async with run(fake.services) as (app, pilot):
            rows = [line.rstrip(" ▕")[1:] for line in lines(app, app.reader.categories)]
            names = [row[: row.rindex("  ")].rstrip("0123456789 ") for row in rows[:9] if row]
            assert names == [
                " All posts", " Unread", " News", "   Events", "   Safe cities", " Blog",
                "   Events",
            ]  # fmt: skip
            assert "Nordic TUI" in lines(app)[0]
            await press(pilot, *["]"] * 6)
            assert text(app, app.reader.heading).strip().startswith("Events · 1 post · 1 unread")
            assert on_post(app) == "Blogged"


# ── reading, the browser, the clipboard ─────────────────────────────────────────────────────


async def test_enter_in_the_categories_goes_to_the_posts() -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "1", "j", "j", "enter")
            assert focused_pane(app) == "posts"
            assert "Events · 2 posts" in text(app, app.reader.heading)


async def test_o_opens_the_page() -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j", "o")
            assert fake.opened == ["https://news.example/2/"]
            assert said(app) == "Opened in the browser: news.example"


async def test_only_web_and_mail_addresses_are_opened_or_copied() -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j", "j", "o")
            assert said(app) == "This post has no link to open."
            for key in ("y", "Y"):
                await press(pilot, key)
                assert said(app) == "This post has no link to copy."
            await press(pilot, "Q")
            assert said(app) == "This post has no link to show."
            assert (fake.opened, fake.hands.copied) == ([], [])


async def test_a_browser_that_fails_once_it_was_started_is_said() -> None:
    with make_services({NEWS: feed("War")}) as fake:
        fake.hands.fails_later = "firefox failed with status 1: the page was not opened."
        async with run(fake.services) as (app, pilot):
            await press(pilot, "o")
            await until(pilot, lambda: said(app) == fake.hands.fails_later)


async def test_a_browser_that_fails_is_said() -> None:
    with make_services({NEWS: MIXED}) as fake:
        fake.hands.error = HandoffError("firefox could not be started.")
        async with run(fake.services) as (app, pilot):
            await press(pilot, "o")
            assert said(app) == "firefox could not be started."


async def test_y_copies_exactly_the_link() -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "y", "j", "y")
            await until(pilot, lambda: said(app) == "Copied: https://news.example/2/")
            assert fake.hands.copied == ["https://news.example/1/", "https://news.example/2/"]


# ── the filter ──────────────────────────────────────────────────────────────────────────────


def titles(drawn: list[str]) -> list[str]:
    return [line[3:].split("  ")[0] for line in drawn if line[3:].strip()]


async def test_the_filter_narrows_as_one_types() -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "f")
            assert "Words of the title" in text(app)
            assert lines(app)[-1].split() == ["Enter", "to", "the", "list", "Esc", "no", "filter"]
            await press(pilot, "S")
            assert titles(lines(app, app.reader.posts)) == ["Tromsø", "Åse skriver", "Aarhus",
                                                            "Ring av is"]  # fmt: skip
            await press(pilot, "K", "R")
            assert titles(lines(app, app.reader.posts)) == ["Åse skriver"]
            assert "All posts · 1 post · “SKR”" in text(app, app.reader.heading)
            # Enter goes to what was found; Esc takes the filter away, the cursor stays.
            await press(pilot, "enter")
            await until(pilot, lambda: "▌● Åse skriver" in text(app, app.reader.posts))
            await press(pilot, "escape")
            assert "Words of the title" not in text(app)
            assert len(titles(lines(app, app.reader.posts))) == 4
            assert on_post(app) == "Åse skriver"


async def test_keys_are_letters_while_one_types() -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (app, pilot):
            await burst(pilot, "f", *"qjgg?HTA m1")
            await until(pilot, lambda: "qjgg?HTA m1" in text(app))
            assert "No title holds these words." in text(app, app.reader.posts)
            assert fake.themes == []
            await press(pilot, "tab")
            await press(pilot, "escape")
            assert not app._exit
            assert len(titles(lines(app, app.reader.posts))) == 4


async def test_what_is_typed_in_one_burst_with_enter_is_for_the_list() -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (app, pilot):
            await burst(pilot, "f", "s", "enter", "j", "j", "u", "g", "g", "j")
            await until(pilot, lambda: on_post(app) == "Åse skriver")
            assert app.reader.view.title == "s"
            assert focused_pane(app) == "posts"
            assert len(titles(lines(app, app.reader.posts))) == 4


async def test_q_leaves_a_filter_before_the_program() -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "f", "r", "i", "n")
            await until(pilot, lambda: titles(lines(app, app.reader.posts)) == ["Ring av is"])
            await press(pilot, "enter")
            await until(pilot, lambda: "▌● Ring av is" in text(app))
            await press(pilot, "q")
            assert not app._exit
            assert len(titles(lines(app, app.reader.posts))) == 4
            await press(pilot, "q")
            assert app._exit


@pytest.mark.parametrize("key", ["f", "/"])
async def test_words_and_what_closes_their_box_may_come_in_one_burst(key: str) -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (app, pilot):
            for _ in range(5):
                await burst(pilot, key, "r", "i", "escape", "j", key, "x", "enter", "escape", "k")
            assert [w for w in text(app).split() if w in ("Words", "phrase")] == []
            assert app.is_running
            assert on_post(app)


async def test_an_empty_filter_goes_with_enter() -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services, NARROW) as (app, pilot):
            await press(pilot, "f")
            assert "Words of the title" in text(app)
            await press(pilot, "enter")
            await until(pilot, lambda: "Words of the title" not in text(app))
            await until(pilot, lambda: "▌● Tromsø" in text(app))


async def test_a_filter_stays_when_the_category_changes() -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "f", "s", "k", "r")
            await until(pilot, lambda: "“skr”" in text(app))
            await press(pilot, "enter")
            await until(pilot, lambda: "▌● Åse skriver" in text(app))
            await press(pilot, "]", "]")
            assert on_place(app) == "Events"
            assert "No title holds these words." in text(app, app.reader.posts)
            await press(pilot, "]")
            assert titles(lines(app, app.reader.posts)) == ["Åse skriver"]


# ── the categories of a post ────────────────────────────────────────────────────────────────


async def test_c_goes_to_the_one_category_of_a_post() -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j", "c")
            await until(pilot, lambda: on_place(app) == "Safe cities")
            assert on_post(app) == "Åse skriver", "the cursor stays on its post"
            assert titles(lines(app, app.reader.posts)) == ["Tromsø", "Åse skriver"]


async def test_c_asks_which_of_several() -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "c")
            assert "Go to a category of this post" in text(app)
            assert "▸ Events ◂" in text(app)
            await press(pilot, "escape")
            assert on_place(app) == "All posts"
            await press(pilot, "c", "tab", "enter")
            await until(pilot, lambda: on_place(app) == "Safe cities")
            assert focused_pane(app) == "posts"


async def test_a_post_without_a_category_says_so() -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j", "j", "c")
            assert said(app) == "This post is in no category."


async def test_a_click_on_posted_in_goes_there() -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (app, pilot):
            for name in ("Events", "Safe cities"):
                await press(pilot, "2", "home", "[", "[", "[")
                await until(pilot, lambda: on_place(app) == "All posts")
                x, y = find(app, name, app.reader.excerpt)
                await pilot.click(offset=(x + 1, y))
                await until(pilot, lambda name=name: on_place(app) == name)  # type: ignore[misc]
                assert on_post(app) == "Tromsø"


async def test_what_is_typed_at_once_is_about_the_post_the_cursor_has_reached() -> None:
    # The excerpt follows after a rest; the keys do not wait for it.
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (_, pilot):
            await burst(pilot, "j", "o", "y", "enter", "o", "q", "k", "o")
            assert fake.opened == [f"https://news.example/{n}/" for n in (2, 2, 1)]
            await until(pilot, lambda: fake.hands.copied == ["https://news.example/2/"])


async def test_what_is_typed_at_once_is_about_the_category_the_cursor_has_reached() -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (app, pilot):
            await burst(pilot, "1", "j", "j", "A")
            await until(pilot, lambda: "Marked 2 posts as read." in said(app))
            assert on_place(app) == "Events"
            await burst(pilot, "1", "j", "2", "j")
            await until(pilot, lambda: on_place(app) == "Safe cities")
            assert on_post(app) == "Åse skriver"


# ── the mouse ───────────────────────────────────────────────────────────────────────────────


async def test_a_click_selects_and_a_second_one_opens() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            at = find(app, "Post 4", app.reader.posts)
            await pilot.click(offset=at)
            assert on_post(app) == "Post 4"
            assert "What Post 4 is about." in text(app, app.reader.excerpt)
            assert app.screen is app.reader
            await pilot.click(offset=at)
            assert app.screen is not app.reader
            assert "What Post 4 is about." in text(app)


async def test_a_click_in_the_sidebar_goes_to_a_category() -> None:
    with make_services({NEWS: MIXED}) as fake:
        async with run(fake.services) as (app, pilot):
            await pilot.click(offset=find(app, "Safe cities", app.reader.categories))
            assert on_place(app) == "Safe cities"
            assert titles(lines(app, app.reader.posts)) == ["Tromsø", "Åse skriver"]
            # Below the last category there is nothing to click on.
            area = app.reader.categories.region
            await pilot.click(offset=(area.x + 3, area.bottom - 2))
            assert on_place(app) == "Safe cities"


# ── marks on the screen ─────────────────────────────────────────────────────────────────────


async def test_the_row_under_the_cursor_has_its_own_background() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j")
            y = find(app, "Post 1 ", app.reader.posts)[1]
            area = app.reader.posts.region
            row = app.palette.style("ink", "row").bgcolor
            page = app.palette.style().bgcolor
            assert {style_at(app, x, y).bgcolor for x in range(area.x, area.right)} == {row}
            assert {style_at(app, x, y + 1).bgcolor for x in range(area.x, area.right)} == {page}


# ── what there is not ───────────────────────────────────────────────────────────────────────


async def test_an_empty_library_says_so_and_takes_every_key() -> None:
    with make_services({NEWS: of()}) as fake:
        async with run(fake.services) as (app, pilot):
            assert "There are no posts here yet." in text(app, app.reader.posts)
            await press(pilot, "j", "G", "g", "g", "space", "n", "m", "o", "y", "c", "enter", "A",
                        "J", "a", "a", "3", "j", "1", "j", "enter")  # fmt: skip
            assert app.screen is app.reader
            assert "Everything here is read." in text(app, app.reader.posts)
            assert "Unread · 0 posts" in text(app, app.reader.heading)


async def test_a_post_of_which_nothing_is_known_can_be_shown_and_read() -> None:
    with make_services({NEWS: of(Entry(guid="1"), entry("After"))}) as fake:
        async with run(fake.services) as (app, pilot):
            assert "Untitled" in cursor_row(app, app.reader.posts)
            await press(pilot, "enter")
            assert "Untitled" in text(app)
            assert "No text." in text(app)
