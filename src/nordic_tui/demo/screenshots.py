"""Makes the pictures of the README: `python -m nordic_tui.demo.screenshots screenshots`.

    take    a screen of the stage as SVG that fetches nothing when it is shown
    tour    the short tour as SVG that moves
    check   what in a directory is not as the program would make it now

The same program makes the same bytes on every run.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from textual.events import Key
from textual.widgets import Input

from nordic_tui.demo.film import own_clock
from nordic_tui.demo.key_names import named
from nordic_tui.demo.script import SHORT, read_tour
from nordic_tui.demo.showing import record
from nordic_tui.demo.stage import Act, open_services, stage
from nordic_tui.encode.png import NoPngError, ToPng, open_png
from nordic_tui.encode.svg import still
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.picture import drawn, window
from nordic_tui.tui.services import Services

MOVING = "tour.svg"
"""The picture that moves."""
KEY_S = 0.1
"""Between two keys, on a clock that waits for all that the first one began."""


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


BEFORE_A_ROOM = Act(theme="polar", presenter=True, shows_keys=True, is_whole=True)

PICTURES = (
    Picture("consent", 120, 36, act=Act(asks_consent=True)),
    Picture("three-columns", 160, 45, keys=("j",)),
    Picture("two-columns", 120, 36, "New initiatives"),
    Picture("small", 80, 24, "New initiatives"),
    Picture("narrow", 40, 12, "New initiatives"),
    Picture("reading", 120, 36, "New initiatives", ("Enter",)),
    Picture("table-and-code", 120, 50, "Events", ("Enter",)),
    Picture("light", 120, 36, "New initiatives", act=Act(theme="snow")),
    Picture("help", 120, 36, keys=("?",)),
    Picture("add", 120, 36, "New initiatives", ("+", *"northern-cities.example", "Enter")),
    Picture("sources", 120, 36, keys=("S", *["j"] * 2), act=Act(follows_many=True)),
    Picture("archive", 160, 45, keys=("S", "G", "x"), act=Act(follows_many=True)),
    Picture("links", 120, 36, "New initiatives", ("L", "j")),
    Picture("qr", 80, 24, "New initiatives", ("Q",)),
    Picture("brief", 120, 36, "New initiatives", ("v", "v", "b")),
    Picture("search", 120, 36, keys=("/", *"osterhavn OR harbour", "Enter")),
    Picture("changed", 120, 36, "Events", ("D",), act=Act(has_changed=True)),
    Picture("views", 120, 36, keys=("V", "j"), act=Act(has_views=True)),
    Picture("sources-light", 80, 24, keys=("S",), act=Act(theme="snow", follows_many=True)),
    Picture("presenter", 100, 28, keys=("j", "j", "j"), act=BEFORE_A_ROOM),
)


# ── a picture ───────────────────────────────────────────────────────────────────────────────


def take(picture: Picture) -> str:
    """The screen as SVG. To be called on the stage."""
    with (
        open_services(picture.act) as services,
        own_clock(services.library.settle) as loop,
    ):
        return loop.run_until_complete(_take(picture, services))


async def _take(picture: Picture, services: Services) -> str:
    app = NordicApp(services)
    async with app.run_test(size=(picture.columns, picture.rows)):
        await asyncio.sleep(KEY_S)
        keys = picture.keys
        if picture.category:
            names = [place.name for place in services.library.places()]
            keys = (*["]"] * names.index(picture.category), *keys)
        for key in keys:
            press = named(key)
            assert press is not None, key
            app.post_message(Key(press.key, press.character))
            await asyncio.sleep(KEY_S)
        while _is_busy(app):  # noqa: ASYNC110  on this clock it is no polling: it waits for all
            await asyncio.sleep(KEY_S)
        app.reader.posts.settle()
        for box in app.screen.query(Input):
            box.cursor_blink = False
        await asyncio.sleep(KEY_S)
        return still(drawn(window(app)), app.title)


def _is_busy(app: NordicApp) -> bool:
    """Whether something on the screen is still being found or counted."""
    from nordic_tui.tui.screens.views import ViewsScreen

    screen = app.screen
    return app.reader.finding.waits or (isinstance(screen, ViewsScreen) and not screen.is_counted)


# ── the command ─────────────────────────────────────────────────────────────────────────────


def made() -> Iterator[tuple[str, str, bool]]:
    """Every picture: the name of its file, its SVG, and whether there is a PNG of it."""
    for picture in PICTURES:
        with stage():
            svg = take(picture)
        yield f"{picture.name}.svg", svg, True
    yield MOVING, record(read_tour(SHORT), Path(MOVING)), False


def write(directory: Path, to_png: ToPng | None, tell: Callable[[Path], None]) -> None:
    """Make the pictures in a directory, which is made if it is missing.

    to_png: None writes only SVG. tell: told of each file. Raises OSError.
    """
    directory.mkdir(parents=True, exist_ok=True)
    for name, svg, is_still in made():
        file = directory / name
        file.write_text(svg, encoding="utf-8")
        tell(file)
        if to_png is not None and is_still:
            file = file.with_suffix(".png")
            file.write_bytes(to_png(svg))
            tell(file)


def differing(directory: Path) -> list[str]:
    """What in a directory does not match the program, each a sentence.

    PNG are not compared: they depend on the machine's version of the font; that they are there
    is looked at.
    """
    problems = []
    for name, svg, is_still in made():
        file = directory / name
        try:
            is_same = file.read_text(encoding="utf-8") == svg
        except OSError:
            problems.append(f"{file} is missing.")
            continue
        if not is_same:
            problems.append(f"{file} is not what the program shows now.")
        if is_still and not file.with_suffix(".png").exists():
            problems.append(f"{file.with_suffix('.png')} is missing.")
    return problems


def main(arguments: Sequence[str] | None = None) -> int:
    """Make or check every picture; returns the exit status: 1 if there are no PNG, or if what is
    there does not match."""
    parser = argparse.ArgumentParser(
        prog="python -m nordic_tui.demo.screenshots",
        description="Make the pictures of the README, as SVG and PNG, and the tour that moves.",
    )
    parser.add_argument("directory", metavar="DIR", type=Path, help="where they are")
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit with 1 and name what does not match the program",
    )
    options = parser.parse_args(arguments)
    if options.check:
        problems = differing(options.directory)
        for problem in problems:
            sys.stderr.write(f"{problem}\n")
        return 1 if problems else 0
    to_png: ToPng | None = None
    try:
        to_png = open_png()
    except NoPngError as error:
        sys.stderr.write(f"{error} Only SVG is written.\n")
    write(options.directory, to_png, lambda file: print(file))  # noqa: T201  a command's words
    return 0 if to_png else 1


if __name__ == "__main__":
    sys.exit(main())
