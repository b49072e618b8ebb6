import tomllib
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.config.lines import Path, key_lines, statements

DOCUMENT = '''\
# theme = "not this one"
theme = "fjord"  # [not.a.table]

text = """
fake = 1
[fake]
a quote: \\""" and three more"""""
raw = \'\'\'
fake = 2 \\\'\'\'
"quoted.key" = 'x # y'
a . "b" .c = 1979-05-27 07:32:00

list = [
  1, # one, [two]
  { x = "}", y = [2,
     3] },
]
[keys]
next = "n,N"
[[sources]]
address = "a"

  [[sources]] # second
  name = "]"
  [sources.more.still]
  x = 1
  [[sources.tags]]
  t = 1
  [[sources.tags]]
  t = 2
'''


def paths_of(value: Any, path: Path = ()) -> set[Path]:
    found = {path}
    if isinstance(value, dict):
        for key, inner in value.items():
            found |= paths_of(inner, (*path, key))
    if isinstance(value, list):
        for number, inner in enumerate(value):
            found |= paths_of(inner, (*path, number))
    return found


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("theme",), 2),
        (("text",), 4),
        (("raw",), 8),
        (("quoted.key",), 10),
        (("a", "b", "c"), 11),
        (("list",), 13),
        (("list", 0), 14),
        (("list", 1, "x"), 15),
        (("list", 1, "y", 1), 16),
        (("keys",), 18),
        (("keys", "next"), 19),
        (("sources",), 20),
        (("sources", 0, "address"), 21),
        (("sources", 1), 23),
        (("sources", 1, "name"), 24),
        (("sources", 1, "more", "still", "x"), 26),
        (("sources", 1, "tags", 1, "t"), 30),
    ],
)
def test_the_line_of_a_key(path: Path, line: int) -> None:
    assert key_lines(DOCUMENT)[path] == line
    assert key_lines(DOCUMENT.replace("\n", "\r\n"))[path] == line


def test_every_key_has_a_line_and_nothing_else_has() -> None:
    assert set(key_lines(DOCUMENT)) == paths_of(tomllib.loads(DOCUMENT))


def test_statements_are_where_they_stand() -> None:
    found = {each.path: each for each in statements(DOCUMENT)}
    assert list(found) == [
        ("theme",), ("text",), ("raw",), ("quoted.key",), ("a", "b", "c"), ("list",),
        ("keys",), ("keys", "next"), ("sources", 0), ("sources", 0, "address"),
        ("sources", 1), ("sources", 1, "name"), ("sources", 1, "more", "still"),
        ("sources", 1, "more", "still", "x"), ("sources", 1, "tags", 0),
        ("sources", 1, "tags", 0, "t"), ("sources", 1, "tags", 1), ("sources", 1, "tags", 1, "t"),
    ]  # fmt: skip
    for path, each in found.items():
        written = DOCUMENT[each.start : each.end]
        assert each.is_head == written.startswith("[")
        if not each.is_head:
            value: Any = tomllib.loads(DOCUMENT)
            for key in path:
                value = value[key]
            assert tomllib.loads(f"x = {DOCUMENT[each.value : each.end]}") == {"x": value}
    inside = [DOCUMENT[start:end] for start, end in found[("list",)].comments]
    assert inside == ["# one, [two]"]
    assert found[("theme",)].comments == ()


SCALARS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
    st.integers(-99, 99),
    st.booleans(),
    st.sampled_from(['"""', "'''", "\\", "a\nb = 1\n[c]", "#", "]", "}"]),
)
KEYS = st.one_of(
    st.sampled_from(["a", "b-1", "c.d", 'e"f', "g # h", "æ"]), st.text("xyz", min_size=1)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_whatever_another_writer_writes(table: dict[str, Any]) -> None:
    text = tomlkit.dumps(table)
    lines = key_lines(text)
    assert paths_of(tomllib.loads(text)) - {()} <= set(lines)
    rows = text.split("\n")
    for path, line in lines.items():
        if path and isinstance(path[-1], str) and path[-1].isalnum() and path[-1].isascii():
            assert path[-1] in rows[line - 1]
