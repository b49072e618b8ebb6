"""Tables set in columns; where there is no room for these, row by row as "name: value"."""

import re
from collections.abc import Iterator

from nordic_tui.text.blocks import Inline, Table, text_of
from nordic_tui.text.spans import runs_of
from nordic_tui.text.wrapping import (
    Line,
    Piece,
    Role,
    Run,
    cell_width,
    line_of,
    wrap_runs,
)

_GAP = "  "
_MIN_CELLS = 12
"""What a column gets at least, if it wants so much: narrower, text is no pleasure to read."""
_MAX_WORD_CELLS = 16
"""Words up to this, and all numbers, are not broken."""
_HANGING = "  "
_MIN_HANGING_CELLS = 20
_NUMBER = re.compile(r"[-+−±≈~<>]?[€$£]?\s?[0-9][0-9.,'’  ]*(?:\s?(?:%|‰|€|kr|[kMG]B|[a-z]{1,3}))?")


def set_table(table: Table, width: int, base: Role) -> Iterator[Line]:
    """The table in lines of at most `width` cells. base: the role of text that has no other."""
    if table.title:
        yield from wrap_runs(runs_of(table.title, Role.CAPTION), width)
    columns = len(table.rows[0]) if table.rows else 0
    gaps = len(_GAP) * (columns - 1)
    rows = [
        [runs_of(cell, Role.STRONG if index < table.header_rows else base) for cell in row]
        for index, row in enumerate(table.rows)
    ]
    widths = _column_widths(rows, columns, width - gaps)
    if widths:
        right = [_is_numeric(table, column) for column in range(columns)]
        for index, row in enumerate(rows):
            if index and index == table.header_rows:
                yield (Piece("─" * (sum(widths) + gaps), Role.RULE),)
            yield from _row(row, widths, right)
    else:
        yield from _records(table, rows, width)
    if table.caption:
        yield ()  # else it reads like one more row
        yield from wrap_runs(runs_of(table.caption, Role.CAPTION), width)


# ── columns ─────────────────────────────────────────────────────────────────────────────────


def _column_widths(rows: list[list[list[Run]]], columns: int, left: int) -> list[int]:
    """The width of each column, together at most `left`; [] if that leaves them too narrow.

    Every column gets what its words need; what is left goes to those that are narrowest, until
    they have what they want.
    """
    if left < columns:
        return []
    wanted = [1] * columns
    needed = [1] * columns
    for row in rows:
        for column, runs in enumerate(row):
            text = "".join([run[0] for run in runs])
            if cell_width(text) <= needed[column]:
                continue
            wanted[column] = max(wanted[column], *map(cell_width, text.split("\n")))
            longest = max(map(cell_width, text.split()), default=0)
            if longest > _MAX_WORD_CELLS and not _NUMBER.fullmatch(text.strip()):
                longest = _MAX_WORD_CELLS
            needed[column] = max(needed[column], longest)
    if sum(wanted) <= left:
        return wanted
    needed = [max(need, min(want, _MIN_CELLS)) for want, need in zip(wanted, needed, strict=True)]
    if sum(needed) > left:
        return []
    level, above = 0, max(wanted)
    while above - level > 1:
        middle = (level + above) // 2
        if sum(_levelled(wanted, needed, middle)) <= left:
            level = middle
        else:
            above = middle
    widths = _levelled(wanted, needed, level)
    for column in range(columns):
        if sum(widths) < left and widths[column] == level < wanted[column]:
            widths[column] += 1
    return widths


def _levelled(wanted: list[int], needed: list[int], level: int) -> list[int]:
    return [max(need, min(want, level)) for want, need in zip(wanted, needed, strict=True)]


def _is_numeric(table: Table, column: int) -> bool:
    """Whether a column holds numbers, which stand below each other by their last digit.

    Not in a table whose rows are what is named: there each number is of another kind.
    """
    if not table.header_rows:
        return False
    texts = [text_of(row[column]).strip() for row in table.rows[table.header_rows :]]
    filled = [text for text in texts if text and text not in ("–", "—", "-", "…")]
    return bool(filled) and all(len(text) <= 20 and _NUMBER.fullmatch(text) for text in filled)


def _row(row: list[list[Run]], widths: list[int], right: list[bool]) -> Iterator[Line]:
    """The cells of a row side by side, in as many lines as the longest of them needs."""
    wrapped = [list(wrap_runs(runs, width)) for runs, width in zip(row, widths, strict=True)]
    for index in range(max(map(len, wrapped))):
        line: list[Run] = []
        owed = 0
        for cell, width, is_right in zip(wrapped, widths, right, strict=True):
            pieces = cell[index] if index < len(cell) else ()
            spare = width - sum([cell_width(piece.text) for piece in pieces])
            if pieces:
                if owed + (spare if is_right else 0):
                    line.append((" " * (owed + (spare if is_right else 0)), Role.TEXT, None))
                line += pieces
                owed = 0 if is_right else spare
            else:
                owed += width
            owed += len(_GAP)
        yield line_of(line)


# ── rows below each other ───────────────────────────────────────────────────────────────────


def _records(table: Table, rows: list[list[list[Run]]], width: int) -> Iterator[Line]:
    """For each row its cells below each other, named by the header."""
    names: list[str] = []
    body = range(table.header_rows, len(rows))
    if table.header_rows and body:
        names = [_name(cell) for cell in table.rows[table.header_rows - 1]]
    else:
        body = range(len(rows))
    begun = False
    for index in body:
        cells = [(column, runs) for column, runs in enumerate(rows[index]) if runs]
        if cells and begun:
            yield ()
        for column, runs in cells:
            begun = True
            name = names[column] if names else ""
            before: list[Run] = [(f"{name}: ", Role.STRONG, None)] if name else []
            if before and any("\n" in run[0] for run in runs):
                before = [(f"{name}:\n", Role.STRONG, None)]
            yield from _hanging(before + runs, width)


def _hanging(runs: list[Run], width: int) -> Iterator[Line]:
    """The runs in lines, of which all but the first are indented."""
    lines = list(wrap_runs(runs, width))
    if len(lines) == 1 or width < _MIN_HANGING_CELLS:
        yield from lines
        return
    first, *others = wrap_runs(runs, width - len(_HANGING))
    yield first
    for line in others:
        yield (Piece(_HANGING, Role.TEXT), *line) if line else line


def _name(cell: Inline) -> str:
    return " ".join(text_of(cell).split()).removesuffix(":")
