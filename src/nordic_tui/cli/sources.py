"""`nordic-tui sources`, `remove`: what is followed (`change` is in change.py)."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, UsageError, is_screen, say, write

if TYPE_CHECKING:
    from nordic_tui.model import Login, Source, SourceState
    from nordic_tui.service.health import Health
    from nordic_tui.service.subscriptions import Subscriptions
    from nordic_tui.wiring import Parts

UNDO_HINT = "nordic-tui undo takes it back."


def with_parts(work: "Callable[[Parts, Subscriptions], int]") -> int:
    """Do the work on what the settings follow; returns its exit status."""
    from nordic_tui import wiring
    from nordic_tui.config.paths import find_paths
    from nordic_tui.config.settings import load

    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        for problem in parts.problems:
            say(problem)
        assert parts.subscriptions is not None  # the settings are followed, not the arguments
        return work(parts, parts.subscriptions)


def find(subscriptions: "Subscriptions", words: str) -> "Source":
    """The source that is meant; raises UsageError."""
    from nordic_tui.service.subscriptions import UnclearSource

    try:
        return subscriptions.find(words)
    except UnclearSource as unclear:
        raise UsageError(str(unclear)) from unclear


# ── sources ─────────────────────────────────────────────────────────────────────────────────

_COLUMNS = ("Name", "Folder", "State", "Posts", "Asked", "Next")


def _add_sources_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--json",
        action="store_true",
        help='as JSON: {"version": 1, "sources": [{"name": …, "address": …}]}',
    )


def _run_sources(options: Namespace) -> int:
    def show(parts: "Parts", subscriptions: "Subscriptions") -> int:
        from nordic_tui.clock import system_clock
        from nordic_tui.service.health import health

        now = system_clock()
        states = {state.address: state for state in parts.store.states()}
        rows = [
            Row(source, states[source.address], health(states[source.address], now))
            for source in subscriptions.following.sources
            if source.address in states
        ]
        if options.json:
            _print_json(rows)
        elif is_screen(sys.stdout):
            _print_table(rows)
        else:
            for source, state, its in rows:
                write("\t".join((*_cells(source, state, its), _shown(source))) + "\n")
        return DONE

    return with_parts(show)


class Row(NamedTuple):
    """A source with what is known of it."""

    source: "Source"
    state: "SourceState"
    health: "Health"


def _shown(source: "Source") -> str:
    from nordic_tui.text import clean

    return clean.shown_address(source.address)


def _cells(source: "Source", state: "SourceState", its: "Health") -> tuple[str, ...]:
    from nordic_tui.text import clean

    name, folder = clean.line(state.title), clean.line(source.folder)
    return name, folder, its.brief, str(state.posts), its.asked, its.next


def _print_table(rows: Sequence[Row]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        say("No source is followed. nordic-tui add ADDRESS follows one.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for column in _COLUMNS:
        wide = column in ("Name", "State")
        table.add_column(
            column,
            justify="right" if column == "Posts" else "left",
            no_wrap=True,
            overflow="ellipsis",
            ratio=2 if wide else None,
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in _cells(*row)))
    Console(markup=False, highlight=False, emoji=False).print(table)


def _print_json(rows: Sequence[Row]) -> None:
    import json

    found = [_as_json(*row) for row in rows]
    write(json.dumps({"version": 1, "sources": found}, indent=2) + "\n")


def _as_json(source: "Source", state: "SourceState", its: "Health") -> dict[str, object]:
    """All that there is to say of a source; what the settings say has their keys and units."""
    from nordic_tui.config.following import written_source
    from nordic_tui.text import clean

    said, manner = written_source(source), source.manner
    moments = [each for each in (state.next_at, state.not_before) if each is not None]
    return {
        "name": clean.line(state.title),
        "address": _shown(source),
        "folder": clean.line(source.folder),
        "tags": [clean.line(tag) for tag in source.tags],
        "refresh_minutes": said.get("refresh_minutes"),
        "paused": source.paused,
        "hidden": source.hidden,
        "leave_out": [clean.line(name) for name in source.left_out],
        "archive": source.archive,
        "archive_limit": source.archive_limit,
        "full_text": source.full_text,
        "user_agent": manner.user_agent or None,
        "headers": [name for name, _ in manner.headers],
        "login": _login(manner.login) if manner.login else None,
        "max_megabytes": said.get("max_megabytes"),
        "ca_file": clean.line(manner.ca_file) or None,
        "posts": state.posts,
        "state": its.brief,
        "failures": state.failures,
        "stopped": state.stopped,
        "asked_at": state.checked_at.isoformat() if state.checked_at else None,
        "next_at": max(moments).isoformat() if moments else None,
        "health": list(its.sentences),
    }


def _login(login: "Login") -> dict[str, str]:
    """Where the secret comes from. What a program is given may be a secret itself."""
    from nordic_tui.text import clean

    if login.command:
        return {"kind": "command", "name": clean.line(login.command[0])}
    if login.file:
        return {"kind": "file", "name": clean.line(login.file)}
    return {"kind": "variable", "name": clean.line(login.variable)}


# ── remove ──────────────────────────────────────────────────────────────────────────────────


def _add_remove_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        metavar="SOURCE",
        nargs="+",
        help="a source's name or address, in any case; its beginning is enough if no other has it",
    )


def _run_remove(options: Namespace) -> int:
    def remove(_: "Parts", subscriptions: "Subscriptions") -> int:
        found = {find(subscriptions, word).address for word in options.sources}
        names = [subscriptions.title(address) for address in found]
        subscriptions.remove(found)
        what = f"“{names[0]}”" if len(names) == 1 else f"{len(names):,} sources"
        say(f"Removed {what}. {UNDO_HINT}")
        return DONE

    return with_parts(remove)


# ── what they are called ────────────────────────────────────────────────────────────────────

SOURCES = Command(
    name="sources",
    summary="what is followed, and how each source is doing",
    description=(
        "What is followed, in the order of the screen: its name, its folder, what came of it the "
        "last time or what went wrong, its posts, when it was last asked and when it is asked "
        "next. A pipe or file gets a line a source, these six columns and the address, parted by "
        "tabs. --json has all of it, and what the settings say: tags, refresh_minutes, paused, "
        "hidden, leave_out, archive, archive_limit, full_text, user_agent, headers, login, "
        "max_megabytes and ca_file; "
        "null is as usual. No secret is shown: an address is without user and password, headers "
        "are their names, and login is the kind and the name of what the secret comes from."
    ),
    examples=(
        ("nordic-tui sources", "a table"),
        ("nordic-tui sources | cut -f 1,7", "names and addresses"),
        ("nordic-tui sources --json | jq '.sources[].health'", "all that there is to say"),
    ),
    add_arguments=_add_sources_arguments,
    run=_run_sources,
)
REMOVE = Command(
    name="remove",
    summary="follow sources no longer",
    description=(
        "Follow these sources no longer. nordic-tui undo takes it back. A name that no source or "
        "more than one has is a mistake: exit status 2."
    ),
    examples=(
        ('nordic-tui remove "Nordic Safe Cities"', "by its name"),
        ("nordic-tui remove example.org https://news.example/feed/", "two, by their addresses"),
    ),
    add_arguments=_add_remove_arguments,
    run=_run_remove,
)
