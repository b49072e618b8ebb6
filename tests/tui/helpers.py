"""The reader in a window of its own: what a person sees, and how one waits for it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import Any

from rich.cells import cell_len
from rich.style import Style
from textual.events import Key, MouseScrollDown, MouseScrollUp
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from nordic_tui.model import Entry, Feed, Response
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.present import FOCUS, REST
from nordic_tui.tui.services import Preferences, Services
from tests.fakes import FakeServices

WIDE, STACKED, SMALL, NARROW = (160, 45), (120, 36), (80, 24), (40, 12)
SIZES = (WIDE, STACKED, SMALL, NARROW)
"""Three columns, two columns, two with less room, one pane at a time."""
WAIT_S = 10.0


@asynccontextmanager
async def run(
    services: Services, size: tuple[int, int] = STACKED
) -> AsyncIterator[tuple[NordicApp, Pilot[int]]]:
    """The reader after its first paint; it ends with the block."""
    app = NordicApp(services)
    async with app.run_test(size=size) as pilot:
        for _ in range(3):  # the first paint, what waits for it, and what that brings up
            await pilot.pause(0)
        yield app, pilot


async def until(pilot: Pilot[int], seen: Callable[[], bool]) -> None:
    """Let the program go on until `seen`; fails with the screen if that takes too long."""
    end = time.monotonic() + WAIT_S
    while not seen():
        assert time.monotonic() < end, "not seen:\n" + text(pilot.app)
        await pilot.pause(0)
        # A turn for the timers and threads that are waited for.
        await asyncio.sleep(0.001)


def _key(name: str) -> Key:
    key = name if len(name) > 1 or name.isalnum() else _character_to_key(name)
    return Key(key, name if len(name) == 1 else " " if name == "space" else None)


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Keys one after the other, each when what the one before did is done.

    As Pilot's own, which after each waits for the processor to be idle and takes ten times as
    long.
    """
    for key in keys:
        pilot.app.post_message(_key(key))
        await _answered(pilot)
    await pilot.pause(0)


async def _answered(pilot: Pilot[int]) -> None:
    """Let the program go on until what the last key has begun is done."""
    await pilot.pause(0)
    while isinstance(pilot.app, NordicApp) and pilot.app.typed.is_marking:
        await pilot.pause(0)


async def burst(pilot: Pilot[int], *keys: str) -> None:
    """Keys that arrive at once, as after a slow link: none waits for the one before."""
    for key in keys:
        pilot.app.post_message(_key(key))
    await _answered(pilot)
    await pilot.pause()


async def wheel(pilot: Pilot[int], at: tuple[int, int], *, up: bool = False) -> None:
    """Turn the mouse wheel by a notch, over a cell of the window."""
    kind = MouseScrollUp if up else MouseScrollDown
    x, y = at
    pilot.app.screen._forward_event(
        kind(None, x, y, 0, -1 if up else 1, 0, False, False, False, x, y)
    )
    await pilot.pause(0)
    await pilot.pause(0)


# ── what is seen ────────────────────────────────────────────────────────────────────────────


def strips(app: object) -> Sequence[Strip]:
    """The whole window as styled lines. Nothing public gives them; asked for only here."""
    assert isinstance(app, NordicApp)
    return app.screen._compositor.render_strips()


def lines(app: object, where: Widget | None = None) -> list[str]:
    """The window as text, or the part of it that a widget takes, line by line."""
    drawn = strips(app)
    if where is not None:
        area = where.region
        drawn = [strip.crop(area.x, area.right) for strip in drawn[area.y : area.bottom]]
    return ["".join(segment.text for segment in strip) for strip in drawn]


def text(app: object, where: Widget | None = None) -> str:
    """The same as one text, without blanks at the ends of lines."""
    return "\n".join(line.rstrip() for line in lines(app, where))


def running_text(app: object, where: Widget | None = None) -> str:
    """The same without line ends: sentences are found wherever they were broken."""
    return " ".join(text(app, where).split())


def find(app: object, words: str, where: Widget | None = None) -> tuple[int, int]:
    """The column and line of the window at which these words begin."""
    x, y = (where.region.x, where.region.y) if where is not None else (0, 0)
    for number, line in enumerate(lines(app, where)):
        if words in line:
            return x + cell_len(line[: line.index(words)]), y + number
    raise AssertionError(f"no {words!r} in:\n{text(app)}")


def style_at(app: object, x: int, y: int) -> Style:
    """The style of a cell of the window."""
    for segment in strips(app)[y]:
        x -= segment.cell_length
        if x < 0:
            return segment.style or Style.null()
    raise AssertionError("outside of the window")


def on_screen(app: NordicApp, kind: type) -> bool:
    """Whether a screen of this kind is on top."""
    return isinstance(app.screen, kind)


def bottom(app: NordicApp) -> str:
    """The last lines of the window: the keys, or a message in their place."""
    return running_text(app, app.reader.bottom if app.screen is app.reader else app.screen)


def said(app: NordicApp) -> str:
    """What the person is told at the bottom, in one line; "" while the keys are there."""
    for screen in reversed(app.screen_stack):
        for line in screen.query("#keys"):
            return " ".join(text(app, line).split()) if getattr(line, "message", "") else ""
    return ""


def cursor_row(app: NordicApp, where: Widget) -> str:
    """The row under the cursor of a list, as it is drawn."""
    rows = [line for line in lines(app, where) if line[:1] in (FOCUS, REST)]
    assert len(rows) == 1, f"{len(rows)} cursors in:\n{text(app)}"
    return rows[0]


def on_post(app: NordicApp) -> str:
    """The title under the cursor of the list of posts."""
    row = cursor_row(app, app.reader.posts).rstrip("▕")
    return row[3:].split("   ")[0].strip()


def on_place(app: NordicApp) -> str:
    """The name under the cursor of the sidebar."""
    return cursor_row(app, app.reader.categories)[1:].split("   ")[0].strip()


def focused_pane(app: NordicApp) -> str:
    """The pane that carries the mark of the focus on the screen."""
    reader = app.reader
    panes = {"categories": reader.categories, "posts": reader.posts, "excerpt": reader.excerpt}
    marked = [
        name
        for name, pane in panes.items()
        if pane.display and pane.region and any(FOCUS in line for line in lines(app, pane))
    ]
    assert len(marked) == 1, f"the focus is on {marked}:\n{text(app)}"
    return marked[0]


def status(app: NordicApp) -> str:
    """What stands at the top right."""
    return lines(app)[0].strip().rpartition("   ")[2].strip()


def hold(fake: FakeServices, address: str) -> Callable[[], None]:
    """Let a source answer only once what this gives is called."""
    fetch, released = fake.fetcher.fetch, Future[None]()

    async def held(asked: str, **how: Any) -> Response:
        if asked == address:
            await asyncio.wrap_future(released)
        return await fetch(asked, **how)

    fake.fetcher.fetch = held  # type: ignore[method-assign, assignment]  # the same, but later
    return lambda: released.set_result(None)


# ── settings and posts ────────────────────────────────────────────────────────────────────────────


def still(
    *,
    theme: str = "fjord",
    keymap: str = "nordic",
    keys: Mapping[str, str] | None = None,
    mark_read_after_s: float = 0,
) -> Preferences:
    """A person's settings; but for what is said here nothing happens by itself."""
    return Preferences(
        theme=theme,
        keymap=keymap,
        keys=keys or {},
        mark_read_after_s=mark_read_after_s,
        refresh_on_start=False,
    )


def entry(title: str, /, **parts: object) -> Entry:
    """A post that is known by its title."""
    known: dict[str, object] = {"guid": title, "title": title, "excerpt": f"About {title}."}
    return Entry(**{**known, **parts})  # type: ignore[arg-type]  # parts are Entry's own


def of(*entries: Entry, title: str = "News") -> Feed:
    return Feed(title=title, entries=entries)


HOSTILE = (
    "[/]",
    "[/bold] [bold]loud[/bold]",
    "[@click=app.quit]press[/]",
    "[@click='screen.leave']press[/]",
    "$title [$error]",
    "\x1b]52;c;cm0gLXJm\x07clip",
    "\x1b]0;title\x1b\\\x1b[2Jcleared\x1b[31m",
    "\x9b31mc1\x9d0;title\x9c",
    "\u202eright to left\u202c\u2066isolated",
    "lone \ud800 half",
    "bell\x07 back\x08 null\x00 delete\x7f",
    "two\nlines\r\nand\u2028more",
    "a" + "\u0301" * 60,
    "\u200bzero\ufeff width",
)
"""Text as a feed of ill will could have it: markup, escape sequences, controls, half characters."""
