"""What comes in from another reader, beside what is followed. Pure."""

from typing import NamedTuple

from nordic_tui.model import Following, SavedView, Source
from nordic_tui.text import clean


class Plan(NamedTuple):
    """What an import would change."""

    sources: tuple[Source, ...]
    """Those that are not followed yet."""
    views: tuple[SavedView, ...]
    known_sources: int
    """How many of its sources are followed already."""
    known_views: int


def merge(known: Following, imported: Following) -> Following:
    """What is followed, as it is, and after it what is new.

    A source is known by its address and a view by its name, so merging twice is merging once. An
    address without a login counts as known where it is followed with one, since exports have none.
    """
    seen = {_identity(source.address) for source in known.sources}
    seen |= {clean.public_address(source.address) for source in known.sources}
    new = []
    for source in imported.sources:
        identity = _identity(source.address)
        if identity not in seen:
            seen.add(identity)
            new.append(source)
    views = {view.name: view for view in imported.views}
    for view in known.views:
        views.pop(view.name, None)
    return Following((*known.sources, *new), (*known.views, *views.values()))


def _identity(address: str) -> str:
    """The address in one spelling; the path of a file as it is."""
    return clean.url(address) or address


def plan(known: Following, imported: Following) -> Plan:
    """What `merge` would add, and how much of it is there already."""
    merged = merge(known, imported)
    sources = merged.sources[len(known.sources) :]
    views = merged.views[len(known.views) :]
    return Plan(
        sources, views, len(imported.sources) - len(sources), len(imported.views) - len(views)
    )
