"""Over a slow line (profile ssh): what is drawn otherwise, and what waits."""

from contextlib import AbstractContextManager

import pytest
from textual.widgets import Input

from nordic_tui.tui.present import FOCUS
from nordic_tui.tui.profile import SSH, Profile
from tests.fakes import NEWS, STILL, FakeServices, feed, make_services

from .helpers import find, on_post, press, run, style_at, text, until

AT_ONCE = SSH._replace(rest_s=0.01, typing_rest_s=0.01)
NEVER = SSH._replace(rest_s=3600.0, typing_rest_s=3600.0)
"""What waits for a rest is not drawn in this test."""


THREE = {NEWS: feed("One", "Two", "Three")}


def over(profile: Profile) -> AbstractContextManager[FakeServices]:
    return make_services(THREE, preferences=STILL._replace(profile=profile))


async def test_the_row_of_the_cursor_is_told_by_its_edge_and_its_weight() -> None:
    with over(AT_ONCE) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j")
            posts = app.reader.posts
            x, y = find(app, "Two", posts)
            under, other = style_at(app, x, y), style_at(app, x, y + 1)
            assert under.bold
            assert not other.bold
            assert under.bgcolor == other.bgcolor
            assert style_at(app, x + 30, y).bgcolor == other.bgcolor
            assert text(app, posts).count(FOCUS) == 1
            assert app.animation_level == "none"


async def test_a_cursor_that_moves_on_draws_no_excerpt() -> None:
    with over(NEVER) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j", "j")
            assert on_post(app) == "Three"
            assert "One" in text(app, app.reader.excerpt)
            # What needs the post has it all the same.
            await press(pilot, "enter")
            assert "Three" in text(app)


async def test_once_the_cursor_rests_its_excerpt_is_there() -> None:
    with over(AT_ONCE) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "j")
            await until(pilot, lambda: "Two" in text(app, app.reader.excerpt))


@pytest.mark.parametrize("profile", [AT_ONCE, NEVER])
async def test_on_the_way_back_the_list_comes_before_the_excerpt(profile: Profile) -> None:
    with over(profile) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, "enter")
            await press(pilot, "escape")
            await until(pilot, lambda: on_post(app) == "One")
            if profile is NEVER:
                assert "One" not in text(app, app.reader.excerpt)
            else:
                await until(pilot, lambda: "One" in text(app, app.reader.excerpt))


@pytest.mark.parametrize("box", ["slash", "f"])
async def test_typing_that_goes_on_is_not_searched_for_until_enter(box: str) -> None:
    with over(NEVER) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, box, "t", "w", "o")
            assert isinstance(app.focused, Input)
            assert len(app.reader.listing) == 3
            await press(pilot, "enter")
            await until(pilot, lambda: len(app.reader.listing) == 1)
            assert on_post(app) == "Two"


@pytest.mark.parametrize("box", ["slash", "f"])
async def test_typing_that_rests_is_searched_for(box: str) -> None:
    with over(AT_ONCE) as fake:
        async with run(fake.services) as (app, pilot):
            await press(pilot, box, "t", "w", "o")
            await until(pilot, lambda: len(app.reader.listing) == 1)
