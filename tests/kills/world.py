"""A home, what is followed in it, and what the outside answers: old editions, then new ones."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nordic_tui import wiring
from nordic_tui.config.paths import Paths, find_paths
from nordic_tui.config.settings import load
from nordic_tui.model import Response, View
from nordic_tui.service.ports import Decoder
from nordic_tui.service.refresh import Finished
from tests.fakes import FakeFetcher
from tests.service.archiving import HereDecoder

WAIT_S = 30.0
NEWS, BLOG, CLUB = (f"https://news.example/{name}/feed/" for name in ("news", "blog", "club"))
"""Of one host: the same post in two of them is one post."""
SOURCES = (NEWS, BLOG, CLUB)
DAY = datetime(2026, 5, 1, 8, tzinfo=UTC)

SETTINGS = "\n".join(
    [
        "# My settings",
        'theme = "fjord"',
        *(f'\n[[sources]]\naddress = "{address}"' for address in SOURCES),
        '\n[[rules]]\nname = "Harbour"\nsearch = "harbour"\nstar = true',
        '\n[[rules]]\nname = "Fog"\nsearch = "title:fog"\nhide = true',
        "",
    ]
)

Item = dict[str, object]


def item(name: str, number: int, words: str = "") -> Item:
    """A post of a JSON Feed; it is known by its name and number, whatever its words."""
    at = DAY + timedelta(hours=number)
    return {
        "id": f"{name}-{number}",
        "url": f"https://news.example/{name}/{number}",
        "title": f"{name} {number} {words}".strip(),
        "content_html": f"<p>About the harbour, {number}.</p>" if number % 5 == 0 else "<p>So.</p>",
        "date_published": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "tags": ["Even" if number % 2 == 0 else "Odd", f"Sort {number % 3}"],
    }


def old_edition() -> dict[str, list[Item]]:
    return {
        NEWS: [item("News", n) for n in range(25, 0, -1)],
        BLOG: [item("Blog", n) for n in range(10, 0, -1)],
        CLUB: [item("Club", n) for n in range(12, 0, -1)],
    }


def new_edition() -> dict[str, list[Item]]:
    """Of each source some posts are new, some have changed; some are now in two sources."""
    return {
        NEWS: [
            *(item("News", n, "fog" if n % 4 == 0 else "") for n in range(33, 25, -1)),
            *(item("News", n, "again" if n > 15 else "") for n in range(25, 0, -1)),
        ],
        BLOG: [
            *(item("News", n) for n in (3, 4, 5, 6)),
            *(item("Blog", n, "again" if n > 5 else "") for n in range(15, 0, -1)),
        ],
        CLUB: [item("News", 3), *(item("Club", n) for n in range(20, 0, -1))],
    }


def titles(items: Sequence[Item]) -> set[object]:
    return {each["title"] for each in items}


def answers(edition: Mapping[str, Sequence[Item]]) -> FakeFetcher:
    version = "https://jsonfeed.org/version/1.1"
    bodies = {
        address: json.dumps({"version": version, "title": address[21:25], "items": items}).encode()
        for address, items in edition.items()
    }
    return FakeFetcher({a: Response(url=a, body=body) for a, body in bodies.items()})


# ── homes ───────────────────────────────────────────────────────────────────────────────────


def enter(home: Path) -> Paths:
    """Let this process live in a home; made if need be, with settings. For children only."""
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        os.environ.pop(f"XDG_{name}_HOME", None)
    os.environ["HOME"] = str(home)
    home.mkdir(exist_ok=True)
    os.chdir(home)
    paths = find_paths()
    if not paths.settings_file.exists():
        paths.settings_file.parent.mkdir(parents=True)
        paths.settings_file.write_text(SETTINGS)
    return paths


@asynccontextmanager
async def open_decoder(*, max_memory_bytes: int | None = None) -> AsyncIterator[Decoder]:
    """The decoders in this process: what is killed here is what writes."""
    yield HereDecoder()


@contextmanager
def started(
    paths: Paths, edition: Mapping[str, Sequence[Item]] | None = None
) -> Iterator[wiring.Parts]:
    """The program without a face, as it starts on these files."""
    wiring.open_decoder = open_decoder
    fetcher = answers(edition or {})
    with wiring.open_parts(load(paths.settings_file), paths, fetcher=fetcher.open) as parts:
        yield parts


def refresh(parts: wiring.Parts) -> Finished:
    finished = asyncio.run(parts.refresher.run(parts.store.states(), lambda event: None))
    assert not finished.failed
    return finished


def settle(parts: wiring.Parts) -> None:
    """Let all that the store does by itself be done."""
    parts.store.index_all().result(WAIT_S)


def ids(parts: wiring.Parts) -> dict[str, int]:
    rows = parts.store.rows(View(), parts.store.snapshot(), 0, 1000)
    return {row.title: row.id for row in rows}
