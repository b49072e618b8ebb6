"""Saved views and rules from the shell."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nordic_tui.cli import main
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.model import Rule, SavedView
from nordic_tui.text.query import NO_RULE
from tests.terminal import Terminal

from .helpers import PROGRAM, feed, post, store

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def news(home: Path) -> Path:
    """A feed that is followed, with its posts kept."""
    file = feed(
        home / "a.json",
        "Alpha",
        post("Budget", day=3),
        post("The goal", day=2, categories=("Sports",)),
        post("Marathon", day=1, categories=("Sports",)),
    )
    store(file)
    return file


def told(captured: Captured) -> list[str]:
    """What a person is told, line by line."""
    return captured.readouterr().err.replace("nordic-tui: ", "").splitlines()


def listed(capsys: Captured) -> list[str]:
    capsys.readouterr()
    assert main(["list"]) == 0
    return [line.split("\t")[2] for line in capsys.readouterr().out.splitlines()]


# ── saved views ─────────────────────────────────────────────────────────────────────────────


def test_a_view_is_added_listed_and_removed(news: Path, capsys: Captured) -> None:
    assert main(["views", "add", "Money", "budget", "--unread", "--tag", "x"]) == 0
    assert told(capsys) == ["Added the saved view “Money”. nordic-tui undo takes it back."]
    assert main(["views", "add", "Not it", "--", "-budget"]) == 0
    views = load(find_paths().settings_file).views
    assert views == (
        SavedView("Money", True, tag="x", search="budget"),
        SavedView("Not it", search="-budget"),
    )
    capsys.readouterr()
    assert main(["views"]) == 0
    assert capsys.readouterr().out == (
        "Money\tbudget, unread, sources with the tag x\t0\t0\t\nNot it\t-budget\t2\t2\t\n"
    )
    assert main(["views", "remove", "Money"]) == 0
    assert told(capsys) == ["Removed the saved view “Money”. nordic-tui undo takes it back."]
    assert main(["undo"]) == 0
    assert load(find_paths().settings_file).views == views


def test_a_view_that_is_not_understood_says_so(news: Path, capsys: Captured) -> None:
    assert main(["views", "add", "Broken", "is:nonsense budget"]) == 0
    warned, _ = told(capsys)
    assert "“is:nonsense”" in warned
    assert main(["views", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["version"] == 1
    (view,) = found["views"]
    assert view.pop("problem") == warned
    assert view == {
        "name": "Broken",
        "search": "is:nonsense budget",
        "unread_only": False,
        "title": "",
        "tag": "",
        "address": "",
        "posts": 0,
        "unread": 0,
    }


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["views", "add", "Money", "x"], "There is a saved view “Money” already."),
        (["views", "remove", "Gone"], "There is no saved view “Gone”."),
        (["rules", "add", "Goals", "x", "--hide"], "There is a rule “Goals” already."),
        (["rules", "add", "New", "x"], "Say what the rule does: --hide, --star or --tag TAG."),
        (["rules", "remove", "Gone"], "There is no rule “Gone”."),
        (["rules", "on", "Gone"], "There is no rule “Gone”."),
        (["rules", "add", "Seen", "is:read goal", "--hide"], NO_RULE),
        (["rules", "add", "Seen", "is:read goal", "--hide", "--off"], NO_RULE),
    ],
)
def test_what_is_used_wrongly(
    news: Path, capsys: Captured, words: list[str], sentence: str
) -> None:
    main(["views", "add", "Money", "budget"])
    main(["rules", "add", "Goals", "goal", "--star"])
    before = find_paths().settings_file.read_text()
    capsys.readouterr()
    assert main(words) == 2
    assert told(capsys)[-1] == sentence
    assert find_paths().settings_file.read_text() == before


# ── rules ───────────────────────────────────────────────────────────────────────────────────


def test_a_search_is_tried_before_there_is_a_rule(news: Path, capsys: Captured) -> None:
    assert main(["rules", "try", "category:sports"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "2024-05-02\tThe goal\n2024-05-01\tMarathon\n"
    assert captured.err == "nordic-tui: It finds 2 posts, the newest:\n"
    assert main(["rules", "try", "--json", "--", "-category:sports"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "version": 1,
        "search": "-category:sports",
        "found": 1,
        "problem": "",
        "posts": [{"date": "2024-05-03", "title": "Budget"}],
    }
    assert listed(capsys) == ["Budget", "The goal", "Marathon"]


def test_a_rule_is_added_switched_and_removed(news: Path, capsys: Captured) -> None:
    assert main(["rules", "add", "No sports", "category:sports", "--hide"]) == 0
    assert told(capsys) == [
        "Hides 2 posts now.",
        "Added the rule “No sports”. nordic-tui undo takes it back.",
    ]
    assert listed(capsys) == ["Budget"]
    assert main(["rules", "off", "No sports"]) == 0
    assert told(capsys) == ["Switched the rule “No sports” off. nordic-tui undo takes it back."]
    assert listed(capsys) == ["Budget", "The goal", "Marathon"]
    assert main(["rules", "off", "No sports"]) == 0
    assert told(capsys) == ["It is like that already."]
    assert main(["rules", "on", "No sports"]) == 0
    assert listed(capsys) == ["Budget"]
    assert main(["rules", "remove", "No sports"]) == 0
    assert listed(capsys) == ["Budget", "The goal", "Marathon"]
    assert main(["undo"]) == 0
    assert listed(capsys) == ["Budget"]


def test_what_a_refresh_brings_is_hidden(news: Path, capsys: Captured) -> None:
    main(["rules", "add", "No sports", "category:sports", "--hide"])
    feed(news, "Alpha", post("Chess", day=5, categories=("Sports",)), post("News", day=4))
    assert main(["refresh"]) == 0
    assert listed(capsys) == ["News", "Budget"]


def test_rules_are_listed(news: Path, capsys: Captured) -> None:
    main(["rules", "add", "Off", "foo:x", "--star", "--tag", "t", "--off"])
    main(["rules", "add", "Goals", "goal", "--hide"])
    assert load(find_paths().settings_file).rules == (
        Rule("Off", "foo:x", star=True, tag="t", on=False),
        Rule("Goals", "goal", hide=True),
    )
    capsys.readouterr()
    assert main(["rules"]) == 0
    first, second = (line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert first[:5] == ["Off", "stars and tags with “t”", "foo:x", "off", "0"]
    assert "“foo:”" in first[5]
    assert second == ["Goals", "hides", "goal", "on", "1", ""]
    assert main(["rules", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rules"][1] == {
        "name": "Goals",
        "search": "goal",
        "hide": True,
        "star": False,
        "tag": "",
        "on": True,
        "found": 1,
        "problem": "",
    }


def test_a_rule_of_the_file_that_asks_what_was_read_says_so(news: Path, capsys: Captured) -> None:
    settings = find_paths().settings_file
    rule = '[[rules]]\nname = "Unseen"\nsearch = "is:unread"\nhide = true\n'
    settings.write_text(f"{settings.read_text()}\n{rule}")
    assert len(listed(capsys)) == 3
    assert main(["rules"]) == 0
    assert capsys.readouterr().out == f"Unseen\thides\tis:unread\ton\t3\t{NO_RULE}\n"
    assert main(["rules", "off", "Unseen"]) == 0
    capsys.readouterr()
    assert main(["rules", "on", "Unseen"]) == 2
    assert told(capsys) == [NO_RULE]
    assert main(["rules", "add", "Other", "goal", "--hide"]) == 0
    assert len(listed(capsys)) == 2


def test_a_killfile_is_imported(news: Path, home: Path, capsys: Captured) -> None:
    config = home / "config"
    config.write_text('auto-reload yes\nignore-article "*" "title =~ \\"marathon\\""\n')
    assert main(["import", str(config)]) == 0
    imported, off = told(capsys)
    assert imported.startswith("Imported 0 sources and 1 rule.")
    assert off.startswith("1 rule is off: nordic-tui rules tells how many posts a rule finds, ")
    assert listed(capsys) == ["Budget", "The goal", "Marathon"]
    assert main(["rules"]) == 0
    name, *_, on, found, _ = capsys.readouterr().out.rstrip("\n").split("\t")
    assert (on, found) == ("off", "1")
    assert main(["rules", "on", name]) == 0
    assert listed(capsys) == ["Budget", "The goal"]
    assert main(["import", str(config)]) == 0
    assert "is off" not in " ".join(told(capsys))
    assert listed(capsys) == ["Budget", "The goal"]


def test_a_terminal_gets_tables(news: Path, terminal: Callable[..., Terminal]) -> None:
    main(["rules", "add", "No sports", "category:sports", "--hide"])
    screen = terminal(*PROGRAM[1:], "rules")
    assert screen.end() == 0
    head, row = (line.split() for line in screen.screen.display if line.strip())
    assert head == ["Name", "Does", "Search", "On", "Posts"]
    assert row == ["No", "sports", "hides", "category:sports", "on", "2"]
