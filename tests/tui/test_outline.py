"""The sources as rows: folders, and where a source goes that is moved."""

from nordic_tui.model import Source, SourceState
from nordic_tui.tui.outline import FolderRow, Row, SourceRow, outline, place_beside


def source(name: str, folder: str = "") -> Source:
    return Source(f"https://{name}.example/feed/", name=name, folder=folder)


def drawn(rows: list[Row]) -> list[str]:
    """The rows as text, two blanks a step to the right; folders end in a slash."""
    return [
        "  " * row.depth + (f"{row.name}/" if isinstance(row, FolderRow) else row.title)
        for row in rows
    ]


MIXED = (
    source("a"),
    source("b", "News/Nordic"),
    source("c"),
    source("d", "News"),
    source("e", "News/Nordic"),
)


def test_a_folder_stands_where_its_first_source_would() -> None:
    assert drawn(outline(MIXED, {})) == [
        "a",
        "News/",
        "  Nordic/",
        "    b",
        "    e",
        "  d",
        "c",
    ]


def test_a_folder_counts_what_is_below_it() -> None:
    folders = [row for row in outline(MIXED, {}) if isinstance(row, FolderRow)]
    assert [(row.path, row.sources) for row in folders] == [("News", 3), ("News/Nordic", 2)]


def test_a_source_is_called_by_its_name_its_feed_or_its_address() -> None:
    address = "https://me:secret@a.example/feed/"
    for name, title, wanted in (
        ("Mine", "Theirs", "Mine"),
        ("", "Theirs\x1b[2J", "Theirs"),
        ("", "", "https://a.example/feed/"),
    ):
        (row,) = outline([Source(address, name=name)], {address: SourceState(address, title)})
        assert isinstance(row, SourceRow)
        assert row.title == wanted


def test_a_pause_shows_before_the_store_knows_of_it() -> None:
    paused = source("a")._replace(paused=True)
    (row,) = outline([paused], {paused.address: SourceState(paused.address)})
    assert isinstance(row, SourceRow)
    assert row.state.paused


def moved(name: str, step: int) -> list[str] | None:
    """The outline after a source was moved; None: it can't be."""
    wanted = next(source for source in MIXED if source.name == name)
    place = place_beside(MIXED, wanted.address, step)
    if place is None:
        return None
    others = [source for source in MIXED if source != wanted]
    others.insert(place, wanted)
    return drawn(outline(others, {}))


def test_a_source_moves_past_what_stands_beside_it() -> None:
    assert moved("a", 1) == ["News/", "  Nordic/", "    b", "    e", "  d", "a", "c"]
    assert moved("c", -1) == ["a", "c", "News/", "  Nordic/", "    b", "    e", "  d"]
    assert moved("d", -1) == ["a", "News/", "  d", "  Nordic/", "    b", "    e", "c"]


def test_a_source_does_not_leave_its_folder() -> None:
    assert moved("a", -1) is None
    assert moved("c", 1) is None
    assert moved("b", -1) is None
    assert moved("e", 1) is None
