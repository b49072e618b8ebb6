"""What stands on the screen "Sources"."""

from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.widgets.source_list import SourceList, SourcePane
from tests.fakes import feed

from ..helpers import (
    cursor_row,
    lines,
    running_text,
)

A, B, C, D = (f"https://{name}.example/feed/" for name in "abcd")

FEEDS = {
    address: feed(f"Of {name}", title=name, categories=("Events", "Jobs"))
    for address, name in ((A, "Alpha"), (B, "Beta"), (C, "Gamma"), (D, "Delta"))
}


def table(app: NordicApp) -> list[str]:
    """The table's rows as they are drawn, without the cursor and the empty ones."""
    drawn = lines(app, app.screen.query_one(SourceList))
    return [line[3:].rstrip(" ▕") for line in drawn if line.strip(" ▕")]


def names(app: NordicApp) -> list[str]:
    """The first column of the table, with its indents."""
    return [row.split("   ")[0] if row[0] != " " else _indented(row) for row in table(app)]


def _indented(row: str) -> str:
    name = row.lstrip()
    return " " * (len(row) - len(name)) + name.split("   ")[0]


def about(app: NordicApp) -> str:
    """What the pane says of the source under the cursor."""
    return running_text(app, app.screen.query_one(SourcePane))


def on_source(app: NordicApp) -> str:
    return cursor_row(app, app.screen.query_one(SourceList))[3:].strip().split("   ")[0]
