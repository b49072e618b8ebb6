"""Frames for the terminal, reduced to the cells that changed, in few bytes.

Textual redraws whole regions: a row that changes its background is sent again with all its
styles in full. Over a slow SSH line that is what a person waits for. The encoder here remembers
what stands in each cell, as curses does, and sends only what is different, in the shortest of
these ways: the cells that changed; a part of the screen scrolled, and what then is different; the
whole screen cleared, and what is not blank. `strokes` finds the order and the words for it.

It reads no more of the terminal's language than Textual draws with: cursor positions, SGR, links
(OSC 8) and text. A frame that it cannot make smaller passes through whole.

All that is drawn comes this way, also what Textual's own widgets draw (typed and pasted words, the
palette): it is the last gate. A control that does not belong to that language never gets through,
whoever let it into a text; `present` and its neighbours see to it that there is none.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len

from nordic_tui.text import clean
from nordic_tui.tui.sgr import parse_sgr
from nordic_tui.tui.strokes import (
    NO_COLUMN,
    NOWHERE,
    ON_BLANKS,
    PLAIN,
    Pen,
    Stroke,
    Style,
    draw,
    for_blanks,
    repeated,
    shortest,
    size,
    transition,
)

_TOKEN = re.compile(
    r"\x1b\[(?P<row>\d+);(?P<column>\d+)H"
    r"|\x1b\[(?P<sgr>[0-9;]*)m"
    r"|(?P<link>\x1b\]8;[a-z0-9=.-]*;(?:(?:https?://|mailto:)[^\s\x00-\x1f\x7f-\x9f]*)?\x1b\\)"
    r"|(?P<text>[^\x00-\x1f\x7f]+)"
    r"|(?P<newline>\r?\n)"
    r"|(?P<other>[\x00-\x1f\x7f])"
)
_PLACE = re.compile(r"\x1b\[(\d+);(\d+)H")

ERASE_FROM = 5
"""From this many blanks on, erasing them (ECH) is shorter than writing them, where nothing is drawn
after them; else from twice as many on, for the cursor has to be moved as well."""
CLOSED_GAP = 4
"""So many cells that did not change are rather written again than jumped over."""


@lru_cache(maxsize=4096)
def _blank(style: Style) -> Style:
    """The same style as far as it can be seen on a blank."""
    seen = style.flags & ON_BLANKS
    return style if seen else Style("", style.bg, frozenset())


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

_NO_FLAGS: frozenset[str] = frozenset()


class Abilities(NamedTuple):
    """What this terminal can do, as terminfo says it."""

    erases: bool = False
    """It erases to the end of a line, and single characters (`el`, `ech`)."""
    erases_in_colour: bool = False
    """It fills what it erases with the background that it draws with (`bce`)."""
    repeats: bool = False
    """It repeats a sign (`rep`)."""
    scrolls: bool = False
    """It scrolls some of its lines by several (`csr`, `indn`, `rin`)."""


class _Row:
    """What one frame does to one row."""

    __slots__ = ("before", "end", "start", "wide")

    def __init__(self, before: Sequence[Cell], start: int, end: int, *, wide: bool = False) -> None:
        self.before = before
        self.wide = wide
        """Whether anything in it had more cells than signs, or fewer."""
        self.start = start
        """What is drawn: from this column …"""
        self.end = end
        """… up to this one."""


class _Way(NamedTuple):
    """A way to draw a frame."""

    start: str
    """What is sent first."""
    strokes: Sequence[Stroke]
    before: Pen
    """How the terminal is when they are drawn."""
    data: str
    """The strokes from top to bottom."""
    pen: Pen
    """How the terminal is afterwards."""


class FrameEncoder:
    """Makes Textual's frames small.

    colours: False sends attributes (bold, reverse …) and no colour at all (no-color.org).
    lean: whether more ways are tried, for a line that is slower than this machine.
    """

    def __init__(self, can: Abilities, *, colours: bool = True, lean: bool = False) -> None:
        self._can = can
        self._lean = lean
        self._tries = LEAN_TRIES if lean else TRIES
        self._colours = colours
        self._columns = self._lines = 0
        self.feeds = False
        """Whether a line feed goes straight down: nobody puts a return before it."""
        self._rows: dict[int, list[Cell]] = {}
        self._wide: set[int] = set()
        """The rows in which something has more cells than signs, or fewer."""
        self._pen = Pen()

    @staticmethod
    def is_frame(data: str) -> bool:
        """Whether this is a drawing, and not a mode or a question to the terminal."""
        return _PLACE.match(data) is not None

    def resize(self, columns: int, lines: int) -> None:
        """The window has this size; while it is not known (0 x 0) less can be spared."""
        self._columns, self._lines = columns, lines

    def forget(self) -> str:
        """Nothing is known of the screen any more; gives what brings the style back to plain."""
        self._rows.clear()
        self._wide.clear()
        before, self._pen = self._pen.style, Pen()
        return "" if before is None or before == PLAIN else "\x1b[0m"

    def lose_cursor(self) -> None:
        """Somebody else wrote to the terminal: what is drawn next begins with a place."""
        self._pen = Pen(style=self._pen.style)

    def encode(self, frame: str) -> str:
        """The bytes that bring the screen to where `frame` would have brought it."""
        drawn = self._read(frame)
        if drawn is None:
            # Something that is not understood: let it through, and know nothing afterwards.
            return self.forget() + _harmless(frame)
        changed = {r: what for r, what in sorted(drawn.items()) if self._rows[r] != what.before}
        if not changed:
            return ""
        way = self._draw(changed, self._pen)
        if len(way.data) > _WORTH_A_THOUGHT:
            ways = [way, *self._scroll(changed)]
            if self._lean:
                ways += self._begin_anew(len(changed))
            way = min(ways, key=lambda way: size(way.start) + size(way.data))
        # Only of the way that is the shortest as it stands: each other order takes its time.
        data, self._pen = shortest(
            way.strokes, way.before, (way.data, way.pen), feeds=self.feeds, tries=self._tries
        )
        return way.start + data

    # ── reading a frame ─────────────────────────────────────────────────────────────────────

    def _read(self, frame: str) -> dict[int, _Row] | None:
        """Put the frame's cells into the rows; None if it holds what is not understood."""
        drawn: dict[int, _Row] = {}
        # What stands before the first place, and three for each place: its row, its column, and
        # what is drawn from there.
        parts = _PLACE.split(frame)
        for number in range(0, len(parts) - 1, 3):
            row, column = int(parts[number + 1]) - 1, int(parts[number + 2]) - 1
            piece = _parse(parts[number + 3], self._colours)
            if piece is None:
                return None
            cells, simple = piece
            if not cells:
                continue
            line = self._rows.setdefault(row, [])
            end = column + len(cells)
            what = drawn.get(row)
            if what is None:
                what = drawn[row] = _Row(line.copy(), column, end, wide=row in self._wide)
            elif column < what.start:
                return None  # drawn backwards: not what Textual does
            what.end = max(what.end, end)
            if len(line) < end:
                line.extend([_UNKNOWN] * (end - len(line)))
            if row in self._wide:
                _cut_wide(line, column, end)
            line[column:end] = cells
            if not simple:
                self._wide.add(row)
            elif row in self._wide and not _has_wide(line):
                self._wide.discard(row)
        return drawn

    # ── the ways to draw it ─────────────────────────────────────────────────────────────────

    def _draw(self, rows: dict[int, _Row], pen: Pen, start: str = "") -> _Way:
        """What brings these rows from what they were to what they are."""
        strokes = [stroke for row, what in rows.items() for stroke in self._strokes(row, what)]
        return _Way(start, strokes, pen, *draw(strokes, pen, feeds=self.feeds))

    def _begin_anew(self, changed: int) -> Iterator[_Way]:
        """The whole screen cleared, and all that is not blank."""
        columns, lines = self._columns, self._lines
        if not columns or changed < lines / 2:
            return
        rows = [self._rows.get(row, []) for row in range(lines)]
        if any(len(row) != columns or _UNKNOWN in row for row in rows):
            return
        ends = Counter(row[-1][1].bg for row in rows if row[-1][0] == " ")
        if not ends:
            return
        background = ends.most_common(1)[0][0]
        if not self._erases(background):
            return
        pen = self._pen
        style = for_blanks(pen.style, background)
        clear = f"{transition(pen.style, style)}\x1b[2J"
        empty = [_blank_cell(background)] * columns
        drawn = {y: _Row(empty, 0, columns) for y, row in enumerate(rows) if row != empty}
        yield self._draw(drawn, pen._replace(style=style), clear)

    def _scroll(self, changed: dict[int, _Row]) -> Iterator[_Way]:
        """Some lines scrolled over the whole width, and what then is different."""
        if not self._can.scrolls or not self._columns:
            return
        by, top, bottom = self._shift(changed)
        if not by:
            return
        style = for_blanks(self._pen.style, self._rows[bottom][-1][1].bg)
        if self._erases(style.bg):
            new: Sequence[Cell] = [_blank_cell(style.bg)] * self._columns
        else:
            new = [_UNKNOWN] * self._columns
        after = dict(changed)
        for y in range(top, bottom + 1):
            source = y + by
            before = self._was(source, changed) if top <= source <= bottom else new
            if before == self._rows[y]:
                after.pop(y, None)
            else:
                after[y] = _Row(before, 0, self._columns)
        way = f"\x1b[{by}S" if by > 0 else f"\x1b[{-by}T"
        start = f"{transition(self._pen.style, style)}\x1b[{top + 1};{bottom + 1}r{way}\x1b[r"
        yield self._draw(dict(sorted(after.items())), Pen(0, 0, style), start)

    def _was(self, row: int, changed: dict[int, _Row]) -> Sequence[Cell]:
        """A row as it was before this frame."""
        what = changed.get(row)
        return what.before if what is not None else self._rows.get(row, [])

    def _shift(self, changed: dict[int, _Row]) -> tuple[int, int, int]:
        """By how many lines most of what is on the screen now has moved (up, if above 0), and the
        first and last line that scroll; (0, 0, 0) if it is not worth it."""
        was: dict[tuple[Cell, ...], int] = {}
        for row, what in changed.items():
            if len(what.before) == self._columns and not _is_empty(what.before):
                was[tuple(what.before)] = row
        moved: dict[int, list[int]] = {}
        for row in changed:
            source = was.get(tuple(self._rows[row]))
            if source is not None and source != row:
                moved.setdefault(source - row, []).append(row)
        if not moved:
            return 0, 0, 0
        by = max(moved, key=lambda lines: len(moved[lines]))
        rows = moved[by]
        top, bottom = min(*rows, rows[0] + by), max(*rows, rows[-1] + by)
        whole = all(len(self._rows.get(y, ())) == self._columns for y in range(top, bottom + 1))
        return (by, top, bottom) if whole else (0, 0, 0)

    # ── the strokes of a row ────────────────────────────────────────────────────────────────

    def _erases(self, background: str) -> bool:
        """Whether erasing leaves blanks of this background, once the terminal draws with it."""
        return self._can.erases and (self._can.erases_in_colour or not background)

    def _strokes(self, row: int, what: _Row) -> list[Stroke]:
        """What brings a row from what it was to what it is, from left to right."""
        after, before = self._rows[row], what.before
        if len(before) < len(after):
            before = [*before, *[_UNKNOWN] * (len(after) - len(before))]
        if what.wide or row in self._wide:
            # Terminals differ in where they put it: all that is drawn is drawn again.
            before = [*before[: what.start], *[_UNKNOWN] * (what.end - what.start)]
            before += after[what.end :]
            return self._pieces(row, before, after, len(after), in_place=True)
        tail = self._blank_tail(after)
        strokes = self._pieces(row, before, after, tail, in_place=False)
        if tail < len(after):
            self._erase_tail(strokes, row, before, after, tail)
        return strokes

    def _blank_tail(self, after: Sequence[Cell]) -> int:
        """The column from which on a row is blank and can be erased."""
        end = len(after)
        last = after[-1]
        if end != self._columns or last[0] != " " or last[1].flags:
            return end
        if not self._erases(last[1].bg):
            return end
        while end and after[end - 1] == last:
            end -= 1
        return end

    def _erase_tail(
        self,
        strokes: list[Stroke],
        row: int,
        before: Sequence[Cell],
        after: Sequence[Cell],
        tail: int,
    ) -> None:
        """Add what makes a row blank from this column on."""
        last = after[-1]
        changed = [x for x in range(tail, len(after)) if before[x] != last]
        if not changed:
            return
        first, count = changed[0], changed[-1] - changed[0] + 1
        how = " " * count if count < 4 and changed[-1] < len(after) - 1 else "\x1b[K"
        stroke = strokes[-1] if strokes else None
        near = stroke is not None and stroke.end == tail and first - tail < 4
        if near and stroke is not None and _carries(stroke.style, last[1].bg):
            if how != "\x1b[K" and first > tail:
                how = " " * (changed[-1] - tail + 1)
            end = stroke.end if how == "\x1b[K" else stroke.end + len(how)
            strokes[-1] = stroke._replace(data=stroke.data + how, end=end)
        else:
            end = first if how == "\x1b[K" else first + len(how)
            strokes.append(Stroke(row, first, how, last[1], end, loose=True))

    def _pieces(
        self,
        row: int,
        before: Sequence[Cell],
        after: list[Cell],
        limit: int,
        *,
        in_place: bool,
    ) -> list[Stroke]:
        """The changed cells of a row up to a column, a stroke for each piece of one style."""
        strokes: list[Stroke] = []
        column = 0
        while column < limit:
            if before[column] == after[column]:
                # Much of a row is as it was: eight cells at once.
                step = column + 8
                column = step if before[column:step] == after[column:step] else column + 1
                continue
            sign, style = after[column]
            if len(sign) != 1 or sign == "\x00":
                column = self._unclear(strokes, row, column, after, limit)
                continue
            start, end, pen = column, column + 1, style
            blank_so_far = sign == " " and not style.flags & ON_BLANKS
            at = end
            while at < limit:
                sign, style = after[at]
                if style is not pen and style != pen:
                    if style.bg != pen.bg or pen.flags & ON_BLANKS:
                        break
                    if blank_so_far:
                        if len(sign) != 1 or style.flags & ON_BLANKS:
                            break
                        pen, blank_so_far = style, sign == " "
                    elif sign != " " or style.flags:
                        break
                elif blank_so_far and sign != " ":
                    blank_so_far = False
                if len(sign) != 1 or sign == "\x00":
                    break
                if before[at] != after[at]:
                    end = at + 1
                elif at - end >= CLOSED_GAP:
                    break
                at += 1
            if 0 < start < CLOSED_GAP and after[:start] == [_blank_cell(pen.bg)] * start:
                # From the edge it is a byte less than with a move over the blanks.
                start = 0 if not pen.flags & ON_BLANKS else start
            text = "".join([cell[0] for cell in after[start:end]])
            self._write(strokes, row, start, text, pen, in_place=in_place)
            column = end
        return strokes

    def _unclear(
        self,
        strokes: list[Stroke],
        row: int,
        column: int,
        after: Sequence[Cell],
        limit: int,
    ) -> int:
        """Add a piece of unclear width as a whole; returns the column after it."""
        head = column
        while head > 0 and after[head][0] == "":
            head -= 1
        end = head + 1
        while end < limit and after[end][0] == "":
            end += 1
        text, style = after[head]
        if text not in ("", "\x00"):
            strokes.append(Stroke(row, head, text, style, NOWHERE, in_place=True))
        return max(end, column + 1)

    def _write(
        self,
        strokes: list[Stroke],
        row: int,
        column: int,
        text: str,
        style: Style,
        *,
        in_place: bool,
    ) -> None:
        """Add a text of one style; long runs of blanks in it are erased."""
        parts = [text]
        if "     " in text and not style.flags & ON_BLANKS and self._erases(style.bg):
            parts = (_LONG_BLANKS if not self._can.repeats else _BLANK_ENDS).split(text)
        for number, part in enumerate(parts):
            if not part:
                continue
            end = column + len(part)
            blank = part.isspace()
            # What is erased has to be jumped over, where something follows.
            least = 2 * ERASE_FROM if any(parts[number + 1 :]) else ERASE_FROM
            if blank and len(parts) > 1 and len(part) >= least:
                erase = f"\x1b[{len(part)}X"
                last = strokes[-1] if strokes else None
                if last is not None and last.end == column and _carries(last.style, style.bg):
                    strokes[-1] = last._replace(data=last.data + erase)
                else:
                    strokes.append(
                        Stroke(row, column, erase, style, column, loose=True, in_place=in_place)
                    )
            else:
                data = repeated(part) if self._can.repeats else part
                stop = NO_COLUMN if end >= self._columns else end
                loose = blank and not style.flags & ON_BLANKS
                strokes.append(
                    Stroke(row, column, data, style, stop, loose=loose, in_place=in_place)
                )
            column = end


TRIES, LEAN_TRIES = 200, 800
"""So many strokes are gone through at most, in all the orders that are tried."""
_WORTH_A_THOUGHT = 300
"""So many bytes are sent without looking for a shorter way."""
_LONG_BLANKS = re.compile(f"( {{{ERASE_FROM},}})")
_BLANK_ENDS = re.compile(f"(^ {{{2 * ERASE_FROM},}}| {{{ERASE_FROM},}}$)")
"""Where the terminal repeats signs, blanks inside of a text are repeated."""


def _carries(style: Style, background: str) -> bool:
    """Whether what is erased in this style becomes blank, with this background."""
    return style.bg == background and not style.flags & ON_BLANKS


def _blank_cell(background: str) -> Cell:
    return (" ", Style("", background, _NO_FLAGS))


def _is_empty(row: Sequence[Cell]) -> bool:
    return all(cell[0] == " " for cell in row)


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


@lru_cache(maxsize=1024)
def _parse(drawn: str, colours: bool) -> tuple[tuple[Cell, ...], bool] | None:
    """The cells that are drawn from one place on, and whether each has one sign; None if that is
    not understood. Most of what is drawn has been drawn before."""
    cells: list[Cell] = []
    style, all_simple = PLAIN, True
    for token in _TOKEN.finditer(drawn):
        kind = token.lastgroup
        if kind == "text":
            text = token["text"]
            simple = _are_simple(text)
            if not simple:
                text = _visible(text)
                all_simple = False
            cells += _cells(text, style, simple)
        elif kind == "sgr":
            parameters = token["sgr"]
            if parameters in ("", "0"):
                style = PLAIN
            elif style == PLAIN:
                style = parse_sgr(parameters)
                if not colours:
                    style = Style("", "", style.flags)
            else:
                return None  # Textual resets before each style
        elif kind == "link":
            return None
    return (tuple(cells), all_simple) if style == PLAIN else None


@lru_cache(maxsize=2048)
def _cells(text: str, style: Style, simple: bool) -> Sequence[Cell]:
    blank = (" ", _blank(style))
    if not simple:
        # Terminals differ in how wide they draw some of this: it is kept as one piece in its
        # first cell, and whatever comes after it is placed by position.
        return [(text, style), *[("", style)] * (cell_len(text) - 1)]
    if text.isspace():
        return [blank] * len(text)
    return [blank if c == " " else (c, style) for c in text]


def _has_wide(line: Sequence[Cell]) -> bool:
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
