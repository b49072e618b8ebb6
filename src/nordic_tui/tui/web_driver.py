"""Textual's driver for a browser, which ends with whoever serves it."""

import os
import signal
from contextlib import suppress
from functools import partial
from typing import Any, Protocol, cast

from textual.drivers.web_driver import WebDriver


class _Served(Protocol):
    def end(self, status: int) -> None: ...


class BrowserDriver(WebDriver):
    """Speaks with textual-serve by its standard input and output."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._write = partial(self._write_all)

    def _write_all(self, data: bytes) -> int:
        # A pipe may take a part; nobody may be there to read it.
        with suppress(OSError):
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self.fileno, rest) :]
        return len(data)

    def run_input_thread(self) -> None:
        super().run_input_thread()
        if not self.exit_event.is_set():
            # The server is gone: without it nobody would ever end this.
            cast("_Served", self._app).end(128 + signal.SIGHUP)
