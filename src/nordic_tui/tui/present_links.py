"""The links and files of a post -> rows and details, as `present` does it for posts."""

from itertools import groupby

from rich.style import Style
from textual.strip import Strip

from nordic_tui.text import clean
from nordic_tui.text.links import host_as_read, host_before_at
from nordic_tui.text.post_links import LinkRow
from nordic_tui.text.wrapping import cell_width, cut, wrap
from nordic_tui.tui import present
from nordic_tui.tui.theme import Palette

_HOST_SHARE = 2
"""A host has half of the row at most."""


def link_row(
    row: LinkRow, digits: int, width: int, palette: Palette, *, selected: bool, focused: bool
) -> Strip:
    """A row of the list: cursor, number, title, and the host in a column of its own.

    digits: how many cells the numbers take.
    """
    on = palette.under(selected=selected)
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
