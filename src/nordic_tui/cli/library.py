"""`nordic-tui library`: stars and tags with their posts, to take them to another machine."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, FAILED, SOME_FAILED, say
from nordic_tui.cli.private import add_export, hand_out

if TYPE_CHECKING:
    from nordic_tui.model import KeptPost

MAX_BYTES = 500_000_000
MAX_MEMORY_BYTES = 4 << 30
"""Of the process that reads it: a person's own file, and all of it at once."""


def add_arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add_export(actions, parser.prog, "all stars and tags, and what the posts say, as JSON")
    import_ = actions.add_parser(
        "import",
        prog=f"{parser.prog} import",
        help="add the stars and tags of such a file to those that are here",
        description=(
            "Add the stars and tags of such a file to those that are here; nothing is taken off. "
            "nordic-tui undo takes it back. The exit status is 3 if a post could not be read."
        ),
    )
    import_.add_argument("file", metavar="FILE", help="what was exported; -: standard input")


def run(options: Namespace) -> int:
    return _export(options.file) if options.action == "export" else _import(options.file)


def _export(file: str) -> int:
    from nordic_tui import wiring
    from nordic_tui.clock import system_clock
    from nordic_tui.config.paths import find_paths
    from nordic_tui.encode.library import encode_library
    from nordic_tui.service.words import count

    # The settings are not read: a mistake in them keeps nobody from what is theirs.
    with wiring.open_stored(find_paths()) as (_, keeping, problems):
        for problem in problems:
            say(problem)
        posts = keeping.posts()
    if problems and not posts:
        # What is there could not be read: an earlier export is not to be lost as well.
        say("Nothing was exported.")
        return FAILED
    done = f"Exported {count(len(posts), 'post', 'posts')} with stars and tags to {file}."
    return hand_out(encode_library(posts, system_clock()), file, done)


def _import(file: str) -> int:
    import asyncio

    from nordic_tui import wiring
    from nordic_tui.cli.sources import UNDO_HINT
    from nordic_tui.config.paths import find_paths
    from nordic_tui.config.settings import load
    from nordic_tui.errors import DecodeError, FetchError
    from nordic_tui.service.words import count

    name = "standard input" if file == "-" else file
    try:
        posts, unread = asyncio.run(_read(file))
    except (FetchError, DecodeError) as error:
        say(f"{name} {error}.")
        return FAILED
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        for problem in parts.problems:
            say(problem)
        addresses = [source.address for source in parts.sources]
        taken = parts.keeping.take(posts, addresses).result()
    if taken:
        say(f"Imported the stars and tags of {count(taken, 'post', 'posts')}. {UNDO_HINT}")
    else:
        say("Nothing was imported: all of it is here already.")
    if unread:
        say(f"{count(unread, 'post', 'posts')} could not be read.")
    return SOME_FAILED if unread else DONE


async def _read(file: str) -> "tuple[tuple[KeptPost, ...], int]":
    """Raises FetchError and DecodeError."""
    from nordic_tui import wiring
    from nordic_tui.fetch.file import read_file, read_stdin

    if file == "-":
        body = read_stdin(MAX_BYTES)
    else:
        body = (await read_file(file, max_bytes=MAX_BYTES)).body
    async with wiring.open_decoder(max_memory_bytes=MAX_MEMORY_BYTES) as decoder:
        return await decoder.library(body)


COMMAND = Command(
    name="library",
    summary="your stars and tags: export, import",
    description=(
        "Stars and tags with what their posts say, to keep a copy or to take them to another "
        "machine. They are no reading history: nothing of what you only read is among them."
    ),
    examples=(
        ("nordic-tui library export library.json", "into a file that only you may read"),
        ("nordic-tui library import library.json", "on the other machine"),
    ),
    add_arguments=add_arguments,
    run=run,
)
