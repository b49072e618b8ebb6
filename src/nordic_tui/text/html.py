"""HTML of any make, broken or hostile, as blocks that can be laid out in a terminal.

What is read is what a post says: paragraphs, headings, lists, quotes, tables, code, pictures by
their description. Scripts, styles, forms' controls, tracking pixels and comments are gone; frames
and players become a link. Every text has passed the gate (`clean`) after its entities were
decoded; every address has passed `clean.url`.

Bounded for any input: 4,000,000 characters and 400,000 texts and tags read, 2,000,000 characters
and 50,000 blocks kept, 100 levels, 2,000 links, tables of 50 columns and 1,000 rows; what is cut
ends in "…". The time is linear to the input.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from nordic_tui.text import clean
from nordic_tui.text.markup import Tag, attributes, decode, tokens

_MAX_INPUT_CHARS = 4_000_000
_MAX_CHARS = 2_000_000
_MAX_LINKS = 2_000
_MAX_DEPTH = 100
_MAX_COLUMNS = 50
_MAX_ROWS = 1_000
_MAX_LINK_TEXT_CHARS = 200
_MAX_ALT_CHARS = 1_000
_MAX_BLOCKS = 50_000
_MAX_TOKENS = 400_000

# ── values ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style. A "\\n" in `text` is a line break inside the paragraph."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    strike: bool = False
    link: int | None = None
    """The number of the link in `Document.links`, counted from 1."""


Inline: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    """From 1 to 6."""
    text: Inline


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Inline


@dataclass(frozen=True, slots=True)
class ListBlock:
    ordered: bool
    start: int
    """The number of the first item, if `ordered`."""
    items: "tuple[tuple[Block, ...], ...]"


@dataclass(frozen=True, slots=True)
class Quote:
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[Inline, ...], ...]
    """Every row with the same number of cells; an empty cell is ()."""
    header_rows: int
    """How many of `rows`, from the first on, are headers."""


@dataclass(frozen=True, slots=True)
class Code:
    text: str
    """Lines as written, tabs as spaces."""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    pass


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: `alt` says what it shows, or is empty."""

    alt: str
    caption: Inline = ()
    link: int | None = None


Block: TypeAlias = Heading | Paragraph | ListBlock | Quote | Table | Code | Rule | Figure


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    text: str
    """What was marked as the link, on one line; empty for a picture without description."""


@dataclass(frozen=True, slots=True)
class Document:
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()


def parse(html: str, base: str = "") -> Document:
    """`html` as blocks; relative addresses are joined with `base`. Never raises.

    An address gets one number however often it occurs.
    """
    builder = _Builder(base, _MAX_CHARS)
    builder.read(html)
    return builder.document()


def plain(html: str, max_chars: int | None = None) -> str:
    """The text of `html`: blocks parted by an empty line, items as lines that begin with "• ".

    Pictures are left out unless there is nothing else. At most `max_chars` characters; what was
    cut ends in "…". Never raises.
    """
    limit = _MAX_CHARS if max_chars is None else min(max_chars, _MAX_CHARS)
    # More is read than asked for: white space and descriptions of pictures may still go.
    builder = _Builder("", 4 * limit + 2_000)
    builder.read(html)
    blocks = builder.document().blocks
    text = _plain(blocks) or "\n\n".join(
        filter(None, (block.alt or _text(block.caption) for block in _figures(blocks)))
    )
    return clean.block(text, limit)


# ── building ────────────────────────────────────────────────────────────────────────────────

_STYLES = {
    "b": "strong",
    "strong": "strong",
    "i": "emphasis",
    "em": "emphasis",
    "cite": "emphasis",
    "dfn": "emphasis",
    "var": "emphasis",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "tt": "code",
    "s": "strike",
    "strike": "strike",
    "del": "strike",
    "sup": "sup",
    "sub": "sub",
}
_NO_STYLES = dict.fromkeys(_STYLES.values(), 0)
_BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "body",
        "center",
        "details",
        "dialog",
        "div",
        "dl",
        "fieldset",
        "figure",
        "footer",
        "form",
        "header",
        "hgroup",
        "html",
        "legend",
        "main",
        "nav",
        "p",
        "search",
        "section",
    ]
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LISTS = frozenset(("ul", "ol", "menu", "dir"))
_CELLS = frozenset(("td", "th"))
_ROW_GROUPS = frozenset(("thead", "tbody", "tfoot"))
_PLAYERS = frozenset(("iframe", "video", "audio", "embed", "object"))
_IMPLIED = "implied list"
_ANY_LIST = _LISTS | {_IMPLIED}
_WALLS = {
    "li": _ANY_LIST | _CELLS | {"blockquote"},
    "td": frozenset(("table",)),
    "th": frozenset(("table",)),
    "tr": frozenset(("table",)),
    "table": frozenset[str](),
}
"""What an end tag does not reach through to find its beginning."""

_WHITE = re.compile(r"[ \t\n\r\f]+")
_MANY_SPACES = re.compile(r"  +")
_BREAK = re.compile(r" ?\n ?")
_MANY_BREAKS = re.compile(r"\n{3,}")
_LANGUAGE = re.compile(r"(?:^|\s)(?:language|lang|brush:)[-\s]*([A-Za-z0-9+#._-]{1,30})")
_EMOJI_SOURCE = re.compile(r"(?:https?:)?//(?:[a-z0-9-]+\.)?s\.w\.org/", re.IGNORECASE)
_SOURCE_TAG = re.compile(r"<source\b([^>]*)>", re.IGNORECASE)
_VIDEO_HOSTS = ("youtube.com", "youtube-nocookie.com", "youtu.be", "vimeo.com", "dailymotion.com")
_AUDIO_HOSTS = ("soundcloud.com", "spotify.com", "podcasts.apple.com")
_SUPERSCRIPTS = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_SUBSCRIPTS = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


_CUT: tuple[Block, ...] = (Paragraph((Span(clean.ELLIPSIS),)),)


class _Style(NamedTuple):
    strong: bool
    emphasis: bool
    code: bool
    strike: bool
    link: int | None


_Runs: TypeAlias = list[tuple[str, _Style]]


@dataclass(slots=True)
class _Frame:
    """An element that holds blocks and is still open: the document, a quote, an item, a cell."""

    tag: str
    styles: dict[str, int] = field(default_factory=dict)
    """The styles at its beginning, to which its end goes back, however they were left."""
    href: str = ""
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class _ListFrame(_Frame):
    ordered: bool = False
    start: int = 1
    items: list[tuple[Block, ...]] = field(default_factory=list)


@dataclass(slots=True)
class _CellFrame(_Frame):
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class _RowFrame(_Frame):
    cells: list[_CellFrame] = field(default_factory=list)


@dataclass(slots=True)
class _TableFrame(_Frame):
    in_head: bool = False
    header_rows: int = 0
    rows: list[list[tuple[Block, ...]]] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)
    """By column, how many further rows a cell from above reaches into."""


class _Builder:
    def __init__(self, base: str, max_chars: int) -> None:
        self._base = base
        self._chars_left = max_chars
        self._blocks_left = _MAX_BLOCKS
        self._frames = [_Frame("document")]
        self._skipped: Counter[str] = Counter()
        self._styles = dict(_NO_STYLES)
        self._runs: _Runs = []
        self._kind = "p"
        self._code: list[str] | None = None
        self._language = ""
        self._href = ""
        self._addresses: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._link_texts: list[str] = []
        self._naming = False

    def read(self, html: str) -> None:
        for count, token in enumerate(tokens(html[:_MAX_INPUT_CHARS])):
            if self._chars_left < 0:
                break
            # A tag can end one block and be another; "…" is one more.
            if self._blocks_left <= 2 or count > _MAX_TOKENS:
                self._add(clean.ELLIPSIS)
                break
            if isinstance(token, str):
                self._add(token if self._code is not None else _WHITE.sub(" ", token))
            elif token.closing:
                self._end(token.name)
            else:
                self._start(token)
        self._end_code()
        self._close_to(1)
        self._flush()

    def document(self) -> Document:
        links = (
            Link(address, clean.line(text, _MAX_LINK_TEXT_CHARS))
            for address, text in zip(self._numbers, self._link_texts, strict=True)
        )
        return Document(tuple(self._frames[0].blocks), tuple(links))

    # ── text ────────────────────────────────────────────────────────────────────────────────

    def _add(self, text: str) -> None:
        if len(text) > self._chars_left:
            text = text[: max(0, self._chars_left)] + clean.ELLIPSIS
        self._chars_left -= len(text)
        if self._code is not None:
            self._code.append(text)
            return
        styles = self._styles
        if styles["sup"] or styles["sub"]:
            text = _raised(text, up=styles["sup"] > 0)
        link = None
        if self._href and not text.isspace():
            link = self._number(self._href, text)
        style = _Style(
            styles["strong"] > 0,
            styles["emphasis"] > 0,
            styles["code"] > 0,
            styles["strike"] > 0,
            link,
        )
        self._runs.append((text, style))

    def _address(self, href: str) -> str:
        """The address that a link leads to; "" if to none, within the page, or too many came."""
        if href.startswith("#"):
            return ""
        if href not in self._addresses:
            if len(self._addresses) >= 2 * _MAX_LINKS:
                return ""
            self._addresses[href] = clean.url(href, self._base)
        return self._addresses[href]

    def _number(self, address: str, text: str) -> int | None:
        """The number of the link to `address`; `text` is added to its name while that is read."""
        number = self._numbers.get(address)
        if number is None:
            if len(self._numbers) >= _MAX_LINKS:
                return None
            number = len(self._numbers) + 1
            self._numbers[address] = number
            self._link_texts.append("")
            self._naming = True
        if self._naming and len(self._link_texts[number - 1]) <= _MAX_LINK_TEXT_CHARS:
            self._link_texts[number - 1] += text
        return number

    def _flush(self) -> None:
        """Make a block of the text that has gathered."""
        if not self._runs:
            return
        text = _inline(self._runs)
        self._runs = []
        if not text:
            return
        if self._kind in _HEADINGS:
            self._put(Heading(int(self._kind[1]), text))
        elif self._kind == "caption":
            blocks = self._frames[-1].blocks
            if blocks and isinstance(blocks[-1], Figure) and not blocks[-1].caption:
                blocks[-1] = replace(blocks[-1], caption=text)
            else:
                self._put(Paragraph(text))
        elif self._kind == "term":
            self._put(Paragraph(tuple(replace(span, strong=True) for span in text)))
        else:
            self._put(Paragraph(text))

    def _put(self, block: Block) -> None:
        self._blocks_left -= 1
        frame = self._frames[-1]
        if isinstance(frame, _ListFrame):
            if frame.tag == _IMPLIED:
                self._close_to(len(self._frames) - 1)
                self._put(block)
            elif frame.items:
                frame.items[-1] += (block,)
            else:
                frame.items.append((block,))
        elif not (isinstance(block, Rule) and frame.blocks and frame.blocks[-1] == block):
            frame.blocks.append(block)

    def _new_block(self, kind: str = "p") -> None:
        self._flush()
        self._kind = kind

    # ── tags ────────────────────────────────────────────────────────────────────────────────

    def _start(self, tag: Tag) -> None:
        name = tag.name
        if self._code is not None:
            self._start_in_code(tag, self._code)
        elif name in _STYLES:
            self._styles[_STYLES[name]] += 1
        elif name == "br":
            self._add("\n")
        elif name == "a":
            self._href = self._address(attributes(tag.attributes).get("href", "").strip())
            self._naming = False
        elif name in ("img", "amp-img"):
            self._image(attributes(tag.attributes))
        elif name == "p":
            classes = attributes(tag.attributes).get("class", "").split()
            self._new_block("caption" if "wp-caption-text" in classes else "p")
        elif name in _HEADINGS:
            self._new_block(name)
        elif name in _LISTS:
            self._start_list(tag)
        elif name in ("li", "dd"):
            self._start_item(implied_only=name == "dd")
        elif name == "dt":
            self._new_block()
            self._close_implied_list()
            self._kind = "term"
        elif name == "blockquote":
            self._push(_Frame(name))
        elif name == "pre":
            self._new_block()
            self._code = []
            self._language = _language(tag)
        elif name == "hr":
            self._new_block()
            self._put(Rule())
        elif name in ("figcaption", "caption"):
            self._new_block("caption")
        elif name == "summary":
            self._new_block("term")
        elif name == "q":
            self._add("“")
        elif name in _PLAYERS:
            self._player(tag)
        elif name == "table" or name == "tr" or name in _CELLS or name in _ROW_GROUPS:
            self._start_table_part(tag)
        elif name in _BLOCK_TAGS:
            self._flush()

    def _end(self, name: str) -> None:
        if self._code is not None:
            if name == "pre":
                self._end_code()
        elif name in _STYLES:
            self._styles[_STYLES[name]] = max(0, self._styles[_STYLES[name]] - 1)
        elif name == "a":
            self._href = ""
        elif name == "q":
            self._add("”")
        elif name in _HEADINGS or name in ("p", "figcaption", "caption", "dt", "summary"):
            self._new_block()
        elif name == "dd":
            self._end_element("li")
        elif name == "dl":
            self._new_block()
            self._close_implied_list()
        elif name in _LISTS or name == "blockquote" or name in _WALLS:
            self._end_element(name)
        elif name in _ROW_GROUPS:
            self._start_table_part(Tag(name, closing=True))
        elif name in _BLOCK_TAGS:
            self._flush()

    def _push(self, frame: _Frame) -> None:
        """Open an element; too deep, it is left out."""
        self._new_block()
        if len(self._frames) >= _MAX_DEPTH:
            self._skipped[frame.tag] += 1
            return
        frame.styles = self._styles.copy()
        frame.href = self._href
        self._frames.append(frame)

    def _end_element(self, name: str) -> None:
        self._new_block()
        if self._skipped[name]:
            self._skipped[name] -= 1
            return
        index = self._nearest({name}, _WALLS.get(name, _CELLS))
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

    def _close(self, frame: _Frame) -> None:
        self._styles = frame.styles
        self._href = frame.href
        self._kind = "p"
        parent = self._frames[-1]
        if isinstance(frame, _ListFrame):
            if frame.items:
                self._put(ListBlock(frame.ordered, frame.start, tuple(frame.items)))
        elif isinstance(frame, _TableFrame):
            for block in (*frame.blocks, *_table(frame)):
                self._put(block)
        elif isinstance(frame, _RowFrame) and isinstance(parent, _TableFrame):
            parent.blocks += frame.blocks
            _add_row(parent, frame.cells)
        elif isinstance(frame, _CellFrame) and isinstance(parent, _RowFrame):
            parent.cells.append(frame)
        elif frame.tag == "li" and isinstance(parent, _ListFrame):
            if frame.blocks:
                parent.items.append(tuple(frame.blocks))
        elif frame.blocks:
            self._put(Quote(tuple(frame.blocks)))

    # ── lists ───────────────────────────────────────────────────────────────────────────────

    def _start_list(self, tag: Tag) -> None:
        ordered = tag.name == "ol"
        start = _integer(attributes(tag.attributes).get("start", ""), 1) if ordered else 1
        self._new_block()
        frame = self._frames[-1]
        if isinstance(frame, _ListFrame) and frame.tag != _IMPLIED and frame.items:
            # A list that stands right inside a list belongs to the item before it.
            item = _Frame("li")
            item.blocks.extend(frame.items.pop())
            self._push(item)
        self._push(_ListFrame(tag.name, ordered=ordered, start=start))

    def _start_item(self, *, implied_only: bool) -> None:
        self._new_block()
        wanted = {_IMPLIED} if implied_only else _ANY_LIST
        index = self._nearest(wanted, _CELLS | _LISTS | {"blockquote"})
        if index:
            self._close_to(index + 1)
        else:
            self._push(_ListFrame(_IMPLIED))
        if isinstance(self._frames[-1], _ListFrame):
            self._push(_Frame("li"))

    def _close_implied_list(self) -> None:
        index = self._nearest({_IMPLIED}, _CELLS | _LISTS | {"blockquote"})
        if index:
            self._close_to(index)

    # ── tables ──────────────────────────────────────────────────────────────────────────────

    def _start_table_part(self, tag: Tag) -> None:
        name = tag.name
        self._new_block()
        if name == "table":
            self._push(_TableFrame(name))
            return
        index = self._nearest({"table"}, frozenset())
        table = self._frames[index]
        if not isinstance(table, _TableFrame):
            return
        if name in _CELLS:
            row = self._nearest({"tr"}, {"table"})
            self._close_to((row or index) + 1)
            if not row:
                self._push(_RowFrame("tr"))
            self._start_cell(tag)
        else:
            self._close_to(index + 1)
            if name == "tr":
                self._push(_RowFrame(name))
            else:
                table.in_head = name == "thead" and not tag.closing

    def _start_cell(self, tag: Tag) -> None:
        if not isinstance(self._frames[-1], _RowFrame):
            return  # too deep: the text goes to the table
        values = attributes(tag.attributes)
        columns = _integer(values.get("colspan", ""), 1)
        rows = _integer(values.get("rowspan", ""), 1)
        self._push(
            _CellFrame(
                tag.name,
                columns=max(1, min(columns, _MAX_COLUMNS)),
                rows=max(1, min(rows, _MAX_ROWS)),
            )
        )
        if tag.name == "th":
            self._styles["strong"] += 1

    # ── code ────────────────────────────────────────────────────────────────────────────────

    def _start_in_code(self, tag: Tag, code: list[str]) -> None:
        if tag.name == "br":
            self._add("\n")
        elif tag.name == "code":
            self._language = self._language or _language(tag)
        elif tag.name in ("div", "p", "li", "tr") and code and code[-1][-1:] != "\n":
            self._add("\n")

    def _end_code(self) -> None:
        if self._code is None:
            return
        text = "".join(self._code).replace("\r\n", "\n")
        self._code = None
        lines = clean.block(text.expandtabs(4), _MAX_CHARS).rstrip().split("\n")
        while lines and not lines[0].strip():
            del lines[0]
        if lines:
            self._put(Code("\n".join(line.rstrip() for line in lines), self._language))

    # ── pictures and players ────────────────────────────────────────────────────────────────

    def _image(self, values: dict[str, str]) -> None:
        alt = clean.line(values.get("alt", ""), _MAX_ALT_CHARS)
        classes = values.get("class", "").split()
        if (
            "wp-smiley" in classes
            or "emoji" in classes
            or _EMOJI_SOURCE.match(values.get("src", ""))
        ):
            self._add(alt)
            return
        if _is_pixel(values):
            return
        self._flush()
        self._chars_left -= len(alt)
        link = self._number(self._href, alt) if self._href else None
        self._put(Figure(alt, (), link))

    def _player(self, tag: Tag) -> None:
        values = attributes(tag.attributes)
        # WordPress puts a hidden frame beside the quote that says the same.
        if "wp-embedded-content" in values.get("class", "").split() or _is_pixel(values):
            return
        sources = [values.get(name, "") for name in ("src", "data-src", "data-lazy-src", "data")]
        sources += [
            attributes(found[1]).get("src", "") for found in _SOURCE_TAG.finditer(tag.held[:10_000])
        ]
        addresses = (clean.url(source, self._base) for source in sources if source)
        address = next((a for a in addresses if a.startswith("http")), "")
        if not address:
            return
        name = clean.host(address).removeprefix("www.")
        if tag.name == "video" or name.removeprefix("player.") in _VIDEO_HOSTS:
            label = "Video"
        elif tag.name == "audio" or name.endswith(_AUDIO_HOSTS):
            label = "Audio"
        else:
            label = "Embedded"
        self._new_block()
        text = f"{label}: {name}"
        self._naming = False
        link = self._number(address, text)
        self._naming = False
        self._chars_left -= len(text)
        self._put(Paragraph((Span(text, link=link),)))


def _inline(runs: _Runs) -> Inline:
    """The runs as spans: safe, white space collapsed, nothing at the ends or around a break."""
    parts: list[tuple[str, _Style]] = []
    last = "\n"
    for style, group in groupby(runs, key=itemgetter(1)):
        text = clean.block("".join([text for text, _ in group]), _MAX_CHARS)
        if "  " in text:
            text = _MANY_SPACES.sub(" ", text)
        if "\n" in text:
            text = _MANY_BREAKS.sub("\n\n", _BREAK.sub("\n", text))
        if last in " \n":
            text = text.lstrip(" ")
        if parts:
            text = _without_leading_marks(text)
            if text.startswith("\n"):
                parts[-1] = (parts[-1][0].rstrip(" "), parts[-1][1])
        else:
            text = text.lstrip(" \n")
        if text:
            parts.append((text, style))
            last = text[-1]
    while parts:
        text, style = parts.pop()
        if text := text.rstrip(" \n"):
            parts.append((text, style))
            break
    return tuple(Span(text, *style) for text, style in parts if text)


def _without_leading_marks(text: str) -> str:
    """`text` without marks that would pile up on the end of the span before."""
    if text[:1] < "\u0300":
        return text
    start = 0
    while start < len(text) and unicodedata.category(text[start]) in ("Mn", "Me"):
        start += 1
    return text[start:]


def _raised(text: str, *, up: bool) -> str:
    """Text above or below the line: digits have letters for it, one letter gets a sign."""
    bare = text.strip()
    table = _SUPERSCRIPTS if up else _SUBSCRIPTS
    if bare and all(ord(char) in table for char in bare):
        return text.translate(table)
    if len(bare) == 1 and bare.isalpha():
        return ("^" if up else "_") + bare
    return text


def _language(tag: Tag) -> str:
    found = _LANGUAGE.search(attributes(tag.attributes).get("class", ""))
    return found[1].lower() if found else ""


def _integer(text: str, default: int) -> int:
    found = re.match(r"\s*([0-9]{1,6})(?![0-9])", text)
    return int(found[1]) if found else default


def _is_pixel(values: dict[str, str]) -> bool:
    """Whether the picture or frame is too small to be seen: it is there to count readers."""
    sizes = [_integer(values.get(name, ""), 100) for name in ("width", "height")]
    return max(sizes) <= 2 or (min(sizes) <= 2 and not values.get("alt", "").strip())


def _add_row(table: _TableFrame, cells: list[_CellFrame]) -> None:
    row: list[tuple[Block, ...]] = []

    def skip_taken() -> None:
        while table.taken.get(len(row), 0) > 0:
            table.taken[len(row)] -= 1
            row.append(())

    for cell in cells:
        skip_taken()
        room = _MAX_COLUMNS - len(row)
        if room == 0:
            row[-1] = _CUT
            break
        for offset in range(min(cell.columns, room)):
            table.taken[len(row)] = cell.rows - 1
            row.append(tuple(cell.blocks) if offset == 0 else ())
    skip_taken()
    if not any(row):
        return
    if len(table.rows) >= _MAX_ROWS:
        row = [_CUT]
    is_header = table.in_head or all(cell.tag == "th" for cell in cells)
    if is_header and table.header_rows == len(table.rows):
        table.header_rows += 1
    if len(table.rows) <= _MAX_ROWS:
        table.rows.append(row)


def _table(frame: _TableFrame) -> tuple[Block, ...]:
    """The table; or what is in its cells, if it only arranges a page: one column, or with
    headings or tables inside."""
    columns = max(map(len, frame.rows), default=0)
    blocks = tuple(block for row in frame.rows for cell in row for block in cell)
    if columns <= 1 or any(isinstance(block, Table | Heading) for block in blocks):
        return blocks
    rows = tuple(
        tuple(_one_inline(cell) for cell in row) + ((),) * (columns - len(row))
        for row in frame.rows
    )
    return (Table(rows, frame.header_rows),)


def _one_inline(blocks: tuple[Block, ...]) -> Inline:
    """The blocks of a cell as one text, each on a line of its own."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return blocks[0].text
    spans: list[Span] = []
    for block in blocks:
        parts: list[Inline] = []
        if isinstance(block, Paragraph | Heading):
            parts.append(block.text)
        elif isinstance(block, Quote):
            parts.append(_one_inline(block.blocks))
        elif isinstance(block, ListBlock):
            parts += [(Span(mark), *_one_inline(item)) for mark, item in marked_items(block)]
        elif isinstance(block, Code):
            parts.append((Span(block.text, code=True),))
        elif isinstance(block, Figure):
            parts.append((Span(describe(block), link=block.link),))
            if block.caption:
                parts.append(block.caption)
        for part in parts:
            if spans:
                spans.append(Span("\n"))
            spans += part
    return tuple(spans)


# ── text of blocks ──────────────────────────────────────────────────────────────────────────


def describe(figure: Figure) -> str:
    """What stands for a picture: "[Image: what it shows]"."""
    return f"[Image: {figure.alt}]" if figure.alt else "[Image]"


def marked_items(block: ListBlock) -> list[tuple[str, tuple[Block, ...]]]:
    """The items with what stands before each, "• " or "1. ", all of one length."""
    if not block.ordered:
        return [("• ", item) for item in block.items]
    last = block.start + len(block.items) - 1
    digits = len(str(last))
    return [(f"{number:>{digits}}. ", item) for number, item in enumerate(block.items, block.start)]


def _text(inline: Inline) -> str:
    return "".join(span.text for span in inline)


def _plain(blocks: tuple[Block, ...]) -> str:
    parts: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph | Heading):
            parts.append(_text(block.text))
        elif isinstance(block, Quote):
            parts.append(_plain(block.blocks))
        elif isinstance(block, ListBlock):
            items = [
                mark.lstrip() + _plain(item).replace("\n\n", "\n").replace("\n", "\n  ")
                for mark, item in marked_items(block)
            ]
            parts.append("\n".join(items))
        elif isinstance(block, Table):
            rows = (" · ".join(filter(None, map(_text, row))) for row in block.rows)
            parts.append("\n".join(rows))
        elif isinstance(block, Code):
            parts.append(block.text)
    return "\n\n".join(filter(None, parts))


def _figures(blocks: tuple[Block, ...]) -> list[Figure]:
    found: list[Figure] = []
    for block in blocks:
        if isinstance(block, Figure):
            found.append(block)
        elif isinstance(block, Quote):
            found += _figures(block.blocks)
        elif isinstance(block, ListBlock):
            for item in block.items:
                found += _figures(item)
    return found


# ── what WordPress adds ─────────────────────────────────────────────────────────────────────

_FOOTERS = (
    ("The post", "appeared first on"),
    ("Der Beitrag", "erschien zuerst auf"),
    ("Indlægget", "blev først udgivet på"),
    ("Indlægget", "blev vist først på"),
    ("Indlægget", "blev først vist på"),
    ("Inlägget", "dök först upp på"),
    ("Innlegget", "dukket først opp på"),
    ("Artikkeli", "julkaistiin ensimmäisen kerran"),
    ("La entrada", "se publicó primero en"),
    ("Het bericht", "verscheen eerst op"),
    ("L’article", "est apparu en premier sur"),
)
_FOOTER = re.compile("|".join(f"{start} .*{middle} .+" for start, middle in _FOOTERS))
_MAX_FOOTER_CHARS = 2_000
"""Of the paragraph as HTML; it holds a title, a name and two addresses."""
_MAX_FOOTER_WORDS_CHARS = 40
"""What a footer in an unknown language may say besides the title and the site's name."""
_ANY_TAG = re.compile(r"<[^<>]*>")

_DOTS = r"(?:…|\.{3}|&#8230;|&hellip;)"
_CUT_MARK = re.compile(rf"\s*(?:\[\s*{_DOTS}\s*\]|\(more\s*{_DOTS}\)|{_DOTS})\s*\Z")
_MORE = (
    "Read more",
    "Continue reading",
    "Læs mere",
    "Fortsæt med at læse",
    "Läs mer",
    "Fortsätt läsa",
    "Les mer",
    "Fortsett å lese",
    "Lue lisää",
    "Lesa meira",
    "Weiterlesen",
)
# Only as a sentence of its own: "where to read more" is part of what a post says.
_MORE_LINK = re.compile(
    r"(?:\A|(?<=[\n.!?…\])»”\"])|(?<=[\n.!?…\])»”\"] ))\s*"
    rf"(?:{'|'.join(_MORE)})(?:\s*[:\"“”„].{{0,200}}|.{{0,200}}[→»]|\s*[>….]*)\s*\Z"
)
_MAX_ENDING_CHARS = 300


def strip_footer(html: str, title: str = "", site: str = "") -> str:
    """`html` without the last paragraph, if all it says is on which site the post appeared.

    SEO plugins add "The post TITLE appeared first on SITE." to excerpts and texts. It is known in
    eleven wordings; with `title` and `site` (plain text) given, a short last paragraph of links
    to both counts in any language.
    """
    body = html.rstrip()
    start = body.rfind("<p", max(0, len(body) - _MAX_FOOTER_CHARS))
    if start < 0 or not body.endswith(("</p>", "</P>")) or body[start + 2 : start + 3] not in "> ":
        return html
    paragraph = body[start:]
    words = clean.line(decode(_ANY_TAG.sub("", paragraph)))
    names = [clean.line(name) for name in (title, site)]
    says_both = (
        all(name and name in words for name in names)
        and "<a" in paragraph
        and len(words) - sum(map(len, names)) <= _MAX_FOOTER_WORDS_CHARS
    )
    return body[:start].rstrip() if says_both or _FOOTER.fullmatch(words) else html


def tidy_excerpt(text: str) -> tuple[str, bool]:
    """`text` (plain) without "[…]", "Read more" and the like at its end, and whether it had one.

    What was cut off ends in "…" instead, whichever of them it had and however many.
    """
    body, ending = text[:-_MAX_ENDING_CHARS], text[-_MAX_ENDING_CHARS:].rstrip()
    was_cut = False
    while True:
        shorter = _MORE_LINK.sub("", _CUT_MARK.sub("", ending))
        if shorter == ending:
            break
        ending = shorter.rstrip()
        was_cut = True
    if not was_cut:
        return text, False
    kept = (body + ending).rstrip()
    if not kept:
        return "", True
    return kept + (" " if kept[-1] in ".!?" else "") + clean.ELLIPSIS, True
