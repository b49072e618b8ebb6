"""The reader in a terminal that stays open: refreshes, and somebody who reads between them."""

import itertools
import os
import time
from pathlib import Path
from typing import Final

import psutil

from nordic_tui.config.paths import find_paths
from tests.endurance import server
from tests.endurance.figures import held
from tests.endurance.report import REPORT_EVERY, Report, follow
from tests.terminal import Terminal

WAIT_S: Final = 120.0

_KEYS = ("j", "\r", " ", "\x1b", "j", "?", "\x1b", "G", "m", "k", "s", "L", "\x1b", "g", "g", "2")


def refresh_in_reader(refreshes: int, feeds: int, home: Path) -> int:
    """Refresh by a key, read, and look at the process from outside."""
    report = Report()
    paths = find_paths()
    moves = itertools.cycle("jk")
    with server.running() as control:
        follow(paths.settings_file, [control.address(number) for number in range(feeds)])
        consent = paths.consent_file
        consent.parent.mkdir(parents=True, mode=0o700)
        consent.write_text('{"answer": "never", "at": "2026-10-01T12:00:00+00:00", "notice": 1}')
        reader = Terminal("-m", "nordic_tui", size=(120, 36), environment=dict(os.environ))
        try:
            reader.wait_for("All posts")
            process = psutil.Process(reader.process.pid)
            for number in range(1, refreshes + 1):
                control.next()
                reader.type("r")
                deadline = time.monotonic() + WAIT_S
                while control.asked() < feeds or "asking" in reader.text:
                    assert time.monotonic() < deadline, f"never done:\n{reader.text}"
                    assert not reader.ended, f"it has ended:\n{reader.text}"
                    reader.type(next(moves))
                    reader.read(0.2)
                # Every key sequence ends in the list, where r is heard.
                for key in _KEYS:
                    reader.type(key)
                    while reader.read(0.15):
                        pass  # an Esc is one only when nothing follows it at once
                reader.sent = b""  # of the terminal's side nothing is kept
                if number % REPORT_EVERY == 0 or number == refreshes:
                    report.note(number, held(process, (home,)))
            reader.type("\x03")
            status = reader.end()
        finally:
            reader.close()
    return report.verdict() or int(status != 130)
