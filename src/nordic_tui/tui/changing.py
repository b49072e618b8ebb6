"""Changes of what is followed, and what is said of them: from a key to the settings file."""

from collections.abc import Callable

from nordic_tui.errors import NordicError, SettingsError
from nordic_tui.model import Following, Source
from nordic_tui.service.discover import Found
from nordic_tui.service.ports import Edit
from nordic_tui.service.rules import NotThereError
from nordic_tui.service.subscriptions import Subscriptions
from nordic_tui.text import clean
from nordic_tui.tui import present
from nordic_tui.tui.outline import SourceRow, place_beside

READ_ONCE = "Nothing is followed: these addresses are read once."
GONE = "This source is not followed any more."
NOT_TYPED = "What the settings file has for it can't be typed on one line: change it there."


class Changing:
    """Changes what is followed and says so; it draws nothing.

    say: tells the person a sentence, with the role of its colour.
    undo_key: the key that takes a change back.
    Each change gives whether anything is different now.
    """

    def __init__(
        self, subscriptions: Subscriptions | None, say: Callable[[str, str], None], undo_key: str
    ) -> None:
        self._subscriptions = subscriptions
        self._say = say
        self._undo_key = undo_key

    @property
    def possible(self) -> bool:
        """Whether anything is followed that can be changed; says so if not."""
        if self._subscriptions is None:
            self._say(READ_ONCE, "ink")
        return self._subscriptions is not None

    def _done(self, change: Callable[[Subscriptions], str], nothing: str = "") -> bool:
        """Make a change that gives what it did; nothing: what to say if it did nothing."""
        if self._subscriptions is None:
            self._say(READ_ONCE, "ink")
            return False
        try:
            words = change(self._subscriptions)
        except NotThereError as error:
            self._read_anew()
            self._say(str(error), "ink")
            return True
        except KeyError:
            self._read_anew()
            self._say(GONE, "ink")
            return True  # the file was changed elsewhere: what is shown is out of date
        except (NordicError, OSError) as error:
            self._say(str(error), "alarm")
            return False
        if words:
            self._say(f"{words} {self._undo_key} takes it back.", "ink")
        elif nothing:
            self._say(nothing, "ink")
        return bool(words)

    def _read_anew(self) -> Following | None:
        """What is followed now, also where the file was edited by hand since; None: it can't be
        read, which is said."""
        if self._subscriptions is None:
            self._say(READ_ONCE, "ink")
            return None
        try:
            return self._subscriptions.current()
        except (NordicError, OSError) as error:
            self._say(str(error), "alarm")
            return None

    def current(self, row: SourceRow) -> Source | None:
        """The source as the file has it now; None: it is not followed any more, or the file can't
        be read, which is said. It may be another one than is shown."""
        now = self._read_anew()
        if now is None:
            return None
        source = next((s for s in now.sources if s.address == row.source.address), None)
        if source is None:
            self._say(GONE, "ink")
        return source

    def add(self, found: Found, undo_words: str) -> bool:
        """undo_words: how to take it back, where this is asked for."""
        if self._subscriptions is None:
            self._say(READ_ONCE, "ink")
            return False
        title = clean.line(found.title)
        try:
            added = self._subscriptions.add([Source(found.address)], done=f"Added “{title}”.")
        except (NordicError, OSError) as error:
            self._say(str(error), "alarm")
            return False
        if not added:
            self._say(f"“{title}” is followed already.", "ink")
            return False
        self._say(f"Follows “{title}”. {undo_words}", "ink")
        return True

    def remove(self, row: SourceRow) -> bool:
        def remove(subscriptions: Subscriptions) -> str:
            title = subscriptions.title(row.source.address)
            if not subscriptions.remove([row.source.address]):
                raise KeyError(row.source.address)
            return f"Removed “{title}”."

        return self._done(remove)

    def change(self, row: SourceRow, **fields: object) -> bool:
        """Change fields of a source, as `model.Source` names them."""
        return self._done(lambda known: known.change(row.source.address, **fields))

    def edit(self, row: SourceRow, edit: Callable[[Source], Source]) -> bool:
        """The same by a function of the source as the file has it now."""
        return self._done(lambda known: known.edit(row.source.address, edit))

    def take(self, row: SourceRow, edit: Callable[[Source], Source]) -> tuple[bool, str]:
        """Make a change that a person typed; gives also why it can't be made, a sentence, or "".

        edit: raises SettingsError for words that are wrong.
        """
        try:
            edit(row.source)
        except SettingsError as error:
            return False, str(error)
        return self.edit(row, edit), ""

    def make(self, edit: Edit) -> bool:
        """Make a change of a saved view or rule (service/rules.py)."""
        return self._done(lambda known: known.make(edit))

    def rename_folder(self, old: str, new: str) -> bool:
        def rename(subscriptions: Subscriptions) -> str:
            moved = subscriptions.rename_folder(old, new)
            return f"Changed {present.count(moved, 'source', 'sources')}." if moved else ""

        return self._done(rename)

    def move(self, row: SourceRow, step: int) -> bool:
        """Move a source down (step 1) or up (-1) among what stands beside it."""

        def move(subscriptions: Subscriptions) -> str:
            address = row.source.address
            sources = subscriptions.following.sources
            place = place_beside(sources, address, step)
            return subscriptions.move(address, place) if place is not None else ""

        where = "last" if step > 0 else "first"
        return self._done(move, f"“{row.title}” is the {where} here.")
