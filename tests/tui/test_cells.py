"""The encoder must bring a terminal to exactly where Textual's own frames would bring it."""

import re
import unicodedata
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from nordic_tui.text import clean
from nordic_tui.tui import cells
from nordic_tui.tui.cells import Abilities, FrameEncoder
from nordic_tui.tui.sgr import parse_sgr
from nordic_tui.tui.strokes import PLAIN, Style, transition
from tests.emulator import Screen, Stream

COLUMNS, ROWS = 32, 6

XTERM = Abilities(erases=True, erases_in_colour=True, repeats=True, scrolls=True)

STYLES = [
    "38;2;219;228;236;48;2;15;23;32",
    "1;38;2;135;215;215;48;2;15;23;32",
    "38;5;247;48;2;30;53;73",
    "4;31",
    "48;2;1;2;3",
    "7",
    "3;9;90;103",
]
TEXTS = ["Tromsø", "a", " ", "  kort ", " " * 9, " " * 14, "● ▌│…", "北欧の都市", "Åse Ødegård"]


class Terminal:
    """A terminal to compare with."""

    def __init__(self) -> None:
        self.screen = Screen(COLUMNS, ROWS)
        self.stream = Stream(self.screen)

    def feed(self, data: str) -> None:
        self.stream.feed(data)

    def cells(self) -> list[list[tuple[object, ...]]]:
        """What can be seen: of a blank its background and lines, of text all of it."""
        rows = []
        for y in range(ROWS):
            row: list[tuple[object, ...]] = []
            for x in range(COLUMNS):
                c = self.screen.buffer[y][x]
                seen: tuple[object, ...] = (c.data, c.bg, c.underscore, c.strikethrough, c.reverse)
                if c.data != " " or c.reverse:
                    seen += (c.fg, c.bold, c.italics)
                row.append(seen)
            rows.append(row)
        return rows


def frame(lines: Iterable[tuple[int, int, list[tuple[str, str]]]]) -> str:
    """A frame as Textual writes it: for each line its position, then styled pieces."""
    out = []
    for row, column, pieces in lines:
        out.append(f"\x1b[{row + 1};{column + 1}H")
        room = COLUMNS - column
        for style, text in pieces:
            room -= cell_len(text)
            if room < 0:
                break
            out.append(f"\x1b[{style}m{text}\x1b[0m")
    return "".join(out)


@st.composite
def frames(draw: st.DrawFn) -> str:
    rows = draw(st.lists(st.integers(0, ROWS - 1), min_size=1, max_size=ROWS, unique=True))
    piece = st.tuples(st.sampled_from(STYLES), st.sampled_from(TEXTS))
    return frame(
        (row, draw(st.integers(0, COLUMNS // 2)), draw(st.lists(piece, min_size=1, max_size=4)))
        for row in sorted(rows)
    )


ABILITIES = st.builds(Abilities, *[st.booleans()] * 4)


def check_the_same(drawn: list[str], can: Abilities, *, feeds: bool, sized: bool) -> None:
    """Draw frames directly, and through the encoder: what is seen is the same after each."""
    plain, small = Terminal(), Terminal()
    encoder = FrameEncoder(can)
    encoder.feeds = feeds
    if sized:
        encoder.resize(COLUMNS, ROWS)
    for data in drawn:
        plain.feed(data)
        small.feed(encoder.encode(data))
        assert small.cells() == plain.cells()


@given(
    drawn=st.lists(frames(), min_size=1, max_size=6),
    can=ABILITIES,
    feeds=st.booleans(),
    sized=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_the_screen_is_the_same_as_without_the_encoder(
    drawn: list[str], can: Abilities, feeds: bool, sized: bool
) -> None:
    check_the_same(drawn, can, feeds=feeds, sized=sized)


@st.composite
def whole_screens(draw: st.DrawFn) -> list[str]:
    """Frames of every line from edge to edge, as Textual draws screens: each may be the one before
    moved up or down."""
    page = draw(st.sampled_from(STYLES[4:6] + STYLES[:1]))
    piece = st.tuples(st.sampled_from(STYLES), st.sampled_from(TEXTS))

    def line() -> list[tuple[str, str]]:
        pieces = draw(st.lists(piece, max_size=4))
        used = sum(cell_len(text) for _, text in pieces)
        while used > COLUMNS:
            used -= cell_len(pieces.pop()[1])
        return [*pieces, (page, " " * (COLUMNS - used))]

    lines = [line() for _ in range(ROWS)]
    drawn = []
    for _ in range(draw(st.integers(1, 4))):
        by = draw(st.integers(-2, 4))
        if by == 4:
            lines = [line() for _ in range(ROWS)]
        elif by > 0:
            lines = [lines[0], *lines[1 + by : -1], *(line() for _ in range(by)), lines[-1]]
        elif by < 0:
            lines = [*(line() for _ in range(-by)), *lines[:by]]
        drawn.append(frame((row, 0, pieces) for row, pieces in enumerate(lines)))
    return drawn


@given(drawn=whole_screens(), can=ABILITIES, feeds=st.booleans())
@settings(max_examples=150, deadline=None)
def test_whole_screens_are_the_same_too(drawn: list[str], can: Abilities, feeds: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells, "_WORTH_A_THOUGHT", 0)
        check_the_same(drawn, can, feeds=feeds, sized=True)


def test_a_frame_that_changes_nothing_sends_nothing() -> None:
    encoder = FrameEncoder(XTERM)
    data = frame([(0, 0, [(STYLES[0], "Tromsø"), (STYLES[1], " og Ærø")])])
    assert encoder.encode(data)
    assert encoder.encode(data) == ""


def test_only_the_changed_cells_of_a_line_are_sent() -> None:
    encoder = FrameEncoder(XTERM)
    encoder.encode(frame([(2, 0, [(STYLES[0], "67 posts, 31 unread")])]))
    sent = encoder.encode(frame([(2, 0, [(STYLES[0], "67 posts, 30 unread")])]))
    # Back to the edge and to the twelfth column, a byte less than the place in full.
    assert sent == "\r\x1b[11C0"


def test_palette_colours_are_sent_by_number() -> None:
    # 135;215;215 is entry 116 of xterm's fixed palette: 16 + 36*2 + 6*4 + 4.
    assert parse_sgr("38;2;135;215;215") == Style("38;5;116", "", frozenset())
    # 168;168;168 is a grey of the ramp: 8 + 10*16, entry 232 + 16.
    assert parse_sgr("48;2;168;168;168").bg == "48;5;248"
    assert parse_sgr("38;2;15;23;32").fg == "38;2;15;23;32"


def test_ending_bold_keeps_faint() -> None:
    both, faint = parse_sgr("1;2"), parse_sgr("2")
    # 22 ends both (ECMA-48): faint must be set again.
    assert transition(both, faint) in ("\x1b[22;2m", "\x1b[0;2m")


def test_blanks_are_erased_only_where_the_terminal_colours_them() -> None:
    data = frame([(0, 0, [(STYLES[4], " " * 20)])])
    assert "\x1b[20X" in FrameEncoder(XTERM).encode(data)
    assert FrameEncoder(Abilities()).encode(data).endswith(" " * 20)


@pytest.mark.parametrize("words", ["Ærø og Bornholm", "● Oslo · 3 posts", "a │ b"])
def test_of_a_row_with_spaces_and_letters_beyond_ascii_only_what_changed_is_sent(
    words: str,
) -> None:
    encoder = FrameEncoder(XTERM)
    encoder.encode(frame([(0, 0, [(STYLES[0], words + " one")])]))
    sent = encoder.encode(frame([(0, 0, [(STYLES[0], words + " two")])]))
    assert sent.endswith("two")
    assert words[:1] not in sent


def test_what_is_not_understood_goes_through_and_nothing_is_remembered() -> None:
    encoder = FrameEncoder(XTERM)
    data = frame([(0, 0, [(STYLES[0], "Oslo")])])
    encoder.encode(data)
    strange = "\x1b[1;1H\x1b]8;;https://example.org\x1b\\Oslo\x1b]8;;\x1b\\"
    assert encoder.encode(strange).endswith(strange)
    assert "Oslo" in encoder.encode(data)


@pytest.mark.parametrize(
    ("drawn", "sent"),
    [
        ("\x1b]52;c;ZXZpbA==\x07Oslo", "]52;c;ZXZpbA==Oslo"),
        ("\x1b]8;;javascript:alert(1)\x1b\\Oslo", "]8;;javascript:alert(1)\\Oslo"),
        ("\x1b]8;;https://\x9bx.example\x1b\\Oslo", "]8;;https://.example\\Oslo"),
        ("Os\x9d0;x\x9clo\x85", "Oslo"),
        ("\x1b[2JOs\x08lo\x00", "[2JOslo"),
        ("\x1bcOslo", "cOslo"),
        ("Os\u202elo\u200b\U000e0041", "Oslo"),
        ("Os\ud800lo", "Os\ufffdlo"),
        ("❤\ufe0f Oslo", "❤\ufe0f Oslo"),
    ],
)
@pytest.mark.parametrize("where", ["{}", "\x1b]8;;https://a.example\x1b\\{}\x1b]8;;\x1b\\"])
def test_what_a_frame_may_not_hold_is_not_sent(drawn: str, sent: str, where: str) -> None:
    """Also where the frame goes through whole, for the link in it."""
    encoder = FrameEncoder(XTERM)
    out = encoder.encode("\x1b[1;1H" + where.format(drawn))
    # Its place is set anew after letters of unclear width, and blanks stand for what is gone.
    out = re.sub(r"\x1b\[(1?;\d+)?H|\x1b\[0m| ", "", out)
    assert out == where.format(sent).replace(" ", "")


def test_what_is_not_sent_moves_nothing() -> None:
    encoder = FrameEncoder(Abilities())
    screen = Terminal()
    screen.feed(encoder.encode("\x1b[1;1HOs\x9b31mlo\x1b[1m|\x1b[0m\x1b[2;1H北\u3000\x1b[1m|"))
    lines = screen.cells()
    assert [lines[y][x][0] for y, x in ((0, 7), (1, 4))] == ["|", "|"]
    assert [lines[0][x][0] for x in range(4)] == [*"Oslo"]


def test_after_forget_everything_is_drawn_and_the_style_is_plain() -> None:
    encoder = FrameEncoder(XTERM)
    data = frame([(0, 0, [(STYLES[1], "Oslo")])])
    encoder.encode(data)
    assert encoder.forget() == "\x1b[0m"
    assert "Oslo" in encoder.encode(data)
    assert transition(None, PLAIN) == "\x1b[0m"


def test_without_colours_no_colour_is_sent_and_attributes_stay() -> None:
    encoder = FrameEncoder(XTERM, colours=False)
    sent = encoder.encode(frame([(0, 0, [(STYLES[1], "ny"), (STYLES[5], "her")])]))
    assert "38;" not in sent
    assert "48;" not in sent
    assert "\x1b[0;1mny" in sent
    assert "7m" in sent


def test_what_the_gate_leaves_out_is_never_simple() -> None:
    """Simple characters are drawn without another look."""
    planes = (*range(0x80, 0x20000), *range(0xE0000, 0xE1000))
    simple = " ".join(filter(cells._is_simple, map(chr, planes)))
    assert clean.block(simple) == unicodedata.normalize("NFC", simple)
