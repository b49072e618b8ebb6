"""What the screens are given: the services, and what a person set."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from nordic_tui.clock import Clock
from nordic_tui.courtesy import Courtesy
from nordic_tui.model import Post, Source, Tried
from nordic_tui.service.background import BackgroundRefresh
from nordic_tui.service.history import History
from nordic_tui.service.keeping import Keeping
from nordic_tui.service.library import Library
from nordic_tui.service.undo import Undoing

if TYPE_CHECKING:
    from concurrent.futures import Future

    from nordic_tui.service.background import BackgroundArchive, BackgroundDiscovery
    from nordic_tui.service.subscriptions import Subscriptions


class Preferences(NamedTuple):
    """The settings that concern the screen."""

    theme: str = "fjord"
    keys: Mapping[str, str] = MappingProxyType({})
    """Keys of a person's own, by command id."""
    mark_read_after_s: float = 2.0
    """A post is read when its excerpt was looked at for this long; 0: only when it is opened."""
    refresh_on_start: bool = True


class Services(NamedTuple):
    """Everything that a screen may ask for something."""

    library: Library
    history: History
    keeping: Keeping
    undoing: Undoing
    refresh: BackgroundRefresh
    clock: Clock
    courtesy: Courtesy
    """Told of every key, so that what is behind the screen gives way."""
    open_in_browser: Callable[[str], None]
    """Opens an address that `clean.url` let through; raises OSError if no browser can."""
    save_theme: Callable[[str], None]
    """Keeps the chosen theme in the settings; raises OSError or SettingsError."""
    export_file: str
    """Where "Your data" puts an export."""
    title: str
    """What is followed, in a few words."""
    subscriptions: "Subscriptions | None"
    """What is followed, to be changed; None: nothing is, these addresses are read once."""
    as_typed: Callable[[Source, str], str | None]
    """Gives a setting of a source (by the name of its key in the settings file) in the words that
    a person would type for it; "": it is as usual; None: it can't be typed."""
    with_typed: Callable[[Source, str, str], Source]
    """Gives a source with a setting as such words say; raises SettingsError, a sentence."""
    when_followed: Callable[[Callable[[str], None]], None]
    """Has a call made, from another thread, once the store has heard of the last change of
    `subscriptions`: with "", or with why it could not be stored, a sentence."""
    open_discovery: "Callable[[], BackgroundDiscovery]"
    """Gives what looks for feeds at an address, behind the screen."""
    open_archives: "Callable[[], BackgroundArchive]"
    """Gives what gets archives, behind the screen."""
    try_searches: "Callable[[Sequence[str], int], Future[list[Tried]]]"
    """Gives what each of these searches finds, counted behind the screen, with so many of the
    newest posts of each."""
    export_posts: Callable[[str, Iterable[Post]], str]
    """Writes posts into a file, as a JSON Feed of this title, and gives its path; raises OSError.
    For any thread. What the posts raise passes, and then there is no file, or the one before."""
    preferences: Preferences = Preferences()
    problems: tuple[str, ...] = ()
    """What went wrong before the screen was there, each a sentence."""
