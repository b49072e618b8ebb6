"""Where the program can be when something happens to it."""

import fcntl
import os
import select
import termios
import time
from array import array
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import psutil

from nordic_tui.service.history import NOTICE
from tests.lifecycle.site import Site
from tests.terminal import WAIT_S, Terminal

_POSTS: Final = 12
_LONG: Final = "<p>A paragraph of a long text, which fills more than one window.</p>" * 400


class Reader(Terminal):
    """The reader in a terminal, at home in a folder of its own."""

    def __init__(
        self,
        home: Path,
        *words: str,
        size: tuple[int, int] = (80, 24),
        environment: Mapping[str, str | None] = MappingProxyType({}),
        term: str = "xterm-256color",
        before: str = "",
    ) -> None:
        self.home = home
        self.is_deaf = False
        """Whether the terminal takes nothing that it is sent."""
        super().__init__(
            "-m",
            "nordic_tui",
            *words,
            size=size,
            term=term,
            before=before,
            environment={**environment_of(home), **environment},
        )

    def read(self, timeout_s: float) -> bool:
        return not self.is_deaf and super().read(timeout_s)

    def type_slowly(self, keys: bytes) -> None:
        """Type more than the terminal can hold, and read meanwhile what is drawn."""
        rest = memoryview(keys)
        deadline = time.monotonic() + WAIT_S
        while rest:
            assert time.monotonic() < deadline, "the keys are not read"
            if select.select([], [self._master], [], 0.1)[1]:
                # A terminal in which nobody reads takes four kilobytes, and then waits.
                rest = rest[os.write(self._master, rest[:1024]) :]
            self.read(0)

    def waiting_bytes(self) -> int:
        """How much the terminal could take just now."""
        count = array("i", [0])
        fcntl.ioctl(self._master, termios.FIONREAD, count)
        return count[0]

    def children(self) -> list[psutil.Process]:
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return found

    def wait_until(self, what: Callable[[], object], about: str) -> None:
        """Read until something is so."""
        deadline = time.monotonic() + WAIT_S
        while not what():
            assert time.monotonic() < deadline, f"never {about}:\n{self.text}"
            assert not self.ended, f"ended before {about}:\n{self.text}"
            self.read(0.05)


def environment_of(home: Path) -> dict[str, str | None]:
    """What of the environment makes a folder the home."""
    folders = dict.fromkeys((f"XDG_{n}_HOME" for n in ("CONFIG", "CACHE", "DATA", "STATE")), None)
    return {**folders, "HOME": str(home), "TZ": "UTC", "BROWSER": "sh -c 'exec sleep 600' %s"}


def furnish(home: Path, *addresses: str, answer: str = "never") -> None:
    """Follow a file with posts, and these addresses; nothing is asked at the start.

    answer: to whether a reading history may be kept; "" is none.
    """
    from tests.cli.helpers import feed, post

    posts = [
        {**post(title, day=28 - number, categories=["Events"]), "content_html": _LONG}
        for number, title in enumerate(["Alfa", *(f"Post {n}" for n in range(1, _POSTS))])
    ]
    file = feed(home / "news.json", "News", *posts)
    settings = home / ".config/nordic-tui/settings.toml"
    settings.parent.mkdir(parents=True)
    lines = ["refresh_on_start = false", "mark_read_after_seconds = 0"]
    for address in (str(file), *addresses):
        lines += ["[[sources]]", f'address = "{address}"']
    settings.write_text("\n".join([*lines, ""]))
    if answer:
        consent = home / ".local/share/nordic-tui/consent.json"
        consent.parent.mkdir(parents=True, mode=0o700)
        at = "2026-10-01T12:00:00+00:00"
        consent.write_text(f'{{"answer": "{answer}", "at": "{at}", "notice": {NOTICE}}}')


class Place(NamedTuple):
    """A place, and how the reader is brought there."""

    name: str
    go: Callable[[Reader, Site], None]
    address: str = ""
    """A path of the site that is followed, too."""
    answer: str = "never"
    fills: bool = True
    """Whether there are posts in the store already."""

    def __str__(self) -> str:
        return self.name


def _ready(reader: Reader) -> None:
    reader.wait_for("Alfa")


def _at_the_first_byte(reader: Reader, site: Site) -> None:
    reader.wait_until(lambda: reader.sent, "a byte")


def _consent(reader: Reader, site: Site) -> None:
    reader.wait_for("reading history")


def _list(reader: Reader, site: Site) -> None:
    _ready(reader)


def _opening(reader: Reader, site: Site) -> None:
    _ready(reader)
    reader.type("?")


def _field(reader: Reader, site: Site) -> None:
    _ready(reader)
    reader.type("fpost")
    reader.wait_until(lambda: "Alfa" not in reader.text, "filtered")


def _text(reader: Reader, site: Site) -> None:
    _ready(reader)
    reader.type("\r  ")
    reader.wait_until(lambda: reader.text.count("A paragraph of") > 5, "in the text")


def _refresh(reader: Reader, site: Site) -> None:
    _ready(reader)
    reader.type("r")
    site.wait_until_asked("/silent", WAIT_S)


def _archive(reader: Reader, site: Site) -> None:
    _ready(reader)
    reader.type("r")
    reader.wait_for("Feed /archived")
    reader.type("S")
    reader.wait_for("Sources")
    reader.type("jx")
    site.wait_until_asked("/silent", WAIT_S)


def _decoding(reader: Reader, site: Site) -> None:
    _ready(reader)
    reader.type("r")

    def works() -> bool:
        # Its start takes a tenth of a second.
        return any(sum(child.cpu_times()[:2]) > 0.3 for child in reader.children())

    reader.wait_until(works, "decoding")


def _command(reader: Reader, site: Site) -> None:
    _ready(reader)
    reader.type("|sleep 600\r")
    reader.wait_until(lambda: _running(reader, "sleep"), "the command")


def _browser(reader: Reader, site: Site) -> None:
    _ready(reader)
    reader.type("o")
    reader.wait_until(lambda: _running(reader, "sleep"), "the browser")


def _suspended(reader: Reader, site: Site) -> None:
    _ready(reader)
    reader.type("\x1a")
    status = psutil.Process(reader.process.pid).status
    reader.wait_until(lambda: status() == psutil.STATUS_STOPPED, "stopped")


def _deaf(reader: Reader, site: Site) -> None:
    """It draws again and again, and nobody takes it, until nothing more fits in between."""
    _ready(reader)
    reader.is_deaf = True
    before = -1
    while before < (now := reader.waiting_bytes()):
        reader.type("T" * 100)
        before = now
        time.sleep(1.0)  # for every drawing of these


def _running(reader: Reader, name: str) -> bool:
    return any(child.name() == name for child in reader.children())


PLACES: Final = (
    Place("at the first byte", _at_the_first_byte),
    Place("in the consent dialog", _consent, answer=""),
    Place("in the list", _list),
    Place("as a dialog opens", _opening),
    Place("in a text field", _field),
    Place("in a long text", _text),
    Place("in a refresh without an answer", _refresh, "/silent"),
    Place("in an archive without an answer", _archive, "/archived"),
    Place("while a body is decoded", _decoding, "/large"),
    Place("while a command has a post", _command),
    Place("while a browser is open", _browser),
    Place("while stopped", _suspended),
)
DEAF: Final = Place("while the terminal takes nothing", _deaf)
OUTLIVES: Final = "while a browser is open"
"""Where a program stays that a person opened: a browser's window is not the reader's to close."""
