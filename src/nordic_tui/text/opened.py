"""What is open while a page is read, and the blocks that come of it when it ends.

Elements may come in any order and need not be closed; what ends where is, in short, what the
WHATWG HTML standard's section 13.2.6 (tree construction) makes of it.
"""

from collections import Counter
from dataclasses import replace

from nordic_tui.text import clean
from nordic_tui.text.blocks import (
    MAX_CHARS,
    Block,
    Code,
    Figure,
    Heading,
    Inline,
    Notes,
    Paragraph,
    Quote,
    Rule,
    Table,
)
from nordic_tui.text.elements import CELLS, HEADINGS, IMPLIED, LISTS
from nordic_tui.text.footnotes import without_label
from nordic_tui.text.frames import (
    CellFrame,
    Frame,
    ListFrame,
    NoteFrame,
    RowFrame,
    TableFrame,
    TermsFrame,
    add_row,
    holds_blocks,
    list_blocks,
    surely_arranges,
    table_blocks,
    take_entries,
    take_part,
    terms_block,
    without_frames,
)
from nordic_tui.text.inline import without_chains
from nordic_tui.text.running import Links, Running

_MAX_DEPTH = 100
_MAX_BLOCKS = 50_000
_PART = 200
"""So many items, entries or blocks of a list or quote at the top are given before its end."""
_CHARS_OF_A_CELL = 8
"""What an empty cell of a table counts for: one tag can make fifty."""

ANY_LIST = LISTS | {IMPLIED + "ul"}
ANY_TERMS = frozenset(("dl", IMPLIED + "dl"))
_WALLS = {
    "li": ANY_LIST | CELLS | {"blockquote"},
    "dd": ANY_TERMS | CELLS | {"blockquote"},
    "td": frozenset(("table",)),
    "th": frozenset(("table",)),
    "tr": frozenset(("table",)),
    "table": frozenset[str](),
}
"""What an end tag does not reach through to find its beginning."""


class Opened:
    """The elements that are open, and the text that gathers in the innermost of them."""

    def __init__(self, links: Links, max_chars: int) -> None:
        self.done = False
        self.links = links
        self._chars_left = max_chars
        self._blocks_left = _MAX_BLOCKS
        self._frames = [Frame("document")]
        self._skipped: Counter[str] = Counter()
        self._text = Running(links)
        self._kind = "p"
        """What the text will be: "p", "h1" to "h6", "caption", "term", "attribution", "note"."""
        self._note: int | None = None
        """The number of the note that the text is, if it is one."""
        self._endnotes: list[tuple[int, tuple[Block, ...]]] = []
        self._code: list[str] | None = None
        self._language = ""
        self._within_page = False
        """Whether a link is open that leads to a place of the page."""

    @property
    def complete(self) -> int:
        """How many blocks at the top will not change."""
        blocks = self._frames[0].blocks
        # To these a caption may still come.
        open_end = not self.done and blocks and isinstance(blocks[-1], Figure | Table | Code)
        return len(blocks) - 1 if open_end else len(blocks)

    def blocks(self, start: int = 0) -> list[Block]:
        """The complete blocks at the top, from `start` on."""
        return self._frames[0].blocks[start : self.complete]

    def _end_all(self) -> None:
        self._end_code()
        self._close_to(1)
        self._flush()
        if self._endnotes:
            self._put(Notes(tuple(self._endnotes)))
        self.done = True

    # ── text and code ───────────────────────────────────────────────────────────────────────

    def _add(self, text: str) -> None:
        if len(text) > self._chars_left:
            text = text[: max(0, self._chars_left)] + clean.ELLIPSIS
        self._chars_left -= len(text)
        if self._code is not None:
            self._code.append(text)
        else:
            self._text.add(text)

    def _end_code(self) -> None:
        if self._code is None:
            return
        text = "".join(self._code).replace("\r\n", "\n")
        self._code = None
        text = without_chains(clean.block(text.expandtabs(4), MAX_CHARS))
        lines = text.rstrip().split("\n")
        first = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
        if lines[first:]:
            self._put(Code("\n".join([line.rstrip() for line in lines[first:]]), self._language))

    # ── blocks ──────────────────────────────────────────────────────────────────────────────

    def _flush(self) -> None:
        """Make a block of the text that has gathered."""
        text = self._text.take()
        self._within_page = False
        if not text:
            return
        kind, frame = self._kind, self._frames[-1]
        if kind in HEADINGS:
            self._put(Heading(int(kind[1]), text))
        elif kind == "caption":
            self._caption(text)
        elif kind == "term" and isinstance(frame, TermsFrame):
            frame.add_term(text)
        elif kind == "term":
            self._put(Paragraph(tuple(span._replace(strong=True) for span in text)))
        elif kind == "attribution" and not text[0].text.startswith(("—", "–", "-", "―")):
            self._put(Paragraph((text[0]._replace(text=f"— {text[0].text}"), *text[1:])))
        elif kind == "note" and self._note is not None:
            if text := without_label(text, self._note):
                self._endnotes.append((self._note, (Paragraph(text),)))
        else:
            self._put(Paragraph(text))

    def _caption(self, text: Inline) -> None:
        frame = self._frames[-1]
        last = frame.blocks[-1] if frame.blocks else None
        if isinstance(frame, TableFrame) and not frame.title:
            frame.title = text
        elif isinstance(last, Figure | Table | Code) and not last.caption:
            frame.blocks[-1] = replace(last, caption=text)
        else:
            self._put(Paragraph(text))

    def _put(self, block: Block) -> None:
        self._blocks_left -= 1
        frame = self._frames[-1]
        if frame.tag.startswith(IMPLIED):
            self._close_to(len(self._frames) - 1)
            self._put(block)
        elif isinstance(frame, ListFrame):
            if frame.items:
                frame.items[-1].append(block)
            else:
                frame.items.append([block])
        elif isinstance(frame, TermsFrame):
            frame.add_block(block)
        elif not (isinstance(block, Rule) and frame.blocks and frame.blocks[-1] == block):
            frame.blocks.append(block)
            if isinstance(frame, CellFrame):
                self._open_table(len(self._frames) - 3)
            elif frame.tag == "blockquote" and len(frame.blocks) > _PART and self._is_at_top(1):
                part = tuple(frame.blocks[:_PART])
                del frame.blocks[:_PART]
                self._frames[0].blocks.append(Quote(part))

    def _is_at_top(self, inner: int) -> bool:
        """Whether all but the innermost `inner` elements put their blocks to the page itself."""
        return self._frames[-1 - inner].blocks is self._frames[0].blocks

    def _open_table(self, index: int) -> None:
        """Let the table that is open there hold its blocks back no more, if it only arranges the
        page; and so the table around it."""
        while index > 0:
            table, row, cell = self._frames[index : index + 3]
            around = self._frames[index - 1]
            if not (
                isinstance(table, TableFrame)
                and isinstance(row, RowFrame)
                and isinstance(cell, CellFrame)
                and holds_blocks(around)
                and surely_arranges(table, cell)
            ):
                return
            around.blocks += without_frames(table, row, cell)
            opened = Frame("table", table.state, around.blocks)
            # What is further in is a table that was opened before, and shares the cell's blocks.
            for inner in self._frames[index + 3 :]:
                inner.blocks = around.blocks
            if cell.tag == "th" and cell.state is not None:
                self._text.restore(cell.state)
            self._frames[index : index + 3] = [opened]
            index -= 3

    def _new_block(self, kind: str = "p") -> None:
        self._flush()
        self._kind = kind

    # ── what is open ────────────────────────────────────────────────────────────────────────

    def _push(self, frame: Frame) -> bool:
        """Open an element; too deep, it is left out."""
        self._new_block()
        if len(self._frames) >= _MAX_DEPTH:
            self._skipped[frame.tag] += 1
            return False
        frame.state = self._text.state()
        self._frames.append(frame)
        return True

    def _end_element(self, name: str) -> None:
        self._new_block()
        if self._skipped[name]:
            self._skipped[name] -= 1
            return
        index = self._nearest({name}, _WALLS.get(name, CELLS))
        if index:
            self._close_to(index)

    def _nearest(self, wanted: frozenset[str] | set[str], walls: frozenset[str] | set[str]) -> int:
        """The index of the innermost open element of `wanted` within `walls`; 0: none."""
        for index in range(len(self._frames) - 1, 0, -1):
            tag = self._frames[index].tag
            if tag in wanted:
                return index
            if tag in walls:
                break
        return 0

    def _close_to(self, depth: int) -> None:
        """Close the innermost elements until `depth` are open."""
        while len(self._frames) > depth:
            self._flush()
            # Flushing can have closed an implied list.
            if len(self._frames) > depth:
                self._close(self._frames.pop())

    def _close(self, frame: Frame) -> None:
        assert frame.state is not None, "what is closed was pushed"
        self._text.restore(frame.state)
        self._kind = "p"
        parent = self._frames[-1]
        if isinstance(frame, ListFrame):
            self._put_all(list_blocks(frame))
        elif isinstance(frame, TermsFrame):
            terms = terms_block(frame)
            self._put_all([terms] if terms else [])
        elif isinstance(frame, TableFrame):
            self._put_all([*frame.blocks, *table_blocks(frame)])
        elif isinstance(frame, RowFrame) and isinstance(parent, TableFrame):
            parent.blocks += frame.blocks
            cells = add_row(parent, frame.cells)
            self._chars_left -= _CHARS_OF_A_CELL * max(0, cells - len(frame.cells))
        elif isinstance(frame, CellFrame) and isinstance(parent, RowFrame):
            parent.cells.append(frame)
        elif frame.tag == "dd" and isinstance(parent, TermsFrame):
            parent.add_definition(frame.blocks)
            if len(parent.entries) > _PART and self._is_at_top(1):
                terms = take_entries(parent)
                self._frames[0].blocks += [terms] if terms else []
        elif frame.tag == "li" and isinstance(parent, ListFrame):
            if frame.blocks:
                if frame.note is not None:
                    parent.notes[len(parent.items)] = frame.note
                parent.items.append(frame.blocks)
                counts_down = parent.step < 0 and parent.start is None
                if len(parent.items) > _PART and not counts_down and self._is_at_top(1):
                    self._frames[0].blocks += take_part(parent)
        elif isinstance(frame, NoteFrame):
            self._close_note(frame)
        elif frame.tag == "blockquote" and frame.blocks:
            self._put(Quote(tuple(frame.blocks)))
        # A table that arranges the page has put its blocks where it stands.

    def _put_all(self, blocks: list[Block]) -> None:
        for block in blocks:
            self._put(block)

    def _close_note(self, frame: NoteFrame) -> None:
        if frame.note is None:
            self._put_all(frame.blocks)
        elif frame.blocks:
            first, *others = frame.blocks
            if isinstance(first, Paragraph):
                first = Paragraph(without_label(first.text, frame.note))
                others = [first, *others] if first.text else others
            else:
                others = frame.blocks
            if others:
                self._endnotes.append((frame.note, tuple(others)))
