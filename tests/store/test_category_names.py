"""Names of categories for who completes what is typed."""

from pathlib import Path

from nordic_tui.store.category_names import category_names


def test_a_file_that_is_missing_or_no_database_has_none(tmp_path: Path) -> None:
    file = tmp_path / "cache.db"
    assert category_names(file) == []
    assert not file.exists()
    file.write_bytes(b"no database" * 100)
    assert category_names(file) == []
