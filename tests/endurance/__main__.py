"""A thousand refreshes of a hundred feeds: what they leave in the program.

    python -m tests.endurance --refreshes 1000 --feeds 100

The feeds change, fail, break off and fall silent as `server` has it, and now and then a decoding
process is killed at work. Each refresh is forced: a clock that goes two hours further each time.
The exit status is 1 if, from the end of the warm-up on, memory grew by 10 MB or more, or a
descriptor, thread, process or file is left that was not there.
"""

import argparse
import asyncio
import gc
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import psutil

from nordic_tui import wiring
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.fetch.any import Fetcher as AnyFetcher
from nordic_tui.fetch.http import HttpFetcher
from nordic_tui.service.background import BackgroundRefresh
from nordic_tui.service.decide import due
from nordic_tui.service.ports import Fetcher
from nordic_tui.service.refresh import Event, Finished, Growing, Started
from tests.benchmarks import material
from tests.endurance import server
from tests.endurance.figures import decoders, held, largest
from tests.endurance.report import REPORT_EVERY, Report, follow

TIMEOUT_S: Final = 1.5
"""Of a request: nobody waits twenty seconds for each feed that is silent."""
WAIT_S: Final = 120.0
KILL_EVERY: Final = 7


class LaterClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self._now = material.NEWEST + timedelta(days=30)

    def __call__(self) -> datetime:
        return self._now

    def go_on(self) -> None:
        self._now += timedelta(hours=2)


@asynccontextmanager
async def open_fetcher() -> AsyncIterator[Fetcher]:
    """The program's own, with less patience."""
    http = HttpFetcher(user_agent=wiring.USER_AGENT, timeout_s=TIMEOUT_S)
    async with AnyFetcher(http) as fetcher:
        yield fetcher


class Watch(threading.Thread):
    """Looks at the children while a refresh goes on, and kills the first one of every so many."""

    def __init__(self, process: psutil.Process) -> None:
        super().__init__(name="watch", daemon=True)
        self._process = process
        self.kills = threading.Event()
        self.looks = threading.Event()
        self.killed = 0
        self.largest = 0

    def run(self) -> None:
        while self.looks.wait():
            children = decoders(self._process)
            self.largest = max(self.largest, largest(children))
            if self.kills.is_set() and children:
                with suppress(psutil.Error):
                    children[0].kill()
                    self.killed += 1
                    self.kills.clear()
            time.sleep(0.02)


def refresh_often(refreshes: int, feeds: int, home: Path) -> int:
    """The refresher alone, in this process."""
    clock = LaterClock()
    report = Report()
    paths = find_paths()
    events: Counter[str] = Counter()
    ended = threading.Event()

    def emit(event: Event) -> None:
        if isinstance(event, Finished):
            ended.set()
        elif not isinstance(event, Started | Growing):
            events[type(event).__name__] += 1

    with server.running() as control:
        follow(paths.settings_file, [control.address(number) for number in range(feeds)])
        with wiring.open_parts(
            load(paths.settings_file), paths, fetcher=open_fetcher, clock=clock
        ) as parts:
            background = BackgroundRefresh(parts.refresher, parts.courtesy)
            me = psutil.Process()
            watch = Watch(me)
            watch.start()
            for number in range(1, refreshes + 1):
                control.next()
                clock.go_on()
                ended.clear()
                if number % KILL_EVERY == 0:
                    watch.kills.set()
                    watch.looks.set()
                asked = due(parts.store.states(), clock(), asked_for=True)
                assert background.start(asked, emit)
                assert ended.wait(WAIT_S), "a refresh that never ends"
                watch.looks.clear()
                if number % REPORT_EVERY and number != refreshes:
                    continue
                # The refresh's thread has told its end and is about to end itself.
                background.stop(WAIT_S)
                gc.collect()
                tasks = sum(isinstance(each, asyncio.Task) for each in gc.get_objects())
                more = f"{tasks} tasks, largest child {watch.largest / 1e6:.0f} MB"
                report.note(number, held(me, (home,)), more)
            told = ", ".join(f"{count} {name}" for name, count in sorted(events.items()))
            sys.stdout.write(f"{told}; {watch.killed} decoding processes killed\n")
            sys.stdout.write(f"{posts(parts)} posts in {paths.cache_file.stat().st_size:,} bytes\n")
    return report.verdict()


def posts(parts: wiring.Parts) -> int:
    return sum(state.posts for state in parts.store.states())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.endurance", description=__doc__)
    parser.add_argument("--refreshes", type=int, default=1_000)
    parser.add_argument("--feeds", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "tmp").mkdir()
        for name in ("CONFIG", "CACHE", "DATA", "STATE"):
            os.environ.pop(f"XDG_{name}_HOME", None)
        # Temporary files of the program are made here, where what is left of them is seen.
        os.environ.update(HOME=folder, TZ="UTC", TMPDIR=str(home / "tmp"))
        tempfile.tempdir = None
        return refresh_often(options.refreshes, options.feeds, home)


if __name__ == "__main__":
    sys.exit(main())
