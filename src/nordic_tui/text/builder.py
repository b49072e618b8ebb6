"""Texts and tags, one after the other, become blocks: what each element of HTML does."""

import sys
from collections.abc import Callable

from nordic_tui.text import clean, elements, pictures
from nordic_tui.text.blocks import (
    MAX_CHARS,
    Figure,
    Paragraph,
    Rule,
    Span,
)
from nordic_tui.text.elements import BLOCKS, CELLS, HEADINGS, IMPLIED, LISTS, STYLES
from nordic_tui.text.footnotes import Footnotes, is_arrow
from nordic_tui.text.frames import (
    MAX_COLUMNS,
    MAX_ROWS,
    CellFrame,
    Frame,
    ListFrame,
    NoteFrame,
    RowFrame,
    TableFrame,
    TermsFrame,
    holds_blocks,
)
from nordic_tui.text.markup import Tag, attributes, one_space, tokens
from nordic_tui.text.opened import ANY_LIST, ANY_TERMS, Opened
from nordic_tui.text.running import Links

_MAX_INPUT_CHARS = 4_000_000
_MAX_TOKENS = 250_000
_MAX_TITLE_CHARS = 200
_CHARS_OF_A_CELL = 8
"""What an empty cell of a table counts for: one tag can make fifty."""


class Builder(Opened):
    """Reads a page in steps."""

    def __init__(self, html: str, base: str, max_chars: int = MAX_CHARS) -> None:
        html = html[:_MAX_INPUT_CHARS]
        super().__init__(Links(base), max_chars)
        self._base = base
        self._tokens = tokens(html)
        self._tokens_left = _MAX_TOKENS
        self._notes = Footnotes(html)
        self._declared = ""
        self._silent = ""
        self._silent_inner = 0

    def read(self, blocks: int = sys.maxsize, tokens: int = sys.maxsize) -> None:
        """Go on until `blocks` at the top are complete, `tokens` were read, or to the end."""
        top = self._frames[0].blocks
        if self.done or self.complete >= blocks:
            return
        pause_at = self._tokens_left - tokens
        for token in self._tokens:
            self._tokens_left -= 1
            if self._chars_left < 0:
                break
            # A tag can end one block and be another; "…" is one more.
            if self._blocks_left <= 2 or self._tokens_left < 0:
                self._add(clean.ELLIPSIS)
                break
            if self._silent and self._stays_silent(token):
                continue
            if isinstance(token, str):
                self._add_text(token)
            elif token.closing:
                self._end(token.name)
            else:
                self._start(token)
            if self._tokens_left <= pause_at or (len(top) >= blocks and self.complete >= blocks):
                return
        self._end_all()

    # ── text ────────────────────────────────────────────────────────────────────────────────

    def _add_text(self, text: str) -> None:
        if self._code is not None:
            self._add(text)
        elif not (self._within_page and is_arrow(text)):
            self._add(one_space(text))

    def _stays_silent(self, token: str | Tag) -> bool:
        """Whether the token belongs to the element whose content is left out."""
        if isinstance(token, str):
            return True
        name = token.name
        if name == self._silent:
            if name in CELLS and not token.closing:
                self._silent = ""
                return False
            if token.closing and self._silent_inner:
                self._silent_inner -= 1
            elif token.closing:
                self._silent = ""
            elif name != "a":
                self._silent_inner += 1
            return True
        if self._silent in CELLS:
            over = name in elements.TABLE_PARTS
        elif self._silent in elements.SECTIONS:
            over = False
        else:
            # Its end was forgotten, or there is more in it than words.
            over = name in BLOCKS or (self._silent == "rp" and name in ("rt", "ruby"))
        if over:
            self._silent = ""
        return not over

    def _silence(self, name: str) -> None:
        """Leave out what follows until the end of the element."""
        self._silent = name
        self._silent_inner = 0

    # ── tags ────────────────────────────────────────────────────────────────────────────────

    def _start(self, tag: Tag) -> None:
        name = tag.name
        if self._code is not None:
            self._start_in_code(tag, self._code)
            return
        if tag.attributes:
            if elements.is_unseen(tag):
                if name in BLOCKS:
                    self._new_block()
                self._silence(name)
                return
            if self._notes and name not in ("a", "li") and self._begins_note(tag):
                return
        if name in STYLES:
            if name == "cite" and self._frames[-1].tag == "blockquote" and not self._text:
                self._kind = "attribution"
            self._text.begin_style(STYLES[name])
            return
        start = _STARTS.get(name)
        if start is not None:
            start(self, tag)

    def _end(self, name: str) -> None:
        if self._code is not None:
            if name == "pre":
                self._end_code()
            return
        if name in STYLES:
            self._text.end_style(STYLES[name])
            return
        end = _ENDS.get(name)
        if end is not None:
            end(self, name)

    def _start_section(self, tag: Tag) -> None:
        self._flush()
        frame = self._frames[-1]
        if tag.name == "footer" and frame.tag == "blockquote":
            self._kind = "attribution"
        if isinstance(frame, NoteFrame) and frame.tag == tag.name:
            frame.inner += 1
        if tag.attributes:
            if "highlight" in tag.attributes or "lang" in tag.attributes:
                self._declared = elements.code_language(tag, around=True) or self._declared
            if tag.name == "div" and "FootnoteToDOM" in tag.attributes:
                self._push(NoteFrame("div"))

    def _end_section(self, name: str) -> None:
        self._flush()
        self._kind = "p"
        self._declared = ""
        if len(self._frames) == 1:
            return
        index = self._nearest({name}, CELLS)
        frame = self._frames[index]
        if isinstance(frame, NoteFrame):
            if frame.inner:
                frame.inner -= 1
            else:
                self._close_to(index)

    def _start_paragraph(self, tag: Tag) -> None:
        caption = tag.attributes and "wp-caption-text" in tag.attributes
        self._new_block("caption" if caption else "p")

    def _start_figure(self, tag: Tag) -> None:
        self._image(attributes(tag.attributes))

    def _start_rule(self, tag: Tag) -> None:
        self._new_block()
        self._put(Rule())

    def _start_link(self, tag: Tag) -> None:
        values = attributes(tag.attributes)
        self._end_link("a")
        if self._notes and self._frames[-1].note is None and self._kind != "note":
            self._begins_note(tag)
        if "#" in values.get("href", ""):
            note = self._notes.reference(values, raised=self._text.is_raised)
            if note is not None:
                self._chars_left -= len(str(note)) + 3
                self._text.refer(note)
                self._silence("a")
                return
            if self._notes.leads_back(values):
                self._silence("a")
                return
        href = values.get("href", "").strip()
        self._within_page = href.startswith("#")
        self._text.begin_link(self.links.address(href))

    def _end_link(self, name: str) -> None:
        self._within_page = False
        self._text.end_link()

    def _start_quote(self, tag: Tag) -> None:
        self._push(Frame(tag.name))

    def _start_quotation(self, tag: Tag) -> None:
        self._chars_left -= 2
        self._text.begin_quotation()

    def _start_abbreviation(self, tag: Tag) -> None:
        title = attributes(tag.attributes).get("title", "")
        self._text.begin_abbreviation(clean.line(title, _MAX_TITLE_CHARS))

    def _start_reading(self, tag: Tag) -> None:
        self._chars_left -= 2
        self._text.begin_reading()

    def _start_box(self, tag: Tag) -> None:
        values = attributes(tag.attributes)
        if values.get("type", "").lower() == "checkbox":
            self._add("[x] " if "checked" in values else "[ ] ")

    # ── notes ───────────────────────────────────────────────────────────────────────────────

    def _begins_note(self, tag: Tag) -> bool:
        """Whether the tag begins a footnote and has been read by this."""
        if "id" not in tag.attributes and "name" not in tag.attributes:
            return False
        note = self._notes.begins(attributes(tag.attributes))
        if note is None:
            return False
        name = tag.name
        if name in elements.NOTE_HOLDERS and name != "p":
            frame = NoteFrame(name)
            if self._push(frame):
                frame.note = note
            return True
        if name == "p":
            self._new_block("note")
            self._note = note
            return True
        frames = self._frames
        if frames[-1].tag == "li" or isinstance(frames[-1], NoteFrame):
            if frames[-1].note is None and not frames[-1].blocks and not self._text:
                frames[-1].note = note
                return False
        elif name not in BLOCKS and not self._text and self._kind == "p":
            self._kind = "note"
            self._note = note
            return False
        # It is in the middle of something: there it can be found by its number.
        if name in BLOCKS:
            _STARTS[name](self, tag)
        self._text.refer(note)
        self._add(" ")
        return name in BLOCKS

    # ── lists ───────────────────────────────────────────────────────────────────────────────

    def _start_list(self, tag: Tag) -> None:
        values = attributes(tag.attributes)
        ordered = tag.name == "ol"
        start = pictures.integer(values.get("start", ""), -1) if ordered else 1
        numbering = values.get("type", "1").strip()
        self._new_block()
        frame = self._frames[-1]
        if isinstance(frame, ListFrame) and not frame.tag.startswith(IMPLIED) and frame.items:
            # A list that stands right inside a list belongs to the item before it.
            last = len(frame.items) - 1
            item = Frame("li", note=frame.notes.pop(last, None))
            item.blocks = frame.items.pop()
            self._push(item)
        self._push(
            ListFrame(
                tag.name,
                ordered=ordered,
                start=start if start >= 0 else None,
                step=-1 if ordered and "reversed" in values else 1,
                numbering=numbering if numbering in ("a", "A", "i", "I") else "1",
            )
        )

    def _start_item(self, tag: Tag) -> None:
        self._new_block()
        index = self._nearest(ANY_LIST, CELLS | {"blockquote"})
        if index:
            self._close_to(index + 1)
        else:
            self._push(ListFrame(IMPLIED + "ul"))
        if isinstance(self._frames[-1], ListFrame):
            frame = Frame("li")
            if self._push(frame) and self._notes and tag.attributes:
                frame.note = self._notes.begins(attributes(tag.attributes))

    def _start_terms(self, tag: Tag) -> None:
        self._push(TermsFrame(tag.name))

    def _start_term(self, tag: Tag) -> None:
        self._new_block()
        index = self._nearest(ANY_TERMS, CELLS | LISTS | {"blockquote"})
        if index:
            self._close_to(index + 1)
        self._kind = "term"

    def _start_definition(self, tag: Tag) -> None:
        self._new_block()
        index = self._nearest(ANY_TERMS, CELLS | LISTS | {"blockquote"})
        if index:
            self._close_to(index + 1)
        else:
            self._push(TermsFrame(IMPLIED + "dl"))
        if isinstance(self._frames[-1], TermsFrame):
            self._push(Frame("dd"))

    # ── tables ──────────────────────────────────────────────────────────────────────────────

    def _start_table(self, tag: Tag) -> None:
        values = attributes(tag.attributes) if tag.attributes else {}
        self._new_block()
        if values.get("role", "").strip().lower() in ("presentation", "none"):
            frame = Frame("table")
            parent = self._frames[-1]
            if holds_blocks(parent):
                frame.blocks = parent.blocks
                self._push(frame)
            else:
                # What is in a list's or a table's own frame is not put into its blocks.
                self._push(TableFrame("table"))
            return
        borders = pictures.integer(values.get("border", ""), 0) > 0
        classes = values.get("class", "").split()
        self._push(TableFrame("table", has_borders=borders or "wikitable" in classes))

    def _start_table_part(self, tag: Tag) -> None:
        name = tag.name
        self._new_block()
        index = self._nearest({"table"}, frozenset())
        table = self._frames[index]
        if not isinstance(table, TableFrame):
            if index:
                self._close_to(index + 1)
            return
        if name in CELLS:
            row = self._nearest({"tr"}, {"table"})
            self._close_to((row or index) + 1)
            if not row:
                self._push(RowFrame("tr"))
            self._start_cell(tag)
        else:
            self._close_to(index + 1)
            if name == "tr":
                self._push(RowFrame(name))
            else:
                table.in_head = name == "thead" and not tag.closing

    def _start_cell(self, tag: Tag) -> None:
        if not isinstance(self._frames[-1], RowFrame):
            return  # too deep: the text goes to the table
        values = attributes(tag.attributes) if tag.attributes else {}
        columns = pictures.integer(values.get("colspan", ""), 1)
        rows = pictures.integer(values.get("rowspan", ""), 1)
        self._push(
            CellFrame(
                tag.name,
                columns=max(1, min(columns, MAX_COLUMNS)),
                rows=max(1, min(rows, MAX_ROWS)),
            )
        )
        if tag.name == "th":
            self._text.begin_style("strong")

    def _end_row_group(self, name: str) -> None:
        self._start_table_part(Tag(name, closing=True))

    # ── code ────────────────────────────────────────────────────────────────────────────────

    def _start_code(self, tag: Tag) -> None:
        self._new_block()
        self._code = []
        self._language = elements.code_language(tag) or self._declared
        self._declared = ""

    def _start_in_code(self, tag: Tag, code: list[str]) -> None:
        if tag.name == "br":
            self._add("\n")
        elif tag.name == "code":
            self._language = self._language or elements.code_language(tag)
        elif tag.attributes and elements.is_unseen(tag):
            self._silence(tag.name)
        elif tag.name in ("div", "p", "li", "tr") and code and code[-1][-1:] != "\n":
            self._add("\n")

    # ── pictures and players ────────────────────────────────────────────────────────────────

    def _image(self, values: dict[str, str]) -> None:
        if pictures.is_sign(values):
            self._add(clean.line(values.get("alt", "")))
            return
        if pictures.is_pixel(values):
            return
        alt = pictures.description(values)
        # Beside the words of a link, a picture that says nothing is an ornament.
        if not alt and self._text.href and self.links.is_named(self._text.href):
            return
        source = next(filter(None, map(self.links.address, pictures.picture_addresses(values))), "")
        self._flush()
        self._chars_left -= len(alt)
        link = self.links.number(self._text.href, alt) if self._text.href else None
        self._put(Figure(alt, (), link, source if source.startswith("http") else ""))

    def _start_player(self, tag: Tag) -> None:
        player = pictures.player(tag, self._base)
        if player is None:
            return
        self._new_block()
        self.links.begin()
        link = self.links.number(player.address, player.label)
        self.links.begin()
        self._chars_left -= len(player.label)
        self._put(Paragraph((Span(player.label, link=link),)))


_STARTS: dict[str, Callable[[Builder, Tag], None]] = {
    **dict.fromkeys(elements.SECTIONS, Builder._start_section),
    **dict.fromkeys(HEADINGS, lambda builder, tag: builder._new_block(tag.name)),
    **dict.fromkeys(LISTS, Builder._start_list),
    **dict.fromkeys(elements.ROW_GROUPS | CELLS | {"tr"}, Builder._start_table_part),
    **dict.fromkeys(elements.PLAYERS, Builder._start_player),
    **dict.fromkeys(("img", "amp-img"), Builder._start_figure),
    **dict.fromkeys(("figcaption", "caption"), lambda builder, _: builder._new_block("caption")),
    "p": Builder._start_paragraph,
    "br": lambda builder, _: builder._add("\n"),
    "a": Builder._start_link,
    "sup": lambda builder, _: builder._text.begin_raised(up=True),
    "sub": lambda builder, _: builder._text.begin_raised(up=False),
    "q": Builder._start_quotation,
    "abbr": Builder._start_abbreviation,
    "acronym": Builder._start_abbreviation,
    "rt": Builder._start_reading,
    "rp": lambda builder, tag: builder._silence(tag.name),
    "input": Builder._start_box,
    "li": Builder._start_item,
    "dl": Builder._start_terms,
    "details": Builder._start_terms,
    "dt": Builder._start_term,
    "summary": lambda builder, _: builder._new_block("term"),
    "dd": Builder._start_definition,
    "blockquote": Builder._start_quote,
    "table": Builder._start_table,
    "pre": Builder._start_code,
    "hr": Builder._start_rule,
}
_ENDS: dict[str, Callable[[Builder, str], None]] = {
    **dict.fromkeys(elements.SECTIONS, Builder._end_section),
    **dict.fromkeys(
        HEADINGS | {"p", "figcaption", "caption", "dt", "summary"},
        lambda builder, _: builder._new_block(),
    ),
    **dict.fromkeys(
        LISTS | CELLS | {"li", "dl", "dd", "details", "blockquote", "table", "tr"},
        Builder._end_element,
    ),
    **dict.fromkeys(elements.ROW_GROUPS, Builder._end_row_group),
    **dict.fromkeys(("sup", "sub"), lambda builder, _: builder._text.end_raised()),
    **dict.fromkeys(("rt", "ruby"), lambda builder, _: builder._text.end_reading()),
    **dict.fromkeys(
        ("abbr", "acronym"), lambda builder, _: builder._add(builder._text.end_abbreviation())
    ),
    "a": Builder._end_link,
    "q": lambda builder, _: builder._text.end_quotation(),
}
