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
from collections import Counter
from dataclasses import replace

from nordic_tui.text import clean
from nordic_tui.text.blocks import (
    MAX_CHARS,
    Block,
    Code,
    Document,
    Figure,
    Heading,
    Link,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    Span,
    figures_in,
    plain_of,
    text_of,
)
from nordic_tui.text.frames import (
    MAX_COLUMNS,
    MAX_ROWS,
    CellFrame,
    Frame,
    ListFrame,
    RowFrame,
    TableFrame,
    add_row,
    table_blocks,
)
from nordic_tui.text.inline import Runs, Style, inline, raised
from nordic_tui.text.markup import Tag, attributes, tokens

_MAX_INPUT_CHARS = 4_000_000
_MAX_LINKS = 2_000
_MAX_DEPTH = 100
_MAX_LINK_TEXT_CHARS = 200
_MAX_ALT_CHARS = 1_000
_MAX_BLOCKS = 50_000
_MAX_TOKENS = 400_000


def parse(html: str, base: str = "") -> Document:
    """`html` as blocks; relative addresses are joined with `base`. Never raises.

    An address gets one number however often it occurs.
    """
    builder = _Builder(base, MAX_CHARS)
    builder.read(html)
    return builder.document()


def plain(html: str, max_chars: int | None = None) -> str:
    """The text of `html`: blocks parted by an empty line, items as lines that begin with "• ".

    Pictures are left out unless there is nothing else. At most `max_chars` characters; what was
    cut ends in "…". Never raises.
    """
    limit = MAX_CHARS if max_chars is None else min(max_chars, MAX_CHARS)
    # More is read than asked for: white space and descriptions of pictures may still go.
    builder = _Builder("", 4 * limit + 2_000)
    builder.read(html)
    blocks = builder.document().blocks
    text = plain_of(blocks) or "\n\n".join(
        filter(None, (block.alt or text_of(block.caption) for block in figures_in(blocks)))
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
_LANGUAGE = re.compile(r"(?:^|\s)(?:language|lang|brush:)[-\s]*([A-Za-z0-9+#._-]{1,30})")
_EMOJI_SOURCE = re.compile(r"(?:https?:)?//(?:[a-z0-9-]+\.)?s\.w\.org/", re.IGNORECASE)
_SOURCE_TAG = re.compile(r"<source\b([^>]*)>", re.IGNORECASE)
_VIDEO_HOSTS = ("youtube.com", "youtube-nocookie.com", "youtu.be", "vimeo.com", "dailymotion.com")
_AUDIO_HOSTS = ("soundcloud.com", "spotify.com", "podcasts.apple.com")


class _Builder:
    def __init__(self, base: str, max_chars: int) -> None:
        self._base = base
        self._chars_left = max_chars
        self._blocks_left = _MAX_BLOCKS
        self._frames = [Frame("document")]
        self._skipped: Counter[str] = Counter()
        self._styles = dict(_NO_STYLES)
        self._runs: Runs = []
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
            text = raised(text, up=styles["sup"] > 0)
        link = None
        if self._href and not text.isspace():
            link = self._number(self._href, text)
        style = Style(
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
        text = inline(self._runs)
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
        if isinstance(frame, ListFrame):
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
            self._push(Frame(name))
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

    def _push(self, frame: Frame) -> None:
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

    def _close(self, frame: Frame) -> None:
        self._styles = frame.styles
        self._href = frame.href
        self._kind = "p"
        parent = self._frames[-1]
        if isinstance(frame, ListFrame):
            if frame.items:
                self._put(ListBlock(frame.ordered, frame.start, tuple(frame.items)))
        elif isinstance(frame, TableFrame):
            for block in (*frame.blocks, *table_blocks(frame)):
                self._put(block)
        elif isinstance(frame, RowFrame) and isinstance(parent, TableFrame):
            parent.blocks += frame.blocks
            add_row(parent, frame.cells)
        elif isinstance(frame, CellFrame) and isinstance(parent, RowFrame):
            parent.cells.append(frame)
        elif frame.tag == "li" and isinstance(parent, ListFrame):
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
        if isinstance(frame, ListFrame) and frame.tag != _IMPLIED and frame.items:
            # A list that stands right inside a list belongs to the item before it.
            item = Frame("li")
            item.blocks.extend(frame.items.pop())
            self._push(item)
        self._push(ListFrame(tag.name, ordered=ordered, start=start))

    def _start_item(self, *, implied_only: bool) -> None:
        self._new_block()
        wanted = {_IMPLIED} if implied_only else _ANY_LIST
        index = self._nearest(wanted, _CELLS | _LISTS | {"blockquote"})
        if index:
            self._close_to(index + 1)
        else:
            self._push(ListFrame(_IMPLIED))
        if isinstance(self._frames[-1], ListFrame):
            self._push(Frame("li"))

    def _close_implied_list(self) -> None:
        index = self._nearest({_IMPLIED}, _CELLS | _LISTS | {"blockquote"})
        if index:
            self._close_to(index)

    # ── tables ──────────────────────────────────────────────────────────────────────────────

    def _start_table_part(self, tag: Tag) -> None:
        name = tag.name
        self._new_block()
        if name == "table":
            self._push(TableFrame(name))
            return
        index = self._nearest({"table"}, frozenset())
        table = self._frames[index]
        if not isinstance(table, TableFrame):
            return
        if name in _CELLS:
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
        values = attributes(tag.attributes)
        columns = _integer(values.get("colspan", ""), 1)
        rows = _integer(values.get("rowspan", ""), 1)
        self._push(
            CellFrame(
                tag.name,
                columns=max(1, min(columns, MAX_COLUMNS)),
                rows=max(1, min(rows, MAX_ROWS)),
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
        lines = clean.block(text.expandtabs(4), MAX_CHARS).rstrip().split("\n")
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
