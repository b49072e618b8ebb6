"""Arrays of tables in a TOML text, changed table by table: [[sources]] and [[views]].

    a text is what stands between the tables, and the tables, each with the comments right above it
    kept table       its text as it was, in its new place
    changed table    only the statements of the changed keys; comments stay
    new table        written after the one that it follows
    removed table    cut out with the comments right above and right below it

Works on valid texts. What comes out is to be compared with what was wanted.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from nordic_tui.config.lines import Statement, statements


class Table(NamedTuple):
    """A table as it is wanted."""

    values: Mapping[str, object]
    place: int | None = None
    """Where it stands in the array now, from 0; None: it is new."""
    changed: Sequence[str] = ()
    """The keys to set or, where `values` has none of them, to remove."""
    text: str = ""
    """Of a new table: how it was written before, if it was."""


def with_tables(text: str, name: str, wanted: Sequence[Table], *, explicit: bool) -> str:
    """Return the text with exactly the tables that are wanted in the array `name`.

    An array in one value (`name = […]`) is made into tables. explicit: without any table the text
    says `name = []`.
    """
    ending = "\r\n" if "\r\n" in text else "\n"
    found = statements(text)
    value = next((s for s in found if s.path == (name,) and not s.is_head), None)
    if value is not None:
        text = _edited(text, [_cut(text, value, ending)])
        found = statements(text)
        wanted = [table._replace(place=None) for table in wanted]
    text = _composed(text, _spans(text, found, name), name, wanted, ending)
    return text if wanted or not explicit else _with_empty_array(text, name, ending)


def table_texts(text: str, name: str) -> list[str]:
    """Return how each table of an array is written; nothing if it is one value."""
    return [text[start:end] for start, end in _spans(text, statements(text), name)]


def _composed(
    text: str, spans: list[tuple[int, int]], name: str, wanted: Sequence[Table], ending: str
) -> str:
    # The kept tables fill the places of kept tables in their new order; what stands between
    # them stays. A new one follows the table that it comes after.
    rows: list[list[str]] = [[]]
    kept = []
    for table in wanted:
        if table.place is None:
            rows[-1].append(table.text or _written(name, table.values, ending))
        else:
            start, end = spans[table.place]
            rows.append([_changed(text[start:end], name, table, ending)])
            kept.append(table.place)
    if kept:
        rows[1] = rows[0] + rows[1]
        by_place = dict(zip(sorted(kept), rows[1:], strict=True))
    elif spans:
        by_place = {0: rows[0]} if rows[0] else {}
    else:
        return _with_paragraph(text, rows[0], ending) if rows[0] else text
    pieces: list[str] = []  # none of them empty
    at = 0
    for place, (start, end) in enumerate(spans):
        if at < start:
            pieces.append(text[at:start])
        at = end
        row = by_place.get(place)
        if row is not None:
            pieces.append(ending.join(_ended(each, ending) for each in row))
            if _is_comment(_last_line(pieces[-1])) and text[at : _line_end(text, at)].strip():
                pieces.append(ending)  # else the comment would be of the table below
        elif not pieces or not _last_line(pieces[-1]).strip():
            at = _behind_blank_lines(text, end)
    if at == len(text):
        # Where the last table went, the blank lines before it are no use.
        return _ended("".join(pieces).rstrip(" \t\r\n"), ending)
    return "".join(pieces) + text[at:]


def _with_paragraph(text: str, tables: Iterable[str], ending: str) -> str:
    added = ending.join(_ended(each, ending) for each in tables)
    return f"{_ended(text, ending)}{ending}{added}" if text.strip() else added


def _with_empty_array(text: str, name: str, ending: str) -> str:
    """The text with `name = []` among the statements before the first table."""
    line = f"{name} = []{ending}"
    found = statements(text)
    heads = [number for number, each in enumerate(found) if each.is_head]
    above = heads[0] if heads else len(found)
    if above:
        at = _line_end(text, found[above - 1].end)
        return _ended(text[:at], ending) + line + text[at:]
    if not heads:
        return _ended(text, ending) + line
    at = _with_comments_above(text, found[0].start, 0)
    return text[:at] + line + ending + text[at:]


# ── where tables stand ──────────────────────────────────────────────────────────────────────


def _spans(text: str, found: Sequence[Statement], name: str) -> list[tuple[int, int]]:
    """From where to where each table of the array goes, whole lines: with its own tables, the
    comments right above it, and those right below it that no other table is below of."""
    heads = [number for number, each in enumerate(found) if each.is_head]
    spans: list[tuple[int, int]] = []
    for place, number in enumerate(heads):
        path = found[number].path
        above = _line_end(text, found[number - 1].end) if number else 0
        start = _with_comments_above(text, found[number].start, above)
        last, limit = len(found) - 1, len(text)
        if place + 1 < len(heads):
            last = heads[place + 1] - 1
            limit = _with_comments_above(
                text, found[last + 1].start, _line_end(text, found[last].end)
            )
        end = _with_comments_below(text, _line_end(text, found[last].end), limit)
        if path[0] != name:
            continue
        if len(path) == 2:
            spans.append((start, end))
        elif spans and path[1] == len(spans) - 1:
            spans[-1] = (spans[-1][0], end)
    return spans


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    """Behind the line's end, the end of its last line included."""
    return text.find("\n", at) + 1 or len(text)


def _is_comment(line: str) -> bool:
    return line.lstrip(" \t").startswith("#")


def _with_comments_above(text: str, at: int, floor: int) -> int:
    start = _line_start(text, at)
    while start > floor:
        above = max(_line_start(text, start - 1), floor)
        if not _is_comment(text[above:start]):
            break
        start = above
    return start


def _with_comments_below(text: str, at: int, limit: int) -> int:
    while at < limit and _is_comment(text[at : _line_end(text, at)]):
        at = min(_line_end(text, at), limit)
    return at


def _last_line(text: str) -> str:
    return text[_line_start(text, len(text) - 1) :]


def _behind_blank_lines(text: str, at: int) -> int:
    found = re.compile(r"(?:[ \t]*\r?\n)*").match(text, at)
    return found.end() if found else at


def _ended(text: str, ending: str) -> str:
    return text if not text or text.endswith("\n") else text + ending


# ── inside a table ──────────────────────────────────────────────────────────────────────────

Edit = tuple[int, int, str]
"""From where to where, and what takes its place."""


def _changed(text: str, name: str, table: Table, ending: str) -> str:
    """One table's text with its changed keys set or removed; all comments stay."""
    if not table.changed:
        return text
    text = _ended(text, ending)
    found = statements(text)
    heads = [number for number, each in enumerate(found) if each.is_head]
    own = found[: heads[1]] if len(heads) > 1 else found
    edits: list[Edit] = []
    added = ""
    for key in table.changed:
        path = (name, 0, key)
        mine = [each for each in found if each.path[:3] == path]
        value = table.values.get(key)
        if value is not None and len(mine) == 1 and mine[0].path == path and not mine[0].is_head:
            edits += _set(text, mine[0], value, ending)
            continue
        edits += [_cut(text, each, ending) for each in mine]
        if value is not None:
            added += f"{_indent(text, own[-1])}{_key(key)} = {written(value)}{ending}"
    end = _line_end(text, own[-1].end)
    return _edited(text, [*edits, (end, end, added)])


def _edited(text: str, edits: Iterable[Edit]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _indent(text: str, statement: Statement) -> str:
    return text[_line_start(text, statement.start) : statement.start]


def _comment_lines(text: str, statement: Statement, ending: str) -> str:
    """The comments inside a value as lines of their own."""
    indent = _indent(text, statement)
    return "".join(f"{indent}{text[start:end]}{ending}" for start, end in statement.comments)


def _set(text: str, statement: Statement, value: object, ending: str) -> list[Edit]:
    start = _line_start(text, statement.start)
    return [
        (start, start, _comment_lines(text, statement, ending)),
        (statement.value, statement.end, written(value)),
    ]


def _cut(text: str, statement: Statement, ending: str) -> Edit:
    """Takes a statement out with its lines; comments in it and after it become lines."""
    end = _line_end(text, statement.end)
    kept = _comment_lines(text, statement, ending)
    behind = text[statement.end : end].strip()
    if behind:
        kept += f"{_indent(text, statement)}{behind}{ending}"
    return _line_start(text, statement.start), end, kept


# ── values as text ──────────────────────────────────────────────────────────────────────────


def _written(name: str, values: Mapping[str, object], ending: str) -> str:
    lines = [f"[[{name}]]", *(f"{_key(key)} = {written(v)}" for key, v in values.items())]
    return "".join(line + ending for line in lines)


def written(value: object) -> str:
    """A value as TOML 1.0 writes it, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # JSON's escapes are among TOML's; of controls it leaves DEL as it is, which TOML doesn't.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return "[" + ", ".join(written(each) for each in value) + "]"
    if isinstance(value, dict):
        pairs = ", ".join(f"{_key(key)} = {written(each)}" for key, each in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return str(value)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else written(key)
