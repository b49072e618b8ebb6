"""Every file of the corpus, beside the command that meets it."""

import os
import socket
from pathlib import Path

import pytest

from nordic_tui.cli import main
from nordic_tui.config.consent import ConsentFile
from nordic_tui.config.files import read_bytes
from nordic_tui.config.paths import find_paths
from nordic_tui.errors import FileUnreadable, TooLarge
from nordic_tui.fetch.file import read_file
from nordic_tui.service.history import may_store
from tests.hostile.local_files import CASES, DENIED, FileCase


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without anything in it but the folders; nothing of it leads to the network."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.chdir(folder)
    for path in find_paths():
        path.parent.mkdir(parents=True, exist_ok=True)
    find_paths().settings_file.write_text("sources = []\n")

    def connect(*_: object) -> None:
        raise AssertionError("something was asked for over the network")

    monkeypatch.setattr(socket.socket, "connect", connect)
    really = os.open

    def opening(path: str | Path, *how: int, **where: int) -> int:
        if Path(path).name == DENIED:
            raise PermissionError
        return really(path, *how, **where)

    monkeypatch.setattr(os, "open", opening)
    return folder


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_the_reader_does(
    case: FileCase, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = find_paths()
    own = getattr(paths, case.at, None)
    path = own or home / case.at
    if case.make is not None:
        if own is not None and path.exists():
            path.unlink()
        case.make(path)
    word = str(path) if own is not None else path.name
    said = [line.replace("FILE", word) if case.make else line for line in case.says]
    status = main([each.replace("FILE", word) for each in case.command])
    written = capsys.readouterr()
    assert written.err.splitlines() == [f"nordic-tui: {line}" for line in said]
    assert status == case.status
    if case.writes is not None:
        assert written.out == case.writes
    assert not paths.log_file.exists(), "a crash would have left a report"
    assert not paths.history_file.exists()
    assert not (home / "ran").exists()
    if case.at == "consent_file":
        assert not may_store(ConsentFile(path).load())


# ── what no command can be shown ────────────────────────────────────────────────────────────


async def test_a_file_that_grows_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "feed.xml"
    look = os.fstat

    def fstat(descriptor: int) -> os.stat_result:
        found = look(descriptor)
        path.write_bytes(b"x" * 100)
        return found

    path.write_bytes(b"x")
    monkeypatch.setattr(os, "fstat", fstat)
    with pytest.raises(TooLarge, match="is larger than 10 bytes"):
        await read_file(str(path), max_bytes=10)
    path.write_bytes(b"x")
    with pytest.raises(OSError, match="it has more than 10 bytes"):
        read_bytes(path, 10)


async def test_a_terminal_is_no_file_and_does_not_become_the_programs_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other, terminal = os.openpty()
    flags: list[int] = []
    really = os.open

    def opening(path: str | Path, how: int, *more: int) -> int:
        flags.append(how)
        return really(path, how, *more)

    monkeypatch.setattr(os, "open", opening)
    try:
        name = os.ttyname(terminal)
        with pytest.raises(FileUnreadable, match="is not a regular file"):
            await read_file(name)
        with pytest.raises(OSError, match="it is not a regular file"):
            read_bytes(Path(name), 10)
    finally:
        os.close(other)
        os.close(terminal)
    assert len(flags) == 2
    assert all(how & os.O_NOCTTY for how in flags)
