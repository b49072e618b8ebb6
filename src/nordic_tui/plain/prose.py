"""The text of a post as it is told: headings, lists, tables, code and links by words.

Nothing here is drawn: a table is its rows with the name of each column, a quote has a beginning
and an end, a link has its number behind its words.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from nordic_tui.service.changes import Changed
from nordic_tui.service.words import count, date
from nordic_tui.text import clean
from nordic_tui.text.blocks import (
    Block,
    Code,
    Document,
    Figure,
    Heading,
    Inline,
    ListBlock,
    Notes,
    Paragraph,
    Quote,
    Rule,
    Table,
    Terms,
    marked_items,
    text_of,
)
from nordic_tui.text.diff import Change, count_words
from nordic_tui.text.diff import Paragraph as Compared


class Part(NamedTuple):
    """A paragraph, or lines that are kept as they are."""

    text: str
    as_written: bool = False
    """Whether its lines and blanks are kept: code."""
    follows: bool = False
    """Whether it belongs to the part before, without an empty line between."""


def told(document: Document) -> Iterator[Part]:
    """The document from its beginning to its end."""
    yield from _blocks(document.blocks, 0)


def _blocks(blocks: Iterable[Block], depth: int) -> Iterator[Part]:
    for block in blocks:
        yield from _block(block, depth)


def _block(block: Block, depth: int) -> Iterator[Part]:
    if isinstance(block, Paragraph):
        text = inline(block.text)
        if text:
            yield Part(text)
    elif isinstance(block, Heading):
        yield Part(f"Heading {block.level}: {inline(block.text)}")
    elif isinstance(block, ListBlock):
        yield from _list(block, depth)
    elif isinstance(block, Terms):
        for entry in block.entries:
            for term in entry.terms:
                yield Part(f"{inline(term)}:")
            for definition in entry.definitions:
                yield from _joined("", _blocks(definition, depth))
    elif isinstance(block, Notes):
        for number, note in block.notes:
            yield from _joined(f"Note {number}: ", _blocks(note, depth))
    elif isinstance(block, Quote):
        yield from _joined("Quote: ", _blocks(block.blocks, depth), parted=True)
        yield Part("End of the quote.", follows=True)
    elif isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Code):
        yield from _code(block)
    elif isinstance(block, Figure):
        yield Part(_figure(block))
    elif isinstance(block, Rule):
        yield Part("A break in the text.")


def _joined(begins: str, parts: Iterable[Part], *, parted: bool = False) -> Iterator[Part]:
    """The parts of a note or an item, the first of them behind the words that it begins with.

    parted: whether those after it keep their empty lines.
    """
    is_first = True
    for part in parts:
        if not is_first:
            yield part if parted else part._replace(follows=True)
        elif part.as_written:
            yield Part(begins.rstrip(), follows=not parted)
            yield part._replace(follows=True)
        else:
            yield Part(f"{begins}{part.text}", follows=not parted)
        is_first = False


def _list(block: ListBlock, depth: int) -> Iterator[Part]:
    items = count(len(block.items), "item", "items")
    if not block.continues:
        yield Part(f"List inside, {items}:" if depth else f"List, {items}:", follows=bool(depth))
    for mark, item in marked_items(block):
        begins = f"{mark.strip()} " if block.ordered else "- "
        yield from _joined(begins, _blocks(item, depth + 1))
    if depth:
        yield Part("End of the list inside.", follows=True)


def _table(block: Table) -> Iterator[Part]:
    heads = [inline(cell) for cell in block.rows[0]] if block.header_rows else []
    rows = block.rows[block.header_rows :]
    columns = count(max((len(row) for row in block.rows), default=0), "column", "columns")
    title = inline(block.title)
    about = f"Table of {columns} and {count(len(rows), 'row', 'rows')}"
    yield Part(f"{about}: {title}" if title else f"{about}.")
    if heads and not rows:
        yield Part(f"Columns: {'; '.join(filter(None, heads))}.", follows=True)
    for number, row in enumerate(rows, 1):
        cells = []
        for at, cell in enumerate(row):
            text = inline(cell).replace("\n", " ")
            if text:
                head = heads[at].replace("\n", " ") if at < len(heads) else ""
                cells.append(f"{head}: {text}" if head else text)
        yield Part(f"Row {number}. {'; '.join(cells) or 'Empty'}.", follows=True)
    yield Part("End of the table.", follows=True)
    if block.caption:
        yield Part(inline(block.caption), follows=True)


def _code(block: Code) -> Iterator[Part]:
    lines = count(block.text.count("\n") + 1, "line", "lines")
    kind = f"{clean.line(block.language, 40)}, " if block.language else ""
    yield Part(f"Code, {kind}{lines}:")
    yield Part(block.text, as_written=True, follows=True)
    yield Part("End of the code.", follows=True)
    if block.caption:
        yield Part(inline(block.caption), follows=True)


def _figure(block: Figure) -> str:
    caption = inline(block.caption)
    alt = clean.line(block.alt) if block.alt != text_of(block.caption) else ""
    said = [f"Picture: {alt}" if alt else "Picture" if caption else "Picture without a description"]
    if caption:
        said.append(caption)
    said[-1] += _number(block.link)
    return ". ".join(said)


def inline(spans: Inline) -> str:
    """A run of text with the numbers of its links and notes behind their words."""
    told: list[str] = []
    for at, span in enumerate(spans):
        if span.note is not None:
            told.append(f" (note {span.note})")
            continue
        told.append(f"(struck out: {span.text})" if span.strike else span.text)
        after = spans[at + 1].link if at + 1 < len(spans) else None
        if span.link is not None and span.link != after:
            behind = _number(span.link)
            # A blank at the end of the words stays behind the number.
            bare = told[-1].rstrip()
            told[-1] = f"{bare}{behind}{told[-1][len(bare) :]}"
    return "".join(told).strip()


def _number(link: int | None) -> str:
    """ " (link 3)". Where words name another host than the link's, they say so themselves."""
    return f" (link {link})" if link is not None else ""


# ── what changed ────────────────────────────────────────────────────────────────────────────


def told_changes(changed: Changed) -> Iterator[Part]:
    """What became of a post: its title and the paragraphs that changed, the others counted."""
    since = f"since you read it on {date(changed.since)}"
    when = since if changed.since_read else f"on {date(changed.since)}"
    added, removed = count_words((*changed.title, *changed.text))
    if added or removed:
        yield Part(f"What changed {when}: {count(added, 'word', 'words')} added, {removed:,} gone.")
    else:
        yield Part(f"What changed {when}: no word, only signs or blanks.")
    for paragraph in changed.title:
        yield Part(f"Title: {_told_paragraph(paragraph)}")
    unchanged = 0
    for paragraph in changed.text:
        if paragraph.is_same:
            unchanged += 1
            continue
        if unchanged:
            yield _unchanged(unchanged)
            unchanged = 0
        yield Part(_told_paragraph(paragraph))
    if unchanged:
        yield _unchanged(unchanged)


def _unchanged(paragraphs: int) -> Part:
    return Part(f"{count(paragraphs, 'paragraph', 'paragraphs')} as before.")


def _told_paragraph(paragraph: Compared) -> str:
    if not paragraph.in_before:
        return f"New paragraph: {_text(paragraph)}"
    if not paragraph.in_after:
        return f"Paragraph that is gone: {_text(paragraph)}"
    said = []
    for piece in paragraph.pieces:
        text = piece.text.strip()
        if piece.change is Change.SAME or not text:
            said.append(piece.text)
        else:
            before = piece.text[: len(piece.text) - len(piece.text.lstrip())]
            after = piece.text[len(piece.text.rstrip()) :]
            word = "added" if piece.change is Change.ADDED else "gone"
            said.append(f"{before}({word}: {text}){after}")
    # A word that is gone and one in its place touch each other.
    return "".join(said).replace(")(", ") (")


def _text(paragraph: Compared) -> str:
    return "".join(piece.text for piece in paragraph.pieces).strip()
