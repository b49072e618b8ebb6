"""What the commands share: the list that is shown, the post that is open, what a number means."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from enum import Enum
from queue import SimpleQueue
from typing import NamedTuple, TypeVar

from nordic_tui.model import Place, PlaceKind, Post, View
from nordic_tui.plain import words
from nordic_tui.plain.services import Hands, Services
from nordic_tui.plain.talk import PORTION, Talk
from nordic_tui.service.library import AnyListing
from nordic_tui.text.post_links import LinkRow

T = TypeVar("T")

ALL_POSTS = "All posts"
INDEX_S = 2.0
"""So long a search waits for posts whose words can't be searched yet."""


class Numbers(Enum):
    """What a number that is typed stands for; the value is the prompt."""

    POSTS = "posts"
    POST = "post"
    """A post too; one of them is open."""
    PLACES = "places"
    LINKS = "links"


class Where(NamedTuple):
    """A list, and where one was in it."""

    view: View
    name: str
    at: int


class Rows:
    """The rows of a list that is said by the page.

    line: the row at a position, from 0, as a sentence.
    """

    def __init__(self, total: int, line: Callable[[int], str], start: int = 0) -> None:
        self.total = total
        self.next = start
        """The first one that was not said yet."""
        self._line = line

    def say(self, talk: Talk) -> None:
        """The next rows, as many as the page takes, and how many there are yet."""
        first = self.next
        room = talk.room(2)  # what is left, and the question
        while self.next < self.total:
            line = self._line(self.next)
            said = self.next - first
            if room is None:
                if said >= PORTION:
                    break
            else:
                room -= talk.height(line)
                if room < 0 and said:
                    break
            talk.say(line)
            self.next += 1
        left = self.total - self.next
        if left:
            talk.say(f"{left:,} more. Enter goes on.")


class Session:
    """The state of the dialogue."""

    def __init__(self, services: Services, talk: Talk) -> None:
        self.services = services
        self.talk = talk
        self.name = ALL_POSTS
        """What the list is called."""
        self.view = View()
        self.listing: AnyListing = services.library.listing(self.view)
        self.at = -1
        """The position of the post that was opened or named last; -1: none was."""
        self.read_at: datetime | None = None
        """When that post was read before it was opened."""
        self.numbers = Numbers.POSTS
        self.rows: Rows | None = None
        """The list that Enter goes on with."""
        self.places: Sequence[Place] = ()
        """Those that were listed last."""
        self.links: Sequence[LinkRow] = ()
        self.trail: list[Where] = []
        """Where searches were begun."""
        self.feed_only: set[int] = set()
        """Posts that are read as their feed has them, though there is a full text."""
        self.later: SimpleQueue[str] = SimpleQueue()
        """What other threads want said."""
        self._hands: Hands | None = None
        self._indexed = threading.Event()
        """Set each time that all posts can be searched."""
        services.library.when_indexed(self._indexed.set)

    @property
    def hands(self) -> Hands:
        if self._hands is None:
            self._hands = self.services.open_hands()
        return self._hands

    # ── lists ───────────────────────────────────────────────────────────────────────────────

    def view_of(self, kind: PlaceKind, id_: int) -> View:
        """A place as its list is wanted."""
        wanted = self.services.keeping.sorting(kind, id_)
        return View(kind, id_, wanted.unread_only, order=wanted.order)

    def take(self, view: View, name: str, *, keep: int | None = None) -> None:
        """Make a view the list, without saying it. keep: the post that one stays at."""
        library = self.services.library
        if library.is_found(view):
            self._indexed.clear()
            found = wait_for(library.find(view))
            if found.waiting and self._indexed.wait(INDEX_S):
                found = wait_for(library.find(view))
            self.listing = found
        else:
            listing = library.listing(view)
            listing.finish_count()
            self.listing = listing
        self.view, self.name = view, name
        position = self.listing.position(keep) if keep is not None else None
        self.at = position if position is not None else -1
        self.numbers = Numbers.POSTS
        self.rows = None

    def heading(self) -> str:
        listing = self.listing
        return words.list_heading(
            self.name, self.view, len(listing), listing.unread(), waiting=listing.waiting
        )

    def say_list(self, start: int = 0) -> None:
        """The heading of the list, and its rows from a position on."""
        self.numbers = Numbers.POSTS
        from_ = f" From post {start + 1:,} on." if start else ""
        self.talk.say(f"{self.heading()}{from_}")
        if not len(self.listing):
            self.talk.say(self._nothing())
            self.rows = None
            return
        self.rows = Rows(len(self.listing), self.post_line, start)
        self.rows.say(self.talk)

    def _nothing(self) -> str:
        followed = self.services.subscriptions
        if followed is not None and not followed.following.sources:
            return "Nothing is followed yet: nordic-tui add ADDRESS follows a source."
        return words.nothing(self.view)

    def post_line(self, position: int, *, is_new: bool = False) -> str:
        row = self.listing.row(position)
        source = ""
        if row is not None and self.has_several:
            post = self.services.library.post(row.id)
            source = f"From {post.source_title}" if post is not None else ""
        return words.post_line(position + 1, row, source=source, is_new=is_new)

    @property
    def has_several(self) -> bool:
        """Whether the posts of the list may come from several sources."""
        if self.view.kind in (PlaceKind.SOURCE, PlaceKind.CATEGORY) and not self.view.search:
            return False
        return len(self.services.library.states()) > 1

    # ── posts ───────────────────────────────────────────────────────────────────────────────

    def post(self, number: int | None = None) -> Post | None:
        """The post with this number, or the one that was opened or named last; None, and it is
        said, if there is none."""
        if number is not None:
            if not 0 < number <= len(self.listing):
                self.talk.say(self.no_number(number, len(self.listing), "post"))
                return None
            if self.at != number - 1:
                self.read_at = None
            self.at = number - 1
        if self.at < 0:
            self.talk.say("No post is open. Type the number of one, also behind a command: s 1.")
            return None
        row = self.listing.row(self.at)
        post = self.services.library.post(row.id) if row is not None else None
        if post is None:
            self.talk.say("This post is gone.")
        return post

    @staticmethod
    def no_number(number: int, last: int, what: str) -> str:
        if not last:
            return f"There is no {what} {number}: the list is empty."
        return f"There is no {what} {number}: the last one is {last:,}."


def wait_for(future: "Future[T]") -> T:
    """What comes of something that another thread does; Ctrl+C calls it off."""
    try:
        return future.result()
    except KeyboardInterrupt:
        future.cancel()
        raise
