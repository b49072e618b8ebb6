"""HTML of any make, broken or hostile, as blocks that can be laid out in a terminal.

What is read is what a post says: paragraphs, headings, lists, definitions, quotes, tables, code,
footnotes, pictures by their description. Scripts, styles, forms' controls, tracking pixels and
comments are gone; frames and players become a link. Every text has passed the gate (`clean`) after
its entities were decoded; every address has passed `clean.url`.

Bounded for any input: 4,000,000 characters and 250,000 texts and tags read, 2,000,000 characters
and 50,000 blocks kept, 100 levels, 2,000 links, 2,000 notes, tables of 50 columns and 1,000 rows;
what is cut ends in "…". The time is linear to the input.
"""

import sys
from collections.abc import Sequence

from nordic_tui.text import clean
from nordic_tui.text.blocks import MAX_CHARS, Block, Document, Link, figures_in, plain_of, text_of
from nordic_tui.text.builder import Builder


class Reading:
    """`html` as blocks, read in steps, so that the beginning need not wait for the rest.

    Blocks are complete in their order. An element that only holds others (a div, a table that
    arranges the page) keeps none of them back; a table is complete at its end, and lists and quotes
    are after 200 items at the latest: longer ones are given in parts.
    """

    def __init__(self, html: str, base: str = "") -> None:
        """base: what relative addresses are joined with."""
        self._builder = Builder(html, base)

    def read(self, blocks: int, tokens: int = sys.maxsize) -> None:
        """Go on until at least so many more blocks are complete, or to the end. Never raises.

        tokens: so many texts and tags are read at most, whatever comes of them.
        """
        self._builder.read(self._builder.complete + max(blocks, 1), tokens)

    @property
    def done(self) -> bool:
        return self._builder.done

    def blocks(self, start: int = 0) -> Sequence[Block]:
        """The complete blocks from `start` on."""
        return self._builder.blocks(start)

    def links(self) -> tuple[Link, ...]:
        """The links so far, made anew by each call."""
        return self._builder.links.all()

    @property
    def document(self) -> Document:
        """What has been read so far, made anew by each call."""
        return Document(tuple(self.blocks()), self.links())


def parse(html: str, base: str = "") -> Document:
    """`html` as blocks; relative addresses are joined with `base`. Never raises.

    An address gets one number however often it occurs.
    """
    builder = Builder(html, base)
    builder.read()
    return Document(tuple(builder.blocks()), builder.links.all())


def plain(html: str, max_chars: int | None = None) -> str:
    """The text of `html`: blocks parted by an empty line, items as lines that begin with "• ".

    Pictures are left out unless there is nothing else. At most `max_chars` characters; what was
    cut ends in "…". Never raises.
    """
    limit = MAX_CHARS if max_chars is None else min(max_chars, MAX_CHARS)
    # More is read than asked for: white space and descriptions of pictures may still go.
    builder = Builder(html, "", 4 * limit + 2_000)
    builder.read()
    blocks = tuple(builder.blocks())
    text = plain_of(blocks) or "\n\n".join(
        filter(None, (block.alt or text_of(block.caption) for block in figures_in(blocks)))
    )
    return clean.block(text, limit)
