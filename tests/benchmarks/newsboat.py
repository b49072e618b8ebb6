"""What is done with newsboat, the peer, in one round: the same as with our program."""

import shutil
import time
from functools import partial
from statistics import median

from tests.benchmarks import material, stores
from tests.benchmarks.probe import Terminal
from tests.benchmarks.server import Control
from tests.benchmarks.sessions import (
    DOWN,
    ENTER,
    FEED,
    UP,
    Figures,
    Homes,
    held,
    moves,
    open_posts,
)


def path() -> str | None:
    return shutil.which("newsboat")


def keys(homes: Homes, command: str) -> Figures:
    """Start to its list of feeds, then keys in the list of one feed's 100 posts."""
    with Terminal([command], homes.newsboat()) as terminal:
        at = terminal.wait(lambda: terminal.shows("Nordisk blogg"), "newsboat's feeds")
        figures = {"newsboat.start_s": at - terminal.started_at}
        terminal.read_until_quiet(gap_s=0.5)
        figures["newsboat.memory_mb"] = terminal.peak_memory_mb()
        terminal.press_until(ENTER, lambda: len(terminal.serials()) == 5, "newsboat's posts")
        figures |= held("newsboat", terminal, DOWN)
        figures |= moves("newsboat", [terminal.press(UP) for _ in range(20)])
        figures["newsboat.text_s"] = median(open_posts(terminal, 6, back=b"q", down=DOWN))
    return figures


def search(homes: Homes, command: str) -> Figures:
    """newsboat searches the same 100,000 posts: from Enter to the first of its results."""
    with Terminal([command], homes.newsboat_filled()) as terminal:
        terminal.wait(lambda: terminal.shows("Nordisk blogg"), "newsboat's feeds")
        terminal.read_until_quiet(gap_s=0.5)
        taken = []
        for word in material.SOUGHT:
            terminal.press(b"/")
            terminal.type(word.encode())
            terminal.read_until_quiet(gap_s=0.2)
            results = partial(terminal.shows, "Search results")
            taken.append(terminal.press_until(ENTER, results, "newsboat's results"))
            terminal.press_until(b"q", lambda: not terminal.serials(), "newsboat's feeds")
    return {"newsboat.search_s": median(taken)}


def unchanged(homes: Homes, server: Control) -> Figures:
    """newsboat asks the same 100 sources; wall time of the whole program."""
    home = homes.newsboat_unchanged()
    for _ in range(2):  # it keeps the validators of what changed only the second time
        stores.reload_newsboat(home)
    server.counters()
    started_at = time.perf_counter()
    stores.reload_newsboat(home)
    taken_s = time.perf_counter() - started_at
    counted = server.counters()
    return {
        "newsboat.unchanged_s": taken_s,
        "newsboat.wire_bytes": counted.bytes_in + counted.bytes_out,
    }


def first(homes: Homes, server: Control) -> Figures:
    """newsboat's first reload of the same sources, with 100 threads."""
    server.prepare(FEED)
    home = homes.fresh("newsboat-first")
    started_at = time.perf_counter()
    stores.make_newsboat_home(home, lambda source: server.address(FEED, source))
    return {"newsboat.first_s": time.perf_counter() - started_at}
