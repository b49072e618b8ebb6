"""Handing something to another program: an address to the browser.

A program is started with a list of arguments, never through a shell, and its output never
reaches the screen. (newsbeuter, CVE-2017-12904: a shell ran what a title said.)
"""

import os
import sys


def open_in_browser(address: str) -> None:
    """Open an http, https or mailto address with this system's browser.

    `BROWSER` is used if it is set ("%s" stands for the address). Raises OSError with a sentence
    if there is no browser that has a window of its own; one that draws in this terminal would
    tear up the screen.
    """
    import subprocess

    command = _browser_command(address)
    if command is None:
        raise OSError("There is no browser on this machine.")
    try:
        subprocess.Popen(  # noqa: S603  an argument list; the address was let through by clean.url
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise OSError(f"{command[0]} could not be started.") from error


def _browser_command(address: str) -> list[str] | None:
    import shlex
    import shutil

    wanted = os.environ.get("BROWSER", "").split(os.pathsep)[0]
    if wanted:
        words = shlex.split(wanted)
        if "%s" in words:
            return [address if word == "%s" else word for word in words]
        return [*words, address]
    if sys.platform == "darwin":
        return ["open", address]
    if shutil.which("wslview"):
        return ["wslview", address]
    has_screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if has_screen and shutil.which("xdg-open"):
        return ["xdg-open", address]
    return None
