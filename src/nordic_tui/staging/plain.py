"""The services of the reader without panes: the same parts as the screen's, and no Textual."""

from collections.abc import Sequence
from functools import partial

from nordic_tui import wiring
from nordic_tui.clock import Clock, system_clock
from nordic_tui.config.files import replace_file
from nordic_tui.config.paths import Paths
from nordic_tui.config.settings import Settings
from nordic_tui.plain.services import Hands, Services
from nordic_tui.service.background import BackgroundFullTexts, BackgroundRefresh
from nordic_tui.service.library import Library


def services(
    parts: wiring.Parts,
    settings: Settings,
    paths: Paths,
    problems: Sequence[str] = (),
    *,
    clock: Clock = system_clock,
) -> Services:
    """What the dialogue may ask for.

    problems: what is said first, sentences.
    """
    export_file = paths.history_file.with_name("history.json")
    return Services(
        library=Library(parts.store),
        history=parts.history,
        keeping=parts.keeping,
        undoing=parts.undoing,
        refresh=BackgroundRefresh(parts.refresher, parts.courtesy),
        clock=clock,
        subscriptions=parts.subscriptions,
        open_full_texts=lambda: BackgroundFullTexts(wiring.open_full_texts(parts), parts.courtesy),
        open_hands=lambda: hands(settings),
        title=wiring.title_of(parts),
        export_file=str(export_file),
        save_export=lambda text: replace_file(export_file, text.encode()),
        refresh_on_start=settings.refresh_on_start,
        problems=tuple(problems),
    )


def hands(settings: Settings) -> Hands:
    """What hands things on: to the real browser, clipboard and programs."""
    from nordic_tui.handoff import browser, clipboard, programs

    return Hands(
        open_in_browser=browser.open_in_browser,
        copy=clipboard.copy_with_program,
        program_for=partial(programs.program_for, settings.open_with),
        open_with=programs.open_with,
    )
