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
_NAMES: Final = ("LC_ALL", "LC_CTYPE", "LANG")


def is_wanted(environ: Mapping[str, str], encoding: str) -> bool:
    """Whether the locale says that a terminal shows ASCII only (POSIX, chapter 8.2), or something
    else than what it is sent: a locale that is not installed is C, for which Python has UTF-8.

    Where no locale is set at all nothing is said, and most terminals show everything.
    environ: as the program was started: Python changes LC_CTYPE (PEP 538). encoding: of what is
    sent, as Python names it.
    """
    locale = next(filter(None, map(environ.get, _NAMES)), "")
    charset = locale.partition("@")[0].partition(".")[2]
    return locale in _PLAIN_LOCALES or (
        bool(charset) and is_utf8(encoding) and not is_utf8(charset)
    )


def is_utf8(encoding: str) -> bool:
    """Whether this is one of the names of UTF-8."""
    return encoding.lower().replace("-", "").replace("_", "") == "utf8"


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
