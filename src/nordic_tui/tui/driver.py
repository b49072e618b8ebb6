"""Textual's terminal driver, sending only what changed (see `cells`)."""

import os
import selectors
import signal
import termios
from contextlib import suppress
from typing import Any, Protocol, TextIO, cast

from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key
from textual.message import Message

from nordic_tui.tui.cells import FrameEncoder
from nordic_tui.tui.keyboard import Keyboard
from nordic_tui.tui.services import Services

_SYNC_START, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
_READ_BYTES = 4_096
_QUIET_S = 0.1
"""For so long a terminal has sent nothing: what came is whole."""
_MANY = 200
"""Keys that wait for the screen; before more are read, some of them are answered."""
_CANCEL = "\x18"
"""Ends a sequence that the terminal has only half of (ECMA-48, 8.3.6)."""
_GIVE_BACK = (
    _CANCEL
    + "\x1b[?2026l\x1b[0m\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2004l\x1b[?7h"
    + "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
"""All modes that are switched on, switched off: in the order of `stop_application_mode`."""
SYNC_FROM = 2_000
"""Bytes from which on a frame is sent as one (mode 2026): smaller ones arrive in one packet."""


def erases_in_colour(term: str) -> bool:
    """Whether terminfo says that this terminal fills what it erases with the background."""
    import curses

    try:
        curses.setupterm(term or "dumb", fd=1)
        return curses.tigetflag("bce") == 1 and bool(curses.tigetstr("ech"))
    except curses.error:
        return False


class _Served(Protocol):
    """The app, as far as the driver knows it."""

    services: Services

    @property
    def ends(self) -> bool: ...
    def end(self, status: int) -> None: ...


class _Output:
    """A terminal's file. What cannot be written, because the window was closed or the link has
    dropped, is lost; Textual's writing thread would die of it, and who draws wait for that thread
    for ever."""

    def __init__(self, file: TextIO | None) -> None:
        assert file is not None, "where there is no stderr the reader is not started"
        self._file = file

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        return self._file.fileno()


class FrugalDriver(LinuxDriver):
    """Sends cells instead of regions, and lets go of a terminal that is gone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._served = cast("_Served", self._app)
        self._courtesy = self._served.services.courtesy
        self._titles = self._served.services.titles
        self._file: Any = _Output(self._file)
        self._encoder = FrameEncoder(
            erases_in_colour=erases_in_colour(os.environ.get("TERM", "")),
            colours=not self._app.no_color,
        )
        self._synchronised = False

    def _get_terminal_size(self) -> tuple[int, int]:
        # What the app goes by. Where the terminal has no size (0 x 0, as of some that programs
        # open), Textual guesses 24 lines here and 25 there, and would draw both for ever.
        width, height = self._app.console.size
        return width, height

    def process_message(self, message: Message) -> None:
        if isinstance(message, Key):
            # Here, on the thread that reads the keyboard, and not where keys arrive: the way
            # there is part of what a key must not wait for.
            self._courtesy.begin()
        super().process_message(message)

    def write(self, data: str) -> None:
        if data == _SYNC_START:
            self._synchronised = True
        elif data == _SYNC_END:
            self._synchronised = False
        elif self._encoder.is_frame(data):
            small = self._encoder.encode(data)
            if self._synchronised and len(small) >= SYNC_FROM:
                small = f"{_SYNC_START}{small}{_SYNC_END}"
            if small:
                super().write(small)
        else:
            # A mode, a question, another screen: what is drawn next starts from nothing.
            if data.startswith(("\x1b[?1049", "\x1b[2J")):
                super().write(self._encoder.forget())
            super().write(data)

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual gives it no types
        super().write(self._titles.enter())
        tell = signal.getsignal(signal.SIGWINCH)
        is_asked = False

        def tell_now() -> None:
            nonlocal is_asked
            is_asked = False
            if callable(tell):
                tell(signal.SIGWINCH, None)

        def resized(*_: object) -> None:
            # In a storm a signal comes while the one before is still answered, and so on, until
            # the stack is full: the event loop answers once, for all that came.
            nonlocal is_asked
            if not is_asked:
                is_asked = True
                self._loop.call_soon_threadsafe(tell_now)

        signal.signal(signal.SIGWINCH, resized)

    def stop_application_mode(self) -> None:
        super().write(self._titles.leave())
        super().stop_application_mode()

    def name_window(self, place: str) -> None:
        """Say in the title of the window which place is shown."""
        if title := self._titles.show(place):
            super().write(title)

    # ── the keyboard ────────────────────────────────────────────────────────────────────────

    def _query_in_band_window_resize(self) -> None:
        """Not asked: the system tells the size. Where a terminal says it as well, the mouse is
        told in pixels, and Textual does not take that back."""

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except OSError:
            self._hung_up()

    def run_input_thread(self) -> None:
        """Hand on what the terminal sends, until `exit_event` is set."""
        keyboard = Keyboard()
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if not selector.select(_QUIET_S):
                    messages = keyboard.tick()
                elif data := os.read(self.fileno, _READ_BYTES):
                    messages = keyboard.feed(data)
                else:
                    self._hung_up()
                    return
                for message in messages:
                    self.process_message(message)
                # A pasted book in a terminal that does not say that it is pasted.
                while self._waiting() > _MANY and not self.exit_event.wait(_QUIET_S / 10):
                    pass

    def _waiting(self) -> int:
        """How many keys and other events the screen has still to answer."""
        return self._app._message_queue.qsize()

    def _hung_up(self) -> None:
        """The terminal is gone. Not everybody is told by a signal: who is not of its session."""
        self._served.end(128 + signal.SIGHUP)

    # ── stops and ends ──────────────────────────────────────────────────────────────────────

    def _sigtstp_application(self, *_: object) -> None:
        """Stop, because of Ctrl+Z or somebody outside.

        A signal comes between any two steps, also between those of an end or of another stop: so
        the event loop does it, one after the other.
        """
        if self._auto_restart:
            self._loop.call_soon_threadsafe(self._stop)
        else:
            os.kill(os.getpid(), signal.SIGSTOP)  # the terminal is somebody else's just now

    def _stop(self) -> None:
        if self._served.ends:
            return
        self.suspend_application_mode()
        self._must_signal_resume = True
        os.kill(os.getpid(), signal.SIGSTOP)

    def _sigcont_application(self, *_: object) -> None:
        if self._auto_restart:
            self._loop.call_soon_threadsafe(self._go_on)

    def _go_on(self) -> None:
        """Go on after a stop, of Ctrl+Z or from outside.

        Linux sends the signal also where the terminal goes away, after SIGHUP: then there is
        nothing to go on with. The same if the end was asked for meanwhile.
        """
        if self._served.ends:
            return
        try:
            termios.tcgetattr(self.fileno)
        except termios.error:
            return
        if not self._must_signal_resume:
            # Stopped from outside: Textual's threads still run, and must not run twice.
            self.suspend_application_mode()
            self._must_signal_resume = True
        self.resume_application_mode()

    def abandon(self) -> None:
        """Give the terminal back without waiting for it; from another thread, as the last thing
        that the program does. What it has not taken yet is lost."""
        try:
            # A descriptor of its own: whether it waits is a matter of all who share one.
            terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:
            return
        with suppress(OSError, termios.error):
            termios.tcflush(terminal, termios.TCOFLUSH)
            if self.attrs_before is not None:
                termios.tcsetattr(terminal, termios.TCSANOW, self.attrs_before)
            os.write(terminal, (_GIVE_BACK + self._titles.give_back()).encode())
        os.close(terminal)

    def forget(self) -> None:
        """The window changed its size or was disturbed: draw every cell again."""
        super().write(self._encoder.forget())
