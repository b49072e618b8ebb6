import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nordic_tui.text.clean import graphemes
from nordic_tui.text.wrapping import Piece, Role, Run, cut, is_narrow, wrap, wrap_runs


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
    assert list(wrap_runs([("one two", Role.TEXT, None), ("three", bold, None)], 9)) == [
        (Piece("one", Role.TEXT),),
        (Piece("two", Role.TEXT), Piece("three", bold)),
    ]
    assert list(wrap_runs([("ab", Role.TEXT, None), ("cdef", bold, None)], 3)) == [
        (Piece("ab", Role.TEXT), Piece("c", bold)),
        (Piece("def", bold),),
    ]


NARROW_RUNS = st.lists(
    st.tuples(
        st.text(alphabet="ab–é \n", max_size=12),
        st.sampled_from((Role.TEXT, Role.LINK)),
        st.sampled_from((None, 1)),
    ),
    max_size=6,
)


@given(NARROW_RUNS, st.integers(1, 12))
def test_the_short_way_for_narrow_text_leads_to_the_same_lines(runs: list[Run], width: int) -> None:
    text = "".join(run[0] for run in runs)
    if "  " in text:
        runs = [(part.replace(" ", ""), role, link) for part, role, link in runs]
    # A sign that no letter of the alphabet above is wide or clings to sends it the long way.
    marked = [*runs, ("\n👍", Role.TEXT, None)]
    *lines, last = wrap_runs(marked, max(width, 2))
    assert list(wrap_runs(runs, max(width, 2))) == lines
    assert last == (Piece("👍", Role.TEXT),)


def test_the_signs_that_are_taken_for_narrow_are() -> None:
    odd = [
        char
        for char in map(chr, range(0x30000))
        if is_narrow(char)
        and char > "\x7f"
        and (cell_len(char) != 1 or len([*graphemes("a" + char)]) != 2)
    ]
    assert odd == []


def test_lines_are_made_as_they_are_asked_for() -> None:
    lines = wrap_runs([("word " * 1_000_000, Role.TEXT, None)], 9)
    assert next(lines) == (Piece("word word", Role.TEXT),)
