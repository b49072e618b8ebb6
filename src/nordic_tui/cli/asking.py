"""Asks the sources that are due, before somebody looks at what is new: of `nordic-tui check`."""

import sys

from nordic_tui.cli.console import DONE, is_screen, say

PATIENCE_S = 0.2
"""What takes longer is told on a terminal."""


def ask_due() -> int:
    """Ask them, and say which failed; gives the exit status that this has: 0 all well, 3 some
    failed, 1 all did, or another instance comes to no end. Raises NordicError."""
    from nordic_tui import wiring
    from nordic_tui.cli import crash
    from nordic_tui.cli.progress import ask
    from nordic_tui.clock import system_clock
    from nordic_tui.config.paths import find_paths
    from nordic_tui.config.settings import load
    from nordic_tui.service import decide
    from nordic_tui.service.refresh import GAVE_UP

    crash.watch_log()
    paths = find_paths()
    settings = load(paths.settings_file)
    with wiring.open_parts(settings, paths) as parts:
        for problem in parts.problems:
            say(problem)
        wanted = decide.due(parts.store.states(), system_clock(), asked_for=False)
        if not wanted:
            return DONE
        delay_s = PATIENCE_S if is_screen(sys.stderr) else None
        outcome = ask(parts.refresher, wanted, label="Asking", delay_s=delay_s)
        if settings.rules:
            parts.store.index_all().result()  # rules are asked about what is in the index
    if outcome.finished.gave_up:
        say(GAVE_UP)
    for failure in outcome.failures:
        say(f"{failure.title} {failure.reason}.")
    return outcome.status
