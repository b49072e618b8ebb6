"""The terminal that tests look at: pyte, with what xterm can do besides.

SU and SD (lines scrolled), REP (a sign repeated), and the background that a cleared screen and a
line that is scrolled in get (`bce`), which pyte gives to what is erased in other ways only.
"""

import pyte
from pyte.screens import Margins

_MORE = {"S": "scroll_up", "T": "scroll_down", "b": "repeat"}
_CSI = {**pyte.Stream.csi, **_MORE}
_EVENTS = pyte.Stream.events | frozenset(_MORE.values())


class Screen(pyte.Screen):
    """A screen of so many columns and lines."""

    _last = " "

    def draw(self, data: str) -> None:
        super().draw(data)
        self._last = data[-1:] or self._last

    def repeat(self, count: int = 1) -> None:
        self.draw(self._last * max(count, 1))

    def erase_in_display(self, how: int = 0, *args: object, **more: object) -> None:
        if how == 2:
            for y in range(self.lines):
                self._fill(y)
        super().erase_in_display(how, *args, **more)

    def _fill(self, y: int) -> None:
        blank = self.cursor.attrs._replace(
            data=" ", reverse=False, underscore=False, strikethrough=False
        )
        self.buffer[y].update(dict.fromkeys(range(self.columns), blank))

    def scroll_up(self, count: int = 1) -> None:
        self._scroll(max(count, 1))

    def scroll_down(self, count: int = 1) -> None:
        self._scroll(-max(count, 1))

    def _scroll(self, by: int) -> None:
        top, bottom = self.margins or Margins(0, self.lines - 1)
        was = {y: self.buffer.pop(y, None) for y in range(top, bottom + 1)}
        for y in range(top, bottom + 1):
            line = was.get(y + by)
            if line is not None:
                self.buffer[y] = line
            elif not top <= y + by <= bottom:
                self._fill(y)


class Stream(pyte.Stream):
    """Text -> a Screen."""

    csi = _CSI
    events = _EVENTS


class ByteStream(pyte.ByteStream):
    """Bytes -> a Screen."""

    csi = _CSI
    events = _EVENTS
