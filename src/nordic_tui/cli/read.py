"""The reader: `nordic-tui`, and `nordic-tui ADDRESS …` for what is not followed."""

from collections.abc import Sequence

from nordic_tui import wiring
from nordic_tui.clock import system_clock
from nordic_tui.config.paths import Paths, find_paths
from nordic_tui.config.settings import Settings, change, load


def read(addresses: Sequence[str]) -> int:
    """Start the reader on the terminal."""
    # Textual comes first: the names of its themes are needed to read the settings.
    from nordic_tui.tui.commands import COMMAND_IDS
    from nordic_tui.tui.theme import theme_names

    paths = find_paths()
    settings = load(paths.settings_file, command_ids=COMMAND_IDS, themes=theme_names())
    with wiring.open_parts(settings, paths) as parts:
        return run(parts, settings, paths)


def run(parts: wiring.Parts, settings: Settings, paths: Paths) -> int:
    """Draw the reader until it ends; returns the exit status."""
    from nordic_tui.handoff import open_in_browser
    from nordic_tui.service.library import Library
    from nordic_tui.service.refresh import BackgroundRefresh
    from nordic_tui.tui.app import NordicApp
    from nordic_tui.tui.services import Preferences, Services

    library = Library(parts.store)
    names = [state.title for state in library.states()]
    services = Services(
        library=library,
        history=parts.history,
        refresh=BackgroundRefresh(parts.refresher),
        clock=system_clock,
        open_in_browser=open_in_browser,
        save_theme=lambda name: change(paths.settings_file, "theme", name),
        export_file=str(paths.history_file.with_name("history.json")),
        title=wiring.title_of(parts.sources, names),
        preferences=Preferences(
            theme=settings.theme,
            keys=settings.keys,
            mark_read_after_s=settings.mark_read_after_s,
            refresh_on_start=settings.refresh_on_start,
        ),
        problems=parts.problems,
    )
    app = NordicApp(services)
    status = app.run()
    return app.return_code or status or 0
