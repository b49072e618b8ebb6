"""The stage: the same posts, time and home directory, whoever shows them and when.

    Act             what is staged, and how it looks
    stage           the same time zone, home directory and colours
    open_services   what the screens need, over the posts; all of it in memory

The whole program is `whole`. For a picture there is less: one source, whose answers are at hand.

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
from nordic_tui.demo.memory import SubscriptionFile
from nordic_tui.demo.web import ADDRESS, POSTS
from nordic_tui.demo.whole import open_whole
from nordic_tui.model import Following, Source, SourceState
from nordic_tui.service.history import History
from nordic_tui.service.library import Library
from nordic_tui.service.subscriptions import Subscriptions
from nordic_tui.service.undo import Undoing
from nordic_tui.staging import screen
from nordic_tui.tui.profile import LOCAL, Profile
from nordic_tui.tui.services import Preferences, Services

NOW = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
HOME = Path("/nonexistent")
"""No home directory: a screen shows no name, and nothing of a person's is read or written."""


@dataclass(frozen=True, slots=True)
class Act:
    """What is staged, and how it looks."""

    theme: str = "fjord"
    shows_keys: bool = False
    """Whether keys are shown as they are pressed."""
    presenter: bool = False
    """Whether it is drawn for a room."""
    profile: Profile = LOCAL
    """How much the terminal is sent."""
    asks_consent: bool = False
    """Whether the question about the reading history is still to be answered."""
    follows_many: bool = False
    """Whether many sources are followed, in every state; else the demo's one."""
    has_views: bool = False
    """Whether there are saved views and rules."""
    has_changed: bool = False
    """Whether a post says something else than when it was read."""
    is_whole: bool = False
    """Whether the whole program is there, to be tried: several sources, views and tags, and what
    is asked of a source is answered. Else what a picture needs, which stays as it is."""


def clock() -> datetime:
    return NOW


@contextmanager
def stage(*, heeds_no_color: bool = False) -> Iterator[None]:
    """The same time zone, home directory and colours, whoever runs this.

    heeds_no_color: but no colours for who set NO_COLOR, as somebody looks at their own terminal.
    """
    wanted = {"TZ": "UTC", "HOME": str(HOME)}
    kept = {name: os.environ.get(name) for name in (*wanted, "NO_COLOR")}
    if not heeds_no_color:
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
    preferences = Preferences(
        theme=act.theme,
        # What is looked at for long is the same as what is looked at for a moment.
        mark_read_after_s=0,
        refresh_on_start=False,
        shows_keys=act.shows_keys,
        presenter=act.presenter,
        profile=act.profile,
    )
    if act.is_whole:
        with open_whole(_paths(), NOW, asks_consent=act.asks_consent) as services:
            yield services._replace(preferences=preferences)
    else:
        with _open_picture(act) as services:
            yield services._replace(preferences=preferences)


def _paths() -> Paths:
    data = HOME / ".local" / "share" / "nordic-tui"
    return Paths(
        settings_file=HOME / ".config" / "nordic-tui" / "settings.toml",
        cache_file=HOME / ".cache" / "nordic-tui" / "cache.db",
        history_file=data / "history.db",
        library_file=data / "library.db",
        undo_file=data / "undo.json",
        consent_file=data / "consent.json",
        log_file=HOME / ".local" / "state" / "nordic-tui" / "log" / "nordic-tui.log",
        last_check_file=HOME / ".local" / "state" / "nordic-tui" / "last-check.json",
    )


@contextmanager
def _open_picture(act: Act) -> Iterator[Services]:
    settings, paths = Settings(), _paths()
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
        following.read_some(library, history)
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
            save_picture=None,
            save_export=_nowhere,
            title=feed.title,
            subscriptions=Subscriptions(
                SubscriptionFile(followed, parts.moments), followed, _nowhere
            ),
            when_followed=_nowhere,
            open_discovery=following.StagedDiscovery,
            open_archives=following.StagedArchive,
            open_full_texts=following.StagedFullTexts,
            export_posts=lambda title, _: title,
        )


def _nowhere(_: object) -> None:
    """Takes what is never asked for on the stage."""
