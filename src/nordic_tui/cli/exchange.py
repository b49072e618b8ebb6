"""`nordic-tui import` and `nordic-tui export`: what is followed, from and for other readers."""

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, FAILED, SOME_FAILED, say, write

if TYPE_CHECKING:
    from nordic_tui.model import Imported
    from nordic_tui.service.exchange import Plan

MAX_BYTES = 20_000_000

# ── import ──────────────────────────────────────────────────────────────────────────────────


def add_import_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        help="OPML, newsboat's urls file, or its config file for what it ignores, told by what is "
        "in it; -: standard input",
    )
    parser.add_argument(
        "--strict", action="store_true", help="import nothing if anything cannot be taken over"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be imported, and change nothing"
    )


def run_import(options: Namespace) -> int:
    import asyncio

    from nordic_tui import wiring
    from nordic_tui.config.paths import find_paths
    from nordic_tui.config.settings import load
    from nordic_tui.errors import DecodeError, FetchError
    from nordic_tui.service.exchange import plan
    from nordic_tui.service.places import without_login

    name = "standard input" if options.file == "-" else without_login(options.file)
    try:
        imported = asyncio.run(_read(options.file))
    except (FetchError, DecodeError) as error:
        say(f"{name} {error}.")
        return FAILED
    for problem in imported.problems:
        say(problem)
    if imported.problems and options.strict:
        say("Nothing was imported, since --strict asks for all or nothing.")
        return FAILED
    if imported.problems and not any(imported.following):
        say("Nothing could be imported.")
        return FAILED
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        for problem in parts.problems:
            say(problem)
        assert parts.subscriptions is not None  # the settings are followed, not the arguments
        found = plan(parts.subscriptions.following, imported.following)
        if options.dry_run:
            say(f"Would import {_words(found)}.")
        else:
            done = f"Imported {_words(found)}."
            parts.subscriptions.add(found.sources, found.views, found.rules, done=done)
            is_new = bool(found.sources or found.views or found.rules)
            say(done + (" nordic-tui undo takes it back." if is_new else ""))
            if found.rules:
                say(_how_to_switch_on(len(found.rules)))
    return SOME_FAILED if imported.problems else DONE


async def _read(file: str) -> "Imported":
    """Raises FetchError and DecodeError."""
    from nordic_tui import wiring
    from nordic_tui.fetch.file import read_file, read_stdin

    if file == "-":
        body = read_stdin(MAX_BYTES)
    else:
        body = (await read_file(file, max_bytes=MAX_BYTES)).body
    async with wiring.open_decoder() as decoder:
        return await decoder.subscriptions(body)


def _how_to_switch_on(number: int) -> str:
    """What to do with so many rules that came in, a sentence."""
    from nordic_tui.service.words import count

    return (
        f"{count(number, 'rule is', 'rules are')} off: nordic-tui rules tells how many posts a "
        "rule finds, nordic-tui rules try SEARCH which, and nordic-tui rules on NAME switches it "
        "on."
    )


def _words(found: "Plan") -> str:
    """ "12 sources, 1 saved view and 2 rules, 3 were there already" """
    from nordic_tui.service.words import count

    new = [count(len(found.sources), "source", "sources")]
    if found.views:
        new.append(count(len(found.views), "saved view", "saved views"))
    if found.rules:
        new.append(count(len(found.rules), "rule", "rules"))
    was = "was" if found.known == 1 else "were"
    *first, last = new
    words = f"{', '.join(first)} and {last}" if first else last
    return words + (f", {found.known:,} {was} there already" if found.known else "")


IMPORT = Command(
    name="import",
    summary="take over what another reader follows",
    description=(
        "Follow what another reader follows: OPML, or newsboat's urls file. What newsboat ignores "
        "(ignore-article in its config file) becomes rules that hide, which are off until you "
        "switch them on. What is followed already stays as it is, so importing twice changes "
        "nothing. What cannot be taken over is said, with its line; a program that a line would "
        "run (exec:, filter:) is never run. The exit status is 3 if something could not be taken "
        "over, and 1 if nothing was."
    ),
    examples=(
        ("nordic-tui import subscriptions.opml", "with folders and tags"),
        ("nordic-tui import ~/.newsboat/urls", "with tags, titles and what queries can be views"),
        ("nordic-tui import ~/.newsboat/config", "what it ignores, as rules that are off"),
        ("nordic-tui import --dry-run list.opml", "only say what would be imported"),
    ),
    add_arguments=add_import_arguments,
    run=run_import,
)

# ── export ──────────────────────────────────────────────────────────────────────────────────


def add_export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        default="-",
        help="where to: a file that only you may read; without it, or -, to stdout",
    )
    parser.add_argument(
        "--format", choices=("opml",), default="opml", help="opml: OPML 2.0, which is the usual one"
    )


def run_export(options: Namespace) -> int:
    from nordic_tui import wiring
    from nordic_tui.cli.private import write_privately
    from nordic_tui.clock import system_clock
    from nordic_tui.config.paths import find_paths
    from nordic_tui.config.settings import load
    from nordic_tui.encode.opml import encode_opml
    from nordic_tui.service.words import count
    from nordic_tui.text import clean

    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        for problem in parts.problems:
            say(problem)
        assert parts.subscriptions is not None  # the settings are followed, not the arguments
        following = parts.subscriptions.following
        titles = {state.address: state.title for state in parts.store.states()}
    text = encode_opml(following, titles, system_clock()).decode()
    addresses = [clean.public_address(source.address) for source in following.sources]
    web = [address for address in addresses if address]
    exported = len(set(web))
    if options.file == "-":
        write(_for_stdout(text))
    else:
        try:
            write_privately(options.file, text)
        except OSError as error:
            say(f"{options.file} could not be written: {error.strerror}.")
            return FAILED
        say(f"Exported {count(exported, 'source', 'sources')} to {options.file}.")
    left_out = []
    if len(addresses) > len(web):
        left_out.append(count(len(addresses) - len(web), "local file", "local files"))
    if following.views:
        left_out.append(count(len(following.views), "saved view", "saved views"))
    if left_out:
        say(f"Not in it, since other readers could not use them: {' and '.join(left_out)}.")
    if len(web) > exported:
        again = count(len(web) - exported, "source", "sources")
        only = (
            "differs from another only in its login and is"
            if again[:2] == "1 "
            else ("differ from others only in their logins and are")
        )
        say(f"{again} {only} not in it a second time.")
    return DONE


def _for_stdout(text: str) -> str:
    """XML that stays right where stdout is in another encoding than the one it declares."""
    if sys.stdout is not None and "utf" in (sys.stdout.encoding or "").lower():
        return text
    return text.encode("ascii", errors="xmlcharrefreplace").decode()


EXPORT = Command(
    name="export",
    summary="what you follow, as OPML for other readers",
    description=(
        "Write what is followed as OPML 2.0, with folders and tags. Passwords, headers and "
        "everything else that tells a site who asks are never in it, nor are local files. "
        "Posts go out with nordic-tui list --jsonfeed."
    ),
    examples=(
        ("nordic-tui export subscriptions.opml", "into a file that only you may read"),
        ("nordic-tui export | less", "to look at"),
    ),
    add_arguments=add_export_arguments,
    run=run_export,
)
