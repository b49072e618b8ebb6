"""`nordic-tui brief`: posts to be sent round, as Markdown, HTML or plain text."""

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from nordic_tui.cli import listing
from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, say, write

if TYPE_CHECKING:
    from nordic_tui.model import Post, PostRow
    from nordic_tui.service.library import Library
    from nordic_tui.service.ports import PostStore

NEWEST = 200
"""So many posts at most, where no other limit is given: nobody reads more."""
OF_SEVERAL = "News"
"""The title over posts of several sources."""
_UNITS = {"d": "days", "w": "weeks"}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=("md", "html", "text"),
        default="md",
        help="how it is written (md: Markdown)",
    )
    parser.add_argument(
        "--since",
        metavar="WHEN",
        type=_since,
        help="only posts from this day on: 2026-05-16, or 7d or 2w for so many days or weeks",
    )
    parser.add_argument(
        "--search", metavar="WORDS", default="", help="only posts that this search finds"
    )
    listing.add_selection(parser)


def _since(text: str) -> "datetime | timedelta":
    """A day (the beginning of it, here), or how far back."""
    span = re.fullmatch(r"(\d{1,4})([dw])", text)
    if span:
        return timedelta(**{_UNITS[span[2]]: int(span[1])})
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone()
    except (ValueError, OverflowError) as error:
        raise ArgumentTypeError(
            f"it is a day (2026-05-16) or a time (7d, 2w), not {text}"
        ) from error


def run(options: Namespace) -> int:
    from nordic_tui import wiring
    from nordic_tui.clock import system_clock
    from nordic_tui.config.paths import find_paths
    from nordic_tui.config.settings import load
    from nordic_tui.encode.brief import Form, encode_brief
    from nordic_tui.service.library import Library
    from nordic_tui.service.words import count, date

    selection = listing.Selection(options.category, options.source, options.unread)
    words = options.search.strip()
    limit = options.limit or NEWEST
    now = system_clock()
    since = now - options.since if isinstance(options.since, timedelta) else options.since
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        for problem in parts.problems:
            say(problem)
        library = Library(parts.store)
        if words:
            rows = _searched(parts.store, library, selection, words)
        else:
            rows = listing.select(library, selection)
        found = _posts(library, rows, since)
        posts = list(islice(found, limit))
        if options.limit is None and next(found, None) is not None:
            say(f"These are the first {limit}; --limit N takes more.")
        title = wiring.title_of(parts) if len(parts.sources) == 1 else OF_SEVERAL
    if not posts:
        say("No posts.")
        return DONE
    title = listing.title_of(selection, f"“{words}”" if words else title)
    about = f"{date(now)} · {count(len(posts), 'post', 'posts')}"
    write(encode_brief(posts, Form(options.format), title=title, about=about, date=date))
    return DONE


def _searched(
    store: "PostStore", library: "Library", selection: listing.Selection, words: str
) -> "Iterator[PostRow]":
    from nordic_tui.cli import search
    from nordic_tui.model import View

    for note in library.query(View(search=words)).notes:
        say(note)
    search.index_all(store)
    return search.find(library, selection, words)


def _posts(
    library: "Library", rows: "Iterator[PostRow]", since: datetime | None
) -> "Iterator[Post]":
    """The posts of the rows. One without a date counts from when it was first seen."""
    for row in rows:
        post = library.post(row.id)
        if post is not None:
            at = post.entry.published or post.first_seen or datetime.min.replace(tzinfo=UTC)
            if since is None or at >= since:
                yield post


COMMAND = Command(
    name="brief",
    summary="posts to be sent round: Markdown, HTML or plain text",
    description=(
        "Titles, dates, links and excerpts of posts, newest first (with --search as they fit), by "
        "source where there are several, from what is kept; no source is asked. At most "
        f"{NEWEST} posts unless --limit says otherwise."
    ),
    examples=(
        ("nordic-tui brief --since 7d", "what came this week, as Markdown"),
        (
            'nordic-tui brief --category "New initiatives" --format html | less',
            "as a page",
        ),
        ("nordic-tui brief --unread --format text | mail -s News kari@example.org", "by mail"),
    ),
    add_arguments=add_arguments,
    run=run,
)
