from collections.abc import Iterator
from pathlib import Path

import pytest

from nordic_tui.model import Source
from nordic_tui.store.store import Store

from .helpers import BLOG, NEWS, POLICE, HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock) -> Iterator[Store]:
    """An empty store that follows one source, once on files and once in memory."""
    if request.param == "file":
        names = ("cache.db", "history.db", "library.db")
        store = Store.open(*(tmp_path / name for name in names), clock=clock)
    else:
        store = Store.open(None, None, clock=clock)
    store.follow_now([Source(NEWS, "News")])
    yield store
    store.close()


@pytest.fixture
def two_sources(store: Store) -> Store:
    store.follow_now([Source(NEWS, "News"), Source(BLOG, "Blog")])
    return store


@pytest.fixture
def library(tmp_path: Path, clock: HandClock) -> Iterator[Store]:
    """A store with a library in a file, that follows two sources of one host and a third."""
    store = Store.open(
        tmp_path / "cache.db", tmp_path / "history.db", tmp_path / "library.db", clock=clock
    )
    store.follow_now([Source(NEWS, "Nyheter"), Source(POLICE, "Politi"), Source(BLOG, "Blogg")])
    yield store
    store.close()
