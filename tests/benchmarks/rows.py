"""The table: what is to be reached, and whether it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from tests.benchmarks import link
from tests.benchmarks.sessions import Figures

Rounds = Sequence[Figures]


def middle(name: str) -> Callable[[Rounds], float | None]:
    """The median over the rounds; None: no round has it."""
    return lambda rounds: _median([figures.get(name) for figures in rounds])


def ratio(name: str, to: str) -> Callable[[Rounds], float | None]:
    """The median of the rounds' own ratios: both were measured side by side."""
    return lambda rounds: _median(
        [
            figures[name] / figures[to] if name in figures and to in figures else None
            for figures in rounds
        ]
    )


def _median(values: Sequence[float | None]) -> float | None:
    found = [value for value in values if value is not None]
    return median(found) if found else None


@dataclass(frozen=True, slots=True)
class Row:
    """One demand. `most`: the greatest figure that holds; None: told for comparison only."""

    group: str
    what: str
    figure: Callable[[Rounds], float | None]
    unit: str
    most: float | None


_SCALES: Final[Mapping[str, tuple[float, str]]] = {
    "×": (1, ".2f"),
    "s": (1, ".2f"),
    "ms": (1e3, ".1f"),
    "B": (1, ",.0f"),
    "kB": (1e-3, ".1f"),
    "MB": (1, ".1f"),
    "%": (100, ".3f"),
    "": (1, ",.0f"),
}
"""How a figure is written in a unit: what it is multiplied by, and its format."""


def written(value: float | None, unit: str) -> str:
    if value is None:
        return "—"
    scale, form = _SCALES[unit]
    return f"{value * scale:{form}} {unit}".strip()


ROWS: Final = (
    Row("start", "the first frame of an empty Textual app", middle("empty.start_s"), "ms", None),
    Row("start", "start to posts, 100", middle("start.100_s"), "ms", None),
    *(
        Row(
            "start",
            f"start to posts, {posts:,}: times the empty app",
            ratio(f"start.{posts}_s", "empty.start_s"),
            "×",
            1.3,
        )
        for posts in (100, 10_000, 100_000)
    ),
    Row(
        "start",
        "the same, 100,000 of which two in three are read",
        ratio("start.kept_s", "empty.start_s"),
        "×",
        1.3,
    ),
    Row("start", "100,000 to 100 posts", ratio("start.100000_s", "start.100_s"), "×", 1.15),
    Row(
        "start",
        "10,000 posts, times newsboat",
        ratio("start.10000_s", "newsboat.start_s"),
        "×",
        0.2,
    ),
    Row(
        "typed",
        "a key typed at the start is answered: times the empty app",
        ratio("typed.one_s", "empty.start_s"),
        "×",
        1.5,
    ),
    Row("typed", "two keys, in order", ratio("typed.two_s", "empty.start_s"), "×", 1.5),
    Row("memory", "peak memory, 100 posts", middle("memory.100_mb"), "MB", None),
    Row("memory", "peak memory, 100,000 posts", middle("memory.100000_mb"), "MB", 55),
    Row("memory", "100,000 to 100 posts", ratio("memory.100000_mb", "memory.100_mb"), "×", 1.15),
    Row("move", "cursor move, before the excerpt", middle("move.burst_bytes"), "B", 300),
    Row("move", "cursor move with the excerpt", middle("move.all_bytes"), "B", 1_200),
    Row("move", "key to first byte", middle("move.first_s"), "ms", 0.005),
    Row("move", "key to last byte", middle("move.last_s"), "ms", 0.080),
    Row("held", "a held key, 30 a second: each", middle("held.key_bytes"), "B", 600),
    Row("held", "CPU of each", middle("held.cpu_s"), "ms", 0.005),
    Row("held", "settled after the last", middle("held.settle_s"), "ms", 0.100),
    Row("open", "a post opened", middle("open.text_s"), "ms", 0.050),
    Row("long", "a post of 1 MB: its first page", middle("long.first_page_s"), "ms", 0.300),
    Row("long", "meanwhile, the slowest key", middle("long.slowest_key_s"), "ms", 0.050),
    Row("category", "another category, first rows", middle("category.rows_s"), "ms", 0.030),
    Row("category", "the slowest of eight", middle("category.worst_s"), "ms", 0.030),
    Row("filter", "the filter, a letter", middle("filter.rows_s"), "ms", 0.050),
    Row("filter", "the slowest letter", middle("filter.worst_s"), "ms", 0.050),
    Row("search", "a letter typed, to its posts", middle("typed_search.rows_s"), "ms", 0.050),
    Row("search", "the slowest letter", middle("typed_search.worst_s"), "ms", 0.100),
    Row("search", "first results, 100,000 posts (store)", middle("search.first_s"), "ms", 0.050),
    Row("search", "the slowest of them", middle("search.worst_s"), "ms", 0.100),
    Row("search", "as one types, the slowest letter", middle("search.letter_s"), "ms", 0.100),
    Row("search", "all results", middle("search.all_s"), "ms", None),
    Row("search", "first results, a cold file", middle("search.cold_s"), "ms", None),
    Row("counts", "20 saved searches after a mark", middle("counts.mark_s"), "ms", 0.050),
    Row("counts", "the same, searched for", middle("counts.anew_s"), "ms", None),
    Row("store", "bytes of the cache to those of its texts", middle("store.ratio"), "×", 2.0),
    *(
        Row("link", f"{columns}x{lines}: {what}, newsboat's bytes", ratio(name, to), "×", 1.0)
        for columns, lines, what, name, to in link.RATIOS
    ),
    Row("check", "python3 -c pass, and sqlite3 imported", middle("check.bare_s"), "ms", None),
    *(
        row
        for posts in (10_000, 100_000)
        for row in (
            Row("check", f"check, {posts:,} posts", middle(f"check.{posts}_s"), "ms", 0.120),
            Row(
                "check",
                f"check, {posts:,} posts: times the bare Python",
                ratio(f"check.{posts}_s", "check.bare_s"),
                "×",
                2.5,
            ),
            Row("check", f"check --motd, {posts:,}", middle(f"check.motd_{posts}_s"), "ms", 0.050),
        )
    ),
    Row("check", "check --since week, 100,000 posts", middle("check.week_s"), "ms", 0.120),
    Row("idle", "idle: written", middle("idle.bytes"), "B", 0),
    Row("idle", "idle: of a core", middle("idle.cpu_share"), "%", 0.001),
    Row(
        "first",
        "100 sources asked for the first time (service)",
        middle("first.seconds_s"),
        "s",
        1.5,
    ),
    Row(
        "first", "the same, times newsboat", ratio("first.seconds_s", "newsboat.first_s"), "×", 1.2
    ),
    Row("first", "nordic-tui refresh, whole", middle("first.command_s"), "s", None),
    Row("refresh", "100 sources × 20 new posts", middle("refresh.whole_s"), "s", None),
    Row("refresh", "meanwhile, the slowest key", middle("refresh.slowest_key_s"), "ms", 0.050),
    Row("refresh", "the slowest key before it", middle("refresh.calm_key_s"), "ms", None),
    Row("unchanged", "100 sources unchanged (service)", middle("unchanged.seconds_s"), "s", 0.7),
    Row("unchanged", "both ways", middle("unchanged.wire_bytes"), "kB", 40_000),
    Row("unchanged", "bodies sent", middle("unchanged.body_bytes"), "B", 0),
    Row("unchanged", "bodies given to the parser", middle("unchanged.decoded"), "", 0),
    Row("unchanged", "answers 304", middle("unchanged.answers"), "", None),
    Row("large", "1,000 posts of one feed stored", middle("large.seconds_s"), "s", 2.0),
    Row("large", "of these, the parser", middle("large.decode_s"), "s", None),
    Row("large", "meanwhile, the slowest key", middle("large.slowest_key_s"), "ms", 0.050),
    Row("many", "1,000 sources × 5 new posts", middle("many.whole_s"), "s", None),
    Row("many", "meanwhile, the slowest key", middle("many.slowest_key_s"), "ms", 0.050),
    Row("huge", "10,000 posts of one feed, on the screen", middle("huge.whole_s"), "s", 8.0),
    Row("huge", "its first posts", middle("huge.first_s"), "s", None),
    Row("huge", "meanwhile, the slowest key", middle("huge.slowest_key_s"), "ms", 0.050),
    Row("huge", "memory of all processes", middle("huge.memory_mb"), "MB", 250),
    Row("archive", "5,000 posts by REST, from a double", middle("archive.double_s"), "s", 60.0),
    Row("import", "10,000 outlines of OPML imported", middle("import.first_s"), "s", 2.0),
    Row("import", "the same once more", middle("import.again_s"), "s", None),
    Row("archive", "from the WordPress of NORDIC_TUI_RIG", middle("archive.rig_s"), "s", None),
    Row("archive", "its posts", middle("archive.rig_posts"), "", None),
)
GROUPS: Final = tuple(dict.fromkeys(row.group for row in ROWS))


@dataclass(frozen=True, slots=True)
class Peer:
    """The same on newsboat, beside ours.

    Its start is to the list of feeds, its refresh the whole program (`-x reload`).
    """

    group: str
    what: str
    ours: str
    theirs: str
    unit: str


PEERS: Final = (
    Peer("start", "start, 10,000 posts", "start.10000_s", "newsboat.start_s", "ms"),
    Peer("memory", "peak memory, 10,000 posts", "memory.10000_mb", "newsboat.memory_mb", "MB"),
    Peer("move", "cursor move, no excerpt", "move.burst_bytes", "newsboat.all_bytes", "B"),
    Peer("move", "key to first byte", "move.first_s", "newsboat.first_s", "ms"),
    Peer("held", "a held key: each", "held.key_bytes", "newsboat.key_bytes", "B"),
    Peer("held", "CPU of each", "held.cpu_s", "newsboat.cpu_s", "ms"),
    Peer("open", "a post opened", "open.text_s", "newsboat.text_s", "ms"),
    Peer("search", "a search, 100,000 posts", "typed_search.rows_s", "newsboat.search_s", "ms"),
    *(
        Peer("link", f"{columns}x{lines}: {what}", ours, theirs, "B")
        for columns, lines, what, ours, theirs in link.PAIRS
    ),
    Peer("first", "100 sources, first refresh", "first.command_s", "newsboat.first_s", "s"),
    Peer("unchanged", "100 sources unchanged", "unchanged.seconds_s", "newsboat.unchanged_s", "s"),
    Peer("unchanged", "both ways", "unchanged.wire_bytes", "newsboat.wire_bytes", "kB"),
)
