import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nordic_tui.text.blocks import Span, Table
from nordic_tui.text.tables import set_table
from nordic_tui.text.wrapping import Role


def table(*rows: str, header_rows: int = 1) -> Table:
    cells = tuple(
        tuple((Span(text.strip()),) if text.strip() else () for text in row.split("|"))
        for row in rows
    )
    return Table(cells, header_rows)


def lines_of(block: Table, width: int) -> list[str]:
    return ["".join(piece.text for piece in line) for line in set_table(block, width, Role.TEXT)]


@pytest.mark.parametrize(
    ("block", "width", "lines"),
    [
        (table("a|b", "c|d"), 20, ["a  b", "────", "c  d"]),
        (table("a|b", "c|d", header_rows=0), 20, ["a  b", "c  d"]),
        (
            table("Name|Sum", "a|1,204", "b|9"),
            20,
            ["Name    Sum", "───────────", "a     1,204", "b         9"],
        ),
        (table("a|1", "b|22", header_rows=0), 20, ["a  1", "b  22"]),
        (
            table("Place|What is there", "Oslo|A tram that climbs the hills"),
            24,
            [
                "Place  What is there",
                "────────────────────────",
                "Oslo   A tram that",
                "       climbs the hills",
            ],
        ),
        (
            table("Name|Address", "Anna|Strandgatan 12 A", "Bo|Kongens gate 1"),
            17,
            [
                "Name: Anna",
                "Address:",
                "Strandgatan 12 A",
                "",
                "Name: Bo",
                "Address: Kongens",
                "gate 1",
            ],
        ),
        (table("One|Two", "a|"), 3, ["One", ": a"]),
    ],
)
def test_tables(block: Table, width: int, lines: list[str]) -> None:
    assert lines_of(block, width) == lines


def test_columns_share_what_there_is() -> None:
    long, longer = "word " * 8, "word " * 40
    first = lines_of(table(f"a|{long}|{longer}", header_rows=0), 60)[0]
    # The short one gets what it needs, the others the same each.
    assert [first.index("a"), first.index("word"), len(first[:30].rstrip())] == [0, 3, 27]


@given(
    st.lists(
        st.lists(st.text("ab 12.\n", max_size=30), min_size=3, max_size=3), min_size=1, max_size=5
    ),
    st.integers(1, 60),
    st.integers(0, 2),
)
def test_no_table_is_too_wide(cells: list[list[str]], width: int, header_rows: int) -> None:
    block = Table(tuple(tuple((Span(text),) for text in row) for row in cells), header_rows)
    for line in lines_of(block, width):
        assert cell_len(line) <= width
