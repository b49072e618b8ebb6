"""Stars, tags and how lists are wanted: from a key to the store, and what is said of it."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from nordic_tui.errors import NordicError
from nordic_tui.model import LATER, Order, PlaceKind, Post, Sorting
from nordic_tui.service.keeping import Keeping
from nordic_tui.text import clean
from nordic_tui.text.fold import fold
from nordic_tui.tui.under_way import UnderWay

_ORDERS = (Order.NEWEST, Order.OLDEST, Order.UNREAD)

_STAR = ""
"""Among what is under way, the name of the star: no tag has it."""


class Tagging:
    """Stars and tags posts; it draws nothing.

    done, failed: what to tell the person once the store has done it or could not; called on the
        store's thread.
    """

    def __init__(
        self, keeping: Keeping, done: Callable[[str], None], failed: Callable[[str], None]
    ) -> None:
        self._keeping = keeping
        self._done = done
        self._failed = failed
        self._under_way = UnderWay()
        """By post and tag."""

    def star(self, read: Callable[[int], Post | None], post_id: int, undo_key: str) -> None:
        """Star a post, or take its star off. read: gives it as the store has it."""
        is_starred = self._under_way.wanted((post_id, _STAR))
        post = read(post_id)
        if post is None:
            return
        on = not (post.starred if is_starred is None else is_starred)
        words = f"Starred. {undo_key} takes it back." if on else "Not starred any more."
        self._tell_of(post.id, _STAR, on, self._keeping.star(post.id, on), words)

    def later(self, read: Callable[[int], Post | None], post_id: int, undo_key: str) -> None:
        """Put a post among what is to be read later, or take it out. read: as for `star`."""
        is_kept = self._under_way.wanted((post_id, LATER))
        post = read(post_id)
        if post is None:
            return
        on = not (LATER in post.tags if is_kept is None else is_kept)
        words = (
            f"Kept to read later. {undo_key} takes it back." if on else "Not kept to read later."
        )
        self._tell_of(post.id, LATER, on, self._keeping.later(post.id, on), words)

    def tag(self, post_id: int, tag: str, on: bool) -> None:
        """Give a post a tag, or take it off."""
        shown = clean.line(tag)
        words = f"Tagged with {shown}." if on else f"Took the tag {shown} off."
        self._tell_of(post_id, tag, on, self._keeping.tag(post_id, tag, on), words)

    def sort(self, kind: PlaceKind, id_: int, wanted: Sorting) -> None:
        """Want the list of a place like this from now on; only a failure is told."""
        self._keeping.sort(kind, id_, wanted).add_done_callback(self._tell_of_failure)

    def _tell_of(self, post_id: int, tag: str, on: bool, future: "Future[int]", words: str) -> None:
        self._under_way.add((post_id, tag), on, future)

        def report(done: "Future[int]") -> None:
            if self._tell_of_failure(done):
                self._done(words if done.result() else "It was like that already.")

        future.add_done_callback(report)

    def _tell_of_failure(self, done: "Future[Any]") -> bool:
        """Whether it was done."""
        error = done.exception()
        if error is None:
            return True
        if not isinstance(error, NordicError):
            raise error
        self._failed(str(error))
        return False


def next_order(order: Order) -> Order:
    """The one that comes after it, round and round."""
    return _ORDERS[(_ORDERS.index(order) + 1) % len(_ORDERS)]


def offered(known: list[str], words: str, tags: tuple[str, ...]) -> list[str]:
    """The tags that begin with these words, in their order, without those that are given."""
    beginning = fold(words.strip())
    return [tag for tag in known if fold(tag).startswith(beginning) and tag not in tags]
