"""The reader: `nordic-tui`, and `nordic-tui ADDRESS …` for what is not followed."""

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nordic_tui import wiring
from nordic_tui.cli import console
from nordic_tui.config.paths import Paths, find_paths
from nordic_tui.config.settings import Settings, load
from nordic_tui.model import Source

if TYPE_CHECKING:
    from nordic_tui.tui.services import Services

PATIENCE_S = 0.5
"""Addresses that take longer than this to load are worth a word."""


def read(words: Sequence[str]) -> int:
    """Start the reader on what the settings follow, or on addresses; returns the exit status.

    words: web addresses, files, "-". Without a terminal the posts are printed instead.
    """
    _write_no_logs()
    paths = find_paths()
    if words:
        return _read_addresses(words, paths)
    drawn = console.can_draw()
    if drawn:
        # Nearly all that a start makes is kept: looking for what is not takes a twentieth of it.
        # The screen switches the collector on again, once it is drawn.
        gc.disable()
    settings = _load_settings(paths, drawn=drawn)
    with wiring.open_parts(settings, paths) as parts:
        if drawn:
            return run(parts, settings, paths, parts.problems)
        for problem in parts.problems:
            console.say(problem)
        return _print(parts)


def _write_no_logs() -> None:
    """Textual's aids for developers write what is on the screen, or every event, to files, to
    stdout or to another program; it reads these names when it is imported."""
    for name in ("", "_LOG", "_DEBUG", "_SCREENSHOT", "_SHOW_RETURN"):
        os.environ.pop(f"TEXTUAL{name}", None)


def _load_settings(paths: Paths, *, drawn: bool) -> Settings:
    """The settings; if the reader is drawn, the names of its themes and commands are checked."""
    if not drawn:
        return load(paths.settings_file)
    from nordic_tui.tui.commands import COMMAND_IDS
    from nordic_tui.tui.theme import theme_names

    return load(paths.settings_file, command_ids=COMMAND_IDS, themes=theme_names())


def _read_addresses(words: Sequence[str], paths: Paths) -> int:
    from nordic_tui.cli import addresses
    from nordic_tui.cli.progress import ask
    from nordic_tui.service.words import count

    wanted: dict[str, str] = {}
    for word in words:
        wanted.setdefault(addresses.resolve(word), word)
    fetcher = None
    if addresses.STDIN in wanted:
        fetcher = addresses.open_with_stdin()
        if console.is_screen(sys.stdout):
            addresses.take_keyboard()
    drawn = console.can_draw()
    settings = _load_settings(paths, drawn=drawn)
    sources = [Source(address) for address in wanted]
    with wiring.open_parts(settings, paths, sources=sources, fetcher=fetcher) as parts:
        label = f"Loading {count(len(sources), 'address', 'addresses')}"
        outcome = ask(parts.refresher, parts.store.states(), label=label, delay_s=PATIENCE_S)
        problems = [
            addresses.failure_words(wanted[state.address], state.error)
            for state in parts.store.states()
            if state.failures
        ]
        problems += outcome.warnings
        if drawn and outcome.status != console.FAILED:
            return run(parts, settings, paths, (*parts.problems, *problems))
        for problem in (*parts.problems, *problems):
            console.say(problem)
        if outcome.status != console.FAILED:
            _print(parts)
        return outcome.status


def _print(parts: wiring.Parts) -> int:
    from nordic_tui.cli.listing import Selection, show
    from nordic_tui.service.library import Library

    show(Library(parts.store), Selection())
    return console.DONE


SWITCH_S = 0.0005
"""After how long a thread gives way to another; a key passes three threads on its way."""


def run(parts: wiring.Parts, settings: Settings, paths: Paths, problems: Sequence[str]) -> int:
    """Draw the reader over the parts until it ends; returns the exit status.

    problems: what is said first, sentences. Raises what `draw` raises.
    """
    from nordic_tui.staging.screen import services

    parts.follower.waits = False
    return draw(services(parts, settings, paths, problems))


def draw(services: "Services") -> int:
    """Draw the reader until it ends; returns the exit status.

    An error that ended it is raised, once the terminal is as it was.
    """
    from nordic_tui.tui.app import NordicApp

    console.measure_window()
    app = NordicApp(services)
    # A refresh shares the interpreter with the screen: let a key wait for it as little as can be.
    sys.setswitchinterval(SWITCH_S)
    with app.ending.by_signals():
        status = app.run()
    if app._exception is not None:
        raise app._exception
    return app.return_code or status or console.DONE
