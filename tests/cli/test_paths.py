import json
from pathlib import Path

import pytest

from nordic_tui.cli import main

from .helpers import settings


def test_names_every_place_and_whether_it_exists(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = settings("refresh_minutes = 30")
    assert main(["paths"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == [
        *("settings", "cache", "library", "history", "consent", "undo", "log", "checks")
    ]
    assert rows[0] == ["settings", str(file), "exists"]
    assert all(row[1].startswith(f"{home}/") and row[2] == "missing" for row in rows[1:])


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["paths", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["version"] == 1
    assert found["paths"]["history"]["exists"] is False
    assert Path(found["paths"]["history"]["path"]).name == "history.db"


def test_works_with_broken_settings_and_makes_nothing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings("this is not TOML")
    before = sorted(home.rglob("*"))
    assert main(["paths"]) == 0
    assert sorted(home.rglob("*")) == before
    assert capsys.readouterr().err == ""
