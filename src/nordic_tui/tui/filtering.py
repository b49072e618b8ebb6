"""The filter of the list of posts: the box that its words are typed in, and what follows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nordic_tui.tui.later import Later

if TYPE_CHECKING:
    from nordic_tui.tui.screens.listing import ListingScreen
    from nordic_tui.tui.widgets.filter_input import FilterInput

COUNT_AFTER_S = 0.25
"""How long after the last letter the posts that a filter lets through are counted."""


class ListFilter:
    """Narrows the list of a reader by words of the title; it draws nothing but its box.

    What is typed is in the reader's view.
    """

    def __init__(self, reader: "ListingScreen") -> None:
        self._reader = reader
        self._counting = Later()
        self._rest = Later()
        """Until the list is narrowed, where that does not follow every letter."""

    @property
    def is_open(self) -> bool:
        """Whether there is a box."""
        return bool(self._reader.query("#filter"))

    @property
    def typing(self) -> bool:
        """Whether its words are typed."""
        focused = self._reader.focused
        return focused is not None and focused.id == "filter"

    @property
    def _box(self) -> "FilterInput":
        from nordic_tui.tui.widgets.filter_input import FilterInput

        return self._reader.query_one(FilterInput)

    def keys(self) -> Sequence[tuple[str, str]]:
        """What the footer shows while words are typed: every other key is a letter."""
        return [("Enter", "to the list"), (self._reader.nordic.key_of("back"), "no filter")]

    async def open(self) -> None:
        """Have words typed."""
        from nordic_tui.tui.widgets.filter_input import FilterInput

        reader = self._reader
        if not self.is_open:
            box = FilterInput(reader.view.title, placeholder="Words of the title")
            await reader.query_one("#posts-pane").mount(box, after=reader.heading)
        reader.go_to_pane("posts")
        reader.set_focus(self._box)
        reader.bottom.hush()  # the keys of the box are wanted now

    def changed(self) -> None:
        """Something was typed: show what it lets through, at once or when the typing rests, and
        count that once nothing has been typed for a moment."""
        rest_s = self._reader.services.preferences.profile.typing_rest_s
        if rest_s:
            self._rest.start(rest_s, self._follow)
        else:
            self._follow()

    def _follow(self) -> None:
        self._rest.cancel()
        reader = self._reader
        if not self.is_open:
            return
        title = self._box.value.strip()
        if title != reader.view.title:
            reader.open_view(reader.view._replace(title=title))
            self._counting.start(COUNT_AFTER_S, self._finish_count)

    def _finish_count(self) -> None:
        reader = self._reader
        if reader.is_attached and not reader.listing.counted:
            reader.listing.finish_count()
            reader.posts.refresh()
            reader.show_heading()

    async def submitted(self) -> None:
        """Enter was typed: to the list; without words there is no filter."""
        self._follow()
        if self._reader.view.title:
            self._reader.set_focus(self._reader.posts)
        else:
            await self.close()

    async def close(self) -> None:
        """Show every post again; the cursor stays on its post."""
        self._rest.cancel()
        reader = self._reader
        await reader.query("#filter").remove()
        reader.set_focus(reader.posts)
        if reader.view.title:
            row = reader.posts.row
            reader.open_view(reader.view._replace(title=""), keep=row.id if row else None)

    def cancel(self) -> None:
        """The screen goes: count nothing any more."""
        self._counting.cancel()
        self._rest.cancel()
