"""A list of posts that were found or put in another order: it knows their ids."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future

from nordic_tui.model import Found, PostRow, Snapshot, View
from nordic_tui.service.ports import PostStore

PAGE = 100
"""Rows that are read at once."""
LOOKED_AT = 5_000
"""So many posts are asked at once whether one of them is unread: 3 ms."""


class FoundListing:
    """The posts of a view as they were found, in their order; used as a `library.Listing` is.

    A post that is read or changed meanwhile stays where it is: to search again is to ask again.
    """

    def __init__(self, store: PostStore, view: View, snapshot: Snapshot, found: Found) -> None:
        self.view = view
        self.snapshot = snapshot
        self.waiting = found.waiting
        """Posts whose words could not be searched yet."""
        self.counted = found.complete
        """False: there are more than `len`, and they will come in a list of their own."""
        self._store = store
        self._ids = found.ids
        self._pages: dict[int, list[PostRow | None]] = {}

    @property
    def ids(self) -> Sequence[int]:
        """The posts, in their order."""
        return self._ids

    def finish_count(self) -> None:
        """Nothing: how many there are is known when all are found."""

    def __len__(self) -> int:
        return len(self._ids)

    def row(self, position: int) -> PostRow | None:
        """The row at `position`, from 0; None if there is none, or its post is gone."""
        if not 0 <= position < len(self._ids):
            return None
        number, within = divmod(position, PAGE)
        page = self._pages.get(number)
        if page is None:
            if len(self._pages) >= 4:
                self._pages.pop(next(iter(self._pages)))
            page = self._pages[number] = self._read(number * PAGE)
        return page[within]

    def _read(self, start: int) -> list[PostRow | None]:
        ids = self._ids[start : start + PAGE]
        rows = {row.id: row for row in self._store.rows_of(ids)}
        return [rows.get(id_) for id_ in ids]

    def forget_rows(self) -> None:
        """Read the rows anew when they are asked for: marks or texts have changed."""
        self._pages.clear()

    def position(self, post_id: int) -> int | None:
        """Where a post stands in the list; None if it does not."""
        try:
            return self._ids.index(post_id)
        except ValueError:
            return None

    def next_unread(self, position: int, step: int) -> int | None:
        """The position of the nearest unread post after (step 1) or before (-1) `position`."""
        at = position + step
        while 0 <= at < len(self._ids):
            if step > 0:
                looked_at = self._ids[at : at + LOOKED_AT]
            else:
                looked_at = self._ids[max(0, at + 1 - LOOKED_AT) : at + 1][::-1]
            found = self._store.first_unread(looked_at)
            if found is not None:
                return at + step * found
            at += step * len(looked_at)
        return None

    def unread(self) -> int:
        return self._store.unread_of(self._ids)


def find(
    store: PostStore,
    view: View,
    snapshot: Snapshot,
    first: Callable[[FoundListing], None] | None,
) -> "Future[FoundListing]":
    """All posts of a view. The next question cancels the future.

    first: is called, from another thread, with the first ones where there are more.
    """

    def listing(found: Found) -> FoundListing:
        return FoundListing(store, view, snapshot, found)

    answer: Future[FoundListing] = Future()

    def hand_on(found: "Future[Found]") -> None:
        if found.cancelled():
            answer.cancel()
        elif answer.set_running_or_notify_cancel():
            error = found.exception()
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(listing(found.result()))

    asked = store.find(view, snapshot, (lambda found: first(listing(found))) if first else None)
    asked.add_done_callback(hand_on)
    return answer
