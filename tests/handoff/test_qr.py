"""QR codes are read back: from half blocks to modules to the library's own."""

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.errors import HandoffError
from nordic_tui.handoff.qr import qr_rows

LINK = "https://nordicsafecities.org/new-initiatives/"
LIGHT = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}


def modules(rows: list[str]) -> list[list[int]]:
    """What a camera sees: 1 for a dark module, row by row, two rows out of each line."""
    seen = []
    for line in rows:
        for half in (0, 1):
            seen.append([1 - LIGHT[sign][half] for sign in line])
    return seen


def inside(rows: list[str], quiet: int) -> list[list[int]]:
    """The code without its quiet zone, which must be light all round."""
    seen = modules(rows)
    size = len(seen[0]) - 2 * quiet
    code = [line[quiet : quiet + size] for line in seen[quiet : quiet + size]]
    assert sum(map(sum, seen)) == sum(map(sum, code)), "the border is light"
    return code


@pytest.mark.parametrize(("columns", "lines", "quiet"), [(80, 40, 4), (37, 19, 4), (33, 17, 2)])
def test_it_is_the_code_of_the_address(columns: int, lines: int, quiet: int) -> None:
    rows = qr_rows(LINK, columns, lines)
    wanted = segno.make(LINK, error="l", micro=False)
    assert inside(rows, quiet) == [list(line) for line in wanted.matrix]
    assert {len(row) for row in rows} == {len(wanted.matrix) + 2 * quiet}


@given(st.text("abc/?=&%-é", max_size=60), st.integers(0, 90), st.integers(0, 45))
def test_it_fits_or_is_refused(path: str, columns: int, lines: int) -> None:
    try:
        rows = qr_rows(f"https://news.example/{path}", columns, lines)
    except HandoffError as error:
        assert "does not fit" in str(error)  # noqa: PT017  either may happen
    else:
        assert len(rows) <= lines
        assert {len(row) for row in rows} == {len(rows[0])}
        assert len(rows[0]) <= columns


def test_where_it_does_not_fit_it_says_what_it_takes() -> None:
    with pytest.raises(HandoffError) as caught:
        qr_rows(LINK, 40, 9)
    assert str(caught.value) == (
        "The QR code of this link does not fit: it takes 33 columns and 17 rows, and there is "
        "room for 40 and 9."
    )


def test_the_smallest_version_is_taken() -> None:
    sizes = [len(qr_rows(f"https://a.example/{'x' * n}", 200, 100)[0]) - 8 for n in (0, 30, 110)]
    assert sizes == [25, 29, 41]


def test_letters_of_other_scripts_are_written_in_ascii() -> None:
    rows = qr_rows("https://münchen.example:8080/straße?q=ø", 80, 40)
    wanted = segno.make(
        "https://xn--mnchen-3ya.example:8080/stra%C3%9Fe?q=%C3%B8", error="l", micro=False
    )
    assert inside(rows, 4) == [list(line) for line in wanted.matrix]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", ""])
def test_only_what_may_be_opened_becomes_a_code(address: str) -> None:
    with pytest.raises(HandoffError, match=r"^Only http, https and mailto"):
        qr_rows(address, 80, 40)


def test_what_no_code_can_hold() -> None:
    with pytest.raises(HandoffError, match=r"^This link is too long for a QR code\.$"):
        qr_rows("https://a.example/" + "x" * 3_000, 400, 400)
