from pathlib import Path

import pytest

from nordic_tui.config.subscriptions import SubscriptionFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


@pytest.fixture
def file(path: Path, tmp_path: Path) -> SubscriptionFile:
    return SubscriptionFile(path, tmp_path / "data" / "undo.json")
