"""What the edges must be able to do. `wiring` brings the real ones, tests bring fakes."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from nordic_tui.model import (
    Acts,
    ArchiveState,
    Article,
    Consent,
    Feed,
    Following,
    Found,
    Imported,
    KeptPost,
    KeptSize,
    LastPlace,
    Manner,
    Page,
    Place,
    PlaceKind,
    Post,
    PostRow,
    Response,
    Rule,
    Saved,
    SavedView,
    Snapshot,
    Sorting,
    Source,
    SourceState,
    Term,
    Turn,
    Versions,
    View,
    Wanted,
)

if TYPE_CHECKING:
    from nordic_tui.text.query import Query

USUAL = Manner()


class Fetcher(Protocol):
    """Gets the bytes of an address or file; raises FetchError.

    etag, last_modified: as an earlier `Response` gave them. validators_of: the `url` of that
        one, the only address that they are sent to; "": the address itself.
    led_from: the address of the page or feed that named this one; "": a person did. From outside
        nothing leads into a private network, to a file, or from https to http.
    wait_for_room: waited for when it is this address's turn, and again before more than a little
        of a body is taken into memory; None: nothing is.
    """

    async def fetch(
        self,
        address: str,
        *,
        etag: str = "",
        last_modified: str = "",
        validators_of: str = "",
        led_from: str = "",
        manner: Manner = USUAL,
        wait_for_room: Callable[[], Awaitable[None]] | None = None,
    ) -> Response: ...


class Decoder(Protocol):
    """Makes bytes into values, somewhere that they can do no harm; each raises DecodeError.

    url: where the bytes came from.
    """

    async def expect(self, bodies: int) -> None:
        """Get ready for so many bodies, at a time when there is nothing to decode yet."""
        ...

    async def decode(self, body: bytes, *, media_type: str = "", url: str = "") -> Feed:
        """A feed, or posts of WordPress's REST interface."""
        ...

    def parts(
        self, body: bytes, *, media_type: str = "", url: str = ""
    ) -> AsyncGenerator[Feed, None]:
        """A large feed in parts as it is read, at least one: each has some of the posts, in
        order, and the head as far as it was read; the last has the warnings. Together they are
        what `decode` gives, but that a post may come twice, both times the same."""
        ...

    async def page(self, body: bytes, *, media_type: str = "", url: str = "") -> Page:
        """What a web page says about feeds."""
        ...

    async def terms(self, body: bytes) -> tuple[Term, ...]:
        """One page of a WordPress site's categories."""
        ...

    async def subscriptions(self, body: bytes) -> Imported:
        """A list of subscriptions: OPML, or newsboat's `urls` file."""
        ...

    async def library(self, body: bytes) -> tuple[tuple[KeptPost, ...], int]:
        """The posts that another machine exported, and how many could not be read."""
        ...

    async def article(
        self, body: bytes, *, media_type: str = "", url: str = "", title: str = ""
    ) -> Article:
        """The text of the post with this title, out of its own page; raises ExtraMissing where
        what it takes is not installed."""
        ...


OpenFetcher = Callable[[], AbstractAsyncContextManager[Fetcher]]
OpenDecoder = Callable[[], AbstractAsyncContextManager[Decoder]]


class OneAtATime(Protocol):
    """What one instance of the program does at a time; who does it and dies lets it go. Where no
    lock can be had (a read-only home) nobody is kept out."""

    def begin(self) -> bool:
        """Whether it may be begun, as nobody else does it; then `end` it. Does not wait."""
        ...

    def end(self) -> None: ...


class Unshared:
    """What no other instance can do as well: it is in this one's memory."""

    def begin(self) -> bool:
        return True

    def end(self) -> None:
        """There is nothing to let go."""


class FeedStore(Protocol):
    """Where feeds are stored: each call is one transaction, on the store's own thread."""

    def load_states(self) -> Future[list[SourceState]]:
        """Of the followed sources, as they are now."""
        ...

    def save_state(self, state: SourceState) -> Future[None]: ...
    def save_feed(self, address: str, feed: Feed, state: SourceState) -> Future[Saved]: ...
    def save_posts(self, address: str, feed: Feed) -> Future[Saved]:
        """Only the posts, as `save_feed` stores them: of a part of a large feed."""
        ...

    def save_terms(self, address: str, terms: Sequence[Term]) -> Future[None]:
        """All categories of a source's site, in place of those before; the posts that are
        stored are sorted into them anew."""
        ...

    def reopen_archive(self, address: str) -> Future[None]:
        """An archive that was whole is so no longer: it is gone on with. Nothing where none was
        begun."""
        ...


class ArchiveStore(Protocol):
    """Where archives are stored: each call is one transaction, on the store's own thread."""

    def load_archive(self, address: str) -> Future[ArchiveState]:
        """How far it has come; the default where it was never begun."""
        ...

    def save_page(self, address: str, feed: Feed, state: ArchiveState) -> Future[Saved]:
        """One page's posts, and with them how far the archive has come. Posts that are stored
        already keep their texts; they get the page's categories where it has slugs."""
        ...

    def save_archive(self, state: ArchiveState) -> Future[None]: ...
    def save_terms(self, address: str, terms: Sequence[Term]) -> Future[None]: ...
    def save_site(self, address: str, rest: str, terms_at: datetime) -> Future[None]:
        """Only these two of the source's state: a refresh may have saved the others since."""
        ...

    def save_not_before(self, address: str, not_before: datetime) -> Future[None]:
        """Only this of the source's state, as `save_site`."""
        ...


class FullTextStore(Protocol):
    """Where full texts are stored: each call on the store's own thread."""

    def pages_wanted(self, address: str, limit: int) -> Future[tuple[int, ...]]:
        """The newest posts of a source whose pages were not fetched yet, or may be tried again."""
        ...

    def page_wanted(self, post_id: int) -> Future[Wanted | None]: ...
    def save_full_text(self, post_id: int, html: str) -> Future[None]:
        """What came by itself. Empty: the page gives no more than the feed."""
        ...

    def save_asked_text(self, post_id: int, html: str) -> Future[None]:
        """What a person asked for: that it is kept tells what was read."""
        ...

    def save_page_failure(self, post_id: int, why: str, *, for_good: bool) -> Future[None]:
        """why: reads on from "The page". for_good: it is not tried again by itself."""
        ...

    def save_not_before(self, address: str, not_before: datetime) -> Future[None]: ...


class PostStore(Protocol):
    """Where posts are read: short queries, on the thread that opened the store."""

    on_tally: Callable[[], None] | None
    """Called, from another thread, when marks that were many have been counted."""
    on_indexed: Callable[[], None] | None
    """Called, from another thread, when all posts are in the index of words: saved searches may
    hold more."""

    on_others: Callable[[], None] | None
    """Called, from another thread, when another instance of the program has written."""

    @property
    def tally_ready(self) -> bool: ...
    def notice_others(self) -> None:
        """Find out, behind the screen, whether another instance has written since the last time."""
        ...

    def follow(
        self,
        sources: Sequence[Source],
        views: Sequence[SavedView] = (),
        rules: Sequence[Rule] = (),
    ) -> Future[None]: ...
    def states(self) -> list[SourceState]: ...
    def archives(self) -> dict[str, ArchiveState]:
        """By address; only of sources whose archive was begun."""
        ...

    def settle(self) -> None:
        """Wait until all that was asked so far is done, and told to whoever asked."""
        ...

    def snapshot(self) -> Snapshot: ...
    def places(self, snapshot: Snapshot | None = None) -> list[Place]: ...
    def places_of_sources(self, snapshot: Snapshot) -> list[Place]: ...
    def count_places(self, snapshot: Snapshot | None = None) -> Future[list[Place]]:
        """The same on the store's own thread: of 1,000 sources it takes longer than a key may
        wait."""
        ...

    def count(self, view: View, snapshot: Snapshot) -> int: ...
    def unread(self, view: View, snapshot: Snapshot) -> int: ...
    def rows(self, view: View, snapshot: Snapshot, start: int, stop: int) -> list[PostRow]: ...
    def first_rows(self, view: View, snapshot: Snapshot, limit: int) -> list[PostRow]: ...
    def position(self, view: View, snapshot: Snapshot, post_id: int) -> int | None: ...
    def next_unread(
        self, view: View, snapshot: Snapshot, position: int, step: int
    ) -> int | None: ...
    def arrivals(self, view: View, snapshot: Snapshot) -> int: ...
    def find(
        self, view: View, snapshot: Snapshot, first: Callable[[Found], None] | None = None
    ) -> Future[Found]:
        """All posts of any view in its order, on a thread of its own; the next question cancels
        the future. `first` is called from there with the first ones, where there are more."""
        ...

    def is_found(self, view: View) -> bool:
        """Whether a view is one for `find`."""
        ...

    def index_all(self) -> Future[None]:
        """Put into the index of words what waits for it."""
        ...

    def query(self, view: View) -> "Query": ...
    def rows_of(self, ids: Sequence[int]) -> list[PostRow]: ...
    def unread_of(self, ids: Sequence[int]) -> int: ...
    def first_unread(self, ids: Sequence[int]) -> int | None:
        """Which of these posts is the first that is unread, from 0."""
        ...

    def post(self, post_id: int) -> Post | None: ...
    def versions(self, post_id: int) -> Versions:
        """What it said before, and when it was read."""
        ...


class HistoryStore(Protocol):
    """Where read marks, positions, the last place and texts of pages that were asked for are
    kept: in the file, or in memory without consent."""

    def mark(
        self, post_ids: Sequence[int], read: bool, *, undoable: bool = True
    ) -> Future[int]: ...
    def mark_view(self, view: View, snapshot: Snapshot) -> Future[int]: ...
    def position_of(self, post_id: int) -> float: ...
    def save_position(self, post_id: int, fraction: float) -> Future[None]: ...
    def use_history(self, path: Path | None) -> None: ...
    def erase_history(self, path: Path) -> None: ...
    def history_files(self, path: Path) -> Sequence[Path]: ...
    def last_place(self) -> LastPlace | None: ...
    def save_last_place(self, place: LastPlace) -> Future[None]: ...
    def stored(self) -> tuple[int, int, datetime | None, int, int, bool]:
        """How many marks and positions there are, of when the oldest is, bytes on the disk, how
        many texts of pages, and whether there is a last place."""
        ...

    def export_history(self) -> dict[str, Any]: ...
    def prune_history(self) -> Future[int]: ...


class KeptStore(Protocol):
    """Where stars, tags and what is set of places are kept, with the posts themselves."""

    def star(self, post_ids: Sequence[int], on: bool) -> Future[int]: ...
    def tag(self, post_ids: Sequence[int], name: str, on: bool) -> Future[int]: ...
    def tags(self) -> list[tuple[str, int]]: ...
    def sorting(self, kind: PlaceKind, id_: int) -> Sorting: ...
    def save_sorting(self, kind: PlaceKind, id_: int, wanted: Sorting) -> Future[None]: ...
    def kept_posts(self) -> list[KeptPost]: ...
    def take_kept(self, posts: Sequence[KeptPost]) -> Future[int]: ...
    def kept_size(self) -> KeptSize: ...


class ActStore(Protocol):
    """Where acts of marking, starring and tagging are undone and done again: on the store's own
    thread, after all that was given to it before."""

    def undo(self, other: Callable[[], int]) -> Future[Turn]:
        """Take back the last act. other: gives the moment of the last act of another place, on
        that thread; a later one comes first, and nothing is done."""
        ...

    def redo(self, other: Callable[[], Acts]) -> Future[Turn]:
        """Do the act again that was taken back last, if nothing was done since. other: gives the
        acts of another place; an earlier one that is to be done again there comes first, and
        nothing is done."""
        ...


class ConsentFile(Protocol):
    """Where the decision about the reading history is kept."""

    def load(self) -> Consent | None: ...
    def save(self, consent: Consent) -> None: ...


Edit = Callable[[Following], tuple[Following, str]]
"""What is followed -> what is to be followed, and what that does: a sentence in the past
("Removed “Nordic Safe Cities”."). It may be asked more than once, so it only looks and answers."""


class SubscriptionFile(Protocol):
    """Where it is written what is followed. Raises SettingsError.

    Each change and each undo is one transaction: no other instance of the program changes the
    file from when it is read until it is written.
    """

    def load(self) -> Following: ...

    def change(self, edit: Edit) -> Following:
        """Bring the file to what `edit` makes of what it says; gives what it says from then on.

        Comments and everything else in it stay. What it takes to undo it is kept with the
        sentence; where `edit` changes nothing, nothing is kept.
        """
        ...

    def acts(self) -> Acts:
        """What `undo` and `redo` would do now. For any thread."""
        ...

    def undo(self) -> str:
        """Take the last `change` back; gives its sentence, "" if there is none. Raises
        SettingsError if the sources were edited by hand since."""
        ...

    def redo(self, newest: int = 0) -> str:
        """Make the change again that was taken back last; gives its sentence, "" if there is none
        or something was done since. newest: the moment of the newest act of all other places.
        Raises as `undo`."""
        ...
