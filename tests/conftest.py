"""What all tests have in common: which lines are measured, in a run that measures them."""

import os
import sys
from collections.abc import Iterator

import pytest

MEASURED = {"decode", "fetch", "service", "store", "text"}
"""The rooms of which every branch is taken: in their tests, programs that a test starts are
measured as well. Elsewhere that would be a sixth of a second for each."""
WITHOUT = {
    *("config", "demo", "encode", "generated", "handoff", "kills", "lifecycle", "privacy"),
    *("tui", "screens", "widgets"),
}
"""The tests of what leans on those rooms: nothing is measured in them, which nearly halves their
time. What they alone would take of a room wants a test of the room's own."""


@pytest.fixture(autouse=True)
def measured_where_it_counts(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    room = request.path.parent.name
    if room not in MEASURED:
        for name in [name for name in os.environ if name.startswith("COVERAGE")]:
            monkeypatch.delenv(name)
    measuring = None
    if room in WITHOUT and "coverage" in sys.modules:
        measuring = sys.modules["coverage"].Coverage.current()
    if measuring is None:
        yield
        return
    measuring.stop()
    try:
        yield
    finally:
        measuring.start()
