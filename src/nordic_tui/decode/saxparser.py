"""The XML parser that feedparser is given: expat, with its text in as few pieces as can be.

Python's own driver hands text on line by line; feedparser does a dozen steps for each piece,
a third of its time for a feed with full texts. `xml.sax.make_parser` calls `create_parser` of
the first module in feedparser's list (`PREFERRED_XML_PARSERS`) that has it.
"""

from typing import Any
from xml.sax.expatreader import ExpatParser

BUFFER_BYTES = 1 << 20


class BufferedParser(ExpatParser):
    """Expat that gathers text until the next tag."""

    def reset(self) -> None:
        super().reset()
        expat: Any = vars(self)["_parser"]  # the standard library's, which has no other name for it
        expat.buffer_text = True
        expat.buffer_size = BUFFER_BYTES


def create_parser() -> BufferedParser:
    """What `xml.sax.make_parser` asks a driver for."""
    return BufferedParser()
