"""What comes in from another reader, beside what is followed. Pure."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from nordic_tui.model import Following, Rule, SavedView, Source
from nordic_tui.text import clean


class Plan(NamedTuple):
    """What an import would change."""

    sources: tuple[Source, ...]
    """Those that are not followed yet."""
    views: tuple[SavedView, ...]
    rules: tuple[Rule, ...]
    known: int
    """How many of what it lists is there already."""


def merge(known: Following, imported: Following) -> Following:
    """What is followed, as it is, and after it what is new.

    A source is known by its address, a view or rule by its name: merging twice is merging once. An
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
    return Following(
        (*known.sources, *new),
        (*known.views, *_new(known.views, imported.views)),
        (*known.rules, *_new(known.rules, imported.rules)),
    )


_Named = TypeVar("_Named", SavedView, Rule)


def _new(known: Sequence[_Named], imported: Sequence[_Named]) -> list[_Named]:
    names = {each.name for each in known}
    return [
        each for each in {each.name: each for each in imported}.values() if each.name not in names
    ]


def _identity(address: str) -> str:
    """The address in one spelling; the path of a file as it is."""
    return clean.url(address) or address


def plan(known: Following, imported: Following) -> Plan:
    """What `merge` would add, and how much of it is there already."""
    merged = merge(known, imported)
    sources = merged.sources[len(known.sources) :]
    views = merged.views[len(known.views) :]
    rules = merged.rules[len(known.rules) :]
    new = len(sources) + len(views) + len(rules)
    return Plan(sources, views, rules, sum(map(len, imported)) - new)
