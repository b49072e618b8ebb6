from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes import FixedClock
from tests.privacy.reader import Home


@pytest.fixture
def enter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Home]:
    """Moves into a new home; the one before is renamed, so that both have the same path."""
    number = 0

    def enter() -> Home:
        nonlocal number
        path = tmp_path / "home"
        if number:
            path.rename(tmp_path / f"home-{number}")
        number += 1
        home = Home(path, FixedClock(), monkeypatch)
        home.enter()
        return home

    return enter


@pytest.fixture
def home(enter: Callable[[], Home]) -> Home:
    return enter()
