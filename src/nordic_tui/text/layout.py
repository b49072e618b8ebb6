"""Blocks set in lines of a given width, with the role of each piece but without colours.

Widths are cells of the terminal as `rich.cells.cell_len` counts them, which is how Textual counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from rich.cells import cell_len

from nordic_tui.text.clean import ELLIPSIS, graphemes
from nordic_tui.text.html import (
    Block,
    Code,
    Document,
    Figure,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    Span,
    Table,
    describe,
    marked_items,
)

_MIN_TEXT_CELLS = 16
"""Text gets at least this width, or half of what there is, whatever stands before it."""
_MAX_INDENTS = 8
"""How many lists and quotes inside each other are indented."""
_MIN_COLUMN_CELLS = 8
_COLUMN_GAP = "  "
_CODE_INDENT = "  "
_QUOTE_BAR = "│ "


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


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    role: Role
    link: int | None = None
    """The number of the link in `Document.links`, counted from 1."""


Line: TypeAlias = tuple[Piece, ...]


def lay_out(document: Document, width: int) -> list[Line]:
    """The document as lines of at most `width` cells (1 or more), without spaces at their ends.

    Blocks are parted by an empty line (); the addresses of the links follow at the end, each with
    its number. Only a grapheme that is wider than `width` itself makes a longer line.
    """
    width = max(1, width)
    lines = _blocks(document.blocks, _Room(width, Role.TEXT))
    if document.links:
        lines.append(())
    for number, link in enumerate(document.links, 1):
        for part in _chop(f"[{number}] {link.url}", width):
            if bare := part.strip():
                lines.append((Piece(bare, Role.MUTED, number),))
    return lines


def wrap(text: str, width: int) -> list[str]:
    """Plain `text` as lines of at most `width` cells; its line feeds and empty lines are kept."""
    lines = _wrap([(text, Role.TEXT, None)], max(1, width))
    return ["".join(piece.text for piece in line) for line in lines]


def cut(text: str, width: int) -> str:
    """The beginning of one line of `text` in at most `width` cells; what was cut ends in "…"."""
    if _cells(text) <= width:
        return text
    if width < 1:
        return ""
    kept = next(_chop(text, width - 1)) if width > 1 else ""
    if _cells(kept) > width - 1:
        kept = ""
    return kept.rstrip() + ELLIPSIS


# ── measuring ───────────────────────────────────────────────────────────────────────────────


def _cells(text: str) -> int:
    return len(text) if text.isascii() else cell_len(text)


def _chop(text: str, width: int) -> Iterator[str]:
    """`text` in parts of at most `width` cells (1 or more), parted only between graphemes."""
    if text.isascii() or max(text) < "\u0300":
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


# ── lines of inline text ────────────────────────────────────────────────────────────────────

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
_HAS_CJK = re.compile(f"[{_CJK}]")
_WORD_PARTS = re.compile(
    # Chinese and Japanese break between any two letters, but not after an opening bracket and
    # not before a closing one or a full stop (JIS X 4051, in short).
    f"[{_OPENING}]*[{_CJK}][\u3099\u309a\ufe00-\ufe0f]*[{_CLOSING}]*"
    f"|[^{_CJK}{_OPENING}]+|[{_OPENING}]+"
)

_Run: TypeAlias = tuple[str, Role, int | None]
"""What will be a Piece; plain tuples, as words are many and lines are few."""
_Atom: TypeAlias = list[_Run]
"""What is not parted unless it is wider than the line: a word, of one or more styles."""


def _wrap(runs: list[_Run], width: int) -> list[Line]:
    """The runs in lines: broken at spaces and, where a word is too long, inside it."""
    lines: list[Line] = []
    line: list[_Run] = []
    used = 0
    space: _Run | None = None
    for atom in _atoms(runs):
        text = atom[0][0]
        if text == " ":
            space = atom[0]
            continue
        if text == "\n":
            lines.append(_line(line))
            line, used, space = [], 0, None
            continue
        cells = _cells(text) if len(atom) == 1 else sum(_cells(run[0]) for run in atom)
        gap = 1 if space and line else 0
        if line and used + gap + cells > width:
            lines.append(_line(line))
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
                lines.append(_line(line))
            line = part
        used = sum(_cells(run[0]) for run in line)
    lines.append(_line(line))
    return lines


def _atoms(runs: list[_Run]) -> Iterator[_Atom]:
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
            elif part.isascii() or not _HAS_CJK.search(part):
                word.append((part, role, link))
            else:
                for found in _WORD_PARTS.findall(part):
                    if word and _HAS_CJK.search(word[-1][0] + found):
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
            head = next(_chop(text, left), "")
            if _cells(head) <= left:
                line.append((head, role, link))
                left -= _cells(head)
                rest = text[len(head) :]
        for part in _chop(rest, width):
            if line:
                yield line
            line = [(part, role, link)]
            left = max(0, width - _cells(part))
    if line:
        yield line


def _line(runs: list[_Run]) -> Line:
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


def _runs(text: Inline, base: Role) -> list[_Run]:
    """The spans with their roles, and the number of each link after it."""
    runs: list[_Run] = []
    for link, group in groupby(text, key=attrgetter("link")):
        linked: list[_Run] = [(span.text, _role(span, base), link) for span in group]
        if link is None:
            runs += linked
            continue
        last, role, _ = linked[-1]
        bare = last.rstrip()
        linked[-1] = (bare, role, link)
        runs += linked
        runs += [(" ", base, None), (f"[{link}]", Role.LINK_NUMBER, link)]
        if bare != last:
            runs.append((last[len(bare) :], base, None))
    return runs


def _role(span: Span, base: Role) -> Role:
    if span.link is not None:
        return Role.LINK
    if base is Role.HEADING:
        return base
    if span.code:
        return Role.CODE
    if span.strong:
        return Role.STRONG
    if span.emphasis:
        return Role.EMPHASIS
    if span.strike:
        return Role.STRIKE
    return base


# ── blocks ──────────────────────────────────────────────────────────────────────────────────


class _Room(NamedTuple):
    """Where a block is laid out."""

    width: int
    base: Role
    """The role of text that has no other."""
    indents: int = 0

    def within(self, cells: int, base: Role | None = None) -> "_Room | None":
        """The room right of something `cells` wide; None if that is too little or too deep."""
        width = self.width - cells
        if self.indents >= _MAX_INDENTS or width < max(1, min(_MIN_TEXT_CELLS, self.width // 2)):
            return None
        return _Room(width, base or self.base, self.indents + 1)


def _blocks(blocks: tuple[Block, ...], room: _Room, *, tight: bool = False) -> list[Line]:
    lines: list[Line] = []
    for block in blocks:
        if lines and not tight:
            lines.append(())
        lines += _block(block, room)
    return lines


def _block(block: Block, room: _Room) -> list[Line]:
    if isinstance(block, Heading):
        return _wrap(_runs(block.text, Role.HEADING), room.width)
    if isinstance(block, Paragraph):
        return _wrap(_runs(block.text, room.base), room.width)
    if isinstance(block, ListBlock):
        return _list(block, room)
    if isinstance(block, Quote):
        return _quote(block, room)
    if isinstance(block, Table):
        return _table(block, room)
    if isinstance(block, Code):
        return _code(block, room)
    if isinstance(block, Rule):
        return [(Piece("─" * room.width, Role.MUTED),)]
    return _figure(block, room)


def _indented(lines: list[Line], first: Piece, others: Piece) -> list[Line]:
    """The lines with a piece before each; an empty line gets it without spaces at its end."""
    indented: list[Line] = []
    for index, line in enumerate(lines):
        before = others if index else first
        if line:
            if before.role is line[0].role and line[0].link is None:
                line = (Piece(before.text + line[0].text, before.role), *line[1:])
            else:
                line = (before, *line)
            indented.append(line)
        elif bare := before.text.rstrip():
            indented.append((Piece(bare, before.role),))
        else:
            indented.append(())
    return indented


def _list(block: ListBlock, room: _Room) -> list[Line]:
    tight = all(all(isinstance(inner, ListBlock) for inner in item[1:]) for item in block.items)
    lines: list[Line] = []
    for mark, item in marked_items(block):
        if lines and not tight:
            lines.append(())
        inside = room.within(_cells(mark))
        if inside:
            body = _blocks(item, inside, tight=tight)
            others = Piece(" " * _cells(mark), room.base)
            lines += _indented(body, Piece(mark, Role.MARKER), others)
        else:
            lines += [(Piece(part, Role.MARKER),) for part in _chop(mark.strip(), room.width)]
            lines += _blocks(item, room, tight=tight)
    return lines


def _quote(block: Quote, room: _Room) -> list[Line]:
    inside = room.within(_cells(_QUOTE_BAR), Role.QUOTE)
    if inside is None:
        return _blocks(block.blocks, room._replace(base=Role.QUOTE))
    bar = Piece(_QUOTE_BAR, Role.QUOTE)
    return _indented(_blocks(block.blocks, inside), bar, bar)


def _code(block: Code, room: _Room) -> list[Line]:
    inside = room.within(len(_CODE_INDENT))
    indent = _CODE_INDENT if inside else ""
    lines: list[Line] = []
    for text in block.text.split("\n"):
        for part in _chop(text, (inside or room).width):
            bare = part.rstrip()
            lines.append((Piece(indent + bare, Role.CODE),) if bare else ())
        if not text:
            lines.append(())
    return lines


def _figure(block: Figure, room: _Room) -> list[Line]:
    runs: list[_Run] = [(describe(block), Role.MUTED, None)]
    if block.link is not None:
        runs += [(" ", room.base, None), (f"[{block.link}]", Role.LINK_NUMBER, block.link)]
    lines = _wrap(runs, room.width)
    return lines + _wrap(_runs(block.caption, room.base), room.width) if block.caption else lines


# ── tables ──────────────────────────────────────────────────────────────────────────────────


def _table(block: Table, room: _Room) -> list[Line]:
    columns = len(block.rows[0]) if block.rows else 0
    gaps = len(_COLUMN_GAP) * (columns - 1)
    cells = [
        [_runs(cell, Role.STRONG if index < block.header_rows else room.base) for cell in row]
        for index, row in enumerate(block.rows)
    ]
    widths = _column_widths(cells, columns, room.width - gaps)
    if not widths:
        return _records(block, room)
    lines: list[Line] = []
    for index, row in enumerate(cells):
        lines += _row(row, widths)
        if index + 1 == block.header_rows:
            lines.append((Piece("─" * (sum(widths) + gaps), Role.MUTED),))
    return lines


def _column_widths(cells: list[list[list[_Run]]], columns: int, left: int) -> list[int]:
    """The width of each column, together at most `left`; [] if that leaves them too narrow.

    Columns that need no more than an equal share get what they need, the others share the rest.
    """
    if left < columns:
        return []
    wanted = [1] * columns
    for row in cells:
        for column, runs in enumerate(row):
            text = "".join(run[0] for run in runs)
            longest = max(map(_cells, text.split("\n")))
            wanted[column] = max(wanted[column], longest)
    widths = [0] * columns
    open_columns = sorted(range(columns), key=lambda column: wanted[column])
    while open_columns:
        column = open_columns.pop(0)
        widths[column] = min(wanted[column], left // (len(open_columns) + 1))
        left -= widths[column]
        if widths[column] < min(wanted[column], _MIN_COLUMN_CELLS):
            return []
    return widths


def _row(row: list[list[_Run]], widths: list[int]) -> list[Line]:
    """The cells of a row side by side, in as many lines as the longest of them needs."""
    wrapped = [_wrap(runs, width) for runs, width in zip(row, widths, strict=True)]
    lines: list[Line] = []
    for index in range(max(map(len, wrapped))):
        line: list[_Run] = []
        owed = 0
        for cell, width in zip(wrapped, widths, strict=True):
            pieces = cell[index] if index < len(cell) else ()
            if pieces:
                if owed:
                    line.append((" " * owed, Role.TEXT, None))
                line += [(piece.text, piece.role, piece.link) for piece in pieces]
                owed = 0
            owed += width - sum(_cells(piece.text) for piece in pieces) + len(_COLUMN_GAP)
        lines.append(_line(line))
    return lines


def _records(block: Table, room: _Room) -> list[Line]:
    """The table where columns don't fit: for each row its cells below each other, named."""
    names = [
        " ".join("".join(span.text for span in cell).split())
        for cell in (block.rows[block.header_rows - 1] if block.header_rows else ())
    ]
    rows = block.rows[block.header_rows :] if len(block.rows) > block.header_rows else block.rows
    if rows is block.rows:
        names = []
    lines: list[Line] = []
    for row in rows:
        record: list[Line] = []
        for column, cell in enumerate(row):
            if not cell:
                continue
            name = names[column] if column < len(names) else ""
            before: list[_Run] = [(f"{name}: ", Role.STRONG, None)] if name else []
            record += _wrap(before + _runs(cell, room.base), room.width)
        if record and lines:
            lines.append(())
        lines += record
    return lines
