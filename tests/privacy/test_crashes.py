"""Reports and logs name no post, and no error is written over the screen, wherever it is met."""

import logging
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nordic_tui.cli import crash
from nordic_tui.config.paths import find_paths
from tests.privacy.reader import Home
from tests.terminal import Terminal

NAME = "Quokka Vigilance"

BEHIND_THE_SCREEN = f"""
import asyncio, gc, logging, sys, warnings
from nordic_tui.cli import main, read

TITLE = {NAME!r}

class Kind(Exception): pass
class InTask(Kind): pass
class InCleaning(Kind): pass
class InLogger(Kind): pass
class AtTheEnd(Kind): pass

class Cleared:
    def __init__(self, kind): self.kind = kind
    def __del__(self): raise self.kind(TITLE)

async def fail(title=TITLE):
    raise InTask(title)

def errors():
    task = asyncio.get_running_loop().create_task(fail())
    asyncio.get_running_loop().call_later(0.01, lambda t=[task]: (t.clear(), gc.collect()))
    del task
    Cleared(InCleaning)
    warnings.warn(TITLE)
    logging.getLogger("httpx").error("asked for %s", TITLE)
    logging.getLogger("feedparser").warning("%d of %s", TITLE, TITLE)
    try: raise InLogger(TITLE)
    except InLogger: logging.getLogger("asyncio").exception(TITLE)
    print(TITLE)
    print(TITLE, file=sys.stderr)

run = read.run
def _run(*arguments):
    # Textual is imported by the program itself.
    from nordic_tui.tui.screens.reader import ReaderScreen

    begin = ReaderScreen._begin
    async def _begin(self):
        await begin(self)
        errors()
    ReaderScreen._begin = _begin
    return run(*arguments)
read.run = _run
last = Cleared(AtTheEnd)
sys.exit(main())
"""

IN_A_WORKER = f"""
import sys
from nordic_tui.cli import main, read

async def work(title={NAME!r}):
    raise LookupError(title)

run = read.run
def _run(*arguments):
    from nordic_tui.tui.screens.reader import ReaderScreen

    begin = ReaderScreen._begin
    async def _begin(self):
        await begin(self)
        self.run_worker(work(), group="test")
    ReaderScreen._begin = _begin
    return run(*arguments)
read.run = _run
sys.exit(main())
"""


@pytest.fixture
def run(home: Home) -> Iterator[Callable[[str], Terminal]]:
    """Starts a program in a terminal, with all that makes Python talkative. Its posts do not have
    the secret, so that whatever shows it is a leak."""
    home.settings()
    source = home.path.parent / "news.json"
    source.write_text(source.read_text().replace(NAME, "Harmless"))
    home.paths.cache_file.unlink()
    home.paths.consent_file.unlink(missing_ok=True)
    names = {
        "PYTHONDEVMODE": "1",
        "PYTHONWARNINGS": "always",
        "PYTHONASYNCIODEBUG": "1",
        "TEXTUAL": "debug,devtools",
        "TEXTUAL_LOG": "textual.log",
        "TEXTUAL_DEBUG": "1",
        "TEXTUAL_SHOW_RETURN": "1",
    }
    for name, value in names.items():
        home.patch.setenv(name, value)
    started: list[Terminal] = []

    def run(program: str) -> Terminal:
        started.append(Terminal("-c", program))
        return started[-1]

    yield run
    for each in started:
        each.close()


def assert_untold(home: Home, screen: Terminal) -> str:
    """Nothing names a post; gives the report."""
    assert NAME.encode() not in screen.sent
    assert b"Traceback" not in screen.sent
    assert b"rror:" not in screen.sent.replace(b"have: LookupError.", b"")
    assert list((home.path / "work").iterdir()) == []
    report = find_paths().log_file.read_text()
    assert NAME not in report
    assert str(home.path) not in report
    return report


def test_errors_that_nobody_waits_for_are_reported_and_drawn_nowhere(
    home: Home, run: Callable[[str], Terminal]
) -> None:
    screen = run(BEHIND_THE_SCREEN)
    screen.wait_for("May this program keep")
    screen.type("\r")
    screen.wait_for("What you read is forgotten when you quit.")
    screen.type("q")
    assert screen.end() == 0
    report = assert_untold(home, screen)
    # As Python clears up at its very end there may be nothing left to write a report with.
    for kind in ("InTask", "InCleaning", "InLogger"):
        assert f"__main__.{kind}\n" in report
    assert "in fail" in report


def test_an_error_of_a_worker_ends_in_a_sentence(
    home: Home, run: Callable[[str], Terminal]
) -> None:
    screen = run(IN_A_WORKER)
    assert screen.end() == 1
    assert "something went wrong that should not have" in screen.text.replace("\n", "")
    report = assert_untold(home, screen)
    assert "builtins.LookupError" in report
    assert "in work" in report


# ── what is watched ─────────────────────────────────────────────────────────────────────────


def test_what_was_before_is_there_again() -> None:
    def hooks() -> list[object]:
        root = logging.getLogger()
        return [
            threading.excepthook,
            sys.unraisablehook,
            sys.excepthook,
            warnings.showwarning,
            logging.raiseExceptions,
            [*root.handlers],
        ]

    before = hooks()
    with crash.watched():
        crash.watch_log()
        assert all(ours != theirs for ours, theirs in zip(hooks(), before, strict=True))
    assert hooks() == before


def test_an_error_that_ends_a_thread_is_given(home: Home) -> None:
    def fail() -> None:
        raise LookupError(NAME)

    with crash.watched() as ended:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    assert [type(error) for error in ended] == [LookupError]


def test_a_command_says_a_sentence_of_a_thread_that_ended(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def show(*_: object, **__: object) -> int:
        def fail() -> None:
            raise LookupError(NAME)

        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        return 0

    monkeypatch.setattr("nordic_tui.cli.run._dispatch", show)
    assert home.command("list") == 1
    assert "something went wrong that should not have: LookupError." in capsys.readouterr().err
    assert NAME not in find_paths().log_file.read_text()


def test_a_crash_of_python_leaves_no_image_of_the_memory(home: Home) -> None:
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_CORE,"
        " (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)\n"
        "import nordic_tui.cli.run as run; from nordic_tui.cli import main\n"
        "run._dispatch = lambda words: sys.exit(int(resource.getrlimit(resource.RLIMIT_CORE)[0]))\n"
        "sys.exit(main())"
    )
    assert subprocess.run([sys.executable, "-c", program, "paths"]).returncode == 0


def test_a_report_is_not_written_over_what_a_link_leads_to(home: Home) -> None:
    log = find_paths().log_file
    log.parent.mkdir(parents=True)
    mine = home.path / "mine"
    mine.write_text("mine")
    log.symlink_to(mine)
    assert "could not be written" in crash.report(LookupError(NAME))
    assert mine.read_text() == "mine"
    assert os.readlink(log) == str(mine)  # noqa: PTH115  as it was made


def test_what_is_said_of_an_error_goes_through_every_cause(home: Home, tmp_path: Path) -> None:
    try:
        try:
            raise KeyError(NAME)
        except KeyError as error:
            raise ExceptionGroup(NAME, [ValueError(NAME)]) from error
    except ExceptionGroup as group:
        told = "\n".join(crash.describe(group))
    assert NAME not in told
    for kind in ("ExceptionGroup", "KeyError", "ValueError"):
        assert f"builtins.{kind}" in told
