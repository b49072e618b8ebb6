"""Texts that a terminal would obey are shown as text, or not at all."""

import pytest

from tests.hostile.shown import (
    Shown,
    comes_with_a_feed,
    is_a_row,
    passes_the_gate,
    passes_the_last_gate,
)
from tests.hostile.terminal import CASES


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_shown_of_it(case: Shown) -> None:
    passes_the_gate(case)
    comes_with_a_feed(case)
    is_a_row(case)
    passes_the_last_gate(case)
