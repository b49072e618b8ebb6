"""SVG as PNG, with a font of the system (the extra "pictures")."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from nordic_tui.errors import NordicError

ToPng: TypeAlias = Callable[[str], bytes]
"""SVG -> PNG."""


class NoPngError(NordicError):
    """PNG can't be made here; str() is a sentence that says what is missing."""


FONT_FILE = "DejaVuSansMono.ttf"
FONT_DIRECTORIES = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
)


def open_png(font_directories: Sequence[str] = FONT_DIRECTORIES) -> ToPng:
    """What makes PNG of SVG, as large as the SVG says. Raises NoPngError."""
    try:
        from resvg_py import svg_to_bytes
    except ImportError as error:
        raise NoPngError("PNG needs a library: pip install 'nordic-tui[pictures]'.") from error
    fonts = _fonts(font_directories)
    if not fonts:
        raise NoPngError(f"PNG needs the font DejaVu Sans Mono: {FONT_FILE} was not found.")

    def to_png(svg: str) -> bytes:
        # Only these fonts: others would draw another picture on another machine.
        return bytes(svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=fonts))

    return to_png


def _fonts(directories: Sequence[str]) -> list[str]:
    """The font and its bold and oblique siblings; empty if it is not there."""
    for directory in directories:
        for regular in sorted(Path(directory).expanduser().rglob(FONT_FILE)):
            siblings = regular.parent.glob(f"{regular.stem}*{regular.suffix}")
            return sorted(str(sibling) for sibling in siblings)
    return []
