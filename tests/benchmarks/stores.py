"""Homes to measure with: what a person's machine holds after a year of reading.

Every home follows 100 sources; post n is of source n % 100, and post 0 is the newest, so the
list of all posts is in the order of the numbers.
"""

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from nordic_tui.clock import system_clock
from nordic_tui.model import Entry, Feed, Source, SourceState
from nordic_tui.service.history import NOTICE
from nordic_tui.store.store import Store
from tests.benchmarks import material

SOURCES: Final = 100
NEVER: Final = datetime(2099, 1, 1, tzinfo=UTC)
"""When the sources are due: not while one measures."""

AddressOf = Callable[[int], str]


def offline_address(source: int) -> str:
    """An address that is never asked."""
    return f"http://127.0.0.1:9/{source}"


def cache_file(home: Path) -> Path:
    return home / ".cache/nordic-tui/cache.db"


def make_home(home: Path, posts: int, address_of: AddressOf = offline_address) -> None:
    """A home with `posts` posts in 100 sources, all in the index, without a reading history."""
    sources = [Source(address_of(n), material.source_name(n)) for n in range(SOURCES)]
    write_settings(home, sources)
    write_consent(home / ".local/share", "never")
    store = Store.open(cache_file(home), None, clock=system_clock)
    try:
        store.follow_now(sources)
        for number, source in enumerate(sources):
            entries = tuple(entry(n, number) for n in range(number, posts, SOURCES))
            feed = Feed(title=source.name, entries=entries)
            state = SourceState(
                source.address, title=source.name, checked_at=system_clock(), next_at=NEVER
            )
            store.save_feed(source.address, feed, state).result()
        store.index_all().result()
    finally:
        store.close()


def make_long_home(home: Path, title: str, size_bytes: int) -> None:
    """A home with one post, whose text is so much HTML."""
    source = Source(offline_address(0), material.source_name(0))
    write_settings(home, [source])
    write_consent(home / ".local/share", "never")
    html, number = "", 0
    while len(html.encode()) < size_bytes:
        html += material.post(number, 0).body_html
        number += 1
    post = Entry(guid="long", title=title, published=material.NEWEST, content=html, more=True)
    store = Store.open(cache_file(home), None, clock=system_clock)
    try:
        store.follow_now([source])
        state = SourceState(
            source.address, title=source.name, checked_at=system_clock(), next_at=NEVER
        )
        feed = Feed(title=source.name, entries=(post,))
        store.save_feed(source.address, feed, state).result()
        store.index_all().result()
    finally:
        store.close()


def mark_read(home: Path, data: Path, every: int) -> int:
    """A second data directory for a home, with a reading history that is kept; how many marks.

    every: each post but the `every`-th is read.
    """
    write_consent(data, "keep")
    file = data / "nordic-tui/history.db"
    store = Store.open(cache_file(home), file, clock=system_clock)
    try:
        from nordic_tui.model import View

        view, now = View(), store.snapshot()
        rows = store.rows(view, now, 0, store.count(view, now))
        read = [row.id for number, row in enumerate(rows) if number % every]
        store.mark(read, True, undoable=False).result()
    finally:
        store.close()
    return len(read)


def entry(number: int, source: int) -> Entry:
    """A made-up post as a decoder would give it."""
    made = material.post(number, source)
    return Entry(
        guid=f"post-{number}",
        link=f"http://localhost/post/{number}",
        title=made.title,
        published=made.published,
        authors=(made.author,),
        categories=made.categories,
        excerpt=made.excerpt,
        content=made.body_html,
        more=True,
    )


def write_settings(home: Path, sources: list[Source]) -> None:
    """Settings with which nothing happens by itself."""
    file = home / ".config/nordic-tui/settings.toml"
    file.parent.mkdir(parents=True)
    tables = [
        f'[[sources]]\naddress = "{s.address}"\nname = "{s.name}"\n'
        + (f"max_megabytes = {s.manner.max_bytes // 10**6}\n" if s.manner.max_bytes else "")
        for s in sources
    ]
    head = "refresh_on_start = false\nmark_read_after_seconds = false\n\n"
    file.write_text(head + "\n".join(tables), encoding="utf-8")


def write_consent(data: Path, answer: str) -> None:
    """The answer to the question about the reading history, so that it isn't asked."""
    file = data / "nordic-tui/consent.json"
    file.parent.mkdir(parents=True)
    decision = {"answer": answer, "at": "2026-03-01T12:00:00+00:00", "notice": NOTICE}
    file.write_text(json.dumps(decision), encoding="utf-8")


def make_newsboat_home(home: Path, address_of: AddressOf) -> None:
    """newsboat's home with whatever the 100 addresses serve, read by newsboat itself."""
    folder = home / ".newsboat"
    folder.mkdir(parents=True)
    addresses = "".join(f"{address_of(n)}\n" for n in range(SOURCES))
    (folder / "urls").write_text(addresses, encoding="utf-8")
    # Its text as wide as ours, so that a page of both holds the same.
    (folder / "config").write_text("reload-threads 100\ntext-width 72\n", encoding="utf-8")
    reload_newsboat(home)


def reload_newsboat(home: Path) -> None:
    """Let newsboat ask all its sources, without a screen."""
    from tests.benchmarks.probe import environment

    newsboat = shutil.which("newsboat")
    assert newsboat is not None
    subprocess.run([newsboat, "-x", "reload"], env=environment(home), check=True, timeout=120)
