"""Which keys a command has: the table's, a preset's, a person's own."""

from collections import Counter

import pytest

from nordic_tui.config.settings import KEYMAPS
from nordic_tui.tui.commands import COMMANDS, key_name
from nordic_tui.tui.keymaps import NEWSBOAT, PRESETS, Keymap
from tests.fakes import NEWS, feed, make_services

from .helpers import on_post, press, run, still, text, until

BY_ID = {command.id: command for command in COMMANDS}
SCREENS = sorted({where for command in COMMANDS for where in command.where})
POSTS = feed(*(f"Post {number}" for number in range(30)), categories=("Events",))


def test_the_settings_name_every_preset_and_no_other() -> None:
    assert set(KEYMAPS) == set(PRESETS)


def test_without_a_preset_the_keys_are_those_of_the_table() -> None:
    keymap = Keymap()
    for command in COMMANDS:
        for where in command.where:
            assert ",".join(keymap.keys(command, where)) == command.keys


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("where", SCREENS)
def test_every_command_has_a_key_and_no_key_does_two_things(preset: str, where: str) -> None:
    keymap = Keymap(preset)
    here = [command for command in COMMANDS if where in command.where]
    assert [command.id for command in here if not keymap.keys(command, where)] == []
    counted = Counter(key_name(key) for c in here for key in keymap.keys(c, where))
    shared = {key for key, times in counted.items() if times > 1}
    # After a search these go to found words, else to unread posts.
    assert shared <= ({"n", "p"} if where in ("reader", "reading") else set())
    firsts = {key.split()[0] for key in keymap.sequences}
    assert not [c.id for c in here for key in keymap.keys(c, where) if key in firsts]


def test_newsboats_keys_do_what_they_do_there() -> None:
    # From newsboat's manual, not from the preset. Ctrl is ^ there.
    wanted = {
        "reader": {
            "Enter": "read", "q": "quit", "r": "refresh", "R": "refresh", "A": "mark_view",
            "n": "next_unread", "p": "previous_unread", "J": "down", "K": "up",
            "o": "browser", "O": "browser", "?": "help", "N": "toggle_read",
            "l": "toggle_unread", "u": "links", "/": "search", "#": "links", "E": "sources",
            "Ctrl+L": "redraw", ":": "palette", "F": "filter", "f": "filter",
            "Ctrl+N": "next_category", "Ctrl+P": "previous_category", "j": "next_category",
            "k": "previous_category", "|": "pipe", "g": "order", "G": "order", "↑": "up",
            "↓": "down", "PgUp": "page_up", "PgDn": "page_down", "Home": "top", "End": "bottom",
            "Ctrl+E": "tags", "s": "brief", "Tab": "next_pane", "Q": "quit",
        },
        "reading": {
            "q": "quit", "n": "next_unread", "p": "previous_unread", "o": "browser",
            "N": "toggle_read", "u": "links", "#": "links", "j": "next_category",
            "k": "previous_category", "|": "pipe", "s": "brief", "PgDn": "text_page_down",
        },
        "sources": {"r": "refresh_one", "R": "refresh", "j": "down", "k": "up", "q": "quit"},
    }  # fmt: skip
    keymap = Keymap("newsboat")
    for where, keys in wanted.items():
        for key, command_id in keys.items():
            assert key in keymap.names(BY_ID[command_id], where), (where, key)


def test_the_preset_names_commands_that_there_are() -> None:
    assert set(NEWSBOAT) <= set(BY_ID)


def test_own_keys_win_over_the_presets_and_the_tables() -> None:
    keymap = Keymap("newsboat", {"next_unread": "j", "rename": "k", "top": "t, ctrl+t"})
    assert keymap.keys(BY_ID["next_unread"], "reader") == ("j",)
    assert keymap.keys(BY_ID["next_category"], "reader") == ("]", "ctrl+n")
    assert "k" in keymap.keys(BY_ID["previous_category"], "reader"), "rename works elsewhere"
    assert keymap.keys(BY_ID["up"], "sources") == ("up",)
    assert keymap.names(BY_ID["top"], "reader") == ["t", "Ctrl+T"]


def test_a_key_that_was_given_away_is_shown_nowhere() -> None:
    keymap = Keymap(own={"mark_view": "slash", "star": ""})
    assert keymap.keys(BY_ID["search"], "reader") == ()
    assert keymap.name_of("search") == keymap.name_of("star") == "Ctrl+P", "the palette has it"


def test_a_key_that_begins_a_sequence_does_nothing_alone() -> None:
    assert Keymap(own={"bottom": "z e"}).keys(BY_ID["zoom"], "reader") == ()
    keymap = Keymap(own={"zoom": "g"})
    assert keymap.keys(BY_ID["top"], "reader") == ("home",)
    both = Keymap(own={"bottom": "g e", "top": "g g"})
    assert both.sequences == {"g e", "g g"}


async def test_newsboats_keys_work_and_are_shown() -> None:
    with make_services({NEWS: POSTS}, preferences=still(keymap="newsboat")) as fake:
        async with run(fake.services) as (app, pilot):
            assert "N mark" in text(app)
            assert "m mark" not in text(app)
            await press(pilot, "J")
            assert on_post(app) == "Post 1"
            await press(pilot, "N")
            await until(pilot, lambda: "29 unread" in text(app))
            await press(pilot, "U")
            await until(pilot, lambda: "30 unread" in text(app))
            await press(pilot, "G")
            assert on_post(app) == "Post 1", "G sorts"
            await press(pilot, "?", *"newest")
            await until(pilot, lambda: "Show the newest posts first" in text(app))
            assert "g  G" in text(app)


async def test_own_keys_work_over_the_presets() -> None:
    own = {"down": "N", "help": "slash"}
    with make_services({NEWS: POSTS}, preferences=still(keymap="newsboat", keys=own)) as fake:
        async with run(fake.services) as (app, pilot):
            assert "/ help" in text(app)
            await press(pilot, "N")
            assert on_post(app) == "Post 1"
            assert "30 unread" in text(app)
            await press(pilot, "m")
            await until(pilot, lambda: "29 unread" in text(app))
