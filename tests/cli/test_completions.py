"""What the Tab key offers, asked of the shells themselves."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nordic_tui.cli import completions, main
from nordic_tui.config.paths import find_paths
from tests.cli.helpers import feed, post, settings, store
from tests.terminal import WAIT_S, Terminal


def needs(shell: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed")


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `nordic-tui` for the scripts to call."""
    program = tmp_path / "bin" / "nordic-tui"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m nordic_tui "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")


@pytest.fixture
def in_bash(tmp_path: Path) -> Callable[..., set[str]]:
    script = tmp_path / "nordic-tui.bash"
    script.write_text(completions.bash())
    asking = (
        f'source {script}; COMP_WORDS=("$@"); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); '
        "_nordic_tui; printf '%s\\n' \"${COMPREPLY[@]}\""
    )

    def ask(*words: str) -> set[str]:
        command = ("bash", "--norc", "-c", asking, "bash", "nordic-tui", *words)
        done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT_S, check=True)
        assert done.stderr == ""
        return set(done.stdout.splitlines()) - {""}

    return ask


@pytest.fixture
def in_fish(tmp_path: Path) -> Callable[[str], set[str]]:
    script = tmp_path / "nordic-tui.fish"
    script.write_text(completions.fish())

    def ask(line: str) -> set[str]:
        command = ("fish", "--no-config", "-c", f'source {script}; complete -C "$argv"', line)
        done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT_S, check=True)
        assert done.stderr == ""
        return {found.partition("\t")[0] for found in done.stdout.splitlines()}

    return ask


CASES: tuple[tuple[str, set[str]], ...] = (
    ("li", {"list", "library"}),
    ("list --li", {"--limit"}),
    ("views ", {"add", "remove"}),
    ("views add --u", {"--unread"}),
    ("rules --json tr", {"try"}),
    ("brief --format ", {"md", "html", "text"}),
    ("change x --archive o", {"on", "off"}),
    ("list --limit 3 --category x --un", {"--unread"}),
    ("completions ", {"bash", "zsh", "fish"}),
    ("--ver", {"--version"}),
    ("import no", {"notes.xml"}),
    ("no", {"notes.xml"}),
    ("brief --search li", set()),
)


@needs("bash")
def test_bash_completes(in_bash: Callable[..., set[str]], home: Path) -> None:
    (home / "notes.xml").touch()
    for line, wanted in CASES:
        assert in_bash(*line.split(" ")) == wanted, line
    assert in_bash("brief", "--format", "=", "h") == {"html"}, "bash parts --format=h like this"


@needs("fish")
def test_fish_completes(in_fish: Callable[[str], set[str]], home: Path) -> None:
    (home / "notes.xml").touch()
    for line, wanted in CASES:
        assert in_fish(f"nordic-tui {line}") == wanted, line


@pytest.fixture
def two_sources(tmp_path: Path, home: Path) -> None:
    news = feed(
        tmp_path / "n.json", "News", post("Light", categories=["New initiatives", "A'b$(x)"])
    )
    store(news)
    settings(
        f'[[sources]]\naddress = "{news}"\nname = "City & night"',
        '[[sources]]\naddress = "https://user:secret@example.org/"',
    )


@needs("bash")
@pytest.mark.usefixtures("on_path", "two_sources")
def test_bash_completes_names_in_its_own_spelling(in_bash: Callable[..., set[str]]) -> None:
    assert in_bash("list", "--source", "") == {r"City\ \&\ night"}
    assert in_bash("list", "--category", "New\\ in") == {r"New\ initiatives"}
    assert in_bash("list", "--category", '"New in') == {"New initiatives"}
    assert in_bash("list", "--category", "A") == {r"A\'b\$\(x\)"}
    assert in_bash("refresh", "x", "Ci") == {r"City\ \&\ night"}


@needs("fish")
@pytest.mark.usefixtures("on_path", "two_sources")
def test_fish_completes_names(in_fish: Callable[[str], set[str]]) -> None:
    assert in_fish("nordic-tui list --source C") == {"City & night"}
    assert in_fish("nordic-tui list --category ") == {"New initiatives", "A'b$(x)"}


@needs("zsh")
@pytest.mark.usefixtures("on_path", "two_sources")
def test_zsh_completes(tmp_path: Path, terminal: Callable[..., Terminal]) -> None:
    folder = tmp_path / "functions"
    folder.mkdir()
    (folder / "_nordic-tui").write_text(completions.zsh())
    shell = terminal("-c", "import os; os.execvp('zsh', ['zsh', '-f'])")
    shell.type(f"fpath=({folder} $fpath); autoload -U compinit; compinit -u -D; PS1='rea''dy> '\r")
    shell.wait_for("ready> ")
    for typed, wanted in (
        ("nordic-tui libr\t", "nordic-tui library "),
        ("nordic-tui views a\t", "nordic-tui views add "),
        ("nordic-tui views add --u\t", "nordic-tui views add --unread "),
        ("nordic-tui brief --format h\t", "nordic-tui brief --format html "),
        ("nordic-tui list --category N\t", r"nordic-tui list --category New\ initiatives "),
        ("nordic-tui list --source C\t", r"nordic-tui list --source City\ \&\ night "),
    ):
        shell.type(f"{typed}x")  # a sign that takes no blank away
        shell.wait_for(f"ready> {wanted}x")
        shell.type("\x15")


@pytest.mark.usefixtures("two_sources")
def test_words_tell_no_login_and_need_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completions", "--words", "sources"]) == 0
    assert capsys.readouterr().out == "City & night\n"
    find_paths().cache_file.write_bytes(b"no database")
    assert main(["completions", "--words", "categories"]) == 0
    settings("sources = 1")
    assert main(["completions", "--words", "sources"]) == 0
    assert capsys.readouterr() == ("", "")


def test_words_make_no_file(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completions", "--words", "categories"]) == 0
    assert list(home.iterdir()) == []
    assert capsys.readouterr() == ("", "")


def test_a_shell_must_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completions"]) == 2
    assert "bash, zsh or fish" in capsys.readouterr().err
