"""What `nordic-tui refresh` does for sources that want the full text of their posts."""

import sys
from typing import TYPE_CHECKING

from nordic_tui.cli.console import say

if TYPE_CHECKING:
    from nordic_tui.service.fulltext import Ended, Page
    from nordic_tui.wiring import Parts


def go_on_with_full_texts(parts: "Parts") -> None:
    """Fetch the pages of new posts, of sources that want it and that answer; says what came of
    it, if anything did."""
    import asyncio

    from nordic_tui import wiring
    from nordic_tui.cli.progress import cancelled_by_signals
    from nordic_tui.service.fulltext import wants_all
    from nordic_tui.service.words import count

    if not wants_all(parts.sources):
        return
    texts = wiring.open_full_texts(parts)
    ended_by: list[int] = []

    async def fetch() -> "Ended | None":
        try:
            return await texts.new(parts.sources, parts.store.states(), _nobody_looks)
        except asyncio.CancelledError:
            if ended_by:
                return None
            raise  # Ctrl+C: asyncio makes it a KeyboardInterrupt

    ended = asyncio.run(cancelled_by_signals(fetch(), ended_by))
    if ended is None:
        sys.exit(128 + ended_by[0])
    if ended.is_missing:
        say("Full texts need a library that is not installed: pip install 'nordic-tui[fulltext]'.")
    elif ended.fetched or ended.failed:
        failed = f", {ended.failed:,} failed" if ended.failed else ""
        say(f"{count(ended.fetched, 'full text', 'full texts')} fetched{failed}.")


def _nobody_looks(_: "Page | Ended") -> None:
    """Only the end is told."""
