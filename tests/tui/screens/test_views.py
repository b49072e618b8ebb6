"""The screen "Views and rules": saved searches, rules that are tried, and all that is changed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from textual.pilot import Pilot

from nordic_tui.errors import SettingsError
from nordic_tui.model import PlaceKind, Rule, SavedView, View
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.widgets.view_list import ViewList, ViewPane
from tests.fakes import NEWS, FakeServices, feed, make_services

from ..helpers import (
    HOSTILE,
    NARROW,
    SIZES,
    STACKED,
    cursor_row,
    find,
    lines,
    press,
    run,
    running_text,
    said,
    still,
    style_at,
    text,
    until,
)

POSTS = feed("Budget", "The goal", "A second goal", "Garden", categories=("City",))
BUDGET = SavedView("Money", search="budget*")
BROKEN = SavedView("Broken", search="is:nonsense goal")
GOALS = Rule("No goals", "goal", hide=True)


@contextmanager
def news(
    *, views: Sequence[SavedView] = (), rules: Sequence[Rule] = (), theme: str = "fjord"
) -> Iterator[FakeServices]:
    """A source with its posts in the index."""
    with make_services(
        {NEWS: POSTS}, views=views, rules=rules, preferences=still(theme=theme)
    ) as fake:
        fake.store.index_all().result(5)
        yield fake


def rows(app: NordicApp) -> list[str]:
    """The rows of the list in one blank between their columns."""
    drawn = lines(app, app.screen.query_one(ViewList))
    return [" ".join(line[3:].split()) for line in drawn if line.strip()]


def about(app: NordicApp) -> str:
    return running_text(app, app.screen.query_one(ViewPane)).lstrip("─ ")


def listed(app: NordicApp) -> list[str]:
    """The posts that the reader lists."""
    count = len(app.reader.listing)
    found = (app.reader.listing.row(number) for number in range(count))
    return [row.title for row in found if row is not None]


async def opened(app: NordicApp, pilot: Pilot[int]) -> None:
    await press(pilot, "V")
    # It is on the stack before its parts are there, and these before they are drawn.
    await until(pilot, lambda: bool(app.screen.query(ViewList)) and bool(rows(app)))


async def type_(pilot: Pilot[int], words: str) -> None:
    await press(pilot, *("space" if letter == " " else letter for letter in words))


# ── what is shown ───────────────────────────────────────────────────────────────────────────


async def test_the_list_tells_what_there_is_and_how_much_it_finds() -> None:
    off = Rule("Gardens", "garden", star=True, tag="green", on=False)
    with news(views=(BUDGET, SavedView("New", unread_only=True)), rules=(GOALS, off)) as fake:
        async with run(fake.services, (160, 45)) as (app, pilot):
            await opened(app, pilot)
            await until(pilot, lambda: "Gardens garden off 1" in rows(app))
            assert rows(app) == [
                "Saved views",
                "Money budget* 1",
                "New unread 2",
                "Rules",
                "No goals goal hides 2",
                "Gardens garden off 1",
            ]
            assert cursor_row(app, app.screen.query_one(ViewList))[3:].startswith("Money")
            assert about(app) == "Money Shows budget*. 1 post · 1 unread"
            await press(pilot, "G")
            await until(pilot, lambda: "Gardens" in about(app))
            assert "Stars and tags with “green” what this search finds: garden" in about(app)
            assert "Off: Space tries it · finds 1 post" in about(app)
            assert about(app).endswith("Garden")


async def test_nothing_is_there_yet() -> None:
    with news() as fake:
        async with run(fake.services) as (app, pilot):
            await opened(app, pilot)
            assert rows(app) == ["No saved views: + adds one", "No rules: + adds one"]
            await press(pilot, "space", "D", "J", "enter")
            assert said(app) == "Only rules are switched on and off."
            await press(pilot, "escape")
            assert app.screen is app.reader


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["fjord", "snow"])
async def test_a_search_that_is_not_understood_says_so(size: tuple[int, int], theme: str) -> None:
    with news(views=(BUDGET, BROKEN), theme=theme) as fake:
        async with run(fake.services, size) as (app, pilot):
            await opened(app, pilot)
            await until(pilot, lambda: "! " in text(app))
            at = find(app, "! ", app.screen.query_one(ViewList))
            assert style_at(app, *at) == app.palette.style("caution")
            await press(pilot, "j")
            await until(pilot, lambda: "“is:nonsense”" in about(app))
            x, y = find(app, "“is:nonsense”", app.screen.query_one(ViewPane))
            assert style_at(app, x, y) == app.palette.style("caution")
            assert all(len(line) == size[0] for line in lines(app))


async def test_hostile_names_and_searches_are_shown_as_text() -> None:
    names = [name for name in HOSTILE if "\ud800" not in name]
    views = [SavedView(f"{n}{name}", search=name) for n, name in enumerate(names)]
    rules = [Rule(f"{n}{name}", name, tag=name) for n, name in enumerate(names)]
    with news(views=views, rules=rules) as fake:
        async with run(fake.services) as (app, pilot):
            await opened(app, pilot)
            for _ in range(len(views) + len(rules) + 2):
                await press(pilot, "j")
                assert "\x1b" not in text(app)
            await press(pilot, "e")
            await until(pilot, lambda: "Change a rule" in text(app))
            await press(pilot, "escape", "space")
            assert app.is_running


# ── saved views ─────────────────────────────────────────────────────────────────────────────


async def test_the_search_of_the_reader_is_saved_as_a_view() -> None:
    with news() as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "slash")
            await type_(pilot, "goal after:2020")
            await press(pilot, "enter")
            await until(pilot, lambda: app.reader.view.search == "goal after:2020")
            await opened(app, pilot)
            assert rows(app)[0] == "Save this search: goal after:2020 …"
            await press(pilot, "enter")
            await until(pilot, lambda: "Save this search" in text(app))
            await press(pilot, "enter")
            await until(pilot, lambda: "Add a saved view" in text(app))
            await type_(pilot, "Goals")
            await until(pilot, lambda: "It finds 2 posts now." in text(app))
            await press(pilot, "enter")
            await until(pilot, lambda: "Goals goal after:2020 2" in rows(app))
            assert said(app) == "Added the saved view “Goals”. u takes it back."
            saved = SavedView("Goals", search="goal after:2020")
            assert [*fake.subscription_file.following.views] == [saved]
            assert "Save this search" not in text(app)
            await press(pilot, "escape")
            assert app.screen is app.reader
            await until(pilot, lambda: "Goals" in text(app, app.reader.categories))
            await press(pilot, "u")
            await until(pilot, lambda: "Goals" not in text(app, app.reader.categories))
            assert not fake.subscription_file.following.views


async def test_what_is_searched_in_a_source_is_saved_for_that_source() -> None:
    other = "https://other.example/feed/"
    with make_services({NEWS: POSTS, other: feed("Else", title="Other")}) as fake:
        fake.store.index_all().result(5)
        async with run(fake.services) as (app, pilot):
            place = next(p for p in app.reader.categories.places if p.address == other)
            assert place.kind is PlaceKind.SOURCE
            app.reader.view = View(place.kind, place.id, search="else")
            await opened(app, pilot)
            await press(pilot, "enter")
            await press(pilot, "enter")
            await type_(pilot, "Elsewhere")
            await press(pilot, "enter")
            await until(pilot, lambda: bool(fake.subscription_file.following.views))
            saved = SavedView("Elsewhere", address=other, search="else")
            assert [*fake.subscription_file.following.views] == [saved]


async def test_a_broken_view_is_mended_and_removed_and_comes_back() -> None:
    with news(views=(BROKEN, BUDGET)) as fake:
        async with run(fake.services) as (app, pilot):
            await opened(app, pilot)
            await until(pilot, lambda: "“is:nonsense”" in about(app))
            await press(pilot, "e")
            await until(pilot, lambda: "Change a saved view" in text(app))
            assert "“is:nonsense”" in running_text(app)
            await press(pilot, "ctrl+u")
            await type_(pilot, "goal is:unread")
            await until(pilot, lambda: "It finds 2 posts now." in text(app))
            assert "“is:nonsense”" not in text(app)
            await press(pilot, "enter")
            await until(pilot, lambda: "Broken goal is:unread 2" in rows(app))
            assert "not known" not in about(app)
            await press(pilot, "D")
            await until(pilot, lambda: "Broken" not in text(app, app.screen.query_one(ViewList)))
            assert said(app) == "Removed the saved view “Broken”. u takes it back."
            await press(pilot, "u")
            await until(pilot, lambda: "Broken goal is:unread 2" in rows(app))
            assert fake.subscription_file.following.views[0].search == "goal is:unread"


async def test_views_change_places() -> None:
    third = SavedView("Third", search="x")
    with news(views=(BUDGET, BROKEN, third), rules=(GOALS,)) as fake:
        async with run(fake.services) as (app, pilot):
            await opened(app, pilot)
            await press(pilot, "J", "J")
            await until(pilot, lambda: fake.subscription_file.following.views[2] == BUDGET)
            assert cursor_row(app, app.screen.query_one(ViewList))[3:].startswith("Money")
            await press(pilot, "J")
            assert said(app) == "“Money” is the last here."
            await press(pilot, "K")
            await until(pilot, lambda: fake.subscription_file.following.views[1] == BUDGET)
            assert fake.subscription_file.following.views == (BROKEN, BUDGET, third)


# ── rules ───────────────────────────────────────────────────────────────────────────────────


async def test_a_rule_is_made_tried_switched_on_and_taken_back() -> None:
    with news() as fake:
        async with run(fake.services) as (app, pilot):
            assert listed(app) == ["Budget", "The goal", "A second goal", "Garden"]
            await opened(app, pilot)
            await press(pilot, "plus")
            await until(pilot, lambda: "Add a saved view or a rule" in text(app))
            await press(pilot, "tab", "enter")
            await until(pilot, lambda: "Add a rule" in text(app))
            await type_(pilot, "No goals")
            await press(pilot, "tab")
            await type_(pilot, "goal")
            await press(pilot, "enter")
            assert "Choose what the rule does: hide, star or tag." in text(app)
            await press(pilot, "tab", "tab", "space", "enter")
            await until(pilot, lambda: "Switch on “No goals”?" in text(app))
            seen = running_text(app, app.screen.query_one("#box"))
            assert "Hides 2 posts, the newest:" in seen
            assert 0 < seen.find("The goal") < seen.find("A second goal")
            assert not fake.subscription_file.following.rules
            await press(pilot, "enter")
            await until(pilot, lambda: "No goals goal hides 2" in rows(app))
            assert [*fake.subscription_file.following.rules] == [GOALS]
            await until(pilot, lambda: listed(app) == ["Budget", "Garden"])
            await press(pilot, "escape")
            await until(pilot, lambda: "2 posts" in text(app, app.reader.heading))
            await press(pilot, "u")
            await until(pilot, lambda: len(listed(app)) == 4)
            assert not fake.subscription_file.following.rules


async def test_what_comes_in_is_hidden_while_one_looks() -> None:
    with news(rules=(GOALS,)) as fake:
        async with run(fake.services) as (app, pilot):
            more = feed("New goal", "New park", "Budget", "The goal", "A second goal", "Garden")
            fake.publish(NEWS, more)
            await press(pilot, "r")
            await until(pilot, lambda: " new" in lines(app)[0])
            fake.store.index_all().result(5)
            await until(pilot, lambda: "1 new" in lines(app)[0])
            await press(pilot, "full_stop")
            await until(pilot, lambda: "New park" in listed(app))
            assert "New goal" not in listed(app)


async def test_a_rule_that_asks_what_was_read_is_refused() -> None:
    off = Rule("Unseen", "is:unread", hide=True, on=False)
    with news(rules=(off,)) as fake:
        async with run(fake.services) as (app, pilot):
            await opened(app, pilot)
            await until(pilot, lambda: "A rule that asks what was read" in about(app))
            await press(pilot, "space")
            assert said(app).startswith("A rule that asks what was read")
            await press(pilot, "e")
            await until(pilot, lambda: "Change a rule" in text(app))
            assert "A rule that asks what was read" in running_text(app)
            await press(pilot, "shift+tab")
            await type_(pilot, " now")
            await press(pilot, "enter")
            assert "Change a rule" in text(app)
            await press(pilot, "escape")
            assert fake.subscription_file.following.rules == (off,)


async def test_a_rule_that_was_tried_can_be_kept_off_or_left_as_it_was() -> None:
    off = GOALS._replace(on=False)
    with news(rules=(off,)) as fake:
        async with run(fake.services) as (app, pilot):
            await opened(app, pilot)
            await press(pilot, "space")
            await until(pilot, lambda: "Switch on “No goals”?" in text(app))
            await press(pilot, "tab", "enter")
            await until(pilot, lambda: "Switch on" not in text(app))
            assert fake.subscription_file.following.rules == (off,)
            await press(pilot, "space")
            await until(pilot, lambda: "Switch on “No goals”?" in text(app))
            await press(pilot, "enter")
            await until(pilot, lambda: fake.subscription_file.following.rules == (GOALS,))
            assert said(app) == "Switched the rule “No goals” on. u takes it back."
            await press(pilot, "space")
            await until(pilot, lambda: fake.subscription_file.following.rules == (off,))
            await until(pilot, lambda: len(listed(app)) == 4)


async def test_a_rule_that_is_on_is_tried_again_when_it_finds_others() -> None:
    with news(rules=(GOALS,)) as fake:
        async with run(fake.services) as (app, pilot):
            await opened(app, pilot)
            await press(pilot, "e")
            await until(pilot, lambda: "Change a rule" in text(app))
            await type_(pilot, " OR garden")
            await press(pilot, "enter")
            await until(pilot, lambda: "Hides 3 posts, the newest:" in text(app))
            await press(pilot, "escape")
            assert [*fake.subscription_file.following.rules] == [GOALS]
            await press(pilot, "e")
            await until(pilot, lambda: "Change a rule" in text(app))
            await press(pilot, "shift+tab")
            await type_(pilot, "!")
            await press(pilot, "enter")
            # Another name is nothing that needs to be tried.
            await until(
                pilot,
                lambda: (
                    fake.subscription_file.following.rules == (GOALS._replace(name="No goals!"),)
                ),
            )


async def test_a_name_that_is_taken_or_missing_is_said_in_the_form() -> None:
    with news(views=(BUDGET, BROKEN)) as fake:
        async with run(fake.services, STACKED) as (app, pilot):
            await opened(app, pilot)
            await press(pilot, "e")
            await until(pilot, lambda: "Change a saved view" in text(app))
            await press(pilot, "shift+tab", "ctrl+u", "enter")
            assert "It needs a name." in text(app)
            await type_(pilot, "Broken")
            await press(pilot, "enter")
            assert "This name is taken." in text(app)
            await press(pilot, "escape")
            assert fake.subscription_file.following.views == (BUDGET, BROKEN)


async def test_a_change_that_cannot_be_kept_is_said() -> None:
    with news(views=(BUDGET,)) as fake:
        fake.subscription_file.error = SettingsError("The disk is full.")
        async with run(fake.services) as (app, pilot):
            await opened(app, pilot)
            await press(pilot, "D")
            assert said(app) == "The disk is full."
            assert rows(app)[1].startswith("Money")


async def test_what_was_removed_elsewhere_is_said() -> None:
    with news(views=(BUDGET,)) as fake:
        async with run(fake.services) as (app, pilot):
            await opened(app, pilot)
            gone = fake.subscription_file.following._replace(views=())
            fake.subscription_file.following = gone
            await press(pilot, "D")
            assert said(app) == "There is no saved view “Money”."
            await until(pilot, lambda: rows(app)[0] == "No saved views: + adds one")


async def test_it_all_fits_a_small_window() -> None:
    with news(views=(BUDGET,), rules=(GOALS,)) as fake:
        async with run(fake.services, NARROW) as (app, pilot):
            await opened(app, pilot)
            await until(pilot, lambda: "No goals hides 2" in rows(app))
            await press(pilot, "G", "space", "space")
            await until(pilot, lambda: "Switch on “No goals”?" in text(app))
            assert "Switch it on" in text(app)
            assert "Keep it off" in text(app)
            await press(pilot, "escape", "e")
            await until(pilot, lambda: "Change a rule" in text(app))
            for words in ("Name", "Search", "Tag", "Hide them everywhere", "Star them"):
                assert words in text(app)


async def test_a_long_title_that_a_rule_finds_keeps_to_its_line() -> None:
    long = feed("Goal " + "and more " * 20, "The goal")
    with make_services({NEWS: long}, rules=(GOALS._replace(on=False),)) as fake:
        fake.store.index_all().result(5)
        async with run(fake.services) as (app, pilot):
            await opened(app, pilot)
            await press(pilot, "G", "space")
            await until(pilot, lambda: "Switch on “No goals”?" in text(app))
            found = [line for line in lines(app, app.screen.query_one("#box")) if "oal" in line]
            assert [line.strip("│ ")[13:22] for line in found[1:3]] == ["Goal and ", "The goal"]
            assert "…" in found[1]
