"""Help: every key that works on the screen below, found by its words."""

from textual.binding import Binding

from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.commands import COMMANDS, key_name
from nordic_tui.tui.keymaps import Keymap
from nordic_tui.tui.screens.add import AddScreen
from tests.fakes import NEWS, feed, make_services
from tests.tui.helpers import (
    NARROW,
    burst,
    lines,
    on_post,
    press,
    run,
    running_text,
    text,
    until,
)

POSTS = feed(*(f"Post {n}" for n in range(5)))


async def all_lines(app: NordicApp) -> str:
    """Help from its top to its end, as one scrolls through it."""
    from textual.pilot import Pilot

    pilot = Pilot(app)
    found = app.screen.query_one("#found")
    pages = []
    for _ in range(20):
        pages.append(running_text(app, found))
        await press(pilot, "pagedown")
    assert pages[-1] == pages[-2], "the end was reached"
    # The last line of a page says that there is more, and the next page begins with what it hid.
    return " ".join(pages).replace("↓ more ", "")


async def test_it_shows_every_command_of_the_screen_with_its_keys() -> None:
    with make_services({NEWS: POSTS}) as fake:
        ways = {"reader": ("?",), "reading": ("enter", "?"), "sources": ("S", "?")}
        for where, keys in ways.items():
            async with run(fake.services) as (app, pilot):
                await press(pilot, *keys)
                shown = await all_lines(app)
                for command in COMMANDS:
                    if where in command.where:
                        assert command.help in shown
                        missing = [
                            key for key in Keymap().names(command, where) if key not in shown
                        ]
                        assert missing == []
                here = {c.help for c in COMMANDS if where in c.where}
                elsewhere = {c.help for c in COMMANDS} - here
                assert not [words for words in elsewhere if words in shown]


async def test_it_shows_every_key_of_the_dialog_that_adds() -> None:
    with make_services({NEWS: POSTS}) as fake:
        fake.publish(NEWS, POSTS)
        async with run(fake.services) as (app, pilot):
            await press(pilot, "+", "?")
            assert isinstance(app.screen, AddScreen), "in an address it is a letter"
            await press(pilot, "backspace", *NEWS, "enter")
            await until(pilot, lambda: "? keys" in text(app))
            bindings = [b for b in AddScreen.BINDINGS if isinstance(b, Binding)]
            bound = {key_name(binding.key) for binding in bindings}
            await press(pilot, "?")
            shown = await all_lines(app)
            assert {"Enter", "Esc", "Tab", "j", "PgDn", "Ctrl+D", "?"} <= bound
            assert [key for key in bound if key not in shown] == []
            await press(pilot, "escape")
            assert isinstance(app.screen, AddScreen)


async def test_it_is_searched_by_words_and_by_keys() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "?", *"copy")
            found = app.screen.query_one("#found")
            await until(pilot, lambda: "Copy the post's link" in text(app, found))
            assert "Move down" not in text(app, found)
            await press(pilot, *["backspace"] * 4, *"ctrl+d")
            await until(pilot, lambda: "Move down half a page" in text(app, found))
            assert "Copy the post's link" not in text(app, found)
            await press(pilot, *"xyz")
            await until(pilot, lambda: "No key is found by these words." in text(app, found))
            assert app.reader.listing.unread() == 5


async def test_it_closes_and_leaves_all_as_it_was() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j")
            for key in ("escape", "enter"):
                await press(pilot, "?")
                assert "Esc to close" in text(app)
                await press(pilot, key)
                assert app.screen is app.reader
                assert on_post(app) == "Post 1"


async def test_keys_that_come_with_the_one_that_opens_it_are_not_lost() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, NARROW) as (app, pilot):
            await burst(pilot, "?", "pagedown", "down", *"copy")
            await until(pilot, lambda: "Copy the post's link" in running_text(app))
            assert len(lines(app)) == NARROW[1]


async def test_where_it_does_not_fit_it_says_that_there_is_more() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, NARROW) as (app, pilot):
            await press(pilot, "?")
            assert "↓ more" in text(app)
            await press(pilot, *["pagedown"] * 40)
            assert "↓ more" not in text(app)
            assert "Go back, or quit" in text(app)
