"""What can be done with a post, wherever it is shown."""

from abc import abstractmethod
from datetime import datetime
from typing import TYPE_CHECKING

from nordic_tui.model import PlaceKind, Post
from nordic_tui.text import clean
from nordic_tui.tui import present
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

    @property
    @abstractmethod
    def progress(self) -> float:
        """How far the chosen post is scrolled, 0 to 1; 0 where all of it is seen at once."""

    @abstractmethod
    def go_to_category(self, category_id: int) -> None:
        """Show the list of a category of the chosen post."""

    def post_changed(self) -> None:
        """Stars or tags of the chosen post may be others now."""

    @abstractmethod
    def text_came(self, post_id: int) -> None:
        """The text of a post is another one now: show it where that post is shown."""

    # ── stars and tags ──────────────────────────────────────────────────────────────────────

    def _post_now(self) -> Post | None:
        """The chosen post, also what was changed of it since it is on the screen."""
        post = self.chosen_post()
        return self.nordic.services.library.post(post.id) if post is not None else None

    def action_star(self) -> None:
        post = self.chosen_post()
        if post is not None:
            read = self.nordic.services.library.post
            self.at_bottom.tagging.star(read, post.id, self.nordic.key_of("undo"))

    def action_later(self) -> None:
        post = self.chosen_post()
        if post is not None:
            read = self.nordic.services.library.post
            self.at_bottom.tagging.later(read, post.id, self.nordic.key_of("undo"))

    async def action_tags(self) -> None:
        post = self._post_now()
        if post is not None:
            await self.nordic.change_tags(post, self.at_bottom.tagging)

    # ── its text ────────────────────────────────────────────────────────────────────────────

    def action_full_text(self) -> None:
        post = self._post_now()
        if post is not None and self.at_bottom.errands.full_texts.toggle(post):
            self.at_bottom.show_text_of(post.id)

    async def action_changes(self) -> None:
        post = self.chosen_post()
        if post is not None:
            await self._show_changes(post)

    async def _show_changes(self, post: Post, read_at: datetime | None = None) -> None:
        """read_at: when it was read before it was opened; None: it was not opened just now."""
        from nordic_tui.service.changes import changes_of

        library = self.at_bottom.services.library
        now = library.post(post.id) or post
        changed = changes_of(now, library.versions(post.id), read_at)
        if changed is None:
            self.nordic.say("This post has not changed since it came in.")
        else:
            await self.nordic.show_changes(changed)

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

    async def action_browser(self) -> None:
        address = self._link("to open")
        if address:
            await self.nordic.handing.open(address)

    def action_copy_link(self) -> None:
        address = self._link("to copy")
        if address:
            self.nordic.handing.copy(address)

    def action_copy_markdown(self) -> None:
        post, address = self.chosen_post(), self._link("to copy")
        if post is not None and address:
            title = present.heading(post)
            link = self.nordic.handing.edges.markdown_link(title, address)
            self.nordic.handing.copy(link, link)

    async def action_qr(self) -> None:
        address = self._link("to show")
        if address:
            await self.nordic.handing.show_link(address)

    def _link(self, to_do: str) -> str:
        """The address of the post's page; "", and it is said, where there is none."""
        post = self.chosen_post()
        address = clean.url(post.entry.link) if post is not None else ""
        if post is not None and not address:
            self.nordic.say(f"This post has no link {to_do}.")
        return address

    async def action_links(self) -> None:
        from nordic_tui.text.post_links import links_of
        from nordic_tui.tui.screens.links import LinkScreen

        post = self.chosen_post()
        if post is None:
            return
        rows = links_of(post)
        if rows:
            await self.app.push_screen(LinkScreen(self.nordic, "Links and files", rows))
        else:
            self.nordic.say("This post has no links.")

    async def action_picture(self) -> None:
        from nordic_tui.text.post_links import LinkRow, pictures_of
        from nordic_tui.tui.screens.links import LinkScreen

        post = self.chosen_post()
        if post is None:
            return
        pictures = pictures_of(post)
        # Not the post's link: whoever wrote the post chose that, also one into a private network.
        led_from = self._source_of(post)
        handing = self.nordic.handing
        if not pictures:
            self.nordic.say("This post shows no picture.")
        elif len(pictures) == 1:
            handing.show_picture(pictures[0], led_from)
        else:
            rows = [LinkRow(n, each.alt, each.address) for n, each in enumerate(pictures, 1)]

            def show(row: LinkRow) -> None:
                handing.show_picture(pictures[row.number - 1], led_from)

            await self.app.push_screen(LinkScreen(self.nordic, "Pictures", rows, show))

    def _source_of(self, post: Post) -> str:
        """The address of the source that a post came from; "" if it is not followed any more."""
        for place in self.at_bottom.services.library.places_of_sources():
            if place.kind is PlaceKind.SOURCE and place.id == post.source_id:
                return place.address
        return ""

    async def action_pipe(self) -> None:
        post = self.chosen_post()
        if post is not None:
            text = self.nordic.handing.edges.encode_post(post)
            await self.nordic.handing.ask_and_pipe("Pipe this post into", text)

    async def action_brief(self) -> None:
        await self.at_bottom.briefing.ask()
