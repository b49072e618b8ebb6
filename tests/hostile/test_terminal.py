"""Texts that a terminal would obey are shown as text, or not at all."""

import pytest

from tests.hostile.shown import Shown, is_shown_as_said
from tests.hostile.terminal import CASES


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_shown_of_it(case: Shown) -> None:
    is_shown_as_said(case)
