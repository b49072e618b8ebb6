"""Texts that look like something else are shown as what they are, as far as can be known."""

import pytest

from tests.hostile.shown import Shown, is_shown_as_said
from tests.hostile.spoofing import CASES


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_shown_of_it(case: Shown) -> None:
    is_shown_as_said(case)
