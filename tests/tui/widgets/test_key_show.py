"""The keys at the corner of the screen."""

import pytest

from nordic_tui.demo.stage import Act
from nordic_tui.tui.present_sources import SETTINGS
from nordic_tui.tui.widgets import key_show
from nordic_tui.tui.widgets.key_show import KeyShow
from tests.demo.test_stage import demo
from tests.tui.helpers import lines, press, text, until


@pytest.fixture(autouse=True)
def lasting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing goes before it was looked at, however slow the machine is."""
    monkeypatch.setattr(key_show, "GONE_S", 1e6)


SHOWN = Act(is_whole=True, shows_keys=True)


async def test_keys_are_shown_on_the_screen_that_is_on_top_and_gone_after_a_while() -> None:
    async with demo(SHOWN) as (app, pilot):
        assert not app.screen.query(KeyShow)
        await press(pilot, "j", "j", "enter")
        assert lines(app)[-2].rstrip().endswith("j ×2   Enter")
        await press(pilot, "escape")
        await until(pilot, lambda: "j ×2   Enter   Esc" in text(app))
        assert lines(app)[-2].rstrip().endswith("Esc")
        keys = app._shows_keys
        assert keys is not None
        assert keys._gone.waits
        keys._clear()
        await pilot.pause()
        assert "j ×2" not in text(app)


async def test_a_login_is_not_shown_as_it_is_typed() -> None:
    async with demo(SHOWN) as (app, pilot):
        await press(pilot, "S", "s")
        keys = [setting.key for setting in SETTINGS]
        await press(pilot, *["j"] * keys.index("login"))
        await press(pilot, "enter", *"hush")
        corner = app.screen.query_one(KeyShow)
        assert "hush" in text(app)
        assert "h" not in text(app, corner).replace("Enter", "")


async def test_without_the_option_there_is_none() -> None:
    async with demo() as (app, pilot):
        await press(pilot, "j", "enter")
        assert not app.screen.query(KeyShow)
