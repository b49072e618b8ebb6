"""newsboat's filter language (its manual, section Filter Language), said as a search or saved view.

    expression = condition | expression and expression | expression or expression | (expression)
    condition  = attribute operator value:  title =~ "havn",  age < 7,  tags # "news"

What has "and" beside "or" without brackets is read by no two versions alike, and is not taken.
A regular expression is taken where it is plain words, or several parted by "|". It may begin in the
middle of a word, which no search does: the beginnings of words are found.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from nordic_tui.decode.collecting import feed_address, label
from nordic_tui.model import SavedView
from nordic_tui.text import clean

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<bracket>[()])
        | (?P<joint>and|or)(?![a-z_"])
        | (?P<attribute>[a-z_]+)\s*(?P<operator>==?|!=|=~|!~|!?\#|<=?|>=?|\s[ ]*between(?=\s))\s*
          (?:"(?P<quoted>[^"]*)"|(?P<bare>[0-9]+(?::[0-9]+)?))
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_MAX_CONDITIONS = 50
_SPECIAL = re.compile(r"[\\.\[\](){}*+?^$|]")
_QUOTES = re.compile("[“”„«»]")
_DAYS = re.compile(r"\d{1,5}", re.ASCII)
_FIELDS = {"title": "title", "content": "text", "author": "author", "feedtitle": "source"}
"""Texts, with the field of a search that is asked for them."""
_NEGATIVE = {"!=": "=", "!~": "=~", "!#": "#"}
_KINDS = ("audio", "video", "image", "pdf")


class Condition(NamedTuple):
    attribute: str
    operator: str
    """One of = =~ # < <= > >= between."""
    value: str
    negated: bool = False


class Joined(NamedTuple):
    """Conditions of which all must be met, or one."""

    by: str
    """"and" or "or"."""
    parts: "tuple[Condition | Joined, ...]"


class _NotSaid(Exception):
    """No search and no saved view says this."""


def view_of(name: str, expression: str) -> SavedView | None:
    """The saved view that shows what a query does; None: there is none."""
    view = SavedView(name)
    searched = []
    try:
        for part in _each(_parsed(expression)):
            field, value = _field(part)
            if field and getattr(view, field) in ("", False, value):
                view = SavedView(**(view._asdict() | {field: value}))
            else:
                searched.append(part)
        return view._replace(search=_searched(searched)) if searched else view
    except _NotSaid:
        return None


def search_of(expression: str) -> str | None:
    """The search that finds what a filter does; None: there is none."""
    try:
        return _searched([_parsed(expression)])
    except _NotSaid:
        return None


# ── reading ─────────────────────────────────────────────────────────────────────────────────


def _parsed(expression: str) -> Condition | Joined:
    """Raises _NotSaid for what can't be read."""
    tokens: list[re.Match[str]] = []
    at = 0
    expression = expression.rstrip()
    while at < len(expression):
        found = _TOKEN.match(expression, at)
        if found is None or len(tokens) > 4 * _MAX_CONDITIONS:
            raise _NotSaid
        if found["joint"] and not expression[at].isspace() and expression[at - 1 : at] != ")":
            raise _NotSaid
        tokens.append(found)
        at = found.end()
    waiting = iter(tokens)
    read, closed = _read(waiting)
    if closed:
        raise _NotSaid
    return read


def _read(tokens: Iterator[re.Match[str]]) -> tuple[Condition | Joined, bool]:
    """What stands up to the closing bracket, or to the end; gives whether there was a bracket."""
    parts: list[Condition | Joined] = []
    joints: set[str] = set()
    closed, wants_part = False, True
    for token in tokens:
        if token["joint"]:
            if wants_part:
                raise _NotSaid
            joints.add(token["joint"].lower())
            wants_part = True
            continue
        if token["bracket"] == ")":
            closed = True
            break
        if not wants_part:
            raise _NotSaid
        if token["bracket"]:
            inner, inner_closed = _read(tokens)
            if not inner_closed:
                raise _NotSaid
            parts.append(inner)
        else:
            parts.append(_condition(token))
        wants_part = False
    if wants_part or len(joints) > 1:
        raise _NotSaid
    return (Joined(joints.pop(), tuple(parts)) if joints else parts[0]), closed


def _condition(token: re.Match[str]) -> Condition:
    operator = token["operator"].strip().lower()
    operator = "=" if operator == "==" else operator
    value = token["quoted"] if token["quoted"] is not None else token["bare"]
    return Condition(
        token["attribute"].lower(), _NEGATIVE.get(operator, operator), value, operator in _NEGATIVE
    )


def _each(read: Condition | Joined) -> Iterator[Condition | Joined]:
    """The parts that must all be met."""
    if isinstance(read, Joined) and read.by == "and":
        for part in read.parts:
            yield from _each(part)
    else:
        yield read


# ── saying ──────────────────────────────────────────────────────────────────────────────────


def _field(part: Condition | Joined) -> tuple[str, str | bool]:
    """The field of a saved view that says it exactly, and its value; "": none does."""
    if isinstance(part, Joined) or part.negated:
        return "", ""
    attribute, operator, value, _ = part
    if attribute == "unread" and operator == "=" and value == "yes":
        return "unread_only", True
    if attribute == "tags" and operator == "#" and label(value.lstrip("!")):
        return "tag", label(value.lstrip("!"))
    if attribute == "title" and operator == "=~" and _is_plain(value):
        return "title", value
    if attribute == "rssurl" and operator == "=" and feed_address(value):
        return "address", feed_address(value)
    return "", ""


_Groups = list[list[str]]
"""Words of a search: of each list one must be met."""


def _groups(part: Condition | Joined) -> _Groups:
    if isinstance(part, Condition):
        return _said(part)
    each = [_groups(inner) for inner in part.parts]
    if part.by == "and":
        return [group for groups in each for group in groups]
    if any(len(groups) != 1 for groups in each):
        raise _NotSaid  # a search has "or" between single words
    return [[word for (group,) in each for word in group]]


def _searched(parts: Iterable[Condition | Joined]) -> str:
    """Raises _NotSaid, also for what the search would not read as it is meant."""
    from nordic_tui.text.query import parse

    search = " ".join(" OR ".join(group) for part in parts for group in _groups(part))
    query = parse(search, date.max)
    if query.notes or query.empty or search != clean.line(search):
        raise _NotSaid
    return search


def _said(condition: Condition) -> _Groups:
    attribute, operator, value, negated = condition
    minus = "-" if negated else ""
    if attribute in _FIELDS and operator == "=~":
        values = value.split("|")
        if not all(_is_plain(each) and any(map(str.isalnum, each)) for each in values):
            raise _NotSaid
        star = "" if attribute == "feedtitle" else "*"
        words = [f"{minus}{_FIELDS[attribute]}:{_quoted(each)}{star}" for each in values]
        return [[word] for word in words] if negated else [words]
    if attribute == "author" and operator == "=" and value == label(value) != "":
        return [[f"{minus}author:{_quoted(value)}"]]
    if attribute == "rssurl" and operator == "=" and feed_address(value):
        return [[f"{minus}source:{_quoted(feed_address(value))}"]]
    if attribute == "unread" and operator == "=" and value in ("yes", "no"):
        return [["is:unread" if (value == "yes") != negated else "is:read"]]
    if attribute == "enclosure_type" and operator in ("=", "=~"):
        kind = value.lower().partition("/")[0]
        if kind in _KINDS and value.lower().removeprefix(kind) in ("", "/", "/.*"):
            return [[f"{minus}has:{kind}"]]
    if attribute == "age":
        return [[word] for word in _days(operator, value)]
    raise _NotSaid


def _days(operator: str, value: str) -> list[str]:
    """Whole days since a post was published: today's are 0 old."""
    first, _, last = value.partition(":")
    if not _DAYS.fullmatch(first) or (last and not _DAYS.fullmatch(last)):
        raise _NotSaid
    days = int(first)
    if operator == "between" and last:
        youngest, oldest = sorted((days, int(last)))
        return [f"after:{oldest}d", *([f"before:{youngest - 1}d"] if youngest else [])]
    # What is younger than so many days is at most one day less old.
    days -= operator in ("<", ">=")
    if last or days < 0 or operator not in ("<", "<=", ">", ">="):
        raise _NotSaid
    return [f"after:{days}d" if operator in ("<", "<=") else f"before:{days}d"]


def _is_plain(value: str) -> bool:
    return value == label(value) != "" and not _SPECIAL.search(value)


def _quoted(value: str) -> str:
    return value if value.isalnum() else f'"{_QUOTES.sub(" ", value)}"'
