"""OPML 1.0 and 2.0 (http://opml.org/spec2.opml): the list of sources that most readers write.

An outline with `xmlUrl` is a source, every other one a folder; `type` tells nothing more. Names of
elements and attributes count in any case, since programs write them in several.
"""

import re
from contextlib import suppress
from urllib.parse import unquote
from xml.parsers import expat

from nordic_tui.decode.collecting import (
    MAX_DEPTH,
    MAX_FOLDER_CHARS,
    MAX_SOURCES,
    Collector,
    folder_name,
    label,
    name_of,
    tags,
    web_address,
)
from nordic_tui.decode.prolog import charset, refuse_declarations, wide_charset
from nordic_tui.errors import NotAFeed
from nordic_tui.model import Imported, Manner, Source
from nordic_tui.text import markup

NAMESPACE = "urn:nordic-tui:opml"
"""Of the attributes that only this program writes: OPML 2.0 lets a namespace add some."""

_SEARCHED_CHARS = 65_536
_BLANK = "\ufeff \t\r\n"
_DECLARED = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,100}(<\?xml[^>]{0,100}?\sencoding\s{0,9}=\s{0,9}[\"']"
    rb"([A-Za-z][\w.:-]{0,40})[\"'])"
)
_MEANT = {"ascii": "cp1252", "iso8859-1": "cp1252"}
"""What browsers read in place of what is declared (WHATWG Encoding, section 4.2): programs that
write Windows-1252 mostly call it so."""
_MIN_MINUTES, _MAX_MINUTES = 10, 10_080
_ARCHIVE_LIMITS = range(1, 1_000_000 + 1)
_SIZES = range(1_000_000, 500_000_000 + 1)


_READ_ON = "What comes after it was read as far as it makes sense."
_OUTLINE = re.compile(r"<!--|<(/?)outline(?=[\s/>])", re.IGNORECASE)
"""What is looked for where the XML is damaged."""


class _Enough(Exception):
    """More outlines than are read."""


def is_opml(body: bytes) -> bool:
    """Whether this was meant as OPML, damaged or not."""
    start = body[: 4 * _SEARCHED_CHARS].decode(_charset(body), errors="replace")
    start = start[:_SEARCHED_CHARS].lstrip(_BLANK)
    return start.startswith("<") and re.search(r"<opml[\s>/]", start, re.IGNORECASE) is not None


def decode_opml(body: bytes) -> Imported:
    """The sources with their folders and tags.

    What cannot be read is left out and a problem says where. Behind the first damage to the XML
    outlines are taken as they come, as a browser would. At most 20,000 outlines. Raises NotAFeed
    for what is not OPML, and for a document type with declarations of its own, whose entities
    could grow without end.
    """
    collector = Collector()
    text = collector.text(body, _charset(body))
    # Expat takes what has a NUL for UTF-16, whatever it is told.
    document = text.lstrip(_BLANK).replace("\0", "\ufffd")
    parser = expat.ParserCreate("utf-8")
    reader = _Reader(collector, parser, text.count("\n", 0, len(text) - len(document)))
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    body = document.encode(errors="replace")
    refuse_declarations(body)
    try:
        try:
            parser.Parse(body, True)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            line = error.lineno + reader.lines_before
            if not reader.is_opml:
                raise NotAFeed(f"is not OPML: its XML is damaged at line {line}") from error
            if not reader.is_over:
                taken = reader.read_on(body, parser.ErrorByteIndex)
                collector.problem(
                    f"Line {line}, column {error.offset + 1}: the file is damaged here ({what}). "
                    + (_READ_ON if taken else "Nothing could be read after it.")
                )
    except _Enough:
        collector.problem(f"Line {reader.line}: only the first {MAX_SOURCES:,} outlines are read.")
    return collector.imported()


def _charset(body: bytes) -> str:
    wide = wide_charset(body)
    if wide:
        return wide
    found = _DECLARED.match(body)
    name = charset(found[2]) if found else ""
    if found and name:
        with suppress(UnicodeError):
            # One that reads the declaration itself as something else cannot be meant.
            if found[1].decode(name) == found[1].decode("ascii"):
                return _MEANT.get(name, name)
    return "utf-8"


class _Reader:
    """Takes expat's events."""

    def __init__(
        self, collector: Collector, parser: expat.XMLParserType, lines_before: int
    ) -> None:
        self.is_opml = False
        self.is_over = False
        """Whether the document's end was there."""
        self.lines_before = lines_before
        self._collector = collector
        self._parser = parser
        self._prefix = ""
        self._folders: list[tuple[str, ...]] = [()]
        """For each open outline the folder that what is inside of it belongs to."""
        self._count = 0
        self._is_too_deep = False
        self._commented = 0
        """How many open outlines are commented out: one that is, and all inside of it."""
        self._line_read_on: int | None = None
        """Behind the damage: the line."""

    @property
    def line(self) -> int:
        if self._line_read_on is not None:
            return self._line_read_on + self.lines_before
        return self._parser.CurrentLineNumber + self.lines_before

    def read_on(self, body: bytes, at: int) -> int:
        """Take the outlines from the tag on that holds the byte `at`; gives how many."""
        before = self._count
        start = max(body.rfind(b"<", 0, at + 1), 0)
        if b">" in body[start:at]:  # that tag was read
            start = at
        line = body.count(b"\n", 0, start) + 1
        text = body[start:].decode(errors="replace")
        position = 0
        while found := _OUTLINE.search(text, position):
            line += text.count("\n", position, found.start())
            self._line_read_on = line
            is_comment = found[0] == "<!--"
            end = text.find("-->", found.end()) if is_comment else markup.tag_end(text, found.end())
            if end < 0:
                break  # the file breaks off in it
            if found[1]:
                self.end("outline")
            elif not is_comment:
                inside = text[found.end() : end]
                self.start("outline", markup.attributes(inside))
                if inside.endswith("/"):
                    self.end("outline")
            line += text.count("\n", found.start(), end)
            position = end
        return self._count - before

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.lower()
        if not self.is_opml:
            if name != "opml":
                raise NotAFeed("is not OPML")
            self.is_opml = True
            for key, value in attributes.items():
                if value == NAMESPACE:
                    self._prefix = key.removeprefix("xmlns:").lower() + ":"
        elif name == "outline":
            self._count += 1
            if self._count > MAX_SOURCES:
                raise _Enough
            self._open({key.lower(): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        if name.lower() == "opml":
            self.is_over = True
        elif name.lower() == "outline" and len(self._folders) > 1:
            self._folders.pop()
            self._commented = max(self._commented - 1, 0)

    def _open(self, attributes: dict[str, str]) -> None:
        folder = self._folders[-1]
        # OPML 2.0: what is below an outline that is commented out is commented out as well.
        if self._commented or attributes.get("iscomment", "").lower() == "true":
            self._commented += 1
            self._folders.append(folder)
            return
        name = attributes.get("text", "") or attributes.get("title", "")
        if "xmlurl" in attributes:
            self._add(attributes, name, folder)
        elif attributes.keys() & {"url", "htmlurl"} or attributes.get("type", "") == "rss":
            self._leave_out(name, "names no feed (xmlUrl)")
        else:
            folder = self._inside(folder, folder_name(name))
        self._folders.append(folder)

    def _inside(self, folder: tuple[str, ...], name: str) -> tuple[str, ...]:
        if not name:
            return folder
        if len(folder) < MAX_DEPTH and sum(map(len, folder)) + len(name) <= MAX_FOLDER_CHARS:
            return (*folder, name)
        if not self._is_too_deep:
            self._is_too_deep = True
            self._collector.problem(
                f"Line {self.line}: folders nest more than {MAX_DEPTH} deep, or their names are "
                f"longer than {MAX_FOLDER_CHARS} letters together; what is in those further down "
                "is put into the last one."
            )
        return folder

    def _add(self, attributes: dict[str, str], name: str, folder: tuple[str, ...]) -> None:
        address = web_address(attributes["xmlurl"])
        if not address:
            self._leave_out(name, "has no web address (http or https)")
            return
        archive, limit = _archive(self._own(attributes, "archive"))
        own_limit = _number(self._own(attributes, "archiveLimit"))
        own_tags = self._own(attributes, "tags")
        is_unnamed = self._own(attributes, "named") == "false"
        size = _number(self._own(attributes, "maxBytes"))
        self._collector.add(
            Source(
                address,
                name="" if is_unnamed else name_of(name, address),
                interval_s=_interval_s(self._own(attributes, "refreshMinutes")),
                folder="/".join(folder),
                tags=_listed(own_tags) if own_tags else _tags(attributes.get("category", "")),
                paused=self._own(attributes, "paused") == "true",
                hidden=self._own(attributes, "hidden") == "true",
                archive=archive,
                archive_limit=own_limit if own_limit in _ARCHIVE_LIMITS else limit,
                left_out=_listed(self._own(attributes, "leaveOut")),
                manner=Manner(max_bytes=size if size in _SIZES else None),
            )
        )

    def _own(self, attributes: dict[str, str], name: str) -> str:
        return attributes.get(self._prefix + name.lower(), "") if self._prefix else ""

    def _leave_out(self, name: str, why: str) -> None:
        name = label(name)
        called = f"“{name}”" if name else "an outline without a name"
        self._collector.problem(f"Line {self.line}: {called} {why}; it was left out.")


def _tags(category: str) -> tuple[str, ...]:
    """Of categories parted by commas, each with or without a slash before it."""
    return tags([each.strip().lstrip("/") for each in category[:20_000].split(",")])


def _listed(texts: str) -> tuple[str, ...]:
    """Of texts parted by commas, percent-encoded so that one may hold a comma."""
    return tags([unquote(each) for each in texts[:20_000].split(",")])


def _interval_s(minutes: str) -> float | None:
    number = float(minutes) if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", minutes) else 0.0
    return number * 60.0 if _MIN_MINUTES <= number <= _MAX_MINUTES else None


def _archive(value: str) -> tuple[bool, int | None]:
    """Whether the archive is kept ("all", or a number of posts), and how many posts at most."""
    limit = _number(value)
    if limit in _ARCHIVE_LIMITS:
        return True, limit
    return value == "all", None


def _number(text: str) -> int:
    """0 if it is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0
