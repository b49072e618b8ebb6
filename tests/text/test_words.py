"""What is found by what, in the languages of the North; and what must not be."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nordic_tui.text import words
from nordic_tui.text.query import holds

FOUND = [
    # Danish
    ("malmo", "Malmø"), ("aro", "Ærø"), ("aeroe", "Ærø"), ("aero", "Ærø"), ("ærø", "Aeroe"),
    ("ærø", "ÆRØ"), ("århus", "Aarhus"), ("århus", "Århus"), ("aarhus", "Århus"),
    ("arhus", "Århus"), ("koge", "Køge"), ("koege", "Køge"), ("faergen", "Færgen"),
    ("færgen", "faergen"), ("blaabaergroed", "blåbærgrød"), ("blabargrod", "blåbærgrød"),
    # Norwegian
    ("tromso", "Tromsø"), ("tromsoe", "Tromsø"), ("tromsø", "Tromsoe"), ("alesund", "Ålesund"),
    ("aalesund", "Ålesund"), ("bodø", "Bodo"), ("sorlandet", "Sørlandet"), ("maalet", "målet"),
    ("Gaivuotna", "Gáivuotna"), ("karasjohka", "Kárášjohka"),
    # Swedish
    ("malmo", "Malmö"), ("malmoe", "Malmö"), ("malmö", "Malmoe"), ("skargard", "skärgård"),
    ("skaergaard", "skärgård"), ("goteborg", "Göteborg"), ("goeteborg", "Göteborg"),
    ("örebro", "OREBRO"), ("ekero", "Ekerö"), ("idé", "IDE"), ("malmö", "Malmø"),
    ("ängar", "ængar"),
    # Finnish
    ("ystava", "ystävä"), ("ystaevae", "ystävä"), ("hameenlinna", "Hämeenlinna"),
    ("tyo", "työ"), ("jyvaskyla", "Jyväskylä"), ("šakki", "sakki"), ("åbo", "Aabo"),
    # Icelandic
    ("thing", "Þing"), ("þing", "thing"), ("oryggi", "öryggi"), ("madur", "maður"),
    ("maður", "madur"), ("thjodin", "þjóðin"), ("reykjavik", "Reykjavík"),
    ("isafjordur", "Ísafjörður"), ("aefingar", "æfingar"), ("afingar", "æfingar"),
    # Others, and whole words
    ("zürich", "Zuerich"), ("zurich", "Zürich"), ("strasse", "STRAẞE"), ("oeuvre", "œuvre"),
    ("lodz", "Łódź"), ("å", "A\u030a"), ("århus", "A\u030arhus"), ("fisk", "ﬁsk"),
    ("istanbul", "İSTANBUL"), ("don't", "don’t"), ("東京", "東京都"), ("大學", "東京大學"),
    ("서울", "서울시"), ("aarhus", "Aar\u00adhus"), ("北", "東北"), ("½", "½"),
    ("århus kommune", "i Aarhus Kommune nu"), ("aarhus kommune", "i Århus kommune nu"),
    ("skærgård og ærø", "Skaergaard og Aeroe"), ("e-post", "E-post"), ("x²", "x²"),
]  # fmt: skip

NOT_FOUND = [
    ("poet", "pot"), ("toe", "to"), ("pot", "poet"), ("aarhus", "Arhus"), ("arhus", "Aarhus"),
    ("aero", "Aeroe"), ("malmoe", "Malmo"), ("the poet", "the pot"), ("maal", "mal"),
    ("two", "tow"), ("kommune aarhus", "Århus kommune"), ("by", "byen"), ("京東", "東京"),
    ("thing", "ting"), ("dag", "ðag is"), ("faerge", "farge"), ("færge", "forge"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "text"), FOUND)
def test_what_is_typed_finds(typed: str, text: str) -> None:
    assert found(typed, text)


@pytest.mark.parametrize(("typed", "text"), [*NOT_FOUND[:14], *NOT_FOUND[15:]])
def test_what_is_typed_does_not_find(typed: str, text: str) -> None:
    assert not found(typed, text)


@pytest.mark.parametrize(
    ("typed", "text", "begins"),
    [
        ("malm", "Malmö", True),
        ("mal", "Malmö", True),
        ("malmoe", "Malmön", True),
        ("aarh", "Århus", True),
        ("århu", "Aarhus", True),
        ("ærø", "Aeroeskoebing", True),
        ("i aarh", "i Århus", True),
        ("i aarh", "i Arhus", False),
        ("almö", "Malmö", False),
        ("po", "poet", True),
        ("poe", "pot", False),
    ],
)
def test_a_beginning_finds_what_goes_on(typed: str, text: str, begins: bool) -> None:
    assert found(typed, text, begun=True) is begins
    assert holds(text, words.forms_of(typed)) is begins


def found(typed: str, text: str, *, begun: bool = False) -> bool:
    """As the index has it: the line, then, behind walls, what else a word may be called."""
    line, *long = words.column(text).lower().split("\ue000")
    in_line = [word for forms in words.forms_of(line) for word in forms]
    known = {*in_line, *(word.strip() for word in long)}

    def same(word: str, asked: str, *, is_last: bool) -> bool:
        return word.startswith(asked) if is_last and begun else word == asked

    for phrase in words.phrases(words.forms_of(typed), begun=begun):
        size = len(phrase.words)
        places = [in_line[at : at + size] for at in range(len(in_line) - size + 1)]
        if size == 1:
            places = [[word] for word in known]
        meets = any(
            all(
                same(word, asked, is_last=number == size - 1)
                for number, (word, asked) in enumerate(zip(place, phrase.words, strict=True))
            )
            for place in places
        )
        goes_on = any(word.startswith(phrase.also_begun) for word in known)
        if meets and set(phrase.also) <= known and goes_on:
            return True
    return False


@example("Ꭰ")  # Cherokee: its small letters are folded to capitals
@given(st.text())
def test_any_text_has_words(text: str) -> None:
    seen = list(words.words(text))
    assert [word.forms for word in seen] == words.forms_of(text)
    ends = 0
    for word in seen:
        assert ends <= word.start < word.end <= len(text) or word.end == ends
        ends = word.end
        assert all(form and form == form.casefold() and form.isalnum() for form in word.forms)
    assert "\ue000" not in words.column(text).replace(words.WALL, "") or text.isascii()


@given(st.text(alphabet="åÅäÄöÖøØæÆüÜéÉðÐþÞœaeoud ", max_size=20))
def test_a_word_finds_itself_however_it_is_written(text: str) -> None:
    for word in text.split():
        for typed in (word, word.upper(), word.lower()):
            assert found(typed, word), typed
        for form in words.forms_of(word)[0]:
            assert found(form, word), form


def test_words_that_nobody_can_see_into_cost_little() -> None:
    text = "å" * 1_000_000
    assert len(words.forms_of(text)) == 1
    assert len(words.phrases(words.forms_of("åäö " * 60))) == words.PHRASES_AT_MOST
