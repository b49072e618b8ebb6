"""What is printed while it runs, and the verdict."""

import statistics
import sys
import time
from pathlib import Path
from typing import Final

from tests.endurance.figures import Held, left_behind

WARM_UP: Final = 50
"""Refreshes after which everything was loaded and every pool has its size."""
BOUND: Final = 10_000_000
"""Bytes that memory may grow by."""
REPORT_EVERY: Final = 25


class Report:
    """The lines that are printed, and the verdict."""

    def __init__(self) -> None:
        self._noted: list[Held] = []
        self._started_at = time.monotonic()

    def note(self, number: int, now: Held, more: str = "") -> None:
        if number >= WARM_UP:
            self._noted.append(now)
        minutes, seconds = divmod(int(time.monotonic() - self._started_at), 60)
        sys.stdout.write(
            f"{number:6} refreshes {minutes:3}:{seconds:02}   {now.memory / 1e6:7.1f} MB"
            f"   {len(now.descriptors):3} descriptors {now.threads:3} threads"
            f" {now.children:2} children {len(now.files):3} files   {more}\n"
        )
        sys.stdout.flush()

    def verdict(self) -> int:
        """Print what came of it; gives the exit status."""
        first, last = self._noted[0], self._noted[-1]
        sizes = [each.memory for each in self._noted]
        grown = last.memory - first.memory
        part = max(len(sizes) // 4, 1)
        trend = statistics.median(sizes[-part:]) - statistics.median(sizes[:part])
        left = left_behind(first, last)
        sys.stdout.write(
            f"memory since the warm-up: {grown / 1e6:+.1f} MB; from the first quarter to the last "
            f"{trend / 1e6:+.1f} MB (medians); between {min(sizes) / 1e6:.1f} and "
            f"{max(sizes) / 1e6:.1f} MB\n"
        )
        sys.stdout.write(f"left behind: {'; '.join(left) or 'nothing'}\n")
        # One moment may be that of a large feed; what grows for good shows in the medians.
        return int(trend >= BOUND or bool(left))


def follow(settings: Path, addresses: list[str]) -> None:
    settings.parent.mkdir(parents=True)
    lines = ["refresh_on_start = false", *(f'[[sources]]\naddress = "{a}"' for a in addresses)]
    settings.write_text("\n".join(lines) + "\n")
