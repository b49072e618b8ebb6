import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nordic_tui.text.clean import graphemes
from nordic_tui.text.wrapping import Piece, Role, cut, wrap, wrap_runs


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 10, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("one\n\n two", 10, ["one", "", "two"]),
        ("a verylongword b", 5, ["a", "veryl", "ongwo", "rd b"]),
        ("東京 is 東京", 5, ["東京", "is 東", "京"]),
        ("夜。昼", 4, ["夜。", "昼"]),
        ("e\u0301" * 3, 2, ["e\u0301" * 2, "e\u0301"]),
        ("🇩🇰🇸🇪", 3, ["🇩🇰", "🇸🇪"]),
        ("東", 1, ["東"]),
    ],
)
def test_plain_text_is_wrapped(text: str, width: int, expected: list[str]) -> None:
    assert wrap(text, width) == expected


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("ab cd", 4, "ab…"),
        ("Ærø og", 4, "Ærø…"),
        ("東京都", 5, "東京…"),
        ("東京都", 4, "東…"),
        ("👩\u200d👧👩\u200d👧", 3, "👩\u200d👧…"),
        ("ae\u0301o\u0308u", 3, "ae\u0301…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ],
)
def test_a_line_is_cut_between_graphemes(text: str, width: int, expected: str) -> None:
    assert cut(text, width) == expected


@given(st.text(), st.integers(0, 20))
def test_a_cut_line_fits(text: str, width: int) -> None:
    assert cell_len(cut(text, width)) <= width


@given(st.text(), st.integers(1, 20))
def test_wrapped_lines_fit_and_lose_no_letter(text: str, width: int) -> None:
    lines = wrap(text, width)
    for line in lines:
        assert cell_len(line) <= width or len(list(graphemes(line))) == 1
    assert "".join(lines).replace(" ", "") == text.replace("\n", "").replace(" ", "")


def test_a_word_of_several_styles_is_not_parted() -> None:
    bold = Role.STRONG
    assert wrap_runs([("one two", Role.TEXT, None), ("three", bold, None)], 9) == [
        (Piece("one", Role.TEXT),),
        (Piece("two", Role.TEXT), Piece("three", bold)),
    ]
    assert wrap_runs([("ab", Role.TEXT, None), ("cdef", bold, None)], 3) == [
        (Piece("ab", Role.TEXT), Piece("c", bold)),
        (Piece("def", bold),),
    ]
