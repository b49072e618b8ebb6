"""How every command ends: statuses, signals, pipes, and what goes wrong."""

import errno
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from nordic_tui import __version__, wiring
from nordic_tui.cli import main
from nordic_tui.cli.arguments import COMMANDS
from nordic_tui.config.paths import find_paths
from nordic_tui.store.schema import CACHE
from tests.terminal import WAIT_S

from .helpers import PROGRAM, follow, settings


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"nordic-tui {__version__}\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--verison"], "Did you mean --version?"),
        (["refersh"], "Did you mean refresh?"),
        (["list", "--unred"], "Did you mean --unread?"),
        (["list", "--limit", "0"], "whole number from 1 on"),
        (["list", "feed.xml"], "nordic-tui list takes no feed.xml"),
        (["feed.xml", "list"], "./list"),
        (["data"], "ACTION"),
        (["gopher://example.org/"], "a web address begins with https://"),
        (["file://x"], "file:///"),
    ],
)
def test_wrong_use_is_2_with_a_hint(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("nordic-tui: ")
    assert said.err.count("\n") == 1
    assert says in said.err


def test_each_mistake_in_the_settings_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    file = settings("refresh_minutes = 1", 'theem = "fjord"')
    assert main(["list"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.startswith(f"nordic-tui: {file}, line ") for line in lines] == [True, True]


def test_newer_database_is_said_and_left(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    cache = find_paths().cache_file
    with sqlite3.connect(cache) as connection:
        connection.execute(f"PRAGMA user_version = {CACHE.version + 1}")
    connection.close()
    capsys.readouterr()
    assert main(["list"]) == 1
    said = capsys.readouterr()
    assert "newer version" in said.err
    assert said.out == ""


def test_control_characters_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["./\x1b]0;owned\x07\x9b31mnotes.xml"]) == 1
    assert capsys.readouterr().err == "nordic-tui: ./notes.xml does not exist.\n"


# ── crashes ─────────────────────────────────────────────────────────────────────────────────


def crash(*arguments: object, **options: object) -> None:
    title = "A secret title"
    raise LookupError(title)


def test_crash_is_a_sentence_and_a_report_without_titles(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(wiring, "open_parts", crash)
    log = find_paths().log_file
    assert main(["list"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "nordic-tui: something went wrong that should not have: LookupError. "
        f"A report without any post's name is in {log}.\n"
    )
    report = log.read_text()
    assert "builtins.LookupError" in report
    assert "in crash" in report
    assert "nordic_tui.cli.listing, line " in report
    assert "secret" not in report
    assert os.fspath(Path.home()) not in report
    assert log.stat().st_mode & 0o777 == 0o600


def test_second_crash_is_appended_and_a_long_log_begun_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wiring, "open_parts", crash)
    log = find_paths().log_file
    main(["list"])
    once = log.stat().st_size
    main(["list"])
    assert log.read_text().count("builtins.LookupError") == 2
    log.write_text("x" * 200_001)
    main(["list"])
    assert log.stat().st_size == once


# ── programs of their own ───────────────────────────────────────────────────────────────────


def test_closed_pipe_is_quiet() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [*PROGRAM, "list"], stdout=writing, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_full_disk_is_said() -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run([*PROGRAM, "paths"], stdout=full, stderr=subprocess.PIPE)
    assert ended.returncode == 1
    assert (
        ended.stderr == b"nordic-tui: The output could not be written: No space left on device.\n"
    )


def test_closed_stdout_is_said() -> None:
    ended = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *PROGRAM, "paths"], stderr=subprocess.PIPE
    )
    assert ended.returncode == 1
    assert ended.stderr == b"nordic-tui: The output could not be written: stdout is closed.\n"


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143)],
)
def test_signals_end_a_refresh_in_order(number: signal.Signals, status: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(WAIT_S)
        follow(f"http://127.0.0.1:{server.getsockname()[1]}/feed/")
        program = subprocess.Popen(
            [*PROGRAM, "refresh"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        asked, _ = server.accept()
        with asked:
            program.send_signal(number)
            out, err = program.communicate(timeout=WAIT_S)
    assert program.returncode == status
    assert out == b""
    assert b"Traceback" not in err


RUNS = (
    *("list", "paths", "data show", "refresh", "sources", "sources --json", "export", "undo"),
    *("redo", "library export", "archive --all", "search word", "views", "rules"),
    *("check", "check --motd", "check --json", "check --tsv", "check --markdown"),
    *("check --refresh", "check --since week --unread"),
)


def test_no_shell_command_imports_textual() -> None:
    follow()
    helps = ["--help", *(f"{name} --help" for name in COMMANDS)]
    program = (
        "import io, os, sys; sys.stdout = io.StringIO(); from nordic_tui.cli import main\n"
        f"for command in {[*helps, *RUNS]!r}: assert main(command.split()) == 0, command\n"
        "sys.stdout, (nobody, end) = sys.__stdout__, os.pipe(); os.close(nobody); os.dup2(end, 1)\n"
        "assert main(['watch']) == 0\n"  # nobody reads what it prints: it ends at once
        "wrong = {'textual', 'rich', 'httpx', 'feedparser', 'tomlkit'} & set(sys.modules)\n"
        "sys.exit(f'imported: {wrong}' if wrong else 0)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (ended.returncode, "imported" in ended.stderr) == (0, False), ended.stderr


COSTLY = (
    *("typing", "dataclasses", "pathlib", "shutil", "tempfile", "logging", "asyncio", "inspect"),
    *("platformdirs", "tomllib", "textwrap", "hashlib", "nordic_tui.model", "nordic_tui.wiring"),
)


@pytest.mark.parametrize("words", [["check"], ["check", "--motd"], ["check", "--for", "mail"]])
def test_a_check_imports_next_to_nothing(home: Path, words: list[str]) -> None:
    """Each of these is a tenth of the time that it has."""
    assert main(["list"]) == 0  # makes the cache, with the posts that come along
    find_paths().last_check_file.parent.mkdir(parents=True)
    program = (
        "import sys; from nordic_tui.cli import main\n"
        f"assert main({words!r}) == 0\n"
        f"wrong = set({COSTLY!r}) & set(sys.modules)\n"
        "sys.exit(f'imported: {wrong}' if wrong else 0)"
    )
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    # Without what site-packages bring to each start of this Python.
    sources = os.pathsep.join(path for path in sys.path if path)
    ended = subprocess.run(
        [sys.executable, "-S", "-c", program],
        capture_output=True,
        text=True,
        env=plain | {"PYTHONPATH": sources},
    )
    assert (ended.returncode, "imported" in ended.stderr) == (0, False), ended.stderr


def test_version_and_paths_import_little() -> None:
    program = (
        "import io, sys; sys.stdout = io.StringIO(); from nordic_tui.cli import main\n"
        "main(['--version']); early = {'argparse', 'sqlite3'} & set(sys.modules)\n"
        "main(['paths']); late = {'asyncio', 'sqlite3', 'json', 'tomllib'} & set(sys.modules)\n"
        "sys.exit(f'imported: {early} {late}' if early or late else 0)"
    )
    # What measures coverage imports more than a start does.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=plain
    )
    assert ended.stderr == ""


def test_start_of_the_reader_imports_no_network_and_no_parser() -> None:
    program = (
        "import sys, nordic_tui.cli.run, nordic_tui.cli.read, nordic_tui.tui.app\n"
        "costly = {'httpx', 'feedparser', 'markdown_it', 'pygments', 'argparse'}\n"
        "wrong = costly & set(sys.modules)\n"
        "sys.exit(f'imported: {wrong}' if wrong else 0)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ended.stderr == ""


# ── what the machine does not give ──────────────────────────────────────────────────────────


def in_shell(words: str, *command: str, stderr: int = subprocess.PIPE) -> tuple[int, bytes, bytes]:
    """Run the program after some words of a shell, in the same process."""
    ended = subprocess.run(
        ["sh", "-c", f'{words}; exec "$@"', "sh", *PROGRAM, *command],
        stdout=subprocess.PIPE,
        stderr=stderr,
        stdin=subprocess.DEVNULL,
    )
    return ended.returncode, ended.stdout, ended.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("words", ["exec 2>/dev/full", "exec 2>&-"])
def test_the_status_tells_where_no_word_can_be_said(words: str) -> None:
    assert in_shell(words, "list", "--unred")[0] == 2


@pytest.mark.parametrize("command", [["list"], ["paths"], []], ids=str)
def test_all_closed_is_a_failure_without_an_error_of_ours(command: list[str]) -> None:
    assert in_shell("exec <&- >&- 2>&-", *command)[0] == 1
    assert not find_paths().log_file.exists()


def test_a_directory_that_is_gone_is_said() -> None:
    words = 'gone=$(mktemp -d); cd "$gone"; rmdir "$gone"'
    assert in_shell(words, "./notes.xml") == (
        2,
        b"",
        b"nordic-tui: ./notes.xml cannot be found: the directory that this was started in is "
        b"gone.\n",
    )
    assert in_shell(words, "paths")[0] == 0


def test_a_file_name_that_is_no_text_is_said() -> None:
    status, out, err = in_shell(":", os.fsdecode(b"a\xff.xml"))
    assert (status, out) == (2, b"")
    assert b" holds bytes that are no text in UTF-8. " in err


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (MemoryError(), "There is not enough memory."),
        (OSError(errno.ENOMEM, "x"), "There is not enough memory."),
        (
            RuntimeError("can't start new thread"),
            "There is not enough memory, or the number of threads is limited (ulimit -u).",
        ),
        (
            ExceptionGroup("several", [OSError(errno.EMFILE, "x")]),
            "Too many files are open: this program needs some 30 (ulimit -n).",
        ),
    ],
)
def test_what_the_machine_does_not_give_is_said_and_no_defect(
    error: Exception,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        title = "around it"
        raise LookupError(title) from error

    monkeypatch.setattr(wiring, "open_parts", fail)
    assert main(["list"]) == 1
    assert capsys.readouterr().err == f"nordic-tui: {says}\n"
    assert not find_paths().log_file.exists()


def test_few_descriptors_suffice() -> None:
    follow()
    assert in_shell("ulimit -n 32", "refresh")[0] == 0
    assert in_shell("ulimit -n 32", "list")[0] == 0


def test_the_first_signal_decides_the_status() -> None:
    program = (
        "import os, signal, sys; from nordic_tui.cli import run\n"
        "def wait(words):\n"
        "    try: os.kill(os.getpid(), signal.SIGTERM)\n"
        "    finally: os.kill(os.getpid(), signal.SIGHUP)\n"
        "run._dispatch = wait\n"
        "sys.exit(run.run(['list']))"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 143
