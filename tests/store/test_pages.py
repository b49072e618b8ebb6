"""Reading the file format: against SQLite where the file is whole, without raising where not."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from nordic_tui.store.pages import Pages, peek

SCHEMA = """
    PRAGMA application_id = 77; PRAGMA user_version = 5; PRAGMA journal_mode = WAL;
    CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT, size REAL, number INTEGER, raw BLOB);
    CREATE TABLE pair (a INTEGER, b TEXT, c INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID;
    CREATE INDEX thing_number ON thing (number);
"""


def fill(connection: sqlite3.Connection, seed: int) -> None:
    """Rows of every type and size: some in one page, some over many."""
    chance = random.Random(seed)  # noqa: S311  the same each time
    with connection:
        for n in range(600):
            letters = chance.randrange(40) if n % 30 else 20_000
            values = (
                chance.randrange(-5, 1 << 62),
                "é" * letters,
                chance.choice([0.0, 1.0, 0.1, -3e300, None]),
                chance.choice([0, 1, -5, 300, -70_000, 1 << 23, 1 << 31, 1 << 46, -(1 << 60)]),
                bytes(n % 7),
            )
            connection.execute("INSERT OR IGNORE INTO thing VALUES (?, ?, ?, ?, ?)", values)
            long = "x" * (3_000 if n % 50 == 0 else n % 9)
            connection.execute(
                "INSERT INTO pair VALUES (?, ?, ?)", (chance.getrandbits(50), long, n)
            )
        connection.execute("DELETE FROM thing WHERE number = 300")


def read(file: Path) -> tuple[list[object], list[object]]:
    """What the pages have of both tables, in their order."""
    with Pages(file, 77) as pages:
        roots = pages.roots()
        things = [
            (rowid, *columns[1:])
            for page in pages.walk(roots["thing"])
            for rowid, columns in pages.rows(page)
        ]
        pairs = [columns for page in pages.walk(roots["pair"]) for _, columns in pages.rows(page)]
        for _ in pages.walk(roots["thing_number"]):
            pass
        assert list(pages.strays()) == []
        return list(things), sorted(pairs, key=repr)


@pytest.mark.parametrize("page_bytes", [512, 4096, 65536])
def test_a_whole_file_is_read_as_sqlite_reads_it(tmp_path: Path, page_bytes: int) -> None:
    file = tmp_path / "a.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA page_size = {page_bytes}")
        connection.executescript(SCHEMA)
        for seed in (1, 2):
            fill(connection, seed)
            things = connection.execute("SELECT * FROM thing ORDER BY id").fetchall()
            pairs = connection.execute("SELECT * FROM pair").fetchall()
            # What is in the log only, then what is in both.
            assert read(file) == (things, sorted(pairs, key=repr))
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            assert read(file) == (things, sorted(pairs, key=repr))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """A file and its log: one half of the rows is in each."""
    file = tmp_path_factory.mktemp("pages") / "a.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(SCHEMA)
        fill(connection, 1)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        fill(connection, 2)
        return file.read_bytes(), file.with_name("a.db-wal").read_bytes()


def test_a_log_counts_up_to_its_first_wrong_sum(tmp_path: Path, made: tuple[bytes, bytes]) -> None:
    """As SQLite does it; a transaction without its end does not count at all."""
    file, log = tmp_path / "a.db", tmp_path / "a.db-wal"
    file.write_bytes(made[0])
    before = read(file)
    log.write_bytes(made[1])
    after = read(file)
    assert before != after
    for damaged in (
        made[1][:-1],
        made[1][:1000] + b"\xff" + made[1][1001:],
        made[1][:16] + b"other" + made[1][21:],
        made[1][:20],
        b"no log" * 1000,
        made[1][:8] + b"\0\0\2\0" + made[1][12:],
    ):
        log.write_bytes(damaged)
        assert read(file) == before


def test_a_log_of_another_kind_of_file_does_not_count(
    tmp_path: Path, made: tuple[bytes, bytes]
) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.executescript(SCHEMA.replace("77", "78"))
        fill(connection, 3)
        foreign = other.with_name("other.db-wal").read_bytes()
    file = tmp_path / "a.db"
    file.write_bytes(made[0])
    before = read(file)
    file.with_name("a.db-wal").write_bytes(foreign)
    assert read(file) == before


def test_a_look_at_a_file_leaves_everything_as_it_is(
    tmp_path: Path, made: tuple[bytes, bytes]
) -> None:
    file, log = tmp_path / "a.db", tmp_path / "a.db-wal"
    file.write_bytes(made[0])
    log.write_bytes(made[1])
    header = peek(file, 77)
    assert header is not None
    assert (header.application_id, header.version, header.in_use) == (77, 5, True)
    assert (file.read_bytes(), log.read_bytes()) == made
    assert {path.name for path in tmp_path.iterdir()} == {"a.db", "a.db-wal"}


def test_what_the_log_says_of_the_version_counts(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(SCHEMA)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA user_version = 6")
        header = peek(file, 77)
        assert header is not None
        assert header.version == 6


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_raised_whatever_a_file_holds(
    tmp_path: Path, made: tuple[bytes, bytes], seed: int
) -> None:
    """And nothing goes round in a circle."""
    chance = random.Random(seed)  # noqa: S311  the same each time
    file = tmp_path / "a.db"
    data = bytearray(made[0])
    for _ in range(chance.choice([1, 30, 2_000])):
        if chance.random() < 0.5:
            data[chance.randrange(len(data))] = chance.randrange(256)
        else:  # where the structure is
            page = chance.randrange(len(data) // 4096) * 4096
            data[page + chance.randrange(120)] = chance.randrange(256)
    file.write_bytes(data[: chance.choice([len(data), len(data) // 2, 5000, 99])])
    with Pages(file, 77) as pages:
        pages.header()
        for root in [1, *pages.roots().values(), 0, 1 << 31]:
            for page in pages.walk(root):
                pages.rows(page)
        for page, _ in pages.strays():
            pages.rows(page)


def test_a_page_size_that_makes_no_sense_is_the_usual_one(
    tmp_path: Path, made: tuple[bytes, bytes]
) -> None:
    file = tmp_path / "a.db"
    file.write_bytes(made[0])
    whole = read(file)
    for size in (0, 256, 4097):
        file.write_bytes(made[0][:16] + size.to_bytes(2, "big") + made[0][18:])
        assert read(file) == whole


def test_a_table_whose_row_in_the_schema_has_six_columns_is_told_by_its_pages(
    tmp_path: Path, made: tuple[bytes, bytes]
) -> None:
    file, data = tmp_path / "a.db", bytearray(made[0])
    head = data.index(b"tablethingthing") - 7
    assert data[head] == 7  # bytes of the head: itself, four types, and one of two bytes
    assert data[head + 5] & 0x80
    file.write_bytes(data)
    with Pages(file, 77) as pages:
        roots = pages.roots()
        leaves = set(pages.walk(roots.pop("thing")))
    data[head + 5 : head + 7] = b"\x01\x0d"  # now it is two: of a byte, and of an empty text
    file.write_bytes(data)
    with Pages(file, 77) as pages:
        assert pages.roots() == roots
        for root in roots.values():
            for _ in pages.walk(root):
                pass
        assert {page for page, _ in pages.strays()} == leaves


def test_a_page_that_the_disk_cannot_read_is_empty(
    tmp_path: Path, made: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.db"
    file.write_bytes(made[0])

    def pread(descriptor: int, size: int, offset: int) -> bytes:
        raise OSError(5, "Input/output error")

    with Pages(file, 77) as pages:
        monkeypatch.setattr("os.pread", pread)
        assert pages.page(2) == b""
        assert pages.rows(2) == []
        assert pages.header() is None
