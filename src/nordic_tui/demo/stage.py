"""What is on the stage: the same posts, time and home directory, whoever shows them and when.

    Act             what is staged, and how it looks
    stage           the same time zone, home directory and colours
    open_services   what the screens need, over the posts; all of it in memory

No network, and no file of the person's: the posts are `posts.json`, the store is in memory.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nordic_tui import wiring
from nordic_tui.config.consent import ConsentFile
from nordic_tui.config.paths import Paths
from nordic_tui.config.settings import Settings
from nordic_tui.decode.detect import decode
from nordic_tui.demo import following, handing_on
from nordic_tui.model import Following, Source, SourceState, View
from nordic_tui.service.history import History
from nordic_tui.service.library import Library
from nordic_tui.service.undo import Undoing
from nordic_tui.staging import screen
from nordic_tui.tui.services import Preferences, Services

POSTS = Path(__file__).parent / "posts.json"
NOW = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
HOME = Path("/nonexistent")
"""No home directory: a screen shows no name, and nothing of a person's is read or written."""
ADDRESS = "https://example.org/feed.json"


@dataclass(frozen=True, slots=True)
class Act:
    """What is staged, and how it looks."""

    theme: str = "fjord"
    asks_consent: bool = False
    """Whether the question about the reading history is still to be answered."""
    follows_many: bool = False
    """Whether many sources are followed, in every state; else the demo's one."""
    has_views: bool = False
    """Whether there are saved views and rules."""
    has_changed: bool = False
    """Whether a post says something else than when it was read."""


def clock() -> datetime:
    return NOW


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


@contextmanager
def open_services(act: Act) -> Iterator[Services]:
    """What the screens need, over the demo's posts, some of them read; all of it in memory."""
    data = HOME / ".local" / "share" / "nordic-tui"
    paths = Paths(
        settings_file=HOME / ".config" / "nordic-tui" / "settings.toml",
        cache_file=HOME / ".cache" / "nordic-tui" / "cache.db",
        history_file=data / "history.db",
        library_file=data / "library.db",
        undo_file=data / "undo.json",
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
            lasting=act.asks_consent,
        )
        followed = Following((Source(ADDRESS),))
        if act.follows_many:
            followed = following.follow(parts.store, NOW)
        if act.has_views:
            followed = Following((Source(ADDRESS),), following.VIEWS, following.RULES)
        library = Library(parts.store)
        _read_some(library, history)
        if act.has_changed:
            parts.store.save_feed(ADDRESS, following.changed(feed), state).result()
        parts.store.index_all().result()
        if act.has_views:
            parts.store.follow_now(followed.sources, followed.views, followed.rules)
        staged_services = screen.services(parts, settings, paths, clock=clock)
        yield staged_services._replace(
            history=history,
            undoing=Undoing(parts.store, None),
            open_hand_off=lambda: handing_on.staged(screen.open_hand_off(parts, settings, paths)),
            save_theme=_nowhere,
            save_export=_nowhere,
            title=feed.title,
            subscriptions=following.subscriptions(followed),
            when_followed=_nowhere,
            open_discovery=following.StagedDiscovery,
            open_archives=following.StagedArchive,
            open_full_texts=following.StagedFullTexts,
            export_posts=lambda title, _: title,
            preferences=Preferences(theme=act.theme, mark_read_after_s=0, refresh_on_start=False),
        )


def _read_some(library: Library, history: History) -> None:
    """Mark what somebody who looks in once a week would have read."""
    listing = library.listing(View())
    rows = filter(None, (listing.row(number) for number in range(len(listing))))
    for number, row in enumerate(rows):
        if number % 3 == 2 or number > 20:
            history.mark(row.id, True).result()


def _nowhere(_: object) -> None:
    """Takes what is never asked for on the stage."""
