"""Stars, tags and how lists are wanted: from a key to the store, and what is said of it."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from nordic_tui.errors import NordicError
from nordic_tui.model import LATER, Order, PlaceKind, Post, Sorting
from nordic_tui.service.keeping import Keeping, tag_of
from nordic_tui.text import clean
from nordic_tui.text.fold import fold

_ORDERS = (Order.NEWEST, Order.OLDEST, Order.UNREAD)

ReadPost = Callable[[int], Post | None]
"""Gives a post as the store has it now."""

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
        self._under_way: dict[tuple[int, str], tuple[Future[int], bool]] = {}
        """What the store has not done yet, by post and tag: a key that is typed twice in a burst
        must not find what was before the first time."""

    def star(self, read: ReadPost, post_id: int, undo_key: str) -> None:
        """Star a post, or take its star off."""
        is_starred = self._wanted(post_id, _STAR)
        post = read(post_id)
        if post is None:
            return
        on = not (post.starred if is_starred is None else is_starred)
        words = f"Starred. {undo_key} takes it back." if on else "Not starred any more."
        self._tell_of(post.id, _STAR, on, self._keeping.star(post.id, on), words)

    def later(self, read: ReadPost, post_id: int, undo_key: str) -> None:
        """Put a post among what is to be read later, or take it out."""
        is_kept = self._wanted(post_id, LATER)
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

    def _wanted(self, post_id: int, tag: str) -> bool | None:
        """What was asked of the store and is not done yet; None: nothing, so that what is read
        from the store from now on holds."""
        asked = self._under_way.get((post_id, tag))
        return None if asked is None else asked[1]

    def _tell_of(self, post_id: int, tag: str, on: bool, future: "Future[int]", words: str) -> None:
        key = post_id, tag
        asked = self._under_way[key] = future, on

        def report(done: "Future[int]") -> None:
            if self._under_way.get(key) is asked:
                del self._under_way[key]
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


def parted(words: str, known: list[str]) -> list[str]:
    """What was typed, tag by tag: commas part them, but in a tag that there is."""
    if fold(tag_of(words)) in {fold(tag) for tag in known}:
        return [words]
    return words.split(",")


def toggled(tags: tuple[str, ...], words: str, known: list[str]) -> tuple[str, bool]:
    """The tag that a person means by these words, and whether it is given by them (or taken off,
    where it is among `tags`); "" for words that say nothing.

    known: every tag there is; one in another spelling is meant.
    """
    name = tag_of(words)
    spellings = {fold(tag): tag for tag in [*known, LATER, *tags]}
    name = spellings.get(fold(name), name)
    return name, bool(name) and name not in tags


def offered(known: list[str], words: str, tags: tuple[str, ...]) -> list[str]:
    """The tags that begin with these words, in their order, without those that are given."""
    beginning = fold(words.strip())
    return [tag for tag in known if fold(tag).startswith(beginning) and tag not in tags]
