from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.text.query import (
    NO_RULE,
    Filter,
    Query,
    Term,
    asks_of_reading,
    marks,
    parse,
    problem_as_rule,
    snippet,
    while_typing,
)

TODAY = date(2026, 2, 26)
"""A Thursday."""


def outline(asked: Query) -> list[str]:
    """The groups in short: -column:word word* | …"""

    def short(each: Term | Filter) -> str:
        sign = "-" if each.negated else ""
        if isinstance(each, Filter):
            return f"{sign}{each.field}={each.day or each.value}"
        text = " ".join(forms[0] for forms in each.typed)
        column = f"{each.column}:" if each.column else ""
        return sign + column + text + ("*" if each.begun else "")

    return [" | ".join(map(short, group)) for group in asked.groups]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("by havn", ["by", "havn"]),
        ('"by ved havn" x', ["by ved havn", "x"]),
        ('x "by ved', ["x", "by ved"]),
        ("“by ved” »havn«", ["by ved", "havn"]),
        ("-by", ["-by"]),
        ('-"by ved"', ["-by ved"]),
        ("e-post", ["e post"]),
        ("hav*", ["hav*"]),
        ('"by hav"*', ["by hav*"]),
        ("by OR havn skog", ["by | havn", "skog"]),
        ("by OR havn OR -skog", ["by | havn | -skog"]),
        ("OR by OR", ["by"]),
        ("by or havn", ["by", "or", "havn"]),
        ("by by", ["by"]),
        ("title:by text:havn", ["title:by", "text:havn"]),
        ('category:"New initiatives"', ["category:new initiatives"]),
        ("Author:Ødegård", ["author:odegard"]),
        ("-category:by", ["-category:by"]),
        ("source:blogg tag:Budget", ["source=blogg", "tag=budget"]),
        ('source:"Nordic Safe Cities"', ["source=Nordic Safe Cities"]),
        ("is:unread IS:Starred has:PDF", ["is=unread", "is=starred", "has=pdf"]),
        ("-is:read", ["-is=read"]),
        ("title:", []),
        ("by title: havn", ["by", "havn"]),
        ("foo:bar", ["foo bar"]),
        ("https://example.org/x", ["https example org x"]),
        ("12:30", ["12 30"]),
        ("is:new", ["is new"]),
        ("( ) ' \" * : - _", []),
        ('foo"bar"', ["foo", "bar"]),
        ("NEAR(a b)", ["near a", "b"]),
        ("東京 大學*", ["東 京", "大 學*"]),
    ],
)
def test_what_is_typed_is_read(typed: str, meant: list[str]) -> None:
    assert outline(parse(typed, TODAY)) == meant


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024", "2024-01-01"),
        ("2024-05", "2024-05-01"),
        ("2024-5-7", "2024-05-07"),
        ("today", "2026-02-26"),
        ("Yesterday", "2026-02-25"),
        ("week", "2026-02-23"),
        ("month", "2026-02-01"),
        ("year", "2026-01-01"),
        ("0d", "2026-02-26"),
        ("7d", "2026-02-19"),
        ("2w", "2026-02-12"),
        ("3m", "2025-11-26"),
        ("1y", "2025-02-26"),
        ("999999y", "0001-01-01"),
        ("999999d", "0001-01-01"),
    ],
)
def test_days_are_read(value: str, day: str) -> None:
    for field in ("before", "after"):
        asked = parse(f"{field}:{value}", TODAY)
        assert (outline(asked), asked.notes) == ([f"{field}={day}"], ())


def test_a_month_that_is_shorter_ends_sooner() -> None:
    assert outline(parse("after:1m", date(2026, 3, 31))) == ["after=2026-02-28"]
    assert outline(parse("after:1y", date(2024, 2, 29))) == ["after=2023-02-28"]
    assert outline(parse("after:12m", date(2025, 12, 31))) == ["after=2024-12-31"]


@pytest.mark.parametrize(
    ("typed", "meant", "note"),
    [
        ("after:2024-13", ["after 2024 13"], "There is no “after:2024-13”; there are after:2024, "),
        ("after:0000", ["after 0000"], "There is no “after:0000”"),
        ("is:new", ["is new"], "There is no “is:new”; there are is:unread, is:read, "),
        ("foo:bar", ["foo bar"], "“foo:” is no field of a search; its words are searched for."),
        ("!!!", [], "There are no words in it to search for."),
        ("x " * 1_500, ["x"], "Only the first 2,000 letters are searched for."),
    ],
)
def test_what_is_not_understood_is_said(typed: str, meant: list[str], note: str) -> None:
    asked = parse(typed, TODAY)
    assert outline(asked) == meant
    assert len(asked.notes) == 1
    assert asked.notes[0].startswith(note)


def test_too_much_is_cut_and_said() -> None:
    many = parse(" ".join(f"a{n}" for n in range(150)), TODAY)
    assert (len(many.groups), many.notes) == (100, ("Only the first 100 words are searched for.",))
    long = parse('"' + "by " * 80 + '"', TODAY)
    assert len(outline(long)[0].split()) == 60
    assert long.notes == ("Only the first 60 words of a phrase are searched for.",)


def test_nothing_is_not_everything() -> None:
    assert parse("", TODAY) == parse("  ", TODAY) == Query()
    assert parse("!!!", TODAY).empty
    assert parse("category:", TODAY).empty
    # While one types, it goes on.
    assert not while_typing("category:", TODAY).empty
    assert not while_typing('"', TODAY).empty
    assert not while_typing("-", TODAY).empty


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("by hav", ["by", "hav*"]),
        ("by hav ", ["by", "hav"]),
        ("h", ["h"]),
        ("å", ["a"]),
        ("by h", ["by", "h"]),
        ("-hav", ["-hav"]),
        ('"by hav', ["by hav*"]),
        ('"by hav"', ["by hav"]),
        ('"by ', ["by"]),
        ("hav,", ["hav"]),
        ("by OR", ["by"]),
        ("by OR ha", ["by | ha*"]),
        ("category:ny", ["category:ny*"]),
        ("source:bl", ["source=bl"]),
        ("by is:unr", ["by"]),
        ("by is:unr x", ["by", "is unr", "x"]),
        ("by after:20", ["by"]),
        ("by after:2024", ["by", "after=2024-01-01"]),
        ("東", ["東"]),
    ],
)
def test_while_one_types_the_last_word_may_go_on(typed: str, meant: list[str]) -> None:
    asked = while_typing(typed, TODAY)
    assert outline(asked) == meant
    assert asked == while_typing(typed, TODAY)
    assert hash(asked) == hash(while_typing(typed, TODAY))


PIECES = st.sampled_from(
    ["by", "Århus", "-", '"', "“", "OR", "*", ":", "title:", "is:", "before:", "unread", "2024",
     "(", ")", " ", "\n", "½", "東京", "NEAR", "\0", "\ue000", "e-post", "^", "{", "\ud800"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)), st.text(max_size=80))
def test_any_text_is_a_search_and_marks_any_text(typed: str, text: str) -> None:
    for asked in (parse(typed, TODAY), while_typing(typed, TODAY)):
        ends = 0
        for start, end in marks(text + typed, asked):
            assert ends <= start < end <= len(text + typed)
            ends = end
        assert len(snippet(text + typed, asked, 40)) <= len(text + typed)


# ── marks ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("havn", "Havnen og havn", ["havn"]),
        ("hav*", "Havnen og havn", ["Havnen", "havn"]),
        ("ærø", "Til Aeroe, ÆRØ og Aro", ["Aeroe", "ÆRØ", "Aro"]),
        ("aro", "Til Aeroe og Ærø", ["Ærø"]),
        ('"by ved havn"', "En by\n  ved\n\nhavn.", ["by\n  ved\n\nhavn"]),
        ('"aarhus kommune"', "Århus\nKommune", ["Århus\nKommune"]),
        ("a b", "b x a", ["b", "a"]),
        ('"a b" b', "a b b", ["a b", "b"]),
        ('"a a"', "a a a", ["a a a"]),
        ("-by havn", "by havn", ["havn"]),
        ("by OR havn", "by havn", ["by", "havn"]),
        ("author:by source:by is:unread", "by", []),
        ("title:by text:havn", "by havn", ["by", "havn"]),
        ("東京", "東京都と京", ["東京"]),
        ("e-post", "E-post, epost", ["E-post"]),
        ("århus", "A\u030arhus", ["A\u030arhus"]),
    ],
)
def test_found_words_are_marked_as_they_are_shown(typed: str, text: str, marked: list[str]) -> None:
    spans = marks(text, parse(typed, TODAY))
    assert [text[start:end] for start, end in spans] == marked


def test_words_that_are_asked_of_the_title_are_not_marked_in_the_text() -> None:
    asked = parse("title:by havn", TODAY)
    assert marks("by havn", asked, column="text") == [(3, 7)]
    assert marks("by havn", asked, column="title") == [(0, 2), (3, 7)]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("En by ved havn.", "En by ved havn."),
        ("En\nby  ved", "En by ved"),
        (
            "En " + "stille " * 20 + "havn i nord, " + "og mer " * 20,
            "…stille stille havn i nord, og mer og mer…",
        ),
        ("Uten ordet " + "bare tekst " * 10, "Uten ordet bare tekst bare tekst bare…"),
        ("x" * 100, "x" * 40 + "…"),
    ],
)
def test_a_snippet_is_about_what_was_found(text: str, cut: str) -> None:
    assert snippet(text, parse("havn", TODAY), 40) == cut


# ── what a rule may ask ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("is:unread", True),
        ("-is:read", True),
        ("IS:Changed", True),
        ("budget -has:fulltext", True),
        ('budget OR is:"read"', True),
        ("is:starred is:later tag:read has:audio", False),
        ("unread title:read is:new", False),
        ("is: unread", False),
        ("", False),
    ],
)
def test_whether_a_search_asks_what_was_read(text: str, asks: bool) -> None:
    assert asks_of_reading(parse(text, TODAY)) == asks
    assert problem_as_rule(text) == (NO_RULE if asks else "")
