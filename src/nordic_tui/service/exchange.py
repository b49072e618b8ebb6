"""What comes in from another reader, beside what is followed. Pure."""

from typing import NamedTuple

from nordic_tui.model import Following, SavedView, Source


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

    A source is known by its address and a view by its name, so merging twice is merging once.
    """
    sources = {source.address: source for source in imported.sources}
    views = {view.name: view for view in imported.views}
    for source in known.sources:
        sources.pop(source.address, None)
    for view in known.views:
        views.pop(view.name, None)
    return Following((*known.sources, *sources.values()), (*known.views, *views.values()))


def plan(known: Following, imported: Following) -> Plan:
    """What `merge` would add, and how much of it is there already."""
    merged = merge(known, imported)
    sources = merged.sources[len(known.sources) :]
    views = merged.views[len(known.views) :]
    return Plan(
        sources, views, len(imported.sources) - len(sources), len(imported.views) - len(views)
    )
