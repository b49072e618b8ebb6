"""What the rows of our tables look like on the disk (schema.py): enough to know them again in a
damaged file, where a page can hold anything.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from nordic_tui.store.pages import Row, Value

Kind = Callable[[Value], bool]

LAST_SECOND: Final = 253_402_300_799
"""Of the year 9999, the last that a date can have."""
FIRST_SECOND: Final = -62_135_596_800
_BIGGEST: Final = 1 << 62
"""Beyond any number that this program counts up to."""


def _is_int(value: Value) -> bool:
    return isinstance(value, int)


def key(value: Value) -> bool:
    """The column that is the rowid: it is stored as NULL."""
    return value is None


def id_(value: Value) -> bool:
    return isinstance(value, int) and value > 0


def number(value: Value) -> bool:
    return isinstance(value, int) and -1 <= value < _BIGGEST


def number_or_hash(value: Value) -> bool:
    return isinstance(value, int) and value >= 0


def flag(value: Value) -> bool:
    return _is_int(value) and value in (0, 1)


def time(value: Value) -> bool:
    """When something happened here: seconds that a clock can have said."""
    return isinstance(value, int) and 0 <= value <= LAST_SECOND


def date(value: Value) -> bool:
    """What a feed can say."""
    return isinstance(value, int) and FIRST_SECOND <= value <= LAST_SECOND


def moment(value: Value) -> bool:
    """Microseconds; a history of version 1 has seconds, and they are none."""
    return isinstance(value, int) and 10**14 <= value <= LAST_SECOND * 10**6


def text(value: Value) -> bool:
    return isinstance(value, str) and "\0" not in value


def seconds_long(value: Value) -> bool:
    return isinstance(value, int | float) and 0 <= value < 1e12


def fraction(value: Value) -> bool:
    """SQLite stores 0.0 and 1.0 as whole numbers."""
    return isinstance(value, int | float) and 0 <= value <= 1


def maybe(kind: Kind) -> Kind:
    return lambda value: value is None or kind(value)


class Table(NamedTuple):
    name: str
    columns: tuple[tuple[str, Kind], ...]
    """As they are stored: in a table without rowid the primary key comes first."""
    least: int
    """So many columns the first version had: later ones only added some at the end."""
    strays: bool = True
    """Whether rows are to be told by their shape, as no other table or index has it."""

    @property
    def has_rowid(self) -> bool:
        return self.columns[0][1] is key

    def reads(self, row: Row) -> tuple[Any, ...] | None:
        """The columns, the rowid among them, None for those that are missing; None: no such row."""
        rowid, values = row
        if not self.least <= len(values) <= len(self.columns):
            return None
        kinds = self.columns[: len(values)]
        if not all(kind(value) for (_, kind), value in zip(kinds, values, strict=True)):
            return None
        if self.has_rowid:
            if rowid <= 0:
                return None
            values = (rowid, *values[1:])
        return (*values, *(None for _ in range(len(self.columns) - len(values))))


def table(name: str, least: int, /, *, strays: bool = True, **columns: Kind) -> Table:
    return Table(name, tuple(columns.items()), least, strays)


# The columns as they are stored (schema.py).
LIBRARY: Final = (
    table("star", 2, post=key, at=time),
    table("tagged", 3, post=id_, tag=text, at=time),
    table("kept", 3, post=key, address=text, entry=text),
    table("ruled", 2, rule=id_, post=id_),
    table("act", 4, id=key, at=moment, done=text, undone=maybe(moment)),
    table(
        "act_change",
        4,
        act=id_,
        post=id_,
        tag=text,
        was=maybe(time),
    ),
    table(
        "place",
        4,
        kind=text,
        id=number,
        unread_only=flag,
        sorting=text,
    ),
)
HISTORY: Final = (
    table("position", 3, post=key, fraction=fraction, at=time),
    table("read_mark", 3, post=key, at=time, batch=number),
    table("asked_text", 3, post=key, at=time, html=text),
    table(
        "last_place",
        10,
        one=key,
        at=time,
        kind=text,
        id=number_or_hash,
        name=text,
        search=text,
        post=number_or_hash,
        opened=flag,
        fraction=fraction,
        line=number,
    ),
    table(
        "batch",
        5,
        id=key,
        at=moment,
        undoable=flag,
        done=text,
        undone=maybe(moment),
    ),
    table(
        "change",
        4,
        batch=id_,
        post=id_,
        was_at=maybe(time),
        was_batch=maybe(number),
    ),
)
CACHE: Final = (
    table(
        "source",
        17,
        id=key,
        address=text,
        place=number,
        followed=flag,
        name=text,
        title=text,
        site_url=text,
        total=number,
        etag=text,
        last_modified=text,
        body_hash=text,
        read_from=text,
        checked_at=maybe(time),
        next_at=maybe(time),
        failures=number,
        error=text,
        stopped=flag,
        validated=text,
        parser=number,
        moving_to=text,
        not_before=maybe(time),
        next_why=text,
        rhythm_s=maybe(seconds_long),
        update_s=maybe(seconds_long),
        asked=number,
        spared=number,
        outcome=text,
        rest=text,
        terms_at=maybe(time),
        paused=flag,
        hidden=flag,
        folder=text,
        tags=text,
        answered_by=text,
        asks_old=flag,
        missed_since=maybe(time),
        warning=text,
        not_modified=number,
        page_error=text,
    ),
    # The index of the addresses has each once more.
    table("sqlite_autoindex_source_1", 2, address=text, id=id_),
    table(
        "post",
        11,
        seq=key,
        id=id_,
        source=id_,
        ord=date,
        shown=flag,
        label=text,
        folded=text,
        published=maybe(date),
        first_seen=maybe(time),
        bundled=flag,
        fingerprint=number_or_hash,
        same=maybe(number_or_hash),
        overlap=number,
        twin=flag,
        by_slug=flag,
        changed_at=maybe(time),
    ),
    table(
        "body",
        11,
        seq=key,
        guid=text,
        link=text,
        title=text,
        updated=maybe(date),
        authors=text,
        enclosures=text,
        more=flag,
        protected=flag,
        excerpt=text,
        content=text,
    ),
    table(
        "category",
        6,
        id=key,
        source=id_,
        name=text,
        folded=text,
        place=number,
        total=number,
        slug=text,
        label=maybe(text),
        parent=maybe(id_),
    ),
    table(
        "post_category",
        4,
        category=id_,
        ord=date,
        seq=id_,
        post=id_,
    ),
    table("hidden_category", 2, strays=False, seq=id_, category=id_),
    table("post_tags", 2, seq=key, names=text),
    table("alias", 2, strays=False, identity=key, seq=id_),
    table(
        "full_text",
        4,
        seq=key,
        fetched_at=time,
        html=text,
        failures=number,
    ),
    table(
        "term",
        5,
        source=id_,
        number=id_,
        name=text,
        slug=text,
        parent=number,
    ),
)
