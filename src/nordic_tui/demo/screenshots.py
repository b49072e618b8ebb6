"""Makes the pictures of the README: `python -m nordic_tui.demo.screenshots screenshots`.

    stage      the same everywhere: time, time zone, home directory, posts, what was read
    take       a screen as SVG that fetches nothing when it is shown
    to_png     the same as PNG, with a font of the system (the extra "pictures")

No network, no file of the person's: the posts are `posts.json`, the store is in memory. The same
program makes the same bytes.
"""

import asyncio
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from pathlib import Path

from rich.cells import cell_len

from nordic_tui import wiring
from nordic_tui.config.consent import ConsentFile
from nordic_tui.config.paths import Paths
from nordic_tui.config.settings import Settings
from nordic_tui.decode.detect import decode
from nordic_tui.errors import NordicError
from nordic_tui.model import Source, SourceState, View
from nordic_tui.service.history import History
from nordic_tui.service.library import Library
from nordic_tui.service.refresh import BackgroundRefresh
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.services import Preferences, Services

POSTS = Path(__file__).parent / "posts.json"
NOW = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
HOME = Path("/nonexistent")
"""No home directory: a picture shows no name, and nothing of a person's is read or written."""
ADDRESS = "https://example.org/feed.json"


@dataclass(frozen=True, slots=True)
class Picture:
    """A screen to show: its size in cells, and the keys that lead to it."""

    name: str
    columns: int
    rows: int
    category: str = ""
    """The category whose posts are shown; empty: all posts."""
    keys: tuple[str, ...] = ()
    theme: str = "fjord"
    asks_consent: bool = False


PICTURES = (
    Picture("consent", 120, 36, asks_consent=True),
    Picture("three-columns", 160, 45),
    Picture("two-columns", 120, 36, "New initiatives"),
    Picture("small", 80, 24, "New initiatives"),
    Picture("narrow", 40, 12, "New initiatives"),
    Picture("reading", 120, 36, "New initiatives", ("enter",)),
    Picture("table-and-code", 120, 36, "Events", ("enter",)),
    Picture("light", 120, 36, "New initiatives", theme="snow"),
    Picture("help", 120, 36, keys=("question_mark",)),
)


# ── the stage ───────────────────────────────────────────────────────────────────────────────


@contextmanager
def stage() -> Iterator[None]:
    """The same time zone, home directory and colours, whoever runs this."""
    wanted = {"TZ": "UTC", "HOME": str(HOME)}
    kept = {name: os.environ.get(name) for name in (*wanted, "NO_COLOR")}
    os.environ.pop("NO_COLOR", None)
    os.environ.update(wanted)
    time.tzset()
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        time.tzset()


def clock() -> datetime:
    return NOW


@contextmanager
def open_services(picture: Picture) -> Iterator[Services]:
    """What the screens need, over the demo's posts, some of them read; all of it in memory."""
    data = HOME / ".local" / "share" / "nordic-tui"
    paths = Paths(
        settings_file=HOME / ".config" / "nordic-tui" / "settings.toml",
        cache_file=HOME / ".cache" / "nordic-tui" / "cache.db",
        history_file=data / "history.db",
        library_file=data / "library.db",
        consent_file=data / "consent.json",
        log_file=HOME / ".local" / "state" / "nordic-tui" / "log" / "nordic-tui.log",
    )
    settings = Settings()
    feed = decode(POSTS.read_bytes())
    with wiring.open_parts(settings, paths, sources=[Source(ADDRESS)], clock=clock) as parts:
        state = SourceState(ADDRESS, checked_at=NOW - timedelta(minutes=4))
        parts.store.save_feed(ADDRESS, feed, state).result()
        history = History(
            parts.store,
            ConsentFile(paths.consent_file),
            paths.history_file,
            clock,
            retention_days=settings.retention_days,
            lasting=picture.asks_consent,
        )
        library = Library(parts.store)
        _read_some(library, history)
        yield Services(
            library=library,
            history=history,
            refresh=BackgroundRefresh(parts.refresher),
            clock=clock,
            open_in_browser=_nowhere,
            save_theme=_nowhere,
            export_file=str(data / "history.json"),
            title=feed.title,
            preferences=Preferences(
                theme=picture.theme, mark_read_after_s=0, refresh_on_start=False
            ),
        )


def _read_some(library: Library, history: History) -> None:
    """Mark what somebody who looks in once a week would have read."""
    listing = library.listing(View())
    rows = filter(None, (listing.row(number) for number in range(len(listing))))
    for number, row in enumerate(rows):
        if number % 3 == 1 or number > 15:
            history.mark(row.id, True).result()


def _nowhere(_: str) -> None:
    """Takes what a picture never asks for."""


# ── a picture ───────────────────────────────────────────────────────────────────────────────


async def take(picture: Picture) -> str:
    """The screen as SVG. To be called on the stage."""
    with open_services(picture) as services:
        app = NordicApp(services)
        async with app.run_test(size=(picture.columns, picture.rows)) as pilot:
            await pilot.pause()
            if picture.category:
                names = [place.name for place in services.library.places()]
                await pilot.press(*["]"] * names.index(picture.category))
            await pilot.press(*picture.keys)
            await pilot.pause()
            return self_contained(app.export_screenshot(), picture.name)
