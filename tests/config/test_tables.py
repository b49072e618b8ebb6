import tomllib

import pytest

from nordic_tui.config.tables import Table, table_texts, with_tables, written

TWO = """\
# My settings
theme = "fjord"

# What I follow.

# the first
[[sources]]
address = "a"   # mine
tags = [
  "x", # because
  "y",
]
# name = "not yet"

# ── Nordic ──

# the second
[[sources]]
address = "b"
[sources.headers]
X-A = "1" # one

[keys]
quit = "q"
"""
A, B = {"address": "a", "tags": ["x", "y"]}, {"address": "b", "headers": {"X-A": "1"}}
C = {"address": "c"}


def changed(text: str, *tables: Table, name: str = "sources") -> str:
    new = with_tables(text, name, tables, explicit=True)
    assert tomllib.loads(new)[name] == [table.values for table in tables]
    return new


def test_all_kept_is_the_same_text() -> None:
    assert changed(TWO, Table(A, 0), Table(B, 1)) == TWO


def test_a_table_is_what_is_written_of_it_with_the_comments_right_above_and_below() -> None:
    first, second = table_texts(TWO, "sources")
    assert first.startswith("# the first\n[[sources]]")
    assert first.endswith('# name = "not yet"\n')
    assert second.startswith("# the second\n[[sources]]")
    assert second.endswith('X-A = "1" # one\n')


def test_a_removed_table_goes_with_its_comments_and_no_others() -> None:
    first, second = table_texts(TWO, "sources")
    assert changed(TWO, Table(B, 1)) == TWO.replace(f"{first}\n", "")
    assert changed(TWO, Table(A, 0)) == TWO.replace(f"{second}\n", "")


def test_a_new_table_follows_the_one_that_it_comes_after() -> None:
    first, second = table_texts(TWO, "sources")
    new = '[[sources]]\naddress = "c"\n'
    assert changed(TWO, Table(C), Table(A, 0), Table(B, 1)) == TWO.replace(first, f"{new}\n{first}")
    assert changed(TWO, Table(A, 0), Table(C), Table(B, 1)) == TWO.replace(first, f"{first}\n{new}")
    assert changed(TWO, Table(A, 0), Table(B, 1), Table(C)) == TWO.replace(
        second, f"{second}\n{new}"
    )


def test_tables_change_places_and_what_stands_between_them_stays() -> None:
    first, second = table_texts(TWO, "sources")
    swapped = TWO.replace(first, "\0").replace(second, first).replace("\0", second)
    assert changed(TWO, Table(B, 1), Table(A, 0)) == swapped


def test_a_changed_value_keeps_the_comment_behind_it() -> None:
    table = Table({**A, "address": "z"}, 0, ["address"])
    expected = TWO.replace('"a"   # mine', '"z"   # mine')
    assert changed(TWO, table, Table(B, 1)) == expected


def test_comments_inside_a_changed_value_become_lines() -> None:
    new = changed(TWO, Table({**A, "tags": ["z"]}, 0, ["tags"]), Table(B, 1))
    assert '# mine\n# because\ntags = ["z"]\n# name' in new


def test_a_new_key_stands_before_the_table_s_own_tables() -> None:
    table = Table({**B, "name": "Be"}, 1, ["name"])
    expected = TWO.replace('address = "b"\n', 'address = "b"\nname = "Be"\n')
    assert changed(TWO, Table(A, 0), table) == expected


def test_a_table_of_its_own_gives_way_to_a_value() -> None:
    new = changed(TWO, Table(A, 0), Table({**B, "headers": {"X-B": "2"}}, 1, ["headers"]))
    assert 'address = "b"\nheaders = { X-B = "2" }\n# one\n' in new
    gone = changed(TWO, Table(A, 0), Table({"address": "b"}, 1, ["headers"]))
    assert 'address = "b"\n# one\n' in gone


def test_dotted_keys_give_way_as_well() -> None:
    text = '[[sources]]\nheaders.X-A = "1" # one\naddress = "b"\nheaders.X-B = "2"\n'
    table = Table({"address": "b", "headers": {"X-C": "3"}}, 0, ["headers"])
    assert changed(text, table) == ('[[sources]]\n# one\naddress = "b"\nheaders = { X-C = "3" }\n')


def test_without_tables_the_text_says_so_before_all_tables() -> None:
    assert changed(TWO) == (
        '# My settings\ntheme = "fjord"\nsources = []\n\n'
        '# What I follow.\n\n# ── Nordic ──\n\n[keys]\nquit = "q"\n'
    )
    assert changed("# c\n\n# keys\n[keys]\n") == "# c\n\nsources = []\n\n# keys\n[keys]\n"
    assert changed("") == "sources = []\n"
    assert changed("# only this") == "# only this\nsources = []\n"


def test_without_tables_nothing_needs_to_be_said_of_saved_views() -> None:
    text = 'theme = "fjord"\n\n[[views]]\nname = "x"\n'
    assert with_tables(text, "views", (), explicit=False) == 'theme = "fjord"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sources = []\n", '[[sources]]\naddress = "c"\n'),
        (
            "sources = [] # none\n[keys]\n",
            '# none\n[keys]\n\n[[sources]]\naddress = "c"\n',
        ),
        (
            'sources = [\n  # why\n  { address = "c" }, # this\n]\n\ntheme = "x"\n',
            '# why\n# this\n\ntheme = "x"\n\n[[sources]]\naddress = "c"\n',
        ),
        ("", '[[sources]]\naddress = "c"\n'),
        ("# mine", '# mine\n\n[[sources]]\naddress = "c"\n'),
    ],
)
def test_an_array_in_one_value_becomes_tables(text: str, expected: str) -> None:
    assert changed(text, Table(C)) == expected


def test_windows_line_ends_stay() -> None:
    text = TWO.replace("\n", "\r\n")
    changed_key = Table({**A, "tags": ["z"]}, 0, ["tags"])
    new = changed(text, changed_key, Table(C), Table(B, 1))
    assert new.count("\n") == new.count("\r\n")
    assert changed(text, Table(B, 1), Table(A, 0)).replace("\r\n", "\n") == changed(
        TWO, Table(B, 1), Table(A, 0)
    )


def test_a_comment_sign_in_a_text_of_many_lines_is_no_comment() -> None:
    text = '[[sources]]\naddress = """\n\n# a"""\n\n[[sources]]\naddress = "b"\n'
    assert changed(text, Table({"address": "b"}, 1)) == '[[sources]]\naddress = "b"\n'
    swapped = changed(text, Table({"address": "b"}, 1), Table({"address": "\n# a"}, 0))
    assert swapped == '[[sources]]\naddress = "b"\n\n[[sources]]\naddress = """\n\n# a"""\n'


def test_a_last_line_without_an_end_gets_one() -> None:
    text = '[[sources]]\naddress = "a"\n\n[[sources]]\naddress = "b"'
    new = changed(text, Table({"address": "b"}, 1), Table({"address": "a"}, 0))
    assert new == '[[sources]]\naddress = "b"\n\n[[sources]]\naddress = "a"\n'


@pytest.mark.parametrize(
    "value",
    [
        'a"b\\c',
        "\x00\x1b\x7f\n\t",
        "\u2028 ø 🎉",
        5,
        12.5,
        True,
        ["a", "b"],
        {"a b": "c", "D": "e"},
    ],
)
def test_values_are_read_as_they_were_written(value: object) -> None:
    assert tomllib.loads(f"x = {written(value)}\n")["x"] == value
