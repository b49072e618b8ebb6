"""Keys in words, for people who watch."""

import pytest

from nordic_tui.tui.pressed import Field, Pressed, name_of


def shown(*keys: str, width: int = 80) -> str:
    pressed = Pressed()
    for key in keys:
        pressed.press(key)
    return pressed.words(width)


def typed(words: str, into: Field) -> Pressed:
    pressed = Pressed()
    for sign in words:
        pressed.press(sign, sign, into)
    return pressed


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("enter", "Enter"),
        ("space", "Space"),
        ("ctrl+f", "Ctrl+F"),
        ("down", "↓"),
        ("shift+tab", "Shift+Tab"),
        ("ctrl+left", "Ctrl+←"),
        ("backspace", "Backspace"),
        ("question_mark", "?"),
        ("plus", "+"),
        ("G", "G"),
        ("f1", "F1"),
        ("pagedown", "PgDn"),
    ],
)
def test_keys_are_called_what_people_call_them(key: str, name: str) -> None:
    assert name_of(key) == name


def test_a_key_that_is_repeated_is_counted() -> None:
    assert shown("j", "j", "j") == "j ×3"
    assert shown("j", "j", "k", "j") == "j ×2   k   j"


def test_two_keys_that_are_one_command_are_one() -> None:
    assert shown("g", "g g") == "g g"
    assert shown("j", "g", "g g", "g", "g g") == "j   g g ×2"


def test_only_the_last_ones_are_shown_and_as_many_as_have_room() -> None:
    assert shown("a", "b", "c", "d", "e") == "b   c   d   e"
    assert shown("enter", "space", "j", width=10) == "Space   j"[-9:]
    assert shown("enter", width=2) == "Enter"


def test_what_is_typed_is_a_run_of_text() -> None:
    pressed = Pressed()
    pressed.press("slash", "/")
    for sign in "sea":
        pressed.press(sign, sign, Field.WORDS)
    pressed.press("backspace", "\x08", Field.WORDS)
    pressed.press("enter", "\r", Field.WORDS)
    assert pressed.words(80) == "/   se   Enter"


def test_of_a_secret_nothing_is_shown_not_even_its_length() -> None:
    pressed = typed("variable TOKEN", Field.SECRET)
    pressed.press("backspace", "\x08", Field.SECRET)
    assert pressed.words(80) == ""
    pressed.press("enter", "\r", Field.SECRET)
    assert pressed.words(80) == "Enter"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https:", "https:"),
        ("https://news.example/feed", "https://news.example/feed"),
        ("https://kari:", "https://kari:…"),
        ("https://kari:hush@news.example", "https://kari:…"),
        ("kari:hush@news.example", "kari:…"),
        ("https://news.example/a:b", "https://news.example/a:b"),
    ],
)
def test_of_an_address_nothing_is_shown_that_may_be_a_password(address: str, words: str) -> None:
    for end in range(1, len(address) + 1):
        assert "hush" not in typed(address[:end], Field.ADDRESS).words(80)
    assert typed(address, Field.ADDRESS).words(80) == words


def test_a_search_keeps_its_colons() -> None:
    assert typed("after:2025", Field.WORDS).words(80) == "after:2025"
