"""What a terminal sends: whatever it is, the next key is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Key, Paste
from textual.message import Message

from nordic_tui.tui.keyboard import PASTE_MAX_CHARS, Keyboard

START, END = b"\x1b[200~", b"\x1b[201~"


def read(*pieces: bytes) -> list[Message]:
    keyboard = Keyboard()
    return [message for piece in pieces for message in keyboard.feed(piece)]


def keys(messages: list[Message]) -> list[str]:
    return [message.key for message in messages if isinstance(message, Key)]


def pastes(messages: list[Message]) -> list[str]:
    return [message.text for message in messages if isinstance(message, Paste)]


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_nothing_takes_the_keyboard_away(pieces: list[bytes]) -> None:
    keyboard = Keyboard()
    for piece in pieces:
        list(keyboard.feed(piece))
        list(keyboard.tick())
    list(keyboard.feed(END))  # wherever a pasted text may have begun
    list(keyboard.tick())
    # What began a sequence ends with the first letters after it.
    found = [message for _ in range(40) for message in keyboard.feed(b"j")]
    assert keys(found)[-1:] == ["j"]


@pytest.mark.parametrize(
    "answer",
    [
        b"\xff\xc3\x28",
        b"\x1b[48;0;0;0;0t\x1b[<35;5;5M",
        b"\x1b[48;24;80;0;0t\x1b[<35;5;5M",
        b"\x1b[1114112u",
        b"\x1b[99999999999999999999u",
        b"\x1b[?99999999999999999999;2$y",
    ],
)
def test_a_wrong_answer_costs_no_key_after_it(answer: bytes) -> None:
    assert keys(read(answer, b"j"))[-1] == "j"


def test_the_terminal_does_not_tell_the_size() -> None:
    assert read(b"\x1b[48;9999;9999;1;1t\x1b[?2048;2$y") == []


@given(st.text(alphabet="aæ\x1b[20~\n", max_size=60), st.integers(1, 9))
def test_a_pasted_text_comes_in_one_piece(text: str, size: int) -> None:
    sent = START + text.encode() + END + b"j"
    inside = (text + END.decode()).partition(END.decode())[0]
    keyboard = Keyboard()
    found = [
        message
        for start in range(0, len(sent), size)
        for message in keyboard.feed(sent[start : start + size])
    ]
    if size >= len(START):  # in smaller pieces Textual reads its sign, and all that follows
        assert pastes(found)[0] == inside
    assert keys(found)[-1] == "j"


def test_of_a_book_that_is_pasted_the_beginning_is_kept() -> None:
    megabyte = b"\xc3\xa6" * 500_000
    assert pastes(read(START, *[megabyte] * 10, END)) == ["æ" * PASTE_MAX_CHARS]


@pytest.mark.parametrize("interrupt", [b"\x03", b"\x1b[99;5u"])
def test_a_paste_without_an_end_is_ended_by_ctrl_c(interrupt: bytes) -> None:
    found = read(START + b"text", interrupt, b"j")
    assert keys(found) == ["ctrl+c", "j"]
    assert pastes(found) == []


@pytest.mark.parametrize(
    ("pieces", "found"),
    [((b"\x1b", b"\x1b"), ["escape"]), ((b"\x1b[2", b"~j"), ["insert", "j"])],
)
def test_what_begins_like_a_paste_is_held_only_if_it_may_be_one(
    pieces: tuple[bytes, ...], found: list[str]
) -> None:
    assert keys(read(*pieces)) == found


def test_what_was_held_goes_on_its_way_when_nothing_follows() -> None:
    keyboard = Keyboard()
    assert keys([*keyboard.feed(b"\x1b[2"), *keyboard.tick(), *keyboard.feed(b"~")]) == ["insert"]


def test_the_answer_that_the_terminal_is_there_is_no_key() -> None:
    answers: list[None] = []
    keyboard = Keyboard(lambda: answers.append(None))
    found = [*keyboard.feed(b"j\x1b[0nk\x1b["), *keyboard.feed(b"0nl")]
    assert keys(found) == ["j", "k", "l"]
    assert len(answers) == 2
