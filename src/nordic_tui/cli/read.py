"""The reader: `nordic-tui`, and `nordic-tui ADDRESS …` for what is not followed."""

import gc
import os
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nordic_tui import wiring
from nordic_tui.cli import console
from nordic_tui.clock import system_clock
from nordic_tui.config.paths import Paths, find_paths
from nordic_tui.config.settings import Settings, change, load
from nordic_tui.model import Source

if TYPE_CHECKING:
    from nordic_tui.model import Post
    from nordic_tui.service.background import (
        BackgroundArchive,
        BackgroundDiscovery,
        BackgroundFullTexts,
    )
    from nordic_tui.tui.services import HandOff

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
    """Draw the reader until it ends; returns the exit status.

    problems: what is said first, sentences. An error that ended it is raised, once the terminal
    is as it was.
    """
    from nordic_tui.config.files import replace_file
    from nordic_tui.config.typed import as_typed, with_typed
    from nordic_tui.service.background import BackgroundRefresh
    from nordic_tui.service.library import Library
    from nordic_tui.tui.app import NordicApp
    from nordic_tui.tui.services import Preferences, Services

    console.measure_window()
    library = Library(parts.store)
    parts.follower.waits = False
    export_file = paths.history_file.with_name("history.json")
    services = Services(
        library=library,
        history=parts.history,
        keeping=parts.keeping,
        undoing=parts.undoing,
        refresh=BackgroundRefresh(parts.refresher, parts.courtesy),
        clock=system_clock,
        courtesy=parts.courtesy,
        open_hand_off=lambda: _open_hand_off(settings, paths, parts),
        save_theme=lambda name: change(paths.settings_file, "theme", name),
        export_file=str(export_file),
        save_export=lambda text: replace_file(export_file, text.encode()),
        title=wiring.title_of(parts),
        subscriptions=parts.subscriptions,
        as_typed=as_typed,
        with_typed=with_typed,
        when_followed=parts.follower.when_done,
        open_discovery=lambda: _open_discovery(parts),
        open_archives=lambda: _open_archives(parts),
        try_searches=parts.store.try_searches,
        open_full_texts=lambda: _open_full_texts(parts),
        export_posts=partial(export_posts, file=paths.history_file.with_name(EXPORT)),
        preferences=Preferences(
            theme=settings.theme,
            keys=settings.keys,
            mark_read_after_s=settings.mark_read_after_s,
            refresh_on_start=settings.refresh_on_start,
        ),
        problems=tuple(problems),
    )
    app = NordicApp(services)
    # A refresh shares the interpreter with the screen: let a key wait for it as little as can be.
    sys.setswitchinterval(SWITCH_S)
    with app.ending.by_signals():
        status = app.run()
    if app._exception is not None:
        raise app._exception
    return app.return_code or status or console.DONE


EXPORT = "posts.json"
"""The file that the posts of a list are exported to."""


def export_posts(title: str, posts: "Iterable[Post]", file: Path) -> str:
    """Write posts as a JSON Feed, only for the person's own eyes; gives the file's path.

    Raises OSError, and what `posts` raises; then the file is as it was before.
    """
    from nordic_tui.config.files import replace_file_in_parts
    from nordic_tui.encode.jsonfeed import encode_jsonfeed

    replace_file_in_parts(file, (part.encode() for part in encode_jsonfeed(title, posts)))
    return str(file)


def _open_hand_off(settings: Settings, paths: Paths, parts: wiring.Parts) -> "HandOff":
    from nordic_tui.cli.handing_on import hand_off

    return hand_off(settings, paths, parts.courtesy, parts.refresher.manner_of)


def _open_discovery(parts: wiring.Parts) -> "BackgroundDiscovery":
    from nordic_tui.service.background import BackgroundDiscovery

    return BackgroundDiscovery(wiring.open_discoverer(), parts.courtesy)


def _open_archives(parts: wiring.Parts) -> "BackgroundArchive":
    from nordic_tui.service.background import BackgroundArchive

    return BackgroundArchive(wiring.open_archivist(parts), parts.courtesy)


def _open_full_texts(parts: wiring.Parts) -> "BackgroundFullTexts":
    from nordic_tui.service.background import BackgroundFullTexts

    return BackgroundFullTexts(wiring.open_full_texts(parts), parts.courtesy)
