"""`nordic-tui paths`: where everything is."""

import sys
from argparse import ArgumentParser, Namespace

from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, is_screen, write
from nordic_tui.config.paths import find_paths
from nordic_tui.text import clean


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help='as JSON: {"version": 1, "paths": {NAME: …}}'
    )


def run(options: Namespace) -> int:
    files = find_paths().by_name()
    if options.json:
        import json

        paths = {name: {"path": str(p), "exists": p.exists()} for name, p in files.items()}
        write(json.dumps({"version": 1, "paths": paths}, indent=2) + "\n")
        return DONE
    to_screen = is_screen(sys.stdout)
    longest = max(len(str(path)) for path in files.values())
    for name, path in files.items():
        state = "exists" if path.exists() else "missing"
        where = clean.line(str(path), 5_000)
        if to_screen:
            write(f"{name:<8}  {where:<{longest}}  {state}\n")
        else:
            write(f"{name}\t{where}\t{state}\n")
    return DONE


COMMAND = Command(
    name="paths",
    summary="where settings, cache, library, history, consent, undo, log and checks are",
    description=(
        "Where everything is, and whether it exists. A pipe or file gets the name, the path and "
        '"exists" or "missing", parted by tabs.'
    ),
    examples=(
        ("nordic-tui paths", "every place"),
        ("nordic-tui paths | grep ^settings | cut -f 2", "the settings file"),
    ),
    add_arguments=add_arguments,
    run=run,
)
