"""The real program over real files, with a person in it."""

import gc
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from nordic_tui import wiring
from nordic_tui.cli import console, main
from nordic_tui.config.paths import Paths, find_paths
from nordic_tui.config.settings import load
from nordic_tui.model import Article, Entry, Feed, Response, View
from nordic_tui.service.fulltext import FullTexts
from nordic_tui.tui.app import NordicApp
from tests.cli.helpers import feed, post, settings
from tests.fakes import FakeDecoder, FakeFetcher, FixedClock
from tests.privacy.traces import Needles, needles_of
from tests.terminal import WAIT_S

TITLE, OTHER = "Quokka Vigilance", "Something else"
LINK = "https://news.example/quokka-vigilance/"
ON_THE_PAGE = "xylographically"
TYPED = "vigilan"

Story = Callable[[Pilot[int]], Awaitable[None]]


@dataclass
class Home:
    """A home with two posts in the cache that nobody has read. What is temporary and what is worked
    on is in it too; the feed is not, as it has the posts."""

    path: Path
    clock: FixedClock
    patch: pytest.MonkeyPatch
    post_id: int = 0

    def enter(self) -> None:
        for name in ("CONFIG", "CACHE", "DATA", "STATE", "RUNTIME"):
            self.patch.delenv(f"XDG_{name}_HOME", raising=False)
        self.patch.delenv("XDG_RUNTIME_DIR", raising=False)
        for name in ("tmp", "work"):
            (self.path / name).mkdir(parents=True)
        self.patch.setenv("HOME", str(self.path))
        self.patch.setenv("TMPDIR", str(self.path / "tmp"))
        self.patch.setattr("tempfile.tempdir", None)
        self.patch.setenv("BROWSER", "true")
        self.patch.setenv("TZ", "UTC")
        self.patch.chdir(self.path / "work")
        file = self.path.parent / "news.json"
        feed(file, "News", _post(TITLE, LINK, 2), _post(OTHER, "https://news.example/else/", 1))
        self.settings()
        with self.parts() as parts:
            from nordic_tui.decode.detect import decode

            (state,) = parts.store.states()
            parts.store.save_feed(state.address, decode(file.read_bytes()), state).result(WAIT_S)
            parts.store.index_all().result(WAIT_S)
            rows = parts.store.rows(View(), parts.store.snapshot(), 0, 2)
            self.post_id = next(row.id for row in rows if row.title == TITLE)

    def settings(self, *more: str) -> None:
        settings(
            "refresh_on_start = false",
            "mark_read_after_seconds = 0",
            *more,
            f'[[sources]]\naddress = "{self.path.parent / "news.json"}"',
        )

    @property
    def paths(self) -> Paths:
        return find_paths()

    @property
    def needles(self) -> Needles:
        texts = {"title": TITLE, "link": LINK, "search": TYPED, "page": ON_THE_PAGE}
        return needles_of(self.post_id, **texts)

    def parts(self) -> Any:
        return wiring.open_parts(load(self.paths.settings_file), self.paths, clock=self.clock)

    def hear(self) -> None:
        """A post of today comes in: it agrees with the clock, which nothing is forgotten by that
        may be wrong (store/plausible.py)."""
        with self.parts() as parts:
            (state,) = parts.store.states()
            new = Entry(guid="today", title="Of today", published=self.clock())
            parts.store.save_feed(state.address, Feed(entries=(new,)), state).result(WAIT_S)

    def command(self, *words: str) -> int:
        return main(list(words))

    def read(self, story: Story) -> int:
        """Start the reader, let a person do something in it, and quit."""
        decoder = FakeDecoder()
        page = f"<p>{ON_THE_PAGE} {'word ' * 2_000}</p>"
        decoder.articles[b"page"] = Article(page)
        fetcher = FakeFetcher({LINK: Response(url=LINK, body=b"page", media_type="text/html")})

        def texts(parts: wiring.Parts) -> FullTexts:
            return FullTexts(
                fetcher.open, decoder.open, parts.store, self.clock, lambda: True, pause_s=0
            )

        failed: list[BaseException] = []

        async def told(pilot: Pilot[Any]) -> None:
            for _ in range(3):
                await pilot.pause(0)
            try:
                await story(pilot)
            except BaseException as error:  # noqa: BLE001  the program would only report it
                failed.append(error)
            pilot.app.exit(0)

        def run(app: NordicApp) -> int | None:
            return App.run(app, headless=True, size=(120, 36), auto_pilot=told)

        interval_s = sys.getswitchinterval()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(wiring, "open_parts", partial(wiring.open_parts, clock=self.clock))
            patch.setattr(wiring, "open_full_texts", texts)
            patch.setattr(console, "can_draw", lambda: True)
            patch.setattr(NordicApp, "run", run)
            try:
                status = main([])
            finally:
                sys.setswitchinterval(interval_s)
                gc.enable()
        if failed:
            raise failed[0]
        return status


def _post(title: str, url: str, day: int) -> dict[str, object]:
    about = {"content_text": f"About {title}. " + "Line by line. " * 100}
    return {**post(title, day=day), "id": url, "url": url, **about}


def letters(word: str) -> Sequence[str]:
    return [*word]
