"""Measure the program against what it must reach; a table at the end.

Each round runs the programs one after another, in an order that turns with each round; the
figures are the medians over the rounds, and a ratio is that of two programs in the same round.
The exit status is 0 whatever the figures are. Run it from the root of the checkout, on a
machine that has nothing else to do.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks import checking, link, newsboat, rows, server, sessions
from tests.benchmarks.probe import NotSeenError
from tests.benchmarks.sessions import Figures, Homes

WIDTH = 100
"""Of the tables, where there is no terminal."""
SHORT_ROUNDS = 3
"""A start is short and varies much: it is measured so often in a run, the rest once."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    runs: int
    only: tuple[str, ...]
    json: Path | None
    idle_s: float


@dataclass(frozen=True, slots=True)
class Session:
    """Something to run in every round, for the rows of these groups."""

    name: str
    groups: tuple[str, ...]
    run: Callable[[], Figures]
    every: int = SHORT_ROUNDS
    """In each so many-th round; 0: in the first one only."""


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status is that of the run, not of the figures."""
    options = parse(words)
    progress = Console(stderr=True)
    with (
        tempfile.TemporaryDirectory(prefix="nordic-benchmark-") as folder,
        server.running() as feeds,
    ):
        chosen = plan(Homes(Path(folder), feeds), feeds, options)
        measured = measure(chosen, options.runs, progress)
    out = Console(width=None if sys.stdout.isatty() else WIDTH)
    out.print(demands(measured, options.only))
    out.print(peers(measured, options.only))
    out.print(machine())
    if options.json is not None:
        text = json.dumps(report(measured, options.only), indent=1, ensure_ascii=False)
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0


def parse(words: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Measure the program against what it must reach.",
    )
    parser.add_argument("--runs", type=int, help="how often all is measured; default: 5")
    parser.add_argument(
        "--only", default="", metavar="ROWS", help=f"some of: {', '.join(rows.GROUPS)}"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every figure here")
    parser.add_argument("--quick", action="store_true", help="all once, and 10 s of idling")
    found = parser.parse_args(words)
    only = tuple(filter(None, found.only.split(",")))
    if unknown := set(only) - set(rows.GROUPS):
        parser.error(f"no such rows: {', '.join(sorted(unknown))}")
    return Options(
        runs=found.runs or (1 if found.quick else 5),
        only=only or rows.GROUPS,
        json=found.json,
        idle_s=10.0 if found.quick else 60.0,
    )


# ── measuring ───────────────────────────────────────────────────────────────────────────────


def plan(homes: Homes, feeds: server.Control, options: Options) -> list[Session]:
    """The sessions that the wanted rows need. What changes the machine least comes first."""
    all_sessions = [
        Session("the empty app", ("start", "typed"), partial(sessions.start_empty, homes), every=1),
        *(
            Session(f"{n:,} posts", ("start", "memory"), partial(sessions.start, homes, n), every=1)
            for n in sessions.SIZES
        ),
        Session("with marks", ("start",), partial(sessions.start_kept, homes), every=1),
        Session("a check", ("check",), partial(checking.check, homes), every=1),
        Session("typed early", ("typed",), partial(sessions.typed_early, homes), every=1),
        Session(
            "keys",
            ("move", "held", "open", "category", "filter", "search"),
            partial(sessions.keys, homes, options.only),
        ),
        Session(
            "first refresh", ("first",), partial(sessions.first_refresh, homes, feeds), every=1
        ),
        Session("a long post", ("long",), partial(sessions.long_post, homes)),
        Session("searches", ("search", "counts", "store"), partial(sessions.find, homes)),
        Session("unchanged", ("unchanged",), partial(sessions.refresh_unchanged, homes, feeds)),
        Session("a large feed", ("large",), partial(sessions.store_large, homes, feeds)),
        Session(
            "keys and a large feed",
            ("large",),
            partial(sessions.refresh_large_meanwhile, homes, feeds),
        ),
        Session(
            "keys and a refresh", ("refresh",), partial(sessions.refresh_meanwhile, homes, feeds)
        ),
        Session(
            "keys and many sources",
            ("many",),
            partial(sessions.refresh_many_meanwhile, homes, feeds),
        ),
        Session("keys and a huge feed", ("huge",), partial(sessions.first_huge_meanwhile, homes)),
        Session("an import", ("import",), partial(sessions.import_many, homes)),
        Session("an archive", ("archive",), partial(sessions.archive_double, homes), every=0),
        *(
            Session(f"the link, {size[0]}x{size[1]}", ("link",), partial(link.ours, homes, size))
            for size in link.SIZES
        ),
        Session("idle", ("idle",), partial(sessions.idle, homes, options.idle_s), every=0),
    ]
    peer = newsboat.path()
    if peer is not None:
        all_sessions[1:1] = [
            Session(
                "newsboat",
                ("start", "memory", "move", "held", "open"),
                partial(newsboat.keys, homes, peer),
            ),
            Session(
                "newsboat, first reload",
                ("first",),
                partial(newsboat.first, homes, feeds),
                every=1,
            ),
            Session(
                "newsboat, searches",
                ("search",),
                partial(newsboat.search, homes, peer),
            ),
            Session(
                "newsboat, unchanged",
                ("unchanged",),
                partial(newsboat.unchanged, homes, feeds),
            ),
            *(
                Session(
                    f"newsboat's link, {size[0]}x{size[1]}",
                    ("link",),
                    partial(link.theirs, homes, size, peer),
                )
                for size in link.SIZES
            ),
        ]
    rig = os.environ.get("NORDIC_TUI_RIG")
    if rig:
        all_sessions.append(
            Session("the rig", ("archive",), partial(sessions.archive_rig, homes, rig.rstrip("/")))
        )
    return [session for session in all_sessions if set(session.groups) & set(options.only)]


def measure(chosen: Sequence[Session], runs: int, progress: Console) -> list[Figures]:
    """Run the starts once without looking, to have caches warm, then all sessions in rounds.

    A session in which something did not come to the screen gives no figures; that is told once.
    """
    told: set[str] = set()

    def attempt(session: Session, when: str) -> Figures:
        try:
            with progress.status(f"{when}: {session.name}"):
                return session.run()
        except NotSeenError as error:
            if session.name not in told:
                told.add(session.name)
                progress.print(f"{session.name}: {error}", markup=False, highlight=False)
            return {}

    for session in chosen:
        if session.every == 1:
            attempt(session, "preparing")
    rounds: list[Figures] = []
    for number in range(runs * SHORT_ROUNDS):
        figures: Figures = {}
        for session in chosen if number % 2 == 0 else chosen[::-1]:
            if number == 0 or (session.every and number % session.every == 0):
                figures |= attempt(session, f"round {number + 1} of {runs * SHORT_ROUNDS}")
        rounds.append(figures)
    return rounds


# ── telling ─────────────────────────────────────────────────────────────────────────────────


def demands(measured: rows.Rounds, groups: Sequence[str]) -> Table:
    table = Table("what", title="Nordic TUI", title_justify="left")
    for heading in ("figure", "limit", "holds"):
        table.add_column(heading, justify="right")
    for group in groups:
        for row in (row for row in rows.ROWS if row.group == group):
            value = row.figure(measured)
            limit = "" if row.most is None else f"≤ {rows.written(row.most, row.unit)}"
            table.add_row(row.what, rows.written(value, row.unit), limit, _holds(row, value))
        table.add_section()
    return table


def _holds(row: rows.Row, value: float | None) -> str:
    if row.most is None:
        return ""
    if value is None:
        return "newsboat not installed" if _needs_newsboat(row) else "no: not measured"
    return "yes" if value <= row.most else "no"


def _needs_newsboat(row: rows.Row) -> bool:
    return "newsboat" in row.what and newsboat.path() is None


def peers(measured: rows.Rounds, groups: Sequence[str]) -> Table:
    table = Table("peers", title_justify="left")
    for heading in ("Nordic TUI", "newsboat"):
        table.add_column(heading, justify="right")
    for peer in rows.PEERS:
        if peer.group in groups:
            ours, theirs = (rows.middle(name)(measured) for name in (peer.ours, peer.theirs))
            table.add_row(peer.what, rows.written(ours, peer.unit), rows.written(theirs, peer.unit))
    return table


def machine() -> str:
    return (
        f"Python {platform.python_version()}, Textual {version('textual')},"
        f" {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )


def report(measured: rows.Rounds, groups: Sequence[str]) -> dict[str, Any]:
    """Everything as JSON: the rows, and each round's figures (seconds, bytes, MB, shares)."""
    told = []
    for row in rows.ROWS:
        if row.group in groups:
            value = row.figure(measured)
            holds = None if row.most is None else value is not None and value <= row.most
            told.append({"what": row.what, "figure": value, "most": row.most, "holds": holds})
    return {"machine": machine(), "rows": told, "rounds": list(measured)}


if __name__ == "__main__":
    raise SystemExit(main())
