"""The process that is fuzzed: the rooms that read strangers' bytes, instrumented."""

import os
import sys
from importlib import import_module

import atheris

_READERS = (
    "nordic_tui.text.layout",
    "nordic_tui.text.html",
    "nordic_tui.decode.detect",
    "nordic_tui.decode.jsonfeed",
    "nordic_tui.decode.wordpress",
    "nordic_tui.decode.opml",
    "nordic_tui.decode.newsboat",
    "nordic_tui.decode.subscriptions",
)


def run() -> None:
    """Hand over to libFuzzer, with this process's arguments."""
    with atheris.instrument_imports(include=["nordic_tui.text", "nordic_tui.decode"]):
        for name in _READERS:
            import_module(name)
    # After it, so that only our own code guides the fuzzer and not what tells right from wrong.
    from tests.fuzz.targets import TARGETS

    target = TARGETS[os.environ["NORDIC_TUI_FUZZ"]]
    atheris.Setup(sys.argv, target.holds)
    atheris.Fuzz()
