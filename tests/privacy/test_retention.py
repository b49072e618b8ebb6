"""What is older than was agreed is gone from the disk, also while the program stays open."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nordic_tui.config.consent import ConsentFile
from nordic_tui.model import Answer
from nordic_tui.store.history import COPIES_DAYS
from nordic_tui.tui.screens import reader as reader_screen
from tests.fakes import NOW, decided
from tests.privacy.reader import ON_THE_PAGE, Home
from tests.privacy.test_traces import app_of, read_it, touch_nothing
from tests.privacy.traces import beside_the_posts, traces
from tests.tui.helpers import press, until


@pytest.fixture
def keeper(home: Home) -> Home:
    """A home of somebody who has agreed."""
    ConsentFile(home.paths.consent_file).save(decided(Answer.KEEP))
    return home


def told(home: Home) -> set[str]:
    return set(beside_the_posts(traces(home.path, home.needles)))


async def go_on_to_the_other(pilot: Pilot[int]) -> None:
    """Where one is at the end is kept anew."""
    await press(pilot, "G")


def test_at_a_start_the_pages_of_what_is_too_old_are_overwritten(keeper: Home) -> None:
    """Marks, positions, acts and their undo, full texts with their words."""
    assert keeper.read(read_it) == 0
    assert told(keeper) == {"history.db"}
    keeper.clock.move(days=364)
    assert keeper.read(go_on_to_the_other) == 0
    assert told(keeper) == {"history.db"}
    keeper.clock.move(days=2)
    keeper.hear()
    assert keeper.read(touch_nothing) == 0
    assert told(keeper) == set()
    with keeper.parts() as parts:
        assert parts.store.stored()[:3] == (0, 0, None)


def test_while_the_program_stays_open_what_gets_too_old_goes(
    keeper: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_screen, "PRUNE_EVERY_S", 0.05)

    async def stay(pilot: Pilot[int]) -> None:
        await read_it(pilot)
        assert any(name.startswith("history.db") for name in told(keeper))
        keeper.clock.move(days=366)
        keeper.hear()
        await until(pilot, lambda: app_of(pilot).services.history.stored().marks == 0)
        # While it is open: neither the file nor its log.
        await until(pilot, lambda: told(keeper) == set())
        await go_on_to_the_other(pilot)

    assert keeper.read(stay) == 0
    assert told(keeper) == set()


def test_a_shorter_time_in_the_settings_holds_from_the_next_start_on(keeper: Home) -> None:
    assert keeper.read(read_it) == 0
    keeper.clock.move(days=31)
    keeper.hear()
    keeper.settings("retention_days = 30")
    assert keeper.read(touch_nothing) == 0
    assert told(keeper) == set()


@pytest.mark.parametrize("name", ["history.db.v1-backup", "history.db.corrupt-20260101-120000"])
def test_copies_go_after_a_month(keeper: Home, name: str) -> None:
    copy = keeper.paths.history_file.with_name(name)
    copy.write_bytes(ON_THE_PAGE.encode())
    keeper.hear()

    def at_start(days: float) -> Path:
        made = (NOW - timedelta(days=days)).timestamp()
        os.utime(copy, (made, made))
        assert keeper.read(touch_nothing) == 0
        return copy

    assert at_start(COPIES_DAYS - 1).exists()
    assert not at_start(COPIES_DAYS + 1).exists()
