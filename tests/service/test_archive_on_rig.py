"""Archives of a real WordPress: `NORDIC_TUI_RIG=http://127.0.0.1:8089 pytest -m rig`.

It reads and changes nothing there. Where NORDIC_TUI_RIG_SCRIPT names a script whose `up` starts
one, that is run first; the address is the one above unless NORDIC_TUI_RIG says another.
"""

import asyncio
import json
import os
import subprocess
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.request import urlopen

import pytest

from nordic_tui import wiring
from nordic_tui.clock import system_clock
from nordic_tui.model import Place, PlaceKind, Source, SourceState, View
from nordic_tui.service.archive import Archived, Archivist
from nordic_tui.service.site import learn_terms
from nordic_tui.store.store import Store

SCRIPT = os.environ.get("NORDIC_TUI_RIG_SCRIPT", "")
RIG = os.environ.get("NORDIC_TUI_RIG", "http://127.0.0.1:8089" if SCRIPT else "").rstrip("/")

pytestmark = [
    pytest.mark.rig,
    pytest.mark.skipif(not RIG, reason="NORDIC_TUI_RIG does not name a WordPress"),
]

STOPS = 12
"""At so many pages the longest test breaks off; the rig may hold thousands of posts."""


@pytest.fixture(scope="module", autouse=True)
def running() -> None:
    if SCRIPT:
        subprocess.run(["bash", SCRIPT, "up"], check=True, capture_output=True, timeout=600)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store.open(None, None, clock=system_clock)
    yield opened
    opened.close()


def asked(path: str) -> tuple[Any, int]:
    """What the site itself says: the answer, and how many there are in all."""
    with urlopen(f"{RIG}/wp-json/wp/v2/{path}", timeout=20) as answer:  # noqa: S310  the address is the developer's own
        return json.load(answer), int(answer.headers["X-WP-Total"])


async def archive(store: Store, address: str, *, stop_at: int | None = None) -> Archived:
    """stop_at: the pause at which it is broken off, from 1."""
    pauses = 0

    async def sleep(seconds: float) -> None:
        nonlocal pauses
        pauses += 1
        if pauses == stop_at:
            raise asyncio.CancelledError

    store.follow_now([Source(address)])
    (state,) = store.states()
    archivist = Archivist(
        wiring.open_archive_fetcher, wiring.open_decoder, store, system_clock, sleep=sleep
    )
    return await archivist.run(Source(address), state, lambda event: None)


def categories(store: Store) -> dict[str, Place]:
    return {place.name: place for place in store.places() if place.kind is PlaceKind.CATEGORY}


def titles(store: Store) -> list[str]:
    now = store.snapshot()
    return [row.title for row in store.rows(View(), now, 0, store.count(View(), now))]


async def test_a_category_is_as_large_as_the_site_says(store: Store) -> None:
    ((category, *_), _) = asked("categories?slug=new-initiatives")
    _, total = asked(f"posts?categories={category['id']}&per_page=1")
    archived = await archive(store, f"{RIG}/category/new-initiatives/feed/")
    assert (archived.reason, archived.fetched, archived.total) == ("", total, total)
    assert archived.complete
    assert categories(store)["New initiatives"].total == total > 10


async def test_the_categories_are_those_of_the_site_with_their_hierarchy(store: Store) -> None:
    terms, _ = asked("categories?per_page=100")
    _, total = asked("posts?per_page=1")
    archived = await archive(store, f"{RIG}/feed/")
    assert (archived.complete, archived.fetched) == (True, total)
    assert len(titles(store)) == total
    shown = categories(store)
    assert {name: place.total for name, place in shown.items()} == {
        unescape(term["name"]): term["count"] for term in terms if term["count"]
    }
    by_number = {term["id"]: unescape(term["name"]) for term in terms}
    for term in terms:
        if term["count"] and term["parent"]:
            above = shown[by_number[term["parent"]]]
            assert shown[unescape(term["name"])].depth == above.depth + 1


async def test_a_category_brings_those_below_it_as_its_feed_does(store: Store) -> None:
    terms, _ = asked("categories?per_page=100")
    (parent,) = {term["parent"] for term in terms if term["parent"]}
    family = [term["id"] for term in terms if parent in (term["id"], term["parent"])]
    slug = next(term["slug"] for term in terms if term["id"] == parent)
    _, total = asked(f"posts?categories={','.join(map(str, family))}&per_page=1")
    archived = await archive(store, f"{RIG}/category/{slug}/feed/")
    assert (archived.complete, archived.fetched) == (True, total)


async def test_stopped_at_each_page_of_a_feed_it_goes_on_without_loss_or_duplicate(
    store: Store,
) -> None:
    # REST can't be asked for what an author's feed stands for without knowing the author.
    address = f"{RIG}/author/admin/feed/"
    whole = await archive(store, address)
    assert (whole.complete, whole.total) == (True, None)
    every = sorted(titles(store))
    assert len(every) == whole.fetched > 20
    for stop in range(1, STOPS):
        other = Store.open(None, None, clock=system_clock)
        try:
            await archive(other, address, stop_at=stop)
        except asyncio.CancelledError:
            resumed = await archive(other, address)
        else:
            break
        finally:
            now = sorted(titles(other))
            other.close()
        assert (resumed.complete, resumed.fetched) == (True, whole.fetched)
        assert now == every
    assert stop > 3


async def test_stopped_again_and_again_by_rest_it_is_whole_in_the_end(store: Store) -> None:
    # The first request of each run looks for what is new: two more bring it on.
    address = f"{RIG}/feed/"
    _, total = asked("posts?per_page=1")
    for _ in range(total):
        try:
            archived = await archive(store, address, stop_at=3)
        except asyncio.CancelledError:
            continue
        break
    assert (archived.complete, archived.fetched, archived.total) == (True, total, total)
    assert len(titles(store)) == total


async def test_a_refresh_learns_the_categories_too(store: Store) -> None:
    address = f"{RIG}/feed/"
    store.follow_now([Source(address)])
    async with wiring.open_fetcher() as fetcher, wiring.open_decoder() as decoder:
        state = SourceState(address)
        learned = await learn_terms(
            state, Source(address).manner, fetcher, decoder, store, system_clock()
        )
    assert learned.rest == f"{RIG}/wp-json/"
