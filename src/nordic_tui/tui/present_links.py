"""The links and files of a post -> rows and details, as `present` does it for posts."""

from itertools import groupby
from typing import NamedTuple

from rich.style import Style
from textual.strip import Strip

from nordic_tui.model import Picture, Post
from nordic_tui.text import clean, html
from nordic_tui.text.blocks import figures_in, text_of
from nordic_tui.text.links import host_as_read, host_before_at, leads_elsewhere
from nordic_tui.text.wrapping import cell_width, cut, wrap
from nordic_tui.tui import present
from nordic_tui.tui.theme import Palette

PAGE = "The post's own page"
_HOST_SHARE = 2
"""A host has half of the row at most."""


class LinkRow(NamedTuple):
    """A link, file or page that can be opened."""

    number: int
    """As it stands in the text; files come after the links, the post's own page is 0."""
    title: str
    address: str
    media_type: str = ""
    size_bytes: int | None = None
    is_file: bool = False

    @property
    def elsewhere(self) -> str:
        """The host that its text names, or its address begins with, where it leads to another;
        else ""."""
        return leads_elsewhere(self.title, self.address) or host_before_at(self.address)


def links_of(post: Post) -> list[LinkRow]:
    """What can be opened of a post: its page, the links of its text in their order, its files.

    Only http, https and mailto.
    """
    entry = post.entry
    page = clean.url(entry.link)
    rows = [LinkRow(0, PAGE, page)] if page else []
    document = html.parse(post.full_text or entry.content, entry.link)
    rows += [
        LinkRow(number, clean.line(link.text), clean.url(link.url))
        for number, link in enumerate(document.links, 1)
    ]
    number = len(document.links)
    for file in entry.enclosures:
        address = clean.url(file.url)
        if address:
            number += 1
            kind = clean.line(file.media_type, 100)
            title = clean.shown_address(address.partition("?")[0].rstrip("/").rpartition("/")[2])
            rows.append(LinkRow(number, title, address, kind, file.size_bytes, is_file=True))
    return [row for row in rows if row.address]


def pictures_of(post: Post) -> tuple[Picture, ...]:
    """The pictures of its text, then those among its files; each address once, by http or https."""
    entry = post.entry
    document = html.parse(post.full_text or entry.content, entry.link)
    shown = [
        Picture(clean.url(figure.src), clean.line(figure.alt or text_of(figure.caption)))
        for figure in figures_in(document.blocks)
    ]
    shown += [
        Picture(clean.url(file.url))
        for file in entry.enclosures
        if file.media_type.startswith("image/")
    ]
    found: dict[str, Picture] = {}
    for picture in shown:
        if picture.address.startswith(("http://", "https://")):
            found.setdefault(picture.address, picture)
    return tuple(found.values())


def link_row(
    row: LinkRow, digits: int, width: int, palette: Palette, *, selected: bool, focused: bool
) -> Strip:
    """A row of the list: cursor, number, title, and the host in a column of its own.

    digits: how many cells the numbers take.
    """
    on = "row" if selected else "page"
    ink, mark, muted = (palette.style(role, on) for role in ("ink", "mark", "muted"))
    edge = present.FOCUS if focused else present.REST if selected else " "
    number = f"{edge} {row.number:>{digits}}  "
    room = width - len(number) - 1
    about = row.media_type if row.is_file else clean.host(row.address)
    if row.is_file and present.size(row.size_bytes):
        about = ", ".join(filter(None, (about, present.size(row.size_bytes))))
    if row.elsewhere:
        about = f"! {about}"
    about = cut(about, max(room // _HOST_SHARE, 0))
    title = cut(row.title or clean.shown_address(row.address), max(room - cell_width(about) - 2, 1))
    gap = " " * max(room - cell_width(title) - cell_width(about), 0)
    role = ink if row.elsewhere else muted
    return present.strip(width, ink, (number, mark), (title + gap, ink), (about, role))


def link_details(row: LinkRow, program: str, width: int, palette: Palette) -> list[Strip]:
    """All about a link: its title and address in full, the host in letters where it is written
    otherwise, and a word of warning where its text names another host.

    program: the command that opens it, if it is a file and one is known.
    """
    measure = max(min(width - 2 * present.MARGIN, present.MEASURE), 1)
    page, muted = palette.style(), palette.style("muted")
    parts: list[tuple[str, Style]] = [
        (row.title or "Link without words", palette.style(attribute="bold")),
        (clean.line(row.address, clean.MAX_URL_CHARS), page),
    ]
    host, read = clean.host(row.address), host_as_read(row.address)
    if row.elsewhere:
        named = "address begins with" if host_before_at(row.address) else "text names"
        words = f"The {named} {row.elsewhere}, but the link leads to {host}."
        parts.insert(1, (words, palette.style("caution")))
    parts.append((f"Host: {host}" + (f", which reads “{read}”" if read else ""), muted))
    if row.is_file:
        facts = [row.media_type or "unknown type", present.size(row.size_bytes) or "unknown size"]
        parts.append((f"File: {', '.join(facts)}", muted))
        opens = f"Enter opens it with: {clean.line(program)}" if program else "Enter opens it"
        parts.append((opens, muted))
    return [
        present.strip(width, page, (" " * present.MARGIN, page), (line, style))
        for text, style in parts
        for line in wrap(text, measure)
    ]


def qr_line(line: str, width: int, *, inverted: bool, palette: Palette) -> Strip:
    """A line of a QR code, in the middle of the width.

    Where there are colours it is black on white, whatever the theme: that is what cameras expect.
    inverted: dark and light change places.
    """
    if inverted:
        line = line.translate(_INVERTED)
    left = max((width - len(line)) // 2, 0)
    page = palette.style()
    if palette.plain:
        return present.strip(width, page, (" " * left, page), (line, Style()))
    parts = [
        # White on white: where lines stand apart, no dark ones run through what is light.
        ("".join(signs), _WHITE if light else _WHITE_ON_BLACK)
        for light, signs in groupby(line, "█".__eq__)
    ]
    return present.strip(width, page, (" " * left, page), *parts)


_WHITE = Style(color="#ffffff", bgcolor="#ffffff")
_WHITE_ON_BLACK = Style(color="#ffffff", bgcolor="#000000")
_INVERTED = str.maketrans("█▀▄ ", " ▄▀█")
