"""Runs of text in their styles, as spans: safe, and without spare white space."""

import re
import unicodedata
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from nordic_tui.text import clean
from nordic_tui.text.blocks import MAX_CHARS, Inline, Span

_MANY_SPACES = re.compile(r"  +")
_BREAK = re.compile(r" ?\n ?")
_MANY_BREAKS = re.compile(r"\n{3,}")
_SUPERSCRIPTS = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_SUBSCRIPTS = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


class Style(NamedTuple):
    strong: bool
    emphasis: bool
    code: bool
    strike: bool
    link: int | None


Runs: TypeAlias = list[tuple[str, Style]]


def inline(runs: Runs) -> Inline:
    """The runs as spans: safe, white space collapsed, nothing at the ends or around a break."""
    parts: list[tuple[str, Style]] = []
    last = "\n"
    for style, group in groupby(runs, key=itemgetter(1)):
        text = clean.block("".join([text for text, _ in group]), MAX_CHARS)
        if "  " in text:
            text = _MANY_SPACES.sub(" ", text)
        if "\n" in text:
            text = _MANY_BREAKS.sub("\n\n", _BREAK.sub("\n", text))
        if last in " \n":
            text = text.lstrip(" ")
        if parts:
            text = _without_leading_marks(text)
            if text.startswith("\n"):
                parts[-1] = (parts[-1][0].rstrip(" "), parts[-1][1])
        else:
            text = text.lstrip(" \n")
        if text:
            parts.append((text, style))
            last = text[-1]
    while parts:
        text, style = parts.pop()
        if text := text.rstrip(" \n"):
            parts.append((text, style))
            break
    return tuple(Span(text, *style) for text, style in parts if text)


def _without_leading_marks(text: str) -> str:
    """`text` without marks that would pile up on the end of the span before."""
    if text[:1] < "\u0300":
        return text
    start = 0
    while start < len(text) and unicodedata.category(text[start]) in ("Mn", "Me"):
        start += 1
    return text[start:]


def raised(text: str, *, up: bool) -> str:
    """Text above or below the line: digits have letters for it, one letter gets a sign."""
    bare = text.strip()
    table = _SUPERSCRIPTS if up else _SUBSCRIPTS
    if bare and all(ord(char) in table for char in bare):
        return text.translate(table)
    if len(bare) == 1 and bare.isalpha():
        return ("^" if up else "_") + bare
    return text
