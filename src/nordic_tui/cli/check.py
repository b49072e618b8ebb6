"""`nordic-tui check`: whether there is anything new, from what is kept.

It is asked at every login and by cron, so it looks at the file of posts by itself and imports
little: `--refresh`, and a file that can't be looked at in passing, take the whole program.
"""

import os
from argparse import ArgumentParser, Namespace
from datetime import datetime

from nordic_tui.cli import telling
from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, SOMETHING_NEW, UsageError, flush, say, write
from nordic_tui.clock import system_clock
from nordic_tui.config import last_check
from nordic_tui.config.places import places
from nordic_tui.errors import NordicError
from nordic_tui.service.figures import count, since_words
from nordic_tui.service.since import FIRST, Since, is_last_check, moment_of, since_last
from nordic_tui.store.glance import Glance, NoPosts, NotAtHand, look
from nordic_tui.text import clean

PATIENCE_S = 5.0
"""So long whoever writes is waited for, which nobody needs to but who repairs the file."""
LOGIN_S = 0.25
"""A look from a login is given up then; it takes some hundredths of a second."""
_TITLE_CHARS = 60
_NAME_CHARS = 100


def add_arguments(parser: ArgumentParser) -> None:
    telling.add_place(parser)
    parser.add_argument("--unread", action="store_true", help="only unread posts")
    parser.add_argument(
        "--since",
        metavar="WHEN",
        default="last check",
        help='from then on: "last check" (the usual), today, yesterday, week (since Monday), 90m, '
        "3h, 2d, 1w, 2026-05-16 or 2026-05-16T08:00",
    )
    parser.add_argument(
        "--for",
        metavar="NAME",
        dest="name",
        default="",
        help="since the last check for NAME, which is none of yours: for jobs",
    )
    parser.add_argument("--refresh", action="store_true", help="ask the sources that are due first")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--json",
        action="store_true",
        help='as JSON: {"version": 1, "since": …, "until": …, "new": 2, "posts": [{"id": …}]}',
    )
    form.add_argument("--tsv", action="store_true", help="a line a post, as nordic-tui list has it")
    form.add_argument("--markdown", action="store_true", help="a list of links, for chat and mail")
    form.add_argument(
        "--motd",
        action="store_true",
        help="one line for a login message; silent where nothing is new or nothing can be read",
    )


def run(options: Namespace) -> int:
    if len(options.name) > _NAME_CHARS:
        raise UsageError(f"--for takes a name of {_NAME_CHARS} characters at most.")
    now = system_clock()
    since = moment_words(options.since, now)
    if options.refresh:
        from nordic_tui.cli.asking import ask_due

        asked = ask_due()
        found = _check(options, since, system_clock())
        return asked or found
    if not options.motd:
        return _check(options, since, now)
    try:
        return _check(options, since, now)
    except (NordicError, OSError, RuntimeError):
        return DONE  # a login goes on; who wants to know what is wrong runs the command


def moment_words(words: str, now: datetime) -> datetime | None:
    """What `--since` means; None: the last check. Raises UsageError."""
    if is_last_check(words):
        return None
    try:
        return moment_of(words, now)
    except ValueError as error:
        raise UsageError(f"--since {error}.") from error


# ── looking ─────────────────────────────────────────────────────────────────────────────────


def _check(options: Namespace, moment: datetime | None, now: datetime) -> int:
    files = places()
    kept = _last_check(files["last_check_file"], options) if moment is None else None
    wanted = telling.Selection(options.category, options.source, unread=options.unread)

    def ask(seen: Glance) -> telling.Seen:
        if kept is not None:
            since = since_last(*kept, now, seen.last_seq())
        else:
            since = Since(moment or now - FIRST)
        in_full = options.json or options.tsv or options.markdown
        return telling.see(seen, since, wanted, in_full=in_full)

    try:
        seen = _look(options, files, ask)
    except NoPosts:
        if not options.motd:
            say("No posts are kept yet; nordic-tui refresh asks the sources for them.")
            if options.json:
                _tell(options, telling.Seen(Since(moment or now - FIRST), 0, (), {}, {}), now)
        return DONE
    _tell(options, seen, now)
    # One that shows less than all is the last check of nobody but who asked for just that.
    if moment is None and not options.motd and (options.name or not wanted):
        flush()
        try:
            last_check.save(files["last_check_file"], options.name, now, seen.last_seq)
        except OSError as error:
            say(
                f"{files['last_check_file']} cannot be written ({error.strerror}): "
                "the next check will show the same posts again."
            )
    return SOMETHING_NEW if seen.posts else DONE


def _last_check(file: str, options: Namespace) -> tuple[datetime, int] | None:
    try:
        return last_check.load(file, options.name)
    except last_check.DamagedError as damaged:
        if not options.motd:
            say(f"{damaged} Showing what is new since a day ago.")
        return None


def _look(options: Namespace, files: dict[str, str], ask: "Ask") -> telling.Seen:
    history = None
    if options.unread or options.json or options.tsv:
        history = history_file(files)
    if options.motd:
        return look(files["cache_file"], history, ask, busy_timeout_s=0, at_most_s=LOGIN_S)
    try:
        return look(files["cache_file"], history, ask, busy_timeout_s=PATIENCE_S)
    except NotAtHand:
        make_ready()
    return look(files["cache_file"], history, ask, busy_timeout_s=PATIENCE_S)


def history_file(files: dict[str, str]) -> str | None:
    """The reading history, where the person agreed that there is one; None: nothing was read."""
    if not os.path.exists(files["history_file"]):  # noqa: PTH110  pathlib takes a tenth of a check
        return None
    from pathlib import Path

    from nordic_tui.config.consent import ConsentFile
    from nordic_tui.service.history import may_store

    may = may_store(ConsentFile(Path(files["consent_file"])).load())
    return files["history_file"] if may else None


def make_ready() -> None:
    """Open the files as every other command does: it brings them to the present version, sets
    aside what is damaged, and says so. Raises StoreError."""
    from nordic_tui import wiring
    from nordic_tui.cli import crash
    from nordic_tui.config.paths import find_paths
    from nordic_tui.config.settings import load

    crash.watch_log()
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        for problem in parts.problems:
            say(problem)


# ── telling ─────────────────────────────────────────────────────────────────────────────────


def _tell(options: Namespace, seen: telling.Seen, now: datetime) -> None:
    new, since = len(seen.posts), since_words(seen.since.at, now)
    if options.json:
        head = {"since": seen.since.at.isoformat(), "until": now.isoformat(), "new": new}
        telling.write_json(seen, head)
    elif not new:
        if not options.motd:
            unread = "unread " if options.unread else ""
            say(f"No new {unread}posts {since}.")
    elif options.tsv:
        telling.write_lines(seen, telling.tsv_line)
    else:
        posts = count(new, "new post", "new posts")
        if options.motd:
            newest = clean.line(seen.posts[0].label, _TITLE_CHARS)
            is_it = "" if new == 1 else "the newest: "
            write(f"{posts} {since}; {is_it}“{newest}”. nordic-tui check lists {_them(new)}.\n")
            return
        write(f"{posts} {since}:\n")
        if options.markdown:
            write("\n")
            telling.write_lines(seen, telling.markdown_line)
        else:
            telling.write_text(seen)


def _them(number: int) -> str:
    return "it" if number == 1 else "them"


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Ask = Callable[[Glance], telling.Seen]


COMMAND = Command(
    name="check",
    summary="whether there is anything new; the exit status says so",
    description=(
        "Posts that have come since the last check, from what is kept; no source is asked, but "
        "those that are due with --refresh. It may be run while the reader runs. New is what "
        "arrived since then and was published since then, or is of a source that had posts before "
        "and was no older than a month when it arrived: an archive, and a source that was just "
        "added, bring no news of years ago. A source that was written into the settings by hand is "
        "known once the reader or nordic-tui refresh has run. A check of everything is the last "
        "check of the next one; one with --since, --motd, or --category or --source and no --for "
        "only looks. The exit status is 0 if nothing is new, 10 if something is, 1 if it failed or "
        "every source that was asked did, and 3 if some did; with 1 and 3 what is new is printed "
        "all the same."
    ),
    examples=(
        ("nordic-tui check", "what is new since the last check"),
        ("nordic-tui check --motd", "a line for a login message, or nothing"),
        ('nordic-tui check --since yesterday --category "New initiatives"', "only a look"),
        (
            "nordic-tui check --refresh --for mail --markdown",
            "for a job of cron, which has a last check of its own",
        ),
        ("nordic-tui check --json | jq .new", "how many"),
    ),
    add_arguments=add_arguments,
    run=run,
)
