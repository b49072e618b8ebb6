"""Sources -> styled lines: what `present` does, for the screens that are about sources."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, NamedTuple

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nordic_tui.model import Source
from nordic_tui.service.discover import Discovery, Found
from nordic_tui.service.health import health
from nordic_tui.text import clean
from nordic_tui.text.wrapping import cut, wrap
from nordic_tui.tui.outline import FolderRow, SourceRow
from nordic_tui.tui.present import FOCUS, MARGIN, MEASURE, REST, count, date, strip
from nordic_tui.tui.theme import Palette

DONE, TO_DO = "━", "─"
"""The two parts of a bar."""
BAR_CELLS = 40
_POSTS, _TIME, _GAP = 6, 15, 2


class Progress(NamedTuple):
    """How far an archive has come."""

    fetched: int
    total: int | None
    running: bool = False
    complete: bool = False
    error: str = ""

    @property
    def brief(self) -> str:
        """ "1,200 of 5,000" """
        return self.words if self.total is None else f"{self.fetched:,} of {self.total:,}"

    @property
    def words(self) -> str:
        """ "1,200 of 5,000 posts" """
        if self.total is None or self.complete:
            return count(self.fetched, "post", "posts")
        return f"{self.fetched:,} of {count(self.total, 'post', 'posts')}"


# ── the table ───────────────────────────────────────────────────────────────────────────────


class _Columns(NamedTuple):
    """The width of each column in cells; 0: it has no room."""

    name: int
    brief: int
    posts: int
    asked: int
    next: int


def _columns(width: int) -> _Columns:
    """The columns of the table, by its width alone: they never shift."""
    room = width - MARGIN - 1
    posts = _POSTS if room >= 44 else 0
    asked = _TIME if room >= 66 else 0
    next_ = _TIME if room >= 88 else 0
    taken = sum(cells + _GAP for cells in (posts, asked, next_) if cells)
    brief = min(max((room - taken - _GAP) // 2, 12), 44) if room >= 24 else 0
    return _Columns(room - taken - (brief + _GAP if brief else 0), brief, posts, asked, next_)


def table_head(width: int, palette: Palette) -> Strip:
    """What the columns hold."""
    return _table_row("", ["Source", "State", "Posts", "Asked", "Next"], width, palette)


def source_row(
    row: SourceRow,
    progress: Progress | None,
    now: datetime,
    width: int,
    palette: Palette,
    *,
    selected: bool,
    focused: bool,
) -> Strip:
    """A row of the table: name, state in words, posts, when it was asked and is asked next.

    progress: of its archive, if one is being fetched.
    """
    its = health(row.state, now)
    brief = its.brief
    if progress is not None and progress.running:
        brief = f"archive: {progress.brief}"
    on = palette.under(selected=selected)
    edge = FOCUS if focused else REST if selected else " "
    cells = [_indented(row.title, row.depth), brief, f"{row.state.posts:,}", its.asked, its.next]
    trouble = bool(row.state.error or row.state.stopped) and not row.state.paused
    return _table_row(edge, cells, width, palette, on=on, trouble=trouble, ink="ink")


def _indented(name: str, depth: int) -> str:
    return "  " * min(depth, 6) + clean.line(name)


def _table_row(
    edge: str,
    cells: list[str],
    width: int,
    palette: Palette,
    *,
    on: str = "page",
    trouble: bool = False,
    ink: str = "muted",
) -> Strip:
    columns = _columns(width)
    muted = palette.style("muted", on)
    # On the row under the cursor no colour of a state can be read in every theme.
    alarm = palette.style("alarm", on) if trouble and on == "page" else None
    name_style = palette.style(ink, on)
    brief_style = alarm or (palette.style("ink", on) if trouble else muted)
    parts: list[tuple[str, Style]] = [(f"{edge or ' ':<{MARGIN}}", palette.style("mark", on))]
    styles = (name_style, brief_style, muted, muted, muted)
    for number, (text, cells_wide, style) in enumerate(zip(cells, columns, styles, strict=True)):
        if cells_wide <= 0:
            continue
        if number:
            parts.append((" " * _GAP, muted))
        text = cut(text, cells_wide)
        gap = " " * (cells_wide - cell_len(text))
        parts.append((gap + text if number == 2 else text + gap, style))
    return strip(width, muted, *parts)


def folder_row(
    row: FolderRow, width: int, palette: Palette, *, selected: bool, focused: bool
) -> Strip:
    """The heading of a folder."""
    on = palette.under(selected=selected)
    edge = FOCUS if focused else REST if selected else " "
    muted = palette.style("muted", on)
    name = _indented(row.name, row.depth)
    return strip(width, muted, (f"{edge:<{MARGIN}}", palette.style("mark", on)), (name, muted))


# ── one source ──────────────────────────────────────────────────────────────────────────────


class _Page:
    """Lines of a text with a margin, one under the other."""

    def __init__(self, width: int, palette: Palette, *, margin: int, on: str = "page") -> None:
        self.lines: list[Strip] = []
        self.width = width
        self.on = on
        self.palette = palette
        self.measure = max(min(width - margin - 1, MEASURE), 1)
        self._margin = " " * margin
        self._page = palette.style(on=on)

    def line(self, *parts: tuple[str, Style]) -> None:
        self.lines.append(strip(self.width, self._page, (self._margin, self._page), *parts))

    def blank(self) -> None:
        self.lines.append(strip(self.width, self._page))

    def text(self, text: str, role: str = "ink", attribute: str = "", indent: str = "") -> None:
        style = self.palette.style(role, self.on, attribute=attribute)
        for line in wrap(text, max(self.measure - len(indent), 1)):
            self.line((indent, self._page), (line, style))


def source_details(
    row: SourceRow,
    progress: Progress | None,
    now: datetime,
    width: int,
    palette: Palette,
    *,
    focused: bool,
    roomy: bool,
) -> list[Strip]:
    """All about a source: how it is doing, how far its archive is, how it is asked."""
    page = _Page(width, palette, margin=MARGIN)
    if roomy:
        page.blank()
    page.text(row.title, attribute="bold")
    page.text(clean.shown_address(row.source.address), "muted")
    page.blank()
    its = health(row.state, now)
    wrong = bool(row.state.error or row.state.stopped)
    for number, sentence in enumerate(its.sentences):
        page.text(sentence, "alarm" if wrong and number == 0 else "ink")
    if progress is not None:
        page.blank()
        _archive(page, progress)
    facts = list(_facts(row))
    if facts:
        page.blank()
    for fact in facts:
        page.text(fact, "muted")
    return _marked(page.lines, palette) if focused else page.lines


def _marked(lines: list[Strip], palette: Palette) -> list[Strip]:
    """The lines with the mark of the focus at the first that is not empty."""
    first = next(number for number, line in enumerate(lines) if line.text.strip())
    edge = strip(MARGIN, palette.style(), (FOCUS, palette.style("mark")))
    return [*lines[:first], Strip.join([edge, lines[first].crop(MARGIN)]), *lines[first + 1 :]]


def _archive(page: _Page, progress: Progress) -> None:
    if progress.complete and not progress.running:
        page.text(f"Archive: whole, {progress.words}.")
        return
    page.text(f"Archive: {progress.words}{'' if progress.running else ', stopped'}")
    if progress.total:
        cells = min(BAR_CELLS, page.measure)
        done = min(progress.fetched * cells // progress.total, cells)
        page.line(
            (DONE * done, page.palette.style("mark")),
            (TO_DO * (cells - done), page.palette.style("rule")),
        )
    if progress.error and not progress.running:
        page.text(f"It stopped: the source {clean.line(progress.error)}.", "alarm")


def _facts(row: SourceRow) -> Iterable[str]:
    """What a person set about a source, each a line; of a secret only where it comes from."""
    yield f"Posts kept: {row.state.posts:,}"
    for setting in SETTINGS:
        words = "" if setting.key in ("name", "paused") else setting.words(row.source)
        if words:
            yield words if setting.is_switch else f"{setting.label}: {words}"


# ── its settings ────────────────────────────────────────────────────────────────────────────


class Setting(NamedTuple):
    """A setting of a source, as the screen names it.

    key: its name in the settings file.
    usual: what stands in its place while it is not set.
    hint: what it means, and how it is typed.
    value: of a source. words: the same in words, "" while it is not set; of what may be a secret
        only where it comes from.
    """

    key: str
    label: str
    usual: str
    hint: str
    value: Callable[[Source], object]
    words: Callable[[Source], str]
    is_switch: bool = False
    """Whether it is only yes or no; its words are a sentence then."""


def _number(value: float) -> str:
    """ "60.5", "10,080": as it was set, not rounded."""
    return f"{value:,.10g}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(clean.line(name) for name in names)


def _minutes(source: Source) -> str:
    return f"{_number(source.interval_s / 60)} minutes" if source.interval_s is not None else ""


def _login(source: Source) -> str:
    login = source.manner.login
    if login is None:
        return ""
    kind = "a command" if login.command else "a file" if login.file else "the environment"
    return f"{'a password' if login.user else 'a token'} from {kind}"


def _megabytes(source: Source) -> str:
    size = source.manner.max_bytes
    return f"{_number(size / 1_000_000)} MB" if size is not None else ""


SETTINGS: Final = (
    Setting(
        "name",
        "Name",
        "its own title",
        "What it is called here.",
        lambda source: source.name,
        lambda source: clean.line(source.name),
    ),
    Setting(
        "folder",
        "Folder",
        "none",
        "Where it stands in the sidebar: “News”, or “News/Nordic” for one in another.",
        lambda source: source.folder,
        lambda source: clean.line(source.folder),
    ),
    Setting(
        "tags",
        "Tags",
        "none",
        "Words by which saved views choose: “nordic; cities”.",
        lambda source: source.tags,
        lambda source: _listed(source.tags),
    ),
    Setting(
        "hidden",
        "Hidden",
        "no",
        "Without a row in the sidebar; its posts stay in All posts and in saved views.",
        lambda source: source.hidden,
        lambda source: "Hidden: without a row among the categories" if source.hidden else "",
        is_switch=True,
    ),
    Setting(
        "paused",
        "Paused",
        "no",
        "Not asked until it goes on; its posts stay.",
        lambda source: source.paused,
        lambda source: "Paused" if source.paused else "",
        is_switch=True,
    ),
    Setting(
        "refresh_minutes",
        "Interval",
        "as usual",
        "Minutes between two requests, from 10 to 10,080; empty: as usual.",
        lambda source: source.interval_s,
        _minutes,
    ),
    Setting(
        "user_agent",
        "User agent",
        "this program",
        "What it is told that asks: “my-reader/1.0”.",
        lambda source: source.manner.user_agent,
        lambda source: clean.line(source.manner.user_agent),
    ),
    Setting(
        "headers",
        "Headers",
        "none of its own",
        "Said with each request: “Accept-Language: nb”, several parted by “; ”. "
        "A secret belongs under Login.",
        lambda source: source.manner.headers,
        lambda source: _listed(name for name, _ in source.manner.headers),
    ),
    Setting(
        "login",
        "Login",
        "none",
        "Its password comes from “command pass show news”, “file ~/.pw” or “variable NEWS_TOKEN”; "
        "for a name, “user kari” before it.",
        lambda source: source.manner.login,
        _login,
    ),
    Setting(
        "max_megabytes",
        "Size limit",
        "as usual",
        "How large it may be, in megabytes from 1 to 500; empty: as usual.",
        lambda source: source.manner.max_bytes,
        _megabytes,
    ),
    Setting(
        "ca_file",
        "Certificates",
        "the usual ones",
        "A file (PEM) of authorities that count for its own host besides the usual ones: "
        "“~/office.pem”.",
        lambda source: source.manner.ca_file,
        lambda source: clean.line(source.manner.ca_file),
    ),
    Setting(
        "leave_out",
        "Left out",
        "nothing",
        "Categories whose new posts are not kept.",
        lambda source: source.left_out,
        lambda source: _listed(source.left_out),
    ),
    Setting(
        "archive",
        "Archive",
        "no",
        "Whether its whole archive is kept, from now on.",
        lambda source: source.archive,
        lambda source: "The whole archive is kept" if source.archive else "",
        is_switch=True,
    ),
    Setting(
        "archive_limit",
        "Archive limit",
        "all posts",
        "So many posts at most come from the archive; empty: all.",
        lambda source: source.archive_limit,
        lambda source: (
            "" if source.archive_limit is None else count(source.archive_limit, "post", "posts")
        ),
    ),
    Setting(
        "full_text",
        "Full text",
        "no",
        "Whether the page of each new post is fetched for its full text, after a refresh.",
        lambda source: source.full_text,
        lambda source: "The full text of each post is fetched" if source.full_text else "",
        is_switch=True,
    ),
)
"""Every setting of a source but its address."""

VALUE_AT: Final = MARGIN + max(len(setting.label) for setting in SETTINGS) + 3
"""The column at which the values stand."""


def setting_row(
    setting: Setting,
    row: SourceRow,
    width: int,
    palette: Palette,
    *,
    selected: bool,
    focused: bool,
) -> Strip:
    """A setting with its value; muted: what is usual, where it is not set."""
    on = palette.under(selected=selected)
    ink, muted = palette.style("ink", on), palette.style("muted", on)
    edge = FOCUS if focused else REST if selected else " "
    words = setting.words(row.source)
    if setting.is_switch and words:
        words = "yes"
    usual = f"{row.title} (its own title)" if setting.key == "name" else setting.usual
    value = (words, ink) if words else (usual, muted)
    label = f"{setting.label:<{VALUE_AT - MARGIN}}"
    left = (f"{edge:<{MARGIN}}", palette.style("mark", on))
    room = max(width - VALUE_AT - 1, 1)
    return strip(width, muted, left, (label, ink), (cut(value[0], room), value[1]))


def folder_details(
    row: FolderRow, width: int, palette: Palette, *, focused: bool, roomy: bool, rename_key: str
) -> list[Strip]:
    """What can be said of a folder."""
    page = _Page(width, palette, margin=MARGIN)
    if roomy:
        page.blank()
    page.text(clean.line(row.path), attribute="bold")
    sources = count(row.sources, "source", "sources")
    page.text(f"A folder with {sources}. {rename_key} renames it.", "muted")
    return _marked(page.lines, palette) if focused else page.lines


# ── what was found at an address ────────────────────────────────────────────────────────────

PANEL = "panel-page"


def found_row(
    found: Found, known: bool, width: int, palette: Palette, *, selected: bool, focused: bool
) -> Strip:
    """A feed that was found: its title and how many posts it has. known: it is followed."""
    on = "row" if selected else PANEL
    ink, mark, muted = (palette.style(role, on) for role in ("ink", "mark", "muted"))
    edge = FOCUS if focused else REST if selected else " "
    fact = count(found.posts, "post", "posts") if not found.is_locked else "wants a login"
    if known:
        fact = "followed already"
    room = max(width - 3 - cell_len(fact), 1)
    title = cut(clean.line(found.title), max(room - 2, 1))
    gap = " " * (room - cell_len(title))
    return strip(width, ink, (f"{edge} ", mark), (title + gap, ink), (fact, muted))


def found_details(found: Found, width: int, palette: Palette) -> list[Strip]:
    """A feed that was found: its address, and the newest of its posts."""
    page = _Page(width, palette, margin=2, on=PANEL)
    page.text(clean.shown_address(found.address), "muted")
    if found.is_category:
        page.text("The feed of just this page's category.", "muted")
    if found.is_locked:
        page.text("It refuses to answer. If it wants a login, follow it all the same: its", "muted")
        page.text("settings on the screen “Sources” say where the password comes from.", "muted")
        return page.lines
    if not found.posts:
        page.text("It is empty now.", "muted")
        return page.lines
    newest = date(found.newest_at)
    page.text(
        f"{count(found.posts, 'post', 'posts')}"
        + (f", the newest of {newest}:" if newest else ":"),
        "muted",
    )
    for title in found.newest:
        page.line(
            (f"· {cut(clean.line(title), max(page.measure - 2, 1))}", palette.style(on=PANEL))
        )
    return page.lines


def tried_lines(discovery: Discovery, width: int, palette: Palette) -> list[Strip]:
    """What was asked for in vain, and what each answered."""
    page = _Page(width, palette, margin=2, on=PANEL)
    for address, phrase in discovery.tried:
        page.text(clean.shown_address(address))
        page.text(clean.line(phrase), "muted", indent="  ")
    return page.lines
