"""What is typed -> what it asks for."""

import pytest

from nordic_tui.plain.commands import COMMANDS, Typed, help_lines, understood, unknown
from tests.fakes import NEWS, feed, make_services

from .dialogue import Dialogue, services_of


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("", Typed("more")),
        ("  ", Typed("more")),
        ("12", Typed("number", number=12)),
        ("#12", Typed("number", number=12)),
        ("12.", Typed("number", number=12)),
        ("/harbour night", Typed("search", "harbour night")),
        ("/ 7", Typed("search", "7")),
        ("n", Typed("next")),
        ("NEXT", Typed("next")),
        ("u", Typed("unread")),
        ("U", Typed("undo")),
        ("undo", Typed("undo")),
        ("s 3", Typed("star", number=3)),
        ("l3", Typed("links", number=3)),
        ("t 3 budget, oslo", Typed("tag", "budget, oslo", 3)),
        ("t budget 3", Typed("tag", "budget 3")),
        ("c New initiatives", Typed("categories", "New initiatives")),
        ("x", Typed("full_text")),
        ("? star", Typed("help", "star")),
        ("?star", Typed("help", "star")),
        ("zebra 3", Typed("", "zebra 3")),
        ("9" * 40, Typed("", "9" * 40)),
        ("/", Typed("search")),
    ],
)
def test_what_a_line_asks_for(line: str, asks: Typed) -> None:
    assert understood(line) == asks


def test_every_letter_and_word_stands_for_one_command() -> None:
    typed = [each for command in COMMANDS for each in (command.letter, command.word) if each]
    assert len(typed) == len(set(typed))
    for command in COMMANDS:
        assert understood(command.letter or command.word).id == command.id
        assert understood(command.word.upper()).id == command.id


def test_help_names_every_command_and_one() -> None:
    everything = "\n".join(help_lines())
    assert all(f"{command.word}" in everything for command in COMMANDS)
    assert help_lines("s") == help_lines("star")
    assert help_lines("star") == [
        "s or star, with NUMBER if you like: Stars the post, or takes the star off."
    ]
    assert help_lines("zebra") == [unknown("zebra")]


def test_what_is_no_command_gets_a_hint() -> None:
    assert unknown("serach x").startswith("There is no command serach. ")
    assert "Did you mean refresh?" in unknown("refrehs")


def test_every_command_does_something() -> None:
    """Each is bound: none falls through to "There is no command"."""
    lines = [c.letter or c.word for c in COMMANDS if c.id not in ("quit", "refresh")]
    with make_services({NEWS: feed("Oslo", "Malmo")}) as fake:
        talk = Dialogue(services_of(fake), *lines)
        assert len(talk.said) == len(lines) + 1
        assert not [each for each in talk.said if "no command" in each]
