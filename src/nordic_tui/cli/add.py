"""`nordic-tui add`: follow what is at an address, a page, a host or in a file."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, FAILED, UsageError, flush, is_screen, say, write
from nordic_tui.cli.manners import add_manner_arguments, changed_manner

if TYPE_CHECKING:
    from nordic_tui.model import Manner, Source, SourceState
    from nordic_tui.service.discover import Discovery, Found
    from nordic_tui.wiring import Parts

PATIENCE_S = 0.5
LOGIN_OPTIONS = "--login-user with --login-command, --login-file or --login-variable"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "address",
        metavar="ADDRESS",
        help="a feed, a site, one of its pages, a host without https://, or a file",
    )
    parser.add_argument(
        "--name", metavar="NAME", default="", help="what to call it; else as it calls itself"
    )
    parser.add_argument(
        "--folder",
        metavar="FOLDER",
        type=_folder,
        help="where it stands in the sidebar; News/Nordic is Nordic in News",
    )
    parser.add_argument(
        "--archive", action="store_true", help="keep every post that it ever had, not the newest"
    )
    parser.add_argument(
        "--full-text",
        action="store_true",
        help="fetch the page of each new post for its full text",
    )
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument(
        "--yes", action="store_true", help="do not ask; of several feeds take the first"
    )
    chosen.add_argument(
        "--choose", metavar="N", type=_positive, help="do not ask; of several feeds take number N"
    )
    add_manner_arguments(parser, takes_away=False)


def _folder(text: str) -> str:
    from nordic_tui.text import clean

    parts = [clean.line(part) for part in text.split("/")]
    if not all(parts):
        raise ArgumentTypeError(f"a folder needs a name, also between two slashes, not “{text}”")
    return "/".join(parts)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"it is a whole number from 1 on, not {text}")
    return int(text)


def run(options: Namespace) -> int:
    from nordic_tui import wiring
    from nordic_tui.config.paths import find_paths
    from nordic_tui.config.settings import load
    from nordic_tui.model import Manner, Source
    from nordic_tui.service.places import candidates
    from nordic_tui.text import clean

    if not clean.line(options.address):
        raise UsageError("An address is needed. See nordic-tui add --help.")
    manner = changed_manner(Manner(), options)
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        for problem in parts.problems:
            say(problem)
        followed = _followed(parts)
        for address in candidates(options.address):
            if address in followed:
                return _is_followed(followed[address] or clean.shown_address(address))
        discovery = _discover(options.address, manner)
        for address, why in discovery.tried:
            say(f"{address} {why}.")
        if not discovery.found:
            return _say_nothing_found(options.address, discovery, manner)
        found = _choose(discovery, followed, options)
        if found is None:
            say("Nothing was changed.")
            return FAILED
        if found.address in followed:
            return _is_followed(followed[found.address] or found.title)
        if found.manner != manner:
            say(
                f"{clean.shown_address(found.address)} is on another site than what was named: "
                f"it is asked without the {_left_behind(manner)}."
            )
        name = clean.line(options.name)
        source = Source(
            found.address,
            name,
            folder=options.folder or "",
            archive=options.archive,
            full_text=options.full_text,
            manner=found.manner,
        )
        return _follow(parts, source, name or found.title)


def _left_behind(manner: "Manner") -> str:
    """What of a manner goes to the site alone that it was given for."""
    parts = {
        "headers": manner.headers,
        "login": manner.login,
        "certificates": manner.ca_file,
    }
    return " and the ".join(name for name, given in parts.items() if given)


# ── looking ─────────────────────────────────────────────────────────────────────────────────


def _followed(parts: "Parts") -> dict[str, str]:
    from nordic_tui.service.discover import followed_titles

    assert parts.subscriptions is not None  # the settings are followed, not the arguments
    return followed_titles(parts.subscriptions.following.sources, parts.store.states())


def _is_followed(title: str) -> int:
    say(f"“{title}” is followed already.")
    return DONE


def _say_nothing_found(words: str, discovery: "Discovery", manner: "Manner") -> int:
    from nordic_tui.service.places import candidates, holds_login, without_login
    from nordic_tui.text import clean

    where = next(iter(candidates(words)), words)
    say(f"Nothing to follow was found at {without_login(clean.shown_address(where))}.")
    if discovery.locked and (manner.login or holds_login(where)):
        say("The login that was given may be wrong.")
    elif discovery.locked:
        say(f"If a password is asked for there, {LOGIN_OPTIONS} says where it comes from.")
    return FAILED


def _discover(words: str, manner: "Manner") -> "Discovery":
    import asyncio

    from nordic_tui import wiring

    discoverer = wiring.open_discoverer()
    if not is_screen(sys.stderr):
        return asyncio.run(discoverer.find(words, manner=manner))
    try:
        return asyncio.run(discoverer.find(words, _show_step, manner))
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _show_step(words: str) -> None:
    """Say what is asked just now, on a line that the next one takes."""
    from shutil import get_terminal_size

    from rich.cells import set_cell_size

    width = min(get_terminal_size().columns - 1, 120)
    line = set_cell_size(f"nordic-tui: {words} …", width).rstrip()
    sys.stderr.write(f"\r\x1b[K{line}")
    sys.stderr.flush()


# ── choosing ────────────────────────────────────────────────────────────────────────────────


def _choose(discovery: "Discovery", followed: dict[str, str], options: Namespace) -> "Found | None":
    """The feed to follow, asking where that is needed; None: none of them. Raises UsageError."""
    found = discovery.found
    chosen: int | None = options.choose
    if chosen is not None and chosen > len(found):
        takes = f"1 to {len(found)}" if len(found) > 1 else "only 1"
        raise UsageError(f"--choose takes {takes} here: so many feeds were found.")
    _show(found, followed)
    if discovery.named:
        flush()
        say(f"{discovery.named:,} are named; the first {discovery.looked_at} were looked at.")
    if chosen is not None:
        return found[chosen - 1]
    if options.yes:
        return found[0]
    if len(found) == 1 and found[0].address in followed:
        return found[0]
    if not (is_screen(sys.stdin) and is_screen(sys.stderr)):
        if len(found) == 1:
            return found[0]
        raise UsageError(
            "Without a terminal to ask on, --choose N says which of these to follow, "
            "and --yes takes the first."
        )
    if len(found) == 1:
        return found[0] if _ask("Follow it? [Y/n] ") in ("", "y", "yes") else None
    while True:
        answer = _ask(f"Follow which one? [1 to {len(found)}, Enter for 1, n for none] ")
        if answer in (None, "n", "no", "none", "0"):
            return None
        number = int(answer) if answer.isdecimal() and len(answer) < 9 else 1 if not answer else 0
        if 1 <= number <= len(found):
            return found[number - 1]


def _ask(question: str) -> str | None:
    """What a person answers, in small letters; None at the end of the input."""
    flush()
    try:
        sys.stderr.write(f"nordic-tui: {question}")
        sys.stderr.flush()
        answer = sys.stdin.readline()
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        raise
    if not answer:
        sys.stderr.write("\n")
        return None
    return answer.strip().lower()


def _show(found: "Sequence[Found]", followed: dict[str, str]) -> None:
    from nordic_tui.text import clean

    for number, each in enumerate(found, 1):
        lead = f"{number}  " if len(found) > 1 else ""
        indent = " " * len(lead)
        notes = [each.title]
        if each.is_category:
            notes.append("this page's own feed")
        if each.address in followed:
            notes.append("followed already")
        lines = [
            (lead, " · ".join(notes)),
            (indent, clean.shown_address(each.address)),
            (indent, _posts_words(each)),
            *((f"{indent}  ", title) for title in each.newest),
        ]
        for margin, text in lines:
            write(f"{margin}{clean.line(text)}\n")
        if number < len(found):
            write("\n")


def _posts_words(found: "Found") -> str:
    from nordic_tui.service.words import count, date

    if not found.posts:
        return "It is empty: it has no posts now."
    posts = count(found.posts, "post", "posts")
    return f"{posts}, the newest of {date(found.newest_at)}:" if found.newest_at else f"{posts}:"


# ── following ───────────────────────────────────────────────────────────────────────────────


def _follow(parts: "Parts", source: "Source", title: str) -> int:
    """Follow a source from now on, and have its posts."""
    from nordic_tui.cli.progress import ask
    from nordic_tui.service.places import holds_login
    from nordic_tui.service.refresh import GAVE_UP
    from nordic_tui.service.words import count

    assert parts.subscriptions is not None  # the settings are followed, not the arguments
    if not parts.subscriptions.add([source], done=f"Followed “{title}”."):
        return _is_followed(title)
    state = _state(parts, source.address)
    if state is not None:
        delay_s = PATIENCE_S if is_screen(sys.stderr) else None
        outcome = ask(parts.refresher, [state], label="Asking", delay_s=delay_s)
        if outcome.finished.gave_up:
            say(GAVE_UP)
        for failure in outcome.failures:
            say(f"{failure.title} {failure.reason}.")
        for warning in outcome.warnings:
            say(warning)
        state = _state(parts, source.address)
    if state is None:
        say(f"“{title}” is not followed any more: it was removed meanwhile.")
        return FAILED
    say(f"Follows “{state.title}”: {count(state.posts, 'post', 'posts')}.")
    if holds_login(source.address):
        say(
            "Its password stands in the settings file, as a part of the address; "
            f"a login keeps it elsewhere ({LOGIN_OPTIONS})."
        )
    if source.archive:
        say(
            "The rest of its archive comes with the next nordic-tui refresh, "
            "or now with nordic-tui archive."
        )
    say("nordic-tui undo takes it back.")
    return DONE


def _state(parts: "Parts", address: str) -> "SourceState | None":
    return next((each for each in parts.store.states() if each.address == address), None)


COMMAND = Command(
    name="add",
    summary="follow what is at an address, a page, a host or in a file",
    description=(
        "Follow a publication. Any address of it will do: its feed, its front page, a category, a "
        "post, a host without https://, or a file. What is found is shown with its number of posts "
        "and the newest titles before anything is kept; on a terminal it asks. The feed of the "
        "category that was named comes first, and comments are never followed. If nothing is "
        "found, what was tried is listed and the exit status is 1."
    ),
    examples=(
        ("nordic-tui add nordicsafecities.org", "find the feeds of a site and choose"),
        (
            "nordic-tui add https://nordicsafecities.org/category/new-initiatives/ --yes",
            "a category of it, without a question",
        ),
        ("nordic-tui add example.org/feed/ --name News --folder Nordic/Cities", "into a folder"),
        ("nordic-tui add example.org --archive", "with every post that it ever had"),
        (
            'nordic-tui add example.org/feed/ --login-user kari --login-command "pass show news"',
            "log in; the password stays where it is",
        ),
    ),
    add_arguments=add_arguments,
    run=run,
)
