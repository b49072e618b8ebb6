"""`nordic-tui change`: name, folder, order and manner of a source."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, UsageError, say
from nordic_tui.cli.manners import (
    USUAL,
    add_manner_arguments,
    changed_manner,
    or_usual,
    value_of,
)
from nordic_tui.cli.sources import UNDO_HINT, find, with_parts

if TYPE_CHECKING:
    from nordic_tui.model import Source
    from nordic_tui.service.subscriptions import Subscriptions
    from nordic_tui.wiring import Parts

# ── what the options take ───────────────────────────────────────────────────────────────────


def _clean(word: str) -> str:
    """What is pasted may hold more than is seen; what is kept is what a screen shows."""
    from nordic_tui.text import clean

    return clean.line(word)


def _folder(word: str) -> Any:
    return value_of("folder")(_clean(word))


def _tag(word: str) -> str:
    tag = _clean(word)
    if not tag:
        raise ArgumentTypeError("it must be a word or more")
    return tag


def add_arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("source", metavar="SOURCE", help="its name or address, as with nordic-tui remove")
    add("--name", type=_clean, help='what it is called; "": as it calls itself')
    add("--folder", type=_folder, help='where it stands: "News/Nordic"; "": nowhere')
    add("--tag", action="append", type=_tag, help="one more tag")
    add("--untag", metavar="TAG", action="append", type=_tag, help="one tag less")
    add(
        "--every",
        metavar="MINUTES",
        type=or_usual(value_of("refresh_minutes", float)),
        help="how often it is asked; usual: as the others",
    )
    pausing = parser.add_mutually_exclusive_group()
    pausing.add_argument("--pause", action="store_true", help="do not ask it until it goes on")
    pausing.add_argument("--resume", action="store_true", help="ask it again")
    hiding = parser.add_mutually_exclusive_group()
    hiding.add_argument("--hide", action="store_true", help="without a row in the sidebar")
    hiding.add_argument("--show", action="store_true", help="with a row in the sidebar again")
    add(
        "--leave-out",
        metavar="CATEGORY",
        action="append",
        type=_tag,
        help="keep no posts of this category",
    )
    add(
        "--keep",
        metavar="CATEGORY",
        action="append",
        type=_tag,
        help="keep posts of this category again",
    )
    add("--archive", choices=("on", "off"), help="whether its whole archive is kept")
    add(
        "--archive-limit",
        metavar="N",
        type=or_usual(value_of("archive_limit", int)),
        help="so many posts at most come from the archive; usual: all",
    )
    add(
        "--full-text",
        choices=("on", "off"),
        help="whether the page of each new post is fetched for its full text",
    )
    add_manner_arguments(parser, takes_away=True)
    order = parser.add_argument_group("order").add_mutually_exclusive_group()
    order.add_argument("--first", action="store_true", help="above all others")
    order.add_argument("--last", action="store_true", help="below all others")
    order.add_argument("--before", metavar="SOURCE", help="right above this one")
    order.add_argument("--after", metavar="SOURCE", help="right below this one")


# ── what becomes of the source ──────────────────────────────────────────────────────────────


def run(options: Namespace) -> int:
    def change(_: "Parts", subscriptions: "Subscriptions") -> int:
        address = find(subscriptions, options.source).address
        place = _place(subscriptions, address, options)
        given = [name for name, value in vars(options).items() if value not in (None, False)]
        if given == ["source"]:
            raise UsageError("Say what to change. See nordic-tui change --help.")
        try:
            done = subscriptions.rearrange(
                address, lambda source: source._replace(**_fields(source, options)), place
            )
        except KeyError:  # another instance, or a hand, was faster
            raise UsageError(
                f"“{subscriptions.title(address)}” is not followed any more."
            ) from None
        if done:
            say(f"{done} {UNDO_HINT}")
        else:
            say(f"“{subscriptions.title(address)}” is like that already.")
        return DONE

    return with_parts(change)


def _fields(source: "Source", options: Namespace) -> dict[str, Any]:
    """The fields of the source that the options name, with what they become."""
    fields: dict[str, Any] = {}
    if options.name is not None:
        fields["name"] = options.name
    if options.folder is not None:
        fields["folder"] = options.folder
    if options.tag or options.untag:
        fields["tags"] = _edited(source.tags, options.tag, options.untag)
    if options.leave_out or options.keep:
        fields["left_out"] = _edited(source.left_out, options.leave_out, options.keep)
    if options.every is not None:
        fields["interval_s"] = None if options.every == USUAL else options.every
    if options.pause or options.resume:
        fields["paused"] = options.pause
    if options.hide or options.show:
        fields["hidden"] = options.hide
    if options.archive is not None:
        fields["archive"] = options.archive == "on"
    if options.archive_limit is not None:
        limit = options.archive_limit
        fields["archive_limit"] = None if limit == USUAL else limit
    if options.full_text is not None:
        fields["full_text"] = options.full_text == "on"
    manner = changed_manner(source.manner, options)
    if manner != source.manner:
        fields["manner"] = manner
    return fields


def _edited(
    kept: Iterable[str], more: Sequence[str] | None, less: Sequence[str] | None
) -> tuple[str, ...]:
    """Names, with some more and some less; they are compared as they are shown, in any case."""
    from nordic_tui.text.fold import fold

    def same(name: str) -> str:
        return fold(_clean(name))

    gone = {same(name) for name in less or ()}
    names = {same(name): name for name in more or ()} | {same(name): name for name in kept}
    in_order = [*kept, *(more or ())]
    wanted = {same(name): names[same(name)] for name in in_order if same(name) not in gone}
    return tuple(wanted.values())


def _place(
    subscriptions: "Subscriptions", address: str, options: Namespace
) -> "Callable[[Sequence[Source]], int] | None":
    """Which place in the order the options name: from all other sources, how many come before.

    Raises UsageError, also when it is asked.
    """
    if options.first:
        return lambda others: 0
    if options.last:
        return len
    words = options.before or options.after
    if words is None:
        return None
    neighbour = find(subscriptions, words).address
    if neighbour == address:
        raise UsageError("A source cannot stand beside itself.")

    def beside(others: "Sequence[Source]") -> int:
        addresses = [source.address for source in others]
        if neighbour not in addresses:
            raise UsageError(f"“{subscriptions.title(neighbour)}” is not followed any more.")
        return addresses.index(neighbour) + (0 if options.before else 1)

    return beside


COMMAND = Command(
    name="change",
    summary="name, folder, order and manner of a source",
    description=(
        "Change how a source is called, where it stands, how often and in what manner it is "
        "asked, and what is kept of it. What is not named stays. nordic-tui undo takes it back."
    ),
    examples=(
        ('nordic-tui change example.org --name "The example"', "call it something else"),
        ("nordic-tui change example.org --folder News/Nordic --tag cities", "put it in order"),
        ("nordic-tui change example.org --every 30", "ask it every half hour"),
        ("nordic-tui change example.org --every usual", "ask it as the others"),
        ("nordic-tui change example.org --leave-out Events --archive on", "what is kept of it"),
        (
            'nordic-tui change example.org --login-user kari --login-command "pass show example"',
            "log in; the password stays where it is",
        ),
    ),
    add_arguments=add_arguments,
    run=run,
)
