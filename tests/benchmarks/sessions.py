"""What is done with each program in one round, and what is noted of it.

A session is a function that gives figures by name: seconds end in `_s`, bytes in `_bytes`.
"""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from statistics import median
from typing import Final

from nordic_tui.model import Manner, Source
from tests.benchmarks import empty_app, material, stores
from tests.benchmarks.probe import Answer, NotSeenError, Terminal, environment
from tests.benchmarks.server import LATENCY_S, Control
from tests.wordpress import WordPress

Figures = dict[str, float]

NORDIC: Final = [str(Path(sys.executable).with_name("nordic-tui"))]
"""As people start it; `python -m nordic_tui` takes some 15 ms more."""
EMPTY: Final = [sys.executable, empty_app.__file__]
SIZES: Final = (100, 10_000, 100_000)
LARGE: Final = 1_000
HUGE: Final = 10_000
ARCHIVED: Final = 5_000
OUTLINES: Final = 10_000
MANY: Final = 1_000
FEW: Final = 5
"""Posts of each of many sources."""
FEED: Final = 20
LONG_BYTES: Final = 1_000_000
LONG_TITLE: Final = "A post of one megabyte"
KEYS_A_SECOND: Final = 30.0
ENTER, ESC, UP, DOWN = b"\r", b"\x1b", b"\x1bOA", b"\x1bOB"
TEXT: Final = r"Text \d{6}"
BUSY: Final = r"\d+ of \d+ sources|asking"
"""What the status says while a refresh goes on."""


class Homes:
    """The homes that the sessions need, each made when it is first asked for."""

    def __init__(self, folder: Path, server: Control) -> None:
        self._folder = folder
        self._server = server
        self._fresh = 0
        self.filled = cache(self._filled)
        self.kept = cache(self._kept)
        self.empty = cache(self._empty)
        self.followed = cache(self._followed)
        self.unchanged = cache(self._unchanged)
        self.large = cache(self._large)
        self.many = cache(self._many)
        self.long = cache(self._long)
        self.newsboat = cache(self._newsboat)
        self.newsboat_filled = cache(self._newsboat_filled)
        self.newsboat_unchanged = cache(self._newsboat_unchanged)

    def _filled(self, posts: int) -> Path:
        """With so many posts; nothing is asked of the network."""
        home = self._folder / f"posts-{posts}"
        stores.make_home(home, posts)
        return home

    def _kept(self, posts: int) -> tuple[Path, Path]:
        """The same home, and a data directory in which two posts of three are marked as read."""
        home = self.filled(posts)
        data = home / ".local/kept"
        stores.mark_read(home, data, every=3)
        return home, data

    def _empty(self) -> Path:
        home = self._folder / "empty"
        home.mkdir()
        return home

    def _followed(self) -> Path:
        """10,000 posts; the sources are the server's."""
        home = self._folder / "followed"
        stores.make_home(home, 10_000, lambda source: self._server.address(FEED, source))
        return home

    def _unchanged(self) -> Path:
        """What the server serves now, and nothing else."""
        home = self._folder / "unchanged"
        stores.make_home(home, 0, lambda source: self._server.address(FEED, source))
        self._server.prepare(FEED)
        refresh(home)
        return home

    def fresh(self, name: str) -> Path:
        """A new folder, each time."""
        self._fresh += 1
        return self._folder / f"{name}-{self._fresh}"

    def _many(self) -> Path:
        """1,000 sources, ten of each host, that were read once."""
        home = self._folder / "many"
        self.follow(home, [self._server.address(FEW, source) for source in range(MANY)])
        refresh(home)
        return home

    def _long(self) -> Path:
        """One post of 1 MB of HTML."""
        home = self._folder / "long"
        stores.make_long_home(home, LONG_TITLE, LONG_BYTES)
        return home

    def huge(self) -> Path:
        """One source with a feed of 10,000 posts that was never read; new each time."""
        home = self.fresh("huge")
        self.follow(home, [self._server.address(HUGE, 0)], megabytes=100)
        self._server.prepare(HUGE)
        return home

    def follow(self, home: Path, addresses: list[str], *, megabytes: int | None = None) -> None:
        limit = Manner(max_bytes=megabytes * 1_000_000) if megabytes else Manner()
        sources = [
            Source(address, material.source_name(number), manner=limit)
            for number, address in enumerate(addresses)
        ]
        stores.write_settings(home, sources)
        stores.write_consent(home / ".local/share", "never")

    def _large(self) -> Path:
        """One source, with a feed of 1,000 posts that was read once."""
        home = self._folder / "large"
        self.follow(home, [self._server.address(LARGE, 0)])
        self._server.prepare(LARGE)
        refresh(home)
        return home

    def _newsboat(self) -> Path:
        """newsboat's, with 10,000 posts."""
        return self._read_by_newsboat("newsboat", 100)

    def _newsboat_filled(self) -> Path:
        """newsboat's, with 100,000 posts."""
        return self._read_by_newsboat("newsboat-filled", SIZES[-1] // stores.SOURCES)

    def _newsboat_unchanged(self) -> Path:
        """newsboat's, with the feeds that ours are asked for."""
        return self._read_by_newsboat("newsboat-unchanged", FEED)

    def _read_by_newsboat(self, name: str, count: int) -> Path:
        home = self._folder / name
        self._server.prepare(count)
        stores.make_newsboat_home(home, lambda source: self._server.address(count, source))
        return home


# ── starting ────────────────────────────────────────────────────────────────────────────────


def start_empty(homes: Homes) -> Figures:
    with Terminal(EMPTY, homes.empty()) as terminal:
        at = terminal.wait(lambda: terminal.shows(empty_app.READY), "the empty app")
        return {"empty.start_s": at - terminal.started_at}


def start(homes: Homes, posts: int) -> Figures:
    """From nothing to posts on the screen; then the memory."""
    with Terminal(NORDIC, homes.filled(posts)) as terminal:
        at = wait_for_posts(terminal)
        terminal.read_until_quiet(gap_s=0.5)
        return {
            f"start.{posts}_s": at - terminal.started_at,
            f"memory.{posts}_mb": terminal.peak_memory_mb(),
        }


def start_kept(homes: Homes) -> Figures:
    home, data = homes.kept(SIZES[-1])
    with Terminal(NORDIC, home, variables={"XDG_DATA_HOME": str(data)}) as terminal:
        return {"start.kept_s": wait_for_posts(terminal) - terminal.started_at}


def typed_early(homes: Homes) -> Figures:
    """Keys sent before the program could read them: one, and two whose order shows."""
    home = homes.filled(10_000)
    figures = {}
    for name, keys, post in (("one", b"j", "#000001"), ("two", b"Gk", "#009998")):
        with Terminal(NORDIC, home, keys=keys) as terminal:
            seen = has_cursor_on(terminal, post)
            at = terminal.wait(seen, f"the cursor on {post}", timeout_s=5.0)
            figures[f"typed.{name}_s"] = at - terminal.started_at
    return figures


def wait_for_posts(terminal: Terminal) -> float:
    return terminal.wait(lambda: len(terminal.serials()) == 5, "posts")


def has_cursor_on(terminal: Terminal, post: str) -> Callable[[], bool]:
    return lambda: terminal.cursor_post() == post


def has_left(terminal: Terminal, post: str) -> Callable[[], bool]:
    return lambda: terminal.cursor_post() not in ("", post)


# ── keys ────────────────────────────────────────────────────────────────────────────────────


def keys(homes: Homes, wanted: Collection[str]) -> Figures:
    """One program with 100,000 posts, and what a person does in it."""
    figures: Figures = {}
    with Terminal(NORDIC, homes.filled(SIZES[-1])) as terminal:
        wait_for_posts(terminal)
        terminal.read_until_quiet(gap_s=0.5)
        if "move" in wanted:
            figures |= moves("move", [terminal.press(b"j") for _ in range(20)])
        if "held" in wanted:
            figures |= held("held", terminal, b"j")
        if "open" in wanted:
            figures |= {"open.text_s": median(open_posts(terminal, 6, back=ESC, down=b"j"))}
        if "filter" in wanted:
            terminal.press(b"f")
            letters = [terminal.press_and_settle(c.encode()) for c in material.SEARCHED]
            figures |= spread("filter", letters)
            terminal.press(ESC)
        if "search" in wanted:
            figures |= spread("typed_search", typed_searches(terminal))
        if "category" in wanted:
            terminal.press(b"]")  # "Unread" shows the same posts
            figures |= spread("category", [terminal.press_and_settle(b"]") for _ in range(8)])
    return figures


def typed_searches(terminal: Terminal) -> list[float]:
    """Words typed into the search, a letter at a time; seconds from each letter that brought
    other posts until these were on the screen."""
    taken = []
    for word in material.SOUGHT:
        terminal.press(b"/")
        taken += [terminal.press_and_settle(letter.encode()) for letter in word]
        terminal.press(ESC)
        terminal.read_until_quiet(gap_s=0.3)
    return [seconds for seconds in taken if seconds is not None]


def long_post(homes: Homes) -> Figures:
    """A post of 1 MB opened: its first page; then the slowest of keys while the rest is set."""
    with Terminal(NORDIC, homes.long()) as terminal:
        terminal.wait(lambda: terminal.shows(LONG_TITLE), "the long post")
        terminal.read_until_quiet(gap_s=0.5)
        opened_s = terminal.press_until(ENTER, lambda: terminal.shows(TEXT), "its text")
        answers = [terminal.press(b" ") for _ in range(10)]
        slowest_s = max(answer.first_s for answer in answers if answer is not None)
    return {"long.first_page_s": opened_s, "long.slowest_key_s": slowest_s}


def moves(name: str, answers: Collection[Answer | None]) -> Figures:
    heard = [answer for answer in answers if answer is not None]
    if not heard:
        return {}
    return {
        f"{name}.burst_bytes": median(answer.burst_bytes for answer in heard),
        f"{name}.all_bytes": median(answer.all_bytes for answer in heard),
        f"{name}.first_s": median(answer.first_s for answer in heard),
        f"{name}.last_s": median(answer.last_s for answer in heard),
    }


def held(name: str, terminal: Terminal, key: bytes) -> Figures:
    """A key at 30 a second for three seconds."""
    kept_up = terminal.hold(key, keys=90, per_second=KEYS_A_SECOND)
    return {
        f"{name}.settle_s": kept_up.settle_s,
        f"{name}.key_bytes": kept_up.bytes_per_key,
        f"{name}.cpu_s": kept_up.cpu_s_per_key,
    }


def open_posts(terminal: Terminal, times: int, *, back: bytes, down: bytes) -> list[float]:
    """Read posts one after another; seconds from Enter to the text, for each."""
    taken = []
    for _ in range(times):
        taken.append(terminal.press_until(ENTER, lambda: terminal.shows(TEXT), "a post's text"))
        terminal.press_until(back, lambda: not terminal.shows(TEXT), "the list")
        terminal.press(down)
    return taken


def spread(name: str, taken: Collection[float | None]) -> Figures:
    """The middle and the worst of what brought other posts."""
    seconds = [one for one in taken if one is not None]
    if not seconds:
        return {}
    return {f"{name}.rows_s": median(seconds), f"{name}.worst_s": max(seconds)}


def idle(homes: Homes, seconds: float) -> Figures:
    with Terminal(NORDIC, homes.filled(SIZES[-1])) as terminal:
        wait_for_posts(terminal)
        terminal.read_until_quiet(gap_s=2.0)
        written, cpu_s = terminal.idle(seconds)
    return {"idle.bytes": written, "idle.cpu_share": cpu_s / seconds}


def find(homes: Homes) -> Figures:
    """What `finding` says of 100,000 posts."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.finding"],
        env=environment(homes.filled(SIZES[-1])),
        stdout=subprocess.PIPE,
        check=True,
        timeout=300,
    )
    figures: Figures = json.loads(done.stdout)
    return figures


# ── refreshing ──────────────────────────────────────────────────────────────────────────────


def refresh(home: Path) -> Figures:
    """What `refreshing` says of a home."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.refreshing"],
        env=environment(home),
        stdout=subprocess.PIPE,
        check=True,
        timeout=120,
    )
    figures: Figures = json.loads(done.stdout)
    return figures


def first_refresh(homes: Homes, server: Control) -> Figures:
    """100 sources of 20 posts that were never asked: the service, and the whole command."""
    server.prepare(FEED)
    addresses = [server.address(FEED, source) for source in range(stores.SOURCES)]
    served = homes.fresh("first")
    homes.follow(served, addresses)
    figures = refresh(served)
    if figures["new"] != FEED * stores.SOURCES:
        raise NotSeenError(f"a first refresh: {figures['new']:,.0f} posts came in")
    home = homes.fresh("first")
    homes.follow(home, addresses)
    started_at = time.perf_counter()
    subprocess.run(
        [*NORDIC, "refresh"],
        env=environment(home),
        stderr=subprocess.DEVNULL,
        check=True,
        timeout=120,
    )
    taken_s = time.perf_counter() - started_at
    return {"first.seconds_s": figures["seconds"], "first.command_s": taken_s}


def refresh_meanwhile(homes: Homes, server: Control) -> Figures:
    """100 sources get 20 new posts each while j is held."""
    home = homes.followed()
    server.renew(FEED)
    return read_meanwhile("refresh", home)


def refresh_large_meanwhile(homes: Homes, server: Control) -> Figures:
    """One source gets 1,000 new posts while j is held."""
    home = homes.large()
    server.renew(LARGE)
    return read_meanwhile("large", home)


def refresh_many_meanwhile(homes: Homes, server: Control) -> Figures:
    """1,000 sources get new posts while j is held."""
    home = homes.many()
    server.renew(FEW)
    return read_meanwhile("many", home)


def first_huge_meanwhile(homes: Homes) -> Figures:
    """A feed of 10,000 posts comes into an empty library while keys are pressed."""
    home = homes.huge()
    with Terminal(NORDIC, home) as terminal:
        terminal.wait(lambda: terminal.shows("no posts here yet"), "the empty list")
        terminal.read_until_quiet(gap_s=0.5)
        asked_at = terminal.type(b"r")
        first_at = terminal.wait(lambda: len(terminal.serials()) == 5, "the first posts")
        taken: list[float] = []
        memory_mb = 0.0

        def is_whole() -> bool:
            return terminal.shows(f"{HUGE:,} posts") and not terminal.shows(BUSY)

        while not is_whole():
            if time.perf_counter() > asked_at + 120.0:
                raise NotSeenError("a feed of 10,000 posts: not all of them came in")
            before = terminal.cursor_post()
            at = terminal.type(b"j")
            moved_at = terminal.wait(has_left(terminal, before), "the cursor's move", 10.0)
            taken.append(moved_at - at)
            memory_mb = max(memory_mb, terminal.memory_mb())
            terminal.read_for(at + 1 / KEYS_A_SECOND - time.perf_counter())
        whole_at = time.perf_counter()
    return {
        "huge.first_s": first_at - asked_at,
        "huge.whole_s": whole_at - asked_at,
        "huge.slowest_key_s": max(taken),
        "huge.median_key_s": median(taken),
        "huge.memory_mb": memory_mb,
    }


def read_meanwhile(name: str, home: Path) -> Figures:
    """j again and again, each as soon as the one before was answered, 30 a second at most:
    for two seconds, then until a refresh is over; the slowest key of each."""
    with Terminal(NORDIC, home) as terminal:
        wait_for_posts(terminal)
        terminal.read_until_quiet(gap_s=0.5)
        end = time.perf_counter() + 2.0
        calm = answer_times(terminal, lambda: time.perf_counter() > end)
        asked_at = terminal.type(b"r")
        began = False
        over_at = asked_at + 60.0

        def is_over() -> bool:
            nonlocal began, over_at
            if terminal.shows(BUSY):
                began = True
            elif began:
                over_at = min(over_at, time.perf_counter())
            return time.perf_counter() > over_at + 0.5  # the counts are drawn at the end

        busy = answer_times(terminal, is_over)
    if not began:
        raise NotSeenError("the refresh: it never began")
    return {
        f"{name}.calm_key_s": max(calm),
        f"{name}.slowest_key_s": max(busy),
        f"{name}.median_key_s": median(busy),
        f"{name}.whole_s": over_at - asked_at,
    }


def answer_times(terminal: Terminal, is_over: Callable[[], bool]) -> list[float]:
    """Seconds from each j to the cursor's move."""
    taken: list[float] = []
    while not is_over():
        before = terminal.cursor_post()
        at = terminal.type(b"j")
        moved_at = terminal.wait(has_left(terminal, before), "the cursor's move", 10.0)
        taken.append(moved_at - at)
        terminal.read_for(at + 1 / KEYS_A_SECOND - time.perf_counter())
    return taken


def refresh_unchanged(homes: Homes, server: Control) -> Figures:
    home = homes.unchanged()
    refresh(home)
    server.counters()
    figures = refresh(home)
    counted = server.counters()
    return {
        "unchanged.seconds_s": figures["seconds"],
        "unchanged.decoded": figures["decoded"],
        "unchanged.body_bytes": counted.body_bytes,
        "unchanged.wire_bytes": counted.bytes_in + counted.bytes_out,
        "unchanged.answers": counted.not_modified,
    }


def store_large(homes: Homes, server: Control) -> Figures:
    home = homes.large()
    server.renew(LARGE)
    figures = refresh(home)
    if figures["new"] != LARGE:
        raise NotSeenError(f"a feed of 1,000 posts: {figures['new']} came in")
    return {"large.seconds_s": figures["seconds"], "large.decode_s": figures["decode_s"]}


def archive_double(homes: Homes) -> Figures:
    """The archive of 5,000 posts by REST, from the tests' double of WordPress."""
    with WordPress(before=lambda number: time.sleep(LATENCY_S)) as site:
        site.publish(ARCHIVED)
        return {"archive.double_s": bring(homes, site.address("/feed/"), ARCHIVED)}


def archive_rig(homes: Homes, address: str) -> Figures:
    """The archive of a real WordPress, whatever it holds.

    address: of its front page, without a slash at the end.
    """
    asked = f"{address}/wp-json/wp/v2/posts?per_page=1"
    with urllib.request.urlopen(asked) as answer:  # noqa: S310  who measures names it
        posts = int(answer.headers["X-WP-Total"])
    return {
        "archive.rig_s": bring(homes, f"{address}/feed/", posts),
        "archive.rig_posts": posts,
    }


def import_many(homes: Homes) -> Figures:
    """10,000 outlines in a hundred folders, the whole command: once, and once more."""
    home = homes.fresh("import")
    homes.follow(home, [])
    file = home / "list.opml"
    file.write_text(material.opml(OUTLINES), encoding="utf-8")
    figures = {}
    for name, words in (("first", f"Imported {OUTLINES:,} sources"), ("again", "were there")):
        started_at = time.perf_counter()
        done = subprocess.run(
            [*NORDIC, "import", str(file)],
            env=environment(home),
            stderr=subprocess.PIPE,
            check=True,
            text=True,
            timeout=120,
        )
        figures[f"import.{name}_s"] = time.perf_counter() - started_at
        if words not in done.stderr:
            raise NotSeenError(f"an import: {done.stderr.strip()}")
    return figures


def bring(homes: Homes, address: str, posts: int) -> float:
    """Seconds that `nordic-tui archive` takes, the whole of it, in a new home."""
    home = homes.fresh("archive")
    homes.follow(home, [address])
    started_at = time.perf_counter()
    done = subprocess.run(
        [*NORDIC, "archive", address],
        env=environment(home),
        stderr=subprocess.PIPE,
        check=True,
        text=True,
        timeout=300,
    )
    taken_s = time.perf_counter() - started_at
    if f"is whole: {posts:,} posts" not in done.stderr:
        raise NotSeenError(f"an archive of {posts:,} posts: {done.stderr.strip()}")
    return taken_s
