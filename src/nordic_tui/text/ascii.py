"""Text for terminals that show no more than ASCII, in as many cells.

A letter is shown by its base letter, a sign by the ASCII sign that is most like it, a box by its
classic corners; what has no form is a question mark, in as many as it takes cells.
"""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

_SIGNS: Final = {
    **dict.fromkeys("─━╌╍┄┅┈┉═▔▁▀▄‐‑‒–—―−", "-"),
    **dict.fromkeys("│┃╎╏┆┇┊┋║▕▏▎▍▌▋▊▐❘¦", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╯╰╔╗╚╝╠╣╦╩╬┏┓┗┛┣┫┳┻╋", "+"),
    **dict.fromkeys("█▉▓▒░■▪◼", "#"),
    **dict.fromkeys("●•◉⦁∙★⭐✱✶", "*"),
    **dict.fromkeys("○◦◯☆", "o"),
    **dict.fromkeys("·⋅‧…", "."),
    **dict.fromkeys("‹←◂◀⟨«", "<"),
    **dict.fromkeys("›→▸▶⟩»↳", ">"),
    **dict.fromkeys("↑▲▴⌃", "^"),
    **dict.fromkeys("↓▼▾⌄", "v"),
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("✓✔", "x"),
    **dict.fromkeys("✗✘✕✖×", "x"),
    **dict(zip("ØøŁłĐđðÐÞþıŒœßÆæħĦ", "OoLlDdDDTtiOosAahH", strict=True)),
    **dict(zip("€£¥¢§©®°÷±≤≥≠≈⚠⏎␣¿¡", "ELYcScRo/+<>#~!<_?!", strict=True)),
}
_IS_ASCII: Final = 0x7F
_PLAIN_LOCALES: Final = frozenset({"C", "POSIX"})


def is_wanted(environ: Mapping[str, str]) -> bool:
    """Whether the locale says that a terminal shows ASCII only (POSIX, chapter 8.2).

    Where no locale is set at all nothing is said, and most terminals show everything.
    environ: as the program was started: Python changes LC_CTYPE (PEP 538).
    """
    named = (environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    return next(filter(None, named), "") in _PLAIN_LOCALES


@lru_cache(maxsize=4096)
def _form(character: str) -> str:
    from rich.cells import cell_len  # late: few terminals need it

    width = cell_len(character)
    sign = _SIGNS.get(character)
    if sign is None:
        if unicodedata.category(character) == "Zs":
            sign = " "
        else:
            base = unicodedata.normalize("NFKD", character)
            sign = "".join(c for c in base if ord(c) <= _IS_ASCII and c.isprintable())
    return sign[:1].ljust(width)[:width] if sign else "?" * width


def form(text: str) -> str:
    """The text in ASCII, each of its signs in as many cells as before; what is ASCII already,
    escape sequences too, stays as it is."""
    return text if text.isascii() else "".join(c if c.isascii() else _form(c) for c in text)
