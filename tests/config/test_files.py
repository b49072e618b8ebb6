"""Files that are replaced as a whole, and what a killed program leaves of it."""

import fcntl
import os
import tempfile
from pathlib import Path

import pytest

from nordic_tui.config.files import replace_file


def left_over(target: Path, name: str = "abcd_123") -> Path:
    """What stays of a write whose program was killed."""
    path = target.with_name(f".{target.name}.{name}")
    path.write_text("half of what was read")
    return path


def test_what_a_killed_program_left_is_removed_by_the_next_write(tmp_path: Path) -> None:
    target = tmp_path / "history.json"
    left = [left_over(target), left_over(target, "x" * 8)]
    others = [left_over(tmp_path / "other.json"), left_over(target, "my notes")]
    replace_file(target, b"new")
    assert target.read_bytes() == b"new"
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in others), "these are no temporary files of it"


def test_what_another_program_is_writing_stays(tmp_path: Path) -> None:
    target = tmp_path / "history.json"
    written = left_over(target)
    with written.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        replace_file(target, b"new")
        assert written.exists()


def test_a_file_that_was_taken_for_left_over_before_its_lock_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "history.json"
    make = tempfile.mkstemp

    def taken(prefix: str, dir: Path) -> tuple[int, str]:
        monkeypatch.setattr(tempfile, "mkstemp", make)
        descriptor, name = make(prefix=prefix, dir=dir)
        Path(name).unlink()
        return descriptor, name

    monkeypatch.setattr(tempfile, "mkstemp", taken)
    replace_file(target, b"new")
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_where_there_are_no_locks_nothing_is_taken_for_left_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "history.json"
    left = left_over(target)

    def none(*_: object) -> None:
        raise OSError(37, os.strerror(37))

    monkeypatch.setattr(fcntl, "flock", none)
    replace_file(target, b"new")
    assert left.exists()
    assert target.read_bytes() == b"new"


def test_a_folder_that_may_only_be_written_to_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> None:
        raise PermissionError(13, os.strerror(13))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "iterdir", refused)
        replace_file(tmp_path / "history.json", b"new")
    assert (tmp_path / "history.json").read_bytes() == b"new"
