"""Doubles of what posts are handed on to: the browser, the clipboard, programs, the terminal."""

import threading
from collections.abc import Callable
from functools import partial

from nordic_tui.courtesy import Courtesy
from nordic_tui.encode.brief import encode_post, markdown_link
from nordic_tui.errors import HandoffError, NoBrowser
from nordic_tui.handoff.programs import program_for
from nordic_tui.handoff.qr import qr_rows
from nordic_tui.model import Copied, Manner
from nordic_tui.service.background import BackgroundPicture
from nordic_tui.service.pictures import Pictures
from nordic_tui.service.ports import OpenFetcher
from nordic_tui.service.words import date
from nordic_tui.staging.handing_on import brief
from nordic_tui.tui.services import HandOff


class FakeTerminal:
    """Shows pictures, or says why not."""

    def __init__(self) -> None:
        self.problem = ""
        """What `why_not` says."""
        self.must_ask = False
        self.answers = ""
        """What `why_not` says once it was asked."""
        self.drawn: list[tuple[bytes, str]] = []

    def why_not(self) -> str:
        return self.problem

    def ask(self) -> None:
        self.must_ask = False
        self.problem = self.answers

    def draw(self, prepared: bytes, words: str) -> None:
        self.drawn.append((prepared, words))


class FakeHands:
    """Takes what is handed on, and remembers it; codes and briefs are the real ones.

    error: what the browser, the clipboard and programs meet, if it is set.
    """

    def __init__(self) -> None:
        self.error: HandoffError | None = None
        self.no_browser = False
        self.fails_later = ""
        """What a browser that was started tells of its end."""
        self.opened: list[str] = []
        self.copied: list[str] = []
        self.sequence = ""
        """What the terminal is to be sent for a copy."""
        self.piped: list[tuple[str, str]] = []
        self.files: list[tuple[str, str]] = []
        """Commands, each with the address of a file."""
        self.programs: dict[str, str] = {}
        self.saved: list[tuple[str, str]] = []
        self.terminal = FakeTerminal()

    def edges(self, open_fetcher: OpenFetcher) -> HandOff:
        async def prepare(body: bytes) -> bytes:
            return b"drawn " + body

        pictures = Pictures(open_fetcher, prepare, lambda _: Manner())
        return HandOff(
            open_in_browser=self._open,
            copy=self._copy,
            qr_rows=qr_rows,
            program_for=lambda kind, address: program_for(self.programs, kind, address),
            open_with=self._open_with,
            pipe=self._pipe,
            end_piped=self.piped.clear,
            pipe_deadline_s=30.0,
            shell_reads=False,
            encode_brief=brief,
            encode_post=partial(encode_post, date=date),
            markdown_link=markdown_link,
            brief_file=lambda form: f"/data/brief.{form}",
            save_brief=self._save,
            pictures=self.terminal,
            open_pictures=lambda: BackgroundPicture(pictures, Courtesy()),
            settings_file="/config/settings.toml",
        )

    def _open(self, address: str, tell_later: Callable[[str], None]) -> None:
        if self.no_browser:
            raise NoBrowser("There is no browser that you could see from here.")
        self._fail()
        self.opened.append(address)
        if self.fails_later:
            threading.Thread(target=tell_later, args=(self.fails_later,)).start()

    def _copy(self, text: str) -> Copied:
        self._fail()
        self.copied.append(text)
        return Copied("Copied", self.sequence)

    def _open_with(self, command: str, address: str, later: Callable[[str], None]) -> str:
        self._fail()
        self.files.append((command, address))
        return f"{command.split()[0]} has it now."

    def _pipe(self, command: str, text: str) -> str:
        self._fail()
        self.piped.append((command, text))
        return f"Piped into {command.split()[0]}."

    def _save(self, form: str, text: str) -> str:
        self.saved.append((form, text))
        return f"/data/brief.{form}"

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error
