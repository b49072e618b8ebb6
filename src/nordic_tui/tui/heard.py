"""What the reader hears from behind the screen, as messages from any thread."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING

from textual.message import Message

from nordic_tui.model import Place, Turn
from nordic_tui.service.refresh import Event

if TYPE_CHECKING:
    from nordic_tui.service import fulltext
    from nordic_tui.service.archive import Archived, Page
    from nordic_tui.service.finding import FoundListing


class Refreshed(Message):
    """Something happened in the refresh that goes on behind the screen."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class Archiving(Message):
    """Something happened in the archive run that goes on behind the screen."""

    def __init__(self, event: "Page | Archived") -> None:
        super().__init__()
        self.event = event


class FullTextCame(Message):
    """Something happened with the pages that are fetched behind the screen."""

    def __init__(self, event: "fulltext.Page | fulltext.Ended", asked_for: bool) -> None:
        super().__init__()
        self.event = event
        self.asked_for = asked_for


class Followed(Message):
    """The store has heard of a change of what is followed, or why it could not be stored."""

    def __init__(self, problem: str) -> None:
        super().__init__()
        self.problem = problem


class Marked(Message):
    """Marks have changed in the store; `words` say what to tell about it."""

    def __init__(self, words: str = "") -> None:
        super().__init__()
        self.words = words


class Halfway(Message):
    """The store has done its half of an undo or redo."""

    def __init__(self, turn: "Future[Turn]") -> None:
        super().__init__()
        self.turn = turn


class Indexed(Message):
    """All posts are in the index of words, and the rules were asked about them."""


class OthersWrote(Message):
    """Another instance of the program has written into the files."""


class Counted(Message):
    """The places of the sidebar have been counted; None, and `problem` says why not."""

    def __init__(self, places: Sequence[Place] | None, problem: str = "") -> None:
        super().__init__()
        self.places = places
        self.problem = problem


class ListFound(Message):
    """Posts were found: the first ones, or (complete) all; or `problem` says why not."""

    def __init__(
        self, listing: "FoundListing | None", *, complete: bool = True, problem: str = ""
    ) -> None:
        super().__init__()
        self.listing = listing
        self.complete = complete
        self.problem = problem


class ListLost(Message):
    """What was to find a list was broken off, by no other question."""


class Told(Message):
    """Something behind the screen has a sentence for the person."""

    def __init__(self, words: str, role: str = "ink") -> None:
        super().__init__()
        self.words = words
        self.role = role
