"""Writing a whole file in one step: whatever fails, the old one is there, and nothing else."""

import errno
import fcntl
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nordic_tui.config.files import replace_file, replace_file_in_parts


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


def failing(code: int) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(code, os.strerror(code))

    return fail


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
@pytest.mark.parametrize("step", ["make", "write", "fsync", "replace"])
@pytest.mark.parametrize("is_there", [True, False], ids=["file", "no file"])
def test_a_disk_that_refuses_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool, step: str, code: int
) -> None:
    file = tmp_path / "settings.toml"
    if is_there:
        file.write_bytes(b"old")
    targets: dict[str, tuple[object, str]] = {
        "make": (os, "open"),
        "fsync": (os, "fsync"),
        "replace": (Path, "replace"),
    }
    parts: Any = (b"new",)
    if step == "write":
        parts = map(failing(code), [b"new"])
    else:
        owner, name = targets[step]
        monkeypatch.setattr(owner, name, failing(code))
    with pytest.raises(OSError, match=os.strerror(code)) as raised:
        replace_file_in_parts(file, parts)
    monkeypatch.undo()
    assert raised.value.errno == code
    assert [path.read_bytes() for path in tmp_path.iterdir()] == ([b"old"] if is_there else [])
    replace_file(file, b"new")
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_quota_that_is_used_up_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    """The kernel takes a part of what is written (RLIMIT_FSIZE)."""
    import resource

    file = tmp_path / "undo.json"
    file.write_bytes(b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            replace_file(file, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [
        ("undo.json", b"old")
    ]
