"""Saved views and rules: changes of them, and what is said of them. Pure.

A change is an `Edit` for `Subscriptions.make`, so that it is kept, said and undone as changes of
sources are.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

from nordic_tui.errors import SettingsError
from nordic_tui.model import LATER, Following, Rule, SavedView, Tried
from nordic_tui.service.ports import Edit
from nordic_tui.service.words import count
from nordic_tui.text import clean

Saved: TypeAlias = SavedView | Rule

VIEWS: Final = "views"
RULES: Final = "rules"
NEWEST_SHOWN: Final = 5
"""So many of the posts that a rule is tried on are named."""

_CALLED: Final = {VIEWS: "saved view", RULES: "rule"}


class NotThereError(LookupError):
    """There is no saved view or rule of this name any more; str() says so, a sentence."""


class TakenError(SettingsError):
    """Another saved view or rule has this name; str() says so, a sentence."""


class NoRuleError(SettingsError):
    """No rule may be about this search; str() says why, a sentence."""


def array_of(what: Saved) -> str:
    """The field of `Following` that it is in."""
    return RULES if isinstance(what, Rule) else VIEWS


# ── changes ─────────────────────────────────────────────────────────────────────────────────


def keep(what: Saved, instead_of: str = "") -> Edit:
    """Add it behind the others of its kind, or put it in the place of the one of that name.

    The edit raises TakenError if the name is another one's, and NotThereError; of a rule
    that asks what was read NoRuleError, unless it is one that is there and to be off.
    """
    array = array_of(what)
    called, name = _CALLED[array], clean.line(what.name)

    def edit(now: Following) -> tuple[Following, str]:
        there: Sequence[Saved] = getattr(now, array)
        if isinstance(what, Rule) and (what.on or not instead_of):
            problem = problem_of_rule(what)
            if problem:
                raise NoRuleError(problem)
        if what.name != instead_of and any(each.name == what.name for each in there):
            raise TakenError(f"There is a {called} “{name}” already.")
        if not instead_of:
            done = f"Added the {called} “{name}”{_stays(what)}."
            return _with(now, array, [*there, what]), done
        before = _found(now, array, instead_of)
        wanted = [what if each is before else each for each in there]
        return _with(now, array, wanted), _changed(before, what)

    return edit


def _changed(before: Saved, after: Saved) -> str:
    called = _CALLED[array_of(after)]
    was, name = clean.line(before.name), clean.line(after.name)
    differs = [field for field in after._fields if getattr(before, field) != getattr(after, field)]
    if differs == ["name"]:
        return f"Renamed the {called} “{was}” to “{name}”."
    if differs == ["on"] and isinstance(after, Rule):
        return f"Switched the rule “{name}” {'on' if after.on else 'off'}{_stays(before, after)}."
    return f"Changed the {called} “{name}”{_stays(before, after)}."


def _stays(*all_: Saved) -> str:
    """What a rule that is on or was on gives and nothing takes back by itself, as the end of a
    sentence: "; its stars and tags stay"."""
    rules = [each for each in all_ if isinstance(each, Rule) and each.on]
    given = [("stars", any(each.star for each in rules)), ("tags", any(each.tag for each in rules))]
    words = " and ".join(word for word, is_given in given if is_given)
    return f"; its {words} stay" if words else ""


def remove(array: str, name: str) -> Edit:
    """The edit raises NotThereError."""

    def edit(now: Following) -> tuple[Following, str]:
        gone = _found(now, array, name)
        kept = [each for each in getattr(now, array) if each is not gone]
        done = f"Removed the {_CALLED[array]} “{clean.line(name)}”{_stays(gone)}."
        return _with(now, array, kept), done

    return edit


def move(array: str, name: str, step: int) -> Edit:
    """Move it down (step 1) or up (-1) among its kind; at the end it stays.

    The edit raises NotThereError.
    """

    def edit(now: Following) -> tuple[Following, str]:
        moved = _found(now, array, name)
        others = [each for each in getattr(now, array) if each is not moved]
        place = max(getattr(now, array).index(moved) + step, 0)
        others.insert(place, moved)
        return _with(now, array, others), f"Moved the {_CALLED[array]} “{clean.line(name)}”."

    return edit


def find(now: Following, array: str, name: str) -> Any:
    """The saved view or rule of this name; None: there is none."""
    return next((each for each in getattr(now, array) if each.name == name), None)


def _found(now: Following, array: str, name: str) -> Any:
    found = find(now, array, name)
    if found is not None:
        return found
    raise NotThereError(f"There is no {_CALLED[array]} “{clean.line(name)}”.")


def _with(now: Following, array: str, wanted: Sequence[Saved]) -> Following:
    return Following(**(now._asdict() | {array: tuple(wanted)}))


# ── words ───────────────────────────────────────────────────────────────────────────────────


def problem_of(search: str, now: datetime) -> str:
    """What of a search is not understood, sentences; "" if all of it is."""
    from nordic_tui.text.query import parse  # no start needs it

    return " ".join(parse(search, now.astimezone().date()).notes)


def problem_of_rule(rule: Rule) -> str:
    """Why it can't be made or switched on, a sentence; "": it can."""
    from nordic_tui.text.query import problem_as_rule  # no start needs it

    return problem_as_rule(rule.search)


def does(rule: Rule) -> str:
    """What a rule does, as the end of a sentence: "hides", "stars and tags with “money”"."""
    parts = []
    if rule.hide:
        parts.append("hides")
    if rule.star:
        parts.append("stars")
    if rule.tag == LATER:
        parts.append("keeps to read later")
    elif rule.tag:
        parts.append(f"tags with “{clean.line(rule.tag)}”")
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def would(rule: Rule, tried: Tried) -> str:
    """What it would do, before it is switched on: "Hides 312 posts, the newest:"."""
    what = does(rule)
    posts = count(tried.found, "post", "posts")
    words = f"{what[:1].upper()}{what[1:]}: {posts}" if " " in what else f"{what.title()} {posts}"
    return f"{words}, the newest:" if tried.newest else f"{words} now."


def asks(view: SavedView) -> str:
    """What a saved view asks for, in a line: its search first."""
    parts = [clean.line(view.search)] if view.search else []
    if view.unread_only:
        parts.append("unread")
    if view.title:
        parts.append(f"“{clean.line(view.title)}” in the title")
    if view.tag:
        parts.append(f"sources with the tag {clean.line(view.tag)}")
    if view.address:
        parts.append(clean.shown_address(view.address))
    return ", ".join(parts) or "all posts"
