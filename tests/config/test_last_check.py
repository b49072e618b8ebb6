import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from nordic_tui.config import last_check

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "nordic-tui" / "last-check.json"


def test_who_never_checked(file: Path) -> None:
    assert last_check.load(str(file), "") is None
    assert not file.parent.exists()


def test_each_name_has_a_check_of_its_own(file: Path) -> None:
    last_check.save(str(file), "", AT, 4711)
    last_check.save(str(file), "mail", AT + timedelta(hours=1), 4720)
    assert last_check.load(str(file), "") == (AT, 4711)
    assert last_check.load(str(file), "mail") == (AT + timedelta(hours=1), 4720)
    assert last_check.load(str(file), "chat") is None
    assert json.loads(file.read_text()) == {
        "version": 1,
        "checks": {
            "": {"at": "2026-11-26T12:00:00+00:00", "seq": 4711},
            "mail": {"at": "2026-11-26T13:00:00+00:00", "seq": 4720},
        },
    }


def test_it_is_the_owners_alone_and_leaves_nothing_beside_it(file: Path) -> None:
    last_check.save(str(file), "", AT, 1)
    file.chmod(0o644)
    last_check.save(str(file), "", AT, 2)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_checks_at_once_do_not_forget_each_other(file: Path) -> None:
    names = [f"job {number}" for number in range(8)]
    last_check.save(str(file), "", AT, 0)
    threads = [Thread(target=last_check.save, args=(str(file), name, AT, 1)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(last_check.load(str(file), name) == (AT, 1) for name in names)


def test_names_that_checked_long_ago_are_forgotten(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last_check, "MAX_NAMES", 2)
    for number, name in enumerate(("a", "b", "c")):
        last_check.save(str(file), name, AT + timedelta(hours=number), number)
    assert last_check.load(str(file), "a") is None
    assert last_check.load(str(file), "b") == (AT + timedelta(hours=1), 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '{"version": 2, "checks": {}}',
        '{"version": 1}',
        '{"version": 1, "checks": []}',
        '{"version": 1, "checks": {"": []}}',
        '{"version": 1, "checks": {"": {"at": "2026-11-26T12:00:00", "seq": 1}}}',
        '{"version": 1, "checks": {"": {"at": "yesterday", "seq": 1}}}',
        '{"version": 1, "checks": {"": {"at": "2026-11-26T12:00:00+00:00", "seq": true}}}',
        '{"version": 1, "checks": {"": {"at": "2026-11-26T12:00:00+00:00", "seq": -1}}}',
        '{"version": 1, "checks": {}}' + " " * 100_000,
        "[" * 50_000,
    ],
    ids=lambda text: text[:70],
)
def test_a_damaged_file_is_told_and_replaced(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(text)
    with pytest.raises(last_check.DamagedError, match="cannot be read"):
        last_check.load(str(file), "")
    last_check.save(str(file), "", AT, 7)
    assert last_check.load(str(file), "") == (AT, 7)


def test_what_cannot_be_written_changes_nothing(file: Path) -> None:
    file.parent.parent.mkdir(parents=True)
    file.parent.write_text("a file in the place of the folder")
    with pytest.raises(OSError):  # noqa: PT011  which one, the system chooses
        last_check.save(str(file), "", AT, 7)


def test_a_link_that_somebody_planted_is_not_written_through(file: Path, tmp_path: Path) -> None:
    file.parent.mkdir(parents=True)
    victim = tmp_path / "victim"
    victim.write_text("mine")
    Path(f"{file}.new").symlink_to(victim)
    with pytest.raises(OSError):  # noqa: PT011  ELOOP or its like
        last_check.save(str(file), "", AT, 7)
    assert victim.read_text() == "mine"
