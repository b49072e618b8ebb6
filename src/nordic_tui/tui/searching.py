"""The search: the box that its words are typed in, and what follows."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from nordic_tui.model import View
from nordic_tui.tui.later import Later

if TYPE_CHECKING:
    from nordic_tui.tui.marks import FindWords
    from nordic_tui.tui.screens.listing import ListingScreen
    from nordic_tui.tui.widgets.filter_input import FilterInput

FIRST_LETTERS = 2
"""From so many letters on it is searched as one types."""


class Searching:
    """Shows in the list of a reader what a search finds; it draws nothing but its box.

    What is searched for is in the reader's view.
    """

    def __init__(self, reader: "ListingScreen") -> None:
        self._reader = reader
        self._before: tuple[View, int | None] = (View(), None)
        """The list that was there, and its post under the cursor."""
        self._marks: tuple[View, FindWords | None] | None = None
        self._rest = Later()
        """Until what is typed is searched for, where that does not follow every letter."""

    @property
    def is_open(self) -> bool:
        """Whether there is a box."""
        return bool(self._reader.query("#search"))

    @property
    def typing(self) -> bool:
        """Whether its words are typed."""
        focused = self._reader.focused
        return focused is not None and focused.id == "search"

    @property
    def _box(self) -> "FilterInput":
        from nordic_tui.tui.widgets.filter_input import FilterInput

        return self._reader.query_one("#search", FilterInput)

    def keys(self) -> Sequence[tuple[str, str]]:
        """What the footer shows while words are typed: every other key is a letter."""
        return [("Enter", "to the posts"), (self._reader.nordic.key_of("back"), "no search")]

    def keys_of_posts(self) -> Sequence[tuple[str, str]]:
        """What the footer shows while what was found is gone through."""
        wanted = {
            "read": "read",
            "next_found": "next found",
            "search": "other words",
            "views": "save",
            "back": "no search",
            "help": "help",
        }
        key_of = self._reader.nordic.key_of
        return [(key_of(command), words) for command, words in wanted.items()]

    async def open(self) -> None:
        """Have words typed."""
        from nordic_tui.tui.widgets.filter_input import FilterInput

        reader = self._reader
        if not self.is_open:
            if reader.filter.is_open:
                await reader.filter.close()
            row = reader.posts.row
            self._before = (reader.view, row.id if row else None)
            box = FilterInput(placeholder='words  "a phrase"  -not  source:  after:', id="search")
            await reader.query_one("#posts-pane").mount(box, after=reader.heading)
        reader.go_to_pane("posts")
        reader.set_focus(self._box)
        reader.bottom.hush()  # the keys of the box are wanted now

    async def resume(self, words: str, keep: int | None) -> None:
        """Search for words as they were searched for before; keep: the post for the cursor."""
        reader = self._reader
        await self.open()
        self._box.value = words
        reader.open_view(View(search=words), keep=keep, hold=True)
        reader.go_to_pane("posts")

    def changed(self) -> None:
        """Something was typed: show what is found by it, at once or when the typing rests."""
        rest_s = self._reader.services.preferences.profile.typing_rest_s
        if rest_s:
            self._rest.start(rest_s, self._follow)
        else:
            self._follow()

    def cancel(self) -> None:
        """The box or the screen goes: search for nothing any more."""
        self._rest.cancel()

    def _follow(self) -> None:
        if not self.is_open:
            return
        reader, words = self._reader, self._box.value.strip()
        if len(words) >= FIRST_LETTERS:
            view = View(search=self._box.value.lstrip(), typing=True)
            if view.search != reader.view.search:
                reader.open_view(view)
        elif reader.view.search:
            view, keep = self._before
            reader.open_view(view, keep=keep)

    async def submitted(self) -> None:
        """Enter was typed: to what is found; without words there is no search."""
        self.cancel()
        words = self._box.value.strip()
        if not words:
            await self.close()
            return
        reader, view = self._reader, View(search=words)
        reader.open_view(view, hold=True)
        reader.go_to_pane("posts")
        notes = reader.services.library.query(view).notes
        if notes:
            reader.say(" ".join(notes), "caution")

    async def close(self, *, back: bool = True) -> None:
        """No search any more; back: show the list that was there before, as it was."""
        self.cancel()
        reader = self._reader
        was_typing = self.typing
        await reader.query("#search").remove()
        if was_typing:
            reader.set_focus(reader.posts)
        else:
            reader.show_keys()
        if back and reader.view.search:
            view, keep = self._before
            reader.open_view(view, keep=keep, hold=True)

    def marks(self) -> "FindWords | None":
        """Finds the words that were searched for in a text; None: nothing was."""
        view, library = self._reader.view, self._reader.services.library
        if not library.is_found(view):
            return None
        if self._marks is None or self._marks[0] != view:
            from nordic_tui.text.query import marks

            query = library.query(view)
            find = partial(marks, query=query) if query.groups else None
            self._marks = (view, find)
        return self._marks[1]
