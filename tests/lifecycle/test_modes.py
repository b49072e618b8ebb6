"""That what is left on is seen: the other tests lean on it."""

import pytest

from tests.lifecycle.modes import Modes


@pytest.mark.parametrize(
    ("sent", "left"),
    [
        (b"\x1b[?1049h\x1b[?25l\x1b[>25u\x1b[<u\x1b[?1049l\x1b[?25h", []),
        (b"\x1b[?1049h\x1b[?1049l\x1b[?25l", ["mode 25 is off"]),
        (b"\x1b[?1000;1006h\x1b[?1000l", ["mode 1006 is on"]),
        (b"\x1b[?2026$p\x1b[?7l", ["mode 7 is off"]),
        (b"\x1b[?1049h\x1b[>1u\x1b[?1049l\x1b[<u", ["the other screen's keyboard mode is on"]),
        (b"\x1b[>1u\x1b[>1u\x1b[<1u", ["the main screen's keyboard mode is on"]),
        (b"\x1b[22;2t\x1b]2;ours\x07", ["the window has another title"]),
        (b"\x1b[22;2t\x1b]2;ours\x07\x1b[23;2t", []),
        (b"\x1b[1;31mred", ["a style is on"]),
        (b"\x1b[1;31mred\x1b[m", []),
    ],
)
def test_what_is_left_is_told(sent: bytes, left: list[str]) -> None:
    assert Modes().feed(sent).left() == left
