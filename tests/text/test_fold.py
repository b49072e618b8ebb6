import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.text.fold import fold


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("New Initiatives", "new initiatives"),
        ("Ærø og Ångström", "aero og angstrom"),
        ("Smørrebrød", "smorrebrod"),
        ("Þórður", "thordur"),
        ("GROẞ groß", "gross gross"),
        ("Łódź", "lodz"),
        ("it’s", "it's"),
        ("A\u030a Å", "a a"),
        ("ﬁn ℡", "fin tel"),
        ("Журнал", "журнал"),
        ("a\u034fb", "a\u034fb"),  # no mark: it keeps letters apart
        ("e\u0301 и\u0483 x\u1ab0", "e и x"),
        ("東京", "東京"),
    ],
)
def test_case_and_marks_are_off(text: str, expected: str) -> None:
    assert fold(text) == expected


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
