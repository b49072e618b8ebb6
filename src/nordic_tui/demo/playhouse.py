"""The reader with a tour in it: it leaves the last lines of the window to the tour's captions, and
asks the tour about every key.

    ━━━━━━━━━━━━━━━━━━━━━━━━━━─────────────────────────   how far it is; what the keys do
      / searches all posts while you type. Letters with
      dots and rings are found without them as well.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.control import Control
from textual.events import Event, Key, MouseDown, MouseScrollDown, MouseScrollUp, Paste, Resize
from textual.geometry import Size
from textual.strip import Strip

from nordic_tui.demo.key_names import Press
from nordic_tui.demo.player import NotSeen, Player
from nordic_tui.demo.script import CAPTION_LINES, CAPTION_MARGIN, Tour, caption_lines
from nordic_tui.text.wrapping import cut
from nordic_tui.tui import app, present
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.driver import FrugalDriver
from nordic_tui.tui.picture import window
from nordic_tui.tui.services import Services
from nordic_tui.tui.theme import Palette

BAND_ROWS = 1 + CAPTION_LINES
SMALL_ROWS = 20
"""In a window of fewer rows the band has one: the caption, cut."""
DONE, AHEAD = "━", "─"
TIGHT_ROWS = 8
"""In one of fewer there is no band at all."""


def band_rows(rows: int) -> int:
    """How many rows of a window belong to the tour."""
    return 0 if rows < TIGHT_ROWS else 1 if rows < SMALL_ROWS else BAND_ROWS


class _Driver(FrugalDriver):
    """Tells the app of the window without the band."""

    def _get_terminal_size(self) -> tuple[int, int]:
        columns, rows = super()._get_terminal_size()
        app = self._app
        return columns, rows - (app.taken_rows(rows) if isinstance(app, Playhouse) else 0)

    def _draw_owed(self) -> None:
        owed, app = self._owes_frame, self._app
        super()._draw_owed()
        if owed and not self._owes_frame and isinstance(app, Playhouse):
            app.draw_band()


class Playhouse(NordicApp):
    """is_alone: nobody sits before it: a recording."""

    CSS_PATH = str(Path(app.__file__).with_name("nordic.tcss"))

    def __init__(
        self, services: Services, tour: Tour, speed: float = 1.0, *, is_alone: bool = False
    ) -> None:
        super().__init__(services)
        self.driver_class = _Driver
        self.tour = tour
        self.player = Player(tour, self, speed, is_alone=is_alone)
        self._caption, self._note, self._part_done = "", "", 0.0
        self._has_band = True
        self.problem: NotSeen | None = None
        """Why a recording broke off."""
        self._fed: list[Key] = []
        """Keys of the tour that are on their way to the screen."""

    # ── how it begins and ends ──────────────────────────────────────────────────────────────

    def run(self, **options: Any) -> int | None:
        # Before the first Resize the app goes by what it is told here.
        return super().run(**{"size": self.room(), **options})

    def room(self) -> tuple[int, int]:
        """The window without the band."""
        columns, rows = self.console.size
        return columns, rows - self.taken_rows(rows)

    def taken_rows(self, rows: int) -> int:
        return band_rows(rows) if self._has_band else 0

    def on_ready(self) -> None:
        self.run_worker(self._play(), group="tour", exit_on_error=True)

    async def _play(self) -> None:
        while not self.typed.is_ready:  # noqa: ASYNC110  nothing tells when the first screen is there
            await asyncio.sleep(0.01)
        try:
            await self.player.play()
        except NotSeen as error:
            self.problem = error
            self.exit(1)

    def leave(self, words: str) -> None:
        if self.is_headless:
            self.exit(0)
            return
        self.say(words)
        self._has_band = False
        size = Size(*self.room())
        self.post_message(Resize(size, size))

    # ── keys ────────────────────────────────────────────────────────────────────────────────

    def press(self, press: Press) -> None:
        assert self._driver is not None
        key = Key(press.key, press.character)
        self._fed.append(key)
        self._driver.process_message(key)

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key) and not event.is_forwarded:
            if any(event is fed for fed in self._fed):
                self._fed = [fed for fed in self._fed if fed is not event]
            elif self.player.takes(event.key):
                return
        elif isinstance(event, MouseDown | MouseScrollDown | MouseScrollUp | Paste):
            self.player.take_over()
        await super().on_event(event)
        if isinstance(event, Resize):
            self.draw_band()

    # ── the screen ──────────────────────────────────────────────────────────────────────────

    def rows(self) -> list[Strip]:
        """The window as it is, with the band."""
        return [*window(self), *self.band(self.size.width)]

    def sees(self, words: str) -> bool:
        # Not the band: what the caption says is not what the program shows.
        lines = ["".join(segment.text for segment in strip) for strip in window(self)]
        return any(words in line for line in lines) or words in " ".join(" ".join(lines).split())

    def show(self, caption: str, note: str, done: float) -> None:
        self._caption, self._note, self._part_done = caption, note, done
        self.draw_band()

    def band(self, columns: int) -> list[Strip]:
        """The lines below the screen: how far the tour is, and its caption."""
        rows = self.taken_rows(self._window_rows())
        palette = self.palette
        page, ink = palette.style(), palette.style(attribute="bold")
        margin = " " * CAPTION_MARGIN
        lines: Sequence[str] = caption_lines(self._caption, columns)
        if rows == 1:
            text = self._note or cut(self._caption, max(columns - 2 * CAPTION_MARGIN, 1))
            return [present.strip(columns, page, (margin, page), (text, ink))]
        if not rows:
            return []
        lines = [*lines[:CAPTION_LINES], *[""] * (CAPTION_LINES - len(lines))]
        strips = [present.strip(columns, page, (margin, page), (line, ink)) for line in lines]
        return [self._progress(columns, palette), *strips]

    def _progress(self, columns: int, palette: Palette) -> Strip:
        note = f" {self._note} " if self._note else ""
        if cell_len(note) > columns:
            note = cut(note, columns)
        room = columns - cell_len(note)
        done = min(round(columns * self._part_done), room)
        return present.strip(
            columns,
            palette.style(),
            (DONE * done, palette.style("mark")),
            (AHEAD * (room - done), palette.style("rule")),
            (note, palette.style("mark", attribute="bold")),
        )

    def _window_rows(self) -> int:
        if not self.is_headless:
            return self.console.size.height
        # The room is what a recording was given: with the band it is the tour's own size.
        return self.size.height + band_rows(self.tour.rows)

    def draw_band(self) -> None:
        if self._driver is None or self.is_headless or not self._has_band:
            return
        top = self.size.height
        frame = "".join(
            Control.move_to(0, top + y).segment.text + strip.render(self.console)
            for y, strip in enumerate(self.band(self.size.width))
        )
        if frame:
            self._driver.write(frame)
            self._driver.flush()

    def action_redraw(self) -> None:
        super().action_redraw()
        self.draw_band()

    def watch_theme(self) -> None:
        super().watch_theme()
        self.draw_band()
