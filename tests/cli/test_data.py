import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nordic_tui import wiring
from nordic_tui.cli import main
from nordic_tui.config.consent import ConsentFile
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.model import Answer, View
from tests.terminal import WAIT_S, Terminal

from .helpers import PROGRAM, keep_history, settings

Captured = pytest.CaptureFixture[str]


def history_files() -> list[Path]:
    return sorted(find_paths().history_file.parent.glob("history.db*"))


def test_show_before_the_question(home: Path, capsys: Captured) -> None:
    assert main(["data", "show"]) == 0
    out = capsys.readouterr().out
    assert "You have not been asked yet; nothing is kept." in out
    assert f"On disk: nothing. {find_paths().history_file} does not exist." in out
    assert f"Stars and tags: none. {find_paths().library_file} does not exist." in out
    assert list(home.iterdir()) == []


def test_show_what_where_and_how_long(capsys: Captured) -> None:
    settings("retention_days = 90")
    paths = keep_history(reading="Nordic Capital Code")
    assert main(["data", "show"]) == 0
    out = capsys.readouterr().out
    assert "You agreed on " in out
    assert "On disk: 2 posts read" in out
    assert str(paths.history_file) in out
    assert "each mark for 90 days" in out
    assert f"Your answer is kept in {paths.consent_file}." in out


def test_stars_and_tags_are_told_apart_from_the_history(capsys: Captured) -> None:
    paths = keep_history(reading="Kick-off")
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        first, second = parts.store.rows(View(), parts.store.snapshot(), 0, 2)
        parts.keeping.star(first.id, True).result(WAIT_S)
        for post in (first, second):
            parts.keeping.later(post.id, True).result(WAIT_S)
    kept = (
        "Stars and tags, which are no reading history: 1 post starred, 2 posts tagged, in "
        f"{paths.library_file}.\n"
    )
    assert main(["data", "show"]) == 0
    assert capsys.readouterr().out.endswith(kept)
    assert main(["data", "erase", "--yes"]) == 0
    assert main(["data", "show"]) == 0
    assert capsys.readouterr().out.endswith(kept), "what was erased is the history"


def test_export_to_stdout(capsys: Captured) -> None:
    keep_history(reading="Kick-off")
    assert main(["data", "export"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["format"], found["version"]) == ("nordic-tui-history", 1)
    assert found["consent"]["answer"] == "keep"
    assert [post["title"] for post in found["read"]] == ["Safe City Norway Kick-off"]


def test_export_to_a_file_is_private(home: Path, capsys: Captured) -> None:
    keep_history(reading="Kick-off")
    file = home / "mine.json"
    file.write_text("x" * 10_000)
    file.chmod(0o644)
    assert main(["data", "export", "mine.json"]) == 0
    assert len(json.loads(file.read_text())["read"]) == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert capsys.readouterr().out == ""


def test_export_to_a_folder_that_is_not_there(capsys: Captured) -> None:
    assert main(["data", "export", "no/mine.json"]) == 1
    assert "no/mine.json could not be written: No such file or directory." in (
        capsys.readouterr().err
    )


def test_erase_needs_a_yes_without_a_terminal(capsys: Captured) -> None:
    keep_history(reading="Kick-off")
    assert main(["data", "erase"]) == 2
    assert "--yes" in capsys.readouterr().err
    assert history_files()


def test_erase_removes_all_and_keeps_none_from_now_on(capsys: Captured) -> None:
    paths = keep_history(reading="Kick-off")
    assert main(["data", "erase", "--yes"]) == 0
    assert history_files() == []
    consent = ConsentFile(paths.consent_file).load()
    assert consent is not None
    assert consent.answer is Answer.NEVER
    assert main(["data", "erase", "--yes"]) == 0
    assert "There is no reading history to erase." in capsys.readouterr().err


def test_erase_works_with_broken_settings() -> None:
    keep_history(reading="Kick-off")
    settings("this is not TOML")
    assert main(["data", "erase", "--yes"]) == 0
    assert history_files() == []


def test_history_without_an_answer_is_seen_and_erased(capsys: Captured) -> None:
    paths = keep_history(reading="Kick-off")
    paths.consent_file.unlink()
    assert main(["data", "show"]) == 0
    out = capsys.readouterr().out
    assert "On disk: 1 post read" in out
    assert "nothing is kept" not in out
    assert main(["data", "erase", "--yes"]) == 0
    assert history_files() == []


def test_erase_asks_on_a_terminal(terminal: Callable[..., Terminal]) -> None:
    keep_history(reading="Kick-off")
    for answer, status, stays in (("\n", 1, True), ("y\n", 0, False)):
        screen = terminal(*PROGRAM[1:], "data", "erase")
        screen.wait_for("[y/N]")
        assert "1 post read" in screen.text
        screen.type(answer)
        assert screen.end() == status
        assert bool(history_files()) is stays
