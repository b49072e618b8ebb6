"""Words in lines, by the page."""

import pytest

from nordic_tui.plain.letters import ascii_of, letters
from nordic_tui.plain.prose import Part
from nordic_tui.plain.talk import Ended, Stopped, Talk, Window


class Person:
    """Answers with these lines, then nothing more; sees what was written."""

    def __init__(self, *answers: str, window: Window | None, is_dialogue: bool = True) -> None:
        self.seen = ""
        self.asked: list[str] = []
        self._answers = list(answers)
        self.talk = Talk(
            self._see,
            self._answer,
            window=(lambda: window) if window else None,
            is_dialogue=is_dialogue,
        )

    def _see(self, text: str) -> None:
        self.seen += text

    def _answer(self, prompt: str) -> str | None:
        self.asked.append(prompt)
        self.seen += f"<{prompt}>\n"
        return self._answers.pop(0) if self._answers else None


TEN = [Part(str(number), follows=True) for number in range(10)]


def test_a_long_text_waits_at_the_end_of_each_page() -> None:
    person = Person("", "", window=Window(40, 5))
    person.talk.read_out(TEN)
    pages = person.seen.split("<more, q stops> >\n")
    assert [page.split() for page in pages] == [
        ["0", "1", "2", "3"],
        ["4", "5", "6", "7"],
        ["8", "9"],
    ]


def test_no_page_is_higher_than_the_window() -> None:
    window = Window(20, 6)
    person = Person(*[""] * 50, window=window)
    person.talk.read_out([Part("word " * 60), Part("x" * 70, as_written=True)])
    for page in person.seen.split("<more, q stops> >\n"):
        rows = sum(-(-max(len(line), 1) // window.columns) for line in page.splitlines())
        assert rows < window.rows


@pytest.mark.parametrize(("typed", "line"), [("q", ""), ("s", "s"), ("/night", "/night")])
def test_what_is_typed_at_the_end_of_a_page_ends_the_text(typed: str, line: str) -> None:
    person = Person(typed, window=Window(40, 5))
    with pytest.raises(Stopped) as stopped:
        person.talk.read_out(TEN)
    assert stopped.value.line == line
    assert "9" not in person.seen


def test_nothing_more_is_typed_at_the_end_of_a_page() -> None:
    with pytest.raises(Ended):
        Person(window=Window(40, 5)).talk.read_out(TEN)


def test_a_pipe_gets_whole_lines_and_is_asked_nothing() -> None:
    person = Person(window=None, is_dialogue=False)
    long = "word " * 100
    person.talk.say(long)
    person.talk.read_out([Part("One"), Part("Two")])
    assert person.seen == f"{long.strip()}\nOne\n\nTwo\n"
    assert person.asked == []


def test_lines_fit_the_terminal_and_addresses_stay_whole() -> None:
    person = Person(window=Window(20, 24))
    person.talk.say("one two three four five six seven eight")
    assert max(map(len, person.seen.splitlines())) < 20
    person.talk.say_whole("https://news.example/a/long/address/of/it")
    assert person.seen.endswith("\nhttps://news.example/a/long/address/of/it\n")


def test_letters_of_a_terminal_without_unicode() -> None:
    assert ascii_of("Ærø, Malmö, Århus – “ð” þing… ✓") == 'Aero, Malmo, Arhus - "d" thing... ?'
    assert letters("utf-8", ascii_only=True)("Malmö") == "Malmo"
    assert letters("utf-8", ascii_only=False)("Malmö") == "Malmö"
    assert letters("iso-8859-1", ascii_only=False)("Malmö") == "Malmo"
