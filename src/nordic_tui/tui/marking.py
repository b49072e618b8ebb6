"""Marks and what is said of them: from a key to the store, and back when it is done."""

from collections.abc import Callable
from concurrent.futures import Future

from nordic_tui.errors import NordicError
from nordic_tui.model import Post, Snapshot, View
from nordic_tui.service.history import History
from nordic_tui.tui import present
from nordic_tui.tui.under_way import UnderWay


class Marking:
    """Marks posts as read or unread; it draws nothing.

    done, failed: what to tell the person, or "", once the store has done it or could not; called
        on the store's thread.
    """

    def __init__(
        self, history: History, done: Callable[[str], None], failed: Callable[[str], None]
    ) -> None:
        self._history = history
        self._done = done
        self._failed = failed
        self._under_way = UnderWay()

    def read(self, post_id: int) -> None:
        """A post was read; undo leaves such marks alone."""
        marked = self._history.mark(post_id, True, undoable=False)
        self._under_way.add(post_id, True, marked)
        self._tell_of(marked, lambda _: "")

    def toggle(self, read: Callable[[int], Post | None], post_id: int) -> None:
        """Mark a post as read, or as unread again. read: gives it as the store has it."""
        is_read = self._under_way.wanted(post_id)
        post = read(post_id)
        if post is None:
            return
        on = post.unread if is_read is None else not is_read
        words = "Marked as read." if on else "Marked as unread."
        marked = self._history.mark(post_id, on)
        self._under_way.add(post_id, on, marked)
        self._tell_of(marked, lambda _: words)

    def view(self, view: View, snapshot: Snapshot, *, undo_key: str) -> None:
        """Mark every post of a view as read."""

        def words(changed: int) -> str:
            if not changed:
                return "Every post of this list is read."
            posts = present.count(changed, "post", "posts")
            return f"Marked {posts} as read. {undo_key} takes it back."

        self._tell_of(self._history.mark_view(view, snapshot), words)

    def _tell_of(self, future: "Future[int]", words: Callable[[int], str]) -> None:
        def report(done: "Future[int]") -> None:
            error = done.exception()
            if isinstance(error, NordicError):
                self._failed(str(error))
            elif error is not None:
                raise error
            else:
                self._done(words(done.result()))

        future.add_done_callback(report)
