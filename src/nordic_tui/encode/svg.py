"""The screen as SVG (https://www.w3.org/TR/SVG11/): a picture of it, or a moving one.

    still    rows of drawn pieces -> one picture
    moving   rows at several seconds -> one that plays by itself, with CSS and without a script

Nothing is fetched when they are shown, and the same rows give the same bytes. Lines and blocks are
drawn, not set, so that they have no gaps in any font.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Final, NamedTuple, TypeAlias

from nordic_tui.model import Drawn
from nordic_tui.text.wrapping import cell_width

Rows: TypeAlias = Sequence[Sequence[Drawn]]

FONTS: Final = '"Fira Code", "DejaVu Sans Mono", Menlo, Consolas, monospace'
FONT_SIZE: Final = 20
CELL_WIDTH: Final = 12.04
"""DejaVu Sans Mono's advance at this size; other fonts are stretched to it."""
CELL_HEIGHT: Final = 24
"""A whole number, so that rows touch and the edge of one falls between two pixels."""
ASCENT: Final = 18
MARGIN: Final = 14
BAR: Final = 34
"""The height of the window's title bar."""

_SHAPES: Final = {
    "▏": (0.0, 0.0, 0.125, 1.0),
    "▎": (0.0, 0.0, 0.25, 1.0),
    "▕": (0.875, 0.0, 0.125, 1.0),
    "▌": (0.0, 0.0, 0.5, 1.0),
    "▐": (0.5, 0.0, 0.5, 1.0),
    "█": (0.0, 0.0, 1.0, 1.0),
    "▀": (0.0, 0.0, 1.0, 0.5),
    "▄": (0.0, 0.5, 1.0, 0.5),
    "▔": (0.0, 0.0, 1.0, 0.125),
    "▁": (0.0, 0.875, 1.0, 0.125),
    "│": (0.44, 0.0, 0.125, 1.0),
    "─": (0.0, 0.47, 1.0, 0.06),
    "━": (0.0, 0.43, 1.0, 0.14),
}
"""Signs that are drawn: left, top, width and height as parts of the cell."""
_STRIDE: Final = CELL_HEIGHT + 4
"""From one piece of a strip to the next: a letter that hangs down stays out of sight."""
_WORDS: Final = re.compile(r"\S+(?: \S+)*")
"""What is set as one: more blanks than one would be taken for one."""


class Scene(NamedTuple):
    """What stands there from a second on."""

    at_s: float
    rows: Rows


class _Look(NamedTuple):
    """What a piece of text has besides its place."""

    ink: str
    bold: bool
    italic: bool
    underline: bool
    strike: bool


class _Sheet:
    """The looks that were used, each with the name of its class."""

    def __init__(self) -> None:
        self._names: dict[_Look, str] = {}

    def name(self, look: _Look) -> str:
        return self._names.setdefault(look, f"l{len(self._names)}")

    def rules(self) -> Iterator[str]:
        for look, name in self._names.items():
            rule = f"fill:{look.ink}"
            rule += ";font-weight:700" if look.bold else ""
            rule += ";font-style:italic" if look.italic else ""
            lines = [("underline", look.underline), ("line-through", look.strike)]
            decoration = " ".join(line for line, is_on in lines if is_on)
            rule += f";text-decoration:{decoration}" if decoration else ""
            yield f".{name}{{{rule}}}"


def still(rows: Rows, title: str = "") -> str:
    """A picture; title: what stands in the bar above it."""
    sheet = _Sheet()
    ground = _ground_of(rows)
    drawn = "".join(
        f'<g transform="translate(0 {y * CELL_HEIGHT:g})">{line}</g>\n'
        for y, line in enumerate(_line(row, ground, sheet) for row in rows)
        if line
    )
    return _window(rows, ground, title, [*sheet.rules()], drawn)


def moving(scenes: Sequence[Scene], length_s: float, title: str = "") -> str:
    """A picture that plays the scenes again and again.

    Every row is a strip of all that ever stands in it, of which one piece is seen at a time.
    Where motion is not wanted, or no CSS is known, it is a picture of the first scene.
    """
    sheet = _Sheet()
    ground = _ground_of(scenes[0].rows)
    width = _columns(scenes[0].rows) * CELL_WIDTH
    rules: list[str] = []
    body: list[str] = []
    for y in range(len(scenes[0].rows)):
        lines = [(scene.at_s, _line(scene.rows[y], ground, sheet)) for scene in scenes]
        changes = [next(group) for _, group in groupby(lines, key=lambda line: line[1])]
        pieces = list(dict.fromkeys(line for _, line in changes))
        strip = "".join(
            f'<g transform="translate(0 {place * _STRIDE:g})">{piece}</g>'
            for place, piece in enumerate(pieces)
            if piece
        )
        if not strip:
            continue
        moves = f' class="m" style="animation-name:r{y}"' if len(changes) > 1 else ""
        body.append(
            f'<svg y="{y * CELL_HEIGHT:g}" width="{width:g}" height="{CELL_HEIGHT}">'
            f"<g{moves}>{strip}</g></svg>\n"
        )
        if moves:
            steps = "".join(
                f"{_percent(at_s, length_s)}{{transform:translateY({-shift:g}px)}}"
                for at_s, shift in ((at_s, pieces.index(line) * _STRIDE) for at_s, line in changes)
            )
            rules.append(f"@keyframes r{y}{{{steps}}}")
    rules.append(
        f".m{{animation-duration:{length_s:g}s;animation-timing-function:step-end;"
        "animation-iteration-count:infinite}"
    )
    rules.append("@media (prefers-reduced-motion:reduce){.m{animation:none}}")
    return _window(scenes[0].rows, ground, title, [*sheet.rules(), *rules], "".join(body))


def _percent(at_s: float, length_s: float) -> str:
    return f"{round(100 * at_s / length_s, 4):g}%"


def _columns(rows: Rows) -> int:
    return max((sum(cell_width(piece.text) for piece in row) for row in rows), default=0)


def _ground_of(rows: Rows) -> str:
    """The colour that most of the rows begin with."""
    grounds = [row[0].ground for row in rows if row]
    return max(dict.fromkeys(grounds), key=grounds.count) if grounds else "#000000"


def _window(rows: Rows, ground: str, title: str, rules: Iterable[str], body: str) -> str:
    width = _columns(rows) * CELL_WIDTH + 2 * MARGIN
    height = len(rows) * CELL_HEIGHT + 2 * MARGIN + BAR
    ink = rows[0][0].ink if rows and rows[0] else "#808080"
    style = "\n".join(
        (f"text{{font-family:{FONTS};font-size:{FONT_SIZE}px;white-space:pre}}", *rules)
    )
    dots = "".join(f'<circle cx="{22 + 20 * n}" cy="22" r="6"/>' for n in range(3))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}">\n'
        f"<title>{escape(title or 'Nordic TUI')}</title>\n"
        f"<style>\n{style}\n</style>\n"
        f'<rect width="{width:g}" height="{height:g}" rx="10" fill="{ground}"/>\n'
        f'<g fill="{ink}" opacity="0.35">{dots}</g>\n'
        f'<text x="{width / 2:g}" y="28" text-anchor="middle" fill="{ink}" opacity="0.7">'
        f"{escape(title)}</text>\n"
        f'<g transform="translate({MARGIN} {BAR + MARGIN // 2})">\n{body}</g>\n</svg>\n'
    )


# ── a row ───────────────────────────────────────────────────────────────────────────────────


def _line(row: Sequence[Drawn], ground: str, sheet: _Sheet) -> str:
    """A row whose top is at 0: what lies under the text, then the text."""
    return "".join((*_grounds(row, ground), *_texts(row, sheet)))


def _grounds(row: Sequence[Drawn], ground: str) -> Iterator[str]:
    column = 0
    for colour, pieces in groupby(row, key=lambda piece: piece.ground):
        cells = sum(cell_width(piece.text) for piece in pieces)
        if colour != ground:
            yield (
                f'<rect x="{_number(column * CELL_WIDTH)}" width="{_number(cells * CELL_WIDTH)}" '
                f'height="{CELL_HEIGHT}" fill="{colour}"/>'
            )
        column += cells


def _texts(row: Sequence[Drawn], sheet: _Sheet) -> Iterator[str]:
    column = 0
    for look, pieces in groupby(row, key=_look):
        text = "".join(piece.text for piece in pieces)
        for (shape, wide), group in groupby(text, key=_kind):
            run = "".join(group)
            if shape:
                yield _shape(shape, len(run), column, look.ink)
            elif run.strip():
                yield from _set(run, column, wide, sheet.name(look))
            column += cell_width(run)


def _look(piece: Drawn) -> _Look:
    return _Look(piece.ink, piece.bold, piece.italic, piece.underline, piece.strike)


def _kind(sign: str) -> tuple[str, bool]:
    """What may stand in one part: the sign itself if it is drawn, and whether it is wide."""
    return (sign if sign in _SHAPES else "", not sign.isascii() and cell_width(sign) != 1)


def _set(run: str, column: int, wide: bool, name: str) -> Iterator[str]:
    """The words of a run, each at its place and as long as its cells."""
    for words in _WORDS.finditer(run):
        cells = cell_width(words[0])
        left = column + cell_width(run[: words.start()])
        adjust = ' lengthAdjust="spacingAndGlyphs"' if wide else ""
        yield (
            f'<text class="{name}" x="{_number(left * CELL_WIDTH)}" y="{ASCENT}" '
            f'textLength="{_number(cells * CELL_WIDTH)}"{adjust}>{escape(words[0], quote=False)}'
            "</text>"
        )


def _shape(shape: str, count: int, column: int, ink: str) -> str:
    """So many times a sign of _SHAPES: as one rectangle, or as one each if they do not touch."""
    left, top, width, height = _SHAPES[shape]
    total = 1 if width == 1.0 else count
    cells = float(count) if width == 1.0 else width
    return "".join(
        f'<rect x="{_number((column + number + left) * CELL_WIDTH)}" '
        f'y="{_number(top * CELL_HEIGHT)}" width="{_number(cells * CELL_WIDTH)}" '
        f'height="{_number(height * CELL_HEIGHT)}" fill="{ink}" shape-rendering="crispEdges"/>'
        for number in range(total)
    )


def _number(value: float) -> str:
    return f"{round(value, 2):g}"
