"""Reading: the full text of one post, set like a page."""

from collections.abc import Sequence
from datetime import datetime

from textual.app import ComposeResult

from nordic_tui.model import Post
from nordic_tui.text.of_post import text_of_post
from nordic_tui.tui.screens.base import BottomLine, TooSmall, text_size
from nordic_tui.tui.screens.post_screen import PostScreen
from nordic_tui.tui.screens.reader import ReaderScreen
from nordic_tui.tui.widgets.bars import TitleBar
from nordic_tui.tui.widgets.page import Page


class ReadingScreen(PostScreen):
    """One post in the whole window. It leans on the reader below for the way to other posts."""

    WHERE = "reading"

    def __init__(self, reader: ReaderScreen, post: Post, fraction: float | None = None) -> None:
        """fraction: how far the post is to be scrolled, 0 to 1; None: to where it was left."""
        super().__init__(reader.app.size)
        self.reader = reader
        self.page = Page(reader.known, id="reading")
        self.page.expected_size = text_size(reader.app.size)
        self._post = post
        self._go_to = fraction
        self._read_at: datetime | None = None
        """When the post was read that changed since and was opened here; opening it is reading
        it again."""
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
        self._open()
        self.ready()

    def take_focus(self) -> None:
        self.set_focus(self.page, scroll_visible=False)

    def _open(self) -> None:
        """Put the post on the screen, go to where it was left, and mark it as read."""
        post = self._post
        self._show_text()
        go_to, self._go_to = self._go_to, None
        if go_to is None:
            go_to = self.reader.services.history.position_of(post.id)
        self.page.scroll_to_fraction(go_to)
        self.show_progress()
        self._read_at = None
        if post.changed:
            self._read_at = self.reader.services.library.versions(post.id).read_at
        if post.unread or post.changed:
            self.reader.marking.read(post.id)

    def _show_text(self) -> None:
        feed_only = self._post.id in self.reader.errands.feed_only
        html, base = text_of_post(self._post, feed_only=feed_only)
        self.page.show(self._post, html, base, self.reader.found_words())
        self.bottom.show(self.footer_keys("reading"))

    def text_came(self, post_id: int) -> None:
        post = self.reader.services.library.post(post_id)
        if post is not None and post_id == self._post.id:
            self._post = post
            self._show_text()
            self.show_progress()

    def on_page_moved(self) -> None:
        self.show_progress()

    def show_progress(self) -> None:
        page = self.page
        if page.complete:
            self._fraction = page.fraction if page.last_first else None
        place = self.reader.here_name
        bar = self.query_one(TitleBar)
        bar.show_title(f"‹ {place}")
        bar.show_status(page.place_words())

    def _show(self, post: Post) -> None:
        self._keep_position()
        self._post = post
        self._open()

    def _keep_position(self) -> None:
        if self._fraction is not None:
            # The end is the beginning next time: a post that was read to its end is read anew.
            fraction = self._fraction if self._fraction < 1 else 0.0
            self.reader.services.history.save_position(self._post.id, fraction)

    def on_unmount(self) -> None:
        self._keep_position()

    # ── actions ─────────────────────────────────────────────────────────────────────────────

    @property
    def at_bottom(self) -> ReaderScreen:
        return self.reader

    @property
    def progress(self) -> float:
        return self._fraction or 0.0

    def chosen_post(self) -> Post | None:
        return self._post

    def post_changed(self) -> None:
        post = self.reader.services.library.post(self._post.id)
        if post is not None:
            self._post = post
            self.page.renew(post)

    def go_to_category(self, category_id: int) -> None:
        self.dismiss()
        self.reader.go_to_category(category_id)

    async def action_changes(self) -> None:
        await self._show_changes(self._post, self._read_at)

    def action_unread(self, step: int) -> None:
        row = self.reader.step_unread(step)
        post = self.reader.services.library.post(row.id) if row is not None else None
        if post is not None:
            self._show(post)

    def action_read_on(self) -> None:
        """A page down; from the end on to the next unread post."""
        if self.page.at_end:
            self.action_unread(1)
        else:
            self.page.action_page(1)

    def footer_keys(self, pane: str) -> Sequence[tuple[str, str]]:
        keys = super().footer_keys(pane)
        unread, found = self.nordic.key_of("next_unread"), self.nordic.key_of("next_found")
        if not self.page.marks_words or unread != found:
            return keys
        # The key that both have goes to found words here.
        return [(found, "next found") if key == found else (key, words) for key, words in keys]

    def action_found(self, step: int) -> None:
        if not self.page.go_to_found(step):
            where = "below" if step > 0 else "above"
            self.nordic.say(f"No more found words {where}.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # The keys of found words are those of unread posts where nothing was searched for.
        return self.page.marks_words if action == "found" else True

    def action_category(self, step: int) -> None:
        self.reader.action_category(step)
        self.dismiss()

    def action_toggle_read(self) -> None:
        self.reader.toggle_read(self._post.id)

    def action_zoom(self) -> None:
        """Nothing but the text, and back."""
        self.toggle_class("-zoom")

    def action_back(self) -> None:
        self.dismiss()

    def action_leave(self) -> None:
        self.dismiss()
