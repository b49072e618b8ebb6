"""Text for terminals that show ASCII only."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nordic_tui.text import ascii as plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Åse skriver på Ærø", "Ase skriver pa Aro"),
        ("Tromsø · 3 new → Reykjavík…", "Tromso . 3 new > Reykjavik."),
        ("┌─┐│▎● “Straße”", '+-+||* "Strase"'),
        ("日本", "????"),
        ("½ ﬁ\u00a0x", "1 f x"),
        ("e\u0301", "e"),
        ("\x1b[1mŁódź\x1b[0m", "\x1b[1mLodz\x1b[0m"),
        ("plain", "plain"),
    ],
)
def test_forms(text: str, expected: str) -> None:
    assert plain.form(text) == expected


@given(st.characters(exclude_categories=["Cs"]))
def test_every_sign_has_a_form_of_as_many_cells(character: str) -> None:
    form = plain.form(character)
    assert form.isascii()
    assert cell_len(form) == cell_len(character)


@pytest.mark.parametrize(
    ("environ", "encoding", "wanted"),
    [
        ({}, "utf-8", False),
        ({"LANG": "nb_NO.UTF-8"}, "utf-8", False),
        ({"LANG": "nb_NO.utf8@euro"}, "utf-8", False),
        ({"LANG": "C"}, "utf-8", True),
        ({"LANG": "nb_NO.UTF-8", "LC_ALL": "POSIX"}, "utf-8", True),
        ({"LANG": "C", "LC_CTYPE": "UTF-8"}, "utf-8", False),
        ({"LC_ALL": "", "LANG": "C.UTF-8"}, "utf-8", False),
        ({"LANG": "nb_NO.ISO-8859-1"}, "utf-8", True),
        ({"LANG": "nb_NO.ISO-8859-1"}, "iso8859-1", False),
        ({"LANG": "nb_NO"}, "utf-8", False),
    ],
)
def test_where_it_is_wanted(environ: Mapping[str, str], encoding: str, wanted: bool) -> None:
    assert plain.is_wanted(environ, encoding) == wanted
