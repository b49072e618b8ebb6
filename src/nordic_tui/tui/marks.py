"""Found words, marked in lines that are drawn already: in the list, the excerpt and the text."""

from collections.abc import Callable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

FindWords = Callable[[str], Sequence[tuple[int, int]]]
"""Gives where the found words of a text stand: (start, end) in characters, in their order."""


def text_of(strip: Strip) -> str:
    return "".join(segment.text for segment in strip)


def found_in(lines: Sequence[str], find: FindWords) -> list[list[tuple[int, int]]]:
    """Where the found words of each line stand; a phrase may go on from one line to the next.

    lines: of one text, from top to bottom.
    """
    spans: list[list[tuple[int, int]]] = [[] for _ in lines]
    number, begins = 0, 0
    for start, end in find("\n".join(lines)):
        while number + 1 < len(lines) and start > begins + len(lines[number]):
            begins += len(lines[number]) + 1
            number += 1
        at, row = begins, number
        while row < len(lines) and at < end:
            first, last = max(start - at, 0), min(end - at, len(lines[row]))
            # White space at a line's ends is no part of what was found.
            part = lines[row][first:last]
            first += len(part) - len(part.lstrip())
            last -= len(part) - len(part.rstrip())
            if first < last:
                spans[row].append((first, last))
            at += len(lines[row]) + 1
            row += 1
    return spans


def restyle(strip: Strip, spans: Sequence[tuple[int, int]], style: Style) -> Strip:
    """The line with these characters in a style, over the one that they have."""
    if not spans:
        return strip
    segments: list[Segment] = []
    at = 0
    for segment in strip:
        text, end = segment.text, at + len(segment.text)
        cuts = [at]
        cuts += [cut for span in spans for cut in span if at < cut < end]
        for left, right in zip(cuts, [*cuts[1:], end], strict=True):
            inside = any(start <= left < stop for start, stop in spans)
            own = segment.style or Style.null()
            segments.append(Segment(text[left - at : right - at], own + style if inside else own))
        at = end
    return Strip(segments, strip.cell_length)


def marked(strips: Sequence[Strip], find: FindWords, style: Style) -> list[Strip]:
    """Lines of one text, with the words in them that are found."""
    found = found_in([text_of(strip) for strip in strips], find)
    return [restyle(strip, spans, style) for strip, spans in zip(strips, found, strict=True)]
