"""The names of categories alone, for who completes what a person types and must not wait."""

import sqlite3
from contextlib import closing
from pathlib import Path


def category_names(file: Path) -> list[str]:
    """The categories that hold posts, by name; none where the cache can't be read just now.

    Never waits and never writes: no other instance is held up.
    """
    try:
        with closing(
            sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=0)
        ) as connection:
            rows = connection.execute(
                "SELECT DISTINCT name FROM category WHERE total > 0"
            ).fetchall()
    except sqlite3.Error:
        return []
    return sorted(str(name) for (name,) in rows)
