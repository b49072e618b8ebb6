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
_LONG_CHAIN = re.compile(r"(?:[^\s\u200d]{1,4}\u200d){12}")
"""More than any language or picture joins to one letter."""
_SUPERSCRIPTS = str.maketrans(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ",
)
_SUBSCRIPTS = str.maketrans(
    "0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
)
_SIGNS = {"TM": "™", "SM": "℠", "R": "®"}
_MAX_RAISED_CHARS = 24
"""What is longer is no index or power: it is small print, and stays as it is."""


class Style(NamedTuple):
    """The fields of a `Span` but its text, in their order."""

    strong: bool = False
    emphasis: bool = False
    code: bool = False
    strike: bool = False
    link: int | None = None
    mark: bool = False
    inserted: bool = False
    key: bool = False
    note: int | None = None


Runs: TypeAlias = list[tuple[str, Style]]


def inline(runs: Runs) -> Inline:
    """The runs as spans: safe, white space collapsed, nothing at the ends or around a break."""
    if len(runs) == 1:
        text, style = runs[0]
        text = without_chains(clean.block(text, MAX_CHARS)).strip(" ")
        if "\n" not in text and "  " not in text:
            return (Span(text, *style),) if text else ()
    parts: list[tuple[str, Style]] = []
    last = "\n"
    for style, group in groupby(runs, key=itemgetter(1)):
        text = without_chains(clean.block("".join([text for text, _ in group]), MAX_CHARS))
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
    return tuple([Span(text, *style) for text, style in parts if text])


def without_chains(text: str) -> str:
    """`text`, clean already, in which no letter is endless: "👩", a joiner, "👩", a joiner, …"""
    if "\u200d" not in text:
        return text
    return _LONG_CHAIN.sub(lambda found: found[0][:-1], text)


def _without_leading_marks(text: str) -> str:
    """`text` without marks that would pile up on the end of the span before."""
    if text[:1] < "\u0300":
        return text
    start = 0
    while start < len(text) and unicodedata.category(text[start]) in ("Mn", "Me"):
        start += 1
    return text[start:]


def raise_runs(runs: Runs, start: int, *, up: bool) -> None:
    """Set the runs from `start` on above the line, or below it.

    Where every character has a form for it, in these: "x²", "4ᵗʰ", "aᵢⱼ"; else with a sign: "x^q",
    "x_(a, b)". What has no letter or digit, or is long, stays as it is. Of references to notes
    only what parts or encloses them goes.
    """
    raised = runs[start:]
    if any(style.note is not None for _, style in raised):
        runs[start:] = [
            run for run in raised if run[1].note is not None or run[0].strip(" \n[](),;")
        ]
        return
    text = "".join([text for text, _ in raised])
    bare = text.strip()
    if len(bare) > _MAX_RAISED_CHARS or not any(map(str.isalnum, bare)):
        return
    table = _SUPERSCRIPTS if up else _SUBSCRIPTS
    if up and bare in _SIGNS:
        runs[start:] = [(_SIGNS[bare], raised[0][1])]
    elif all(ord(char) in table for char in bare):
        runs[start:] = [(text.translate(table), style) for text, style in raised]
    else:
        is_one = len(bare) == 1 or bare.isalpha() or bare.isdecimal()
        before, after = ("", "") if is_one else ("(", ")")
        sign = "^" if up else "_"
        runs[start:] = [
            (sign + before, raised[0][1]),
            (raised[0][0].lstrip(), raised[0][1]),
            *raised[1:-1],
            *([(raised[-1][0].rstrip(), raised[-1][1])] if len(raised) > 1 else ()),
            *([(after, raised[-1][1])] if after else ()),
        ]
