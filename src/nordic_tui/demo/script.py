"""The script of a tour: one TOML file of keys, waits and captions.

    title = "Three minutes with Nordic TUI"
    size = "100x28"

    [[step]]
    name = "search"                      # how --at finds it
    caption = "/ searches as you type."  # stands below the screen until the next one
    keys = "/"                           # keys parted by blanks, as people write them
    type = "harbour"                     # then words, letter by letter
    until = "harbour"                    # then waits for words on the screen
    wait = 3                             # and so many seconds

    read_tour   a file -> a Tour; every mistake with its line
    beats       a Tour -> what happens when, in the order of its clock

Needs no terminal and no Textual.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from nordic_tui.config.reading import (
    Key,
    Mistake,
    Reading,
    number,
    parse,
    read_text,
    shown,
    switch,
)
from nordic_tui.demo.key_names import ALLOWED, Press, named, typed
from nordic_tui.errors import SettingsError
from nordic_tui.text import clean
from nordic_tui.text.wrapping import wrap

T = TypeVar("T")

TOUR = Path(__file__).parent / "tour.toml"
"""The tour that comes with the program: a talk of three minutes."""
SHORT = Path(__file__).parent / "short.toml"
"""The same in less than a minute: the moving picture of the README."""

CAPTION_LINES = 2
CAPTION_MARGIN = 2
"""Cells at the left and at the right of a caption."""
THEMES = ("fjord", "snow", "polar")
"""Our own: those that are made to be seen from far away."""

LEAD_S = 1.2
"""A new caption stands alone for so long, before the first key after it."""
KEY_S = 0.6
LETTER_S = 0.09
LETTERS_A_SECOND = 17
"""Read by those who see words for the first time: what subtitles are held to."""
UNTIL_S = 10.0
"""After so long, words that a step waits for are not coming."""
MAX_STEPS = 500


@dataclass(frozen=True, slots=True)
class Step:
    """line: of the file, where it begins. caption: None: the one before stays."""

    line: int
    name: str = ""
    caption: str | None = None
    keys: tuple[Press, ...] = ()
    type: str = ""
    until: str = ""
    every_s: float | None = None
    wait_s: float | None = None


@dataclass(frozen=True, slots=True)
class Tour:
    """What a file says. file: its name, for messages."""

    file: str
    title: str
    columns: int
    rows: int
    theme: str
    presenter: bool
    show_keys: bool
    asks_consent: bool
    steps: tuple[Step, ...]


class Beat(NamedTuple):
    """Something that happens in a tour: the first of a step's has its caption, others a key."""

    step: Step
    number: int
    """Of the step, from 0."""
    after_s: float
    """Seconds since the beat before."""
    press: Press | None = None
    is_first: bool = False
    is_last: bool = False
    """All keys of the step are pressed: the words that it waits for must be there."""


# ── the order of events ─────────────────────────────────────────────────────────────────────


def beats(tour: Tour) -> Iterator[Beat]:
    """All that happens, in order; after the last one, the tour has ended."""
    rest_s = 0.0
    for place, step in enumerate(tour.steps):
        yield Beat(step, place, rest_s, is_first=True)
        presses = [(press, step.every_s or KEY_S) for press in step.keys]
        presses += [(typed(sign), step.every_s or LETTER_S) for sign in step.type]
        lead_s = LEAD_S if step.caption else 0.0
        for press, every_s in presses:
            yield Beat(step, place, lead_s or every_s, press)
            lead_s = 0.0
        yield Beat(step, place, 0.0, is_last=True)
        rest_s = wait_of(step)
    yield Beat(tour.steps[-1], len(tour.steps), rest_s)


def wait_of(step: Step) -> float:
    """How long a step stands: what it says, or as long as it takes to read its caption."""
    if step.wait_s is not None:
        return step.wait_s
    return 1.0 + len(step.caption or "") / LETTERS_A_SECOND


def length_s(tour: Tour) -> float:
    """How long the tour takes at its own speed, when the program answers at once."""
    return sum(beat.after_s for beat in beats(tour))


def moment(tour: Tour, at: str) -> float | Step:
    """What words mean: a second, or the step of a name (then its end). Raises SettingsError."""
    try:
        second = float(at)
    except ValueError:
        return _step_named(tour, at)
    length = length_s(tour)
    if not 0 <= second <= length:
        raise SettingsError(
            f"{tour.file} lasts {length:.0f} s: there is no second {at}. "
            f"Allowed: a second from 0 to {length:.0f}, or the name of a step."
        )
    return second


def _step_named(tour: Tour, name: str) -> Step:
    for step in tour.steps:
        if step.name == name:
            return step
    names = ", ".join(step.name for step in tour.steps if step.name)
    raise SettingsError(
        f"{tour.file} has no step {shown(name)}. Allowed: a second from 0 to {length_s(tour):.0f}"
        + (f", or the name of a step: {names}." if names else ".")
    )


def caption_lines(caption: str, columns: int) -> list[str]:
    """A caption as it is drawn below a screen of so many columns."""
    return wrap(caption, max(columns - 2 * CAPTION_MARGIN, 1)) if caption else []


# ── reading ─────────────────────────────────────────────────────────────────────────────────


def read_tour(path: Path) -> Tour:
    """Read a tour. Raises SettingsError with a line for each mistake, in the file's order."""
    text = read_text(path)
    if text is None:
        raise SettingsError(f"{path} is not there.")
    table = parse(path, text)
    reading = Reading(path, text, table)
    reading.refuse_unknown((), table, (*_TOUR_KEYS, "step"), "a key of a tour")

    def value(name: str) -> Any:
        key, usual = _TOUR_KEYS[name]
        return reading.checked((name,), table[name], key) if name in table else usual

    columns, rows = value("size") or _SIZE
    steps = tuple(_steps(reading, table.get("step"), columns))
    _refuse_twins(reading, steps)
    reading.raise_mistakes()
    return Tour(
        str(path),
        value("title"),
        columns,
        rows,
        value("theme"),
        value("presenter"),
        value("show_keys"),
        value("asks_consent"),
        steps,
    )


def _steps(reading: Reading, found: object, columns: int) -> Iterator[Step]:
    if not isinstance(found, list) or not found or not all(isinstance(s, dict) for s in found):
        reading.note(("step",) if found else (), "a tour has steps, each begins with [[step]].")
        return
    if len(found) > MAX_STEPS:
        reading.note(("step", MAX_STEPS), f"a tour has at most {MAX_STEPS} steps.")
        return
    for place, table in enumerate(found):
        yield _step(reading, place, table, columns)


def _step(reading: Reading, place: int, table: Mapping[str, object], columns: int) -> Step:
    at = ("step", place)
    reading.refuse_unknown(at, table, _STEP_KEYS, "a key of a step")
    found: dict[str, Any] = {
        name: reading.checked((*at, name), table[name], key)
        for name, key in _STEP_KEYS.items()
        if name in table
    }
    if not any(name in table for name in ("caption", "keys", "type", "until", "wait")):
        reading.note(at, "this step does nothing: it has no caption, keys, type, until or wait.")
    caption = found.get("caption")
    room = columns - 2 * CAPTION_MARGIN
    if caption and len(caption_lines(caption, columns)) > CAPTION_LINES:
        reading.note(
            (*at, "caption"),
            f"this caption has {len(caption)} letters and does not fit on {CAPTION_LINES} lines "
            f"of {room} cells, which a window of {columns} columns leaves it.",
        )
    return Step(
        line=reading.line(at),
        name=found.get("name") or "",
        caption=caption,
        keys=found.get("keys") or (),
        type=found.get("type") or "",
        until=found.get("until") or "",
        every_s=found.get("every"),
        wait_s=found.get("wait"),
    )


def _refuse_twins(reading: Reading, steps: Sequence[Step]) -> None:
    lines: dict[str, int] = {}
    for place, step in enumerate(steps):
        if step.name and step.name in lines:
            line = lines[step.name]
            reading.note(
                ("step", place, "name"),
                f"the step of line {line} is also named {shown(step.name)}.",
            )
        lines.setdefault(step.name, step.line)


# ── values ──────────────────────────────────────────────────────────────────────────────────


def _words(max_chars: int) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or len(value) > max_chars or clean.line(value) != value:
            raise ValueError
        return value

    return read


def _some_words(max_chars: int) -> Callable[[object], str]:
    read = _words(max_chars)

    def read_some(value: object) -> str:
        words = read(value)
        if not words:
            raise ValueError
        return words

    return read_some


def _name(value: object) -> str:
    name = _some_words(40)(value)
    # "--at 12" is a second.
    if name.replace(".", "", 1).isdigit():
        raise Mistake(
            f"name must not be a number, as {shown(name)} is: --at takes it for a second."
        )
    return name


def _keys(value: object) -> tuple[Press, ...]:
    if not isinstance(value, str) or not value.split():
        raise ValueError
    presses = []
    for word in value.split():
        press = named(word)
        if press is None:
            raise Mistake(
                f"{shown(word)} is no key. Keys are parted by blanks; allowed: {ALLOWED}."
            )
        presses.append(press)
    return tuple(presses)


def _size(value: object) -> tuple[int, int]:
    if not isinstance(value, str):
        raise ValueError
    columns, _, rows = value.partition("x")
    if not (columns.isdigit() and rows.isdigit() and len(value) <= 7):
        raise ValueError
    size = int(columns), int(rows)
    if not (40 <= size[0] <= 200 and 12 <= size[1] <= 60):
        raise ValueError
    return size


def _one_of(allowed: Sequence[str]) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError
        return value

    return read


_SIZE = (100, 28)
_TOUR_KEYS: Mapping[str, tuple[Key[Any], Any]] = {
    "title": (Key("title", "at most 80 letters on one line", _words(80)), "Nordic TUI"),
    "size": (
        Key("size", 'columns and rows from 40x12 to 200x60, such as "100x28"', _size),
        _SIZE,
    ),
    "theme": (Key("theme", "one of " + ", ".join(THEMES), _one_of(THEMES)), "polar"),
    "presenter": (Key("presenter", "true or false", switch), True),
    "show_keys": (Key("show_keys", "true or false", switch), True),
    "asks_consent": (Key("asks_consent", "true or false", switch), False),
}
_STEP_KEYS: Mapping[str, Key[Any]] = {
    "name": Key("name", "1 to 40 letters on one line", _name),
    "caption": Key("caption", "at most 400 letters on one line", _words(400)),
    "keys": Key("keys", 'keys parted by blanks, such as "j j Enter"', _keys),
    "type": Key("type", "1 to 200 letters on one line", _some_words(200)),
    "until": Key("until", "1 to 80 letters on one line", _some_words(80)),
    "every": Key("every", "a number of seconds from 0.02 to 10", number(0.02, 10)),
    "wait": Key("wait", "a number of seconds from 0 to 120", number(0, 120)),
}
