"""Names of categories for who completes what is typed."""

from pathlib import Path

from nordic_tui.model import Source, SourceState
from nordic_tui.store.category_names import category_names
from nordic_tui.store.store import Store
from tests.fakes import NEWS, feed

from .helpers import HandClock


def test_a_file_that_is_missing_or_no_database_has_none(tmp_path: Path) -> None:
    file = tmp_path / "cache.db"
    assert category_names(file) == []
    assert not file.exists()
    file.write_bytes(b"no database" * 100)
    assert category_names(file) == []


def test_categories_that_hold_posts_are_named_once(tmp_path: Path, clock: HandClock) -> None:
    file = tmp_path / "cache.db"
    store = Store.open(file, None, None, clock=clock, retention_days=365)
    try:
        store.follow_now((Source(NEWS),))
        posts = feed("a", "b", categories=("Ærø", "Byen"))
        store.save_feed(NEWS, posts, SourceState(NEWS)).result()
        assert category_names(file) == ["Byen", "Ærø"]
    finally:
        store.close()
