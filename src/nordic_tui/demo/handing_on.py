"""What the stage hands things on with: nothing leaves the program, and nothing depends on the
machine.

staged   for pictures: as over SSH, there is no browser
unreal   for who tries the program: what would be done is said
"""

from collections.abc import Callable
from typing import NoReturn

from nordic_tui import wiring
from nordic_tui.courtesy import Courtesy
from nordic_tui.demo.web import Web
from nordic_tui.errors import NoBrowser
from nordic_tui.model import Copied, Manner
from nordic_tui.service.background import BackgroundPicture
from nordic_tui.service.words import count
from nordic_tui.tui.services import HandOff


def staged(edges: HandOff) -> HandOff:
    return edges._replace(open_in_browser=_no_browser, copy=_copy)


def _no_browser(_: str, __: object) -> NoReturn:
    raise NoBrowser("There is no browser that you could see from here.")


def _copy(_: str) -> Copied:
    return Copied("Sent to the terminal's clipboard, which may not allow it")


def unreal(
    edges: HandOff, web: Web, manner_of: Callable[[str], Manner], courtesy: Courtesy
) -> HandOff:
    """Edges that do nothing. What they say is true of a demo only."""

    def open_pictures() -> BackgroundPicture:
        return BackgroundPicture(wiring.open_pictures(_prepare, manner_of, web.open), courtesy)

    return edges._replace(
        open_in_browser=_open,
        copy=lambda _: Copied("The demo leaves your clipboard alone; it would hold"),
        open_with=_open_with,
        pipe=_pipe,
        end_piped=lambda: None,
        save_brief=lambda form, _: edges.brief_file(form),
        open_pictures=open_pictures,
    )


def _open(_: str, __: Callable[[str], None]) -> None:
    """No window opens."""


def _open_with(command: str, address: str, _: Callable[[str], None]) -> str:
    return f"The demo starts no program. It would be: {command.replace('%s', address)}"


def _pipe(command: str, text: str) -> str:
    lines = count(text.count("\n") + 1, "line", "lines")
    return f"The demo runs no command. “{command}” would get {lines}."


async def _prepare(body: bytes) -> bytes:
    return body
