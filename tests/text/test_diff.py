"""`text/diff.py`: what became of a text."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.text import diff
from nordic_tui.text.diff import Change, Paragraph, changes, count_words

words = st.sampled_from(("the", "city", "Malmö", "of", "2020", "a", ",", "\n"))
paragraph = st.lists(words, max_size=12).map(" ".join)
texts = st.one_of(st.lists(paragraph, max_size=8).map("\n\n".join), st.text(max_size=60))


def joined(paragraphs: Sequence[Paragraph], *, after: bool) -> str:
    """One of the two texts again."""
    gone = Change.REMOVED if after else Change.ADDED
    return "\n\n".join(
        "".join(piece.text for piece in each.pieces if piece.change is not gone)
        for each in paragraphs
        if (each.in_after if after else each.in_before)
    )


def marked(before: str, after: str) -> list[str]:
    """The paragraphs, with what was removed in [-…-] and what was added in {+…+}."""
    signs = {Change.SAME: "{}", Change.REMOVED: "[-{}-]", Change.ADDED: "{{+{}+}}"}
    return [
        "".join(signs[piece.change].format(piece.text) for piece in each.pieces)
        for each in changes(before, after)
    ]


@given(texts, texts)
def test_both_texts_can_be_put_together_again(before: str, after: str) -> None:
    found = changes(before, after)
    assert joined(found, after=False) == before
    assert joined(found, after=True) == after


@given(texts)
def test_a_text_that_did_not_change_has_no_changes(text: str) -> None:
    assert all(each.is_same for each in changes(text, text))


@given(texts, texts)
def test_texts_that_differ_have_changes(before: str, after: str) -> None:
    assert all(each.is_same for each in changes(before, after)) == (before == after)


@pytest.mark.parametrize(
    ("before", "after", "seen"),
    [
        pytest.param(
            "Oslo signed the code in May.",
            "Oslo signed the new code in June.",
            ["Oslo signed the {+new +}code in [-May-]{+June+}."],
            id="words",
        ),
        pytest.param(
            "One stays.\n\nTwo goes away.\n\nThree stays.",
            "One stays.\n\nThree stays.\n\nFour is new.",
            ["One stays.", "[-Two goes away.-]", "Three stays.", "{+Four is new.+}"],
            id="paragraphs",
        ),
        pytest.param(
            "The meeting is on Monday at noon in Aarhus.",
            "Nothing of this was ever true.",
            [
                "[-The meeting is on Monday at noon in Aarhus.-]",
                "{+Nothing of this was ever true.+}",
            ],
            id="nothing in common",
        ),
        pytest.param(
            "The city of Turku pays for it this year.",
            "The town of Tampere pays for it this year.",
            ["The [-city of Turku-]{+town of Tampere+} pays for it this year."],
            id="a word alone between two changes goes with them",
        ),
        pytest.param(
            "First, as it was before.\n\nSecond, as it was before.",
            "A wholly new beginning stands here now.\n\nFirst, as it is now.\n\n"
            "Second, as it was before.",
            [
                "{+A wholly new beginning stands here now.+}",
                "First, as it [-was before-]{+is now+}.",
                "Second, as it was before.",
            ],
            id="a paragraph before one that changed",
        ),
    ],
)
def test_changes_are_told_as_a_person_would(before: str, after: str, seen: list[str]) -> None:
    assert marked(before, after) == seen


def test_words_are_counted() -> None:
    assert count_words(changes("one two three four five", "one two four five six seven")) == (2, 1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(" ".join("ab" * 40_000), " ".join("ba" * 40_000), id="two letters"),
        pytest.param("x " * 60_000, "y " * 60_000, id="one word each"),
        pytest.param("\n\n" * 30_000, "\n\nx" * 30_000, id="empty paragraphs"),
        pytest.param("\n\n".join("ab" * 4_000), "\n\n".join("ba" * 3_000), id="paragraphs"),
        pytest.param(
            "\n\n".join(f"p{n} q{n} r" for n in range(4_000)),
            "\n\n".join(f"q{n} p{n + 1} s" for n in range(4_000)),
            id="paragraphs that are much alike",
        ),
    ],
)
def test_what_takes_too_long_is_told_by_larger_parts(
    before: str, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent: list[int] = []
    original = diff._Differ._runs

    def counting(self: diff._Differ, a: list[str], b: list[str]) -> list[diff._Run]:
        runs = original(self, a, b)
        spent.append(self._steps)
        return runs

    monkeypatch.setattr(diff._Differ, "_runs", counting)
    found = changes(before, after)
    assert joined(found, after=False) == before
    assert joined(found, after=True) == after
    # Once the steps are used up, no more than one more round of a loop takes place.
    assert min(spent, default=0) > -diff.MAX_STEPS
