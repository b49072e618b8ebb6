"""Spans as runs: each with its role, and links with their number."""

from itertools import groupby
from operator import attrgetter

from nordic_tui.text.blocks import Inline, Span
from nordic_tui.text.wrapping import Role, Run

_by_link = attrgetter("link")


def runs_of(text: Inline, base: Role) -> list[Run]:
    """The spans with their roles, and the number of each link after it.

    base: the role of text that has no other.
    """
    if len(text) == 1 and text[0].link is None:
        return [(text[0].text, _role(text[0], base), None)]
    runs: list[Run] = []
    for link, group in groupby(text, key=_by_link):
        linked: list[Run] = [(span.text, _role(span, base), link) for span in group]
        if link is None:
            runs += linked
            continue
        last, role, _ = linked[-1]
        bare = last.rstrip()
        linked[-1] = (bare, role, link)
        runs += linked
        runs += number_of(link, base)
        if bare != last:
            runs.append((last[len(bare) :], base, None))
    return runs


def number_of(link: int | None, base: Role) -> list[Run]:
    """What follows the text of a link: its number; nothing if there is no link."""
    if link is None:
        return []
    return [(" ", base, None), (f"[{link}]", Role.LINK_NUMBER, link)]


def _role(span: Span, base: Role) -> Role:
    if span.note is not None:
        return Role.NOTE_NUMBER
    if span.link is not None:
        return Role.LINK
    if base is Role.HEADING:
        return base
    if span.key:
        return Role.KEY
    if span.code:
        return Role.CODE
    if span.mark:
        return Role.MARK
    if span.strike:
        return Role.STRIKE
    if span.inserted:
        return Role.INSERTED
    if span.strong:
        return Role.STRONG
    if span.emphasis:
        return Role.EMPHASIS
    return base
