"""What rules do, one thing each: those of the settings, and those that the cache knows of.

Apart from what carries them out (ruling.py), since every start compares the two. A rule that asks
what was read does nothing: its stars and tags, and what it hides, would be a trace of the reading
in files that need no consent.
"""

import sqlite3
from collections.abc import Iterable
from typing import Final, NamedTuple

from nordic_tui.model import Rule
from nordic_tui.store.identity import effect_id

HIDE: Final = "hide"
STAR: Final = "star"
TAG: Final = "tag"


class Effect(NamedTuple):
    """One thing that a rule does. The same search and the same thing are the same effect, whatever
    the rule is called."""

    id: int
    search: str
    kind: str
    tag: str = ""


def wanted(rules: Iterable[Rule]) -> set[Effect]:
    """What these do that are on and may be carried out."""
    effects = set()
    for rule in rules:
        if rule.on and _asks_of_reading(rule.search):
            continue
        does = [(HIDE, "", rule.hide), (STAR, "", rule.star), (TAG, rule.tag, bool(rule.tag))]
        for kind, tag, is_done in does:
            if rule.on and is_done:
                effects.add(Effect(effect_id(rule.search, kind, tag), rule.search, kind, tag))
    return effects


def _asks_of_reading(text: str) -> bool:
    if "is:" not in text.lower():
        return False  # nearly always; a start needs not read searches
    from nordic_tui.text.query import problem_as_rule

    return bool(problem_as_rule(text))


def stored(connection: sqlite3.Connection) -> set[Effect]:
    """What the rules do that are in force."""
    rows = connection.execute("SELECT id, search, kind, tag FROM main.rule")
    return {Effect(*row) for row in rows}
