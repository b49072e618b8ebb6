"""A search as SQL: what is asked of the index, and what of the posts themselves.

Words that are all asked for go to the index in one MATCH, which gives the newest posts first;
everything else is a condition on a post `p`, as `walks` puts them together. Nothing that a person
typed becomes part of a statement: it is a value, and in a MATCH each word is in quotes.
"""

import sqlite3
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from nordic_tui.model import LATER, View
from nordic_tui.store import asked_texts
from nordic_tui.store.identity import numbers, to_json
from nordic_tui.store.sources import shown_title
from nordic_tui.store.walks import IN_INDEX, STARRED, TAGGED, Search, begin, searches
from nordic_tui.text import query, words
from nordic_tui.text.fold import fold
from nordic_tui.text.query import Filter, Query, Term
from nordic_tui.text.words import Phrase


@lru_cache(maxsize=128)
def read(text: str, day: date, *, typing: bool = False) -> Query:
    """The search that a person typed, on this day."""
    return query.while_typing(text, day) if typing else query.parse(text, day)


def query_of(connection: sqlite3.Connection, view: View, today: date) -> Query:
    """All that a view searches for, whatever its place is."""
    queries = [read(text, today, typing=typing) for text, typing in searches(connection, view)]
    return Query(
        groups=tuple(chain.from_iterable(each.groups for each in queries)),
        notes=tuple(chain.from_iterable(each.notes for each in queries)),
        empty=any(each.empty for each in queries),
    )


def look_up(connection: sqlite3.Connection, asked: Query, *, of_reading: bool = True) -> Search:
    """The search as it is asked of what is stored now.

    of_reading: whether texts of pages that a person asked for count, which tell what was read.
    """
    return _LookUp(connection, of_reading=of_reading).of(asked)


# ── words ───────────────────────────────────────────────────────────────────────────────────


def _quoted(text: str, *, begun: bool) -> str:
    # A folded word is letters and digits, so that no quote can be in it.
    return f'"{text}" *' if begun else f'"{text}"'


def _phrase(phrase: Phrase, *, begun: bool) -> str:
    parts = [_quoted(" ".join(phrase.words), begun=begun)]
    parts += [_quoted(word, begun=False) for word in phrase.also]
    if phrase.also_begun:
        parts.append(_quoted(phrase.also_begun, begun=True))
    return parts[0] if len(parts) == 1 else f"({' AND '.join(parts)})"


def _term(term: Term, column: str) -> str:
    ways = " OR ".join(_phrase(phrase, begun=term.begun) for phrase in term.phrases)
    return f"{column} : ({ways})" if column else f"({ways})"


def _any_of(terms: Sequence[Term], titles: str = "") -> str:
    """titles: the column that words are looked for in that are asked for anywhere."""
    return "(" + " OR ".join(_term(term, term.column or titles) for term in terms) + ")"


def _but(match: str, left_out: Sequence[Term]) -> str:
    return f"({match}) NOT {_any_of(left_out)}" if left_out else match


# ── what else is asked for ──────────────────────────────────────────────────────────────────

_AT: Final = "iif(p.ord <> 0, p.ord, IFNULL(p.published, 0))"
"""When a post was published, by its place in the list; bundled posts stand at its end."""

_MARKED: Final = (
    "EXISTS (SELECT 1 FROM history.read_mark AS m WHERE m.post = p.id AND m.batch <= :batch)"
)
_CHANGED: Final = (
    "IFNULL(p.changed_at > (SELECT m.at FROM history.read_mark AS m WHERE m.post = p.id), 0)"
)
_BODY: Final = "EXISTS (SELECT 1 FROM main.body AS b WHERE b.seq = p.seq AND "


def _has_file(kind: str, *endings: str) -> str:
    """An enclosure (its columns: address, type, size) of this kind by its type, or, where it has
    none, by how its address ends."""
    ends = " OR ".join(
        f"lower(json_extract(e.value, '$[0]')) LIKE '%.{ending}'" for ending in endings
    )
    return (
        f"{_BODY}b.enclosures <> '' AND EXISTS (SELECT 1 FROM json_each(b.enclosures) AS e"  # noqa: S608  constants of this file
        f" WHERE lower(json_extract(e.value, '$[1]')) LIKE '{kind}'"
        f" OR (json_extract(e.value, '$[1]') = '' AND ({ends}))))"
    )


_HOLDINGS: Final = {
    "audio": _has_file("audio/%", "mp3", "m4a", "ogg", "opus", "oga", "flac", "wav"),
    "video": _has_file("video/%", "mp4", "m4v", "webm", "mov", "ogv"),
    "pdf": _has_file("application/pdf%", "pdf"),
    "image": f"({_has_file('image/%', 'jpg', 'jpeg', 'png', 'gif', 'webp', 'avif', 'svg')}"
    f" OR {_BODY}b.content LIKE '%<img %'))",
    "file": f"{_BODY}b.enclosures <> '')",
    "link": f"{_BODY}b.link <> '')",
    "fulltext": "EXISTS (SELECT 1 FROM main.full_text AS t WHERE t.seq = p.seq)",
}
_ASKED_FOR: Final = (
    "EXISTS (SELECT 1 FROM history.asked_text AS t WHERE t.post = p.id AND t.html <> '')"
)
"""Whether a person asked for its page."""


class _LookUp:
    """Collects the pieces of one search."""

    def __init__(self, connection: sqlite3.Connection, *, of_reading: bool) -> None:
        self._connection = connection
        self._asked_texts = of_reading and asked_texts.are_any(connection)
        self._conditions: list[str] = []
        self._values: dict[str, Any] = {}
        self._from_marks = False
        self._unread_only = False
        self._starred = False
        self._tags = ""

    def of(self, asked: Query) -> Search:
        if asked.empty:
            return Search(conditions=("FALSE",))
        wanted: list[list[Term]] = []
        left_out: list[Term] = []
        for group in asked.groups:
            terms = [each for each in group if isinstance(each, Term)]
            if len(terms) == len(group) and not any(term.negated for term in terms):
                wanted.append(terms)
            elif len(group) == 1 and terms:
                left_out += terms
            elif len(group) == 1:
                self._ask_alone(group[0])
            else:
                self._conditions.append(f"({' OR '.join(map(self._condition, group))})")
        match = titles = ""
        alone = False
        if wanted:
            match = _but(" AND ".join(map(_any_of, wanted)), left_out)
            if any(not term.column for terms in wanted for term in terms):
                alone = not left_out and all(
                    term.column in ("", "title") for terms in wanted for term in terms
                )
                titles = " AND ".join(_any_of(terms, "title") for terms in wanted)
                titles = _but(titles, left_out)
        elif left_out:
            name = self._name(_any_of(left_out))
            self._conditions.append(f"+p.seq NOT IN {self._found_by(name)}")
        return Search(
            match,
            titles,
            alone,
            tuple(self._conditions),
            tuple(self._values.items()),
            self._unread_only,
            self._starred,
            self._tags,
            self._from_marks,
            bool(match) and self._asked_texts and asked_texts.answer(self._connection, match),
        )

    def _name(self, value: Any) -> str:
        name = f"asked{len(self._values)}"
        self._values[name] = value
        return name

    def _ask_alone(self, only: Term | Filter) -> None:
        """What every post must answer, the shortest way."""
        assert isinstance(only, Filter)
        positive = not only.negated
        if positive and (only.field, only.value) == ("is", "unread"):
            self._unread_only = True
            return
        if positive and (only.field, only.value) == ("is", "starred"):
            self._starred = True
        if positive and only.field in ("before", "after") and not self._has_bundled():
            name = self._name(_begin(only))
            self._conditions.append(f"p.ord {'<' if only.field == 'before' else '>='} :{name}")
            return
        self._conditions.append(self._condition(only))
        tag = only.value if only.field == "tag" else fold(LATER)
        if positive and (only.field == "tag" or (only.field, only.value) == ("is", "later")):
            self._tags = self._tags or self._spellings(tag)

    def _has_bundled(self) -> bool:
        query = "SELECT 1 FROM main.post WHERE bundled = 1 LIMIT 1"
        return self._connection.execute(query).fetchone() is not None

    def _condition(self, each: Term | Filter) -> str:
        if isinstance(each, Term):
            condition = f"+p.seq IN {self._found_by(self._name(_any_of([each])))}"
        else:
            condition = self._of_filter(each)
        return f"NOT ({condition})" if each.negated else condition

    def _of_filter(self, each: Filter) -> str:
        match each.field:
            case "source":
                chosen = self._name(numbers(self._sources(each.value)))
                return f"p.source IN (SELECT value FROM json_each(:{chosen}))"  # noqa: S608  the name of a value
            case "tag":
                return self._tagged(each.value)
            case "before" | "after":
                sign = "<" if each.field == "before" else ">="
                return f"{_AT} {sign} :{self._name(_begin(each))}"
            case "has":
                if each.value == "fulltext" and self._asked_texts:
                    return f"({_HOLDINGS[each.value]} OR {_ASKED_FOR})"
                return _HOLDINGS[each.value]
        return self._in_state(each.value)

    def _in_state(self, state: str) -> str:
        self._from_marks = True
        match state:
            case "unread":
                return f"NOT {_MARKED}"
            case "read":
                return _MARKED
            case "starred":
                return STARRED
            case "changed":
                return _CHANGED
        return self._tagged(fold(LATER))

    def _found_by(self, name: str) -> str:
        """The `seq` of the posts that a MATCH finds, whose value has this name."""
        asked = f" UNION ALL {asked_texts.FOUND}{name}" if self._asked_texts else ""
        return f"({IN_INDEX}{name}{asked})"

    def _tagged(self, folded: str) -> str:
        self._from_marks = True
        name = self._name(self._spellings(folded))
        return TAGGED.format(name=name)

    def _spellings(self, folded: str) -> str:
        """The tags that are this one but for case and marks."""
        tags = self._connection.execute("SELECT DISTINCT tag FROM library.tagged").fetchall()
        return to_json([tag for (tag,) in tags if fold(tag) == folded]) or "[]"

    def _sources(self, called: str) -> list[int]:
        """The ids of the sources that are called so: words of the name, the last of which may be
        a beginning, or a part of the address."""
        typed = words.forms_of(called)
        part = called.casefold()
        rows = self._connection.execute("SELECT id, name, title, address FROM main.source")
        return [
            id_
            for id_, name, title, address in rows
            if (part and part in address.casefold())
            or (typed and query.holds(shown_title(name, title, address), typed))
        ]


def _begin(asked: Filter) -> int:
    assert asked.day is not None
    return begin(asked.day)
