"""The whole program on the stage: several sources, in a web of the demo's own.

What a person tries goes through the same code as ever, but for its edges: the network is `web`, the
settings file is in memory, and what would leave the program is said and not done.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from threading import Event

from nordic_tui import wiring
from nordic_tui.config.paths import Paths
from nordic_tui.config.settings import Settings
from nordic_tui.decode import PARSER_VERSION
from nordic_tui.demo import following, handing_on
from nordic_tui.demo.memory import ConsentFile, MemoryHistory, SubscriptionFile
from nordic_tui.demo.web import ADDRESS, HARBOUR, LIBRARIES, TRAINS, TRAMS, Reader, Web
from nordic_tui.model import Answer, Consent, Following, Post, Source
from nordic_tui.service.archive import Archivist
from nordic_tui.service.background import (
    BackgroundArchive,
    BackgroundDiscovery,
    BackgroundFullTexts,
    BackgroundRefresh,
)
from nordic_tui.service.discover import Discoverer
from nordic_tui.service.fulltext import FullTexts
from nordic_tui.service.history import NOTICE
from nordic_tui.service.library import Library
from nordic_tui.service.refresh import Finished, Refresher
from nordic_tui.service.subscriptions import Subscriptions
from nordic_tui.service.undo import Undoing
from nordic_tui.staging import screen
from nordic_tui.tui.services import Services

FOLLOWED = Following(
    (
        Source(ADDRESS, name="Northern Cities"),
        Source(HARBOUR, folder="Around"),
        Source(LIBRARIES, folder="Around"),
        Source(TRAMS, folder="Around"),
        Source(TRAINS, folder="Around", paused=True),
    ),
    following.VIEWS[:2],
    (following.RULES[0]._replace(on=False), *following.RULES[1:]),
)
_TAGS = (
    ("talk", "Autumn summit in Østerhavn: programme and registration"),
    ("talk", "Handbook: lighting that people trust"),
    ("figures", "How we count: the open data behind the safety barometer"),
    ("figures", "Year in figures: 2025"),
)
_STARRED = ("Handbook: lighting that people trust", "A crane driver counts the windows")
_LATER = ("Reading list: ten reports that are worth the train journey",)
_LOOKED = tuple(timedelta(minutes=m) for m in (30 * 24 * 60, 8 * 24 * 60, 26 * 60, 4))
"""How long ago the sources were asked, as the stage is set."""
_WEEK = timedelta(days=7)


class _Clock:
    """Stands still, but while the stage is set: then the posts come in one after another."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def open_whole(paths: Paths, now: datetime, *, asks_consent: bool) -> Iterator[Services]:
    """The services over everything, as it is at a moment; all of it in memory."""
    settings, clock = Settings(), _Clock(now)
    web, reader = Web(clock), Reader()
    with wiring.open_parts(settings, paths, sources=FOLLOWED.sources, clock=clock) as parts:
        store = parts.store
        refresher = Refresher(
            web.open,
            reader.open,
            store,
            clock,
            interval_s=settings.refresh_interval_s,
            parser=PARSER_VERSION,
            chance=lambda: 0.0,
        )
        follower = wiring.Follower(store, refresher)
        follower.follow(FOLLOWED)
        consent = None if asks_consent else Consent(Answer.SESSION, now - _WEEK, NOTICE)
        history = MemoryHistory(
            store,
            ConsentFile(consent),
            paths.history_file,
            clock,
            retention_days=settings.retention_days,
        )
        parts = parts._replace(refresher=refresher, follower=follower, history=history)
        _set(parts, clock, web)
        follower.waits = False
        subscriptions = Subscriptions(
            SubscriptionFile(FOLLOWED, parts.moments),
            FOLLOWED,
            follower.follow,
            lambda: {state.address: state.title for state in store.states()},
        )
        parts = parts._replace(subscriptions=subscriptions, undoing=Undoing(store, subscriptions))
        services = screen.services(parts, settings, paths, clock=clock)
        discoverer = Discoverer(web.open, reader.open)
        archivist = Archivist(web.open, reader.open, store, clock, pause_s=0)
        texts = FullTexts(web.open, reader.open, store, clock, lambda: True, pause_s=0)
        yield services._replace(
            title="Nordic TUI",
            open_hand_off=lambda: handing_on.unreal(
                screen.open_hand_off(parts, settings, paths),
                web,
                refresher.manner_of,
                parts.courtesy,
            ),
            save_theme=_nowhere,
            save_picture=None,
            save_export=_nowhere,
            open_discovery=lambda: BackgroundDiscovery(discoverer, parts.courtesy),
            open_archives=lambda: BackgroundArchive(archivist, parts.courtesy),
            open_full_texts=lambda: BackgroundFullTexts(texts, parts.courtesy),
            export_posts=partial(_count, str(paths.history_file.with_name(screen.EXPORT))),
            is_staged=True,
        )


def _set(parts: wiring.Parts, clock: _Clock, web: Web) -> None:
    """Ask the sources as somebody would have done until now, and read, star and tag as they did."""
    now = clock.now
    for ago in _LOOKED:
        clock.now = now - ago
        if ago == _LOOKED[-1]:
            web.gone.add(TRAMS)
        _ask_all(parts)
    clock.now = now
    web.goes_on = True
    library = Library(parts.store)
    following.read_some(library, parts.history)
    posts = {row.title: row.id for row in following.rows(library)}
    for tag, title in _TAGS:
        parts.keeping.tag(posts[title], tag, True)
    for title in _STARRED:
        parts.keeping.star(posts[title], True)
    for title in _LATER:
        parts.keeping.later(posts[title], True)
    parts.store.index_all().result()


def _ask_all(parts: wiring.Parts) -> None:
    """A refresh, waited for. On its own thread, as the caller's may have an event loop."""
    is_over = Event()

    def hear(event: object) -> None:
        if isinstance(event, Finished):
            is_over.set()

    refresh = BackgroundRefresh(parts.refresher, parts.courtesy)
    refresh.start(parts.store.states(), hear)
    is_over.wait()
    refresh.stop()


def _count(path: str, _: str, posts: Iterable[Post]) -> str:
    """Read what would be exported; gives the path that it would have."""
    for _post in posts:
        pass
    return path


def _nowhere(_: object) -> None:
    """Takes what would be written to a file."""
