"""What can be done with a post, wherever it is shown."""

from abc import abstractmethod
from typing import TYPE_CHECKING

from nordic_tui.model import Post
from nordic_tui.text import clean
from nordic_tui.tui.screens.base import CommandScreen

if TYPE_CHECKING:
    from nordic_tui.tui.screens.reader import ReaderScreen


class PostScreen(CommandScreen):
    """A screen on which one post is chosen: the reader, and the reading view on top of it."""

    @property
    @abstractmethod
    def at_bottom(self) -> "ReaderScreen":
        """The reader: itself, or the one that lies below."""

    @abstractmethod
    def chosen_post(self) -> Post | None:
        """The post that keys act on, as the store has it now; None: there is none."""

    @abstractmethod
    def go_to_category(self, category_id: int) -> None:
        """Show the list of a category of the chosen post."""

    def post_changed(self) -> None:
        """Stars or tags of the chosen post may be others now."""

    # ── stars and tags ──────────────────────────────────────────────────────────────────────

    def _post_now(self) -> Post | None:
        """The chosen post, also what was changed of it since it is on the screen."""
        post = self.chosen_post()
        return self.nordic.services.library.post(post.id) if post is not None else None

    def action_star(self) -> None:
        post = self._post_now()
        if post is not None:
            self.at_bottom.tagging.star(post, self.nordic.key_of("undo"))

    def action_later(self) -> None:
        post = self._post_now()
        if post is not None:
            self.at_bottom.tagging.later(post, self.nordic.key_of("undo"))

    async def action_tags(self) -> None:
        post = self._post_now()
        if post is not None:
            await self.nordic.change_tags(post, self.at_bottom.tagging)

    # ── categories ──────────────────────────────────────────────────────────────────────────

    async def action_choose_category(self) -> None:
        post = self.chosen_post()
        if post is None or not post.categories:
            self.nordic.say("This post is in no category.")
        elif len(post.categories) == 1:
            self.go_to_category(post.categories[0].id)
        else:
            await self.nordic.choose_category(post.categories, self.go_to_category)

    def action_go_category(self, category_id: int) -> None:
        self.go_to_category(category_id)

    # ── handing on ──────────────────────────────────────────────────────────────────────────

    def action_browser(self) -> None:
        post = self.chosen_post()
        if post is not None:
            self._open_in_browser(post)

    def action_copy_link(self) -> None:
        post = self.chosen_post()
        if post is not None:
            self._copy_link_of(post)

    def _open_in_browser(self, post: Post) -> None:
        address = clean.url(post.entry.link)
        if not address:
            self.nordic.say("This post has no link to open.")
            return
        try:
            self.nordic.services.open_in_browser(address)
        except OSError as error:
            self.nordic.say(f"{error} y copies the link: {address}", "alarm")
        else:
            self.nordic.say(f"Opened in the browser: {clean.host(address)}")

    def _copy_link_of(self, post: Post) -> None:
        address = clean.url(post.entry.link)
        if not address:
            self.nordic.say("This post has no link to copy.")
            return
        self.app.copy_to_clipboard(address)
        self.nordic.say(f"Sent to the terminal's clipboard: {address}")
