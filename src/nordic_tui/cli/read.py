"""The reader: `nordic-tui`, and `nordic-tui ADDRESS …` for what is not followed."""

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nordic_tui import wiring
from nordic_tui.cli import console
from nordic_tui.config.paths import Paths, find_paths
from nordic_tui.config.reading import parse, read_text
from nordic_tui.config.settings import PLAIN, Settings, understood
from nordic_tui.model import Source

if TYPE_CHECKING:
    from nordic_tui.tui.app import NordicApp
    from nordic_tui.tui.services import Services

PATIENCE_S = 0.5
"""Addresses that take longer than this to load are worth a word."""


_AS_SET: Mapping[str, Any] = MappingProxyType({})

LINES_ONLY = "This terminal shows nothing but lines, so this is the reader without panes."


def read(words: Sequence[str], overrides: Mapping[str, Any] = _AS_SET) -> int:
    """Start the reader on what the settings follow, or on addresses; returns the exit status.

    words: web addresses, files, "-". Without a terminal the posts are printed instead.
    overrides: what options say in place of the settings, by the names of the fields of Settings.
    """
    _write_no_logs()
    paths = find_paths()
    if words:
        return _read_addresses(words, paths, overrides)
    drawn = _may_draw(overrides)
    if drawn:
        # Nearly all that a start makes is kept: looking for what is not takes a twentieth of it.
        # The screen switches the collector on again, once it is drawn.
        gc.disable()
    settings = _load_settings(paths, overrides, drawn=drawn)
    with wiring.open_parts(settings, paths) as parts:
        if _is_plain(settings, overrides):
            return _run_plain(parts, settings, paths, parts.problems)
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


def _may_draw(overrides: Mapping[str, Any]) -> bool:
    """Whether the screen can be drawn, and no option says otherwise; the settings still may."""
    return overrides.get("face") != PLAIN and console.can_draw()


def _is_plain(settings: Settings, overrides: Mapping[str, Any]) -> bool:
    """Whether the reader is the one without panes: an option says so; or a person sits at a
    terminal, and the settings do or the terminal shows nothing but lines."""
    if overrides.get("face") == PLAIN:
        return True
    return console.is_dialogue() and (settings.face == PLAIN or _is_dumb())


def _is_dumb() -> bool:
    return os.environ.get("TERM") == "dumb"


def _load_settings(paths: Paths, overrides: Mapping[str, Any], *, drawn: bool) -> Settings:
    """The settings; if the reader is drawn, the names of its themes and commands are checked."""
    file = paths.settings_file
    text = read_text(file)
    if text is None:
        return Settings()._replace(**overrides)
    table = parse(file, text)
    if not drawn or table.get("face") == PLAIN:
        return understood(file, text, table)._replace(**overrides)
    from nordic_tui.tui.commands import COMMAND_IDS
    from nordic_tui.tui.theme import theme_names

    names = theme_names()
    settings = understood(file, text, table, command_ids=COMMAND_IDS, themes=names)
    return settings._replace(**overrides)


def _run_plain(
    parts: wiring.Parts, settings: Settings, paths: Paths, problems: Sequence[str]
) -> int:
    """The reader without panes; returns the exit status."""
    from nordic_tui.cli.plain import run as run_plain

    gc.enable()
    return run_plain(parts, settings, paths, problems, LINES_ONLY if _is_dumb() else "")


def _read_addresses(words: Sequence[str], paths: Paths, overrides: Mapping[str, Any]) -> int:
    from nordic_tui.cli import addresses
    from nordic_tui.cli.progress import ask
    from nordic_tui.service.words import count

    wanted: dict[str, str] = {}
    for word in words:
        wanted.setdefault(addresses.resolve(word), word)
    fetcher = None
    if addresses.STDIN in wanted:
        fetcher = addresses.open_with_stdin()
        if sys.stdout is not None and sys.stdout.isatty():
            addresses.take_keyboard()
    drawn = _may_draw(overrides)
    settings = _load_settings(paths, overrides, drawn=drawn)
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
        if outcome.status != console.FAILED and _is_plain(settings, overrides):
            return _run_plain(parts, settings, paths, (*parts.problems, *problems))
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


def draw(services: "Services", app: "NordicApp | None" = None) -> int:
    """Draw the reader until it ends; returns the exit status.

    app: what draws it, over these services; None: the reader itself.
    An error that ended it is raised, once the terminal is as it was.
    """
    from nordic_tui.tui.app import NordicApp

    console.measure_window()
    console.heed_colours()
    app = app or NordicApp(services)
    # A refresh shares the interpreter with the screen: let a key wait for it as little as can be.
    sys.setswitchinterval(SWITCH_S)
    with app.ending.by_signals():
        status = app.run()
    if app._exception is not None:
        raise app._exception
    return app.return_code or status or console.DONE
