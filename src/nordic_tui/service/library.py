"""The library: places, lists of posts and posts, as the screen and the shell ask for them."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeAlias

from nordic_tui.model import (
    ArchiveState,
    Place,
    Post,
    PostRow,
    Snapshot,
    SourceState,
    Versions,
    View,
)
from nordic_tui.service.finding import FoundListing, find
from nordic_tui.service.ports import PostStore

if TYPE_CHECKING:
    from nordic_tui.text.query import Query

PAGE = 100
"""Rows that are read at once; more than any screen shows, less than a millisecond to read."""


class Listing:
    """The posts of a view, newest first, as they were at one moment.

    What arrives later is not in it, and a post that is read meanwhile does not leave it, so a
    row stays where it is for as long as one looks. Rows are read by the page when they are
    asked for: a listing of 100,000 posts holds a few hundred.
    """

    def __init__(self, store: PostStore, view: View, snapshot: Snapshot) -> None:
        self.view = view
        self.snapshot = snapshot
        self._store = store
        self._pages: dict[int, list[PostRow]] = {}
        self._count = 0
        self.waiting = 0
        """Posts that could not be looked at yet: none, where nothing is searched for."""
        self.counted = True
        """False: there are more than `len`, and `finish_count` finds out how many."""
        self._count_quickly()

    def _count_quickly(self) -> None:
        """Every post has to be looked at to count those with a word in the title: while one
        types, the first rows come before their number."""
        if self.view.title:
            first = self._store.first_rows(self.view, self.snapshot, PAGE + 1)
            self._count = min(len(first), PAGE)
            self.counted = len(first) <= PAGE
            self._pages[0] = first[:PAGE]
        else:
            self._count = self._store.count(self.view, self.snapshot)

    def finish_count(self) -> None:
        """Find out how many there are, where the first rows came before their number."""
        if not self.counted:
            self._count = self._store.count(self.view, self.snapshot)
            self.counted = True

    def __len__(self) -> int:
        return self._count

    def row(self, position: int) -> PostRow | None:
        """The row at `position`, from 0; None if there is none."""
        if not 0 <= position < self._count:
            return None
        number, within = divmod(position, PAGE)
        page = self._pages.get(number)
        if page is None:
            if len(self._pages) >= 4:
                self._pages.pop(next(iter(self._pages)))
            start = number * PAGE
            page = self._store.rows(self.view, self.snapshot, start, start + PAGE)
            self._pages[number] = page
        return page[within] if within < len(page) else None

    def forget_rows(self) -> None:
        """Read the rows anew when they are asked for: marks or texts have changed.

        A post that was marked as unread may have joined, one that lost a word of the filter left.
        """
        self._pages.clear()
        self._count_quickly()

    def position(self, post_id: int) -> int | None:
        """Where a post stands in the list; None if it does not."""
        return self._store.position(self.view, self.snapshot, post_id)

    def next_unread(self, position: int, step: int) -> int | None:
        """The position of the nearest unread post after (step 1) or before (-1) `position`."""
        return self._store.next_unread(self.view, self.snapshot, position, step)

    def unread(self) -> int:
        return self._store.unread(self.view, self.snapshot)


AnyListing: TypeAlias = Listing | FoundListing


class Library:
    """What is in the store, seen from one moment on (`admit` moves it to now)."""

    def __init__(self, store: PostStore) -> None:
        self._store = store
        self._horizon = store.snapshot().horizon

    def _snapshot(self) -> Snapshot:
        return Snapshot(self._horizon, self._store.snapshot().batch)

    def settle(self) -> None:
        """Wait until the store has done, and told, all that it was asked."""
        self._store.settle()

    def places(self) -> Sequence[Place]:
        """The rows of the sidebar."""
        return self._store.places(self._snapshot())

    def places_of_sources(self) -> Sequence[Place]:
        """Every followed source and below it its categories, those that the sidebar hides among
        them."""
        return self._store.places_of_sources(self._snapshot())

    def count_places(self) -> "Future[list[Place]]":
        """The same, counted on the store's thread."""
        return self._store.count_places(self._snapshot())

    def listing(self, view: View) -> Listing:
        return Listing(self._store, view, self._snapshot())

    def is_found(self, view: View) -> bool:
        """Whether a view is one for `find`, as it is searched or in another order; `listing` has
        it newest first, and takes its time."""
        return self._store.is_found(view)

    def find(
        self, view: View, first: Callable[[FoundListing], None] | None = None
    ) -> "Future[FoundListing]":
        """All posts of any view in its order, found on a thread of the store; the next question
        cancels the future. Of a search those whose titles have all the words come first, then
        the others, each newest first.

        first: is called, from that thread, with the first hundred where there are more.
        """
        return find(self._store, view, self._snapshot(), first)

    def query(self, view: View) -> "Query":
        """What a view searches for, to mark it where it is shown; `notes` says what of it is not
        understood."""
        return self._store.query(view)

    def post(self, post_id: int) -> Post | None:
        return self._store.post(post_id)

    def versions(self, post_id: int) -> Versions:
        """What a post said before, and when it was read."""
        return self._store.versions(post_id)

    def arrivals(self) -> int:
        """How many posts have come in since this moment, over all sources."""
        return self._store.arrivals(View(), self._snapshot())

    def admit(self) -> None:
        """Let in what has come meanwhile: lists opened from now on hold it."""
        self._horizon = self._store.snapshot().horizon

    def when_counted(self, call: Callable[[], None]) -> None:
        """Have `call` called, from another thread, once it is known what is unread; not at all
        if it is known already. Until then every post counts as unread."""
        self._store.on_tally = call
        if self.is_counted:
            self._store.on_tally = None

    @property
    def is_counted(self) -> bool:
        """Whether it is known what is unread."""
        return self._store.tally_ready

    def when_indexed(self, call: Callable[[], None]) -> None:
        """Have `call` called, from another thread, each time that all posts are in the index of
        words: saved searches may hold more, and rules may have hidden some."""
        self._store.on_indexed = call

    def when_others_wrote(self, call: Callable[[], None]) -> None:
        """Have `call` called, from another thread, each time that `notice_others` has found that
        another instance of the program has written."""
        self._store.on_others = call

    def notice_others(self) -> None:
        """Find out whether another instance has written; costs nothing where none has."""
        self._store.notice_others()

    def states(self) -> list[SourceState]:
        """The followed sources, in their order."""
        return self._store.states()

    def archives(self) -> dict[str, ArchiveState]:
        """How far archives have come, by address; only those that were begun."""
        return self._store.archives()
