"""Makes the dumps beside it: `python -m tests.store.versions.make` in a clone with its history.

Each is what the program itself wrote into its files as it was at that commit, with sources, posts,
marks, a position and an undo. To be run once for a new version; a dump is never made anew.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent
COMMITS = {
    1: "2263517b2cf435af48d7e4582dc8c2eaa071e692",
    2: "b8c8c94d2c0ecda8f1304d36be20c22a58a6f041",
    3: "2578ff008e4492e3b5772c6ec0bedf65982fae8a",
}
"""The last commit that wrote a cache of this version; all of them wrote histories of version 1."""
HISTORY_OF_2 = "73b2d874dffb6ce1f034f3695f6e4b14fbeec6f3"
"""The last commit that wrote a history of version 2; its cache is of the fourth."""
HISTORY_OF_3 = "98e552c5df73f6d9fa308a1a1a61a49432744414"
"""One that wrote a history of version 3, with the same cache."""

FILL = """
import sqlite3, sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from nordic_tui.model import Entry, Feed, Source, SourceState
from nordic_tui.store.store import Store

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
NEWS, POLICE, BLOG = (
    "https://news.example/feed/", "http://news.example:8080/police/feed/",
    "https://blog.example/feed/",
)


def entry(name, day, **parts):
    published = datetime(2024, 5, day, 8, tzinfo=UTC) if day else None
    return Entry(**({"guid": name, "title": f"Title {name}", "published": published} | parts))


def shared(name, day):
    return entry(name, day, link=f"https://news.example/{name}/", content=f"<p>Text {name}</p>",
        categories=("Police", "Æøå"), authors=("Kari",), more=True)


folder = Path(sys.argv[1])
with closing(Store.open(folder / "cache.db", folder / "history.db", clock=lambda: NOW)) as store:
    store.follow_now([Source(NEWS, "Nyheter"), Source(POLICE), Source(BLOG)])
    posts = [shared(name, day) for name, day in zip("abc", (9, 8, 7))]
    blog = [entry("z", None, excerpt="No date", protected=True), entry("y", 3, title="Ærlig")]
    for address, entries, state in (
        (NEWS, posts, {"etag": "abc", "last_modified": "Sat", "checked_at": NOW, "next_at": NOW}),
        (POLICE, posts[:2], {"read_from": NEWS, "stopped": True}),
        (BLOG, blog, {"failures": 3, "error": "did not answer within 20 s"}),
    ):
        feed = Feed(title=f"Feed of {address}", site_url=address, entries=tuple(entries))
        store.save_feed(address, feed, SourceState(address, **state)).result()
    ids = {row.title: row.id for row in store.rows(VIEW, store.snapshot(), 0, 100)}
    store.mark([ids["Title a"], ids["Title z"]], True).result()
    store.mark([ids["Title z"]], False).result()
    store.save_position(ids["Title b"], 0.25).result()
    if hasattr(store, "save_asked_text"):
        store.save_asked_text(ids["Title c"], "<p>Asked words</p>").result()
        store.index_all().result()
    store.follow_now([Source(NEWS, "Nyheter"), Source(BLOG)])
for name in sys.argv[2:]:
    with closing(sqlite3.connect(folder / f"{name}.db")) as connection:
        pragmas = [
            f"PRAGMA {pragma} = {connection.execute(f'PRAGMA {pragma}').fetchone()[0]};"
            for pragma in ("application_id", "user_version")
        ]
        # What iterdump makes of an index of words can't be read back.
        dumped = [each for each in connection.iterdump()
            if "asked_found" not in each and "writable_schema" not in each]
        for sql, in connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'asked_found'"):
            columns = ("rowid", "title", "text", "author", "category")
            quoted = " || ', ' || ".join(f"quote({column})" for column in columns)
            rows = connection.execute(f"SELECT {quoted} FROM asked_found")
            dumped[-1:-1] = [f"{sql};", *(
                f"INSERT INTO asked_found ({', '.join(columns)}) VALUES ({row});"
                for row, in rows)]
        text = "\\n".join([*pragmas, *dumped])
        (folder / f"{name}.sql").write_text(text + "\\n", encoding="utf-8")
"""


def make(version: int, commit: str, *kinds: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = subprocess.run(
            ["git", "archive", commit, "src"],
            cwd=FOLDER.parents[2],
            check=True,
            capture_output=True,
        ).stdout
        subprocess.run(["tar", "-x"], cwd=folder, check=True, input=archive)
        view = "from nordic_tui.model import View\nVIEW = View()\n"
        subprocess.run(
            [sys.executable, "-c", view + FILL, name, *kinds],
            check=True,
            env=os.environ | {"PYTHONPATH": str(folder / "src")},
        )
        for kind in kinds:
            (FOLDER / f"{kind}-of-{version}.sql").write_bytes((folder / f"{kind}.sql").read_bytes())


if __name__ == "__main__":
    for version, commit in COMMITS.items():
        make(version, commit, "cache", "history")
    make(4, HISTORY_OF_2, "history")
    make(5, HISTORY_OF_3, "history")
