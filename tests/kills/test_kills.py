"""Fifty kills, half in each of two programs: what was acknowledged is there, and nothing is half.

They are programs of their own, as nothing may be open in what forks.
"""

import subprocess
import sys

import pytest

from .scenario import Scenario
from .scenarios import SCENARIOS

HALVES = SCENARIOS[::2], SCENARIOS[1::2]


@pytest.mark.parametrize("half", HALVES, ids=lambda half: ", ".join(each.name for each in half))
def test_whatever_is_killed_the_next_start_is_whole(half: tuple[Scenario, ...]) -> None:
    only = [word for each in half for word in ("--only", each.name)]
    killed = subprocess.run(
        [sys.executable, "-m", "tests.kills", "25", *only],
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.returncode == 0, killed.stdout + killed.stderr
    assert "25 kills" in killed.stdout
