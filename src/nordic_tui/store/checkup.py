"""A look at the cache from outside: nothing is made, brought up, repaired or waited for."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from nordic_tui.errors import StoreError
from nordic_tui.model import SourceState
from nordic_tui.store import sources
from nordic_tui.store.schema import CACHE


def look(file: Path) -> list[SourceState]:
    """The followed sources as the cache has them. Raises StoreError, a sentence."""
    # Where no log is, nobody has it open: read so, SQLite puts no file beside it.
    alone = not file.with_name(f"{file.name}-wal").exists()
    name = f"file:{quote(str(file))}?mode=ro{'&immutable=1' if alone else ''}"
    try:
        with closing(sqlite3.connect(name, uri=True, timeout=0.2)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version != CACHE.version:
                age = "a newer" if version > CACHE.version else "an earlier"
                raise StoreError(f"The cache is of {age} version of the program.")
            return sources.states(connection)
    except sqlite3.Error as error:
        raise StoreError(f"The cache could not be read: {error}.") from error
