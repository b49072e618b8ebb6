"""What all tests have in common."""

import os

import pytest

MEASURED = {"decode", "fetch", "service", "store", "text"}
"""The rooms of which every branch is taken: in their tests, programs that a test starts are
measured as well. Elsewhere that would be a sixth of a second for each."""


@pytest.fixture(autouse=True)
def unmeasured_programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.path.parent.name not in MEASURED:
        for name in [name for name in os.environ if name.startswith("COVERAGE")]:
            monkeypatch.delenv(name)
