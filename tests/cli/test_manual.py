"""The manual page: it is complete, valid, and the one that is packaged is the one of today."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from nordic_tui.cli import grammar, main, manual
from nordic_tui.cli.arguments import COMMANDS
from nordic_tui.config.settings import SETTINGS
from tests.terminal import WAIT_S

PACKAGED = Path(__file__).parents[2] / "man" / "nordic-tui.1"


def plain(page: str) -> str:
    """The page without what is for roff."""
    return (
        re.sub(r"\\f[BIR]|\\&", "", page)
        .replace(r"\-", "-")
        .replace(r"\(aq", "'")
        .replace(r"\(dq", '"')
    )


def test_it_names_every_command_option_and_setting() -> None:
    page = plain(manual.page())
    assert re.findall(r'^\.SS "nordic-tui (\S+)"$', page, re.MULTILINE) == list(COMMANDS)
    for place in [grammar.reader(), *(a for v in grammar.verbs() for a in grammar.with_actions(v))]:
        assert " ".join(("nordic-tui", *place.words)) in page
        for option in place.options:
            if option.names[0] != "-h":
                names = ", ".join(option.names)
                assert f"\n{names} {option.metavar}".rstrip() in page
                assert option.metavar == "" or option.help
    for setting in SETTINGS:
        assert f"\n{setting.key} = " in page


def test_the_packaged_page_is_the_one_of_today() -> None:
    assert PACKAGED.read_text() == manual.page(), "nordic-tui manual > man/nordic-tui.1"


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not installed")
def test_mandoc_finds_nothing_to_warn_of() -> None:
    command = ("mandoc", "-T", "lint", "-W", "warning", str(PACKAGED))
    done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT_S, check=False)
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_groff_finds_nothing_to_warn_of() -> None:
    command = ("groff", "-ww", "-man", "-T", "utf8", "-z", str(PACKAGED))
    done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT_S, check=False)
    assert done.stderr == ""


def test_nothing_in_it_is_taken_for_a_request() -> None:
    words = manual._text(".SH 'a' \\fB -b ~ ^ ö")
    assert words == r"\&.SH \(aqa\(aq \efB \-b \(ti \(ha \[u00F6]"
    allowed = {"TH", "SH", "SS", "PP", "TP", "RS", "RE", "EX", "EE", "B", "I", "br"}
    requests = {line[1:].split(" ")[0] for line in manual.page().splitlines() if line[0] in ".'"}
    assert requests <= allowed


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manual"]) == 0
    out, err = capsys.readouterr()
    assert out == manual.page()
    assert err == "", "a pipe or file gets no hint"
