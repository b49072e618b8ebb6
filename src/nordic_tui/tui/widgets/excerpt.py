"""The excerpt of the chosen post."""

from collections.abc import Sequence

from textual.strip import Strip

from nordic_tui.model import Post
from nordic_tui.tui import present
from nordic_tui.tui.marks import FindWords, marked
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.lines import TextLines

ROOMY_FROM = 14
"""From this many lines on there is room for a blank one at the top."""


class Excerpt(TextLines):
    """Title, "Posted in …", date, author, excerpt, and whether there is more to read."""

    def __init__(self, known: str = "", *, id: str | None = None) -> None:
        """known: the source that need not be named."""
        super().__init__(id=id)
        self._known = known
        self.post: Post | None = None
        self._keys: Sequence[tuple[str, str]] = ()
        self._find: FindWords | None = None
        self._concealed = False

    def conceal(self) -> None:
        """Draw nothing when the screen is drawn next, until `reveal`."""
        self._concealed = True
        self._drawn.clear()

    def reveal(self) -> None:
        if self._concealed:
            self._concealed = False
            self.refresh()

    def draw_line(self, y: int, palette: Palette) -> Strip:
        if self._concealed and not (self.rule_above and y == 0):
            return self.blank(palette)
        return super().draw_line(y, palette)

    def know(self, known: str) -> None:
        """Another source need not be named from now on."""
        self._known = known
        self.recompose_lines()

    def show(
        self,
        post: Post | None,
        keys: Sequence[tuple[str, str]] = (),
        find: FindWords | None = None,
    ) -> None:
        """Show a post; keys: what can be done with it, as key and words; find: gives the words to
        mark."""
        same = post is not None and self.post is not None and post.id == self.post.id
        self.post = post
        self._keys = keys
        self._find = find
        self.recompose_lines(keep_place=same)

    def compose_lines(self, width: int, palette: Palette) -> list[Strip]:
        if self.post is None:
            return []
        lines = present.excerpt(
            self.post,
            width,
            palette,
            focused=self.has_focus,
            known=self._known,
            roomy=self.size.height >= ROOMY_FROM,
            keys=self._keys,
        )
        return marked(lines, self._find, palette.found) if self._find is not None else lines

    def watch_has_focus(self, has_focus: bool) -> None:
        # The events Focus and Blur come before the widget knows of its own focus.
        super().watch_has_focus(has_focus)
        self.recompose_lines()
