"""Blocks set in lines of a given width, with the role of each piece but without colours."""

from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from nordic_tui.text import clean
from nordic_tui.text.blocks import (
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
from nordic_tui.text.wrapping import (
    Line,
    Piece,
    Role,
    Run,
    cell_width,
    chop,
    cut,
    line_of,
    wrap,
    wrap_runs,
)

__all__ = ["Line", "Piece", "Role", "cut", "lay_out", "wrap"]

_MIN_TEXT_CELLS = 16
"""Text gets at least this width, or half of what there is, whatever stands before it."""
_MAX_INDENTS = 8
"""How many lists and quotes inside each other are indented."""
_MIN_COLUMN_CELLS = 8
_COLUMN_GAP = "  "
_CODE_INDENT = "  "
_QUOTE_BAR = "│ "


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
        for part in chop(f"[{number}] {clean.shown(link.url)}", width):
            if bare := part.strip():
                lines.append((Piece(bare, Role.MUTED, number),))
    return lines


# ── spans ───────────────────────────────────────────────────────────────────────────────────


def _runs(text: Inline, base: Role) -> list[Run]:
    """The spans with their roles, and the number of each link after it."""
    runs: list[Run] = []
    for link, group in groupby(text, key=attrgetter("link")):
        linked: list[Run] = [(span.text, _role(span, base), link) for span in group]
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
        if self.indents >= _MAX_INDENTS or width < max(2, min(_MIN_TEXT_CELLS, self.width // 2)):
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
        return wrap_runs(_runs(block.text, Role.HEADING), room.width)
    if isinstance(block, Paragraph):
        return wrap_runs(_runs(block.text, room.base), room.width)
    if isinstance(block, ListBlock):
        return _list(block, room)
    if isinstance(block, Quote):
        return _quote(block, room)
    if isinstance(block, Table):
        return _table(block, room)
    if isinstance(block, Code):
        return _code(block, room)
    if isinstance(block, Rule):
        return [(Piece("─" * room.width, Role.RULE),)]
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
        inside = room.within(cell_width(mark))
        if inside:
            body = _blocks(item, inside, tight=tight)
            others = Piece(" " * cell_width(mark), room.base)
            lines += _indented(body, Piece(mark, Role.MARKER), others)
        else:
            lines += [(Piece(part, Role.MARKER),) for part in chop(mark.strip(), room.width)]
            lines += _blocks(item, room, tight=tight)
    return lines


def _quote(block: Quote, room: _Room) -> list[Line]:
    inside = room.within(cell_width(_QUOTE_BAR), Role.QUOTE)
    if inside is None:
        return _blocks(block.blocks, room._replace(base=Role.QUOTE))
    bar = Piece(_QUOTE_BAR, Role.QUOTE)
    return _indented(_blocks(block.blocks, inside), bar, bar)


def _code(block: Code, room: _Room) -> list[Line]:
    inside = room.within(len(_CODE_INDENT))
    indent = _CODE_INDENT if inside else ""
    lines: list[Line] = []
    for text in block.text.split("\n"):
        for part in chop(text, (inside or room).width):
            bare = part.rstrip()
            lines.append((Piece(indent + bare, Role.CODE),) if bare else ())
        if not text:
            lines.append(())
    return lines


def _figure(block: Figure, room: _Room) -> list[Line]:
    runs: list[Run] = [(describe(block), Role.MUTED, None)]
    if block.link is not None:
        runs += [(" ", room.base, None), (f"[{block.link}]", Role.LINK_NUMBER, block.link)]
    lines = wrap_runs(runs, room.width)
    return (
        lines + wrap_runs(_runs(block.caption, room.base), room.width) if block.caption else lines
    )


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
            lines.append((Piece("─" * (sum(widths) + gaps), Role.RULE),))
    return lines


def _column_widths(cells: list[list[list[Run]]], columns: int, left: int) -> list[int]:
    """The width of each column, together at most `left`; [] if that leaves them too narrow.

    Columns that need no more than an equal share get what they need, the others share the rest.
    """
    if left < columns:
        return []
    wanted = [1] * columns
    for row in cells:
        for column, runs in enumerate(row):
            text = "".join(run[0] for run in runs)
            longest = max(map(cell_width, text.split("\n")))
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


def _row(row: list[list[Run]], widths: list[int]) -> list[Line]:
    """The cells of a row side by side, in as many lines as the longest of them needs."""
    wrapped = [wrap_runs(runs, width) for runs, width in zip(row, widths, strict=True)]
    lines: list[Line] = []
    for index in range(max(map(len, wrapped))):
        line: list[Run] = []
        owed = 0
        for cell, width in zip(wrapped, widths, strict=True):
            pieces = cell[index] if index < len(cell) else ()
            if pieces:
                if owed:
                    line.append((" " * owed, Role.TEXT, None))
                line += [(piece.text, piece.role, piece.link) for piece in pieces]
                owed = 0
            owed += width - sum(cell_width(piece.text) for piece in pieces) + len(_COLUMN_GAP)
        lines.append(line_of(line))
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
            before: list[Run] = [(f"{name}: ", Role.STRONG, None)] if name else []
            record += wrap_runs(before + _runs(cell, room.base), room.width)
        if record and lines:
            lines.append(())
        lines += record
    return lines
