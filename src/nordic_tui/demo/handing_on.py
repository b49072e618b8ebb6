"""What the pictures hand things on with: nothing leaves the program, and nothing depends on the
machine. As over SSH, there is no browser."""

from typing import NoReturn

from nordic_tui.errors import NoBrowser
from nordic_tui.model import Copied
from nordic_tui.tui.services import HandOff


def staged(edges: HandOff) -> HandOff:
    return edges._replace(open_in_browser=_no_browser, copy=_copy)


def _no_browser(_: str, __: object) -> NoReturn:
    raise NoBrowser("There is no browser that you could see from here.")


def _copy(_: str) -> Copied:
    return Copied("Sent to the terminal's clipboard, which may not allow it")
