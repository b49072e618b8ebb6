"""Saved views and rules: changes of them, and what is said of them."""

from datetime import UTC, datetime

import pytest

from nordic_tui.model import LATER, Following, PostRow, Rule, SavedView, Tried
from nordic_tui.service.ports import Edit
from nordic_tui.service.rules import (
    RULES,
    VIEWS,
    NoRuleError,
    NotThereError,
    TakenError,
    asks,
    does,
    keep,
    move,
    problem_of,
    remove,
    would,
)

A, B, C = (SavedView(name, search=name.lower()) for name in "ABC")
HIDES = Rule("Hides", "x", hide=True)
STARS = Rule("Stars", "y", star=True)
ALL = Following(views=(A, B, C), rules=(HIDES, STARS))


def made(edit: Edit, now: Following = ALL) -> tuple[list[str], list[str], str]:
    """The names of the views and rules after it, and what it did."""
    wanted, done = edit(now)
    return [view.name for view in wanted.views], [rule.name for rule in wanted.rules], done


def test_a_new_one_comes_behind_the_others() -> None:
    names, _, done = made(keep(SavedView("D\x1b[31m", search="d")))
    assert (names, done) == (["A", "B", "C", "D\x1b[31m"], "Added the saved view “D”.")
    _, names, done = made(keep(Rule("More", "z", tag="t")))
    assert (names, done) == (["Hides", "Stars", "More"], "Added the rule “More”; its tags stay.")


def test_a_rule_that_asks_what_was_read_is_refused() -> None:
    asking = STARS._replace(search="is:unread x")
    there = Following(rules=(asking,))
    for edit in (keep(asking), keep(asking, "Stars"), keep(asking._replace(on=False))):
        with pytest.raises(NoRuleError, match="asks what was read"):
            edit(there)
    # One that was written by hand can be switched off.
    wanted, _ = keep(asking._replace(on=False), "Stars")(there)
    assert not wanted.rules[0].on
    _, done = keep(SavedView("New", search="is:unread"))(there)
    assert done == "Added the saved view “New”."


@pytest.mark.parametrize(
    ("what", "instead_of", "done"),
    [
        (B._replace(search="z"), "B", "Changed the saved view “B”."),
        (B._replace(name="Z"), "B", "Renamed the saved view “B” to “Z”."),
        (B._replace(name="Z", search="z"), "B", "Changed the saved view “Z”."),
        (STARS._replace(on=False), "Stars", "Switched the rule “Stars” off; its stars stay."),
        (STARS._replace(tag="t"), "Stars", "Changed the rule “Stars”; its stars and tags stay."),
        (STARS._replace(name="Z"), "Stars", "Renamed the rule “Stars” to “Z”."),
    ],
)
def test_a_changed_one_stays_in_its_place(
    what: SavedView | Rule, instead_of: str, done: str
) -> None:
    wanted, said = keep(what, instead_of)(ALL)
    assert said == done
    assert what in (wanted.views[1], wanted.rules[1])
    assert (len(wanted.views), len(wanted.rules)) == (3, 2)


def test_a_rule_is_switched_on() -> None:
    off = HIDES._replace(on=False)
    wanted, done = keep(HIDES, "Hides")(Following(rules=(off, STARS)))
    assert (wanted.rules, done) == ((HIDES, STARS), "Switched the rule “Hides” on.")


def test_no_two_have_one_name() -> None:
    for edit in (keep(A), keep(B._replace(name="A"), "B")):
        with pytest.raises(TakenError, match=r"There is a saved view “A” already."):
            edit(ALL)
    with pytest.raises(TakenError, match=r"There is a rule “Stars” already."):
        keep(HIDES._replace(name="Stars"), "Hides")(ALL)
    assert keep(Rule("A", "x", hide=True))(ALL)[0].rules[-1].name == "A"


def test_one_is_removed() -> None:
    assert made(remove(VIEWS, "B")) == (
        ["A", "C"],
        ["Hides", "Stars"],
        "Removed the saved view “B”.",
    )
    assert made(remove(RULES, "Hides"))[1:] == (["Stars"], "Removed the rule “Hides”.")


def test_one_is_moved_and_stays_at_the_ends() -> None:
    assert made(move(VIEWS, "A", 1))[0] == ["B", "A", "C"]
    assert made(move(VIEWS, "C", -1))[0] == ["A", "C", "B"]
    assert made(move(VIEWS, "A", -1))[0] == ["A", "B", "C"]
    assert made(move(VIEWS, "C", 1))[0] == ["A", "B", "C"]
    assert made(move(RULES, "Hides", 1))[1:] == (["Stars", "Hides"], "Moved the rule “Hides”.")


@pytest.mark.parametrize(
    "edit", [keep(A._replace(name="Z"), "Gone"), remove(VIEWS, "Gone"), move(VIEWS, "Gone", 1)]
)
def test_what_is_gone_is_said(edit: Edit) -> None:
    with pytest.raises(NotThereError, match=r"There is no saved view “Gone”."):
        edit(ALL)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (HIDES, "hides"),
        (STARS, "stars"),
        (Rule("", "", tag="mo\x07ney"), "tags with “money”"),
        (Rule("", "", star=True, tag=LATER), "stars and keeps to read later"),
        (Rule("", "", True, True, "a"), "hides, stars and tags with “a”"),
    ],
)
def test_what_a_rule_does(rule: Rule, words: str) -> None:
    assert does(rule) == words


def test_what_a_rule_would_do() -> None:
    row = PostRow(1, "One", None, unread=True)
    assert would(HIDES, Tried(1_312, (row,))) == "Hides 1,312 posts, the newest:"
    assert would(HIDES, Tried(0)) == "Hides 0 posts now."
    tags = Rule("", "", star=True, tag="a")
    assert would(tags, Tried(1, (row,))) == "Stars and tags with “a”: 1 post, the newest:"


def test_what_a_view_asks_for() -> None:
    assert asks(SavedView("A")) == "all posts"
    view = SavedView("A", True, "city", "nordic", "https://me:secret@a.example/feed", "by -havn")
    assert asks(view) == (
        "by -havn, unread, “city” in the title, sources with the tag nordic, https://a.example/feed"
    )


def test_what_of_a_search_is_not_understood() -> None:
    now = datetime(2026, 10, 1, tzinfo=UTC)
    assert problem_of('budget OR "by ved havn" after:7d', now) == ""
    assert "“foo:”" in problem_of("foo:x", now)
