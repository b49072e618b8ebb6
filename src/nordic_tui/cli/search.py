"""`nordic-tui search`: posts that a search finds, from what is kept; it never asks a source."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, UsageError, say, write
from nordic_tui.cli.listing import (
    Selection,
    add_selection,
    as_json_post,
    print_json,
    print_text,
    rows_of,
    views_of,
)

if TYPE_CHECKING:
    from nordic_tui.model import Post, PostRow
    from nordic_tui.service.library import Library
    from nordic_tui.service.ports import PostStore
    from nordic_tui.text.query import Query

TOLD_AFTER_S = 1.0
"""What takes longer before the search is told."""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "words",
        metavar="WORD",
        nargs="+",
        help="what to search for; one that begins with a minus stands behind --",
    )
    add_selection(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--json",
        action="store_true",
        help='as JSON: {"version": 1, "search": …, "posts": [{"id": …, "snippet": …}]}',
    )
    form.add_argument("--count", action="store_true", help="only how many there are")


def run(options: Namespace) -> int:
    from nordic_tui import wiring
    from nordic_tui.config.paths import find_paths
    from nordic_tui.config.settings import load
    from nordic_tui.model import View
    from nordic_tui.service.library import Library

    text = " ".join(options.words)
    if not text.strip():
        raise UsageError("There is nothing to search for. See nordic-tui search --help.")
    selection = Selection(options.category, options.source, options.unread, options.limit)
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        for problem in parts.problems:
            say(problem)
        library = Library(parts.store)
        query = library.query(View(search=text))
        for note in query.notes:
            say(note)
        index_all(parts.store)
        if options.count:
            number = sum(1 for _ in find(library, selection, text))
            write(f"{number}\n")
        elif options.json:
            rows = find(library, selection, text)
            print_json(library, rows, {"search": text}, lambda post: _as_json(post, query))
        else:
            _print_text(library, selection, text)
    return DONE


def index_all(store: "PostStore") -> None:
    """See to it that all posts can be searched; where it can't be done, say so."""
    from nordic_tui.errors import StoreError

    indexing = store.index_all()
    try:
        try:
            indexing.result(TOLD_AFTER_S)
        except TimeoutError:
            say("Reading new posts into the search first.")
            indexing.result()
    except StoreError as error:
        say(f"The newest posts may be missing: {error}")


def find(library: "Library", selection: Selection, text: str) -> "Iterator[PostRow]":
    """The rows, as they fit and by date. Raises UsageError before the first row is asked for."""
    from nordic_tui.model import View

    views = [view._replace(search=text) for view in views_of(library, selection)]
    if len(views) == 1:
        rows = rows_of(library.find(views[0]).result())
    else:
        # All posts have the order in which several categories come together.
        wanted = {id_ for view in views for id_ in library.find(view).result().ids}
        everything = library.find(View(unread_only=selection.unread, search=text)).result()
        rows = (row for row in rows_of(everything) if row.id in wanted)
    return islice(rows, selection.limit)


def _print_text(library: "Library", selection: Selection, text: str) -> None:
    rows = find(library, selection, text)
    first = next(rows, None)
    if first is None:
        say("No post is found.")
        return
    print_text(library, _with_first(first, rows), with_source=not selection.source)


def _with_first(first: "PostRow", others: "Iterator[PostRow]") -> "Iterator[PostRow]":
    yield first
    yield from others


def _as_json(post: "Post", query: "Query") -> dict[str, object]:
    from nordic_tui.text import clean, html
    from nordic_tui.text.query import snippet

    text = html.plain(post.full_text or post.entry.content) or clean.block(post.entry.excerpt)
    return as_json_post(post) | {"snippet": snippet(text, query)}


COMMAND = Command(
    name="search",
    summary="posts that hold what you search for",
    description=(
        "Posts that hold the words, from what is kept; no source is asked. Those whose titles "
        "have all the words come first, then the others, each newest first. The output is that "
        "of nordic-tui list. Searched are title, text, author and category: words, "
        '"one after another", -not, begin*, one OR other, title: text: category: author: source: '
        "tag: before: after: is:unread is:read is:starred is:changed is:later has:audio "
        "has:video has:image has:pdf has:file has:link has:fulltext. The shell takes quotes "
        "away: put others around them. Nothing found is no failure: exit status 0."
    ),
    examples=(
        ("nordic-tui search havn by", "posts with both words"),
        ("nordic-tui search '\"safe city\" OR tryghed'", "a phrase, or a word"),
        ("nordic-tui search malmo after:2024 --limit 10", "finds Malmö too"),
        ("nordic-tui search havn -- -ferge", "without posts that have the word after the minus"),
        ("nordic-tui search is:unread --count", "how many are unread"),
        ("nordic-tui search havn --json | jq -r '.posts[].snippet'", "where it stands"),
    ),
    add_arguments=add_arguments,
    run=run,
)
