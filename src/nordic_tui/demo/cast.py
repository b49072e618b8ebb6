"""A film as an asciicast, version 2 (https://docs.asciinema.org/manual/asciicast/v2/): a line of
JSON about the whole, then one for each event.

    [12.34, "o", "…"]   what the terminal is sent, as the reader's own driver sends it
    [12.34, "m", "…"]   the name of a step, which players show as a chapter
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from rich.color import ColorSystem
from rich.control import Control
from textual.strip import Strip

from nordic_tui.demo.film import Film
from nordic_tui.tui.cells import Abilities, FrameEncoder

_BEGIN = "\x1b[?1049h\x1b[2J\x1b[H\x1b[?25l"
_END = "\x1b[0m\x1b[?25h\x1b[?1049l"


def cast(film: Film, now: datetime) -> str:
    """The file's text; now: what it says about when it was made."""
    return "".join(f"{line}\n" for line in _lines(film, now))


def _lines(film: Film, now: datetime) -> Iterator[str]:
    tour = film.tour
    yield _json(
        {
            "version": 2,
            "width": tour.columns,
            "height": tour.rows,
            "timestamp": int(now.timestamp()),
            "title": tour.title,
            "env": {"TERM": "xterm-256color"},
        }
    )
    yield _json([0.0, "o", _BEGIN])
    events: list[tuple[float, str, str]] = [(at_s, "m", name) for at_s, name in film.marks]
    events += (
        (frame.at_s, "o", sent) for frame, sent in zip(film.frames, sent_of(film), strict=True)
    )
    for event in sorted(events, key=lambda event: event[0]):
        yield _json(list(event))
    yield _json([film.length_s, "o", _END])


def sent_of(film: Film) -> Iterator[str]:
    """What the terminal is sent for each frame: the cells that differ from the one before.

    Nothing is erased in a colour: players differ in what they make of that.
    """
    encoder = FrameEncoder(Abilities())
    encoder.resize(film.tour.columns, film.tour.rows)
    for frame in film.frames:
        yield encoder.encode(_drawn(frame.rows))


def _drawn(rows: Sequence[Strip]) -> str:
    return "".join(
        Control.move_to(0, y).segment.text + "".join(_segments(strip))
        for y, strip in enumerate(rows)
    )


def _segments(strip: Strip) -> Iterable[str]:
    for text, style, _ in strip:
        if text:
            # Without the links that Textual makes of addresses: each run numbers them otherwise.
            plain = style.update_link(None) if style else None
            yield plain.render(text, color_system=ColorSystem.TRUECOLOR) if plain else text


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
