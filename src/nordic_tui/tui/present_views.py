"""Saved views and rules -> styled lines, for the screen that is about them."""

from collections.abc import Iterable
from typing import Final, NamedTuple, TypeAlias

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nordic_tui.model import Place, Rule, SavedView, Tried
from nordic_tui.service.rules import asks, does, would
from nordic_tui.text import clean
from nordic_tui.text.wrapping import cut, wrap
from nordic_tui.tui.present import FOCUS, MARGIN, MEASURE, REST, SEPARATOR, count, date, strip
from nordic_tui.tui.theme import Palette

PROBLEM: Final = "!"
"""In front of a search that is not understood: it is told without its colour too."""
_GAP = 2
_NUMBER = 7


class Heading(NamedTuple):
    """Above the rows of a kind."""

    words: str


class SaveRow(NamedTuple):
    """The search that the reader shows now, to be saved."""

    search: str


class ViewRow(NamedTuple):
    view: SavedView
    place: Place | None = None
    """Its row of the sidebar, with its counts; None: it is not counted yet."""

    @property
    def problem(self) -> str:
        return clean.line(self.place.problem) if self.place else ""


class RuleRow(NamedTuple):
    rule: Rule
    tried: Tried | None = None
    """What its search finds now; None: it is not counted yet."""

    @property
    def problem(self) -> str:
        return clean.line(self.tried.problem) if self.tried else ""


Row: TypeAlias = Heading | SaveRow | ViewRow | RuleRow


# ── the list ────────────────────────────────────────────────────────────────────────────────


class _Columns(NamedTuple):
    """The width of each column in cells; 0: it has no room."""

    name: int
    search: int
    does: int
    posts: int


def _columns(width: int) -> _Columns:
    """By the width alone, so that they never shift."""
    room = max(width - MARGIN - 1, 1)
    posts = _NUMBER if room >= 24 else 0
    does_ = 20 if room >= 90 else 12 if room >= 60 else 6 if room >= 32 else 0
    rest = room - sum(cells + _GAP for cells in (posts, does_) if cells)
    search = max(rest * 3 // 5, 12) if room >= 60 else 0
    return _Columns(max(rest - (search + _GAP if search else 0), 1), search, does_, posts)


def row_line(row: Row, width: int, palette: Palette, *, selected: bool, focused: bool) -> Strip:
    on = palette.under(selected=selected)
    edge = FOCUS if focused else REST if selected else " "
    mark, muted = palette.style("mark", on), palette.style("muted", on)
    parts: list[tuple[str, Style]] = [(f"{edge:<{MARGIN}}", mark)]
    if isinstance(row, Heading):
        return strip(width, muted, *parts, (cut(row.words, max(width - MARGIN, 1)), muted))
    ink = palette.style("ink", on)
    if isinstance(row, SaveRow):
        words = f"Save this search: {clean.line(row.search)} …"
        return strip(width, ink, *parts, (cut(words, max(width - MARGIN - 1, 1)), ink))
    name_style = ink
    if isinstance(row, RuleRow):
        name, search, what = row.rule.name, row.rule.search, _brief(row.rule)
        posts = f"{row.tried.found:,}" if row.tried else ""
        name_style = ink if row.rule.on else muted
    else:
        name, search, what = row.view.name, asks(row.view), ""
        posts = f"{row.place.total:,}" if row.place else ""
    columns = _columns(width)
    search_style = muted
    if row.problem:
        # On the row under the cursor no colour of a state can be read in every theme.
        search_style = palette.style("caution", on) if on == "page" else ink
        if columns.search:
            search = f"{PROBLEM} {search}"
        else:
            name, name_style = f"{PROBLEM} {name}", search_style
    cells = (name, search, what, posts)
    styles = (name_style, search_style, muted, muted)
    for number, (text, room, style) in enumerate(zip(cells, columns, styles, strict=True)):
        if not room:
            continue
        if number:
            parts.append((" " * _GAP, muted))
        text = cut(clean.line(text), room)
        gap = " " * (room - cell_len(text))
        parts.append((gap + text if number == 3 else text + gap, style))
    return strip(width, muted, *parts)


def _brief(rule: Rule) -> str:
    """What a rule does, in a word for each thing."""
    if not rule.on:
        return "off"
    words = (("hides", rule.hide), ("stars", rule.star), ("tags", bool(rule.tag)))
    return ", ".join(word for word, is_done in words if is_done)


# ── all about one of them ───────────────────────────────────────────────────────────────────


def details(row: Row, width: int, palette: Palette, *, switch_key: str) -> list[Strip]:
    """What the pane says of the row under the cursor."""
    if isinstance(row, Heading):
        return []
    if isinstance(row, SaveRow):
        return _lines(
            [("Save this search", "ink", "bold"), (clean.line(row.search), "muted", "")],
            width,
            palette,
        )
    said: list[tuple[str, str, str]] = []
    if isinstance(row, ViewRow):
        said.append((clean.line(row.view.name), "ink", "bold"))
        said.append((f"Shows {asks(row.view)}.", "ink", ""))
        if row.place is not None:
            posts = count(row.place.total, "post", "posts")
            said.append((f"{posts}{SEPARATOR}{row.place.unread:,} unread", "muted", ""))
    else:
        rule = row.rule
        said.append((clean.line(rule.name), "ink", "bold"))
        what = does(rule)
        words = f"{what[:1].upper()}{what[1:]} what this search finds: {clean.line(rule.search)}"
        said.append((words, "ink", ""))
        said.append((_state(row, switch_key), "muted", ""))
    if row.problem:
        # In a small window there is room for little more than this.
        said.insert(1, (row.problem, "caution", ""))
    lines = _lines(said, width, palette)
    if isinstance(row, RuleRow) and row.tried is not None and row.tried.newest:
        lines.append(strip(width, palette.style()))
        lines += [_found(found, width, palette) for found in found_lines(row.tried)]
    return lines


def _state(row: RuleRow, switch_key: str) -> str:
    words = "On" if row.rule.on else f"Off: {switch_key} tries it"
    if row.tried is None:
        return words
    words = f"{words}{SEPARATOR}finds {count(row.tried.found, 'post', 'posts')}"
    if row.tried.waiting:
        waiting = count(row.tried.waiting, "post", "posts")
        words += f"{SEPARATOR}{waiting} not searched yet"
    return words


def trial_words(rule: Rule, tried: Tried) -> str:
    """What a rule would do, a sentence or the beginning of a list."""
    words = would(rule, tried)
    if tried.waiting:
        words = f"{words} ({count(tried.waiting, 'post', 'posts')} not searched yet)"
    return words


def found_lines(tried: Tried) -> list[tuple[str, str]]:
    """(date, title) of the newest posts."""
    return [(date(row.published), clean.line(row.title)) for row in tried.newest]


def _found(found: tuple[str, str], width: int, palette: Palette) -> Strip:
    when, title = found
    ink, muted = palette.style(), palette.style("muted")
    room = max(width - MARGIN - 14, 1)
    return strip(width, ink, (" " * MARGIN, ink), (f"{when:>11}  ", muted), (cut(title, room), ink))


def _lines(said: Iterable[tuple[str, str, str]], width: int, palette: Palette) -> list[Strip]:
    """Sentences as (words, role, attribute), each from a new line on."""
    room = max(min(width - MARGIN - 1, MEASURE), 1)
    lines = []
    for words, role, attribute in said:
        style = palette.style(role, attribute=attribute)
        for line in wrap(words, room):
            lines.append(strip(width, style, (" " * MARGIN, style), (line, style)))
    return lines
