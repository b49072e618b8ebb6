"""What became of a text: paragraphs set beside each other, and in those that changed the words.

    paragraphs   what both texts have in the same order stays; of what lies between, those that
                 share most of their words belong together
    words        the same within two paragraphs that belong together

The shortest way from one list to the other is looked for by Myers' O(ND) algorithm ("An O(ND)
Difference Algorithm and Its Variations", 1986). Its work is counted and ends at `MAX_STEPS`,
about a tenth of a second: what is left then is told by whole paragraphs, and at last as one text
gone and another in its place. The standard library's difflib has no such bound: it is cubic for
words that come again and again.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Final, NamedTuple

MAX_STEPS: Final = 150_000
"""Of all comparisons together; a million of them take half a second."""
MAX_CHARS: Final = 400_000
"""Of both texts together; longer ones are told by whole paragraphs."""
MAX_PARAGRAPHS: Final = 20_000
"""Of both texts together; of more, the whole text is gone and another one in its place."""
ALIKE: Final = 0.5
"""Paragraphs that share so much of their words belong together."""
_MAX_DEPTH: Final = 600
"""More changes in one list than `MAX_STEPS` lets be looked for: the n-th takes n steps."""
_EQUAL_IN_A_STEP: Final = 4
"""So many places in a row that are equal cost as much as a step."""
_LEAST_KEPT_WORDS: Final = 2
"""Fewer words in a row that stayed, between words that changed, are read more easily as changed."""

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_WORD = re.compile(r"\w")


class Change(Enum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


class Piece(NamedTuple):
    text: str
    change: Change


class Paragraph(NamedTuple):
    """A paragraph of one text, of the other, or of both with the words that changed in it."""

    pieces: tuple[Piece, ...]
    in_before: bool = True
    in_after: bool = True

    @property
    def is_same(self) -> bool:
        return all(piece.change is Change.SAME for piece in self.pieces) and (
            self.in_before and self.in_after
        )


def changes(before: str, after: str) -> tuple[Paragraph, ...]:
    """How `before` became `after`, in order; paragraphs are parted by an empty line.

    The pieces that stayed and those that were removed, of the paragraphs that are `in_before`,
    are `before` again; those that stayed and were added, of those `in_after`, are `after`.
    """
    if before == after:
        return tuple(Paragraph((Piece(text, Change.SAME),)) for text in before.split("\n\n"))
    if before.count("\n\n") + after.count("\n\n") > MAX_PARAGRAPHS:
        return _removed(before), _added(after)
    has_words = len(before) + len(after) <= MAX_CHARS
    return tuple(_Differ(has_words).paragraphs(before.split("\n\n"), after.split("\n\n")))


def count_words(paragraphs: Sequence[Paragraph]) -> tuple[int, int]:
    """How many words were added, and how many removed."""
    counts = Counter[Change]()
    for paragraph in paragraphs:
        for piece in paragraph.pieces:
            counts[piece.change] += len(re.findall(r"\w+", piece.text))
    return counts[Change.ADDED], counts[Change.REMOVED]


class _Run(NamedTuple):
    """A stretch of two lists, each from its first up to, not including, its last; `same`: they
    are equal there."""

    same: bool
    a: tuple[int, int]
    b: tuple[int, int]


class _Differ:
    """Compares two texts, and counts what it costs."""

    def __init__(self, has_words: bool) -> None:
        """has_words: whether words are compared, and not only paragraphs."""
        self._has_words = has_words
        self._steps = MAX_STEPS

    # ── paragraphs ──────────────────────────────────────────────────────────────────────────

    def paragraphs(self, before: list[str], after: list[str]) -> Iterator[Paragraph]:
        for run in self._runs(before, after):
            old, new = before[slice(*run.a)], after[slice(*run.b)]
            if run.same:
                yield from (Paragraph((Piece(text, Change.SAME),)) for text in old)
            elif not self._has_words:
                yield from map(_removed, old)
                yield from map(_added, new)
            else:
                yield from self._between(old, new)

    def _between(self, old: list[str], new: list[str]) -> Iterator[Paragraph]:
        """Paragraphs that have no equal: those that are alike in pairs, the others as they
        come."""
        at = 0
        for number, text in enumerate(old):
            partner = self._partner(text, new, at, len(old) - number)
            if partner is None:
                yield _removed(text)
                continue
            yield from (_added(each) for each in new[at:partner])
            yield Paragraph(tuple(self._words(text, new[partner])))
            at = partner + 1
        yield from (_added(each) for each in new[at:])

    def _partner(self, text: str, new: list[str], at: int, left: int) -> int | None:
        """The first of the new paragraphs that is like this one; it is looked for no further on
        than room is left for the old ones that follow, and a few."""
        if self._steps < 0:
            return None
        words = Counter(_TOKEN.findall(text))
        size = sum(words.values())
        reach = max(len(new) - at - left, 0) + 3
        for number in range(at, min(at + reach, len(new))):
            found = _TOKEN.findall(new[number])
            self._steps -= size + len(found)
            if self._steps < 0:
                return None
            common = sum((words & Counter(found)).values())
            if common >= ALIKE * max(size, len(found)):
                return number
        return None

    # ── words ───────────────────────────────────────────────────────────────────────────────

    def _words(self, old: str, new: str) -> Iterator[Piece]:
        a, b = _TOKEN.findall(old), _TOKEN.findall(new)
        runs = _without_crumbs(self._runs(a, b), a)
        for run in runs:
            if run.same:
                yield Piece("".join(a[slice(*run.a)]), Change.SAME)
                continue
            if run.a[0] < run.a[1]:
                yield Piece("".join(a[slice(*run.a)]), Change.REMOVED)
            if run.b[0] < run.b[1]:
                yield Piece("".join(b[slice(*run.b)]), Change.ADDED)

    # ── lists ───────────────────────────────────────────────────────────────────────────────

    def _runs(self, a: list[str], b: list[str]) -> list[_Run]:
        """The stretches of two lists, by turns equal and not; together they are both lists."""
        start = 0
        while start < min(len(a), len(b)) and a[start] == b[start]:
            start += 1
        end = 0
        most = min(len(a), len(b)) - start
        while end < most and a[len(a) - 1 - end] == b[len(b) - 1 - end]:
            end += 1
        a_end, b_end = len(a) - end, len(b) - end
        matches = [(0, 0, start)]
        matches += [
            (start + i, start + j, size)
            for i, j, size in self._matches(a[start:a_end], b[start:b_end])
        ]
        matches.append((a_end, b_end, end))
        runs: list[_Run] = []
        at_a = at_b = 0
        for i, j, size in matches:
            if i > at_a or j > at_b:
                runs.append(_Run(False, (at_a, i), (at_b, j)))
            if size:
                runs.append(_Run(True, (i, i + size), (j, j + size)))
            at_a, at_b = i + size, j + size
        return runs

    def _matches(self, a: list[str], b: list[str]) -> list[tuple[int, int, int]]:
        """Stretches that both lists have, as (place in a, place in b, length), in order; none if
        that takes more steps than are left."""
        if not a or not b:
            return []
        # furthest[middle + k]: how far in `a` one comes on diagonal k (place in a - place in b)
        # with so many changes; `trail` has it as it was before each one more.
        middle = _MAX_DEPTH + 1
        furthest = [0] * (2 * middle + 1)
        trail: list[list[int]] = []
        depth = -1
        while True:  # until both are at their ends, or the steps are
            depth += 1
            self._steps -= depth + 1
            if self._steps < 0:
                return []
            trail.append(furthest[middle - depth - 1 : middle + depth + 2])
            for k in range(-depth, depth + 1, 2):
                below, above = furthest[middle + k - 1], furthest[middle + k + 1]
                i = above if k == -depth or (k != depth and below < above) else below + 1
                start, j = i, i - k
                while i < len(a) and j < len(b) and a[i] == b[j]:
                    i += 1
                    j += 1
                furthest[middle + k] = i
                self._steps -= (i - start) // _EQUAL_IN_A_STEP
                if i >= len(a) and j >= len(b):
                    return _walk_back(trail, len(a), len(b))


def _walk_back(trail: list[list[int]], i: int, j: int) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    for depth in range(len(trail) - 1, -1, -1):
        k = i - j
        below, above = trail[depth][depth + k], trail[depth][depth + k + 2]
        down = k == -depth or (k != depth and below < above)
        if not depth:
            start = before_i = before_j = 0
        elif down:
            start = before_i = above
            before_j = above - (k + 1)
        else:
            start, before_i = below + 1, below
            before_j = below - (k - 1)
        if i > start:
            found.append((start, start - k, i - start))
        i, j = before_i, before_j
    found.reverse()
    return found


def _without_crumbs(runs: list[_Run], a: list[str]) -> list[_Run]:
    """The stretches, with those that hold hardly a word and lie between two changes made part of
    them."""
    kept: list[_Run] = []
    for number, run in enumerate(runs):
        is_inside = 0 < number < len(runs) - 1
        if run.same and is_inside:
            words = sum(1 for token in a[slice(*run.a)] if _WORD.match(token))
            if words < _LEAST_KEPT_WORDS:
                run = run._replace(same=False)
        if kept and not run.same and not kept[-1].same:
            before = kept.pop()
            run = _Run(False, (before.a[0], run.a[1]), (before.b[0], run.b[1]))
        kept.append(run)
    return kept


def _removed(text: str) -> Paragraph:
    return Paragraph((Piece(text, Change.REMOVED),), in_after=False)


def _added(text: str) -> Paragraph:
    return Paragraph((Piece(text, Change.ADDED),), in_before=False)
