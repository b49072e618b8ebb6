"""The sources as the rows of a list: folders with what is in them, in the order of the sidebar."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from nordic_tui.model import Source, SourceState
from nordic_tui.text import clean


class SourceRow(NamedTuple):
    """A source, with what is kept of it."""

    source: Source
    state: SourceState
    depth: int

    @property
    def title(self) -> str:
        """What it is called, on one line; never empty."""
        name = clean.line(self.source.name) or clean.line(self.state.title)
        return name or clean.shown_address(self.source.address)


class FolderRow(NamedTuple):
    """The heading of a folder."""

    path: str
    name: str
    sources: int
    """How many sources are in it and in the folders below it."""
    depth: int


Row: TypeAlias = SourceRow | FolderRow


class _Folder:
    """A folder while the outline is made."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.children: list[_Folder | Source] = []
        self.sources = 0


def _folders(sources: Sequence[Source]) -> dict[str, _Folder]:
    """All folders by their path; "" holds what stands in none. A folder stands where its first
    source would."""
    folders = {"": _Folder("")}

    def folder(path: str) -> _Folder:
        known = folders.get(path)
        if known is None:
            known = folders[path] = _Folder(path)
            folder(path.rpartition("/")[0]).children.append(known)
        return known

    for source in sources:
        folder(source.folder).children.append(source)
        path = source.folder
        while path:
            folders[path].sources += 1
            path = path.rpartition("/")[0]
    return folders


def outline(sources: Sequence[Source], states: Mapping[str, SourceState]) -> list[Row]:
    """The rows of a list of sources. states: what is kept of them, by address."""
    rows: list[Row] = []

    def add(folder: _Folder, depth: int) -> None:
        for child in folder.children:
            if isinstance(child, _Folder):
                name = child.path.rpartition("/")[2]
                rows.append(FolderRow(child.path, name, child.sources, depth))
                add(child, depth + 1)
            else:
                state = states.get(child.address) or SourceState(child.address)
                # What a person said counts at once, before the store has heard of it.
                rows.append(SourceRow(child, state._replace(paused=child.paused), depth))

    add(_folders(sources)[""], 0)
    return rows


def place_beside(sources: Sequence[Source], address: str, step: int) -> int | None:
    """The place in `sources` that brings one of them after (step 1) or before (-1) what stands
    beside it in its folder; None: nothing does. Raises KeyError for an unknown address."""
    source = {source.address: source for source in sources}[address]
    siblings = _folders(sources)[source.folder].children
    number = siblings.index(source) + step
    if not 0 <= number < len(siblings):
        return None
    neighbour = siblings[number]
    while isinstance(neighbour, _Folder):
        neighbour = neighbour.children[0]
    return sources.index(neighbour)
