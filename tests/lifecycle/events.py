"""What can happen to the reader, and what came of it."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import psutil

from tests.lifecycle.modes import Modes
from tests.lifecycle.places import OUTLIVES, Place, Reader, furnish
from tests.lifecycle.site import Site
from tests.terminal import WAIT_S


class Event(NamedTuple):
    """What happens."""

    name: str
    act: Callable[[Reader], None]
    status: int
    """What the program ends with, as a shell tells it."""
    has_terminal: bool = True
    """Whether there still is a terminal, to be left as it was."""

    def __str__(self) -> str:
        return self.name


def _sent(*numbers: signal.Signals) -> Callable[[Reader], None]:
    def act(reader: Reader) -> None:
        while reader.read(0.05):
            pass
        for number in numbers:
            reader.process.send_signal(number)
            # Who is stopped hears of a signal that ends only when it goes on.
            reader.process.send_signal(signal.SIGCONT)
            reader.read(1.0)  # it has heard of this one and does something

    return act


def _hang_up(reader: Reader) -> None:
    reader.hang_up()
    reader.process.send_signal(signal.SIGCONT)


EVENTS: Final = (
    Event("SIGTERM", _sent(signal.SIGTERM), 143),
    Event("SIGHUP", _sent(signal.SIGHUP), 129),
    Event("SIGINT", _sent(signal.SIGINT), 130),
    Event("SIGTERM twice", _sent(signal.SIGTERM, signal.SIGTERM), 143),
    Event("SIGTERM, then SIGHUP", _sent(signal.SIGTERM, signal.SIGHUP), 143),
    Event("the window is closed", _hang_up, 129, has_terminal=False),
)


class Came(NamedTuple):
    """What came of an event."""

    status: int
    seconds: float
    """From the event to the end of the process."""
    left: tuple[str, ...]
    """What is not as it should be, in words."""


@contextmanager
def reader_at(place: Place, home: Path) -> Iterator[Reader]:
    """The reader in a place; home: an empty folder."""
    site = Site()
    try:
        furnish(
            home, *([site.address(place.address)] if place.address else ()), answer=place.answer
        )
        fill(home)
        reader = Reader(home)
        try:
            place.go(reader, site)
            yield reader
        finally:
            reader.close()
            end_all(marked(home))
    finally:
        site.close()


def fill(home: Path) -> None:
    """Have the posts of the followed file in the store."""
    import subprocess
    import sys

    from tests.lifecycle.places import environment_of

    file = str(home / "news.json")
    wanted = {**os.environ, **environment_of(home)}
    subprocess.run(
        [sys.executable, "-c", _FILL, file],
        env={name: value for name, value in wanted.items() if value is not None},
        check=True,
    )


_FILL: Final = """
import sys
from pathlib import Path
from nordic_tui import wiring
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.decode.detect import decode
paths = find_paths()
with wiring.open_parts(load(paths.settings_file), paths) as parts:
    for state in parts.store.states():
        if state.address == sys.argv[1]:
            read = decode(Path(state.address).read_bytes())
            parts.store.save_feed(state.address, read, state).result(30)
"""


def happen(event: Event, place: Place, reader: Reader) -> Came:
    """Have something happen, wait for the end, and look at what is left."""
    before = reader.before
    began_at = time.monotonic()
    event.act(reader)
    if event.has_terminal and not reader.is_deaf:
        reader.end()
    status = reader.process.wait(WAIT_S)
    seconds = time.monotonic() - began_at
    attributes: Sequence[object] = before
    if event.has_terminal:
        reader.is_deaf = False
        reader.end()
        attributes = reader.attributes()
    left = []
    if event.has_terminal:
        left += Modes().feed(reader.sent).left()
        if attributes != before:
            left.append("the line is not as it was")
    if b"Traceback" in reader.sent:
        left.append("a traceback")
    if place.name != OUTLIVES:
        left += [f"a process: {' '.join(each.cmdline())[:80]}" for each in marked(reader.home)]
    left += unsound(reader.home)
    if any(reader.home.rglob("*.log")):
        left.append("a crash report")
    return Came(status if status >= 0 else 128 - status, seconds, tuple(left))


def marked(home: Path) -> list[psutil.Process]:
    """The processes that have this home, whoever their parent is."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("HOME") == str(home):
                found.append(process)
        except psutil.Error:
            continue
    return [each for each in found if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]


def end_all(processes: list[psutil.Process]) -> None:
    for process in processes:
        process.kill()


def unsound(home: Path) -> list[str]:
    """Which databases are not whole, and which are still locked."""
    words = []
    for file in sorted(home.rglob("*.db")):
        with closing(sqlite3.connect(file, timeout=0)) as connection:
            try:
                if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                    words.append(f"{file.name} is damaged")
                connection.execute("BEGIN IMMEDIATE")
                connection.rollback()
            except sqlite3.Error as error:
                words.append(f"{file.name}: {error}")
    return words
