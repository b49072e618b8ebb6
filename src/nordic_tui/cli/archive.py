"""`nordic-tui archive`: brings all that a source has ever posted."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, FAILED, SOME_FAILED, UsageError, is_screen, say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from nordic_tui.model import ArchiveState, Source, SourceState
    from nordic_tui.service.archive import Archived, Event
    from nordic_tui.service.subscriptions import Subscriptions
    from nordic_tui.wiring import Parts


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "source",
        metavar="SOURCE",
        nargs="?",
        help="whose archive: its name or its address, in any case, or how it begins",
    )
    parser.add_argument("--all", action="store_true", help="of every source that is followed")
    parser.add_argument(
        "--limit",
        metavar="N",
        type=_positive,
        help="only the newest N posts; without it as many as the settings say for this source",
    )
    parser.add_argument(
        "--anew",
        action="store_true",
        help="begin again with the newest post, whatever was brought before",
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"it is a whole number from 1 on, not {text}")
    return int(text)


def run(options: Namespace) -> int:
    from nordic_tui.cli.sources import find, with_parts

    if options.all == (options.source is not None):
        raise UsageError("Name one source, or give --all. See nordic-tui archive --help.")

    def bring(parts: "Parts", subscriptions: "Subscriptions") -> int:
        sources: Sequence[Source] = subscriptions.following.sources
        if not options.all:
            sources = [find(subscriptions, options.source)]
        if not sources:
            say("No source is followed. nordic-tui add ADDRESS follows one.")
            return DONE
        ends = _bring(parts, sources, options.limit, anew=options.anew)
        return _status(ends, every=options.all)

    return with_parts(bring)


def go_on(parts: "Parts") -> None:
    """Go on with the archives that are kept and not complete, of sources that answer."""
    from nordic_tui.clock import system_clock
    from nordic_tui.service import decide
    from nordic_tui.service.archive import unfinished

    if not any(source.archive for source in parts.sources):
        return
    now = system_clock()
    archives = parts.store.archives()
    answering = {
        state.address
        for state in decide.due(parts.store.states(), now, asked_for=True)
        if not state.failures
    }
    wanted = [
        source
        for source in parts.sources
        if source.address in answering and unfinished(source, archives.get(source.address), now)
    ]
    if wanted:
        _bring(parts, wanted, None, anew=False)


# ── one after the other ─────────────────────────────────────────────────────────────────────


def _bring(
    parts: "Parts", sources: "Sequence[Source]", limit: int | None, *, anew: bool
) -> "list[_End]":
    """Bring the archives, one after the other; what came of each is said at once.

    limit: None: that of each source.
    """
    import asyncio

    from nordic_tui import wiring
    from nordic_tui.cli.progress import cancelled_by_signals

    states = {state.address: state for state in parts.store.states()}
    archivist = wiring.open_archivist(parts)
    ends: list[_End] = []
    ended_by: list[int] = []
    meter = Meter()

    async def each(source: "Source", state: "SourceState") -> "Archived | None":
        try:
            return await archivist.run(source, state, meter.take, limit=limit, anew=anew)
        except asyncio.CancelledError:
            if ended_by:
                return None
            raise  # Ctrl+C: asyncio makes it a KeyboardInterrupt

    for source in sources:
        state = states.get(source.address)
        if state is None:
            continue
        meter.begin(state.title)
        archived = None
        try:
            archived = asyncio.run(cancelled_by_signals(each(source, state), ended_by))
        except KeyboardInterrupt:
            meter.close()
            _say_stopped(state.title, parts.store.archives().get(source.address))
            raise
        finally:
            meter.close()
        if archived is None:
            _say_stopped(state.title, parts.store.archives().get(source.address))
            sys.exit(128 + ended_by[0])
        at_most = source.archive_limit if limit is None else limit
        ends.append(_End(archived, at_most is not None and archived.fetched >= at_most))
        _say_end(ends[-1])
    return ends


class _End(NamedTuple):
    """How one archive ended."""

    archived: "Archived"
    is_enough: bool
    """Whether as many posts are there as were asked for."""


def _status(ends: "Sequence[_End]", *, every: bool) -> int:
    """0 if all is there that was asked for, 1 if nothing is, 3 if something is.

    every: whether they were not named; then one without an archive is no failure.
    """
    from nordic_tui.service.archive import NO_ARCHIVE

    if every:
        ends = [end for end in ends if end.archived.reason != NO_ARCHIVE]
    if all(end.archived.complete or end.is_enough for end in ends):
        return DONE
    return SOME_FAILED if any(end.archived.fetched for end in ends) else FAILED


# ── what is said ────────────────────────────────────────────────────────────────────────────


def _say_end(ended: _End) -> None:
    from nordic_tui.service.words import count

    end = ended.archived
    new = f", {end.new:,} new"
    if end.complete:
        say(f"The archive of {end.title} is whole: {count(end.fetched, 'post', 'posts')}{new}.")
    elif ended.is_enough:
        say(f"{end.title} {end.reason}{new}.")
    elif end.fetched:
        say(f"{end.title} {end.reason}. {_place(end.title, end.fetched, end.total)}")
    else:
        say(f"{end.title} {end.reason}.")


def _say_stopped(title: str, kept: "ArchiveState | None") -> None:
    if kept is None or not kept.fetched:
        say(f"Stopped before the first posts came; {_again(title)} begins once more.")
    else:
        say(_place(title, kept.fetched, kept.total))


def _place(title: str, fetched: int, total: int | None) -> str:
    from nordic_tui.service.words import count

    posts = count(fetched, "post", "posts")
    if total is not None:
        posts = f"{fetched:,} of {count(total, 'post', 'posts')}"
    return f"Stopped at {posts}; {_again(title)} goes on from there."


def _again(title: str) -> str:
    from shlex import quote

    return f"nordic-tui archive {quote(title)}"


class Meter:
    """How far an archive has come, on stderr: on a terminal a bar that is gone at the end, a
    count where the site does not say how many posts there are; elsewhere nothing."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def begin(self, title: str) -> None:
        if not is_screen(sys.stderr):
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        from nordic_tui.text import clean

        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[posts]}", markup=False),
            console=Console(stderr=True, highlight=False),
            transient=True,
        )
        self._task = self._progress.add_task(clean.line(title, 40), total=None, posts="")
        self._progress.start()

    def take(self, event: "Event") -> None:
        from nordic_tui.service.archive import Page
        from nordic_tui.service.words import count

        if self._progress is not None and self._task is not None and isinstance(event, Page):
            posts = count(event.fetched, "post", "posts")
            if event.total is not None:
                posts = f"{event.fetched:,} of {count(event.total, 'post', 'posts')}"
            self._progress.update(
                self._task, completed=event.fetched, total=event.total, posts=posts
            )

    def close(self) -> None:
        if self._progress is not None:
            with suppress(OSError):  # the terminal may be gone
                self._progress.stop()
        self._progress = self._task = None


COMMAND = Command(
    name="archive",
    summary="bring all that a source has ever posted, not only the newest",
    description=(
        "A feed holds the newest posts, often ten. This brings the others: of WordPress by its "
        "REST interface or page by page, elsewhere where the feed names older pages. One request "
        "at a time, with a pause. It may be stopped at any time (Ctrl+C, a lost link): the next "
        "run goes on from there. The exit status is 3 if it stopped in part and 1 if nothing came."
    ),
    examples=(
        ('nordic-tui archive "Nordic Safe Cities"', "all its posts"),
        ("nordic-tui archive nordicsafecities.org --limit 500", "the newest 500"),
        ("nordic-tui archive --all", "of every source that is followed"),
    ),
    add_arguments=add_arguments,
    run=run,
)
