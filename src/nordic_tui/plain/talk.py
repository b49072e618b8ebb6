"""Words -> lines for a terminal or a pipe: as wide as it is, by the page where somebody can go on.

Nothing but text and line ends is written: no cursor is moved and no line is written over.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from nordic_tui.plain.prose import Part
from nordic_tui.text import clean
from nordic_tui.text.wrapping import cell_width, wrap

MORE = "more, q stops> "
PORTION = 50
"""So many rows of a list are said at once where there is no page."""
_MAX_CHARS = 20_000
"""Of a sentence."""


class Window(NamedTuple):
    columns: int
    rows: int


class Stopped(Exception):
    """A person does not want the rest of a text. line: what they typed instead."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


class Ended(Exception):
    """Nothing more will be typed."""


class Talk:
    """What is said to a person and what they answer.

    write: takes text, passes it through the last gate and sees to it that it is out.
    read: asks with a prompt and gives the line without its end; None: nothing more comes.
    window: how large the terminal is; None: none is written to, so no line is broken.
    is_dialogue: whether somebody at a terminal types the answers: they are asked with a prompt, and
        a long text waits for them by the page.
    letters: makes of a text what the terminal can show.
    """

    def __init__(
        self,
        write: Callable[[str], None],
        read: Callable[[str], str | None],
        *,
        window: Callable[[], Window] | None,
        is_dialogue: bool,
        letters: Callable[[str], str] = str,
    ) -> None:
        self._write = write
        self._read = read
        self._window = window
        self._letters = letters
        self.is_dialogue = is_dialogue
        self._used = 0
        """Lines written since the last question."""

    def ask(self, prompt: str) -> str:
        """A line that a person types, cleaned. Raises Ended."""
        self._used = 0
        line = self._read(self._letters(prompt) if self.is_dialogue else "")
        if line is None:
            if self.is_dialogue:
                self._write("\n")  # the cursor stands behind the prompt
            raise Ended
        return clean.line(line)

    def say(self, *said: str) -> None:
        """Sentences, each from a line of its own on; empty ones are left out."""
        for each in said:
            if each:
                self._put(self._lines(Part(clean.line(each, _MAX_CHARS))))

    def say_whole(self, text: str) -> None:
        """One line that is not broken, so that it can be copied: an address."""
        self._put(self._lines(Part(clean.line(text, clean.MAX_URL_CHARS), as_written=True)))

    def read_out(self, parts: Iterable[Part]) -> None:
        """A long text, parted by empty lines. Raises Stopped, and Ended."""
        is_first = True
        for part in parts:
            if not is_first and not part.follows:
                self._out([""])
            self._out(self._lines(part))
            is_first = False

    def room(self, left: int) -> int | None:
        """How many lines the page has yet, but for so many; None: there are no pages."""
        if not self.is_dialogue or self._window is None:
            return None
        return max(self._window().rows - self._used - left, 0)

    def height(self, words: str) -> int:
        """How many lines a sentence takes."""
        return len(self._lines(Part(words)))

    def _lines(self, part: Part) -> list[str]:
        text = self._letters(clean.block(part.text))
        if self._window is None or part.as_written:
            return text.split("\n")
        # The last column stays free: some terminals begin a new line behind it by themselves.
        return wrap(text, max(self._window().columns - 1, 1))

    def _out(self, lines: Iterable[str]) -> None:
        """Lines, with a question at the end of each page."""
        for line in lines:
            room = self.room(1)
            if room is not None and room < self._rows_of(line) and self._used:
                answer = self.ask(MORE)
                if answer:
                    raise Stopped("" if answer == "q" else answer)
            self._put([line])

    def _put(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._used += self._rows_of(line)
            self._write(f"{line}\n")

    def _rows_of(self, line: str) -> int:
        if self._window is None:
            return 1
        columns = max(self._window().columns, 1)
        return max(-(-cell_width(line) // columns), 1)
