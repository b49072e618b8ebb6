"""Whether something on a screen of the demo is still on its way."""

from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.screens.sources import SourcesScreen
from nordic_tui.tui.screens.views import ViewsScreen


def is_busy(app: NordicApp) -> bool:
    """Whether something is being asked for, found or counted."""
    screen = app.screen
    return (
        app.services.refresh.running
        or app.reader.finding.waits
        or bool(app.reader.archives.address)
        or not app.services.library.is_counted
        or (isinstance(screen, ViewsScreen) and not screen.is_counted)
        or (isinstance(screen, SourcesScreen) and screen.is_behind)
    )
