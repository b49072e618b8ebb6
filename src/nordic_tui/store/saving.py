"""The way from a damaged file into the one in its place, step by step, with what to say of it."""

import sqlite3
from pathlib import Path

from nordic_tui.errors import StoreError, StoreUnwritable
from nordic_tui.store import rescue, salvage, shapes
from nordic_tui.store.connection import Database
from nordic_tui.store.pages import Pages
from nordic_tui.store.remains import Remains
from nordic_tui.store.schema import CACHE, LIBRARY
from nordic_tui.store.tally import Outcome


class Saving:
    """What is saved from one file. Made by `open_`; belongs to the writing thread.

    `go_on` in a transaction, then `went_on`, until `is_done`; then `close`.
    """

    def __init__(self, database: Database, file: Path, aside: Path) -> None:
        self.database = database
        self.is_done = False
        self._file = file
        self._aside = aside
        self._pages = Pages(aside, database.schema.application_id)
        self._posts: salvage.Posts | None = None
        self._step = 0
        self._saved = ""

    def go_on(self, connection: sqlite3.Connection) -> Outcome[int]:
        """Put some in. Inside a transaction."""
        if self.database.schema is CACHE:
            return self._save_posts(connection)
        if self.database.schema is LIBRARY:
            self._saved = salvage.library(connection, Remains(self._pages, shapes.LIBRARY))
        else:
            self._saved = salvage.history(connection, Remains(self._pages, shapes.HISTORY))
        return Outcome(0, moves=True, marks=None, kept=True)

    def _save_posts(self, connection: sqlite3.Connection) -> Outcome[int]:
        if self._posts is None:
            self._posts = salvage.Posts(Remains(self._pages, shapes.CACHE))
        outcome = self._posts.go_on(connection)
        self._step = outcome.result
        return outcome

    def went_on(self) -> None:
        """What `go_on` put in is stored now."""
        if self._posts is None:
            self.is_done = True
        else:
            self._posts.went_on(self._step)
            self.is_done = self._posts.is_done
        if self.is_done:
            rescue.saved(self._file)
            if self.database.schema is CACHE:
                rescue.drop_older(self._file, self._aside)

    def close(self) -> None:
        self._pages.close()

    def sentence(self) -> str:
        """What happened, for the person."""
        saved = self._saved
        if self._posts is not None and self._posts.saved:
            number = self._posts.saved
            saved = f"{number:,} {'post' if number == 1 else 'posts'}"
        beginning = f"{self._file} was damaged and has been made anew"
        if not self.is_done:
            return (
                f"{beginning} with {saved or 'none of its posts'} so far; more are saved while the "
                f"program runs. The damaged file is {self._aside.name}."
            )
        if saved:
            return f"{beginning} with {saved} from it; the damaged file is {self._aside.name}."
        return (
            f"{beginning}; nothing could be saved from it. What it held is in {self._aside.name}."
        )


def open_(database: Database, file: Path, aside: Path) -> Saving:
    """Raises StoreUnwritable."""
    try:
        return Saving(database, file, aside)
    except OSError as error:
        raise StoreUnwritable(f"{aside} cannot be read: {error.strerror}.") from error


def failed(file: Path, aside: Path, error: StoreError) -> str:
    """What happened where nothing could be stored, for the person."""
    return (
        f"{file} was damaged and has been made anew, but what {aside.name} holds could not be put "
        f"into it yet; the next start tries again. {error}"
    )
