"""What a check from a login takes, beside a Python that does nothing."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.benchmarks.probe import environment
from tests.benchmarks.sessions import Figures, Homes

SIZES: Final = (10_000, 100_000)
TIMES: Final = 7
"""Each is so short that the fastest tells what it takes: the others waited for something."""
_BARE: Final = ("-c", "import sqlite3")
# What the installer writes as the command, in place of `-m`, which imports runpy.
_COMMAND: Final = (
    "-c",
    "import re, sys; from nordic_tui.cli import main; sys.argv[0] = 'nordic-tui'; sys.exit(main())",
)


def check(homes: Homes) -> Figures:
    """In turns, so that all meet the same machine."""
    runs: dict[str, tuple[Path, Sequence[str]]] = {"bare": (homes.filled(SIZES[0]), _BARE)}
    for posts in SIZES:
        home = homes.filled(posts)
        runs[f"{posts}"] = home, (*_COMMAND, "check")
        runs[f"motd_{posts}"] = home, (*_COMMAND, "check", "--motd")
    runs["week"] = homes.filled(SIZES[-1]), (*_COMMAND, "check", "--since", "week")
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(TIMES):
        for name, (home, words) in runs.items():
            taken[name].append(_time(words, home))
    return {f"check.{name}_s": min(times) for name, times in taken.items()}


def _time(words: Sequence[str], home: Path) -> float:
    variables = dict(environment(home))
    variables.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    started_at = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *words],
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    took_s = time.perf_counter() - started_at
    assert done.returncode in (0, 10), words
    return took_s
