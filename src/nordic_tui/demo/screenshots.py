"""Makes the pictures of the README: `python -m nordic_tui.demo.screenshots screenshots`.

    take       a screen of the stage as SVG that fetches nothing when it is shown
    open_png   the same as PNG, with a font of the system (the extra "pictures")

The same program makes the same bytes on every run.
"""

import argparse
import asyncio
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

from rich.cells import cell_len
from textual.widgets import Input

from nordic_tui.demo.stage import Act, open_services, stage
from nordic_tui.errors import NordicError
from nordic_tui.tui.app import NordicApp

ToPng: TypeAlias = Callable[[str], bytes]
"""SVG -> PNG."""


class NoPngError(NordicError):
    """PNG can't be made here; str() is a sentence that says what is missing."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A screen to show: its size in cells, and the keys that lead to it."""

    name: str
    columns: int
    rows: int
    category: str = ""
    """The category whose posts are shown; empty: all posts."""
    keys: tuple[str, ...] = ()
    act: Act = field(default_factory=Act)
    """What is staged."""


def _typed(words: str) -> list[str]:
    """The keys that type some words."""
    names = {".": "full_stop", "-": "minus", " ": "space"}
    return [names.get(sign, sign) for sign in words]


PICTURES = (
    Picture("consent", 120, 36, act=Act(asks_consent=True)),
    Picture("three-columns", 160, 45, keys=("j",)),
    Picture("two-columns", 120, 36, "New initiatives"),
    Picture("small", 80, 24, "New initiatives"),
    Picture("narrow", 40, 12, "New initiatives"),
    Picture("reading", 120, 36, "New initiatives", ("enter",)),
    Picture("table-and-code", 120, 50, "Events", ("enter",)),
    Picture("light", 120, 36, "New initiatives", act=Act(theme="snow")),
    Picture("help", 120, 36, keys=("question_mark",)),
    Picture(
        "add", 120, 36, "New initiatives", ("plus", *_typed("northern-cities.example"), "enter")
    ),
    Picture("sources", 120, 36, keys=("S", *["j"] * 2), act=Act(follows_many=True)),
    Picture("archive", 160, 45, keys=("S", "G", "x"), act=Act(follows_many=True)),
    Picture("links", 120, 36, "New initiatives", ("L", "j")),
    Picture("qr", 80, 24, "New initiatives", ("Q",)),
    Picture("brief", 120, 36, "New initiatives", ("v", "v", "b")),
    Picture("search", 120, 36, keys=("slash", *_typed("osterhavn OR harbour"), "enter")),
    Picture("changed", 120, 36, "Events", ("D",), act=Act(has_changed=True)),
    Picture("views", 120, 36, keys=("V", "j"), act=Act(has_views=True)),
    Picture("sources-light", 80, 24, keys=("S",), act=Act(theme="snow", follows_many=True)),
)


# ── a picture ───────────────────────────────────────────────────────────────────────────────


async def take(picture: Picture) -> str:
    """The screen as SVG. To be called on the stage."""
    with open_services(picture.act) as services:
        app = NordicApp(services)
        async with app.run_test(size=(picture.columns, picture.rows)) as pilot:
            await pilot.pause()
            if picture.category:
                names = [place.name for place in services.library.places()]
                await pilot.press(*["]"] * names.index(picture.category))
            await pilot.press(*picture.keys)
            while _is_busy(app):
                await pilot.pause(0.01)
            app.reader.posts.settle()
            for box in app.screen.query(Input):
                box.cursor_blink = False
            await pilot.pause()
            return standalone(app.export_screenshot(simplify=True), f"nordic-{picture.name}")


def _is_busy(app: NordicApp) -> bool:
    """Whether something on the screen is still being found or counted."""
    from nordic_tui.tui.screens.views import ViewsScreen

    screen = app.screen
    return app.reader.finding.waits or (isinstance(screen, ViewsScreen) and not screen.is_counted)


_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_FONT_FAMILY = re.compile(r"font-family:[^;]*;")
_CLIP_PATH = re.compile(r"<clipPath id=\"[^\"]*-line-[0-9]+\">.*?</clipPath>\s*", re.DOTALL)
_PREFIX = re.compile(r"terminal-[0-9]+(?=-)")
_TEXT = re.compile(
    r"<text class=\"([^\"]+)\" x=\"([0-9.]+)\" y=\"([0-9.]+)\""
    r" textLength=\"[0-9.]+\" clip-path=\"[^\"]*\">([^<]*)</text>"
)
_BLANK = "\N{NO-BREAK SPACE}"
FONTS = '"Fira Code", "DejaVu Sans Mono", monospace'

# As rich's template has them, in units of the picture.
_CELL_WIDTH = 12.2
_CELL_HEIGHT = 24.65
_ASCENT = 18.5

_SHAPES = {
    "▏": (0.0, 0.0, 0.125, 1.0),
    "▕": (0.875, 0.0, 0.125, 1.0),
    "▌": (0.0, 0.0, 0.5, 1.0),
    "│": (0.44, 0.0, 0.125, 1.0),
    "─": (0.0, 0.47, 1.0, 0.06),
    "━": (0.0, 0.43, 1.0, 0.14),
}
"""Signs that are drawn, not set, so that lines have no gaps in any font: left, top, width and
height as parts of the cell."""


def standalone(svg: str, prefix: str) -> str:
    """A picture of Textual's that fetches no font, and is the same on every run.

    prefix: what its classes and ids begin with, in place of a number that may change.
    """
    svg = _FONT_FACE.sub("", svg)
    svg = _FONT_FAMILY.sub(f"font-family: {FONTS};", svg)
    svg = _CLIP_PATH.sub("", svg)
    return _PREFIX.sub(prefix, _TEXT.sub(_set_text, svg))


def _set_text(found: re.Match[str]) -> str:
    """A run of text, in parts: lines as rectangles, signs of two cells one by one.

    rich gives every character one cell of the length, so that what stands after a wide one would
    be pressed together. Blanks around the words are left out: some programs that show SVG drop
    them, and would shift the words.
    """
    style, x, y, text = found[1], float(found[2]), float(found[3]), unescape(found[4])
    parts: list[str] = []
    for (sign, wide), group in groupby(text, key=_kind):
        run = "".join(group)
        words = run.strip()
        if sign:
            parts.append(_draw(sign, len(run), style, x, y))
        elif words:
            left = x + (len(run) - len(run.lstrip())) * _CELL_WIDTH
            length = cell_len(words) * _CELL_WIDTH
            adjust = ' lengthAdjust="spacingAndGlyphs"' if wide else ""
            parts.append(
                f'<text class="{style}" x="{left:g}" y="{y:g}" textLength="{length:g}"{adjust}>'
                f"{escape(words).replace(_BLANK, '&#160;')}</text>"
            )
        x += cell_len(run) * _CELL_WIDTH
    return "".join(parts)


def _kind(sign: str) -> tuple[str, bool]:
    """What may stand in one part: the sign itself if it is drawn, and whether it is wide."""
    return (sign if sign in _SHAPES else "", cell_len(sign) > 1)


def _draw(sign: str, count: int, style: str, x: float, y: float) -> str:
    """`count` times a sign of _SHAPES as one rectangle, or as one each if they do not touch."""
    left, top, width, height = _SHAPES[sign]
    if width == 1.0:
        width, count = float(count), 1
    return "".join(
        f'<rect class="{style}" x="{x + (number + left) * _CELL_WIDTH:g}"'
        f' y="{y - _ASCENT + top * _CELL_HEIGHT:g}" width="{width * _CELL_WIDTH:g}"'
        f' height="{height * _CELL_HEIGHT:g}" shape-rendering="crispEdges"/>'
        for number in range(count)
    )


# ── PNG ─────────────────────────────────────────────────────────────────────────────────────

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


# ── the command ─────────────────────────────────────────────────────────────────────────────


def write(directory: Path, pictures: Sequence[Picture], to_png: ToPng | None) -> list[Path]:
    """Take the pictures and write them into a directory, which is made if it is missing.

    to_png: None writes only SVG. Gives the files. Raises OSError.
    """
    directory.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for picture in pictures:
        with stage():
            svg = asyncio.run(take(picture))
        files.append(directory / f"{picture.name}.svg")
        files[-1].write_text(svg, encoding="utf-8")
        if to_png is not None:
            files.append(directory / f"{picture.name}.png")
            files[-1].write_bytes(to_png(svg))
    return files


def main(arguments: Sequence[str] | None = None) -> int:
    """Make every picture; returns the exit status: 1 if there are no PNG."""
    parser = argparse.ArgumentParser(
        prog="python -m nordic_tui.demo.screenshots",
        description="Make the pictures of the README, as SVG and PNG.",
    )
    parser.add_argument("directory", metavar="DIR", type=Path, help="where to put them")
    directory: Path = parser.parse_args(arguments).directory
    to_png: ToPng | None = None
    try:
        to_png = open_png()
    except NoPngError as error:
        sys.stderr.write(f"{error} Only SVG is written.\n")
    for file in write(directory, PICTURES, to_png):
        sys.stdout.write(f"{file}\n")
    return 0 if to_png else 1


if __name__ == "__main__":
    sys.exit(main())
