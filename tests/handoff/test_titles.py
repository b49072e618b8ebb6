"""The title of the terminal's window, as it is sent."""

import pytest

from nordic_tui.handoff.titles import Titles
from tests.terminal_stream import faults, parts

NAMES = ("TERM", "TMUX", "STY", "SHELL")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def life(titles: Titles) -> list[str]:
    """Begin, two places, one of them twice, a stop and the end."""
    sent = [titles.enter(), titles.show("All posts"), titles.show("Events")]
    return [*sent, titles.show("Events"), titles.leave(), titles.enter(), titles.leave()]


@pytest.mark.parametrize("term", ["xterm-256color", "tmux-256color", "screen-256color", "foot"])
def test_the_title_before_comes_back(monkeypatch: pytest.MonkeyPatch, term: str) -> None:
    monkeypatch.setenv("TERM", term)
    push, pop, events = "\x1b[22;2t", "\x1b[23;2t", "\x1b]2;Events · Nordic TUI\x07"
    assert life(Titles()) == [
        f"{push}\x1b]2;Nordic TUI\x07",
        "\x1b]2;All posts · Nordic TUI\x07",
        events,
        "",
        pop,
        push + events,
        pop,
    ]


@pytest.mark.parametrize(("name", "value"), [("STY", "12.pts-1"), ("TERM", "screen.xterm")])
def test_screen_has_a_sequence_of_its_own(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """It keeps no title: at the end its window is called by the shell, as it is by itself."""
    monkeypatch.setenv("TERM", "screen")
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    titles = Titles()
    assert titles.enter() == "\x1bkNordic TUI\x1b\\"
    assert titles.show("Events") == "\x1bkEvents · Nordic TUI\x1b\\"
    assert titles.leave() == titles.give_back() == "\x1bkfish\x1b\\"


@pytest.mark.parametrize("term", ["", "dumb", "linux", "vt220"])
def test_where_there_is_no_title_nothing_is_sent(
    monkeypatch: pytest.MonkeyPatch, term: str
) -> None:
    monkeypatch.setenv("TERM", term)
    assert {*life(Titles()), Titles().give_back()} == {""}


def test_the_settings_switch_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert {*life(Titles(wanted=False)), Titles(wanted=False).give_back()} == {""}


def test_a_place_of_ill_will_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    titles = Titles()
    titles.enter()
    sent = titles.show("a\x07\x1b]52;c;x\x07\x9c\u202e\n" + "b" * 500)
    (part,) = parts(sent.encode())
    assert (part.kind, part.is_whole, faults(part.body)) == ("OSC", True, [])
    assert len(part.body) < 90
