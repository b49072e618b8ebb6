import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from nordic_tui.errors import StoreError
from nordic_tui.store.connection import Database, backup_file, prepare
from nordic_tui.store.schema import HISTORY, Schema

from .helpers import query

FIRST = ("CREATE TABLE thing (name TEXT)", "INSERT INTO thing VALUES ('kept')")
SECOND = ("ALTER TABLE thing ADD COLUMN size INTEGER", "UPDATE thing SET size = 3")
BROKEN = ("UPDATE thing SET name = 'lost'", "UPDATE missing SET name = ''")


def versioned(file: Path, *steps: tuple[str, ...]) -> Database:
    return Database.cache(file)._replace(schema=Schema(0x1234, steps))


def bring(database: Database) -> None:
    prepare(database, 1.0).close()


def test_a_file_of_an_older_version_is_brought_up_and_backed_up(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    bring(versioned(file, FIRST))
    assert not backup_file(file, 1).exists()

    bring(versioned(file, FIRST, SECOND))

    assert query(file, "SELECT name, size FROM thing") == [("kept", 3)]
    assert query(file, "PRAGMA user_version") == [(2,)]
    backup = backup_file(file, 1)
    assert query(backup, "SELECT * FROM thing") == [("kept",)]
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    bring(versioned(file, FIRST))
    with pytest.raises(StoreError, match=r"a\.db could not be used"):
        bring(versioned(file, FIRST, SECOND, BROKEN))
    assert query(file, "SELECT * FROM thing") == [("kept",)]
    assert query(file, "PRAGMA user_version") == [(1,)]


def test_a_file_of_the_present_version_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    bring(versioned(file, FIRST))
    before = file.read_bytes()
    bring(versioned(file, FIRST))
    assert file.read_bytes() == before


def test_the_history_keeps_nothing_but_marks_positions_and_their_undo() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in HISTORY.steps[0]:
            connection.execute(statement)
        columns = connection.execute(
            """
            SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
            WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'
            """
        ).fetchall()
    assert sorted(columns) == [
        ("batch", "at"),
        ("batch", "id"),
        ("batch", "undoable"),
        ("change", "batch"),
        ("change", "post"),
        ("change", "was_at"),
        ("change", "was_batch"),
        ("position", "at"),
        ("position", "fraction"),
        ("position", "post"),
        ("read_mark", "at"),
        ("read_mark", "batch"),
        ("read_mark", "post"),
    ]
