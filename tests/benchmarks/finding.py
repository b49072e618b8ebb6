"""Searches in the store of a home, without a screen: the program's own finding thread.

    HOME=… python -m tests.benchmarks.finding       prints its figures as JSON

Timed is from the question until its answer is there. What is changed to count saved searches is
put back at the end.
"""

import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median

from nordic_tui.clock import system_clock
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.model import Found, SavedView, Source, View
from nordic_tui.store.store import Store
from tests.benchmarks import material

SAVED = 20
TIMES = 5


def ask(store: Store, view: View) -> tuple[float, float, int]:
    """Seconds to the first results and to all, and how many there are."""
    first_at: list[float] = []

    def note(_: Found) -> None:
        first_at.append(time.perf_counter())

    began = time.perf_counter()
    found = store.find(view, store.snapshot(), note).result()
    whole = time.perf_counter() - began
    return (first_at[0] - began if first_at else whole), whole, len(found.ids)


def searches(file: Path) -> dict[str, float]:
    first: list[float] = []
    whole: list[float] = []
    letters: list[float] = []
    cold: list[float] = []
    for word in material.SOUGHT:
        forget(file)
        with opened(file) as store:
            cold.append(ask(store, View(search=word))[0])
            for _ in range(TIMES):
                first_s, whole_s, _ = ask(store, View(search=word))
                first.append(first_s)
                whole.append(whole_s)
            for end in range(2, len(word) + 1):
                letters.append(ask(store, View(search=word[:end], typing=True))[0])
    return {
        "search.first_s": median(first),
        "search.worst_s": max(first),
        "search.letter_s": max(letters),
        "search.all_s": median(whole),
        "search.cold_s": max(cold),
    }


def forget(file: Path) -> None:
    """Let the system forget what it has of the file in memory."""
    if sys.platform == "linux":
        descriptor = os.open(file, os.O_RDONLY)
        try:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


@contextmanager
def opened(file: Path) -> Iterator[Store]:
    store = Store.open(file, None, clock=system_clock)
    try:
        yield store
    finally:
        store.close()


def counts(file: Path, sources: tuple[Source, ...]) -> dict[str, float]:
    """The sidebar with 20 saved searches, from when a post is marked until all is counted."""
    words = [*material.SOUGHT, "klima", "category:møter", "author:åse", "title:havn", "høyskolen"]
    texts = [f"{words[n % len(words)]} after:20{10 + n}" for n in range(SAVED)]
    with opened(file) as store:
        store.follow(sources, [SavedView(text, search=text) for text in texts]).result()
        now = store.snapshot()
        unread = [row.id for row in store.rows(View(), now, 0, 3 * TIMES)]
        began = time.perf_counter()
        store.count_places(now).result()
        anew_s = time.perf_counter() - began
        taken = []
        for post in unread:
            began = time.perf_counter()
            store.mark([post], True)
            store.count_places(now).result()
            taken.append(time.perf_counter() - began)
        store.follow(sources).result()
    return {"counts.mark_s": max(taken), "counts.anew_s": anew_s}


def size(file: Path) -> dict[str, float]:
    with closing(sqlite3.connect(file)) as connection:
        (texts,) = connection.execute(
            "SELECT SUM(length(CAST(title || excerpt || content AS BLOB))) FROM body"
        ).fetchone()
    return {"store.ratio": file.stat().st_size / texts}


def main() -> None:
    paths = find_paths()
    followed = load(paths.settings_file).sources
    figures = searches(paths.cache_file) | counts(paths.cache_file, followed)
    json.dump(figures | size(paths.cache_file), sys.stdout)


if __name__ == "__main__":
    main()
