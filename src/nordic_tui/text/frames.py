"""Elements that hold blocks, while they are open; and what becomes of them when they end.

A table is at most 50 columns wide and 1,000 rows long; what is cut ends in "…".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from nordic_tui.text import clean
from nordic_tui.text.blocks import (
    Block,
    Code,
    Entry,
    Heading,
    Inline,
    ListBlock,
    Notes,
    Paragraph,
    Quote,
    Span,
    Table,
    Terms,
    one_inline,
)
from nordic_tui.text.running import State

MAX_COLUMNS = 50
MAX_ROWS = 1_000

_CUT: tuple[Block, ...] = (Paragraph((Span(clean.ELLIPSIS),)),)


@dataclass(slots=True)
class Frame:
    """An element that holds blocks and is still open: the document, a quote, an item, a cell."""

    tag: str
    state: State | None = None
    """What was open at its beginning, to which its end goes back, however it was left."""
    blocks: list[Block] = field(default_factory=list)
    note: int | None = None
    """The number of the footnote that it holds."""


@dataclass(slots=True)
class ListFrame(Frame):
    ordered: bool = False
    start: int | None = None
    step: int = 1
    numbering: str = "1"
    items: list[list[Block]] = field(default_factory=list)
    notes: dict[int, int] = field(default_factory=dict)
    """By item, the number of the footnote that it is."""
    given: int = 0
    """How many items before these are blocks already."""


@dataclass(slots=True)
class NoteFrame(Frame):
    """A footnote that is no item of a list."""

    inner: int = 0
    """How many elements of its own name are open in it."""


@dataclass(slots=True)
class OpenEntry:
    terms: list[Inline] = field(default_factory=list)
    definitions: list[list[Block]] = field(default_factory=list)


@dataclass(slots=True)
class TermsFrame(Frame):
    entries: list[OpenEntry] = field(default_factory=list)

    def add_term(self, term: Inline) -> None:
        if not self.entries or self.entries[-1].definitions:
            self.entries.append(OpenEntry())
        self.entries[-1].terms.append(term)

    def add_definition(self, blocks: list[Block]) -> None:
        if not self.entries:
            self.entries.append(OpenEntry())
        self.entries[-1].definitions.append(blocks)

    def add_block(self, block: Block) -> None:
        """Add what stands in no definition to the last one."""
        if self.entries and self.entries[-1].definitions:
            self.entries[-1].definitions[-1].append(block)
        else:
            self.add_definition([block])


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
    has_borders: bool = False
    header_rows: int = 0
    title: Inline = ()
    rows: list[list[tuple[Block, ...]]] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)
    """By column, how many further rows a cell from above reaches into."""


def holds_blocks(frame: Frame) -> bool:
    """Whether what is put into the element is kept in its `blocks`, in its order."""
    return type(frame) is Frame or isinstance(frame, CellFrame)


# ── lists ───────────────────────────────────────────────────────────────────────────────────


def list_blocks(frame: ListFrame) -> list[Block]:
    """The list; where items of it are footnotes, these by themselves."""
    items = [tuple(item) for item in frame.items]
    if not frame.notes:
        return [_list(frame, items, 0)] if items else []
    blocks: list[Block] = []
    start = 0
    while start < len(items):
        stop = start + 1
        while stop < len(items) and (stop in frame.notes) == (start in frame.notes):
            stop += 1
        if start in frame.notes:
            blocks.append(
                Notes(tuple((frame.notes[index], items[index]) for index in range(start, stop)))
            )
        else:
            blocks.append(_list(frame, items[start:stop], start))
        start = stop
    return blocks


def take_part(frame: ListFrame) -> list[Block]:
    """The items as blocks but the last, to which more can come; they are gone from the frame."""
    last = len(frame.items) - 1
    blocks = list_blocks(
        replace(
            frame,
            items=frame.items[:last],
            notes={index: note for index, note in frame.notes.items() if index < last},
        )
    )
    del frame.items[:last]
    frame.notes = {0: frame.notes[last]} if last in frame.notes else {}
    frame.given += last
    return blocks


def _list(frame: ListFrame, items: list[tuple[Block, ...]], before: int) -> ListBlock:
    """Items as a list, of which `before` come before."""
    first = frame.start
    if first is None:
        first = len(frame.items) if frame.step < 0 else 1
    return ListBlock(
        frame.ordered,
        first + frame.step * (frame.given + before) if frame.ordered else first,
        tuple(items),
        frame.step,
        frame.numbering,
        continues=frame.given + before > 0,
    )


def take_entries(frame: TermsFrame) -> Terms | None:
    """The entries but the last, to which more can come; they are gone from the frame."""
    terms = terms_block(replace(frame, entries=frame.entries[:-1]))
    del frame.entries[:-1]
    return terms


def terms_block(frame: TermsFrame) -> Terms | None:
    entries = tuple(
        Entry(
            tuple(entry.terms),
            tuple(tuple(blocks) for blocks in entry.definitions if blocks),
        )
        for entry in frame.entries
    )
    entries = tuple(entry for entry in entries if entry.terms or entry.definitions)
    return Terms(entries) if entries else None


# ── tables ──────────────────────────────────────────────────────────────────────────────────


def add_row(table: TableFrame, cells: list[CellFrame]) -> int:
    """Add a row of cells, each as wide and high as it says, to what the cells above leave free.

    How many cells there are in it, with those that only fill it up.
    """
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
        return 0
    if len(table.rows) >= MAX_ROWS:
        row = [_CUT]
    is_header = table.in_head or all(cell.tag == "th" for cell in cells)
    if is_header and table.header_rows == len(table.rows):
        table.header_rows += 1
    if len(table.rows) <= MAX_ROWS:
        table.rows.append(row)
    return len(row)


def table_blocks(frame: TableFrame) -> list[Block]:
    """The table; or what is in its cells, if it only arranges a page."""
    columns = max(map(len, frame.rows), default=0)
    # A column in which nothing stands only keeps a distance.
    used = [
        column
        for column in range(columns)
        if any(column < len(row) and row[column] for row in frame.rows)
    ]
    if len(used) <= 1 or _arranges(frame):
        blocks: list[Block] = [Paragraph(frame.title)] if frame.title else []
        return blocks + [block for row in frame.rows for cell in row for block in cell]
    rows = tuple(
        [
            tuple([one_inline(row[column]) if column < len(row) else () for column in used])
            for row in frame.rows
        ]
    )
    return [Table(rows, frame.header_rows, frame.title)]


def _arranges(frame: TableFrame) -> bool:
    """Whether a table only arranges a page: a cell of it reads like one."""
    is_data = frame.has_borders or frame.header_rows > 0 or bool(frame.title)
    return any(_reads_like_a_page(cell, is_data) for row in frame.rows for cell in row)


def _reads_like_a_page(cell: Sequence[Block], is_data: bool) -> bool:
    """Whether there are headings, tables or code inside; or, if neither header nor border makes
    the table one of data, lists, quotes or several paragraphs."""
    if any(isinstance(block, Heading | Table | Code) for block in cell):
        return True
    return not is_data and (
        len(cell) > 2 or any(isinstance(block, ListBlock | Quote) for block in cell)
    )


def surely_arranges(table: TableFrame, cell: CellFrame) -> bool:
    """Whether what has come of a table makes it one that only arranges a page, whatever follows.

    Asked whenever a block has come to the cell, so that only the last blocks are looked at.
    """
    may_be_data = (
        *(table.has_borders, table.in_head, table.header_rows > 0, bool(table.title)),
        cell.tag == "th",
    )
    return _reads_like_a_page(cell.blocks[-3:], any(may_be_data))


def without_frames(table: TableFrame, row: RowFrame, cell: CellFrame) -> list[Block]:
    """What has come of a table that only arranges a page, in its order."""
    return [
        *([Paragraph(table.title)] if table.title else []),
        *table.blocks,
        *(block for cells in table.rows for blocks in cells for block in blocks),
        *row.blocks,
        *(block for before in row.cells for block in before.blocks),
        *cell.blocks,
    ]
