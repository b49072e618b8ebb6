"""Back to where one was: noted at the end, gone to at the next start.

It is kept with the reading history: without one there is nothing to go back to.
"""

from contextlib import suppress
from typing import TYPE_CHECKING

from nordic_tui.errors import StoreError
from nordic_tui.model import LastPlace

if TYPE_CHECKING:
    from nordic_tui.tui.screens.reader import ReaderScreen


class Returning:
    """Brings the reader back, in two steps: its first list, and what waits for the first paint."""

    def __init__(self, reader: "ReaderScreen") -> None:
        self._reader = reader
        self._last: LastPlace | None = None
        """Where one was, until one is there again."""

    def begin(self) -> None:
        """Show the list of the place where one was, with the cursor on its post."""
        self._last = self._reader.services.history.last_place()
        self._reader.show_first_list(self._last)

    @property
    def goes_on(self) -> bool:
        """Whether there is more to go back to than a post in the list of a place."""
        last = self._last
        return last is not None and bool(last.search or last.opened)

    async def finish(self) -> None:
        """Search, open and scroll as it was; then keys are taken."""
        reader, last = self._reader, self._last
        if last is None:
            return
        if last.search:
            await reader.search.resume(last.search, last.post or None)
        post = reader.services.library.post(last.post) if last.post else None
        if last.opened and post is not None:
            await reader.nordic.read(post, last.fraction)
        elif not last.search and last.fraction:
            shown = reader.chosen_post()
            if shown is not None and shown.id == last.post:
                reader.excerpt.scroll_to_fraction(last.fraction)
        self._last = None
        if not last.search:
            reader.ready()  # what is searched for says itself when it is there

    def note(self) -> None:
        """The program ends: keep where one is."""
        reader = self._reader
        if not reader.is_filled:
            return
        with suppress(StoreError):  # the end is no time to say so
            reader.services.history.save_last_place(self._last or self._here())

    def _here(self) -> LastPlace:
        from nordic_tui.tui.screens.post_screen import PostScreen

        reader = self._reader
        kind, id_ = reader.at
        row = reader.posts.row
        here = LastPlace(
            kind,
            id_,
            name=reader.here.name if reader.here is not None else "",
            search=reader.view.search.strip(),
            post=row.id if row is not None else 0,
            fraction=reader.progress,
            line=max(reader.posts.cursor - reader.posts.first, 0),
        )
        top = [each for each in reader.app.screen_stack if isinstance(each, PostScreen)][-1]
        post = top.chosen_post() if top is not reader else None
        if post is None:
            return here
        return here._replace(post=post.id, opened=True, fraction=top.progress)
