"""One refresh of everything that is followed, without a screen: the program's own service.

    HOME=… python -m tests.benchmarks.refreshing       prints its figures as JSON

Timed is what the program's refresh thread does, the first import of the network included; the
interpreter's start and the opening of the store are not.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass

from nordic_tui import wiring
from nordic_tui.clock import system_clock
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.decode import PARSER_VERSION
from nordic_tui.decode.worker import DecodeWorker
from nordic_tui.model import Feed
from nordic_tui.service.decide import due
from nordic_tui.service.ports import Decoder
from nordic_tui.service.refresh import Failed, Refresher


@dataclass(slots=True)
class Refreshed:
    """What a refresh took. `decode_s` adds up over the bodies, the worker's start included."""

    seconds: float = 0.0
    decoded: int = 0
    decode_s: float = 0.0
    new: int = 0
    failed: int = 0


class TimedDecoder(DecodeWorker):
    """The program's decoder, with a watch beside it."""

    def __init__(self, figures: Refreshed) -> None:
        super().__init__(processes=wiring.DECODERS)
        self._figures = figures

    async def decode(self, body: bytes, *, media_type: str = "", url: str = "") -> Feed:
        with self._timed():
            return await super().decode(body, media_type=media_type, url=url)

    async def parts(
        self, body: bytes, *, media_type: str = "", url: str = ""
    ) -> AsyncGenerator[Feed, None]:
        with self._timed():
            async with aclosing(super().parts(body, media_type=media_type, url=url)) as parts:
                async for part in parts:
                    yield part

    @contextmanager
    def _timed(self) -> Iterator[None]:
        self._figures.decoded += 1
        started_at = time.perf_counter()
        try:
            yield
        finally:
            self._figures.decode_s += time.perf_counter() - started_at


def refresh() -> Refreshed:
    """Ask every source of the home that the environment names."""
    figures = Refreshed()

    @asynccontextmanager
    async def open_decoder() -> AsyncIterator[Decoder]:
        decoder = TimedDecoder(figures)
        try:
            yield decoder
        finally:
            await decoder.close()

    def note(event: object) -> None:
        if isinstance(event, Failed):
            sys.stderr.write(f"{event.title} {event.reason}\n")

    paths = find_paths()
    settings = load(paths.settings_file)
    with wiring.open_parts(settings, paths) as parts:
        refresher = Refresher(
            wiring.open_fetcher,
            open_decoder,
            parts.store,
            system_clock,
            interval_s=3600.0,
            parser=PARSER_VERSION,
        )
        asked = due(parts.store.states(), system_clock(), asked_for=True)
        started_at = time.perf_counter()
        finished = asyncio.run(refresher.run(asked, note))
        figures.seconds = time.perf_counter() - started_at
    figures.new, figures.failed = finished.new, finished.failed
    return figures


if __name__ == "__main__":
    json.dump(asdict(refresh()), sys.stdout)
