"""The XML parser that feedparser is given: expat, with its text in as few pieces as can be.

Python's own driver hands text on line by line; feedparser does a dozen steps for each piece,
a third of its time for a feed with full texts. `xml.sax.make_parser` calls `create_parser` of
the first module in feedparser's list (`PREFERRED_XML_PARSERS`) that has it.

What feedparser would take long for ends here: elements in elements without end, and names and
attributes by the thousand.
"""

from collections.abc import Mapping
from typing import Any
from xml.sax.expatreader import ExpatParser

from nordic_tui.errors import NotAFeed

BUFFER_BYTES = 1 << 20
MAX_DEPTH = 256
"""So many elements may be open: the markup of a post has some dozens."""
MAX_ATTRIBUTES = 256
"""Of one element."""
MAX_NAMESPACES = 256
"""In a document: feedparser looks through all of them for each element."""


class BufferedParser(ExpatParser):
    """Expat that gathers text until the next tag. Raises NotAFeed for what passes a limit."""

    def __init__(self) -> None:
        # A tag is looked through anew for each piece of the document that it goes on in.
        super().__init__(bufsize=BUFFER_BYTES)

    def reset(self) -> None:
        super().reset()
        expat: Any = vars(self)["_parser"]  # the standard library's, which has no other name for it
        expat.buffer_text = True
        expat.buffer_size = BUFFER_BYTES
        self._open_elements = 0
        self._named: set[str] = set()

    def start_element_ns(self, name: str, attrs: Mapping[str, str]) -> None:
        self._open_elements += 1
        if self._open_elements > MAX_DEPTH:
            raise NotAFeed(f"cannot be read as a feed: its elements nest over {MAX_DEPTH} deep")
        if len(attrs) > MAX_ATTRIBUTES:
            raise NotAFeed(
                f"cannot be read as a feed: an element has over {MAX_ATTRIBUTES} attributes"
            )
        super().start_element_ns(name, attrs)

    def end_element_ns(self, name: str) -> None:
        self._open_elements -= 1
        super().end_element_ns(name)

    def start_namespace_decl(self, prefix: str | None, uri: str) -> None:
        self._named.add(f"{prefix} {uri}")
        if len(self._named) > MAX_NAMESPACES:
            raise NotAFeed(f"cannot be read as a feed: it names over {MAX_NAMESPACES} namespaces")
        super().start_namespace_decl(prefix, uri)


def create_parser() -> BufferedParser:
    """What `xml.sax.make_parser` asks a driver for."""
    return BufferedParser()
