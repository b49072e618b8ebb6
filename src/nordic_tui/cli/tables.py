"""Rows for whoever reads them: a table on a terminal, lines with tabs elsewhere, or JSON."""

import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from nordic_tui.cli.console import is_screen, say, write


class Column(NamedTuple):
    name: str
    wide: bool = False
    """Whether it takes what room there is."""
    is_number: bool = False


def show_rows(
    what: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    as_json: Sequence[Mapping[str, object]] | None,
    *,
    nothing: str = "",
    more: Mapping[str, object] | None = None,
) -> None:
    """Print rows of cells, one line each.

    what: the key of the rows in JSON. as_json: the rows for JSON; None: it is not asked for.
    nothing: what to say on a terminal where there are none. more: what else JSON has.
    """
    from nordic_tui.text import clean

    rows = [[clean.line(cell, clean.MAX_URL_CHARS) for cell in row] for row in rows]
    if as_json is not None:
        import json

        found = {"version": 1, **(more or {}), what: list(as_json)}
        write(json.dumps(found, indent=2) + "\n")
    elif not is_screen(sys.stdout):
        for row in rows:
            write("\t".join(row) + "\n")
    elif rows:
        _print_table(columns, rows)
    elif nothing:
        say(nothing)


def _print_table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # A column that nothing stands in takes no room.
    shown = [n for n, column in enumerate(columns) if any(row[n] for row in rows)]
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for number in shown:
        column = columns[number]
        table.add_column(
            column.name,
            justify="right" if column.is_number else "left",
            no_wrap=True,
            overflow="ellipsis",
            ratio=2 if column.wide else None,
        )
    for row in rows:
        table.add_row(*(Text(row[number]) for number in shown))
    Console(markup=False, highlight=False, emoji=False).print(table)
