"""A terminal's modes, from the bytes that it was sent."""

import re
from dataclasses import dataclass, field
from typing import Final

_SEQUENCE: Final = re.compile(
    rb"\x1b\[(?P<private>[?<=>]?)(?P<numbers>[0-9;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
)
_ON_FROM_THE_BEGINNING: Final = {7: "lines wrap", 25: "the cursor is shown"}
_SCREENS: Final = frozenset({47, 1047, 1049})


@dataclass(slots=True)
class Modes:
    """What is switched on. The kitty keyboard's modes are kept once for each of the two screens
    (its protocol says so), so that only who takes them back on the same screen takes them back."""

    other_screen: bool = False
    on: dict[int, bool] = field(default_factory=lambda: dict.fromkeys(_ON_FROM_THE_BEGINNING, True))
    keyboard: dict[bool, int] = field(default_factory=lambda: {False: 0, True: 0})
    """How often the keyboard's mode was put on the stack, by whether it was the other screen's."""
    styled: bool = False
    """Whether what is written next has a colour or another style."""
    titles: int = 0
    """How often the window's title was put on its stack and not taken back."""
    used: set[int] = field(default_factory=set)
    """Every mode that was ever switched on."""

    def feed(self, sent: bytes) -> "Modes":
        for found in _SEQUENCE.finditer(sent):
            self._take(found)
        return self

    def _take(self, found: "re.Match[bytes]") -> None:
        private, final = found["private"], found["final"]
        numbers = [int(n) for n in found["numbers"].replace(b":", b";").split(b";") if n]
        if found["between"]:
            return  # a question, or the cursor's shape
        if private == b"?" and final in (b"h", b"l"):
            for number in numbers:
                self.on[number] = final == b"h"
                if final == b"h":
                    self.used.add(number)
                if number in _SCREENS:
                    self.other_screen = final == b"h"
        elif final == b"u" and private == b">":
            self.keyboard[self.other_screen] += 1
        elif final == b"u" and private == b"<":
            # More than there are is no mistake: the terminal takes what there is.
            left = self.keyboard[self.other_screen] - (numbers or [1])[0]
            self.keyboard[self.other_screen] = max(left, 0)
        elif final == b"t" and not private and numbers in ([22, 2], [23, 2]):
            self.titles = max(self.titles + (1 if numbers[0] == 22 else -1), 0)
        elif final == b"m" and not private:
            self.styled = any(numbers)

    def left(self) -> list[str]:
        """What is not as it was at first, in words."""
        words = [
            f"mode {number} is {'on' if on else 'off'}"
            for number, on in sorted(self.on.items())
            if on != (number in _ON_FROM_THE_BEGINNING)
        ]
        for other, depth in self.keyboard.items():
            if depth:
                words.append(f"the {'other' if other else 'main'} screen's keyboard mode is on")
        if self.titles:
            words.append("the window has another title")
        if self.styled:
            words.append("a style is on")
        return words
