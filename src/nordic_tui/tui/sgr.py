"""What an SGR sequence of Textual's asks for, with colours by the shortest name that they have."""

from functools import lru_cache

from nordic_tui.tui.strokes import Style


def _cube_level(step: int) -> int:
    return 0 if step == 0 else 55 + 40 * step


_PALETTE: dict[tuple[str, str, str], int] = {
    (str(_cube_level(r)), str(_cube_level(g)), str(_cube_level(b))): 16 + 36 * r + 6 * g + b
    for r in range(6)
    for g in range(6)
    for b in range(6)
} | {(str(8 + 10 * n),) * 3: 232 + n for n in range(24)}
"""The fixed part of the 256-colour palette: the 6x6x6 cube and the greys (xterm)."""


def _colour(parts: list[str]) -> str:
    """A colour's parameters after 38 or 48, by palette number where it is one exactly."""
    if parts[:1] == ["2"] and len(parts) == 4:
        number = _PALETTE.get((parts[1], parts[2], parts[3]))
        if number is not None:
            return f"5;{number}"
    return ";".join(parts)


@lru_cache(maxsize=4096)
def parse_sgr(parameters: str) -> Style:
    """The style that a full SGR sequence asks for (ECMA-48 section 8.3.117), from plain."""
    fg = bg = ""
    flags: set[str] = set()
    parts = parameters.split(";")
    index = 0
    while index < len(parts):
        part = parts[index]
        index += 1
        if part in ("", "0"):
            fg = bg = ""
            flags.clear()
        elif part in ("38", "48"):
            length = 4 if parts[index : index + 1] == ["2"] else 2
            colour = f"{part};{_colour(parts[index : index + length])}"
            index += length
            fg, bg = (colour, bg) if part == "38" else (fg, colour)
        elif (part[0] in "39" and len(part) == 2) or (part[:1] == "9" and len(part) == 2):
            fg = "" if part == "39" else part
        elif (part[0] == "4" and len(part) == 2) or (part[:2] == "10" and len(part) == 3):
            bg = "" if part == "49" else part
        else:
            flags.add(part)
    return Style(fg, bg, frozenset(flags))
