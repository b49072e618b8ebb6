"""The command table, and that keys, footer, palette and help follow it."""

import re
from collections import Counter

import pytest
from textual.keys import _character_to_key

from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.commands import COMMANDS, Command, key_name
from nordic_tui.tui.screens.changes import ChangesPage, ChangesScreen
from nordic_tui.tui.screens.hand_off import HandOffScreen, LinkPage
from nordic_tui.tui.screens.links import LinkList, LinkScreen
from nordic_tui.tui.screens.panes import PANES
from nordic_tui.tui.screens.reader import ReaderScreen
from nordic_tui.tui.screens.reading import ReadingScreen
from nordic_tui.tui.screens.source_settings import SourceSettingsScreen
from nordic_tui.tui.screens.sources import SourcesScreen
from nordic_tui.tui.screens.views import ViewsScreen
from nordic_tui.tui.widgets.category_list import CategoryList
from nordic_tui.tui.widgets.excerpt import Excerpt
from nordic_tui.tui.widgets.page import Page
from nordic_tui.tui.widgets.post_list import PostList
from nordic_tui.tui.widgets.setting_list import SettingList
from nordic_tui.tui.widgets.source_list import SourceList, SourcePane
from nordic_tui.tui.widgets.view_list import ViewList
from tests.fakes import NEWS, feed, make_services

from .helpers import on_post, press, run, still, text, until

SCREENS: dict[str, type] = {
    "reader": ReaderScreen,
    "reading": ReadingScreen,
    "changes": ChangesScreen,
    "sources": SourcesScreen,
    "settings": SourceSettingsScreen,
    "links": LinkScreen,
    "hand_off": HandOffScreen,
    "views": ViewsScreen,
}
FOCUSED: dict[str, tuple[type, ...]] = {
    "reader": (CategoryList, PostList, Excerpt),
    "reading": (Page,),
    "changes": (ChangesPage,),
    "sources": (SourceList, SourcePane),
    "settings": (SettingList,),
    "links": (LinkList,),
    "hand_off": (LinkPage,),
    "views": (ViewList,),
}
POSTS = feed(*(f"Post {number}" for number in range(30)), categories=("Events",))


def own_keys(command: Command) -> list[str]:
    return [_character_to_key(key) if len(key) == 1 else key for key in command.keys.split(",")]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_is_told_in_words(command: Command) -> None:
    assert re.fullmatch(r"[A-Z].*[^.]", command.help)
    assert command.label
    assert command.group in ("Move", "Read", "Mark", "List", "Source", "Undo", "Program")
    assert set(command.where) <= set(SCREENS)
    assert set(command.footer) <= {
        *PANES,
        "reading",
        "changes",
        "sources",
        "health",
        "settings",
        "links",
        "hand_off",
        "views",
    }


def test_ids_are_unique() -> None:
    assert max(Counter(command.id for command in COMMANDS).values()) == 1


@pytest.mark.parametrize("where", SCREENS)
def test_no_key_does_two_things(where: str) -> None:
    keys = Counter(key for c in COMMANDS if where in c.where for key in own_keys(c))
    # After a search it goes to found words, else to unread posts.
    allowed = {"n": 2} if where in ("reader", "reading") else {}
    assert {key: times for key, times in keys.items() if times > 1} == allowed


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_can_be_carried_out(command: Command) -> None:
    target, _, name = command.action.partition("(")[0].partition(".")
    for where in command.where:
        kinds = {"app": (NordicApp,), "screen": (SCREENS[where],), "focused": FOCUSED[where]}
        for kind in kinds[target]:
            assert callable(getattr(kind, f"action_{name}", None)), f"{kind.__name__}.{name}"


def test_every_key_of_the_issue_is_there() -> None:
    # Written from the issue, not from the table.
    wanted = {
        "j": "down", "down": "down", "k": "up", "up": "up", "h": "left", "l": "right",
        "tab": "next_pane", "shift+tab": "previous_pane", "1": "pane_categories",
        "2": "pane_posts", "3": "pane_excerpt", "g g": "top", "home": "top", "G": "bottom",
        "end": "bottom", "ctrl+d": "half_down", "ctrl+u": "half_up", "space": "page_down",
        "pagedown": "page_down", "pageup": "page_up", "J": "scroll_down", "K": "scroll_up",
        "n": "next_unread", "p": "previous_unread", "]": "next_category",
        "[": "previous_category", "enter": "read", "escape": "back", "o": "browser",
        "y": "copy_link", "m": "toggle_read", "A": "mark_view", "u": "undo", "r": "refresh",
        "a": "toggle_unread", "slash": "search", "f": "filter", "z": "zoom",
        "question_mark": "help", "ctrl+p": "palette",
        "q": "quit", "ctrl+z": "suspend", "full_stop": "admit", "S": "sources", "plus": "add",
        "E": "export_list", "Y": "copy_markdown", "L": "links", "v": "choose",
        "b": "brief", "|": "pipe", "i": "picture",
        "x": "full_text", "X": "archive_shown", "D": "changes",
    }  # fmt: skip
    reader = [command for command in COMMANDS if "reader" in command.where]
    assert {key: c.id for c in reader for key in c.keys.split(",") if key in wanted} == wanted


def test_every_key_of_the_sources_is_there() -> None:
    # Written from the issue, not from the table.
    wanted = {
        "plus": "add", "e": "rename", "f": "folder", "i": "interval", "P": "pause",
        "J": "move_down", "K": "move_up", "D": "remove", "u": "undo", "x": "archive",
        "X": "keep_archive", "R": "refresh_one", "r": "refresh", "enter": "details",
        "L": "leave_out", "s": "settings", "slash": "find_source", "escape": "back", "j": "down",
        "k": "up",
    }  # fmt: skip
    sources = [command for command in COMMANDS if "sources" in command.where]
    assert {key: c.id for c in sources for key in c.keys.split(",") if key in wanted} == wanted


def test_keys_as_people_write_them() -> None:
    names = {
        "ctrl+d": "Ctrl+D", "slash": "/", "question_mark": "?", "full_stop": ".", "g g": "g g",
        "pagedown": "PgDn", "shift+tab": "Shift+Tab", "escape": "Esc", "G": "G", "[": "[",
        "f1": "F1", "ctrl+pageup": "Ctrl+PgUp", "alt+x": "Alt+X", "f": "f",
    }  # fmt: skip
    assert {key: key_name(key) for key in names} == names


async def test_the_palette_offers_every_command_of_the_screen() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            for where, keys in (
                ("reader", ()),
                ("reading", ("enter",)),
                ("sources", ("q", "S")),
                ("settings", ("s",)),
                ("views", ("q", "q", "V")),
            ):
                await press(pilot, *keys)
                offered = {command.title for command in app.get_system_commands(app.screen)}
                wanted = {command.help for command in COMMANDS if where in command.where}
                assert wanted == {title for title in offered if not title.startswith("Theme: ")}


async def test_a_command_found_in_the_palette_is_carried_out() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j", "ctrl+p", *"bottom")
            await until(pilot, lambda: "Go to the bottom" in text(app))
            await press(pilot, "enter")
            await until(pilot, lambda: app.screen is app.reader and on_post(app) == "Post 29")


async def test_a_rebound_key_works_and_is_shown() -> None:
    keys = {"toggle_read": "w", "help": "f1"}
    with make_services({NEWS: POSTS}, preferences=still(keys=keys)) as fake:
        async with run(fake.services) as (app, pilot):
            assert "w mark" in text(app)
            assert "F1 help" in text(app)
            assert "m mark" not in text(app)
            await press(pilot, "m")
            assert "30 unread" in text(app)
            await press(pilot, "w")
            await until(pilot, lambda: "29 unread" in text(app))
            await press(pilot, "f1", *"mark")
            await until(pilot, lambda: "Mark the post as read" in text(app))
            row = next(line for line in text(app).splitlines() if "Mark the post" in line)
            assert re.search(r"\bw +Mark the post", row)


async def test_two_keys_one_after_the_other() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "G")
            assert on_post(app) == "Post 29"
            await press(pilot, "g", "g")
            assert on_post(app) == "Post 0"
            await press(pilot, "g", "j")
            assert on_post(app) == "Post 1", "a first key that no second follows holds nothing up"
            await press(pilot, "j", "g", "g")
            assert on_post(app) == "Post 0"


async def test_two_keys_of_a_persons_own() -> None:
    with make_services(
        {NEWS: POSTS}, preferences=still(keys={"bottom": "z e", "top": "t"})
    ) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "z", "e")
            assert on_post(app) == "Post 29"
            await press(pilot, "t")
            assert on_post(app) == "Post 0"
            await press(pilot, "j", "g", "g")
            assert on_post(app) == "Post 1", "g g was given away"
