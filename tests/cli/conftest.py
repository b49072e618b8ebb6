from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home directory without anything in it; the work is done in it."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    """Starts programs in terminals and ends them with the test."""
    started: list[Terminal] = []

    def start(*command: str, stdin: bytes | None = None) -> Terminal:
        started.append(Terminal(*command, stdin=stdin))
        return started[-1]

    yield start
    for each in started:
        each.close()
