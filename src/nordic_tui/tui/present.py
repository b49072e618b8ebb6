"""Values -> styled lines. The only place that styles a feed's text, and the second gate.

Whatever a feed said passes `clean` again before it becomes part of a line: nothing that was
stored by another version, or made up from parts, reaches the terminal as anything but text.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nordic_tui.model import LATER, UNTITLED, Order, Place, PlaceKind, Post, PostRow, View
from nordic_tui.service.words import at_home as at_home
from nordic_tui.service.words import count as count
from nordic_tui.service.words import date as date
from nordic_tui.service.words import size as size
from nordic_tui.text import clean
from nordic_tui.text.wrapping import Line, Role, cut, wrap
from nordic_tui.tui.theme import Palette

UNREAD = "●"
CHANGED = "◐"
"""It was read, and its words have become others since."""
STAR = "★"
CHOSEN = "✓"
FOCUS = "▌"
"""At the left edge of the row or text that the keys act on."""
REST = "▎"
"""At the left edge of the row under the cursor of a pane that the keys do not act on."""
MEASURE = 72
"""The width of a line of running text, in cells."""
SEPARATOR = " · "
NAME_CELLS = 8
"""So many cells at least has a name in the sidebar, before the indent gives way."""
MARGIN = 3
"""Cells at the left of a text: it begins where the titles of the list begin."""


def strip(width: int, fill: Style, *parts: tuple[str, Style]) -> Strip:
    """A line of exactly `width` cells: the parts, cut where there is no room, then blanks."""
    segments: list[Segment] = []
    room = width
    for text, style in parts:
        if room <= 0:
            break
        length = len(text) if text.isascii() else cell_len(text)
        if length > room:
            text = cut(text, room)
            length = cell_len(text)
        segments.append(Segment(text, style))
        room -= length
    if room > 0:
        segments.append(Segment(" " * room, fill))
    return Strip(segments, width)


def post_row(
    row: PostRow | None,
    width: int,
    palette: Palette,
    *,
    selected: bool,
    focused: bool,
    chosen: bool = False,
) -> Strip:
    """A row of the list of posts: cursor, unread or changed mark, title, star, date in a column of
    its own.

    chosen: whether it is chosen for the brief.
    """
    on = palette.under(selected=selected)
    ink, mark, muted = (palette.style(role, on) for role in ("ink", "mark", "muted"))
    edge = FOCUS if focused else REST if selected else " "
    if row is None:
        return strip(width, ink, (edge, mark))
    when = ""
    date_width = 11 if width >= 56 else 9 if width >= 34 else 0
    if date_width:
        when = date(row.published, short=date_width == 9).rjust(date_width)
    if row.unread and palette.plain:
        ink = palette.style("ink", on, attribute="bold")
    title = clean.line(row.title) or UNTITLED
    room = width - 3 - (date_width + 3 if date_width else 1)
    if row.starred:
        room -= 1  # a title that is cut off does not touch the star
    length = len(title) if title.isascii() else cell_len(title)
    if length > room:
        title = cut(title, room)
        length = cell_len(title)
    gap = " " * max(room - length, 0)
    if row.starred:
        gap += f" {STAR}" + (" " if date_width else "")
    else:
        gap += "  " if date_width else " "
    sign = UNREAD if row.unread else CHANGED if row.changed else " "
    parts = [
        (f"{edge}{sign}{CHOSEN if chosen else ' '}", mark),
        (title, ink),
        (gap, ink),
        (when, muted),
    ]
    return strip(width, ink, *(part for part in parts if part[0]))


def list_facts(
    view: View, total: int, unread: int, *, exact: bool, waiting: int = 0
) -> tuple[str, str]:
    """What a list's heading says of its posts, and the same in fewer words.

    exact: whether `total` is all; else there are more. waiting: posts that were not searched yet.
    """
    posts = count(total, "post", "posts")
    facts = [posts if exact else f"more than {posts}"]
    short = f"{total:,}"
    if view.title:
        facts.append(f"“{clean.line(view.title)}”")
    elif view.kind is not PlaceKind.UNREAD:
        facts.append(f"{unread:,} unread")
        short = f"{unread:,} of {total:,} unread"
    if view.unread_only:
        facts.append("unread only")
    if view.order is not Order.NEWEST:
        facts.append(f"{view.order.value} first")
    if waiting:
        facts.append(f"{waiting:,} not searched yet")
    return SEPARATOR.join(facts), short


def nothing(view: View) -> str:
    """What an empty list says."""
    if view.search:
        return "No post fits this search."
    if view.title:
        return "No title holds these words."
    if view.unread_only or view.kind is PlaceKind.UNREAD:
        return "Everything here is read."
    if view.kind is PlaceKind.SAVED:
        return "No post belongs here yet."
    return "There are no posts here yet."


def number_columns(places: Iterable[Place]) -> tuple[int, int]:
    """How many cells the numbers of the sidebar take: unread and total.

    Both have room for the greatest total, so that a mark changes no column.
    """
    most = max((place.total for place in places), default=0)
    digits = max(len(_short(most)), 2)
    return digits, digits


def place_row(
    place: Place,
    width: int,
    palette: Palette,
    *,
    columns: tuple[int, int],
    selected: bool,
    focused: bool,
    shows_total: bool = True,
) -> Strip:
    """A row of the sidebar: name, unread and total, each number in a column of its own."""
    on = palette.under(selected=selected)
    ink, mark, muted = (palette.style(role, on) for role in ("ink", "mark", "muted"))
    edge = FOCUS if focused else REST if selected else " "
    if palette.plain and place.unread:
        mark = palette.style("mark", on, attribute="bold")
    has_total = place.counted and place.kind is not PlaceKind.UNREAD
    total = _short(place.total) if has_total else ""
    numbers = [
        (f"{_short(place.unread) if place.unread else '':>{columns[0] + 1}}", mark),
        (f"{total:>{columns[1] + 1}} ", muted),
    ]
    room = width - 2 - sum(len(text) for text, _ in numbers)
    if room < 8 or not shows_total:  # no room for both: the unread one is what one looks for
        room += len(numbers.pop()[0]) - 1
        numbers.append((" ", muted))
    # However deep it is, there is room for a word.
    indent = " " * (1 + min(2 * place.depth, max(room - NAME_CELLS, 0)))
    room -= len(indent) - 1
    name = cut(clean.line(place.name), max(room, 1))
    gap = " " * max(room - cell_len(name), 0)
    quiet = muted if place.kind is PlaceKind.FOLDER else ink
    return strip(width, ink, (edge, mark), (indent + name + gap, quiet), *numbers)


def _short(number: int) -> str:
    """A number in at most five cells: 9999, 12.3k, 123k, 4.5M."""
    if number < 10_000:
        return str(number)
    for divisor, unit in ((1_000, "k"), (1_000_000, "M")):
        if number < divisor * 1_000:
            value = number / divisor
            return f"{value:.1f}{unit}" if value < 100 else f"{value:.0f}{unit}"
    return f"{number // 1_000_000}M"


def written(done: str, path: str, *, staged: bool) -> str:
    """That a file was written, a sentence; done: all of it before the path. staged: in a demo
    none was, and this is where it would be."""
    start = "The demo writes no file; it would be" if staged else done
    return f"{start} {at_home(path)}."


def heading(post: Post) -> str:
    """What a post is called on the screen."""
    title = clean.line(post.entry.title)
    return title or UNTITLED


def category_action(category_id: int) -> str:
    return f"screen.go_category({category_id})"


def post_head(
    post: Post, width: int, palette: Palette, *, focused: bool, known: str
) -> list[Strip]:
    """The head of a post: title, "Posted in …" and the like; a margin at the left.

    known: the source that need not be named, since the title line names it.
    """
    measure = min(width - 2 * MARGIN, MEASURE)
    if measure < 1:
        return []
    page = palette.style()
    edge = (FOCUS if focused else " ") + " " * (MARGIN - 1)
    lines = [
        strip(width, page, (edge, palette.style("mark")), (line, palette.style(attribute="bold")))
        for line in wrap(heading(post), measure)
    ]
    muted = palette.style("muted")
    pieces: list[tuple[str, Style]] = []
    for number, category in enumerate(post.categories):
        pieces.append(("Posted in " if number == 0 else ", ", muted))
        link = Style.from_meta({"@click": category_action(category.id)})
        pieces.append(
            (clean.line(category.name), palette.style("ink", attribute="underline") + link)
        )
    entry = post.entry
    facts = [
        date(entry.published),
        " and ".join(clean.line(name) for name in entry.authors),
        clean.line(post.source_title) if post.source_title != known else "",
    ]
    for fact in facts:
        if fact:
            pieces += [(SEPARATOR, muted)] if pieces else []
            pieces.append((fact, muted))
    kept = [f"{STAR} Starred"] if post.starred else []
    if LATER in post.tags:
        kept.append("To be read later")
    names = [clean.line(tag) for tag in post.tags if tag != LATER]
    if names:
        kept.append(f"Tagged {', '.join(names)}")
    for words in kept:
        pieces += [(SEPARATOR, muted)] if pieces else []
        pieces.append((words, page))
    lines.extend(_flow(pieces, width, measure, palette))
    return lines


def _flow(
    pieces: Iterable[tuple[str, Style]], width: int, measure: int, palette: Palette
) -> list[Strip]:
    """Styled pieces set as one paragraph, broken between words.

    A separator stays with what follows it, and is left out at the beginning of a line.
    """
    rows: list[list[tuple[str, Style]]] = [[]]
    used = 0
    separator: tuple[str, Style] | None = None
    for text, style in pieces:
        if text == SEPARATOR:
            separator = (text, style)
            continue
        for word in text.replace(" ", " \0").split("\0"):
            length = cell_len(word.rstrip()) + (len(SEPARATOR) if separator else 0)
            if used and used + length > measure:
                rows.append([])
                used, separator = 0, None
            if separator is not None:
                rows[-1].append(separator)
                used += len(SEPARATOR)
                separator = None
            word = cut(word, measure)
            rows[-1].append((word, style))
            used += cell_len(word)
    page = palette.style()
    return [strip(width, page, (" " * MARGIN, page), *row) for row in rows if row]


def excerpt(
    post: Post,
    width: int,
    palette: Palette,
    *,
    focused: bool,
    known: str,
    roomy: bool,
    keys: Sequence[tuple[str, str]],
) -> list[Strip]:
    """A post in the excerpt pane: its head, its excerpt, and whether there is more to read.

    roomy: whether there is room for a blank line at the top.
    keys: what can be done with it, as key and words.
    """
    measure = min(width - 2 * MARGIN, MEASURE)
    if measure < 1:
        return []
    page, muted = palette.style(), palette.style("muted")
    margin = (" " * MARGIN, page)
    blank = strip(width, page)
    lines = [blank] if roomy else []
    lines += [*post_head(post, width, palette, focused=focused, known=known), blank]
    entry = post.entry
    text = clean.block(entry.excerpt)
    if text:
        lines += [strip(width, page, margin, (line, page)) for line in wrap(text, measure)]
    else:
        words = "A password protects this post." if entry.protected else "No excerpt."
        lines.append(strip(width, page, margin, (words, muted)))
    if text.endswith("…") and not keys:
        lines += [blank, strip(width, page, margin, ("The source gives no more of it.", muted))]
    if keys:
        parts = [margin]
        for number, (key, words) in enumerate(keys):
            parts.append((("   " if number else "") + key, palette.style("mark")))
            parts.append((f" {words}", muted))
        lines += [blank, strip(width, page, *parts)]
    return lines


class Look(NamedTuple):
    """Names of the palette: see `Palette.style`."""

    colour: str
    attribute: str = ""
    on: str = "page"


_ROLE_STYLES: dict[Role, Look] = {
    Role.TEXT: Look("ink"),
    Role.HEADING: Look("ink", "bold"),
    Role.STRONG: Look("ink", "bold"),
    Role.EMPHASIS: Look("ink", "italic"),
    Role.CODE: Look("caution"),
    Role.KEY: Look("caution", "bold"),
    Role.LINK: Look("ink", "underline"),
    Role.LINK_NUMBER: Look("muted"),
    Role.NOTE_NUMBER: Look("muted"),
    Role.QUOTE: Look("muted"),
    Role.MARKER: Look("muted"),
    Role.MUTED: Look("muted"),
    Role.CAPTION: Look("muted", "italic"),
    Role.STRIKE: Look("ink", "strike"),
    Role.INSERTED: Look("fine", "underline"),
    Role.MARK: Look("ink", on="row"),
    Role.RULE: Look("rule"),
    Role.KEYWORD: Look("caution", "bold"),
    Role.STRING: Look("fine"),
    Role.COMMENT: Look("muted", "italic"),
    Role.NUMBER: Look("ink"),
    Role.ADDED: Look("fine"),
    Role.REMOVED: Look("alarm", "strike"),
}
"""How each role of a laid out text looks. Each differs from the text around it also where there
is no colour, but code in its block, which is indented."""


def text_line(line: Line, width: int, margin: int, palette: Palette) -> Strip:
    """A laid out line of a post's text."""
    page = palette.style()
    parts: list[tuple[str, Style]] = [(" " * margin, page)] if margin else []
    for piece in line:
        look = _ROLE_STYLES[piece.role]
        style = palette.style(look.colour, look.on, attribute=look.attribute)
        parts.append((clean.block(piece.text), style))
    return strip(width, page, *parts)


def endnotes(post: Post, width: int, palette: Palette) -> list[Strip]:
    """What comes after a post's text: its files, and where the page is."""
    page, muted = palette.style(), palette.style("muted")
    measure = max(min(width - 2 * MARGIN, MEASURE), 1)
    notes: list[str] = []
    for enclosure in post.entry.enclosures:
        facts = [clean.line(enclosure.media_type), size(enclosure.size_bytes)]
        about = ", ".join(fact for fact in facts if fact)
        where = clean.shown_address(clean.url(enclosure.url))
        notes.append(f"File: {where}" + (f" ({about})" if about else ""))
    address = clean.url(post.entry.link)
    if address:
        notes.append(f"Page: {clean.shown_address(address)}")
    lines = [line for note in notes for line in wrap(note, measure)]
    return [strip(width, page, (" " * MARGIN, page), (line, muted)) for line in lines]
