"""Handing on with the real edges, in a real terminal: over SSH, into files and commands."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import Settings
from nordic_tui.courtesy import Courtesy
from nordic_tui.errors import HandoffError
from nordic_tui.model import Manner
from nordic_tui.staging.handing_on import hand_off
from tests.terminal import Terminal

from .helpers import PROGRAM, feed, post, settings

LINK = "https://news.example/3"


@pytest.fixture
def over_ssh(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")


@pytest.mark.usefixtures("over_ssh")
def test_o_over_ssh_copies_the_link_and_shows_it(
    home: Path, terminal: Callable[..., Terminal]
) -> None:
    screen = terminal(*PROGRAM[1:], str(feed(home / "a.json", "A", post("One"))))
    screen.wait_for("About One")
    screen.type("o")
    screen.wait_for("which may not allow it")
    assert "There is no browser" in screen.text
    assert "█▀" in screen.text
    payload = base64.b64encode(LINK.encode())
    assert b"\x1b]52;c;" + payload + b"\x07" in screen.sent
    assert f";{LINK}\x1b\\".encode() in screen.sent, "OSC 8"
    screen.type("qq")
    assert screen.end() == 0


@pytest.mark.usefixtures("over_ssh")
def test_a_post_goes_into_a_command_and_a_brief_into_a_file(
    home: Path, terminal: Callable[..., Terminal]
) -> None:
    screen = terminal(*PROGRAM[1:], str(feed(home / "a.json", "A", post("One", day=3))))
    screen.wait_for("About One")
    screen.type("|")
    screen.wait_for("Pipe this post into")
    screen.type("tee out\r")
    screen.wait_for("Piped into tee.")
    text = f"One\n3 May 2024 · A\n\n{LINK}\n\nAbout One.\n"
    assert (home / "out").read_text() == text
    screen.type("|")
    screen.wait_for("Pipe this post into")
    screen.type("\x15")
    screen.wait_for("wc -w")  # the example stands in an empty box
    screen.type("sh -c 'echo [/]gone >&2; exit 4'\r")
    screen.wait_for("sh failed with status 4: [/]gone")
    screen.type("b")
    screen.wait_for("A brief")
    screen.type("f\t\r")
    screen.wait_for("The brief is in")
    file = find_paths().history_file.with_name("brief.html")
    assert "<h1>A</h1>" in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    screen.type("q")
    assert screen.end() == 0


WITH_A_PICTURE = """
import io, sys
from PIL import Image
from nordic_tui.cli import main
from nordic_tui.fetch.http import HttpFetcher
from nordic_tui.model import Response

async def fetch(self, address, **how):
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(out, format="PNG")
    return Response(address, body=out.getvalue())

HttpFetcher.fetch = fetch
sys.exit(main(sys.argv[1:]))
"""
"""The program, where whatever is asked of the network is a red square."""


def test_i_shows_a_picture_and_any_key_brings_the_screen_back(
    home: Path, terminal: Callable[..., Terminal]
) -> None:
    settings('pictures = "kitty"')
    shown = post("One") | {"content_html": '<p>Here.<img src="https://a.example/x" alt="A square">'}
    screen = terminal("-c", WITH_A_PICTURE, str(feed(home / "a.json", "A", shown)))
    screen.wait_for("Here.")
    screen.type("i")
    screen.wait_for("A square   any key goes back")
    assert "Here." not in screen.text
    assert b"\x1b_Ga=T,f=100,q=2,m=0;iVBOR" in screen.sent
    screen.type("j")
    screen.wait_for("Here.")
    assert "any key goes back" not in screen.text
    screen.type("?")
    screen.wait_for("Type to search")
    screen.type("\x1b")
    screen.wait_for("All posts")
    screen.type("q")
    assert screen.end() == 0


def manner_of(_: str) -> Manner:
    return Manner()


def test_the_settings_decide_on_shell_programs_and_pictures(home: Path) -> None:
    out = home / "out"
    paths = find_paths()
    usual = hand_off(Settings(), paths, Courtesy(), manner_of)
    with pytest.raises(HandoffError, match="for a shell"):
        usual.pipe(f"cat > {out}", "text")
    assert not usual.shell_reads
    assert usual.program_for("audio/ogg", LINK) == ""
    wanted = Settings(pipe_through_shell=True, open_with={"audio": "mpv"}, pictures="off")
    edges = hand_off(wanted, paths, Courtesy(), manner_of)
    assert edges.pipe(f"cat > {out}", "text") == "Piped into cat."
    assert out.read_text() == "text"
    assert edges.shell_reads
    assert edges.program_for("audio/ogg", LINK) == "mpv"
    assert edges.pictures.why_not() == "Pictures are switched off in the settings."
    assert edges.settings_file == str(settings())
