"""Plays the demo without a terminal, where nothing may be asked or written: `python play.py`.

Prints every screen with its colours. Fails where a socket is connected, a program started or a
file opened to be written.
"""

import asyncio
import os
import sys
from functools import partial
from typing import Any

from nordic_tui.demo.stage import Act, open_services, stage
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.screens import base
from nordic_tui.tui.widgets import key_show
from nordic_tui.tui.widgets.lines import LineList
from tests.demo.busy import is_busy
from tests.tui.helpers import lines, press, text, until

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
REFUSED = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "socket.sendto",
    "subprocess.Popen",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.mkdir",
    "os.rename",
    "os.remove",
)
SCENES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("1 min", ("j", "j", "enter", "space")),
    ("All posts", ("escape",)),
    ("3 new · press .", ("r",)),
    ("63 posts", (".",)),
    ("Took back", ("k", "m", "s", "u")),
    ("Norðurhöfn asks its", ("slash", *"harbour", "enter")),
    ("This is there", ("escape", "plus", *"lighthouse-letter.example", "enter")),
    ("Follows “The Lighthouse", ("enter",)),
    ("is whole: 13 posts", ("S", "j", "j", "x")),
    ("writes no file", ("escape", "E")),
    ("opens no browser", ("o",)),
    ("leaves your clipboard", ("y",)),
    ("Your data", ("H",)),
    ("The summit", ("escape", "V", "j")),
    ("Type to search", ("escape", "T", "question_mark")),
)
"""Keys, after the words that show that they have done what they do."""
CALM = 4
"""So many times in a row the window must be the same."""


def refuse(event: str, said: tuple[Any, ...]) -> None:
    if event.startswith(REFUSED):
        raise RuntimeError(f"refused: {event} {said}")
    if event == "open" and isinstance(said[2], int) and said[2] & WRITING:
        raise RuntimeError(f"refused: {event} {said}")


async def play() -> None:
    act = Act(is_whole=True, shows_keys=True)
    with open_services(act) as services:
        app = NordicApp(services)
        async with app.run_test(size=(100, 28)) as pilot:
            await pilot.pause()
            for words, keys in SCENES:
                await press(pilot, *keys)
                await until(pilot, partial(is_shown, app, words))
                await rest(app, pilot)
                show(app)


def is_shown(app: NordicApp, words: str) -> bool:
    return words in text(app)


async def rest(app: NordicApp, pilot: Any) -> None:
    """Wait until nothing that was asked for goes on."""
    before: object = None
    same = 0
    while same < CALM:
        await asyncio.to_thread(app.services.library.settle)
        await pilot.pause(0.01)
        for each in app.screen.query():
            if isinstance(each, LineList):
                each.settle()
        now = lines(app)
        same = same + 1 if now == before and not is_busy(app) else 0
        before = now


def drawn(app: NordicApp) -> list[list[tuple[str, str]]]:
    lines = app.screen._compositor.render_strips()
    return [[(segment.text, str(segment.style)) for segment in line] for line in lines]


def show(app: NordicApp) -> None:
    for line in drawn(app):
        print("".join(text for text, _ in line))  # noqa: T201  it is what the test compares
        print([style for _, style in line])  # noqa: T201


if __name__ == "__main__":
    sys.addaudithook(refuse)
    base.MESSAGE_S = key_show.GONE_S = 1e6  # however slow this machine is
    with stage():
        asyncio.run(play())
