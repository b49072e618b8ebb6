"""`nordic-tui watch`: new posts as they come, until it is ended."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING

from nordic_tui.cli import telling
from nordic_tui.cli.arguments import Command
from nordic_tui.cli.check import history_file, moment_words
from nordic_tui.cli.console import DONE, flush, is_screen, say
from nordic_tui.clock import Clock, system_clock
from nordic_tui.service.since import Since

if TYPE_CHECKING:
    from nordic_tui.model import SourceState
    from nordic_tui.store.glance import Arrived, Details, Glance
    from nordic_tui.wiring import Parts

LOOKS_EVERY_S = 1.0
"""What others bring is seen within two seconds."""


def add_arguments(parser: ArgumentParser) -> None:
    telling.add_place(parser)
    parser.add_argument(
        "--since",
        metavar="WHEN",
        help="print what is new since then first; as with nordic-tui check",
    )
    parser.add_argument(
        "--no-refresh", action="store_true", help="ask no source; wait for what others bring"
    )
    parser.add_argument("--json", action="store_true", help='a JSON object a line: {"id": …}')


def run(options: Namespace) -> int:
    import asyncio

    from nordic_tui import wiring
    from nordic_tui.cli.progress import cancelled_by_signals
    from nordic_tui.config.paths import find_paths
    from nordic_tui.config.places import places
    from nordic_tui.config.settings import load
    from nordic_tui.store import glance

    since = None if options.since is None else moment_words(options.since, system_clock())
    paths = find_paths()
    settings = load(paths.settings_file)
    files = places()
    ended_by: list[int] = []
    with wiring.open_parts(settings, paths) as parts:
        for problem in parts.problems:
            say(problem)
        # This program has the file open now, so that the look lasts as long as it does.
        with glance.opened(files["cache_file"], history_file(files)) as seen:
            start = Since(since) if since else Since(system_clock(), seen.last_seq())
            watch = Watch(
                seen,
                start,
                telling.Selection(options.category, options.source, ruled=bool(settings.rules)),
                printer(as_json=options.json),
                parts,
                refreshes=not options.no_refresh,
            )
            try:
                asyncio.run(cancelled_by_signals(watch.run(), ended_by))
            except asyncio.CancelledError:
                if not ended_by:
                    raise
    return 128 + ended_by[0] if ended_by else DONE


def printer(*, as_json: bool) -> Callable[[telling.Seen], None]:
    """What prints posts, each at once."""
    if as_json:
        import json

        def line(post: "Arrived", details: "Details", title: str) -> str:
            return json.dumps(telling.as_json(post, details, title)) + "\n"

    elif is_screen(sys.stdout):
        return telling.write_text
    else:
        line = telling.tsv_line
    return lambda seen: telling.write_lines(seen, line)


class Watch:
    """Looks once a second, prints what is new, and asks sources when they are due.

    start: from when on a post is new. show: prints posts. clock: tells what is due.
    """

    def __init__(
        self,
        seen: "Glance",
        start: Since,
        wanted: telling.Selection,
        show: Callable[[telling.Seen], None],
        parts: "Parts",
        *,
        refreshes: bool = True,
        clock: Clock = system_clock,
    ) -> None:
        self._seen = seen
        self._start = start
        self._wanted = wanted
        self._show = show
        self._parts = parts
        self._refreshes = refreshes
        self._clock = clock
        self._printed: set[int] = set()
        self._failing: dict[str, str] = {}
        self._version: int | None = None
        self._last_seq = 0
        self._is_settled = False
        self._states: list[SourceState] = []

    async def run(self) -> None:
        """Until nobody reads any more, or it is cancelled."""
        import asyncio

        asking: asyncio.Task[None] | None = None
        try:
            while not _is_closed():
                self.look(is_whole=asking is None)
                if asking is not None and asking.done():
                    asking.result()
                    asking = None
                if asking is None and self._refreshes and (due := self.due()):
                    asking = asyncio.create_task(self._ask(due))
                await asyncio.sleep(LOOKS_EVERY_S)  # nothing tells that another one has written
        finally:
            if asking is not None:
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)

    def look(self, *, is_whole: bool) -> None:
        """Print what is new, and say which sources fail, if anybody has written.

        is_whole: whether no source is being asked by this program, so that what has come of one is
        all that it has. From then on a source that was new is one as the others.
        """
        version = self._seen.data_version()
        if version != self._version:
            self._version = version
            self._is_settled = False
            found = self._seen.of_one_moment(
                lambda seen: telling.see(seen, self._start, self._wanted, in_full=True)
            )
            # The oldest first: so they came.
            found.posts = [post for post in reversed(found.posts) if post.seq not in self._printed]
            self._printed.update(post.seq for post in found.posts)
            self._last_seq = found.last_seq
            self._show(found)
            flush()
            self._states = self._parts.store.states()
            self._tell_failures(self._states)
        if is_whole and not self._is_settled:
            self._settle()

    def _settle(self) -> None:
        """Go on from here, once the rules were asked about all that has come."""
        if self._wanted.ruled and self._seen.waits():
            return
        self._is_settled = True
        self._start = Since(self._clock(), self._last_seq)
        self._printed.clear()

    def due(self) -> "list[SourceState]":
        from nordic_tui.service import decide

        return decide.due(self._states, self._clock(), asked_for=False)

    async def _ask(self, states: "list[SourceState]") -> None:
        import asyncio

        finished = await self._parts.refresher.run(states, lambda _: None)
        if finished.gave_up:
            from nordic_tui.service.refresh import GAVE_UP

            say(GAVE_UP)
        if self._wanted.ruled:
            await asyncio.wrap_future(self._parts.store.index_all())

    def _tell_failures(self, states: "list[SourceState]") -> None:
        """Each once, and once that it answers again."""
        failing = {state.address: state.error for state in states if state.failures and state.error}
        for state in states:
            if state.address in failing and state.address not in self._failing:
                say(f"{state.title} {state.error}.")
            elif state.address in self._failing and state.address not in failing:
                say(f"{state.title} answers again.")
        self._failing = failing


def _is_closed() -> bool:
    """Whether whoever read the output has gone; nothing else tells before the next post."""
    import select

    if sys.stdout is None:
        return True
    try:
        waiting = select.poll()
        waiting.register(sys.stdout.fileno(), 0)
    except (OSError, ValueError):
        return False
    return any(event & (select.POLLERR | select.POLLNVAL) for _, event in waiting.poll(0))


COMMAND = Command(
    name="watch",
    summary="new posts as they come, a line each",
    description=(
        "Print each post that comes, as it comes, until Ctrl+C or until nobody reads any more. It "
        "asks the sources itself when they are due, and sees within two seconds what the reader or "
        "another refresh brings. What is new, nordic-tui check --help says. A terminal gets date "
        "and title; a pipe or file the columns of nordic-tui list. A source that fails is said "
        "once on stderr, and once that it answers again."
    ),
    examples=(
        ("nordic-tui watch", "what comes from now on"),
        ("nordic-tui watch --since today --json", "and what came today, as JSON"),
        ("nordic-tui watch | cut -f 3", "only titles"),
    ),
    add_arguments=add_arguments,
    run=run,
)
