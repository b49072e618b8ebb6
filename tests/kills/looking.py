"""What is in the files, by sqlite3 and plain reading: independent of what wrote them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

SIDES = ("", "-wal", "-shm", "-journal")


@contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, timeout=5, isolation_level=None)) as connection:
        yield connection


def rows(file: Path, sql: str, *values: Any) -> list[Any]:
    if not file.exists():
        return []
    with opened(file) as connection:
        return connection.execute(sql, values).fetchall()


def family(file: Path) -> list[Path]:
    """All that may hold what a database held: side files, copies, what was set aside."""
    if not file.parent.exists():
        return []
    return sorted(path for path in file.parent.iterdir() if path.name.startswith(file.name))


def bytes_under(folder: Path) -> dict[Path, bytes]:
    """Each file below a folder."""
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def unsound(file: Path) -> list[str]:
    """What SQLite finds wrong with a file."""
    if not file.exists() or not file.stat().st_size:
        return []
    try:
        found = [answer for (answer,) in rows(file, "PRAGMA integrity_check")]
    except sqlite3.Error as error:
        return [f"{file.name}: {error}"]
    return [] if found == ["ok"] else [f"{file.name}: {words}" for words in found]


_COUNTS = {
    "posts of a source": """
        SELECT s.address, s.total, COUNT(p.seq) FROM source AS s LEFT JOIN post AS p
            ON p.source = s.id AND p.seq NOT IN (SELECT seq FROM hidden)
        GROUP BY s.id HAVING s.total <> COUNT(p.seq)
        """,
    "posts of a category": """
        SELECT k.name, k.total, COUNT(c.seq) FROM category AS k
            LEFT JOIN post_category AS c ON c.category = k.id
        GROUP BY k.id HAVING k.total <> COUNT(c.seq)
        """,
    "posts of several sources": """
        SELECT o.sources, o.total, COUNT(DISTINCT p.same) FROM overlap AS o
            LEFT JOIN post AS p ON p.overlap = o.id
        GROUP BY o.id HAVING o.total <> COUNT(DISTINCT p.same)
        """,
    "a group that is not known as one": """
        SELECT p.same, COUNT(*), MIN(p.overlap) FROM post AS p WHERE p.same IS NOT NULL
        GROUP BY p.same HAVING (COUNT(*) > 1) <> (MIN(p.overlap) > 0)
            OR MIN(p.overlap) <> MAX(p.overlap)
        """,
    "a post without a text": "SELECT seq FROM post WHERE seq NOT IN (SELECT seq FROM body)",
    "a text without a post": "SELECT seq FROM body WHERE seq NOT IN (SELECT seq FROM post)",
    "a category's post that is none": """
        SELECT c.seq FROM post_category AS c LEFT JOIN post AS p ON p.seq = c.seq
        WHERE p.id IS NOT c.post OR p.ord IS NOT c.ord
        """,
    "a post that is neither indexed nor waits": """
        SELECT seq FROM post WHERE seq NOT IN (SELECT seq FROM indexed)
            AND seq NOT IN (SELECT seq FROM unindexed)
        """,
    "a hidden post that no rule hides": """
        SELECT seq FROM hidden WHERE seq NOT IN (SELECT seq FROM hidden_by)
        """,
}
"""Each finds rows only where something is wrong."""

_OF_ACTS = {
    "an undo of marks without its act": """
        SELECT batch FROM change WHERE batch NOT IN (SELECT id FROM batch)
        """,
    "an act of stars without a change": """
        SELECT id FROM act WHERE id NOT IN (SELECT act FROM act_change)
        """,
    "a star whose post is not kept": """
        SELECT post FROM star WHERE post NOT IN (SELECT post FROM kept)
            UNION SELECT post FROM tagged WHERE post NOT IN (SELECT post FROM kept)
        """,
}


def wrong_counts(cache: Path) -> list[str]:
    """Where what is kept of the posts does not fit the posts."""
    if not rows(cache, "SELECT 1 FROM sqlite_schema LIMIT 1"):
        return []
    problems = [f"{what}: {found}" for what, sql in _COUNTS.items() if (found := rows(cache, sql))]
    with opened(cache) as connection:
        for index in ("found", "found_title"):
            try:
                connection.execute(
                    f"INSERT INTO {index} ({index}) VALUES ('integrity-check')"  # noqa: S608  of this loop
                )
            except sqlite3.Error as error:
                problems.append(f"the index of words: {error}")
    return problems


def wrong_acts(history: Path, library: Path) -> list[str]:
    problems = []
    for (what, sql), file in zip(_OF_ACTS.items(), (history, library, library), strict=True):
        if rows(file, "SELECT 1 FROM sqlite_schema LIMIT 1") and (found := rows(file, sql)):
            problems.append(f"{what}: {found}")
    return problems


def loose_ends(folder: Path) -> list[Path]:
    """Temporary files that a write left behind."""
    return [path for path in folder.rglob(".*") if path.is_file()]
