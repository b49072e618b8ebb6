"""`nordic-tui list`: posts as text, from what is kept; it never asks a source."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, NoReturn

from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, UsageError, is_screen, say, write

if TYPE_CHECKING:
    from nordic_tui.model import Place, Post, PostRow, View
    from nordic_tui.service.finding import FoundListing
    from nordic_tui.service.library import Library, Listing

BATCH = 200
"""So many rows are laid out at once: the first stand there before the last are read."""
_NAMES_SHOWN = 30
_SOURCE_WIDTH = 24


@dataclass(frozen=True, slots=True)
class Selection:
    """Which posts; empty and None leave nothing out."""

    category: str = ""
    source: str = ""
    unread: bool = False
    limit: int | None = None


def add_arguments(parser: ArgumentParser) -> None:
    add_selection(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--json", action="store_true", help='as JSON: {"version": 1, "posts": [{"id": …}]}'
    )
    form.add_argument(
        "--jsonfeed", action="store_true", help="as a JSON Feed, with the full texts, to hand on"
    )


def add_selection(parser: ArgumentParser) -> None:
    """The options that say which posts."""
    parser.add_argument(
        "--category", metavar="NAME", default="", help="only posts of this category, in any case"
    )
    parser.add_argument(
        "--source",
        metavar="NAME",
        default="",
        help="only posts of this source: its name or address",
    )
    parser.add_argument("--unread", action="store_true", help="only unread posts")
    parser.add_argument("--limit", metavar="N", type=_positive, help="only the first N posts")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"it is a whole number from 1 on, not {text}")
    return int(text)


def run(options: Namespace) -> int:
    from nordic_tui import wiring
    from nordic_tui.config.paths import find_paths
    from nordic_tui.config.settings import load
    from nordic_tui.service.library import Library

    selection = Selection(options.category, options.source, options.unread, options.limit)
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        for problem in parts.problems:
            say(problem)
        library = Library(parts.store)
        if options.jsonfeed:
            _print_jsonfeed(library, selection)
        else:
            show(library, selection, as_json=options.json)
    return DONE


def show(library: "Library", selection: Selection, *, as_json: bool = False) -> None:
    """Print the posts, newest first; raises UsageError for a name that does not exist."""
    rows = select(library, selection)
    if as_json:
        print_json(library, rows, {}, as_json_post)
    else:
        print_text(library, rows, with_source=not selection.source)


# ── which posts ─────────────────────────────────────────────────────────────────────────────


def select(library: "Library", selection: Selection) -> "Iterator[PostRow]":
    """The rows, newest first. Raises UsageError before the first row is asked for."""
    from nordic_tui.model import View

    views = views_of(library, selection)
    if len(views) == 1:
        rows = rows_of(library.listing(views[0]))
    else:
        # The order of all posts is the one in which several categories come together.
        wanted = {row.id for view in views for row in rows_of(library.listing(view))}
        everything = library.listing(View(unread_only=selection.unread))
        rows = (row for row in rows_of(everything) if row.id in wanted)
    return islice(rows, selection.limit)


def rows_of(listing: "Listing | FoundListing") -> "Iterator[PostRow]":
    """The rows of a list, from its first to its last."""
    for position in range(len(listing)):
        row = listing.row(position)
        if row is not None:
            yield row


@dataclass(frozen=True, slots=True)
class Followed:
    """A source, and its categories."""

    source: "Place"
    categories: "tuple[Place, ...]"


def _followed(library: "Library") -> list[Followed]:
    from nordic_tui.model import PlaceKind

    found: list[Followed] = []
    for place in library.places_of_sources():
        if place.kind is PlaceKind.SOURCE:
            found.append(Followed(place, ()))
        else:
            found[-1] = replace(found[-1], categories=(*found[-1].categories, place))
    return found


def views_of(library: "Library", selection: Selection) -> "list[View]":
    from nordic_tui.model import PlaceKind, View

    unread = selection.unread
    if not selection.source and not selection.category:
        return [View(unread_only=unread)]
    sources = _followed(library)
    if selection.source:
        wanted = selection.source
        sources = [s for s in sources if _is_meant(s, wanted)] or refuse(
            "source", wanted, [each.source.name for each in sources]
        )
    if selection.category:
        places = [place for source in sources for place in source.categories]
        found = [place for place in places if _same(place.name, selection.category)] or refuse(
            "category", selection.category, [place.name for place in places]
        )
        return [View(PlaceKind.CATEGORY, place.id, unread_only=unread) for place in found]
    return [View(PlaceKind.SOURCE, each.source.id, unread_only=unread) for each in sources]


def _is_meant(followed: Followed, wanted: str) -> bool:
    from nordic_tui.text import clean

    source = followed.source
    addresses = (source.address, clean.shown_address(source.address))
    return wanted in addresses or _same(source.name, wanted)


def _same(name: str, wanted: str) -> bool:
    from nordic_tui.text.fold import fold

    return fold(name) == fold(wanted)


def refuse(kind: str, wanted: str, names: Sequence[str]) -> NoReturn:
    """Raise UsageError for a source or category that does not exist, with the names of those that
    do."""
    from nordic_tui.service.places import without_login
    from nordic_tui.text.fold import fold

    wanted = without_login(wanted)
    many = "categories" if kind == "category" else "sources"
    once: dict[str, str] = {}
    for name in names:
        once.setdefault(fold(name), name)
    known = [once[folded] for folded in sorted(once)]
    if not known:
        raise UsageError(f"There is no {kind} “{wanted}”: no {many} are known yet.")
    listed = ", ".join(known[:_NAMES_SHOWN])
    more = f" and {len(known) - _NAMES_SHOWN} more" if len(known) > _NAMES_SHOWN else ""
    raise UsageError(f"There is no {kind} “{wanted}”. The {many} are: {listed}{more}.")


# ── how they are printed ────────────────────────────────────────────────────────────────────


def print_text(library: "Library", rows: "Iterator[PostRow]", *, with_source: bool) -> None:
    """A table for people, lines for pipes."""
    if is_screen(sys.stdout):
        _print_table(library, rows, with_source=with_source)
    else:
        _print_lines(library, rows)


def _print_lines(library: "Library", rows: "Iterator[PostRow]") -> None:
    """For pipes: always the same five columns, parted by tabs, no line broken."""
    from nordic_tui.service.words import local_time
    from nordic_tui.text import clean
    from nordic_tui.text.links import handed_on

    for row in rows:
        post = library.post(row.id)
        columns = (
            "unread" if row.unread else "read",
            f"{local_time(row.published):%Y-%m-%d}" if row.published else "",
            clean.line(row.title),
            clean.line(post.source_title) if post else "",
            handed_on(post.entry.link) if post else "",
        )
        write("\t".join(columns) + "\n")


def _print_table(library: "Library", rows: "Iterator[PostRow]", *, with_source: bool) -> None:
    """For people: mark, date, title, and the source where there are several."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from nordic_tui.service.words import date
    from nordic_tui.text import clean

    console = Console(markup=False, highlight=False, emoji=False)
    mark = "●" if "utf" in console.encoding.lower() else "*"
    titles = [clean.line(state.title) for state in library.states()]
    several = with_source and len(titles) > 1
    empty = True
    while batch := list(islice(rows, BATCH)):
        empty = False
        table = Table.grid(padding=(0, 2, 0, 0), expand=True)
        table.add_column(width=1)
        table.add_column(width=11, justify="right", no_wrap=True)
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        if several:
            width = min(max(map(len, titles)), _SOURCE_WIDTH)
            table.add_column(width=width, no_wrap=True, overflow="ellipsis")
        for row in batch:
            cells = [
                Text(mark if row.unread else "", style="cyan"),
                Text(date(row.published)),
                Text(clean.line(row.title), style="bold" if row.unread else ""),
            ]
            if several:
                post = library.post(row.id)
                cells.append(Text(clean.line(post.source_title) if post else ""))
            table.add_row(*cells)
        console.print(table)
    if empty:
        say("No posts.")


def print_json(
    library: "Library",
    rows: "Iterator[PostRow]",
    head: "dict[str, object]",
    as_json: "Callable[[Post], dict[str, object]]",
) -> None:
    """One post a line; ids are texts, as they go beyond what JavaScript's numbers hold.

    head: what stands before the posts.
    """
    import json

    opening = json.dumps({"version": 1} | head)
    write(f'{opening[:-1]}, "posts": [')
    separator = "\n"
    for row in rows:
        post = library.post(row.id)
        if post is not None:
            write(separator + json.dumps(as_json(post)))
            separator = ",\n"
    write("\n]}\n")


def _print_jsonfeed(library: "Library", selection: Selection) -> None:
    from nordic_tui.encode.jsonfeed import encode_jsonfeed

    posts = (library.post(row.id) for row in select(library, selection))
    for piece in encode_jsonfeed(title_of(selection, "All posts"), filter(None, posts)):
        write(piece)


def title_of(selection: Selection, all_posts: str) -> str:
    """What the posts are called where they are handed on; all_posts: if none is left out."""
    from nordic_tui.text import clean

    source = clean.shown_address(selection.source)  # by its address, which may hold a password
    words = (selection.category, source, "unread posts" if selection.unread else "")
    return " · ".join(filter(None, words)) or all_posts


def as_json_post(post: "Post") -> dict[str, object]:
    from nordic_tui.text.links import handed_on

    entry = post.entry
    return {
        "id": str(post.id),
        "title": entry.title,
        "link": handed_on(entry.link),
        "published": entry.published.isoformat() if entry.published else None,
        "source": post.source_title,
        "categories": [category.name for category in post.categories],
        "unread": post.unread,
        "excerpt": entry.excerpt,
        "authors": list(entry.authors),
    }


COMMAND = Command(
    name="list",
    summary="posts as text, from what is kept",
    description=(
        "Posts, newest first, from what is kept; no source is asked (nordic-tui refresh does). A "
        "terminal gets a table. A pipe or file gets a line a post, five columns parted by tabs: "
        '"unread" or "read", the date as YYYY-MM-DD (empty if there is none), title, source, '
        "link. A category or source that does not exist is a mistake: exit status 2."
    ),
    examples=(
        ("nordic-tui list --unread --limit 10", "the ten newest that are unread"),
        ('nordic-tui list --category "New initiatives"', "one category"),
        ("nordic-tui list | cut -f 3", "only titles"),
        ("nordic-tui list --json | jq -r '.posts[].link'", "only links"),
        ('nordic-tui list --category "New initiatives" --jsonfeed', "as a feed for other readers"),
    ),
    add_arguments=add_arguments,
    run=run,
)
