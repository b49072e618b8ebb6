"""What is followed in the pictures: sources in every state, what is found at an address, and an
archive that is on its way. Nothing is asked of any network."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from nordic_tui.model import (
    ArchiveState,
    Entry,
    Feed,
    Following,
    PostRow,
    Rule,
    SavedView,
    Source,
    SourceState,
    View,
)
from nordic_tui.service.archive import Emit, Page
from nordic_tui.service.background import (
    BackgroundArchive,
    BackgroundDiscovery,
    BackgroundFullTexts,
)
from nordic_tui.service.discover import Discovery, Found
from nordic_tui.service.history import History
from nordic_tui.service.library import Library
from nordic_tui.store.store import Store

_HOUR = timedelta(hours=1)
_ARCHIVE_PAGE, _ARCHIVE_TOTAL = 1_200, 5_000

_FOUND = (
    Found(
        "https://northern-cities.example/category/new-initiatives/feed/",
        "New initiatives – Northern Cities Network",
        10,
        (
            "Seven cities open their night streets to a shared experiment",
            "A charter for safe and open squares",
            "What the first winter of the pilot showed",
        ),
        datetime(2026, 9, 29, tzinfo=UTC),
        is_category=True,
    ),
    Found(
        "https://northern-cities.example/feed/",
        "Northern Cities Network",
        10,
        ("Programme of the autumn meeting", "Seven cities open their night streets", "Vacancies"),
        datetime(2026, 9, 30, tzinfo=UTC),
    ),
)


def states(now: datetime) -> list[tuple[Source, SourceState, int]]:
    """Sources with what is kept of them, and how many posts each has."""

    def of(address: str, **kept: object) -> SourceState:
        asked = {"checked_at": now - _HOUR / 4, "next_at": now + 2 * _HOUR, **kept}
        return SourceState(address, **asked)  # type: ignore[arg-type]  # the callers' names and values

    ok, same, slow, later, gone, moved, paused, archive = (
        f"https://{name}.example/feed/"
        for name in ("cities", "libraries", "harbours", "schools", "trams", "parks", "rails", "sea")
    )
    return [
        (
            Source(ok, "Northern Cities Network", folder="Cities"),
            of(
                ok,
                outcome="12 posts, 3 new",
                asked=9,
                spared=6,
                not_modified=6,
                next_why="it posts every 4 hours",
            ),
            96,
        ),
        (
            Source(same, "Libraries of the North", folder="Cities"),
            of(
                same,
                outcome="304: nothing changed",
                asked=40,
                spared=37,
                not_modified=37,
                next_why="it posts about every 3 days",
            ),
            212,
        ),
        (
            Source(slow, "Harbour Review"),
            of(
                slow,
                failures=2,
                error="did not answer within 20 s",
                outcome="10 posts, none new",
                next_why="after 2 failures in a row",
            ),
            48,
        ),
        (
            Source(later, "School Streets"),
            of(
                later,
                failures=1,
                error="asks to come back in 10 minutes (429)",
                not_before=now + _HOUR / 6,
                next_at=now + _HOUR / 6,
            ),
            31,
        ),
        (
            Source(gone, "The Tram Letter"),
            of(gone, failures=1, error="is gone for good (410)", stopped=True, next_at=None),
            17,
        ),
        (
            Source(moved, "Parks and Water"),
            of(
                moved,
                outcome="8 posts, 1 new",
                read_from="https://water.example/feed/",
                next_why="its answer is fresh until then",
            ),
            120,
        ),
        (Source(paused, "Night Trains", paused=True), of(paused, outcome="6 posts, 2 new"), 64),
        (
            Source(archive, "The Sea Archive", archive=True),
            of(archive, outcome="10 posts, none new", next_why="it posts about once a day"),
            _ARCHIVE_PAGE,
        ),
    ]


def follow(store: Store, now: datetime) -> Following:
    """Store the sources with as many posts as they have; gives what is followed."""
    staged = states(now)
    following = Following(tuple(source for source, _, _ in staged))
    store.follow_now(following.sources)
    for source, state, posts in staged:
        entries = tuple(
            Entry(guid=f"{source.address}{number}", title=f"Post {number}", published=now)
            for number in range(posts)
        )
        store.save_feed(source.address, Feed(source.name, entries=entries), state).result()
    sea = following.sources[-1].address
    half = ArchiveState(sea, "rest", "{}", _ARCHIVE_PAGE, _ARCHIVE_TOTAL)
    store.save_archive(half).result()
    return following


class StagedDiscovery(BackgroundDiscovery):
    """Finds the same two feeds everywhere, at once."""

    def __init__(self) -> None:
        """Needs nobody who looks."""

    def start(self, words: str, emit: "Callable[[str | Discovery], None]") -> bool:
        emit(Discovery(_FOUND))
        return True

    def stop(self, timeout_s: float = 0.5) -> None:
        """Nothing goes on."""


class StagedArchive(BackgroundArchive):
    """Brings one page at once, and no other."""

    def __init__(self) -> None:
        """Needs nobody who asks."""

    def start(
        self, source: Source, state: SourceState, emit: Emit, limit: int | None = None
    ) -> bool:
        emit(Page(state.title, _ARCHIVE_PAGE, _ARCHIVE_TOTAL, 100))
        return True

    def stop(self, timeout_s: float = 0.5) -> None:
        """Nothing goes on."""


class StagedFullTexts(BackgroundFullTexts):
    """Fetches nothing: no picture asks for a page."""

    def __init__(self) -> None:
        """Needs nobody who fetches."""

    def stop(self, timeout_s: float = 0.5) -> None:
        """Nothing goes on."""


VIEWS = (
    SavedView("Light and night", search="night OR light* -title:job*"),
    SavedView("The summit", search="summit after:2025"),
    SavedView("This spring", search='"spring meeting" before:june'),
)
RULES = (
    Rule("No vacancies", "category:jobs", hide=True),
    Rule("Task forces", '"task force"', tag="forces"),
    Rule("Read twice", "handbook OR guide", star=True, on=False),
)

_NEWS = (
    ("Registration is open until 9 October.", "Registration is open until 16 October, as there "
     "are places left."),
    ("Old customs house", "Harbour kitchen"),
    ("in your own time zone", "also without an account"),
)  # fmt: skip


def changed(feed: Feed) -> Feed:
    """The feed with other words in one of its posts."""
    entries = []
    for entry in feed.entries:
        content = entry.content
        for before, after in _NEWS:
            content = content.replace(before, after)
        entries.append(entry._replace(content=content))
    return feed._replace(entries=tuple(entries))


def rows(library: Library) -> list[PostRow]:
    """All posts, from top to bottom."""
    listing = library.listing(View())
    return [row for row in map(listing.row, range(len(listing))) if row is not None]


def read_some(library: Library, history: History) -> None:
    """Mark what somebody who looks in once a week would have read."""
    for number, row in enumerate(rows(library)):
        if number % 3 == 2 or number > 20:
            history.mark(row.id, True, undoable=False).result()
