"""Reading: the full text of one post, set like a page."""

import math

from textual.app import ComposeResult
from textual.geometry import Size
from textual.strip import Strip

from nordic_tui.model import Post
from nordic_tui.text import clean, html
from nordic_tui.text.layout import lay_out
from nordic_tui.tui import present
from nordic_tui.tui.commands import bindings
from nordic_tui.tui.screens.base import ROOMY, BottomLine, TooSmall
from nordic_tui.tui.screens.post_screen import PostScreen
from nordic_tui.tui.screens.reader import ReaderScreen
from nordic_tui.tui.theme import Palette
from nordic_tui.tui.widgets.bars import TitleBar
from nordic_tui.tui.widgets.lines import TextLines


class Page(TextLines):
    """A post in full: its head, then its text at a measure that can be read."""

    def __init__(self, post: Post, known: str, *, id: str | None = None) -> None:
        """known: the source that need not be named."""
        super().__init__(id=id)
        self._known = known
        self.show(post)

    def show(self, post: Post) -> None:
        self.post = post
        source = post.entry.content or post.entry.excerpt
        if not post.entry.content:
            self.document = html.parse(_as_html(source))
        else:
            self.document = html.parse(source, post.entry.link)
        self.first = 0
        self.recompose_lines(keep_place=False)

    def compose_lines(self, width: int, palette: Palette) -> list[Strip]:
        measure = min(width - 2 * present.MARGIN, present.MEASURE)
        if measure < 1:
            return []
        # In a wide window the column stands in the middle, head and text alike.
        indent = max((width - measure) // 2 - present.MARGIN, 0)
        inner = width - indent
        blank = present.strip(inner, palette.style())
        lines = [
            blank,
            *present.post_head(self.post, inner, palette, focused=False, known=self._known),
            blank,
        ]
        body = lay_out(self.document, measure)
        lines += [present.text_line(line, inner, present.MARGIN, palette) for line in body]
        if not body:
            words = "A password protects this post." if self.post.entry.protected else "No text."
            muted = palette.style("muted")
            margin = (" " * present.MARGIN, palette.style())
            lines.append(present.strip(inner, palette.style(), margin, (words, muted)))
        lines += [blank, *present.endnotes(self.post, inner, palette)]
        left = present.strip(indent, palette.style())
        return [Strip.join([left, line]) for line in lines] if indent else lines

    def place_words(self) -> str:
        """Which part of the text is on the screen: "page 2 of 3"; "" if all of it is."""
        if not self.last_first:
            return ""
        pages = math.ceil(self.last_first / self.page_lines) + 1
        return f"page {math.ceil(self.first / self.page_lines) + 1} of {pages}"

    def scrolled(self) -> None:
        screen = self.screen
        if isinstance(screen, ReadingScreen):
            screen.show_progress()


class ReadingScreen(PostScreen):
    """One post in the whole window. It leans on the reader below for the way to other posts."""

    WHERE = "reading"
    BINDINGS = bindings("reading")

    def __init__(self, reader: ReaderScreen, post: Post) -> None:
        super().__init__(reader.app.size)
        self.reader = reader
        width, height = reader.app.size
        bars = 4 if height >= ROOMY else 2
        self.page = Page(post, reader.known, id="reading")
        self.page.expected_size = Size(width, max(height - bars, 0))
        self._fraction: float | None = None
        """How far the post is scrolled; None: all of it is seen at once. Noted while it is on
        the screen: a page that leaves it has no height to tell this by."""

    def compose(self) -> ComposeResult:
        yield TitleBar(id="title")
        yield self.page
        yield BottomLine(id="keys")
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        super().on_mount()
        self.take_focus()
        self.query_one(BottomLine).show(self.footer_keys("reading"))
        self._opened()
        self.ready()

    def take_focus(self) -> None:
        self.set_focus(self.page, scroll_visible=False)

    def _opened(self) -> None:
        """The post is on the screen: go to where it was left, and mark it as read."""
        post = self.page.post
        self.page.scroll_to_fraction(self.reader.services.history.position_of(post.id))
        self.show_progress()
        if post.unread:
            self.reader.marking.read(post.id)

    def show_progress(self) -> None:
        page = self.page
        self._fraction = page.fraction if page.last_first else None
        place = self.reader.here
        title = f"‹ {clean.line(place.name)}" if place else "‹ All posts"
        bar = self.query_one(TitleBar)
        bar.show_title(title)
        bar.show_status(self.page.place_words())

    def _show(self, post: Post) -> None:
        self._keep_position()
        self.page.show(post)
        self._opened()

    def _keep_position(self) -> None:
        if self._fraction is not None:
            # The end is the beginning next time: a post that was read to its end is read anew.
            fraction = self._fraction if self._fraction < 1 else 0.0
            self.reader.services.history.save_position(self.page.post.id, fraction)

    def on_unmount(self) -> None:
        self._keep_position()

    # ── actions ─────────────────────────────────────────────────────────────────────────────

    def action_unread(self, step: int) -> None:
        row = self.reader.step_unread(step)
        post = self.reader.services.library.post(row.id) if row is not None else None
        if post is not None:
            self._show(post)

    def action_category(self, step: int) -> None:
        self.reader.action_category(step)
        self.dismiss()

    @property
    def at_bottom(self) -> ReaderScreen:
        return self.reader

    def chosen_post(self) -> Post | None:
        return self.page.post

    def go_to_category(self, category_id: int) -> None:
        self.dismiss()
        self.reader.go_to_category(category_id)

    def action_toggle_read(self) -> None:
        post = self.reader.services.library.post(self.page.post.id)
        if post is not None:
            self.reader.toggle_read(post.id, unread=post.unread)

    def action_undo(self) -> None:
        self.reader.action_undo()

    def action_back(self) -> None:
        self.dismiss()

    def action_leave(self) -> None:
        self.dismiss()


def _as_html(text: str) -> str:
    """Plain text as HTML, for posts that bring nothing else."""
    from html import escape

    return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n") if part.strip())
