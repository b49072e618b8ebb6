"""What a post says, as blocks: paragraphs, headings, lists, quotes, tables, code, pictures."""

from dataclasses import dataclass
from typing import TypeAlias

MAX_CHARS = 2_000_000
"""Of text that a document holds."""


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


def text_of(inline: Inline) -> str:
    """The text without its styles."""
    return "".join(span.text for span in inline)


def plain_of(blocks: tuple[Block, ...]) -> str:
    """The blocks as text, parted by empty lines; pictures are left out."""
    parts: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph | Heading):
            parts.append(text_of(block.text))
        elif isinstance(block, Quote):
            parts.append(plain_of(block.blocks))
        elif isinstance(block, ListBlock):
            items = [
                mark.lstrip() + plain_of(item).replace("\n\n", "\n").replace("\n", "\n  ")
                for mark, item in marked_items(block)
            ]
            parts.append("\n".join(items))
        elif isinstance(block, Table):
            rows = (" · ".join(filter(None, map(text_of, row))) for row in block.rows)
            parts.append("\n".join(rows))
        elif isinstance(block, Code):
            parts.append(block.text)
    return "\n\n".join(filter(None, parts))


def figures_in(blocks: tuple[Block, ...]) -> list[Figure]:
    """The pictures, also those in quotes and lists, in their order."""
    found: list[Figure] = []
    for block in blocks:
        if isinstance(block, Figure):
            found.append(block)
        elif isinstance(block, Quote):
            found += figures_in(block.blocks)
        elif isinstance(block, ListBlock):
            for item in block.items:
                found += figures_in(item)
    return found


def one_inline(blocks: tuple[Block, ...]) -> Inline:
    """The blocks of a cell as one text, each on a line of its own."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return blocks[0].text
    spans: list[Span] = []
    for block in blocks:
        parts: list[Inline] = []
        if isinstance(block, Paragraph | Heading):
            parts.append(block.text)
        elif isinstance(block, Quote):
            parts.append(one_inline(block.blocks))
        elif isinstance(block, ListBlock):
            parts += [(Span(mark), *one_inline(item)) for mark, item in marked_items(block)]
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
