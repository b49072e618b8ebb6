"""The scripts of tours."""

import string
from pathlib import Path

import pytest
from textual.keys import _character_to_key

from nordic_tui.demo import script
from nordic_tui.demo.key_names import named, typed
from nordic_tui.demo.script import SHORT, TOUR, beats, length_s, moment, read_tour
from nordic_tui.errors import SettingsError
from nordic_tui.tui.theme import OURS


def write(path: Path, text: str) -> Path:
    file = path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_keys_have_textuals_names() -> None:
    for sign in (*string.printable.rstrip(), "æ", "Ø", "å"):
        assert typed(sign).key == _character_to_key(sign)
    names = ["Esc", "PgDn", "Ctrl+D", "F12", "G", "shift+tab"]
    keys = [press.key for name in names if (press := named(name))]
    assert keys == ["escape", "pagedown", "ctrl+d", "f12", "G", "shift+tab"]
    assert [named(name) for name in ("Ctrl+C", "ctrl+z", "F13", "Entr", "\x1b")] == [None] * 5


def test_the_themes_are_ours() -> None:
    assert sorted(script.THEMES) == sorted(theme.name for theme in OURS)


def test_both_tours_are_fine_and_as_long_as_they_say() -> None:
    assert 165 <= length_s(read_tour(TOUR)) <= 200
    assert length_s(read_tour(SHORT)) < 60


def test_every_mistake_has_its_line_and_what_is_allowed(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        'size = "9x9"\n'
        "colour = 1\n"
        "[[step]]\n"
        'name = "a"\n'
        'keys = "j Entr"\n'
        "[[step]]\n"
        'name = "a"\n'
        "wait = 500\n"
        "[[step]]\n"
        f'caption = "{"word " * 60}word"\n'
        "[[step]]\n"
        'name = "12"\n',
    )
    with pytest.raises(SettingsError) as error:
        read_tour(file)
    lines = str(error.value).removeprefix(f"{file}, ").split(f"\n{file}, ")
    assert [line[: line.index(":")] for line in lines] == [
        "line 1", "line 2", "line 5", "line 7", "line 8", "line 10", "line 11", "line 12",
    ]  # fmt: skip
    told = "\n".join(lines)
    for words in (
        'size must be columns and rows from 40x12 to 200x60, such as "100x28", not "9x9".',
        "colour is not a key of a tour.",
        '"Entr" is no key. Keys are parted by blanks; allowed: one sign (j, G, /, ?), Enter,',
        'the step of line 3 is also named "a".',
        "wait must be a number of seconds from 0 to 120, not 500.",
        "does not fit on 2 lines of 96 cells",
        "this step does nothing",
        "name must not be a number",
    ):
        assert words in told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: a tour has steps, each begins with [[step]]."),
        ("step = 3", "line 1: a tour has steps, each begins with [[step]]."),
        ("[[step]]\nwait = ", "line 2: this is not TOML"),
    ],
)
def test_what_is_no_tour_is_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=f"^{tmp_path}") as error:
        read_tour(write(tmp_path, text))
    assert words in str(error.value)


def test_a_tour_that_is_missing_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml is not there\.$"):
        read_tour(tmp_path / "none.toml")


def test_the_order_of_events_and_its_moments(tmp_path: Path) -> None:
    tour = read_tour(
        write(
            tmp_path,
            '[[step]]\nname = "look"\ncaption = "Look"\nkeys = "/"\ntype = "ab"\nwait = 2\n'
            '[[step]]\nkeys = "Enter"\nevery = 1\nwait = 3\n',
        )
    )
    told = [(beat.number, beat.press and beat.press.key, beat.after_s) for beat in beats(tour)]
    assert told == [
        (0, None, 0.0), (0, "slash", 1.2), (0, "a", 0.09), (0, "b", 0.09), (0, None, 0.0),
        (1, None, 2.0), (1, "enter", 1.0), (1, None, 0.0), (2, None, 3.0),
    ]  # fmt: skip
    assert length_s(tour) == pytest.approx(7.38)
    assert moment(tour, "look") is tour.steps[0]
    assert moment(tour, "7.3") == 7.3
    with pytest.raises(SettingsError, match=r"lasts 7 s: there is no second 8\. Allowed: a second"):
        moment(tour, "8")
    with pytest.raises(SettingsError, match=r'has no step "lok"\. Allowed: .* of a step: look\.'):
        moment(tour, "lok")
