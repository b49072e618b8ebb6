"""Running text in lines of a given width: broken, cut and measured by what a reader sees.

Widths are cells of the terminal as `rich.cells.cell_len` counts them, which is how Textual counts.
Apart from `layout` because the first screen needs this and no more.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import NamedTuple, TypeAlias

from rich.cells import cell_len

from nordic_tui.text.clean import ELLIPSIS, FIRST_MARK, graphemes


class Role(StrEnum):
    """What a piece of text is, for whoever gives it a colour."""

    TEXT = "text"
    HEADING = "heading"
    STRONG = "strong"
    EMPHASIS = "emphasis"
    CODE = "code"
    LINK = "link"
    LINK_NUMBER = "link-number"
    QUOTE = "quote"
    MARKER = "marker"
    MUTED = "muted"
    STRIKE = "strike"
    RULE = "rule"


class Piece(NamedTuple):
    text: str
    role: Role
    link: int | None = None
    """The number of the link in `Document.links`, counted from 1."""


Line: TypeAlias = tuple[Piece, ...]


def wrap(text: str, width: int) -> list[str]:
    """Plain `text` as lines of at most `width` cells; its line feeds and empty lines are kept."""
    lines = wrap_runs([(text, Role.TEXT, None)], max(1, width))
    return ["".join(piece.text for piece in line) for line in lines]


def cut(text: str, width: int) -> str:
    """The beginning of one line of `text` in at most `width` cells; what was cut ends in "…"."""
    if cell_width(text) <= width:
        return text
    if width < 1:
        return ""
    kept = next(chop(text, width - 1)) if width > 1 else ""
    if cell_width(kept) > width - 1:
        kept = ""
    return kept.rstrip() + ELLIPSIS


# ── measuring ───────────────────────────────────────────────────────────────────────────────


def cell_width(text: str) -> int:
    """How many cells `text` takes in a terminal."""
    return len(text) if text.isascii() else cell_len(text)


def chop(text: str, width: int) -> Iterator[str]:
    """`text` in parts of at most `width` cells (1 or more), parted only between graphemes."""
    if text.isascii() or max(text) < FIRST_MARK:
        for start in range(0, len(text), width):
            yield text[start : start + width]
        return
    part: list[str] = []
    used = 0
    for grapheme in graphemes(text):
        cells = cell_len(grapheme)
        if part and used + cells > width:
            yield "".join(part)
            part.clear()
            used = 0
        part.append(grapheme)
        used += cells
    if part:
        yield "".join(part)


# ── breaking ────────────────────────────────────────────────────────────────────────────────

_FIRST_CJK = "\u2e80"
_CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
_OPENING = "\u3008\u300a\u300c\u300e\u3010\u3014\u3016\u3018\uff08\uff3b\uff5b"
_CLOSING = (
    "\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015\u3017\u3019"
    "\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\uff3d\uff5d"
)
_SPACE = re.compile(r"(\n| +)")
_WORD_PART = (
    # Chinese and Japanese break between any two letters, but not after an opening bracket and
    # not before a closing one or a full stop (JIS X 4051, in short).
    f"[{_OPENING}]*[{_CJK}][\u3099\u309a\ufe00-\ufe0f]*[{_CLOSING}]*"
    f"|[^{_CJK}{_OPENING}]+|[{_OPENING}]+"
)

Run: TypeAlias = tuple[str, Role, int | None]
"""What will be a Piece; plain tuples, as words are many and lines are few."""
_Atom: TypeAlias = list[Run]
"""What is not parted unless it is wider than the line: a word, of one or more styles."""


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """Compiled when text needs it: these classes of characters take milliseconds."""
    return re.compile(pattern)


def _has_cjk(text: str) -> bool:
    return (
        not text.isascii()
        and max(text) >= _FIRST_CJK
        and _pattern(f"[{_CJK}]").search(text) is not None
    )


def wrap_runs(runs: list[Run], width: int) -> list[Line]:
    """The runs in lines: broken at spaces and, where a word is too long, inside it."""
    lines: list[Line] = []
    line: list[Run] = []
    used = 0
    space: Run | None = None
    for atom in _atoms(runs):
        text = atom[0][0]
        if text == " ":
            space = atom[0]
            continue
        if text == "\n":
            lines.append(line_of(line))
            line, used, space = [], 0, None
            continue
        cells = cell_width(text) if len(atom) == 1 else sum(cell_width(run[0]) for run in atom)
        gap = 1 if space and line else 0
        if line and used + gap + cells > width:
            lines.append(line_of(line))
            line, used, gap = [], 0, 0
        if gap and space:
            line.append(space)
            used += 1
        space = None
        if cells <= width:
            line += atom
            used += cells
            continue
        for part in _chopped(atom, width):
            if line:
                lines.append(line_of(line))
            line = part
        used = sum(cell_width(run[0]) for run in line)
    lines.append(line_of(line))
    return lines


def _atoms(runs: list[Run]) -> Iterator[_Atom]:
    """Words, and single runs " " and "\n" between them."""
    word: _Atom = []
    for text, role, link in runs:
        for part in _SPACE.split(text):
            if not part:
                continue
            if part[0] in " \n":
                if word:
                    yield word
                    word = []
                yield [(part[0], role, link)]
            elif not _has_cjk(part):
                word.append((part, role, link))
            else:
                for found in _pattern(_WORD_PART).findall(part):
                    if word and _has_cjk(word[-1][0] + found):
                        yield word
                        word = []
                    word.append((found, role, link))
    if word:
        yield word


def _chopped(atom: _Atom, width: int) -> Iterator[_Atom]:
    """A word that is too wide in parts that are not."""
    line: _Atom = []
    left = width
    for text, role, link in atom:
        rest = text
        if line and left:
            head = next(chop(text, left), "")
            if cell_width(head) <= left:
                line.append((head, role, link))
                left -= cell_width(head)
                rest = text[len(head) :]
        for part in chop(rest, width):
            if line:
                yield line
            line = [(part, role, link)]
            left = max(0, width - cell_width(part))
    if line:
        yield line


def line_of(runs: list[Run]) -> Line:
    """The runs as pieces, neighbours of the same role and link made one."""
    pieces: list[Piece] = []
    texts: list[str] = []
    last: tuple[Role, int | None] | None = None
    for text, role, link in runs:
        if last != (role, link):
            if last:
                pieces.append(Piece("".join(texts), *last))
            last = (role, link)
            texts = []
        texts.append(text)
    if last:
        pieces.append(Piece("".join(texts), *last))
    return tuple(pieces)
