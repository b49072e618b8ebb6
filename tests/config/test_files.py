"""Writing a whole file in one step: whatever fails, the old one is there, and nothing else."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nordic_tui.config.files import replace_file, replace_file_in_parts


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
