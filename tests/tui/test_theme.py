"""Colours that can be read: computed for the themes, and looked up on drawn screens."""

import pytest
from rich.style import Style
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme
from textual.widget import Widget

from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.present import FOCUS, REST
from nordic_tui.tui.theme import (
    LEAN_RULE,
    OURS,
    PAIRS,
    POLAR,
    READABLE,
    RULE,
    STRONG,
    Palette,
    contrast,
    roles,
    theme_names,
)
from nordic_tui.tui.widgets.lines import RULE_AT_RIGHT
from tests.fakes import NEWS, feed, make_services

from .colours import MACHADO, difference, lab, seen
from .helpers import SMALL, find, lines, press, run, still, strips, style_at, text, until

POSTS = feed("Kyiv and Tromsø", "Åse skriver", categories=("Events", "New initiatives"))
COLOURED = [theme for theme in BUILTIN_THEMES.values() if not theme.ansi]
OURS_BY_NAME = {theme.name: theme for theme in OURS}
ORNAMENTS = set(f" {RULE}{LEAN_RULE}{RULE_AT_RIGHT}{FOCUS}{REST}▁▔▊▎▏")
"""What is not read."""


def test_contrast_is_that_of_wcag() -> None:
    black, white = Color.parse("#000000"), Color.parse("#ffffff")
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(white, white) == pytest.approx(1)
    # The grey that WCAG's own explanations give as the lightest that passes on white.
    assert contrast(Color.parse("#767676"), white) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [*OURS, *COLOURED], ids=lambda theme: theme.name)
def test_every_pair_can_be_read(theme: Theme) -> None:
    colours = theme.variables | roles(theme)
    assert len(PAIRS) == 15
    poor = {
        pair: round(contrast(*(Color.parse(colours[role]) for role in pair)), 2)
        for pair in PAIRS
        if contrast(*(Color.parse(colours[role]) for role in pair)) < READABLE
    }
    assert poor == {}


def test_polar_has_the_contrast_of_level_aaa() -> None:
    colours = {role: Color.parse(value) for role, value in POLAR.variables.items()}
    assert {p for p in PAIRS if contrast(colours[p[0]], colours[p[1]]) < STRONG} == set()
    assert contrast(colours["page"], colours["mark"]) >= STRONG  # the keys that are shown


def test_differences_of_colours_are_those_of_ciede2000() -> None:
    # Of the data that Sharma, Wu and Dalal give to check it by: pairs 1, 20 and 34.
    assert difference((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert difference((50, 2.5, 0), (58, 24, 15)) == pytest.approx(19.4535, abs=1e-4)
    pair = (2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514)
    assert difference(*pair) == pytest.approx(0.9082, abs=1e-4)


def test_who_sees_all_grey_sees_grey_as_it_is() -> None:
    # The rows of each matrix add up to 1.
    for kind in MACHADO:
        assert seen(Color(128, 128, 128), kind).rgb == (128, 128, 128)


STATES = (
    ("alarm", "caution"),
    ("alarm", "fine"),
    ("caution", "fine"),
    ("alarm", "ink"),
    ("caution", "ink"),
    ("mark", "rule"),
    ("ink", "rule"),
)
"""What stands in the same place and means different things."""
APART = 10.0
"""In CIEDE2000: colours that are told apart at a glance, also in thin strokes."""


@pytest.mark.parametrize("kind", ["all colours", *MACHADO])
@pytest.mark.parametrize("theme", OURS, ids=lambda theme: theme.name)
def test_states_are_told_apart_by_who_does_not_see_all_colours(theme: Theme, kind: str) -> None:
    def look(role: str) -> tuple[float, float, float]:
        colour = Color.parse(theme.variables[role])
        return lab(colour if kind == "all colours" else seen(colour, kind))

    near = {pair: difference(*map(look, pair)) for pair in STATES}
    assert {pair: round(d, 1) for pair, d in near.items() if d < APART} == {}


def test_a_theme_of_the_terminals_own_colours_uses_only_its_defaults() -> None:
    ansi = [theme for theme in BUILTIN_THEMES.values() if theme.ansi]
    assert ansi
    for theme in ansi:
        assert set(roles(theme).values()) == {"ansi_default"}


def test_all_themes_can_be_named_in_the_settings() -> None:
    assert theme_names() == {"fjord", "snow", "polar", *BUILTIN_THEMES}


# ── as drawn ────────────────────────────────────────────────────────────────────────────────


def unreadable(app: NordicApp, where: Widget | None = None) -> list[str]:
    """The pieces of text in the window, or in a widget, with too little contrast."""
    area = (where or app.screen).region
    found = []
    for strip in strips(app)[area.y : area.bottom]:
        for segment in strip.crop(area.x, area.right):
            style = segment.style or Style.null()
            if set(segment.text) <= ORNAMENTS:
                continue
            assert style.color is not None
            assert style.bgcolor is not None
            ink, page = (Color.from_rich_color(c) for c in (style.color, style.bgcolor))
            if contrast(ink, page) < READABLE:
                found.append(f"{segment.text!r} {ink.hex6} on {page.hex6}")
    return found


@pytest.mark.parametrize("theme", OURS_BY_NAME)
async def test_everything_drawn_can_be_read(theme: str) -> None:
    preferences = still(theme=theme)
    with make_services({NEWS: POSTS}, preferences=preferences, consent=None) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            assert unreadable(app, app.screen.query_one("#box")) == []
            await press(pilot, "escape", "m")
            await until(pilot, lambda: "1 unread" in text(app))
            app.say("What went wrong.", "alarm")
            await pilot.pause()
            assert unreadable(app) == []
            for keys, words in ((("H",), "Your data"), (("?",), "Esc to close"), (("c",), "Go to")):
                await press(pilot, *keys)
                assert words in text(app)
                assert unreadable(app, app.screen.query_one("#box")) == []
                await press(pilot, "escape")
            await press(pilot, "slash", "K")
            assert unreadable(app) == []
            await press(pilot, "escape", "enter")
            assert unreadable(app) == []


async def test_every_theme_draws_the_reader_and_can_be_read() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            before = lines(app)
            for name in sorted(theme_names()):
                app.choose_theme(name)
                await pilot.pause()
                assert lines(app) == before
                assert fake.themes[-1] == name
                if not app.current_theme.ansi:
                    assert unreadable(app) == []
                    ink, page = app.palette.style().color, app.palette.style().bgcolor
                    x, y = find(app, "Kyiv", app.reader.excerpt)
                    assert (style_at(app, x, y).color, style_at(app, x, y).bgcolor) == (ink, page)


@pytest.mark.parametrize("name", sorted(theme_names()))
async def test_the_reader_starts_in_every_theme(name: str) -> None:
    with make_services({NEWS: POSTS}, preferences=still(theme=name)) as fake:
        async with run(fake.services, SMALL) as (app, _):
            assert app.theme == name
            assert "● Kyiv and Tromsø" in text(app)
            if not app.current_theme.ansi:
                assert unreadable(app) == []


@pytest.mark.parametrize("name", ["fjord", "snow", "nord", "ansi-light"])
async def test_a_theme_looks_the_same_from_the_start_as_when_it_is_chosen(name: str) -> None:
    def drawn(app: NordicApp) -> list[list[tuple[str, Style | None]]]:
        return [[(segment.text, segment.style) for segment in strip] for strip in strips(app)]

    with make_services({NEWS: POSTS}, preferences=still(theme=name)) as fake:
        async with run(fake.services, SMALL) as (app, pilot):
            started = drawn(app)
            app.theme = "dracula"
            await pilot.pause()
            assert drawn(app) != started
            app.theme = name
            await pilot.pause()
            assert drawn(app) == started


async def test_t_changes_between_dark_and_light_and_keeps_it() -> None:
    with make_services({NEWS: POSTS}) as fake:
        async with run(fake.services) as (app, pilot):
            x, y = find(app, "Kyiv", app.reader.excerpt)
            dark = style_at(app, x, y)
            await press(pilot, "T")
            light = style_at(app, x, y)
            assert fake.themes == ["snow"]
            assert dark.bgcolor != light.bgcolor
            await press(pilot, "T")
            assert style_at(app, x, y) == dark
            assert fake.themes == ["snow", "fjord"]


# ── without colour ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("how", ["NO_COLOR", "ansi"])
async def test_nothing_is_told_by_colour_alone(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if how == "NO_COLOR":
        monkeypatch.setenv("NO_COLOR", "1")
    theme = "fjord" if how == "NO_COLOR" else "ansi-dark"
    preferences = still(theme=theme)
    with make_services({NEWS: POSTS}, preferences=preferences) as fake:
        fake.services.history.mark(fake.post_id("Åse skriver"), True).result()
        async with run(fake.services) as (app, pilot):
            posts = app.reader.posts
            assert [line[:5] for line in lines(app, posts)[:2]] == ["▌● Ky", "   Ås"]
            x, y = find(app, "Kyiv", posts)
            assert style_at(app, x, y).reverse, "the row under the cursor"
            assert style_at(app, x, y).bold, "unread"
            x, y = find(app, "Åse", posts)
            assert not style_at(app, x, y).reverse
            assert not style_at(app, x, y).bold
            await press(pilot, "tab")
            assert lines(app, posts)[0].startswith("▎● Ky")
            assert any(line.startswith("▌") for line in lines(app, app.reader.excerpt))
            await press(pilot, "H")
            x, y = find(app, "▸ Close ◂")
            assert style_at(app, x, y).reverse, "the answer that has the focus"


def test_plain_styles_reverse_the_cursors_row_and_nothing_else() -> None:
    palette = Palette(OURS_BY_NAME["fjord"].variables, plain=True)
    assert palette.style("ink", "row").reverse
    assert not palette.style("ink").reverse
    assert not Palette(OURS_BY_NAME["fjord"].variables, plain=False).style("ink", "row").reverse
