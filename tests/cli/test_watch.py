"""`nordic-tui watch` as a program, and what it prints while another one brings posts."""

import json
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from nordic_tui.cli import main
from nordic_tui.config.paths import find_paths
from tests.terminal import WAIT_S

from .helpers import PROGRAM, feed, post, settings, store


@pytest.fixture
def file(home: Path) -> Path:
    """The file of a source that is followed; its one post is kept."""
    file = feed(home / "feed.json", "Files", post("old", day=1))
    store(file)
    return file


@pytest.fixture
def watch() -> Iterator["list[subprocess.Popen[str]]"]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for each in started:
        each.kill()
        each.communicate(timeout=WAIT_S)


def start(started: "list[subprocess.Popen[str]]", *words: str) -> "subprocess.Popen[str]":
    program = subprocess.Popen(
        [*PROGRAM, "watch", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    started.append(program)
    return program


def line(program: "subprocess.Popen[str]") -> str:
    """The next line of stdout; the test's own time limit ends a wait for none."""
    assert program.stdout is not None
    return program.stdout.readline()


def refresh() -> None:
    assert main(["refresh"]) in (0, 1, 3)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_posts_are_printed_as_another_program_brings_them(
    watch: "list[subprocess.Popen[str]]", file: Path, number: int, status: int
) -> None:
    program = start(watch, "--no-refresh", "--since", "2024-05-01", "--json")
    assert json.loads(line(program))["title"] == "old"  # it watches from here on
    feed(file, "Files", post("older", day=2), post("old", day=1), post("new"))
    refresh()
    assert json.loads(line(program))["title"] == "new"
    program.send_signal(number)
    out, err = program.communicate(timeout=WAIT_S)
    assert (program.returncode, out, err) == (status, "", "")


def test_it_asks_sources_itself(watch: "list[subprocess.Popen[str]]", file: Path) -> None:
    with closing(sqlite3.connect(find_paths().cache_file)) as connection:
        connection.execute("UPDATE source SET next_at = 0")
        connection.commit()
    feed(file, "Files", post("old", day=1), post("new"))
    program = start(watch)
    assert line(program).split("\t")[:3] == ["unread", "", "new"]


def test_who_reads_no_more_ends_it(watch: "list[subprocess.Popen[str]]", file: Path) -> None:
    program = start(watch, "--no-refresh", "--since", "2024-05-01")
    assert line(program)
    assert program.stdout is not None
    program.stdout.close()
    assert program.wait(WAIT_S) == 0


def test_a_source_that_fails_is_said_once_and_once_that_it_answers(
    watch: "list[subprocess.Popen[str]]", file: Path
) -> None:
    program = start(watch, "--no-refresh", "--since", "2024-05-01")
    assert line(program)
    assert program.stderr is not None
    file.rename(f"{file}.away")
    refresh()
    assert program.stderr.readline() == "nordic-tui: Files does not exist.\n"
    refresh()
    Path(f"{file}.away").rename(file)
    refresh()
    assert program.stderr.readline() == "nordic-tui: Files answers again.\n"


def test_what_a_rule_hides_is_not_printed(watch: "list[subprocess.Popen[str]]", file: Path) -> None:
    settings(
        f'[[sources]]\naddress = "{file}"', '[[rules]]\nname = "R"\nsearch = "secret"\nhide = true'
    )
    program = start(watch, "--no-refresh", "--since", "2024-05-01")
    assert "old" in line(program)
    feed(file, "Files", post("secret"), post("open"))
    refresh()
    assert line(program).split("\t")[2] == "open"


def test_used_wrongly(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "--since", "soon"]) == 2
    assert main(["watch", "--category", "None such"]) == 2
    assert "There is no category “None such”" in capsys.readouterr().err
