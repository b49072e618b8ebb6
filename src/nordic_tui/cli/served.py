"""A reader for a browser: `python -m nordic_tui.cli.served demo | own [--no-programs]`.

textual-serve starts it and speaks with it by its standard input and output (tui/web_driver.py).
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from nordic_tui.cli import console

if TYPE_CHECKING:
    from nordic_tui.tui.services import HandOff, Services


def main(words: Sequence[str]) -> int:
    from nordic_tui.cli.read import _write_no_logs

    _write_no_logs()
    # The browser is the terminal, whatever the server was started in.
    os.environ["TERM"] = "xterm-256color"
    os.environ.pop("TEXTUAL_DRIVER", None)
    console.prepare()
    opened = _own if words[0] == "own" else _demo
    with opened() as services:
        if words[0] != "own" or "--no-programs" in words:
            services = without_programs(services)
        return _draw(services)


@contextmanager
def _demo() -> Iterator["Services"]:
    from nordic_tui.demo.stage import Act, open_services, stage

    with stage(), open_services(Act(is_whole=True)) as services:
        yield services


@contextmanager
def _own() -> Iterator["Services"]:
    from nordic_tui import wiring
    from nordic_tui.cli.read import _load_settings
    from nordic_tui.config.paths import find_paths
    from nordic_tui.staging.screen import services

    paths = find_paths()
    settings = _load_settings(paths, {}, drawn=True)
    with wiring.open_parts(settings, paths) as parts:
        parts.follower.waits = False
        yield services(parts, settings, paths, parts.problems)


def without_programs(services: "Services") -> "Services":
    """The same services; nothing is started, written or copied on the machine that serves."""

    def open_hand_off() -> "HandOff":
        return services.open_hand_off()._replace(
            open_in_browser=_no_browser,
            copy=_sent,
            program_for=lambda kind, address: "",
            open_with=_refused,
            pipe=_refused,
            save_brief=_not_written,
        )

    return services._replace(
        open_hand_off=open_hand_off, export_posts=_not_written, save_export=_not_written
    )


def _no_browser(address: str, tell: Callable[[str], None]) -> NoReturn:
    from nordic_tui.errors import NoBrowser

    raise NoBrowser("No browser is opened from here.")


def _sent(text: str) -> NoReturn:
    from nordic_tui.errors import HandoffError

    raise HandoffError("Nothing is copied from here.")


def _refused(*_: object) -> NoReturn:
    from nordic_tui.errors import HandoffError

    raise HandoffError("No program is started from here.")


def _not_written(*_: object) -> NoReturn:
    raise PermissionError(1, "nothing is written from here")


def _draw(services: "Services") -> int:
    from nordic_tui.tui.app import NordicApp
    from nordic_tui.tui.web_driver import BrowserDriver

    app = NordicApp(services, driver=BrowserDriver)
    with app.ending.by_signals():
        status = app.run()
    if app._exception is not None:
        raise app._exception
    return app.return_code or status or console.DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
