"""What a person types to find posts, as a value. Any text is a search; nothing raises.

    by havn                both words, anywhere in the post
    "by ved havn"          these words one after another
    by OR havn             at least one of the two
    -havn                  not this word
    havn*                  what begins so
    title:havn text:havn category:"New initiatives" author:ødegård
    source:blogg           the source's name or address
    tag:budget             a tag that a person gave
    after:2024-05 before:week is:unread has:audio

What is typed and can't be read so is searched for as it stands, and `notes` says why.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from nordic_tui.text import clean, words
from nordic_tui.text.fold import fold
from nordic_tui.text.words import Forms, Phrase

COLUMNS: Final = ("title", "text", "author", "category")
"""The fields whose words are in the index."""
STATES: Final = ("unread", "read", "starred", "changed", "later")
HOLDINGS: Final = ("audio", "video", "image", "pdf", "file", "link", "fulltext")
OF_READING: Final = ("unread", "read", "changed", "fulltext")
"""Of both, those that tell what was read: who reads asks for a full text."""
_FILTERS: Final = ("source", "tag", "before", "after", "is", "has")
_FIELDS: Final = frozenset((*COLUMNS, *_FILTERS))

MAX_CHARS: Final = 2_000
MAX_TERMS: Final = 100
MAX_PHRASE: Final = 60
"""What is longer than these is cut, and `notes` says so."""


class Term(NamedTuple):
    """Words one after another, in a column or anywhere."""

    phrases: tuple[Phrase, ...]
    """The ways to write them; one must be there."""
    typed: tuple[Forms, ...]
    begun: bool = False
    """Whether the last word may go on."""
    column: str = ""
    """One of `COLUMNS`; "": any."""
    negated: bool = False


class Filter(NamedTuple):
    """What is asked for besides words."""

    field: str
    """ "source", "tag", "before", "after", "is" or "has"."""
    value: str = ""
    """One of `STATES` or `HOLDINGS`, a tag folded, or what a source is called, as typed."""
    day: date | None = None
    """`before` this day, or from it on (`after`)."""
    negated: bool = False


Group = tuple[Term | Filter, ...]
"""At least one of these."""


class Query(NamedTuple):
    """Posts must answer each group. Without groups it holds every post, if it is not `empty`."""

    groups: tuple[Group, ...] = ()
    notes: tuple[str, ...] = ()
    """What was not understood, each a sentence."""
    empty: bool = False
    """Something was typed, and there is nothing in it to search for: no post is found."""


def parse(text: str, today: date) -> Query:
    """Read a search. today: the day in the local time zone that "today" and "7d" go by."""
    return _Parser(today, typing=False).read(text)


def while_typing(text: str, today: date) -> Query:
    """Read a search whose last word may go on: it is the beginning of a word from the second
    letter on, and what is only half a field is left out."""
    return _Parser(today, typing=True).read(text)


# What a rule does is stored, consent or not: it must not follow from what was read.
NO_RULE: Final = (
    "A rule that asks what was read (is:unread, is:read, is:changed or has:fulltext) is never "
    "carried out: what it does would tell."
)
"""Why such a search is none for a rule."""


def asks_of_reading(query: Query) -> bool:
    """Whether what it finds depends on what was read."""
    return any(
        isinstance(each, Filter) and each.field in ("is", "has") and each.value in OF_READING
        for group in query.groups
        for each in group
    )


def problem_as_rule(text: str) -> str:
    """Why this search can't be a rule's, a sentence; "": it can. No day changes the answer."""
    return NO_RULE if asks_of_reading(parse(text, date.min)) else ""


# ── reading ─────────────────────────────────────────────────────────────────────────────────

_OPEN: Final = '"“”„«»'
_PIECE: Final = re.compile(
    rf"(?P<minus>-?)(?:(?P<field>[A-Za-z]+):)?(?:"
    rf"[{_OPEN}](?P<quoted>[^{_OPEN}]*)(?P<close>[{_OPEN}]?)(?P<star>\*?)"
    rf"|(?P<bare>[^\s{_OPEN}]+))"
    rf"|\s+|."
)


class _Piece(NamedTuple):
    text: str
    """As it was typed, without the minus."""
    value: str
    field: str = ""
    negated: bool = False
    quoted: bool = False
    star: bool = False
    last: bool = False
    """Whether nothing comes behind it: it may go on."""


def _pieces(text: str) -> Iterator[_Piece]:
    for found in _PIECE.finditer(text):
        if found["quoted"] is None and found["bare"] is None:
            continue
        quoted = found["quoted"] is not None
        bare, field = found["bare"] or "", found["field"] or ""
        if not field and bare.endswith(":") and bare[:-1].lower() in _FIELDS:
            bare, field = "", bare[:-1]
        yield _Piece(
            text=found[0].removeprefix("-"),
            value=found["quoted"] if quoted else bare.rstrip("*"),
            field=field,
            negated=bool(found["minus"]),
            quoted=quoted,
            star=bool(found["star"]) or bare.endswith("*"),
            last=found.end() == len(text) and not found["close"] and not found["star"],
        )


class _Parser:
    def __init__(self, today: date, *, typing: bool) -> None:
        self._today = today
        self._typing = typing
        self._notes: dict[str, None] = {}
        self._half = False
        """Whether something was left out that is still being typed."""

    def read(self, text: str) -> Query:
        if len(text) > MAX_CHARS:
            text = text[:MAX_CHARS]
            self._note(f"Only the first {MAX_CHARS:,} letters are searched for.")
        groups: list[Group] = []
        joining = False
        seen: set[Term | Filter] = set()
        for piece in _pieces(text):
            if piece.text == "OR" and not piece.negated:
                joining = bool(groups)
                continue
            found = self._understand(piece)
            if found is None:
                continue
            if len(seen) == MAX_TERMS and found not in seen:
                self._note(f"Only the first {MAX_TERMS} words are searched for.")
                break
            if joining:
                groups[-1] = tuple(dict.fromkeys((*groups[-1], found)))
            else:
                groups.append((found,))
            seen.add(found)
            joining = False
        empty = not groups and not self._half and bool(text.strip())
        if empty:
            self._note("There are no words in it to search for.")
        return Query(tuple(dict.fromkeys(groups)), tuple(self._notes), empty)

    def _note(self, sentence: str) -> None:
        # It says again what was typed, which may be pasted, or stand in settings of another's.
        self._notes[clean.line(sentence)] = None

    def _understand(self, piece: _Piece) -> Term | Filter | None:
        """None: there is nothing in it to search for."""
        open_ended = self._typing and piece.last
        field = piece.field.lower()
        if field in COLUMNS:
            return self._term(piece, piece.value, field, typed_on=open_ended)
        if field in _FILTERS:
            if not piece.value.strip():
                self._half = self._half or self._typing
                return None
            found = self._filter(field, piece.value, negated=piece.negated)
            if found is not None:
                return found
            if open_ended:
                self._half = True
                return None
            return self._term(piece, piece.text)
        if field:
            if not piece.value.startswith("//"):
                self._note(f"“{piece.field}:” is no field of a search; its words are searched for.")
            return self._term(piece, piece.text, typed_on=open_ended)
        return self._term(piece, piece.value, typed_on=open_ended)

    def _term(
        self, piece: _Piece, text: str, column: str = "", *, typed_on: bool = False
    ) -> Term | None:
        typed = words.forms_of(text)
        if not typed:
            self._half = self._half or (self._typing and piece.last)
            return None
        if len(typed) > MAX_PHRASE:
            typed = typed[:MAX_PHRASE]
            self._note(f"Only the first {MAX_PHRASE} words of a phrase are searched for.")
        begun = piece.star or (
            typed_on and not piece.negated and len(typed[-1][0]) >= 2 and text[-1:].isalnum()
        )
        return Term(words.phrases(typed, begun=begun), tuple(typed), begun, column, piece.negated)

    def _filter(self, field: str, value: str, *, negated: bool) -> Filter | None:
        """None, and a note: the value can't be read."""
        folded = fold(value.strip())
        if field == "source":
            return Filter(field, value.strip(), negated=negated)
        if field == "tag":
            return Filter(field, folded, negated=negated)
        if field in ("before", "after"):
            day = _day(folded, self._today)
            if day is not None:
                return Filter(field, day=day, negated=negated)
            self._note_unknown(
                field, value, ["2024", "2024-05", "2024-05-17", "today", "week", "7d"]
            )
            return None
        known = STATES if field == "is" else HOLDINGS
        if folded in known:
            return Filter(field, folded, negated=negated)
        self._note_unknown(field, value, known)
        return None

    def _note_unknown(self, field: str, value: str, known: Sequence[str]) -> None:
        *others, last = (f"{field}:{each}" for each in known)
        self._note(
            f"There is no “{field}:{value.strip()}”; there are {', '.join(others)} and {last}."
        )


_DATE: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_AGO: Final = re.compile(r"(\d{1,6})([dwmy])", re.ASCII)


def _day(text: str, today: date) -> date | None:
    """The day that is meant, of a span its first; None: none."""
    match text:
        case "today":
            return today
        case "yesterday":
            return _back(today, days=1)
        case "week":
            return _back(today, days=today.weekday())
        case "month":
            return today.replace(day=1)
        case "year":
            return today.replace(month=1, day=1)
    if found := _DATE.fullmatch(text):
        try:
            return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
        except ValueError:
            return None
    if found := _AGO.fullmatch(text):
        number = int(found[1])
        match found[2]:
            case "d":
                return _back(today, days=number)
            case "w":
                return _back(today, days=7 * number)
            case "m":
                return _back(today, months=number)
            case _:
                return _back(today, months=12 * number)
    return None


def _back(today: date, *, days: int = 0, months: int = 0) -> date:
    """So long before `today`, but not before there are dates; of a shorter month its last day."""
    try:
        year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
        first = date(year, month + 1, 1)
        next_month = date(year + month // 11, (month + 1) % 12 + 1, 1)
        last = (next_month - timedelta(days=1)).day
        return first.replace(day=min(today.day, last)) - timedelta(days=days)
    except (ValueError, OverflowError):
        return date.min


# ── what was found ──────────────────────────────────────────────────────────────────────────


def holds(text: str, typed: Sequence[Forms]) -> bool:
    """Whether these words stand in `text` one after another; the last may be a beginning."""
    return bool(_spans(list(words.words(text)), typed, begun=True))


def marks(text: str, query: Query, *, column: str = "") -> list[tuple[int, int]]:
    """Where the words that `query` finds stand in a text as it is shown: (start, end), in order.

    column: which one the text is ("title" or "text"), so that words that are asked of another one
    are not marked; "": whichever.
    """
    terms = [
        term
        for group in query.groups
        for term in group
        if isinstance(term, Term) and not term.negated and term.column in _marked_in(column)
    ]
    if not terms:
        return []
    found = list(words.words(text))
    spans: list[tuple[int, int]] = []
    for term in terms:
        spans += _spans(found, term.typed, begun=term.begun)
    return _joined(spans)


def _spans(
    found: Sequence[words.Word], typed: Sequence[Forms], *, begun: bool
) -> list[tuple[int, int]]:
    """Where the typed words stand one after another."""
    *others, last = typed
    asked = [_Asked(forms, begun=False) for forms in others] + [_Asked(last, begun=begun)]
    size = len(asked)
    # A text says the same words again and again: each is looked at once.
    distinct = {word.forms for word in found}
    first, *behind = ({forms for forms in distinct if each.finds(forms)} for each in asked)
    return [
        (word.start, found[number + size - 1].end)
        for number, word in enumerate(found[: max(0, len(found) - size + 1)])
        if word.forms in first
        and all(found[number + step].forms in good for step, good in enumerate(behind, 1))
    ]


def snippet(text: str, query: Query, max_chars: int = 160) -> str:
    """A piece of `text` in one line, about the first words that `query` finds; its beginning if
    it finds none. What is left out is told by "…"."""
    text = " ".join(text.split())
    found = marks(text, query, column="text")
    start, end = 0, min(len(text), max_chars)
    if found and found[0][1] > max_chars:
        start = text.rfind(" ", 0, max(0, found[0][0] - max_chars // 3)) + 1
        end = min(len(text), start + max_chars)
    if end < len(text):
        space = text.rfind(" ", start, end + 1)
        end = max(space if space > start else end, found[0][1] if found else 0)
    return ("…" if start else "") + text[start:end].rstrip() + ("…" if end < len(text) else "")


def _marked_in(column: str) -> tuple[str, ...]:
    return ("", column) if column else ("", "title", "text")


class _Asked:
    """A word that was typed."""

    def __init__(self, forms: Forms, *, begun: bool) -> None:
        self._forms = forms
        self._set = frozenset(forms)
        self._begun = begun

    def finds(self, forms: Forms) -> bool:
        if self._begun:
            return any(form.startswith(self._forms) for form in forms)
        return not self._set.isdisjoint(forms)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
