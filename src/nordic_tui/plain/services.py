"""What the reader without panes is given."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from nordic_tui.clock import Clock
from nordic_tui.service.background import BackgroundRefresh
from nordic_tui.service.history import History
from nordic_tui.service.keeping import Keeping
from nordic_tui.service.library import Library
from nordic_tui.service.undo import Undoing

if TYPE_CHECKING:
    from nordic_tui.service.background import BackgroundFullTexts
    from nordic_tui.service.subscriptions import Subscriptions


class Hands(NamedTuple):
    """What hands things on. All of it raises HandoffError, a sentence."""

    open_in_browser: Callable[[str, Callable[[str], None]], None]
    """Opens an address that `clean.url` let through; the last is told, from another thread, what
    goes wrong later. Raises NoBrowser if there is none whose window the person would see."""
    copy: Callable[[str], bool]
    """Copies a text with a program of this machine; False: there is none. Nothing is sent to the
    terminal for it."""
    program_for: Callable[[str, str], str]
    """The command that opens a file of this media type at this address; "": none is set."""
    open_with: Callable[[str, str, Callable[[str], None]], str]
    """Starts a command on an address, and gives a sentence; the last as for the browser."""


class Services(NamedTuple):
    """Everything that the reader without panes may ask for something."""

    library: Library
    history: History
    keeping: Keeping
    undoing: Undoing
    refresh: BackgroundRefresh
    clock: Clock
    subscriptions: "Subscriptions | None"
    """What is followed; None: nothing is, these addresses are read once."""
    open_full_texts: "Callable[[], BackgroundFullTexts]"
    """Gives what fetches the pages of posts, behind the dialogue."""
    open_hands: Callable[[], Hands]
    """Gives what hands things on; it is asked by the first thing."""
    title: str
    """What is followed, in a few words."""
    export_file: str
    """Where "Your data" puts an export."""
    save_export: Callable[[str], None]
    """Writes a text there in one step, only for the person's own eyes; raises OSError, and then
    changes nothing."""
    refresh_on_start: bool = True
    problems: tuple[str, ...] = ()
    """What went wrong before, each a sentence."""
