"""The text of the block that is being read, in its styles, and the links that it leads to."""

from functools import cache
from typing import NamedTuple

from nordic_tui.text import clean
from nordic_tui.text.blocks import Inline, Link
from nordic_tui.text.inline import Runs, Style, inline, raise_runs
from nordic_tui.text.links import leads_elsewhere

_MAX_LINKS = 2_000
_MAX_LINK_TEXT_CHARS = 200
_MAX_RAISED = 3
"""How deep powers of powers are told apart."""
_QUOTES = ("“”", "‘’")
_STYLES = ("strong", "emphasis", "code", "strike", "mark", "inserted", "key")
_NOTHING_OPEN = (0,) * len(_STYLES)


class Links:
    """The addresses that a text leads to, each with one number however often it occurs."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._addresses: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._texts: list[str] = []
        self._naming = False

    def address(self, href: str) -> str:
        """The address that may be opened; "" if none, within the page, or too many came."""
        if not href or href[0] == "#":
            return ""
        if href not in self._addresses:
            if len(self._addresses) >= 2 * _MAX_LINKS:
                return ""
            self._addresses[href] = clean.url(href, self._base)
        return self._addresses[href]

    def begin(self) -> None:
        """Another link begins: what follows is no name of the one before."""
        self._naming = False

    def number(self, address: str, text: str) -> int | None:
        """The number of the link to `address`; `text` is added to its name while that is read."""
        number = self._numbers.get(address)
        if number is None:
            if len(self._numbers) >= _MAX_LINKS:
                return None
            number = len(self._numbers) + 1
            self._numbers[address] = number
            self._texts.append("")
            self._naming = True
        if self._naming and len(self._texts[number - 1]) <= _MAX_LINK_TEXT_CHARS:
            self._texts[number - 1] += text
        return number

    def is_named(self, address: str) -> bool:
        """Whether something was marked as a link to `address`."""
        number = self._numbers.get(address)
        return number is not None and bool(self._texts[number - 1].strip())

    def all(self) -> tuple[Link, ...]:
        return tuple(
            Link(address, clean.line(text, _MAX_LINK_TEXT_CHARS))
            for address, text in zip(self._numbers, self._texts, strict=True)
        )


class State(NamedTuple):
    """What is open at some place of the text."""

    counts: tuple[int, ...]
    """How many elements of each style are open."""
    href: str


@cache
def _style(bits: int) -> Style:
    """The style in which those of `_STYLES` are open whose bits are set."""
    return Style(**{name: True for index, name in enumerate(_STYLES) if bits >> index & 1})


class Running:
    """Text as it comes, until its block ends. Elements are told apart by their style's name: a
    field of `Style`."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self._runs: Runs = []
        self._counts = _NOTHING_OPEN
        self._style = Style()
        self._href = ""
        self._link_start = 0
        """How many runs came before the link that is open."""
        self._raised: list[tuple[bool, int]] = []
        self._quotes = 0
        self._reading = False
        self._abbreviation: tuple[str, int] | None = None
        self._explained: set[str] = set()

    def __bool__(self) -> bool:
        """Whether anything but white space has come."""
        return any(not text.isspace() for text, _ in self._runs)

    def add(self, text: str) -> None:
        style = self._style
        if self._href and not text.isspace():
            number = self._links.number(self._href, text)
            style = style._replace(link=number)
        self._runs.append((text, style))

    def refer(self, note: int) -> None:
        """Add a reference to a note."""
        self._runs.append((f"[^{note}]", Style(note=note)))

    def take(self) -> Inline:
        """What has come, as spans; the next text begins anew, in the styles that are open."""
        if not self._runs:
            return ()
        self._tell_where()
        self._link_start = 0
        self.end_reading()
        while self._raised:
            self.end_raised()
        self._quotes = 0
        self._abbreviation = None
        runs, self._runs = self._runs, []
        return inline(runs)

    # ── styles ──────────────────────────────────────────────────────────────────────────────

    def state(self) -> State:
        return State(self._counts, self._href)

    def restore(self, state: State) -> None:
        if self._counts is not state.counts:
            self._counts = state.counts
            self._look()
        self._href = state.href

    def begin_style(self, name: str) -> None:
        self._change(_STYLES.index(name), 1)

    def end_style(self, name: str) -> None:
        index = _STYLES.index(name)
        if self._counts[index]:
            self._change(index, -1)

    def _change(self, index: int, by: int) -> None:
        counts = self._counts
        self._counts = (*counts[:index], counts[index] + by, *counts[index + 1 :])
        if not counts[index] or not self._counts[index]:
            self._look()

    def _look(self) -> None:
        bits = 0
        for index, count in enumerate(self._counts):
            if count:
                bits |= 1 << index
        self._style = _style(bits)

    def begin_link(self, address: str) -> None:
        self._links.begin()
        self._href = address
        self._link_start = len(self._runs)

    def end_link(self) -> None:
        self._tell_where()
        self._href = ""

    def _tell_where(self) -> None:
        """Add the true host of the link that is open, where its text names another one."""
        text = "".join([text for text, _ in self._runs[self._link_start :]])
        if self._href and leads_elsewhere(text, self._href):
            self._runs.append((f" (leads to {clean.host(self._href)})", Style()))

    @property
    def href(self) -> str:
        """Where the open link leads to; "" if none is open."""
        return self._href

    # ── what stands above, below and around ─────────────────────────────────────────────────

    @property
    def is_raised(self) -> bool:
        return bool(self._raised) and self._raised[-1][0]

    def begin_raised(self, *, up: bool) -> None:
        if len(self._raised) < _MAX_RAISED:
            self._raised.append((up, len(self._runs)))

    def end_raised(self) -> None:
        if self._raised:
            up, start = self._raised.pop()
            raise_runs(self._runs, start, up=up)

    def begin_quotation(self) -> None:
        self.add(_QUOTES[self._quotes % 2][0])
        self._quotes += 1

    def end_quotation(self) -> None:
        if self._quotes:
            self._quotes -= 1
            self.add(_QUOTES[self._quotes % 2][1])

    def begin_reading(self) -> None:
        """What follows says how the letters before it are read."""
        self.end_reading()
        self.add("(")
        self._reading = True

    def end_reading(self) -> None:
        if self._reading:
            self._reading = False
            self.add(")")

    def begin_abbreviation(self, title: str) -> None:
        self._abbreviation = (title, len(self._runs))

    def end_abbreviation(self) -> str:
        """What the abbreviation that ends stands for, to be added, the first time it comes."""
        if self._abbreviation is None:
            return ""
        title, start = self._abbreviation
        self._abbreviation = None
        short = "".join([text for text, _ in self._runs[start:]]).strip()
        if not title or title in self._explained or title.casefold() == short.casefold():
            return ""
        self._explained.add(title)
        return f" ({title})"
