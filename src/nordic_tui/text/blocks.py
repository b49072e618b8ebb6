"""What a post says, as blocks: paragraphs, headings, lists, quotes, tables, code, pictures."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

MAX_CHARS = 2_000_000
"""Of text that a document holds."""


class Span(NamedTuple):
    """A run of text in one style. A "\\n" in `text` is a line break inside the paragraph."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    strike: bool = False
    link: int | None = None
    """The number of the link in `Document.links`, counted from 1."""
    mark: bool = False
    inserted: bool = False
    key: bool = False
    """What is pressed: a key, or what is typed."""
    note: int | None = None
    """The number of the note that is referred to; `text` shows it."""


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
    step: int = 1
    """From one number to the next: -1 in a list that counts down."""
    numbering: str = "1"
    """How numbers are written: "1", "a", "A", "i" or "I", as in HTML."""
    continues: bool = False
    """Whether it is one list with that before: long ones are given in parts."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Terms, and what is said of them; either may be missing."""

    terms: tuple[Inline, ...]
    definitions: "tuple[tuple[Block, ...], ...]"


@dataclass(frozen=True, slots=True)
class Terms:
    """A list of definitions; or a section that can be folded, under its summary."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """Footnotes, each with the number that the text refers to it by."""

    notes: "tuple[tuple[int, tuple[Block, ...]], ...]"


@dataclass(frozen=True, slots=True)
class Quote:
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[Inline, ...], ...]
    """Every row with the same number of cells; an empty cell is ()."""
    header_rows: int
    """How many of `rows`, from the first on, are headers."""
    title: Inline = ()
    """What stands above it."""
    caption: Inline = ()
    """What stands below it."""


@dataclass(frozen=True, slots=True)
class Code:
    text: str
    """Lines as written, tabs as spaces."""
    language: str = ""
    """As it was declared, in small letters."""
    caption: Inline = ()


@dataclass(frozen=True, slots=True)
class Rule:
    pass


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: `alt` says what it shows, or is empty."""

    alt: str
    caption: Inline = ()
    link: int | None = None
    src: str = ""
    """The address of the picture (http or https), or empty."""


Block: TypeAlias = (
    Heading | Paragraph | ListBlock | Terms | Notes | Quote | Table | Code | Rule | Figure
)


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    text: str
    """What was marked as the link, on one line; empty for a picture without description."""


@dataclass(frozen=True, slots=True)
class Document:
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()


# ── text of blocks ──────────────────────────────────────────────────────────────────────────

_BULLETS = ("• ", "◦ ", "▪ ")
_MAX_PLAIN_INDENTS = 8
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def describe(figure: Figure) -> str:
    """What stands for a picture: "[Image: what it shows]", unless its caption says the same."""
    if not figure.alt or figure.alt == text_of(figure.caption):
        return "[Image]"
    return f"[Image: {figure.alt}]"


def marked_items(block: ListBlock, depth: int = 0) -> list[tuple[str, tuple[Block, ...]]]:
    """The items with what stands before each, "• " or "1. ", all of one length.

    depth: how many lists without numbers are around this one; each has its own sign.
    """
    if not block.ordered:
        return [(_BULLETS[min(depth, len(_BULLETS) - 1)], item) for item in block.items]
    stop = block.start + block.step * len(block.items)
    numbers = [_numbered(n, block.numbering) for n in range(block.start, stop, block.step)]
    length = max(map(len, numbers), default=0)
    return [
        (f"{number:>{length}}. ", item) for number, item in zip(numbers, block.items, strict=True)
    ]


def _numbered(number: int, numbering: str) -> str:
    """A number as HTML's lists write it; what letters and Roman numerals can't, in digits."""
    text = ""
    left = number
    if numbering in "aA" and number > 0:
        while left:
            left, letter = divmod(left - 1, 26)
            text = chr(ord("a") + letter) + text
    elif numbering in "iI" and 0 < number < 4000:
        for value, letters in _ROMAN:
            times, left = divmod(left, value)
            text += letters * times
    else:
        return str(number)
    return text.upper() if numbering in "AI" else text


def text_of(inline: Inline) -> str:
    """The text without its styles and without the numbers of notes."""
    return "".join([span.text for span in inline if span.note is None])


def plain_of(blocks: tuple[Block, ...], indents: int = 0) -> str:
    """The blocks as text, parted by empty lines; pictures are left out.

    indents: how many lists are around them; the text of deep ones is not indented further.
    """
    indent = "  " if indents < _MAX_PLAIN_INDENTS else ""

    def item(mark: str, inner: tuple[Block, ...]) -> str:
        text = plain_of(inner, indents + 1).replace("\n\n", "\n")
        return mark.lstrip() + (text.replace("\n", "\n" + indent) if indent else text)

    parts: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph | Heading):
            parts.append(text_of(block.text))
        elif isinstance(block, Quote):
            parts.append(plain_of(block.blocks, indents))
        elif isinstance(block, ListBlock):
            parts.append("\n".join([item(mark, inner) for mark, inner in marked_items(block)]))
        elif isinstance(block, Terms):
            parts += [
                "\n".join(
                    [
                        *map(text_of, entry.terms),
                        *(plain_of(definition, indents) for definition in entry.definitions),
                    ]
                )
                for entry in block.entries
            ]
        elif isinstance(block, Notes):
            parts += [item(f"[^{number}] ", inner) for number, inner in block.notes]
        elif isinstance(block, Table):
            rows = (" · ".join(filter(None, map(text_of, row))) for row in block.rows)
            parts += [text_of(block.title), "\n".join(rows), text_of(block.caption)]
        elif isinstance(block, Code):
            parts += [block.text, text_of(block.caption)]
    return "\n\n".join(filter(None, parts))


def inner_blocks(block: Block) -> Iterator[tuple[Block, ...]]:
    """What a block holds that is made of blocks itself: a quote, the items of a list."""
    if isinstance(block, Quote):
        yield block.blocks
    elif isinstance(block, ListBlock):
        yield from block.items
    elif isinstance(block, Terms):
        for entry in block.entries:
            yield from entry.definitions
    elif isinstance(block, Notes):
        for _, note in block.notes:
            yield note


def figures_in(blocks: tuple[Block, ...]) -> list[Figure]:
    """The pictures, also those in quotes, lists and notes, in their order."""
    found: list[Figure] = []
    for block in blocks:
        if isinstance(block, Figure):
            found.append(block)
        else:
            for inner in inner_blocks(block):
                found += figures_in(inner)
    return found


def one_inline(blocks: tuple[Block, ...]) -> Inline:
    """The blocks of a cell as one text, each on a line of its own."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return blocks[0].text
    spans: list[Span] = []
    for block in blocks:
        for part in _inlines(block):
            if spans:
                spans.append(Span("\n"))
            spans += part
    return tuple(spans)


def _inlines(block: Block) -> list[Inline]:
    """The texts of a block, of which each takes a line of its own."""
    if isinstance(block, Paragraph | Heading):
        return [block.text]
    if isinstance(block, ListBlock):
        return [(Span(mark), *one_inline(item)) for mark, item in marked_items(block)]
    if isinstance(block, Notes):
        return [
            (Span(f"[^{number}]", note=number), Span(" "), *one_inline(note))
            for number, note in block.notes
        ]
    if isinstance(block, Terms):
        texts = [(*entry.terms, *map(one_inline, entry.definitions)) for entry in block.entries]
        return [text for entry in texts for text in entry]
    if isinstance(block, Code):
        return [part for part in ((Span(block.text, code=True),), block.caption) if part]
    if isinstance(block, Figure):
        return [part for part in ((Span(describe(block), link=block.link),), block.caption) if part]
    return [one_inline(inner) for inner in inner_blocks(block)]
