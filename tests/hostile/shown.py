"""A text as a title could hold it, and what shows that it does no harm on its way to the screen."""

import json
from dataclasses import dataclass

from rich.cells import cell_len

from nordic_tui.decode.detect import decode
from nordic_tui.model import PostRow
from nordic_tui.text import clean
from nordic_tui.tui import present
from nordic_tui.tui.cells import Abilities, FrameEncoder
from nordic_tui.tui.theme import FJORD, Palette
from tests.hostile.case import Case
from tests.terminal_stream import faults, faults_of_sent

_ROOM = 60
_PALETTE = Palette(FJORD.variables, plain=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown(Case):
    text: str
    """As it comes."""
    line: str
    """What is shown of it where there is room for a line."""
    feed: bytes = b""
    """A whole feed that has it as the title of its post, where the bytes matter; else none."""


def passes_the_gate(case: Shown) -> None:
    """The gate leaves what the case says, on one line and on several."""
    assert clean.line(case.text) == case.line
    assert faults(case.line) == []
    assert [fault for line in clean.block(case.text).split("\n") for fault in faults(line)] == []


def comes_with_a_feed(case: Shown) -> None:
    """A feed that holds it as a title gives a post with what can be seen of it."""
    item = {"id": "1", "url": "https://news.example/1", "title": case.text}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": [item]}
    body = case.feed or json.dumps(feed).encode()
    assert [entry.title for entry in decode(body).entries] == [case.line]


def is_a_row(case: Shown) -> None:
    """Also where it is in the store already it is one row of the list: in the column of titles,
    and exactly as wide as a row is."""
    row = PostRow(1, case.text, None, unread=True, starred=True)
    drawn = present.post_row(row, _ROOM, _PALETTE, selected=True, focused=True, chosen=False)
    assert drawn.cell_length == cell_len(drawn.text) == _ROOM
    assert drawn.text.startswith("▌● ")
    assert drawn.text[3:].startswith((case.line or "Untitled")[:20])
    assert drawn.text.rstrip().endswith(present.STAR)


def passes_the_last_gate(case: Shown) -> None:
    """Where a widget would draw it as it came, nothing of it is sent that a terminal obeys or
    nobody sees. That marks are not piled up is the business of those before."""
    text = case.text[:5_000].replace("\n", " ")
    sent = (
        FrameEncoder(Abilities(erases=True, erases_in_colour=True))
        .encode(f"\x1b[1;1H{text}")
        .encode()
    )
    assert [fault for fault in faults_of_sent(sent) if "mark" not in fault] == []


def is_shown_as_said(case: Shown) -> None:
    """Wherever it comes from and wherever it is drawn."""
    passes_the_gate(case)
    comes_with_a_feed(case)
    is_a_row(case)
    passes_the_last_gate(case)
