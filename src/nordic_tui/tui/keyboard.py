"""What a terminal sends, as events: keys, the mouse, pasted text.

Textual's parser reads it letter by letter and trusts it: bytes that are no UTF-8 or an answer with
a zero in it end its thread, and ten megabytes pasted are ten million strings. Here nothing ends it,
and of a pasted text no more is kept than any field takes.
"""

from codecs import getincrementaldecoder
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Final

from textual._xterm_parser import BRACKETED_PASTE_END as PASTE_END
from textual._xterm_parser import BRACKETED_PASTE_START as PASTE_START
from textual._xterm_parser import XTermParser
from textual.events import Key, Paste, Resize
from textual.keys import Keys
from textual.message import Message
from textual.messages import InBandWindowResize

from nordic_tui.tui.pace import ANSWER

PASTE_MAX_CHARS: Final = 10_000
"""Kept of a pasted text; the longest that a field is for is an address."""
_INTERRUPTS: Final = frozenset({"\x03", "\x1b[99;5u"})
"""Ctrl+C, in both of the ways that it is sent."""


class _Parser(XTermParser):
    """Knows the answer to the question whether the terminal is there; it is no key."""

    def __init__(self, answered: Callable[[], object]) -> None:
        self._answered = answered
        super().__init__()

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        if sequence == ANSWER:
            self._answered()
            return (Key(Keys.Ignore, None),)
        return super()._sequence_to_key_events(sequence, alt)


class Keyboard:
    """Reads what comes from a terminal, in pieces of any length.

    answered: called where it answers `pace.QUESTION`.
    """

    def __init__(self, answered: Callable[[], object] = lambda: None) -> None:
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._answered = answered
        self._parser = _Parser(answered)
        self._begun = ""
        """What may be the beginning of the sign that a pasted text begins."""
        self._pasted: list[str] | None = None
        """A pasted text whose end has not come yet."""
        self._room = 0
        """How many more letters of it are kept."""
        self._last = ""
        """The end of what came of it, for a sign that comes in two pieces."""

    def feed(self, data: bytes) -> Iterator[Message]:
        text = self._begun + self._decoder.decode(data)
        self._begun = ""
        if self._pasted is not None and text in _INTERRUPTS:
            # A terminal that never says where a pasted text ends must not take the keyboard away.
            self._pasted = None
        while text:
            if self._pasted is not None:
                text = yield from self._take_pasted(text)
                continue
            keys, sign, text = text.partition(PASTE_START)
            if sign:
                self._pasted, self._room, self._last = [], PASTE_MAX_CHARS, ""
            else:
                # From the third letter on it can be nothing else: an Esc is not held back.
                for length in range(len(PASTE_START) - 1, 2, -1):
                    if keys.endswith(PASTE_START[:length]):
                        self._begun, keys = keys[-length:], keys[:-length]
                        break
            if keys:
                yield from self._parse(keys)

    def tick(self) -> Iterator[Message]:
        """What is plain once nothing has come for a tenth of a second: that an Esc was one."""
        if self._begun:
            keys, self._begun = self._begun, ""
            yield from self._parse(keys)
        yield from self._kept(self._parser.tick())

    def _take_pasted(self, text: str) -> Generator[Message, None, str]:
        """Take pasted text; returns what comes after its end."""
        assert self._pasted is not None
        inside, sign, after = (self._last + text).partition(PASTE_END)
        if not sign:
            held = len(PASTE_END) - 1
            inside, self._last = inside[:-held], inside[-held:]
        if self._room:
            self._pasted.append(inside[: self._room])
            self._room -= len(self._pasted[-1])
        if sign:
            pasted, self._pasted = "".join(self._pasted), None
            yield Paste(pasted.replace("\x00", ""))
        return after

    def _parse(self, keys: str) -> Iterator[Message]:
        yield from self._kept(self._parser.feed(keys))

    def _kept(self, messages: Iterable[Message]) -> Iterator[Message]:
        try:
            for message in messages:
                # How large the window is the system knows; a terminal can say anything.
                if not isinstance(message, Resize | InBandWindowResize):
                    yield message
        except Exception:  # noqa: BLE001  whatever it cannot read, the next key is read again
            self._parser = _Parser(self._answered)
