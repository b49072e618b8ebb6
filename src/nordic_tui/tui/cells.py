"""Frames for the terminal, reduced to the cells that changed, in few bytes.

Textual redraws whole regions: a row that changes its background is sent again with all its
styles in full. Over a slow SSH line that is what a person waits for. The encoder here remembers
what stands in each cell, as curses does, and sends only what is different: styles as the
difference to the one before, colours of the 256-colour palette by their number, runs of blanks
as one erase where the terminal colours what it erases.

It reads no more of the terminal's language than Textual draws with: cursor positions, SGR, links
(OSC 8) and text. A frame that it cannot make smaller passes through whole.

All that is drawn comes this way, also what Textual's own widgets draw (typed and pasted words, the
palette): it is the last gate. A control that does not belong to that language never gets through,
whoever let it into a text; `present` and its neighbours see to it that there is none.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len

from nordic_tui.text import clean

_TOKEN = re.compile(
    r"\x1b\[(?P<row>\d+);(?P<column>\d+)H"
    r"|\x1b\[(?P<sgr>[0-9;]*)m"
    r"|(?P<link>\x1b\]8;[a-z0-9=.-]*;(?:(?:https?://|mailto:)[^\s\x00-\x1f\x7f-\x9f]*)?\x1b\\)"
    r"|(?P<text>[^\x00-\x1f\x7f]+)"
    r"|(?P<newline>\r?\n)"
    r"|(?P<other>[\x00-\x1f\x7f])"
)
_IS_FRAME = re.compile(r"\x1b\[\d+;\d+H")

ERASE_FROM = 9
"""From this many blanks on, erasing them (ECH, then a move) is shorter than writing them."""

_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29"}
_ON_BLANKS = frozenset({"4", "7", "9", "21", "53"})
"""Attributes that can be seen on a blank: underline, reverse, strike, overline."""


class Style(NamedTuple):
    """A style as the terminal knows it: SGR parameters for colours and attributes."""

    fg: str
    bg: str
    flags: frozenset[str]


PLAIN = Style("", "", frozenset())


def _cube_level(step: int) -> int:
    return 0 if step == 0 else 55 + 40 * step


_PALETTE: dict[tuple[str, str, str], int] = {
    (str(_cube_level(r)), str(_cube_level(g)), str(_cube_level(b))): 16 + 36 * r + 6 * g + b
    for r in range(6)
    for g in range(6)
    for b in range(6)
} | {(str(8 + 10 * n),) * 3: 232 + n for n in range(24)}
"""The fixed part of the 256-colour palette: the 6x6x6 cube and the greys (xterm)."""


def _colour(parts: list[str]) -> str:
    """A colour's parameters after 38 or 48, by palette number where it is one exactly."""
    if parts[:1] == ["2"] and len(parts) == 4:
        number = _PALETTE.get((parts[1], parts[2], parts[3]))
        if number is not None:
            return f"5;{number}"
    return ";".join(parts)


@lru_cache(maxsize=4096)
def parse_sgr(parameters: str) -> Style:
    """The style that a full SGR sequence asks for (ECMA-48 section 8.3.117), from plain."""
    fg = bg = ""
    flags: set[str] = set()
    parts = parameters.split(";")
    index = 0
    while index < len(parts):
        part = parts[index]
        index += 1
        if part in ("", "0"):
            fg = bg = ""
            flags.clear()
        elif part in ("38", "48"):
            length = 4 if parts[index : index + 1] == ["2"] else 2
            colour = f"{part};{_colour(parts[index : index + length])}"
            index += length
            fg, bg = (colour, bg) if part == "38" else (fg, colour)
        elif (part[0] in "39" and len(part) == 2) or (part[:1] == "9" and len(part) == 2):
            fg = "" if part == "39" else part
        elif (part[0] == "4" and len(part) == 2) or (part[:2] == "10" and len(part) == 3):
            bg = "" if part == "49" else part
        else:
            flags.add(part)
    return Style(fg, bg, frozenset(flags))


@lru_cache(maxsize=4096)
def _blank(style: Style) -> Style:
    """The same style as far as it can be seen on a blank."""
    seen = style.flags & _ON_BLANKS
    return style if seen else Style("", style.bg, frozenset())


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


@lru_cache(maxsize=8192)
def _is_simple(character: str) -> bool:
    """Whether every terminal gives this character one cell of its own, and it may be drawn."""
    return character == " " or (
        cell_len(character) == 1
        and unicodedata.category(character)[0] not in "MCZ"
        and character not in clean.BLANK_SIGNS
    )


def _are_simple(text: str) -> bool:
    return text.isascii() or all(map(_is_simple, text))


Cell = tuple[str, Style]
_UNKNOWN: Cell = ("\x00", PLAIN)
"""What stands there is not known: never equal to anything that is drawn."""

_BLANK_RUN = re.compile(f"( {{{ERASE_FROM},}})")


class Piece(NamedTuple):
    """Text of one style, drawn from a column on. `simple`: one cell for each character."""

    column: int
    text: str
    style: Style
    simple: bool


class Drawn(NamedTuple):
    """What one frame draws in one row."""

    before: list[Cell]
    pieces: list[Piece]

    @property
    def start(self) -> int:
        return self.pieces[0].column


class FrameEncoder:
    """Makes Textual's frames small.

    erases_in_colour: whether the terminal fills what it erases with the current background
        (terminfo's `bce`) and can erase characters (`ech`).
    colours: False sends attributes (bold, reverse …) and no colour at all (no-color.org).
    """

    def __init__(self, *, erases_in_colour: bool, colours: bool = True) -> None:
        self._erases = erases_in_colour
        self._colours = colours
        self._rows: dict[int, list[Cell]] = {}
        self._style: Style | None = None

    @staticmethod
    def is_frame(data: str) -> bool:
        """Whether this is a drawing, and not a mode or a question to the terminal."""
        return _IS_FRAME.match(data) is not None

    def forget(self) -> str:
        """Nothing is known of the screen any more; gives what brings the style back to plain."""
        self._rows.clear()
        before, self._style = self._style, None
        return "" if before is None or before == PLAIN else "\x1b[0m"

    def encode(self, frame: str) -> str:
        """The bytes that bring the screen to where `frame` would have brought it."""
        drawn = self._read(frame)
        if drawn is None:
            # Something that is not understood: let it through, and know nothing afterwards.
            return self.forget() + _harmless(frame)
        out: list[str] = []
        for row, what in drawn.items():
            self._write_row(out, row, what)
        return "".join(out)

    # ── reading a frame ─────────────────────────────────────────────────────────────────────

    def _read(self, frame: str) -> dict[int, Drawn] | None:
        """Put the frame's cells into the rows; None if it holds what is not understood."""
        drawn: dict[int, Drawn] = {}
        row = column = 0
        style = PLAIN
        for token in _TOKEN.finditer(frame):
            kind = token.lastgroup
            if kind == "text":
                text = token["text"]
                simple = _are_simple(text)
                if not simple:
                    text = _visible(text)
                line = self._rows.setdefault(row, [])
                what = drawn.get(row)
                if what is None:
                    what = drawn[row] = Drawn(line.copy(), [])
                elif column < what.start:
                    return None  # drawn twice, or backwards: not what Textual does
                cells = _cells(text, style, simple)
                end = column + len(cells)
                if len(line) < end:
                    line.extend([_UNKNOWN] * (end - len(line)))
                _cut_wide(line, column, end)
                line[column:end] = cells
                what.pieces.append(Piece(column, text, style, simple))
                column = end
            elif kind == "sgr":
                parameters = token["sgr"]
                if parameters in ("", "0"):
                    style = PLAIN
                elif style == PLAIN:
                    style = parse_sgr(parameters)
                    if not self._colours:
                        style = Style("", "", style.flags)
                else:
                    return None  # Textual resets before each style
            elif kind == "column":
                row, column = int(token["row"]) - 1, int(token["column"]) - 1
            elif kind == "link":
                return None
        return drawn

    # ── writing what changed ────────────────────────────────────────────────────────────────

    def _write_row(self, out: list[str], row: int, what: Drawn) -> None:
        after = self._rows[row]
        before = what.before
        if after == before:
            return
        cursor = -1  # the column of the terminal's cursor in this row; -1: elsewhere
        if not before or not all(piece.simple for piece in what.pieces) or _has_wide(before):
            for piece in what.pieces:
                cursor = self._write_piece(out, row, piece, cursor)
            return
        before.extend([_UNKNOWN] * (len(after) - len(before)))
        runs = iter(_changed_runs(before, after))
        run = next(runs, None)
        for piece in what.pieces:
            end = piece.column + len(piece.text)
            while run is not None and run[0] < end:
                first, last = max(run[0], piece.column), min(run[1], end)
                if first < last:
                    text = piece.text[first - piece.column : last - piece.column]
                    part = Piece(first, text, piece.style, True)
                    cursor = self._write_piece(out, row, part, cursor)
                if run[1] > end:
                    break
                run = next(runs, None)

    def _write_piece(self, out: list[str], row: int, piece: Piece, cursor: int) -> int:
        """Write one piece; returns the terminal's column afterwards, -1 if it is not known."""
        column = piece.column
        if not piece.simple:
            out += (_move(row, column, cursor), self._switch(piece.style), piece.text)
            return -1
        blank = not (piece.style.flags & _ON_BLANKS)
        parts = _BLANK_RUN.split(piece.text) if blank and self._erases else [piece.text]
        for part in parts:
            if not part:
                continue
            out.append(_move(row, column, cursor))
            if blank and part.isspace():
                out.append(self._switch_background(piece.style))
                if self._erases and len(part) >= ERASE_FROM:
                    out.append(f"\x1b[{len(part)}X")
                    cursor = column
                    column += len(part)
                    continue
            else:
                out.append(self._switch(piece.style))
            out.append(part)
            column += len(part)
            cursor = column
        return cursor

    def _switch(self, style: Style) -> str:
        sequence = transition(self._style, style)
        self._style = style
        return sequence

    def _switch_background(self, style: Style) -> str:
        """What blanks need: their background, and nothing that shows on a blank."""
        now = self._style
        if now is None or now.flags & _ON_BLANKS:
            return self._switch(style)
        return self._switch(Style(now.fg, style.bg, now.flags))


def _harmless(frame: str) -> str:
    """A frame without what is not Textual's language."""
    kept = []
    for token in _TOKEN.finditer(frame):
        if token.lastgroup == "text":
            kept.append(token[0] if _are_simple(token[0]) else _visible(token[0]))
        elif token.lastgroup != "other":
            kept.append(token[0])
    return "".join(kept)


def _visible(text: str) -> str:
    """A text that is drawn without what no text may hold, in as many cells."""
    safe = clean.block(text).replace("\n", "")
    return safe + " " * (cell_len(text) - cell_len(safe))


def _cells(text: str, style: Style, simple: bool) -> list[Cell]:
    blank = (" ", _blank(style))
    if not simple:
        # Terminals differ in how wide they draw some of this: it is kept as one piece in its
        # first cell, and whatever comes after it is placed by position.
        return [(text, style), *[("", style)] * (cell_len(text) - 1)]
    if text.isspace():
        return [blank] * len(text)
    return [blank if c == " " else (c, style) for c in text]


def _has_wide(line: list[Cell]) -> bool:
    return any(len(character) != 1 for character, _ in line)


def _cut_wide(line: list[Cell], start: int, end: int) -> None:
    """What is left of a wide piece that is partly drawn over is not known."""
    if start < end and line[start][0] == "":
        head = start
        while head > 0 and line[head][0] == "":
            line[head] = _UNKNOWN
            head -= 1
        line[head] = _UNKNOWN
    while end < len(line) and line[end][0] == "":
        line[end] = _UNKNOWN
        end += 1


def _changed_runs(before: list[Cell], after: list[Cell]) -> list[tuple[int, int]]:
    """Where a row differs, as columns from and to; gaps that are cheaper to write again than
    to jump over are closed."""
    runs: list[tuple[int, int]] = []
    for column, (old, new) in enumerate(zip(before, after, strict=True)):
        if new == old:
            continue
        if runs and column - runs[-1][1] <= 4:
            runs[-1] = (runs[-1][0], column + 1)
        else:
            runs.append((column, column + 1))
    return runs


def _move(row: int, column: int, cursor: int) -> str:
    if cursor == column:
        return ""
    absolute = f"\x1b[{row + 1};{column + 1}H"
    if 0 <= cursor < column:
        distance = column - cursor
        relative = "\x1b[C" if distance == 1 else f"\x1b[{distance}C"
        return min(relative, absolute, key=len)
    return absolute
