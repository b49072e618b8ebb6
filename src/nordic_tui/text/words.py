"""The words of a text, folded so that a reader finds them as they come to the fingers.

A word has a short form ("Ærø" is "aro") and, where it holds Nordic letters, long ones ("aeroe",
and "aero" as `fold` has it). What is searched through are the short forms in their order (the
line) and, once each, the long ones. What a person types asks

    without such letters    for itself: "aro", "aeroe" and "aero" find Ærø, "poet" not "pot"
    with such letters       for any of its forms: "ærø" finds Ærø, Aeroe and Aro

Chinese, Japanese and Korean are written without spaces: each of their letters is a word.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, product
from typing import Final, NamedTuple

from nordic_tui.text.fold import fold

Forms = tuple[str, ...]
"""Of a word: the short one, then the long ones."""

_SHORT: Final = str.maketrans(
    dict.fromkeys("åäæǻǟǽǣ", "a") | dict.fromkeys("öøǿȫ", "o") | dict.fromkeys("üǖǘǚǜ", "u")
)
_LONG: Final = str.maketrans(
    dict.fromkeys("åǻ", "aa")
    | dict.fromkeys("äæǟǽǣ", "ae")
    | dict.fromkeys("öøǿȫ", "oe")
    | dict.fromkeys("üǖǘǚǜ", "ue")
)

_EACH: Final = (
    "\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
    "\U00020000-\U0003ffff"
)
"""Letters that are words (Unicode blocks of Han, Kana, Hangul and Bopomofo)."""
_WITHIN: Final = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u00ad\u200b-\u200d\u2060\ufeff"
)
"""Marks that stand on the letter before, and what is not seen: a word goes on behind them."""
_WORD: Final = re.compile(
    rf"[{_EACH}](?<!\W)|[^\W_{_EACH}][^\W_{_EACH}{_WITHIN}]*"
    rf"(?:[{_WITHIN}]+[^\W_{_EACH}{_WITHIN}]*)*"
)
_LETTER: Final = re.compile(rf"[{_EACH}]")
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_PLAIN: Final = re.compile(r"[^\W_]+")

WALL: Final = " \ue000 "
"""A letter for private use, which nobody can ask for: it belongs to no word."""

SHRUNK_AT_MOST: Final = 16
"""So many ways are tried in which a typed "aa", "ae", "oe" or "ue" may be one letter."""
PHRASES_AT_MOST: Final = 48
"""So many ways are tried to write a phrase; short forms come first."""
_PAIR: Final = re.compile("aa|ae|oe|ue")


class Word(NamedTuple):
    """A word where it stands in a text."""

    start: int
    end: int
    forms: Forms


class Phrase(NamedTuple):
    """What is looked for in the line, and what must be among the words besides."""

    words: tuple[str, ...]
    also: tuple[str, ...] = ()
    """Long forms: without them "the poet" would find "the pot"."""
    also_begun: str = ""
    """The beginning of one more, where the last word is a beginning."""


def words(text: str) -> Iterator[Word]:
    """The words of `text` in their order; some ("½") are several in one place."""
    for found in _WORD.finditer(text):
        for forms in _read(found[0]):
            yield Word(found.start(), found.end(), forms)


@lru_cache(maxsize=16_384)
def _read(word: str) -> tuple[Forms, ...]:
    """The forms of what `_WORD` takes for a word."""
    if word.isascii():
        return ((word.lower(),),)
    if _LETTER.match(word):
        return tuple((each,) for each in _PLAIN.findall(unicodedata.normalize("NFKC", word)))
    word = _UNSEEN.sub("", word)
    once = unicodedata.normalize("NFC", word.casefold())
    short = _PLAIN.findall(fold(once.translate(_SHORT)))
    long = _PLAIN.findall(fold(once.translate(_LONG)))
    if short == long:
        return tuple((each,) for each in short)
    mixed = _PLAIN.findall(fold(once))
    return tuple(tuple(dict.fromkeys(forms)) for forms in zip(short, long, mixed, strict=True))


def forms_of(text: str) -> list[Forms]:
    """The forms of each word of `text`."""
    if text.isascii():
        return [(word.lower(),) for word in _PLAIN.findall(text)]
    return list(chain.from_iterable(map(_read, _WORD.findall(text))))


def column(text: str) -> str:
    """`text` as the index takes it: its line, then its long forms. A wall between each two keeps
    a phrase from being found where nobody wrote it."""
    if text.isascii():
        return text
    forms = forms_of(text)
    line = " ".join([each[0] for each in forms])
    long = set(chain.from_iterable([each[1:] for each in forms if len(each) > 1]))
    return WALL.join([line, *sorted(long)]) if long else line


# ── what is asked for ───────────────────────────────────────────────────────────────────────


def phrases(typed: list[Forms], *, begun: bool = False) -> tuple[Phrase, ...]:
    """What to look for in order to find these words one after another.

    begun: the last word may go on. A single word is among the words as it is; of several, each
    is in the line in its short form, which a typed long one does not tell for certain.
    """
    if not typed:
        return ()
    if len(typed) == 1:
        return tuple(Phrase((form,)) for form in typed[0])
    options = [_in_line(forms) for forms in typed]
    made: dict[Phrase, None] = {}
    for chosen in product(*options):
        if len(made) == PHRASES_AT_MOST:
            break
        also = [long for _, long in chosen]
        last = also.pop() if begun else ""
        phrase = tuple(short for short, _ in chosen)
        made[Phrase(phrase, tuple(filter(None, also)), last)] = None
    return tuple(made)


def _in_line(forms: Forms) -> list[tuple[str, str]]:
    """The words of a line that a typed word finds, each with the long form that it must have."""
    options = [(form, "") for form in forms]
    known = set(forms)
    for form in forms:
        for short in _shrunk(form):
            if short not in known:
                known.add(short)
                options.append((short, form))
    return options


def _shrunk(form: str) -> list[str]:
    """`form` with some of its "aa", "ae", "oe", "ue" as one letter."""
    parts = _PAIR.split(form)
    pairs = _PAIR.findall(form)
    if not pairs or 2 ** len(pairs) > SHRUNK_AT_MOST:
        return []
    made = []
    for chosen in product(*((pair[0], pair) for pair in pairs)):
        made.append("".join(chain.from_iterable(zip(parts, (*chosen, ""), strict=True))))
    return made
