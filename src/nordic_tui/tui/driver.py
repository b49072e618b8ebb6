"""Textual's terminal driver, sending only what changed (see `cells`)."""

import os
import selectors
import signal
import termios
import threading
import time
import tty
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol, TextIO, cast

from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key
from textual.message import Message

from nordic_tui.tui.cells import Abilities, FrameEncoder
from nordic_tui.tui.keyboard import Keyboard
from nordic_tui.tui.pace import PATIENCE_S, QUESTION, Pace
from nordic_tui.tui.services import Services

_SYNC_START, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
_READ_BYTES = 4_096
_QUIET_S = 0.1
"""For so long a terminal has sent nothing: what came is whole."""
_STILL = 3
"""After so many times of that the terminal is not looked at before it sends something: each look
costs the processor some of its sleep."""
_TRIES = 10
"""How often it is tried to give back a terminal that takes nothing."""
_GOING_S = 1.0
"""So long an end waits for an answer that is on its way, which would else come to the shell."""
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


def abilities(term: str) -> Abilities:
    """What terminfo says of this terminal; of one that it does not know, nothing."""
    import curses

    try:
        curses.setupterm(term or "dumb", fd=1)
        return Abilities(
            erases=bool(curses.tigetstr("el") and curses.tigetstr("ech")),
            erases_in_colour=curses.tigetflag("bce") == 1,
            repeats=curses.tigetstr("rep") == _REPEAT,
            scrolls=all(curses.tigetstr(name) == how for name, how in _SCROLL.items()),
        )
    except curses.error:
        return Abilities()


_REPEAT = b"%p1%c\x1b[%p2%{1}%-%db"
_SCROLL = {
    "csr": b"\x1b[%i%p1%d;%p2%dr",
    "indn": b"\x1b[%p1%dS",
    "rin": b"\x1b[%p1%dT",
}
"""How terminfo writes what the encoder sends: a terminal that does it otherwise is not asked to."""


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
        self._given = self._written = self._taken = 0
        self.on_taken: Callable[[], object] = lambda: None
        """Called on the writing thread once all that was given has gone out."""

    def give(self, text: str) -> None:
        """So much is given to the writing thread."""
        self._given += len(text)

    @property
    def is_behind(self) -> bool:
        """Whether the terminal has not yet taken what it was given: then nothing more is drawn."""
        return self._taken < self._given

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._file.write(text)
        self._written += len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()
        self._taken = self._written
        self.on_taken()

    def fileno(self) -> int:
        return self._file.fileno()


class _Exit(threading.Event):
    """Set when the keyboard is to be read no more; who waits for a key is woken."""

    def __init__(self) -> None:
        super().__init__()
        self.reading, self._writing = os.pipe()

    def set(self) -> None:
        super().set()
        os.write(self._writing, b".")

    def clear(self) -> None:
        if self.is_set():
            os.read(self.reading, _READ_BYTES)
        super().clear()


class FrugalDriver(LinuxDriver):
    """Sends cells instead of regions, and lets go of a terminal that is gone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._served = cast("_Served", self._app)
        self._courtesy = self._served.services.courtesy
        self._output = _Output(self._file)
        self._output.on_taken = self._taken
        self._file: Any = self._output
        self.exit_event = self._exit = _Exit()
        self._lean = self._served.services.preferences.profile.lean
        self._pace = Pace()
        self._answered = threading.Event()
        self._owes_frame = False
        """Whether a frame was not drawn, because the terminal is behind."""
        self._titles = self._served.services.titles
        self._encoder = FrameEncoder(
            abilities(os.environ.get("TERM", "")), colours=not self._app.no_color, lean=self._lean
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
            if self._owes_frame or not self._has_room():
                # What is on the screen by then is drawn once there is room, and not what was.
                self._owes_frame = True
                return
            # All of the window, also what is drawn outside of the screen: clearing clears it all.
            self._encoder.resize(*self._app.console.size)
            small = self._encoder.encode(data)
            # Over a slow line what has arrived is better seen than the whole awaited.
            if self._synchronised and len(small) >= SYNC_FROM and not self._lean:
                small = f"{_SYNC_START}{small}{_SYNC_END}"
            if small:
                self._send(small)
                if self._lean and self._pace.send(len(small), time.monotonic()):
                    self._answered.clear()
                    self._send(QUESTION)
        else:
            # A mode, a question, another screen: what is drawn next starts from nothing.
            if data.startswith(("\x1b[?1049", "\x1b[2J")):
                self._send(self._encoder.forget())
            elif data:
                self._encoder.lose_cursor()
            self._send(data)

    def _send(self, text: str) -> None:
        self._output.give(text)
        super().write(text)

    # ── a terminal that is behind ───────────────────────────────────────────────────────────

    def _has_room(self) -> bool:
        if self._output.is_behind:
            return False
        if self._pace.has_room(time.monotonic()):
            return True
        self._loop.call_later(PATIENCE_S, self._draw_owed)
        return False

    def _taken(self) -> None:
        """Called on the writing thread: the terminal has taken all."""
        if self._owes_frame:
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._draw_owed)

    def _hear_answer(self) -> None:
        """Called on the thread that reads the keyboard."""
        self._answered.set()
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._take_answer)

    def _take_answer(self) -> None:
        self._pace.answer(time.monotonic())
        self._draw_owed()

    def _draw_owed(self) -> None:
        """Draw what is to be seen now, if something is and there is room for it; of the whole
        screen only what changed is sent."""
        if self._owes_frame and self._has_room() and not self._served.ends:
            self._owes_frame = False
            self._app.screen.refresh()

    def disable_input(self) -> None:
        if self._pace.waits and not self.exit_event.is_set():
            self._answered.wait(_GOING_S)
        self._pace.lose()
        super().disable_input()

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual gives it no types
        self._encoder.feeds = self._feed_straight()
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

    def _enable_mouse_support(self) -> None:
        if not self._lean:
            super()._enable_mouse_support()
        elif self._mouse:
            # Clicks and the wheel, and not each cell that the mouse passes.
            self.write("\x1b[?1000h\x1b[?1006h")

    def _feed_straight(self) -> bool:
        """Let a line feed go down and not back; says whether it does. `stop_application_mode` puts
        back what was."""
        try:
            if os.ttyname(self.fileno) != os.ttyname(self._file.fileno()):
                return False  # what is drawn goes elsewhere
            attributes = termios.tcgetattr(self.fileno)
            attributes[tty.OFLAG] &= ~termios.OPOST
            termios.tcsetattr(self.fileno, termios.TCSANOW, attributes)
        except (OSError, termios.error):
            return False
        return not termios.tcgetattr(self.fileno)[tty.OFLAG] & termios.OPOST

    def stop_application_mode(self) -> None:
        super().write(self._titles.leave())
        super().stop_application_mode()

    def name_window(self, place: str) -> None:
        """Say in the title of the window which place is shown."""
        if title := self._titles.show(place):
            super().write(title)

    # ── the keyboard ────────────────────────────────────────────────────────────────────────

    def _request_terminal_sync_mode_support(self) -> None:
        """Asked only where frames are sent as one: over a slow line the answer may come when the
        program has ended, and be typed into the shell."""
        if not self._lean:
            super()._request_terminal_sync_mode_support()

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
        keyboard = Keyboard(self._hear_answer)
        quiet = 0
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._exit.reading, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                found = selector.select(_QUIET_S if quiet < _STILL else None)
                quiet = 0 if found else quiet + 1
                if self.exit_event.is_set():
                    return
                if not found:
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
            for _ in range(_TRIES):
                # While the writing thread is in the middle of a text, nobody else may write.
                with suppress(BlockingIOError):
                    os.write(terminal, (_GIVE_BACK + self._titles.give_back()).encode())
                    break
                time.sleep(_QUIET_S / 10)
                termios.tcflush(terminal, termios.TCOFLUSH)
        os.close(terminal)

    def forget(self) -> None:
        """The window changed its size or was disturbed: draw every cell again."""
        self._send(self._encoder.forget())
