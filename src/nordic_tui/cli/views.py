"""`nordic-tui views`: the saved views of the sidebar, from the shell."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, UsageError, say
from nordic_tui.cli.sources import UNDO_HINT, with_parts
from nordic_tui.cli.tables import Column, show_rows

if TYPE_CHECKING:
    from nordic_tui.model import Place, SavedView
    from nordic_tui.service.ports import Edit
    from nordic_tui.service.subscriptions import Subscriptions
    from nordic_tui.wiring import Parts

MINUS = "a search that begins with a minus comes after --"

_COLUMNS = (
    Column("Name", wide=True),
    Column("Shows", wide=True),
    Column("Posts", is_number=True),
    Column("Unread", is_number=True),
    Column("Problem", wide=True),
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--json",
        action="store_true",
        help='as JSON: {"version": 1, "views": [{"name": …, "search": …}]}',
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    add = actions.add_parser(
        "add",
        prog=f"{parser.prog} add",
        help="save a search as a view",
        description=f"Save a search as a view of the sidebar; {MINUS}.",
    )
    add.add_argument("name", metavar="NAME", help="what it is called")
    add.add_argument("search", metavar="SEARCH", help="as it is typed in the reader")
    add.add_argument("--unread", action="store_true", help="only unread posts")
    add.add_argument(
        "--tag", metavar="TAG", default="", help="only sources with this tag, or in this folder"
    )
    remove = actions.add_parser(
        "remove",
        prog=f"{parser.prog} remove",
        help="remove a saved view",
        description="Remove a saved view; its posts stay.",
    )
    remove.add_argument("name", metavar="NAME", help="what it is called")


def run(options: Namespace) -> int:
    if options.action == "add":
        return with_parts(lambda _, subscriptions: _add(subscriptions, options))
    if options.action == "remove":
        return with_parts(lambda _, subscriptions: _remove(subscriptions, options.name))
    return with_parts(lambda parts, subscriptions: _show(parts, subscriptions, options))


def make(subscriptions: "Subscriptions", edit: "Edit") -> int:
    """Make a change and say what it did. Raises UsageError for a name that is wrong, and
    for a rule that can't be."""
    from nordic_tui.service.rules import NoRuleError, NotThereError, TakenError

    try:
        done = subscriptions.make(edit)
    except (NoRuleError, NotThereError, TakenError) as error:
        raise UsageError(str(error)) from error
    say(f"{done} {UNDO_HINT}" if done else "It is like that already.")
    return DONE


def warn(search: str) -> None:
    """Say what of a search is not understood."""
    from nordic_tui.clock import system_clock
    from nordic_tui.service.rules import problem_of

    problem = problem_of(search, system_clock())
    if problem:
        say(problem)


def _add(subscriptions: "Subscriptions", options: Namespace) -> int:
    from nordic_tui.model import SavedView
    from nordic_tui.service.rules import keep

    warn(options.search)
    view = SavedView(
        options.name, unread_only=options.unread, tag=options.tag, search=options.search
    )
    return make(subscriptions, keep(view))


def _remove(subscriptions: "Subscriptions", name: str) -> int:
    from nordic_tui.service.rules import VIEWS, remove

    return make(subscriptions, remove(VIEWS, name))


# ── the list ────────────────────────────────────────────────────────────────────────────────


class _Row(NamedTuple):
    view: "SavedView"
    place: "Place"


def _show(parts: "Parts", subscriptions: "Subscriptions", options: Namespace) -> int:
    from nordic_tui.model import PlaceKind

    parts.store.index_all().result()
    places = {p.name: p for p in parts.store.count_places().result() if p.kind is PlaceKind.SAVED}
    rows = [
        _Row(view, places[view.name])
        for view in subscriptions.following.views
        if view.name in places
    ]
    show_rows(
        "views",
        _COLUMNS,
        [_cells(row) for row in rows],
        [_as_json(row) for row in rows] if options.json else None,
        nothing="There is no saved view. nordic-tui views add NAME SEARCH makes one.",
    )
    return DONE


def _cells(row: _Row) -> Sequence[str]:
    from nordic_tui.service.rules import asks
    from nordic_tui.text import clean

    view, place = row
    return clean.line(view.name), asks(view), str(place.total), str(place.unread), place.problem


def _as_json(row: _Row) -> dict[str, object]:
    from nordic_tui.text import clean

    view, place = row
    return {
        "name": clean.line(view.name),
        "search": clean.line(view.search),
        "unread_only": view.unread_only,
        "title": clean.line(view.title),
        "tag": clean.line(view.tag),
        "address": clean.shown_address(view.address) if view.address else "",
        "posts": place.total,
        "unread": place.unread,
        "problem": place.problem,
    }


COMMAND = Command(
    name="views",
    summary="saved views: list, add and remove them",
    description=(
        "The saved views of the sidebar, in its order: the name, what it shows, its posts, its "
        "unread posts, and what of its search is not understood. A pipe or file gets these five "
        "columns, parted by tabs; --json has every key of the settings. A name that is taken, or "
        "that no view has, is a mistake: exit status 2."
    ),
    examples=(
        ("nordic-tui views", "a table"),
        ("nordic-tui views add Budgets 'budget* after:30d'", "save a search"),
        ("nordic-tui views add 'Not sports' -- '-category:sports'", "one that begins with a minus"),
        ("nordic-tui views remove Budgets", "undo takes it back"),
    ),
    add_arguments=add_arguments,
    run=run,
)
