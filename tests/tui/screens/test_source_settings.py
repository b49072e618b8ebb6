"""The screen "Settings": every setting of a source, changed on its line."""

import pytest
from textual.pilot import Pilot

from nordic_tui.config.following import SOURCE_KEYS
from nordic_tui.model import Login, Manner, Source
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.present import FOCUS
from nordic_tui.tui.present_sources import SETTINGS
from nordic_tui.tui.widgets.setting_list import SettingHint, SettingList
from tests.fakes import FakeServices, feed, make_services

from ..helpers import (
    NARROW,
    SIZES,
    cursor_row,
    lines,
    press,
    run,
    running_text,
    said,
    still,
    style_at,
    text,
    until,
    wheel,
)

A, B = "https://a.example/feed/", "https://b.example/feed/"
FEEDS = {
    A: feed("Of Alpha", title="Alpha", categories=("Events", "Jobs")),
    B: feed("Of Beta", title="Beta"),
}
KEYS = [setting.key for setting in SETTINGS]


def setting(app: NordicApp) -> str:
    """The line under the cursor, without what is beside it."""
    return " ".join(cursor_row(app, app.screen.query_one(SettingList))[3:].split())


async def go_to(pilot: Pilot[int], key: str) -> None:
    """Put the cursor on a setting."""
    await press(pilot, "g", "g", *["j"] * KEYS.index(key))


async def type_at(pilot: Pilot[int], key: str, words: str) -> None:
    """Have a setting be these words, and keep it."""
    await go_to(pilot, key)
    await press(pilot, "enter", "ctrl+u", *("space" if c == " " else c for c in words), "enter")


def source(fake: FakeServices) -> Source:
    return fake.subscription_file.following.sources[0]


def test_every_setting_of_the_file_is_there() -> None:
    assert sorted(KEYS) == sorted(SOURCE_KEYS)


async def test_it_shows_what_is_set_and_what_is_usual() -> None:
    manner = Manner(
        headers=(("X-Key", "hunter2"),), login=Login(command=("x", "hunter3")), max_bytes=2_500_000
    )
    sources = (Source(A, interval_s=3630.0, tags=("a", "b"), hidden=True, manner=manner),)
    with make_services(FEEDS, sources=sources) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "s")
            assert lines(app)[0].startswith(" Settings · Alpha ")
            drawn = lines(app, app.screen.query_one(SettingList))
            assert [" ".join(line[3:].split()) for line in drawn] == [
                "Name Alpha (its own title)",
                "Folder none",
                "Tags a, b",
                "Hidden yes",
                "Paused no",
                "Interval 60.5 minutes",
                "User agent this program",
                "Headers X-Key",
                "Login a token from a command",
                "Size limit 2.5 MB",
                "Certificates the usual ones",
                "Left out nothing",
                "Archive no",
                "Archive limit all posts",
                "Full text no",
            ]
            assert "hunter" not in text(app)
            value = drawn[1].index("none")
            ink, muted = (style_at(app, value, 3 + row).color for row in (2, 1))
            assert ink != muted, "what is usual is muted"


@pytest.mark.parametrize(
    ("key", "words", "after", "shown"),
    [
        ("name", "Own", Source(A, name="Own"), "Name Own"),
        ("folder", "News/Nordic", Source(A, folder="News/Nordic"), "Folder News/Nordic"),
        ("tags", "one; two words", Source(A, tags=("one", "two words")), "Tags one, two words"),
        ("refresh_minutes", "60.5", Source(A, interval_s=3630.0), "Interval 60.5 minutes"),
        ("user_agent", "My/1", Source(A, manner=Manner("My/1")), "User agent My/1"),
        (
            "headers",
            "Accept-Language: nb; X: 1",
            Source(A, manner=Manner(headers=(("Accept-Language", "nb"), ("X", "1")))),
            "Headers Accept-Language, X",
        ),
        (
            "login",
            "user kari command pass show news",
            Source(A, manner=Manner(login=Login("kari", ("pass", "show", "news")))),
            "Login a password from a command",
        ),
        ("max_megabytes", "50", Source(A, manner=Manner(max_bytes=50_000_000)), "Size limit 50 MB"),
        (
            "ca_file",
            "~/office.pem",
            Source(A, manner=Manner(ca_file="~/office.pem")),
            "Certificates ~/office.pem",
        ),
        ("archive_limit", "1200", Source(A, archive_limit=1200), "Archive limit 1,200 posts"),
    ],
)
async def test_a_setting_is_typed_on_its_line_and_taken_back(
    key: str, words: str, after: Source, shown: str
) -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "s")
            await type_at(pilot, key, words)
            assert source(fake) == after
            await until(pilot, lambda: setting(app) == shown)
            assert said(app).endswith("u takes it back.")
            await press(pilot, "g", "g", "u")
            await until(pilot, lambda: said(app).startswith("Took back: "))
            assert source(fake) == Source(A)
            assert setting(app) != shown
            assert setting(app).startswith(shown.split(" ", maxsplit=1)[0]), "where it changed"
            await press(pilot, "escape", "escape")
            assert app.screen is app.reader


async def test_what_is_yes_or_no_is_turned_by_enter_and_by_space() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "s")
            for key, label in (("hidden", "Hidden"), ("paused", "Paused"), ("archive", "Archive")):
                await go_to(pilot, key)
                await press(pilot, "space")
                assert setting(app) == f"{label} yes"
                assert getattr(source(fake), key) is True
                await press(pilot, "enter")
                assert setting(app) == f"{label} no"
            assert source(fake) == Source(A)


async def test_a_wrong_value_is_said_and_changes_nothing() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "s")
            before = fake.subscription_file.following
            for key, words, sentence in (
                ("refresh_minutes", "5", "It must be a number of minutes from 10 to 10080"),
                (
                    "headers",
                    "Cookie: x",
                    "headers must not hold Cookie, which is for a secret",
                ),
                ("headers", "Authorization: x", "headers must not hold Authorization, which is"),
                ("ca_file", "office.pem", "ca_file must be a whole path, such as ~/office.pem."),
                ("login", "hunter2", 'login is written "command pass show news", "file ~/.pw"'),
            ):
                await type_at(pilot, key, words)
                assert said(app).startswith(sentence)
                assert setting(app).endswith(f"▌ {words}"), "it can be mended"
                await press(pilot, "escape")
                assert fake.subscription_file.following is before
            await type_at(pilot, "max_megabytes", "x")
            await press(pilot, "backspace", "2", "enter")
            await until(pilot, lambda: setting(app) == "Size limit 2 MB")


async def test_escape_and_a_look_change_nothing() -> None:
    with make_services(FEEDS, sources=(Source(A, tags=("a",)), Source(B))) as fake:
        async with run(fake.services) as (app, pilot):
            before = fake.subscription_file.following
            await press(pilot, "S", "s")
            await go_to(pilot, "tags")
            await press(pilot, "enter", "x", "tab", "y")
            assert setting(app).endswith("▌ axy")
            assert "Enter keep   Esc leave" in lines(app)[-1]
            await press(pilot, "escape")
            assert setting(app) == "Tags a"
            await press(pilot, "enter", "enter")
            assert fake.subscription_file.following is before
            assert FOCUS in text(app, app.screen.query_one(SettingList))
            await press(pilot, "j")
            assert setting(app) == "Hidden no"
            await press(pilot, "q")
            assert lines(app)[0].startswith(" Sources")


async def test_what_was_edited_by_hand_meanwhile_stays() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "s")
            file = fake.subscription_file
            by_hand = Source(A, tags=("mine",), left_out=("Mine",), interval_s=3630.0)
            file.following = file.following._replace(sources=(by_hand, Source(B)))
            await go_to(pilot, "tags")
            await press(pilot, "enter")
            assert setting(app).endswith("▌ mine")
            await press(pilot, *"; own", "enter")
            assert source(fake) == by_hand._replace(tags=("mine", "own"))


async def test_what_can_not_be_typed_is_left_to_the_file() -> None:
    with make_services(FEEDS, sources=(Source(A, tags=("a;b",)),)) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "s", "j", "j", "enter")
            words = "What the settings file has for it can't be typed on one line: change it there."
            assert said(app) == words


async def test_categories_are_left_out_from_here_too() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "s")
            await go_to(pilot, "leave_out")
            await press(pilot, "enter", "space", "enter")
            assert setting(app) == "Left out Events"
            assert source(fake).left_out == ("Events",)


async def test_a_source_that_is_gone_leads_back_to_the_table() -> None:
    with make_services(FEEDS) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "S", "s")
            file = fake.subscription_file
            file.following = file.following._replace(sources=(Source(B),))
            await press(pilot, "enter")
            await until(pilot, lambda: lines(app)[0].startswith(" Sources · 1"))
            assert said(app) == "This source is not followed any more."


@pytest.mark.parametrize("theme", ["fjord", "snow"])
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_it_fits_every_window(size: tuple[int, int], theme: str) -> None:
    long = "A name of many words " * 9 + "and one more"
    with make_services(FEEDS, sources=(Source(A, name=long),), preferences=still(theme=theme)) as f:
        async with run(f.services, size) as (app, pilot):
            await press(pilot, "S", "s")
            for key in KEYS:
                hint = running_text(app, app.screen.query_one(SettingHint))
                assert hint.endswith("."), "the whole of it has room"
                assert setting(app)
                assert {len(line) for line in lines(app)} == {size[0]}
                if not next(s for s in SETTINGS if s.key == key).is_switch and key != "leave_out":
                    await press(pilot, "enter")
                    row = cursor_row(app, app.screen.query_one(SettingList))
                    assert row.count(FOCUS) == 1
                    await press(pilot, "escape")
                await press(pilot, "j")


async def test_where_there_is_little_room_the_end_of_a_value_is_in_view() -> None:
    login = Login("kari", ("pass", "show", "news-of-the-north"))
    with make_services(FEEDS, sources=(Source(A, manner=Manner(login=login)),)) as fake:
        async with run(fake.services, NARROW) as (app, pilot):
            await press(pilot, "S", "s")
            await go_to(pilot, "login")
            await press(pilot, "enter")
            await until(pilot, lambda: setting(app).endswith("of-the-north"))
            await wheel(pilot, (20, 2))
            assert setting(app).startswith("Login"), "the wheel moves nothing while one types"
            await press(pilot, "ctrl+u", "x", "enter")
            # All of it has room.
            await until(pilot, lambda: said(app).endswith('or "variable NEWS_TOKEN".'))
            # The line that is typed in stays in view.
            await until(pilot, lambda: "Login ▌ x" in running_text(app))
