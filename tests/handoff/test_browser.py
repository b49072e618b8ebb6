"""Which browser gets an address, and that no other address gets anywhere."""

import os
import subprocess
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nordic_tui.errors import HandoffError, NoBrowser
from nordic_tui.handoff import browser
from nordic_tui.handoff.browser import open_in_browser

from .conftest import MakeProgram

LINK = "https://nordicsafecities.org/?a=1&b=$(reboot);x"


def unheard(words: str) -> None:
    raise AssertionError(words)


class Started:
    """Takes the place of Popen: programs are not started, but noted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.commands: list[list[str]] = []
        self.options: list[dict[str, object]] = []
        self.error: OSError | None = None
        monkeypatch.setattr(subprocess, "Popen", self._start)

    def _start(self, command: list[str], **options: object) -> "Started":
        if self.error is not None:
            raise self.error
        self.commands.append(command)
        self.options.append(options)
        return self

    def wait(self) -> int:
        return 0


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    return Started(monkeypatch)


@pytest.fixture
def programs(make_program: MakeProgram) -> None:
    for name in ("firefox", "w3m", "xdg-open", "wslview", "sh"):
        make_program(name)


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize(
    ("environment", "command"),
    [
        ({"BROWSER": "firefox"}, ["firefox", LINK]),
        ({"BROWSER": "firefox --new-tab"}, ["firefox", "--new-tab", LINK]),
        ({"BROWSER": "firefox --url=%s -v"}, ["firefox", f"--url={LINK}", "-v"]),
        ({"BROWSER": "nowhere:'broken:w3m:firefox"}, ["firefox", LINK]),
        ({"BROWSER": "sh -c 'firefox \"$1\"' sh"}, ["sh", "-c", 'firefox "$1"', "sh", LINK]),
        ({"BROWSER": "w3m", "DISPLAY": ":0"}, ["xdg-open", LINK]),
        ({"DISPLAY": ":0"}, ["xdg-open", LINK]),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ["xdg-open", LINK]),
        ({}, ["wslview", LINK]),
        ({"SSH_TTY": "/dev/pts/1", "BROWSER": "firefox"}, ["firefox", LINK]),
        ({"SSH_TTY": "/dev/pts/1", "DISPLAY": "localhost:10.0"}, ["xdg-open", LINK]),
    ],
)
def test_which_program_gets_the_address(
    environment: dict[str, str],
    command: list[str],
    started: Started,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    open_in_browser(LINK, unheard)
    assert started.commands == [command]
    assert "shell" not in started.options[0]
    assert started.options[0]["stdout"] == started.options[0]["stderr"] == subprocess.DEVNULL


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("wanted", ["sh -c 'firefox %s'", "firefox sh -lc 'x %s'"])
def test_no_shell_reads_the_address(
    wanted: str, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER", wanted)
    with pytest.raises(HandoffError, match=r"^A shell would read what the address says"):
        open_in_browser("https://news.example/$(reboot)", unheard)
    assert started.commands == []


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("platform", ["linux", "darwin"])
@pytest.mark.parametrize("variable", ["SSH_CONNECTION", "SSH_TTY"])
def test_over_ssh_nobody_would_see_it(
    platform: str, variable: str, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "1")
    monkeypatch.setattr("sys.platform", platform)
    with pytest.raises(NoBrowser, match=r"^There is no browser that you could see from here\.$"):
        open_in_browser(LINK, unheard)
    assert started.commands == []


def test_a_machine_without_a_browser(started: Started) -> None:
    with pytest.raises(NoBrowser, match=r"^There is no browser on this machine\.$"):
        open_in_browser(LINK, unheard)
    assert started.commands == []


def test_the_mac_opens_it(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    open_in_browser(LINK, unheard)
    assert started.commands == [["open", LINK]]


def test_a_browser_that_does_not_start(
    started: Started, make_program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_program("firefox")
    monkeypatch.setenv("BROWSER", "firefox")
    started.error = PermissionError()
    with pytest.raises(HandoffError, match=r"^firefox could not be started\.$"):
        open_in_browser(LINK, unheard)


def watch_children(monkeypatch: pytest.MonkeyPatch) -> "list[subprocess.Popen[bytes]]":
    """The programs that are started from now on."""
    children: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def start(*arguments: object, **options: object) -> "subprocess.Popen[bytes]":
        children.append(popen(*arguments, **options))  # type: ignore[call-overload]  # as given
        return children[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    return children


def test_the_address_arrives_as_one_argument(
    make_program: MakeProgram, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = make_program("firefox")
    monkeypatch.setenv("BROWSER", "firefox")
    children = watch_children(monkeypatch)
    open_in_browser(LINK, unheard)
    children[0].wait(10)
    assert log.read_text() == f"{LINK}\n"


@pytest.mark.parametrize("status", [0, 3])
def test_a_browser_that_fails_is_told_of_and_leaves_no_zombie(
    status: int, make_program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_program("firefox", f"exit {status}")
    monkeypatch.setenv("BROWSER", "firefox")
    children = watch_children(monkeypatch)
    told: list[str] = []
    open_in_browser(LINK, told.append)
    for thread in threading.enumerate():
        if thread.name == "browser":
            thread.join(10)
    assert told == ["firefox failed with status 3: the page was not opened."] * bool(status)
    (child,) = children
    with pytest.raises(ChildProcessError):
        os.waitpid(child.pid, os.WNOHANG)


schemes = st.sampled_from(
    ["javascript:", "file:///", "data:", "vbscript:", "ftp://", "-", "--", "JAVASCRIPT:", "about:"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(address=st.builds(str.__add__, schemes, st.text(max_size=30)) | st.text(max_size=40))
def test_only_http_https_and_mailto_reach_a_program(
    address: str, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "_browser_command", lambda cleaned: ["browser", cleaned])
    started.commands.clear()
    try:
        open_in_browser(address, unheard)
    except HandoffError as error:
        assert str(error) == "Only http, https and mailto addresses are opened."  # noqa: PT017  either may happen
        assert started.commands == []
    else:
        ((_, reached),) = started.commands
        assert reached.startswith(("http://", "https://", "mailto:"))
