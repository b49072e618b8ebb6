"""The demo: what a person tries answers, and nothing is asked, written or left to chance."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual._animator import Animator
from textual.pilot import Pilot

from nordic_tui.demo import stage
from nordic_tui.demo.stage import Act, open_services
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.widgets.lines import LineList
from tests.demo.busy import is_busy
from tests.tui.helpers import lines, press, text, until

SIZE = (100, 28)
SCENES = (("j", "enter"), ("S",), ("V",), ("H",), ("question_mark",), ("slash", *"harbour"))

FULL = (("j", "enter"), ("S",), ("V",), ("slash", *"harbour"))
"""Screens that fill the window: behind a dialog it is colour that shines through."""


@asynccontextmanager
async def demo(
    act: Act | None = None, size: tuple[int, int] = SIZE
) -> AsyncIterator[tuple[NordicApp, Pilot[int]]]:
    with stage.stage(), open_services(act or Act(is_whole=True)) as services:
        app = NordicApp(services)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield app, pilot


async def calm(app: NordicApp, pilot: Pilot[int]) -> list[str]:
    """The window once nothing in it changes any more."""
    before: list[str] = []
    while is_busy(app) or lines(app) != before:
        before = lines(app)
        await asyncio.to_thread(app.services.library.settle)
        for each in app.screen.query():
            if isinstance(each, LineList):
                each.settle()
        await pilot.pause(0)
    return before


def play(seed: str, home: Path, temporary: Path) -> str:
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONHASHSEED": seed,
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "XDG_CACHE_HOME": str(home / "cache"),
    }
    environment.pop("NO_COLOR", None)
    ended = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "play.py")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    return ended.stdout


def test_every_run_shows_the_same_asks_nobody_and_leaves_nothing(tmp_path: Path) -> None:
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    first = play("1", home, temporary)
    for words in (
        "3 new · press .",
        "The Lighthouse Letter",
        "The archive of “Harbour Review” is whole: 13 posts.",
        "The demo writes no file; it would be ~/.local/share/nordic-tui/posts.json.",
        "The demo opens no browser; it would show",
        "The demo leaves your clipboard alone; it would hold",
    ):
        assert words in first
    assert play("2", home, temporary) == first
    assert list(home.iterdir()) == list(temporary.iterdir()) == []
    assert not stage.HOME.exists()


async def test_a_refresh_brings_a_few_posts_and_the_next_one_none() -> None:
    async with demo() as (app, pilot):
        assert "is gone" not in text(app)
        await press(pilot, "r")
        await until(pilot, lambda: "3 new · press ." in text(app))
        await press(pilot, ".", "g", "g")
        await until(pilot, lambda: "The pilot boat that waits" in text(app))
        await press(pilot, "r")
        await until(pilot, lambda: not app.services.refresh.running)
        assert "new · press" not in text(app)


async def test_what_is_staged_cannot_be_taken_back_and_what_a_person_does_can() -> None:
    async with demo() as (app, pilot):
        await press(pilot, "u")
        await until(pilot, lambda: "There is nothing to take back." in text(app))
        await press(pilot, "s")
        await until(
            pilot, lambda: "Starred                3" in text(app) or "★ 29 Sep" in text(app)
        )
        await press(pilot, "u")
        await until(pilot, lambda: "Took back: " in text(app))
        await press(pilot, "S", "j", "j", "P")
        await until(pilot, lambda: "Paused" in text(app))
        await press(pilot, "u")
        await until(pilot, lambda: "Took back: Paused" in text(app))


async def test_the_full_text_of_an_excerpt_is_fetched() -> None:
    async with demo() as (app, pilot):
        await press(pilot, "j", "enter", "x")
        await until(pilot, lambda: "Forty metres up" in text(app))


async def test_what_is_not_in_the_demo_says_what_is() -> None:
    async with demo() as (app, pilot):
        await press(pilot, "plus", *"nordic", ".", *"test", "enter")
        await until(pilot, lambda: "which asks no network" in text(app))
        assert "lighthouse-letter" in text(app)


async def test_an_answer_about_the_history_is_not_written_down() -> None:
    async with demo(Act(is_whole=True, asks_consent=True)) as (app, pilot):
        await until(pilot, lambda: "May this program keep" in text(app))
        await press(pilot, "shift+tab", "enter")
        await until(pilot, lambda: "The reading history is kept" in text(app))
        assert not stage.HOME.exists()
        assert not app.services.history.unanswered


async def test_a_source_failed_and_another_is_paused() -> None:
    async with demo() as (app, pilot):
        await press(pilot, "S")
        assert "is gone for good (410)" in text(app)
        assert "paused" in text(app)


# ── before a room ───────────────────────────────────────────────────────────────────────────


async def test_a_room_sees_fewer_things_with_more_space() -> None:
    async with demo() as (app, pilot):
        usual = lines(app)
    act = Act(is_whole=True, presenter=True, theme="polar")
    async with demo(act) as (app, pilot):
        shown = lines(app)
        assert "asked 11:56" in usual[0]
        assert "asked" not in shown[0]
        assert usual[-1].strip() == "Enter read   m mark   / search   r refresh   ? help"
        assert shown[-1].strip() == "Enter read   m mark   ? help"
        assert text(app, app.reader.heading).strip() == "All posts · 14 unread"
        rows = lines(app, app.reader.posts)
        assert [bool(row.strip()) for row in rows[:6]] == [True, False] * 3
        await press(pilot, "j")
        assert lines(app, app.reader.posts)[2].startswith("▌")
        await press(pilot, "G")
        assert any(line.startswith("▌") for line in lines(app, app.reader.posts))
        last = app.reader.posts.row
        assert last is not None
        assert last.title in text(app, app.reader.posts)


async def test_a_theme_that_is_chosen_before_a_room_is_not_kept() -> None:
    kept: list[str] = []
    act = Act(is_whole=True, presenter=True, theme="polar")
    with stage.stage(), open_services(act) as services:
        app = NordicApp(services._replace(save_theme=kept.append))
        async with app.run_test(size=SIZE) as pilot:
            await press(pilot, "T")
            assert app.theme == "snow"
            await press(pilot, "T")
            assert app.theme == "polar"
    assert kept == []


@pytest.mark.parametrize("size", [(100, 28), (160, 45), (80, 24), (40, 12), (20, 6)])
async def test_a_room_of_every_size_is_drawn(size: tuple[int, int]) -> None:
    act = Act(is_whole=True, presenter=True, shows_keys=True, theme="polar")
    async with demo(act, size) as (app, pilot):
        await press(pilot, "j", "enter", "escape", "S", "escape", "question_mark")
        assert {len(line) for line in lines(app)} == {size[0]}


# ── for everybody ───────────────────────────────────────────────────────────────────────────


async def test_the_same_words_and_signs_are_drawn_without_colours() -> None:
    screens = []
    for theme in ("fjord", "polar", "ansi-dark"):
        async with demo(Act(is_whole=True, theme=theme)) as (app, pilot):
            seen = [lines(app)]
            for scene in FULL:
                await press(pilot, *scene)
                seen.append(await calm(app, pilot))
                await press(pilot, "escape", "escape")
            screens.append(seen)
    for seen in screens[1:]:
        for number, (coloured, other) in enumerate(zip(screens[0], seen, strict=True)):
            assert coloured == other, number
    first = "\n".join(screens[0][0])
    assert "●" in first
    assert "★" in first


async def test_nothing_moves_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[object] = []
    monkeypatch.setattr(Animator, "animate", lambda *what, **how: moved.append((what[1:], how)))
    async with demo(Act(is_whole=True, shows_keys=True)) as (_, pilot):
        for scene in (*SCENES, ("plus",), ("ctrl+f", "G"), ("T",)):
            await press(pilot, *scene)
            await press(pilot, "escape", "escape")
    async with demo(size=(40, 12)) as (_, pilot):
        await press(pilot, "H", "pagedown", "pageup")
    assert moved == []
    package = Path(stage.__file__).parents[1] / "tui"
    styles = [file.read_text(encoding="utf-8") for file in package.rglob("*.tcss")]
    assert styles
    assert not [each for each in styles if "transition" in each or "animation" in each]
