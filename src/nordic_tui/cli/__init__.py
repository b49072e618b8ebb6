"""The command line: one file a command group.

run.py        which command it is; statuses, signals and everything that goes wrong
arguments.py  the parsers, made from the commands' own declarations
console.py    words on stderr, data on stdout
crash.py      the report of an error that nobody expected
progress.py   asks sources and shows how far it is
read.py  addresses.py   the reader: followed sources, or addresses and standard input
add.py  sources.py  change.py   what is followed: added, shown, removed, changed, undone
manners.py   the options for how a source is asked, of add and change
listing.py  search.py  brief.py   posts: all of a place, what a search finds, to be sent round
views.py  rules.py   searches that are saved, and what is done with what they find
data.py  library.py   what is a person's own; private.py writes it where only they may read
tables.py   rows as a table, as lines, as JSON
demo.py   the reader on a stage
refresh.py  archive.py  exchange.py  paths.py   the other commands

Nothing costly is imported before it is known what is wanted: only the reader imports Textual.
"""

import gc
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit status.

    arguments: None: those of the process, which ends with it.
    """
    from nordic_tui.cli.run import run

    if arguments is not None:
        return run(list(arguments))
    from nordic_tui.cli import crash

    crash.leave_no_core()
    if sys.argv[1:] != ["--version"]:
        # To the very end: what is cleared away then may fail as well.
        crash.watch()
    status = run(sys.argv[1:])
    # At its end Python would look several times for what nobody needs any more, 30 ms in all.
    gc.freeze()
    return status
