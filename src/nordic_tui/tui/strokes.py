"""What a terminal is told to draw: strokes, in the order and the words that take the fewest bytes.

A stroke is a text of one style at one place, or an erasure. What it costs depends on where the
cursor is and what the terminal draws with, so that the order of strokes counts: a column of
signs in one colour is drawn from top to bottom before the titles beside it. The moves and SGR
sequences here are those of every terminal since the VT100 (ECMA-48); what only some can do is
asked of terminfo by who makes the strokes.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29"}
ON_BLANKS = frozenset({"4", "7", "9", "21", "53"})
"""Attributes that can be seen on a blank: underline, reverse, strike, overline."""


class Style(NamedTuple):
    """A style as the terminal knows it: SGR parameters for colours and attributes."""

    fg: str
    bg: str
    flags: frozenset[str]


PLAIN = Style("", "", frozenset())


@lru_cache(maxsize=4096)
def transition(before: Style | None, after: Style) -> str:
    """The shortest SGR sequence from one style to another; "" if there is nothing to do.

    before: None if it is not known what the terminal draws with.
    """
    if before == after:
        return ""
    full = [*sorted(after.flags), after.fg, after.bg]
    from_plain = ";".join(part for part in ["0", *full] if part)
    if before is None or any(flag not in _OFF for flag in before.flags - after.flags):
        return f"\x1b[{from_plain}m"
    gone = {_OFF[flag] for flag in before.flags - after.flags}
    # 22 ends bold and faint alike: what stays of the two must be set again.
    again = {flag for flag in after.flags if _OFF.get(flag) in gone}
    parts = [*sorted(gone), *sorted((after.flags - before.flags) | again)]
    if after.fg != before.fg:
        parts.append(after.fg or "39")
    if after.bg != before.bg:
        parts.append(after.bg or "49")
    changed = ";".join(parts)
    return f"\x1b[{min(changed, from_plain, key=len)}m"


@lru_cache(maxsize=4096)
def for_blanks(before: Style | None, background: str) -> Style:
    """The style nearest to the one before in which blanks of a background can be drawn."""
    if before is None or before.flags & ON_BLANKS:
        return Style("", background, frozenset())
    return Style(before.fg, background, before.flags)


NO_COLUMN = -1
"""At the right edge, where terminals differ about the column."""
NOWHERE = -2
"""After signs that terminals give more or fewer cells."""


class Stroke(NamedTuple):
    """Something to draw.

    data: a text, an erasure, or both.
    end: the column in which the cursor is afterwards; NO_COLUMN, or NOWHERE.
    loose: only blanks: of the style only the background counts.
    in_place: it is drawn after what is at its left.
    """

    row: int
    column: int
    data: str
    style: Style
    end: int
    loose: bool = False
    in_place: bool = False


class Pen(NamedTuple):
    """The terminal's state: where it draws next (-1: not known), and with what."""

    row: int = -1
    column: int = -1
    style: Style | None = None


@lru_cache(maxsize=65536)
def move(row: int, column: int, to_row: int, to_column: int, *, feeds: bool) -> str:
    """The shortest way from one cell to another; row and column of the start are -1 where they
    are not known.

    feeds: whether a line feed goes straight down (the line discipline adds no return).
    """
    if (row, column) == (to_row, to_column):
        return ""
    if to_column == 0:
        absolute = f"\x1b[{to_row + 1}H" if to_row else "\x1b[H"
    else:
        absolute = f"\x1b[{to_row + 1 if to_row else ''};{to_column + 1}H"
    if row < 0:
        return absolute
    ways = [absolute]
    down = _vertical(to_row - row, feeds)
    if column >= 0:
        ways.append(down + _horizontal(to_column - column))
    ways.append(down + "\r" + _horizontal(to_column))
    return min(ways, key=len)


def _vertical(rows: int, feeds: bool) -> str:
    if rows <= 0:
        return _step(-rows, "A")
    return "\n" * rows if feeds and rows < 4 else _step(rows, "B")


def _horizontal(columns: int) -> str:
    if columns < 0:
        return "\b" * -columns if columns > -4 else _step(-columns, "D")
    return _step(columns, "C")


def _step(cells: int, final: str) -> str:
    return "" if cells == 0 else f"\x1b[{final}" if cells == 1 else f"\x1b[{cells}{final}"


_SAME = re.compile(r"([ -~])\1{5,}")
"""Letters beyond ASCII are not repeated: curses does not, and tmux leaves them out."""


@lru_cache(maxsize=8192)
def repeated(text: str) -> str:
    """A text with runs of one sign written by REP, where that is shorter."""
    return _SAME.sub(lambda run: f"{run[1]}\x1b[{len(run[0]) - 1}b", text)


# ── the order ───────────────────────────────────────────────────────────────────────────────


def draw(strokes: Sequence[Stroke], pen: Pen, *, feeds: bool) -> tuple[str, Pen]:
    """What draws these strokes, in this order, and how it leaves the terminal."""
    out: list[str] = []
    row, column, now = pen
    for stroke in strokes:
        out.append(move(row, column, stroke.row, stroke.column, feeds=feeds))
        wanted = for_blanks(now, stroke.style.bg) if stroke.loose else stroke.style
        if wanted is not now:
            out.append(transition(now, wanted))
            now = wanted
        out.append(stroke.data)
        row, column = (-1, -1) if stroke.end == NOWHERE else (stroke.row, stroke.end)
    return "".join(out), Pen(row, column, now)


def shortest(
    strokes: Sequence[Stroke], pen: Pen, drawn: tuple[str, Pen], *, feeds: bool, tries: int
) -> tuple[str, Pen]:
    """What draws these strokes, from top to bottom or some of the styles by themselves, whichever
    is shorter.

    drawn: what `draw` gives for them. tries: how many strokes are gone through at most to find out.
    """
    best = drawn
    styles = _styles(strokes)
    if len(styles) < 2 or len(strokes) < 3:
        return best
    apart: list[Style] = []
    for style in styles[: tries // len(strokes)]:
        tried = draw(_with_apart(strokes, [*apart, style]), pen, feeds=feeds)
        if size(tried[0]) < size(best[0]):
            best = tried
            apart.append(style)
    return best


def size(data: str) -> int:
    """How many bytes that is on the line."""
    return len(data) if data.isascii() else len(data.encode())


def _styles(strokes: Iterable[Stroke]) -> list[Style]:
    """The styles of the strokes that are not loose, the most frequent first."""
    counts: dict[Style, int] = {}
    for stroke in strokes:
        if not stroke.loose:
            counts[stroke.style] = counts.get(stroke.style, 0) + 1
    return sorted(counts, key=lambda style: -counts[style])


def _with_apart(strokes: Sequence[Stroke], apart: Sequence[Style]) -> list[Stroke]:
    """The strokes of some styles each by themselves, after all others; blanks go with what is
    before them."""
    groups: dict[Style, list[Stroke]] = {style: [] for style in apart}
    rest: list[Stroke] = []
    of = rest
    for stroke in strokes:
        if stroke.in_place:
            of = rest
        elif not stroke.loose:
            of = groups.get(stroke.style, rest)
        of.append(stroke)
    return [*rest, *(stroke for style in apart for stroke in groups[style])]
