"""The list of posts: draws the rows that are visible, and of those only what changed."""

from textual.events import Click
from textual.message import Message
from textual.strip import Strip

from nordic_tui.model import PostRow
from nordic_tui.service.library import AnyListing
from nordic_tui.tui import present
from nordic_tui.tui.marks import FindWords, marked
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.lines import LineList


class PostList(LineList):
    """The posts of a listing, newest first."""

    class Rested(Message):
        """The cursor rests on a post; None: there is no post."""

        def __init__(self, row: PostRow | None) -> None:
            super().__init__()
            self.row = row

    class Opened(Message):
        """A post was chosen with the mouse: read it."""

        def __init__(self, row: PostRow) -> None:
            super().__init__()
            self.row = row

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.listing: AnyListing | None = None
        self.chosen: dict[int, None] = {}
        """The ids of the posts that carry a sign, in the order in which they were chosen."""
        self.empty_words = ""
        """What to say when there is no post."""
        self._find: FindWords | None = None

    @property
    def row(self) -> PostRow | None:
        """The row under the cursor."""
        return self.listing.row(self.cursor) if self.listing is not None else None

    def show(self, listing: AnyListing, *, keep: int | None = None, empty_words: str = "") -> None:
        """Show a listing.

        keep: the id of the post that the cursor stays on, at the line of the screen where it
            is; None, or a post that is not in the listing: the first row.
        """
        line = self.cursor - self.first
        self.listing = listing
        self.empty_words = empty_words
        position = listing.position(keep) if keep is not None else None
        self.cursor = 0
        if position is None:
            self.first = 0
            self.place_cursor(0, rest=False)
        else:
            self.place_cursor(position, at_line=line, rest=False)
        self.refresh()

    def mark(self, find: FindWords | None) -> None:
        """Mark the words in titles that this finds; None: none."""
        self._find = find

    def grow(self, listing: AnyListing) -> None:
        """Take a listing that begins as the one that is shown, and has more posts."""
        self.listing = listing
        self.refresh()

    def reread(self) -> None:
        """Marks or texts have changed: read the rows anew; the cursor stays on its post."""
        if self.listing is None:
            return
        row = self.row
        self.listing.forget_rows()
        position = self.listing.position(row.id) if row is not None else None
        if position is not None and position != self.cursor:
            self.place_cursor(position, at_line=self.cursor - self.first)
        self.refresh()

    def row_count(self) -> int:
        return len(self.listing) if self.listing is not None else 0

    def draw_line(self, y: int, palette: Palette) -> Strip:
        if y == 1 and self.empty_words and self.row_count() == 0:
            muted = palette.style("muted")
            return present.strip(
                self.inner_width, palette.style(), ("   " + self.empty_words, muted)
            )
        return super().draw_line(y, palette)

    def draw_row(self, row: int, palette: Palette, *, selected: bool, focused: bool) -> Strip:
        post = self.listing.row(row) if self.listing is not None else None
        line = present.post_row(
            post,
            self.inner_width,
            palette,
            selected=selected,
            focused=focused,
            chosen=post is not None and post.id in self.chosen,
        )
        return marked([line], self._find, palette.found)[0] if self._find is not None else line

    def moved(self) -> None:
        self.post_message(self.Rested(self.row))

    def on_click(self, event: Click) -> None:
        event.stop()
        if self.press(event.y) and self.row is not None:
            self.post_message(self.Opened(self.row))
