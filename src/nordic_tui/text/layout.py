"""Blocks set in lines of a given width, with the role of each piece but without colours."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from nordic_tui.text import clean
from nordic_tui.text.blocks import (
    Block,
    Code,
    Document,
    Figure,
    Heading,
    Link,
    ListBlock,
    Notes,
    Paragraph,
    Quote,
    Rule,
    Table,
    Terms,
    describe,
    marked_items,
)
from nordic_tui.text.spans import number_of, runs_of
from nordic_tui.text.tables import set_table
from nordic_tui.text.wrapping import (
    Line,
    Piece,
    Role,
    Run,
    cell_width,
    chop,
    cut,
    parts_of,
    wrap,
    wrap_runs,
)

if TYPE_CHECKING:
    from nordic_tui.text.html import Reading

__all__ = ["Line", "Piece", "Role", "Setting", "cut", "lay_out", "wrap"]

_MIN_TEXT_CELLS = 16
"""Text gets at least this width, or half of what there is, whatever stands before it."""
_MAX_INDENTS = 8
"""How many lists and quotes inside each other are indented."""
_STEP_BLOCKS = 20
"""So many more blocks are read when lines are asked for and there are none left."""
_STEP_TOKENS = 1_000
"""So many texts and tags are read at most before it can be asked whether there is time for more:
some 5 ms."""
_PAUSE: Line = (Piece("", Role.MUTED),)
"""Stands among the lines where some of the document was read and no line came of it yet."""
_INDENT = "  "
_QUOTE_BAR = "│ "
_GOES_ON = "↳ "
"""Before what did not fit in one line of code."""
_MIN_CODE_CELLS = 12
_MAX_LETTER_CHARS = 16
"""What a reader takes for one letter is seldom made of more characters."""
_UNDERLINES = {1: "━", 2: "─"}
_HEADING_MARKS = {4: "› ", 5: "›› ", 6: "››› "}
"""How the levels of headings are told apart without colour: the first two are underlined, the
third is bare, the others have a mark."""

_Lines: TypeAlias = Iterator[Line]


class Setting:
    """A document in lines of at most `width` cells (1 or more), made as they are asked for.

    No line has spaces at its end. Blocks are parted by an empty line (); the addresses of the
    links follow at the end, each with its number. Only a grapheme that is wider than `width`
    itself makes a longer line.
    """

    def __init__(self, reading: "Reading | Document", width: int) -> None:
        self.lines: list[Line] = []
        """Those made so far."""
        self.done = False
        """Whether these are all. Not before lines were asked for."""
        self._ahead: list[Line] = []
        width = max(1, width)
        self._making = chain(
            _blocks(_in_steps(reading), _Room(width, Role.TEXT)), _link_lines(reading, width)
        )

    def extend(self, lines: int, *, patient: bool = True) -> bool:
        """Make lines until there are at least so many, or all; whether any was added.

        patient: False: come back as soon as a step was made, also without any line: a table or
        item of a megabyte gives none for a second.
        """
        before = len(self.lines)
        if self.done or before >= lines:
            return False
        self.lines += self._ahead
        self._ahead = []
        for line in self._making:
            if line is _PAUSE:
                if not patient:
                    break
            elif len(self.lines) < lines:
                self.lines.append(line)
            else:
                # One more than asked for tells whether there are more.
                self._ahead = [line]
                break
        else:
            self.done = True
        return len(self.lines) > before


def lay_out(document: Document, width: int) -> list[Line]:
    """All lines of the document, as a `Setting` makes them."""
    setting = Setting(document, width)
    while not setting.done:
        setting.extend(len(setting.lines) + 10_000)
    return setting.lines


def _in_steps(reading: "Reading | Document") -> Iterator[Block | None]:
    """The blocks; None where a step brought none."""
    if isinstance(reading, Document):
        yield from reading.blocks
        return
    given = 0
    while True:
        blocks = reading.blocks(given)
        yield from blocks
        given += len(blocks)
        if not blocks and reading.done:
            return
        if not reading.done:
            reading.read(_STEP_BLOCKS, _STEP_TOKENS)
            yield None


def _link_lines(reading: "Reading | Document", width: int) -> _Lines:
    links: tuple[Link, ...] = (
        reading.links if isinstance(reading, Document) else reading.document.links
    )
    if links:
        yield ()
    for number, link in enumerate(links, 1):
        for part in chop(f"[{number}] {clean.shown_address(link.url)}", width):
            if bare := part.strip():
                yield (Piece(bare, Role.MUTED, number),)


# ── blocks ──────────────────────────────────────────────────────────────────────────────────


class _Room(NamedTuple):
    """Where a block is laid out."""

    width: int
    base: Role
    """The role of text that has no other."""
    indents: int = 0
    bullets: int = 0
    """How many lists without numbers are around."""

    def within(self, cells: int, base: Role | None = None) -> "_Room | None":
        """The room right of something `cells` wide; None if that is too little or too deep."""
        width = self.width - cells
        if self.indents >= _MAX_INDENTS or width < max(2, min(_MIN_TEXT_CELLS, self.width // 2)):
            return None
        return self._replace(width=width, base=base or self.base, indents=self.indents + 1)


def _blocks(blocks: Iterable[Block | None], room: _Room, *, tight: bool = False) -> _Lines:
    begun = False
    for block in blocks:
        if block is None:
            yield _PAUSE
            continue
        if begun and not tight and not _goes_on(block):
            yield ()
        for line in _block(block, room):
            begun = True
            yield line


def _goes_on(block: Block) -> bool:
    """Whether there is no empty line before the block: it is a list with that before."""
    return isinstance(block, ListBlock) and block.continues and _is_tight(block.items)


def _block(block: Block, room: _Room) -> _Lines:
    if isinstance(block, Paragraph):
        return wrap_runs(runs_of(block.text, room.base), room.width)
    if isinstance(block, Heading):
        return _heading(block, room)
    if isinstance(block, ListBlock):
        return _list(block, room)
    if isinstance(block, Terms):
        return _terms(block, room)
    if isinstance(block, Notes):
        return _notes(block, room)
    if isinstance(block, Quote):
        return _quote(block, room)
    if isinstance(block, Table):
        return set_table(block, room.width, room.base)
    if isinstance(block, Code):
        return _code(block, room)
    if isinstance(block, Rule):
        return iter([(Piece("─" * room.width, Role.RULE),)])
    return _figure(block, room)


def _indented(lines: _Lines, first: Piece, others: Piece) -> _Lines:
    """The lines with a piece before each; an empty line gets it without spaces at its end."""
    before = first
    for line in lines:
        if not line:
            bare = before.text.rstrip()
            yield (Piece(bare, before.role),) if bare else ()
        elif before.role is line[0].role and line[0].link is None:
            yield (Piece(before.text + line[0].text, before.role), *line[1:])
        else:
            yield (before, *line)
        before = others


def _heading(block: Heading, room: _Room) -> _Lines:
    mark = _HEADING_MARKS.get(block.level, "")
    runs = runs_of(block.text, Role.HEADING)
    inside = room.within(len(mark)) if mark else None
    if inside:
        lines = wrap_runs(runs, inside.width)
        yield from _indented(lines, Piece(mark, Role.MARKER), Piece(" " * len(mark), Role.TEXT))
        return
    longest = 0
    for line in wrap_runs(runs, room.width):
        longest = max(longest, sum([cell_width(piece.text) for piece in line]))
        yield line
    if block.level in _UNDERLINES and longest:
        yield (Piece(_UNDERLINES[block.level] * min(longest, room.width), Role.RULE),)


def _list(block: ListBlock, room: _Room) -> _Lines:
    inner = room if block.ordered else room._replace(bullets=room.bullets + 1)
    return _marked(marked_items(block, room.bullets), inner, Role.MARKER)


def _notes(block: Notes, room: _Room) -> _Lines:
    marks = [f"[^{number}] " for number, _ in block.notes]
    length = max(map(len, marks), default=0)
    items = [(mark.ljust(length), note) for mark, (_, note) in zip(marks, block.notes, strict=True)]
    return _marked(items, room, Role.NOTE_NUMBER)


def _marked(items: list[tuple[str, tuple[Block, ...]]], room: _Room, role: Role) -> _Lines:
    """Blocks with a mark before the first line of each."""
    tight = _is_tight([item for _, item in items])
    begun = False
    for mark, item in items:
        if begun and not tight:
            yield ()
        begun = True
        inside = room.within(cell_width(mark))
        if inside:
            body = _blocks(item, inside, tight=tight)
            others = Piece(" " * cell_width(mark), room.base)
            yield from _indented(body, Piece(mark, role), others)
        else:
            for part in chop(mark.strip(), room.width):
                yield (Piece(part, role),)
            yield from _blocks(item, room, tight=tight)


def _is_tight(items: Iterable[tuple[Block, ...]]) -> bool:
    """Whether the items need no empty lines between them: none has more than a paragraph and
    lists below it."""
    return all(isinstance(inner, ListBlock) for item in items for inner in item[1:])


def _terms(block: Terms, room: _Room) -> _Lines:
    tight = all(
        len(definition) <= 1 and isinstance(definition[0], Paragraph)
        for entry in block.entries
        for definition in entry.definitions
    )
    begun = False
    for entry in block.entries:
        if begun and not tight:
            yield ()
        begun = True
        for term in entry.terms:
            yield from wrap_runs(runs_of(term, Role.STRONG), room.width)
        inside = room.within(len(_INDENT))
        indent = Piece(_INDENT, room.base)
        for number, definition in enumerate(entry.definitions):
            if number and not tight:
                yield ()
            lines = _blocks(definition, inside or room)
            yield from _indented(lines, indent, indent) if inside else lines


def _quote(block: Quote, room: _Room) -> _Lines:
    inside = room.within(cell_width(_QUOTE_BAR), Role.QUOTE)
    if inside is None:
        return _blocks(block.blocks, room._replace(base=Role.QUOTE))
    bar = Piece(_QUOTE_BAR, Role.QUOTE)
    return _indented(_blocks(block.blocks, inside), bar, bar)


def _code(block: Code, room: _Room) -> _Lines:
    from nordic_tui.text.highlight import code_lines

    inside = room.within(len(_INDENT))
    indent = _INDENT if inside else ""
    width = (inside or room).width
    mark = _GOES_ON if width >= _MIN_CODE_CELLS else ""
    for runs in code_lines(block.text, block.language):
        for number, line in enumerate(parts_of(runs, _code_parts(runs, width, width - len(mark)))):
            if not line:
                yield ()
            elif number and mark:
                yield (Piece(indent + mark, Role.MARKER), *line)
            else:
                yield (line[0]._replace(text=indent + line[0].text), *line[1:])
    if block.caption:
        yield from wrap_runs(runs_of(block.caption, Role.CAPTION), room.width)


def _code_parts(runs: list[Run], width: int, others: int) -> Iterator[tuple[int, int]]:
    """Where the lines begin and end that a line of code is broken into: the first is at most
    `width` cells wide, the others `others`. Broken at a space if there is one near the end."""
    text = "".join([run[0] for run in runs])
    start = 0
    while len(text) - start > width or cell_width(text[start:]) > width:
        end = start + len(next(chop(text[start : start + _MAX_LETTER_CHARS * width], width)))
        if end >= len(text):
            break
        space = text.rfind(" ", start + 2 * (end - start) // 3, end)
        if space > 0 and text[start:space].strip():
            end = space + 1
        yield start, start + len(text[start:end].rstrip())
        start = end
        width = others
    yield start, len(text)


def _figure(block: Figure, room: _Room) -> _Lines:
    runs: list[Run] = [(describe(block), Role.MUTED, None)]
    runs += number_of(block.link, room.base)
    yield from wrap_runs(runs, room.width)
    if block.caption:
        yield from wrap_runs(runs_of(block.caption, Role.CAPTION), room.width)
