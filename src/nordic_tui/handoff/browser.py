"""An address to the browser."""

import os
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from nordic_tui.errors import HandoffError, NoBrowser
from nordic_tui.handoff import is_remote
from nordic_tui.handoff.addresses import with_address

if TYPE_CHECKING:
    from subprocess import Popen

BEGUN_AFTER_S = 30.0
"""A browser that ends later has shown the page, however it ends."""
_DRAW_IN_THE_TERMINAL = frozenset(
    {"browsh", "carbonyl", "elinks", "links", "links2", "lynx", "w3m", "www-browser"}
)
"""Browsers that would tear up the screen."""


def open_in_browser(address: str, tell_later: Callable[[str], None]) -> None:
    """Open an http, https or mailto address with this system's browser.

    `BROWSER` is used if it is set: commands parted by colons, of which the first that is there
    counts; "%s" stands for the address. Raises NoBrowser if there is none with a window of its
    own that the person sees, HandoffError if it could not be started: both are sentences.
    tell_later: told, from another thread, if it fails before the page can have been seen.
    """
    import subprocess

    from nordic_tui.text import clean

    address = clean.url(address)
    if not address:
        raise HandoffError("Only http, https and mailto addresses are opened.")
    command = _browser_command(address)
    if command is None:
        where = "that you could see from here" if is_remote() else "on this machine"
        raise NoBrowser(f"There is no browser {where}.")
    try:
        process = subprocess.Popen(  # noqa: S603  an argument list; the address was let through by clean.url
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise HandoffError(f"{_name(command)} could not be started.") from error
    threading.Thread(
        target=_watch, args=(process, _name(command), tell_later), name="browser", daemon=True
    ).start()


def _watch(process: "Popen[bytes]", name: str, tell_later: Callable[[str], None]) -> None:
    """Wait for the end of a browser: what nobody waits for stays behind as a zombie."""
    started = time.monotonic()
    status = process.wait()
    if status > 0 and time.monotonic() - started < BEGUN_AFTER_S:
        tell_later(f"{name} failed with status {status}: the page was not opened.")


def _name(command: list[str]) -> str:
    from nordic_tui.text import clean

    return clean.line(command[0].rpartition("/")[2], 60)


def _browser_command(address: str) -> list[str] | None:
    import shutil

    for wanted in os.environ.get("BROWSER", "").split(os.pathsep):
        command = _wanted_command(wanted, address)
        if command is not None:
            return command
    has_screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if has_screen and shutil.which("xdg-open"):
        return ["xdg-open", address]
    if is_remote():
        return None
    if sys.platform == "darwin":
        return ["open", address]
    if shutil.which("wslview"):
        return ["wslview", address]
    return None


def _wanted_command(wanted: str, address: str) -> list[str] | None:
    """One of BROWSER's commands with the address in it; None if it is not of use here."""
    import shlex
    import shutil
    from pathlib import Path

    try:
        words = shlex.split(wanted)
    except ValueError:  # quotation marks that do not match
        return None
    if not words or not shutil.which(words[0]) or Path(words[0]).name in _DRAW_IN_THE_TERMINAL:
        return None
    return with_address(words, address)
