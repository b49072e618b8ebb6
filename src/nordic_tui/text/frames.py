"""Elements that hold blocks, while they are open; and what the tables among them become.

A table is at most 50 columns wide and 1,000 rows long; what is cut ends in "…".
"""

from dataclasses import dataclass, field

from nordic_tui.text import clean
from nordic_tui.text.blocks import Block, Heading, Paragraph, Span, Table, one_inline

MAX_COLUMNS = 50
MAX_ROWS = 1_000

_CUT: tuple[Block, ...] = (Paragraph((Span(clean.ELLIPSIS),)),)


@dataclass(slots=True)
class Frame:
    """An element that holds blocks and is still open: the document, a quote, an item, a cell."""

    tag: str
    styles: dict[str, int] = field(default_factory=dict)
    """The styles at its beginning, to which its end goes back, however they were left."""
    href: str = ""
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class ListFrame(Frame):
    ordered: bool = False
    start: int = 1
    items: list[tuple[Block, ...]] = field(default_factory=list)


@dataclass(slots=True)
class CellFrame(Frame):
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class RowFrame(Frame):
    cells: list[CellFrame] = field(default_factory=list)


@dataclass(slots=True)
class TableFrame(Frame):
    in_head: bool = False
    header_rows: int = 0
    rows: list[list[tuple[Block, ...]]] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)
    """By column, how many further rows a cell from above reaches into."""


def add_row(table: TableFrame, cells: list[CellFrame]) -> None:
    """Add a row of cells, each as wide and high as it says, to what the cells above leave free."""
    row: list[tuple[Block, ...]] = []

    def skip_taken() -> None:
        while table.taken.get(len(row), 0) > 0:
            table.taken[len(row)] -= 1
            row.append(())

    for cell in cells:
        skip_taken()
        room = MAX_COLUMNS - len(row)
        if room == 0:
            row[-1] = _CUT
            break
        for offset in range(min(cell.columns, room)):
            table.taken[len(row)] = cell.rows - 1
            row.append(tuple(cell.blocks) if offset == 0 else ())
    skip_taken()
    if not any(row):
        return
    if len(table.rows) >= MAX_ROWS:
        row = [_CUT]
    is_header = table.in_head or all(cell.tag == "th" for cell in cells)
    if is_header and table.header_rows == len(table.rows):
        table.header_rows += 1
    if len(table.rows) <= MAX_ROWS:
        table.rows.append(row)


def table_blocks(frame: TableFrame) -> tuple[Block, ...]:
    """The table; or what is in its cells, if it only arranges a page: one column, or with
    headings or tables inside."""
    columns = max(map(len, frame.rows), default=0)
    blocks = tuple(block for row in frame.rows for cell in row for block in cell)
    if columns <= 1 or any(isinstance(block, Table | Heading) for block in blocks):
        return blocks
    rows = tuple(
        tuple(one_inline(cell) for cell in row) + ((),) * (columns - len(row)) for row in frame.rows
    )
    return (Table(rows, frame.header_rows),)
