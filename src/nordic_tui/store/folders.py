"""Folders and saved views: what the settings say of them, and the sources that each holds.

A folder holds the sources in it and in the folders below it; hidden ones stand nowhere in the
sidebar and so in no folder. A saved view holds all sources that it chooses, hidden or not.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from nordic_tui.model import SavedView, Source
from nordic_tui.store.identity import folder_id, saved_id, source_id

FOLDER = "folder"
SAVED = "saved"

SavedColumns = tuple[str, int, str, str, str, str]
"""name, unread_only, title, tag, address, search: as they are stored."""


MAX_DEPTH: Final = 20
"""What is said to be deeper stands here."""


def path_of(folder: str) -> tuple[str, ...]:
    """The names of the folders on the way: "News/Nordic" is ("News", "Nordic")."""
    if not folder:
        return ()
    return tuple(name for part in folder.split("/") if (name := part.strip()))[:MAX_DEPTH]


def paths_to(path: tuple[str, ...]) -> Iterator[str]:
    """The folder and all that it is in, from the outermost, each as one text."""
    for end in range(1, len(path) + 1):
        yield "/".join(path[:end])


def wanted_views(views: Sequence[SavedView]) -> list[SavedColumns]:
    """As they are stored; of two with the same name the first."""
    wanted: dict[str, SavedColumns] = {}
    for view in views:
        columns = (
            view.name,
            int(view.unread_only),
            view.title,
            view.tag,
            view.address,
            view.search,
        )
        wanted.setdefault(view.name, columns)
    return list(wanted.values())


def stored_views(connection: sqlite3.Connection) -> list[SavedColumns]:
    return connection.execute(
        """
        SELECT name, unread_only, title, tag, address, search FROM main.collection
        WHERE kind = ? ORDER BY place
        """,
        (SAVED,),
    ).fetchall()


def gather(
    connection: sqlite3.Connection, sources: Iterable[Source], views: Sequence[SavedView]
) -> None:
    """Make all folders and saved views anew. Inside a transaction.

    sources: those that are followed, each address once.
    """
    folders: dict[str, None] = {}
    collected: list[tuple[int, int]] = []
    wanted = wanted_views(views)
    saved_ids = [saved_id(name) for name, *_ in wanted]
    for source in sources:
        id_ = source_id(source.address)
        path = path_of(source.folder)
        if not source.hidden:
            for folder in paths_to(path):
                folders[folder] = None
                collected.append((folder_id(folder), id_))
        if not wanted:
            continue
        words = {word.casefold() for word in (*source.tags, *path)}
        for saved, (_, _, _, tag, address, _) in zip(saved_ids, wanted, strict=True):
            if (not tag or tag.casefold() in words) and address in ("", source.address):
                collected.append((saved, id_))
    connection.execute("DELETE FROM main.collection")
    connection.execute("DELETE FROM main.collected")
    connection.executemany(
        "INSERT INTO main.collection (id, kind, place, name) VALUES (?, ?, ?, ?)",
        [(folder_id(folder), FOLDER, place, folder) for place, folder in enumerate(folders)],
    )
    connection.executemany(
        """
        INSERT INTO main.collection (id, kind, place, name, unread_only, title, tag, address,
            search)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            (saved, SAVED, place, *columns)
            for place, (saved, columns) in enumerate(zip(saved_ids, wanted, strict=True))
        ],
    )
    connection.executemany(
        "INSERT INTO main.collected (collection, source) VALUES (?, ?)", collected
    )
