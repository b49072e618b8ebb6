"""The link's budget: what each act sends to the terminal, here and in newsboat.

An act is a key, or a few, and all that is written until the program is quiet. Our excerpt follows
the cursor once that has rested, which newsboat has nothing like: what comes before it and what
comes with it are two figures.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Final

from tests.benchmarks import material
from tests.benchmarks.probe import Terminal
from tests.benchmarks.sessions import DOWN, ENTER, ESC, NORDIC, TEXT, Figures, Homes

SIZES: Final = ((120, 36), (80, 24))
POSTS: Final = 10_000
"""In 100 sources; newsboat's list is that of one of them."""
MOVES: Final = 8
TIMES: Final = 5
"""How often each other act is done."""
REST_S: Final = 0.6
"""No output for so long: nothing more follows the act."""
PAGE_DOWN: Final = b"\x1b[6~"

ACTS: Final = {
    "move": "cursor move",
    "page": "a page of the list",
    "open": "a post opened",
    "text": "a page of its text",
    "read": "opened, and a page on",
    "back": "back to the list",
    "category": "another category",
    "search": "a search, to its posts",
}


WITH_EXCERPT: Final = ("move", "page", "back", "category", "search")
"""After these our excerpt follows."""


def name_of(size: tuple[int, int], what: str, program: str) -> str:
    return f"{program}.link.{size[0]}.{what}"


RATIOS: Final = tuple(
    (
        *size,
        words,
        f"{name_of(size, what, 'ssh')}_bytes",
        f"{name_of(size, what, 'newsboat')}_bytes",
    )
    for size in SIZES
    for what, words in ACTS.items()
)
"""Columns, lines, words, and the names of the figures: ours, without the excerpt, and theirs."""
PAIRS: Final = RATIOS + tuple(
    (
        *size,
        f"{ACTS[what]}, and the excerpt",
        f"{name_of(size, what, 'ssh')}.whole_bytes",
        "newsboat has no excerpt",
    )
    for size in SIZES
    for what in WITH_EXCERPT
)


@dataclass(frozen=True, slots=True)
class Sent:
    """Bytes. `soon`: until the program was quiet for a moment; `whole`: until it was for long."""

    soon: int
    whole: int


def act(terminal: Terminal, key: bytes) -> Sent:
    """Type a key; what is sent for it. Nothing that an act before it brought may still come."""
    before = terminal.written_bytes
    terminal.press(key)
    soon = terminal.written_bytes - before
    terminal.read_until_quiet(REST_S)
    return Sent(soon, terminal.written_bytes - before)


def figures_of(program: str, size: tuple[int, int], sent: dict[str, list[Sent]]) -> Figures:
    figures: Figures = {}
    for what, each in sent.items():
        name = name_of(size, what, program)
        figures[f"{name}_bytes"] = median(one.soon for one in each)
        figures[f"{name}.whole_bytes"] = median(one.whole for one in each)
    # How much of a post is on its first page depends on what stands above the text: both together
    # bring the same.
    both = [a.soon + b.soon for a, b in zip(sent["open"], sent["text"], strict=True)]
    figures[f"{name_of(size, 'read', program)}_bytes"] = median(both)
    return figures


def ours(homes: Homes, size: tuple[int, int], profile: str = "ssh") -> Figures:
    command = [*NORDIC, "--profile", profile]
    with Terminal(command, homes.filled(POSTS), size=size) as terminal:
        terminal.wait(lambda: len(terminal.serials()) == 5, "posts")
        do = partial(act, terminal)
        sent = {"move": [do(b"j") for _ in range(MOVES)]}
        sent["page"] = [do(b" ") for _ in range(TIMES)]
        sent |= reading(terminal, down=b"j", back=ESC)
        sent["search"] = [
            searched(terminal, word, lambda: terminal.shows(r"Search.* posts")) for word in SOUGHT
        ]
        sent["category"] = [do(b"]") for _ in range(TIMES + 1)][1:]  # "Unread" has the same posts
    return figures_of(profile, size, sent)


SOUGHT: Final = tuple(material.SOUGHT)


def theirs(homes: Homes, size: tuple[int, int], command: str) -> Figures:
    with Terminal([command], homes.newsboat(), size=size) as terminal:
        terminal.wait(lambda: terminal.shows("Nordisk blogg"), "newsboat's feeds")
        terminal.read_until_quiet(gap_s=0.5)
        terminal.press_until(ENTER, lambda: len(terminal.serials()) == 5, "newsboat's posts")
        do = partial(act, terminal)
        sent = {"move": [do(DOWN) for _ in range(MOVES)]}
        sent["page"] = [do(PAGE_DOWN) for _ in range(2)]
        sent |= reading(terminal, down=DOWN, back=b"q")
        sent["category"] = [do(b"j") for _ in range(TIMES)]
        terminal.press_until(b"q", lambda: not terminal.serials(), "newsboat's feeds")
        sent["search"] = []
        for word in SOUGHT:
            found = partial(terminal.shows, "Search results")
            sent["search"].append(searched(terminal, word, found))
            terminal.press_until(b"q", lambda: not terminal.serials(), "newsboat's feeds")
    return figures_of("newsboat", size, sent)


def searched(terminal: Terminal, word: str, found: Callable[[], bool]) -> Sent:
    """A word typed at the speed of a person who types fast, and Enter."""
    terminal.read_until_quiet(REST_S)
    before = terminal.written_bytes
    for letter in f"/{word}":
        terminal.type(letter.encode())
        terminal.read_for(0.12)
    terminal.type(ENTER)
    terminal.wait(found, "what was searched for")
    terminal.read_until_quiet()
    soon = terminal.written_bytes - before
    terminal.read_until_quiet(REST_S)
    return Sent(soon, terminal.written_bytes - before)


def reading(terminal: Terminal, *, down: bytes, back: bytes) -> dict[str, list[Sent]]:
    sent: dict[str, list[Sent]] = {"open": [], "text": [], "back": []}
    for _ in range(TIMES):
        sent["open"].append(act(terminal, ENTER))
        terminal.wait(lambda: terminal.shows(TEXT), "a post's text")
        sent["text"].append(act(terminal, b" "))
        sent["back"].append(act(terminal, back))
        terminal.press(down)
    return sent
