"""Running text in lines of a given width: broken, cut and measured by what a reader sees.

Widths are cells of the terminal as `rich.cells.cell_len` counts them, which is how Textual counts.
Apart from `layout` because the first screen needs this and no more.
"""

import re
from collections.abc import Iterable, Iterator
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
    MARK = "mark"
    INSERTED = "inserted"
    KEY = "key"
    NOTE_NUMBER = "note-number"
    CAPTION = "caption"
    KEYWORD = "keyword"
    STRING = "string"
    COMMENT = "comment"
    NUMBER = "number"
    ADDED = "added"
    """A line that a change adds, as `REMOVED` is one that it takes away."""
    REMOVED = "removed"


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
_SPACE_OR_WORD = re.compile(r"\n| +|[^\n ]+")
_NARROW = (
    "[\n -~\xa1-\xac\xae-\u02ff\u0370-\u0482\u048a-\u0590\u1d00-\u1dbf\u1e00-\u1fff"
    "\u2010-\u2027\u2030-\u205e\u2070-\u20bf\u2190-\u2199\u2500-\u25fc]*"
)
"""Letters and signs that take one cell each and that nothing clings to or breaks between."""
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


def wrap_runs(runs: list[Run], width: int) -> Iterator[Line]:
    """The runs in lines, made as they are asked for: broken at spaces and, where a word is too
    long, inside it. At least one line."""
    text = runs[0][0] if len(runs) == 1 else "".join([run[0] for run in runs])
    if "  " not in text and is_narrow(text):
        return _wrap_narrow(runs, text, width)
    return _wrap_words(runs, width)


def _wrap_words(runs: list[Run], width: int) -> Iterator[Line]:
    """Text of any script, word by word."""
    line: list[Run] = []
    used = 0
    space: Run | None = None
    for atom in _atoms(runs):
        text = atom[0][0]
        if text == " ":
            space = atom[0]
            continue
        if text == "\n":
            yield line_of(line)
            line, used, space = [], 0, None
            continue
        cells = cell_width(text) if len(atom) == 1 else sum(cell_width(run[0]) for run in atom)
        gap = 1 if space and line else 0
        if line and used + gap + cells > width:
            yield line_of(line)
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
                yield line_of(line)
            line = part
        used = sum(cell_width(run[0]) for run in line)
    yield line_of(line)


def _wrap_narrow(runs: list[Run], text: str, width: int) -> Iterator[Line]:
    """Text in which each character takes one cell and words are parted by single spaces.

    The same lines as word by word, found by looking for the last space that fits.
    """
    lines = _narrow_lines(text, width)
    if len(runs) > 1:
        return parts_of(runs, lines)
    role, link = runs[0][1:] if runs else (Role.TEXT, None)
    return ((Piece(text[start:end], role, link),) if start < end else () for start, end in lines)


def parts_of(runs: list[Run], parts: Iterable[tuple[int, int]]) -> Iterator[Line]:
    """The parts of the runs that begin and end where `parts` say, in their order, as lines."""
    index = 0
    passed = 0
    for start, end in parts:
        line: list[Run] = []
        while start < end:
            text, role, link = runs[index]
            stop = passed + len(text)
            if stop <= start:
                passed = stop
                index += 1
                continue
            upto = min(stop, end)
            line.append((text[start - passed : upto - passed], role, link))
            start = upto
        yield line_of(line)


def _narrow_lines(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Where each line of `text` begins and ends."""
    start = 0
    total = len(text)
    while True:
        if text[start : start + 1] == " ":
            start += 1
        stop = text.find("\n", start, start + width + 2)
        limit = stop if stop >= 0 else total
        last = limit - 1 if limit > start and text[limit - 1] == " " else limit
        if last - start <= width:
            yield start, last
            if stop < 0:
                return
            start = limit + 1
            continue
        end = text.rfind(" ", start, start + width + 1)
        if end > start:
            yield start, end
            start = end + 1
        else:
            yield start, start + width
            start += width


def is_narrow(text: str) -> bool:
    """Whether each character of `text` surely takes one cell (but a line feed) and stands alone."""
    return text.isascii() or _pattern(_NARROW).fullmatch(text) is not None


def _atoms(runs: list[Run]) -> Iterator[_Atom]:
    """Words, and single runs " " and "\n" between them."""
    word: _Atom = []
    for text, role, link in runs:
        for found in _SPACE_OR_WORD.finditer(text):
            part = found[0]
            if part[0] in " \n":
                if word:
                    yield word
                    word = []
                yield [(part[0], role, link)]
            elif not _has_cjk(part):
                word.append((part, role, link))
            else:
                for inner in _pattern(_WORD_PART).finditer(part):
                    if word and _has_cjk(word[-1][0] + inner[0]):
                        yield word
                        word = []
                    word.append((inner[0], role, link))
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
