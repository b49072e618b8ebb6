"""What the screens are given: the services, and what a person set."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from nordic_tui.clock import Clock
from nordic_tui.courtesy import Courtesy
from nordic_tui.model import Copied, Drawn, Post, Source, Tried
from nordic_tui.service.background import BackgroundRefresh
from nordic_tui.service.history import History
from nordic_tui.service.keeping import Keeping
from nordic_tui.service.library import Library
from nordic_tui.service.undo import Undoing
from nordic_tui.tui.profile import LOCAL, Profile

if TYPE_CHECKING:
    from concurrent.futures import Future

    from nordic_tui.service.background import (
        BackgroundArchive,
        BackgroundDiscovery,
        BackgroundFullTexts,
        BackgroundPicture,
    )
    from nordic_tui.service.subscriptions import Subscriptions


class Preferences(NamedTuple):
    """The settings that concern the screen."""

    theme: str = "fjord"
    keymap: str = "nordic"
    """One of `keymaps.PRESETS`."""
    keys: Mapping[str, str] = MappingProxyType({})
    """Keys of a person's own, by command id; they win over the keymap's."""
    mark_read_after_s: float = 2.0
    """A post is read when its excerpt was looked at for this long; 0: only when it is opened."""
    refresh_on_start: bool = True
    profile: Profile = LOCAL
    """How much a terminal is sent."""
    shows_keys: bool = False
    """Whether keys are shown as they are pressed."""
    presenter: bool = False
    """Whether it is drawn for a room: more space, fewer things."""


class PictureTerminal(Protocol):
    """What the terminal can do with pictures. `ask` and `draw` want it for themselves: the screen
    is suspended meanwhile. Both raise HandoffError, a sentence."""

    def why_not(self) -> str:
        """Why no picture can be shown, a sentence; "" where it may be possible."""
        ...

    @property
    def must_ask(self) -> bool:
        """Whether only the terminal itself can tell."""
        ...

    def ask(self) -> None: ...
    def draw(self, prepared: bytes, words: str) -> None:
        """Show a picture until a key is pressed; words: one line below it."""
        ...


class Titles(Protocol):
    """Gives what to send the terminal for its window's title; "": nothing."""

    def enter(self) -> str:
        """The screen is the program's from now on."""
        ...

    def show(self, place: str) -> str:
        """The list of this place is shown."""
        ...

    def leave(self) -> str:
        """The screen is given back."""
        ...

    def give_back(self) -> str:
        """What `leave` gives, for another thread."""
        ...


class NoTitles:
    """The title of the terminal's window stays as it is."""

    def enter(self) -> str:
        return ""

    def show(self, place: str) -> str:
        return ""

    def leave(self) -> str:
        return ""

    def give_back(self) -> str:
        return ""


class HandOff(NamedTuple):
    """What hands posts and their parts on. Everything raises HandoffError, a sentence; what may
    take longer than a key may wait is marked: it belongs on a thread."""

    open_in_browser: Callable[[str, Callable[[str], None]], None]
    """Opens an address that `clean.url` let through; raises NoBrowser if there is none whose
    window the person would see."""
    copy: Callable[[str], Copied]
    """Copies a text, or tells what the terminal is to be sent for it. For a thread."""
    qr_rows: Callable[[str, int, int], list[str]]
    """The QR code of an address for so many columns and rows: light modules are blocks."""
    program_for: Callable[[str, str], str]
    """The command that opens a file of this media type at this address; "": none is set."""
    open_with: Callable[[str, str, Callable[[str], None]], str]
    """Starts a command on an address, and gives a sentence; the last tells, from another thread,
    what goes wrong later. For a thread."""
    pipe: Callable[[str, str], str]
    """Runs a command on a text, and gives a sentence. For a thread."""
    end_piped: Callable[[], None]
    """Ends every command that has a text and is waited for."""
    pipe_deadline_s: float
    """After so many seconds a command is ended."""
    shell_reads: bool
    """Whether a shell reads the command."""
    encode_brief: Callable[[Iterable[Post], str, str, str], str]
    """Posts as a brief in a form ("md", "html", "text"), of a title, and what stands below it."""
    encode_post: Callable[[Post], str]
    """A post with its full text as plain text."""
    markdown_link: Callable[[str, str], str]
    """A title and an address as a link in Markdown."""
    brief_file: Callable[[str], str]
    """The path that a brief in this form is written to."""
    save_brief: Callable[[str, str], str]
    """Writes a brief in a form, and gives the path; raises OSError. For a thread."""
    pictures: PictureTerminal
    open_pictures: "Callable[[], BackgroundPicture]"
    """Gives what gets pictures, behind the screen."""
    settings_file: str
    """Where a program for a kind of file is named for good."""


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
    open_hand_off: Callable[[], HandOff]
    """Gives what hands things on; it is asked once, by the first thing."""
    save_theme: Callable[[str], None]
    """Keeps the chosen theme in the settings; raises OSError or SettingsError."""
    export_file: str
    """Where "Your data" puts an export."""
    save_export: Callable[[str], None]
    """Writes a text there in one step, only for the person's own eyes; raises OSError, and then
    changes nothing."""
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
    open_full_texts: "Callable[[], BackgroundFullTexts]"
    """Gives what fetches the pages of posts, behind the screen."""
    export_posts: Callable[[str, Iterable[Post]], str]
    """Writes posts into a file, as a JSON Feed of this title, and gives its path; raises OSError.
    For any thread. What the posts raise passes, and then there is no file, or the one before."""
    titles: Titles = NoTitles()
    preferences: Preferences = Preferences()
    is_staged: bool = False
    """Whether this is a demo: what leaves the program elsewhere is said here, and not done."""
    save_picture: "Callable[[Sequence[Sequence[Drawn]]], str] | None" = None
    """Writes a picture of the screen, and gives a sentence that says where it is; raises OSError.
    For a thread. None: nothing is written here."""
    problems: tuple[str, ...] = ()
    """What went wrong before the screen was there, each a sentence."""
